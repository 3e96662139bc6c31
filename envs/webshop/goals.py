"""Goals: what a person wants to buy, at what price at most, and which goal comes when.

The rules are those of web_agent_site/engine/goal.py of princeton-nlp/WebShop. The original draws prices and price
limits from an unseeded global generator, so that one goal has other limits in every process; here `data_seed` decides.
"""

import math
import random
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigpo_gym.envs.webshop.products import Product

KINDS = ("synthetic", "human")
LIMIT = ", and price lower than "
NO_LIMIT = 1_000_000.0  # dollars: the limit of goals that name none
SHUFFLE_SEED = 233  # the original's
MAX_GOALS = 1 << 26  # the order of so many takes a minute to draw; all 1.18 million products have some 8 million

Option = str | tuple[str, str]
"""A value alone, or group and value."""
Indices = int | slice | NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Goal:
    """What to buy. Texts of the product are as in `Product`."""

    asin: str
    category: str
    query: str
    name: str
    product_category: str
    instruction: str
    """What the person says, with the options and the price limit that are wanted."""
    attributes: tuple[str, ...]
    price_upper: float
    """In dollars; NO_LIMIT where the instruction names no price."""
    options: tuple[Option, ...]
    """Pairs of group and value in a synthetic goal, groups by name; values alone in a human one."""
    weight: float
    """How often the original would draw it by default, relative to others: rare attributes weigh more."""

    @property
    def values(self) -> list[str]:
        """Of the options, without their groups."""
        return [option if isinstance(option, str) else option[1] for option in self.options]

    def choices(self, product: Product) -> dict[str, str]:
        """The options of a product, by group, that clicking the wanted values chooses.

        Of two groups with the same value a click chooses in the last; values that are not offered are left out.
        """
        group_of = {value: group for group, offered in product.options for value in offered}
        return {group_of[value]: value for value in self.values if value in group_of}


