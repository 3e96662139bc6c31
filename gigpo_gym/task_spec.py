"""Which environments a manager holds: ids and tags made into checked specifications."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import gymnasium as gym
from gymnasium.envs.registration import load_env_creator

from gigpo_gym.envs.notices import say_once


@dataclass(frozen=True)
class EnvSpec:
    """One kind of environment: `num_groups` groups of `gym.make(env_id, **kwargs)`, shown as `tag`."""

    tag: str
    env_id: str
    num_groups: int
    kwargs: dict[str, Any]

    def make(self) -> gym.Env[str, str]:
        # Gymnasium's checker is for development: it costs a third of a step and repeats what the contract tests prove.
        try:
            return gym.make(self.env_id, disable_env_checker=True, **self.kwargs)
        except TypeError as error:
            raise ValueError(f"{self.env_id} does not take env_kwargs {self.kwargs}: {error}") from error

    @cached_property
    def tasks(self) -> Sequence[str] | None:
        """The task ids of the split in order, None where tasks are generated without end."""
        env = self.make()
        tasks: Sequence[str] | None = getattr(env.unwrapped, "tasks", None)
        env.close()
        return tasks


def env_specs(
    envs: str | Mapping[str, tuple[str, int]],
    num_groups: int | None,
    env_kwargs: Mapping[str, Any] | None,
    split: str,
) -> list[EnvSpec]:
    """The specifications in the order of global group numbers.

    Raises:
        ValueError: an id is not registered, a number of groups is missing, given twice or not positive, or env_kwargs
            name an unknown tag or the split.
    """
    kwargs = dict(env_kwargs or {})
    if isinstance(envs, str):
        if num_groups is None:
            raise ValueError(f"num_groups is missing: how many groups of {envs!r}?")
        return [_env_spec(envs, envs, num_groups, kwargs, split)]
    if num_groups is not None:
        raise ValueError("num_groups stands in `envs` already: {tag: (id, num_groups)}")
    unknown = kwargs.keys() - envs.keys()
    if unknown:
        raise ValueError(f"env_kwargs names {sorted(unknown)}, expected tags of `envs`: {sorted(envs)}")
    return [_env_spec(tag, env_id, count, dict(kwargs.get(tag, {})), split) for tag, (env_id, count) in envs.items()]


def _env_spec(tag: str, env_id: str, num_groups: int, kwargs: dict[str, Any], split: str) -> EnvSpec:
    if num_groups < 1:
        raise ValueError(f"num_groups of {tag!r} must be at least 1, got {num_groups}")
    if "split" in kwargs:
        raise ValueError(f"env_kwargs of {tag!r} name the split {kwargs['split']!r}: it is an option of its own")
    if "split" in inspect.signature(_creator(env_id)).parameters:
        kwargs["split"] = split
    else:
        say_once(f"{env_id} has no argument `split`: its splits differ by seed alone, so tasks may recur")
    return EnvSpec(tag, env_id, num_groups, kwargs)


def _creator(env_id: str) -> Any:
    """What `gym.make` will call, for a look at its parameters."""
    module, _, name = env_id.rpartition(":")
    try:
        if module:
            import_module(module)
        entry_point = gym.spec(name).entry_point
    except (ImportError, gym.error.Error) as error:
        known = sorted(id for id in gym.registry if id.startswith("gigpo/"))
        raise ValueError(
            f"no environment {env_id!r}: {error}. Expected one of {known}, another registered id, or module:Id-v0"
        ) from error
    return load_env_creator(entry_point) if isinstance(entry_point, str) else entry_point
