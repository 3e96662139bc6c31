"""The step env manager, mostly over a corridor whose every observation is known beforehand."""

import hashlib
import importlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import gigpo_gym
from gigpo_gym import Reply, StepEnvManager, group_seed
from gigpo_gym.envs.free_text import FreeText
from gigpo_gym.envs.notices import say_once
from gigpo_gym.prompts import format_action, parse_action
from gigpo_gym.records import Message, Rollout, StepRequest

CORRIDOR, DOORS, LAKE = "test_manager/Corridor-v0", "test_manager/Doors-v0", "gigpo/FrozenLake-v0"
GO, STOP, NONSENSE = (format_action(word) for word in ("go", "stop", "fly"))


class Corridor(gym.Env[str, str]):
    """`go` walks on and pays 1 at the end, `stop` ends the episode; after the end no step is allowed."""

    def __init__(self, split: str = "train", longest: int = 4) -> None:
        self.split = split
        self.longest = longest
        self.action_space = self.observation_space = FreeText(("go", "stop"))
        self.member = -1
        self.over = True

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        assert seed is not None
        self.member = (options or {}).get("member", 0)
        self.length = 2 + seed % (self.longest - 1)
        self.square, self.over = 0, False
        return self._seen(valid=True)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        assert not self.over, "a finished environment was stepped"
        self.square += action == "go"
        done = self.square == self.length
        self.over = done or action == "stop"
        observation, info = self._seen(valid=action in ("go", "stop"))
        return observation, float(done), self.over, False, info

    def _seen(self, *, valid: bool) -> tuple[str, dict[str, Any]]:
        done = self.square == self.length
        return f"square {self.square} of {self.length}", {
            "state_key": f"key {self.square}/{self.length}",
            "task_id": f"{self.split} {self.length}",
            "task": "reach the end",
            "admissible_actions": ["go", "stop"],
            "is_action_valid": valid,
            "success": done,
            "score": self.square / self.length,
        }


class Doors(Corridor):
    """A corridor with a finite list of tasks."""

    def __init__(self, split: str = "train", doors: int = 5) -> None:
        super().__init__(split)
        self.tasks = [f"{split} door {door}" for door in range(doors)]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        assert seed is not None
        options = options or {}
        self.task = options.get("task", self.tasks[seed % len(self.tasks)])
        return super().reset(seed=seed, options=options)

    def _seen(self, *, valid: bool) -> tuple[str, dict[str, Any]]:
        observation, info = super()._seen(valid=valid)
        return observation, info | {"task_id": self.task}


gym.register(CORRIDOR, entry_point=Corridor, max_episode_steps=6)
gym.register(DOORS, entry_point=Doors, max_episode_steps=6)


def always(text: str) -> Callable[[Sequence[StepRequest]], dict[int, str]]:
    return lambda requests: {request.index: text for request in requests}


def encode(messages: list[Message]) -> np.ndarray:
    """Bytes for tokens. As strict as a tokenizer: a lone surrogate raises."""
    text = "\n".join(message["content"] for message in messages)
    return np.frombuffer(text.encode(), dtype=np.uint8).astype(np.int64)


def task_ids(manager: StepEnvManager, iteration: int = 0) -> list[str]:
    manager.reset(iteration)
    return [info["task_id"] for info in manager.infos]


def test_the_example_of_the_design() -> None:
    manager = StepEnvManager("gigpo/FrozenLake-v0", num_groups=3, group_size=2, history_length=2, seed=0)
    requests = manager.reset(iteration=3)
    assert [request.index for request in requests] == list(range(6))
    while requests:
        requests = manager.step({r.index: format_action("Right") for r in requests})
    rollout = manager.rollout()
    assert rollout.group.tolist() == sorted(rollout.group.tolist())
    assert len(rollout.episodes.group) == 6
    manager.close()


# ------------------------------------------------------------------------- groups


