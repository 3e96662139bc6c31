"""The Sokoban solver against searches through every state of small rooms, in hand-made rooms, and on real levels."""

import os
import subprocess
import sys
from collections import Counter, deque
from heapq import heappop, heappush
from itertools import permutations

import numpy as np
import pytest

from gigpo_gym.envs.sokoban import solver
from gigpo_gym.envs.sokoban.generator import generate_room
from gigpo_gym.envs.sokoban.levels import open_levels
from gigpo_gym.envs.sokoban.room import ACTIONS, Room, dead_squares, flood, parse_room, squares
from gigpo_gym.envs.sokoban.solver import HOPELESS, Bounds, find_solution, frozen_boxes, push_distances, solve

# Rows, columns and boxes of random rooms, small enough to look at every state.
SIZES = [(5, 5, 1), (4, 9, 2), (6, 6, 2), (7, 8, 2), (6, 6, 3), (7, 6, 3), (6, 6, 4)]

State = tuple[int, int]  # player and boxes


def random_rooms(rows: int, columns: int, boxes: int, count: int) -> list[Room]:
    """Rooms of scattered walls and targets, from which a random walk has pulled the boxes away."""
    rng = np.random.default_rng((rows, columns, boxes))
    rooms: list[Room] = []
    while len(rooms) < count:
        board = np.full((rows, columns), True)
        board[1:-1, 1:-1] = rng.random((rows - 2, columns - 2)) < 0.12
        player = int(rng.choice(np.flatnonzero(~board)))
        floor = list(squares(flood(1 << player, sum(1 << int(n) for n in np.flatnonzero(~board)), columns)))
        if len(floor) < 3 * boxes:
            continue
        targets = pulled = sum(1 << int(n) for n in rng.choice(floor, boxes, replace=False))
        player = next(square for square in floor if not targets >> square & 1)
        for step in rng.choice([-columns, columns, -1, 1], 150).tolist():
            if player + step in floor and not pulled >> player + step & 1:
                if pulled >> player - step & 1 and rng.random() < 0.5:
                    pulled ^= 1 << player | 1 << player - step
                player += step
        if pulled != targets:
            walls = ~sum(1 << square for square in floor) & (1 << rows * columns) - 1
            rooms.append(Room(rows, columns, walls, targets, pulled, player))
    return rooms


def state_costs(room: Room) -> tuple[dict[State, dict[State, bool]], dict[State, tuple[int, int]]]:
    """All states that can be reached, with what a move makes of them and whether it pushes; and the fewest pushes and
    then moves from each state that can be solved. Move by move and backwards from the end, unlike the solver."""
    moves: dict[State, dict[State, bool]] = {}
    frontier = deque([(room.player, room.boxes)])
    before: dict[State, list[tuple[State, bool]]] = {}
    while frontier:
        state = frontier.popleft()
        if state in moves:
            continue
        after = {room.move(*state, step) for step in room.steps} - {state}
        moves[state] = {move: move[1] != state[1] for move in after}
        for move, pushes in moves[state].items():
            before.setdefault(move, []).append((state, pushes))
            frontier.append(move)
    costs: dict[State, tuple[int, int]] = {}
    heap = [(0, 0, state) for state in moves if state[1] == room.targets]
    while heap:
        pushes, count, state = heappop(heap)
        if state not in costs:
            costs[state] = (pushes, count)
            for earlier, pushed in before.get(state, []):
                heappush(heap, (pushes + pushed, count + 1, earlier))
    return moves, costs


def check(room: Room, player: int, boxes: int, costs: dict[State, tuple[int, int]]) -> bool:
    """Whether a state can be solved; its solution must be what `state_costs` says."""
    solution = find_solution(room, player, boxes)
    assert solution.fewest_pushes
    if (player, boxes) not in costs:
        assert solution.moves is None, room.to_xsb(player, boxes)
        return False
    assert solution.moves is not None, room.to_xsb(player, boxes)
    assert solution.fewest_moves
    assert replay(room, solution.moves, player, boxes) == costs[player, boxes], room.to_xsb(player, boxes)
    return True


