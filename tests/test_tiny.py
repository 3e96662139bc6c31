"""The tiny policy: any text survives its tokenizer, equal arguments give equal bytes, and it is an ordinary folder."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, AutoTokenizer

from gigpo_gym.prompts import ANSWER_CLOSE, ANSWER_OPEN, format_action
from gigpo_gym.tiny import build_tiny

TEXTS = ["P _ _ G\nO is a hole.\n\nGo Left or Right", "Élan vital", format_action("Left")]


def build(folder: Path, **changes: Any) -> Path:
    options: dict[str, Any] = {"seed": 3, "hidden_size": 32, "num_layers": 1, "max_length": 96, **changes}
    build_tiny(folder, options.pop("texts", TEXTS), **options)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Any:
    return AutoTokenizer.from_pretrained(folder)


@given(st.text())
@example("e\u0301 is not \u00e9, \ufb01 not fi, \u212b not \u00c5")  # normalisation would change them
@example("\x00\x07\x1b[2J\x7f\r\n\t \u2028\u200d\ufeff")
@example(" two  spaces , and a comma . don 't")  # cleaning up tokenization spaces would change it
@example("<|user|>G<|end|><action>Left</action> <think>")
@example("")
def test_any_text_round_trips(tokenizer: Any, text: str) -> None:
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(ids, skip_special_tokens=False) == text
    assert all(0 <= i < len(tokenizer) for i in ids)


def test_words_of_the_texts_are_one_token_and_others_are_bytes(tokenizer: Any) -> None:
    for word in ("P", " _", " hole", "Left", " Left", " Right", "Élan", "\n"):
        assert len(tokenizer(word)["input_ids"]) == 1, word
    assert len(tokenizer(" hole is")["input_ids"]) == 2
    assert len(tokenizer("Leftover")["input_ids"]) == len("Leftover")


def test_marks_are_words_and_names_are_spelled(tmp_path: Path) -> None:
    page = "[button] B0CK66S333 [button_]\n[clicked button] 3x-large, click[mint] [SEP] mint"
    tokenizer = AutoTokenizer.from_pretrained(build(tmp_path, texts=[page]))
    tokens = tokenizer.tokenize(page)
    assert tokens[:2] == ["[button]", "Ġ"]
    assert tokens[2:13] == [*"B0CK66S333", "Ġ[button_]"]
    assert tokens[13:] == [
        "Ċ",
        *"[clicked button] Ġ3x - large , Ġclick [ mint ] Ġ[SEP] Ġmint".replace("d b", "dĠb").split(),
    ]
    assert tokenizer.decode(tokenizer(page)["input_ids"]) == page


def test_alike_words_start_alike(tmp_path: Path) -> None:
    words = ["mint Mint and mint", "sage Sage"]
    folder = build(tmp_path, texts=words, hidden_size=64, num_layers=2, copies=True)
    alike = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer.convert_tokens_to_ids(["mint", "Ġmint", "ĠMint", "sage", "ĠSage"])
    embeddings = torch.nn.functional.normalize(alike.get_input_embeddings().weight[ids, 1:], dim=-1)  # 0 is equal
    similarity = embeddings @ embeddings.T
    assert similarity[:3, :3].min() > 0.8
    assert similarity[3, 4] > 0.8
    assert similarity[:3, 3:].abs().max() < 0.6


@pytest.mark.parametrize(("hidden_size", "num_layers"), [(32, 2), (96, 3)])
def test_a_policy_that_copies_attends_to_what_followed(tmp_path: Path, hidden_size: int, num_layers: int) -> None:
    words = [f"{a}{b}" for a in "abcdefghijklmnopqrst" for b in "aeiou"]
    folder = build(tmp_path, texts=words, hidden_size=hidden_size, num_layers=num_layers, copies=True)
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = torch.tensor([tokenizer.convert_tokens_to_ids([*words[:60], words[place]]) for place in range(50)])
    with torch.no_grad():
        out = model(ids, output_attentions=True)
    row, followed = torch.arange(50), torch.arange(50) + 1
    assert out.attentions[0][:, 0].diagonal(-1, 1, 2).mean() > 0.6  # the word before
    assert out.attentions[1][row, 0, -1, followed].mean() > 0.8
    ranks = (out.logits[:, -1] > out.logits[row, -1, ids[row, followed]][:, None]).sum(-1)
    assert ranks.float().mean() < len(tokenizer) / 5


def test_answer_tags_are_one_token_each_that_decoding_keeps(tokenizer: Any) -> None:
    ids = tokenizer(f"x{ANSWER_OPEN}Left{ANSWER_CLOSE}")["input_ids"]
    assert len(ids) == 4
    assert not {ids[1], ids[3]} & set(tokenizer.all_special_ids)
    assert tokenizer.decode([*ids, tokenizer.eos_token_id], skip_special_tokens=True) == "x<action>Left</action>"


def test_chat_template(tokenizer: Any) -> None:
    messages = [
        {"role": "system", "content": "rules"},
        {"role": "user", "content": "G?"},
        {"role": "assistant", "content": "<action>Left</action>"},
        {"role": "user", "content": "and now?\n"},
    ]
    text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    assert text == "<|user|>G?<|assistant|><action>Left</action><|end|><|user|>and now?\n<|assistant|>"
    assert tokenizer.apply_chat_template(messages[:2], tokenize=False) == "<|user|>G?"


def test_the_folder_is_an_ordinary_model(folder: Path, tokenizer: Any) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder)
    assert model.config.vocab_size == len(tokenizer) == model.get_input_embeddings().num_embeddings
    assert model.config.max_position_embeddings == 96
    assert (model.config.eos_token_id, model.config.pad_token_id) == (tokenizer.eos_token_id, tokenizer.pad_token_id)
    assert len({tokenizer.eos_token_id, tokenizer.pad_token_id}) == 2
    stops = tokenizer.convert_ids_to_tokens(model.generation_config.eos_token_id)
    assert sorted(stops) == [ANSWER_CLOSE, "<|end|>"]
    assert model.get_output_embeddings().weight is model.get_input_embeddings().weight


def test_equal_arguments_give_equal_bytes_in_every_process(tmp_path: Path) -> None:
    folder = build(tmp_path / "here", num_layers=2, copies=True)
    script = (
        "import sys; from pathlib import Path; from gigpo_gym.tiny import build_tiny\n"
        f"build_tiny(Path(sys.argv[1]), set({TEXTS!r}), "
        "seed=3, hidden_size=32, num_layers=2, max_length=96, copies=True)"
    )
    # Under another hash seed sets have another order.
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    there = tmp_path / "there"
    subprocess.run([sys.executable, "-c", script, there], env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
    expected = contents(folder)
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= expected.keys()
    assert contents(there) == expected


def test_another_seed_gives_other_weights_alone(folder: Path, tmp_path: Path) -> None:
    one, other = contents(folder), contents(build(tmp_path, seed=4))
    assert {name for name in one | other if one.get(name) != other.get(name)} == {"model.safetensors"}


def test_building_leaves_the_global_random_state_alone(tmp_path: Path) -> None:
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    first = contents(build(tmp_path / "a", num_layers=2, copies=True))
    assert torch.equal(torch.rand(3), expected)
    assert contents(build(tmp_path / "b", num_layers=2, copies=True)) == first  # nor does the global state enter


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
