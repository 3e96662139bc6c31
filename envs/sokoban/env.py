"""Sokoban as text: gym-sokoban's rules and rewards, with the moves named in words.

Rules: `SokobanEnv` of gym-sokoban 0.0.6 (M. Schrader, 2018), whose four push actions, which walk where there is nothing
to push, are the moves here. Added: rooms from one seed, splits, level files, text, state keys, snapshots, an expert.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, SupportsFloat

import gymnasium as gym
from gymnasium.error import ResetNeeded

from gigpo_gym.envs.free_text import FreeText
from gigpo_gym.envs.reset_options import task_and_member
from gigpo_gym.envs.sokoban.generator import check_room_arguments, generate_room
from gigpo_gym.envs.sokoban.levels import LEVEL_SPLITS, LevelSet, open_levels
from gigpo_gym.envs.sokoban.room import ACTIONS, Room, is_deadlocked, parse_room, squares
from gigpo_gym.envs.sokoban.solver import solve
from gigpo_gym.envs.sokoban.tiles import draw
from gigpo_gym.envs.splits import SPLITS

TASK = "Push every box (X) onto a target (O). You are P."

SIGNS = "#_OX*PS"  # wall, floor, target, box, box on target, player, player on target

_NUMBERS = {action.lower(): number for number, action in enumerate(ACTIONS)}


class Rewards(NamedTuple):
    """What the environment pays, under gym-sokoban's names."""

    penalty_for_step: float
    reward_box_on_target: float
    penalty_box_off_target: float
    reward_finished: float


@dataclass(frozen=True)
class SokobanSnapshot:
    """The world, the validity of the last action, and the random numbers; the texts follow from these."""

    task_id: str
    room: Room
    rewards: Rewards
    player: int
    boxes: int
    is_action_valid: bool
    np_random: Any  # state of the bit generator


@lru_cache(maxsize=4096)
def empty_room(room: Room) -> bytes:
    """The text of what never moves, two characters a square."""
    return "\n".join(" ".join(row) for row in room.rows(SIGNS)).encode()


@lru_cache(maxsize=8192)
def observation_text(room: Room, player: int, boxes: int) -> str:
    """What the player sees: the room, the eight squares around, and every box that is off target.

    Only what a glance at the room gives. Nothing in it takes search: no path, no order, no distance along a way.
    """
    width, text = room.width, bytearray(empty_room(room))
    for square in squares(boxes):
        text[2 * square] = ord("*" if room.targets >> square & 1 else "X")
    text[2 * player] = ord("S" if room.targets >> player & 1 else "P")

    def around(square: int) -> str:
        corner = 2 * (square - width - 1)
        return " / ".join(text[start : start + 5].decode() for start in range(corner, corner + 6 * width, 2 * width))

    open_targets = [divmod(square, width) for square in squares(room.targets & ~boxes)]
    row, column = divmod(player, width)
    lines = [text.decode(), f"around you: {around(player)}"]
    for square in squares(boxes & ~room.targets):
        y, x = divmod(square, width)
        down, right = min(((v - y, h - x) for v, h in open_targets), key=lambda way: abs(way[0]) + abs(way[1]))
        lines.append(
            f"box {_offset(y - row, x - column)}; around it: {around(square)}; to target: {_offset(down, right)}"
        )
    return "\n".join(lines)


def _offset(down: int, right: int) -> str:
    words = []
    if down:
        words.append(f"{down} down" if down > 0 else f"{-down} up")
    if right:
        words.append(f"{right} right" if right > 0 else f"{-right} left")
    return " ".join(words)


@lru_cache(maxsize=4096)
def task_digest(task_id: str, room: Room) -> bytes:
    """What every state key of a task begins with."""
    return hashlib.blake2b(f"{task_id}\n{room.name}".encode(), digest_size=16).digest()


@lru_cache(maxsize=1024)
def expert_plan(room: Room, player: int, boxes: int) -> dict[tuple[int, int], str]:
    """The solver's move in every (player, boxes) on its way from here to the solved room; empty where it found none."""
    plan = {}
    for action in solve(room, player, boxes) or ():
        plan[player, boxes] = action
        player, boxes = room.move(player, boxes, room.steps[ACTIONS.index(action)])
    return plan


