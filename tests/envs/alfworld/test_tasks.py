"""Which games there are, in which order and splits, and how they are named."""

import json
import logging
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import gymnasium as gym
import pytest

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.envs.alfworld.game import TASK_TYPES
from gigpo_gym.envs.alfworld.pddl import GameError
from gigpo_gym.envs.alfworld.tasks import SPLITS, Home, Tasks, games_in, task_type_of
from gigpo_gym.envs.notices import say_once

GameFile = Callable[..., Path]

TRIALS = [
    "train/pick_heat_then_place_in_recep-Apple-None-Fridge-2/trial_b",
    "train/pick_heat_then_place_in_recep-Apple-None-Fridge-10/trial_a",
    "train/pick_and_place_simple-Apple-None-Fridge-2/trial_a",
    "train/pick_and_place_with_movable_recep-Apple-Bowl-Fridge-2/trial_a",
    "train/pick_heat_then_place_in_recep-AppleSliced-None-Fridge-2/trial_a",
    "valid_seen/pick_heat_then_place_in_recep-Apple-None-Fridge-2/trial_c",
    "valid_unseen/pick_heat_then_place_in_recep-Apple-None-Fridge-9/trial_a",
]


@pytest.fixture
def official(tmp_path: Path, game_file: GameFile, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the official layout, with the kitchen for every game, that ALFWORLD_DATA names the parent of."""
    folder = tmp_path / "data" / "json_2.1.1"
    for trial in TRIALS:
        (folder / trial).mkdir(parents=True)
        shutil.copy(game_file(), folder / trial)
    monkeypatch.setenv("ALFWORLD_DATA", str(folder.parent))
    return folder


def set_key(path: Path, **keys: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **keys}))


def test_games_are_those_of_the_authors_loader_in_order(official: Path) -> None:
    assert games_in(official, "train") == [
        "train/pick_and_place_simple-Apple-None-Fridge-2/trial_a",
        "train/pick_heat_then_place_in_recep-Apple-None-Fridge-10/trial_a",
        "train/pick_heat_then_place_in_recep-Apple-None-Fridge-2/trial_b",
    ]
    set_key(official / TRIALS[0] / "game.tw-pddl", solvable=False)
    set_key(official / TRIALS[2] / "game.tw-pddl", task='"solvable": true', solvable="true")
    assert games_in(official, "train") == ["train/pick_heat_then_place_in_recep-Apple-None-Fridge-10/trial_a"]


def test_a_game_without_a_mark_or_file_is_left_out(official: Path) -> None:
    path = official / TRIALS[1] / "game.tw-pddl"
    data = json.loads(path.read_text())
    del data["solvable"]
    path.write_text(json.dumps(data))
    (official / TRIALS[0] / "game.tw-pddl").unlink()
    assert games_in(official, "train") == ["train/pick_and_place_simple-Apple-None-Fridge-2/trial_a"]


def test_the_official_splits(official_games: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = official_games[0].parents[3]
    monkeypatch.setenv("ALFWORLD_DATA", str(folder.parent))
    seen = Tasks("valid_seen", None, "official", None).names
    train = Tasks("train", None, "auto", None).names
    assert seen is not None
    assert train is not None
    assert len(seen) == 140
    assert list(train) == sorted(train)
    assert Counter(map(task_type_of, train)) == dict.fromkeys(TASK_TYPES, 100)
    two = Tasks("train", ["pick_two_obj_and_place", "look_at_obj_in_light"], "official", None).names
    assert two is not None
    assert set(two) == {name for name in train if task_type_of(name) in TASK_TYPES[1::4]}


def test_a_split_is_a_panel_of_all_its_games(official: Path) -> None:
    env = gym.make("gigpo/ALFWorld-v0", split="train").unwrapped
    assert env.tasks == games_in(official, "train")
    drawn = {env.reset(seed=seed)[1]["task_id"] for seed in range(50)}
    assert drawn == set(env.tasks)
    for name in env.tasks:
        assert env.reset(options={"task": name})[1]["task_id"] == name
    assert env.reset(options={"task": TRIALS[6]})[1]["task_id"] == TRIALS[6]  # any split's, by name


def test_eval_means_valid_seen(official: Path) -> None:
    assert gym.make("gigpo/ALFWorld-v0", split="eval").unwrapped.tasks == games_in(official, "valid_seen")
    assert Tasks("eval", None, "generated", None).draw(3).startswith("generated/valid_seen/")


def test_types_are_kept(official: Path) -> None:
    assert Tasks("train", ["pick_and_place_simple"], "official", None).names == (
        "train/pick_and_place_simple-Apple-None-Fridge-2/trial_a",
    )
    with pytest.raises(GameError, match=r"train: expected games of \('look_at_obj_in_light',\), got none"):
        Tasks("train", ["look_at_obj_in_light"], "official", None)
    for seed in range(20):
        assert "/look_at_obj_in_light/" in Tasks("train", ["look_at_obj_in_light"], "generated", None).draw(seed)


def test_draws_depend_on_the_seed_alone() -> None:
    tasks = Tasks("train", None, "generated", None)
    drawn = [tasks.draw(seed) for seed in range(300)]
    assert drawn == [Tasks("train", list(reversed(TASK_TYPES)), "generated", None).draw(seed) for seed in range(300)]
    assert len(set(drawn)) == 300
    assert set(map(task_type_of, drawn)) == set(TASK_TYPES)


def test_which_source_is_in_use_is_said_once(
    official: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    say_once.cache_clear()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            gym.make("gigpo/ALFWorld-v0")
        monkeypatch.setenv("ALFWORLD_DATA", str(official / "nowhere"))
        for _ in range(3):
            gym.make("gigpo/ALFWorld-v0")
    assert [record.message.partition(" in ")[0] for record in caplog.records] == [
        "ALFWorld plays the official games",
        "ALFWorld plays generated households: there are no official games",
    ]
    assert "gigpo fetch alfworld" in caplog.records[1].message


def test_official_games_of_another_split_are_not_replaced_by_generated_ones(official: Path) -> None:
    shutil.rmtree(official / "valid_unseen")
    with pytest.raises(GameError, match=r"valid_unseen: expected games, got none: `gigpo fetch alfworld`"):
        gym.make("gigpo/ALFWorld-v0", split="valid_unseen")


def test_files_of_the_users_own(official: Path, game_file: GameFile) -> None:
    paths = [official / TRIALS[5] / "game.tw-pddl", game_file(name="mine"), official / TRIALS[0] / "game.tw-pddl"]
    env = gym.make("gigpo/ALFWorld-v0", games=[*map(str, paths)]).unwrapped
    assert env.tasks[1:] == [TRIALS[0], TRIALS[5]]
    assert env.tasks[0].startswith("game/")
    assert env.tasks == gym.make("gigpo/ALFWorld-v0", games=[*map(str, reversed(paths))]).unwrapped.tasks
    assert env.reset(options={"task": env.tasks[0]})[1]["task_type"] == "pick_heat_then_place_in_recep"
    with pytest.raises(ValueError, match="expected the name of a task"):
        env.reset(options={"task": TRIALS[1]})


def test_the_same_content_twice_is_refused(game_file: GameFile) -> None:
    with pytest.raises(ValueError, match="expected different games"):
        Tasks("train", None, "auto", [game_file(name="one"), game_file(name="two")])


@pytest.mark.parametrize(
    "name",
    [
        "", "generated", "generated/train/pick_and_place_simple", "generated/test/pick_and_place_simple/1",
        "generated/train/pick_and_place_simple/01", "generated/train/pick_and_place_simple/-1",
        "generated/train/pick_and_place_simple/9223372036854775808", "generated/train/pick_and_place_simple/1/2",
        "generated/train/pick_up/1", "generated/train/pick_and_place_simple/\u0661", "train/../train/x",
        "train/pick_and_place_with_movable_recep-Apple-Bowl-Fridge-2/trial_a",
    ],
)  # fmt: skip
def test_names_of_no_task(official: Path, name: str) -> None:
    with pytest.raises(ValueError, match="expected the name of a task such as"):
        Tasks("train", None, "auto", None).find(name)


def test_names_of_generated_households() -> None:
    tasks = Tasks("train", None, "generated", None)
    for split in SPLITS:
        for kind in TASK_TYPES:
            assert tasks.find(f"generated/{split}/{kind}/{2**63 - 1}") == Home(split, kind, 2**63 - 1)
    assert task_type_of("generated/train/pick_and_place_simple/7") == "pick_and_place_simple"
    for name in ("game/0123456789abcdef", "generated", "generated/x", ""):
        assert task_type_of(name) == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"split": "test"}, "expected split to be one of"),
        ({"task_types": "look_at_obj_in_light"}, "expected task_types to be a list"),
        ({"task_types": ["look"]}, "expected task_types to be a list of some of"),
        ({"task_types": []}, "expected task_types to be a list of some of"),
        ({"task_types": 7}, "expected task_types to be a list of some of"),
        ({"task_types": [["look_at_obj_in_light"]]}, "expected task_types to be a list of some of"),
        ({"source": "mine"}, "expected source to be one of"),
        ({"games": "game.tw-pddl"}, "expected games to be a list of paths"),
        ({"games": 5}, "expected games to be a list of paths"),
        ({"games": [None]}, "expected games to be a list of paths"),
        ({"games": ["/dev/zero"]}, "/dev/zero: expected a game.tw-pddl file, got a folder or a device"),
        ({"games": []}, "expected games to be a list of paths"),
        ({"games": ["nowhere/game.tw-pddl"]}, "nowhere/game.tw-pddl: expected a game.tw-pddl file"),
        ({"games": ["x"], "source": "official"}, "got both: leave one out"),
        ({"games": ["x"], "task_types": ["look_at_obj_in_light"]}, "got both: leave one out"),
        ({"source": "official"}, "expected games, got none: `gigpo fetch alfworld`"),
    ],
)
def test_impossible_arguments(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        gym.make("gigpo/ALFWorld-v0", **arguments)
