"""The floor plans of generated households: receptacles, what cannot be moved, and which kinds of things lie about.

Ids, locations and their order look like those of AI2-THOR's plans in the official games, since names follow from them.
Shares and heights were estimated from 106 plans in 740 official games.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from math import sqrt
from typing import NamedTuple
from zlib import crc32

import numpy as np

from gigpo_gym.envs.alfworld.furniture import CONTENTS, KINDS, PLANS, RECEPTACLES
from gigpo_gym.envs.splits import split_of

# Of all plans. With this one each kind of room has three unseen plans or more, and each task type is possible in three
# or more. Of such in 400 that were tried, it gives games about as hard as the official ones, rather harder.
SEED = 53

SIZES = {"bathroom": (10, 21), "bedroom": (7, 27), "kitchen": (20, 54), "living room": (6, 35)}  # receptacles in a plan
OPENABLE = {"Microwave": 1.0, "Fridge": 1.0, "Safe": 0.85, "Drawer": 0.82, "Cabinet": 0.82}  # what share can be opened
HEIGHTS = {  # centimetres above the floor; others stand on it
    "Cabinet": (40, 210),
    "CoffeeMachine": (90, 95),
    "CounterTop": (80, 100),
    "Drawer": (20, 90),
    "Microwave": (90, 180),
    "Shelf": (15, 180),
    "SinkBasin": (80, 90),
    "StoveBurner": (90, 95),
    "Toaster": (90, 95),
}
# With what share one stands where another does, and of which kind that is.
BESIDE = {
    "Cabinet": ("Cabinet", 0.09),
    "CoffeeMachine": ("CounterTop", 0.25),
    "Drawer": ("Drawer", 0.14),
    "Shelf": ("Shelf", 0.1),
    "StoveBurner": ("StoveBurner", 0.45),
    "TVStand": ("Shelf", 0.2),
    "Toaster": ("CounterTop", 0.3),
}
# Those that overlap, so that what lies in the first kind lies in the second too: with what share, and with what share
# of these its place is said to be that of the second.
OVERLAPS = (
    ("CoffeeMachine", "DiningTable", 0.15, 0.0),
    ("CoffeeMachine", "CounterTop", 0.95, 0.0),
    ("StoveBurner", "CounterTop", 0.15, 0.6),
    ("StoveBurner", "StoveBurner", 0.25, 0.0),
    ("Safe", "Cabinet", 0.3, 0.0),
    ("Safe", "Dresser", 0.3, 0.0),
    ("HandTowelHolder", "CounterTop", 0.03, 0.0),
)
# Of these kinds some draw more things than others: twice the mean of so many numbers from 0 to 1.
UNLIKE = {"Cabinet": 1, "CounterTop": 2, "DiningTable": 2, "Drawer": 1, "Shelf": 1, "SinkBasin": 2}
# All receptacles of a kind together draw as much as one does, times their number: of these kinds times its square root,
# taken so often.
ROOTS = {"Cabinet": 2, "Drawer": 1, "Shelf": 1}
# Such draw what a task wants less than they draw the same kind of thing in other games, by these factors.
WANTED_IN = {"Cabinet": 0.7, "Drawer": 0.4}
SINGLE = ("CoffeeMachine", "HandTowelHolder", "StoveBurner", "ToiletPaperHanger", "TowelHolder")  # hold one thing
TRIES = 8  # of a thing that finds only such that are full, before it lies on the floor
SURFACES = ("CoffeeTable", "CounterTop", "Desk", "DiningTable", "SideTable")
MISPLACED = 0.005  # of what lies on these: its place is said to be where no receptacle is
NEAR = 0.25  # of what lies on the floor: its place is said to be a receptacle's

Spot = tuple[int, int, int]  # centimetres; the second is the height


class Receptacle(NamedTuple):
    """A receptacle of a floor plan."""

    id: str
    kind: str
    location: str
    openable: bool
    pull: float  # how much it draws things, beside others of its kind
    spot: Spot
    also: int = -1  # the number of a receptacle that holds what this one holds
    stated: str = ""  # where things in it are said to be, if not at `location`


class Thing(NamedTuple):
    """A thing and where it lies."""

    id: str
    kind: str
    location: str
    receptacles: tuple[int, ...] = ()  # several where they overlap


@dataclass(frozen=True, eq=False)
class FloorPlan:
    """What all games in it share; the same object for the same plan."""

    room: str
    receptacles: tuple[Receptacle, ...]
    fixtures: tuple[Thing, ...]
    kinds: tuple[str, ...]  # of the things that lie about
    half: tuple[int, int]  # centimetres from the middle to the walls
    taken: frozenset[str]  # ids and locations

    @property
    def is_lit(self) -> bool:
        """Whether it has a desk lamp that can be used."""
        return any(thing.kind == "DeskLamp" and thing.receptacles for thing in self.fixtures)

    @cached_property
    def is_unseen(self) -> bool:
        """Whether it belongs to valid_unseen."""
        content = f"{self.room} {self.receptacles} {self.fixtures} {self.kinds}"
        return split_of(content) == "eval"


def uniform(*entropy: int) -> Iterator[float]:
    """Endless numbers from 0 to 1; of all that NumPy's generators give, the least likely to change."""
    rng = np.random.default_rng(np.random.SeedSequence(entropy))
    while True:
        yield from rng.random(512).tolist()


