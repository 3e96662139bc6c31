"""Text in and out for a grid world of your own, or any environment with numbered actions."""

import copy
from collections.abc import Callable, Sequence
from typing import Any, SupportsFloat

import gymnasium as gym
from gymnasium import spaces
from gymnasium.error import ResetNeeded
from gymnasium.utils import RecordConstructorArgs
from gymnasium.wrappers import TimeLimit

from gigpo_gym.envs.free_text import FreeText
from gigpo_gym.wrappers.snapshot import ChainSnapshot, restore, snapshot

Outcome = Callable[[Any, float, bool, dict[str, Any]], Any]
"""A function of (observation, reward, terminated, info) after a step."""


def _reached_with_reward(observation: Any, reward: float, terminated: bool, info: dict[str, Any]) -> bool:
    return terminated and reward > 0


class TextActions(gym.Wrapper[str, str, Any, Any], RecordConstructorArgs):
    """Name the numbered actions of `env` in words, describe its observations in text, and fill in the info.

    An action that is none of the words (upper or lower case, white space around it) leaves `env` unstepped: the
    observation before, reward 0, `is_action_valid` False. It still has to use a step, so a step limit belongs
    outside this wrapper.

    Args:
        env: an environment with a `Discrete` action space and no `TimeLimit`.
        actions: one word or phrase for each action, in the order of the numbers.
        task: the goal in words.
        describe: the text of an observation; default `str`.
        state_key: key of the complete state, from (observation, info); default the text.
        task_id: name of the task, from (observation, info) at reset; default the id of `env`.
        success: whether the task is solved, from (observation, reward, terminated, info) after a step; default
            terminated with a reward above 0.
        score: how well, 0 to 1, from the same; default 1.0 on success, else 0.0.

    Example:
        >>> import gymnasium as gym
        >>> from gymnasium.wrappers import TimeLimit
        >>> env = TextActions(
        ...     gym.make("CliffWalking-v1", max_episode_steps=-1),
        ...     actions=("Up", "Right", "Down", "Left"),
        ...     task="Walk along the cliff to the square at row 3, column 11.",
        ...     describe=lambda square: f"row {square // 12}, column {square % 12}",
        ...     success=lambda observation, reward, terminated, info: terminated,
        ... )
        >>> env = TimeLimit(env, max_episode_steps=30)
        >>> env.reset(seed=0)[0]
        'row 3, column 0'
        >>> observation, reward, terminated, truncated, info = env.step("up")
        >>> observation, reward, info["is_action_valid"]
        ('row 2, column 0', -1.0, True)
        >>> observation, reward, terminated, truncated, info = env.step("jump")
        >>> observation, reward, info["is_action_valid"]
        ('row 2, column 0', 0.0, False)

    Raises:
        ValueError: the actions are not one distinct word each for a Discrete space, or a TimeLimit stands inside.
    """

    def __init__(
        self,
        env: gym.Env[Any, Any],
        actions: Sequence[str],
        *,
        task: str,
        describe: Callable[[Any], str] = str,
        state_key: Callable[[Any, dict[str, Any]], str] | None = None,
        task_id: Callable[[Any, dict[str, Any]], str] | None = None,
        success: Outcome = _reached_with_reward,
        score: Outcome | None = None,
    ) -> None:
        RecordConstructorArgs.__init__(
            self,
            actions=actions,
            task=task,
            describe=describe,
            state_key=state_key,
            task_id=task_id,
            success=success,
            score=score,
        )
        gym.Wrapper.__init__(self, env)
        self._numbered = env  # self.env, which gym.Wrapper types as if it took text
        if not isinstance(env.action_space, spaces.Discrete):
            raise ValueError(f"expected a Discrete action space, got {env.action_space}: wrap it into one first")
        first = int(env.action_space.start)
        self._number = {action.strip().lower(): first + index for index, action in enumerate(actions)}
        if len(actions) != env.action_space.n or len(self._number) != len(actions):
            raise ValueError(
                f"expected {env.action_space.n} different words, one for each action, got {tuple(actions)}"
            )
        layer: Any = env
        while isinstance(layer, gym.Wrapper):
            if isinstance(layer, TimeLimit):
                raise ValueError(
                    "expected no TimeLimit inside, where invalid actions would not count: make the environment with "
                    "max_episode_steps=-1 and put gymnasium.wrappers.TimeLimit around TextActions"
                )
            layer = layer.env
        self.action_space = FreeText(tuple(actions))
        self.observation_space = FreeText((task,))  # to describe a random sample might fail
        self._actions = tuple(actions)
        self._task = task
        self._describe = describe
        self._state_key = state_key
        self._task_id = task_id
        self._success = success
        self._score = score
        # The last turn: what an invalid action returns again.
        self._observation: str | None = None
        self._info: dict[str, Any] = {}
        self._terminated = False

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        observation, info = self._numbered.reset(seed=seed, options=options)
        if self._task_id is not None:
            task_id = self._task_id(observation, info)
        else:
            task_id = self.env.spec.id if self.env.spec is not None else type(self.unwrapped).__name__
        return self._turn(observation, info, task_id, success=False, score=0.0, terminated=False)

    def step(self, action: str) -> tuple[str, SupportsFloat, bool, bool, dict[str, Any]]:
        if self._observation is None:
            raise ResetNeeded("expected reset() or restore() before step()")
        if not isinstance(action, str):
            raise TypeError(f"expected one of the words {self._actions}, got {action!r}")
        number = self._number.get(action.strip().lower())
        if number is None:
            self._info["is_action_valid"] = False
            return self._observation, 0.0, self._terminated, False, copy.deepcopy(self._info)
        observation, reward, terminated, truncated, info = self._numbered.step(number)
        outcome = (observation, float(reward), terminated, info)
        success = bool(self._success(*outcome))
        score = float(success if self._score is None else self._score(*outcome))
        text, info = self._turn(observation, info, self._info["task_id"], success, score, terminated)
        return text, float(reward), terminated, truncated, info

    def snapshot(self) -> Any:
        """As `gigpo_gym.wrappers.snapshot` of the environment inside, which must have one, and the last turn."""
        return snapshot(self.env), self._observation, copy.deepcopy(self._info), self._terminated

    def restore(
        self, snap: tuple[ChainSnapshot, str, dict[str, Any], bool], noise_seed: int | None = None
    ) -> tuple[str, dict[str, Any]]:
        inside, self._observation, info, self._terminated = snap
        self._info = copy.deepcopy(info)
        restore(self.env, inside, noise_seed)
        return self._observation, copy.deepcopy(self._info)

    def _turn(
        self, observation: Any, info: dict[str, Any], task_id: str, success: bool, score: float, terminated: bool
    ) -> tuple[str, dict[str, Any]]:
        self._observation, self._terminated = self._describe(observation), terminated
        self._info = {
            **info,
            "state_key": self._observation if self._state_key is None else self._state_key(observation, info),
            "task_id": task_id,
            "task": self._task,
            "admissible_actions": list(self._actions),
            "is_action_valid": True,
            "success": success,
            "score": score,
        }
        return self._observation, copy.deepcopy(self._info)
