"""WebShop's pages: where a session stands, what stands there to read and to click, and where an action leads.

Rules: `web_agent_site` of WebShop (Yao et al., 2022), whose server renders pages by templates and reads them back as
text. Here a page is the list of its texts, and there is no HTML.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from gigpo_gym.envs.webshop.products import Product

PAGE_SIZE = 10  # products on a page of results

START, RESULTS, ITEM, SUB_PAGE, DONE = "start", "results", "item", "sub page", "done"

BACK, PREV, NEXT, BUY = "Back to Search", "< Prev", "Next >", "Buy Now"
SUB_PAGES = ("Description", "Features", "Reviews", "Attributes")

_SUB_PAGE_OF = {name.lower(): name for name in SUB_PAGES}
_WHITE_SPACE = " \t\n\r\f\v"  # ASCII's, as the original's reader of HTML has it


class Shelf(Protocol):
    """What pages need of a catalogue. Products are numbered."""

    def product(self, number: int) -> Product: ...

    def results(self, keywords: tuple[str, ...]) -> "tuple[int, ...] | None":
        """The products that a search finds, best first; None where it cannot be done."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session stands: all that the pages to come depend on, the goal apart."""

    kind: str = START
    keywords: tuple[str, ...] = ()
    page: int = 0  # of the results, from 1
    product: int = -1
    options: tuple[tuple[str, str], ...] = ()  # name and value, in the order in which names were first chosen
    sub_page: str = ""


class Item(NamedTuple):
    """A piece of a page."""

    kind: str  # one of the following
    text: str


TEXT, BUTTON, OPTION, LINK = "text", "button", "option", "link"


class Target(NamedTuple):
    """What is behind something to click: a button, a product, or a value of a group of options."""

    product: int = -1
    option: str = ""  # name of the group


class Page(NamedTuple):
    """What a place shows."""

    items: list[Item]
    targets: dict[str, Target]  # by what has to be clicked, in the original's order


def parse_action(action: str) -> tuple[str, str] | None:
    """Name and argument of an action such as `click[buy now]`; None where it has not that form.

    The original's expression `(.+)\\[(.+)\\]`, matched at the start: no line breaks, as much as can be before the
    bracket, and anything after the last one. The argument is lower-cased.
    """
    line = action.partition("\n")[0]
    end = line.rfind("]")
    start = line.rfind("[", 1, max(end - 1, 1))
    return None if start < 0 else (line[:start], line[start + 1 : end].lower())


def show(place: Place, instruction: str, shelf: Shelf, reward: float, show_attributes: bool) -> Page:
    """The page of a place; `reward` is the score of the purchase where there was one."""
    if place.kind == DONE:
        return _page(_receipt(shelf.product(place.product), place.options, reward), {})
    if place.kind == START:
        return _page([(TEXT, "WebShop"), (TEXT, "Instruction: "), (TEXT, instruction), (BUTTON, "Search")], {})
    head = [(TEXT, "Instruction:"), (TEXT, instruction), (BUTTON, BACK)]
    if place.kind == RESULTS:
        return _results_page(head, place, shelf)
    product = shelf.product(place.product)
    head.append((BUTTON, PREV))
    if place.kind == SUB_PAGE:
        return _page([*head, *((TEXT, text) for text in _sub_page_texts(product, place.sub_page))], {})
    return _item_page(head, product, show_attributes)


def _results_page(head: list[tuple[str, str]], place: Place, shelf: Shelf) -> Page:
    found = shelf.results(place.keywords) or ()
    numbers = found[(place.page - 1) * PAGE_SIZE : place.page * PAGE_SIZE]
    head.append((TEXT, f"Page {place.page} (Total results: {len(found)})"))
    if place.page > 1:
        head.append((BUTTON, PREV))
    head.append((BUTTON, NEXT))
    links = {}
    for number in numbers:
        product = shelf.product(number)
        head += [(LINK, product.asin), (TEXT, product.name), (TEXT, product.price_text)]
        links[product.asin.lower()] = Target(product=number)
    return _page(head, links)


def _item_page(head: list[tuple[str, str]], product: Product, show_attributes: bool) -> Page:
    values = {}
    for name, group in product.options:
        head.append((TEXT, name))
        for value in group:
            head.append((OPTION, value))
            values[value] = Target(option=name)
    head += [(TEXT, product.name), (TEXT, f"Price: {product.price_text}"), (TEXT, "Rating: N.A.")]
    head += [(BUTTON, name) for name in SUB_PAGES[: 4 if show_attributes else 3]]
    return _page([*head, (BUTTON, BUY)], values)


def _sub_page_texts(product: Product, name: str) -> list[str]:
    if name == "Description":
        return [product.description]
    if name == "Features":
        return [f" {bullet}" for bullet in product.bullets]
    if name == "Attributes":
        attributes = [f" {attribute}" for attribute in product.attributes]
        return [*attributes, product.category, product.query, product.product_category]
    return []  # the original loads no reviews


