"""ALFWorld's game files: `game.tw-pddl` compiled into tables of numbers.

A file holds a PDDL problem and, beside it, the domain and the text grammar, which all official games share. Those two
are recognised by their digests, and what they say is code in `household.py`: nothing of a file is executed. Format:
`alfworld-generate` and `textworld.envs.pddl` (alfworld 0.4.2, textworld 1.7.0).
"""

import hashlib
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from gigpo_gym.envs.alfworld.pddl import GameError, Problem, UnknownHouseholdError, lisp, parse_problem

MOST_BYTES = 2**20  # official games have 70 to 110 thousand
GAMES_KEPT = 4096  # compiled games in memory, 8 kB each

# What cleans, by the digest of the domain: the official games', and the alfworld package's own (0.4.2).
OFFICIAL_CLEANERS = ("sinktype", "sinkbasintype")
CLEANERS = {
    "0af55e7f92d12b09d28515aa730e4d03fddd17228ef1fd7b18a3ee8ba49b27b9": OFFICIAL_CLEANERS,
    "f1473041ed01da514de1f87adfd7ef0804862361f83ccf63c75e43633b0eb280": ("sinkbasintype",),
}
# Digests of the same two's grammars without the task sentence; they read the same.
GRAMMARS = {
    "063d42f07581dbed3b4f655bae25e0af94fd0e062f9eae0f6f63037ecd5177e6",
    "93119b93cd2872a8057ed9a13f40891d21ee1be4d95a6dc2f8fe36b55630e652",
}
TASK_OPENING = "Your task is to: "

# The goals of alfworld's goal_library, as its games have them.
GOALS = {
    "pick_and_place_simple": """
        (and (exists (?r - receptacle) (exists (?o - object) (and
            (inreceptacle ?o ?r) (objecttype ?o OBJECT) (receptacletype ?r RECEPTACLE)))))""",
    "look_at_obj_in_light": """
        (and (exists (?ot - object ?r - receptacle ?a - agent ?l - location) (and
            (objecttype ?ot LAMP) (toggleable ?ot) (istoggled ?ot)
            (receptacleatlocation ?r ?l) (atlocation ?a ?l) (inreceptacle ?ot ?r)))
            (exists (?o - object ?a - agent) (and (objecttype ?o OBJECT) (holds ?a ?o))))""",
    "pick_clean_then_place_in_recep": """
        (and (exists (?r - receptacle) (exists (?o - object) (and
            (cleanable ?o) (objecttype ?o OBJECT) (receptacletype ?r RECEPTACLE)
            (isclean ?o) (inreceptacle ?o ?r)))))""",
    "pick_heat_then_place_in_recep": """
        (and (exists (?r - receptacle) (exists (?o - object) (and
            (heatable ?o) (objecttype ?o OBJECT) (receptacletype ?r RECEPTACLE)
            (ishot ?o) (inreceptacle ?o ?r)))))""",
    "pick_cool_then_place_in_recep": """
        (and (exists (?r - receptacle) (exists (?o - object) (and
            (coolable ?o) (objecttype ?o OBJECT) (receptacletype ?r RECEPTACLE)
            (iscool ?o) (inreceptacle ?o ?r)))))""",
    "pick_two_obj_and_place": """
        (and (exists (?r - receptacle) (exists (?o1 - object) (and
            (objecttype ?o1 OBJECT) (receptacletype ?r RECEPTACLE) (inreceptacle ?o1 ?r)
            (exists (?o2 - object) (and (not (= ?o1 ?o2))
                (objecttype ?o2 OBJECT) (receptacletype ?r RECEPTACLE) (inreceptacle ?o2 ?r)))))))""",
}
TASK_TYPES = tuple(GOALS)
_QUALITIES = {
    "pick_clean_then_place_in_recep": ("cleanable", "clean"),
    "pick_heat_then_place_in_recep": ("heatable", "hot"),
    "pick_cool_then_place_in_recep": ("coolable", "cool"),
}


_TASK_RULE = re.compile(r'"task": \[\s*\{\s*"rhs": "([^"]*)"\s*\}\s*\]')
_PLAIN = re.compile(r"[A-Za-z0-9 ,.'-]+")  # what stands for itself in a grammar


