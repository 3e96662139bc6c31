"""The state key replaced."""

from typing import Any

import gymnasium as gym
import pytest

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.wrappers import StateKey, restore, snapshot


def lake() -> gym.Env[str, str]:
    return gym.make("gigpo/FrozenLake-v0")


def last_line(observation: str, info: dict[str, Any]) -> str:
    return f"{info['score']} {observation.splitlines()[-1]}"


@pytest.mark.parametrize(
    ("key", "expected"),
    [("observation", lambda observation, info: observation), (last_line, last_line)],
    ids=["observation", "function"],
)
def test_only_the_key_is_replaced(key: Any, expected: Any) -> None:
    plain, keyed = lake(), StateKey(lake(), key)
    observation, info = plain.reset(seed=1)
    assert keyed.reset(seed=1) == (observation, {**info, "state_key": expected(observation, info)})
    fork = snapshot(keyed)
    for action in ("Down", "jump", "Left"):
        observation, reward, terminated, truncated, info = plain.step(action)
        turn = (observation, reward, terminated, truncated, {**info, "state_key": expected(observation, info)})
        assert keyed.step(action) == turn
    observation, info = plain.reset(seed=1)
    assert restore(keyed, fork) == (observation, {**info, "state_key": expected(observation, info)})


@pytest.mark.parametrize("key", ["state", None, 3])
def test_a_wrong_key_is_refused(key: Any) -> None:
    with pytest.raises(ValueError, match="expected key to be 'observation' or a function"):
        StateKey(lake(), key)
