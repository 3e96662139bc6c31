"""A policy: a causal language model with its tokenizer, and the log-probabilities of what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer

from gigpo_gym.records import IntArray, Message

CACHED_PROMPTS = 100_000
"""Prompts whose tokens are kept: members of a group, and iterations, see many prompts again."""


class Policy:
    """A model folder (or hub id) in memory: weights, tokenizer, chat template.

    Raises:
        ValueError: the folder or id is no causal language model with a chat template; the message says what is missing.
    """

    def __init__(self, source: str, *, dtype: str = "float32", device: str = "cpu") -> None:
        self.source = source
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(source)
            model: Any = AutoModelForCausalLM.from_pretrained(source, dtype=getattr(torch, dtype))
        except (OSError, ValueError, KeyError) as error:
            kind = "folder" if Path(source).exists() else "hub id (no such folder here)"
            raise ValueError(
                f"cannot load a model from the {kind} {source!r}; expected a folder with config.json, "
                f"model.safetensors and tokenizer.json, a hub id, or 'tiny'. The loader says: {error}"
            ) from error
        if self.tokenizer.chat_template is None:
            raise ValueError(f"{source!r} has no chat template: use an instruction-tuned model")
        self.model = model.to(device)
        self.model.eval()  # no dropout: the policy that is updated is the policy that acted
        stops = self.model.generation_config.eos_token_id
        stops = stops if isinstance(stops, list) else [stops]
        self.stop_ids = sorted({i for i in (*stops, self.tokenizer.eos_token_id) if i is not None})
        self.end_id = self.tokenizer.eos_token_id if self.tokenizer.eos_token_id is not None else self.stop_ids[0]
        self.pad_id = self.tokenizer.pad_token_id if self.tokenizer.pad_token_id is not None else self.end_id
        self._encoded: dict[str, IntArray] = {}

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
        """(R,) tokens of a whole reply, end of turn included: what the policy is shown in supervised training."""
        return np.array([*self.tokenizer(text, add_special_tokens=False)["input_ids"], self.end_id])

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
    hidden = model.get_decoder()(input_ids=torch.from_numpy(ids).to(model.device), use_cache=False).last_hidden_state
    hidden = hidden[torch.from_numpy(at_response).to(model.device)]  # (T, H)
    logits = model.get_output_embeddings()(hidden).float() / temperature  # (T, V)
    log_p = torch.log_softmax(logits, dim=-1)
    entropy = -(log_p.exp() * log_p).sum(-1)
    return TokenStatistics(log_p.gather(-1, targets[:, None])[:, 0], entropy)
