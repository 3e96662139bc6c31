"""Policies of several families: what they read, the probabilities of what they said, and what is refused."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers.processors import TemplateProcessing
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from gigpo_gym.policy import Policy, response_statistics
from gigpo_gym.records import IntArray
from gigpo_gym.tiny import build_tiny, build_tokenizer

MESSAGES = [
    {"role": "system", "content": "The rules."},
    {"role": "user", "content": "Go Left or Right?\nÉlan e\u0301"},
]
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "max_position_embeddings": 64,
    "vocab_size": 300,
    "bos_token_id": None,
}
TEMPLATE = (
    "{{ bos_token or '' }}{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def save_model(folder: Path, model: Any) -> Path:
    """A model folder with a tokenizer that writes a <|bos|> before every text, as Llama's does."""
    tokenizer = build_tokenizer(["Go Left or Right"])
    tokenizer.add_special_tokens({"bos_token": "<|bos|>", "additional_special_tokens": ["<|im_start|>", "<|im_end|>"]})
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single="<|bos|> $A", special_tokens=[("<|bos|>", tokenizer.bos_token_id)]
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


def make(folder: Path, kind: str) -> str:
    torch.manual_seed(0)
    if kind == "tiny":
        build_tiny(folder, ["Go Left or Right"], seed=0, hidden_size=32, num_layers=2, max_length=64)
    elif kind == "qwen2":
        save_model(folder, Qwen2ForCausalLM(Qwen2Config(**SIZES)))
    elif kind == "qwen3":
        save_model(folder, Qwen3ForCausalLM(Qwen3Config(**SIZES, head_dim=16, tie_word_embeddings=False)))
    else:
        save_model(folder, LlamaForCausalLM(LlamaConfig(**SIZES)))
    return str(folder)


