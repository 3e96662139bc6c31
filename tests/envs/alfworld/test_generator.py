"""Laws of generated households: the same everywhere, solvable, of their split, and like the official ones."""

import hashlib
import json
import os
import re
import runpy
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from gigpo_gym.envs.alfworld import floor_plans as plans_module
from gigpo_gym.envs.alfworld import generator
from gigpo_gym.envs.alfworld.floor_plans import FloorPlan, floor_plans, places
from gigpo_gym.envs.alfworld.furniture import CHORES, CONTENTS, KINDS, PLANS, RECEPTACLES
from gigpo_gym.envs.alfworld.game import TASK_TYPES, Game, load_game, numbers
from gigpo_gym.envs.alfworld.generator import generate_game, generate_problem, write_game
from gigpo_gym.envs.alfworld.household import commands, is_won, opening, result
from gigpo_gym.envs.alfworld.pddl import GameError, Problem, UnknownHouseholdError, parse_problem
from gigpo_gym.envs.alfworld.tasks import SPLITS

PER_KIND = 12  # games of each split and task type
ALL = list(product(SPLITS, TASK_TYPES))

# Digests of the task and the problem: a name means the same household on every machine.
PINNED = {
    ("train", "pick_heat_then_place_in_recep", 0): "9e035433b79179d7",
    ("valid_seen", "look_at_obj_in_light", 1): "f81a3457ce9f6fa7",
    ("valid_unseen", "pick_two_obj_and_place", 2**63 - 1): "0f24c5b8c2df90c2",
}


@cache
def problem_of(split: str, task_type: str, number: int) -> Problem:
    return parse_problem(generate_problem(split, task_type, number)[1])


@cache
def sample() -> list[tuple[str, str, int]]:
    return [(split, task_type, number) for split, task_type in ALL for number in range(PER_KIND)]


# The same everywhere --------------------------------------------------------------------------------------------------


def digest(split: str, task_type: str, number: int) -> str:
    return hashlib.sha256("\n".join(generate_problem(split, task_type, number)).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", PINNED)
def test_a_name_means_one_household(name: tuple[str, str, int]) -> None:
    assert digest(*name) == PINNED[name]


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_other_processes_make_the_same(hash_seed: str) -> None:
    names = [(split, task_type, 7) for split, task_type in ALL]
    program = f"""
import hashlib, sys
from gigpo_gym.envs.alfworld.generator import generate_problem
for name in reversed({names!r}):
    print(hashlib.sha256("\\n".join(generate_problem(*name)).encode()).hexdigest()[:16])
"""
    output = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert output.split() == [digest(*name) for name in reversed(names)]


def test_games_are_the_compiled_problems_and_differ() -> None:
    games = [generate_game(*name) for name in sample()]
    assert len({game.digest for game in games}) == len(games)
    assert generate_game(*sample()[0]) is games[0]
    for (split, task_type, number), game in zip(sample(), games, strict=True):
        assert game.task == generate_problem(split, task_type, number)[0]
        assert game.task_type == task_type


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("test", "pick_and_place_simple", 0), r"^split: expected one of train, valid_seen, valid_unseen, got 'test'"),
        (("train", "pick_up", 0), r"^task_type: expected one of pick_and_place_simple, .*, got 'pick_up'"),
        *(
            (("train", "pick_and_place_simple", number), r"^number: expected an int from 0 to 2\*\*63 - 1, got ")
            for number in (-1, 2**63, 1.0, True, "1", None)
        ),
    ],
)
def test_arguments_are_checked(arguments: tuple[Any, Any, Any], message: str, tmp_path: Path) -> None:
    for call in (generate_problem, generate_game, lambda *name: write_game(tmp_path / "game", *name, source=None)):
        with pytest.raises(ValueError, match=message):
            call(*arguments)
    assert list(tmp_path.iterdir()) == []


# Solvable -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("split", "task_type"), ALL)
def test_games_can_be_won_and_are_not_at_the_start(split: str, task_type: str) -> None:
    for number in range(PER_KIND):
        game = generate_game(split, task_type, number)
        state = game.start
        assert not is_won(game, state)
        plan = generator.expert_plan(game, state)
        assert plan is not None
        assert 2 < len(plan) < 15
        for command in plan:
            state = result(game, state, commands(game, state)[command])
        assert is_won(game, state)


