"""The PDDL problems of ALFWorld's games, read and checked; nothing of them is executed."""

import re
from dataclasses import dataclass
from typing import Any

DEEPEST = 64  # brackets within brackets; official problems have 10

# The domain's predicates with the types of their arguments; nothing reads those of the last line.
PREDICATES = {
    "atlocation": ("agent", "location"),
    "receptacleatlocation": ("receptacle", "location"),
    "objectatlocation": ("object", "location"),
    "inreceptacle": ("object", "receptacle"),
    "inreceptacleobject": ("object", "object"),
    "receptacletype": ("receptacle", "rtype"),
    "objecttype": ("object", "otype"),
    "cancontain": ("rtype", "otype"),
    **dict.fromkeys(("openable", "opened"), ("receptacle",)),
    **dict.fromkeys(("isclean", "ishot", "iscool", "issliced", "istoggled", "isreceptacleobject"), ("object",)),
    **dict.fromkeys(("cleanable", "heatable", "coolable", "sliceable", "toggleable", "pickupable"), ("object",)),
    **dict.fromkeys(("moveable", "ison", "isreceptacleobjectfull"), ("object",)),
}

_TOKEN = re.compile(r"[()]|[^\s()]+")


class GameError(ValueError):
    """A game file that cannot be played: which, where in it, what was expected, and the remedy."""


class UnknownHouseholdError(GameError):
    """A game unlike the official ones, in its domain, grammar, start or goal; TextWorld may play it."""


@dataclass(frozen=True)
class Problem:
    """A problem, in lower case as Fast Downward reads it."""

    types: dict[str, str]  # of every declared id
    facts: dict[str, list[tuple[str, ...]]]  # of the start, by predicate
    goal: Any  # nested lists of words


def parse_problem(text: str) -> Problem:
    """The problem that `text` defines.

    Raises:
        GameError: it is malformed, or a fact names what is not declared.
        UnknownHouseholdError: a fact has a predicate that no official game starts with.
    """
    tree = _nested(text)
    if len(tree) != 1 or not isinstance(tree[0], list) or tree[0][:1] != ["define"]:
        raise GameError("pddl_problem: expected one (define ...)")
    sections: dict[str, list[Any]] = {}
    for section in tree[0][1:]:
        if not isinstance(section, list) or not section or not isinstance(section[0], str):
            raise GameError(f"pddl_problem: expected a section such as (:init ...), got {lisp(section):.100}")
        if section[0] in sections:
            raise GameError(f"pddl_problem: expected one section {section[0]}, got two")
        sections[section[0]] = section[1:]
    for name in (":objects", ":init", ":goal"):
        if not sections.get(name):
            raise GameError(f"pddl_problem: expected a section ({name} ...), got none: the file may be cut short")
    if len(sections[":goal"]) > 1:
        raise GameError("pddl_problem: (:goal ...): expected one condition, got several")
    types = _declared(sections[":objects"])
    facts: dict[str, list[tuple[str, ...]]] = {name: [] for name in PREDICATES}
    for position, item in enumerate(sections[":init"], start=1):
        if isinstance(item, list) and item[:1] == ["="]:
            continue  # a cost, which nothing reads
        name, *arguments = _fact(item, types, position)
        facts[name].append(tuple(arguments))
    return Problem(types, facts, sections[":goal"][0])


def lisp(item: Any) -> str:
    """Nested lists as they were written."""
    return item if isinstance(item, str) else "(" + " ".join(map(lisp, item)) + ")"


def _nested(text: str) -> list[Any]:
    stack: list[list[Any]] = [[]]
    if ";" in text:
        text = re.sub(r";.*", "", text)
    for token in _TOKEN.findall(text.lower()):
        if token == "(":
            if len(stack) > DEEPEST:
                raise GameError(f"pddl_problem: expected at most {DEEPEST} brackets within one another, got more")
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise GameError("pddl_problem: expected a '(' for every ')', got too few")
            closed = stack.pop()
            stack[-1].append(closed)
        else:
            stack[-1].append(token)
    if len(stack) > 1:
        raise GameError("pddl_problem: expected a ')' for every '(', got too few: the file may be cut short")
    return stack[0]


def _declared(words: list[Any]) -> dict[str, str]:
    types: dict[str, str] = {}
    waiting: list[str] = []
    entries = iter(words)
    for word in entries:
        if not isinstance(word, str):
            raise GameError(f"pddl_problem: (:objects ...): expected names, got {lisp(word):.100}")
        if word != "-":
            waiting.append(word)
            continue
        kind = next(entries, None)
        if not isinstance(kind, str):
            raise GameError("pddl_problem: (:objects ...): expected a type after '-'")
        for name in waiting:
            if types.setdefault(name, kind) != kind:
                raise GameError(f"pddl_problem: (:objects ...): expected one type of {name}, got two")
        waiting = []
    return types


def _fact(item: Any, types: dict[str, str], position: int) -> list[str]:
    where = f"pddl_problem: (:init ...) item {position}"
    if not isinstance(item, list) or not item or not all(isinstance(word, str) for word in item):
        raise GameError(f"{where}: expected a fact such as (opened x), got {lisp(item):.100}")
    kinds = PREDICATES.get(item[0])
    if kinds is None:
        raise UnknownHouseholdError(f"{where}: expected a predicate that games start with, got {item[0]:.50}")
    if len(item) != len(kinds) + 1:
        raise GameError(f"{where}: expected {len(kinds)} arguments, got {len(item) - 1} in {lisp(item):.100}")
    for argument, kind in zip(item[1:], kinds, strict=True):
        if types.get(argument) != kind:
            got = f"as {types[argument]}" if argument in types else "nowhere"
            raise GameError(f"{where}: expected {argument:.80} to be declared as {kind}, got it {got:.80}")
    return item
