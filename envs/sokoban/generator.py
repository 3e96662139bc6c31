"""Rooms by random walk and reverse play.

The process is that of Racaniere et al. 2017 (Imagination-Augmented Agents, arXiv 1707.06203), with the numbers of
gym-sokoban: a walk carves the floor, targets fall on it at random with a box on each, and a player who pulls instead of
pushing takes the boxes away. To push the pulls back, last one first, solves the room: every room can be solved. Where
the original follows the player move by move and depth first, a beam goes from pull to pull and keeps the boxes that
came farthest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from gigpo_gym.envs.sokoban.room import Room, flood, squares
from gigpo_gym.envs.splits import SPLITS, split_of

SIDES = range(5, 21)  # rows or columns, walls included
BOXES = range(1, 9)
SQUARES_PER_BOX = 3  # inside the outer walls; with fewer, no room or hardly one lets all boxes leave their targets

MAX_ATTEMPTS = 10_000
TURN_PROB = 0.35  # of the walk, before each of its steps
DIRECTIONS = ((1, 0), (0, 1), (-1, 0), (0, -1))  # rows down, columns right
# What a step of the walk carves: three rows of three squares around it, the lowest bit on the left.
BRUSHES = (
    (0b000, 0b111, 0b000),
    (0b010, 0b010, 0b010),
    (0b000, 0b011, 0b010),
    (0b000, 0b011, 0b011),
    (0b000, 0b110, 0b010),
)
BEAM_WIDTH = 64  # states that are followed after each pull
PATIENCE = 6  # pulls without boxes getting farther away than ever, and the search ends


def check_room_arguments(dim_room: Sequence[int], num_boxes: int, num_gen_steps: int | None) -> None:
    """Whether `generate_room` can make such rooms.

    Raises:
        ValueError: an argument is out of range, or the room too small for its boxes.
    """
    if not isinstance(dim_room, tuple | list) or len(dim_room) != 2 or not all(_in(SIDES, side) for side in dim_room):
        raise ValueError(
            f"dim_room: expected rows and columns from {SIDES[0]} to {SIDES[-1]}, got {dim_room!r}; write it as (6, 6)"
        )
    if not _in(BOXES, num_boxes):
        raise ValueError(f"num_boxes: expected an int from {BOXES[0]} to {BOXES[-1]}, got {num_boxes!r}")
    most = (dim_room[0] - 2) * (dim_room[1] - 2) // SQUARES_PER_BOX
    if num_boxes > most:
        raise ValueError(
            f"num_boxes: expected at most {most} in {dim_room[0]} rows and {dim_room[1]} columns, got {num_boxes}; "
            "take fewer boxes or a larger dim_room"
        )
    # A walk much longer than that leaves no wall standing, and all rooms of a size are then the same few.
    if num_gen_steps is not None and not _in(range(1, dim_room[0] * dim_room[1] + 1), num_gen_steps):
        raise ValueError(
            f"num_gen_steps: expected an int from 1 to {dim_room[0] * dim_room[1]}, rows times columns, got "
            f"{num_gen_steps!r}; None takes 1.7 for each row and column"
        )


def _in(allowed: range, value: object) -> bool:
    return type(value) is int and value in allowed  # 6.0 and NumPy's 6 are in a range as well, and fail later


def generate_room(
    seed: int, dim_room: tuple[int, int], num_boxes: int, split: str, num_gen_steps: int | None = None
) -> Room:
    """The room of `seed`: the first of its attempts whose layout belongs to `split` and that gives a room.

    Args:
        dim_room: rows and columns, walls included.
        num_gen_steps: steps of the walk that carves the floor, 1.7 for each row and column by default. Every attempt
            that gives no room adds one, so that the floor grows until the boxes fit.

    Raises:
        ValueError: see `check_room_arguments`; or there is no such split.
        RuntimeError: none of MAX_ATTEMPTS attempts would do.
    """
    check_room_arguments(dim_room, num_boxes, num_gen_steps)
    if split not in SPLITS:
        raise ValueError(f"split: expected one of {', '.join(SPLITS)}, got {split!r}")
    walk_steps = int(1.7 * sum(dim_room)) if num_gen_steps is None else num_gen_steps
    return _first_room(seed, *dim_room, num_boxes, split, walk_steps)


@lru_cache(maxsize=1024)  # a group draws its room once
def _first_room(seed: int, height: int, width: int, num_boxes: int, split: str, walk_steps: int) -> Room:
    for attempt in range(MAX_ATTEMPTS):
        # Uniform numbers only: of all the generator's methods this is the one least likely to change with NumPy.
        rng = np.random.default_rng(np.random.SeedSequence((seed, attempt)))
        draws = rng.random(3 * walk_steps + num_boxes + 6).tolist()
        solved = _lay_out(height, width, num_boxes, walk_steps, iter(draws))
        if solved is not None and split_of(solved.layout) != split:
            continue  # before the pulls, which take most of the time
        room = solved and _pull_boxes_away(solved, draws[-2:])
        if room is not None:
            return room
        walk_steps += 1
    raise RuntimeError(
        f"no room of split {split!r} with dim_room={(height, width)} and num_boxes={num_boxes} in {MAX_ATTEMPTS} "
        f"attempts of seed {seed}: take fewer boxes or a larger room"
    )


def _lay_out(height: int, width: int, num_boxes: int, walk_steps: int, draws: Iterator[float]) -> Room | None:
    """Floor and targets, with the boxes on them."""
    floor = _walk(height, width, walk_steps, draws)
    free = list(squares(floor))
    if len(free) < 2 * num_boxes + 1:  # targets, boxes and player
        return None
    player = free.pop(int(next(draws) * len(free)))
    targets = sum(1 << free.pop(int(next(draws) * len(free))) for _ in range(num_boxes))
    return Room(height, width, (1 << height * width) - 1 & ~floor, targets, targets, player)


def _pull_boxes_away(solved: Room, draws: Sequence[float]) -> Room | None:
    starts = _reverse_play(solved)
    if not starts:
        return None
    boxes, region = starts[int(draws[0] * len(starts))]
    places = list(squares(region & ~solved.targets))
    return replace(solved, boxes=boxes, player=places[int(draws[1] * len(places))])


def _walk(height: int, width: int, walk_steps: int, draws: Iterator[float]) -> int:
    """The floor that a random walk leaves behind, all of it connected."""
    brushes = [top | middle << width | bottom << 2 * width for top, middle, bottom in BRUSHES]
    row, column = 1 + int(next(draws) * (height - 1)), 1 + int(next(draws) * (width - 1))
    down, right = DIRECTIONS[int(next(draws) * len(DIRECTIONS))]
    floor = 0
    for _ in range(walk_steps):
        turn, direction, brush = next(draws), next(draws), next(draws)
        if turn < TURN_PROB:
            down, right = DIRECTIONS[int(direction * len(DIRECTIONS))]
        row = min(max(row + down, 1), height - 2)
        column = min(max(column + right, 1), width - 2)
        floor |= brushes[int(brush * len(BRUSHES))] << (row - 1) * width + column - 1
    inside = sum((1 << width - 2) - 1 << row * width + 1 for row in range(1, height - 1))
    return floor & inside


def _reverse_play(solved: Room) -> list[tuple[int, int]]:
    """Where pulls lead from boxes on all targets: the best states found, as boxes and the player's region.

    Best is the product of pulls and displacement (each box's distance from the target nearest to it), among states
    with no box on a target and a place for the player off targets. There may be none.
    """
    width, targets, player = solved.width, solved.targets, solved.player
    floor = (1 << solved.height * width) - 1 & ~solved.walls
    away = {
        square: min(
            abs(square // width - target // width) + abs(square % width - target % width) for target in squares(targets)
        )
        for square in squares(floor)
    }
    known: dict[int, int] = {}  # boxes: the union of the player's regions that were followed with them
    layer = {(0, targets, player)}  # displacement, boxes, player: what one pull more led to
    pulls = farthest = pulls_of_farthest = highest = 0
    best: list[tuple[int, int]] = []
    while layer and pulls - pulls_of_farthest <= PATIENCE:
        followed = 0
        found: set[tuple[int, int, int]] = set()
        for displacement, boxes, player in sorted(layer, reverse=True):
            regions = known.get(boxes, 0)
            if regions >> player & 1:
                continue
            if followed == BEAM_WIDTH:
                break
            followed += 1
            region = flood(1 << player, floor & ~boxes, width)
            known[boxes] = regions | region
            if displacement > farthest:
                farthest, pulls_of_farthest = displacement, pulls
            if not boxes & targets and region & ~targets and displacement * pulls >= highest:
                if displacement * pulls > highest:
                    highest, best = displacement * pulls, []
                best.append((boxes, region))
            # The player, on `stand` next to a box, steps away from it, and the box follows onto `stand`.
            for step, stands in (
                (-width, boxes >> width & region & region << width),
                (width, boxes << width & region & region >> width),
                (-1, boxes >> 1 & region & region << 1),
                (1, boxes << 1 & region & region >> 1),
            ):
                for stand in squares(stands):
                    pulled = boxes ^ 1 << stand ^ 1 << stand - step
                    if not known.get(pulled, 0) >> stand + step & 1:
                        found.add((displacement + away[stand] - away[stand - step], pulled, stand + step))
        layer = found
        pulls += 1
    return best
