"""Games to test with: a small kitchen written here, and official games where they are."""

import json
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

# A countertop and a sink at one place, with an apple in both; a pot and a bowl in one another; a hand towel that is at
# the fridge's place without being in it.
KITCHEN = """
(define (problem kitchen)
(:domain alfred)
(:objects
agent1 - agent
Apple - object
AppleType - otype  KnifeType - otype  BowlType - otype  PotType - otype  LampType - otype  HandTowelType - otype
CounterTopType - rtype  SinkBasinType - rtype  FridgeType - rtype  MicrowaveType - rtype
Apple_bar_1 - object  Apple_bar_2 - object  Apple_bar_3 - object  Knife_bar_1 - object  Bowl_bar_1 - object
Pot_bar_1 - object  Lamp_bar_1 - object  HandTowel_bar_1 - object
CounterTop_bar_1 - receptacle  Sink_bar_1_bar_SinkBasin - receptacle  Fridge_bar_1 - receptacle
Microwave_bar_1 - receptacle
loc_bar_0 - location  loc_bar_1 - location  loc_bar_2 - location  loc_bar_3 - location
)
(:init
(receptacleType CounterTop_bar_1 CounterTopType) (receptacleAtLocation CounterTop_bar_1 loc_bar_1)
(receptacleType Sink_bar_1_bar_SinkBasin SinkBasinType) (receptacleAtLocation Sink_bar_1_bar_SinkBasin loc_bar_1)
(receptacleType Fridge_bar_1 FridgeType) (receptacleAtLocation Fridge_bar_1 loc_bar_2) (openable Fridge_bar_1)
(receptacleType Microwave_bar_1 MicrowaveType) (receptacleAtLocation Microwave_bar_1 loc_bar_3)
(openable Microwave_bar_1)
(atLocation agent1 loc_bar_0)
(objectType Apple_bar_1 AppleType) (objectType Apple_bar_2 AppleType) (objectType Apple_bar_3 AppleType)
(objectType Knife_bar_1 KnifeType) (objectType Bowl_bar_1 BowlType) (objectType Pot_bar_1 PotType)
(objectType Lamp_bar_1 LampType) (objectType HandTowel_bar_1 HandTowelType)
(pickupable Apple_bar_1) (pickupable Apple_bar_2) (pickupable Apple_bar_3) (pickupable Knife_bar_1)
(pickupable Bowl_bar_1) (pickupable Pot_bar_1)
(cleanable Apple_bar_1) (cleanable Apple_bar_2) (cleanable Knife_bar_1) (cleanable Bowl_bar_1)
(heatable Apple_bar_1) (heatable Apple_bar_2) (coolable Apple_bar_1) (coolable Apple_bar_2) (coolable Bowl_bar_1)
(sliceable Apple_bar_1) (sliceable Apple_bar_2) (toggleable Lamp_bar_1)
(isReceptacleObject Bowl_bar_1) (isReceptacleObject Pot_bar_1)
(inReceptacleObject Bowl_bar_1 Pot_bar_1) (inReceptacleObject Pot_bar_1 Bowl_bar_1)
(inReceptacleObject Bowl_bar_1 Bowl_bar_1) (inReceptacleObject Apple_bar_2 Bowl_bar_1)
(canContain CounterTopType AppleType) (canContain CounterTopType KnifeType) (canContain CounterTopType BowlType)
(canContain CounterTopType PotType) (canContain SinkBasinType AppleType) (canContain SinkBasinType BowlType)
(canContain FridgeType AppleType) (canContain FridgeType BowlType) (canContain MicrowaveType AppleType)
(inReceptacle Apple_bar_1 CounterTop_bar_1) (inReceptacle Apple_bar_1 Sink_bar_1_bar_SinkBasin)
(objectAtLocation Apple_bar_1 loc_bar_1)
(inReceptacle Apple_bar_2 Fridge_bar_1) (objectAtLocation Apple_bar_2 loc_bar_2) (isCool Apple_bar_2)
(inReceptacle Apple_bar_3 CounterTop_bar_1)
(inReceptacle Knife_bar_1 CounterTop_bar_1) (objectAtLocation Knife_bar_1 loc_bar_1)
(inReceptacle Bowl_bar_1 CounterTop_bar_1) (objectAtLocation Bowl_bar_1 loc_bar_1)
(inReceptacle Pot_bar_1 CounterTop_bar_1) (objectAtLocation Pot_bar_1 loc_bar_1)
(inReceptacle Lamp_bar_1 Microwave_bar_1) (objectAtLocation Lamp_bar_1 loc_bar_3)
(objectAtLocation HandTowel_bar_1 loc_bar_2)
)
(:goal (and
    (exists (?r - receptacle)
        (exists (?o - object)
            (and
                (heatable ?o)
                (objectType ?o AppleType)
                (receptacleType ?r FridgeType)
                (isHot ?o)
                (inReceptacle ?o ?r)
            )
        )
    )
))
)
"""

GameFile = Callable[..., Path]


@pytest.fixture(scope="session")
def household() -> dict[str, str]:
    """The domain and the grammar of the installed alfworld package."""
    spec = find_spec("alfworld")
    if spec is None or spec.origin is None:
        pytest.skip("needs alfworld for its domain and grammar: pip install 'gigpo-gym[alfworld]'")
    folder = Path(spec.origin).parent / "data"
    return {"pddl_domain": (folder / "alfred.pddl").read_text(), "grammar": (folder / "alfred.twl2").read_text()}


@pytest.fixture
def game_file(tmp_path: Path, household: dict[str, str]) -> GameFile:
    """Writes the kitchen's game file, changed as a test wants it: `problem` by (old, new), and keys by name."""

    def write(*changes: tuple[str, str], name: str = "kitchen", **keys: Any) -> Path:
        problem = KITCHEN
        for old, new in changes:
            assert old in problem
            problem = problem.replace(old, new, 1)
        grammar = household["grammar"].replace("UNKNOWN GOAL", "put a hot apple in fridge")
        data = {**household, "grammar": grammar, "pddl_problem": problem, "solvable": True, "walkthrough": [], **keys}
        path = tmp_path / name / "game.tw-pddl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({key: value for key, value in data.items() if value is not None}))
        return path

    return write


@pytest.fixture(scope="session")
def official_games() -> list[Path]:
    """The paths of official games, in order."""
    if "GIGPO_DATA" not in os.environ:
        pytest.skip("needs official games in GIGPO_DATA/alfworld, as .ci/run sets it")
    return sorted(Path(os.environ["GIGPO_DATA"], "alfworld").rglob("game.tw-pddl"))
