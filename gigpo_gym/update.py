"""The update phase: PPO over mini-batches of steps, in micro-batches of bounded size."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gigpo_gym.config import Config
from gigpo_gym.losses import kl_k3, policy_loss, token_weights
from gigpo_gym.policy import Policy, TokenStatistics, batches_by_length, response_statistics
from gigpo_gym.records import FloatArray, IntArray, Rollout

logger = logging.getLogger(__name__)

MAX_SKIPPED = 5
"""Updates in a row without a finite gradient after which training stops."""


class Diverged(RuntimeError):
    """Losses or gradients stay non-finite; the weights are those before the first such update."""


class Samples:
    """The steps of a rollout as prompts and responses, N of them, U of them distinct.

    Members of a group often say the same to the same prompt. Such steps have the same log-probabilities, so each
    distinct sample is computed once and its tokens stand for all its steps: nothing is approximated.
    """

    def __init__(self, rollout: Rollout) -> None:
        if not (rollout.response_lengths.all() and rollout.prompt_lengths.all()):
            raise ValueError("every step needs the tokens of prompt and reply: plain texts cannot be trained on")
        prompts = np.split(rollout.prompt_ids, rollout.prompt_offsets[1:-1])
        responses = np.split(rollout.response_ids, rollout.response_offsets[1:-1])
        first: dict[tuple[bytes, bytes], int] = {}
        rows: list[int] = []
        distinct: list[int] = []
        for row, (prompt, response) in enumerate(zip(prompts, responses, strict=True)):
            index = first.setdefault((prompt.tobytes(), response.tobytes()), len(first))
            if index == len(rows):
                rows.append(row)
            distinct.append(index)
        self.prompts = [prompts[row] for row in rows]  # U
        self.responses = [responses[row] for row in rows]  # U
        self.distinct = np.array(distinct)  # (N,) which of the U each step is
        self.response_lengths = rollout.response_lengths  # (N,)
        self.lengths = np.array([len(p) + len(r) for p, r in zip(self.prompts, self.responses, strict=True)])  # (U,)

    def __len__(self) -> int:
        return len(self.distinct)

    def micro_batches(self, rows: IntArray, max_tokens: int) -> Iterator["MicroBatch"]:
        """`rows` in batches of similar length, each of at most `max_tokens` tokens with padding (or of one sample)."""
        distinct, inverse = np.unique(self.distinct[rows], return_inverse=True)
        for batch in batches_by_length(self.lengths[distinct], max_tokens):
            yield self._micro_batch(rows, distinct, inverse, batch)

    def _micro_batch(self, rows: IntArray, distinct: IntArray, inverse: IntArray, batch: IntArray) -> "MicroBatch":
        place = np.full(len(distinct), -1)
        place[batch] = np.arange(len(batch))
        chosen = np.flatnonzero(place[inverse] >= 0)
        samples = distinct[batch]
        ends = np.cumsum([len(self.responses[sample]) for sample in samples])
        starts = ends - [len(self.responses[sample]) for sample in samples]
        tokens = [np.arange(starts[i], ends[i]) for i in place[inverse[chosen]]]
        return MicroBatch(samples, rows[chosen], np.concatenate(tokens))


@dataclass(frozen=True)
class MicroBatch:
    """One forward pass: `samples` are computed, and their tokens spread to `rows` by `tokens`.

    samples: distinct samples (B,); rows: steps (b,) with b >= B; tokens: for every response token of the rows, one row
    after the other, its place among the response tokens of the samples (T,).
    """

    samples: IntArray
    rows: IntArray
    tokens: IntArray


def fit_rows(count: int, multiple: int, mode: str, rng: np.random.Generator) -> tuple[IntArray, FloatArray]:
    """Rows that fill whole mini-batches, and their weights.

    Args:
        count: rows there are.
        multiple: of what the number of rows has to be.
        mode: "copy" adds random copies of weight 0, "delete" drops random rows, "auto" takes whichever changes fewer;
            less than one mini-batch is always filled up.

    Returns:
        row numbers (n,) and weights (n,), 1 or 0.
    """
    surplus = count % multiple
    rows, weights = np.arange(count), np.ones(count)
    if surplus == 0:
        return rows, weights
    delete = mode == "delete" or (mode == "auto" and surplus < multiple - surplus)
    if delete and count > multiple:
        kept = np.sort(rng.permutation(count)[: count - surplus])
        return kept, weights[kept]
    copies = rng.integers(count, size=multiple - surplus)
    return np.concatenate([rows, copies]), np.concatenate([weights, np.zeros(len(copies))])


class Trainer:
    """AdamW on a policy, with a learning rate that follows the updates really made."""

    def __init__(self, policy: Policy, config: Config, reference: Policy | None = None) -> None:
        self.policy = policy
        self.config = config
        self.reference = reference
        self.optimizer = torch.optim.AdamW(
            policy.model.parameters(), lr=config.learning_rate, betas=(0.9, 0.95), weight_decay=config.weight_decay
        )
        self.updates = 0
        self._skipped_in_a_row = 0

    def logprobs(self, policy: Policy, samples: Samples) -> list[Tensor]:
        """Log-probabilities of every distinct response, U tensors (R,), without gradient."""
        found: list[Tensor] = [torch.empty(0)] * len(samples.prompts)
        _, first = np.unique(samples.distinct, return_index=True)
        with torch.no_grad():
            for batch in samples.micro_batches(first, self.config.micro_batch_tokens):
                statistics = self._forward(policy, samples, batch)
                lengths = [len(samples.responses[sample]) for sample in batch.samples]
                for sample, values in zip(batch.samples, statistics.logprobs.split(lengths), strict=True):
                    found[sample] = values
        return found

    def update(
        self,
        samples: Samples,
        advantages: FloatArray,
        old_logprobs: Sequence[Tensor],
        rng: np.random.Generator,
        advance: Callable[[int], None] = lambda updates: None,
    ) -> dict[str, float]:
        """Improve the policy on one rollout; returns metrics, means over response tokens and updates.

        Args:
            samples: N steps.
            advantages: (N,) of the steps; every token of a reply gets its step's.
            old_logprobs: per distinct sample (R,), under the policy that acted, taken before the first update.
            rng: order of the samples, and the fill of the last mini-batch.
            advance: told the number of updates after each one.

        Raises:
            Diverged: several updates in a row had no finite gradient.
        """
        config = self.config
        reference = self.logprobs(self.reference, samples) if self.reference is not None else None
        rows, weights = fit_rows(len(samples), config.mini_batch_size, config.batch_adjust_mode, rng)
        made: list[dict[str, float]] = []
        skipped = 0
        for _ in range(config.ppo_epochs):
            # Random order, but equal samples side by side: most of them then fall into one mini-batch and cost one.
            order = np.argsort(rng.permutation(len(samples.prompts))[samples.distinct[rows]], kind="stable")
            for start in range(0, len(rows), config.mini_batch_size):
                chosen = order[start : start + config.mini_batch_size]
                counted = chosen[weights[chosen] > 0]  # a copy of weight 0 adds nothing to loss or gradient
                if counted.size:
                    metrics = self._update_once(samples, advantages, old_logprobs, reference, rows[counted])
                    if metrics is None:
                        skipped += 1
                    else:
                        made.append(metrics)
                advance(1)
        means = {name: sum(metrics[name] for metrics in made) / len(made) for name in (made[0] if made else ())}
        return means | {
            "policy/skipped_updates": float(skipped),
            "policy/updates": float(self.updates),
            "policy/learning_rate": self.learning_rate,
        }

    @property
    def learning_rate(self) -> float:
        """Of the next update."""
        config, done = self.config, self.updates
        if done < config.lr_warmup_updates:
            return config.learning_rate * (done + 1) / config.lr_warmup_updates
        if config.lr_decay_updates is None:
            return config.learning_rate
        left = 1 - (done - config.lr_warmup_updates) / (config.lr_decay_updates - config.lr_warmup_updates)
        left = max(left, 0.0)
        return config.learning_rate * (left if config.lr_schedule == "linear" else 0.5 - 0.5 * np.cos(np.pi * left))

    def _forward(self, policy: Policy, samples: Samples, batch: MicroBatch) -> TokenStatistics:
        return response_statistics(
            policy.model,
            [samples.prompts[sample] for sample in batch.samples],
            [samples.responses[sample] for sample in batch.samples],
            temperature=self.config.temperature,
            pad_id=policy.pad_id,
        )

    def _update_once(
        self,
        samples: Samples,
        advantages: FloatArray,
        old_logprobs: Sequence[Tensor],
        reference: Sequence[Tensor] | None,
        rows: IntArray,
    ) -> dict[str, float] | None:
        """One optimiser update on one mini-batch; its metrics, or None where it had to be skipped."""
        config, device = self.config, self.policy.device
        lengths = torch.from_numpy(samples.response_lengths[rows])
        weights = token_weights(lengths, torch.ones(len(rows)), config.loss_aggregation)
        weight_of = np.zeros(len(samples))
        weight_of[rows] = weights.numpy()
        self.optimizer.zero_grad(set_to_none=True)
        total = 0.0
        found = []
        for batch in samples.micro_batches(rows, config.micro_batch_tokens):
            tokens = torch.from_numpy(batch.tokens).to(device)
            repeats = samples.response_lengths[batch.rows]
            statistics = self._forward(self.policy, samples, batch)
            logprobs, entropy = statistics.logprobs[tokens], statistics.entropy[tokens]  # (T,)
            old = torch.cat([old_logprobs[sample] for sample in batch.samples])[tokens]
            advantage = torch.from_numpy(np.repeat(advantages[batch.rows], repeats)).to(logprobs)
            weight = torch.from_numpy(np.repeat(weight_of[batch.rows], repeats)).to(logprobs)
            surrogate, cut = policy_loss(
                logprobs,
                old,
                advantage,
                clip_low=config.pg_clip,
                clip_high=config.pg_clip if config.pg_clip_high is None else config.pg_clip_high,
                dual_clip=config.dual_clip_loss,
            )
            terms = {
                "loss/policy": surrogate,
                "policy/entropy": entropy,
                "policy/kl": kl_k3(old, logprobs.detach()),  # KL(old || new): the tokens were drawn from the old one
                "policy/clip_share": cut.to(logprobs),
            }
            loss = surrogate - config.entropy_loss_coef * entropy
            if reference is not None:
                kl = kl_k3(logprobs, torch.cat([reference[sample] for sample in batch.samples])[tokens])
                terms["policy/kl_reference"] = kl
                loss = loss + config.init_kl_coef * kl
            weighted = (weight * loss).sum()
            weighted.backward()
            total += weighted.item()
            found.append({name: (weight * term.detach()).sum().item() for name, term in terms.items()})
        norm = torch.nn.utils.clip_grad_norm_(self.policy.model.parameters(), config.max_grad_norm).item()
        if not (np.isfinite(total) and np.isfinite(norm)):
            self._skip()
            return None
        self._skipped_in_a_row = 0
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate
        self.optimizer.step()
        self.updates += 1
        sums = {name: sum(part[name] for part in found) for name in found[0]}
        return sums | {"loss/total": total, "policy/grad_norm": norm}

    def _skip(self) -> None:
        self._skipped_in_a_row += 1
        logger.warning("update %d skipped: its loss or gradient is not finite", self.updates + 1)
        if self._skipped_in_a_row >= MAX_SKIPPED:
            raise Diverged(
                f"{MAX_SKIPPED} updates in a row had a loss or gradient that is not finite; the weights were left as "
                "they were before. Lower learning_rate, or look into the rewards and the model."
            )
