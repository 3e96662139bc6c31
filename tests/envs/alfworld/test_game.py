"""Game files: what is read from them, and what is said of those that cannot be played."""

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from gigpo_gym.envs.alfworld import household
from gigpo_gym.envs.alfworld.game import MOST_BYTES, TASK_TYPES, Game, Goal, load_game, names_of, numbers
from gigpo_gym.envs.alfworld.pddl import DEEPEST, GameError, UnknownHouseholdError

GameFile = Callable[..., Path]


def members(names: tuple[str, ...], mask: int) -> set[str]:
    return {names[number] for number in numbers(mask)}


def contents(game: Game, name: str) -> set[str]:
    return members(game.objects, game.start.contents[game.receptacles.index(name)])


# What is read ---------------------------------------------------------------------------------------------------------


def test_names_count_down_in_the_order_of_ids() -> None:
    ids = ["mug_bar__plus_02", "mug_bar__minus_01", "sink_bar_1", "sink_bar_1_bar_sinkbasin", "agent1", "mugtype"]
    assert names_of(ids) == {
        "agent1": "agent1 ",
        "mug_bar__minus_01": "mug 2",
        "mug_bar__plus_02": "mug 1",
        "mugtype": "mugtype ",
        "sink_bar_1": "sink 1",
        "sink_bar_1_bar_sinkbasin": "sinkbasin 1",
    }
    assert names_of(reversed(ids)) == names_of(ids)


def test_numbers_are_the_members_of_a_mask() -> None:
    assert list(numbers(0)) == []
    assert list(numbers(0b1011 << 70)) == [70, 71, 73]


def test_the_kitchen_is_read_whole(game_file: GameFile) -> None:
    game = load_game(game_file())
    assert game.task == "put a hot apple in fridge."
    assert game.task_type == "pick_heat_then_place_in_recep"
    assert game.receptacles == ("countertop 1", "fridge 1", "microwave 1", "sinkbasin 1")
    assert game.objects == (
        "apple 3", "apple 2", "apple 1", "bowl 1", "handtowel 1", "knife 1", "lamp 1", "pot 1"
    )  # fmt: skip
    assert members(game.receptacles, game.openable) == {"fridge 1", "microwave 1"}
    assert [members(game.receptacles, mask) for mask in (game.cleaners, game.heaters, game.coolers)] == [
        {"sinkbasin 1"}, {"microwave 1"}, {"fridge 1"}
    ]  # fmt: skip
    assert members(game.objects, game.accepts[game.receptacles.index("sinkbasin 1")]) == {
        "apple 1", "apple 2", "apple 3", "bowl 1"
    }  # fmt: skip
    assert members(game.objects, game.start.cool) == {"apple 2"}
    assert members(game.objects, game.toggleable) == {"lamp 1"}
    assert members(game.objects, game.knives) == {"knife 1"}
    fridge = game.receptacles.index("fridge 1")
    assert game.goal == Goal(game.heatable, receptacles=1 << fridge, quality="hot")
    assert [len(here) for here in game.standing] == [0, 2, 1, 1]
    assert game.standing[game.start.location] == ()


def test_an_object_may_be_in_two_places_and_elsewhere_too(game_file: GameFile) -> None:
    game = load_game(game_file())
    assert "apple 3" in contents(game, "countertop 1") & contents(game, "sinkbasin 1")
    assert "apple 1" in contents(game, "countertop 1")
    at = {name for mask in game.start.nearby for name in members(game.objects, mask)}
    assert "apple 1" not in at
    assert members(game.objects, game.start.nearby[game.place[game.receptacles.index("fridge 1")]]) == {
        "apple 2", "handtowel 1"
    }  # fmt: skip


def test_things_within_one_another_are_read_one_level_deep(game_file: GameFile) -> None:
    """As in 22 of the 740 official games at hand: in a circle, and within themselves."""
    game = load_game(game_file())
    inside = {game.objects[number]: members(game.objects, mask) for number, mask in enumerate(game.inside) if mask}
    assert inside == {"bowl 1": {"pot 1", "apple 2"}, "pot 1": {"bowl 1"}}


def test_costs_are_left_out(game_file: GameFile) -> None:
    plain = load_game(game_file())
    assert load_game(game_file(("(isCool", "(= (total-cost) 0) (isCool"), name="cost")).start == plain.start


