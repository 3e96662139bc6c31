"""The tiny policy: a Qwen3 of a few hundred thousand parameters and a tokenizer of whole words plus bytes.

Both are ordinary: the folder that `build_tiny` writes loads with AutoModelForCausalLM and AutoTokenizer (and vLLM).
The words are those of the environment, so that a prompt is short; any other text falls back to bytes and round-trips.
The chat template leaves the system message out: a policy of this size cannot read rules, it has to find them out.

Qwen3 rather than Qwen2, which differs by a norm on queries and keys: for a Qwen2 folder transformers 5.19 replaces
whatever tokenizer was saved by Qwen2's own, whose Unicode normalisation changes text.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

from gigpo_gym.prompts import ANSWER_CLOSE, ANSWER_OPEN

USER, ASSISTANT, END, PAD = "<|user|>", "<|assistant|>", "<|end|>", "<|pad|>"

CHAT_TEMPLATE = (
    "{% for message in messages %}{% if message['role'] != 'system' %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] }}"
    "{% if message['role'] == 'assistant' %}{{ '<|end|>' }}{% endif %}"
    "{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)

_SPACE = "Ġ"  # as the byte-level alphabet writes it
_MARK = r" ?(?<!\w)\[\w+(?: \w+)?\]"  # [SEP], [button_], [clicked button]; not the brackets of click[blue]
_WORDS = pre_tokenizers.Sequence(
    [
        pre_tokenizers.Split(
            Regex(_MARK + r"|'(?:[sdmt]|ll|ve|re)| ?[\p{L}\p{N}]+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), "isolated"
        ),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
)
"""GPT-2's words, but that letters and digits stay together, and so do marks in brackets."""
_NAME = re.compile(r" ?(?=\D*\d)(?=.*[^\W\d])\w{6,}")
"""Names such as b0ck66s333 are spelled: there are too many to be words, and spelling is copied like any text."""


def build_tokenizer(texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """A byte-level tokenizer whose vocabulary is the 256 bytes and every word of `texts` (leading space included)."""
    words = {word for text in texts for word, _ in _WORDS.pre_tokenize_str(text) if not _NAME.fullmatch(word)}
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {word: i for i, word in enumerate([*alphabet, *sorted(words - set(alphabet))])}
    # BPE without merges takes a pre-token whole where the vocabulary has it (ignore_merges), else byte by byte.
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], ignore_merges=True))
    tokenizer.pre_tokenizer = _WORDS
    tokenizer.decoder = decoders.ByteLevel()
    # The answer tags are words of the answer, not control tokens: decoding with skip_special_tokens keeps them.
    tokenizer.add_tokens([AddedToken(tag, special=False, normalized=False) for tag in (ANSWER_OPEN, ANSWER_CLOSE)])
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in (USER, ASSISTANT, END, PAD)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token=PAD,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )


def build_tiny(
    folder: Path,
    texts: Iterable[str],
    *,
    seed: int,
    hidden_size: int,
    num_layers: int,
    max_length: int,
    copies: bool = False,
) -> None:
    """Write a freshly initialised tiny policy to `folder`; equal arguments give equal bytes.

    Args:
        texts: what the vocabulary must cover: prompts and replies of the environment.
        seed: of the weights.
        hidden_size: width; a multiple of 32. Heads are 32 wide, the feed-forward layer 4 times the width.
        num_layers: depth; at least 2 with `copies`.
        max_length: positions, prompt and reply together.
        copies: whether it starts able to copy words of its prompt, see `make_alike` and `add_induction_head`.
    """
    tokenizer = build_tokenizer(texts)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=hidden_size,
        intermediate_size=4 * hidden_size,
        num_hidden_layers=num_layers,
        num_attention_heads=hidden_size // 32,
        num_key_value_heads=hidden_size // 32,
        head_dim=32,
        # transformers' 0.02 is meant for widths in the thousands: from it, a policy this narrow takes three times as
        # long to see anything in its prompt, and some seeds ten times.
        initializer_range=0.5 / hidden_size**0.5,
        max_position_embeddings=max_length,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)  # torch.manual_seed would reseed the GPUs too
        model = Qwen3ForCausalLM(config)
        if copies:
            make_alike(model, tokenizer)
            add_induction_head(model)
    # The turn ends with the answer: nothing that could follow would be read, yet an entropy bonus would pay for it.
    model.generation_config.eos_token_id = [tokenizer.eos_token_id, tokenizer.convert_tokens_to_ids(ANSWER_CLOSE)]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


