"""A generated product in words: its name, bullets and description, and the instructions that ask for it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TypeVar

from gigpo_gym.envs.webshop.assortment import ProductType
from gigpo_gym.envs.webshop.traits import ROLES, SENTENCES

# Of the products of the most talkative sellers:
NAMED = 0.7  # of the traits stand in the name,
DESCRIBED = 0.8  # and have a sentence in the description,
LISTED = 0.8  # of the descriptions list all traits.
BULLETED = 0.9  # of the traits of any product have a bullet
BULLETS = (113, 19, 49, 85, 561, 59, 92, 22)  # weights of one to eight
OPENINGS = ("i am looking for", "i need", "i want to buy", "show me", "please find me", "i would like to get")

_AN = re.compile(r"(?<=\ba) (?=(?!uni)[aeiou]|(hdmi|led)\b)", re.IGNORECASE)  # what follows is spoken with a vowel

Draw = Callable[[], float]  # numbers from 0 to 1
T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """A product before it is put into words."""

    kind: ProductType
    talk: float  # how much its seller has to say, from 0 to 1
    brand: str
    model: str
    noun: str
    look: str
    made: str
    used: tuple[str, ...]
    wanted: tuple[str, ...]  # traits that are attributes
    traits: tuple[str, ...]  # these, and others of which only the texts tell
    others: tuple[str, ...]  # names of things of its sort, which its seller takes for attributes
    attributes: tuple[str, ...]
    options: dict[str, tuple[str, ...]]
    size: str
    color: str

    @cached_property
    def words(self) -> dict[str, str]:
        """What stands for the marks in sentences of the vocabulary."""
        return {
            "it": "product" if _is_plural(self.noun) else _lower(self.noun),  # the sentences say `it is`
            "look": _lower(self.look),
            "brand": self.brand,
            "made": _lower(self.made),
            "used": _lower(self.used[0]),
            "size": self.size or "as in the pictures",
        }

    def fill(self, sentence: str) -> str:
        """A sentence of the vocabulary about this product."""
        return with_articles(sentence.format_map(self.words))


def with_articles(text: str) -> str:
    """The text with `an` for `a` where that is said."""
    return _AN.sub("n ", text)


def choose(chance: float, weights: Sequence[int]) -> int:
    """The position at which a number from 0 to 1 falls among these weights."""
    rest = chance * sum(weights)
    return next((i for i, total in enumerate(accumulate(weights)) if rest < total), len(weights) - 1)


def pick(values: Sequence[T], draw: Draw) -> T:
    """One of the values."""
    return values[int(draw() * len(values))]


def sample(values: Iterable[T], draw: Draw, count: int | None = None) -> list[T]:
    """So many of the values, or all, in any order."""
    left = list(values)
    count = len(left) if count is None else min(count, len(left))
    return [left.pop(int(draw() * len(left))) for _ in range(count)]


def favourites(values: Iterable[T], draw: Draw, count: int) -> list[T]:
    """So many of the values, rather those at the front."""
    left = list(values)
    return [left.pop(int(min(draw(), draw()) * len(left))) for _ in range(min(count, len(left)))]


def product_name(plan: Plan, draw: Draw) -> str:
    """Brand, what it looks like, what it is, has and is for, as shops put it all into a name."""
    talk = 0.85 + 0.9 * plan.talk
    said = [trait for trait in plan.traits if draw() < NAMED * plan.talk][:4]
    before, has, use = _by_role(said)
    look = plan.look if draw() < talk and not plan.noun.startswith(plan.look) else ""
    made = plan.made if draw() < 0.7 * talk else ""
    name = " ".join(word for word in (plan.brand, plan.model, look, made, *before, plan.noun) if word)
    if has:
        name += f" with {' and '.join(has)}"
    if use := [*use, *plan.used[: int(4.5 * talk * draw())]]:
        name += f" for {', '.join(use)}"
    for other in (*plan.others, plan.noun)[: int(3 * talk * draw())]:
        look = pick(plan.kind.looks, draw)
        name += f", {other}" if other.startswith(look) else f", {look} {other}"
    for part, share in ((plan.size, 0.7), (plan.color, 0.5)):
        if part and draw() < share * talk:
            name += f", {part}"
    return name


def bullets(plan: Plan, draw: Draw) -> list[str]:
    """What small_description says; only the first is searched."""
    count = 1 + choose(draw(), BULLETS)
    style = int(draw() * 4)
    traits = [trait for trait in plan.traits if draw() < BULLETED][:count]
    told = [("", f"{trait.upper()}: ", f"{trait} - ", f"{trait}. ")[style] + SENTENCES[trait] for trait in traits]
    fillers = sample(plan.kind.fillers, draw)
    told += fillers[: count - len(told)]
    for i, filler in zip(range(len(traits)), fillers[count - len(traits) :], strict=False):
        if draw() < 0.6:
            told[i] += f". {_plain(filler)}"
    return [plan.fill(line) for line in sample(told, draw)]


def description(plan: Plan, draw: Draw) -> str:
    """Full sentences, or nothing at all."""
    if draw() > 0.5 + 0.6 * plan.talk:
        return ""
    told = [pick(plan.kind.openings, draw)]
    if draw() < LISTED * plan.talk and plan.traits:
        told.append(f"Features: {', '.join(dict.fromkeys((*plan.traits, *plan.others))).lower()}")
    told += [SENTENCES[trait] for trait in plan.traits if draw() < DESCRIBED * plan.talk]
    length = draw()
    told += [_plain(filler) for filler in sample(plan.kind.fillers, draw, int(length * length * 14))]
    return ". ".join(plan.fill(sentence) for sentence in told) + "."


def instruction(plan: Plan) -> tuple[str, list[str]]:
    """One as upstream's synthetic ones, without options and price, and the attributes that it names."""
    wanted = [attribute for attribute in plan.attributes if attribute in _ROLE_OF]
    before, has, use = _by_role(wanted)
    text = f"Find me {', '.join(before)} {plan.kind.query}" if before else f"Find me {plan.kind.query}"
    text += f" with {', '.join(has)}" if has else ""
    text += f" for {', '.join(use)}" if use else ""
    return text, before + has + use


