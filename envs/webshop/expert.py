"""An expert, which buys what the goal asks for by what a person can do on the pages; and a shopper, which knows no more
than the pages tell.
"""

from gigpo_gym.envs.webshop.catalogue import Catalogue
from gigpo_gym.envs.webshop.goals import Goal
from gigpo_gym.envs.webshop.pages import BACK, BUY, DONE, NEXT, PAGE_SIZE, PREV, RESULTS, START, SUB_PAGE, Page, Place
from gigpo_gym.envs.webshop.products import search_text

_BRACKETS = str.maketrans("[]\n\r", "    ")


def next_action(place: Place, goal: Goal, wanted: int, catalogue: Catalogue) -> str | None:
    """What to do from a place to buy the goal's product, whose number is `wanted`, with the goal's options.

    None where it is bought, or no search of the expert's finds it. The rest of a plan is at most a search, the next
    pages of its results up to the product's, the product, an option of each group, and the purchase.
    """
    if place.kind == DONE:
        return None
    if place.kind == RESULTS:
        found = catalogue.results(place.keywords) or ()
        if wanted in found:
            page = found.index(wanted) // PAGE_SIZE + 1
            if page == place.page:
                return _click(catalogue.product(wanted).asin)
            # Going back and searching again takes two actions and may find it on the first page.
            return _click(NEXT if page > place.page else PREV if place.page > 1 else NEXT)
    if place.kind == START:
        query = _query(goal, wanted, catalogue)
        return None if query is None else f"search[{query}]"
    if place.product != wanted or place.kind == RESULTS:
        return _click(BACK)
    return _choose_or_buy(place, goal, catalogue)


def shopper_action(place: Place, goal: Goal, page: Page, catalogue: Catalogue) -> str | None:
    """What a person does who knows the instruction and the page alone; None after the purchase.

    Searches for what sort of thing it is and the wanted options, opens the first product, chooses the wanted options
    that it has, and buys it.
    """
    if place.kind == DONE:
        return None
    if place.kind == START:
        return f"search[{_clean(' '.join((goal.query, *goal.values)))}]"
    if place.kind == RESULTS:
        products = (name for name, target in page.targets.items() if target.product >= 0)
        return _click(next(products, BACK))
    return _choose_or_buy(place, goal, catalogue)


def _choose_or_buy(place: Place, goal: Goal, catalogue: Catalogue) -> str:
    """What remains once the product is open."""
    if place.kind == SUB_PAGE:
        return _click(PREV)
    chosen = dict(place.options)
    for name, value in goal.choices(catalogue.product(place.product)).items():
        if chosen.get(name) != value:
            return _click(value)
    return _click(BUY)


def _query(goal: Goal, wanted: int, catalogue: Catalogue) -> str | None:
    """Words that find the product, those that find it first; None where none do."""
    product = catalogue.product(wanted)
    best, best_place = None, len(catalogue)
    for words in (product.name, f"{product.name} {product.description}", search_text(product), f"<q> {product.query}"):
        query = _clean(words)
        found = catalogue.results(tuple(query.lower().split(" "))) or ()
        if wanted in found and found.index(wanted) < best_place:
            best, best_place = query, found.index(wanted)
        if best_place < PAGE_SIZE:
            break
    return best


def _clean(words: str) -> str:
    """Fit to stand in the brackets of a search."""
    return " ".join(words.translate(_BRACKETS).split())


def _click(what: str) -> str:
    return f"click[{what.lower()}]"
