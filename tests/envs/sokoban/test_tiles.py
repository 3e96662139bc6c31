"""Pictures of rooms, and episodes recorded by Gymnasium's own means."""

import itertools
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.wrappers import RenderCollection
from PIL import Image

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.envs.sokoban.room import Room, parse_room, squares
from gigpo_gym.envs.sokoban.tiles import TARGET, TILE, Picture, draw, tiles

SIGNS = "# .$*@+"  # in the order of the tiles
ROOMS = {
    "every sign but +": "#######\n#@ $ .#\n#   * #\n### ###\n #. $#\n #####",
    "player on target": "#####\n#+$ #\n#   #\n#####",
    "wide": "####################\n#@ $ .             #\n####################",
}

every_room = pytest.mark.parametrize("room", [parse_room(text) for text in ROOMS.values()], ids=ROOMS)


def grey(picture: Picture) -> np.ndarray:
    """Brightness as in ITU-R BT.601."""
    return picture @ np.array([0.299, 0.587, 0.114])


@every_room
def test_every_square_shows_its_sign(room: Room) -> None:
    picture = draw(room, room.player, room.boxes)
    rows = room.to_xsb(room.player, room.boxes).split("\n")
    assert picture.shape == (room.height * TILE, room.width * TILE, 3)
    assert picture.dtype == np.uint8
    for y, row in enumerate(rows):
        for x, sign in enumerate(row):
            shadow = int(y > 0 and rows[y - 1][x] == "#" and sign != "#")
            shown = picture[y * TILE : (y + 1) * TILE, x * TILE : (x + 1) * TILE]
            np.testing.assert_array_equal(shown, tiles()[shadow, SIGNS.index(sign)], err_msg=f"{y}, {x}: {sign}")


@every_room
def test_only_what_moved_changes(room: Room) -> None:
    before = draw(room, room.player, room.boxes)
    draw(room, room.player, room.boxes)[:] = 0  # a caller may write into its picture
    pushed = room.move(room.player, room.boxes, 1)
    after = draw(room, *pushed)
    changed = (before != after).any(axis=2).reshape(room.height, TILE, room.width, TILE).any(axis=(1, 3))
    moved = 1 << room.player ^ 1 << pushed[0] | room.boxes ^ pushed[1]
    assert np.flatnonzero(changed).tolist() == list(squares(moved))


@pytest.mark.parametrize("shadow", [0, 1])
def test_tiles_differ_without_colour_too(shadow: int) -> None:
    for one, other in itertools.combinations(tiles()[shadow], 2):
        assert (np.abs(grey(one) - grey(other)) > 30).mean() > 0.1
    _, _, _, box, box_on_target, _, _ = tiles()[shadow]
    assert grey(box).mean() - grey(box_on_target).mean() > 15


def test_the_target_shows_around_the_player() -> None:
    _, floor, target, _, _, player, player_on_target = tiles()[0]
    ring = (np.abs(target - np.array(TARGET)) <= 2).all(axis=2) & (player == floor).all(axis=2)
    assert ring.sum() > 100
    np.testing.assert_array_equal(player_on_target[ring], target[ring])
    assert (player_on_target != target).any(axis=2).sum() > 200  # and the player is there


def test_edges_are_smooth() -> None:
    """Between the ring of a target and the floor there are colours in between."""
    _, floor, target, *_ = tiles()[0]
    share = (floor[..., 2] - target[..., 2].astype(float)) / (floor[..., 2] - float(TARGET[2]))
    assert ((share > 0.2) & (share < 0.8)).sum() > 50


def test_a_palette_holds_every_colour() -> None:
    """So that a GIF is the picture to the last bit."""
    assert len(np.unique(tiles().reshape(-1, 3), axis=0)) <= 256


# Recording ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dim_room", "num_boxes"), [((6, 6), 1), ((10, 10), 2)])
def test_an_episode_of_the_expert_becomes_a_gif(dim_room: tuple[int, int], num_boxes: int, tmp_path: Path) -> None:
    env = RenderCollection(
        gym.make(
            "gigpo/Sokoban-v0", dim_room=dim_room, num_boxes=num_boxes, render_mode="rgb_array", max_episode_steps=200
        )
    )
    env.reset(seed=0)
    steps, terminated = 0, False
    while not terminated:
        _, _, terminated, truncated, info = env.step(env.unwrapped.expert_action())
        steps += 1
        assert not truncated
    frames = env.render()
    first, *others = map(Image.fromarray, frames)
    first.save(tmp_path / "episode.gif", save_all=True, append_images=others, duration=250, loop=0)

    with Image.open(tmp_path / "episode.gif") as gif:
        assert (gif.n_frames, gif.info["loop"]) == (steps + 1, 0)
        for number, frame in enumerate(frames):
            gif.seek(number)
            assert gif.info["duration"] == 250
            np.testing.assert_array_equal(np.array(gif.convert("RGB")), frame)
    assert info["success"]


def test_gymnasium_makes_the_recorder_itself() -> None:
    env = gym.make("gigpo/Sokoban-v0", render_mode="rgb_array_list")
    env.reset(seed=0)
    env.step("Up")
    assert [frame.shape for frame in env.render()] == [(6 * TILE, 6 * TILE, 3)] * 2
