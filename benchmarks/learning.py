"""Does it learn? The default run, `python train.py --env ENV`, for three seeds, with GiGPO and with GRPO.

    python benchmarks/learning.py frozenlake         (about an hour on 2 cores; finished runs are not repeated)
    python benchmarks/learning.py sokoban            (two hours)

Prints a line per run and writes docs/ENV_learning.png. Both estimators get the same options, the same tasks and the
same number of iterations; nothing is tuned for either beyond the preset.
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
ESTIMATORS = ("gigpo", "grpo")
SEEDS = (0, 1, 2)
PHASES = ("collect", "old_logprobs", "advantages", "update")


def metrics(env: str, estimator: str, seed: int) -> list[dict[str, Any]]:
    """The metrics of one run, which is made where it is not there yet."""
    path = RUNS / f"{env}-tiny-{estimator}-{seed}"
    if not (path / "curves.png").exists():
        options = ["--env", env, "--runs", str(RUNS), "--adv-estimator", estimator, "--seed", str(seed)]
        subprocess.run([sys.executable, str(ROOT / "train.py"), *options], check=True)
    return RunFolder.open(path).read_metrics()


def table(lines: Sequence[dict[str, Any]]) -> str:
    """Success before and after with 95 % intervals, minutes, and seconds per iteration by phase."""
    evaluations = [line for line in lines if "eval/success" in line]
    cells = []
    for line in (evaluations[0], evaluations[-1]):
        low, high = wilson_interval(line["eval/success"] * line["eval/episodes"], line["eval/episodes"])
        cells.append(f"{line['eval/success']:.3f} [{low:.2f}, {high:.2f}]")
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
    for estimator, colour, name in (("gigpo", "#0072B2", "GiGPO"), ("grpo", "#D55E00", "GRPO")):
        curves = []
        for seed in SEEDS:
            points = [line for line in runs[estimator, seed] if "eval/success" in line]
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
    parser.add_argument("env", choices=("frozenlake", "sokoban"))
    env = parser.parse_args().env
    runs = {(estimator, seed): metrics(env, estimator, seed) for estimator in ESTIMATORS for seed in SEEDS}
    print(
        "estimator | seed | held-out before | after | iterations | minutes | " + " | ".join(f"{p} ms" for p in PHASES)
    )
    for (estimator, seed), lines in runs.items():
        print(f"{estimator} | {seed} | {table(lines)}")
    for estimator in ESTIMATORS:
        final = [runs[estimator, seed][-1]["eval/success"] for seed in SEEDS]
        print(f"{estimator}: {np.mean(final):.3f} after, mean of {len(SEEDS)} seeds")
    draw(env, runs, ROOT / "docs" / f"{env}_learning.png")


if __name__ == "__main__":
    main()
