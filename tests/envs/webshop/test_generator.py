"""The generated shop: the same everywhere, in upstream's schema, like the official one, and every goal in reach."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from gigpo_gym.envs.webshop.assortment import cells, lines, product_types
from gigpo_gym.envs.webshop.generator import DEPARTMENTS, SHELF, GeneratedShop, generate_shop, write_shop
from gigpo_gym.envs.webshop.goals import GoalTable
from gigpo_gym.envs.webshop.option_values import COUNTS, LISTS, RUNS
from gigpo_gym.envs.webshop.products import Product, read_products, search_text
from gigpo_gym.envs.webshop.reward import COLOUR_WORDS, is_reachable, title_words
from gigpo_gym.envs.webshop.search import SearchIndex
from gigpo_gym.envs.webshop.traits import BEFORE, FOR, ROLES, SENTENCES, WITH
from gigpo_gym.envs.webshop.wording import with_articles
from gigpo_gym.envs.webshop.words import tokenise

DIGEST = "9d1fb26df15b6817d48fc543c6d843f25db246cbe1439918f3bf37b0e6115823"
DIGEST_CODE = """
import hashlib, json
from gigpo_gym.envs.webshop.generator import generate_shop
shop = generate_shop(5, 300)
print(hashlib.sha256(json.dumps([shop.items, shop.instructions, shop.human]).encode()).hexdigest())
"""

# What upstream's files hold, by key; those with | None may be missing.
ITEM = {
    "name": str,
    "full_description": str,
    "pricing": str,
    "images": list,
    "product_category": str,
    "average_rating": str | float | int,
    "small_description": list | str | None,
    "model": str | None,
    "customization_options": dict | str,
    "asin": str,
    "category": str,
    "query": str,
    "page": int,
}
SIZE = {"is_selected": bool, "is_available": bool, "value": str, "asin": str}
CHOICE = {
    "is_selected": bool,
    "url": str | None,
    "value": str,
    "price_string": str,
    "price": int | float,
    "image": str | None,
}
INSTRUCTION = {"attributes": list, "instruction": str | None, "instruction_attributes": list | None}
HUMAN = {
    "asin": str,
    "instruction": str,
    "attributes": list,
    "options": list,
    "instruction_attributes": list,
    "instruction_options": list,
}
BUTTONS = {
    "search",
    "back to search",
    "< prev",
    "next >",
    "description",
    "features",
    "reviews",
    "attributes",
    "buy now",
}


@pytest.fixture(scope="module")
def shop() -> GeneratedShop:
    return generate_shop()


@pytest.fixture(scope="module")
def stock(shop: GeneratedShop, tmp_path_factory: pytest.TempPathFactory) -> list[Product]:
    """What the environment reads of the shop when it is saved."""
    return list(read_products(*write_shop(tmp_path_factory.mktemp("shop"), shop)))


def groups_of(item: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    return (values for values in (item["customization_options"] or {}).values() if values is not None)


# The same everywhere


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_a_shop_is_the_same_in_every_process(hash_seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", DIGEST_CODE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == DIGEST, "the vocabulary or the drawing has changed: users' shops and splits change"


def test_larger_shops_extend_smaller_ones() -> None:
    small, large = generate_shop(3, 40), generate_shop(3, SHELF + 40)
    assert large.items[:40] == small.items
    assert list(large.instructions.items())[:40] == list(small.instructions.items())
    assert {asin: large.human[asin] for asin in small.human} == small.human


def test_seeds_make_different_shops() -> None:
    shops = [generate_shop(seed, 60) for seed in (0, 1, 2**64)]
    assert len({item["asin"] for shop in shops for item in shop.items}) == 180
    assert len({item["name"] for shop in shops for item in shop.items}) == 180


@pytest.mark.parametrize(("seed", "size"), [(-1, 10), (0.0, 10), (True, 10), (0, 0), (0, "10"), (None, 10)])
def test_what_is_no_seed_or_size_is_refused(seed: Any, size: Any) -> None:
    with pytest.raises(ValueError, match=r"(seed|size): expected an int from [01], got"):
        generate_shop(seed, size)


def test_asins_are_upstreams_and_unique() -> None:
    asins = [item["asin"] for item in generate_shop(1, 3 * SHELF).items]
    assert len(set(asins)) == len(asins)
    assert all(re.fullmatch(r"B0[0-9A-Z]{8}", asin) for asin in asins)


# Upstream's schema


@pytest.fixture(params=["generated", "official"])
def upstream_like(request: pytest.FixtureRequest) -> GeneratedShop:
    """Both, so that the schema here is known to be upstream's."""
    if request.param == "generated":
        shop: GeneratedShop = request.getfixturevalue("shop")
        return shop
    folder: Path = request.getfixturevalue("webshop_data")
    names = ("items_shuffle_1000.json", "items_ins_v2_1000.json", "items_human_ins_subset.json")
    return GeneratedShop(*(json.loads((folder / name).read_bytes()) for name in names))


