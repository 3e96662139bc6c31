"""Gymnasium wrappers, each usable alone around what `gym.make` returns."""

from gigpo_gym.wrappers.group_seed import GroupSeed, group_seed
from gigpo_gym.wrappers.snapshot import ChainSnapshot, restore, snapshot
from gigpo_gym.wrappers.state_key import StateKey
from gigpo_gym.wrappers.text_actions import TextActions

__all__ = ["ChainSnapshot", "GroupSeed", "StateKey", "TextActions", "group_seed", "restore", "snapshot"]