@pytest.mark.parametrize(("split", "task_type"), ALL)
def test_what_the_task_wants_is_there(split: str, task_type: str) -> None:
    for number in range(PER_KIND):
        game = generate_game(split, task_type, number)
        start, goal = game.start, game.goal
        wanted = {game.objects[thing].split()[0] for thing in numbers(goal.objects)}
        where = goal.lamps or goal.receptacles
        names = game.objects if goal.lamps else game.receptacles
        targets = {names[target].split()[0] for target in numbers(where)}
        assert len(wanted) == len(targets) == 1
        assert re.search(rf"\b{wanted.pop()}\b.*\b{targets.pop()}\.$", game.task)
        holding = [receptacle for receptacle, contents in enumerate(start.contents) if contents & goal.objects]
        lying = 0
        for receptacle in holding:
            lying |= start.contents[receptacle] & goal.objects & game.pickupable
        assert lying.bit_count() >= goal.number
        barred = {"clean": game.cleaners, "hot": game.heaters, "cool": game.coolers}.get(goal.quality, goal.receptacles)
        assert not any(barred >> receptacle & 1 for receptacle in holding)
        in_fridges = 0
        for fridge in numbers(game.coolers):
            in_fridges |= start.contents[fridge]
        assert start.cool == goal.objects & in_fridges  # as in official games
        assert (start.held, start.opened, start.clean, start.hot, start.sliced, start.toggled) == (-1, 0, 0, 0, 0, 0)
        assert not game.standing[start.location]
        assert not start.nearby[start.location]


def test_tables_name_what_there_is() -> None:
    for kind in KINDS.values():
        assert {*kind.drawn_to, *kind.fits} <= set(RECEPTACLES)
        assert all(kind.drawn_to.values())
        assert not kind.counts or (len(kind.counts) == 3 and sum(kind.counts))
    for contents in CONTENTS.values():
        assert all(len(counts) == PLANS and list(counts) == sorted(counts) for counts, _ in contents)
        named = Counter(name for _, names in contents for name in names)
        assert set(named.values()) == {1}
    for chore in CHORES:
        named = Counter(name for _, names in CONTENTS[chore.room] for name in names)
        assert {*chore.objects, *chore.targets} <= set(named)
        for wanted in chore.objects:
            assert any(target == generator.LAMP or target in KINDS[wanted].fits for target in chore.targets)


# Splits ---------------------------------------------------------------------------------------------------------------


@cache
def all_plans() -> list[FloorPlan]:
    return [plan for room in CONTENTS for plan in floor_plans(room)]


def test_one_floor_plan_in_eight_is_unseen() -> None:
    assert len(all_plans()) == 4 * PLANS
    assert len({plan.receptacles for plan in all_plans()}) == len(all_plans())
    unseen = Counter(plan.room for plan in all_plans() if plan.is_unseen)
    assert set(unseen) == set(CONTENTS)
    assert min(unseen.values()) >= 3
    assert 1 / 10 < unseen.total() / len(all_plans()) < 1 / 6
    for task_type in TASK_TYPES:
        for is_unseen in (True, False):
            assert sum(len(homes) for _, homes in generator._chores(is_unseen, task_type)) >= 3


def test_floor_plans_have_what_the_tables_say() -> None:
    for room, (least, most) in plans_module.SIZES.items():
        plans = floor_plans(room)
        assert all(least <= len(plan.receptacles) <= most for plan in plans)
        for counts, names in CONTENTS[room]:
            for name in names:
                if name in KINDS and KINDS[name].counts:
                    found = [int(name in plan.kinds) for plan in plans]
                else:
                    things = [[thing.kind for thing in (*plan.receptacles, *plan.fixtures)] for plan in plans]
                    found = [kinds.count(name) for kinds in things]
                assert sorted(found) == list(counts)