@dataclass(frozen=True, eq=False)
class GoalTable:
    """All goals of a shop in the order of their indices, in arrays that can be kept and memory-mapped.

    P products, in the order in which they were read; I instructions that make goals; G goals.
    """

    prices: NDArray[np.float64]
    """(P,) dollars, as drawn: what a purchase costs, whatever its options."""
    products: NDArray[np.int64]
    """(I,) which product an instruction belongs to."""
    human: NDArray[np.int64]
    """(I,) which of the product's human instructions it is; -1 is its synthetic one."""
    ends: NDArray[np.int64]
    """(I,) the number of goals of instructions up to and including this one."""
    limits: NDArray[np.float64]
    """(I,) `price_upper` of its goals."""
    weights: NDArray[np.float64]
    """(I,) `weight` of its goals."""
    order: NDArray[np.uint32]
    """(G,) the place, in the order of instructions and of their combinations of options, of the goal of an index."""

    def __len__(self) -> int:
        return len(self.order)

    @classmethod
    def build(cls, products: Iterable[Product], data_seed: int, kind: str) -> "GoalTable":
        """The goals of `kind`, "synthetic" or "human", of these products; 0 is the seed of the golden recordings.

        Raises:
            ValueError: there is no such kind, or more than MAX_GOALS goals.
        """
        if kind not in KINDS:
            raise ValueError(f"expected kind to be one of {KINDS}, got {kind!r}")
        # Python's generator, not NumPy's: whoever runs the original after `random.seed(data_seed)` gets the same.
        rng = random.Random(data_seed)
        prices = array("d")
        owners, human, counts = array("q"), array("q"), array("q")  # of each instruction
        attributes: list[tuple[str, ...]] = []
        total = 0
        for number, product in enumerate(products):
            prices.append(product.prices[0] if len(product.prices) == 1 else rng.uniform(*product.prices))
            for which, wanted, count in _instructions(product, kind):
                total += count
                if total > MAX_GOALS:
                    raise ValueError(
                        f"expected at most {MAX_GOALS:,} goals, got {total:,} up to product {product.asin!r}: "
                        "leave out products with so many combinations of options"
                    )
                owners.append(number)
                human.append(which)
                counts.append(count)
                attributes.append(wanted)
        limits = [_limit(prices[owner], rng) for owner in owners]  # drawn when all prices are, as in the original
        order = array("I", range(total))
        random.Random(SHUFFLE_SEED).shuffle(order)
        return cls(
            prices=np.array(prices),
            products=np.array(owners, np.int64),
            human=np.array(human, np.int64),
            ends=np.cumsum(np.array(counts, np.int64)),
            limits=np.array(limits, np.float64),
            weights=np.array(_weights(attributes, counts) if kind == "synthetic" else [1.0] * len(owners), np.float64),
            order=np.array(order, np.uint32),
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name: `GoalTable(**arrays)` makes the same table."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def instruction_of(self, indices: Indices) -> NDArray[np.int64]:
        """Which instruction (of I) the goals of some indices belong to."""
        return np.asarray(self.ends.searchsorted(self.order[indices], side="right"), np.int64)

    def product_of(self, indices: Indices) -> NDArray[np.int64]:
        """Which product (of P) the goals of some indices ask for."""
        return self.products[self.instruction_of(indices)]

    def goal(self, index: int, product: Product) -> Goal:
        """A goal by its index. `product` must be that of `product_of(index)`. Negative indices count from the end.

        Raises:
            IndexError: there is no such goal.
        """
        instruction = int(self.instruction_of(index))
        which, limit = int(self.human[instruction]), float(self.limits[instruction])
        clause = f"{LIMIT}{limit:.2f} dollars" if limit < NO_LIMIT else ""
        options: tuple[Option, ...]
        if which < 0:
            pairs = _combination(product, int(self.ends[instruction]) - 1 - int(self.order[index]))
            wanted = " with " * bool(pairs) + ", and ".join(f"{group}: {value}" for group, value in pairs)
            text, attributes, options = f"{product.instruction}{wanted}", product.instruction_attributes, pairs
        else:
            said = product.human[which]
            text, attributes, options = said.instruction.strip("."), said.attributes, said.options
        return Goal(
            asin=product.asin,
            category=product.category,
            query=product.query,
            name=product.name,
            product_category=product.product_category,
            instruction=text + clause,
            attributes=attributes,
            price_upper=limit,
            options=options,
            weight=float(self.weights[instruction]),
        )


def _instructions(product: Product, kind: str) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """Number (-1 for the synthetic one), attributes, and how many goals there are, of each instruction of a product."""
    if kind == "human":
        for number, said in enumerate(product.human):
            if said.attributes:
                yield number, said.attributes, 1
    elif product.instruction is not None:
        yield -1, product.instruction_attributes, math.prod(len(values) for _, values in product.options)


def _combination(product: Product, left: int) -> tuple[tuple[str, str], ...]:
    """A value of every group, groups by name: the combination after which there are `left` more.

    The last group changes fastest, as in itertools.product.
    """
    pairs = []
    for group, values in sorted(product.options, reverse=True):
        left, place = divmod(left, len(values))
        pairs.append((group, values[-1 - place]))
    return tuple(reversed(pairs))


def _limit(price: float, rng: random.Random) -> float:
    """The larger of two of the first four multiples of ten, up to 990, that are above the price."""
    above = [10.0 * tens for tens in range(int(price // 10) + 1, 100)[:4]]
    return max(rng.sample(above, 2)) if len(above) >= 2 else NO_LIMIT


def _weights(attributes: list[tuple[str, ...]], counts: Iterable[int]) -> list[float]:
    """For each instruction, the mean over its attributes of one by the number of goals that have the attribute."""
    having: Counter[str] = Counter()
    for wanted, count in zip(attributes, counts, strict=True):
        for attribute in wanted:
            having[attribute] += count
    weights = []
    for wanted in attributes:
        total = 0.0
        for attribute in wanted:  # not sum(), which since Python 3.12 rounds in another way
            total += 1 / having[attribute] if having[attribute] else 0.0
        weights.append(total / len(wanted))
    return weights
