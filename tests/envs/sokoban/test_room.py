"""Rooms of Sokoban as integers, against slow rules on characters, and XSB notation."""

import numpy as np
import pytest

from gigpo_gym.envs.sokoban.room import (
    ACTIONS,
    Room,
    RoomError,
    dead_squares,
    flood,
    is_deadlocked,
    parse_room,
    squares,
)

ROOM = """
########
#@ $ . #
# $.*  #
####   #
########
""".strip()

DIRECTIONS = {"Up": (-1, 0), "Down": (1, 0), "Left": (0, -1), "Right": (0, 1)}


def random_board(rng: np.random.Generator, rows: int, columns: int, boxes: int) -> list[list[str]]:
    """Signs of a room with scattered walls, boxes, targets and a player, each on what floor it happens to fall."""
    board = [["#"] * columns for _ in range(rows)]
    inner = [(row, column) for row in range(1, rows - 1) for column in range(1, columns - 1)]
    floor = [place for place in inner if rng.random() < 0.85]
    for row, column in floor:
        board[row][column] = " "
    for n in rng.choice(len(floor), boxes, replace=False):
        board[floor[n][0]][floor[n][1]] = "."
    for n in rng.choice(len(floor), boxes + 1, replace=False):
        row, column = floor[n]
        on_target = board[row][column] == "."
        mover = "@+" if all(sign not in line for line in board for sign in "@+") else "$*"
        board[row][column] = mover[on_target]
    return board


def random_rooms(rows: int, columns: int, boxes: int, count: int) -> list[tuple[list[list[str]], Room]]:
    rng = np.random.default_rng((rows, columns, boxes))
    rooms: list[tuple[list[list[str]], Room]] = []
    while len(rooms) < count:
        board = random_board(rng, rows, columns, boxes)
        try:
            rooms.append((board, parse_room("\n".join(map("".join, board)))))
        except RoomError:
            continue  # something is out of reach, or it is solved
    return rooms


# Moves ---------------------------------------------------------------------------------------------------------------


def move_signs(board: list[list[str]], action: str) -> None:
    """The rules on a board of signs, as one would explain them."""

    def lift(row: int, column: int) -> None:  # who or what stands there
        board[row][column] = "." if board[row][column] in "*+" else " "

    def put(row: int, column: int, signs: str) -> None:
        board[row][column] = signs[board[row][column] == "."]

    ((row, column),) = [(r, c) for r, line in enumerate(board) for c, sign in enumerate(line) if sign in "@+"]
    down, right = DIRECTIONS[action]
    ahead, beyond = (row + down, column + right), (row + 2 * down, column + 2 * right)
    sign = board[ahead[0]][ahead[1]]
    if sign == "#":
        return
    if sign in "$*":
        if board[beyond[0]][beyond[1]] not in " .":
            return
        lift(*ahead)
        put(*beyond, "$*")
    lift(row, column)
    put(*ahead, "@+")