def test_unseen_games_are_in_floor_plans_of_their_own() -> None:
    rooms: dict[str, set[tuple[tuple[str, ...], ...]]] = {split: set() for split in SPLITS}
    for split, task_type, number in sample():
        problem = problem_of(split, task_type, number)
        rooms[split].add(tuple(sorted(problem.facts["receptacleatlocation"])))
    assert len(rooms["valid_unseen"]) > 8
    assert not rooms["valid_unseen"] & (rooms["train"] | rooms["valid_seen"])
    assert rooms["train"] & rooms["valid_seen"]


def test_a_game_tells_by_itself_which_split_it_belongs_to() -> None:
    for split, task_type, number in sample():
        home = generator._generate_home(split, task_type, number)
        assert home.split == split
        # In other words, or with the same things in another order, it is the same.
        other = replace(home, task="", things=home.things[::-1])
        assert other.split == split


def test_one_seen_game_in_eight_is_valid_seen() -> None:
    homes = [generator._draw_home(False, TASK_TYPES[k % 6], plans_module.uniform(k)) for k in range(600)]
    shares = Counter(home.split for home in homes)
    assert set(shares) == {"train", "valid_seen"}
    assert 1 / 12 < shares["valid_seen"] / 600 < 1 / 6
    plan = homes[0].plan
    of_plan = [replace(homes[0], start=f"loc_bar_{k}_bar_0_bar_0_bar_30") for k in range(100)]
    assert {home.split for home in of_plan} == {"train", "valid_seen"}
    assert all(home.plan is plan for home in of_plan)


# Like the official games ----------------------------------------------------------------------------------------------


def test_things_lie_in_two_places_about_as_often_as_in_official_games() -> None:
    games = [generate_game("train", task_type, number) for task_type in TASK_TYPES for number in range(60)]
    double = apart = shared = 0
    for game in games:
        lying: dict[int, list[int]] = {}
        for receptacle, contents in enumerate(game.start.contents):
            for thing in numbers(contents):
                lying.setdefault(thing, []).append(receptacle)
        double += any(len(where) > 1 for where in lying.values())
        apart += any(
            not game.start.nearby[game.place[receptacle]] >> thing & 1
            for thing, where in lying.items()
            for receptacle in where
        )
        shared += any(len(standing) > 1 for standing in game.standing)
    assert 0.30 < double / len(games) < 0.48  # 286 of 740
    assert 0.28 < apart / len(games) < 0.46  # 262 of 740
    assert 0.65 < shared / len(games) < 0.90  # 570 of 740


def test_what_lies_on_a_burner_may_lie_on_the_countertop_and_be_said_to_be_there() -> None:
    at_burner = at_top = 0
    for number in range(100):
        game = generate_game("train", "pick_heat_then_place_in_recep", number)
        burners, tops = (
            [number for number, name in enumerate(game.receptacles) if name.split()[0] == kind]
            for kind in ("stoveburner", "countertop")
        )
        for burner, top in product(burners, tops):
            both = game.start.contents[burner] & game.start.contents[top]
            at_burner += (both & game.start.nearby[game.place[burner]]).bit_count()
            at_top += (both & game.start.nearby[game.place[top]]).bit_count()
    assert at_burner > 5
    assert at_top > 5


@cache
def official_facts(paths: tuple[Path, ...]) -> dict[str, set[tuple[str, ...]]]:
    facts: dict[str, set[tuple[str, ...]]] = {}
    for path in paths:
        problem = parse_problem(json.loads(path.read_bytes())["pddl_problem"])
        kinds = dict((*problem.facts["objecttype"], *problem.facts["receptacletype"]))
        for name, found in problem.facts.items():
            told = ((kinds.get(fact[0], ""), *(kinds.get(other, "") for other in fact[1:])) for fact in found)
            facts.setdefault(name, set()).update(found if name == "cancontain" else told)
    return facts


