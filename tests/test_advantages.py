"""Advantages: numbers worked out by hand, the faults of other implementations, properties, and a slow loop."""

import inspect
import math
import statistics
from dataclasses import FrozenInstanceError
from typing import Any, NamedTuple, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from gigpo_gym.advantages import Advantages, AdvEstimator, Grouping, Method, clip, compute_advantages, whiten

ESTIMATORS, METHODS, GROUPINGS = get_args(AdvEstimator), get_args(Method), get_args(Grouping)


class Batch(NamedTuple):
    """Columns of a batch of steps, (N,) each."""

    rewards: list[float]
    trajectories: list[Any]
    groups: list[Any]
    states: list[Any]
    tags: list[Any]

    def rows(self, order: list[int]) -> "Batch":
        return Batch(*([column[row] for row in order] for column in self))

    def advantages(self, **options: Any) -> Advantages:
        return compute_advantages(*self[:4], tags=self.tags, **options)


def batch_of(*trajectories: tuple[Any, list[tuple[Any, float]]]) -> Batch:
    """A batch from (group, [(state, reward), ..]) for each trajectory, numbered from 0; tags are all 'a'."""
    rows = [(reward, t, group, state, "a") for t, (group, steps) in enumerate(trajectories) for state, reward in steps]
    return Batch(*(list(column) for column in zip(*rows, strict=True)))


# -- the slow loop: one row at a time, straight from the equations -----------------------------------------------------


def slow_normalised(value: float, peers: list[float], method: str) -> float:
    if method == "identity":
        return value
    if len(peers) == 1 or min(peers) == max(peers):
        return 0.0
    mean = sum(peers) / len(peers)
    if method == "mean":
        return value - mean
    z = (value - mean) / statistics.stdev(peers)
    return min(max(z, -1.0), 3.0) if method == "asym_clip" else z


def slow_advantages(
    batch: Batch, estimator: str, gamma: float, w_e: float, w_s: float, method: str, grouping: str
) -> list[tuple[float, float, float, float]]:
    """(total, A^E, A^S, R_t) of each row."""
    rows = range(len(batch.rewards))
    rows_of = {t: [n for n in rows if batch.trajectories[n] == t] for t in batch.trajectories}

    def discounted(n: int) -> float:
        later = [k for k in rows_of[batch.trajectories[n]] if k >= n]
        return sum(gamma**power * batch.rewards[k] for power, k in enumerate(later))

    def compared(n: int) -> Any:
        return {"traj_group_id": batch.groups[n], "tags": batch.tags[n], "batch": None}[grouping]

    returns = [discounted(n) for n in rows]
    episode_return = {t: sum(batch.rewards[n] for n in own) for t, own in rows_of.items()}

    def advantage(n: int) -> tuple[float, float]:
        mine = episode_return[batch.trajectories[n]]
        in_group = [episode_return[t] for t, own in rows_of.items() if batch.groups[own[0]] == batch.groups[n]]
        in_grouping = [episode_return[t] for t, own in rows_of.items() if compared(own[0]) == compared(n)]
        if estimator == "rloo":
            rest = list(in_group)
            rest.remove(mine)
            return (mine - sum(rest) / len(rest) if rest else 0.0), 0.0
        if estimator == "reinforce_plus_plus":
            return slow_normalised(mine, list(episode_return.values()), "mean_std"), 0.0
        if estimator == "step_reinforce":
            return 0.0, slow_normalised(returns[n], [returns[k] for k in rows if compared(k) == compared(n)], method)
        a_e = slow_normalised(mine, in_grouping, method)
        if estimator == "grpo":
            return a_e, 0.0
        here = (batch.groups[n], batch.states[n])
        anchor = [returns[k] for k in rows if (batch.groups[k], batch.states[k]) == here]
        return a_e, slow_normalised(returns[n], anchor, method)

    parts = [advantage(n) for n in rows]
    return [(w_e * a_e + w_s * a_s, a_e, a_s, returns[n]) for n, (a_e, a_s) in enumerate(parts)]


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """Small batches with interleaving trajectories.

    Rewards are quarters, so that with gamma of 0, 1/2 or 1 all returns are exact and equal ones are equal to the bit.
    """
    steps: list[tuple[float, Any, Any, Any, Any]] = []
    for group in range(draw(st.integers(1, 4))):
        tag = draw(st.sampled_from(["lake", "sokoban"]))
        for member in range(draw(st.integers(1, 4))):
            for _ in range(draw(st.integers(1, 5))):
                reward = draw(st.integers(-4, 8)) / 4
                steps.append((reward, f"{group}/{member}", group, draw(st.integers(0, 3)), tag))
    batch = Batch(*(list(column) for column in zip(*steps, strict=True)))
    return batch.rows(draw(interleavings(batch)))