def _pattern(goal: str) -> re.Pattern[str]:
    """A goal as a pattern whose words in capitals are groups; where one comes again, it must be the same."""
    text = re.escape(" ".join(goal.split()))
    for word in ("OBJECT", "RECEPTACLE", "LAMP"):
        text = text.replace(word, rf"(?P<{word.lower()}>[^ ()]+)", 1).replace(word, f"(?P={word.lower()})")
    return re.compile(text)


_PATTERNS = {task_type: _pattern(goal) for task_type, goal in GOALS.items()}


class State(NamedTuple):
    """Every world variable. Objects, receptacles and locations are numbered in the order of their PDDL ids; a set of
    objects or receptacles is a mask, in which bit i stands for number i."""

    location: int
    held: int  # the object in hand, -1 for none
    opened: int  # receptacles
    contents: tuple[int, ...]  # (R,) the objects in each receptacle; an object may be in several
    nearby: tuple[int, ...]  # (L,) the objects "at" each location, which may disagree with the receptacles there
    taken: tuple[int, ...]  # (R,) the objects taken from each receptacle and not put back, where `look` may show them
    clean: int  # objects, as below
    hot: int
    cool: int
    sliced: int
    toggled: int


class Goal(NamedTuple):
    """What wins the game: `number` of `objects`, with the `quality`, in one of `receptacles`; or, where there are
    `lamps`, one of `objects` in hand and one of `lamps`, switched on, where the agent is."""

    objects: int
    receptacles: int = 0
    quality: str = ""  # clean, hot, cool or none: a field of State
    number: int = 1
    lamps: int = 0


@dataclass(frozen=True)
class Game:
    """One game, compiled: what never changes in it, and the state at the start."""

    digest: bytes
    task: str
    task_type: str
    goal: Goal
    start: State
    objects: tuple[str, ...]  # (O,) names such as "alarmclock 1"
    receptacles: tuple[str, ...]  # (R,)
    place: tuple[int, ...]  # (R,) the location of each receptacle
    standing: tuple[tuple[int, ...], ...]  # (L,) the receptacles at each location
    accepts: tuple[int, ...]  # (R,) the objects that may be put there
    openable: int  # receptacles, as below
    cleaners: int
    heaters: int
    coolers: int
    pickupable: int  # objects, as below
    cleanable: int
    heatable: int
    coolable: int
    toggleable: int
    sliceable: int
    knives: int
    vessels: int  # what can hold other objects, such as a bowl
    inside: tuple[int, ...]  # (O,) the objects in each vessel


def numbers(mask: int) -> Iterator[int]:
    """The members of a mask, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def load_game(path: str | os.PathLike[str]) -> Game:
    """The game in a file, compiled once for as long as the file does not change.

    Raises:
        GameError: there is no such file, or it holds no sound game.
        UnknownHouseholdError: it holds a game unlike the official ones.
    """
    path = os.path.abspath(path)
    status = check_game_file(path)
    return _load_game(path, status.st_ino, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=GAMES_KEPT)
def _load_game(path: str, *version: int) -> Game:
    try:
        return compile_game(read_game_file(path))
    except GameError as error:
        raise type(error)(f"{path}: {error}") from None


def read_game_file(path: str | os.PathLike[str]) -> bytes:
    """The content of a file that may be a game.

    Raises:
        GameError: as `check_game_file`, or it cannot be read.
    """
    check_game_file(path)
    try:
        with open(path, "rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise GameError(f"{path}: expected a game.tw-pddl file: {error.strerror}") from None


def check_game_file(path: str | os.PathLike[str]) -> os.stat_result:
    """What is known of a file before it is read.

    Raises:
        GameError: there is none, or it is no plain file, or too large for a game.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise GameError(f"{path!s}: expected a game.tw-pddl file: {error}: `gigpo fetch alfworld` gets them") from None
    if not stat.S_ISREG(status.st_mode):
        raise GameError(f"{path!s}: expected a game.tw-pddl file, got a folder or a device")
    if status.st_size > MOST_BYTES:
        raise GameError(f"{path!s}: expected at most {MOST_BYTES} bytes, got {status.st_size}")
    return status