def test_members_of_a_group_start_alike_and_groups_differ() -> None:
    manager = StepEnvManager(LAKE, num_groups=8, group_size=4, seed=1)
    requests = manager.reset(iteration=5)
    starts = [
        (info["task_id"], info["state_key"], env.unwrapped.snapshot().position)
        for info, env in zip(manager.infos, manager.envs, strict=True)
    ]
    prompts = [request.messages for request in requests]
    for group in range(8):
        members = slice(4 * group, 4 * group + 4)
        assert len(set(starts[members])) == 1
        assert all(prompt == prompts[4 * group] for prompt in prompts[members])
    assert len(set(starts)) == 8
    assert task_ids(manager, iteration=5) == [start[0] for start in starts]
    assert task_ids(manager, iteration=6) != [start[0] for start in starts]


def test_the_task_is_that_of_the_group_seed() -> None:
    manager = StepEnvManager(LAKE, num_groups=3, group_size=1, seed=7, split="eval")
    env = gym.make(LAKE, split="eval")
    expected = [env.reset(seed=group_seed(7, "eval", 2, group))[1]["task_id"] for group in range(3)]
    assert task_ids(manager, iteration=2) == expected


def test_shares_of_the_groups_are_what_one_process_would_hold() -> None:
    envs = {"hall": (CORRIDOR, 3), "lake": (LAKE, 4)}
    whole = StepEnvManager(envs, group_size=2, seed=3).play(always(GO), iteration=1)
    shares = [
        StepEnvManager(envs, group_size=2, seed=3, groups=groups).play(always(GO), iteration=1)
        for groups in (range(0, 2), range(2, 5), [5, 6])
    ]
    for name in ("group", "tag", "state_key", "observation", "action", "reward"):
        parts = np.concatenate([getattr(share, name) for share in shares])
        assert parts.tolist() == getattr(whole, name).tolist()
    assert np.concatenate([share.episodes.task_id for share in shares]).tolist() == whole.episodes.task_id.tolist()


def test_several_environments_have_tags_and_global_group_numbers() -> None:
    manager = StepEnvManager(
        {"short": (CORRIDOR, 2), "long": (CORRIDOR, 1)},
        group_size=2,
        env_kwargs={"long": {"longest": 6}, "short": {"longest": 2}},
    )
    rollout = manager.play(always(STOP), iteration=0)
    assert manager.num_groups == 3
    assert rollout.episodes.group.tolist() == [0, 0, 1, 1, 2, 2]
    assert rollout.episodes.member.tolist() == [0, 1, 0, 1, 0, 1]
    assert rollout.episodes.tag.tolist() == ["short"] * 4 + ["long"] * 2
    assert rollout.tag.tolist() == rollout.episodes.tag.tolist()
    assert rollout.episodes.task_id[:4].tolist() == ["train 2"] * 4


def test_members_share_the_task_not_the_luck() -> None:
    manager = StepEnvManager(CORRIDOR, num_groups=2, group_size=3)
    manager.reset()
    assert [env.unwrapped.member for env in manager.envs] == [0, 1, 2, 0, 1, 2]

    def visits() -> list[list[str]]:
        lakes = StepEnvManager(LAKE, num_groups=4, group_size=8, seed=0, env_kwargs={"is_slippery": True})
        rollout = lakes.play(always(format_action("Right")), iteration=0)
        starts = rollout.state_key[rollout.step == 0].reshape(4, 8)
        assert (starts == starts[:, :1]).all()
        return [rollout.state_key[rollout.trajectory == m].tolist() for m in range(32)]

    first, again = visits(), visits()
    assert first == again
    for group in range(4):
        assert len({tuple(visited) for visited in first[8 * group : 8 * group + 8]}) > 1


def test_training_tasks_do_not_depend_on_evaluation() -> None:
    alone = StepEnvManager(LAKE, num_groups=4, group_size=1, seed=0)
    expected = [task_ids(alone, iteration) for iteration in range(3)]
    training = StepEnvManager(LAKE, num_groups=4, group_size=1, seed=0)
    panel = StepEnvManager(LAKE, num_groups=8, group_size=1, seed=0, split="eval", distinct_tasks=True)
    seen = []
    for iteration in range(3):
        panel.play(always("?"), iteration=0)
        seen.append(task_ids(training, iteration))
        training.play(always("?"), iteration)
    assert seen == expected


# ------------------------------------------------------------------ only live ones