def replay(room: Room, moves: list[str], player: int, boxes: int) -> tuple[int, int]:
    """The pushes and moves of a solution, every one of which must change something."""
    pushes = 0
    for move in moves:
        state = room.move(player, boxes, room.steps[ACTIONS.index(move)])
        assert state != (player, boxes), "a move that does nothing"
        pushes += state[1] != boxes
        player, boxes = state
    assert boxes == room.targets, "the solution does not solve the room"
    return pushes, len(moves)


def letters(text: str) -> list[str]:
    return [next(action for action in ACTIONS if action[0] == letter) for letter in text]


# Against all states --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_fewest_pushes_and_then_fewest_moves_from_any_state(size: tuple[int, int, int]) -> None:
    seen: Counter[bool] = Counter()
    for room in random_rooms(*size, count=20):
        moves, costs = state_costs(room)
        states = sorted(moves)
        for player, boxes in [(room.player, room.boxes), *states[:: len(states) // 15 + 1]]:
            seen[check(room, player, boxes, costs)] += 1
    assert min(seen[True], seen[False]) > 50, "too few of either kind to show anything"


@pytest.mark.parametrize(
    "xsb",
    [
        # Boxes close off an area, and one of them can also be pushed away from it: others may have to go first.
        "######/#---.#/#--$-#/#-$$.#/##-.@#/######",
        "#######/#-----#/#$$+$-#/#.-#-.#/#-*---#/#######",
        # A detour of two pushes comes sooner to a state on the way, but then too late to the end.
        "#######/#.--###/#-.$###/#-.-###/#$$-$-#/#--.@-#/#######",
    ],
)
def test_rooms_in_which_cutting_corners_would_miss_the_best_solution(xsb: str) -> None:
    room = parse_room(xsb)
    assert check(room, room.player, room.boxes, state_costs(room)[1])


@pytest.mark.parametrize("size", SIZES)
def test_bounds_are_admissible_and_consistent(size: tuple[int, int, int]) -> None:
    exact = 0
    for room in random_rooms(*size, count=6):
        moves, costs = state_costs(room)
        bounds = Bounds(room)
        for (player, boxes), after in moves.items():
            bound = bounds(boxes, player)
            pushes = costs.get((player, boxes), (HOPELESS, 0))[0]
            assert bound <= pushes, room.to_xsb(player, boxes)
            exact += bound == pushes < HOPELESS
            for (next_player, next_boxes), pushed in after.items():
                next_bound = bounds(next_boxes, next_player)
                assert bound <= next_bound + pushed, room.to_xsb(player, boxes)
                assert pushed or bound == next_bound, room.to_xsb(player, boxes)
    assert exact, "a bound that is never exact is no use"


@pytest.mark.parametrize("size", SIZES)
def test_bounds_are_least_assignments(size: tuple[int, int, int]) -> None:
    """Where no box is frozen: the least sum over all orders of the targets."""
    for room in random_rooms(*size, count=4):
        bounds = Bounds(room)
        parts, pushes = push_distances(room.walls, room.targets, room.height, room.width)
        for player, boxes in sorted(state_costs(room)[0])[::50]:
            if boxes == room.targets or frozen_boxes(room, boxes, bounds.dead):
                continue
            rows = [pushes[place] for box in squares(boxes) for part, place in parts[box] if part >> player & 1]
            assert len(rows) == size[2]
            least = min(
                sum(row[target] for row, target in zip(rows, o, strict=True)) for o in permutations(range(len(rows)))
            )
            assert bounds(boxes, player) == min(least, HOPELESS)


@pytest.mark.parametrize("optimal_share", [0, solver.OPTIMAL_SHARE])
def test_what_is_claimed_under_any_limit_is_true(optimal_share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "OPTIMAL_SHARE", optimal_share)
    seen: Counter[str] = Counter()
    for room in random_rooms(6, 6, 3, count=12) + random_rooms(7, 6, 3, count=6):
        states, costs = state_costs(room)
        for player, boxes in [(room.player, room.boxes), *sorted(states)[:: len(states) // 3]]:
            for limit in (0, 1, 3, 10, 20, 40, 80, 160):
                solution = find_solution(room, player, boxes, limit)
                assert solution.moves == solve(room, player, boxes, limit)
                assert solution.nodes <= limit + 4 * 3  # of the last state, all pushes are tried
                if solution.moves is None:
                    assert not (solution.fewest_pushes and (player, boxes) in costs), room.to_xsb(player, boxes)
                    assert not solution.fewest_moves
                    seen["nothing" if not solution.fewest_pushes else "hopeless"] += 1
                else:
                    pushes, moves = replay(room, solution.moves, player, boxes)
                    assert pushes == costs[player, boxes][0] or not solution.fewest_pushes, room.to_xsb(player, boxes)
                    assert (pushes, moves) == costs[player, boxes] or not solution.fewest_moves
                    seen["fewest" if solution.fewest_moves else "pushes" if solution.fewest_pushes else "some"] += 1
    assert min(seen[kind] for kind in ("nothing", "hopeless", "fewest", "pushes")) > 5, seen
    assert seen["some"] > 5 or optimal_share, seen


def test_the_limit_holds_with_many_boxes() -> None:
    """Levels of users have up to thirty: no bound may look at all sets of that many."""
    floor, boxes, targets = "#-" + "-" * 20 + "-#", "#-" + "-$" * 10 + "-#", "#-" + ".-" * 10 + "-#"
    rows = ["#" * 23, floor.replace("-", "@", 1), floor, boxes, floor, boxes, floor, targets, targets, floor, "#" * 23]
    room = parse_room("\n".join(rows))
    solution = find_solution(room, max_nodes=2000)
    assert solution.nodes <= 2000 + 4 * 20
    assert solution.moves is None or replay(room, solution.moves, room.player, room.boxes)


# Hand-made rooms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xsb", "moves"),
    [
        ("#####/#@$.#/#####", "R"),
        ("#######/#  ---#/#@$-.-#/#######", "RR"),
        ("#######/#.--@-#/#--$--#/#-----#/#######", "DLLDLU"),  # left twice, then up
        ("#######/#@$-$.#/#-----#/#.----#/#######", None),
    ],
)
def test_solutions_worked_out_by_hand(xsb: str, moves: str | None) -> None:
    room = parse_room(xsb)
    assert solve(room) == (None if moves is None else letters(moves))


def test_a_solved_state_needs_no_moves() -> None:
    room = parse_room("######/#@$.-#/#----#/######")
    assert solve(room, room.player, room.targets) == []
    assert find_solution(room, room.player, room.targets, max_nodes=0).nodes == 0


@pytest.mark.parametrize(
    "xsb",
    [
        "######/#$--.#/#-@--#/######",  # in a corner
        "######/#-$--#/#-@-.#/######",  # on a wall without targets
        "#######/#-$$--#/#-@---#/#--..-#/#######",  # two that hold each other at a wall, by dead squares too
        "########/#--@---#/#-$$-..#/#-$$-..#/#------#/########",  # a block of four
        "#######/#.-@$-#/#######",  # nobody gets behind it
    ],
)
def test_hopeless_states_are_told_at_once(xsb: str) -> None:
    room = parse_room(xsb)
    solution = find_solution(room)
    assert (solution.moves, solution.fewest_pushes) == (None, True)
    assert solution.nodes <= 12


def test_pushes_depend_on_where_the_player_is() -> None:
    room = parse_room("#########/#-.@$--.#/#-$-#####/#########")  # the right box shuts the corridor
    parts, pushes = push_distances(room.walls, room.targets, room.height, room.width)
    box = 9 + 4
    (left, from_left), (right, from_right) = parts[box]
    assert left >> room.player & 1
    assert right >> box + 1 & 1
    assert (left | right | 1 << box) == ~room.walls & (1 << room.height * room.width) - 1
    assert pushes[from_left] == (HOPELESS, 3)
    assert pushes[from_right] == (2, 7)  # two to the left, where the player gets around it, and five back


def test_pushes_around_a_corner() -> None:
    room = parse_room("#######/#@----#/#-$---#/#---.-#/#-----#/#######")
    parts, pushes = push_distances(room.walls, room.targets, room.height, room.width)
    # Left of the target, above it, one and two left of that; at the wall on the right, in the corner above.
    expected = {24: 1, 18: 1, 17: 2, 16: 3, 26: HOPELESS, 12: HOPELESS}
    assert {box: pushes[place][0] for box in expected for _, place in parts[box]} == expected


def test_frozen_boxes() -> None:
    room = parse_room("########/#@-----#/#-$$-$-#/#-$$--$#/#-....-#/#-..---#/########")
    block = sum(1 << 8 * row + column for row in (2, 3) for column in (2, 3))
    assert frozen_boxes(room, room.boxes, 0) == block  # the others can move along one axis at least
    # At a wall, two side by side hold each other; one alone can move along it, unless that takes it to dead squares.
    room = parse_room("#######/#-$$--#/#-@---#/#--..-#/#######")
    assert frozen_boxes(room, room.boxes, 0) == room.boxes
    for xsb in ("#######/#-$-$-#/#-@---#/#--..-#/#######", "#####/#---#/#$@.#/#--.#/#$--#/#---#/#####"):
        room = parse_room(xsb)
        assert frozen_boxes(room, room.boxes, 0) == 0
        assert frozen_boxes(room, room.boxes, dead_squares(room)) == room.boxes


def test_boxes_that_stay_on_their_targets_are_walls_for_the_others() -> None:
    room = parse_room("###########/#@$-**--.-#/#---**----#/###########")
    bounds = Bounds(room)
    assert bounds(room.boxes, room.player) == HOPELESS
    assert bounds(room.boxes ^ (1 << 16 | 1 << 18), room.player) == 4  # two further, it frees its neighbour: 2 + 1 + 1


# Limits, sizes, speed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "columns", "boxes"), [(5, 20, 4), (20, 5, 4), (13, 9, 6), (20, 20, 8)])
def test_rooms_of_all_sizes_within_the_limit(rows: int, columns: int, boxes: int) -> None:
    for seed in range(2):
        room = generate_room(seed, (rows, columns), boxes, "train")
        solution = find_solution(room, max_nodes=2000)
        assert solution.nodes <= 2000 + 4 * boxes
        if solution.moves is not None:
            replay(room, solution.moves, room.player, room.boxes)


def test_corrals_come_first() -> None:
    # Boxoban medium/train/000, level 547: 76 pushes are tried for the fewest, and 1,250 without corrals.
    room = parse_room("##########/####-##@-#/#-$-$--$.#/#---..---#/#-####-###/#--#######/#-$-----.#/##########")
    assert find_solution(room, max_nodes=150).fewest_pushes


def test_overweighting_the_bound_solves_what_the_fewest_pushes_would_take_too_long_for() -> None:
    room = parse_room("########/#.---.-#/#-$$$$@#/#----$-#/#..$.$-#/#-##..-#/#-###-##/########")
    solution = find_solution(room, max_nodes=3000)
    assert solution.moves is not None
    assert not solution.fewest_pushes
    replay(room, solution.moves, room.player, room.boxes)
    assert find_solution(room).fewest_pushes


def test_the_same_answer_in_every_process() -> None:
    rooms = [generate_room(seed, (8, 8), 3, "train") for seed in range(4)]
    code = (
        "import sys\n"
        "from gigpo_gym.envs.sokoban.room import parse_room\n"
        "from gigpo_gym.envs.sokoban.solver import solve\n"
        "for name in sys.argv[1:]: print(*solve(parse_room(name)))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code, *(room.name for room in rooms)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "12345")
    ]
    expected = "".join(" ".join(solve(room) or ()) + "\n" for room in rooms)
    assert outputs == [expected, expected]


def test_real_levels() -> None:
    if "GIGPO_DATA" not in os.environ:
        pytest.skip("GIGPO_DATA does not name the folder with boxoban/unfiltered/valid")
    levels = open_levels("boxoban/unfiltered-valid")
    for task_id in levels.task_ids()[:30]:
        room = levels.room(task_id)
        solution = find_solution(room, max_nodes=4000)
        assert solution.moves is not None, task_id
        assert solution.fewest_pushes, task_id
        replay(room, solution.moves, room.player, room.boxes)
