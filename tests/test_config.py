"""The configuration: what it refuses, in which words, and that it survives being written."""

import ast
import dataclasses
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from gigpo_gym import StepEnvManager, compute_advantages
from gigpo_gym.config import LEAST, POSITIVE, SHARES, Config

FIELDS = {field.name: field for field in dataclasses.fields(Config)}
NUMBERS = [name for name, field in FIELDS.items() if field.type in (int, float, int | None, float | None)]
ALLOWED_WITH = {
    "episode_reward_weight": {"step_reward_weight": 1.0},
    "anchor_similarity": {"anchor": "observation"},
    "group_size": {"adv_estimator": "reinforce_plus_plus"},
    "rollout_batch_size": {"group_size": 1, "adv_estimator": "reinforce_plus_plus"},
}
"""Other options that a field's lower bound takes to be possible."""

FREE = {"episode_reward_weight", "step_reward_weight", "sequence_length", "lr_decay_updates"}
"""Numbers without a bound of their own: weights may be negative, the two lengths are compared with others."""


def test_defaults_are_possible() -> None:
    assert Config().groups == 64


def test_every_number_has_a_bound_or_a_reason_for_none() -> None:
    bounded = [*LEAST, *POSITIVE, *SHARES]
    assert set(NUMBERS) == set(bounded) | FREE
    assert not set(bounded) & FREE


@pytest.mark.parametrize(("name", "least"), LEAST.items())
def test_a_lower_bound_is_allowed_and_below_it_is_refused(name: str, least: float) -> None:
    at_bound = Config(**{name: least}, **ALLOWED_WITH.get(name, {}))
    assert getattr(at_bound, name) == least
    with pytest.raises(ValueError, match=rf"^{name} must be at least {least}, got "):
        Config(**{name: least - 1})


@pytest.mark.parametrize("name", POSITIVE)
def test_what_must_be_positive_is_refused_at_0(name: str) -> None:
    tiny: Any = Config(**{name: 1e-9}, **ALLOWED_WITH.get(name, {}))
    assert getattr(tiny, name) == 1e-9
    for value in (0.0, -1.0):
        with pytest.raises(ValueError, match=rf"^{name} must be above 0, got {value}"):
            Config(**{name: value})


@pytest.mark.parametrize("name", SHARES)
def test_a_share_lies_between_0_and_1(name: str) -> None:
    assert getattr(Config(**{name: 1.0}), name) == 1.0
    with pytest.raises(ValueError, match=rf"^{name} must lie between 0 and 1, got 1.5"):
        Config(**{name: 1.5})


@pytest.mark.parametrize("name", ["warmup_random_share", "step_reward_gamma"])
def test_a_share_may_be_0_and_not_less(name: str) -> None:
    assert getattr(Config(**{name: 0.0}), name) == 0.0
    with pytest.raises(ValueError, match=rf"^{name} must lie between 0 and 1, got -0.5"):
        Config(**{name: -0.5})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", [name for name in NUMBERS if FIELDS[name].type in (float, float | None)])
