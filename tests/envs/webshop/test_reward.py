"""The score of a purchase: every recorded case, and what the recordings do not hold."""

import json
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gigpo_gym.envs.webshop.goals import Goal, GoalTable, Option
from gigpo_gym.envs.webshop.products import Product
from gigpo_gym.envs.webshop.reward import (
    COLOUR_WORDS,
    FUNCTION_WORDS,
    Score,
    is_reachable,
    score_purchase,
    spacy_nouns,
    title_words,
)

LAMP = Product(
    asin="B1",
    name="Brass Lamp",
    description="It is Bright.",
    bullets=("Easy Clean", "Soft light"),
    price_text="$25.0",
    prices=(25.0,),
    options=(),
    category="garden",
    query="lamps",
    product_category="Home \u203a Lights \u203a Lamps",
    attributes=("energy saving",),
    image="",
    instruction=None,
    instruction_attributes=(),
    human=(),
)
GOAL = Goal("B1", "garden", "lamps", LAMP.name, LAMP.product_category, "", ("energy saving",), 30.0, (), 1.0)


def score(product: Product = LAMP, price: float = 25.0, options: tuple[str, ...] = (), **wanted: object) -> Score:
    goal = replace(GOAL, **wanted)  # type: ignore[arg-type]
    return score_purchase(goal, product, price, {str(number): value for number, value in enumerate(options)})


# The original's -----------------------------------------------------------------------------------------------------


def test_every_recorded_score_and_all_its_parts(webshop_data: Path, products: list[Product]) -> None:
    by_asin = {product.asin: product for product in products}
    cases = list(map(json.loads, (webshop_data / "golden_rewards.jsonl").read_text().splitlines()))
    assert len(cases) == 1384
    for case in cases:
        wanted = case["goal"]
        options = wanted["goal_options"]
        goal = Goal(
            asin=wanted["asin"],
            category="",
            query=wanted["query"],
            name=wanted["name"],
            product_category=wanted["product_category"],
            instruction="",
            attributes=tuple(wanted["attributes"]),
            price_upper=wanted["price_upper"],
            options=tuple(options.items() if isinstance(options, dict) else options),
            weight=1.0,
        )
        got = score_purchase(goal, by_asin[case["asin"]], case["price"], case["options"])
        assert (got.score, got.base_without_r_type) == (case["reward"], case["base_without_r_type"])
        assert list(got.parts().items()) == list(case["info"].items())


@pytest.mark.parametrize(("kind", "reachable", "goals"), [("synthetic", 6452, 6910), ("human", 13, 13)])
def test_which_goals_can_be_reached(products: list[Product], kind: str, reachable: int, goals: int) -> None:
    table = GoalTable.build(products, 0, kind)
    found = []
    for index, owner in enumerate(table.product_of(slice(None))):
        product = products[owner]
        found.append(is_reachable(table.goal(index, product), product, float(table.prices[owner])))
    assert (sum(found), len(found)) == (reachable, goals)


def test_the_lists_of_words_are_the_recorded_ones(webshop_data: Path) -> None:
    assert list(COLOUR_WORDS) == json.loads((webshop_data / "color_words.json").read_text())
    assert sorted(FUNCTION_WORDS) == json.loads((webshop_data / "function_words.json").read_text())


# Parts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "hit"),
    [
        ("energy saving", True),
        ("saving, ENERGY!", True),
        ("energy savings", True),  # 96
        ("energy saver", False),  # 80
        ("brass", True),  # in the title
        ("clean soft", True),  # bullets are joined by a space
        ("bright.", True),  # in the description
        ("Bright.", False),  # the texts are in lower case, the attribute stays as it is
        ("warm", False),
    ],
)
def test_attributes(attribute: str, hit: bool) -> None:
    assert score(attributes=(attribute,)).r_att == hit
    assert score(attributes=("energy saving", attribute)).r_att == (0.5 + 0.5 * hit)


@pytest.mark.parametrize(
    ("wanted", "chosen", "hit"),
    [
        ("medium", "medium", True),
        ("light blue", "dark blue", True),  # both are blue: of the two words in each, the first by alphabet counts
        ("standard", "tan", True),
        ("large", "x-large", True),  # all of its words
        ("large", "small", False),
        ("b_c", "b c", False),  # an underscore is a letter to thefuzz, and 67 is too little
        ("é9", "9", True),  # signs of Latin-1 vanish
        ("9★8", "9 8", True),  # others become spaces
        ("★", "★", True),  # equal
        ("★", "☆", False),  # nothing is left
        (("size", "medium"), "medium", True),
        (("color", "blue"), "dark blue", True),
        (("color", "sky blue"), "sky blue", True),  # `blue` is among the words of the pair
        (("color", "r.brown137"), "r.brown137", False),  # `brown` is not
        (("tan", "x"), "tan", True),
    ],
)
def test_options(wanted: Option, chosen: str, hit: bool) -> None:
    assert score(options=(chosen,), attributes=("energy saving",)).r_option is None
    goal = replace(GOAL, options=(wanted,))
    assert score_purchase(goal, LAMP, 25.0, {"any": chosen}).r_option == hit


