"""What a purchase is worth: how close product, options and price are to the goal.

The rules are those of `get_reward` in web_agent_site/engine/goal.py of princeton-nlp/WebShop, whose fuzzy matching is
`token_set_ratio` of thefuzz 0.19. The original finds the nouns of titles with a spaCy model; see `title_words`.
"""

import importlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from gigpo_gym.envs.webshop.goals import Goal, Option
from gigpo_gym.envs.webshop.products import Product

# web_agent_site/engine/normalize.py, in the order in which they are looked for.
COLOUR_WORDS = tuple(
    """
    alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown burgundy camel camo
    caramel champagne charcoal cheetah chestnut chocolate christmas coffee cognac copper coral cranberry cream crystal
    dark denim eggplant elephant espresso fuchsia gold granite grape graphite grass gray green grey heather indigo
    ivory ivy khaki lavender lemon leopard light lilac lime magenta maroon mauve merlot midnight mint mocha multicolor
    mushroom mustard natural navy nude olive orange peach pewter pink plum purple rainbow red rose royal rust sand
    sapphire seashell silver skull slate steel stone stonewash sunflower tan taupe teal tiger turquoise violet walnut
    wheat white wine yellow
    """.split()  # noqa: SIM905 (a list of so many quoted words is hard to read)
)
FUNCTION_WORDS = frozenset(
    """
    a an and are as at be but by for from if in into is it its no not of off on onto or our out over per such than
    that the their then there these they this to under up upon via was we were will with within without you your
    """.split()  # noqa: SIM905 (a list of so many quoted words is hard to read)
)

Nouns = Callable[[str], Sequence[str]]
"""The nouns of a title, in lower case and with repeats."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a purchase, and its parts by the original's names: r is the share that was met, w its weight."""

    score: float
    """From 0 to 1."""
    base_without_r_type: float
    """The score if the product were of the right type: it does not depend on what counts as a noun."""
    r_type: float
    """By what the base is multiplied: 0, 0.1, 0.5 or 1."""
    r_att: float
    w_att: float
    query_match: bool
    category_match: bool
    title_score: float
    r_option: float | None
    """None, as `w_option`, where the goal has no options."""
    w_option: float | None
    r_price: bool
    w_price: float

    def parts(self) -> dict[str, float | bool]:
        """The parts as the original's `info` has them: no options where the goal has none."""
        names: tuple[str, ...] = ("r_type", "r_att", "w_att", "query_match", "category_match", "title_score")
        if self.r_option is not None:
            names += ("r_option", "w_option")
        return {name: getattr(self, name) for name in (*names, "r_price", "w_price")}


def title_words(title: str) -> list[str]:
    """What stands in for the nouns of a title: words of two or more signs, a letter among them, no function words."""
    words = (run.lower() for run in re.findall(r"[^\W_]{2,}", title) if any(map(str.isalpha, run)))
    return [word for word in words if word not in FUNCTION_WORDS]


def score_purchase(
    goal: Goal, product: Product, price: float, options: Mapping[str, str], nouns: Nouns = title_words
) -> Score:
    """The score of buying a product at a price in dollars, with the chosen options by group."""
    title_score = _title_score(nouns(product.name), nouns(goal.name))
    query_match = product.query == goal.query
    category_match = len(_categories(product) & _categories(goal)) >= 2
    r_type = _r_type(query_match or category_match, title_score)
    attributes = _attribute_hits(goal.attributes, product)
    hits = _option_hits(goal.options, options.values())
    price_met = price <= goal.price_upper
    parts = len(goal.attributes) + len(goal.options) + 1
    base = (attributes + hits + price_met) / parts
    return Score(
        score=base * r_type,
        base_without_r_type=base,
        r_type=r_type,
        r_att=attributes / len(goal.attributes),
        w_att=len(goal.attributes) / parts,
        query_match=query_match,
        category_match=category_match,
        title_score=title_score,
        r_option=hits / len(goal.options) if goal.options else None,
        w_option=len(goal.options) / parts if goal.options else None,
        r_price=price_met,
        w_price=1 / parts,
    )


