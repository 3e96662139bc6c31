"""A policy: a causal language model with its tokenizer, and the log-probabilities of what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

from gigpo_gym.records import IntArray, Message

CACHED_PROMPTS = 100_000
"""Prompts whose tokens are kept: members of a group, and iterations, see many prompts again."""


class Policy:
    """A model folder (or hub id) in memory: weights, tokenizer, chat template.

    Raises:
        ValueError: the folder or id is no whole causal language model with a chat template; the message says why.
    """

    def __init__(self, source: str, *, dtype: str = "float32", device: str = "cpu") -> None:
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(source)
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                source,
                dtype=getattr(torch, dtype),
                use_safetensors=True,  # the other format is pickled
                output_loading_info=True,
            )
        except Exception as error:  # of a damaged file: SafetensorError, TypeError, AttributeError, RuntimeError ...
            kind = "folder" if Path(source).exists() else "hub id (no such folder here)"
            raise ValueError(
                f"cannot load a model from the {kind} {source!r}; expected a folder with config.json, "
                f"model.safetensors and tokenizer.json, a hub id, or 'tiny'. The loader says: {error}"
            ) from error
        model, found = loaded
        self.model: Any = model.to(device)
        self.model.eval()  # no dropout: the policy that is updated is the policy that acted
        stops = self.model.generation_config.eos_token_id
        stops = stops if isinstance(stops, list) else [stops]
        self.stop_ids = sorted({i for i in (*stops, self.tokenizer.eos_token_id) if i is not None})
        if problem := self._problem(sorted(found["missing_keys"])):
            raise ValueError(f"{source!r} {problem}")
        self.end_id = self.tokenizer.eos_token_id if self.tokenizer.eos_token_id is not None else self.stop_ids[0]
        self.pad_id = self.tokenizer.pad_token_id if self.tokenizer.pad_token_id is not None else self.end_id
        # Sampling habits that a model brings (top-k, penalties, min-p ...) would shape the logits behind our back.
        self.model.generation_config = GenerationConfig(eos_token_id=self.stop_ids, pad_token_id=self.pad_id)
        self._encoded: dict[str, IntArray] = {}

    def _problem(self, missing: list[str]) -> str | None:
        """Why the model that was loaded cannot be trained here."""
        words, rows = len(self.tokenizer), self.model.get_input_embeddings().num_embeddings
        if missing:
            return f"lacks weights: {', '.join(missing[:3])}" + (" ..." if len(missing) > 3 else "")
        if words > rows:
            return f"has a tokenizer of {words} tokens for a model of {rows}: is tokenizer_config.json missing?"
        if not self.tokenizer.chat_template:
            return "has no chat template: use an instruction-tuned model"
        if not self.stop_ids:
            return "has no end-of-turn token: name it as eos_token in tokenizer_config.json"
        with torch.no_grad():
            probe = torch.arange(min(8, rows), device=self.device)[None]
            if not torch.allclose(_logits(self.model, probe), self.model(input_ids=probe).logits.float()):
                return "changes its logits after the output layer (soft-capping, scaling), which is not supported"
        return None

    @property
    def device(self) -> torch.device:
        return torch.device(self.model.device)

    @property
    def context_length(self) -> int:
        return int(self.model.config.max_position_embeddings)

    def encode(self, messages: list[Message]) -> IntArray:
        """(P,) tokens of a chat up to the point where the policy answers. The array is shared: do not write to it."""
        text = str(self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False))
        if text not in self._encoded:
            if len(self._encoded) >= CACHED_PROMPTS:
                self._encoded.clear()
            # The template has written the special tokens already.
            ids = np.array(self.tokenizer(text, add_special_tokens=False)["input_ids"], dtype=np.int64)
            ids.setflags(write=False)
            self._encoded[text] = ids
        return self._encoded[text]

    def answer(self, text: str) -> IntArray:
        """(R,) tokens of a whole reply up to where the turn ends: what the policy is shown in supervised training."""
        ids = np.array([*self.tokenizer(text, add_special_tokens=False)["input_ids"], self.end_id])
        return ids[: self.turn_length(ids)]

    def turn_length(self, tokens: IntArray) -> int:
        """Tokens up to and including the first that ends the turn; all of them where none does."""
        stops = np.flatnonzero(np.isin(tokens, self.stop_ids))
        return int(stops[0]) + 1 if stops.size else len(tokens)

    def decode(self, token_ids: Sequence[int] | IntArray) -> str:
        return str(self.tokenizer.decode(np.asarray(token_ids), skip_special_tokens=True))

    def save(self, folder: Path) -> None:
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


@dataclass(frozen=True)
class TokenStatistics:
    """Of the response tokens of a batch, one sample after the other, (T,)."""

    logprobs: Tensor
    entropy: Tensor


def response_statistics(
    model: Any,
    prompts: Sequence[IntArray],
    responses: Sequence[IntArray],
    *,
    temperature: float,
    pad_id: int,
) -> TokenStatistics:
    """Log-probability and entropy of every response token, (T,), T tokens of all responses one after the other.

    The logits are divided by `temperature`, so that these are the probabilities the tokens were sampled with. Rows are
    padded on the right, where causal attention never looks: no mask is needed, and none slows attention down.
    """
    lengths = np.array([len(p) + len(r) for p, r in zip(prompts, responses, strict=True)])
    ids = np.full((len(lengths), lengths.max()), pad_id, dtype=np.int64)  # (B, L)
    at_response = np.zeros(ids.shape, dtype=bool)  # where the next token is one of the response
    for row, (prompt, response) in enumerate(zip(prompts, responses, strict=True)):
        ids[row, : len(prompt)] = prompt
        ids[row, len(prompt) : lengths[row]] = response
        at_response[row, len(prompt) - 1 : lengths[row] - 1] = True
    targets = torch.from_numpy(np.concatenate(responses)).to(model.device)  # (T,)
    at = torch.from_numpy(at_response).to(model.device)
    logits = _logits(model, torch.from_numpy(ids).to(model.device), at) / temperature  # (T, V)
    log_p = torch.log_softmax(logits, dim=-1)
    entropy = -(log_p.exp() * log_p).sum(-1)
    return TokenStatistics(log_p.gather(-1, targets[:, None])[:, 0], entropy)


def batches_by_length(lengths: IntArray, max_tokens: int) -> list[IntArray]:
    """Which of B samples of `lengths` (B,) go together: similar ones, at most `max_tokens` with padding, or one."""
    batches: list[list[int]] = []
    for sample in np.argsort(lengths, kind="stable"):
        # Sorted by length, so the newest sample is the longest of its batch.
        if not batches or (len(batches[-1]) + 1) * lengths[sample] > max_tokens:
            batches.append([])
        batches[-1].append(int(sample))
    return [np.array(batch, dtype=np.int64) for batch in batches]


def _logits(model: Any, ids: Tensor, at: Tensor | None = None) -> Tensor:
    """(B, L, V), or (T, V) of the T places where `at` (B, L) is True: the output layer is most of the cost."""
    hidden = model.get_decoder()(input_ids=ids, use_cache=False).last_hidden_state
    return model.get_output_embeddings()(hidden if at is None else hidden[at]).float()  # type: ignore[no-any-return]
