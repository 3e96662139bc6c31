"""Which goals there are: those of a split, by name."""

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from gigpo_gym.envs.notices import say_once
from gigpo_gym.envs.webshop.catalogue import Catalogue, cache_folder, open_files, open_generated
from gigpo_gym.envs.webshop.goals import KINDS, Goal

GOAL_SPLITS = {
    "train": (1500, None),
    "validation": (500, 1500),
    "test": (0, 500),
    "verl-agent-train": (500, None),
    "verl-agent-validation": (0, 500),
    "all": (0, None),
}
"""From which goal to which, where the number of the goal decides: the original's, and verl-agent's."""
PRODUCT_SPLITS = ("train", "validation", "all")
EVAL = "validation"  # what the split "eval" of other environments means here
SPLIT_BY = ("goal", "product")

OFFICIAL_FILES = {
    "small": ("items_shuffle_1000.json", "items_ins_v2_1000.json", "items_human_ins.json"),
    "all": ("items_shuffle.json", "items_ins_v2.json", "items_human_ins.json"),
}
"""The original's files: products, their attributes, human instructions; of 1,000 products, and of all 1.18 million."""

SOURCES = ("auto", "small", "all", "generated")
GENERATED = "generated-"  # before the seed, in the names of generated shops
GENERATED_PRODUCTS = 1000  # in a generated shop, where nothing else is said

FilePath = str | os.PathLike[str]

_NUMBER = re.compile(r"0|[1-9][0-9]{,17}")


def official_folder() -> Path:
    """Where official files are looked for: $WEBSHOP_DATA or, without it, `data` in the cache folder."""
    return Path(os.environ.get("WEBSHOP_DATA") or cache_folder() / "data").expanduser()


def open_shop(
    source: str,
    files: tuple[FilePath | None, FilePath | None, FilePath | None],
    num_products: int | None,
    shop_seed: int,
) -> tuple[Catalogue, str]:
    """The catalogue of a shop, and the name that its tasks begin with.

    Args:
        source: `small` and `all` are the original's files in `official_folder()`, `auto` is the first of them that is
            there, or else `generated`.
        files: products, attributes and human instructions to take instead.

    Raises:
        FileNotFoundError: there are no such files.
        ValueError: an argument is impossible, or a file is damaged.
    """
    if source not in SOURCES:
        raise ValueError(f"expected source to be one of {SOURCES}, got {source!r}")
    products, attributes, human = (None if file is None else Path(file).absolute() for file in files)
    if products is not None and source != "auto":
        raise ValueError("expected products or source, got both: leave one out")
    if products is None and (attributes is not None or human is not None):
        raise ValueError("expected products with attributes or human, got none: add the file of products")
    if products is None:
        folder = official_folder()
        there = [name for name, names in OFFICIAL_FILES.items() if all((folder / file).is_file() for file in names)]
        if source == "auto":
            source = (*there, "generated")[0]
            say_once(
                f"WebShop has the original's products in {folder}: {OFFICIAL_FILES[source][0]}"
                if there
                else f"WebShop is a generated shop: there are no products of the original's in {folder}; "
                "`gigpo fetch webshop` downloads them"
            )
        elif source != "generated" and source not in there:
            command = "gigpo fetch webshop" + " --all" * (source == "all")
            raise FileNotFoundError(
                f"{folder}: expected {OFFICIAL_FILES[source]}, got none: `{command}` downloads them"
            )
        if source == "generated":
            size = GENERATED_PRODUCTS if num_products is None else num_products
            return open_generated(shop_seed, size), f"{GENERATED}{shop_seed}"
        products, attributes, human = (folder / name for name in OFFICIAL_FILES[source])
    return open_files(products, attributes, human, num_products), products.name


Numbers = range | NDArray[np.intp]
"""Of goals."""


class GoalNames(Sequence[str]):
    """The names of some goals, each made when it is asked for: there may be millions."""

    def __init__(self, prefix: str, numbers: Numbers) -> None:
        self.prefix = prefix
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> "GoalNames": ...
    def __getitem__(self, place: int | slice) -> "str | GoalNames":
        if isinstance(place, slice):
            return GoalNames(self.prefix, self.numbers[place])
        return f"{self.prefix}{self.numbers[place]}"


class Goals:
    """The goals of a shop, and which of them belong to a split; environments of a process share them: `open_goals`.

    Raises:
        ValueError: there is no such split, or it has no goals.
    """

    def __init__(self, catalogue: Catalogue, name: str, kind: str, data_seed: int, split: str, split_by: str) -> None:
        if kind not in KINDS:
            raise ValueError(f"expected goals to be one of {KINDS}, got {kind!r}")
        if split_by not in SPLIT_BY:
            raise ValueError(f"expected split_by to be one of {SPLIT_BY}, got {split_by!r}")
        splits = tuple(GOAL_SPLITS) if split_by == "goal" else PRODUCT_SPLITS
        if split not in (*splits, "eval"):
            raise ValueError(
                f"expected split to be one of {(*splits, 'eval')} with split_by={split_by!r}, got {split!r}"
            )
        self.catalogue = catalogue
        self.table = catalogue.goals(kind, data_seed)
        self.split = EVAL if split == "eval" else split
        self.names = GoalNames(f"{name}/{catalogue.digest[:16]}/{kind}-{data_seed}/", self._numbers(split_by))
        if not self.names:
            raise ValueError(
                f"expected goals in the split {self.split!r}, got none of the {len(self.table)}: choose another split"
            )

    def _numbers(self, split_by: str) -> Numbers:
        if split_by == "goal" or self.split == "all":
            return range(len(self.table))[slice(*GOAL_SPLITS[self.split])]
        held_out = self.catalogue.held_out[self.table.product_of(slice(None))]
        return np.flatnonzero(held_out == (self.split == EVAL))

    def find(self, name: object) -> int:
        """The number of a named goal, of any split.

        Raises:
            ValueError: there is no such goal.
        """
        if isinstance(name, str) and name.startswith(self.names.prefix):
            number = name.removeprefix(self.names.prefix)
            if _NUMBER.fullmatch(number) and int(number) < len(self.table):
                return int(number)
        raise ValueError(f"expected the name of a task such as {self.names[0]!r}, got {name!r:.200}")

    def goal(self, number: int) -> tuple[Goal, int]:
        """A goal by its number, and the number of the product that it asks for."""
        owner = int(self.table.product_of(number))
        return self.table.goal(number, self.catalogue.product(owner)), owner


open_goals = lru_cache(maxsize=4)(Goals)
