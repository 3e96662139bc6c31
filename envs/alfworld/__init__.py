"""ALFWorld: game files, the household's rules, generated homes, an expert, two backends, and the environment."""

from gigpo_gym.envs.alfworld.env import ALFWorldEnv

__all__ = ["ALFWorldEnv"]
