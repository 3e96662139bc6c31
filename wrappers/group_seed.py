"""Seeds that give every member of a group the same task, whoever asks and wherever."""

import operator
import zlib
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.core import ActType, ObsType
from gymnasium.utils import RecordConstructorArgs


def group_seed(seed: int, split: str, iteration: int, group: int) -> int:
    """The seed of group `group` in iteration `iteration`: a pure function, in [0, 2**63).

    Nothing else enters, so neither the number of processes nor the batch size nor how often one evaluates moves a
    task.

    Example:
        >>> group_seed(0, "train", 3, 7)
        1153376108076600667

    Raises:
        TypeError: a number is not an integer, or `split` is not a string.
        ValueError: a number is negative.
    """
    words = []
    for name, value in (("seed", seed), ("iteration", iteration), ("group", group)):
        try:
            words.append(operator.index(value))
        except TypeError:
            raise TypeError(f"expected {name} to be an int of 0 or more, got {value!r}") from None
        if words[-1] < 0:
            raise ValueError(f"expected {name} to be 0 or more, got {value}")
    if not isinstance(split, str):
        raise TypeError(f"expected split to be a name such as 'train', got {split!r}")
    # crc32, since hash() of a string differs from process to process.
    sequence = np.random.SeedSequence((words[0], zlib.crc32(split.encode()), *words[1:]))
    return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))


class GroupSeed(gym.Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs):
    """Seed the n-th reset, n from 0, with `group_seed(seed, split, n, group)`; pass on `options={"member": member}`.

    Environments with one seed and group and different members go through the same tasks with luck of their own. The
    split is the environment's own, or "train" where it has none. A reset with a seed of its own keeps it and is not
    counted.

    Example:
        >>> import gymnasium as gym, gigpo_gym
        >>> lakes = [gym.make("gigpo/FrozenLake-v0", is_slippery=True) for member in range(2)]
        >>> first, second = (GroupSeed(lake, seed=0, group=5, member=member) for member, lake in enumerate(lakes))
        >>> first.reset()[0] == second.reset()[0]
        True
        >>> first.reset()[0] == second.reset()[0]
        True
    """

    def __init__(self, env: gym.Env[ObsType, ActType], *, seed: int, group: int, member: int) -> None:
        RecordConstructorArgs.__init__(self, seed=seed, group=group, member=member)
        gym.Wrapper.__init__(self, env)
        self._split = getattr(env.unwrapped, "split", "train")
        group_seed(seed, self._split, 0, group)  # raises here what would otherwise wait for the first reset
        self._seed = seed
        self._group = group
        self._member = member
        self._resets = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        if seed is None:
            seed = group_seed(self._seed, self._split, self._resets, self._group)
            self._resets += 1
        return self.env.reset(seed=seed, options={"member": self._member, **(options or {})})
