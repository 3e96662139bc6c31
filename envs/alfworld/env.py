"""ALFWorld as a Gymnasium environment: the official text games, or generated households like them.

Rules: ALFWorld (Shridhar et al., 2021), as alfworld 0.4.2 and textworld 1.7.0 play its games. Added: an engine that
needs neither, splits and tasks by name, state keys, snapshots, an expert, and households from a seed.
"""

import math
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, SupportsFloat

import gymnasium as gym
from gymnasium.error import ResetNeeded

from gigpo_gym.envs.alfworld.game import load_game
from gigpo_gym.envs.alfworld.generator import generate_game, write_game
from gigpo_gym.envs.alfworld.household import NOTHING
from gigpo_gym.envs.alfworld.native_backend import NativeWorld
from gigpo_gym.envs.alfworld.pddl import UnknownHouseholdError
from gigpo_gym.envs.alfworld.tasks import FILE, Tasks
from gigpo_gym.envs.alfworld.textworld_backend import TextWorldGame
from gigpo_gym.envs.free_text import FreeText
from gigpo_gym.envs.notices import say_once
from gigpo_gym.envs.reset_options import task_and_member

BACKENDS = ("native", "textworld", "auto")


@dataclass(frozen=True)
class ALFWorldSnapshot:
    """The task, where its world stands, what was last seen, and the random numbers."""

    task_id: str
    game: str  # the world's `identity`: the backend and a digest of the game
    success_reward: float
    moment: Any  # what the world's `save` gave
    observation: str
    is_action_valid: bool
    np_random: Any  # state of the bit generator


