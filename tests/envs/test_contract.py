"""The environment contract, over every registered gigpo id: a new environment inherits it by being registered
and named in PARTICULARS, which holds what the tests must know of it.
"""

import doctest
import inspect
import json
import os
import pickle
import re
import subprocess
import sys
import warnings
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env

import gigpo_gym  # noqa: F401  # registers the ids
from gigpo_gym.wrappers import restore, snapshot


@dataclass(frozen=True)
class Particulars:
    """Constructor arguments to test with, `steady` without chance and `chancy` with it; the evaluation splits; what
    `info` holds beyond the contract."""

    steady: tuple[dict[str, Any], ...] = ({},)
    chancy: tuple[dict[str, Any], ...] = ()
    evaluation_splits: tuple[str, ...] = ("eval",)
    more_info: tuple[tuple[str, type], ...] = ()


PARTICULARS = {
    "gigpo/ALFWorld-v0": Particulars(
        steady=({}, {"task_types": ["look_at_obj_in_light", "pick_two_obj_and_place"]}),
        evaluation_splits=("valid_seen", "valid_unseen"),
        more_info=(("task_type", str),),
    ),
    "gigpo/FrozenLake-v0": Particulars(
        steady=({}, {"map_name": "8x8"}), chancy=({"is_slippery": True}, {"is_slippery": True, "success_rate": 0.8})
    ),
    "gigpo/Sokoban-v0": Particulars(
        steady=({}, {"dim_room": [10, 8], "num_boxes": 2}), more_info=(("deadlocked", bool),)
    ),
    "gigpo/WebShop-v0": Particulars(
        steady=({}, {"reward": "score", "goals": "human"}),
        evaluation_splits=("validation",),
        more_info=(("score_parts", dict), ("available_actions", dict)),
    ),
}

Case = tuple[str, dict[str, Any]]
"""An id and constructor arguments."""

IDS = sorted(id for id in gym.registry if id.startswith("gigpo/"))
STEADY = [(id, kwargs) for id in IDS for kwargs in PARTICULARS[id].steady]
CHANCY = [(id, kwargs) for id in IDS for kwargs in PARTICULARS[id].chancy]
CASES = STEADY + CHANCY

HEADINGS = [
    "Description",
    "Action Space",
    "Observation Space",
    "Starting State",
    "Rewards",
    "Episode End",
    "Information",
    "Arguments",
    "Version History",
]
INFO_TYPES = {
    "state_key": str,
    "task_id": str,
    "task": str,
    "admissible_actions": list,
    "is_action_valid": bool,
    "success": bool,
    "score": float,
}
HOSTILE = [
    "",
    " \n\t",
    "\x00\x07\x1b[2J",
    "\ud800",  # half a surrogate pair: cannot be encoded
    "\u202e\u200b",
    "🧊" * 50,
    "x" * 100_000,
    "<action>",
    "</action><action>",
    "{}%s%n\\",
    "None",
    "-1",
    "admissible actions:",
]


def make(case: Case, **more: Any) -> gym.Env[str, str]:
    id, kwargs = case
    return gym.make(id, **{**kwargs, **more})


def choose(info: dict[str, Any], rng: np.random.Generator) -> str:
    """A random admissible action; what a template such as search[<query>] leaves open is filled in."""
    return re.sub(r"<\w+>", "thing", info["admissible_actions"][int(rng.integers(len(info["admissible_actions"])))])


def future(env: gym.Env[str, str], info: dict[str, Any], steps: int = 4, seed: int = 0) -> list[Any]:
    """What `steps` random admissible actions lead to from here, up to the end of the episode."""
    rng, results = np.random.default_rng(seed), []
    for _ in range(steps):
        results.append(env.step(choose(info, rng)))
        info = results[-1][4]
        if results[-1][2]:
            break
    return results


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


def test_the_ids_are_registered() -> None:
    assert set(PARTICULARS) == set(IDS)


def test_check_env_without_a_warning(case: Case) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make(case).unwrapped)


def test_spaces_are_text_and_samples_are_useful(case: Case) -> None:
    env = make(case).unwrapped
    for space in (env.action_space, env.observation_space):
        assert "" in space
        assert "any\nthing \x00" in space
        assert 3 not in space
        assert pickle.loads(pickle.dumps(space)) == space
    env.action_space.seed(0)
    env.reset(seed=0)
    start = env.snapshot()
    valid = []
    for _ in range(20):
        valid.append(env.step(env.action_space.sample())[4]["is_action_valid"])
        env.restore(start)
    assert any(valid)


