"""A shop made from a seed, in upstream's schema: five departments, products, attributes, instructions.

It imitates the 1,000 official products: how many there are in a department and of a type, how many have options and how
many values these have, what is said in the name, in the bullets or nowhere, prices. Product i of a seed is the same in
shops of all sizes. No option has a value that upstream's reward cuts down (see option_values), so that every goal can
be reached.
"""

import json
import os
import random
from dataclasses import dataclass
from functools import cache
from math import isqrt, prod
from pathlib import Path
from string import ascii_uppercase, digits
from typing import Any
from urllib.parse import quote

from gigpo_gym.envs.webshop.assortment import Department, ProductType, cells, product_types
from gigpo_gym.envs.webshop.departments.beauty import BEAUTY
from gigpo_gym.envs.webshop.departments.electronics import ELECTRONICS
from gigpo_gym.envs.webshop.departments.fashion import FASHION
from gigpo_gym.envs.webshop.departments.garden import GARDEN
from gigpo_gym.envs.webshop.departments.grocery import GROCERY
from gigpo_gym.envs.webshop.option_values import COUNTS, LISTS, OTHER_COUNTS, RUNS
from gigpo_gym.envs.webshop.wording import (
    Draw,
    Plan,
    bullets,
    choose,
    description,
    favourites,
    human_instruction,
    instruction,
    pick,
    product_name,
    sample,
)

DEPARTMENTS = (BEAUTY, ELECTRONICS, GARDEN, FASHION, GROCERY)
SHELF = 1000  # products that the shares of all types add up to
STRIDE = 619  # has no factor in common with SHELF: consecutive products come from all over the shelf

ENDINGS = (0.99, 0.99, 0.99, 0.95, 0.49, 0.0, 0.89)  # of prices
HIGHEST = 969.99  # dollars: from 980 on goals have no price limit
UNPRICED = 0.09  # of the products
UNRATED = 0.36
HUMAN = 0.1  # of the products with wanted traits have an instruction as a person would write it
UNTOLD = 5  # a product of the most talkative seller has nearly so many traits that are no attributes
COMMON = 0.15  # of the products have the commonest traits of their type, and compete for the same goals

STARTS = cells(
    "bal, bre, cas, dal, el, fen, gal, hav, il, jor, kel, lum, mar, nor, or, pom, quin, ros, sol, tam, ul, ver, wil, zo"
)
MIDDLES = cells("a, an, ar, e, el, en, i, in, is, o, ol, on, u, un")
ENDS = cells("ba, by, co, dell, fa, field, go, la, lin, mont, na, ri, ta, ton, vo, wick")
ASIN_CHARACTERS = digits + ascii_uppercase
ASINS = len(ASIN_CHARACTERS) ** 8
TINTS = {"beauty": "pink", "electronics": "lightblue", "garden": "palegreen", "fashion": "lavender", "grocery": "wheat"}
PICTURE = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 300 300'><rect width='300' height='300' fill='{}'/>"
    "<text x='150' y='160' font-size='26' font-family='sans-serif' text-anchor='middle'>{}</text></svg>"
)


@dataclass(frozen=True)
class GeneratedShop:
    """The contents of upstream's three files."""

    items: list[dict[str, Any]]  # of items_shuffle
    instructions: dict[str, dict[str, Any]]  # of items_ins_v2, by asin
    human: dict[str, list[dict[str, Any]]]  # of items_human_ins, by asin


def generate_shop(seed: int = 0, size: int = 1000) -> GeneratedShop:
    """The products 0 to size - 1 of a seed, on every machine the same.

    Raises:
        ValueError: the seed is no int from 0, or the size no int from 1.
    """
    for name, value, least in (("seed", seed, 0), ("size", size, 1)):
        if type(value) is not int or value < least:
            raise ValueError(f"{name}: expected an int from {least}, got {value!r}")
    shop = GeneratedShop([], {}, {})
    for number in range(size):
        # Of all that Random gives, only the sequence of random() is promised to stay the same.
        draw = random.Random(seed << 40 | number).random
        asin = _asin(seed, number)
        plan = _plan(seed, number, draw)
        shop.items.append(_item(plan, asin, draw))
        shop.instructions[asin] = {"attributes": list(plan.attributes)}
        if len(plan.wanted) >= 2:
            text, attributes = instruction(plan)
            shop.instructions[asin] |= {"instruction": text, "instruction_attributes": attributes}
        if plan.wanted and draw() < HUMAN:
            shop.human[asin] = [{"asin": asin, **human_instruction(plan, draw)}]
    return shop


