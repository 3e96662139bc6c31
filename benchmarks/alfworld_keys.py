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


def walk(env: gym.Env[str, str], rng: np.random.Generator) -> list[Row]:
    observation, info = env.reset(seed=0)
    rows = []
    for _ in range(STEPS):
        world = env.unwrapped._world  # type: ignore[attr-defined]
        admissible = tuple(info["admissible_actions"])
        rows.append((observation, info["state_key"], world.save(), admissible))
        command = "nonsense" if rng.random() < NONSENSE else admissible[int(rng.integers(len(admissible)))]
        observation, _, terminated, _, info = env.step(command)
        if terminated:
            break
    return rows


def main() -> None:
    if len(sys.argv) > 1:
        paths = sorted(Path(sys.argv[1]).rglob("game.tw-pddl"))
        chosen = [paths[i * len(paths) // GAMES] for i in range(GAMES)]
        envs = (gym.make("gigpo/ALFWorld-v0", games=[str(path)]).unwrapped for path in chosen)
    else:
        tasks = [gym.make("gigpo/ALFWorld-v0", source="generated").unwrapped for _ in range(GAMES)]
        for seed, env in enumerate(tasks):
            env.reset(seed=seed)
        envs = iter(tasks)
    counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in ("observation", "state key")}
    nothing = 0
    for number, env in enumerate(envs):
        rng = np.random.default_rng(number)
        rows = [row for _ in range(WALKS) for row in walk(env, rng)]
        nothing = max(nothing, len({row[2] for row in rows if row[0] == "Nothing happens."}))
        for column, name in enumerate(counts):
            anchors = defaultdict(list)
            for row in rows:
                anchors[row[column]].append(row)
            tally = counts[name]
            tally["steps"] += len(rows)
            for shared in anchors.values():
                if len(shared) > 1:
                    tally["in shared anchors"] += len(shared)
                    tally["of these, mixing states"] += len(shared) * (len({row[2] for row in shared}) > 1)
                    tally["of these, mixing admissible commands"] += len(shared) * (len({row[3] for row in shared}) > 1)
    for name, tally in counts.items():
        shared_rows = tally["in shared anchors"]
        print(f"anchored by {name}: {tally['steps']} steps, {shared_rows / tally['steps']:.1%} in shared anchors")
        for what in ("of these, mixing states", "of these, mixing admissible commands"):
            print(f"  {what}: {tally[what] / shared_rows:.1%}")
    print(f"most states of one group behind 'Nothing happens.': {nothing}")


if __name__ == "__main__":
    main()