def is_reachable(goal: Goal, product: Product, price: float, nouns: Nouns = title_words) -> bool:
    """Whether buying the goal's own product with the goal's own options scores 1.

    A synthetic goal is out of reach where a wanted value holds a colour word among other things: of the value that is
    chosen that word alone is left (`brown` of `r.brown137`), of the wanted one, being in a pair, everything.
    """
    return score_purchase(goal, product, price, goal.choices(product), nouns).score == 1


def _title_score(bought: Collection[str], wanted: Collection[str]) -> float:
    # Repeats count below the line only.
    return len(set(bought) & set(wanted)) / len(wanted) if wanted else 0.2


def _categories(item: Product | Goal) -> set[str]:
    return {part.strip() for part in item.product_category.split("\u203a")}


def _r_type(match: bool, title_score: float) -> float:
    if title_score == 0:
        return 0.0
    if title_score < 0.1:
        return 0.1
    return 1.0 if match or title_score > 0.2 else 0.5


def _attribute_hits(wanted: Sequence[str], product: Product) -> int:
    alike = _alike(wanted, product.attributes)
    if all(alike):
        return len(alike)
    texts = product.name.lower(), " ".join(product.bullets).lower(), product.description.lower()
    return sum(hit or any(attribute in text for text in texts) for attribute, hit in zip(wanted, alike, strict=True))


def _option_hits(wanted: Sequence[Option], chosen: Collection[str]) -> int:
    return sum(_alike([_colour(option) for option in wanted], [_colour(value) for value in chosen]))


def _colour(option: Option) -> Option:
    """The first colour word in an option, else the option.

    Of a pair, as the options of synthetic goals are, only group or value as a whole can be that word.
    """
    return next((word for word in COLOUR_WORDS if word in option), option)


def _alike(wanted: Sequence[Option], offered: Sequence[Option]) -> list[bool]:
    """For each that is wanted, whether one that is offered is equal or has a token_set_ratio of more than 85.

    That is a whole number in thefuzz, and 85.5 rounds to 86. A pair is compared as it is printed.
    """
    cleaned = [_clean(str(option)) for option in offered]

    def is_near(text: str) -> bool:
        best = process.extractOne(text, cleaned, scorer=fuzz.token_set_ratio, score_cutoff=85)
        return best is not None and best[1] >= 85.5 - 1e-9

    return [option in offered or is_near(_clean(str(option))) for option in wanted]


_LATIN_1 = dict.fromkeys(range(128, 256))


def _clean(text: str) -> str:
    # Signs from U+0080 to U+00FF vanish; beyond them letters stay, and what is no letter becomes a space.
    return re.sub(r"\W", " ", text.translate(_LATIN_1)).lower().strip()


class SpacyNouns:
    """The nouns and proper nouns of a title by a spaCy model: what `spacy_nouns` gives."""

    def __init__(self, model: str) -> None:
        try:
            spacy = importlib.import_module("spacy")
        except ImportError as error:
            raise ImportError("expected spaCy, got none: pip install 'gigpo-gym[spacy]'") from error
        try:
            # The tagger does not look at what these would say.
            self._tag = spacy.load(model, exclude=["parser", "ner", "lemmatizer"])
        except OSError as error:
            raise ImportError(
                f"expected the spaCy model {model}, got none: python -m spacy download {model}"
            ) from error
        self.model = model
        self._find = lru_cache(maxsize=1 << 14)(self._nouns)

    @property
    def version(self) -> str:
        """Which model it is, such as `en_core_web_sm-3.8.0`."""
        return "{lang}_{name}-{version}".format(**self._tag.meta)

    def __call__(self, title: str) -> tuple[str, ...]:
        return self._find(title)

    def __reduce__(self) -> tuple[object, ...]:
        return spacy_nouns, (self.model,)  # in another process, the model that is installed there

    def _nouns(self, title: str) -> tuple[str, ...]:
        return tuple(token.text.lower() for token in self._tag(title) if token.pos_ in ("NOUN", "PROPN"))


@lru_cache(maxsize=4)
def spacy_nouns(model: str = "en_core_web_sm") -> SpacyNouns:
    """What the original takes for the nouns of a title; a process has one of each model.

    The original's setup.sh installs en_core_web_lg, its code loads en_core_web_sm, and scores depend on which.

    Args:
        model: the name of an installed model, or the path of one.

    Raises:
        ImportError: spaCy or the model is not installed: what to install.
    """
    return SpacyNouns(model)