class SokobanEnv(gym.Env[str, str]):
    """Push boxes onto targets, in rooms that are generated or read from level files.

    ## Description
    The player walks over the floor of a walled room, one square at a time, and pushes the box ahead of it where the
    square behind the box is free. A box cannot be pulled, nor two be pushed at once: a push into a corner may make the
    room unsolvable. By default each task is a new room, drawn by gym-sokoban's process: a random walk digs the floor,
    boxes are set on targets and pulled away from them, so that every room can be solved.

    >>> import gymnasium as gym, gigpo_gym
    >>> env = gym.make("gigpo/Sokoban-v0")
    >>> observation, info = env.reset(seed=0, options={"task": "######/#@--.#/#-$--#/#----#/######"})
    >>> print(observation)
    # # # # # #
    # P _ _ O #
    # _ X _ _ #
    # _ _ _ _ #
    # # # # # #
    around you: # # # / # P _ / # _ X
    box 1 down 1 right; around it: P _ _ / _ X _ / _ _ _; to target: 1 up 2 right
    >>> observation, reward, terminated, truncated, info = env.step("Down")
    >>> info["admissible_actions"], reward
    (['Up', 'Down', 'Right'], -0.1)
    >>> observation, reward, terminated, truncated, info = env.step("Right")
    >>> print(observation)
    # # # # # #
    # _ _ _ O #
    # _ P X _ #
    # _ _ _ _ #
    # # # # # #
    around you: _ _ _ / _ P X / _ _ _
    box 1 right; around it: _ _ O / P X _ / _ _ _; to target: 1 up 1 right

    ## Action Space
    Any string. `Up`, `Down`, `Left` and `Right`, in upper or lower case and with white space around them, are the four
    moves. A move that a wall or a box prevents changes nothing. Anything else is an invalid action: nothing changes.
    Both cost a step and `penalty_for_step`.

    ## Observation Space
    A string: the room, row by row (`#` wall, `_` floor, `O` target, `X` box, `*` box on target, `P` player, `S` player
    on target), then the squares around the player in three rows, then for every box off target where it is from the
    player, the squares around it, and where the nearest open target is from it.

    ## Starting State
    `reset(seed=s)` determines the room. `reset(options={"task": task_id})` takes the named level, or any room in XSB
    notation, of any size. Without a seed, one is drawn from `np_random`. There is no chance in the moves, so
    `options={"member": m}` changes nothing.

    ## Rewards
    `penalty_for_step` for every step; `reward_box_on_target` for a push that brings a box onto a target,
    `penalty_box_off_target` for one that takes it off; `reward_finished` for the push that solves the room.

    ## Episode End
    - Termination: every box is on a target. Further moves are then accepted, change nothing and pay 0.
    - Truncation: after 30 steps (`max_episode_steps` of `gym.make`).

    A deadlocked room goes on: `info["deadlocked"]` tells.

    ## Information
    - `state_key`: digest of the task and where player and boxes stand. That is the whole state, so equal keys mean the
      same text, too. Not in it: how it came about, the steps taken, the constructor's arguments.
    - `task_id`: the level's name, such as `boxoban/medium-train/000/17`; for other rooms the room itself, in XSB with
      `-` for floor and `/` between rows.
    - `task`: the goal in words.
    - `admissible_actions`: the moves that change something, all four where none does.
    - `is_action_valid`: whether the last action was one of the four words.
    - `success`: whether every box is on a target.
    - `score`: the share of boxes on targets.
    - `deadlocked`: True where a box off target stands where it can reach no target, or in a solid 2x2 block: the room
      cannot be solved any more. False proves nothing.

    ## Arguments
    - `dim_room=(6, 6)`: rows and columns of the generated rooms, walls included, each 5 to 20.
    - `num_boxes=1`: boxes in them, 1 to 8.
    - `num_gen_steps=None`: steps of the random walk that digs them; None for gym-sokoban's 1.7 * (rows + columns).
    - `levels=None`: rooms from files instead of generated ones: `boxoban/medium-train` and its like, in DeepMind's
      layout below the folder that the environment variable GIGPO_DATA names, or the path of an XSB file or of a
      folder of such files.
    - `penalty_for_step=-0.1`: paid for every step.
    - `reward_box_on_target=1`: paid for a push onto a target.
    - `penalty_box_off_target=-1`: paid for a push off a target.
    - `reward_finished=10`: paid for solving the room.
    - `split="train"`: `train` or `eval`. A digest of the layout, walls and targets, decides: 1 in 8 is eval, and no
      layout is in both. With `levels` also `all`, which is right for DeepMind's own valid and test sets.
      `tasks` lists the levels of the split (and for `train` and `eval` reads them all to tell), and is None for
      generated rooms, whose number is open.
    - `render_mode=None`: `ansi` (the room in XSB) or `rgb_array` (32 pixels a square).

    ## Version History
    - v0: first release.
    """

    metadata = {"render_modes": ["ansi", "rgb_array"], "render_fps": 4}  # noqa: RUF012  # as Gymnasium declares it

    def __init__(
        self,
        dim_room: Sequence[int] = (6, 6),
        num_boxes: int = 1,
        num_gen_steps: int | None = None,
        levels: str | None = None,
        penalty_for_step: float = -0.1,
        reward_box_on_target: float = 1,
        penalty_box_off_target: float = -1,
        reward_finished: float = 10,
        split: str = "train",
        render_mode: str | None = None,
    ) -> None:
        rewards = (penalty_for_step, reward_box_on_target, penalty_box_off_target, reward_finished)
        if not all(math.isfinite(reward) for reward in rewards):
            raise ValueError(f"expected finite rewards and penalties, got {rewards}")
        splits = SPLITS if levels is None else LEVEL_SPLITS
        if split not in splits:
            raise ValueError(f"expected split to be one of {splits}, got {split!r}")
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(
                f"expected render_mode None or one of {self.metadata['render_modes']}, got {render_mode!r}"
            )
        check_room_arguments(dim_room, num_boxes, num_gen_steps)
        if levels is not None and (*dim_room, num_boxes, num_gen_steps) != (6, 6, 1, None):
            raise ValueError("expected levels or the size of generated rooms, got both: leave one out")
        self.dim_room = (int(dim_room[0]), int(dim_room[1]))
        self.num_boxes = num_boxes
        self.num_gen_steps = num_gen_steps
        self.rewards = Rewards(*map(float, rewards))
        self.split = split
        self.render_mode = render_mode
        self.action_space = FreeText(ACTIONS)
        self.observation_space = FreeText(("# # # #\n# P _ #",))
        self._levels: LevelSet | None = None if levels is None else open_levels(levels)
        if self._levels is not None:
            self._levels.check_split(split)
        self._task_id = ""
        self._room: Any = None  # a Room, once there is one
        self._plan: dict[tuple[int, int], str] = {}

    @property
    def tasks(self) -> list[str] | None:
        """The names of the levels in this split, in order; None where rooms are generated."""
        return None if self._levels is None else self._levels.task_ids(self.split)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        task_id, _ = task_and_member(options)
        seed = int(self.np_random.integers(2**63)) if seed is None else seed
        if task_id is not None:
            task_id, room = self._named_room(task_id)
        elif self._levels is not None:
            task_id = self._levels.draw(seed, self.split)
            room = self._levels.room(task_id)
        else:
            room = generate_room(seed, self.dim_room, self.num_boxes, self.split, self.num_gen_steps)
            task_id = room.name
        self._enter(task_id, room)
        self._player, self._boxes, self._is_action_valid = room.player, room.boxes, True
        return self._observation(), self._info()

    def step(self, action: str) -> tuple[str, SupportsFloat, bool, bool, dict[str, Any]]:
        room = self._require_room("step")
        if not isinstance(action, str):
            raise TypeError(f"expected a word such as 'Up', got {action!r}: gym-sokoban takes the numbers")
        number = _NUMBERS.get(action.strip().lower())
        self._is_action_valid = number is not None
        reward = 0.0
        if not self._is_solved():
            reward = self.rewards.penalty_for_step
            if number is not None:
                before = (self._boxes & room.targets).bit_count()
                self._player, self._boxes = room.move(self._player, self._boxes, room.steps[number])
                gained = (self._boxes & room.targets).bit_count() - before
                if gained:
                    reward += self.rewards.reward_box_on_target if gained > 0 else self.rewards.penalty_box_off_target
            if self._is_solved():
                reward += self.rewards.reward_finished
        return self._observation(), reward, self._is_solved(), False, self._info()

    def snapshot(self) -> SokobanSnapshot:
        """The present moment, to be handed to `restore` of this or another environment with the same rewards."""
        room = self._require_room("snapshot")
        return SokobanSnapshot(
            self._task_id,
            room,
            self.rewards,
            self._player,
            self._boxes,
            self._is_action_valid,
            self.np_random.bit_generator.state,
        )

    def restore(self, snapshot: SokobanSnapshot, noise_seed: int | None = None) -> tuple[str, dict[str, Any]]:
        """Go back to `snapshot` and return its observation and info; `noise_seed` has nothing to change here.

        Raises:
            ValueError: it was taken in an environment with other rewards.
        """
        if snapshot.rewards != self.rewards:
            raise ValueError(f"expected a snapshot with {self.rewards}, got {snapshot.rewards}: make both alike")
        self._enter(snapshot.task_id, snapshot.room)
        self._player, self._boxes = snapshot.player, snapshot.boxes
        self._is_action_valid = snapshot.is_action_valid
        self.np_random.bit_generator.state = snapshot.np_random
        return self._observation(), self._info()

    def expert_action(self) -> str | None:
        """The solver's next move; None where the room is solved, cannot be solved, or is too hard for its limit."""
        room = self._require_room("expert_action")
        if not self._is_solved() and (self._player, self._boxes) not in self._plan:
            self._plan = expert_plan(room, self._player, self._boxes)
        return self._plan.get((self._player, self._boxes))

    def render(self) -> Any:
        """The room in XSB ("ansi") or as a picture, (32 * rows, 32 * columns, 3) bytes ("rgb_array")."""
        room = self._require_room("render")
        if self.render_mode is None:
            raise ValueError(
                "expected a render_mode, got None: make the environment with render_mode='ansi' or 'rgb_array'"
            )
        if self.render_mode == "ansi":
            return room.to_xsb(self._player, self._boxes)
        return draw(room, self._player, self._boxes)

    def _named_room(self, task_id: object) -> tuple[str, Room]:
        if not isinstance(task_id, str):
            raise ValueError(f"expected the reset option task to be a string, got {task_id!r:.200}")
        if self._levels is not None and task_id in self._levels:
            return task_id, self._levels.room(task_id)
        try:
            room = parse_room(task_id)
        except ValueError as error:
            raise ValueError(
                f"expected the name of a level, or a room in XSB like '#####/#@$.#/#####', got {task_id!r:.99}: {error}"
            ) from error
        return room.name, room

    def _enter(self, task_id: str, room: Room) -> None:
        self._task_id, self._room, self._plan = task_id, room, {}
        self._digest = task_digest(task_id, room)

    def _require_room(self, method: str) -> Room:
        if self._room is None:
            raise ResetNeeded(f"expected reset() or restore() before {method}()")
        room: Room = self._room
        return room

    def _is_solved(self) -> bool:
        return bool(self._boxes == self._room.targets)

    def _observation(self) -> str:
        return observation_text(self._room, self._player, self._boxes)

    def _info(self) -> dict[str, Any]:
        room, player, boxes = self._room, self._player, self._boxes
        key = hashlib.blake2b(self._digest + b"%d %x" % (player, boxes), digest_size=16)
        solved = boxes == room.targets
        moves = [
            action
            for action, step in zip(ACTIONS, room.steps, strict=True)
            if not solved and room.move(player, boxes, step) != (player, boxes)
        ]
        return {
            "state_key": key.hexdigest(),
            "task_id": self._task_id,
            "task": TASK,
            "admissible_actions": moves or list(ACTIONS),
            "is_action_valid": self._is_action_valid,
            "success": solved,
            "score": (boxes & room.targets).bit_count() / room.targets.bit_count(),
            "deadlocked": is_deadlocked(room, boxes),
        }