@st.composite
def interleavings(draw: st.DrawFn, batch: Batch) -> list[int]:
    """Orders of the rows of a batch that keep each trajectory in time order."""
    turns = draw(st.permutations(batch.trajectories))
    rows = {t: iter([n for n, of in enumerate(batch.trajectories) if of == t]) for t in batch.trajectories}
    return [next(rows[t]) for t in turns]


@pytest.mark.parametrize("grouping", GROUPINGS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("estimator", ESTIMATORS)
@settings(max_examples=20, deadline=None)
@given(
    batches(), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 1.0, -2.5]), st.sampled_from([0.0, 1.0, 0.75])
)
def test_equals_the_slow_loop(
    estimator: str, method: str, grouping: str, batch: Batch, gamma: float, w_e: float, w_s: float
) -> None:
    fast = batch.advantages(
        adv_estimator=estimator,
        step_reward_gamma=gamma,
        episode_reward_weight=w_e,
        step_reward_weight=w_s,
        method=method,
        grouping=grouping,
    )
    slow = np.array(slow_advantages(batch, estimator, gamma, w_e, w_s, method, grouping))
    assert_allclose(np.stack([fast.total, fast.episode, fast.step, fast.returns], axis=1), slow, rtol=1e-12, atol=1e-12)
    assert all(part.dtype == np.float64 for part in (fast.total, fast.episode, fast.step, fast.returns))


def test_equals_the_slow_loop_on_real_valued_rewards_and_uneven_lengths() -> None:
    rng = np.random.default_rng(0)
    trajectories = [
        (group, [(int(rng.integers(6)), float(rng.normal())) for _ in range(length)])
        for group, length in [(0, 1), (0, 40), (0, 7), (1, 7), (1, 7), (2, 3)]
    ]
    batch = batch_of(*trajectories)
    fast = batch.advantages(step_reward_gamma=0.95, method="mean_std")
    slow = np.array(slow_advantages(batch, "gigpo", 0.95, 1.0, 1.0, "mean_std", "traj_group_id"))
    assert_allclose(fast.total, slow[:, 0], rtol=1e-11, atol=1e-11)
    assert_allclose(fast.returns, slow[:, 3], rtol=1e-12, atol=1e-12)


# -- numbers by hand ---------------------------------------------------------------------------------------------------


def test_gigpo_by_hand() -> None:
    """Two trajectories meet in state s; only the first wins.

    gamma 1/2: R_t = (1, 2, 4) and (0, 0); R(tau) = 4 and 0. Anchor group of s: 1, 4 (a repeated visit) and 0.
    """
    batch = batch_of(("g", [("s", 0.0), ("u", 0.0), ("s", 4.0)]), ("g", [("v", 0.0), ("s", 0.0)]))
    got = batch.advantages(step_reward_gamma=0.5)
    assert_array_equal(got.returns, [1, 2, 4, 0, 0])
    assert_array_equal(got.episode, [2, 2, 2, -2, -2])
    assert_allclose(got.step, [1 - 5 / 3, 0, 4 - 5 / 3, 0, -5 / 3], rtol=1e-14)
    assert_allclose(got.total, [4 / 3, 2, 13 / 3, -2, -11 / 3], rtol=1e-14)

    weighted = batch.advantages(step_reward_gamma=0.5, episode_reward_weight=0.5, step_reward_weight=3.0)
    assert_allclose(weighted.total, [1 - 2, 1, 1 + 7, -1, -1 - 5], rtol=1e-13)
    assert_array_equal(weighted.episode, got.episode)

    # sd of (4, 0) is sqrt 8; sd of (1, 4, 0) is sqrt(13 / 3)
    scaled = batch.advantages(step_reward_gamma=0.5, method="mean_std")
    assert_allclose(scaled.episode[[0, 3]], [2 / math.sqrt(8), -2 / math.sqrt(8)], rtol=1e-14)
    assert_allclose(scaled.step[[0, 2, 4]], np.array([-2 / 3, 7 / 3, -5 / 3]) / math.sqrt(13 / 3), rtol=1e-14)
    assert_array_equal(scaled.step[[1, 3]], [0, 0])


