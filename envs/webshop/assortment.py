"""What a generated shop has on its shelves: departments, families of products that sell alike, and types of products.

The vocabulary itself is in gigpo_gym.envs.webshop.departments; its tables read so:

* `types`: query | how many of 1,000 products | lowest and highest price | names of the thing, of two words
  | traits of the family that it cannot have
* `traits`: what a product may have, the commonest first, of those parted by `/` at most one;
  gigpo_gym.envs.webshop.traits tells of each
* `options`: weights of sets of option groups, first of `-` for none
* `values`: where the values of a group come from, in gigpo_gym.envs.webshop.option_values
"""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import NamedTuple

PATH_MARK = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "  # of product_category


@dataclass(frozen=True)
class Family:
    """Types of products that share words, traits and options."""

    section: str  # of the department, `>` leads further down
    looks: str  # adjectives
    made_of: str
    used_for: str
    traits: str
    options: str
    values: str
    types: str


@dataclass(frozen=True)
class Department:
    """A department; all numbers are weights or shares."""

    name: str  # upstream's category
    root: str  # of product_category
    wanted: tuple[int, ...]  # how many traits of a product are attributes that a goal may ask for
    others: tuple[int, ...]  # how many other attributes it has: names of things of its sort
    ranges: float  # of the prices
    skew: int  # how much more common low prices are: the power of an even draw
    model: float  # of the products, have a model number
    sized: bool  # what comes in one size only has that in its name
    openings: str  # sentences that begin a description
    fillers: str  # sentences that would do for any product here
    families: tuple[Family, ...]


class ProductType(NamedTuple):
    """A line of `types` with what its family and department have, taken apart."""

    department: Department
    query: str
    share: int
    prices: tuple[int, int]
    nouns: tuple[str, ...]
    siblings: tuple[str, ...]  # nouns of the whole family
    path: str
    looks: tuple[str, ...]
    made_of: tuple[str, ...]
    used_for: tuple[str, ...]
    traits: tuple[tuple[str, ...], ...]
    option_groups: tuple[tuple[str, ...], ...]
    option_weights: tuple[int, ...]
    values: dict[str, tuple[str, ...]]  # names of lists by group
    openings: tuple[str, ...]
    fillers: tuple[str, ...]


def product_types(department: Department) -> list[ProductType]:
    """All types of a department."""
    return [row for family in department.families for row in _family_types(department, family)]


def _family_types(department: Department, family: Family) -> list[ProductType]:
    rows = [cells(line, "|") for line in lines(family.types)]
    options = [entry.split(maxsplit=1) for entry in cells(family.options, "|")]
    siblings = tuple(dict.fromkeys(noun for row in rows for noun in cells(row[3])))
    return [
        ProductType(
            department=department,
            query=query,
            share=int(share),
            prices=_pair(prices),
            nouns=cells(nouns),
            siblings=siblings,
            path=PATH_MARK.join((department.root, *cells(family.section, ">"), _title(query))),
            looks=cells(family.looks),
            made_of=cells(family.made_of),
            used_for=cells(family.used_for),
            traits=tuple(_without(cells("".join(less)), cells(family.traits))),
            option_groups=tuple(() if groups == "-" else cells(groups) for _, groups in options),
            option_weights=tuple(int(weight) for weight, _ in options),
            values={group: cells(names, "/") for group, names in (entry.split("=") for entry in cells(family.values))},
            openings=lines(department.openings),
            fillers=lines(department.fillers),
        )
        for query, share, prices, nouns, *less in rows
    ]


def _without(less: tuple[str, ...], entries: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        kept = tuple(trait for trait in cells(entry, "/") if trait not in less)
        if kept:
            yield kept


def cells(line: str, mark: str = ",") -> tuple[str, ...]:
    """A line cut at the marks; it may run over several lines of the file."""
    return tuple(" ".join(cell.split()) for cell in line.split(mark))


def lines(table: str) -> tuple[str, ...]:
    """The lines of a table; what is further in continues the line above."""
    return tuple(dedent(table).strip().replace("\n    ", " ").splitlines())


def _pair(text: str) -> tuple[int, int]:
    low, high = text.split("-")
    return int(low), int(high)


def _title(query: str) -> str:
    """As a category is written; str.title would make Men'S of men's."""
    return " ".join(word.capitalize() for word in query.split())
