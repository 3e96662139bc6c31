"""FrozenLake's own laws: maps, dynamics, text, expert, arguments. The contract's tests are in test_contract.py."""

import inspect
import itertools
import re
from collections import deque
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.toy_text.frozen_lake import MAPS
from gymnasium.envs.toy_text.frozen_lake import FrozenLakeEnv as Lake
from hypothesis import given
from hypothesis import strategies as st

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.envs import frozen_lake
from gigpo_gym.envs.frozen_lake import ACTIONS, FrozenLakeEnv, expert_policy, observation_text
from gigpo_gym.envs.lake_maps import generate_map
from gigpo_gym.envs.splits import EVAL_SHARE, SPLITS, split_of

FIXED = "SFFF/FHFH/FFFH/HFFG"
DRY = frozen_lake.Dynamics(False, 1 / 3, (1.0, 0.0, 0.0))


def distances_to_goal(task_id: str) -> dict[int, int]:
    """Moves to the goal from every square that has a way, by breadth-first search: independent of the expert."""
    rows = task_id.split("/")
    width, letters = len(rows[0]), "".join(rows)
    goal = letters.index("G")
    distance, queue = {goal: 0}, deque([goal])
    while queue:
        square = queue.popleft()
        row, column = divmod(square, width)
        for down, right in itertools.product((-1, 0, 1), repeat=2):
            inside = 0 <= row + down < len(rows) and 0 <= column + right < width
            beside = square + down * width + right
            if abs(down) + abs(right) == 1 and inside and letters[beside] != "H" and beside not in distance:
                distance[beside] = distance[square] + 1
                queue.append(beside)
    return distance


def start_of(task_id: str) -> int:
    return task_id.replace("/", "").index("S")


# Maps ---------------------------------------------------------------------------------------------------------------


def test_the_maps_of_these_seeds_never_change() -> None:
    drawn = [generate_map(seed, 4, 0.2, split) for split in ("train", "eval") for seed in (0, 1, 2**63 - 1)]
    assert drawn == [
        "FFHH/FFFG/FFFH/SHFH",
        "FFFF/FHHS/FFFF/GFHH",
        "HFSF/FGFF/FHFH/FFFH",
        "FFFF/SGFF/HHFF/FFFF",
        "FSHF/FFFG/FHFF/FFFF",
        "FHFS/HHGF/HFHH/HFFH",
    ]


@pytest.mark.parametrize("size", [2, 3, 4, 7])
def test_generated_maps_can_be_solved_and_keep_to_their_split(size: int) -> None:
    for split in SPLITS:
        for seed in range(40):
            task_id = generate_map(seed, size, 0.3, split)
            rows = task_id.split("/")
            assert [len(row) for row in rows] == [size] * size
            assert (task_id.count("S"), task_id.count("G")) == (1, 1)
            assert set(task_id) <= set("SFHG/")
            assert start_of(task_id) in distances_to_goal(task_id)
            assert split_of(task_id) == split


def test_holes_starts_and_goals_are_spread_as_promised() -> None:
    maps = [generate_map(seed, 4, 0.2, "train").replace("/", "") for seed in range(600)]
    # A little under 0.2: start and goal are never holes, and crowded maps are more often redrawn.
    assert 0.14 < sum(letters.count("H") for letters in maps) / (16 * len(maps)) < 0.2
    for letter in "SG":
        counts = np.bincount([letters.index(letter) for letters in maps], minlength=16)
        assert counts.min() > 15
        assert counts.max() < 75


def test_one_map_in_eight_is_evaluation() -> None:
    letters = np.random.default_rng(0).choice(list("FH"), size=(4000, 16), p=[0.8, 0.2])
    share = np.mean([split_of("".join(row)) == "eval" for row in letters])
    assert abs(share - 1 / EVAL_SHARE) < 0.02


@pytest.mark.parametrize("split", SPLITS)
def test_the_smallest_lakes_have_maps_in_both_splits(split: str) -> None:
    env = FrozenLakeEnv(size=2, split=split)
    assert len({env.reset(seed=seed)[1]["task_id"] for seed in range(50)}) > 1


def test_an_impossible_map_is_said_to_be_so() -> None:
    with pytest.raises(RuntimeError, match=r"size=2 and hole_prob=0\.9999.*smaller hole_prob"):
        FrozenLakeEnv(size=2, hole_prob=0.9999).reset(seed=0)