def test_only_live_environments_are_prompted_and_stepped() -> None:
    # The corridor itself asserts that nothing is stepped after its end.
    manager = StepEnvManager(CORRIDOR, num_groups=1, group_size=4, env_kwargs={"longest": 2})
    requests = manager.reset()
    requests = manager.step({0: STOP, 1: GO, 2: GO, 3: NONSENSE})
    assert [request.index for request in requests] == [1, 2, 3]
    requests = manager.step({1: GO, 2: STOP, 3: GO})
    assert [request.index for request in requests] == [3]
    with pytest.raises(RuntimeError, match="needs finished episodes"):
        manager.rollout()
    assert manager.step({3: GO}) == []
    rollout = manager.rollout()
    assert rollout.episodes.length.tolist() == [1, 2, 2, 3]
    assert rollout.trajectory.tolist() == [0, 1, 1, 2, 2, 3, 3, 3]
    assert rollout.step.tolist() == [0, 0, 1, 0, 1, 0, 1, 2]
    assert rollout.action.tolist() == ["stop", "go", "go", "go", "stop", "fly", "go", "go"]
    assert rollout.episodes.success.tolist() == [False, True, False, True]
    assert rollout.episodes.score.tolist() == [0.0, 1.0, 0.5, 1.0]
    assert manager.step({}) == []


def test_the_step_limit_truncates_and_an_end_at_the_limit_does_not() -> None:
    manager = StepEnvManager(CORRIDOR, num_groups=1, group_size=2, env_kwargs={"longest": 2})
    requests = manager.reset()
    for turn in range(6):
        assert [request.index for request in requests] == [0, 1]
        requests = manager.step({0: NONSENSE, 1: GO if turn >= 4 else NONSENSE})
    assert requests == []
    episodes = manager.rollout().episodes
    assert episodes.truncated.tolist() == [True, False]
    assert episodes.length.tolist() == [6, 6]


def test_reset_in_the_middle_of_an_episode_starts_afresh() -> None:
    manager = StepEnvManager(CORRIDOR, num_groups=2, group_size=1)
    before = manager.reset(iteration=1)
    manager.step({0: GO, 1: STOP})
    assert [request.messages for request in manager.reset(iteration=1)] == [request.messages for request in before]
    assert (manager.play(always(STOP), iteration=1).step == 0).all()


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ({0: GO}, r"missing \[1\], not waiting \[\]"),
        ({0: GO, 1: GO, 2: GO}, r"missing \[\], not waiting \[2\]"),
        ({}, r"missing \[0, 1\], not waiting \[\]"),
        ({0: GO, 7: GO}, r"missing \[1\], not waiting \[7\]"),
    ],
)
def test_replies_that_do_not_match_are_refused_and_nothing_moves(replies: dict[int, str], words: str) -> None:
    manager = StepEnvManager(CORRIDOR, num_groups=2, group_size=1)
    manager.reset()
    with pytest.raises(ValueError, match=words):
        manager.step(replies)
    with pytest.raises(TypeError, match="a reply is a Reply or a str, got None"):
        manager.step({0: GO, 1: None})  # type: ignore[dict-item]
    assert [env.unwrapped.square for env in manager.envs] == [0, 0]
    manager.step({0: GO, 1: GO})
    assert [env.unwrapped.square for env in manager.envs] == [1, 1]


def test_a_finished_environment_takes_no_reply() -> None:
    manager = StepEnvManager(CORRIDOR, num_groups=2, group_size=1)
    manager.reset()
    manager.step({0: STOP, 1: GO})
    with pytest.raises(ValueError, match=r"not waiting \[0\]"):
        manager.step({0: GO, 1: GO})


def test_no_rollout_before_the_first_reset_or_step() -> None:
    manager = StepEnvManager(CORRIDOR, num_groups=1, group_size=1)
    for prepare in (list[StepRequest], manager.reset):
        prepare()
        with pytest.raises(RuntimeError, match="reset, then step until no request is left"):
            manager.rollout()


# ------------------------------------------------------------------------ prompts


