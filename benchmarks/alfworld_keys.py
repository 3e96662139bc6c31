"""What the last text says of the state: random walks in ALFWorld, anchored by observation and by state key.

    python benchmarks/alfworld_keys.py [DATA]     # official games in DATA, such as json_2.1.1; else generated homes

A group is 8 walks of 50 steps through one game: random admissible commands, one in ten nonsense. A step is anchored by
what was seen before it. Of the steps that share an anchor with another, counted are those whose anchor mixes different
states (all that the engine keeps) and different admissible commands.
"""

import sys
from collections import defaultdict
from collections.abc import Hashable
from pathlib import Path

import gymnasium as gym
import numpy as np

import gigpo_gym  # noqa: F401  # registers the id

GAMES, WALKS, STEPS, NONSENSE = 120, 8, 50, 0.1

Row = tuple[str, str, Hashable, tuple[str, ...]]
"""Observation, state key, state and admissible commands."""


def play(env: gym.Env[str, str], number: int) -> list[Row]:
    """A group of walks, all through the game that the number gives."""
    rng, rows = np.random.default_rng(number), []
    for _ in range(WALKS):
        observation, info = env.reset(seed=number)
        for _ in range(STEPS):
            admissible = tuple(info["admissible_actions"])
            rows.append((observation, info["state_key"], env.unwrapped.snapshot().moment, admissible))
            command = "nonsense" if rng.random() < NONSENSE else admissible[int(rng.integers(len(admissible)))]
            observation, _, terminated, _, info = env.step(command)
            if terminated:
                break
    return rows


def shares(groups: list[list[Row]], column: int) -> dict[str, float]:
    """Of all steps, those in shared anchors; of these, those whose anchor mixes states and admissible commands."""
    steps = shared = states = commands = 0
    for rows in groups:
        anchors = defaultdict(list)
        for row in rows:
            anchors[row[column]].append(row)
        steps += len(rows)
        for anchor in anchors.values():
            if len(anchor) > 1:
                shared += len(anchor)
                states += len(anchor) * (len({row[2] for row in anchor}) > 1)
                commands += len(anchor) * (len({row[3] for row in anchor}) > 1)
    return {"in shared anchors": shared / steps, "mixing states": states / shared, "mixing commands": commands / shared}


def main() -> None:
    if len(sys.argv) > 1:
        paths = sorted(Path(sys.argv[1]).rglob("game.tw-pddl"))
        chosen = [paths[i * len(paths) // GAMES] for i in range(GAMES)]
        envs = [gym.make("gigpo/ALFWorld-v0", games=[str(path)]) for path in chosen]
    else:
        envs = [gym.make("gigpo/ALFWorld-v0", source="generated") for _ in range(GAMES)]
    groups = [play(env, number) for number, env in enumerate(envs)]
    for column, name in enumerate(("observation", "state key")):
        print(f"anchored by {name}: " + ", ".join(f"{k} {v:.1%}" for k, v in shares(groups, column).items()))


if __name__ == "__main__":
    main()