@pytest.mark.parametrize(
    "vector_kwargs",
    # spawn: a fork would copy the threads of whatever other tests have imported
    [{}, {"shared_memory": False, "context": "spawn"}],
    ids=["sync", "async"],
)
@pytest.mark.parametrize("id", IDS)
def test_make_vec(id: str, vector_kwargs: dict[str, Any]) -> None:
    mode = "async" if vector_kwargs else "sync"
    vector = gym.make_vec(id, 2, vectorization_mode=mode, vector_kwargs=vector_kwargs)
    try:
        observations, infos = vector.reset(seed=[3, 4])
        singles = [gym.make(id) for _ in range(2)]
        expected = [env.reset(seed=seed) for env, seed in zip(singles, (3, 4), strict=True)]
        assert list(observations) == [observation for observation, _ in expected]
        assert list(infos["state_key"]) == [info["state_key"] for _, info in expected]
        actions = tuple(choose(info, np.random.default_rng(0)) for _, info in expected)
        stepped = [env.step(action) for env, action in zip(singles, actions, strict=True)]
        observations, rewards, *_ = vector.step(actions)
        assert list(observations) == [result[0] for result in stepped]
        assert list(rewards) == [result[1] for result in stepped]
    finally:
        vector.close()


def test_spec_survives_json(case: Case) -> None:
    env = make(case)
    assert env.spec is not None
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert again.reset(seed=5) == env.reset(seed=5)
    assert again.spec == env.spec


DIGEST = """
import hashlib, json, re, sys
import gymnasium as gym, numpy as np
import gigpo_gym
env = gym.make(sys.argv[1], **json.loads(sys.argv[2]))
digest, rng = hashlib.sha256(), np.random.default_rng(0)
for seed in range(20):
    turn = observation, info = env.reset(seed=seed, options={"member": seed % 3})
    ended = False
    while not ended:
        digest.update(repr(turn).encode())
        action = info["admissible_actions"][int(rng.integers(len(info["admissible_actions"])))]
        turn = _, _, terminated, truncated, info = env.step(re.sub(r"<\\w+>", "thing", action))
        ended = terminated or truncated
    digest.update(repr(turn).encode())
print(digest.hexdigest())
"""


def test_processes_with_different_hash_seeds_agree(case: Case) -> None:
    digests = set()
    for hash_seed in ("0", "1"):
        command = [sys.executable, "-c", DIGEST, case[0], json.dumps(case[1])]
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        digests.add(subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout)
    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64