def test_every_4x4_map_can_be_solved_in_10_moves() -> None:
    """A shortest path never runs beside itself; here all such paths of a 4x4 grid are walked."""
    beside = {
        square: {other for other in range(16) if abs(square // 4 - other // 4) + abs(square % 4 - other % 4) == 1}
        for square in range(16)
    }

    def longest(path: list[int]) -> int:
        onward = [square for square in beside[path[-1]] - {*path} if beside[square] & {*path} == {path[-1]}]
        return max((longest([*path, square]) for square in onward), default=len(path) - 1)

    moves = max(longest([square]) for square in range(16))
    assert f"Every 4x4 map can be solved in {moves} moves" in " ".join(FrozenLakeEnv.__doc__.split())
    assert moves == gym.spec("gigpo/FrozenLake-v0").max_episode_steps


# Dynamics -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_slippery", [False, True])
@pytest.mark.parametrize("map_name", ["4x4", "8x8"])
def test_it_moves_and_pays_as_gymnasiums_lake_does(map_name: str, is_slippery: bool) -> None:
    schedule = (5, -2, -0.5)
    ours = FrozenLakeEnv(map_name=map_name, is_slippery=is_slippery, reward_schedule=schedule)
    theirs = Lake(map_name=map_name, is_slippery=is_slippery, reward_schedule=schedule)
    rng = np.random.default_rng(0)
    width = len(MAPS[map_name][0])
    for seed in range(20):
        ours.reset(seed=seed)
        theirs.reset()
        theirs.np_random = np.random.default_rng()
        theirs.np_random.bit_generator.state = ours.snapshot().noise
        for move in rng.integers(4, size=40).tolist():
            observation, reward, terminated, truncated, info = ours.step(ACTIONS[move])
            position, their_reward, their_end, _, _ = theirs.step(move)
            row = observation.splitlines()[position // width].split()
            assert row[position % width] in ("P", "X", "*")
            assert (reward, terminated, truncated) == (their_reward, their_end, False)
            assert info["success"] == (theirs.desc.flat[position] == b"G")
            if terminated:
                break


def test_rewards_of_the_default_schedule() -> None:
    env = FrozenLakeEnv(desc=["SFG", "FHF"])
    env.reset(seed=0)
    assert [env.step(action)[1:3] for action in ("Right", "Right")] == [(0.0, False), (1.0, True)]
    env.reset(seed=0)
    assert [env.step(action)[1:3] for action in ("Down", "Right")] == [(0.0, False), (0.0, True)]


@pytest.mark.parametrize("action", ["Left", " left\n", "LEFT", "lEfT"])
def test_a_move_may_be_written_in_any_case(action: str) -> None:
    env = FrozenLakeEnv(desc=["GFS"])
    env.reset(seed=0)
    assert env.step(action)[4]["is_action_valid"]


@given(st.text())
def test_any_other_text_changes_nothing(text: str) -> None:
    env = FrozenLakeEnv(desc=["SFG"], is_slippery=True)
    observation, info = env.reset(seed=0)
    before = env.snapshot()
    after, reward, terminated, truncated, after_info = env.step(text)
    if text.strip().lower() not in ("left", "down", "right", "up"):
        assert (after, reward, terminated, truncated) == (observation, 0.0, False, False)
        assert after_info == {**info, "is_action_valid": False}
        assert env.snapshot().noise == before.noise


def test_a_number_is_a_programmers_error() -> None:
    env = FrozenLakeEnv()
    env.reset(seed=0)
    with pytest.raises(TypeError, match="expected a word such as 'Left', got 2"):
        env.step(2)  # type: ignore[arg-type]


# Text ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (
            6,
            "_ _ _ _\n_ O P O\n_ _ _ O\nO _ _ G\naround: _ _ _ / O P O / _ _ O\ngoal: 2 down 1 right",
        ),
        (5, "_ _ _ _\n_ X _ O\n_ _ _ O\nO _ _ G\naround: _ _ _ / _ X _ / _ _ _\ngoal: 2 down 2 right"),
        (15, "_ _ _ _\n_ O _ O\n_ _ _ O\nO _ _ *\naround: _ O # / _ * # / # # #\ngoal: here"),
        (13, "_ _ _ _\n_ O _ O\n_ _ _ O\nO P _ G\naround: _ _ _ / O P _ / # # #\ngoal: 2 right"),
    ],
)
def test_what_the_player_sees(position: int, text: str) -> None:
    assert observation_text(FIXED, position) == text


def test_the_goal_may_lie_up_and_left() -> None:
    assert observation_text("GF/FF/FS", 5).splitlines()[-1] == "goal: 2 up 1 left"


def test_the_task_speaks_of_slippery_ice_where_it_is() -> None:
    dry, slippery = FrozenLakeEnv(), FrozenLakeEnv(is_slippery=True)
    assert "slippery" not in dry.reset(seed=0)[1]["task"]
    assert "slippery" in slippery.reset(seed=0)[1]["task"]


def test_one_key_for_one_square_of_one_map() -> None:
    keys = {frozen_lake.state_key(task_id, square) for task_id in (FIXED, "SF/HG", "SH/FG") for square in range(4)}
    assert len(keys) == 12
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)


def test_numbers_in_the_docstring() -> None:
    text = " ".join((FrozenLakeEnv.__doc__ or "").split())
    goal, hole, ice = inspect.signature(FrozenLakeEnv).parameters["reward_schedule"].default
    assert f"{goal} for reaching the goal, {hole} for falling into a hole, {ice} for every other move" in text
    assert f"1 in {EVAL_SHARE} is eval" in text
    assert all(f"`{action}`" in text for action in ACTIONS)
    assert all(f"`{name}`" in text for name in (*MAPS, *SPLITS, *FrozenLakeEnv.metadata["render_modes"]))


