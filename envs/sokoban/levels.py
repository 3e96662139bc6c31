"""Sets of Sokoban levels from files: DeepMind's Boxoban, or XSB files of a user's own.

A level is a run of lines of XSB signs, as `parse_room` reads them. What stands between levels is comment, save that a
line `; 17` numbers the level after it. Boxoban: https://github.com/google-deepmind/boxoban-levels (Guez et al. 2018).
"""

import codecs
import itertools
import os
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from gigpo_gym.envs.sokoban.room import Room, RoomError, parse_room
from gigpo_gym.envs.splits import SPLITS, split_of

LEVEL_SPLITS = (*SPLITS, "all")

BOXOBAN = {
    "boxoban/unfiltered-train": "unfiltered/train",
    "boxoban/unfiltered-valid": "unfiltered/valid",
    "boxoban/unfiltered-test": "unfiltered/test",
    "boxoban/medium-train": "medium/train",
    "boxoban/medium-valid": "medium/valid",
    "boxoban/hard": "hard",
}
SUFFIXES = (".sok", ".txt", ".xsb")  # of the files in a folder that are read
HELD = 4096  # levels kept in memory; a set of no more is read in full when it is opened


# A number or a board. A line with a wall at one end is a row of the board above it even with a strange sign in it, and
# one with walls at both ends begins a board: better to say what is wrong with it than to take it for a comment.
_PIECES = re.compile(
    rb"""
    ^ ; [ \t]* ([0-9]{1,9}) [ \t\r]* $
    | ^ (?: [ _.$*@+-]*+ \# [ _.$*@+\#-]*+ \r? $ | [ _\t-]*+ \# .* \# [ _\t\r-]* $ )
    (?: \n (?: [ _-]*+ [.$*@+\#] [ _.$*@+\#-]*+ \r? $ | [ _\t-]*+ \# .* $ | [^;\n] .* \# [ _\t\r-]* $ ) )*
    """,
    re.MULTILINE | re.VERBOSE,
)


