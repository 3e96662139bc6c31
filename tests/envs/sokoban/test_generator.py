"""Laws of generated rooms: the same for a seed everywhere, solvable, fresh, of their split, for every argument."""

import os
import subprocess
import sys
from collections import deque
from itertools import product
from statistics import mean
from typing import Any

import numpy as np
import pytest

from gigpo_gym.envs.sokoban import generator
from gigpo_gym.envs.sokoban.generator import check_room_arguments, generate_room
from gigpo_gym.envs.sokoban.room import ACTIONS, Room, flood, parse_room, squares
from gigpo_gym.envs.sokoban.solver import find_solution
from gigpo_gym.envs.splits import SPLITS, split_of

PINNED = {
    (0, (6, 6), 1, "train"): "######/#-@.##/#---##/#-$###/#---##/######",
    (1, (6, 6), 2, "train"): "######/##---#/##.--#/#-@$-#/#-.$-#/######",
    (2**63 - 1, (6, 6), 1, "eval"): "######/###--#/###-.#/##@$-#/#----#/######",
    (0, (8, 8), 3, "train"): "########/#--@####/#$$#####/#---####/#$.#####/#.--####/#.######/########",
}


def best_by_single_moves(floor: int, targets: int, player: int, width: int) -> set[tuple[int, int]]:
    """What `_reverse_play` looks for, from every state that a player who walks and pulls can come to."""
    fewest = {(targets, player): 0}
    queue = deque(fewest)
    while queue:
        boxes, player = queue.popleft()
        pulls = fewest[boxes, player]
        for step in (-width, width, -1, 1):
            ahead, behind = player + step, player - step
            if not (floor & ~boxes) >> ahead & 1:
                continue
            if (boxes, ahead) not in fewest or fewest[boxes, ahead] > pulls:
                fewest[boxes, ahead] = pulls
                queue.appendleft((boxes, ahead))
            pulled = boxes ^ 1 << behind ^ 1 << player
            if boxes >> behind & 1 and ((pulled, ahead) not in fewest or fewest[pulled, ahead] > pulls + 1):
                fewest[pulled, ahead] = pulls + 1
                queue.append((pulled, ahead))
    scores = {
        (boxes, flood(1 << player, floor & ~boxes, width)): pulls * distance_from_targets(boxes, targets, width)
        for (boxes, player), pulls in fewest.items()
        if not boxes & targets and not targets >> player & 1
    }
    return {state for state, score in scores.items() if score == max(scores.values())}


