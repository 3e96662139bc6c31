"""How fast `gigpo/WebShop-v0` is, on the original's 1,000 products and the recorded mix of actions.

    python benchmarks/webshop_speed.py DATA                 # DATA as GIGPO_DATA/webshop of the tests

Every figure is by the clock and by processor time, which agree where nothing else runs; each measurement is made in a
process of its own, after the imports, through `gym.make`. A first pass finds no search, page or product remembered. The
original, on one core, with spaCy left out: 80 steps/s of this mix, 385 resets/s (measured where its recordings were
made).
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import gymnasium as gym

import gigpo_gym.envs.webshop  # noqa: F401  # registers the ids, and is not measured

RESETS = 20_000
ENVIRONMENTS = 128
MODES = ("text", "text_rich")


class Clock:
    """Seconds by the clock and of the processor, while it runs."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu


def make(folder: Path, mode: str = "text") -> gym.Env[str, str]:
    return gym.make(
        "gigpo/WebShop-v0",
        max_episode_steps=1000,  # recorded episodes are longer than 15 steps
        products=folder / "items_shuffle_1000.json",
        attributes=folder / "items_ins_v2_1000.json",
        split="all",
        observation_mode=mode,
    )


def construct(folder: Path) -> Clock:
    clock = Clock()
    with clock.running():
        make(folder)
    return clock


def play(folder: Path, episodes: Path, mode: str) -> list[tuple[int, Clock]]:
    """Number and time of the steps of all recorded episodes, twice."""
    lines = episodes.read_text(encoding="utf-8").splitlines()
    recorded = [episode for episode in map(json.loads, lines) if not episode["human_goals"]]
    env: Any = make(folder, mode)
    passes = []
    for _ in range(2):
        steps, clock = 0, Clock()
        for episode in recorded:
            env.reset(options={"task": env.unwrapped.tasks[episode["goal_index"]]})
            with clock.running():
                for step in episode["steps"]:
                    env.step(step["action"])
            steps += len(episode["steps"])
        passes.append((steps, clock))
    return passes


def reset(folder: Path) -> Clock:
    env, clock = make(folder), Clock()
    with clock.running():
        for seed in range(RESETS):
            env.reset(seed=seed)
    return clock


def resident() -> float:
    """MB of memory that this process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def grow(folder: Path) -> float:
    """MB that all environments but the first take, each with a search made."""

    def searching(seed: int) -> gym.Env[str, str]:
        env = make(folder)
        env.reset(seed=seed)
        env.step("search[blue shirt]")
        return env

    envs = [searching(0)]
    before = resident()
    envs += [searching(seed) for seed in range(1, ENVIRONMENTS)]
    return resident() - before


def alone(work: Callable[[], Any]) -> Any:
    """What `work` gives in a fresh process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work).result()


def row(what: str, required: str, *measured: str) -> None:
    print(f"{what:44}{required:>16}" + "".join(f"{value:>12}" for value in measured), flush=True)


def milliseconds(clock: Clock) -> tuple[str, str]:
    return f"{clock.wall * 1000:.1f} ms", f"{clock.cpu * 1000:.1f} ms"


def rates(count: int, clock: Clock) -> tuple[str, str]:
    return f"{count / clock.wall:,.0f}/s", f"{count / clock.cpu:,.0f}/s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)  # the catalogue is kept beside the products
        for file in ("items_shuffle_1000.json", "items_ins_v2_1000.json"):
            shutil.copyfile(data / file, folder / file)

        row("", "required", "clock", "processor")
        row("construction, nothing kept", "under 500 ms", *milliseconds(alone(partial(construct, folder))))
        row("construction, catalogue kept", "under 20 ms", *milliseconds(alone(partial(construct, folder))))
        for mode in MODES:
            first, again = alone(partial(play, folder, data / "golden_episodes.jsonl", mode))
            row(f"recorded actions, {mode}, first pass", "at least 5,000/s", *rates(*first))
            row(f"recorded actions, {mode}, again", "at least 5,000/s", *rates(*again))
        row("resets", "at least 20,000/s", *rates(RESETS, alone(partial(reset, folder))))
        row(f"memory of {ENVIRONMENTS - 1} more environments", "under 30 MB", f"{alone(partial(grow, folder)):.1f} MB")


if __name__ == "__main__":
    main()
