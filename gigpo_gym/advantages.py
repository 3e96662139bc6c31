"""Advantages of GiGPO and its relatives: pure functions on float64 arrays, in the order of the paper.

Group-in-Group Policy Optimization, arXiv 2505.10978. A row is a step, whose advantage goes to every token of its reply.
`compute_advantages` ends at A = w_E A^E + w_S A^S; `whiten` and then `clip` may follow (the paper has neither).

Neither the interleaving of trajectories nor the names of ids change a bit of A^E and A^S: sums run over sorted values.

Axes: N steps, M trajectories, G groups of any kind, K values to be normalised (N steps or M trajectories).
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gigpo_gym.records import FloatArray, IntArray

AdvEstimator = Literal["gigpo", "grpo", "rloo", "reinforce_plus_plus", "step_reinforce"]
Method = Literal["identity", "mean", "mean_std", "asym_clip"]
Grouping = Literal["traj_group_id", "tags", "batch"]
Ids = Sequence[int | str] | NDArray[Any]

ASYM_CLIP = (-1.0, 3.0)


@dataclass(frozen=True)
class Advantages:
    """Advantages of N steps and what they are made of; `total` = w_E * `episode` + w_S * `step`.

    `statistics`, flat metric names: the mean of |A^E| and of |A^S| over steps and the share of steps whose total is
    exactly 0; for gigpo also mean|A^S| / mean|A^E| (0 where A^E is 0 everywhere), the share of steps in anchor groups
    of two or more, the number of anchor groups, their mean and largest size, and the share of them with one member.
    """

    total: FloatArray  # (N,)
    episode: FloatArray  # (N,) A^E, unweighted, of the step's trajectory
    step: FloatArray  # (N,) A^S, unweighted
    returns: FloatArray  # (N,) discounted return of the step, R_t
    statistics: dict[str, float]


def compute_advantages(
    rewards: ArrayLike,
    trajectory_ids: Ids,
    group_ids: Ids,
    state_keys: Ids,
    *,
    tags: Ids | None = None,
    adv_estimator: AdvEstimator = "gigpo",
    step_reward_gamma: float = 0.95,
    episode_reward_weight: float = 1.0,
    step_reward_weight: float = 1.0,
    method: Method = "mean",
    grouping: Grouping = "traj_group_id",
) -> Advantages:
    """A = w_E A^E + w_S A^S of every step (arXiv 2505.10978), at a cost that is linear in the rows but for one sort.

    `rewards` (N,) are step rewards, penalties included. `trajectory_ids`, `group_ids`, `state_keys` and `tags` (N,) are
    ints or strings. Rows of one trajectory stand in time order; trajectories may interleave. A trajectory id belongs to
    one group of the whole batch, and to one tag.

    What `adv_estimator` makes of the returns R(tau), undiscounted, and R_t, discounted by `step_reward_gamma`:

    * `gigpo`: A^E is R(tau) normalised by `method` over the trajectories of `grouping`; A^S is R_t normalised by
      `method` over the anchor group: all steps of one group, whatever `grouping` says, with equal `state_keys`.
    * `grpo`: the same A^E; A^S = 0.
    * `rloo`: A^E = N/(N-1) (R(tau) - mean) over the N trajectories of the group; A^S = 0.
    * `reinforce_plus_plus`: A^E = (R(tau) - mean) / std over all trajectories; A^S = 0.
    * `step_reinforce`: A^E = 0; A^S is R_t normalised by `method` over all steps of `grouping`.

    The formulas of `rloo` and `reinforce_plus_plus` fix what `method` and `grouping` say, which do not act there.
    `method`: `mean` subtracts the mean (F_norm = 1); `mean_std` also divides by the standard deviation (ddof 1);
    `asym_clip` clamps that to [-1, 3]; `identity` keeps the return as it is. Members of a group of one, or of equal
    returns, get exactly 0, save with `identity`, which compares with nothing and so has no groups.

    Raises ValueError on lengths that differ, rewards that are not finite, ids that are neither ints nor strings, a
    trajectory in two groups, an option out of its range, and `grouping="tags"` without tags.
    """
    _check_options(adv_estimator, method, grouping, step_reward_gamma, episode_reward_weight, step_reward_weight)
    reward = np.asarray(rewards, dtype=np.float64)
    if reward.ndim != 1:
        raise ValueError(f"expected rewards of shape (N,), got {reward.shape}; pass one reward per step")
    bad = np.flatnonzero(~np.isfinite(reward))
    if len(bad):
        raise ValueError(
            f"expected finite rewards, got {reward[bad[0]]} in row {bad[0]}; mend the environment's reward"
        )
    columns = {"trajectory_ids": trajectory_ids, "group_ids": group_ids, "state_keys": state_keys}
    for name, ids in (columns if tags is None else columns | {"tags": tags}).items():
        if len(ids) != len(reward):
            raise ValueError(f"expected {name} of length {len(reward)}, as rewards, got {len(ids)}; pass one per step")
    trajectory, trajectory_names = _codes("trajectory_ids", trajectory_ids)
    group, _ = _codes("group_ids", group_ids)
    group_of = _of_trajectory("group", group, trajectory, trajectory_names)  # (M,)

    # Within which trajectories A^E, or within which steps R_t of step_reinforce, is normalised
    compared, compared_of = group, group_of  # (N,), (M,)
    if grouping == "tags":
        if tags is None:
            raise ValueError("expected tags with grouping='tags', got None; pass one tag per step, or another grouping")
        compared, _ = _codes("tags", tags)
        compared_of = _of_trajectory("tag", compared, trajectory, trajectory_names)
    elif grouping == "batch":
        compared, compared_of = np.zeros_like(group), np.zeros_like(group_of)

    # R(tau) = sum_t r_t, (M,), and R_t = sum_{k>=t} gamma^(k-t) r_k, (N,)
    episode_return = np.asarray(np.bincount(trajectory, weights=reward), dtype=np.float64)
    returns = _discounted_returns(reward, trajectory, step_reward_gamma)

    # A^E(tau) = (R(tau) - mean) / F_norm over trajectories, never over their steps: each weighs the same, however long
    if adv_estimator == "rloo":
        of_trajectory, _ = _normalise(episode_return, group_of, "leave_one_out")
    elif adv_estimator == "reinforce_plus_plus":
        of_trajectory, _ = _normalise(episode_return, np.zeros_like(group_of), "mean_std")
    elif adv_estimator == "step_reinforce":
        of_trajectory = np.zeros_like(episode_return)
    else:
        of_trajectory, _ = _normalise(episode_return, compared_of, method)
    episode = of_trajectory[trajectory]  # (N,)

    # A^S = (R_t - mean) / F_norm inside each anchor group G^S(s), and those lie inside one group
    anchor_sizes = None
    if adv_estimator == "gigpo":
        state, state_names = _codes("state_keys", state_keys)
        step, anchor_sizes = _normalise(returns, group * len(state_names) + state, method)
    elif adv_estimator == "step_reinforce":
        step, _ = _normalise(returns, compared, method)
    else:
        step = np.zeros_like(returns)

    total = episode_reward_weight * episode + step_reward_weight * step
    return Advantages(total, episode, step, returns, _statistics(total, episode, step, anchor_sizes))


def whiten(advantages: ArrayLike, response_lengths: ArrayLike) -> FloatArray:
    """(A - mean) / std, both over all T response tokens of the batch, as a new array (N,).

    `advantages` (N,) are per step and `response_lengths` (N,) count the tokens that carry them, so a step weighs by its
    length and one of length 0 not at all (it is still transformed). The std has ddof 1 over the T tokens. Zeros where
    T < 2 or all tokens have the same advantage. Raises ValueError on lengths that differ or are not whole numbers >= 0.
    """
    advantage, length = np.asarray(advantages, dtype=np.float64), np.asarray(response_lengths, dtype=np.float64)
    if advantage.ndim != 1 or advantage.shape != length.shape:
        raise ValueError(
            f"expected advantages and response_lengths of one shape (N,), got {advantage.shape} and {length.shape}; "
            "pass one response length per step"
        )
    if not np.isfinite(advantage).all():
        raise ValueError("expected finite advantages, got nan or inf; look for them in the rewards")
    if not ((length >= 0) & (length == np.floor(length)) & np.isfinite(length)).all():
        raise ValueError("expected response_lengths that are whole numbers >= 0; pass counts of tokens, not a mask")
    tokens = math.fsum(length)
    if tokens < 2:
        return np.zeros_like(advantage)
    # fsum rounds once, at the end: the result does not depend on the order of the rows
    mean = math.fsum(length * advantage) / tokens
    sd = math.sqrt(math.fsum(length * (advantage - mean) ** 2) / (tokens - 1))
    return np.zeros_like(advantage) if _no_spread(sd, mean) else (advantage - mean) / sd


def clip(advantages: ArrayLike, c: float) -> FloatArray:
    """Advantages (N,) clamped to [-c, c], as a new array; after `whiten` where both are on. ValueError unless c > 0."""
    if not c > 0:
        raise ValueError(f"expected c > 0, got {c}; to switch clipping off, leave it out")
    return np.clip(np.asarray(advantages, dtype=np.float64), -c, c)


def _normalise(
    value: FloatArray, label: IntArray, method: Method | Literal["leave_one_out"]
) -> tuple[FloatArray, IntArray]:
    """(value - mean) / F_norm (K,) over the rows with equal `label` (K,), and the sizes of those groups (G,)."""
    # Sorted by value inside each group: a sum then does not depend on the order in which the rows came.
    order = np.lexsort((value, label))
    ordered, labels = value[order], label[order]
    starts = np.flatnonzero(np.concatenate(([True], labels[1:] != labels[:-1]))[: len(labels)])  # (G,)
    sizes = np.diff(starts, append=len(labels))
    if method == "identity":
        return value.copy(), sizes

    mean = np.add.reduceat(ordered, starts) / sizes
    ordered -= np.repeat(mean, sizes)
    sd = np.sqrt(np.add.reduceat(ordered**2, starts) / np.maximum(sizes - 1, 1))
    flat = _no_spread(sd, mean)  # (G,), groups of one among them
    if method == "mean":
        norm = np.ones_like(mean)
    elif method == "leave_one_out":
        norm = np.maximum(sizes - 1, 1) / sizes
    else:
        norm = np.where(flat, 1.0, sd)
    ordered /= np.repeat(norm, sizes)
    ordered[np.repeat(flat, sizes)] = 0.0
    if method == "asym_clip":
        ordered.clip(*ASYM_CLIP, out=ordered)
    advantage = np.empty_like(ordered)
    advantage[order] = ordered
    return advantage, sizes


def _no_spread(sd: ArrayLike, mean: ArrayLike) -> Any:
    # Rounding alone gives equal returns a std of 1e-16 or so: dividing by it, or by it plus an epsilon, is noise.
    return np.less_equal(sd, 1e-8 * np.maximum(1.0, np.abs(mean)))


def _discounted_returns(reward: FloatArray, trajectory: IntArray, gamma: float) -> FloatArray:
    """R_t = r_t + gamma R_{t+1} (N,), nothing beyond the end; all trajectories at once, one step back at a time."""
    order = np.argsort(trajectory, kind="stable")  # stable: time order inside a trajectory stays
    returns = reward[order]
    length = np.bincount(trajectory)  # (M,)
    longest_first = np.argsort(-length, kind="stable")
    last = (np.cumsum(length) - 1)[longest_first]  # (M,) row of a trajectory's last step
    longer = len(length) - np.cumsum(np.bincount(length))  # longer[s]: how many trajectories have more than s steps
    for s in range(1, len(longer) - 1):
        row = last[: longer[s]] - s
        returns[row] += gamma * returns[row + 1]
    back = np.empty_like(returns)
    back[order] = returns
    return back


def _statistics(
    total: FloatArray, episode: FloatArray, step: FloatArray, anchor_sizes: IntArray | None
) -> dict[str, float]:
    rows = max(len(total), 1)
    episode_abs, step_abs = float(np.abs(episode).sum()) / rows, float(np.abs(step).sum()) / rows
    statistics = {
        "advantage/episode_abs": episode_abs,
        "advantage/step_abs": step_abs,
        "advantage/zero_share": float(np.count_nonzero(total == 0)) / rows,
    }
    if anchor_sizes is None:
        return statistics
    groups = max(len(anchor_sizes), 1)
    return statistics | {
        "advantage/step_to_episode": step_abs / episode_abs if episode_abs > 0 else 0.0,
        "anchor/shared_share": float(anchor_sizes[anchor_sizes > 1].sum()) / rows,
        "anchor/groups": float(len(anchor_sizes)),
        "anchor/size_mean": len(total) / groups,
        "anchor/size_max": float(anchor_sizes.max(initial=0)),
        "anchor/singleton_share": float(np.count_nonzero(anchor_sizes == 1)) / groups,
    }


def _check_options(
    adv_estimator: str, method: str, grouping: str, gamma: float, episode_weight: float, step_weight: float
) -> None:
    for name, value, known in (
        ("adv_estimator", adv_estimator, get_args(AdvEstimator)),
        ("method", method, get_args(Method)),
        ("grouping", grouping, get_args(Grouping)),
    ):
        if value not in known:
            raise ValueError(f"expected {name} to be one of {', '.join(known)}, got {value!r}; choose one of them")
    if not 0 <= gamma <= 1:
        raise ValueError(f"expected step_reward_gamma in [0, 1], got {gamma}; 1 is undiscounted, the paper has 0.95")
    for name, weight in (("episode_reward_weight", episode_weight), ("step_reward_weight", step_weight)):
        if not math.isfinite(weight):
            raise ValueError(f"expected a finite {name}, got {weight}; 1.0 is the paper's, 0.0 switches the part off")


def _codes(name: str, ids: Ids) -> tuple[IntArray, list[int | str]]:
    """Ids numbered 0, 1, .., (N,), and the id of each number."""
    if isinstance(ids, np.ndarray) and ids.dtype.kind in "iu" and ids.ndim == 1:
        distinct, codes = np.unique(ids, return_inverse=True)
        return codes, distinct.tolist()
    # Not np.unique, which sorts: for strings that takes ten times as long as one pass over a dict.
    values = ids.tolist() if isinstance(ids, np.ndarray) else ids
    code: defaultdict[int | str, int] = defaultdict(count().__next__)
    try:
        codes = np.fromiter(map(code.__getitem__, values), dtype=np.int64, count=len(values))
    except TypeError as error:
        raise ValueError(f"expected {name} of ints or strings, got {error}; pass a flat list or array") from None
    odd = [value for value in code if not isinstance(value, int | str | np.integer)]
    if odd:
        got = f"{type(odd[0]).__name__} {odd[0]!r}"
        raise ValueError(f"expected {name} of ints or strings, got {got}; convert them first")
    return codes, list(code)


def _of_trajectory(what: str, code: IntArray, trajectory: IntArray, names: list[int | str]) -> IntArray:
    """The one `code` (N,) of each trajectory, (M,)."""
    of = np.zeros(len(names), dtype=np.int64)
    of[trajectory] = code
    bad = np.flatnonzero(of[trajectory] != code)
    if len(bad):
        raise ValueError(
            f"expected one {what} for each trajectory, got two for trajectory {names[trajectory[bad[0]]]!r}; "
            "give every trajectory of the batch an id of its own"
        )
    return of