@pytest.mark.parametrize(
    ("history_length", "expected"),
    [
        (0, ["", "", "", ""]),
        (1, ["", "0 go", "1 fly", "1 (none)"]),
        (2, ["", "0 go", "0 go|1 fly", "1 fly|1 (none)"]),
    ],
)
def test_the_history_window_word_for_word(history_length: int, expected: list[str]) -> None:
    manager = StepEnvManager(
        CORRIDOR, num_groups=1, group_size=1, history_length=history_length, env_kwargs={"longest": 2}
    )
    for _ in range(2):  # and nothing is left over from the episode before
        requests, users = manager.reset(), []
        for reply in (GO, NONSENSE, "no tag", STOP):
            assert [message["role"] for message in requests[0].messages] == ["system", "user"]
            users.append(requests[0].messages[1]["content"])
            requests = manager.step({0: reply})
        for user, window, square in zip(users, expected, (0, 1, 1, 1), strict=True):
            past = ""
            if window:
                pairs = [pair.split(" ") for pair in window.split("|")]
                steps = "".join(f"square {seen} of 2\nAction: {action}\n" for seen, action in pairs)
                past = f"The last steps, oldest first:\n{steps}Now:\n"
            now = f"square {square} of 2\nAdmissible actions: go, stop"
            assert user == f"Task: reach the end\n{past}{now}"


def test_the_frozen_lake_prompt_is_the_observation_alone() -> None:
    manager = StepEnvManager(LAKE, num_groups=1, group_size=1, history_length=0, env_kwargs={"map_name": "4x4"})
    system, user = manager.reset()[0].messages
    assert system["content"].startswith("You cross a frozen lake to the goal")
    assert user["content"] == gym.make(LAKE, map_name="4x4").reset(seed=0)[0]


def test_a_long_prompt_loses_its_oldest_history_first_and_this_is_counted() -> None:
    options: dict[str, Any] = {"num_groups": 1, "group_size": 1, "history_length": 3, "env_kwargs": {"longest": 2}}
    free = StepEnvManager(CORRIDOR, encode=encode, **options)
    requests = free.reset()
    for _ in range(3):
        requests = free.step({0: NONSENSE})
    pair = len("square 0 of 2\nAction: fly\n")
    room = len(requests[0].prompt_ids) - pair  # for two pairs of the three
    limited = StepEnvManager(CORRIDOR, encode=encode, max_prompt_tokens=room, **options)
    requests = limited.reset()
    for step, dropped in enumerate((0, 0, 0, 1, 1)):
        user = requests[0].messages[1]["content"]
        assert user.count("Action: fly") == step - dropped if step < 4 else 2
        assert len(requests[0].prompt_ids) <= room
        requests = limited.step({0: NONSENSE})
    limited.step({0: STOP})
    rollout = limited.rollout()
    assert rollout.history_dropped.tolist() == [0, 0, 0, 1, 1, 1]
    assert not rollout.prompt_truncated.any()


def test_the_oldest_goes_first() -> None:
    manager = StepEnvManager(
        CORRIDOR, num_groups=1, group_size=1, encode=encode, max_prompt_tokens=400, env_kwargs={"longest": 2}
    )
    manager.reset()
    manager.step({0: format_action("x" * 300)})
    (request,) = manager.step({0: GO})
    assert "x" not in request.messages[1]["content"].replace("next", "")
    assert "Action: go" in request.messages[1]["content"]
    manager.step({0: GO})
    assert manager.rollout().history_dropped.tolist() == [0, 1, 1]


def test_a_prompt_too_long_without_history_keeps_its_end_and_this_is_counted() -> None:
    manager = StepEnvManager(CORRIDOR, num_groups=1, group_size=1, encode=encode, max_prompt_tokens=20)
    (request,) = manager.reset()
    assert bytes(request.prompt_ids.astype(np.uint8)) == b"able actions: go, stop"[-20:]
    manager.step({0: GO})
    manager.step({0: STOP})
    rollout = manager.rollout()
    assert rollout.prompt_truncated.tolist() == [True, True]
    assert rollout.history_dropped.tolist() == [0, 1]
    assert rollout.prompt_lengths.tolist() == [20, 20]


# ------------------------------------------------------------------------ records


