"""FrozenLake as text: Gymnasium's own lake with its moves named in words and its squares written out.

Rules: `gymnasium.envs.toy_text.frozen_lake` of Gymnasium 1.4, held as a member, which does the moving, the slipping
and the drawing. Added here: maps with the start and the goal anywhere, train and eval splits, text, state keys,
snapshots, an expert.
"""

import copy
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, SupportsFloat

import gymnasium as gym
import numpy as np
from gymnasium.envs.toy_text.frozen_lake import MAPS
from gymnasium.envs.toy_text.frozen_lake import FrozenLakeEnv as Lake
from gymnasium.error import ResetNeeded

from gigpo_gym.envs.free_text import FreeText
from gigpo_gym.envs.lake_maps import check_map, generate_map
from gigpo_gym.envs.reset_options import task_and_member
from gigpo_gym.envs.splits import SPLITS

ACTIONS = ("Left", "Down", "Right", "Up")  # in the order of Gymnasium's numbers 0 to 3
EDGE = "#"  # beyond the lake
EXPERT_DISCOUNT = 0.99

TASK = "Walk over the ice (_) to the goal (G) without falling into a hole (O). You are P."
SLIPPERY_TASK = TASK + " The ice is slippery: a move may carry you sideways."

# Second words of the seeds below. Both exceed MAX_ATTEMPTS, so that no noise equals the draws of a map.
_NOISE_WORD = 0x6E6F6973
_FORK_WORD = 0x666F726B

_MOVES = {action.lower(): move for move, action in enumerate(ACTIONS)}
_SYMBOLS = {"S": "_", "F": "_", "H": "O", "G": "G"}
_PLAYER_ON = {"S": "P", "F": "P", "H": "X", "G": "*"}


class Dynamics(NamedTuple):
    """The arguments of Gymnasium's lake that decide how it moves and what it pays."""

    is_slippery: bool
    success_rate: float
    reward_schedule: tuple[float, float, float]


@dataclass(frozen=True)
class LakeSnapshot:
    """The world, its random numbers and the validity of the last action; the texts follow from these."""

    task_id: str
    dynamics: Dynamics
    position: int
    last_move: int | None  # shown by render() alone
    is_action_valid: bool
    noise: Any  # state of the bit generator
    np_random: Any


@lru_cache(maxsize=16_384)
def observation_text(task_id: str, position: int) -> str:
    """What the player sees on square `position`: the lake, the eight squares around, and where the goal lies.

    Only what a glance at the lake gives. Nothing in it takes search: no path, no distance along one.
    """
    rows = task_id.split("/")
    width, letters = len(rows[0]), task_id.replace("/", "")
    symbols = [_SYMBOLS[letter] for letter in letters]
    symbols[position] = _PLAYER_ON[letters[position]]
    lake = [" ".join(symbols[start : start + width]) for start in range(0, len(letters), width)]

    row, column = divmod(position, width)
    around = [
        " ".join(
            symbols[y * width + x] if 0 <= y < len(rows) and 0 <= x < width else EDGE
            for x in range(column - 1, column + 2)
        )
        for y in range(row - 1, row + 2)
    ]

    goal_row, goal_column = divmod(letters.index("G"), width)
    down, right = goal_row - row, goal_column - column
    offsets = [(down, "down"), (-down, "up"), (right, "right"), (-right, "left")]
    goal = [f"{count} {side}" for count, side in offsets if count > 0] or ["here"]
    return "\n".join([*lake, "around: " + " / ".join(around), "goal: " + " ".join(goal)])


@lru_cache(maxsize=16_384)
def state_key(task_id: str, position: int) -> str:
    """The key of standing on square `position` of a map."""
    return hashlib.blake2b(f"{task_id}@{position}".encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=256)
def build_lake(task_id: str, dynamics: Dynamics) -> Lake:
    """Gymnasium's lake for a map, to be copied: its transition table costs 0.2 ms, and a group shares one."""
    return Lake(
        desc=task_id.split("/"),
        is_slippery=dynamics.is_slippery,
        success_rate=dynamics.success_rate,
        reward_schedule=dynamics.reward_schedule,  # type: ignore[arg-type]  # floats work, the annotation says int
    )


