"""Group seeds: a pure function, and the wrapper that resets by it."""

import itertools
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import gigpo_gym
from gigpo_gym.wrappers import GroupSeed, group_seed


def lake(**kwargs: Any) -> gym.Env[str, str]:
    return gym.make("gigpo/FrozenLake-v0", **kwargs)


def test_the_seeds_never_change() -> None:
    assert group_seed(0, "train", 0, 0) == 2299842216974535321
    assert group_seed(7, "eval", 2, 31) == 6278299953525201400
    assert group_seed(2**62, "train", 10**6, 0) == 559668144079530083


def test_every_argument_matters_and_seeds_fit_63_bits() -> None:
    numbers = (0, 1, 2, 1000)
    seeds = {group_seed(*args) for args in itertools.product(numbers, ("train", "eval"), numbers, numbers)}
    assert len(seeds) == 4 * 2 * 4 * 4
    assert all(type(seed) is int and 0 <= seed < 2**63 for seed in seeds)


def test_it_is_public_and_takes_numpy_integers() -> None:
    assert gigpo_gym.group_seed is group_seed
    assert group_seed(np.int64(3), "train", np.int32(1), np.uint8(2)) == group_seed(3, "train", 1, 2)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((-1, "train", 0, 0), ValueError, "seed to be 0 or more, got -1"),
        ((0, "train", -2, 0), ValueError, "iteration to be 0 or more, got -2"),
        ((0, "train", 0, -3), ValueError, "group to be 0 or more, got -3"),
        ((0.5, "train", 0, 0), TypeError, "seed to be an int of 0 or more, got 0.5"),
        ((0, "train", "1", 0), TypeError, "iteration to be an int of 0 or more, got '1'"),
        ((0, "train", 0, None), TypeError, "group to be an int of 0 or more, got None"),
        ((0, 1, 0, 0), TypeError, "split to be a name"),
    ],
)
def test_a_wrong_argument_is_refused(arguments: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        group_seed(*arguments)


def test_members_share_tasks_and_not_luck() -> None:
    members = [GroupSeed(lake(is_slippery=True), seed=4, group=2, member=member) for member in range(4)]
    differing = 0
    for iteration in range(5):
        turns = [env.reset() for env in members]
        assert all(turn == turns[0] for turn in turns)
        assert turns[0] == lake(is_slippery=True).reset(seed=group_seed(4, "train", iteration, 2))
        paths = [[env.step(action)[0] for action in ("Down", "Right", "Up", "Left")] for env in members]
        differing += any(path != paths[0] for path in paths)
    assert differing


def test_group_and_split_choose_the_task() -> None:
    def first_tasks(group: int, split: str) -> list[str]:
        env = GroupSeed(lake(split=split), seed=0, group=group, member=0)
        return [env.reset()[1]["task_id"] for _ in range(3)]

    assert first_tasks(0, "train") != first_tasks(1, "train")
    assert first_tasks(0, "eval") == [
        lake(split="eval").reset(seed=group_seed(0, "eval", iteration, 0))[1]["task_id"] for iteration in range(3)
    ]


def test_a_seed_of_its_own_passes_through_uncounted() -> None:
    plain, wrapped = lake(), GroupSeed(lake(), seed=0, group=0, member=0)
    first = GroupSeed(lake(), seed=0, group=0, member=0).reset()
    assert wrapped.reset(seed=11) == plain.reset(seed=11)
    assert wrapped.reset() == first


def test_a_member_of_its_own_passes_through() -> None:
    def path(env: gym.Env[str, str], **reset: Any) -> list[Any]:
        env.reset(**reset)
        return [env.step(action)[0] for action in ("Down", "Right", "Up", "Left", "Down")]

    differing = 0
    for seed in range(5):
        wrapped = GroupSeed(lake(is_slippery=True), seed=seed, group=0, member=0)
        chosen = path(wrapped, options={"member": 1})
        assert chosen == path(GroupSeed(lake(is_slippery=True), seed=seed, group=0, member=1))
        differing += chosen != path(GroupSeed(lake(is_slippery=True), seed=seed, group=0, member=0))
    assert differing


def test_an_environment_without_splits_counts_as_train() -> None:
    env = GroupSeed(gym.make("CartPole-v1"), seed=3, group=1, member=0)
    expected, _ = gym.make("CartPole-v1").reset(seed=group_seed(3, "train", 0, 1))
    assert np.array_equal(env.reset()[0], expected)


def test_wrong_numbers_are_refused_when_made() -> None:
    with pytest.raises(ValueError, match="group to be 0 or more"):
        GroupSeed(lake(), seed=0, group=-1, member=0)
