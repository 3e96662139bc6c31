"""Snapshot and restore over a chain of wrappers. The contract test forks every registered id."""

import pickle
from typing import Any

import gymnasium as gym
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.wrappers import OrderEnforcing, RecordEpisodeStatistics, TimeLimit

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.wrappers import GroupSeed, StateKey, restore, snapshot


def lake(**kwargs: Any) -> gym.Env[str, str]:
    return gym.make("gigpo/FrozenLake-v0", **{"map_name": "4x4", "max_episode_steps": 5, **kwargs})


def steps_left(env: gym.Env[str, str]) -> int:
    for count in range(1, 100):
        if env.step("Left")[3]:
            return count
    raise AssertionError("no end in sight")


CHAINS = {
    "made": lake,
    "keyed": lambda: StateKey(lake()),
    "limited outside": lambda: TimeLimit(StateKey(lake(max_episode_steps=-1)), 5),
    "two limits": lambda: TimeLimit(lake(max_episode_steps=50), 5),
    "grouped": lambda: GroupSeed(StateKey(GroupSeed(lake(), seed=0, group=0, member=0)), seed=0, group=0, member=0),
    "unchecked": lambda: lake(disable_env_checker=True),
}


@pytest.mark.parametrize("chain", CHAINS)
def test_a_fork_has_the_steps_left_that_its_origin_had(chain: str) -> None:
    make = CHAINS[chain]
    env = make()
    env.reset(seed=0)
    for action in ("Down", "Left"):
        env.step(action)
    observation, _, _, _, info = env.step("jump")
    fork = snapshot(env)
    assert steps_left(env) == 2
    for target in (env, make()):
        for copy in (fork, pickle.loads(pickle.dumps(fork))):
            assert restore(target, copy) == (observation, info)
            assert steps_left(target) == 2


def test_a_fork_of_the_first_step_is_not_checked_against_a_reset_that_never_was() -> None:
    env, fresh = lake(), lake()
    env.reset(seed=0)
    fork = snapshot(env)
    restore(fresh, fork)
    assert fresh.step("Down") == env.step("Down")


def test_a_noise_seed_changes_the_luck_and_nothing_else() -> None:
    env = lake(is_slippery=True, max_episode_steps=20)
    turn = env.reset(seed=0)
    fork = snapshot(env)
    paths = []
    for noise_seed in (None, 1, 2, 3, 4, 1):
        assert restore(env, fork, noise_seed) == turn
        paths.append(tuple(env.step("Right")[0] for _ in range(5)))
    assert paths[1] == paths[5]
    assert len(set(paths)) > 1


def test_a_chain_of_other_wrappers_is_refused() -> None:
    env, other = lake(), StateKey(lake())
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"expected a snapshot of StateKey, got one of TimeLimit < .* < FrozenLakeEnv"):
        restore(other, snapshot(env))


def test_an_environment_without_snapshot_is_named() -> None:
    env = gym.make("CartPole-v1")
    env.reset(seed=0)
    with pytest.raises(TypeError, match=r"with snapshot\(\) and restore\(\), got CartPoleEnv"):
        snapshot(env)


def test_a_wrapper_with_state_of_its_own_is_named() -> None:
    env = RecordEpisodeStatistics(lake())
    env.reset(seed=0)
    with pytest.raises(TypeError, match="what state RecordEpisodeStatistics holds"):
        snapshot(env)


def test_there_is_nothing_to_snapshot_before_reset() -> None:
    with pytest.raises(ResetNeeded):
        snapshot(OrderEnforcing(lake()))
