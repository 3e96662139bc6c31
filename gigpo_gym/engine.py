"""Engines generate replies: token ids in, sampled tokens with their log-probabilities out."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import LongTensor, Tensor
from transformers import DynamicCache, GenerationConfig, LogitsProcessor, LogitsProcessorList

from gigpo_gym.policy import Policy
from gigpo_gym.records import IntArray, Reply, StepRequest


class Engine(Protocol):
    """What train.py needs of an engine."""

    def generate(
        self, requests: Sequence[StepRequest], *, temperature: float, max_tokens: int, seed: int
    ) -> dict[int, Reply]:
        """Answer every request with at most `max_tokens` tokens; equal seeds give equal replies.

        A temperature of 0 takes the likeliest token. Logits are shaped by the temperature alone (no top-k, top-p or
        penalties), so that the log-probabilities are those of the distribution the trainer computes.
        """
        ...

    def update_weights(self) -> None:
        """Take over the policy's weights; called once per iteration."""
        ...


class HuggingFaceEngine:
    """Generates with the policy's own weights by `transformers`' generate.

    Args:
        policy: shared with the trainer, so there are no weights to send.
        batch_size: replies generated at once.
    """

    def __init__(self, policy: Policy, *, batch_size: int = 512) -> None:
        self.policy = policy
        self.batch_size = batch_size

    def update_weights(self) -> None:
        """Nothing to do: the weights are the policy's."""

    @torch.no_grad()
    def generate(
        self, requests: Sequence[StepRequest], *, temperature: float, max_tokens: int, seed: int
    ) -> dict[int, Reply]:
        devices = [self.policy.device] if self.policy.device.type == "cuda" else []
        replies: dict[int, Reply] = {}
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(seed)
            for start in range(0, len(requests), self.batch_size):
                batch = requests[start : start + self.batch_size]
                prompts = [request.prompt_ids for request in batch]
                tokens, logprobs = self._generate_batch(prompts, temperature, max_tokens)
                for row, request in enumerate(batch):
                    length = self.policy.turn_length(tokens[row])
                    token_ids = tokens[row, :length]
                    text = self.policy.decode(token_ids)
                    replies[request.index] = Reply(text, request.prompt_ids, token_ids, logprobs[row, :length])
        return replies

    def _generate_batch(
        self, prompts: list[IntArray], temperature: float, max_tokens: int
    ) -> tuple[IntArray, np.ndarray]:
        """Sampled tokens (B, R), padded after the end of turn, and their log-probabilities (B, R)."""
        policy = self.policy
        ids, mask, rows = _pad_distinct(prompts, policy.pad_id)
        input_ids, attention_mask = ids.to(policy.device), mask.to(policy.device)
        rows = rows.to(policy.device)
        # Members of a group often stand before the same prompt: each distinct prompt is read once, all but its last
        # token, and the rows then share what was computed.
        cache = DynamicCache()
        if ids.shape[1] > 1:
            positions = (attention_mask.cumsum(-1) - 1).clamp(min=0)
            policy.model.get_decoder()(
                input_ids=input_ids[:, :-1],
                attention_mask=attention_mask[:, :-1] if (mask == 0).any() else None,
                position_ids=positions[:, :-1],
                past_key_values=cache,
                use_cache=True,
            )
            cache.batch_select_indices(rows)
        recorder = _SampledLogprobs(temperature)
        sequences = policy.model.generate(
            input_ids=input_ids[rows],
            attention_mask=attention_mask[rows],
            past_key_values=cache,
            logits_processor=LogitsProcessorList([recorder]),
            generation_config=GenerationConfig(
                max_new_tokens=max_tokens,
                do_sample=temperature > 0,
                # Models bring sampling habits of their own (top-k 50, repetition penalties): all are switched off, and
                # the recorder applies the temperature.
                temperature=1.0,
                top_k=0,
                top_p=1.0,
                repetition_penalty=1.0,
                eos_token_id=policy.stop_ids,
                pad_token_id=policy.pad_id,
            ),
        )
        tokens = sequences[:, ids.shape[1] :]
        return tokens.cpu().numpy(), recorder.finish(tokens)


class _SampledLogprobs(LogitsProcessor):
    """Applies the temperature and remembers the log-probability of each token that was then sampled.

    Only one (B, V) array is held at a time: the token drawn from it is known when the next one comes.
    """

    def __init__(self, temperature: float) -> None:
        self.temperature = temperature
        self._pending: Tensor | None = None
        self._sampled: list[Tensor] = []

    def __call__(self, input_ids: LongTensor, scores: Tensor) -> Tensor:
        self._take(input_ids[:, -1])
        scores = scores.float() / (self.temperature or 1.0)
        self._pending = torch.log_softmax(scores, dim=-1)
        return scores

    def finish(self, tokens: Tensor) -> np.ndarray:
        """(B, R) for the sampled tokens (B, R)."""
        self._take(tokens[:, -1])
        return torch.stack(self._sampled, dim=1).double().cpu().numpy()

    def _take(self, token_ids: Tensor) -> None:
        if self._pending is not None:
            self._sampled.append(self._pending.gather(-1, token_ids[:, None])[:, 0])


def _pad_distinct(prompts: list[IntArray], pad_id: int) -> tuple[Any, Any, Any]:
    """Distinct prompts padded on the left (U, L), their mask (U, L), and the row that each prompt became (B,)."""
    row_of: dict[bytes, int] = {}
    rows = [row_of.setdefault(prompt.tobytes(), len(row_of)) for prompt in prompts]
    distinct = [np.frombuffer(data, dtype=np.int64) for data in row_of]
    longest = max(len(prompt) for prompt in distinct)
    ids = np.full((len(distinct), longest), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, prompt in enumerate(distinct):
        ids[row, longest - len(prompt) :] = prompt
        mask[row, longest - len(prompt) :] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.tensor(rows)
