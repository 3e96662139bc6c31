"""The PPO losses, as pure functions on flat token tensors (T,)."""

import torch
from torch import Tensor

DUAL_CLIP = 3.0
"""Bound of the ratio for negative advantages (Ye et al. 2020, arXiv 1912.09729, eq. 5)."""


def policy_loss(
    logprobs: Tensor,
    old_logprobs: Tensor,
    advantages: Tensor,
    *,
    clip_low: float,
    clip_high: float,
    dual_clip: bool,
) -> tuple[Tensor, Tensor]:
    """The clipped surrogate of PPO per token, and where it was clipped (Schulman et al. 2017, arXiv 1707.06347, eq. 7).

    Args:
        logprobs: (T,) under the policy being trained.
        old_logprobs: (T,) under the policy that acted.
        advantages: (T,).
        clip_low: the ratio's gain is cut below 1 - clip_low ...
        clip_high: ... and above 1 + clip_high.
        dual_clip: where the advantage is negative, the loss is bounded by DUAL_CLIP times its size.

    Returns:
        loss (T,) to be minimised, and a boolean (T,) that is True where the gradient was cut off.
    """
    ratio = (logprobs - old_logprobs).exp()
    plain = -advantages * ratio
    clipped = -advantages * ratio.clamp(1.0 - clip_low, 1.0 + clip_high)
    loss = torch.maximum(plain, clipped)
    cut = clipped > plain
    if dual_clip:
        bound = -advantages * DUAL_CLIP
        bounded = (advantages < 0) & (loss > bound)
        loss = torch.where(bounded, bound, loss)
        cut = cut | bounded
    return loss, cut


def kl_k3(logprobs: Tensor, reference_logprobs: Tensor) -> Tensor:
    """(T,) unbiased, non-negative estimates of KL(policy || reference) (k3 of Schulman's note, 2020).

    With r = reference / policy, k3 = r - 1 - log r.
    """
    log_r = reference_logprobs - logprobs
    return log_r.exp() - 1.0 - log_r


def token_weights(response_lengths: Tensor, row_weights: Tensor, aggregation: str) -> Tensor:
    """(N,) what each token of a row counts in the loss; over all tokens of the mini-batch the weights sum to 1.

    Args:
        response_lengths: (N,) tokens of each response of the mini-batch.
        row_weights: (N,) 1, or 0 for copies that only fill the batch.
        aggregation: "token", every token counts the same; "sequence", every response counts the same.

    Raises:
        ValueError: the aggregation is unknown.
    """
    if aggregation == "token":
        weights = row_weights
    elif aggregation == "sequence":
        weights = row_weights / response_lengths.clamp(min=1)
    else:
        raise ValueError(f"aggregation must be 'token' or 'sequence', got {aggregation!r}")
    return weights / (weights * response_lengths).sum().clamp(min=1e-12)