class LevelFile:
    """Where the levels of a file stand and what their numbers are, in eight bytes a level.

    Raises:
        ValueError: it has no levels, or numbers that do not fit them.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name  # of its levels, up to the number
        self.starts = array("I")  # in bytes
        self.numbers = array("I")
        data = path.read_bytes()
        if data.startswith(codecs.BOM_UTF8):
            data = data.replace(codecs.BOM_UTF8, b"\n\n\n", 1)  # offsets stay as they are
        header = None
        for piece in _PIECES.finditer(data):
            if piece[1] is None:
                self.starts.append(piece.start())
                if header is not None:
                    self.numbers.append(int(header[1]))
                header = None
            elif header is None:
                header = piece
            else:
                break
        if header is not None:
            raise self._fault(int(header[1]), header.start(), "expected a level after its number, got none")
        if len(self.numbers) < len(self.starts):
            self.numbers = array("I", range(len(self.starts)))
        try:
            data.decode()
        except UnicodeDecodeError as error:
            level = (0, *self.numbers[: bisect_right(self.starts, error.start)])[-1]
            raise self._fault(level, error.start, f"expected UTF-8, got the byte 0x{data[error.start]:02x}") from None
        if not self.starts:
            raise ValueError(f"{path}: expected levels in XSB notation, got none")
        seen: set[int] = set()
        for start, number in zip(self.starts, self.numbers, strict=True):
            if number in seen:
                raise self._fault(number, start, "expected a number of its own, got one that a level above has")
            seen.add(number)

    def __len__(self) -> int:
        return len(self.starts)

    def task_id(self, index: int) -> str:
        """The name of a level."""
        return f"{self.name}/{self.numbers[index]}"

    def read(self, index: int) -> Room:
        """The room of a level.

        Raises:
            ValueError: it is malformed.
        """
        start, *end = self.starts[index : index + 2]
        with self.path.open("rb") as file:
            file.seek(start)
            board = _PIECES.match(file.read(end[0] - start if end else -1))
        try:
            return parse_room(board[0].decode().rstrip("\r") if board else "")
        except RoomError as error:
            raise self._fault(self.numbers[index], start, error.fault, error.line or 0) from None

    def _fault(self, level: int, offset: int, fault: str, line: int = 0) -> ValueError:
        line += self.path.read_bytes().count(b"\n", 0, offset) + 1
        return ValueError(f"{self.path}, level {level}, line {line}: {fault}")


@lru_cache(maxsize=HELD)
def _read_level(file: LevelFile, index: int) -> tuple[Room, str]:
    """A room and its split."""
    room = file.read(index)
    return room, split_of(room.layout)


class LevelSet:
    """Named levels in a fixed order: those of a file, or of the files of a folder in the order of their names.

    A level is read when it is drawn, but a set of at most HELD levels in full when it is opened, which then finds every
    fault. The files must stay as they are for as long as the process runs.
    """

    def __init__(self, path: Path, folder: str) -> None:
        self.path = path
        self._folder = folder  # which the names begin with
        self._files = [LevelFile(file, f"{folder}/{file.stem}" if folder else file.stem) for file in _level_files(path)]
        self._by_name = {file.name: file for file in self._files}
        if len(self._by_name) < len(self._files):
            raise ValueError(f"{path}: expected names of files that differ in more than their endings, got two alike")
        self._ends = list(itertools.accumulate(map(len, self._files)))  # levels up to the end of each file
        if len(self) <= HELD:
            for place in self._places("all"):
                _read_level(*place)

    def __len__(self) -> int:
        return self._ends[-1]

    def __contains__(self, task_id: object) -> bool:
        return self._find(task_id) is not None

    def __reduce__(self) -> tuple[object, ...]:
        return _open, (self.path, self._folder)  # a copy is the same set; another process makes its own

    def task_ids(self, split: str = "all") -> list[str]:
        """The names of the levels in a split, in order. For "train" and "eval" every level is read, at 0.1 ms.

        Raises:
            ValueError: see `check_split`.
        """
        self.check_split(split)
        return [file.task_id(index) for file, index in self._places(split)]

    def room(self, task_id: str) -> Room:
        """The room of a level.

        Raises:
            ValueError: no level has this name, or it is malformed.
        """
        place = self._find(task_id)
        if place is None:
            file, index = next(self._places("all"))
            raise ValueError(
                f"expected the name of one of the {len(self)} levels in {self.path}, such as {file.task_id(index)!r}, "
                f"got {task_id!r:.200}"
            )
        return _read_level(*place)[0]

    def draw(self, seed: int, split: str) -> str:
        """The name of the level of `seed`: the first of its attempts that belongs to `split`.

        Raises:
            ValueError: see `check_split`.
        """
        self.check_split(split)
        # Uniform numbers only: of all the generator's methods this is the one least likely to change with NumPy.
        draws = (np.random.default_rng(np.random.SeedSequence((seed, n))).random() for n in itertools.count())
        places = (self._place(int(draw * len(self))) for draw in draws)
        return next(file.task_id(index) for file, index in places if _belongs(file, index, split))

    def check_split(self, split: str) -> None:
        """
        Raises:
            ValueError: there is no such split, or no level in it.
        """
        if split not in LEVEL_SPLITS:
            raise ValueError(f"expected split to be one of {LEVEL_SPLITS}, got {split!r}")
        if next(self._places(split), None) is None:
            raise ValueError(
                f"expected a level of split {split!r} in {self.path}, got none: a digest of the layout decides, and "
                f"puts one in eight into 'eval'; add levels or take split='all'"
            )

    def _place(self, position: int) -> tuple[LevelFile, int]:
        number = bisect_right(self._ends, position)
        file = self._files[number]
        return file, position - self._ends[number] + len(file)

    def _places(self, split: str) -> Iterator[tuple[LevelFile, int]]:
        return ((file, index) for file in self._files for index in range(len(file)) if _belongs(file, index, split))

    def _find(self, task_id: object) -> tuple[LevelFile, int] | None:
        name, _, number = task_id.rpartition("/") if isinstance(task_id, str) else ("", "", "")
        try:
            file, index = self._by_name[name], int(number)
            return (file, file.numbers.index(index)) if str(index) == number else None
        except (KeyError, ValueError):
            return None


def _belongs(file: LevelFile, index: int, split: str) -> bool:
    return split == "all" or _read_level(file, index)[1] == split


def open_levels(levels: str | os.PathLike[str]) -> LevelSet:
    """The levels of a set of Boxoban, or of an XSB file or a folder of such files of one's own.

    Levels are named after the set or folder, the file, and the number in the file, such as `boxoban/hard/003/17`:
    what `; 17` says where every level has such a line above it, else counted from 0.

    Raises:
        FileNotFoundError: there is no such file or folder.
        ValueError: no such set, or a malformed file.
    """
    levels = os.fspath(levels)
    if not levels:
        raise ValueError("expected levels to be a path or the name of a set, got ''")
    if not levels.startswith("boxoban/"):
        path = Path(os.path.abspath(Path(levels).expanduser()))
        if not path.exists():
            raise FileNotFoundError(
                f"expected levels to be an XSB file, a folder of such files, or one of {sorted(BOXOBAN)}, "
                f"got {levels!r}: there is no {path}"
            )
        return _open(path, path.name if path.is_dir() else "")
    if levels not in BOXOBAN:
        raise ValueError(
            f"expected levels to be one of {sorted(BOXOBAN)} or a path, got {levels!r}; "
            f"a folder of your own that is called boxoban is './{levels}'"
        )
    data = os.environ.get("GIGPO_DATA", "")
    path = Path(os.path.abspath(Path(data).expanduser())) / "boxoban" / BOXOBAN[levels]
    if not data or not path.is_dir():
        sought = f"there is no {path}" if data else "the environment variable GIGPO_DATA is not set"
        raise FileNotFoundError(
            f"expected the levels of {levels} in the folder boxoban/{BOXOBAN[levels]} below the one that GIGPO_DATA "
            f"names, but {sought}: export GIGPO_DATA=FOLDER; "
            'git clone https://github.com/google-deepmind/boxoban-levels "$GIGPO_DATA/boxoban"'
        )
    return _open(path, levels)


@lru_cache(maxsize=16)
def _open(path: Path, folder: str) -> LevelSet:
    return LevelSet(path, folder)


def _level_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    names = sorted(name for name in os.listdir(path) if name.endswith(SUFFIXES) and not name.startswith("."))
    if not names:
        raise FileNotFoundError(f"expected files of levels ({', '.join(SUFFIXES)}) in {path}, got none")
    return [path / name for name in names]