def test_things_can_what_they_can_in_official_games(official_games: list[Path]) -> None:
    official = official_facts(tuple(official_games))
    for name in sample():
        problem = problem_of(*name)
        kinds = dict((*problem.facts["objecttype"], *problem.facts["receptacletype"]))
        assert set(problem.facts["cancontain"]) <= official["cancontain"]
        for predicate in ("cleanable", "heatable", "coolable", "sliceable", "toggleable", "isreceptacleobject"):
            able = {kinds[thing] for (thing,) in problem.facts[predicate]}
            assert able == {kind for kind in kinds.values() if (kind,) in official[predicate]}
        for predicate in ("pickupable", "openable"):
            assert {(kinds[thing],) for (thing,) in problem.facts[predicate]} <= official[predicate]
        for thing, receptacle in problem.facts["inreceptacle"]:
            assert (kinds[thing], kinds[receptacle]) in official["inreceptacle"]
        present = {kinds[receptacle] for receptacle, _ in problem.facts["receptacletype"]}
        movable = {kinds[thing] for (thing,) in problem.facts["pickupable"]}
        allowed = {(a, b) for a, b in official["cancontain"] if a in present and b in movable}
        assert set(problem.facts["cancontain"]) == allowed


def test_nothing_lies_where_it_is_barred_by_an_overlap() -> None:
    barred = 0
    for plan in floor_plans("kitchen"):
        free, left = (set(places(plan, "Mug", kind).numbers) for kind in (None, "CounterTop"))
        machines = {number for number in free if plan.receptacles[number].kind == "CoffeeMachine"}
        tops = {number for number in free if plan.receptacles[number].kind == "CounterTop"}
        on_tops = {machine for machine in machines if plan.receptacles[machine].also in tops}
        assert free - left == tops | on_tops
        barred += len(on_tops)
    assert barred > 10


def test_a_holder_holds_one_thing_and_what_finds_no_place_lies_on_the_floor() -> None:
    draws = plans_module.uniform(0)
    for plan in floor_plans("bathroom"):
        full: set[int] = set()
        found = [places(plan, "Towel").pick(0.0, draws, full) for _ in range(12)]
        holders = [number for number, place in enumerate(plan.receptacles) if place.kind == "TowelHolder"]
        assert sorted(number for number in found if number is not None) == holders == sorted(full)
        assert places(plan, "Towel").pick(1.0, draws, set()) is None
        towel = plans_module.lay_down(plan, "Towel", None, draws, set())
        assert (towel.kind, towel.receptacles) == ("Towel", ())


def test_ids_and_locations_differ() -> None:
    taken: set[str] = set()
    for _ in range(3):
        plans_module.entity_id("Mug", (99, -1, 100), taken)
        plans_module.location_id(-60, 10, 1, 60, taken)
    assert taken == {
        "Mug_bar__plus_00_dot_99_bar__minus_00_dot_01_bar__plus_01_dot_00",
        "Mug_bar__plus_01_dot_00_bar__minus_00_dot_01_bar__plus_01_dot_00",
        "Mug_bar__plus_01_dot_01_bar__minus_00_dot_01_bar__plus_01_dot_00",
        "loc_bar__minus_2_bar_0_bar_1_bar_60",
        "loc_bar__minus_2_bar_1_bar_1_bar_60",
        "loc_bar__minus_2_bar_2_bar_1_bar_60",
    }