def is_like(record: dict[str, Any], schema: dict[str, Any]) -> bool:
    return set(record) <= set(schema) and all(isinstance(record.get(key), kind) for key, kind in schema.items())


def test_entries_have_upstreams_keys_and_types(upstream_like: GeneratedShop) -> None:
    for item in upstream_like.items:
        assert is_like(item, ITEM), item
        for values in groups_of(item):
            assert values, item
            assert all(is_like(value, SIZE if "asin" in value else CHOICE) for value in values), item
    assert all(is_like(entry, INSTRUCTION) for entry in upstream_like.instructions.values())
    for asin, entries in upstream_like.human.items():
        assert all(is_like(entry, HUMAN) and entry["asin"] == asin for entry in entries)


def test_every_product_has_its_entry(upstream_like: GeneratedShop) -> None:
    asins = {item["asin"] for item in upstream_like.items}
    assert asins == set(upstream_like.instructions)
    assert asins >= set(upstream_like.human)


def test_instructions_are_formed_as_upstreams(upstream_like: GeneratedShop) -> None:
    queries = {item["asin"]: item["query"] for item in upstream_like.items}
    for asin, entry in upstream_like.instructions.items():
        if "instruction" not in entry:
            continue
        wanted = entry["instruction_attributes"]
        assert len(wanted) >= 2
        assert set(wanted) <= set(entry["attributes"])
        before, _, after = entry["instruction"].removeprefix("Find me ").partition(queries[asin])
        said = [part for part in re.split(r", | with | for ", f"{before.strip()}, {after.strip()}") if part]
        assert [part.removeprefix("with ").removeprefix("for ") for part in said] == wanted


def test_no_product_has_an_attribute_twice() -> None:
    entries = list(generate_shop(4, 1420).instructions.values())
    assert "hair extensions" in entries[1419]["attributes"]  # for hair extensions, and one of them
    assert all(len(set(entry["attributes"])) == len(entry["attributes"]) for entry in entries)


def test_articles_are_as_they_are_said(shop: GeneratedShop) -> None:
    said = "A universal remote and a unit, an aluminum body, An ABS case, a steel one, an hdmi cable, an led, a ledger"
    assert with_articles(re.sub(r"\b(a)n ", r"\1 ", said, flags=re.IGNORECASE)) == said
    for item in shop.items:
        for text in (item["full_description"], *item["small_description"]):
            assert not re.search(r"\b(an uni|a (?!uni)[aeiou]|an [^aeiouhl])", text, re.IGNORECASE), text


def test_human_instructions_name_attributes_and_options_of_their_product(shop: GeneratedShop) -> None:
    for asin, entries in shop.human.items():
        for entry in entries:
            said = entry["instruction"]
            assert entry["attributes"] == shop.instructions[asin]["attributes"]
            assert entry["instruction_attributes"]
            assert set(entry["instruction_attributes"]) <= set(entry["attributes"])
            assert all(text in said for text in (*entry["instruction_attributes"], *entry["instruction_options"]))
            assert len([option for option in entry["options"] if option]) == len(entry["instruction_options"])


