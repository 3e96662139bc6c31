"""Another state key, for research on what makes two states the same."""

from collections.abc import Callable
from typing import Any, SupportsFloat

import gymnasium as gym
from gymnasium.core import ActType, ObsType
from gymnasium.utils import RecordConstructorArgs

from gigpo_gym.wrappers.snapshot import ChainSnapshot, restore, snapshot


class StateKey(gym.Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs):
    """Replace `info["state_key"]` by the observation, or by a function of the observation and the info.

    Example:
        >>> import gymnasium as gym, gigpo_gym
        >>> env = StateKey(gym.make("gigpo/FrozenLake-v0", map_name="4x4"))
        >>> observation, info = env.reset(seed=0)
        >>> info["state_key"] == observation
        True
        >>> env = StateKey(env, key=lambda observation, info: info["task_id"])
        >>> env.reset(seed=0)[1]["state_key"]
        'SFFF/FHFH/FFFH/HFFG'

    Raises:
        ValueError: `key` is neither "observation" nor callable.
    """

    def __init__(
        self, env: gym.Env[ObsType, ActType], key: str | Callable[[ObsType, dict[str, Any]], str] = "observation"
    ) -> None:
        RecordConstructorArgs.__init__(self, key=key)
        gym.Wrapper.__init__(self, env)
        if key != "observation" and not callable(key):
            raise ValueError(f"expected key to be 'observation' or a function of (observation, info), got {key!r}")
        self._key = key

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        observation, info = self.env.reset(seed=seed, options=options)
        return observation, self._keyed(observation, info)

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = self.env.step(action)
        return observation, reward, terminated, truncated, self._keyed(observation, info)

    def snapshot(self) -> ChainSnapshot:
        return snapshot(self.env)

    def restore(self, snap: ChainSnapshot, noise_seed: int | None = None) -> tuple[ObsType, dict[str, Any]]:
        observation, info = restore(self.env, snap, noise_seed)
        return observation, self._keyed(observation, info)

    def _keyed(self, observation: ObsType, info: dict[str, Any]) -> dict[str, Any]:
        key = self._key(observation, info) if callable(self._key) else str(observation)
        return {**info, "state_key": key}
