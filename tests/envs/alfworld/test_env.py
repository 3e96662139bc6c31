"""The environment beyond the contract: rewards, keys, and the two backends behind it."""

import copy
import logging
import pickle
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.envs.alfworld import ALFWorldEnv
from gigpo_gym.envs.alfworld.pddl import GameError, UnknownHouseholdError
from gigpo_gym.envs.notices import say_once

GameFile = Callable[..., Path]

WIN = (
    "go to fridge 1",
    "open fridge 1",
    "take apple 2 from fridge 1",
    "go to microwave 1",
    "heat apple 2 with microwave 1",
    "go to fridge 1",
    "move apple 2 to fridge 1",
)


def kitchen(game_file: GameFile, **arguments: Any) -> Any:
    return gym.make("gigpo/ALFWorld-v0", games=[str(game_file())], **arguments).unwrapped


@pytest.fixture
def textworld() -> None:
    pytest.importorskip("textworld", reason="needs TextWorld: pip install 'gigpo-gym[alfworld]'")


def keys_after(env: Any, *commands: str) -> str:
    _, info = env.reset(seed=0)
    for command in commands:
        *_, info = env.step(command)
        assert info["is_action_valid"], command
    return str(info["state_key"])


@pytest.mark.parametrize("reward", [10.0, 1, -2.5])
def test_success_pays_once(game_file: GameFile, reward: float) -> None:
    env = kitchen(game_file) if reward == 10.0 else kitchen(game_file, success_reward=reward)
    env.reset(seed=0)
    results = [env.step(command)[1:4] for command in WIN]
    assert results == [(0.0, False, False)] * (len(WIN) - 1) + [(float(reward), True, False)]
    assert env.step("go to microwave 1")[:4] == ("Nothing happens.", 0.0, True, False)


def test_help_is_understood_but_not_offered(game_file: GameFile) -> None:
    env = kitchen(game_file)
    _, before = env.reset(seed=0)
    assert "help" not in before["admissible_actions"]
    text, _, _, _, info = env.step("  help\n")
    assert text.startswith("Available commands:\n  look:")
    assert info == before


def test_render_gives_the_last_text(game_file: GameFile) -> None:
    env = kitchen(game_file, render_mode="ansi")
    text, _ = env.reset(seed=0)
    assert env.render() == text
    assert text.endswith("Your task is to: put a hot apple in fridge.")
    env.step("inventory")
    assert env.render() == "You are not carrying anything."
    env = kitchen(game_file)
    env.reset(seed=0)
    with pytest.raises(ValueError, match="expected a render_mode"):
        env.render()


# Keys -----------------------------------------------------------------------------------------------------------------

SEEN = ("look", "inventory", "examine countertop 1", "help")


def test_what_was_looked_at_and_how_one_came_is_not_in_the_key(game_file: GameFile) -> None:
    env = kitchen(game_file)
    here = keys_after(env, "go to countertop 1")
    assert keys_after(env, "go to fridge 1", "go to microwave 1", "go to countertop 1", *SEEN) == here
    assert keys_after(env, "go to fridge 1", "open fridge 1", "close fridge 1", "go to sinkbasin 1") == here
    assert (
        keys_after(env, "go to countertop 1", "take knife 1 from countertop 1", "move knife 1 to countertop 1") == here
    )
    lit = keys_after(env, "go to microwave 1", "use lamp 1")
    assert keys_after(env, "go to microwave 1", "use lamp 1", "use lamp 1") == lit


@pytest.mark.parametrize(
    "change",
    [
        ("go to fridge 1",),
        ("go to fridge 1", "open fridge 1"),
        ("go to countertop 1", "take apple 3 from countertop 1"),
        ("go to countertop 1", "take apple 3 from sinkbasin 1"),
        ("go to countertop 1", "take apple 3 from sinkbasin 1", "move apple 3 to sinkbasin 1",
         "take apple 3 from countertop 1", "move apple 3 to sinkbasin 1"),
        ("go to countertop 1", "take knife 1 from countertop 1"),
        ("go to countertop 1", "take knife 1 from countertop 1", "clean knife 1 with sinkbasin 1"),
        ("go to countertop 1", "take knife 1 from countertop 1", "slice apple 3 with knife 1"),
        ("go to microwave 1", "use lamp 1"),
    ],
)  # fmt: skip
def test_what_the_future_reads_is_in_the_key(game_file: GameFile, change: tuple[str, ...]) -> None:
    env = kitchen(game_file)
    assert keys_after(env, *change) != keys_after(env, *change[:-1])
    assert keys_after(env, *change) == keys_after(env, *SEEN[:2], *change)


