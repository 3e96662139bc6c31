"""gigpo/ALFWorld-v0 through gym.make against TextWorld itself, on the same official games and commands, in one run.

    python benchmarks/alfworld_speed.py DATA        # official games in DATA, such as json_2.1.1

One game of each type, 50 random admissible commands in each. Compared are the first load of a game with its reset, a
reset of the loaded game, and a step; ours gives text, key, admissible commands and all else, TextWorld's is the bare
environment with alfworld's wrappers. Medians over the games; what is short is repeated. The texts are compared as well.
Then the memory of one process with 128 environments of 16 games, after 10 steps in each.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import gymnasium as gym
import numpy as np
import textworld
from alfworld.agents.environment.alfred_tw_env import AlfredDemangler, AlfredInfos

import gigpo_gym  # noqa: F401  # registers the id
from gigpo_gym.envs.alfworld import game as game_module
from gigpo_gym.envs.alfworld.game import TASK_TYPES

STEPS, REPEATS = 50, 20
REQUIRED = {"load": 20, "reset": 2000, "step": 300}
MOST_MB = 400

MEMORY = """
import resource, sys
import gymnasium as gym, gigpo_gym
envs = [gym.make("gigpo/ALFWorld-v0", games=sys.argv[1:]) for _ in range(128)]
for number, env in enumerate(envs):
    _, info = env.reset(seed=0, options={"task": env.unwrapped.tasks[number % 16]})
    for step in range(10):
        *_, info = env.step(info["admissible_actions"][(number + step) % len(info["admissible_actions"])])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def ours(path: Path) -> tuple[dict[str, float], list[str], list[str]]:
    """Seconds by what was done; the commands played; the texts that came back."""
    seconds: dict[str, list[float]] = {name: [] for name in REQUIRED}
    for _ in range(REPEATS):
        game_module._load_game.cache_clear()
        env = gym.make("gigpo/ALFWorld-v0", games=[str(path)])
        seconds["load"].append(timed(lambda env=env: env.reset(seed=0))[0])
        commands, texts, rng = [], [], np.random.default_rng(0)
        spent, (text, info) = timed(lambda env=env: env.reset(seed=0))
        seconds["reset"].append(spent)
        for _ in range(STEPS):
            commands.append(str(rng.choice(info["admissible_actions"])))
            texts.append(text)
            spent, (text, _, terminated, _, info) = timed(lambda env=env, commands=commands: env.step(commands[-1]))
            seconds["step"].append(spent)
            if terminated:
                break
    return {name: median(values) for name, values in seconds.items()}, commands, [*texts, text]


def theirs(path: Path, commands: list[str]) -> tuple[dict[str, float], list[str]]:
    infos = textworld.EnvInfos(won=True, admissible_commands=True, extras=["gamefile"])

    def load() -> tuple[Any, Any]:
        env = textworld.start(str(path), infos, wrappers=[AlfredDemangler(shuffle=False), AlfredInfos])
        return env, env.reset()

    seconds, (env, _) = timed(load)
    reset, state = timed(env.reset)
    steps, texts = [], [state.feedback.strip()]
    for command in commands:
        spent, (state, _, _) = timed(lambda command=command: env.step(command))
        steps.append(spent)
        texts.append(state.feedback.strip())
    return {"load": seconds, "reset": reset, "step": median(steps)}, texts


def main() -> None:
    paths = sorted(Path(sys.argv[1]).rglob("game.tw-pddl"))
    rows = []
    for task_type in TASK_TYPES:
        path = next(path for path in paths if path.parts[-3].startswith(task_type))
        mine, commands, texts = ours(path)
        peer, same = theirs(path, commands)
        if texts != same:
            sys.exit(f"{path}: the texts differ")
        rows.append((mine, peer))
        print(f"{task_type}: " + ", ".join(f"{name} {peer[name] / mine[name]:,.0f} times" for name in REQUIRED))
    for name, required in REQUIRED.items():
        mine, peer = (median(row[side][name] for row in rows) for side in (0, 1))
        ratio = median(row[1][name] / row[0][name] for row in rows)
        print(
            f"{name}: {mine * 1e6:,.0f} us; TextWorld {peer * 1e3:,.0f} ms; ratio {ratio:,.0f}, required {required:,}"
        )
    games = [str(paths[i * len(paths) // 16]) for i in range(16)]
    memory = float(subprocess.run([sys.executable, "-c", MEMORY, *games], stdout=subprocess.PIPE, check=True).stdout)
    print(f"128 environments of 16 games in one process: {memory:.0f} MB, allowed {MOST_MB}")


if __name__ == "__main__":
    main()
