"""What the shopper searches for. What it and the expert do in the environment is in test_env."""

from dataclasses import replace
from typing import Any

import gymnasium as gym
import pytest

from gigpo_gym.envs.webshop.env import WebShopEnv
from gigpo_gym.envs.webshop.expert import shopper_action
from gigpo_gym.envs.webshop.goals import Option
from gigpo_gym.envs.webshop.pages import Place


@pytest.fixture(scope="module")
def env() -> WebShopEnv:
    made = gym.make("gigpo/WebShop-v0", source="generated", num_products=150).unwrapped
    assert isinstance(made, WebShopEnv)
    made.reset(seed=0)
    return made


@pytest.mark.parametrize(
    ("query", "options", "action"),
    [
        ("shirts", (("color", "red"), ("size", "3x-large")), "search[shirts red 3x-large]"),
        ("shirts", ("red", "3x-large"), "search[shirts red 3x-large]"),  # a human goal names no groups
        ("shirts", (), "search[shirts]"),
        ("[shirts]", (("size", "3x [tall]\r\n"),), "search[shirts 3x tall]"),
    ],
)
def test_the_shopper_searches_sort_and_options(env: Any, query: str, options: tuple[Option, ...], action: str) -> None:
    goal = replace(env._goal, query=query, options=options)
    assert shopper_action(Place(), goal, env._page, env._goals.catalogue) == action
