"""Goals: the original's, drawn prices and limits included, and what must hold of any shop."""

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import product as combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigpo_gym.envs.webshop import goals as goals_module
from gigpo_gym.envs.webshop.goals import NO_LIMIT, Goal, GoalTable
from gigpo_gym.envs.webshop.products import HumanInstruction, Product

SHIRT = Product(
    asin="B1",
    name="Shirt",
    description="",
    bullets=(),
    price_text="$25.0",
    prices=(25.0,),
    options=(("size", ("s", "m", "l")), ("color", ("red", "blue"))),
    category="fashion",
    query="shirts",
    product_category="Clothing",
    attributes=("soft",),
    image="",
    instruction="Find me shirts",
    instruction_attributes=("soft",),
    human=(
        HumanInstruction("not a goal", (), ()),
        HumanInstruction("...i want a red shirt..", ("soft",), ("red",)),
        HumanInstruction("big one", ("soft", "warm"), ("l", "blue")),
    ),
)


def all_goals(table: GoalTable, products: list[Product]) -> list[Goal]:
    return [table.goal(index, products[owner]) for index, owner in enumerate(table.product_of(slice(None)))]


def as_recorded(goal: Goal, kind: str) -> dict[str, Any]:
    options: Any = dict(goal.options) if kind == "synthetic" else list(goal.options)  # type: ignore[arg-type]
    return {
        "asin": goal.asin,
        "category": goal.category,
        "query": goal.query,
        "name": goal.name,
        "product_category": goal.product_category,
        "instruction_text": goal.instruction,
        "attributes": list(goal.attributes),
        "price_upper": goal.price_upper,
        "goal_options": options,
        "weight": goal.weight,
    }


# The original's -----------------------------------------------------------------------------------------------------


def test_prices_are_the_recorded_ones(webshop_data: Path, products: list[Product]) -> None:
    recorded = json.loads((webshop_data / "golden_prices_seed0.json").read_text())
    for kind in ("synthetic", "human"):
        prices = GoalTable.build(products, 0, kind).prices.tolist()
        assert dict(zip((product.asin for product in products), prices, strict=True)) == recorded


@pytest.mark.parametrize(("kind", "goals", "lines"), [("synthetic", 6910, 1728), ("human", 13, 13)])
def test_goals_are_the_recorded_ones(
    webshop_data: Path, products: list[Product], kind: str, goals: int, lines: int
) -> None:
    table = GoalTable.build(products, 0, kind)
    recorded = list(map(json.loads, (webshop_data / f"golden_goals_{kind}_seed0.jsonl").read_text().splitlines()))
    assert (len(table), len(recorded)) == (goals, lines)
    for number, record in enumerate(recorded):
        index = record.pop("index", number)
        assert as_recorded(table.goal(index, products[int(table.product_of(index))]), kind) == record


# Laws ---------------------------------------------------------------------------------------------------------------


def test_every_combination_of_options_is_a_goal_once(products: list[Product]) -> None:
    table = GoalTable.build(products, 0, "synthetic")
    made = Counter((goal.asin, goal.options) for goal in all_goals(table, products))
    expected: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    for product in products:
        if product.instruction is not None:
            groups = sorted(product.options)
            for values in combinations(*(offered for _, offered in groups)):
                expected[product.asin, tuple(zip((group for group, _ in groups), values, strict=True))] += 1
    assert made == expected


@pytest.mark.parametrize("kind", ["synthetic", "human"])
def test_arrays_make_the_same_table(tmp_path: Path, products: list[Product], kind: str) -> None:
    table = GoalTable.build(products, 0, kind)
    np.savez(tmp_path / "goals.npz", allow_pickle=False, **table.arrays())
    with np.load(tmp_path / "goals.npz") as arrays:
        kept = GoalTable(**arrays)
    assert all_goals(kept, products) == all_goals(table, products)


def test_the_data_seed_decides_prices_and_limits_and_nothing_else(products: list[Product]) -> None:
    zero, again, one = (GoalTable.build(products, seed, "synthetic") for seed in (0, 0, 1))
    assert (zero.prices == again.prices).all()
    assert (zero.limits == again.limits).all()
    assert (zero.prices != one.prices).sum() == sum(len(product.prices) == 2 for product in products)
    assert (zero.limits != one.limits).any()
    assert (zero.order == one.order).all()
    assert (zero.weights == one.weights).all()