class ALFWorldEnv(gym.Env[str, str]):
    """Household tasks in text: find things, clean, heat or cool them, and put them where they belong.

    ## Description
    The agent stands in a kitchen, living room, bedroom or bathroom full of furniture, is told a task, and finds, takes
    and puts down objects, opens and closes furniture, cleans at the sink, heats in the microwave, cools in the fridge,
    and switches lamps on. There are six types of task: `pick_and_place_simple`, `look_at_obj_in_light`,
    `pick_clean_then_place_in_recep`, `pick_heat_then_place_in_recep`, `pick_cool_then_place_in_recep` and
    `pick_two_obj_and_place`.

    The games are the official ones where they are on this machine: in `json_2.1.1` of the folder that the environment
    variable ALFWORLD_DATA names, or else of `~/.cache/alfworld`, where `gigpo fetch alfworld` and `alfworld-download`
    put them. Elsewhere households are generated: other homes with the same furniture, objects, rules and texts. Which
    it is, is logged once, and each task's name tells.

    >>> import gymnasium as gym, gigpo_gym
    >>> env = gym.make("gigpo/ALFWorld-v0", source="generated")
    >>> observation, info = env.reset(seed=0)

    ## Action Space
    Any string. `info["admissible_actions"]` lists what TextWorld accepts in the present state, and it accepts `help`
    beside that. Anything else is an invalid action: `Nothing happens.` and a step is used. Case counts, white space
    around the words does not.

    ## Observation Space
    A string: TextWorld's feedback, word for word, without white space around it. The first one describes the room and
    tells the task.

    ## Starting State
    `reset(seed=s)` determines the task. `reset(options={"task": task_id})` takes the named one, of any split. Without a
    seed, one is drawn from `np_random`. There is no chance in a game, so `options={"member": m}` changes nothing.

    ## Rewards
    `success_reward` for the step that solves the task, otherwise 0.

    ## Episode End
    - Termination: the task is solved. Further actions are then accepted, change nothing and pay 0.
    - Truncation: after 50 steps (`max_episode_steps` of `gym.make`).

    A game may be lost: in a quarter of the official games there is something, a roll of paper towels or a teddy bear,
    that no receptacle accepts back, so that whoever takes it holds it for good. The expert then has no action.

    ## Information
    - `state_key`: digest of the task and the complete state. In it: where the agent is, what is open, what is in hand,
      which objects are in which receptacles, which are at which locations, which are clean, hot, cool, sliced and
      switched on, and where receptacles share a location what was taken from them and not put back, which `look` tells.
      An object may be in two receptacles, and at a location where none of these is, as it is in many official games.
      Not in it: what was looked at, visited or examined, the steps taken, the last text, and what nothing reads (isOn,
      holdsAny, wasInReceptacle). Equal keys mean equal texts in return to equal actions.
    - `task_id`: `split/task/trial` of an official game, `generated/split/task type/number` of a generated household;
      for other files `game/` and a digest of the content.
    - `task`: the goal in words.
    - `admissible_actions`: the commands that TextWorld accepts, sorted, without `help`.
    - `is_action_valid`: whether TextWorld accepted the last action.
    - `success`: whether the task is solved.
    - `score`: 1 where the task is solved, otherwise 0.
    - `task_type`: which of the six types it is; empty where only TextWorld knows the file.

    ## Arguments
    - `split="train"`: `train`, `valid_seen` (other games in the rooms of the training games), `valid_unseen` (in other
      rooms), as the authors define them; `eval` means `valid_seen`. `tasks` lists a split's official games (3,553, 140
      and 134), and is None for generated households, whose number is open. Generated splits are disjoint by content
      as the official ones are: by floor plan for `valid_unseen`, by the digest of the whole game for `valid_seen`.
    - `task_types=None`: a list of the types to play, None for all.
    - `source="auto"`: `official`, `generated`, or `auto`: official where there is such a folder, else generated.
    - `games=None`: a list of game files to play instead; there are no splits then.
    - `backend="native"`: the engine. `native` executes nothing that stands in a file, and refuses games whose domain,
      grammar, start or goal is not like the official games'. `textworld` plays any game by TextWorld itself (`pip
      install 'gigpo-gym[alfworld]'`), thousands of times slower, and evaluates Python expressions from the file. `auto`
      takes TextWorld for a game that `native` refuses, and logs that once. Both are for files that you trust.
    - `success_reward=10.0`: paid for solving the task.
    - `render_mode=None`: `ansi`, the last text.

    ## Version History
    - v0: first release.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012  # as Gymnasium declares it

    def __init__(
        self,
        split: str = "train",
        task_types: Sequence[str] | None = None,
        source: str = "auto",
        games: Sequence[str | os.PathLike[str]] | None = None,
        backend: str = "native",
        success_reward: float = 10.0,
        render_mode: str | None = None,
    ) -> None:
        if backend not in BACKENDS:
            raise ValueError(f"expected backend to be one of {BACKENDS}, got {backend!r}")
        if not isinstance(success_reward, int | float) or not math.isfinite(success_reward):
            raise ValueError(f"expected a finite success_reward, got {success_reward!r}")
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(
                f"expected render_mode None or one of {self.metadata['render_modes']}, got {render_mode!r}"
            )
        self.backend = backend
        self.success_reward = float(success_reward)
        self.render_mode = render_mode
        self._tasks = Tasks(split, task_types, source, games)
        self.split = self._tasks.split
        self.action_space = FreeText(("look", "inventory", "go to cabinet 1", "go to shelf 1", "go to drawer 1"))
        self.observation_space = FreeText((NOTHING,))
        self._task_id = ""
        self._world: NativeWorld | TextWorldGame | None = None

    @property
    def tasks(self) -> list[str] | None:
        """The names of the games, in order; None where households are generated."""
        return None if self._tasks.names is None else list(self._tasks.names)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        task_id, _ = task_and_member(options)
        seed = int(self.np_random.integers(2**63)) if seed is None else seed
        world = self._enter(self._tasks.draw(seed) if task_id is None else task_id)
        world.load(world.start)
        self._text, self._is_action_valid = world.opening, True
        return self._text, self._info()

    def step(self, action: str) -> tuple[str, SupportsFloat, bool, bool, dict[str, Any]]:
        world = self._require_world("step")
        if not isinstance(action, str):
            raise TypeError(f"expected a command such as 'look', got {action!r}")
        command, reward = action.strip(), 0.0
        if world.is_won:
            self._text, self._is_action_valid = NOTHING, command in world.commands
        else:
            said = world.step(command)
            self._text, self._is_action_valid = NOTHING if said is None else said, said is not None
            reward = self.success_reward if world.is_won else 0.0
        return self._text, reward, world.is_won, False, self._info()

    def snapshot(self) -> ALFWorldSnapshot:
        """The present moment, to be handed to `restore` of this environment or one made with the same arguments."""
        world = self._require_world("snapshot")
        return ALFWorldSnapshot(
            self._task_id,
            world.identity,
            self.success_reward,
            world.save(),
            self._text,
            self._is_action_valid,
            self.np_random.bit_generator.state,
        )

    def restore(self, snapshot: ALFWorldSnapshot, noise_seed: int | None = None) -> tuple[str, dict[str, Any]]:
        """Go back to `snapshot` and return its observation and info; `noise_seed` has nothing to change here.

        Raises:
            ValueError: it was taken in an environment with another reward, backend or game, or its task is unknown.
        """
        if snapshot.success_reward != self.success_reward:
            raise ValueError(
                f"expected a snapshot with success_reward {self.success_reward}, got {snapshot.success_reward}"
            )
        world = self._enter(snapshot.task_id)
        if snapshot.game != world.identity:
            raise ValueError(f"expected a snapshot of {snapshot.task_id} in {world.identity}, got {snapshot.game}")
        world.load(snapshot.moment)
        self._text, self._is_action_valid = snapshot.observation, snapshot.is_action_valid
        self.np_random.bit_generator.state = snapshot.np_random
        return self._text, self._info()

    def expert_action(self) -> str | None:
        """The next command of a shortest plan; None where the task is solved, or cannot be any more."""
        world = self._require_world("expert_action")
        return None if world.is_won else world.expert_action()

    def render(self) -> Any:
        """The last text ("ansi")."""
        self._require_world("render")
        if self.render_mode is None:
            raise ValueError("expected a render_mode, got None: make the environment with render_mode='ansi'")
        return self._text

    def _enter(self, task_id: Any) -> Any:
        """The world of a task, the present one where it is the same."""
        if self._world is None or task_id != self._task_id:
            if not isinstance(task_id, str):
                raise ValueError(f"expected the reset option task to be a string, got {task_id!r:.200}")
            self._world, self._task_id = self._open(task_id), task_id
        return self._world

    def _open(self, task_id: str) -> NativeWorld | TextWorldGame:
        found = self._tasks.find(task_id)
        if self.backend != "textworld":
            try:
                return NativeWorld(task_id, load_game(found) if isinstance(found, Path) else generate_game(*found))
            except UnknownHouseholdError as error:
                if self.backend == "native":
                    remedy = "backend='textworld' may play it, but runs Python expressions that it finds in the file"
                    raise UnknownHouseholdError(f"{error}: {remedy}") from None
                say_once(f"TextWorld plays a game that the native engine does not: {error}")
        if isinstance(found, Path):
            return TextWorldGame(task_id, found)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / FILE
            write_game(path, *found, source=None)
            return TextWorldGame(task_id, path)

    def _require_world(self, method: str) -> Any:
        if self._world is None:
            raise ResetNeeded(f"expected reset() or restore() before {method}()")
        return self._world

    def _info(self) -> dict[str, Any]:
        world = self._require_world("info")
        return {
            "state_key": world.state_key(),
            "task_id": self._task_id,
            "task": world.task,
            "admissible_actions": [command for command in world.commands if command != "help"],
            "is_action_valid": self._is_action_valid,
            "success": world.is_won,
            "score": float(world.is_won),
            "task_type": world.task_type,
        }