def test_relatives_by_hand() -> None:
    batch = batch_of(*((0, [("s", reward)]) for reward in (3.0, 0.0, 0.0)), (1, [("s", 1.0)]), (1, [("s", 0.0)]))
    assert_array_equal(batch.advantages(adv_estimator="grpo").total, [2, -1, -1, 0.5, -0.5])
    assert_array_equal(batch.advantages(adv_estimator="grpo").step, np.zeros(5))
    # leave-one-out: 3 - 0, 0 - 1.5, 0 - 1.5 | 1 - 0, 0 - 1
    assert_allclose(batch.advantages(adv_estimator="rloo").total, [3, -1.5, -1.5, 1, -1], rtol=1e-14)
    # over the batch: mean 0.8, variance (2.2^2 + 3 * 0.8^2 + 0.2^2) / 4 = 1.7
    z = (np.array([3, 0, 0, 1, 0]) - 0.8) / math.sqrt(1.7)
    assert_allclose(batch.advantages(adv_estimator="reinforce_plus_plus").total, z, rtol=1e-14)
    assert_allclose(batch.advantages(adv_estimator="grpo", method="mean_std", grouping="batch").total, z, rtol=1e-14)

    steps = batch_of((0, [("s", 0.0), ("t", 2.0)]), (0, [("u", 0.0)])).advantages(
        adv_estimator="step_reinforce", step_reward_gamma=0.5
    )
    assert_allclose(steps.total, [0, 1, -1], atol=1e-15)  # R_t = 1, 2, 0
    assert_array_equal(steps.episode, np.zeros(3))


@pytest.mark.parametrize("estimator", ["rloo", "reinforce_plus_plus"])
def test_rloo_and_reinforce_plus_plus_have_their_own_method_and_grouping(estimator: str) -> None:
    batch = batch_of((0, [("s", 3.0)]), (0, [("s", 0.0)]), (1, [("s", 1.0)]), (1, [("s", 5.0)]))
    totals = {
        tuple(batch.advantages(adv_estimator=estimator, method=method, grouping=grouping).total)
        for method in METHODS
        for grouping in GROUPINGS
    }
    assert len(totals) == 1


def test_grouping_acts_on_the_episode_part_only() -> None:
    trajectories = [("g", [("s", 3.0)]), ("g", [("s", 0.0)]), ("h", [("s", 1.0)]), ("i", [("s", 4.0)])]
    batch = batch_of(*trajectories)._replace(tags=["x", "x", "x", "y"])
    episode = {grouping: batch.advantages(grouping=grouping).episode for grouping in GROUPINGS}
    assert_array_equal(episode["traj_group_id"], [1.5, -1.5, 0, 0])
    assert_allclose(episode["tags"], [3 - 4 / 3, -4 / 3, 1 - 4 / 3, 0], rtol=1e-14)
    assert_array_equal(episode["batch"], [1, -2, -1, 2])
    for grouping in GROUPINGS:
        assert_array_equal(batch.advantages(grouping=grouping).step, [1.5, -1.5, 0, 0])


