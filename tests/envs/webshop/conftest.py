"""WebShop's 1,000 products and the recordings of the original, where they are."""

import os
from pathlib import Path

import pytest

from gigpo_gym.envs.webshop.products import Product, read_products


@pytest.fixture(scope="session")
def webshop_data() -> Path:
    """The folder of products and recordings."""
    if "GIGPO_DATA" not in os.environ:
        pytest.skip("needs WebShop's products in GIGPO_DATA/webshop, as .ci/run sets it")
    return Path(os.environ["GIGPO_DATA"], "webshop")


@pytest.fixture(scope="session")
def products(webshop_data: Path) -> list[Product]:
    """The 1,000 products with both kinds of instructions."""
    names = ("items_shuffle_1000.json", "items_ins_v2_1000.json", "items_human_ins_subset.json")
    return list(read_products(*(webshop_data / name for name in names)))
