"""Households drawn from seeds: what lies where in a floor plan, and a task, as PDDL problems like the official games'.

How ALFRED (arXiv 1912.01734) sets up a scene is imitated step by step: a floor plan of AI2-THOR fixes the receptacles
and what cannot be moved; one to three or four of each kind of thing lie about on what draws them; where two receptacles
overlap, as a stove's burners do, things lie in both. How much there is of all this was counted in official games.

Splits mean what the authors' mean, and are disjoint by content: games in one floor plan of eight are `valid_unseen`; of
the games in the others, one in eight is `valid_seen`, and the rest is `train`.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import Any
from zlib import crc32

from gigpo_gym.envs.alfworld.expert import expert_plan
from gigpo_gym.envs.alfworld.floor_plans import (
    FloorPlan,
    Thing,
    choose,
    floor_plans,
    lay_down,
    location_id,
    places,
    uniform,
)
from gigpo_gym.envs.alfworld.furniture import CHORES, KINDS, PLANS, RECEPTACLES, ROOMS, Chore
from gigpo_gym.envs.alfworld.game import (
    GAMES_KEPT,
    GOALS,
    TASK_OPENING,
    TASK_TYPES,
    Game,
    compile_game,
    compile_problem,
)
from gigpo_gym.envs.alfworld.pddl import GameError
from gigpo_gym.envs.alfworld.tasks import SPLITS
from gigpo_gym.envs.splits import split_of

MAX_ATTEMPTS = 10_000

SENTENCES = {  # the templates of alfworld's goal_library
    "pick_and_place_simple": ("put a {0} in {1}.", "put some {0} on {1}."),
    "look_at_obj_in_light": ("look at {0} under the {1}.", "examine the {0} with the {1}."),
    "pick_clean_then_place_in_recep": ("put a clean {0} in {1}.", "clean some {0} and put it in {1}."),
    "pick_heat_then_place_in_recep": ("put a hot {0} in {1}.", "heat some {0} and put it in {1}."),
    "pick_cool_then_place_in_recep": ("put a cool {0} in {1}.", "cool some {0} and put it in {1}."),
    "pick_two_obj_and_place": ("put two {0} in {1}.", "find two {0} and put them in {1}."),
}
# Where no wanted thing lies at the start, by task type; for the other types it is where the thing shall go.
TREATED_IN = {
    "pick_clean_then_place_in_recep": "SinkBasin",
    "pick_heat_then_place_in_recep": "Microwave",
    "pick_cool_then_place_in_recep": "Fridge",
}
WANTED = {  # weights of one, two, three and four wanted things
    "pick_and_place_simple": (47, 31, 33, 24),
    "look_at_obj_in_light": (42, 25, 24, 22),
    "pick_clean_then_place_in_recep": (38, 40, 30, 19),
    "pick_heat_then_place_in_recep": (26, 32, 34, 24),
    "pick_cool_then_place_in_recep": (68, 28, 17, 12),
    "pick_two_obj_and_place": (0, 53, 31, 40),
}
NESTED = 0.25  # of games with bowls, pots and the like: something lies in one of them
ABILITIES = {
    "c": "cleanable",
    "h": "heatable",
    "k": "coolable",
    "s": "sliceable",
    "t": "toggleable",
    "v": "isReceptacleObject",
}
LAMP = "DeskLamp"
Goals = list[tuple[str, int, dict[str, int]]]  # what may be wanted, its weight, and where it may go, with weights
_SENTENCE = re.compile(f'{TASK_OPENING}[^"]*')

# Types that nothing in a game has are declared as well: the domain's actions name some of them.
PROBLEM = f"""
(define (problem household)
    (:domain alfred)
    (:objects
        agent1 - agent
        {" ".join(f"{kind}Type" for kind in sorted(KINDS))} - otype
        {" ".join(f"{kind}Type" for kind in RECEPTACLES)} - rtype
        {{objects}}
        )
    (:init
        {{facts}}
        )
    (:goal
        {{goal}}
        )
)
"""


@dataclass(frozen=True)
class Home:
    """A household with a task."""

    task: str
    task_type: str
    goal: tuple[str, str]  # the kind of thing that is wanted, and the kind of receptacle or lamp
    plan: FloorPlan
    things: tuple[Thing, ...]  # that can be moved
    start: str  # location of the agent
    cool: tuple[str, ...]  # ids
    nested: tuple[tuple[str, str], ...]  # ids: what is in what

    @property
    def split(self) -> str:
        """By the floor plan, or by all that differs between games in the same plan, the words of the task apart."""
        if self.plan.is_unseen:
            return "valid_unseen"
        content = f"{self.task_type} {self.goal} {sorted(self.things)} {self.start} {self.cool} {self.nested}"
        return "valid_seen" if split_of(content) == "eval" else "train"


@lru_cache(maxsize=GAMES_KEPT, typed=True)  # or True and 1.0 would find the game of 1
def generate_game(split: str, task_type: str, number: int) -> Game:
    """The game of a number; see `generate_problem`."""
    task, problem = generate_problem(split, task_type, number)
    return compile_problem(problem, task)


def generate_problem(split: str, task_type: str, number: int) -> tuple[str, str]:
    """The task in words and the PDDL problem of a number: on every machine the same, solvable, and not yet solved.

    Args:
        number: from 0 to 2**63 - 1.

    Raises:
        ValueError: there is no such split, task type or number.
    """
    home = _generate_home(split, task_type, number)
    return home.task, _problem(home)


def write_game(
    path: str | os.PathLike[str],
    split: str,
    task_type: str,
    number: int,
    *,
    source: str | os.PathLike[str] | None = None,
) -> None:
    """Write a game as a `game.tw-pddl` file that TextWorld plays too.

    Args:
        source: an official game's file to take domain and grammar from; by default the installed alfworld package's.

    Raises:
        ValueError: as `generate_problem`.
        GameError: the source is no game file, or its domain or grammar is not known.
        ImportError: there is no source, and alfworld is not installed.
    """
    task, problem = generate_problem(split, task_type, number)
    domain, grammar = _package_texts() if source is None else _official_texts(source)
    content: dict[str, Any] = {
        "pddl_domain": domain,
        "grammar": _SENTENCE.sub(TASK_OPENING + task, grammar, count=1),
        "pddl_problem": problem,
        "solvable": True,
    }
    try:
        game = compile_game(json.dumps(content).encode())
    except GameError as error:
        raise type(error)(f"{source or 'alfworld'}: {error}") from None
    content["walkthrough"] = expert_plan(game, game.start)
    path = Path(path)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_text(json.dumps(content, indent=2), encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _package_texts() -> tuple[str, str]:
    found = find_spec("alfworld")  # which does not import it: that would make folders
    if found is None or not found.submodule_search_locations:
        raise ImportError(
            "game files take domain and grammar from alfworld, which is not installed: "
            "pip install 'gigpo-gym[alfworld]', or name an official game.tw-pddl as source"
        )
    folder = Path(found.submodule_search_locations[0]) / "data"
    return (folder / "alfred.pddl").read_text(encoding="utf-8"), (folder / "alfred.twl2").read_text(encoding="utf-8")


def _official_texts(path: str | os.PathLike[str]) -> tuple[str, str]:
    try:
        data = json.loads(Path(path).read_bytes())
        texts = data["pddl_domain"], data["grammar"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise GameError(f"{path}: expected a game.tw-pddl file with pddl_domain and grammar: {error}") from None
    if not all(isinstance(text, str) for text in texts):
        raise GameError(f"{path}: expected pddl_domain and grammar to be texts")
    return texts


def _generate_home(split: str, task_type: str, number: int) -> Home:
    if split not in SPLITS:
        raise ValueError(f"split: expected one of {', '.join(SPLITS)}, got {split!r}")
    if task_type not in TASK_TYPES:
        raise ValueError(f"task_type: expected one of {', '.join(TASK_TYPES)}, got {task_type!r}")
    if type(number) is not int or not 0 <= number < 2**63:
        raise ValueError(f"number: expected an int from 0 to 2**63 - 1, got {number!r}")
    for attempt in range(MAX_ATTEMPTS):
        draws = uniform(number, crc32(split.encode()), crc32(task_type.encode()), attempt)
        home = _draw_home(split == "valid_unseen", task_type, draws)
        if home.split == split:
            return home
    raise RuntimeError(f"no game of {split} and {task_type} in {MAX_ATTEMPTS} attempts of number {number}")


def _draw_home(unseen: bool, task_type: str, draws: Iterator[float]) -> Home:
    rooms = _chores(unseen, task_type)
    homes = rooms[choose(next(draws), list(accumulate(share for share, _ in rooms)))][1]
    plan, goals = homes[int(next(draws) * len(homes))]
    wanted, _, targets = goals[choose(next(draws), list(accumulate(weight for _, weight, _ in goals)))]
    target = list(targets)[choose(next(draws), list(accumulate(targets.values())))]
    taken, full = set(plan.taken), set[int]()
    things: list[Thing] = []
    for kind in plan.kinds:
        is_wanted = kind == wanted
        where = places(plan, kind, _barred(task_type, target) if is_wanted else None)
        counts = WANTED[task_type] if is_wanted else KINDS[kind].counts
        for i in range(1 + choose(next(draws), list(accumulate(counts)))):
            needed = is_wanted and i < (2 if task_type == "pick_two_obj_and_place" else 1)
            number = where.pick(0.0 if needed else KINDS[kind].floor, draws, full)
            if needed and number is None:  # then beside another
                number = where.pick(0.0, draws, set())
            things.append(lay_down(plan, kind, number, draws, taken))
    x, z = (round((2 * next(draws) - 1) * half / 2) for half in plan.half)
    return Home(
        task=SENTENCES[task_type][int(next(draws) * 2)].format(wanted.lower(), target.lower()),
        task_type=task_type,
        goal=(wanted, target),
        plan=plan,
        things=tuple(things),
        start=location_id(x, z, int(next(draws) * 4), 30, taken),
        # In official games a wanted thing that lies in the fridge has the quality from the start.
        cool=tuple(thing.id for thing in things if thing.kind == wanted and _lies_in(plan, thing, "Fridge")),
        nested=_nested(things, draws),
    )


def _lies_in(plan: FloorPlan, thing: Thing, kind: str) -> bool:
    return any(plan.receptacles[number].kind == kind for number in thing.receptacles)


def _nested(things: list[Thing], draws: Iterator[float]) -> tuple[tuple[str, str], ...]:
    pairs = [
        (inner.id, vessel.id)
        for vessel in things
        if "v" in KINDS[vessel.kind].abilities and vessel.receptacles
        for inner in things
        if inner.receptacles == vessel.receptacles and inner is not vessel
    ]
    position = next(draws) / NESTED * len(pairs)
    return (pairs[int(position)],) if position < len(pairs) else ()


@lru_cache(maxsize=2 * len(TASK_TYPES))
def _chores(unseen: bool, task_type: str) -> list[tuple[int, list[tuple[FloorPlan, Goals]]]]:
    """The weights of the rooms that a task may be in, and their floor plans that allow it, with the goals there."""
    rooms = []
    for chore in CHORES:
        if chore.task_type == task_type:
            plans = [plan for plan in floor_plans(chore.room) if plan.is_unseen == unseen]
            homes = [(plan, goals) for plan in plans if (goals := _goals(plan, chore))]
            if homes:
                rooms.append((chore.share, homes))
    return rooms


def _goals(plan: FloorPlan, chore: Chore) -> Goals:
    receptacles = {receptacle.kind for receptacle in plan.receptacles}
    if TREATED_IN.get(chore.task_type, "") not in ("", *receptacles):
        return []
    found = []
    for wanted, weight in chore.objects.items():
        targets = {
            target: share
            for target, share in chore.targets.items()
            if (plan.is_lit if target == LAMP else target in receptacles and target in KINDS[wanted].fits)
            and places(plan, wanted, _barred(chore.task_type, target)).numbers
        }
        if targets and wanted in plan.kinds:
            found.append((wanted, weight, targets))
    return found


def _barred(task_type: str, target: str) -> str:
    """The kind of receptacles that no wanted thing lies in at the start."""
    return TREATED_IN.get(task_type, target)


def _problem(home: Home) -> str:
    plan = home.plan
    things = (*plan.fixtures, *home.things)
    able = [(thing.id, KINDS[thing.kind]) for thing in things]
    locations = {thing.location for thing in things} | {receptacle.location for receptacle in plan.receptacles}
    objects = [
        *(f"{thing.id} - object" for thing in sorted(things)),
        *(f"{receptacle.id} - receptacle" for receptacle in plan.receptacles),
        *(f"{location} - location" for location in sorted({*locations, home.start})),
    ]
    facts = [
        *(f"receptacleType {receptacle.id} {receptacle.kind}Type" for receptacle in plan.receptacles),
        *(f"objectType {thing.id} {thing.kind}Type" for thing in things),
        *_containments(plan),
        *(f"pickupable {thing.id}" for thing in home.things),
        *(f"openable {receptacle.id}" for receptacle in plan.receptacles if receptacle.openable),
        f"atLocation agent1 {home.start}",
        *(f"{ABILITIES[letter]} {id}" for id, kind in able for letter in kind.abilities),
        *(f"isCool {id}" for id in home.cool),
        *(f"inReceptacle {thing.id} {plan.receptacles[number].id}" for thing in things for number in thing.receptacles),
        *(f"inReceptacleObject {inner} {vessel}" for inner, vessel in home.nested),
        *(f"receptacleAtLocation {receptacle.id} {receptacle.location}" for receptacle in plan.receptacles),
        *(f"objectAtLocation {thing.id} {thing.location}" for thing in things),
    ]
    return PROBLEM.format(
        objects="\n        ".join(objects), facts="\n        ".join(f"({fact})" for fact in facts), goal=_goal(home)
    )


@lru_cache(maxsize=len(ROOMS) * PLANS)
def _containments(plan: FloorPlan) -> tuple[str, ...]:
    kinds = sorted({receptacle.kind for receptacle in plan.receptacles})
    return tuple(
        f"canContain {kind}Type {thing}Type" for kind in kinds for thing in plan.kinds if kind in KINDS[thing].fits
    )


def _goal(home: Home) -> str:
    wanted, target = home.goal
    goal = GOALS[home.task_type].replace("OBJECT", f"{wanted}Type")
    return " ".join(goal.replace("LAMP" if target == LAMP else "RECEPTACLE", f"{target}Type").split())