def test_a_saved_shop_is_read_whole(shop: GeneratedShop, stock: list[Product]) -> None:
    assert [product.asin for product in stock] == [item["asin"] for item in shop.items]
    assert sum(product.instruction is not None for product in stock) == sum(
        "instruction" in entry for entry in shop.instructions.values()
    )
    assert sum(len(product.human) for product in stock) == len(shop.human)


def test_files_have_upstreams_names(tmp_path: Path) -> None:
    paths = write_shop(tmp_path / "new", generate_shop(0, 20))
    assert [path.name for path in paths] == ["items_shuffle_20.json", "items_ins_v2_20.json", "items_human_ins.json"]
    assert set(paths) == set((tmp_path / "new").iterdir())


# Goals in reach


@pytest.mark.parametrize("kind", ["synthetic", "human"])
def test_every_goal_can_be_reached(stock: list[Product], kind: str) -> None:
    table = GoalTable.build(stock, 0, kind)
    prices = table.prices.tolist()
    for number, place in enumerate(table.product_of(slice(None)).tolist()):
        assert is_reachable(table.goal(number, stock[place]), stock[place], prices[place])


def test_every_goal_has_a_price_limit(stock: list[Product]) -> None:
    assert max(price for product in stock for price in product.prices) < 980


def test_a_products_name_finds_it(stock: list[Product]) -> None:
    index = SearchIndex.build((product.asin, search_text(product)) for product in stock)
    for place, product in enumerate(stock):
        assert place in index.search(product.name, 10).documents.tolist(), product.name


def test_names_have_nouns(stock: list[Product]) -> None:
    assert all(len(title_words(product.name)) >= 2 for product in stock)


@pytest.mark.parametrize("name", LISTS)
def test_no_value_is_cut_down_to_a_colour_word(name: str) -> None:
    for value in LISTS[name]:
        assert next((word for word in COLOUR_WORDS if word in value.lower()), value.lower()) == value.lower()


@pytest.mark.parametrize("name", LISTS)
def test_values_can_be_clicked(name: str) -> None:
    values = [value.lower() for value in LISTS[name]]
    assert len(set(values)) == len(values) >= 2
    assert not BUTTONS & set(values)
    assert all(value == value.strip() and value.isascii() and not set(value) & set("[]/\n") for value in values)


def test_values_of_a_product_differ_between_groups(stock: list[Product]) -> None:
    for product in stock:
        values = [value for _, offered in product.options for value in offered]
        assert len(set(values)) == len(values), product.options


# The vocabulary


def test_shares_of_all_types_fill_the_shelf() -> None:
    shares = [sum(kind.share for kind in product_types(department)) for department in DEPARTMENTS]
    assert dict(zip((d.name for d in DEPARTMENTS), shares, strict=True)) == {
        "beauty": 238,
        "electronics": 229,
        "garden": 216,
        "fashion": 200,
        "grocery": 117,
    }
    assert sum(shares) == SHELF


@pytest.mark.parametrize("department", DEPARTMENTS, ids=lambda department: department.name)
def test_tables_name_only_what_there_is(department: Any) -> None:
    for family in department.families:
        traits = {trait for entry in cells(family.traits) for trait in cells(entry, "/")}
        assert traits <= set(ROLES)
        for line in lines(family.types):
            assert set(cells("".join(cells(line, "|")[4:]))) - {""} <= traits, line
    for kind in product_types(department):
        assert {group for groups in kind.option_groups for group in groups} <= set(kind.values), kind.query
        assert {name for names in kind.values.values() for name in names} <= set(LISTS), kind.query
        assert 0 < kind.prices[0] < kind.prices[1] <= 950
        assert all(len(noun.split()) == 2 for noun in kind.nouns), kind.nouns
        for sentence in (*kind.openings, *kind.fillers):
            sentence.format(it="", look="", brand="", made="", used="", size="")


