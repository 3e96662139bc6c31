"""Play ALFWorld's games natively and in TextWorld with the same commands, and count what differs.

    python benchmarks/alfworld_identity.py DATA              # all games: about 4 s each, of TextWorld's
    python benchmarks/alfworld_identity.py DATA --part 1/2   # every second game, for a machine with two cores
    python benchmarks/alfworld_identity.py DATA --native     # the native engine alone: seconds

DATA is a folder in the official layout, such as json_2.1.1, or holds other game.tw-pddl files. Each game is played
along its own walkthrough and then 60 steps at random: a random verb of those that can be used and a random command with
it, but one time in five a command that was admissible elsewhere, or nonsense. At every step are compared: the
observation, reward and end, the admissible commands and their order, and all else in info; and over the game, whether
two moments have equal keys natively where they have by TextWorld's facts. The digest at the end is of all that the
native engine said: equal digests mean that nothing has changed since TextWorld was last asked.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

import gigpo_gym  # noqa: F401  # registers the ids

STEPS = 60
NONSENSE = ("", "help", "  look ", "Look", "go to the moon", "take all", "examine", "inventory\n", "{o.name}", "use 1")

Turn = tuple[Any, ...]


def choose(info: dict[str, Any], heard: list[str], rng: np.random.Generator) -> str:
    """A random verb's random command, one from elsewhere, or nonsense."""
    whim = rng.random()
    if whim < 0.2:
        words = NONSENSE if whim < 0.1 else heard
        return words[int(rng.integers(len(words)))]
    verbs: dict[str, list[str]] = {}
    for command in info["admissible_actions"]:
        verbs.setdefault(command.partition(" ")[0], []).append(command)
    commands = list(verbs.values())[int(rng.integers(len(verbs)))]
    return commands[int(rng.integers(len(commands)))]


def play(path: Path, backends: tuple[str, ...]) -> Iterator[tuple[str, list[Turn]]]:
    """Commands, and what each of the backends answers to them."""
    envs = [gym.make("gigpo/ALFWorld-v0", games=[str(path)], backend=backend).unwrapped for backend in backends]
    walkthrough = json.loads(path.read_text())["walkthrough"]
    rng = np.random.default_rng(0)
    heard: list[str] = []
    taken = -len(walkthrough)  # from 0 on, at random
    while taken < STEPS:
        turns: list[Turn] = [env.reset(seed=0) for env in envs]
        yield "reset", turns
        while taken < STEPS:
            heard += turns[0][-1]["admissible_actions"]
            command = walkthrough[taken] if taken < 0 else choose(turns[0][-1], heard, rng)
            turns = [env.step(command) for env in envs]
            yield command, turns
            taken += 1
            if turns[0][2]:
                break


def differences(path: Path, backends: tuple[str, ...], digest: Any) -> tuple[int, list[str]]:
    """How many steps were taken in a game, and what differed."""
    steps, found, keys = 0, [], set()
    for command, turns in play(path, backends):
        steps += command != "reset"
        keys.add(tuple(turn[-1].pop("state_key") for turn in turns))
        digest.update(json.dumps(turns[0]).encode())
        found += [f"{path}: after {command!r} expected {turns[-1]}, got {turns[0]}"] * (turns[0] != turns[-1])
    for number, backend in enumerate(backends):
        if len({pair[number] for pair in keys}) < len(keys):
            found.append(f"{path}: keys of {backend} are equal where the other's differ")
    return steps, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--part", default="1/1", metavar="I/N", help="the I-th of every N games")
    parser.add_argument("--native", action="store_true", help="leave TextWorld out")
    arguments = parser.parse_args()
    part, parts = map(int, arguments.part.split("/"))
    paths = sorted(arguments.data.rglob("game.tw-pddl"))[part - 1 :: parts]
    backends = ("native",) if arguments.native else ("native", "textworld")
    total, found, digest = 0, 0, hashlib.sha256()
    for number, path in enumerate(paths, start=1):
        steps, differing = differences(path, backends, digest)
        total, found = total + steps, found + len(differing)
        print(*differing[:3], sep="\n", end="\n" if differing else "")
        if not arguments.native and number % 20 == 0:
            print(f"{number} games, {total} steps, {found} differences", flush=True)
    print(f"{len(paths)} games, {total} steps, {found} differences; digest {digest.hexdigest()[:32]}")


if __name__ == "__main__":
    main()
