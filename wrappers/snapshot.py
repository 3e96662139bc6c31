"""Snapshot and restore of a wrapped environment: the environment's own, and what Gymnasium's wrappers count."""

from dataclasses import dataclass
from typing import Any

import gymnasium as gym
from gymnasium.wrappers import OrderEnforcing, PassiveEnvChecker, TimeLimit

from gigpo_gym.wrappers.group_seed import GroupSeed


@dataclass(frozen=True)
class ChainSnapshot:
    """What each wrapper counts, from the outside in, and the snapshot of the layer they stand around."""

    layers: tuple[tuple[str, Any], ...]  # (name, counter)
    core_name: str
    core: Any


def snapshot(env: gym.Env[Any, Any]) -> ChainSnapshot:
    """The present moment of `env`: its world, its random numbers, its last observation and info, and the steps left.

    The walk goes inwards to the first layer with a `snapshot()` of its own, which an environment of this package,
    `StateKey` and `TextActions` have. Plain, and picklable where the environment's own snapshot is.

    Example:
        >>> import gymnasium as gym, gigpo_gym
        >>> env = gym.make("gigpo/FrozenLake-v0", map_name="4x4")
        >>> before = env.reset(seed=0)
        >>> fork = snapshot(env)
        >>> after = env.step("Down")
        >>> restore(env, fork) == before, env.step("Down") == after
        (True, True)

    Raises:
        TypeError: a wrapper is unknown, or nothing in the chain has a snapshot.
    """
    layers, core = _walk(env)
    return ChainSnapshot(tuple((_name(layer), _counter(layer)) for layer in layers), _name(core), core.snapshot())


def restore(env: gym.Env[Any, Any], snap: ChainSnapshot, noise_seed: int | None = None) -> tuple[Any, dict[str, Any]]:
    """Take `env`, the one `snap` came from or another made alike, to that moment; return its observation and info.

    The same actions then give the same results. With `noise_seed` the random numbers from there on come from it
    instead.

    Example:
        >>> import gymnasium as gym, gigpo_gym
        >>> env = gym.make("gigpo/FrozenLake-v0", is_slippery=True)
        >>> before = env.reset(seed=0)
        >>> fork, places = snapshot(env), set()
        >>> for noise_seed in range(20):
        ...     assert restore(env, fork, noise_seed) == before
        ...     places.add(env.step("Up")[0])
        >>> len(places) > 1
        True

    Raises:
        TypeError: a wrapper is unknown, or nothing in the chain has a snapshot.
        ValueError: `snap` comes from a chain of other wrappers, or the environment refuses it.
    """
    layers, core = _walk(env)
    here, there = [*map(_name, layers), _name(core)], [*(name for name, _ in snap.layers), snap.core_name]
    if here != there:
        raise ValueError(f"expected a snapshot of {' < '.join(here)}, got one of {' < '.join(there)}: make both alike")
    result: tuple[Any, dict[str, Any]] = core.restore(snap.core, noise_seed=noise_seed)
    for layer, (_, counter) in zip(layers, snap.layers, strict=True):
        _set_counter(layer, counter)
    return result


def _walk(env: Any) -> tuple[list[Any], Any]:
    layers = []
    while not hasattr(env, "snapshot"):
        if not isinstance(env, gym.Wrapper):
            raise TypeError(
                f"expected an environment with snapshot() and restore(), got {_name(env)}: write the two methods"
            )
        if not isinstance(env, TimeLimit | OrderEnforcing | PassiveEnvChecker | GroupSeed):
            # It may hold state that only its author knows; to leave that out would be wrong without a word.
            raise TypeError(
                f"cannot tell what state {_name(env)} holds: give it snapshot() and restore(), as StateKey has"
            )
        layers.append(env)
        env = env.env
    return layers, env


def _counter(layer: Any) -> Any:
    if isinstance(layer, TimeLimit):
        return layer._elapsed_steps
    if isinstance(layer, OrderEnforcing):
        return layer._has_reset
    return None


def _set_counter(layer: Any, counter: Any) -> None:
    if isinstance(layer, TimeLimit):
        layer._elapsed_steps = counter
    elif isinstance(layer, OrderEnforcing):
        layer._has_reset = counter
    elif isinstance(layer, PassiveEnvChecker):
        # It would compare the next step with the one it saw last, and a fresh environment saw none.
        layer.checked_step = layer.checked_data_reuse = True


def _name(env: Any) -> str:
    return type(env).__name__