def write_shop(folder: str | os.PathLike[str], shop: GeneratedShop) -> tuple[Path, Path, Path]:
    """Write a shop as the original reads it; the paths of the products, their attributes and human instructions."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    size = len(shop.items)
    names = (f"items_shuffle_{size}.json", f"items_ins_v2_{size}.json", "items_human_ins.json")
    products, attributes, human = (folder / name for name in names)
    for path, content in ((products, shop.items), (attributes, shop.instructions), (human, shop.human)):
        path.write_text(json.dumps(content), encoding="utf-8")
    return products, attributes, human


@cache
def _shelf() -> list[ProductType]:
    """The types of 1,000 products."""
    return [kind for department in DEPARTMENTS for kind in product_types(department) for _ in range(kind.share)]


def _plan(seed: int, number: int, draw: Draw) -> Plan:
    kind = _shelf()[(number * STRIDE + seed * 7919) % SHELF]
    department = kind.department
    wanted = choose(draw(), department.wanted)
    variety = draw()  # of colors as of sizes; those who have much say less of each
    talk = draw() * (1 - 0.8 * variety)
    count = wanted + int(UNTOLD * talk * talk)
    is_common = draw() < COMMON
    entries = kind.traits[:count] if is_common else favourites(kind.traits, draw, count)
    traits = [entry[0] if is_common else pick(entry, draw) for entry in entries]
    others = sample(kind.siblings, draw, choose(draw(), department.others))
    attributes = dict.fromkeys(name.lower() for name in sample([*traits[:wanted], *others], draw))  # some are both
    chance = draw() if wanted < 2 else 0.15 + 0.85 * draw()  # what has a goal rather has options: none come first
    options = {
        group: _values(kind, group, variety if draw() < 0.8 else draw(), draw)
        for group in kind.option_groups[choose(chance, kind.option_weights)]
    }
    return Plan(
        kind=kind,
        talk=talk,
        brand=_brand(seed, department, number, draw),
        model=_model(number, draw) if draw() < department.model else "",
        noun=pick(kind.nouns, draw),
        look=pick(kind.looks, draw),
        made=pick(kind.made_of, draw),
        used=tuple(sample(kind.used_for, draw, 3)),
        wanted=tuple(traits[:wanted]),
        traits=tuple(traits),
        others=tuple(others),
        attributes=tuple(attributes),
        options=options,
        size=_shown(kind, options, "Size", draw) if department.sized or "Size" in options else "",
        color=_shown(kind, options, "Color", draw),
    )


def _values(kind: ProductType, group: str, variety: float, draw: Draw) -> tuple[str, ...]:
    name = pick(kind.values[group], draw)
    counts = COUNTS.get((kind.department.name, group), OTHER_COUNTS)
    count = counts[int(variety * len(counts))]
    if name in RUNS:
        start = int(draw() * max(1, len(LISTS[name]) - count + 1))
        return LISTS[name][start : start + count]
    return tuple(favourites(LISTS[name], draw, count))


def _shown(kind: ProductType, options: dict[str, tuple[str, ...]], group: str, draw: Draw) -> str:
    """The size or color of the product in the pictures."""
    if group in options:
        return options[group][0]
    return pick(LISTS[kind.values[group][0]], draw) if group in kind.values else ""


def _asin(seed: int, number: int) -> str:
    """Different for all numbers of a seed, since the factor has none in common with ASINS."""
    rest = (number * 1_234_567_890_133 + seed * 987_654_321_007 + 314_159_265_359) % ASINS
    characters = ""
    for _ in range(8):
        rest, position = divmod(rest, len(ASIN_CHARACTERS))
        characters += ASIN_CHARACTERS[position]
    return f"B0{characters}"


def _brand(seed: int, department: Department, number: int, draw: Draw) -> str:
    """One of the brands of a department; the more products, the more brands."""
    brand_number = len(DEPARTMENTS) * int(draw() * (10 + isqrt(number))) + DEPARTMENTS.index(department)
    rest, end = divmod(brand_number * 1021 + seed * 617, len(ENDS))
    rest, middle = divmod(rest, len(MIDDLES))
    return f"{STARTS[rest % len(STARTS)]}{MIDDLES[middle]}{ENDS[end]}".capitalize()


def _model(number: int, draw: Draw) -> str:
    return f"{pick(ascii_uppercase[::4], draw)}{1 + int(draw() * (10 + isqrt(number)))}"


def _item(plan: Plan, asin: str, draw: Draw) -> dict[str, Any]:
    kind = plan.kind
    return {
        "name": product_name(plan, draw),
        "full_description": description(plan, draw),
        "pricing": _pricing(kind, draw),
        "images": [_picture(kind.department.name, plan.noun)],
        "product_category": kind.path,
        "average_rating": "" if draw() < UNRATED else round(5 - 2 * draw() * draw(), 1),
        "small_description": bullets(plan, draw),
        **({"model": plan.model} if plan.model else {}),
        "customization_options": {group: _option(group, values, asin, draw) for group, values in plan.options.items()}
        or "",
        "asin": asin,
        "category": kind.department.name,
        "query": kind.query,
        "page": 1 + int(draw() * draw() * 400),
    }


@cache
def _picture(department: str, noun: str) -> str:
    """A label instead of a photograph, as an address that needs no network."""
    return f"data:image/svg+xml,{quote(PICTURE.format(TINTS[department], noun))}"


def _pricing(kind: ProductType, draw: Draw) -> str:
    if draw() < UNPRICED:
        return ""
    low, high = kind.prices
    dollars = int(low + (high - low) * prod([draw()] * kind.department.skew))
    price = dollars + pick(ENDINGS, draw)
    if draw() >= kind.department.ranges:
        return f"${price:.2f}"
    share = draw()
    highest = min(price + 1 + int(1.5 * dollars * share * share), HIGHEST)
    return f"${price:.2f} - ${highest:.2f}"


def _option(group: str, values: tuple[str, ...], asin: str, draw: Draw) -> list[dict[str, Any]]:
    selected = int(draw() * len(values) * 1.3)  # beyond the last: none
    if group == "Size":
        return [
            {"is_selected": i == selected, "is_available": True, "value": value, "asin": asin}
            for i, value in enumerate(values)
        ]
    return [
        {"is_selected": i == selected, "url": None, "value": value, "price_string": "", "price": 0, "image": None}
        for i, value in enumerate(values)
    ]