def distance_from_targets(boxes: int, targets: int, width: int) -> int:
    """Sum of each box's distance from the target nearest to it."""
    return sum(
        min(abs(box // width - target // width) + abs(box % width - target % width) for target in squares(targets))
        for box in squares(boxes)
    )


def fewest_pushes(room: Room) -> int:
    """And solves the room, or fails."""
    solution = find_solution(room)
    assert solution.moves is not None
    assert solution.fewest_pushes
    player, boxes, pushes = room.player, room.boxes, 0
    for move in solution.moves:
        before = boxes
        player, boxes = room.move(player, boxes, room.steps[ACTIONS.index(move)])
        pushes += boxes != before
    assert boxes == room.targets
    return pushes


def test_the_rooms_of_these_seeds_never_change() -> None:
    assert {arguments: generate_room(*arguments).name for arguments in PINNED} == PINNED


def test_rooms_are_the_same_in_processes_that_hash_differently() -> None:
    program = (
        "from gigpo_gym.envs.sokoban.generator import generate_room as draw\n"
        "print([draw(seed, size, boxes, 'train').name"
        " for seed in range(3) for size, boxes in (((6, 6), 1), ((7, 9), 3), ((10, 10), 4))])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("0", "1", "2")
    }
    assert len(printed) == 1
    assert printed.pop().count("@") == 9


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize(
    ("dim_room", "num_boxes"),
    [((5, 5), 1), ((5, 5), 3), ((6, 6), 1), ((6, 6), 2), ((5, 20), 2), ((9, 6), 3), ((10, 10), 3), ((20, 20), 2)],
)
def test_rooms_are_solvable_unsolved_and_of_their_split(dim_room: tuple[int, int], num_boxes: int, split: str) -> None:
    for seed in range(12):
        room = generate_room(seed, dim_room, num_boxes, split)
        assert (room.height, room.width) == dim_room
        assert room.boxes.bit_count() == room.targets.bit_count() == num_boxes
        assert not room.boxes & room.targets
        assert not room.targets >> room.player & 1
        assert split_of(room.layout) == split
        assert parse_room(room.name) == room  # no floor beyond the player's reach, walls all around
        assert fewest_pushes(room) >= distance_from_targets(room.boxes, room.targets, room.width)


def test_rooms_of_four_boxes_are_solvable() -> None:
    for seed in range(12):
        assert fewest_pushes(generate_room(seed, (10, 10), 4, "train")) >= 4


def test_every_allowed_corner_gives_a_room() -> None:
    """Small and large, narrow and square, few boxes and as many as are allowed, short walks and long ones."""
    most = {(5, 5): 3, (5, 6): 4, (7, 5): 5, (6, 6): 5, (7, 6): 6, (5, 10): 8, (7, 7): 8, (20, 5): 8, (20, 20): 8}
    for (dim_room, boxes), split in product(most.items(), SPLITS):
        for num_boxes, steps in product((1, boxes), (None, 1, min(100, dim_room[0] * dim_room[1]))):
            check_room_arguments(dim_room, num_boxes, steps)
            room = generate_room(3, dim_room, num_boxes, split, steps)
            assert room.boxes.bit_count() == num_boxes
    for dim_room in ((5, 5), (5, 6), (7, 5), (6, 6), (7, 6)):
        with pytest.raises(ValueError, match=f"expected at most {most[dim_room]} in .* got {most[dim_room] + 1}"):
            check_room_arguments(dim_room, most[dim_room] + 1, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((4, 6), 1, None), r"dim_room: expected rows and columns from 5 to 20, got \(4, 6\)"),
        (((6, 21), 1, None), "dim_room"),
        (((6,), 1, None), "dim_room"),
        ((6, 1, None), "dim_room: .* got 6;"),
        (((6.0, 6), 1, None), "dim_room"),
        (((6, 6), 0, None), "num_boxes: expected an int from 1 to 8, got 0"),
        (((20, 20), 9, None), "num_boxes"),
        (((6, 6), 1.0, None), "num_boxes"),
        (((5, 5), 8, None), "num_boxes: expected at most 3 in 5 rows and 5 columns, got 8; take fewer boxes"),
        (((6, 6), 1, 0), "num_gen_steps: expected an int from 1 to 36, rows times columns, got 0"),
        (((6, 6), True, None), "num_boxes"),
        (((6, 6), 1, 37), "num_gen_steps"),
        (((6, 6), 1, 2.5), "num_gen_steps"),
    ],
)
def test_arguments_that_cannot_be_met_are_refused(arguments: tuple[Any, Any, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_room_arguments(*arguments)
    with pytest.raises(ValueError, match=message):
        generate_room(0, arguments[0], arguments[1], "train", arguments[2])


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="split: expected one of train, eval, got 'test'"):
        generate_room(0, (6, 6), 1, "test")


def test_giving_up_says_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "MAX_ATTEMPTS", 0)
    generator._first_room.cache_clear()
    with pytest.raises(RuntimeError, match=r"no room of split 'eval' with dim_room=\(6, 6\) and num_boxes=1 .* seed 7"):
        generate_room(7, (6, 6), 1, "eval")


def test_reverse_play_finds_what_single_moves_find(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "BEAM_WIDTH", 10**6)  # then nothing is left out
    monkeypatch.setattr(generator, "PATIENCE", 10**6)
    found = 0
    for seed, num_boxes in product(range(60), (1, 2, 3)):
        rng = np.random.default_rng(seed)
        floor = generator._walk(7, 6, 18, iter(rng.random(60).tolist()))
        start = [int(square) for square in rng.permutation(list(squares(floor)))]
        targets = sum(1 << square for square in start[1 : 1 + num_boxes])
        best = generator._reverse_play(Room(7, 6, (1 << 42) - 1 & ~floor, targets, targets, start[0]))
        assert len(best) == len(set(best))
        assert set(best) == best_by_single_moves(floor, targets, start[0], 6)
        found += bool(best)
    assert found > 80


def test_rooms_are_many_and_unlike_each_other() -> None:
    rooms = [generate_room(seed, (6, 6), 1, "train") for seed in range(400)]
    assert len({room.name for room in rooms}) > 370
    assert len({room.player for room in rooms}) == len({room.targets for room in rooms}) == 16
    assert len({room.boxes for room in rooms}) == 12  # a box in a corner could not leave it
    rooms = [generate_room(seed, (6, 6), 2, "eval") for seed in range(100)]
    assert len({room.name for room in rooms}) > 90


def test_rooms_are_as_hard_as_measured_against_gym_sokoban() -> None:
    """Its means are 2.07 (10,000 rooms) and 10.83 (200); benchmarks/sokoban_rooms.py compares the distributions."""
    rooms = [generate_room(seed, (6, 6), 1, "train") for seed in range(1_000)]
    assert mean(distance_from_targets(room.boxes, room.targets, 6) for room in rooms) > 2.0
    rooms = [generate_room(seed, (10, 10), 3, "train") for seed in range(80)]
    assert mean(map(fewest_pushes, rooms)) > 10.83
