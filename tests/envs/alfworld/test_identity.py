"""Word for word what TextWorld says: benchmarks/alfworld_identity.py on a sample, and its digest over all games.

That script has compared all 740 official games at hand with TextWorld, 48,683 steps, without a difference.
NATIVE_DIGEST is what it prints with --native for all of them.
"""

import hashlib
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.envs.alfworld.game import TASK_TYPES

NATIVE_DIGEST = "eaa905c77e4e433b6d2197fba1f8dea0"
OFFICIAL_GAMES = 740

GameFile = Callable[..., Path]


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "alfworld_identity.py"))


@pytest.fixture(scope="module")
def textworld() -> None:
    pytest.importorskip("textworld", reason="needs TextWorld: pip install 'gigpo-gym[alfworld]'")
    pytest.importorskip("alfworld", reason="needs alfworld: pip install 'gigpo-gym[alfworld]'")


def test_all_official_games_play_as_they_did(script: dict[str, Any], official_games: list[Path]) -> None:
    assert len(official_games) == OFFICIAL_GAMES
    digest = hashlib.sha256()
    for path in official_games:
        steps, _ = script["differences"](path, ("native",), digest)
        assert steps >= 50
    assert digest.hexdigest()[:32] == NATIVE_DIGEST


@pytest.mark.usefixtures("textworld")
@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_an_official_game_is_the_same_in_textworld(
    script: dict[str, Any], official_games: list[Path], task_type: str
) -> None:
    path = [path for path in official_games if path.parts[-3].startswith(task_type)][57]
    steps, found = script["differences"](path, ("native", "textworld"), hashlib.sha256())
    assert steps >= 50
    assert found == []


KITCHEN_WALKS = {
    "what lies in two places": """
        go to sinkbasin 1, look, take apple 3 from countertop 1, look, take apple 3 from sinkbasin 1,
        inventory, clean apple 3 with sinkbasin 1, move apple 3 to sinkbasin 1, look, examine countertop 1,
        take apple 3 from sinkbasin 1, move apple 3 to countertop 1, look, examine sinkbasin 1, go to countertop 1
    """,
    "heat, cool and open": """
        look, examine fridge 1, go to fridge 1, examine fridge 1, take apple 2 from fridge 1, open fridge 1,
        take apple 2 from fridge 1, examine apple 2, look, close fridge 1, cool apple 2 with fridge 1,
        move apple 2 to fridge 1, go to microwave 1, examine microwave 1, use lamp 1, use lamp 1,
        heat apple 2 with microwave 1, examine apple 2, open microwave 1, move apple 2 to microwave 1,
        examine lamp 1, take apple 2 from microwave 1, go to sinkbasin 1, clean apple 2 with sinkbasin 1,
        examine apple 2, go to fridge 1, cool apple 2 with fridge 1, examine apple 2,
        heat apple 2 with microwave 1, go to microwave 1, heat apple 2 with microwave 1, go to fridge 1, inventory,
        open fridge 1, move apple 2 to fridge 1
    """,
    "things in things": """
        go to countertop 1, examine bowl 1, take bowl 1 from countertop 1, examine bowl 1, go to fridge 1,
        cool bowl 1 with fridge 1, examine bowl 1, open fridge 1, move bowl 1 to fridge 1, examine fridge 1,
        go to countertop 1, take pot 1 from countertop 1, examine pot 1, move pot 1 to sinkbasin 1,
        move pot 1 to countertop 1, look
    """,
    "slices": """
        go to countertop 1, slice apple 3 with knife 1, take knife 1 from countertop 1, examine knife 1,
        slice apple 1 with knife 1, slice apple 3 with knife 1, move knife 1 to sinkbasin 1,
        clean knife 1 with sinkbasin 1, examine knife 1, go to fridge 1, slice apple 2 with knife 1, examine apple 2,
        go to countertop 1, move knife 1 to countertop 1, take apple 3 from sinkbasin 1, examine apple 3,
        clean apple 3 with sinkbasin 1, examine apple 3, go to fridge 1, cool apple 3 with fridge 1, examine apple 3,
        go to microwave 1, heat apple 3 with microwave 1, examine apple 3, help
    """,
}


@pytest.mark.usefixtures("textworld")
def test_the_kitchen_is_the_same_in_textworld(game_file: GameFile) -> None:
    native, textworld = (
        gym.make("gigpo/ALFWorld-v0", games=[str(game_file())], backend=backend).unwrapped
        for backend in ("native", "textworld")
    )
    endings = set()
    for walk, commands in KITCHEN_WALKS.items():
        turns = [env.reset(seed=0) for env in (native, textworld)]
        for command in " ".join(commands.split()).split(", "):
            for turn in turns:
                turn[-1].pop("state_key")
            assert turns[0] == turns[1], walk
            turns = [env.step(command) for env in (native, textworld)]
        endings.add(turns[0][2])
    assert endings == {True, False}
