"""gigpo/Sokoban-v0 beyond the contract: gym-sokoban's rules and rewards, the texts, rooms by name and from files."""

import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigpo_gym.envs.sokoban import env as sokoban
from gigpo_gym.envs.sokoban.env import SokobanEnv
from gigpo_gym.envs.sokoban.generator import BOXES, SIDES
from gigpo_gym.envs.sokoban.room import ACTIONS, parse_room
from gigpo_gym.envs.sokoban.solver import solve
from gigpo_gym.envs.sokoban.tiles import TILE
from gigpo_gym.envs.splits import EVAL_SHARE

ROOM = """
########
#@ $ . #
# $.*  #
#      #
########
""".strip()


def start(room: str, **kwargs: Any) -> tuple[SokobanEnv, dict[str, Any]]:
    env = SokobanEnv(**kwargs)
    return env, env.reset(seed=0, options={"task": room})[1]


def play(env: SokobanEnv, actions: str) -> list[float]:
    words = {action[0]: action for action in ACTIONS}
    return [float(env.step(words[letter])[1]) for letter in actions]


# ---------------------------------------------------------------- rules and rewards


def test_rewards_worked_out_by_hand() -> None:
    env, _ = start("##########\n#@$..  $ #\n#   .    #\n#  $     #\n##########")
    step, on, off = -0.1, -0.1 + 1, -0.1 - 1
    #       push onto, from target to target, off again
    assert play(env, "RRR") == [on, step, off]
    # the wall is in the way of nothing but the move
    assert play(env, "UL") == [step, step]
    env, _ = start("#####\n#@$.#\n#####")
    assert play(env, "R") == [-0.1 + 1 + 10]
    assert play(env, "LRUD") == [0.0] * 4


def test_rewards_are_arguments() -> None:
    kwargs = {"penalty_for_step": 2, "reward_box_on_target": 3, "penalty_box_off_target": 5, "reward_finished": 7}
    env, _ = start("########\n#@$. $.#\n########", **kwargs)
    assert play(env, "RRR") == [2 + 3, 2 + 5, 2]
    env, _ = start("#####\n#@$.#\n#####", **kwargs)
    assert env.step("nonsense")[1] == 2
    assert play(env, "R") == [2 + 3 + 7]


class Peer:
    """gym-sokoban's rules as it has them, on an array of its numbers: 0 wall, 1 floor, 2 target, 3 and 4 box on and
    off target, 5 player."""

    def __init__(self, xsb: str) -> None:
        rows = xsb.split("/")
        self.fixed = np.array([[{"#": 0, ".": 2, "*": 2, "+": 2}.get(sign, 1) for sign in row] for row in rows])
        self.state = np.array(
            [[{"#": 0, ".": 2, "$": 4, "*": 3, "@": 5, "+": 5}.get(s, 1) for s in row] for row in rows]
        )
        self.on_target = int((self.state == 3).sum())

    def step(self, number: int) -> tuple[float, bool]:
        change = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)][number])
        here = np.argwhere(self.state == 5)[0]
        ahead = tuple(here + change)
        beyond = tuple(here + 2 * change)
        if self.state[ahead] in (3, 4) and self.state[beyond] in (1, 2):
            self.state[beyond] = 3 if self.fixed[beyond] == 2 else 4
            self.state[ahead] = self.fixed[ahead]
        if self.state[ahead] in (1, 2):
            self.state[tuple(here)] = self.fixed[tuple(here)]
            self.state[ahead] = 5
        on_target = int((self.state == 3).sum())
        reward = -0.1 + (1 if on_target > self.on_target else -1 if on_target < self.on_target else 0)
        self.on_target = on_target
        done = on_target == (self.fixed == 2).sum()
        return reward + (10 if done else 0), bool(done)

    def text(self) -> str:
        signs = np.array(list("#_O*XP"))[self.state]
        signs[(self.state == 5) & (self.fixed == 2)] = "S"
        return "\n".join(" ".join(row) for row in signs)


@pytest.mark.parametrize(("dim_room", "num_boxes"), [((6, 6), 1), ((7, 9), 2), ((10, 10), 4)])
def test_random_walks_agree_with_the_peer(dim_room: tuple[int, int], num_boxes: int) -> None:
    env, rng, changes = SokobanEnv(dim_room, num_boxes), np.random.default_rng(0), set()
    for seed in range(30):
        observation, info = env.reset(seed=seed)
        peer = Peer(info["task_id"])
        assert observation.startswith(peer.text() + "\n")
        for _ in range(60):
            number = int(rng.integers(4))
            before = peer.state.copy()
            expected = peer.step(number)
            action = ACTIONS[number]
            assert ((before != peer.state).any()) == (action in info["admissible_actions"])
            observation, reward, terminated, truncated, info = env.step(action)
            assert (reward, terminated, truncated, info["success"]) == (*expected, False, expected[1])
            assert observation.startswith(peer.text())
            assert info["score"] == (peer.state == 3).sum() / num_boxes
            changes.add(round(float(reward), 1))
            if terminated:
                break
    assert changes >= ({-0.1, 10.9} if num_boxes == 1 else {-0.1, 0.9, -1.1})