def test_statistics_by_hand() -> None:
    """Anchor groups: s of g (3 rows), u and v of g (1 each), s of h (2, equal)."""
    batch = batch_of(
        ("g", [("s", 0.0), ("u", 0.0), ("s", 4.0)]), ("g", [("v", 0.0), ("s", 0.0)]), *[("h", [("s", 9.0)])] * 2
    )
    got = batch.advantages(step_reward_gamma=0.5).statistics
    assert got == pytest.approx(
        {
            "advantage/episode_abs": 10 / 7,
            "advantage/step_abs": (2 / 3 + 7 / 3 + 5 / 3) / 7,
            "advantage/zero_share": 2 / 7,
            "advantage/step_to_episode": (14 / 3) / 10,
            "anchor/shared_share": 5 / 7,
            "anchor/groups": 4,
            "anchor/size_mean": 7 / 4,
            "anchor/size_max": 3,
            "anchor/singleton_share": 2 / 4,
        }
    )
    assert all(type(value) is float for value in got.values())
    assert "anchor/groups" not in batch.advantages(adv_estimator="grpo").statistics


def test_ratio_of_nothing_to_nothing_is_0() -> None:
    same = batch_of((0, [("s", 1.0)]), (0, [("s", 1.0)])).advantages()
    assert same.statistics["advantage/step_to_episode"] == 0.0
    # A^S alone: equal R(tau), unequal R_t
    late = batch_of((0, [("s", 0.0), ("t", 1.0)]), (0, [("s", 1.0)])).advantages()
    assert late.statistics["advantage/step_abs"] > 0
    assert late.statistics["advantage/step_to_episode"] == 0.0


