"""Step rate of gigpo/FrozenLake-v0 against Gymnasium's FrozenLake-v1: the same maps and moves, both through gym.make.

    python benchmarks/frozen_lake_speed.py

Text, state key, admissible actions and all, ours must keep at least a quarter of Gymnasium's rate. The two take
turns, and the median of the repeats counts, so that whatever else the machine does falls on both.
"""

import sys
import time
from statistics import median
from typing import Any

import gymnasium as gym
import numpy as np

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.envs.frozen_lake import ACTIONS

STEPS = 10_000
REPEATS = 9
LIMIT = 100  # steps of an episode, for both
REQUIRED = 0.25


def steps_per_second(env: gym.Env[Any, Any], actions: list[Any]) -> float:
    """Rate over `actions`, resets of ended episodes included."""
    env.reset(seed=0)
    start = time.perf_counter()
    for action in actions:
        _, _, terminated, truncated, _ = env.step(action)
        if terminated or truncated:
            env.reset()
    return len(actions) / (time.perf_counter() - start)


def main() -> int:
    moves = np.random.default_rng(0).integers(len(ACTIONS), size=STEPS).tolist()
    words = [ACTIONS[move] for move in moves]
    worst = float("inf")
    print(f"{'map':5}{'slippery':>10}{'Gymnasium steps/s':>20}{'gigpo-gym steps/s':>20}{'ratio':>8}")
    for map_name in ("4x4", "8x8"):
        for is_slippery in (False, True):
            kwargs: dict[str, Any] = {"map_name": map_name, "is_slippery": is_slippery, "max_episode_steps": LIMIT}
            theirs, ours = gym.make("FrozenLake-v1", **kwargs), gym.make("gigpo/FrozenLake-v0", **kwargs)
            pairs = [(steps_per_second(theirs, moves), steps_per_second(ours, words)) for _ in range(REPEATS)]
            ratio = median(our / their for their, our in pairs)
            worst = min(worst, ratio)
            rates = [median(column) for column in zip(*pairs, strict=True)]
            print(f"{map_name:5}{is_slippery!s:>10}{rates[0]:>20,.0f}{rates[1]:>20,.0f}{ratio:>8.2f}")

    env = gym.make("gigpo/FrozenLake-v0")
    start = time.perf_counter()
    for seed in range(1000):
        env.reset(seed=seed)
    print(f"reset to a new 4x4 map: {time.perf_counter() - start:.2f} ms")  # 1000 resets: seconds are milliseconds each
    print(f"lowest ratio {worst:.2f}, required {REQUIRED}")
    return int(worst < REQUIRED)


if __name__ == "__main__":
    sys.exit(main())
