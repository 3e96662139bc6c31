"""Pages: how actions are read, and where odd products and queries lead."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gigpo_gym.envs.webshop.pages import DONE, ITEM, RESULTS, SUB_PAGE, Place, follow, parse_action, plain_text, show
from gigpo_gym.envs.webshop.products import Product


def product(asin: str = "B000000001", **more: object) -> Product:
    fields = dict.fromkeys(Product.__slots__, "") | {
        "asin": asin,
        "name": "A lamp",
        "bullets": ("bright",),
        "price_text": "$9.99",
        "prices": (9.99,),
        "options": (),
        "attributes": ("led",),
        "instruction": None,
        "instruction_attributes": (),
        "human": (),
    }
    return Product(**(fields | more))  # type: ignore[arg-type]


class Shelf:
    """A shop where every search finds everything, but for `nothing`."""

    def __init__(self, *products: Product) -> None:
        self.products = products

    def product(self, number: int) -> Product:
        return self.products[number]

    def results(self, keywords: tuple[str, ...]) -> tuple[int, ...] | None:
        return None if keywords == ("nothing",) else tuple(range(len(self.products)))


def walk(shelf: Shelf, *actions: str, show_attributes: bool = False) -> Place:
    """Where actions lead, all of which must be valid."""
    place = Place()
    for action in actions:
        following = follow(place, action, show(place, "find me a lamp", shelf, 0.0, show_attributes), shelf)
        assert following is not None, action
        place = following
    return place


@given(st.text(alphabet="ab[]\n é", max_size=30))
@example("search[a]]")
@example("[[]]")
@example("click[a\nb]")
def test_actions_are_read_as_the_originals_expression_reads_them(action: str) -> None:
    match = re.match(r"(.+)\[(.+)\]", action)
    assert parse_action(action) == (match and (match[1], match[2].lower()))


def test_a_megabyte_of_brackets_is_read_at_once() -> None:
    assert parse_action("[" * 1_000_000) is None
    assert parse_action("click" + "[" * 1_000_000 + "x]") == ("click" + "[" * 999_999, "x")


@pytest.mark.parametrize(
    ("query", "kind", "page"),
    [
        ("lamps", RESULTS, 1),
        ("search_results", RESULTS, 0),  # the original reads the page before the first one off the address
        ("item_page", RESULTS, 1),
        ("done", RESULTS, 1),
    ],
)
def test_words_in_the_address_decide_where_back_from_a_product_leads(query: str, kind: str, page: int) -> None:
    place = walk(Shelf(product()), f"search[{query}]", "click[b000000001]", "click[< prev]")
    assert (place.kind, place.page, place.product) == (kind, page, -1)


@pytest.mark.parametrize(
    ("query", "kind"), [("lamps", ITEM), ("item_page", RESULTS), ("search_results", RESULTS), ("item_sub_page", ITEM)]
)
def test_words_in_the_address_decide_where_back_from_a_sub_page_leads(query: str, kind: str) -> None:
    place = walk(Shelf(product()), f"search[{query}]", "click[b000000001]", "click[features]", "click[< prev]")
    assert place.kind == kind


def test_an_option_in_the_address_counts_like_a_query() -> None:
    shelf = Shelf(product(options=(("kind", ("search_results", "plain")),)))
    actions = "search[x]", "click[b000000001]", "click[search_results]", "click[< prev]"
    assert walk(shelf, *actions).page == 0


def test_of_two_groups_with_the_same_value_the_last_one_gets_it() -> None:
    shelf = Shelf(product(options=(("inside", ("red", "blue")), ("outside", ("red",)))))
    place = walk(shelf, "search[x]", "click[b000000001]", "click[red]", "click[blue]", "click[red]")
    assert place.options == (("outside", "red"), ("inside", "blue"))


def test_an_option_named_like_a_button_does_what_the_button_does() -> None:
    shelf = Shelf(product(options=(("kind", ("description", "buy now", "attributes", "search", "next >")),)))
    item = "search[x]", "click[b000000001]"
    assert walk(shelf, *item, "click[description]").kind == SUB_PAGE
    assert walk(shelf, *item, "click[buy now]").kind == DONE
    assert walk(shelf, *item, "click[attributes]").sub_page == "Attributes"
    assert walk(shelf, *item, "click[next >]").options == (("kind", "next >"),)
    here = walk(shelf, *item)
    assert follow(here, "click[search]", show(here, "", shelf, 0.0, False), shelf) is None


def test_searching_anew_forgets_the_product_and_its_options() -> None:
    shelf = Shelf(product(options=(("size", ("s", "m")),)))
    place = walk(shelf, "search[a]", "click[b000000001]", "click[m]", "search[b]")
    assert place == Place(RESULTS, ("b",), 1)


def test_empty_pages_go_on_for_ever_and_back() -> None:
    shelf = Shelf(*(product(f"B{number:09}") for number in range(25)))
    place = walk(shelf, "search[x]", *["click[next >]"] * 4)
    assert "B000000024" not in plain_text(show(place, "", shelf, 0.0, False))
    back = walk(shelf, "search[x]", *["click[next >]"] * 4, "click[< prev]", "click[< prev]")
    assert "B000000024" in plain_text(show(back, "", shelf, 0.0, False))


def test_what_the_reader_of_pages_drops() -> None:
    shelf = Shelf(product(name="", description=" \n ", bullets=("", "\t", "real")))
    item = walk(shelf, "search[x]", "click[b000000001]")
    assert " [SEP]  [SEP] " not in plain_text(show(item, "x", shelf, 0.0, False))
    description = walk(shelf, "search[x]", "click[b000000001]", "click[description]")
    assert plain_text(show(description, "x", shelf, 0.0, False)).endswith("< Prev")
    features = walk(shelf, "search[x]", "click[b000000001]", "click[features]")
    assert plain_text(show(features, "x", shelf, 0.0, False)).endswith("< Prev [SEP]  [SEP]  [SEP] real")


def test_nothing_leads_on_from_a_purchase() -> None:
    shelf = Shelf(product())
    place = walk(shelf, "search[x]", "click[b000000001]", "click[buy now]")
    page = show(place, "", shelf, 0.5, False)
    assert page.targets == {}
    for action in ("search[x]", "click[back to search]", "click[buy now]"):
        assert follow(place, action, page, shelf) is None
    assert "Your score (min 0.0, max 1.0) [SEP] 0.5 [SEP]" in plain_text(page)