def test_defaults_are_the_documented_ones() -> None:
    parameters = inspect.signature(compute_advantages).parameters
    positional = [name for name, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional == ["rewards", "trajectory_ids", "group_ids", "state_keys"]
    assert {name: p.default for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY} == {
        "tags": None,
        "adv_estimator": "gigpo",
        "step_reward_gamma": 0.95,
        "episode_reward_weight": 1.0,
        "step_reward_weight": 1.0,
        "method": "mean",
        "grouping": "traj_group_id",
    }


# -- what other implementations get wrong (GIGPO.md) -------------------------------------------------------------------


@pytest.mark.parametrize(("method", "win"), [("mean", 5.0), ("mean_std", 0.935414346693485)])
def test_a_long_trajectory_weighs_no_more_than_a_short_one(method: str, win: float) -> None:
    """Fault 1 of the reference: over step rows it would be +8.33/-1.67, or +2.23/-0.45."""
    wins = [(0, [(f"{i}/{t}", 10.0 * (t == 9)) for t in range(10)]) for i in range(4)]
    losses = [(0, [(f"{i}/{t}", 0.0) for t in range(50)]) for i in range(4, 8)]
    got = batch_of(*wins, *losses).advantages(method=method)
    assert_allclose(got.episode, [win] * 40 + [-win] * 200, rtol=1e-12)


@pytest.mark.parametrize("method", ["mean", "mean_std", "asym_clip"])
@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("scale", [1.0, 2.0**40])
def test_equal_returns_give_exactly_0(method: str, estimator: str, scale: float) -> None:
    """Fault 2 of the reference: what rounding leaves of 0.6 - (0.1 + 0.2 + 0.3), over an epsilon."""
    kinds = [(0.1, 0.2, 0.3), (0.3, 0.2, 0.1), (0.6,)]
    assert len({sum(scale * reward for reward in kind) for kind in kinds}) > 1
    steps = [[("s" if t == 0 else f"{kind}{t}", scale * reward) for t, reward in enumerate(kind)] for kind in kinds]
    batch = batch_of(*[(0, own) for own in steps] * 3)
    got = batch.advantages(adv_estimator=estimator, method=method, step_reward_gamma=1.0)
    assert_array_equal(got.episode, np.zeros(21))
    if estimator == "gigpo":
        assert_array_equal(got.total, np.zeros(21))


@pytest.mark.parametrize("method", ["mean", "mean_std", "asym_clip"])
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_group_of_one_gets_exactly_0(method: str, estimator: str) -> None:
    """Fault 2 of the reference: a single row kept its raw score as its advantage."""
    got = batch_of((0, [("s", 10.0)])).advantages(adv_estimator=estimator, method=method)
    assert_array_equal(got.total, [0.0])


def test_identity_keeps_returns_even_in_a_group_of_one() -> None:
    got = batch_of((0, [("s", 1.0), ("t", 2.0)]), (1, [("s", 4.0)])).advantages(
        method="identity", step_reward_gamma=0.5
    )
    assert_array_equal(got.episode, [3, 3, 4])
    assert_array_equal(got.step, [2, 2, 4])
    assert not np.shares_memory(got.step, got.returns)


def test_small_but_real_differences_survive() -> None:
    """The guard against noise does not eat rewards on a scale of thousandths."""
    got = batch_of((0, [("s", 0.001)]), (0, [("s", 0.0)])).advantages(method="mean_std")
    assert_allclose(got.episode, [math.sqrt(0.5), -math.sqrt(0.5)], rtol=1e-12)


def test_rows_that_fill_up_a_batch_have_no_part_in_whitening() -> None:
    """Fault 3 of the reference pads before the statistics; here padding follows, and its copies have no tokens."""
    advantages, lengths = np.array([1.0, -1.0, 0.25]), np.array([3, 1, 7])
    copies = np.array([0, 0, 1])
    padded = whiten(np.append(advantages, advantages[copies]), np.append(lengths, [0, 0, 0]))
    assert_array_equal(padded[:3], whiten(advantages, lengths))


def test_equal_states_of_different_groups_share_no_baseline() -> None:
    """ROLL: .75, -.25 | -.25, -.25."""
    got = batch_of((0, [("s", 1.0)]), (0, [("s", 0.0)]), (1, [("s", 0.0)]), (1, [("s", 0.0)])).advantages()
    assert_array_equal(got.step, [0.5, -0.5, 0, 0])


def test_asym_clip_clips() -> None:
    """ROLL's no longer does. One of 16 stands out: z = 15 / 4 and -1 / 4."""
    high = batch_of(*((0, [("s", float(i == 0))]) for i in range(16)))
    assert_allclose(high.advantages(method="mean_std").step[:2], [3.75, -0.25], rtol=1e-12)
    for part in (high.advantages(method="asym_clip").step, high.advantages(method="asym_clip").episode):
        assert_allclose(part, [3.0] + [-0.25] * 15, rtol=1e-12)
    low = high._replace(rewards=[-reward for reward in high.rewards]).advantages(method="asym_clip")
    assert_allclose(low.step, [-1.0] + [0.25] * 15, rtol=1e-12)


def test_anchors_are_states_and_values_are_returns() -> None:
    """ms-swift's pull request groups by step index and takes immediate rewards.

    Index 0 holds s and t, so nothing is shared there; s occurs at index 0 and 1, with R_t of 0.5 and 0.
    """
    got = batch_of((0, [("s", 0.0), ("u", 1.0)]), (0, [("t", 0.0), ("s", 0.0)])).advantages(step_reward_gamma=0.5)
    assert_array_equal(got.step, [0.25, 0, 0, -0.25])


def test_penalty_enters_both_returns() -> None:
    got = batch_of((0, [("s", -0.1), ("u", 1.0)]), (0, [("s", 0.0), ("v", 1.0)])).advantages(step_reward_gamma=1.0)
    assert_allclose(got.episode, [-0.05, -0.05, 0.05, 0.05], rtol=1e-12)
    assert_allclose(got.step, [-0.05, 0, 0.05, 0], rtol=1e-12)


def test_discount_acts_on_step_returns_only() -> None:
    batch = batch_of((0, [("s", 0.0), ("u", 8.0)]), (0, [("s", 0.0)]))
    episodes = {tuple(batch.advantages(step_reward_gamma=gamma).episode) for gamma in (0.0, 0.5, 1.0)}
    assert episodes == {(4.0, 4.0, -4.0)}
    returns = [tuple(batch.advantages(step_reward_gamma=gamma).returns) for gamma in (0.0, 0.5, 1.0)]
    assert returns == [(0, 8, 0), (4, 8, 0), (8, 8, 0)]


# -- properties --------------------------------------------------------------------------------------------------------

options = st.fixed_dictionaries(
    {
        "adv_estimator": st.sampled_from(ESTIMATORS),
        "method": st.sampled_from(METHODS),
        "grouping": st.sampled_from(GROUPINGS),
        "step_reward_gamma": st.sampled_from([0.0, 0.3, 0.95, 1.0]),
    }
)


def noisy(batch: Batch) -> Batch:
    """The same batch with rewards that do not add up exactly."""
    return batch._replace(rewards=[reward * 0.1 for reward in batch.rewards])


@settings(deadline=None)
@given(st.data(), batches(), options)
def test_interleaving_changes_no_bit(data: st.DataObject, batch: Batch, options: dict[str, Any]) -> None:
    batch = noisy(batch)
    order = data.draw(interleavings(batch))
    before, after = batch.advantages(**options), batch.rows(order).advantages(**options)
    for part in ("total", "episode", "step", "returns"):
        assert_array_equal(getattr(after, part), getattr(before, part)[order])
    assert after.statistics == pytest.approx(before.statistics, rel=1e-12)


@settings(deadline=None)
@given(st.data(), batches(), options)
def test_names_change_no_bit(data: st.DataObject, batch: Batch, options: dict[str, Any]) -> None:
    batch = noisy(batch)
    renamed = [batch.rewards]
    for column in batch[1:]:
        names = data.draw(st.lists(st.text(max_size=5), min_size=len(column), max_size=len(column), unique=True))
        new = dict(zip(sorted(set(column)), names, strict=False))
        renamed.append([new[name] for name in column])
    before, after = batch.advantages(**options), Batch(*renamed).advantages(**options)
    for part in ("total", "episode", "step", "returns"):
        assert_array_equal(getattr(after, part), getattr(before, part))
    assert after.statistics == before.statistics


@settings(deadline=None)
@given(batches(), st.sampled_from(["mean", "mean_std", "asym_clip"]), st.sampled_from([-50.0, 0.3, 7.0]))
def test_a_constant_added_to_every_episode_changes_nothing(batch: Batch, method: Any, shift: float) -> None:
    """gamma 1 and the shift in the last reward: all R(tau) and all R_t move by the same amount."""
    last = {t: n for n, t in enumerate(batch.trajectories)}
    shifted = [
        r + shift * (last[t] == n) for n, (r, t) in enumerate(zip(batch.rewards, batch.trajectories, strict=True))
    ]
    for estimator in ESTIMATORS:
        before = batch.advantages(adv_estimator=estimator, method=method, step_reward_gamma=1.0)
        after = batch._replace(rewards=shifted).advantages(
            adv_estimator=estimator, method=method, step_reward_gamma=1.0
        )
        assert_allclose(after.total, before.total, rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(batches(), options, st.sampled_from([0.25, 3.0, 1000.0]))
def test_scale_of_rewards(batch: Batch, options: dict[str, Any], scale: float) -> None:
    scaled = batch._replace(rewards=[scale * reward for reward in batch.rewards])
    z_scores = options["method"] in ("mean_std", "asym_clip") and options["adv_estimator"] != "rloo"
    factor = 1.0 if z_scores or options["adv_estimator"] == "reinforce_plus_plus" else scale
    before, after = batch.advantages(**options), scaled.advantages(**options)
    assert_allclose(after.total, factor * before.total, rtol=1e-9, atol=1e-9 * max(factor, 1))


@settings(deadline=None)
@given(batches(), options)
def test_another_copy_of_every_group_changes_nothing_inside_groups(batch: Batch, options: dict[str, Any]) -> None:
    batch, size = noisy(batch), len(batch.rewards)
    copies = Batch(
        batch.rewards * 2,
        [f"{copy}{t}" for copy in "ab" for t in batch.trajectories],
        [f"{copy}{g}" for copy in "ab" for g in batch.groups],
        batch.states * 2,
        [f"{copy}{tag}" for copy in "ab" for tag in batch.tags],
    )
    # Means over the batch stay as well, to rounding; its standard deviation does not (2N - 1 in place of N - 1).
    over_batch = options["grouping"] == "batch" and options["adv_estimator"] not in ("rloo", "reinforce_plus_plus")
    if options["adv_estimator"] == "reinforce_plus_plus":
        options = options | {"adv_estimator": "grpo", "grouping": "tags"}
        over_batch = False
    if over_batch and options["method"] in ("mean_std", "asym_clip"):
        options = options | {"method": "mean"}
    before, after = batch.advantages(**options), copies.advantages(**options)
    if over_batch:
        assert_allclose(after.total, np.tile(before.total, 2), rtol=1e-12, atol=1e-12)
    else:
        assert_array_equal(after.total, np.tile(before.total, 2))
    assert_array_equal(after.step[:size], after.step[size:])


@settings(deadline=None)
@given(batches(), st.sampled_from(["mean", "mean_std"]))
def test_parts_add_up_to_0_where_they_are_normalised(batch: Batch, method: Any) -> None:
    got = noisy(batch).advantages(method=method)
    first = {t: n for n, t in reversed(list(enumerate(batch.trajectories)))}
    for group in set(batch.groups):
        assert abs(sum(got.episode[n] for n in first.values() if batch.groups[n] == group)) < 1e-9
    for anchor in set(zip(batch.groups, batch.states, strict=True)):
        rows = [n for n, here in enumerate(zip(batch.groups, batch.states, strict=True)) if here == anchor]
        assert abs(got.step[rows].sum()) < 1e-9


# -- input -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [list, tuple, np.array, lambda ids: np.array(ids, dtype=object), lambda ids: np.array([str(i) for i in ids])],
    ids=["list", "tuple", "int array", "object array", "str array"],
)
def test_ids_of_any_kind(kind: Any) -> None:
    rewards, trajectories, groups, states = [1.0, 0.0, 3.0, 0.0], [70, 5, 70, 5], [9, 9, 9, 9], [1, 1, 2, 2]
    want = compute_advantages(rewards, trajectories, groups, states)
    got = compute_advantages(np.array(rewards), kind(trajectories), kind(groups), kind(states))
    assert_array_equal(got.total, want.total)
    assert np.ptp(want.total) > 0


def test_caller_keeps_his_arrays() -> None:
    rewards = np.array([1.0, 0.0, 2.0])
    lengths = np.array([1, 2, 3])
    compute_advantages(rewards, [0, 0, 1], [0, 0, 0], [0, 1, 0], step_reward_gamma=1.0)
    whiten(rewards, lengths)
    clip(rewards, 0.5)
    assert_array_equal(rewards, [1, 0, 2])
    assert_array_equal(lengths, [1, 2, 3])


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("method", METHODS)
def test_no_rows(estimator: Any, method: Any) -> None:
    got = compute_advantages([], [], [], [], adv_estimator=estimator, method=method)
    assert [len(part) for part in (got.total, got.episode, got.step, got.returns)] == [0] * 4
    assert set(got.statistics.values()) == {0.0}
    assert len(whiten([], [])) == len(clip([], 1.0)) == 0


def test_advantages_are_frozen() -> None:
    got = batch_of((0, [("s", 1.0)])).advantages()
    with pytest.raises(FrozenInstanceError):
        got.total = np.zeros(1)  # type: ignore[misc]


GOOD: dict[str, Any] = {
    "rewards": [1.0, 0.0],
    "trajectory_ids": [0, 1],
    "group_ids": [0, 0],
    "state_keys": ["s", "s"],
}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"rewards": [1.0]}, "trajectory_ids of length 1, as rewards, got 2"),
        ({"trajectory_ids": [0]}, "trajectory_ids of length 2, as rewards, got 1"),
        ({"group_ids": [0, 0, 0]}, "group_ids of length 2"),
        ({"state_keys": ["s"]}, "state_keys of length 2"),
        ({"state_keys": ["s"], "adv_estimator": "grpo"}, "state_keys of length 2"),
        ({"tags": ["a"]}, "tags of length 2"),
        ({"rewards": [[1.0, 0.0]]}, r"rewards of shape \(N,\), got \(1, 2\)"),
        ({"rewards": [0.0, math.nan]}, "finite rewards, got nan in row 1"),
        ({"rewards": [-math.inf, 0.0]}, "finite rewards, got -inf in row 0"),
        ({"trajectory_ids": ["one", "one"], "group_ids": [0, 1]}, "one group for each trajectory, got two .* 'one'"),
        (
            {"trajectory_ids": [7, 7], "tags": ["a", "b"], "grouping": "tags"},
            "one tag for each trajectory, got two for trajectory 7",
        ),
        ({"grouping": "tags"}, "expected tags with grouping='tags', got None"),
        ({"state_keys": [0.5, 1.0]}, "state_keys of ints or strings, got float 0.5"),
        ({"state_keys": np.zeros((2, 3), dtype=int)}, "state_keys of ints or strings, got unhashable"),
        ({"group_ids": [None, None]}, "group_ids of ints or strings, got NoneType"),
        ({"adv_estimator": "ppo"}, "adv_estimator to be one of gigpo, .*, got 'ppo'"),
        ({"method": "std"}, "method to be one of identity, .*, got 'std'"),
        ({"grouping": "group"}, "grouping to be one of traj_group_id, .*, got 'group'"),
        ({"step_reward_gamma": 1.01}, r"step_reward_gamma in \[0, 1\], got 1.01"),
        ({"step_reward_gamma": -0.5}, "step_reward_gamma"),
        ({"step_reward_gamma": math.nan}, "step_reward_gamma"),
        ({"episode_reward_weight": math.inf}, "finite episode_reward_weight"),
        ({"step_reward_weight": math.nan}, "finite step_reward_weight"),
    ],
)
def test_what_cannot_be_meant_is_refused(bad: dict[str, Any], message: str) -> None:
    compute_advantages(**GOOD)
    with pytest.raises(ValueError, match=message):
        compute_advantages(**(GOOD | bad))


