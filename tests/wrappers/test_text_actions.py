"""Text in and out for numbered actions, with a corridor as the user's own grid world."""

import pickle
from typing import Any

import gymnasium as gym
import pytest
from gymnasium import spaces
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import TimeLimit

from gigpo_gym.wrappers import TextActions, restore, snapshot


class Corridor(gym.Env[int, int]):
    """Squares 0 to 3, actions 5 (back) and 6 (on): square 3 ends the walk and pays 1. It counts its steps."""

    action_space = spaces.Discrete(2, start=5)
    observation_space = spaces.Discrete(4)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        self.square = self.steps = 0
        return 0, {"seen": [0]}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        assert action in self.action_space
        self.steps += 1
        self.square = max(self.square + (1 if action == 6 else -1), 0)
        return self.square, float(self.square == 3), self.square == 3, False, {"seen": [self.square]}

    def snapshot(self) -> tuple[int, int]:
        return self.square, self.steps

    def restore(self, snap: tuple[int, int], noise_seed: int | None = None) -> tuple[int, dict[str, Any]]:
        self.square, self.steps = snap
        return self.square, {"seen": [self.square]}


def corridor(**kwargs: Any) -> TextActions:
    return TextActions(Corridor(), ("Go back", "Go on"), task="Reach the end.", **kwargs)


def test_words_become_numbers_and_info_is_filled() -> None:
    env = corridor(describe=lambda square: f"square {square}")
    expected = {
        "seen": [0],
        "state_key": "square 0",
        "task_id": "Corridor",
        "task": "Reach the end.",
        "admissible_actions": ["Go back", "Go on"],
        "is_action_valid": True,
        "success": False,
        "score": 0.0,
    }
    assert env.reset(seed=0) == ("square 0", expected)
    one = {**expected, "seen": [1], "state_key": "square 1"}
    assert env.step(" GO ON\n") == ("square 1", 0.0, False, False, one)
    assert env.step("Go back")[0] == "square 0"
    for _ in range(3):
        last = env.step("Go on")
    won = {**expected, "seen": [3], "state_key": "square 3", "success": True, "score": 1.0}
    assert last == ("square 3", 1.0, True, False, won)


@pytest.mark.parametrize("text", ["", "on", "6", "Go  on", "\x00", "\ud800", "x" * 100_000])
def test_other_text_leaves_the_environment_unstepped(text: str) -> None:
    env = corridor()
    env.reset(seed=0)
    observation, _, _, _, info = env.step("Go on")
    info["seen"].clear()  # what the caller does with it stays with the caller
    for _ in range(2):
        turn = env.step(text)
        assert turn == (observation, 0.0, False, False, {**info, "seen": [1], "is_action_valid": False})
        turn[4].clear()
    assert env.unwrapped.steps == 1
    assert env.step("Go on")[0] == "2"


def test_functions_of_the_user_decide_key_task_success_and_score() -> None:
    env = corridor(
        state_key=lambda square, info: f"key {square} {info['seen']}",
        task_id=lambda square, info: f"corridor from {square}",
        success=lambda square, reward, terminated, info: square >= 2,
        score=lambda square, reward, terminated, info: square / 3,
    )
    env.reset(seed=0)
    env.step("Go on")
    info = env.step("Go on")[4]
    assert info["state_key"] == "key 2 [2]"
    assert info["task_id"] == "corridor from 0"
    assert info["success"] is True
    assert info["score"] == 2 / 3
    assert env.step("?")[4] == {**info, "is_action_valid": False}


def test_invalid_actions_count_towards_a_limit_outside() -> None:
    env = TimeLimit(corridor(), 3)
    env.reset(seed=0)
    assert [env.step("?")[3] for _ in range(3)] == [False, False, True]


def test_snapshot_carries_the_last_turn() -> None:
    env = TimeLimit(corridor(), 4)
    env.reset(seed=0)
    env.step("Go on")
    observation, _, _, _, info = env.step("?")
    fork = pickle.loads(pickle.dumps(snapshot(env)))
    env.step("Go back")
    for target in (env, TimeLimit(corridor(), 4)):
        assert restore(target, fork) == (observation, info)
        assert target.step("!") == (observation, 0.0, False, False, info)
        assert target.step("Go on")[:4] == ("2", 0.0, False, True)


@pytest.mark.filterwarnings("ignore:.*is different from the unwrapped version")
def test_check_env_passes() -> None:
    check_env(corridor(), skip_render_check=True)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 2 different words, one for each action"):
        TextActions(Corridor(), ("on",), task="")
    with pytest.raises(ValueError, match="expected 2 different words, one for each action"):
        TextActions(Corridor(), ("on", "On "), task="")
    with pytest.raises(ValueError, match="expected a Discrete action space"):
        TextActions(gym.make("Pendulum-v1", max_episode_steps=-1), ("push",), task="")
    with pytest.raises(ValueError, match="max_episode_steps=-1"):
        TextActions(gym.make("CartPole-v1"), ("left", "right"), task="")


def test_misuse_is_refused() -> None:
    env = corridor()
    with pytest.raises(ResetNeeded):
        env.step("Go on")
    env.reset(seed=0)
    with pytest.raises(TypeError, match="expected one of the words"):
        env.step(6)  # type: ignore[arg-type]