def test_the_limit_is_one_to_four_tens_above_the_price() -> None:
    prices = [*np.random.default_rng(0).uniform(0, 1000, 500).tolist(), 0.0, 10.0, 969.99, 970.0, 979.99]
    shop = [replace(SHIRT, prices=(price,)) for price in prices]
    table = GoalTable.build(shop, 0, "synthetic")
    for price, limit in zip(prices, table.limits.tolist(), strict=True):
        if price < 980:
            assert price + 10 < limit <= min(price + 40, 990)
            assert limit % 10 == 0
        else:
            assert limit == NO_LIMIT
    goal = GoalTable.build([replace(SHIRT, prices=(980.0,))], 0, "synthetic").goal(0, SHIRT)
    assert (goal.price_upper, "price" in goal.instruction) == (NO_LIMIT, False)


def test_a_price_in_a_range_lies_in_it() -> None:
    prices = GoalTable.build([replace(SHIRT, prices=(5.0, 9.0))] * 100, 0, "human").prices
    assert ((prices >= 5) & (prices <= 9)).all()
    assert np.ptp(prices) > 3


def test_human_goals_want_values_and_skip_what_has_no_attributes() -> None:
    table = GoalTable.build([SHIRT], 0, "human")
    goals = {goal.attributes: goal for goal in all_goals(table, [SHIRT])}
    assert len(goals) == len(table) == 2
    first, second = goals["soft",], goals["soft", "warm"]
    assert (first.options, second.options) == (("red",), ("l", "blue"))
    assert first.instruction == f"i want a red shirt, and price lower than {first.price_upper:.2f} dollars"
    assert first.weight == second.weight == 1


def test_rare_attributes_weigh_more() -> None:
    mug = replace(SHIRT, asin="B2", options=(), instruction_attributes=("soft", "warm"))
    table = GoalTable.build([SHIRT, mug], 0, "synthetic")
    weights = {goal.asin: goal.weight for goal in all_goals(table, [SHIRT, mug])}
    assert weights == {"B1": 1 / 7, "B2": (1 / 7 + 1) / 2}


def test_a_group_without_values_makes_no_goals_but_draws_a_limit() -> None:
    bare = replace(SHIRT, options=(("size", ()),))
    table = GoalTable.build([bare, SHIRT, bare], 0, "synthetic")
    assert len(table) == 6
    assert (table.product_of(slice(None)) == 1).all()
    rng = random.Random(0)
    assert table.limits.tolist() == [max(rng.sample([30.0, 40.0, 50.0, 60.0], 2)) for _ in range(3)]
    assert len(GoalTable.build([bare], 0, "synthetic")) == 0


def test_choices_are_what_clicking_chooses() -> None:
    product = replace(SHIRT, options=(("inner", ("red", "tan")), ("outer", ("red", "blue"))))
    goal = GoalTable.build([SHIRT], 0, "human").goal(0, SHIRT)
    # A page with a value twice gives the click to the last.
    assert replace(goal, options=("red", "none such")).choices(product) == {"outer": "red"}
    assert replace(goal, options=(("inner", "tan"), ("outer", "blue"))).choices(product) == {
        "inner": "tan",
        "outer": "blue",
    }
    assert replace(goal, options=(("inner", "red"), ("outer", "blue"))).choices(product) == {"outer": "blue"}


def test_goals_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = replace(SHIRT, options=tuple((str(n), ("a", "b")) for n in range(100)))
    with pytest.raises(ValueError, match=r"expected at most 67,108,864 goals, got 1,267,.* up to product 'B1'"):
        GoalTable.build([endless], 0, "synthetic")
    monkeypatch.setattr(goals_module, "MAX_GOALS", 11)
    with pytest.raises(ValueError, match="expected at most 11 goals, got 12"):
        GoalTable.build([SHIRT, SHIRT], 0, "synthetic")


def test_programmer_errors() -> None:
    with pytest.raises(ValueError, match="expected kind to be one of"):
        GoalTable.build([SHIRT], 0, "robot")
    table = GoalTable.build([SHIRT], 0, "synthetic")
    with pytest.raises(IndexError):
        table.goal(6, SHIRT)
    assert table.goal(-1, SHIRT) == table.goal(5, SHIRT)