def compile_game(content: bytes) -> Game:
    """The game that the content of a file describes.

    Raises:
        GameError, UnknownHouseholdError: as `load_game`.
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:  # ValueError covers what is not UTF-8
        raise GameError(f"expected JSON: {error}: the file may be cut short") from None
    texts: list[Any] = [
        data.get(key) if isinstance(data, dict) else None for key in ("pddl_domain", "grammar", "pddl_problem")
    ]
    if not all(isinstance(text, str) for text in texts):
        raise GameError("expected a JSON object with the strings pddl_domain, grammar and pddl_problem")
    domain, grammar, problem = texts
    cleaners = CLEANERS.get(_digest(domain))
    if cleaners is None:
        raise UnknownHouseholdError("pddl_domain: expected the official games' domain, got another")
    task = _TASK_RULE.search(grammar)
    if task is None or _digest(grammar[: task.start(1)] + grammar[task.end(1) :]) not in GRAMMARS:
        raise UnknownHouseholdError("grammar: expected the official games' grammar, got another")
    if not task[1].startswith(TASK_OPENING) or not _PLAIN.fullmatch(task[1], len(TASK_OPENING)):
        raise UnknownHouseholdError(f"grammar: task: expected '{TASK_OPENING}' and words, got {task[1]!r:.200}")
    return compile_problem(problem, task[1].removeprefix(TASK_OPENING), cleaners)


def compile_problem(problem: str, task: str, cleaners: tuple[str, ...] = OFFICIAL_CLEANERS) -> Game:
    """The game of a PDDL problem and a task in words, in the official games' domain.

    Raises:
        GameError, UnknownHouseholdError: as `load_game`.
    """
    digest = hashlib.sha256(f"{task}\n{problem}".encode(errors="surrogatepass")).digest()
    return _Compiler(parse_problem(problem)).game(digest, task, cleaners)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """The name in the game of every PDDL id, as alfworld's Demangler gives it without shuffling: the id's first part
    and a number, which counts down in the order of the ids."""
    kinds = {}
    for entity in ids:
        kind, separator, _ = entity.partition("_bar_")
        kinds[entity] = (kind + "basin" if "basin" in entity else kind) if separator else ""
    left = Counter(kinds.values())
    names = {}
    for entity, kind in sorted(kinds.items()):
        names[entity] = f"{kind} {left[kind]}" if kind else f"{entity} "
        left[kind] -= 1
    return names


class _Compiler:
    """Numbers what a problem names, and turns its facts into masks."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.facts = problem, problem.facts
        used = {entity for facts in self.facts.values() for fact in facts for entity in fact}
        self.names = names_of(used)
        self.objects, self.receptacles, self.locations = (
            sorted(entity for entity in used if problem.types[entity] == kind)
            for kind in ("object", "receptacle", "location")
        )
        self.number = {
            entity: number
            for entities in (self.objects, self.receptacles, self.locations)
            for number, entity in enumerate(entities)
        }

    def marked(self, predicate: str) -> int:
        """The mask of what a predicate of one argument holds of."""
        return self._mask(entity for (entity,) in self.facts[predicate])

    def of_type(self, predicate: str, *kinds: str) -> int:
        """The mask of what has one of the types."""
        return self._mask(entity for entity, kind in self.facts[predicate] if kind in kinds)

    def grouped(self, predicate: str, others: list[str]) -> tuple[int, ...]:
        """Of a relation between objects and others, the mask of objects of each other."""
        masks = [0] * len(others)
        for entity, other in self.facts[predicate]:
            masks[self.number[other]] |= 1 << self.number[entity]
        return tuple(masks)

    def _mask(self, entities: Iterable[str]) -> int:
        mask = 0
        for entity in entities:
            mask |= 1 << self.number[entity]
        return mask

    def game(self, digest: bytes, task: str, cleaners: tuple[str, ...]) -> Game:
        if (agents := list(self.problem.types.values()).count("agent")) != 1:
            raise GameError(f"pddl_problem: (:objects ...): expected one agent, got {agents}")
        if len(self.facts["atlocation"]) != 1:
            raise GameError(f"pddl_problem: (:init ...): expected one atLocation, got {len(self.facts['atlocation'])}")
        place = self._place()
        task_type, goal = self._goal()
        return Game(
            digest=digest,
            task=task,
            task_type=task_type,
            goal=goal,
            start=State(
                location=self.number[self.facts["atlocation"][0][1]],
                held=-1,
                opened=self.marked("opened"),
                contents=self.grouped("inreceptacle", self.receptacles),
                nearby=self.grouped("objectatlocation", self.locations),
                taken=(0,) * len(self.receptacles),
                clean=self.marked("isclean"),
                hot=self.marked("ishot"),
                cool=self.marked("iscool"),
                sliced=self.marked("issliced"),
                toggled=self.marked("istoggled"),
            ),
            objects=tuple(self.names[entity] for entity in self.objects),
            receptacles=tuple(self.names[entity] for entity in self.receptacles),
            place=place,
            standing=self._standing(place),
            accepts=self._accepts(),
            openable=self.marked("openable"),
            cleaners=self.of_type("receptacletype", *cleaners),
            heaters=self.of_type("receptacletype", "microwavetype"),
            coolers=self.of_type("receptacletype", "fridgetype"),
            pickupable=self.marked("pickupable"),
            cleanable=self.marked("cleanable"),
            heatable=self.marked("heatable"),
            coolable=self.marked("coolable"),
            toggleable=self.marked("toggleable"),
            sliceable=self.marked("sliceable"),
            knives=self.of_type("objecttype", "knifetype", "butterknifetype"),
            vessels=self.marked("isreceptacleobject"),
            inside=self._inside(),
        )

    def _place(self) -> tuple[int, ...]:
        place = [-1] * len(self.receptacles)
        for receptacle, location in self.facts["receptacleatlocation"]:
            if place[self.number[receptacle]] not in (-1, self.number[location]):
                raise UnknownHouseholdError(f"pddl_problem: expected one location of {receptacle}, got two")
            place[self.number[receptacle]] = self.number[location]
        if -1 in place:
            lost = self.receptacles[place.index(-1)]
            raise UnknownHouseholdError(f"pddl_problem: expected a location of {lost}, got none")
        return tuple(place)

    def _standing(self, place: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        standing: list[list[int]] = [[] for _ in self.locations]
        for receptacle, location in enumerate(place):
            standing[location].append(receptacle)
        return tuple(map(tuple, standing))

    def _accepts(self) -> tuple[int, ...]:
        kinds: dict[str, int] = {}
        for entity, kind in self.facts["objecttype"]:
            kinds[kind] = kinds.get(kind, 0) | 1 << self.number[entity]
        accepted: dict[str, int] = {}
        for receptacle_kind, kind in self.facts["cancontain"]:
            accepted[receptacle_kind] = accepted.get(receptacle_kind, 0) | kinds.get(kind, 0)
        masks = [0] * len(self.receptacles)
        for receptacle, receptacle_kind in self.facts["receptacletype"]:
            masks[self.number[receptacle]] |= accepted.get(receptacle_kind, 0)
        return tuple(masks)

    def _inside(self) -> tuple[int, ...]:
        """Of each object, what `examine` finds in it. In 22 of 740 games things are in themselves or in a circle;
        TextWorld, too, looks no deeper than one level, and leaves out the thing itself."""
        masks = self.grouped("inreceptacleobject", self.objects)
        return tuple(mask & ~(1 << number) for number, mask in enumerate(masks))

    def _goal(self) -> tuple[str, Goal]:
        text = lisp(self.problem.goal)
        matches = [(task_type, found) for task_type, pattern in _PATTERNS.items() if (found := pattern.fullmatch(text))]
        if not matches:
            raise UnknownHouseholdError(
                f"pddl_problem: (:goal ...): expected a goal of one of the six task types, got {text:.300}"
            )
        [(task_type, found)] = matches
        objects = self.of_type("objecttype", found["object"])
        if task_type == "look_at_obj_in_light":
            return task_type, Goal(objects, lamps=self.of_type("objecttype", found["lamp"]) & self.marked("toggleable"))
        ability, quality = _QUALITIES.get(task_type, ("", ""))
        return task_type, Goal(
            objects=objects & self.marked(ability) if ability else objects,
            receptacles=self.of_type("receptacletype", found["receptacle"]),
            quality=quality,
            number=2 if task_type == "pick_two_obj_and_place" else 1,
        )