# -- whitening and clipping --------------------------------------------------------------------------------------------


def test_whiten_by_hand() -> None:
    """Tokens 1, 1, 1, -1: mean 1/2, variance (3 / 4 + 9 / 4) / 3 = 1."""
    assert_allclose(whiten([1.0, -1.0], [3, 1]), [0.5, -1.5], rtol=1e-15)


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 5)), min_size=1, max_size=12), st.randoms())
def test_whiten_is_over_tokens(rows: list[tuple[int, int]], random: Any) -> None:
    advantages, lengths = np.array([a * 0.1 for a, _ in rows]), np.array([length for _, length in rows])
    tokens = [a for a, length in rows for _ in range(length)]
    got = whiten(advantages, lengths)
    if len(set(tokens)) < 2:
        assert_array_equal(got, np.zeros(len(rows)))
    else:
        mean, sd = statistics.mean(tokens) * 0.1, statistics.stdev(tokens) * 0.1
        assert_allclose(got, (advantages - mean) / sd, rtol=1e-10, atol=1e-10)
        spread = np.repeat(got, lengths)
        assert_allclose([spread.mean(), spread.std(ddof=1)], [0, 1], atol=1e-10)
    order = list(range(len(rows)))
    random.shuffle(order)
    assert_array_equal(whiten(advantages[order], lengths[order]), got[order])


