"""How long the advantages of one iteration take: `python benchmarks/advantages.py` prints a table (one thread).

Rows are random walks over 60 states per group that end in a reward of 10 for half the trajectories, with state keys as
digests. The slow loop is the definition of the discounted return, read literally: it looks at all rows for every row.
"""

import hashlib
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is imported, which reads it then

import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from gigpo_gym.advantages import compute_advantages

STATES_PER_GROUP = 60
GAMMA = 0.95


def batch(trajectories: int, steps: int, group_size: int = 8, *, strings: bool) -> tuple[Any, Any, Any, Any]:
    """Rewards, trajectory ids, group ids and state keys of a batch, (trajectories * steps,) each."""
    rng = np.random.default_rng(0)
    trajectory = np.repeat(np.arange(trajectories), steps)
    group = trajectory // group_size
    walk = np.abs(np.cumsum(rng.integers(-2, 4, (trajectories, steps)), axis=1)) % STATES_PER_GROUP  # starts near 0
    reward = np.where(rng.random(len(trajectory)) < 0.05, -0.1, 0.0)
    reward[steps - 1 :: steps] += 10.0 * (rng.random(trajectories) < 0.5)
    key = [
        hashlib.blake2b(f"{g}/{s}".encode(), digest_size=16).hexdigest()
        for g, s in zip(group.tolist(), walk.ravel().tolist(), strict=True)
    ]
    if strings:
        return reward, [f"trajectory-{t}" for t in trajectory], [f"group-{g}" for g in group], key
    return reward, trajectory, group, key


def slow_returns(rewards: Any, trajectory_ids: Any) -> list[float]:
    """R_t = sum_{k>=t} gamma^(k-t) r_k, each row on its own: O(rows^2)."""
    reward, trajectory = list(rewards), list(trajectory_ids)
    returns = []
    for n, own in enumerate(trajectory):
        later = [reward[k] for k in range(n, len(reward)) if trajectory[k] == own]
        returns.append(sum(GAMMA**power * r for power, r in enumerate(later)))
    return returns


def milliseconds(function: Callable[[], Any], repeats: int) -> tuple[float, float]:
    """Median and worst of `repeats` runs."""
    spent = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        spent.append(1e3 * (time.perf_counter() - start))
    return statistics.median(spent), max(spent)


def main() -> None:
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}, one thread, 100 repeats\n"
    )
    print(f"{'rows':>6}  {'ids':7}  {'estimator':9}  {'median ms':>9}  {'worst ms':>8}")
    for trajectories, steps in ((128, 30), (1024, 50)):
        for strings in (False, True):
            columns = batch(trajectories, steps, strings=strings)
            for estimator in ("grpo", "gigpo"):

                def run(columns: Any = columns, estimator: Any = estimator) -> Any:
                    return compute_advantages(*columns, adv_estimator=estimator, step_reward_gamma=GAMMA)

                milliseconds(run, 5)
                median, worst = milliseconds(run, 100)
                ids = "strings" if strings else "ints"
                print(f"{trajectories * steps:>6}  {ids:7}  {estimator:9}  {median:>9.2f}  {worst:>8.2f}")

    columns = batch(128, 30, strings=False)
    statistics_of = compute_advantages(*columns).statistics
    print(f"\nanchor groups of the 3,840 rows: {statistics_of['anchor/groups']:.0f}, mean size", end=" ")
    print(f"{statistics_of['anchor/size_mean']:.1f}, singletons {statistics_of['anchor/singleton_share']:.0%}")
    median, worst = milliseconds(lambda: slow_returns(columns[0], columns[1]), 3)
    print(f"slow loop, returns of 3,840 rows alone: median {median:.0f} ms, worst {worst:.0f} ms")
    print("recorded, not run here (GIGPO.md): the reference implementation, verl-agent, on 2 cores, one thread")
    print("  returns of 128 x 30 steps 340 to 510 ms, of 1024 x 50 steps 41,500 ms")


if __name__ == "__main__":
    main()
