"""Sokoban: rooms, their generator, level files, a solver, pictures, and the environment made of them."""

from gigpo_gym.envs.sokoban.env import SokobanEnv

__all__ = ["SokobanEnv"]