def test_moves_in_any_case_with_space_around() -> None:
    env, _ = start(ROOM)
    assert env.step(" dOWN\n")[4]["is_action_valid"]
    assert not env.step("Down, Right")[4]["is_action_valid"]
    with pytest.raises(TypeError, match="gym-sokoban takes the numbers"):
        env.step(1)  # type: ignore[arg-type]


def test_a_player_shut_in_may_try_every_move() -> None:
    _, info = start("#####\n##@##\n##$##\n#.$.#\n#####")
    assert info["admissible_actions"] == list(ACTIONS)


def test_a_prevented_move_is_valid_and_changes_nothing_but_the_step() -> None:
    env, info = start(ROOM)
    *_, after = env.step("Up")
    assert after == info


# ---------------------------------------------------------------- texts


def test_every_sign_is_in_the_text() -> None:
    env = SokobanEnv()
    assert env.reset(seed=0, options={"task": "#######\n#+$ * #\n# $.  #\n#######"})[0] == "\n".join(
        [
            "# # # # # # #",
            "# S X _ * _ #",
            "# _ X O _ _ #",
            "# # # # # # #",
            "around you: # # # / # S X / # _ X",
            "box 1 right; around it: # # # / S X _ / _ X O; to target: 1 left",
            "box 1 down 1 right; around it: S X _ / _ X O / # # #; to target: 1 right",
        ]
    )


def test_a_solved_room_has_no_boxes_to_speak_of() -> None:
    env, _ = start("#####\n#@$.#\n#####")
    assert env.step("Right")[0] == "# # # # #\n# _ P * #\n# # # # #\naround you: # # # / _ P * / # # #"


def test_ansi_is_xsb() -> None:
    env, _ = start(ROOM, render_mode="ansi")
    assert env.render() == ROOM
    play(env, "R")
    assert env.render() == ROOM.replace("#@ $ .", "# @$ .")


def test_deadlocks_are_told() -> None:
    env, info = start(ROOM)
    assert not info["deadlocked"]
    assert env.step("Right")[4]["deadlocked"] is False
    assert env.step("Right")[4]["deadlocked"] is False
    env, _ = start("######\n#@   #\n# $. #\n#    #\n######")
    play(env, "RR")
    assert env.step("Down")[4]["deadlocked"] is False
    env, _ = start("######\n#@   #\n# $. #\n#    #\n######")
    play(env, "R")
    assert env.step("Down")[4]["deadlocked"] is True  # the box lies along a wall without a target
    assert env.expert_action() is None


# ---------------------------------------------------------------- rooms


def test_members_and_seeds() -> None:
    env = SokobanEnv()
    names = [env.reset(seed=seed, options={"member": member})[1]["task_id"] for seed in (1, 2) for member in (0, 7)]
    assert names[0] == names[1] != names[2] == names[3]


def test_a_room_of_ones_own() -> None:
    env, info = start(ROOM)
    assert info["task_id"] == parse_room(ROOM).name
    assert start(info["task_id"])[1] == info
    with pytest.raises(
        ValueError, match=r"expected the name of a level, or a room in XSB like .* got '#####/##.##/#####'"
    ):
        start("#####/##.##/#####")
    with pytest.raises(ValueError, match="to be a string, got 3"):
        env.reset(options={"task": 3})
    with pytest.raises(ValueError, match="'task' and 'member', got \\['tsak'\\]"):
        env.reset(options={"tsak": ROOM})