@lru_cache(maxsize=1024)
def expert_policy(task_id: str, dynamics: Dynamics) -> tuple[int, ...]:
    """(squares,) the best move on every square, by value iteration over Gymnasium's transition table.

    The value is the discounted probability of reaching the goal, whatever the reward schedule; the discount of
    EXPERT_DISCOUNT prefers the shorter way. Of equal moves it takes the first in the order of ACTIONS.
    """
    table = build_lake(task_id, dynamics).P
    letters = task_id.replace("/", "")
    shape = (len(letters), len(ACTIONS), 3)  # (S, A, outcomes): three on slippery ice, else one and two of chance 0
    probability, successor = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    for square in range(len(letters)):
        for move in range(len(ACTIONS)):
            for outcome, (chance, following, _, _) in enumerate(table[square][move]):
                probability[square, move, outcome] = chance
                successor[square, move, outcome] = following

    value = np.array([float(letter == "G") for letter in letters])  # (S,)
    is_ice = np.array([letter in "SF" for letter in letters])
    while True:
        action_value = EXPERT_DISCOUNT * (probability * value[successor]).sum(axis=2)  # (S, A)
        update = np.where(is_ice, action_value.max(axis=1), value)
        if np.abs(update - value).max() < 1e-12:
            # Rounded: moves of equal worth must not be told apart by the last bit of a sum.
            return tuple(int(move) for move in np.round(action_value, 9).argmax(axis=1))
        value = update