def test_no_number_may_be_nan_or_infinite(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"^{name} must be a finite number, got {value}"):
        Config(**{name: value})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"env": ()}, "env names each environment once, got none"),
        ({"env": ("a", "a")}, "env names each environment once, got a a"),
        ({"env": ("frozenlake", "gigpo/FrozenLake-v0")}, "env names each environment once"),
        ({"env_kwargs": ("size",)}, "env_kwargs are written name=value, got 'size'"),
        ({"env_kwargs": ("=4",)}, "env_kwargs are written name=value, got '=4'"),
        ({"env_kwargs": ("a b=4",)}, "env_kwargs are written name=value, got 'a b=4'"),
        ({"env_kwargs": ("size=4", "size=8")}, "env_kwargs give each name one value, got size=4 size=8"),
        ({"env": ("a", "b", "c")}, "num_env_groups 64 cannot be shared equally by 3 .* num_groups_partition"),
        ({"env": ("a", "b"), "num_groups_partition": (64,)}, "num_groups_partition needs one positive number for each"),
        ({"env": ("a", "b"), "num_groups_partition": (64, 0)}, "num_groups_partition needs one positive number"),
        ({"num_groups_partition": (16,)}, "does not sum to the 64 groups: .*use num_env_groups 16"),
        ({"rollout_batch_size": 20}, "rollout_batch_size 20 is no multiple of group_size 8: use 24"),
        ({"val_batch_size": 1, "env": ("a", "b")}, "val_batch_size 1 leaves an environment out: use at least 2"),
        ({"warmup_episodes": 1, "env": ("a", "b")}, "warmup_episodes 1 leaves an environment out: use at least 2"),
        ({"group_size": 1}, "group_size 1 leaves gigpo nothing to compare .*: use 2 or more"),
        ({"group_size": 1, "adv_estimator": "grpo", "method": "mean_std"}, "group_size 1 leaves grpo nothing"),
        ({"group_size": 1, "adv_estimator": "rloo", "grouping": "batch"}, "group_size 1 leaves rloo nothing"),
        ({"group_size": 1, "adv_estimator": "rloo", "method": "identity"}, "group_size 1 leaves rloo nothing"),
        (
            {"episode_reward_weight": 0.0, "step_reward_weight": 0.0},
            "episode_reward_weight and step_reward_weight 0 leaves gigpo no advantage",
        ),
        ({"adv_estimator": "grpo", "episode_reward_weight": 0.0}, "episode_reward_weight 0 leaves grpo no advantage"),
        (
            {"adv_estimator": "step_reinforce", "step_reward_weight": 0.0},
            "step_reward_weight 0 leaves step_reinforce no advantage",
        ),
        ({"sequence_length": 512}, "sequence_length 512 holds .* must exceed max_response_tokens 512"),
        ({"anchor_similarity": 0.9}, "anchor_similarity compares texts: add --anchor observation"),
        ({"lr_decay_updates": 10}, "lr_decay_updates has no meaning .* choose lr_schedule linear or cosine"),
        ({"lr_schedule": "cosine"}, "lr_schedule cosine needs lr_decay_updates above lr_warmup_updates 0, got None"),
        (
            {"lr_schedule": "linear", "lr_decay_updates": 5, "lr_warmup_updates": 5},
            "lr_schedule linear needs lr_decay_updates above lr_warmup_updates 5, got 5",
        ),
        ({"tiny_hidden_size": 48}, "tiny_hidden_size must be a multiple of 32, got 48"),
        ({"tiny_copies": True, "tiny_num_layers": 1}, "tiny_copies needs tiny_num_layers of at least 2, got 1"),
        ({"device": "gpu"}, "device must be auto, cpu, cuda or cuda:N, got 'gpu'"),
        ({"name": ""}, "name is one folder name below runs, got ''"),
        ({"name": ".."}, "name is one folder name"),
        ({"name": "."}, "name is one folder name"),
        ({"name": "a/b"}, "name is one folder name below runs, got 'a/b'"),
        ({"name": "/tmp"}, "name is one folder name"),
    ],
)
def test_the_impossible_is_refused_with_its_remedy(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"^.*{words}"):
        Config(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"group_size": 1, "adv_estimator": "reinforce_plus_plus"},
        {"group_size": 1, "adv_estimator": "step_reinforce", "grouping": "batch"},
        {"group_size": 1, "adv_estimator": "grpo", "grouping": "batch"},
        {"group_size": 1, "method": "identity"},
        {"env": ("a", "b", "c"), "num_groups_partition": (20, 20, 24)},
        {"env": ("a", "b"), "rollout_batch_size": 16},
        {"anchor_similarity": 0.9, "anchor": "observation"},
        {"lr_schedule": "cosine", "lr_decay_updates": 6, "lr_warmup_updates": 5},
        {"step_reward_weight": 0.0},
        {"episode_reward_weight": 0.0},
        {"device": "cuda:1"},
        {"env_kwargs": ("desc=SF/FG", "x=")},
    ],
)
def test_the_unusual_is_taken(options: dict[str, Any]) -> None:
    Config(**options)


