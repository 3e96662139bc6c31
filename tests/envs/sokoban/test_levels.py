"""Sets of levels: Boxoban's files, files of a user's own, and what is said of malformed ones."""

import copy
import os
import pickle
from pathlib import Path

import pytest

from gigpo_gym.envs.sokoban import levels as levels_module
from gigpo_gym.envs.sokoban.levels import BOXOBAN, LevelFile, LevelSet, open_levels
from gigpo_gym.envs.sokoban.room import Room, parse_room
from gigpo_gym.envs.splits import split_of

needs_boxoban = pytest.mark.skipif(
    "GIGPO_DATA" not in os.environ, reason="needs Boxoban's files in GIGPO_DATA/boxoban, as .ci/run sets it"
)

ROOM = "#####\n#@$.#\n#####\n"
ROOM_NAME = "#####/#@$.#/#####"


def corridor(length: int) -> str:
    """A room with a corridor of `length` squares."""
    walls = "#" * (length + 2)
    return f"{walls}\n#@$.{' ' * (length - 3)}#\n{walls}\n"


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def names_of_rooms(levels: LevelSet) -> list[str]:
    return [levels.room(task_id).name for task_id in levels.task_ids()]


# Boxoban ------------------------------------------------------------------------------------------------------------


@needs_boxoban
@pytest.mark.parametrize("levels", ["boxoban/medium-train", "boxoban/unfiltered-train", "boxoban/unfiltered-valid"])
def test_every_level_of_boxoban_is_the_room_in_its_file(levels: str) -> None:
    file = Path(os.environ["GIGPO_DATA"], "boxoban", BOXOBAN[levels], "000.txt")
    level_set = open_levels(levels)
    for number, block in enumerate(file.read_text().split("; ")[1 : 1 + 1000]):
        header, board = block.split("\n", 1)
        assert header == str(number)
        room = level_set.room(f"{levels}/000/{number}")
        assert (room.height, room.width, room.boxes.bit_count()) == (10, 10, 4)
        # Floor that the player cannot reach is wall in a room; all else stands there as in the file.
        assert room.to_xsb(room.player, room.boxes).replace("#", " ") == board.strip("\n").replace("#", " ")
    assert level_set.task_ids()[:1000] == [f"{levels}/000/{number}" for number in range(1000)]


@needs_boxoban
def test_splits_of_boxoban_are_disjoint_and_never_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Path(os.environ["GIGPO_DATA"], "boxoban", BOXOBAN["boxoban/medium-train"], "000.txt")
    folder = tmp_path / "boxoban" / BOXOBAN["boxoban/medium-train"]
    folder.mkdir(parents=True)
    write(folder / "000.txt", first.read_bytes())  # it alone, however many there are
    monkeypatch.setenv("GIGPO_DATA", str(tmp_path))
    levels = open_levels("boxoban/medium-train")
    train, evaluation = levels.task_ids("train"), levels.task_ids("eval")
    assert sorted(train + evaluation) == sorted(levels.task_ids("all"))
    assert all(split_of(levels.room(task_id).layout) == "eval" for task_id in evaluation)
    first_numbers = [task_id.rpartition("/")[2] for task_id in evaluation[:6]]
    assert first_numbers == ["2", "5", "17", "23", "28", "33"]
    for split, numbers in {"train": (636, 511, 429), "eval": (423, 144, 175), "all": (636, 511, 175)}.items():
        drawn = [levels.draw(seed, split) for seed in (0, 1, 2**63 - 1)]
        assert drawn == [f"boxoban/medium-train/000/{number}" for number in numbers]