@pytest.mark.parametrize("id", IDS)
def test_making_an_environment_loads_no_learning_library(id: str) -> None:
    code = (
        "import sys, gymnasium\n"
        f"gymnasium.make('gigpo_gym:{id}').reset(seed=0)\n"
        "import gigpo_gym.wrappers\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_seed_determines_the_episode(case: Case) -> None:
    first, second = make(case), make(case)
    second.reset(seed=99)  # whatever came before must not matter
    tasks = set()
    for seed in range(10):
        one, two = first.reset(seed=seed), second.reset(seed=seed)
        assert one == two
        assert future(first, one[1], seed=seed) == future(second, two[1], seed=seed)
        tasks.add(one[1]["task_id"])
    assert len(tasks) > 1 or first.unwrapped.tasks == [*tasks]


def test_info_has_the_keys_and_types_and_is_fresh(case: Case) -> None:
    env, rng = make(case), np.random.default_rng(0)
    types = INFO_TYPES | dict(PARTICULARS[case[0]].more_info)
    for seed in range(5):
        _, info = env.reset(seed=seed)
        assert info["is_action_valid"]
        ended = False
        while not ended:
            assert {key: type(value) for key, value in info.items()} == types
            assert info["admissible_actions"]
            assert all(type(action) is str for action in info["admissible_actions"])
            assert 0 <= info["score"] <= 1
            action, expected = choose(info, rng), info["task_id"]
            info["admissible_actions"].clear()
            info.clear()
            _, reward, terminated, truncated, info = env.step(action)
            assert type(reward) is float
            assert info["is_action_valid"]
            assert info["task_id"] == expected
            ended = terminated or truncated
        assert {key: type(value) for key, value in info.items()} == types


def test_every_admissible_action_is_valid(case: Case) -> None:
    env = make(case)
    for seed in range(3):
        _, info = env.reset(seed=seed)
        start = snapshot(env)
        for action in info["admissible_actions"]:
            if "<" not in action:
                assert env.step(action)[4]["is_action_valid"], action
                restore(env, start)


def test_hostile_actions_leave_world_and_luck_unchanged(case: Case) -> None:
    env = make(case, max_episode_steps=1000)
    _, info = env.reset(seed=1)
    start = snapshot(env)
    expected = future(env, info)
    for text in HOSTILE:
        restore(env, start)
        _, _, terminated, truncated, after = env.step(text)
        assert (terminated, truncated) == (False, False)
        assert after == {**info, "is_action_valid": False}, f"{text!r:.40}"
        assert future(env, after) == expected, f"{text!r:.40}"


def test_an_ended_episode_accepts_text_and_stays_as_it_is(case: Case) -> None:
    env, rng = make(case, max_episode_steps=10_000), np.random.default_rng(0)
    endings = set()
    for seed in range(10):
        _, info = env.reset(seed=seed)
        for _ in range(200):
            expert = env.unwrapped.expert_action() if seed % 2 else None
            *_, terminated, _, info = env.step(expert or choose(info, rng))
            if terminated:
                endings.add(info["success"])
                for text in ["", *info["admissible_actions"]]:
                    _, _, still, _, after = env.step(text)
                    assert still
                    assert (after["state_key"], after["success"]) == (info["state_key"], info["success"])
                break
    assert True in endings


def test_a_task_is_found_again_by_its_name(case: Case) -> None:
    env, other = make(case), make(case)
    for seed in range(5):
        observation, info = env.reset(seed=seed)
        assert other.reset(seed=100 + seed, options={"task": info["task_id"]}) == (observation, info)
    if env.unwrapped.tasks is not None:
        for task_id in env.unwrapped.tasks[:5]:
            assert env.reset(seed=0, options={"task": task_id})[1]["task_id"] == task_id
    with pytest.raises(ValueError, match=r"needs|expected"):
        env.reset(seed=0, options={"task": "no such task"})


@pytest.mark.parametrize("id", IDS)
def test_splits_share_no_task(id: str) -> None:
    def drawn(split: str, count: int) -> set[str]:
        env = gym.make(id, split=split)
        return {env.reset(seed=seed)[1]["task_id"] for seed in range(count)}

    train = drawn("train", 400)
    assert len(train) > 1
    for split in PARTICULARS[id].evaluation_splits:
        evaluation = drawn(split, 100)
        assert len(evaluation) > 1
        assert not train & evaluation
    with pytest.raises(ValueError, match="split"):
        gym.make(id, split="no such split")


def test_restore_repeats_the_future_here_and_in_a_fresh_environment(case: Case) -> None:
    env = make(case).unwrapped
    restored = 0
    for seed in range(8):
        _, info = env.reset(seed=seed, options={"member": 2})
        observation, _, terminated, _, info = future(env, info, steps=2, seed=seed)[-1]
        if terminated:
            continue
        fork = env.snapshot()
        expected = future(env, info, seed=seed)
        following = env.reset()
        fresh = make(case).unwrapped
        for copy in (fork, pickle.loads(pickle.dumps(fork))):
            for target in (env, fresh):
                turn = target.restore(copy)
                assert turn == (observation, info)
                turn[1]["admissible_actions"].clear()  # what the caller does with it must not reach the snapshot
                assert future(target, info, seed=seed) == expected
                assert target.reset() == following
                restored += 1
    assert restored


@pytest.mark.parametrize("case", CHANCY, ids=str)
def test_luck_follows_the_member_and_the_noise_seed(case: Case) -> None:
    env, by_member, by_noise = make(case), [], []
    for seed in range(5):
        starts = [env.reset(seed=seed, options={"member": member}) for member in (0, 1, 2, 0)]
        assert all(start == starts[0] for start in starts)
        paths = []
        for member in (0, 1, 2, 0):
            _, info = env.reset(seed=seed, options={"member": member})
            paths.append(future(env, info, seed=seed))
        assert paths[0] == paths[3]
        by_member.append(paths[0] == paths[1] == paths[2])

        _, info = env.reset(seed=seed)
        fork = env.unwrapped.snapshot()
        paths = []
        for noise_seed in (7, 8, 9, 7):
            env.unwrapped.restore(fork, noise_seed=noise_seed)
            paths.append(future(env.unwrapped, info, seed=seed))
        assert paths[0] == paths[3]
        by_noise.append(paths[0] == paths[1] == paths[2])
    assert not all(by_member)
    assert not all(by_noise)


@pytest.mark.parametrize("case", STEADY, ids=str)
def test_without_chance_all_members_fare_alike(case: Case) -> None:
    env = make(case)
    for seed in range(3):
        paths = []
        for member in (0, 1):
            _, info = env.reset(seed=seed, options={"member": member})
            paths.append(future(env, info, seed=seed))
        assert paths[0] == paths[1]


def test_a_fork_at_step_3_of_5_runs_2_more(case: Case) -> None:
    env = make(case, max_episode_steps=5)
    env.reset(seed=0)
    for _ in range(3):
        env.step("")  # an invalid action uses a step and cannot end the episode
    fork = pickle.loads(pickle.dumps(snapshot(env)))
    for target in (env, env, make(case, max_episode_steps=5)):
        restore(target, fork)
        assert target.step("")[3] is False
        assert target.step("")[3] is True


def test_equal_keys_imply_equal_futures(case: Case) -> None:
    env, twin, rng = make(case).unwrapped, make(case).unwrapped, np.random.default_rng(0)
    first: dict[str, Any] = {}
    compared = 0
    for walk in range(12):
        _, info = env.reset(seed=walk // 4)
        for _ in range(12):
            here = env.snapshot()
            if info["state_key"] in first:
                futures = []
                for fork in (first[info["state_key"]], here):
                    _, start = twin.restore(fork, noise_seed=5)
                    steps = future(twin, start, seed=walk)
                    futures.append((start["admissible_actions"], start["success"], start["score"], steps))
                assert futures[0] == futures[1]
                compared += 1
            first.setdefault(info["state_key"], here)
            *_, terminated, _, info = env.step("" if rng.random() < 0.2 else choose(info, rng))
            if terminated:
                break
    assert compared > 10
    assert len(first) > 5


@pytest.mark.parametrize("case", STEADY, ids=str)
def test_the_expert_solves_the_task(case: Case) -> None:
    limit = gym.spec(case[0]).max_episode_steps if case[1] == {} else 200
    for split in ("train", *PARTICULARS[case[0]].evaluation_splits):
        env = make(case, split=split, max_episode_steps=limit)
        for seed in range(25):
            _, info = env.reset(seed=seed)
            assert not info["success"]
            ended = False
            while not ended:
                _, _, terminated, truncated, info = env.step(env.unwrapped.expert_action())
                assert info["is_action_valid"]
                ended = terminated or truncated
            assert info["success"], (split, seed)
            assert info["score"] == 1.0
            assert env.unwrapped.expert_action() is None


@pytest.mark.parametrize("case", CHANCY, ids=str)
def test_the_expert_has_an_action_until_the_end(case: Case) -> None:
    env = make(case)
    for seed in range(10):
        env.reset(seed=seed)
        ended = False
        while not ended:
            _, _, terminated, truncated, info = env.step(env.unwrapped.expert_action())
            assert info["is_action_valid"]
            ended = terminated or truncated
        assert (env.unwrapped.expert_action() is None) == terminated


@pytest.mark.parametrize("id", IDS)
def test_nothing_works_before_reset(id: str) -> None:
    env = gym.make(id).unwrapped
    for call in (lambda: env.step(""), env.snapshot, env.expert_action):
        with pytest.raises(ResetNeeded):
            call()


def sections(env: gym.Env[Any, Any]) -> dict[str, str]:
    """The docstring of an environment, by heading."""
    parts = re.split(r"^## (.+)\n", inspect.getdoc(type(env.unwrapped)) or "", flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("id", IDS)
def test_the_docstring_says_what_the_code_does(id: str) -> None:
    env = gym.make(id)
    text = sections(env)
    assert list(text) == HEADINGS

    assert f"after {gym.spec(id).max_episode_steps} steps" in text["Episode End"]
    assert "- Termination:" in text["Episode End"]
    assert "- Truncation:" in text["Episode End"]

    _, info = env.reset(seed=0)
    assert re.findall(r"^- `(\w+)`", text["Information"], flags=re.MULTILINE) == list(info)

    documented = re.findall(r"^- `(\w+)=(.+?)`", text["Arguments"], flags=re.MULTILINE)
    signature = inspect.signature(type(env.unwrapped)).parameters
    assert {name: eval(default) for name, default in documented} == {
        name: parameter.default for name, parameter in signature.items()
    }


@pytest.mark.parametrize("id", IDS)
def test_the_docstring_examples_run(id: str) -> None:
    module = sys.modules[type(gym.make(id).unwrapped).__module__]
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0