def test_the_penalty_is_part_of_the_step_reward_and_of_the_return() -> None:
    manager = StepEnvManager(
        CORRIDOR, num_groups=1, group_size=2, invalid_action_penalty=0.25, env_kwargs={"longest": 2}
    )
    manager.reset()
    manager.step({0: NONSENSE, 1: GO})
    manager.step({0: "no tag", 1: GO})
    manager.step({0: GO})
    manager.step({0: GO})
    rollout = manager.rollout()
    assert rollout.reward.tolist() == [-0.25, -0.25, 0.0, 1.0, 0.0, 1.0]
    assert rollout.is_valid.tolist() == [False, False, True, True, True, True]
    assert rollout.episodes.total_reward.tolist() == [0.5, 1.0]
    assert rollout.episodes.success.tolist() == [True, True]


def test_a_rollout_holds_the_state_before_the_action_and_the_tokens_as_given() -> None:
    manager = StepEnvManager(CORRIDOR, num_groups=1, group_size=2, encode=encode, env_kwargs={"longest": 2})
    requests = manager.reset()
    prompts = [request.prompt_ids for request in requests]
    mine = np.array([9, 9])
    manager.step(
        {
            1: Reply(STOP, mine, np.array([5]), np.array([-0.5])),
            0: Reply(GO, token_ids=np.array([1, 2, 3]), logprobs=np.array([-1.0, -2.0, -3.0])),
        }
    )
    (request,) = manager.step({0: Reply("", token_ids=np.array([], dtype=np.int64))})
    manager.step({0: Reply(STOP, token_ids=np.array([4, 4]), logprobs=np.array([-4.0, -4.5]))})
    rollout = manager.rollout()

    assert len(rollout) == 4
    assert rollout.observation.tolist() == ["square 0 of 2", "square 1 of 2", "square 1 of 2", "square 0 of 2"]
    assert rollout.state_key.tolist() == ["key 0/2", "key 1/2", "key 1/2", "key 0/2"]
    assert rollout.task.tolist() == ["reach the end"] * 4
    assert rollout.task_id.tolist() == ["train 2"] * 4
    assert rollout.admissible_actions == (("go", "stop"),) * 4
    assert rollout.reply.tolist() == [GO, "", STOP, STOP]
    assert rollout.response_ids.tolist() == [1, 2, 3, 4, 4, 5]
    assert rollout.response_logprobs.tolist() == [-1.0, -2.0, -3.0, -4.0, -4.5, -0.5]
    assert rollout.response_offsets.tolist() == [0, 3, 3, 5, 6]
    assert rollout.response_lengths.tolist() == [3, 0, 2, 1]
    rows = np.split(rollout.prompt_ids, rollout.prompt_offsets[1:-1])
    assert rows[0].tolist() == prompts[0].tolist()  # the manager's, where the reply names none
    assert rows[2].tolist() == request.prompt_ids.tolist()
    assert rows[3].tolist() == mine.tolist()
    assert rollout.prompt_lengths.tolist() == [len(row) for row in rows]


def test_replies_without_tokens_make_a_rollout_without_tokens() -> None:
    rollout = StepEnvManager(CORRIDOR, num_groups=2, group_size=1).play(always(STOP), iteration=0)
    assert rollout.response_ids.size == rollout.prompt_ids.size == rollout.response_logprobs.size == 0
    assert rollout.response_offsets.tolist() == rollout.prompt_offsets.tolist() == [0, 0, 0]


def test_a_reply_has_one_logprob_per_token() -> None:
    with pytest.raises(ValueError, match="one logprob per token, please: 1 for 2 tokens"):
        Reply(GO, token_ids=np.array([1, 2]), logprobs=np.array([-1.0]))


# -------------------------------------------------------------------------- panel


@pytest.mark.parametrize(("env_id", "count"), [(LAKE, 40), (DOORS, 5), (CORRIDOR, 3)])
def test_a_panel_has_no_task_twice_and_is_the_same_at_every_evaluation(env_id: str, count: int) -> None:
    options: dict[str, Any] = {"num_groups": count, "group_size": 1, "split": "eval", "distinct_tasks": True}
    panel = StepEnvManager(env_id, **options)
    tasks = task_ids(panel)
    assert len(set(tasks)) == count
    panel.play(always(STOP), iteration=0)
    assert task_ids(panel) == tasks
    assert task_ids(StepEnvManager(env_id, **options)) == tasks
    assert task_ids(StepEnvManager(env_id, seed=1, **options)) != tasks