def test_comments_and_letter_case_do_not_matter(game_file: GameFile) -> None:
    plain = load_game(game_file())
    other = load_game(
        game_file(("(atLocation agent1", "; (opened Fridge_bar_1) ((\n (ATLOCATION Agent1"), name="commented")
    )
    assert other.start == plain.start
    assert other.digest != plain.digest


def test_a_game_is_read_once_while_its_file_stays_as_it_is(game_file: GameFile) -> None:
    path = game_file()
    game = load_game(path)
    assert load_game(path) is game
    assert load_game(str(path)) is game
    status = path.stat()
    game_file(("(isCool Apple_bar_2)", ""))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert load_game(path).start.cool == 0


def test_games_are_small_and_picklable(game_file: GameFile) -> None:
    game = load_game(game_file())
    assert pickle.loads(pickle.dumps(game)) == game
    assert len(pickle.dumps(game)) < 5000


def test_every_official_game_is_read(official_games: list[Path]) -> None:
    seen = set()
    for path in official_games:
        game = load_game(path)
        assert path.parts[-3].startswith(game.task_type)
        seen.add(game.task_type)
        assert not household.is_won(game, game.start)
        state = game.start
        for command in json.loads(path.read_text())["walkthrough"]:
            state = household.result(game, state, household.commands(game, state)[command])
        assert household.is_won(game, state), path
    assert seen == set(TASK_TYPES)


# What cannot be played ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("(isCool Apple_bar_2)", "(isMelted Apple_bar_2)"), "item .* expected a predicate that games start with"),
        (("(isCool Apple_bar_2)", "(holds agent1 Apple_bar_2)"), "expected a predicate that games start with"),
        (("(:goal (and", "(:goal (or"), "expected a goal of one of the six task types"),
        (("(isHot ?o)", "(isSliced ?o)"), "expected a goal of one of the six task types"),
        (
            ("(atLocation agent1", "(receptacleAtLocation Fridge_bar_1 loc_bar_3) (atLocation agent1"),
            "expected one location of fridge_bar_1, got two",
        ),
        (("(receptacleAtLocation Fridge_bar_1 loc_bar_2)", ""), "expected a location of fridge_bar_1, got none"),
    ],
)
def test_what_only_textworld_may_play(game_file: GameFile, change: tuple[str, str], words: str) -> None:
    with pytest.raises(UnknownHouseholdError, match=words) as caught:
        load_game(game_file(change))
    assert "game.tw-pddl: pddl_problem: " in str(caught.value)


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("pddl_domain", "(isHot ?o)", "(isCool ?o)"),
        ("grammar", "You pick up the", "You grab the"),
        ("grammar", "UNKNOWN GOAL", "{__import__('os').mkdir('eaten')}"),
        ("grammar", "UNKNOWN GOAL", "put #help.feedback#"),
        ("grammar", "UNKNOWN GOAL", "put [a hot apple]"),
        ("grammar", "UNKNOWN GOAL", "put a hot apple\\n in fridge"),
        ("grammar", "Your task is to: ", "Now "),
        ("grammar", '"task": [', '"chore": ['),
    ],
)
def test_another_domain_or_grammar_is_refused_and_not_run(
    game_file: GameFile,
    household: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    old: str,
    new: str,
) -> None:
    assert old in household[key]
    monkeypatch.chdir(tmp_path)
    path = game_file(**{key: household[key].replace(old, new, 1)})
    with pytest.raises(UnknownHouseholdError, match=rf"game.tw-pddl: {key}"):
        load_game(path)
    assert not Path("eaten").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("(atLocation agent1 loc_bar_0)", ""), "expected one atLocation, got 0"),
        (("(atLocation agent1 loc_bar_0)", "(atLocation agent1 loc_bar_0) (atLocation agent1 loc_bar_1)"), "got 2"),
        (("(isCool Apple_bar_2)", "(isCool Apple_bar_2 Apple_bar_1)"), "expected 1 arguments, got 2"),
        (
            ("(isCool Apple_bar_2)", "(isCool Pear_bar_1)"),
            "expected pear_bar_1 to be declared as object, got it nowhere",
        ),
        (("(isCool Apple_bar_2)", "(isCool Fridge_bar_1)"), "declared as object, got it as receptacle"),
        (("(isCool Apple_bar_2)", "isCool"), "expected a fact such as"),
        (("(isCool Apple_bar_2)", "()"), "expected a fact such as"),
        (("(isCool Apple_bar_2)", "((isCool) Apple_bar_2)"), "expected a fact such as"),
        (("Apple - object", "Apple - object Apple - otype"), "expected one type of apple, got two"),
        (("Apple - object", "Apple (- object)"), "expected names, got"),
        (("loc_bar_3 - location", "loc_bar_3 -"), "expected a type after '-'"),
        (("agent1 - agent", "agent1 - agent agent2 - agent"), "expected one agent, got 2"),
        (("(:init", "(:start"), r"expected a section \(:init"),
        (("(:goal", "(:init) (:goal"), "expected one section :init, got two"),
        (("(:goal", "(:goal (and) (and)) (:end"), "expected one condition, got several"),
        (("(:domain alfred)", "alfred"), "expected a section such as"),
        (("(define", "(design"), r"expected one \(define"),
        (("(define", "define"), r"expected a '\(' for every '\)'"),
        (("(isCool", "(" * 200 + "isCool"), f"expected at most {DEEPEST} brackets"),
        (("(isCool Apple_bar_2)", "(isCool Apple_bar_2"), r"expected a '\)' for every '\('"),
    ],
)
def test_malformed_problems(game_file: GameFile, change: tuple[str, str], words: str) -> None:
    with pytest.raises(GameError, match=words) as caught:
        load_game(game_file(change))
    assert not isinstance(caught.value, UnknownHouseholdError)
    assert "game.tw-pddl: pddl_problem: " in str(caught.value)


