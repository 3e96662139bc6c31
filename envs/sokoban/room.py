"""A room of Sokoban and how it moves, as plain integers; read from and written to XSB notation.

Square (row, column) of a room is number row * width + column, and a set of squares is an int with those bits set. The
outermost squares are walls, so that `square + step` never leaves the room and shifting a set never wraps around.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

ACTIONS = ("Up", "Down", "Left", "Right")  # in the order of gym-sokoban's numbers

XSB = {"#": "wall", ".": "target", "$": "box", "*": "box on target", "@": "player", "+": "player on target"}
XSB_FLOOR = " -_"  # all three are in use


class RoomError(ValueError):
    """A text that is not a room; `line` counts from 0 and is None where the room as a whole is wrong."""

    def __init__(self, fault: str, line: int | None = None) -> None:
        super().__init__(fault if line is None else f"row {line + 1}: {fault}")
        self.fault = fault
        self.line = line


@dataclass(frozen=True)
class Room:
    """What never moves (`walls`, `targets`), and where `boxes` and `player` start. Sets are ints of squares."""

    height: int
    width: int
    walls: int
    targets: int
    boxes: int
    player: int

    @property
    def steps(self) -> tuple[int, int, int, int]:
        """What ACTIONS add to the number of a square."""
        return (-self.width, self.width, -1, 1)

    def move(self, player: int, boxes: int, step: int) -> tuple[int, int]:
        """Player and boxes after a move, which pushes where a box is in the way; unchanged where it cannot be made."""
        ahead = player + step
        bit = 1 << ahead
        if self.walls & bit:
            return player, boxes
        if boxes & bit:
            beyond = 1 << (ahead + step)
            if (self.walls | boxes) & beyond:
                return player, boxes
            boxes ^= bit | beyond
        return ahead, boxes

    def rows(self, signs: str, boxes: int = 0, player: int | None = None) -> list[str]:
        """The room drawn with `signs` for wall, floor, target, box, box on target, player and player on target."""
        wall, floor, target, box, box_on_target, hero, hero_on_target = tuple(signs)
        drawn = [floor] * (self.height * self.width)
        for square in squares(self.walls):
            drawn[square] = wall
        for square in squares(self.targets):
            drawn[square] = target
        for square in squares(boxes):
            drawn[square] = box_on_target if self.targets >> square & 1 else box
        if player is not None:
            drawn[player] = hero_on_target if self.targets >> player & 1 else hero
        text = "".join(drawn)
        return [text[start : start + self.width] for start in range(0, len(text), self.width)]

    def to_xsb(self, player: int, boxes: int) -> str:
        """A state of the room in XSB notation, a line per row."""
        return "\n".join(self.rows("# .$*@+", boxes, player))

    @property
    def name(self) -> str:
        """The room in one word: XSB with `-` for floor and `/` between rows. `parse_room` reads it."""
        return "/".join(self.rows("#-.$*@+", self.boxes, self.player))

    @property
    def layout(self) -> str:
        """What never moves, written like the name. It decides the split: no two splits share a layout."""
        return "/".join(self.rows("#-.$*@+"))


def squares(board: int) -> Iterator[int]:
    """The squares of a set, in ascending order."""
    while board:
        lowest = board & -board
        yield lowest.bit_length() - 1
        board ^= lowest


def flood(start: int, free: int, width: int) -> int:
    """The squares of `free` that connect to `start` (a set inside `free`) by steps up, down, left and right."""
    reached = start
    while True:
        grown = (reached | reached << 1 | reached >> 1 | reached << width | reached >> width) & free
        if grown == reached:
            return reached
        reached = grown


@lru_cache(maxsize=4096)
def dead_squares(room: Room) -> int:
    """Floor from which a box can reach no target, even with no other box in the room."""
    floor = ~room.walls & (1 << room.height * room.width) - 1
    alive = 0
    frontier = list(squares(room.targets))
    while frontier:
        square = frontier.pop()
        if alive >> square & 1:
            continue
        alive |= 1 << square
        # A box came here from `square - step`, pushed by a player who stood one further back.
        frontier += [
            square - step for step in room.steps if floor >> square - step & 1 and floor >> square - 2 * step & 1
        ]
    return floor & ~alive


def is_deadlocked(room: Room, boxes: int) -> bool:
    """Whether a box stands on a dead square, or in a 2x2 block of boxes and walls with a box off target.

    True means that the room cannot be solved any more. False proves nothing: deadlocks of several boxes go further.
    """
    if boxes & dead_squares(room):
        return True
    solid, width = room.walls | boxes, room.width
    corner = solid & solid >> 1 & solid >> width & solid >> width + 1  # the upper left squares of solid blocks
    block = corner | corner << 1 | corner << width | corner << width + 1
    return bool(block & boxes & ~room.targets)


def parse_room(text: str) -> Room:
    """The room that XSB notation describes: `#` wall, `.` target, `$` box, `*` box on target, `@` player, `+` player on
    target; space, `-` or `_` floor. Rows are lines, or stand on one line with `/` between them; they may differ in
    length. What the player can never reach becomes wall.

    Raises:
        RoomError: it is no room that can be played.
    """
    rows = text.replace("\r\n", "\n").split("\n") if "\n" in text else text.split("/")
    # What is around the walls does not count, or copies of a room would have different names.
    rows = [row.rstrip(XSB_FLOOR) for row in rows]
    while rows and not rows[-1]:
        rows.pop()
    indent = min((len(row) - len(row.lstrip(XSB_FLOOR)) for row in rows if row), default=0)
    above = next((line for line, row in enumerate(rows) if row), 0)
    rows = [row[indent:] for row in rows[above:]]
    try:
        return _room_of(rows)
    except RoomError as error:
        raise RoomError(error.fault, None if error.line is None else error.line + above) from None


def _room_of(rows: list[str]) -> Room:
    for line, row in enumerate(rows):
        if strange := set(row) - set(XSB) - set(XSB_FLOOR):
            raise RoomError(f"expected signs of {''.join(XSB)!r} or floor, got {min(strange)!r}", line)
    players = [(line, row.find(sign)) for line, row in enumerate(rows) for sign in "@+" for _ in range(row.count(sign))]
    if len(players) != 1:
        raise RoomError(
            f"expected one player (@ or +), got {len(players)}", players[1][0] if len(players) > 1 else None
        )
    height, width = len(rows), max(map(len, rows))

    def board(signs: str) -> int:
        return sum(
            1 << line * width + column
            for line, row in enumerate(rows)
            for column, sign in enumerate(row)
            if sign in signs
        )

    walls, targets, boxes = board("#"), board(".*+"), board("$*")
    player = players[0][0] * width + players[0][1]
    reached = _within(player, walls, height, width)
    outside = (boxes | targets) & ~reached
    if outside:
        line = next(squares(outside)) // width
        raise RoomError("expected every box and target where the player can come, got one beyond the walls", line)
    if boxes.bit_count() != targets.bit_count() or not boxes:
        raise RoomError(f"expected as many boxes as targets, got {boxes.bit_count()} and {targets.bit_count()}")
    if boxes == targets:
        raise RoomError("expected a box off target: the room is solved already")
    everything = (1 << height * width) - 1
    return Room(height, width, everything & ~reached, targets, boxes, player)


def _within(player: int, walls: int, height: int, width: int) -> int:
    """The squares that the player could walk to in an empty room.

    Raises:
        RoomError: the walls have a gap.
    """
    rim = sum(
        1 << row * width + column
        for row in range(height)
        for column in range(width)
        if row in (0, height - 1) or column in (0, width - 1)
    )
    free = (1 << height * width) - 1 & ~walls
    reached = flood(1 << player, free & ~rim | 1 << player, width)
    gaps = (reached | reached << 1 | reached >> 1 | reached << width | reached >> width) & free & rim
    if gaps:
        raise RoomError("expected walls all around the player, got a gap", next(squares(gaps)) // width)
    return reached