def test_what_look_tells_of_things_taken_is_in_the_key(game_file: GameFile) -> None:
    """Only where receptacles share a place, as the countertop and the sink do."""
    env = kitchen(game_file)
    moved = ("go to countertop 1", "take bowl 1 from countertop 1", "move bowl 1 to sinkbasin 1")
    keys_after(env, *moved)
    assert env.step("look")[0].endswith("Next to it, you see a bowl 1.")
    back = ("take bowl 1 from sinkbasin 1", "move bowl 1 to countertop 1")
    assert keys_after(env, *moved, *back) != keys_after(env, "go to countertop 1")
    assert env.step("look")[0].endswith("Next to it, you see nothing.")
    assert keys_after(env, *moved, *back, *moved[1:], *back) == keys_after(env, *moved, *back)


def test_another_game_has_other_keys(game_file: GameFile) -> None:
    keys = {
        gym.make("gigpo/ALFWorld-v0", games=[str(path)]).reset(seed=0)[1]["state_key"]
        for path in (
            game_file(),
            game_file(("(isCool Apple_bar_2)", "(isCool  Apple_bar_2)"), name="same but for a space"),
        )
    }
    assert len(keys) == 2


def test_equal_keys_mean_equal_texts_and_futures(official_games: list[Path]) -> None:
    """On walks through official games: wherever two moments have one key, each action does the same."""
    compared = 0
    for path in official_games[30::97]:
        env = gym.make("gigpo/ALFWorld-v0", games=[str(path)]).unwrapped
        rng, told = np.random.default_rng(0), {}
        for _ in range(6):
            _, info = env.reset(seed=0)
            for _ in range(40):
                here, command = info["state_key"], str(rng.choice(info["admissible_actions"]))
                for asked in (command, "look", "inventory"):
                    moment = env.snapshot()
                    turn = env.step(asked)
                    compared += (here, asked) in told
                    assert told.setdefault((here, asked), turn) == turn
                    env.restore(moment)
                *_, terminated, _, info = env.step(command)
                if terminated:
                    break
    assert compared > 500


def test_the_last_text_mixes_states_and_the_key_does_not(official_games: list[Path]) -> None:
    script = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "alfworld_keys.py"))
    groups = [
        script["play"](gym.make("gigpo/ALFWorld-v0", games=[str(path)]), number)
        for number, path in enumerate(official_games[20::70])
    ]
    by_text, by_key = (script["shares"](groups, column) for column in (0, 1))
    assert by_text["mixing states"] > 0.9
    assert by_text["mixing commands"] > 0.75
    assert by_key["in shared anchors"] > 0.5
    assert by_key["mixing states"] == by_key["mixing commands"] == 0


# TextWorld ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("textworld")
def test_the_contract_holds_in_textworld(game_file: GameFile) -> None:
    argv = list(sys.argv)
    env = kitchen(game_file, backend="textworld")
    native = kitchen(game_file)
    assert env.action_space == native.action_space
    start = env.reset(seed=3)
    assert start[0] == native.reset(seed=3)[0]
    assert sys.argv == argv
    before = copy.deepcopy(start)
    start[1]["admissible_actions"].clear()
    first = [env.step(command) for command in WIN[:3]]
    moment = pickle.loads(pickle.dumps(env.snapshot()))
    rest = [env.step(command) for command in WIN[3:]]
    assert rest[-1][1:3] == (10.0, True)
    assert env.step("look")[:3] == ("Nothing happens.", 0.0, True)
    assert env.expert_action() is None
    for again in (env, kitchen(game_file, backend="textworld")):
        observation, info = again.restore(moment)
        assert (observation, info) == (first[-1][0], first[-1][-1])
        assert [again.step(command) for command in WIN[3:]] == rest
    assert env.reset(seed=9) == before
    assert env.step("nonsense {}")[0] == "Nothing happens."
    for _ in range(20):
        *_, terminated, _, info = env.step(env.expert_action())
        if terminated:
            break
    assert info["success"]
    assert sys.argv == argv


