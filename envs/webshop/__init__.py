"""WebShop: `WebShopEnv`, on the pages, search, goals and reward of the original, or on a generated shop."""

from gigpo_gym.envs.webshop.env import WebShopEnv

__all__ = ["WebShopEnv"]