def test_tasks_would_repeat_without_the_panel() -> None:
    manager = StepEnvManager(DOORS, num_groups=5, group_size=1, split="eval")
    assert any(len(set(task_ids(manager, iteration))) < 5 for iteration in range(3))


def test_a_panel_is_the_same_for_any_share_of_the_groups() -> None:
    envs = {"lake": (LAKE, 6), "doors": (DOORS, 4)}
    options: dict[str, Any] = {"group_size": 2, "split": "eval", "distinct_tasks": True}
    whole = task_ids(StepEnvManager(envs, **options))
    parts = [task_ids(StepEnvManager(envs, groups=groups, **options)) for groups in (range(5), range(5, 9), [9])]
    assert [task for part in parts for task in part] == whole
    assert len(set(whole)) == 10
    assert whole[0::2] == whole[1::2]  # members share theirs


@pytest.mark.parametrize(("env_id", "available"), [(DOORS, 5), (CORRIDOR, 3)])
def test_a_panel_with_too_many_tasks_is_refused_at_once(env_id: str, available: int) -> None:
    words = (
        f"{env_id} has only {available} different tasks in split 'eval' for a panel of 7: ask for at most {available}"
    )
    with pytest.raises(ValueError, match=words):
        StepEnvManager(env_id, num_groups=7, group_size=1, split="eval", distinct_tasks=True)


# -------------------------------------------------------------- other environments

STRANGER = '''
import gymnasium as gym
from gymnasium.spaces import Text

class Stranger(gym.Env):
    """Of another author: an info that is empty and one dict for good, no split, no validity."""

    action_space = observation_space = Text(100)

    def __init__(self, observation=str, keyed=False):
        self.info, self.observation, self.keyed = {}, observation, keyed

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.start = self.at = int(self.np_random.integers(1000))
        self.info.clear()
        self.name_state()
        return self.observation(self.at), self.info

    def name_state(self):
        if self.keyed:
            self.info |= {"state_key": f"key {self.at - self.start}", "task": f"task {self.at - self.start}"}

    def step(self, action):
        self.at += action == "on"
        self.info["admissible_actions"] = [f"on from {self.at}"]
        self.name_state()
        done = self.at == self.start + 2
        return self.observation(self.at), 0.5 * (action == "on"), done, False, self.info

gym.register("NAME/Stranger-v0", entry_point=Stranger, max_episode_steps=9)
'''


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    name = f"stranger_{hashlib.md5(request.node.name.encode()).hexdigest()[:8]}"
    (tmp_path / f"{name}.py").write_text(STRANGER.replace("NAME", name))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    return f"{name}:{name}/Stranger-v0"


def test_an_environment_of_someone_else(stranger: str, caplog: pytest.LogCaptureFixture) -> None:
    say_once.cache_clear()
    with caplog.at_level(logging.WARNING):
        manager = StepEnvManager(stranger, num_groups=2, group_size=2)
        requests = manager.reset()
        start = int(manager.envs[0].unwrapped.start)
        assert requests[0].messages == requests[1].messages != requests[2].messages
        assert requests[0].messages[1]["content"] == str(start)
        turns = (format_action("on"), "no tag", format_action("on"))
        for reply in turns:
            requests = manager.step({request.index: reply for request in requests})
        rollout = manager.rollout()
        StepEnvManager(stranger, num_groups=1, group_size=1, split="eval").reset()

    first = rollout.trajectory == 0
    assert rollout.observation[first].tolist() == [str(start), str(start + 1), str(start + 1)]
    assert rollout.state_key[first].tolist() == rollout.observation[first].tolist()
    # Read before the step, though the environment changes the dict that it gave.
    assert rollout.admissible_actions[:3] == ((), (f"on from {start + 1}",), (f"on from {start + 1}",))
    assert rollout.is_valid[first].tolist() == [True, False, True]  # an answer without an action is invalid
    assert rollout.episodes.success.all()
    assert rollout.episodes.score.tolist() == [1.0] * 4
    assert rollout.episodes.task_id.tolist() == rollout.task[:4].tolist() == [""] * 4
    assert [record.getMessage() for record in caplog.records] == [
        f"{stranger} has no argument `split`: its splits differ by seed alone, so tasks may recur",
        f"{stranger} has no `state_key` in its info: its observation stands for the state",
    ]