@pytest.mark.usefixtures("textworld")
def test_a_generated_household_in_textworld() -> None:
    native, textworld = (
        gym.make("gigpo/ALFWorld-v0", source="generated", backend=backend).unwrapped
        for backend in ("native", "textworld")
    )
    (text, info), (again, other) = native.reset(seed=4), textworld.reset(seed=4)
    assert text == again
    assert {**info, "state_key": ""} == {**other, "state_key": ""}


@pytest.mark.usefixtures("textworld")
def test_auto_takes_textworld_where_native_refuses(
    game_file: GameFile, household: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    say_once.cache_clear()
    changed = household["grammar"].replace("You pick up the", "You grab the").replace("UNKNOWN GOAL", "put a hot apple")
    paths = [str(game_file(name="known")), str(game_file(name="other", grammar=changed))]
    with pytest.raises(UnknownHouseholdError, match=r"other/game.tw-pddl: grammar: .*backend='textworld' may play it"):
        gym.make("gigpo/ALFWorld-v0", games=paths[1:]).reset(seed=0)
    env = gym.make("gigpo/ALFWorld-v0", games=paths, backend="auto").unwrapped
    texts = set()
    with caplog.at_level(logging.WARNING):
        for task in env.tasks * 2:
            _, info = env.reset(options={"task": task})
            texts |= {env.step(command)[0] for command in WIN[:3]}
            assert info["task"].startswith("put a hot apple")
    assert {"You pick up the apple 2 from the fridge 1.", "You grab the apple 2 from the fridge 1."} <= texts
    assert len(caplog.records) == 1
    assert "other/game.tw-pddl: grammar" in caplog.records[0].message


@pytest.mark.usefixtures("textworld")
def test_what_textworld_cannot_load(game_file: GameFile) -> None:
    path = game_file(pddl_domain="(define (domain alfred)")
    with pytest.raises(GameError, match=r"game.tw-pddl: TextWorld cannot load it"):
        gym.make("gigpo/ALFWorld-v0", games=[str(path)], backend="textworld").reset(seed=0)


def test_without_textworld_the_remedy_is_named(game_file: GameFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textworld", None)
    with pytest.raises(ImportError, match=r"pip install 'gigpo-gym\[alfworld\]'"):
        kitchen(game_file, backend="textworld").reset(seed=0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"backend": "jericho"}, "expected backend to be one of"),
        ({"success_reward": float("nan")}, "expected a finite success_reward"),
        ({"success_reward": "10"}, "expected a finite success_reward"),
        ({"render_mode": "rgb_array"}, "expected render_mode None or one of"),
    ],
)
def test_impossible_arguments(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ALFWorldEnv(**arguments)


@pytest.mark.parametrize("options", [{"tasks": "x"}, {"member": -1}, {"member": "1"}, {"task": 3}])
def test_impossible_reset_options(game_file: GameFile, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        kitchen(game_file).reset(options=options)


def test_a_snapshot_of_another_reward_is_refused(game_file: GameFile) -> None:
    env = kitchen(game_file)
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"expected a snapshot with success_reward 1.0, got 10.0"):
        kitchen(game_file, success_reward=1).restore(env.snapshot())


@pytest.mark.usefixtures("textworld")
def test_a_snapshot_of_another_backend_or_game_is_refused(game_file: GameFile) -> None:
    env = kitchen(game_file)
    env.reset(seed=0)
    moment = env.snapshot()
    with pytest.raises(ValueError, match=r"expected a snapshot of game/\w+ in textworld \w+, got native"):
        kitchen(game_file, backend="textworld").restore(moment)
    changed = Path(game_file(("(isCool Apple_bar_2)", ""), name="train/task/trial"))
    other = gym.make("gigpo/ALFWorld-v0", games=[str(changed)]).unwrapped
    other.reset(seed=0)
    later = other.snapshot()
    game_file(name="train/task/trial")
    with pytest.raises(ValueError, match=r"in native \w+, got native"):
        gym.make("gigpo/ALFWorld-v0", games=[str(changed)]).unwrapped.restore(later)


def test_it_can_be_copied_and_pickled(game_file: GameFile) -> None:
    env = kitchen(game_file)
    env.reset(seed=0)
    twins = [env, copy.deepcopy(env), pickle.loads(pickle.dumps(env))]
    assert len({twin.step("go to fridge 1")[-1]["state_key"] for twin in twins}) == 1


def test_only_text_is_taken(game_file: GameFile) -> None:
    env = kitchen(game_file)
    env.reset(seed=0)
    with pytest.raises(TypeError, match="expected a command such as 'look', got 3"):
        env.step(3)
