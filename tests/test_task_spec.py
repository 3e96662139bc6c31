"""Which environments a manager holds: what is taken, what is refused and with what words."""

import logging
from typing import Any

import gymnasium as gym
import pytest

import gigpo_gym  # noqa: F401  # registers the ids
from gigpo_gym.envs.free_text import FreeText
from gigpo_gym.task_spec import env_specs, say_once

LAKE = "gigpo/FrozenLake-v0"


class Shelf(gym.Env[str, str]):
    """Has an argument `split` and a finite list of tasks."""

    def __init__(self, split: str = "train", books: int = 3) -> None:
        self.split = split
        self.tasks = [f"{split}-{book}" for book in range(books)]
        self.action_space = self.observation_space = FreeText(("read",))


class Splitless(gym.Env[str, str]):
    def __init__(self) -> None:
        self.action_space = self.observation_space = FreeText(("read",))


gym.register("test_task_spec/Shelf-v0", entry_point=Shelf)
gym.register("test_task_spec/Splitless-v0", entry_point=Splitless)


def test_a_single_id_is_its_own_tag() -> None:
    (spec,) = env_specs(LAKE, 3, {"size": 5}, "eval")
    assert (spec.tag, spec.env_id, spec.num_groups) == (LAKE, LAKE, 3)
    assert spec.kwargs == {"size": 5, "split": "eval"}
    env: Any = spec.make().unwrapped
    assert (env.size, env.split) == (5, "eval")


def test_tags_keep_their_order_and_their_own_kwargs() -> None:
    envs = {"wet": (LAKE, 2), "dry": (LAKE, 1)}
    wet, dry = env_specs(envs, None, {"wet": {"is_slippery": True}}, "train")
    assert [(spec.tag, spec.num_groups) for spec in (wet, dry)] == [("wet", 2), ("dry", 1)]
    assert wet.kwargs == {"is_slippery": True, "split": "train"}
    assert dry.kwargs == {"split": "train"}


def test_the_callers_kwargs_are_left_alone() -> None:
    kwargs = {"size": 5}
    env_specs(LAKE, 1, kwargs, "train")
    assert kwargs == {"size": 5}


def test_tasks_are_a_list_where_the_split_is_finite() -> None:
    (finite,) = env_specs("test_task_spec/Shelf-v0", 1, {"books": 2}, "eval")
    assert finite.tasks == ["eval-0", "eval-1"]
    (endless,) = env_specs(LAKE, 1, None, "eval")
    assert endless.tasks is None


def test_arguments_of_gym_make_pass_through() -> None:
    (spec,) = env_specs(LAKE, 1, {"max_episode_steps": 3}, "train")
    made = spec.make().spec
    assert made is not None
    assert made.max_episode_steps == 3


def test_a_module_is_imported_for_its_id() -> None:
    (spec,) = env_specs("gigpo_gym:gigpo/FrozenLake-v0", 1, None, "train")
    assert spec.make().unwrapped.__class__.__name__ == "FrozenLakeEnv"


@pytest.mark.parametrize(
    ("envs", "num_groups", "env_kwargs", "words"),
    [
        (LAKE, None, None, "num_groups is missing"),
        (LAKE, 0, None, "num_groups of 'gigpo/FrozenLake-v0' must be at least 1, got 0"),
        ({"a": (LAKE, 0)}, None, None, "num_groups of 'a' must be at least 1, got 0"),
        ({"a": (LAKE, 1)}, 1, None, "num_groups stands in `envs` already"),
        ({"a": (LAKE, 1)}, None, {"b": {}}, r"env_kwargs names \['b'\], expected tags of `envs`: \['a'\]"),
        (LAKE, 1, {"split": "eval"}, "name the split 'eval': it is an option of its own"),
        (
            "gigpo/FrozenLike-v0",
            1,
            None,
            r"Did you mean.*FrozenLake.*Expected one of \['gigpo/ALFWorld-v0', 'gigpo/FrozenLake-v0'",
        ),
        ("gigpo/FrozenLake-v9", 1, None, "provides versioned environments"),
        ("gigpo/FrozenLake-v0 ", 1, None, "Malformed environment ID"),
        ("no_such_module:Thing-v0", 1, None, "no environment 'no_such_module:Thing-v0': No module named"),
        ("gigpo_gym:gigpo/None-v0", 1, None, "no environment 'gigpo_gym:gigpo/None-v0'"),
        ("", 1, None, "no environment ''"),
    ],
)
def test_refused(envs: Any, num_groups: int | None, env_kwargs: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        env_specs(envs, num_groups, env_kwargs, "train")


def test_an_argument_the_environment_does_not_have_is_named() -> None:
    (spec,) = env_specs(LAKE, 1, {"sise": 5}, "train")
    with pytest.raises(ValueError, match=r"FrozenLake-v0 does not take env_kwargs .*'sise'"):
        spec.make()


def test_an_environment_without_splits_is_spoken_of_once(caplog: pytest.LogCaptureFixture) -> None:
    say_once.cache_clear()
    with caplog.at_level(logging.WARNING):
        for split in ("train", "eval"):
            (spec,) = env_specs("test_task_spec/Splitless-v0", 1, None, split)
            assert spec.kwargs == {}
            spec.make()
        env_specs(LAKE, 1, None, "train")
    assert [record.getMessage() for record in caplog.records] == [
        "test_task_spec/Splitless-v0 has no argument `split`: its splits differ by seed alone, so tasks may recur"
    ]
