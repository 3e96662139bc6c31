"""Pictures of a room, drawn from shapes.

A shape is the signed distance, in pixels, from every pixel of a tile to an outline, negative inside. Paint covers a
pixel by how deep inside it lies, which gives smooth edges without supersampling. The tiles differ in shape and in
brightness, not in colour alone.
"""

import itertools
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gigpo_gym.envs.sokoban.room import Room, squares

TILE = 32  # pixels

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]  # (height, width, 3)
Painting = NDArray[np.float64]  # (TILE, TILE, 3)
Shape = NDArray[np.float64]  # (TILE, TILE)

WALL, WALL_LIGHT, MORTAR = (83, 95, 116), (106, 119, 142), (64, 74, 93)
FLOOR, SEAM = (235, 230, 220), (222, 216, 204)
TARGET = (198, 82, 70)
BOX, BOX_LIGHT, BOX_DARK = (231, 174, 90), (246, 203, 132), (156, 102, 43)
DONE, DONE_LIGHT, DONE_DARK = (45, 130, 107), (84, 168, 142), (22, 80, 66)
PLAYER, PLAYER_LIGHT, PLAYER_DARK = (62, 104, 194), (108, 148, 228), (30, 54, 116)
WHITE, BLACK = (255, 255, 255), (22, 28, 45)

_Y, _X = np.mgrid[:TILE, :TILE] + (1 - TILE) / 2  # of every pixel, from the middle of the tile


def disc(radius: float, x: float = 0, y: float = 0) -> Shape:
    """A disc around (x, y)."""
    distance: Shape = np.hypot(_X - x, _Y - y)
    return distance - radius


def block(half: float, corner: float, y: float = 0) -> Shape:
    """A square of side 2 * half around (0, y), with corners rounded to the radius `corner`."""
    right, down = np.abs(_X) - half + corner, np.abs(_Y - y) - half + corner
    distance: Shape = np.hypot(right.clip(0), down.clip(0)) + np.maximum(right, down).clip(None, 0)
    return distance - corner


def stroke(width: float, *points: tuple[float, float]) -> Shape:
    """A line through points."""
    distance = np.full((TILE, TILE), np.inf)
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        right, down = next_x - x, next_y - y
        share = (((_X - x) * right + (_Y - y) * down) / (right**2 + down**2)).clip(0, 1)
        distance = np.minimum(distance, np.hypot(_X - x - share * right, _Y - y - share * down))
    return distance - width / 2


def paint(tile: Painting, shape: Shape, colour: Colour, opacity: float = 1, blur: float = 1) -> Painting:
    """The tile, (TILE, TILE, 3), with a shape painted over it; `blur` is how many pixels wide the edge is."""
    cover = opacity * (0.5 - shape / blur).clip(0, 1)[..., None]
    return tile + cover * (np.array(colour) - tile)


def wall_tile() -> Painting:
    tile = paint(np.full((TILE, TILE, 3), MORTAR), block(15.2, 3), WALL_LIGHT)
    return paint(tile, np.maximum(block(15.2, 3), block(15.2, 3, 1.5)), WALL)


def floor_tile(below_wall: bool) -> Painting:
    tile = paint(np.full((TILE, TILE, 3), FLOOR), np.abs(block(16, 0)) - 0.6, SEAM)
    return paint(tile, _Y + 14, BLACK, opacity=0.25, blur=8) if below_wall else tile


def target_tile(floor: Painting) -> Painting:
    return paint(paint(floor, np.abs(disc(12.9)) - 1.4, TARGET), disc(4.4), TARGET)


def box_tile(floor: Painting, on_target: bool) -> Painting:
    """A crate with a cross, or with a tick on a target."""
    face, light, dark = (DONE, DONE_LIGHT, DONE_DARK) if on_target else (BOX, BOX_LIGHT, BOX_DARK)
    tile = paint(floor, block(12.5, 4, 2), BLACK, opacity=0.35, blur=4)
    tile = paint(paint(tile, block(13, 4), dark), block(11.3, 2.5), light)
    tile = paint(tile, np.maximum(block(11.3, 2.5), block(11.3, 2.5, 1.3)), face)
    if on_target:
        return paint(tile, stroke(3.6, (-5.5, 0.5), (-1.5, 4.5), (6, -4.5)), WHITE)
    cross = np.minimum(stroke(2.8, (-12, -12), (12, 12)), stroke(2.8, (-12, 12), (12, -12)))
    return paint(tile, np.maximum(cross, block(11.3, 2.5)), dark)


def player_tile(floor: Painting) -> Painting:
    """A ball with eyes; the ring of a target shows around it."""
    tile = paint(floor, disc(9.5, 0, 2), BLACK, opacity=0.35, blur=4)
    tile = paint(paint(tile, disc(10.3), PLAYER_DARK), disc(8.9), PLAYER_LIGHT)
    tile = paint(tile, np.maximum(disc(8.9), disc(8.9, 0, 1.3)), PLAYER)
    for x in (-3.5, 3.5):
        tile = paint(paint(tile, disc(3, x, -0.5), WHITE), disc(1.6, x, -0.5), BLACK)
    return tile


@lru_cache(maxsize=1)
def tiles() -> Picture:
    """(2, 7, TILE, TILE, 3): out of and in the shadow of a wall above, the signs of `Room.rows` in their order."""
    shadows = []
    for floor in (floor_tile(False), floor_tile(True)):
        target = target_tile(floor)
        boxes, players = (box_tile(floor, False), box_tile(floor, True)), (player_tile(floor), player_tile(target))
        shadows.append([wall_tile(), floor, target, *boxes, *players])
    return np.array(shadows).round().astype(np.uint8)


@lru_cache(maxsize=8)
def ground(room: Room) -> Picture:
    """The picture of what never moves."""
    numbers = np.array([list(row) for row in room.rows("0123456")], dtype=int)  # (height, width)
    below_wall = np.roll(numbers == 0, 1, axis=0).astype(int)
    picture: Picture = tiles()[below_wall, numbers].swapaxes(1, 2)
    return picture.reshape(room.height * TILE, room.width * TILE, 3)


def draw(room: Room, player: int, boxes: int) -> Picture:
    """A state of the room, (height * TILE, width * TILE, 3) bytes."""
    picture = ground(room).copy()
    for number, pieces in ((3, boxes), (5, 1 << player)):
        for square in squares(pieces):
            y, x = divmod(square, room.width)
            tile = tiles()[room.walls >> square - room.width & 1, number + (room.targets >> square & 1)]
            picture[y * TILE : (y + 1) * TILE, x * TILE : (x + 1) * TILE] = tile
    return picture