@pytest.mark.parametrize("data", [None, "nowhere"])
def test_missing_boxoban_files_come_with_the_remedy(
    data: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if data is None:
        monkeypatch.delenv("GIGPO_DATA", raising=False)
        monkeypatch.chdir(tmp_path)  # which must not stand in for the variable
        (tmp_path / "boxoban" / "hard").mkdir(parents=True)
    else:
        monkeypatch.setenv("GIGPO_DATA", str(tmp_path / data))
    with pytest.raises(FileNotFoundError) as raised:
        open_levels("boxoban/hard")
    sought = "GIGPO_DATA is not set" if data is None else f"there is no {tmp_path / 'nowhere' / 'boxoban' / 'hard'}"
    for part in (
        "boxoban/hard",
        sought,
        'git clone https://github.com/google-deepmind/boxoban-levels "$GIGPO_DATA/boxoban"',
    ):
        assert part in str(raised.value)


def test_boxoban_is_looked_for_where_the_variable_points_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, length in (("a", 3), ("b", 4)):
        folder = tmp_path / name / "boxoban" / "hard"
        folder.mkdir(parents=True)
        write(folder / "003.txt", f"; 5\n{corridor(length)}\n; 6\n{corridor(length + 2)}\n")
        monkeypatch.setenv("GIGPO_DATA", str(tmp_path / name))
        levels = open_levels("boxoban/hard")
        assert levels.task_ids() == ["boxoban/hard/003/5", "boxoban/hard/003/6"]
        assert levels.room("boxoban/hard/003/5").width == length + 2


# Files of one's own -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ROOM, {"mine/0": ROOM_NAME}),
        (ROOM.rstrip("\n"), {"mine/0": ROOM_NAME}),
        (f"{ROOM}\n{corridor(4)}", {"mine/0": ROOM_NAME, "mine/1": "######/#@$.-#/######"}),
        (f"; 7\n{ROOM}\n; 3\n\n{corridor(4)}", {"mine/7": ROOM_NAME, "mine/3": "######/#@$.-#/######"}),
        # Numbers count only where every level has one.
        (f"; 7\n{ROOM}\n{corridor(4)}", {"mine/0": ROOM_NAME, "mine/1": "######/#@$.-#/######"}),
        # Comments of all kinds, before, between and after.
        (
            f"Set #1\n\n; 2 by C#\n\nTitle: one...\n{ROOM}; in C#\nAuthor: me\n\n\n---\n; 3 long\n{corridor(4)}; end\n",
            {"mine/0": ROOM_NAME, "mine/1": "######/#@$.-#/######"},
        ),
        (ROOM.replace("\n", "\r\n"), {"mine/0": ROOM_NAME}),
        (f"; 7\n{ROOM}\n".replace("\n", "\r\n"), {"mine/7": ROOM_NAME}),
        ("\ufeff; 7\n" + ROOM, {"mine/7": ROOM_NAME}),
        ("\ufeff" + ROOM, {"mine/0": ROOM_NAME}),
        ("#####   \n#@$.#-\n#####", {"mine/0": ROOM_NAME}),
        ("#######\n#@-_ .#\n# $   #\n#######\n", {"mine/0": "#######/#@---.#/#-$---#/#######"}),
        # Rows of unequal length, and floor within walls that nobody reaches.
        ("  ####\n###  #\n#@$. #\n# ####\n###", {"mine/0": "######/###--#/#@$.-#/#-####/######"}),
        ("#######\n#@$.# #\n#######", {"mine/0": "#######/#@$.###/#######"}),
        ("####\n#+ #\n#$*#\n#  #\n####", {"mine/0": "####/#+-#/#$*#/#--#/####"}),
    ],
)
def test_levels_of_a_file(content: str, expected: dict[str, str], tmp_path: Path) -> None:
    levels = open_levels(write(tmp_path / "mine.xsb", content))
    assert levels.task_ids() == list(expected)
    assert names_of_rooms(levels) == list(expected.values())
    assert len(levels) == len(expected)