@pytest.mark.parametrize(
    ("options", "groups", "groups_of"),
    [
        ({}, 64, (64,)),
        ({"env": ("a", "b")}, 64, (32, 32)),
        ({"env": ("a", "b"), "num_groups_partition": (60, 4)}, 64, (60, 4)),
        ({"rollout_batch_size": 80}, 10, (10,)),
        ({"rollout_batch_size": 80, "group_size": 4}, 20, (20,)),
        ({"rollout_batch_size": 80, "env": ("a", "b"), "num_groups_partition": (7, 3)}, 10, (7, 3)),
    ],
)
def test_groups(options: dict[str, Any], groups: int, groups_of: tuple[int, ...]) -> None:
    config = Config(**options)
    assert (config.groups, config.groups_of) == (groups, groups_of)


def test_env_arguments_are_json_or_else_text() -> None:
    pairs = ("size=8", "is_slippery=true", "hole_prob=0.3", "reward_schedule=[1, -1, 0]", "desc=SF/FG", "a=b=c", "x=")
    assert Config(env_kwargs=pairs).env_arguments == {
        "size": 8,
        "is_slippery": True,
        "hole_prob": 0.3,
        "reward_schedule": [1, -1, 0],
        "desc": "SF/FG",
        "a": "b=c",
        "x": "",
    }


def test_derived_values() -> None:
    config = Config(env=("frozenlake", "mine:Own-v0"), model="org/Model-1B", seed=3, adv_estimator="grpo")
    assert config.env_ids == ("gigpo/FrozenLake-v0", "mine:Own-v0")
    assert config.run_name == "frozenlake-mine:own-v0-Model-1B-grpo-3"
    assert Config(name="mine").run_name == "mine"
    assert Config(sequence_length=100, max_response_tokens=30).max_prompt_tokens == 70


def test_every_field_survives_json() -> None:
    changed: dict[str, Any] = {
        "env": ("frozenlake", "gigpo_gym:gigpo/Other-v0"),
        "env_kwargs": ("size=8",),
        "num_groups_partition": (40, 24),
        "advantage_clip": 0.2,
        "runs": Path("elsewhere"),
        "resume": Path("elsewhere/run"),
        "name": "näme",
        "whiten_advantages": True,
    }
    for config in (Config(), Config(**changed)):
        written = json.dumps(config.to_json(), allow_nan=False)
        assert Config.from_json(json.loads(written)) == config
    assert set(Config().to_json()) == set(FIELDS)


def test_a_configuration_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="fields this version does not know: bar, foo"):
        Config.from_json({"foo": 1, "bar": 2, "seed": 3})
    with pytest.raises(ValueError, match="seed must be at least 0, got -1"):
        Config.from_json({"seed": -1})
    with pytest.raises(ValueError, match="a value of the wrong type"):
        Config.from_json({"seed": "three"})


def test_every_field_is_documented_in_a_full_sentence() -> None:
    (definition,) = ast.parse(inspect.getsource(Config)).body
    assert isinstance(definition, ast.ClassDef)
    documented = {}
    for statement, following in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            assert isinstance(following, ast.Expr), statement.target.id
            documented[statement.target.id] = ast.literal_eval(following.value)
    assert list(documented) == list(FIELDS)
    for name, text in documented.items():
        assert text[0].isupper() or text.startswith(("cpu,", "k3")), name
        assert text.endswith("."), name


@pytest.mark.parametrize("function", [compute_advantages, StepEnvManager.__init__])
def test_defaults_equal_those_of_the_functions(function: Any) -> None:
    parameters = inspect.signature(function).parameters
    shared = {
        name: parameter.default
        for name, parameter in parameters.items()
        if name in FIELDS and parameter.default is not inspect.Parameter.empty and name != "env_kwargs"
    }
    assert len(shared) >= 3
    assert shared == {name: FIELDS[name].default for name in shared}