def test_one_choice_may_meet_several_wishes_but_no_wish_counts_twice() -> None:
    goal = replace(GOAL, options=("large", "x-large", "red"))
    assert score_purchase(goal, LAMP, 25.0, {"size": "x-large"}).r_option == 2 / 3
    assert score_purchase(goal, LAMP, 25.0, {"size": "x-large", "fit": "large"}).r_option == 2 / 3
    assert score_purchase(goal, LAMP, 25.0, {}).r_option == 0


def test_85_and_a_half_rounds_up() -> None:
    # 2 * 171 / 400: half a hundredth above 85.
    wanted, chosen = "q" * 171 + "w" * 29, "q" * 171 + "z" * 29
    assert score_purchase(replace(GOAL, options=(wanted,)), LAMP, 25.0, {"": chosen}).r_option == 1
    wanted, chosen = "q" * 170 + "w" * 30, "q" * 170 + "z" * 30
    assert score_purchase(replace(GOAL, options=(wanted,)), LAMP, 25.0, {"": chosen}).r_option == 0


@pytest.mark.parametrize(("price", "met"), [(29.99, True), (30.0, True), (30.01, False)])
def test_the_price(price: float, met: bool) -> None:
    assert score(price=price).r_price is met
    assert score(price=price).score == (1.0 if met else 0.5)


@pytest.mark.parametrize(
    ("title", "query", "category", "r_type"),
    [
        ("Brass Lamp", "other", "", 1.0),
        ("brass one two three four", "other", "", 0.5),  # a fifth is not enough
        ("brass one two three four", "lamps", "", 1.0),
        ("brass one two three four", "other", "Lamps \u203a Home", 1.0),
        ("brass one two three four", "other", "Home \u203a Home", 0.5),
        ("brass 1a 2a 3a 4a 5a 6a 7a 8a 9a", "lamps", "Home \u203a Lamps", 1.0),
        ("brass 1a 2a 3a 4a 5a 6a 7a 8a 9a 10a", "lamps", "Home \u203a Lamps", 0.1),  # less than a tenth, whatever else
        ("one two", "lamps", "Home \u203a Lamps", 0.0),
        ("lamp lamp lamp lamp lamp lamp lamp lamp lamp lamp lamp", "lamps", "", 0.1),  # the goal's repeats count
        ("1 2 of the", "lamps", "", 1.0),  # no nouns
        ("1 2 of the", "other", "", 0.5),
    ],
)
def test_the_type(title: str, query: str, category: str, r_type: float) -> None:
    got = score(name=title, query=query, product_category=category)
    assert got.r_type == r_type
    assert (got.score, got.base_without_r_type) == (r_type, 1.0)


def test_nouns_can_be_found_in_another_way() -> None:
    goal = replace(GOAL, name="Steel Lamp", query="other", product_category="")
    assert score_purchase(goal, LAMP, 25.0, {}).title_score == 0.5
    assert score_purchase(goal, LAMP, 25.0, {}, lambda title: [title.split()[0]]).score == 0


def test_title_words() -> None:
    title = "The A-1 Lamp's 2x4 for x 100% ÉTÉ_9b 一二 lamp"
    assert title_words(title) == ["lamp", "2x4", "été", "9b", "一二", "lamp"]


# spaCy --------------------------------------------------------------------------------------------------------------


def test_a_spacy_model_can_find_the_nouns(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    model = spacy.blank("en")
    ruler = model.add_pipe("attribute_ruler")
    for word, tag in {"Lamp": "NOUN", "Brass": "PROPN", "bright": "ADJ"}.items():
        ruler.add(patterns=[[{"ORTH": word}]], attrs={"POS": tag})
    model.meta["name"], model.meta["version"] = "toy", "1.2.3"
    model.to_disk(tmp_path / "toy")
    nouns = spacy_nouns(str(tmp_path / "toy"))
    assert nouns("Brass bright Lamp, Lamp") == ("brass", "lamp", "lamp")
    assert nouns.version == "en_toy-1.2.3"
    assert spacy_nouns(str(tmp_path / "toy")) is nouns is pickle.loads(pickle.dumps(nouns))
    assert score_purchase(replace(GOAL, name="bright Lamp"), LAMP, 25.0, {}, nouns).title_score == 1


def test_a_missing_spacy_model_is_named() -> None:
    pytest.importorskip("spacy")
    with pytest.raises(ImportError, match=r"expected the spaCy model none_such, .* python -m spacy download none_such"):
        spacy_nouns("none_such")


def test_missing_spacy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ImportError, match=r"pip install 'gigpo-gym\[spacy\]'"):
        spacy_nouns("any")