@pytest.fixture(scope="module", params=["tiny", "qwen2", "qwen3", "llama"])
def policy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Policy:
    policy = Policy(make(tmp_path_factory.mktemp(request.param), request.param))
    sharpen(policy.model)
    return policy


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(make(tmp_path_factory.mktemp("plain"), "tiny"))


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def sharpen(model: torch.nn.Module) -> None:
    """Larger weights: a fresh model finds all tokens about equally likely, and nothing it does could be told apart."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.mul_(4)


def samples(seed: int, lengths: list[tuple[int, int]]) -> tuple[list[IntArray], list[IntArray]]:
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 256, p) for p, _ in lengths], [rng.integers(0, 256, r) for _, r in lengths]


def test_encode_is_what_the_chat_template_gives(policy: Policy) -> None:
    expected = policy.tokenizer.apply_chat_template(
        MESSAGES, add_generation_prompt=True, tokenize=True, return_dict=False
    )
    for _ in range(2):  # the second time from the cache
        assert policy.encode(MESSAGES).tolist() == expected
    assert policy.encode(MESSAGES).dtype == np.int64
    assert policy.encode(MESSAGES[:1]).tolist() != expected
    with pytest.raises(ValueError, match="read-only"):
        policy.encode(MESSAGES)[0] = 0


def test_an_answer_is_the_text_up_to_the_end_of_turn(policy: Policy) -> None:
    assert policy.end_id in policy.stop_ids
    for text in ("<think>G</think> Left", "<action>Left</action>"):
        ids = policy.answer(text)
        assert policy.decode(ids) == text
        # A tiny policy's turn ends with its answer, any other's with the token that ends turns.
        closes = policy.model.config.vocab_size != SIZES["vocab_size"] and text.endswith("</action>")
        assert policy.tokenizer.decode(ids, skip_special_tokens=False) == (text if closes else f"{text}<|end|>")
        assert ids[-1] in policy.stop_ids


def test_a_turn_ends_with_the_first_token_that_ends_turns(policy: Policy) -> None:
    end, other = policy.end_id, 1
    for ids, length in (([other, other], 2), ([other, end, other, end], 2), ([end, end], 1)):
        assert policy.turn_length(np.array(ids)) == length


@pytest.mark.parametrize("temperature", [1.0, 0.4])
@pytest.mark.parametrize("lengths", [[(5, 3)], [(1, 1)], [(2, 7), (9, 1), (1, 4), (5, 5)], [(3, 2), (3, 2)]], ids=str)
def test_response_statistics_are_those_of_each_sample_alone(
    policy: Policy, lengths: list[tuple[int, int]], temperature: float
) -> None:
    prompts, responses = samples(1, lengths)
    found = response_statistics(policy.model, prompts, responses, temperature=temperature, pad_id=policy.pad_id)
    logprobs, entropies = [], []
    for prompt, response in zip(prompts, responses, strict=True):
        with torch.no_grad():
            logits = policy.model(input_ids=torch.tensor([[*prompt, *response]])).logits[0].double() / temperature
        for t, token in enumerate(response):
            p = torch.softmax(logits[len(prompt) + t - 1], dim=-1)  # what comes before the token predicts it
            logprobs.append(float(p[token].log()))
            entropies.append(float(-(p * p.log()).sum()))
    assert found.logprobs.tolist() == pytest.approx(logprobs, abs=1e-5)
    assert found.entropy.tolist() == pytest.approx(entropies, abs=1e-5)
    assert np.ptp(entropies) > 0.01 or len(entropies) == 1  # there is something to tell apart


def test_response_statistics_do_not_depend_on_the_padding(policy: Policy) -> None:
    prompts, responses = samples(2, [(2, 3), (8, 6)])
    one, other = (
        response_statistics(policy.model, prompts, responses, temperature=1.0, pad_id=pad) for pad in (policy.pad_id, 7)
    )
    assert torch.equal(one.logprobs, other.logprobs)


def test_response_statistics_carry_gradients(policy: Policy) -> None:
    prompts, responses = samples(3, [(2, 3)])
    response_statistics(policy.model, prompts, responses, temperature=1.0, pad_id=0).logprobs.sum().backward()
    gradients = [parameter.grad for parameter in policy.model.parameters()]
    policy.model.zero_grad()
    assert all(gradient is not None and gradient.any() for gradient in gradients)


def test_bfloat16_gives_float32_statistics(tiny: Path) -> None:
    policy = Policy(str(tiny), dtype="bfloat16")
    prompts, responses = samples(4, [(2, 3), (4, 1)])
    found = response_statistics(policy.model, prompts, responses, temperature=1.0, pad_id=policy.pad_id)
    assert policy.model.dtype == torch.bfloat16
    assert found.logprobs.dtype == found.entropy.dtype == torch.float32


def test_save_then_load(policy: Policy, tmp_path: Path) -> None:
    policy.save(tmp_path)
    again = Policy(str(tmp_path))
    for (name, weight), other in zip(policy.model.named_parameters(), again.model.parameters(), strict=True):
        assert torch.equal(weight, other), name
    assert again.encode(MESSAGES).tolist() == policy.encode(MESSAGES).tolist()
    assert (again.stop_ids, again.end_id, again.pad_id) == (policy.stop_ids, policy.end_id, policy.pad_id)
    assert again.context_length == policy.context_length == 64


def test_stop_ids_are_those_of_model_and_tokenizer(copy: Path) -> None:
    end = Policy(str(copy)).end_id
    edit(copy / "generation_config.json", eos_token_id=[5, 7])
    policy = Policy(str(copy))
    assert policy.stop_ids == sorted([5, 7, end])
    assert policy.end_id == end
    policy.save(copy)
    assert Policy(str(copy)).stop_ids == policy.stop_ids


def test_generation_habits_that_transformers_will_not_write_do_not_hinder_saving(copy: Path, tmp_path: Path) -> None:
    edit(copy / "generation_config.json", temperature=0.6, top_p=0.9, do_sample=False)
    Policy(str(copy)).save(tmp_path / "saved")
    assert Policy(str(tmp_path / "saved")).stop_ids


def edit(file: Path, **values: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def without_weight(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["model.norm.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def cut(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:5000])


def without_end(folder: Path) -> None:
    edit(folder / "tokenizer_config.json", eos_token=None)
    edit(folder / "generation_config.json", eos_token_id=None)
    edit(folder / "config.json", eos_token_id=None)


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no config": (lambda folder: (folder / "config.json").unlink(), "expected a folder with config.json"),
    "config is no JSON": (lambda folder: (folder / "config.json").write_text('{"model'), "not a valid JSON file"),
    "config is a list": (lambda folder: (folder / "config.json").write_text("[1]"), "cannot load a model"),
    "unknown type": (lambda folder: edit(folder / "config.json", model_type="nonsense"), "model type `nonsense`"),
    "no language model": (lambda folder: edit(folder / "config.json", model_type="t5"), "AutoModelForCausalLM"),
    "other sizes": (lambda folder: edit(folder / "config.json", hidden_size=64), "cannot load a model"),
    "no weights": (lambda folder: (folder / "model.safetensors").unlink(), "model.safetensors"),
    "empty weights": (lambda folder: (folder / "model.safetensors").write_bytes(b""), "header too small"),
    "cut weights": (cut, "file not fully covered"),
    "a weight is missing": (without_weight, r"lacks weights: model\.norm\.weight"),
    "no tokenizer": (lambda folder: (folder / "tokenizer.json").unlink(), "cannot load a model"),
    "tokenizer is no JSON": (lambda folder: (folder / "tokenizer.json").write_text(""), "Expecting value"),
    "tokenizer is a list": (lambda folder: (folder / "tokenizer.json").write_text("[1]"), "cannot load a model"),
    "another tokenizer": (lambda folder: (folder / "tokenizer_config.json").unlink(), r"tokens for a model of \d+"),
    "no chat template": (lambda folder: (folder / "chat_template.jinja").unlink(), "has no chat template"),
    "empty chat template": (lambda folder: (folder / "chat_template.jinja").write_text(""), "has no chat template"),
    "no end of turn": (without_end, "has no end-of-turn token"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_whole_model_is_refused(copy: Path, fault: str) -> None:
    breaks, message = FAULTS[fault]
    breaks(copy)
    with pytest.raises(ValueError, match=message) as refusal:
        Policy(str(copy))
    assert str(copy) in str(refusal.value)


def test_a_place_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot load a model from the folder"):
        Policy(str(tmp_path))
    with pytest.raises(ValueError, match=r"hub id \(no such folder here\) '/no/such/folder'"):
        Policy("/no/such/folder")


class _Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_pickled_weights_are_refused_and_not_unpickled(copy: Path, tmp_path: Path) -> None:
    (copy / "model.safetensors").unlink()
    (copy / "pytorch_model.bin").write_bytes(pickle.dumps(_Trap(tmp_path / "sprung")))
    with pytest.raises(ValueError, match=r"no file named model\.safetensors"):
        Policy(str(copy))
    assert not (tmp_path / "sprung").exists()


def test_a_model_that_reshapes_its_logits_is_refused(copy: Path) -> None:
    torch.manual_seed(0)
    tokens = len(PreTrainedTokenizerFast.from_pretrained(copy))
    model = Gemma2ForCausalLM(Gemma2Config(**{**SIZES, "vocab_size": tokens}, head_dim=16))
    sharpen(model)
    model.save_pretrained(copy)
    with pytest.raises(ValueError, match="changes its logits after the output layer"):
        Policy(str(copy))
