"""The engine: it samples from the policy's own distribution, says so in its log-probabilities, and nothing else."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from gigpo_gym.engine import HuggingFaceEngine
from gigpo_gym.policy import Policy, response_statistics
from gigpo_gym.records import IntArray, Reply, StepRequest
from gigpo_gym.tiny import build_tiny

RNG = np.random.default_rng(0)
PROMPTS: dict[str, list[IntArray]] = {
    "of several lengths": [RNG.integers(0, 256, length) for length in (3, 9, 1, 5, 9, 2)],
    "all equal": [np.array([5, 6, 7])] * 4,
    "some equal": [np.array(ids) for ids in ([5, 6, 7], [1, 2], [5, 6, 7], [1, 2], [9, 8, 7, 6], [5, 6, 7])],
    "one prefix of another": [np.array(ids) for ids in ([5], [5, 6], [5, 6, 7])],
    "of one token": [np.array(ids) for ids in ([5], [6], [5])],
}
HABITS = {
    "do_sample": True,
    "temperature": 0.1,
    "top_k": 2,
    "top_p": 0.5,
    "min_p": 0.3,
    "typical_p": 0.5,
    "repetition_penalty": 1.5,
    "no_repeat_ngram_size": 1,
    "suppress_tokens": list(range(100)),
    "min_new_tokens": 8,
    "max_length": 4,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy with opinions, and a fifth of its words ending a turn."""
    folder = tmp_path_factory.mktemp("engine")
    build_tiny(folder, ["Go Left or Right"], seed=0, hidden_size=32, num_layers=2, max_length=64)
    policy = Policy(str(folder))
    with torch.no_grad():
        for parameter in policy.model.parameters():
            if parameter.ndim > 1:
                parameter.mul_(8)
    policy.save(folder)
    file = folder / "generation_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "eos_token_id": list(range(0, 250, 5))}))
    return folder


@pytest.fixture(scope="module")
def policy(folder: Path) -> Policy:
    return Policy(str(folder))


def generate(
    policy: Policy,
    prompts: Sequence[IntArray],
    *,
    temperature: float = 1.0,
    max_tokens: int = 8,
    seed: int = 1,
    batch_size: int = 512,
) -> list[Reply]:
    requests = [StepRequest(10 * row, [], prompt) for row, prompt in enumerate(prompts)]
    engine = HuggingFaceEngine(policy, batch_size=batch_size)
    engine.update_weights()
    replies = engine.generate(requests, temperature=temperature, max_tokens=max_tokens, seed=seed)
    assert list(replies) == [request.index for request in requests]
    return list(replies.values())


def tokens(replies: list[Reply]) -> list[list[int]]:
    return [reply.token_ids.tolist() for reply in replies]


@pytest.mark.parametrize("batch_size", [512, 2])
@pytest.mark.parametrize("temperature", [1.0, 0.5])
@pytest.mark.parametrize("kind", PROMPTS)
def test_logprobs_are_those_the_trainer_computes(
    policy: Policy, kind: str, temperature: float, batch_size: int
) -> None:
    replies = generate(policy, PROMPTS[kind], temperature=temperature, batch_size=batch_size)
    found = response_statistics(
        policy.model,
        PROMPTS[kind],
        [reply.token_ids for reply in replies],
        temperature=temperature,
        pad_id=policy.pad_id,
    )
    logprobs = np.concatenate([reply.logprobs for reply in replies])
    assert logprobs.tolist() == pytest.approx(found.logprobs.tolist(), rel=1e-5, abs=1e-4)
    assert len({round(value, 4) for value in logprobs}) > 3
    for prompt, reply in zip(PROMPTS[kind], replies, strict=True):
        assert reply.prompt_ids.tolist() == prompt.tolist()
        assert reply.text == policy.decode(reply.token_ids)


