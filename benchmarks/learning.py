"""Does it learn? The default run, `python train.py --env ENV`, for three seeds, with GiGPO and GRPO; in ALFWorld and
WebShop also with GiGPO on observations instead of state keys.

    python benchmarks/learning.py frozenlake         (about an hour on 2 cores; finished runs are not repeated)
    python benchmarks/learning.py sokoban            (two hours)
    python benchmarks/learning.py alfworld           (three hours)
    python benchmarks/learning.py webshop            (four hours)

Prints a line per run, success pooled over the seeds, and writes docs/ENV_learning.png. All get the same options, the
same tasks and the same number of iterations; nothing is tuned for any beyond the preset.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from gigpo_gym.confidence import wilson_interval
from gigpo_gym.run_folder import RunFolder

ROOT = Path(__file__).parents[1]
RUNS = ROOT / "runs" / "benchmark"
VARIANTS: dict[str, tuple[str, str, list[str]]] = {
    "gigpo": ("GiGPO", "#0072B2", []),
    "gigpo-text": ("GiGPO, observations as keys", "#009E73", ["--anchor", "observation"]),
    "grpo": ("GRPO", "#D55E00", ["--adv-estimator", "grpo"]),
}
"""Names and colours in the picture, and options."""
ENVS = {
    "frozenlake": ("gigpo", "grpo"),
    "sokoban": ("gigpo", "grpo"),
    "alfworld": ("gigpo", "gigpo-text", "grpo"),
    "webshop": ("gigpo", "gigpo-text", "grpo"),
}
SEEDS = (0, 1, 2)
PHASES = ("collect", "old_logprobs", "advantages", "update")


def metrics(env: str, variant: str, seed: int) -> list[dict[str, Any]]:
    """The metrics of one run, which is made where it is not there yet."""
    path = RUNS / f"{env}-tiny-{variant}-{seed}"
    if not (path / "curves.png").exists():
        options = ["--env", env, "--runs", str(RUNS), "--name", path.name, *VARIANTS[variant][2], "--seed", str(seed)]
        subprocess.run([sys.executable, str(ROOT / "train.py"), *options], check=True)
    return RunFolder.open(path).read_metrics()


def ends(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first and the last evaluation."""
    evaluations = [line for line in lines if "eval/success" in line]
    return [evaluations[0], evaluations[-1]]


def interval(evaluations: Sequence[dict[str, Any]]) -> str:
    """Success over all episodes of some evaluations, with its interval."""
    episodes = sum(line["eval/episodes"] for line in evaluations)
    successes = sum(line["eval/success"] * line["eval/episodes"] for line in evaluations)
    low, high = wilson_interval(successes, episodes)
    return f"{successes / episodes:.3f} [{low:.2f}, {high:.2f}]"


def table(lines: Sequence[dict[str, Any]]) -> str:
    """Success before and after with 95 % intervals, minutes, and seconds per iteration by phase."""
    cells = [interval([line]) for line in ends(lines)]
    trained = lines[1:]
    seconds = [float(np.mean([line[f"time/{phase}_s"] for line in trained])) for phase in PHASES]
    cells.append(f"{len(trained)}")
    cells.append(f"{lines[-1]['time/elapsed_s'] / 60:.1f}")
    cells += [f"{value * 1000:.1f}" for value in seconds]
    return " | ".join(cells)


def draw(env: str, runs: dict[tuple[str, int], list[dict[str, Any]]], path: Path) -> None:
    """Held-out success against iterations, a thin line per run and a thick one for the mean of the seeds."""
    figure = Figure(figsize=(8, 4.2), layout="constrained")
    axes = figure.subplots()
    for variant in ENVS[env]:
        name, colour, _ = VARIANTS[variant]
        curves = []
        for seed in SEEDS:
            points = [line for line in runs[variant, seed] if "eval/success" in line]
            iterations = [line["iteration"] for line in points]
            success = [line["eval/success"] for line in points]
            axes.plot(iterations, success, color=colour, linewidth=0.8, alpha=0.5)
            curves.append((iterations, success))
        mean = np.mean(curves, axis=0)
        axes.plot(mean[0], mean[1], color=colour, linewidth=2.4, label=f"{name}, mean of {len(SEEDS)} seeds")
    axes.set(xlabel="iteration", ylabel="success on held-out tasks", ylim=(0, 1))
    axes.set_title(f"python train.py --env {env}", fontsize=11)
    axes.legend(loc="lower right", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=130, metadata={"Software": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("env", choices=ENVS)
    env = parser.parse_args().env
    runs = {(variant, seed): metrics(env, variant, seed) for seed in SEEDS for variant in ENVS[env]}
    print("variant | seed | held-out before | after | iterations | minutes | " + " | ".join(f"{p} ms" for p in PHASES))
    for variant in ENVS[env]:
        for seed in SEEDS:
            print(f"{variant} | {seed} | {table(runs[variant, seed])}")
        before, after = zip(*(ends(runs[variant, seed]) for seed in SEEDS), strict=True)
        print(f"{variant} | all | {interval(before)} | {interval(after)}")
    draw(env, runs, ROOT / "docs" / f"{env}_learning.png")


if __name__ == "__main__":
    main()
