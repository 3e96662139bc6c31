"""A solver of Sokoban rooms: the fewest pushes and then the fewest moves, or any solution where that takes too long.

The searches are best-first and go from push to push; in between, the player walks a shortest path. The first is A* for
the fewest pushes, over states of the boxes and the squares that the player can walk to. What makes it small:

* Lower bound: the cheapest assignment of boxes to targets (Junghanns and Schaeffer, "Sokoban: Enhancing general
  single-agent search methods using domain knowledge", Artificial Intelligence 129, 2001), by the pushes that a box
  needs in the room without the others, from where the player is. Walking changes none of these, a push only those of
  one box, and by one: the bound is consistent, and no state is expanded twice.
* Freeze deadlocks: boxes that can never move again are found after each push. Off target, the room is lost; on target,
  they are walls from then on, and the pushes are counted in the room with these walls.
* PI-corrals (http://sokobano.de/wiki/index.php?title=Solver): where boxes close off an area and can only be pushed into
  it, a solution may start with them. What it pushes before them can neither enter the area nor lack the squares that
  they leave, so that it can as well be pushed later.

Where that finds the fewest pushes, a second A* finds the fewest moves among the solutions with as many. It tells apart
the squares on which the player may stand, and cannot put corrals first. A search that has used most of its nodes
overweighs the lower bound (Pohl 1970) and so comes to some solution soon, if at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from operator import add
from typing import NamedTuple

from gigpo_gym.envs.sokoban.room import ACTIONS, Room, flood, squares

MAX_NODES = 150_000  # 1 s in a 10x10 room with 4 boxes, 3 s in the worst of larger ones
OPTIMAL_SHARE = 0.75  # of its nodes, before a search overweighs the lower bound
GREED = 4  # the weight from then on
MOST_ASSIGNED = 8  # boxes: all sets of targets are looked at, and each box more doubles them
HOPELESS = 1 << 20  # more pushes than any room takes


@dataclass(frozen=True)
class Solution:
    """What the searches came to. `nodes` counts the pushes that they tried."""

    moves: list[str] | None
    fewest_pushes: bool  # proven; without moves, that there is no solution
    fewest_moves: bool  # proven, for this number of pushes
    nodes: int


class Node(NamedTuple):
    """A state just after a push, and how it was reached."""

    boxes: int
    player: int
    pushes: int
    moves: int
    parent: "Node | None"


def solve(
    room: Room, player: int | None = None, boxes: int | None = None, max_nodes: int = MAX_NODES
) -> list[str] | None:
    """The moves from a state of the room (by default its start) to all boxes on targets.

    [] where it is solved, None where it cannot be, or where `max_nodes` tried pushes were too few to find out.
    """
    return find_solution(room, player, boxes, max_nodes).moves


def find_solution(
    room: Room, player: int | None = None, boxes: int | None = None, max_nodes: int = MAX_NODES
) -> Solution:
    """`solve`, with what is known about the solution."""
    start = Node(room.boxes if boxes is None else boxes, room.player if player is None else player, 0, 0, None)
    bounds = Bounds(room)
    found, proven, nodes = _search(bounds, start, max_nodes)
    if found is None or not proven:
        return Solution(found and _moves(room, found), proven, False, nodes)
    shorter, shortest, more = _search(bounds, start, max_nodes - nodes, found)
    return Solution(_moves(room, shorter or found), True, shortest, nodes + more)


def _search(bounds: "Bounds", start: Node, max_nodes: int, known: Node | None = None) -> tuple[Node | None, bool, int]:
    """The solved state with the fewest pushes, whether that is proven, and the number of nodes.

    With a `known` solution the one with the fewest moves that takes no more pushes; None where that is the known one.
    """
    room = bounds.room
    bound = bounds(start.boxes, start.player)
    least, weight, nodes = bound, 1, 0  # no solution takes fewer pushes or moves than `least`
    heap = [(bound, bound, 0, 0, start)] if bound < HOPELESS else []  # the node's number settles all ties
    best = {(start.boxes, start.player): (0, 0)}  # pushes and moves
    expanded: set[tuple[int, ...]] = set()
    while heap:
        rank, bound, _, _, node = heappop(heap)
        if node.boxes == room.targets:
            return node, weight == 1 or (node.moves if known else node.pushes) == least, nodes
        layers = _walk(node.player, ~(room.walls | node.boxes), room.width)
        region = sum(layers)
        # In the second search a way with more pushes and fewer moves leads nowhere, and must not hide one that does.
        state = (node.boxes, node.player, node.pushes) if known else (node.boxes, region)
        if state in expanded:
            continue
        expanded.add(state)
        if nodes >= max_nodes:
            return None, False, nodes
        if weight == 1 and nodes >= max_nodes * OPTIMAL_SHARE:
            least, weight = rank, GREED
            heap = [(rank + (GREED - 1) * bound, bound, moves, n, node) for rank, bound, moves, n, node in heap]
            heapify(heap)
        pushes = node.pushes + 1
        for square, step, walked in _pushes(room, node.boxes, layers, region, bounds.dead, corrals=known is None):
            nodes += 1
            boxes, moves = node.boxes ^ (1 << square | 1 << square + step), node.moves + walked + 1
            if best.get((boxes, square), (HOPELESS, 0)) <= (pushes, moves):
                continue
            bound = bounds(boxes, square)
            if bound >= HOPELESS or (known and (pushes + bound > known.pushes or moves + bound >= known.moves)):
                continue
            best[boxes, square] = (pushes, moves)
            rank = (moves if known else pushes) + weight * bound
            heappush(heap, (rank, bound, moves, nodes, Node(boxes, square, pushes, moves, node)))
    return None, True, nodes


def _walk(player: int, free: int, width: int) -> list[int]:
    """The squares that the player can walk to, by the number of steps."""
    layers = []
    front = 1 << player
    while front:
        layers.append(front)
        free &= ~front
        front = (front << 1 | front >> 1 | front << width | front >> width) & free
    return layers


def _shift(board: int, step: int) -> int:
    return board << step if step > 0 else board >> -step


def _pushes(
    room: Room, boxes: int, layers: list[int], region: int, dead: int, corrals: bool
) -> Iterator[tuple[int, int, int]]:
    """The pushes that do not end on a dead square, the nearest first: box, step, and the number of steps to get there.

    With `corrals` only those into a PI-corral, where there is one.
    """
    shut = ~(room.walls | boxes | dead)
    able = [boxes & _shift(region, step) & _shift(shut, -step) for step in room.steps]
    inside = ~(room.walls | boxes | region) & (1 << room.height * room.width) - 1 if corrals else 0
    while inside:
        corral = flood(inside & -inside, inside | boxes, room.width)
        inside &= ~corral
        outward = any(_shift(can & corral, step) & region for can, step in zip(able, room.steps, strict=True))
        if not outward and corral & boxes != corral & room.targets:  # some box in it must move, sooner or later
            able = [can & corral for can in able]
            break
    stands = [_shift(can, -step) for can, step in zip(able, room.steps, strict=True)]
    anywhere = stands[0] | stands[1] | stands[2] | stands[3]
    for walked, layer in enumerate(layers):
        if layer & anywhere:
            for step, stand in zip(room.steps, stands, strict=True):
                for square in squares(stand & layer):
                    yield square + step, step, walked


class Bounds:
    """Lower bounds on the pushes that states of a room still take; HOPELESS where none can solve it."""

    def __init__(self, room: Room) -> None:
        self.room = room
        parts, pushes = push_distances(room.walls, room.targets, room.height, room.width)
        hopeless = (HOPELESS,) * room.targets.bit_count()
        self.dead = sum(1 << box for box in parts if all(pushes[place] == hopeless for _, place in parts[box]))
        self._distances = {0: (parts, pushes)}  # by the frozen boxes
        self._bounds: dict[tuple[int, int], int] = {}
        self._sums: dict[tuple[int, ...], list[int]] = {}

    def __call__(self, boxes: int, player: int) -> int:
        bound = self._bounds.get((boxes, player))
        if bound is None:
            bound = self._bounds[boxes, player] = self._assignment(boxes, player)
        return bound

    def _assignment(self, boxes: int, player: int) -> int:
        room = self.room
        if boxes == room.targets:
            return 0
        frozen = frozen_boxes(room, boxes, self.dead)
        if frozen & ~room.targets:
            return HOPELESS
        if frozen not in self._distances:
            walls, targets = room.walls | frozen, room.targets & ~frozen
            self._distances[frozen] = push_distances(walls, targets, room.height, room.width)
        parts, pushes = self._distances[frozen]
        places = [place for box in squares(boxes & ~frozen) for part, place in parts[box] if part >> player & 1]
        if len(places) > MOST_ASSIGNED:  # each box by itself, which is a lower bound too
            return min(sum(min(pushes[place]) for place in places), HOPELESS)
        half = len(places) // 2  # of the boxes; the others take the other targets
        first, others = self._least((frozen, *places[:half]), pushes), self._least((frozen, *places[half:]), pushes)
        bound: int = min(map(add, first, reversed(others)))  # complements: sets are in ascending order
        return min(bound, HOPELESS)

    def _least(self, key: tuple[int, ...], pushes: list[tuple[int, ...]]) -> list[int]:
        """The least sums of pushes from the places key[1:], for every set of as many targets."""
        if len(key) == 1:
            return [0]
        least = self._sums.get(key)
        if least is None:
            row, fewer = pushes[key[-1]], self._least(key[:-1], pushes)
            least = self._sums[key] = [
                min([fewer[others] + row[target] for others, target in splits])
                for splits in _target_sets(len(row), len(key) - 1)
            ]
        return least


@lru_cache(maxsize=64)
def _target_sets(targets: int, size: int) -> list[list[tuple[int, int]]]:
    """The sets of `size` targets, each as its splits into a set of one less (its place in their list) and a target."""
    smaller, sets = ([chosen for chosen in range(1 << targets) if chosen.bit_count() == n] for n in (size - 1, size))
    return [[(smaller.index(chosen ^ 1 << target), target) for target in squares(chosen)] for chosen in sets]


@lru_cache(maxsize=256)
def push_distances(
    walls: int, targets: int, height: int, width: int
) -> tuple[dict[int, list[tuple[int, int]]], list[tuple[int, ...]]]:
    """The pushes that a box needs to each target where it is the only one, found by pulling it from there.

    Returns:
        For each square of the box the parts of the floor where the player may be, cut off from each other by the box,
        each with the number of this place; by that number, the pushes to each target in ascending order.
    """
    floor = ~walls & (1 << height * width) - 1
    parts: dict[int, list[tuple[int, int]]] = {}
    places: list[tuple[int, int]] = []
    for box in squares(floor):
        parts[box] = []
        rest = floor ^ 1 << box
        while rest:
            part = flood(rest & -rest, rest, width)
            rest ^= part
            parts[box].append((part, len(places)))
            places.append((box, part))
    columns = []
    for target in squares(targets):
        pushes = [HOPELESS] * len(places)
        frontier = [place for _, place in parts[target]]
        for place in frontier:
            pushes[place] = 0
        for place in frontier:  # which grows meanwhile
            box, part = places[place]
            for step in (-width, width, -1, 1):
                origin, stand = box - step, box - 2 * step
                if part >> origin & 1 and floor >> stand & 1:
                    before = next(before for part, before in parts[origin] if part >> stand & 1)
                    if pushes[before] == HOPELESS:
                        pushes[before] = pushes[place] + 1
                        frontier.append(before)
        columns.append(pushes)
    return parts, list(zip(*columns, strict=True))


def frozen_boxes(room: Room, boxes: int, dead: int) -> int:
    """The boxes that can never move: along both axes beside a wall or another such box, or between dead squares."""
    width = room.width
    across, along = dead << 1 & dead >> 1, dead << width & dead >> width
    while True:
        solid = room.walls | boxes
        still = boxes & (solid << 1 | solid >> 1 | across) & (solid << width | solid >> width | along)
        if still == boxes:
            return boxes
        boxes = still


def _moves(room: Room, node: Node) -> list[str]:
    """The moves that lead to a node."""
    moves: list[str] = []
    while before := node.parent:
        step = (node.boxes & ~before.boxes).bit_length() - 1 - node.player
        layers = _walk(before.player, ~(room.walls | before.boxes), room.width)
        square = node.player - step
        moves.append(ACTIONS[room.steps.index(step)])
        walked = next(walked for walked, layer in enumerate(layers) if layer >> square & 1)
        for layer in reversed(layers[:walked]):
            step = next(step for step in room.steps if layer >> square - step & 1)
            square -= step
            moves.append(ACTIONS[room.steps.index(step)])
        node = before
    return moves[::-1]