@pytest.mark.parametrize("kind", PROMPTS)
def test_temperature_0_takes_the_likeliest_token(policy: Policy, kind: str) -> None:
    """Against one forward pass per token over the whole text of one prompt: no padding, no cache, nothing shared."""
    expected = []
    for prompt in PROMPTS[kind]:
        ids = prompt.tolist()
        while len(ids) < len(prompt) + 8 and (len(ids) == len(prompt) or ids[-1] not in policy.stop_ids):
            with torch.no_grad():
                ids.append(int(policy.model(input_ids=torch.tensor([ids])).logits[0, -1].argmax()))
        expected.append(ids[len(prompt) :])
    assert tokens(generate(policy, PROMPTS[kind], temperature=0.0)) == expected
    assert tokens(generate(policy, PROMPTS[kind], temperature=0.0, batch_size=2, seed=5)) == expected


def test_tokens_are_as_frequent_as_the_policy_says(policy: Policy) -> None:
    prompts = [np.array([5, 6, 7]), np.array([9])] * 2000
    replies = generate(policy, prompts, temperature=0.7, max_tokens=1, batch_size=4000)
    for first, prompt in enumerate(prompts[:2]):
        with torch.no_grad():
            logits = policy.model(input_ids=torch.tensor(prompt[None])).logits[0, -1].double() / 0.7
        p = torch.softmax(logits, -1).numpy()
        drawn = [int(reply.token_ids[0]) for reply in replies[first::2]]
        share = np.bincount(drawn, minlength=len(p)) / len(drawn)
        assert (np.abs(share - p) <= 5 * np.sqrt(p * (1 - p) / len(drawn)) + 1 / len(drawn)).all()
        assert p.max() > 10 / len(p)  # far from equal shares


def test_equal_seeds_give_equal_replies(policy: Policy) -> None:
    prompts = PROMPTS["some equal"]
    first = generate(policy, prompts)
    torch.rand(7)  # the global state does not enter
    assert tokens(generate(policy, prompts)) == tokens(first)
    assert tokens(generate(policy, prompts, seed=2)) != tokens(first)
    assert tokens(first)[0] != tokens(first)[2]  # equal prompts, drawn one by one


def test_the_global_random_state_is_left_alone(policy: Policy) -> None:
    before = torch.get_rng_state()
    generate(policy, PROMPTS["some equal"])
    assert torch.equal(torch.get_rng_state(), before)


def test_a_reply_ends_with_its_first_end_of_turn(policy: Policy) -> None:
    assert len(policy.stop_ids) > 40
    replies = generate(policy, PROMPTS["of several lengths"] * 8)
    ended = [bool(np.isin(reply.token_ids[-1], policy.stop_ids)) for reply in replies]
    assert {len(reply.token_ids) for reply, end in zip(replies, ended, strict=True) if end} >= {1, 2, 3}
    assert not all(ended)
    for reply, end in zip(replies, ended, strict=True):
        assert not np.isin(reply.token_ids[:-1], policy.stop_ids).any()
        assert len(reply.logprobs) == len(reply.token_ids)
        assert end or len(reply.token_ids) == 8


@pytest.mark.parametrize("max_tokens", [1, 3])
def test_max_tokens(policy: Policy, max_tokens: int) -> None:
    lengths = [len(reply.token_ids) for reply in generate(policy, PROMPTS["some equal"] * 4, max_tokens=max_tokens)]
    assert max(lengths) == max_tokens


def test_a_model_s_sampling_habits_do_not_act(folder: Path, policy: Policy, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "habits"))
    file = copy / "generation_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **HABITS}))
    for temperature in (1.0, 0.0):
        replies = generate(Policy(str(copy)), PROMPTS["of several lengths"], temperature=temperature)
        expected = generate(policy, PROMPTS["of several lengths"], temperature=temperature)
        assert tokens(replies) == tokens(expected)
        assert all(np.array_equal(a.logprobs, b.logprobs) for a, b in zip(replies, expected, strict=True))


def test_new_weights_are_used_at_once(folder: Path) -> None:
    policy = Policy(str(folder))
    before = generate(policy, PROMPTS["some equal"], temperature=0.0)
    with torch.no_grad():
        policy.model.get_input_embeddings().weight.neg_()
    assert tokens(generate(policy, PROMPTS["some equal"], temperature=0.0)) != tokens(before)


def test_no_gradients_are_kept(policy: Policy) -> None:
    generate(policy, PROMPTS["some equal"])
    assert torch.is_grad_enabled()
    assert all(parameter.grad is None for parameter in policy.model.parameters())