@pytest.mark.parametrize(
    ("advantages", "lengths"),
    [([0.3, 0.1 + 0.2], [2, 5]), ([4.0, 9.0], [3, 0]), ([4.0, 9.0], [1, 0]), ([4.0, 9.0], [0, 0])],
)
def test_whiten_without_spread_gives_exactly_0(advantages: list[float], lengths: list[int]) -> None:
    assert_array_equal(whiten(advantages, lengths), [0, 0])


@pytest.mark.parametrize(
    ("advantages", "lengths", "message"),
    [
        ([1.0], [1, 2], "of one shape"),
        ([[1.0]], [[1]], "of one shape"),
        ([1.0, 2.0], [1, -1], "whole numbers"),
        ([1.0, 2.0], [1, 0.5], "whole numbers"),
        ([1.0, 2.0], [1, math.inf], "whole numbers"),
        ([1.0, math.nan], [1, 1], "finite advantages"),
    ],
)
def test_whiten_refuses(advantages: Any, lengths: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        whiten(advantages, lengths)


def test_clip() -> None:
    assert_array_equal(clip([-3.0, -0.1, 0.0, 0.2, 7.0], 0.2), [-0.2, -0.1, 0.0, 0.2, 0.2])
    for c in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="expected c > 0"):
            clip([1.0], c)