@torch.no_grad()
def make_alike(model: Qwen3ForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
    """Give words that differ by case or by a space before them nearly the same embeddings, and double all logits.

    Where `size: small` is read and `click[small]` is to be said, the two are different tokens. From independent
    embeddings a policy learns that for each pair anew; from these it learns to copy.
    """
    embeddings = model.lm_head.weight  # (V, H), tied
    forms: dict[str, list[int]] = {}
    for token, number in sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1]):
        forms.setdefault(token.lstrip(_SPACE).lower(), []).append(number)
    scale = embeddings.std()
    for form, numbers in forms.items():
        shared = torch.randn(embeddings.shape[1]) * scale
        if len(form) > 1:  # letters stay apart: names are spelled in them, and are copied letter by letter
            embeddings[numbers] = 0.95 * shared + 0.32 * embeddings[numbers]
    model.model.norm.weight.mul_(2)


@torch.no_grad()
def add_induction_head(model: Qwen3ForCausalLM) -> None:
    """Make the first heads of the first two layers an induction head, and let all else add nothing at the start.

    After a word that came before, some 200 words back at most, it attends to what followed then, which is what a policy
    needs to copy a name or an option. Pretrained models have such heads; a policy that starts at random spends most of
    its warm-up finding one ("In-context Learning and Induction Heads", Olsson et al. 2022, describe the two layers).
    The numbers make attention sharp, and what is noted about as large as a word.
    """
    config: Any = model.config
    size, pairs, half = config.head_dim, config.head_dim // 2, config.hidden_size // 2
    angles = config.rope_parameters["rope_theta"] ** (-torch.arange(pairs) / pairs)  # radians per position
    # The lower half of the stream holds the word, the upper half the one before it. Coordinate 0 is the same for all
    # words: a head that reads it alone looks by position alone.
    embeddings = model.lm_head.weight
    embeddings[:, half:] = 0
    embeddings[:, 0] = 0.25
    word = torch.arange(1, min(half, size))
    for layer in model.model.layers:
        layer.mlp.down_proj.weight.zero_()
        layer.self_attn.o_proj.weight.zero_()
    first, second = (layer.self_attn for layer in model.model.layers[:2])
    for attention in (first, second):
        for projection in (attention.q_proj, attention.k_proj, attention.v_proj):
            projection.weight[:size] = 0
        attention.q_norm.weight.fill_(1.5)  # of all heads
        attention.k_norm.weight.fill_(1.5)
        attention.v_proj.weight[word, word] = 1
    # The first looks one position back, by pairs that turn fast, and notes the word that stands there: its keys are
    # turned one position ahead, where the query of the next word meets them.
    fast = torch.arange(6)
    first.q_proj.weight[fast, 0] = 1
    first.k_proj.weight[fast, 0] = angles[fast].cos()
    first.k_proj.weight[fast + pairs, 0] = angles[fast].sin()
    first.o_proj.weight[half + word, word] = 0.1
    # The second looks for places where that is the present word, by pairs that hardly turn, and adds the word there.
    slow = (angles < 0.005).nonzero()[:, 0]
    coordinates = torch.cat([slow, slow + pairs])
    read = word[: len(coordinates)]
    second.q_proj.weight[coordinates, read] = 1
    second.k_proj.weight[coordinates, half + read] = 1
    second.o_proj.weight[word, word] = 0.05