def test_traits_are_told_once_and_in_two_words() -> None:
    assert len(SENTENCES) == sum(len(lines(table)) for table in (BEFORE, WITH, FOR))
    assert all(len(trait.split()) == 2 for trait in ROLES)
    used = {trait for d in DEPARTMENTS for f in d.families for entry in cells(f.traits) for trait in cells(entry, "/")}
    assert used == set(ROLES)


def test_counts_of_values_rise() -> None:
    assert all(list(counts) == sorted(counts) and len(counts) == 20 for counts in COUNTS.values())
    assert set(LISTS) > RUNS


# Numbers: the official 1,000 products have those in the comments


def test_products_are_as_many_and_as_varied(stock: list[Product]) -> None:
    assert len({product.query for product in stock}) == 240  # 246
    assert 380 <= sum(bool(product.options) for product in stock) <= 500  # 423
    assert 2800 <= sum(len(values) for product in stock for _, values in product.options) <= 4200  # 3,499
    assert 780 <= sum(bool(product.attributes) for product in stock) <= 880  # 815
    assert 380 <= sum(product.instruction is not None for product in stock) <= 460  # 415
    assert 140 <= sum(product.instruction is not None and not product.options for product in stock) <= 220  # 185
    assert 30 <= sum(len(product.human) for product in stock) <= 120  # 13
    wanted = [len(product.instruction_attributes) for product in stock if product.instruction]
    assert 2.8 <= mean(wanted) <= 3.6  # 3.4
    assert 5500 <= len(GoalTable.build(stock, 0, "synthetic")) <= 8500  # 6,910


def test_texts_are_about_as_long(shop: GeneratedShop, stock: list[Product]) -> None:
    assert 13 <= median(len(product.name.split()) for product in stock) <= 20  # 18
    assert 240 <= sum(not product.description for product in stock) <= 360  # 301
    assert median(len(product.bullets) for product in stock) == 5  # 5
    assert 80 <= mean(len(tokenise(search_text(product))) for product in stock) <= 140  # 130
    assert 60 <= sum(not item["pricing"] for item in shop.items) <= 120  # 89
    assert 60 <= sum(len(product.prices) == 2 for product in stock) <= 130  # 93


def test_a_tiny_policy_can_know_all_words(stock: list[Product]) -> None:
    texts = [(search_text(p), *p.bullets, p.query, *p.attributes, *(h.instruction for h in p.human)) for p in stock]
    assert len({word.lower() for parts in texts for part in parts for word in tokenise(part)}) <= 3500  # 18,270


def test_larger_shops_have_more_brands() -> None:
    brands = [item["name"].split()[0] for item in generate_shop(0, 6 * SHELF).items]
    assert len(set(brands)) > 1.5 * len(set(brands[:SHELF]))


def test_products_of_a_query_compete(stock: list[Product]) -> None:
    """Many have some of what a goal asks for and few have all, and an instruction often finds another one first."""
    index = SearchIndex.build((product.asin, search_text(product)) for product in stock)
    half, whole, found = [], [], []
    for place, product in enumerate(stock):
        if product.instruction:
            wanted = set(product.instruction_attributes)
            others = [p for p in stock if p.query == product.query and p is not product]
            half.append(sum(2 * len(wanted & set(other.attributes)) >= len(wanted) for other in others))
            whole.append(any(wanted <= set(other.attributes) for other in others))
            hits = index.search(product.instruction).documents.tolist()
            found.append(hits.index(place) if place in hits else len(stock))
    assert mean(half) >= 0.3
    assert mean(whole) <= 0.2
    assert 0.25 <= mean(place == 0 for place in found) <= 0.53
    assert mean(place < 10 for place in found) >= 0.7
