"""A game in play by the native engine."""

import hashlib
from collections.abc import Iterator

from gigpo_gym.envs.alfworld import household
from gigpo_gym.envs.alfworld.expert import expert_plan
from gigpo_gym.envs.alfworld.game import Game, State


class NativeWorld:
    """One game and where it stands, by the rules in `household.py`."""

    def __init__(self, name: str, game: Game) -> None:
        self.game, self.task, self.task_type = game, game.task, game.task_type
        self.start, self.opening = game.start, household.opening(game)
        self.identity = f"native {game.digest.hex()}"
        self._name = name.encode(errors="surrogatepass") + game.digest
        self._plan: dict[State, str] = {}
        self.load(game.start)

    def step(self, command: str) -> str | None:
        """What TextWorld would say to a command; None where it would not understand it."""
        action = self._actions.get(command)
        if action is None:
            return None
        self.load(household.result(self.game, self._state, action))
        return household.feedback(self.game, self._state, action)

    def save(self) -> State:
        """The present moment, for `load`."""
        return self._state

    def load(self, moment: State) -> None:
        """Go to a moment of this game."""
        self._state = moment
        self._actions = household.commands(self.game, moment)
        self.commands = sorted(self._actions)
        self.is_won = household.is_won(self.game, moment)

    def state_key(self) -> str:
        """Digest of the task and the complete state."""
        return hashlib.blake2b(self._name + repr(tuple(self._state)).encode(), digest_size=16).hexdigest()

    def expert_action(self) -> str | None:
        """The next command of a shortest plan; None where there is none."""
        if self._state not in self._plan:
            self._plan = dict(self._along(expert_plan(self.game, self._state) or []))
        return self._plan.get(self._state)

    def _along(self, plan: list[str]) -> Iterator[tuple[State, str]]:
        state = self._state
        for command in plan:
            yield state, command
            state = household.result(self.game, state, household.commands(self.game, state)[command])