def choose(draw: float, cumulative: Sequence[float]) -> int:
    """A position, with the weights that add up to `cumulative`."""
    return bisect(cumulative, draw * cumulative[-1], 0, len(cumulative) - 1)


def entity_id(kind: str, spot: Spot, taken: set[str]) -> str:
    """An id as AI2-THOR's objects have, with the kind and the place; a little aside where it is taken already."""
    x, y, z = spot
    kind, basin = (kind[:-5], f"_bar_{kind}") if kind.endswith("Basin") else (kind, "")
    while (name := f"{kind}{_metres(x)}{_metres(y)}{_metres(z)}{basin}") in taken:
        x += 1
    taken.add(name)
    return name


def location_id(x: int, z: int, side: int, slope: int, taken: set[str]) -> str:
    """The place from which one reaches a spot: steps of 25 cm, the direction one faces and how far one looks down."""
    column, row = round(x / 25), round(z / 25)
    while (name := f"loc{''.join(_steps(n) for n in (column, row, side, slope))}") in taken:
        column, row = (column + 1, row) if side % 2 == 0 else (column, row + 1)
    taken.add(name)
    return name


def _metres(centimetres: int) -> str:
    sign = "minus" if centimetres < 0 else "plus"
    return f"_bar__{sign}_{abs(centimetres) // 100:02}_dot_{abs(centimetres) % 100:02}"


def _steps(number: int) -> str:
    return f"_bar_{number}" if number >= 0 else f"_bar__minus_{-number}"


@lru_cache(maxsize=len(CONTENTS))
def floor_plans(room: str) -> tuple[FloorPlan, ...]:
    """All plans of a kind of room."""
    draws = uniform(SEED, crc32(room.encode()))
    rows = []  # the counts in CONTENTS, each in an order of its own
    for counts, names in CONTENTS[room]:
        keys = [next(draws) for _ in counts]
        rows.append(([counts[plan] for plan in sorted(range(PLANS), key=keys.__getitem__)], names))
    _even_out([(row, sum(name in RECEPTACLES for name in names)) for row, names in rows], SIZES[room], draws)
    contents = [{name: row[plan] for row, names in rows for name in names} for plan in range(PLANS)]
    return tuple(_draw_plan(room, number, content) for number, content in enumerate(contents))


def _even_out(rows: list[tuple[list[int], int]], size: tuple[int, int], draws: Iterator[float]) -> None:
    """Swap counts between plans until the sums over all rows, which count as often as told, are within `size`."""
    least, most = size
    sums = [sum(row[plan] * times for row, times in rows) for plan in range(PLANS)]
    while not least <= min(sums) <= max(sums) <= most:
        plan = sums.index(min(sums) if min(sums) < least else max(sums))
        other = int(next(draws) * PLANS)
        row, times = rows[int(next(draws) * len(rows))]
        change = (row[other] - row[plan]) * times
        if abs(sums[plan] + change - sums[other] + change) < abs(sums[plan] - sums[other]):
            row[plan], row[other] = row[other], row[plan]
            sums[plan] += change
            sums[other] -= change


def _draw_plan(room: str, number: int, content: dict[str, int]) -> FloorPlan:
    draws = uniform(SEED, crc32(room.encode()), number)
    half = (150 + int(next(draws) * 200), 150 + int(next(draws) * 200))
    taken: set[str] = set()
    receptacles: list[Receptacle] = []
    for kind in sorted(RECEPTACLES, key=lambda kind: (kind in BESIDE, kind)):
        for _ in range(content.get(kind, 0)):
            receptacles.append(_place(kind, content[kind], receptacles, half, draws, taken))
    receptacles.sort()
    plan = FloorPlan(
        room=room,
        receptacles=tuple(_overlapped(receptacle, receptacles, draws) for receptacle in receptacles),
        fixtures=(),
        kinds=tuple(name for name in KINDS if KINDS[name].counts and content.get(name)),
        half=half,
        taken=frozenset(),
    )
    fixtures = [
        lay_down(plan, name, places(plan, name).pick(KINDS[name].floor, draws, set()), draws, taken)
        for name in KINDS
        for _ in range(0 if KINDS[name].counts else content.get(name, 0))
    ]
    return replace(plan, fixtures=tuple(fixtures), taken=frozenset(taken))