def test_ids_look_like_official_ones() -> None:
    metres = r"_bar__(plus|minus)_\d\d_dot_\d\d"
    steps = r"_bar_(minus_|_minus_)?\d+"
    for name in sample():
        problem = problem_of(*name)
        for entity, kind in problem.types.items():
            if kind in ("object", "receptacle"):
                assert re.fullmatch(rf"[a-z]+({metres}){{3}}(_bar_(sink|bathtub)basin)?", entity)
            if kind == "location":
                assert re.fullmatch(rf"loc({steps}){{4}}", entity)


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def source(household: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "game.tw-pddl"
    path.write_text(json.dumps({**household, "pddl_problem": "", "solvable": True, "walkthrough": []}))
    return path


def without_digest(game: Game) -> Game:
    return replace(game, digest=b"")


@pytest.mark.usefixtures("household")
@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_a_file_holds_the_same_game(task_type: str, tmp_path: Path) -> None:
    path = tmp_path / "game.tw-pddl"
    write_game(path, "valid_seen", task_type, 5)
    assert list(tmp_path.iterdir()) == [path]
    game = generate_game("valid_seen", task_type, 5)
    assert without_digest(load_game(path)) == without_digest(game)
    data = json.loads(path.read_bytes())
    assert list(data) == ["pddl_domain", "grammar", "pddl_problem", "solvable", "walkthrough"]
    assert data["solvable"] is True
    state = game.start
    for command in data["walkthrough"]:
        state = result(game, state, commands(game, state)[command])
    assert is_won(game, state)
    assert "UNKNOWN GOAL" not in data["grammar"]
    assert opening(game).endswith(f"Your task is to: {game.task}")


def test_the_source_gives_domain_and_grammar(source: Path, tmp_path: Path, household: dict[str, str]) -> None:
    write_game(tmp_path / "game", "train", "look_at_obj_in_light", 1, source=source)
    data = json.loads((tmp_path / "game").read_bytes())
    assert data["pddl_domain"] == household["pddl_domain"]
    task = generate_problem("train", "look_at_obj_in_light", 1)[0]
    assert data["grammar"] == household["grammar"].replace("UNKNOWN GOAL.", task)


def test_an_official_source(official_games: list[Path], tmp_path: Path) -> None:
    write_game(tmp_path / "game", "train", "pick_and_place_simple", 1, source=official_games[3])
    official, data = (json.loads(path.read_bytes()) for path in (official_games[3], tmp_path / "game"))
    assert list(data) == list(official)
    assert data["pddl_domain"] == official["pddl_domain"]
    assert re.sub("Your task is to: .*", "", data["grammar"]) == re.sub("Your task is to: .*", "", official["grammar"])
    game = generate_game("train", "pick_and_place_simple", 1)
    assert without_digest(load_game(tmp_path / "game")) == without_digest(game)


@pytest.mark.parametrize("content", [None, "", "[]", "[" * 100_000, "{}", '{"pddl_domain": 1, "grammar": 2}'])
def test_what_is_no_source(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "source"
    if content is not None:
        path.write_text(content)
    with pytest.raises(GameError, match=rf"^{path}: expected"):
        write_game(tmp_path / "game", "train", "pick_and_place_simple", 1, source=path)
    assert not (tmp_path / "game").exists()


def test_a_source_with_another_domain(source: Path, tmp_path: Path) -> None:
    data = json.loads(source.read_text())
    other = tmp_path / "other"
    other.write_text(json.dumps({**data, "pddl_domain": data["pddl_domain"] + " "}))
    with pytest.raises(UnknownHouseholdError, match=rf"^{other}: pddl_domain: expected the official"):
        write_game(tmp_path / "game", "train", "pick_and_place_simple", 1, source=other)
    assert not (tmp_path / "game").exists()


def test_without_alfworld_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(generator, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=re.escape("pip install 'gigpo-gym[alfworld]'")):
        write_game(tmp_path / "game", "train", "pick_and_place_simple", 1)


def test_what_goes_wrong_leaves_the_old_file(source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "game"
    path.write_text("old")

    def full_disk(self: Path, *arguments: Any, **options: Any) -> None:
        self.open("w").close()
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_game(path, "train", "pick_and_place_simple", 1, source=source)
    assert [path] == list(tmp_path.iterdir())
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    "name", [("valid_unseen", "pick_clean_then_place_in_recep", 0), ("train", "look_at_obj_in_light", 2)]
)
def test_textworld_plays_a_file_word_for_word_as_we_do(name: tuple[str, str, int], tmp_path: Path) -> None:
    pytest.importorskip("textworld", reason="needs TextWorld: pip install 'gigpo-gym[alfworld]'")
    pytest.importorskip("alfworld", reason="needs alfworld: pip install 'gigpo-gym[alfworld]'")
    script = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "alfworld_identity.py"))
    path = tmp_path / "game.tw-pddl"
    write_game(path, *name)
    steps, found = script["differences"](path, ("native", "textworld"), hashlib.sha256())
    assert steps >= 50
    assert found == []