def test_what_a_step_records_is_read_before_it(stranger: str) -> None:
    rollout = StepEnvManager(stranger, num_groups=1, group_size=1, env_kwargs={"keyed": True}).play(
        always(format_action("on")), iteration=0
    )
    assert rollout.state_key.tolist() == ["key 0", "key 1"]
    assert rollout.task.tolist() == ["task 0", "task 1"]


def test_success_without_the_environments_word_is_a_reward_above_0_penalties_aside(stranger: str) -> None:
    manager = StepEnvManager(stranger, num_groups=1, group_size=2, invalid_action_penalty=1.0)
    requests = manager.reset()
    requests = manager.step({0: "", 1: format_action("on")})
    while requests:
        requests = manager.step({request.index: "" for request in requests})
    episodes = manager.rollout().episodes
    assert episodes.total_reward.tolist() == [-9.0, -7.5]
    assert episodes.success.tolist() == [False, True]


def test_a_panel_of_an_environment_without_task_ids_has_distinct_first_observations(stranger: str) -> None:
    panel = StepEnvManager(stranger, num_groups=200, group_size=1, distinct_tasks=True)
    assert len({request.messages[1]["content"] for request in panel.reset()}) == 200


def test_an_environment_that_does_not_speak_is_refused(stranger: str) -> None:
    manager = StepEnvManager(stranger, num_groups=1, group_size=1, env_kwargs={"observation": float})
    with pytest.raises(ValueError, match="observes float, expected str: wrap it"):
        manager.reset()


