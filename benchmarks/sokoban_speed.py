"""Step rate of gigpo/Sokoban-v0 through gym.make against gym-sokoban's: the same rooms and moves, in turns.

    python benchmarks/sokoban_speed.py                           # ours alone
    python benchmarks/sokoban_speed.py --peer peer/bin/python    # both; sokoban_rooms.py says how to make the peer

gym-sokoban steps in its default mode, which draws a picture at every step, and raw, with the drawing stubbed out: no
text, no key, no list of moves, no wrapper. Ours gives all of these, must keep half of the raw rate, and be 20 times
as fast as the default. Rewards and endings are compared as well.
"""

import argparse
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import gymnasium as gym
import numpy as np

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.envs.sokoban.env import observation_text
from gigpo_gym.envs.sokoban.room import ACTIONS
from gigpo_gym.wrappers import restore, snapshot

DIM_ROOM, NUM_BOXES = (10, 10), 4
ROOMS = 20
STEPS = 120  # of an episode; as many random moves in each room
REPEATS = 5
OF_RAW, OF_PICTURES = 0.5, 20.0

PEER = """
import json, sys, time
import numpy as np
from gym_sokoban.envs.sokoban_env import SokobanEnv

names, walks = json.loads(sys.stdin.readline())
rows = [[list(row) for row in name.split("/")] for name in names]
fixed = [np.array([[{"#": 0, ".": 2, "+": 2, "*": 2}.get(sign, 1) for sign in row] for row in room]) for room in rows]
numbers = {"#": 0, ".": 2, "*": 3, "$": 4, "@": 5, "+": 5}
state = [np.array([[numbers.get(sign, 1) for sign in row] for row in room]) for room in rows]
env = SokobanEnv(fixed[0].shape, max_steps=10**9, num_boxes=int((fixed[0] == 2).sum()), reset=False)
drawing = env.render
for line in sys.stdin:
    env.render = drawing if line.strip() == "pictures" else lambda mode: None
    results, seconds = [], 0.0
    for room, walk in enumerate(walks):
        env.room_fixed, env.room_state = fixed[room].copy(), state[room].copy()
        env.player_position, env.num_env_steps = np.argwhere(env.room_state == 5)[0], 0
        env.boxes_on_target = int((env.room_state == 3).sum())
        start = time.perf_counter()
        for number in walk:
            _, reward, done, _ = env.step(number + 1)
            results.append((float(reward), bool(done)))
            if done:
                break
        seconds += time.perf_counter() - start
    print(json.dumps([len(results) / seconds, results]), flush=True)
"""


def walk_all(
    env: gym.Env[str, str], names: list[str], walks: list[list[int]]
) -> tuple[float, list[tuple[float, bool]]]:
    """Steps a second, and every reward and ending."""
    observation_text.cache_clear()  # ours keeps texts, and must not live on those of other walks
    results, seconds = [], 0.0
    for name, walk in zip(names, walks, strict=True):
        env.reset(options={"task": name})
        start = time.perf_counter()
        for number in walk:
            _, reward, terminated, _, _ = env.step(ACTIONS[number])
            results.append((float(reward), terminated))
            if terminated:
                break
        seconds += time.perf_counter() - start
    return len(results) / seconds, results


def microseconds(call: Callable[..., Any], arguments: Sequence[Any] = (), times: int = 20_000) -> float:
    """Of a call without arguments, or with each of `arguments` in turn."""
    turns = [(argument,) for argument in arguments] or [()]
    start = time.perf_counter()
    for turn in itertools.islice(itertools.cycle(turns), times):
        call(*turn)
    return (time.perf_counter() - start) / times * 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help="interpreter that has gym-sokoban; without it ours alone is measured")
    arguments = parser.parse_args()
    env = gym.make("gigpo/Sokoban-v0", dim_room=DIM_ROOM, num_boxes=NUM_BOXES, max_episode_steps=STEPS)
    names = [env.reset(seed=seed)[1]["task_id"] for seed in range(ROOMS)]
    rng = np.random.default_rng(0)
    rates: dict[str, list[float]] = {"ours": [], "raw": [], "pictures": []}
    for _ in range(REPEATS):
        walks = rng.integers(len(ACTIONS), size=(ROOMS, STEPS)).tolist()
        rate, results = walk_all(env, names, walks)
        rates["ours"].append(rate)
        if arguments.peer:
            asked = f"{json.dumps([names, walks])}\nraw\npictures\n"
            answer = subprocess.run(
                [arguments.peer, "-c", PEER], input=asked, capture_output=True, text=True, check=True
            ).stdout
            for mode, line in zip(("raw", "pictures"), answer.splitlines(), strict=True):
                rate, theirs = json.loads(line)
                rates[mode].append(rate)
                assert [tuple(result) for result in theirs] == results, "rewards or endings differ"

    print(f"{DIM_ROOM[0]}x{DIM_ROOM[1]}, {NUM_BOXES} boxes: {median(rates['ours']):,.0f} steps/s through gym.make")
    # Back and forth between two rooms, so that no restore finds itself where it goes.
    forks = []
    for seed in (0, 1):
        env.reset(seed=seed)
        forks.append(snapshot(env))
    core: Any = env.unwrapped
    cores = [core.restore(fork.core) and core.snapshot() for fork in forks]
    print(f"snapshot {microseconds(core.snapshot):.1f} us, restore {microseconds(core.restore, cores):.1f} us")
    chain = microseconds(lambda: snapshot(env)), microseconds(lambda fork: restore(env, fork), forks)
    print(f"with the wrappers of gym.make: snapshot {chain[0]:.1f} us, restore {chain[1]:.1f} us")
    if not arguments.peer:
        return 0
    missed = False
    for mode, required in (("raw", OF_RAW), ("pictures", OF_PICTURES)):
        ratio = median(our / their for our, their in zip(rates["ours"], rates[mode], strict=True))
        missed |= ratio < required
        print(f"gym-sokoban, {mode}: {median(rates[mode]):,.0f} steps/s; ratio {ratio:.1f}, required {required}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