@pytest.mark.parametrize("size", [(7, 7, 2), (6, 9, 4), (10, 10, 4), (20, 20, 8), (3, 20, 3)])
def test_moves_are_those_of_slow_rules_on_random_walks(size: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(0)
    pushes = stops = 0
    for board, room in random_rooms(*size, count=8):
        shut = set(squares(room.walls))  # with the floor that the player cannot come to
        player, boxes = room.player, room.boxes
        for number in rng.integers(4, size=300).tolist():
            state = room.move(player, boxes, room.steps[number])
            move_signs(board, ACTIONS[number])
            stops += state == (player, boxes)
            pushes += state[1] != boxes
            player, boxes = state
            drawn = room.to_xsb(player, boxes).replace("\n", "")
            signs = "".join(map("".join, board))
            assert drawn == "".join("#" if n in shut else sign for n, sign in enumerate(signs))
    assert min(pushes, stops) > 10


def test_steps_are_in_the_order_of_the_actions() -> None:
    room = parse_room(ROOM)
    for action, step in zip(ACTIONS, room.steps, strict=True):
        row, column = divmod(3 * 8 + 5 + step, 8)
        assert (row - 3, column - 5) == DIRECTIONS[action]


# Sets of squares -----------------------------------------------------------------------------------------------------


def test_squares_ascend() -> None:
    assert list(squares(0)) == []
    assert list(squares(1 << 399 | 1 << 64 | 1 << 63 | 1)) == [0, 63, 64, 399]


@pytest.mark.parametrize(("rows", "columns"), [(3, 3), (6, 9), (20, 20)])
def test_flood_reaches_what_steps_reach(rows: int, columns: int) -> None:
    rng = np.random.default_rng((rows, columns))
    for _ in range(20):
        inside = np.zeros((rows, columns), bool)
        inside[1:-1, 1:-1] = rng.random((rows - 2, columns - 2)) < 0.6
        free = {int(n) for n in np.flatnonzero(inside)}
        for start in sorted(free)[::7]:
            reached, frontier = {start}, [start]
            while frontier:
                square = frontier.pop()
                near = {square + step for step in (-columns, columns, -1, 1)} & free - reached
                reached |= near
                frontier += near
            board = flood(1 << start, sum(1 << square for square in free), columns)
            assert set(squares(board)) == reached


# Deadlocks -----------------------------------------------------------------------------------------------------------


def solvable_states(room: Room) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """All states (player, boxes) that can be reached, and those of them that can be solved."""
    before: dict[tuple[int, int], list[tuple[int, int]]] = {(room.player, room.boxes): []}
    frontier = list(before)
    for state in frontier:  # which grows meanwhile
        for step in room.steps:
            after = room.move(*state, step)
            if after not in before:
                before[after] = []
                frontier.append(after)
            before[after].append(state)
    stack = [state for state in before if state[1] == room.targets]
    solvable = set(stack)
    while stack:
        for state in before[stack.pop()]:
            if state not in solvable:
                solvable.add(state)
                stack.append(state)
    return set(before), solvable


@pytest.mark.parametrize("size", [(5, 5, 1), (6, 6, 1), (5, 6, 2), (6, 6, 2), (5, 7, 3)])
def test_deadlocked_states_cannot_be_solved(size: tuple[int, int, int]) -> None:
    told = untold = 0
    for _, room in random_rooms(*size, count=40):
        reached, solvable = solvable_states(room)
        for player, boxes in reached:
            if is_deadlocked(room, boxes):
                assert (player, boxes) not in solvable, room.to_xsb(player, boxes)
                told += 1
            else:
                untold += (player, boxes) not in solvable
    assert told > untold  # it misses some, not most


def pushed_to_target(room: Room, box: int) -> bool:
    """Whether pushes take the only box to a target, where the player stands behind it whenever there is floor."""
    reached, frontier = {box}, [box]
    while frontier:
        box = frontier.pop()
        if room.targets >> box & 1:
            return True
        for step in room.steps:
            player, boxes = box - step, 1 << box
            if not room.walls >> player & 1:
                after = room.move(player, boxes, step)[1].bit_length() - 1
                if after not in reached:
                    reached.add(after)
                    frontier.append(after)
    return False


@pytest.mark.parametrize("size", [(5, 5, 1), (6, 6, 2), (9, 7, 3), (10, 10, 4)])
def test_dead_squares_are_those_from_which_no_pushes_help(size: tuple[int, int, int]) -> None:
    for _, room in random_rooms(*size, count=20):
        floor = set(range(room.height * room.width)) - set(squares(room.walls))
        assert set(squares(dead_squares(room))) == {box for box in floor if not pushed_to_target(room, box)}


@pytest.mark.parametrize(
    ("xsb", "deadlocked"),
    [
        ("######/#--.-#/#-$@-#/#----#/######", False),
        ("######/#--.-#/#@-$-#/#----#/######", False),
        ("######/#$-.-#/#-@--#/######", True),  # corner
        ("######/#--.-#/#@---#/#-$--#/######", True),  # wall without a target
        ("#######/#--..-#/#-$$@-#/#-#---#/#-----#/#######", False),
        ("#######/#-$$#-#/#-$*--#/#-@-..#/#.----#/#######", True),  # 2x2 of boxes
        ("#######/#-----#/#-#$--#/#-$$@.#/#.---.#/#-----#/#######", True),  # 2x2 with a wall
        ("#######/#-----#/#-**-$#/#-**@-#/#----.#/#-----#/#######", False),  # 2x2 of boxes on targets
    ],
)
def test_deadlocks_by_hand(xsb: str, deadlocked: bool) -> None:
    room = parse_room(xsb)
    assert is_deadlocked(room, room.boxes) == deadlocked


# XSB -----------------------------------------------------------------------------------------------------------------


def test_a_room_read_by_hand() -> None:
    room = parse_room(ROOM)
    assert (room.height, room.width, room.player) == (5, 8, 9)
    assert list(squares(room.boxes)) == [11, 18, 20]
    assert list(squares(room.targets)) == [13, 19, 20]
    assert list(squares(~room.walls & (1 << 40) - 1)) == [*range(9, 15), *range(17, 23), *range(28, 31)]
    assert room.to_xsb(room.player, room.boxes) == ROOM
    assert room.name == "########/#@-$-.-#/#-$.*--#/####---#/########"
    assert room.rows("#_OX*PS") == ["########", "#____O_#", "#__OO__#", "####___#", "########"]
    assert room.rows("#_OX*PS", room.targets, 13)[1] == "#____S_#"


@pytest.mark.parametrize("size", [(5, 5, 1), (6, 9, 4), (20, 20, 8)])
def test_what_is_written_is_read(size: tuple[int, int, int]) -> None:
    for _, room in random_rooms(*size, count=20):
        assert parse_room(room.name) == room
        assert parse_room(room.to_xsb(room.player, room.boxes)) == room
        assert parse_room(room.to_xsb(room.player, room.boxes).replace("\n", "\r\n")) == room


def test_all_kinds_of_floor_and_rows_of_different_lengths() -> None:
    assert parse_room("######\n#@-_ #\n#_$. #\n######").name == "######/#@---#/#-$.-#/######"
    ragged = parse_room("  ####\n###  ####\n#@ $ .#\n#######")
    assert ragged == parse_room("--####---/###--####/#@-$-.#--/#######--")


def test_what_the_player_cannot_reach_is_wall() -> None:
    room = parse_room("#########/#@$-.#--#/#########")
    assert room.name == "#########/#@$-.####/#########"


def test_what_is_around_the_walls_does_not_count() -> None:
    name = "#####/#@$.#/#####"
    for text in (
        name,
        "  #####  \n  #@$.#--\n  #####  ",
        "\n\n#####\n#@$.#\n#####\n\n",
        "_#####\r\n_#@$.#\r\n_#####\r\n",
    ):
        assert parse_room(text).name == name
    with pytest.raises(RoomError, match="row 4: expected signs"):
        parse_room("\n\n #####\n #@?.#\n #####")


@pytest.mark.parametrize(
    ("xsb", "fault", "line"),
    [
        ("#####/#@$.#/##x##", "expected signs of '#.$*@+' or floor, got 'x'", 2),
        ("#####\n#@$.#\n#####\n\tend", r"got '\t'", 3),
        ("#####/#-$.#/#####", "expected one player (@ or +), got 0", None),
        ("######/#@$.-#/#-@--#/######", "expected one player (@ or +), got 2", 2),
        ("", "expected one player (@ or +), got 0", None),
        ("######/#@-#$#/#-.#-#/######", "got one beyond the walls", 1),
        ("######/#@$-.#/#-##-#/##-#.#/######", "expected as many boxes as targets, got 1 and 2", None),
        ("#####/#@--#/#####", "expected as many boxes as targets, got 0 and 0", None),
        ("#####/#@*-#/#####", "the room is solved already", None),
        ("#####/#@$.-/#####", "got a gap", 1),
        ("#####/#@$.#/##-##", "got a gap", 2),
        ("##@##/#-$.#/#####", "got a gap", 0),
        ("###/#@$.#/#####", "got a gap", 0),
        ("@", "got a gap", 0),
    ],
)
def test_faults_and_their_lines(xsb: str, fault: str, line: int | None) -> None:
    with pytest.raises(RoomError) as raised:
        parse_room(xsb)
    assert fault in raised.value.fault
    assert raised.value.line == line
    assert str(raised.value) == (raised.value.fault if line is None else f"row {line + 1}: {raised.value.fault}")