# -------------------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"group_size": 0}, "group_size must be at least 1, got 0"),
        ({"history_length": -1}, "history_length must be at least 0, got -1"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"invalid_action_penalty": -0.1}, "invalid_action_penalty must be at least 0"),
        ({"invalid_action_penalty": float("nan")}, "invalid_action_penalty must be at least 0, got nan"),
        ({"max_prompt_tokens": 0, "encode": encode}, "max_prompt_tokens must be at least 1, got 0"),
        ({"max_prompt_tokens": 10}, "max_prompt_tokens needs `encode`"),
        ({"groups": [2]}, r"groups must lie in 0\.\.1, got 2"),
        ({"groups": [-1]}, r"groups must lie in 0\.\.1, got -1"),
        ({"groups": [0, 0]}, r"groups must name at least one group, each once, got \[0, 0\]"),
        ({"groups": range(1, 1)}, r"groups must name at least one group, each once, got \[\]"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        StepEnvManager(CORRIDOR, **{"num_groups": 2, "group_size": 2} | options)


# ------------------------------------------------------------------------ bad replies


def bad_replies(rng: np.random.Generator) -> Callable[[], str]:
    """Draws of what a model should not write."""
    pieces = [
        "<action>",
        "</action>",
        "<think>",
        "</think>",
        "Left",
        " ",
        "\n",
        "\x00\x1b\x7f",
        "é雪🧊",
        "\ud800",
        "<",
        "/",
    ]

    def unicode_text() -> str:
        return "".join(map(chr, rng.integers(0, 0x110000, size=40)))

    makers: list[Callable[[], str]] = [
        lambda: "",
        lambda: "".join(rng.choice(pieces, size=rng.integers(1, 12))),
        lambda: "".join(rng.choice(pieces, size=rng.integers(1, 12))),
        unicode_text,
        lambda: format_action(unicode_text()),
        lambda: format_action("\udfff\x00\t" + "Left"),
        lambda: format_action(str(rng.choice(["left", " UP ", "Right", "Down", "Left Right", "left."]))),
        lambda: "<action>" * 3 + "Up" + "</action>" * 2,
        lambda: "<action><action>Left</action></action>",
    ]
    huge: list[Callable[[], str]] = [
        lambda: "x" * 100_000,
        lambda: format_action("Left" * 25_000),
        lambda: "<action>" * 10_000,
        lambda: "<action>" * 10_000 + "Left</action>",
    ]

    def draw() -> str:
        chosen = huge if rng.random() < 0.005 else makers
        return chosen[int(rng.integers(len(chosen)))]()

    return draw


def test_ten_thousand_bad_replies_leave_manager_and_environment_standing() -> None:
    draw = bad_replies(np.random.default_rng(0))
    manager = StepEnvManager(
        LAKE, num_groups=16, group_size=4, history_length=2, encode=encode, max_prompt_tokens=1500, seed=0
    )
    answered = valid = dropped = iteration = 0
    while answered < 10_000:
        rollout = manager.play(lambda requests: {request.index: draw() for request in requests}, iteration)
        answered, iteration = answered + len(rollout), iteration + 1
        assert rollout.action.tolist() == [parse_action(reply) for reply in rollout.reply]
        moves = [action.strip().lower() in ("left", "down", "right", "up") for action in rollout.action]
        assert rollout.is_valid.tolist() == moves
        assert set(rollout.reward.tolist()) <= {-0.1, 0.0, 1.0}
        assert rollout.prompt_lengths.max() <= 1500
        following = np.flatnonzero(rollout.step[1:] > 0)  # rows that have a next step in their episode
        stayed = rollout.state_key[following] == rollout.state_key[following + 1]
        assert stayed[~rollout.is_valid[following]].all()
        valid += int(rollout.is_valid.sum())
        dropped += int(rollout.history_dropped.sum())
    assert 500 < valid < 5000
    assert dropped > 0  # where the history holds a huge one

    # And it still plays as a new one would.
    def go_right(held: StepEnvManager) -> Rollout:
        return held.play(always(format_action("Right")), iteration=1)

    fresh = StepEnvManager(LAKE, num_groups=16, group_size=4, encode=encode, max_prompt_tokens=1500, seed=0)
    assert go_right(manager).state_key.tolist() == go_right(fresh).state_key.tolist()


# ------------------------------------------------------------------------ determinism

DIGEST = '''
import hashlib
import gymnasium as gym
from gigpo_gym import StepEnvManager
from gigpo_gym.envs.frozen_lake import FrozenLakeEnv
from gigpo_gym.envs.lake_maps import generate_map

class Lakes(FrozenLakeEnv):
    """With a finite list of tasks."""
    def __init__(self, split="train"):
        super().__init__()
        self.tasks = [generate_map(seed, 4, 0.2, split) for seed in range(20)]

gym.register("digest/Lakes-v0", entry_point=Lakes, max_episode_steps=10)

def replies(requests):
    moves = ["Left", "Down", "Right", "Up", "fly"]
    texts = [message["content"] for request in requests for message in request.messages]
    digest.update(repr(texts).encode())
    return {r.index: f"<action>{moves[(r.index + len(r.messages[1]['content'])) % 5]}</action>" for r in requests}

digest = hashlib.sha256()
LAKE = "gigpo/FrozenLake-v0"
for options in ({"split": "train"}, {"split": "eval", "distinct_tasks": True}):
    manager = StepEnvManager(
        {"dry": (LAKE, 4), "wet": (LAKE, 4), "few": ("digest/Lakes-v0", 9)},
        group_size=3, seed=5, env_kwargs={"wet": {"is_slippery": True}}, **options
    )
    rollout = manager.play(replies, iteration=2)
    for rows in (rollout.state_key, rollout.action, rollout.reward, rollout.group, rollout.episodes.task_id):
        digest.update(repr(rows.tolist()).encode())
print(digest.hexdigest(), len(rollout))
'''


def test_a_rollout_is_the_same_in_every_process() -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", DIGEST], env=os.environ | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, text=True
        )
        for seed in ("1", "2")
    ]
    first, second = (process.communicate()[0] for process in processes)
    assert len(first) > 64
    assert first == second


def test_the_manager_is_a_public_name() -> None:
    assert {"StepEnvManager", "Reply", "group_seed"} <= set(gigpo_gym.__all__)