@pytest.mark.parametrize("key", ["pddl_domain", "grammar", "pddl_problem"])
@pytest.mark.parametrize("value", [None, 3, ["text"]])
def test_missing_keys_and_other_types(game_file: GameFile, key: str, value: object) -> None:
    with pytest.raises(GameError, match=r"game.tw-pddl: expected a JSON object with the strings"):
        load_game(game_file(**{key: value}))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe{}", b"[" * 100_000, b'{"pddl_domain": ' * 50_000]
)
def test_what_is_no_game(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "game.tw-pddl"
    path.write_bytes(content)
    with pytest.raises(GameError, match=r"game.tw-pddl: .*expected"):
        load_game(path)


def test_a_file_cut_short_anywhere(game_file: GameFile) -> None:
    path = game_file()
    content = path.read_bytes()
    for length in range(0, len(content), 997):
        path.write_bytes(content[:length])
        with pytest.raises(GameError, match=r"game.tw-pddl: expected JSON"):
            load_game(path)
    path.write_bytes(content)
    assert load_game(path).task_type == "pick_heat_then_place_in_recep"


def test_a_problem_cut_short_anywhere(game_file: GameFile) -> None:
    path = game_file()
    data = json.loads(path.read_text())
    problem = data["pddl_problem"]
    for length in range(0, len(problem.rstrip()), 97):
        path.write_text(json.dumps({**data, "pddl_problem": problem[:length]}))
        with pytest.raises(GameError, match=r"game.tw-pddl: pddl_problem: "):
            load_game(path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "game.tw-pddl"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    with pytest.raises(GameError, match=rf"game.tw-pddl: expected at most {MOST_BYTES} bytes, got 104857600"):
        load_game(path)


def test_no_file_and_no_file_but_a_folder(tmp_path: Path) -> None:
    with pytest.raises(GameError, match=r"none/game.tw-pddl: expected a game.tw-pddl file: .*gigpo fetch alfworld"):
        load_game(tmp_path / "none" / "game.tw-pddl")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(GameError, match=rf"{path}: expected a game.tw-pddl file, got a folder or a device"):
            load_game(path)
    with pytest.raises(GameError, match=r"expected a game.tw-pddl file: embedded null byte"):
        load_game("game\0.tw-pddl")


def test_many_receptacles_take_time_in_proportion(game_file: GameFile) -> None:
    """A file of the greatest size that is read; with a loop over receptacles and locations, this takes minutes."""
    names = [f"Shelf_bar_{number}" for number in range(8000)]
    objects = "\n".join(f"{name} - receptacle loc_bar_{name} - location" for name in names)
    facts = " ".join(f"(receptacleAtLocation {name} loc_bar_{name})" for name in names)
    game = load_game(game_file(("Apple - object", f"Apple - object {objects}"), ("(isCool", f"{facts} (isCool")))
    assert len(game.receptacles) == 8004