def human_instruction(plan: Plan, draw: Draw) -> dict[str, object]:
    """One as a person might write it, in the form of items_human_ins without the asin."""
    wanted = sample([trait.lower() for trait in plan.wanted], draw, 1 + int(draw() * 3))
    before, has, use = _by_role(wanted)
    groups = sample(plan.options, draw, 1 + int(draw() * 2))
    chosen = {group.lower(): pick(plan.options[group], draw).lower() for group in groups}
    noun = plan.noun.lower()
    article, verb = ("some", "are") if _is_plural(noun) else ("a", "is")
    text = with_articles(f"{pick(OPENINGS, draw)} {article} {noun}")
    text += f" with {' and '.join(has)}" if has else ""
    text += f" for {' and '.join(use)}" if use else ""
    text += f" that {verb} {' and '.join(before)}" if before else ""
    text += "".join(f", in {group} {value}" for group, value in chosen.items())
    options = [f"{group}: {value}" for group, value in chosen.items()]
    return {
        "instruction": f"{text}.",
        "attributes": list(plan.attributes),
        "options": options or [""],
        "instruction_attributes": before + has + use,
        "instruction_options": list(chosen.values()),
    }


_ROLE_OF = {trait.lower(): role for trait, role in ROLES.items()}


def _by_role(traits: Sequence[str]) -> list[list[str]]:
    """Those that are said before the thing, with `with`, and with `for`."""
    return [[trait for trait in traits if _ROLE_OF[trait.lower()] == role] for role in ("before", "with", "for")]


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith(("ss", "Lens", "lens"))


def _plain(filler: str) -> str:
    """Without its heading."""
    heading, mark, rest = filler.partition(": ")
    return rest if mark and heading.isupper() else filler


def _lower(words: str) -> str:
    """In lower case, abbreviations apart."""
    return " ".join(word if word[1:] != word[1:].lower() else word.lower() for word in words.split())