class FrozenLakeEnv(gym.Env[str, str]):
    """Cross a frozen lake without falling into a hole, with text for eyes and words for feet.

    ## Description
    The player stands on a square of ice and walks one square at a time. A move over the edge leaves the player
    where it is. On slippery ice the player goes where it meant to with probability `success_rate`, and to either
    side with half the rest. By default each task is a new map: every square is a hole with probability `hole_prob`,
    the start and the goal are drawn among the other squares, and the map is redrawn until the goal can be reached.
    Every 4x4 map can be solved in 10 moves.

    >>> import gymnasium as gym, gigpo_gym
    >>> env = gym.make("gigpo/FrozenLake-v0", map_name="4x4")
    >>> observation, info = env.reset(seed=0)
    >>> print(observation)
    P _ _ _
    _ O _ O
    _ _ _ O
    O _ _ G
    around: # # # / # P _ / # _ O
    goal: 3 down 3 right
    >>> observation, reward, terminated, truncated, info = env.step("Down")
    >>> print(observation)
    _ _ _ _
    P O _ O
    _ _ _ O
    O _ _ G
    around: # _ _ / # P O / # _ _
    goal: 2 down 3 right

    ## Action Space
    Any string. `Left`, `Down`, `Right` and `Up`, in upper or lower case and with white space around them, are the
    four moves. Anything else is an invalid action: the player stays, no random number is drawn, the reward is 0,
    the observation is the one before, and the step counts towards the limit.

    ## Observation Space
    A string: the lake, row by row (`P` the player, `_` ice, `O` a hole, `G` the goal, `X` the player in a hole, `*`
    the player at the goal), then the squares around the player in three rows (`#` beyond the edge), then where the
    goal is.

    ## Starting State
    The player stands on the start of the map. `reset(seed=s)` determines the map, and with `options={"member": m}`
    (default 0) the slipping: members with one seed share the map and the start, not the luck.
    `reset(options={"task": task_id})` takes the named map instead, of any size and split. Without a seed, one is
    drawn from `np_random`.

    ## Rewards
    `reward_schedule`: 1 for reaching the goal, 0 for falling into a hole, 0 for every other move.

    ## Episode End
    - Termination: the player reaches the goal or falls into a hole. As in Gymnasium's lake, further moves are then
      accepted, change nothing and pay 0.
    - Truncation: after 10 steps (`max_episode_steps` of `gym.make`).

    ## Information
    - `state_key`: digest of the map and the player's square. That is the whole state, so equal keys mean the same
      text, too. Not in it: how the player got there, the random numbers, the steps taken, the constructor's
      arguments.
    - `task_id`: the rows of the map joined by `/`, in Gymnasium's letters: `S` start, `F` frozen, `H` hole, `G` goal.
    - `task`: the goal in words.
    - `admissible_actions`: the four moves, always.
    - `is_action_valid`: whether the last action was one of them.
    - `success`: whether the player stands at the goal.
    - `score`: 1.0 at the goal, else 0.0.

    ## Arguments
    - `size=4`: rows and columns of the generated maps.
    - `hole_prob=0.2`: how likely each of their squares is a hole.
    - `is_slippery=False`: whether moves may go sideways.
    - `success_rate=1/3`: on slippery ice, how likely a move goes where it was meant to.
    - `reward_schedule=(1, 0, 0)`: for reaching the goal, a hole, ice.
    - `map_name=None`: one of Gymnasium's maps, `4x4` or `8x8`, instead of generated ones.
    - `desc=None`: a map of your own, as a list of rows or a task id, instead of generated ones.
    - `split="train"`: `train` or `eval`. A digest of the map decides: 1 in 8 is eval, and no map is in both. A
      fixed map (`map_name`, `desc`) is one task and the same in both splits; `tasks` lists it, and is None for
      generated maps, whose number is open.
    - `render_mode=None`: `ansi` or `rgb_array`, both drawn by Gymnasium.

    ## Version History
    - v0: first release.
    """

    metadata = {"render_modes": ["ansi", "rgb_array"], "render_fps": 4}  # noqa: RUF012  # as Gymnasium declares it

    def __init__(
        self,
        size: int = 4,
        hole_prob: float = 0.2,
        is_slippery: bool = False,
        success_rate: float = 1 / 3,
        reward_schedule: Sequence[float] = (1, 0, 0),
        map_name: str | None = None,
        desc: Sequence[str] | None = None,
        split: str = "train",
        render_mode: str | None = None,
    ) -> None:
        if not isinstance(size, int) or size < 2:
            raise ValueError(f"expected size to be an int of at least 2, got {size!r}: start and goal need two squares")
        if not 0 <= hole_prob < 1:
            raise ValueError(f"expected hole_prob in [0, 1), got {hole_prob!r}; Gymnasium's p is 1 - hole_prob")
        if not 0 <= success_rate <= 1:
            raise ValueError(
                f"expected success_rate in [0, 1], got {success_rate!r}; it is a probability, not a percentage"
            )
        if len(reward_schedule) != 3 or not all(math.isfinite(reward) for reward in reward_schedule):
            raise ValueError(f"expected three finite rewards (goal, hole, ice), got {reward_schedule!r}")
        if split not in SPLITS:
            raise ValueError(f"expected split to be one of {SPLITS}, got {split!r}")
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(
                f"expected render_mode None or one of {self.metadata['render_modes']}, got {render_mode!r}"
            )
        if map_name is not None and desc is not None:
            raise ValueError(f"expected map_name or desc, got both ({map_name!r}, {desc!r}): leave one out")
        if map_name is not None and map_name not in MAPS:
            raise ValueError(
                f"expected map_name to be one of {sorted(MAPS)}, got {map_name!r}; pass your own map as desc="
            )

        rows = MAPS[map_name] if map_name is not None else desc
        self.tasks = None if rows is None else [check_map(rows if isinstance(rows, str) else "/".join(rows))]
        self.size = size
        self.hole_prob = hole_prob
        self.split = split
        goal, hole, ice = map(float, reward_schedule)
        self.dynamics = Dynamics(bool(is_slippery), float(success_rate), (goal, hole, ice))
        self.render_mode = render_mode
        self.action_space = FreeText(ACTIONS)
        self.observation_space = FreeText((observation_text("/".join(MAPS["4x4"]), 0),))
        self._lake: Any = None  # a Lake, whose methods Gymnasium does not annotate
        self._task_id = ""
        self._letters = ""
        self._is_action_valid = True

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        task_id, member = task_and_member(options)
        seed = int(self.np_random.integers(2**63)) if seed is None else seed
        if task_id is not None:
            check_map(task_id)
        elif self.tasks is not None:
            task_id = self.tasks[0]
        else:
            task_id = generate_map(seed, self.size, self.hole_prob, self.split)

        lake = self._enter(task_id)
        lake.np_random = np.random.default_rng(np.random.SeedSequence((seed, _NOISE_WORD, member)))
        lake.reset()
        self._is_action_valid = True
        return self._observation(), self._info()

    def step(self, action: str) -> tuple[str, SupportsFloat, bool, bool, dict[str, Any]]:
        lake = self._require_lake("step")
        if not isinstance(action, str):
            raise TypeError(
                f"expected a word such as 'Left', got {action!r}: Gymnasium's FrozenLake-v1 takes the numbers"
            )
        move = _MOVES.get(action.strip().lower())
        reward = 0.0 if move is None else float(lake.step(move)[1])
        self._is_action_valid = move is not None
        return self._observation(), reward, self._square() in "GH", False, self._info()

    def snapshot(self) -> LakeSnapshot:
        """The present moment, to be handed to `restore` of this or another environment with the same dynamics."""
        lake = self._require_lake("snapshot")
        return LakeSnapshot(
            task_id=self._task_id,
            dynamics=self.dynamics,
            position=int(lake.s),
            last_move=lake.lastaction,
            is_action_valid=self._is_action_valid,
            noise=lake.np_random.bit_generator.state,
            np_random=self.np_random.bit_generator.state,
        )

    def restore(self, snapshot: LakeSnapshot, noise_seed: int | None = None) -> tuple[str, dict[str, Any]]:
        """Go back to `snapshot` and return its observation and info; `noise_seed` draws new luck from there on.

        Raises:
            ValueError: it was taken in an environment with other dynamics.
        """
        if snapshot.dynamics != self.dynamics:
            raise ValueError(f"expected a snapshot of {self.dynamics}, got one of {snapshot.dynamics}: make both alike")
        lake = self._enter(snapshot.task_id)
        lake.s, lake.lastaction = snapshot.position, snapshot.last_move
        if noise_seed is None:
            lake.np_random = _generator(snapshot.noise)
        else:
            lake.np_random = np.random.default_rng(np.random.SeedSequence((noise_seed, _FORK_WORD)))
        self.np_random.bit_generator.state = snapshot.np_random
        self._is_action_valid = snapshot.is_action_valid
        return self._observation(), self._info()

    def expert_action(self) -> str | None:
        """The move of `expert_policy`, on dry ice one along a shortest path; None once the episode has terminated.

        It does not know of the step limit: on slippery ice a player in a hurry might take more risk.
        """
        lake = self._require_lake("expert_action")
        return None if self._square() in "GH" else ACTIONS[expert_policy(self._task_id, self.dynamics)[int(lake.s)]]

    def render(self) -> Any:
        """Gymnasium's own picture: a string ("ansi") or an array of (height, width, 3) bytes ("rgb_array")."""
        if self.render_mode is None:
            raise ValueError(
                "expected a render_mode, got None: make the environment with render_mode='ansi' or 'rgb_array'"
            )
        return self._require_lake("render").render()

    def close(self) -> None:
        if self._lake is not None:
            self._lake.close()

    def _enter(self, task_id: str) -> Any:
        if self._lake is None or task_id != self._task_id:
            self._lake = copy.copy(build_lake(task_id, self.dynamics))
            self._lake.render_mode = self.render_mode
            self._task_id = task_id
            self._letters = task_id.replace("/", "")
        return self._lake

    def _require_lake(self, method: str) -> Any:
        if self._lake is None:
            raise ResetNeeded(f"expected reset() or restore() before {method}()")
        return self._lake

    def _square(self) -> str:
        return self._letters[self._lake.s]

    def _observation(self) -> str:
        return observation_text(self._task_id, int(self._lake.s))

    def _info(self) -> dict[str, Any]:
        success = self._square() == "G"
        return {
            "state_key": state_key(self._task_id, int(self._lake.s)),
            "task_id": self._task_id,
            "task": SLIPPERY_TASK if self.dynamics.is_slippery else TASK,
            "admissible_actions": list(ACTIONS),
            "is_action_valid": self._is_action_valid,
            "success": success,
            "score": float(success),
        }


def _generator(state: Any) -> np.random.Generator:
    generator = np.random.Generator(np.random.PCG64(0))
    generator.bit_generator.state = state
    return generator