# Expert -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [4, 8])
def test_on_dry_ice_the_expert_takes_a_shortest_path(size: int) -> None:
    for seed in range(30):
        task_id = generate_map(seed, size, 0.3, "train")
        distance = distances_to_goal(task_id)
        env = FrozenLakeEnv(desc=task_id)
        env.reset(seed=0)
        for _ in range(distance[start_of(task_id)]):
            terminated = env.step(env.expert_action())[2]
        assert terminated
        assert env.step("")[4]["success"]


@pytest.mark.parametrize("map_name", ["4x4", "8x8"])
def test_on_slippery_ice_no_other_move_is_better(map_name: str) -> None:
    """The Bellman optimality condition for the expert's own value, solved for exactly."""
    task_id = "/".join(MAPS[map_name])
    letters = task_id.replace("/", "")
    dynamics = DRY._replace(is_slippery=True)
    policy = expert_policy(task_id, dynamics)
    table = Lake(map_name=map_name, is_slippery=True).P
    gamma = frozen_lake.EXPERT_DISCOUNT

    transition = np.zeros((len(letters), len(letters)))
    for square, letter in enumerate(letters):
        if letter in "SF":
            for chance, following, _, _ in table[square][policy[square]]:
                transition[square, following] += gamma * chance
    is_goal = np.array([letter == "G" for letter in letters], dtype=float)
    value = np.linalg.solve(np.eye(len(letters)) - transition, is_goal)
    for square, letter in enumerate(letters):
        if letter in "SF":
            best = max(sum(gamma * p * value[to] for p, to, _, _ in table[square][move]) for move in range(4))
            assert value[square] == pytest.approx(best, abs=1e-9)
    if map_name == "4x4":
        # FrozenLake-v1's well-known optimal value at discount 0.99, where the last move is not discounted.
        assert value[0] / gamma == pytest.approx(0.5420, abs=1e-4)


def test_of_equal_moves_the_expert_takes_the_first() -> None:
    env = FrozenLakeEnv(desc=["SFF", "FFF", "FFG"])
    env.reset(seed=0)
    assert env.expert_action() == "Down"


# Arguments ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"size": 1}, "size"),
        ({"size": 4.0}, "size"),
        ({"hole_prob": 1}, "hole_prob"),
        ({"hole_prob": -0.1}, "hole_prob"),
        ({"hole_prob": float("nan")}, "hole_prob"),
        ({"success_rate": 80}, "success_rate"),
        ({"reward_schedule": (1, 0)}, "three finite rewards"),
        ({"reward_schedule": (1, 0, float("inf"))}, "three finite rewards"),
        ({"split": "test"}, "split"),
        ({"render_mode": "human"}, "render_mode"),
        ({"map_name": "5x5"}, "map_name"),
        ({"map_name": "4x4", "desc": ["SG"]}, "map_name or desc"),
        ({"desc": []}, "rows of the letters"),
        ({"desc": ["SXG"]}, "rows of the letters"),
        ({"desc": ["SF", "G"]}, "rows of one length"),
        ({"desc": ["SSG"]}, "one S and one G"),
        ({"desc": ["SFF"]}, "one S and one G"),
        ({"desc": ["SHG"]}, "a path without holes"),
    ],
)
def test_a_wrong_argument_is_refused(kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FrozenLakeEnv(**kwargs)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"task": "SHG"}, "a path without holes"),
        ({"task": 7}, "rows of the letters"),
        ({"tsak": FIXED}, "tsak"),
        ({"member": -1}, "member"),
        ({"member": "first"}, "member"),
    ],
)
def test_a_wrong_option_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FrozenLakeEnv().reset(seed=0, options=options)


def test_fixed_maps_are_one_task_in_both_splits() -> None:
    for split in SPLITS:
        env = FrozenLakeEnv(map_name="4x4", split=split)
        assert env.tasks == [FIXED]
        assert env.reset(seed=3)[1]["task_id"] == FIXED
    assert FrozenLakeEnv(desc=MAPS["4x4"]).tasks == FrozenLakeEnv(desc=FIXED).tasks == [FIXED]
    assert FrozenLakeEnv().tasks is None


def test_a_snapshot_of_other_dynamics_is_refused() -> None:
    dry, slippery = FrozenLakeEnv(), FrozenLakeEnv(is_slippery=True)
    dry.reset(seed=0)
    with pytest.raises(ValueError, match="is_slippery=True"):
        slippery.restore(dry.snapshot())


# Pictures -----------------------------------------------------------------------------------------------------------


def test_pictures_are_gymnasiums() -> None:
    for mode in FrozenLakeEnv.metadata["render_modes"]:
        ours = FrozenLakeEnv(map_name="4x4", render_mode=mode)
        theirs = Lake(map_name="4x4", is_slippery=False, render_mode=mode)
        ours.reset(seed=0)
        theirs.reset(seed=0)
        ours.step("Down")
        theirs.step(1)
        assert np.array_equal(ours.render(), theirs.render())
        ours.close()
        ours.close()
    with pytest.raises(ValueError, match="render_mode='ansi'"):
        FrozenLakeEnv().render()
