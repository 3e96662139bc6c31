"""Gymnasium text environments for LLM agents, with a compact GiGPO trainer.

Importing this package registers the environment ids; everything else loads on first use, so that environments and
their worker processes import neither torch nor transformers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gymnasium.envs.registration import register

if TYPE_CHECKING:
    from gigpo_gym.advantages import Advantages, clip, compute_advantages, whiten
    from gigpo_gym.anchors import similar_anchors
    from gigpo_gym.manager import StepEnvManager
    from gigpo_gym.records import Reply
    from gigpo_gym.wrappers.group_seed import group_seed

_HOME = {
    "Advantages": "gigpo_gym.advantages",
    "Reply": "gigpo_gym.records",
    "StepEnvManager": "gigpo_gym.manager",
    "clip": "gigpo_gym.advantages",
    "compute_advantages": "gigpo_gym.advantages",
    "group_seed": "gigpo_gym.wrappers.group_seed",
    "similar_anchors": "gigpo_gym.anchors",
    "whiten": "gigpo_gym.advantages",
}

__all__ = [
    "Advantages",
    "Reply",
    "StepEnvManager",
    "clip",
    "compute_advantages",
    "group_seed",
    "similar_anchors",
    "whiten",
]

register(id="gigpo/ALFWorld-v0", entry_point="gigpo_gym.envs.alfworld:ALFWorldEnv", max_episode_steps=50)
register(id="gigpo/FrozenLake-v0", entry_point="gigpo_gym.envs.frozen_lake:FrozenLakeEnv", max_episode_steps=10)
register(id="gigpo/Sokoban-v0", entry_point="gigpo_gym.envs.sokoban:SokobanEnv", max_episode_steps=30)
register(id="gigpo/WebShop-v0", entry_point="gigpo_gym.envs.webshop:WebShopEnv", max_episode_steps=15)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'gigpo_gym' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