FAULTS = [
    ("", "expected levels in XSB notation, got none"),
    ("Nothing to see\n\n; here\n", "expected levels in XSB notation, got none"),
    (ROOM + "\n#####\n#@$?#\n#####", "level 1, line 6: expected signs of '#.$*@+' or floor, got '?'"),
    (ROOM + "\n#####\n?@$.#\n#####", "level 1, line 6: expected signs of '#.$*@+' or floor, got '?'"),
    (ROOM + "\n#####\n#@$.?\n#####", "level 1, line 6: expected signs of '#.$*@+' or floor, got '?'"),
    (ROOM + "\n#@?.#\n#  $#\n#####", "level 1, line 5: expected signs of '#.$*@+' or floor, got '?'"),
    ("; 9\n#####\n#@$.#\n##?##", "level 9, line 4: expected signs of '#.$*@+' or floor, got '?'"),
    ("#####\n#\t@$.#\n#####", r"level 0, line 2: expected signs of '#.$*@+' or floor, got '\t'"),
    ("\t#####\n\t#@$.#\n\t#####", r"level 0, line 1: expected signs of '#.$*@+' or floor, got '\t'"),
    ("#####\n#####\u2028#@$.#\n#####", r"level 0, line 2: expected signs of '#.$*@+' or floor, got '\u2028'"),
    ("; 4\n#####\n# $.#\n#####", "level 4, line 2: expected one player (@ or +), got 0"),
    ("; 4\n######\n#@$.@#\n######", "level 4, line 3: expected one player (@ or +), got 2"),
    ("; 4\r\n######\r\n#@$.@#\r\n######", "level 4, line 3: expected one player (@ or +), got 2"),
    ("#####\n#@$ #\n#####", "level 0, line 1: expected as many boxes as targets, got 1 and 0"),
    ("#####\n#@* #\n#####", "level 0, line 1: expected a box off target: the room is solved already"),
    ("#####\n#@$. \n#####", "level 0, line 2: expected walls all around the player, got a gap"),
    ("#####\n@$. #\n#####", "level 0, line 2: expected walls all around the player, got a gap"),
    ("######\n @$. \n######", "level 0, line 2: expected walls all around the player, got a gap"),
    ("########\n#@$.#$.#\n########", "level 0, line 2: expected every box and target where the player can come"),
    # Cut short: in the middle of a level, or after its number.
    (f"; 0\n{ROOM}\n; 1\n#####\n#@$.#\n", "level 1, line 8: expected walls all around the player, got a gap"),
    (f"; 0\n{ROOM}\n; 1\n#####\n#@", "level 1, line 8: expected walls all around the player, got a gap"),
    (f"; 0\n{ROOM}\n; 1\n", "level 1, line 6: expected a level after its number, got none"),
    (f"; 0\n{ROOM}\n; 1\n; 2\n{ROOM}", "level 1, line 6: expected a level after its number, got none"),
    (f"; 3\n{ROOM}\n; 3\n{corridor(4)}", "level 3, line 7: expected a number of its own"),
    (f"; 5\n{ROOM}\nTitle: caf".encode() + b"\xe9\n", "level 5, line 6: expected UTF-8, got the byte 0xe9"),
    (ROOM.encode("utf-16"), "level 0, line 1: expected UTF-8, got the byte 0xff"),
]


@pytest.mark.parametrize(("content", "fault"), FAULTS, ids=range(len(FAULTS)))
def test_malformed_files_say_where_and_what(content: str | bytes, fault: str, tmp_path: Path) -> None:
    path = write(tmp_path / "mine.xsb", content)
    with pytest.raises(ValueError, match="expected") as raised:
        open_levels(path)
    assert str(raised.value).startswith(f"{path}, {fault}" if fault.startswith("level") else f"{path}: {fault}")


def test_a_level_of_a_large_set_is_checked_when_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels_module, "HELD", 1)
    levels = open_levels(write(tmp_path / "mine.xsb", f"{ROOM}\n#####\n#@$ #\n#####\n"))
    assert levels.task_ids() == ["mine/0", "mine/1"]
    assert levels.room("mine/0").name == ROOM_NAME
    with pytest.raises(ValueError, match="level 1, line 5: expected as many boxes"):
        levels.room("mine/1")


def test_a_room_is_written_as_it_is_read(tmp_path: Path) -> None:
    rooms = [parse_room(corridor(length)) for length in range(3, 20)]
    text = "\n\n".join(room.to_xsb(room.player, room.boxes) for room in rooms)
    levels = open_levels(write(tmp_path / "mine.xsb", text))
    assert [levels.room(task_id) for task_id in levels.task_ids()] == rooms


