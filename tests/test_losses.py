"""The losses against numbers worked out by hand."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gigpo_gym.losses import kl_k3, policy_loss, token_weights

# Clip range [0.8, 1.3]; dual clip at 3. The loss is -A * ratio unless it is cut.
CLIP_TABLE = [
    # ratio, advantage, dual clip, loss, gradient cut
    (1.0, 2.0, True, -2.0, False),
    (1.2, 1.0, True, -1.2, False),  # inside
    (1.5, 1.0, True, -1.3, True),  # above: a good action is made no likelier
    (0.5, 1.0, True, -0.5, False),  # a good action that became unlikely is pulled back
    (0.5, -1.0, True, 0.8, True),  # below: a bad action is made no unlikelier
    (0.9, -1.0, True, 0.9, False),
    (1.5, -1.0, True, 1.5, False),  # a bad action that became likely is pushed back ...
    (4.0, -2.0, True, 6.0, True),  # ... up to 3 times the advantage
    (4.0, -2.0, False, 8.0, False),
    (4.0, 2.0, True, -2.6, True),
    (4.0, 0.0, True, 0.0, False),
]


@pytest.mark.parametrize(("ratio", "advantage", "dual_clip", "loss", "cut"), CLIP_TABLE)
def test_policy_loss(ratio: float, advantage: float, dual_clip: bool, loss: float, cut: bool) -> None:
    logprobs = torch.tensor([-1.0 + math.log(ratio)], requires_grad=True)
    old, advantages = torch.tensor([-1.0]), torch.tensor([advantage])
    values, where_cut = policy_loss(logprobs, old, advantages, clip_low=0.2, clip_high=0.3, dual_clip=dual_clip)
    values.sum().backward()
    assert values.item() == pytest.approx(loss, rel=1e-6)
    assert where_cut.tolist() == [cut]
    assert logprobs.grad is not None
    assert logprobs.grad.item() == pytest.approx(0.0 if cut else -advantage * ratio, rel=1e-6)


def test_policy_loss_of_nan_is_nan() -> None:
    nan = torch.tensor([math.nan])
    loss, cut = policy_loss(nan, nan, nan, clip_low=0.2, clip_high=0.2, dual_clip=True)
    assert loss.isnan().all()
    assert not cut.any()


def test_kl_k3_by_hand() -> None:
    # r = reference / policy = 2 and 1/2
    kl = kl_k3(torch.log(torch.tensor([0.25, 0.5, 0.3])), torch.log(torch.tensor([0.5, 0.25, 0.3])))
    assert kl.tolist() == pytest.approx([1 - math.log(2), math.log(2) - 0.5, 0.0], abs=1e-7)


@given(st.lists(st.tuples(st.floats(-20, 0), st.floats(-20, 0)), min_size=1))
def test_kl_k3_is_never_negative_and_zero_where_equal(pairs: list[tuple[float, float]]) -> None:
    policy, reference = torch.tensor(pairs, dtype=torch.float64).T
    assert (kl_k3(policy, reference) >= -1e-12 * (reference - policy).exp()).all()
    assert (kl_k3(policy, policy) == 0).all()


def test_kl_k3_is_unbiased() -> None:
    policy, reference = torch.tensor([0.2, 0.5, 0.3]), torch.tensor([0.4, 0.35, 0.25])
    expected = (policy * (policy / reference).log()).sum()
    assert (policy * kl_k3(policy.log(), reference.log())).sum().item() == pytest.approx(expected.item(), rel=1e-5)


def test_kl_k3_gradient_by_finite_differences() -> None:
    policy = torch.tensor([-0.3, -1.0, -4.0], dtype=torch.float64, requires_grad=True)
    reference = torch.tensor([-0.5, -1.0, -2.0], dtype=torch.float64)
    kl_k3(policy, reference).sum().backward()
    with torch.no_grad():
        slope = (kl_k3(policy + 1e-6, reference) - kl_k3(policy - 1e-6, reference)) / 2e-6
    assert policy.grad is not None
    assert policy.grad.tolist() == pytest.approx(slope.tolist(), abs=1e-8)


@pytest.mark.parametrize(
    ("lengths", "rows", "aggregation", "weights"),
    [
        ([1, 2, 5], [1, 1, 1], "token", [1 / 8, 1 / 8, 1 / 8]),
        ([1, 2, 5], [1, 1, 1], "sequence", [1 / 3, 1 / 6, 1 / 15]),
        ([1, 2, 5], [1, 0, 1], "token", [1 / 6, 0, 1 / 6]),
        ([1, 2, 5], [1, 0, 1], "sequence", [1 / 2, 0, 1 / 10]),
        ([4], [1], "sequence", [1 / 4]),
        ([3, 3], [0, 0], "token", [0, 0]),
    ],
)
def test_token_weights(lengths: list[int], rows: list[float], aggregation: str, weights: list[float]) -> None:
    found = token_weights(torch.tensor(lengths), torch.tensor(rows, dtype=torch.float32), aggregation)
    assert found.tolist() == pytest.approx(weights, rel=1e-6)


def test_token_weights_refuse_an_unknown_aggregation() -> None:
    with pytest.raises(ValueError, match="must be 'token' or 'sequence', got 'mean'"):
        token_weights(torch.tensor([1]), torch.tensor([1.0]), "mean")
