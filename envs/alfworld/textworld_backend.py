"""A game in play by TextWorld itself, with alfworld's wrappers: slow, and the measure of the native engine.

TextWorld evaluates Python expressions that it finds in a game file (`EvalSymbol` in its textgen): play only files that
you trust.
"""

import hashlib
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gigpo_gym.envs.alfworld.game import TASK_OPENING, load_game
from gigpo_gym.envs.alfworld.pddl import GameError

# Facts that nothing else reads: what was looked at, what another fact tells, and what Fast Downward derives.
_UNREAD = ("checked", "examined", "wasinreceptacle", "holdsany", "ison", "not_", "new-axiom")


class TextWorldGame:
    """One game and where it stands, with the same calls as `NativeWorld`.

    Each game that is opened takes about 2 MB for good: TextWorld loads a copy of its planner's library and never
    unloads it, and unloading it from outside crashes.

    Raises:
        ImportError: textworld or alfworld is not installed.
        GameError: TextWorld cannot load the file.
    """

    def __init__(self, name: str, path: Path) -> None:
        try:
            import textworld
            from alfworld.agents.environment.alfred_tw_env import AlfredDemangler, AlfredInfos
        except ImportError as error:
            raise ImportError(
                f"backend='textworld' needs textworld and alfworld ({error}): pip install 'gigpo-gym[alfworld]'"
            ) from error
        try:
            self.task_type = load_game(path).task_type
        except GameError:
            self.task_type = ""
        self.identity = f"textworld {hashlib.sha256(path.read_bytes()).hexdigest()}"
        self._name = name
        self._state: Any
        self._played: tuple[str, ...] = ()
        self.start: tuple[str, ...] = ()
        infos = textworld.EnvInfos(won=True, admissible_commands=True, extras=["gamefile"])
        with _undisturbed():
            try:
                wrappers = [AlfredDemangler(shuffle=False), AlfredInfos]
                self._env = textworld.start(str(path), infos, wrappers=wrappers)
                self._reset()
            except Exception as error:  # whatever its parsers and planner raise on such a file
                raise GameError(f"{path}: TextWorld cannot load it: {type(error).__name__}: {error}") from error
        self._pddl: Any = self._env
        while hasattr(self._pddl, "_wrapped_env"):
            self._pddl = self._pddl._wrapped_env
        self.opening: str = self._state["feedback"].strip()
        self.task = self.opening.rpartition(TASK_OPENING)[2]

    def step(self, command: str) -> str | None:
        """What TextWorld says to a command; None where it does not understand it."""
        if command not in self._state["_valid_commands"]:
            return None
        with _undisturbed():
            self._state, _, _ = self._env.step(command)
        self._read()
        self._played = (*self._played, command)
        return str(self._state["feedback"].strip())

    def save(self) -> tuple[str, ...]:
        """The present moment, for `load`: the commands that led to it, since TextWorld's state cannot be copied."""
        return self._played

    def load(self, moment: tuple[str, ...]) -> None:
        """Go to a moment of this game, by playing it again."""
        if moment[: len(self._played)] != self._played:
            self._reset()
        for command in moment[len(self._played) :]:
            self.step(command)

    def state_key(self) -> str:
        """Digest of the task and of TextWorld's facts; not the native engine's, but equal where that is equal."""
        facts = list(self._pddl._pddl_state.facts)
        places: dict[str, list[str]] = {}
        for fact in facts:
            if fact.name == "receptacleatlocation":
                places.setdefault(fact.arguments[1].name, []).append(fact.arguments[0].name)
        neighbours = {receptacle for here in places.values() if len(here) > 1 for receptacle in here}
        read = sorted(
            str(fact)
            for fact in facts
            if not fact.name.startswith(_UNREAD)
            or (fact.name == "not_inreceptacle" and fact.arguments[1].name in neighbours)  # `look` reads these
        )
        return hashlib.blake2b("\n".join([self._name, *read]).encode(), digest_size=16).hexdigest()

    def expert_action(self) -> str | None:
        """The first command of Fast Downward's plan; None where there is none."""
        with _undisturbed():
            plan = self._pddl._pddl_state.replan(self._pddl._entity_infos)
        return str(plan[0]) if plan else None

    def _reset(self) -> None:
        with _undisturbed():
            self._state = self._env.reset()
        self._played = ()
        self._read()

    def _read(self) -> None:
        self.commands: list[str] = self._state["admissible_commands"]
        self.is_won = bool(self._state["won"])


@contextmanager
def _undisturbed() -> Iterator[None]:
    """TextWorld overwrites sys.argv whenever it loads a problem, and leaves files to the garbage collector."""
    argv = sys.argv
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            yield
        finally:
            sys.argv = argv