def test_rooms_from_a_file(tmp_path: Path) -> None:
    names = [SokobanEnv().reset(seed=seed)[1]["task_id"] for seed in range(60)]
    names += [SokobanEnv(split="eval").reset(seed=seed)[1]["task_id"] for seed in range(10)]
    names = list(dict.fromkeys(names))
    file = tmp_path / "mine.xsb"
    file.write_text("\n\n".join(name.replace("/", "\n") for name in names))
    everything = SokobanEnv(levels=str(file), split="all")
    assert everything.tasks == [f"mine/{number}" for number in range(len(names))]
    train, held_out = (SokobanEnv(levels=str(file), split=split) for split in ("train", "eval"))
    assert train.tasks
    assert held_out.tasks
    assert sorted(train.tasks + held_out.tasks) == sorted(everything.tasks)
    for env in (everything, train, held_out):
        assert env.tasks is not None
        drawn = {env.reset(seed=seed)[1]["task_id"] for seed in range(300)}
        assert drawn <= set(env.tasks)
        assert len(drawn) > 0.9 * len(env.tasks)
    assert everything.reset(options={"task": "mine/3"})[1]["task_id"] == "mine/3"
    assert everything.render_mode is None
    assert everything.reset(options={"task": names[3]})[1]["task_id"] == names[3]  # by content it is another task
    with pytest.raises(ValueError, match="name of a level"):
        everything.reset(options={"task": "mine/1000"})


# ---------------------------------------------------------------- expert, snapshots, arguments


def test_the_expert_plans_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def counted(*state: Any) -> list[str] | None:
        calls.append(state)
        return solve(*state)

    monkeypatch.setattr(sokoban, "solve", counted)
    sokoban.expert_plan.cache_clear()
    env = SokobanEnv()
    for seed in (0, 0, 1):
        env.reset(seed=seed)
        while action := env.expert_action():
            env.step(action)
    assert len(calls) == 2


def test_snapshots_travel() -> None:
    env, _ = start(ROOM)
    play(env, "RR")
    turn = env.step("nonsense")
    other = SokobanEnv((10, 10), 4)
    assert other.restore(pickle.loads(pickle.dumps(env.snapshot()))) == (turn[0], turn[4])
    assert play(other, "DDL") == play(env, "DDL")
    assert other.snapshot() == env.snapshot()
    with pytest.raises(ValueError, match="make both alike"):
        SokobanEnv(reward_finished=1).restore(env.snapshot())


def test_restore_brings_the_random_numbers_back() -> None:
    env = SokobanEnv()
    env.reset(seed=0)
    fork = env.snapshot()
    following = env.reset()
    env.restore(fork)
    env.np_random.random()
    env.restore(fork)
    assert env.reset() == following
    with pytest.raises(ValueError, match="leave them out"):
        env.reset(seed=1, options={"bad": 1})
    env.restore(fork)
    assert env.reset() == following


def test_the_expert_does_not_remember_what_was_before_a_restore() -> None:
    env, _ = start("######/#-.@-#/#.---#/#-$$-#/#----#/######")
    while not env.step(str(env.expert_action()))[2]:
        fork, fresh = env.snapshot(), SokobanEnv()
        fresh.restore(fork)
        env.restore(fork)
        assert env.expert_action() == fresh.expert_action()


def test_splits_share_no_layout() -> None:
    layouts = [
        {parse_room(env.reset(seed=seed)[1]["task_id"]).layout for seed in range(300)}
        for env in (SokobanEnv(split="train"), SokobanEnv(split="eval"))
    ]
    assert min(map(len, layouts)) > 100
    assert not layouts[0] & layouts[1]


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"dim_room": (4, 6)}, "dim_room"),
        ({"dim_room": (6, 21)}, "dim_room"),
        ({"dim_room": 6}, "dim_room"),
        ({"num_boxes": 0}, "num_boxes"),
        ({"num_boxes": 9}, "num_boxes"),
        ({"dim_room": (5, 5), "num_boxes": 8}, "num_boxes"),
        ({"num_gen_steps": 0}, "num_gen_steps"),
        ({"reward_finished": float("nan")}, "finite"),
        ({"split": "all"}, "split"),
        ({"split": "test"}, "split"),
        ({"render_mode": "human"}, "render_mode"),
        ({"levels": "no/such/file.xsb"}, "no/such/file.xsb"),
        ({"levels": Path("no/such/file.xsb")}, "no/such/file.xsb"),
        ({"levels": ""}, "levels"),
        ({"levels": "no/such/file.xsb", "num_boxes": 4}, "leave one out"),
    ],
)
def test_impossible_arguments(kwargs: dict[str, Any], words: str) -> None:
    with pytest.raises((ValueError, FileNotFoundError), match=re.escape(words)):
        SokobanEnv(**kwargs)


def test_render_needs_a_mode() -> None:
    env, _ = start(ROOM)
    with pytest.raises(ValueError, match="render_mode"):
        env.render()


def test_the_docstring_names_the_limits() -> None:
    text = SokobanEnv.__doc__ or ""
    assert f"each {SIDES[0]} to {SIDES[-1]}." in text
    assert f"boxes in them, {BOXES[0]} to {BOXES[-1]}." in text
    assert f"1 in {EVAL_SHARE} is eval" in text
    assert f"({TILE} pixels a square)" in text