def _receipt(product: Product, options: tuple[tuple[str, str], ...], reward: float) -> list[tuple[str, str]]:
    chosen = json.dumps(dict(options), sort_keys=True)
    for sign in "<>&'":
        chosen = chosen.replace(sign, f"\\u{ord(sign):04x}")
    texts = ["Thank you for shopping with us!", "Your code: ", "None", " (Paste it in your MTurk interface.)"]
    texts += ["Purchased", "asin", product.asin, "options", chosen, "attrs", "None", "category", "None"]
    texts += ["query", "None", "product category", "None", "Target", "asin", "options", "attrs", "price upper"]
    texts += ["instuction text", "category", "product category", "query", "Goal ", "None", "Reward"]  # sic
    texts += ["Your score (min 0.0, max 1.0)", repr(reward), "Reward Details ", "None"]
    return [(TEXT, text) for text in texts]


def _page(pieces: list[tuple[str, str]], targets: dict[str, Target]) -> Page:
    """The page of pieces; its buttons come before the other targets, which win where the names are equal."""
    return Page(_items(pieces), {text.lower(): Target() for kind, text in pieces if kind == BUTTON} | targets)


def _items(pieces: Iterable[tuple[str, str]]) -> list[Item]:
    """Pieces as the original's reader of HTML leaves them: it drops empty ones and line breaks."""
    items = []
    for kind, text in pieces:
        if text and not text.strip(_WHITE_SPACE):
            text = "" if "\n" in text else " "
        if text:
            items.append(Item(kind, text))
    return items


def follow(place: Place, action: str, page: Page, shelf: Shelf) -> Place | None:
    """Where an action on `page`, which is the page of `place`, leads; None where it is invalid.

    A search can be made from any page. `buy now` leads to DONE, and nothing leads on from there.
    """
    name, argument = parse_action(action) or ("", "")
    if place.kind == DONE:
        return None
    if name == "search":
        keywords = tuple(argument.split(" "))
        return None if shelf.results(keywords) is None else Place(RESULTS, keywords, page=1)
    if name != "click" or argument not in page.targets or argument == "search":
        return None
    if argument == BUY.lower():
        return replace(place, kind=DONE)
    if argument == BACK.lower():
        return Place()
    address = _address_kind(place)
    if argument == NEXT.lower() and address == RESULTS:
        return Place(RESULTS, place.keywords, place.page + 1)
    if argument == PREV.lower() and address == RESULTS:
        return Place(RESULTS, place.keywords, place.page - 1)
    if argument == PREV.lower() and address == ITEM:
        return Place(RESULTS, place.keywords, place.page)
    if argument != PREV.lower() and argument in _SUB_PAGE_OF:
        return replace(place, kind=SUB_PAGE, sub_page=_SUB_PAGE_OF[argument])
    target = page.targets[argument]
    if target.product >= 0:
        return Place(ITEM, place.keywords, place.page, target.product)
    options = place.options
    if target.option:
        options = tuple((dict(options) | {target.option: argument}).items())
    return replace(place, kind=ITEM, options=options, sub_page="")


def _address_kind(place: Place) -> str:
    """The kind of page that the original takes this one for: it looks for words in the address, and what was searched
    and chosen stands there too."""
    if place.kind in (ITEM, SUB_PAGE):
        words = "/".join(("+".join(place.keywords), *(text for option in place.options for text in option)))
        if "search_results" in words:
            return RESULTS
        if "item_page" in words:
            return ITEM
    return place.kind


def plain_text(page: Page) -> str:
    """The observation `text`: nothing tells buttons from texts, or what was clicked."""
    return " [SEP] ".join(item.text.strip() for item in page.items)


def rich_text(page: Page, place: Place, visited: frozenset[str]) -> str:
    """The observation `text_rich`: a line an item, with marks for buttons and for what was clicked.

    An option counts as clicked where it stands in double quotes in the original's address, which holds the query and
    the chosen options as JSON. `visited` holds the asins of the products opened since the start page.
    """
    address = ""
    if place.kind == ITEM:
        address = f"{'+'.join(place.keywords)}/{place.page}/{json.dumps(dict(place.options))}"
    lines, clicked = [], []
    for kind, text in page.items:
        if kind == OPTION and f'"{text}"' in address:
            clicked.append(f"You have clicked {text}.\n")
            lines.append(f"  {_CLICKED(text)}\n")
        elif kind == LINK and text in visited:
            lines.append(f"\n{_CLICKED(text)}\n")
        else:
            lines.append(_MARKS[kind](text) + "\n")
    return "".join(clicked[::-1] + lines)


_CLICKED: Callable[[str], str] = "[clicked button] {} [clicked button_]".format
_MARKS: dict[str, Callable[[str], str]] = {
    TEXT: "{}".format,
    BUTTON: "[button] {} [button_]".format,
    OPTION: "  [button] {} [button_]".format,
    LINK: "\n[button] {} [button_]".format,
}