def _place(
    kind: str, number: int, others: list[Receptacle], half: tuple[int, int], draws: Iterator[float], taken: set[str]
) -> Receptacle:
    """One of `number` receptacles of a kind: at a wall, or with another."""
    neighbour, share = BESIDE.get(kind, ("", 0.0))
    beside = [other for other in others if other.kind == neighbour]
    lowest, highest = HEIGHTS.get(kind, (0, 60))
    height = lowest + int(next(draws) * (highest - lowest))
    if beside and next(draws) < share:
        x, _, z = beside[-1].spot
        location = beside[-1].location
    else:
        side, along = int(next(draws) * 4), 2 * next(draws) - 1
        x, z = (round(along * half[0]), half[1]) if side % 2 == 0 else (half[0], round(along * half[1]))
        x, z = (-x, -z) if side >= 2 else (x, z)
        slope = 60 if height < 70 else 45 if height < 120 else 30
        location = location_id(x * 2 // 3, z * 2 // 3, side, slope, taken)
    openable = next(draws) < OPENABLE.get(kind, 0)
    spot = (x, height, z)
    return Receptacle(entity_id(kind, spot, taken), kind, location, openable, _pull(kind, number, draws), spot)


def _pull(kind: str, number: int, draws: Iterator[float]) -> float:
    together = float(number)
    for _ in range(ROOTS.get(kind, 0)):
        together = sqrt(together)
    own = [2 * next(draws) for _ in range(UNLIKE.get(kind, 0))] or [1.0]
    return together / number * sum(own) / len(own)


def _overlapped(receptacle: Receptacle, others: list[Receptacle], draws: Iterator[float]) -> Receptacle:
    for kind, other_kind, share, stated_share in OVERLAPS:
        candidates = [n for n, other in enumerate(others) if other.kind == other_kind and other.id != receptacle.id]
        if kind == receptacle.kind and candidates and next(draws) < share:
            also = candidates[int(next(draws) * len(candidates))]
            stated = others[also].location if next(draws) < stated_share else ""
            return receptacle._replace(also=also, stated=stated)
    return receptacle


class Places(NamedTuple):
    """Receptacles for a thing, with the sums of their weights."""

    numbers: tuple[int, ...]
    cumulative: tuple[float, ...]
    single: frozenset[int]  # those that hold one thing at most

    def pick(self, floor: float, draws: Iterator[float], full: set[int]) -> int | None:
        """A receptacle, or None: with the probability `floor`, or where those that were drawn hold a thing already."""
        for _ in range(TRIES if self.numbers and (not floor or next(draws) >= floor) else 0):
            number = self.numbers[choose(next(draws), self.cumulative)]
            if number not in full:
                if number in self.single:
                    full.add(number)
                return number
        return None


@lru_cache(maxsize=2**14)
def places(plan: FloorPlan, kind: str, barred: str | None = None) -> Places:
    """Where a kind of thing may lie; if it is wanted, save in receptacles of a `barred` kind or that overlap them."""
    weights, found = KINDS[kind].drawn_to, []
    for number, receptacle in enumerate(plan.receptacles):
        holding = [plan.receptacles[n].kind for n in overlapping(plan, number)]
        if receptacle.kind in weights and (barred is None or barred not in holding):
            factor = 1.0 if barred is None else WANTED_IN.get(receptacle.kind, 1.0)
            found.append((number, weights[receptacle.kind] * receptacle.pull * factor))
    return Places(
        numbers=tuple(number for number, _ in found),
        cumulative=tuple(accumulate(weight for _, weight in found)),
        single=frozenset(number for number, _ in found if plan.receptacles[number].kind in SINGLE),
    )


def overlapping(plan: FloorPlan, number: int) -> tuple[int, ...]:
    """The receptacles that hold what lies in one, itself first."""
    chain = [number]
    while (number := plan.receptacles[number].also) not in (-1, *chain):
        chain.append(number)
    return tuple(chain)


def lay_down(plan: FloorPlan, kind: str, number: int | None, draws: Iterator[float], taken: set[str]) -> Thing:
    """A thing in a receptacle or, if there is none, on the floor; its id and location are added to `taken`."""
    if number is None:
        x, z = (round((2 * next(draws) - 1) * half) for half in plan.half)
        near = plan.receptacles[int(next(draws) * len(plan.receptacles))].location
        location = near if next(draws) < NEAR else location_id(x, z, int(next(draws) * 4), 60, taken)
        return Thing(entity_id(kind, (x, 2, z), taken), kind, location)
    receptacle = plan.receptacles[number]
    x, y, z = receptacle.spot
    x, z = x + int(next(draws) * 50) - 25, z + int(next(draws) * 50) - 25
    location = receptacle.stated or receptacle.location
    if receptacle.kind in SURFACES and next(draws) < MISPLACED:
        location = location_id(x, z, int(next(draws) * 4), 45, taken)
    return Thing(entity_id(kind, (x, y + 5, z), taken), kind, location, overlapping(plan, number))
