"""Which games there are: the official ones on this machine, files of the user's own, or generated households."""

import hashlib
import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gigpo_gym.envs.alfworld.game import TASK_TYPES, check_game_file, read_game_file
from gigpo_gym.envs.alfworld.pddl import GameError
from gigpo_gym.envs.notices import say_once

SPLITS = ("train", "valid_seen", "valid_unseen")
EVAL = "valid_seen"  # what the split "eval" of other environments means here
SOURCES = ("auto", "official", "generated")
FILE = "game.tw-pddl"
GENERATED = "generated"


class Home(NamedTuple):
    """Names a generated household, and is what `generator` makes it from."""

    split: str
    task_type: str
    number: int


_NUMBER = re.compile(r"0|[1-9][0-9]{,18}")


def official_folder() -> Path:
    """Where official games are looked for: `json_2.1.1` in $ALFWORLD_DATA or, without it, in ~/.cache/alfworld."""
    return Path(os.environ.get("ALFWORLD_DATA") or "~/.cache/alfworld").expanduser() / "json_2.1.1"


def games_in(folder: Path, split: str) -> list[str]:
    """The names `split/task/trial` of a split's games in a folder of the official layout, in order.

    As the authors' loader (alfworld/agents/environment/alfred_tw_env.py), it leaves out folders with `movable` or
    `Sliced` in their names, and games not marked as solvable.
    """
    paths = ((path.parent.relative_to(folder).as_posix(), path) for path in folder.glob(f"{split}/*/*/{FILE}"))
    return sorted(name for name, path in paths if "movable" not in name and "Sliced" not in name and _is_solvable(path))


@lru_cache(maxsize=16)
def official_tasks(folder: Path, split: str) -> tuple[str, ...]:
    """`games_in`, once in a process.

    Raises:
        GameError: there are none.
    """
    names = games_in(folder, split)
    if not names:
        raise GameError(f"{folder / split}: expected games, got none: `gigpo fetch alfworld` downloads them")
    return tuple(names)


def _is_solvable(path: Path) -> bool:
    content = read_game_file(path)
    mark = content.rfind(b'"solvable"')  # parsing all of the JSON would take six times as long
    return mark >= 0 and content[mark + 10 : mark + 30].lstrip(b" \t\r\n:").startswith(b"true")


class Tasks:
    """The tasks of one split: their names, a draw among them, and where a name's game is.

    Args:
        split: `train`, `valid_seen` or `valid_unseen`; `eval` means `valid_seen`.
        task_types: the types to keep, None for all six.
        source: `official`, `generated`, or `auto`: official where there is a folder of them, else generated.
        games: play these files instead.

    Raises:
        GameError: there are no such games.
        ValueError: an argument is impossible.
    """

    def __init__(
        self, split: str, task_types: Sequence[str] | None, source: str, games: Sequence[str | os.PathLike[str]] | None
    ) -> None:
        if split not in (*SPLITS, "eval"):
            raise ValueError(f"expected split to be one of {(*SPLITS, 'eval')}, got {split!r}")
        kinds = TASK_TYPES if task_types is None else task_types
        if not isinstance(kinds, list | tuple) or not kinds or not all(kind in TASK_TYPES for kind in kinds):
            raise ValueError(f"expected task_types to be a list of some of {TASK_TYPES}, got {task_types!r}")
        if source not in SOURCES:
            raise ValueError(f"expected source to be one of {SOURCES}, got {source!r}")
        self.split = EVAL if split == "eval" else split
        self.task_types = tuple(kind for kind in TASK_TYPES if kind in kinds)
        self.names: tuple[str, ...] | None = None
        self._files: dict[str, Path] = {}
        if games is not None:
            if task_types is not None or source != "auto":
                raise ValueError("expected games, or task_types and source, got both: leave one out")
            self._files = _named(games)
            self.names = tuple(sorted(self._files))
            return
        self._folder = official_folder()
        if source == "auto":
            source = "official" if self._folder.is_dir() else "generated"
            say_once(
                f"ALFWorld plays the official games in {self._folder}"
                if source == "official"
                else f"ALFWorld plays generated households: there are no official games in {self._folder}; "
                "`gigpo fetch alfworld` downloads them"
            )
        if source == "official":
            names = official_tasks(self._folder, self.split)
            self.names = tuple(name for name in names if task_type_of(name) in self.task_types)
            if not self.names:
                raise GameError(f"{self._folder / self.split}: expected games of {self.task_types}, got none")

    def draw(self, seed: int) -> str:
        """The name of a task, determined by the seed alone."""
        rng = np.random.default_rng(seed)
        if self.names is not None:
            return self.names[int(rng.integers(len(self.names)))]
        kind = self.task_types[int(rng.integers(len(self.task_types)))]
        return f"{GENERATED}/{self.split}/{kind}/{int(rng.integers(2**63))}"

    def find(self, name: str) -> Path | Home:
        """The file of a named task, or the generated household that it is.

        Raises:
            ValueError: there is no such task.
        """
        if name in self._files:
            return self._files[name]
        source, _, rest = name.partition("/")
        if source == GENERATED and rest.count("/") == 2:
            split, kind, number = rest.split("/")
            if split in SPLITS and kind in TASK_TYPES and _NUMBER.fullmatch(number) and int(number) < 2**63:
                return Home(split, kind, int(number))
        elif source in SPLITS and not self._files and name in official_tasks(self._folder, source):
            return self._folder / name / FILE
        raise ValueError(f"expected the name of a task such as {self.draw(0)!r}, got {name!r:.200}")


def task_type_of(name: str) -> str:
    """The type that a task's name tells, '' where it does not."""
    source, _, rest = name.partition("/")
    kind = rest.partition("/")[2].partition("/")[0] if source == GENERATED else rest.partition("-")[0]
    return kind if kind in TASK_TYPES else ""


def _named(games: Sequence[str | os.PathLike[str]]) -> dict[str, Path]:
    """Files by name: where they lie in the official layout `split/task/trial`, else a digest of their content."""
    if not isinstance(games, list | tuple) or not games or not all(isinstance(path, str | Path) for path in games):
        raise ValueError(f"expected games to be a list of paths, got {games!r:.200}")
    files: dict[str, Path] = {}
    for path in map(Path, games):
        check_game_file(path)
        *_, split, task, trial, _ = ["", "", "", *path.absolute().parts]
        if split in SPLITS:
            name = f"{split}/{task}/{trial}"
        else:
            name = f"game/{hashlib.sha256(read_game_file(path)).hexdigest()[:16]}"
        if files.setdefault(name, path) != path:
            raise ValueError(f"expected different games, got {files[name]} and {path} for {name}")
    return files