# Folders ------------------------------------------------------------------------------------------------------------


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    folder = tmp_path / "rooms"
    folder.mkdir()
    for name, length in (("b.xsb", 3), ("10.txt", 4), ("9.sok", 5), ("a.x.txt", 6)):
        write(folder / name, corridor(length))
    for name in (".hidden.txt", "LICENSE", "picture.png"):
        write(folder / name, "no levels")
    levels = open_levels(str(folder))
    assert levels.task_ids() == ["rooms/10/0", "rooms/9/0", "rooms/a.x/0", "rooms/b/0"]
    assert [room.count("-") for room in names_of_rooms(levels)] == [1, 2, 3, 0]


def test_folders_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"expected files of levels \(\.sok, \.txt, \.xsb\)"):
        open_levels(str(tmp_path))
    write(tmp_path / "one.txt", ROOM)
    write(tmp_path / "one.xsb", ROOM)
    with pytest.raises(ValueError, match="differ in more than their endings"):
        open_levels(str(tmp_path))
    with pytest.raises(FileNotFoundError, match="expected levels to be an XSB file"):
        open_levels(str(tmp_path / "two.txt"))
    with pytest.raises(ValueError, match=r"expected levels to be one of .*\./boxoban/large"):
        open_levels("boxoban/large")


def test_names_are_the_same_wherever_the_files_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "rooms"
    folder.mkdir()
    write(folder / "one.xsb", ROOM)
    monkeypatch.chdir(folder)
    for path in (str(folder), ".", "../rooms", f"{folder}/"):
        assert open_levels(path).task_ids() == ["rooms/one/0"]
    assert open_levels("one.xsb").task_ids() == ["one/0"]


# Drawing ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def corridors(tmp_path: Path) -> LevelSet:
    """Forty rooms in two files of unequal size."""
    folder = tmp_path / "corridors"
    folder.mkdir()
    write(folder / "few.xsb", "\n".join(corridor(length) for length in range(3, 7)))
    write(folder / "many.xsb", "\n".join(corridor(length) for length in range(7, 43)))
    return open_levels(str(folder))


@pytest.mark.parametrize("split", ["train", "eval", "all"])
def test_every_level_of_the_split_is_drawn_and_no_other(corridors: LevelSet, split: str) -> None:
    splits = {task_id: split_of(corridors.room(task_id).layout) for task_id in corridors.task_ids()}
    expected = [task_id for task_id in splits if split in ("all", splits[task_id])]
    drawn = [corridors.draw(seed, split) for seed in range(600)]
    assert corridors.task_ids(split) == expected
    assert set(drawn) == set(expected)
    # Every level is as likely, in however small a file it stands.
    few = sum(task_id.startswith("corridors/few/") for task_id in expected) / len(expected)
    assert sum(task_id.startswith("corridors/few/") for task_id in drawn) / len(drawn) == pytest.approx(few, abs=0.05)


def test_a_split_without_levels_is_an_error(tmp_path: Path) -> None:
    levels = open_levels(write(tmp_path / "mine.xsb", ROOM))
    missing = "eval" if split_of(ROOM_NAME) == "train" else "train"
    for call in (levels.check_split, levels.task_ids, lambda split: levels.draw(0, split)):
        with pytest.raises(ValueError, match=f"expected a level of split '{missing}' in .*mine.xsb, got none"):
            call(missing)
        with pytest.raises(ValueError, match="expected split to be one of"):
            call("valid")
    assert levels.draw(0, "all") == "mine/0"


@pytest.mark.parametrize(
    "task_id", ["", "few/0", "corridors/few", "corridors/few/4", "corridors/few/01", "corridors/few/-1",
                "corridors/few/\u0661", "corridors/few/" + "9" * 5000, "/corridors/few/0", None]
)  # fmt: skip
def test_unknown_names(corridors: LevelSet, task_id: str) -> None:
    assert task_id not in corridors
    with pytest.raises(ValueError, match=r"expected the name of one of the 40 levels in .*, such as 'corridors/few/0'"):
        corridors.room(task_id)


def test_levels_are_opened_once_and_shared(corridors: LevelSet, monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_levels(str(corridors.path)) is corridors
    assert copy.deepcopy(corridors) is corridors
    assert pickle.loads(pickle.dumps(corridors)) is corridors
    monkeypatch.setattr(LevelFile, "read", None)
    assert isinstance(corridors.room("corridors/few/0"), Room)  # from memory
