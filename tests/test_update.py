"""The update against a plain slow loop, and every option of it."""

import logging
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from gigpo_gym import update
from gigpo_gym.config import Config
from gigpo_gym.policy import Policy, response_statistics
from gigpo_gym.records import Episodes, Rollout
from gigpo_gym.tiny import build_tiny
from gigpo_gym.update import MAX_SKIPPED, Diverged, Samples, Trainer, fit_rows

# (prompt, response) of 8 steps, 5 of them distinct: rows 0, 2 and 6 are equal, and so are 1 and 5.
A, B, C, D, E = ([1, 2, 3], [7, 8]), ([4, 5], [9, 9, 10, 11, 12]), ([1, 2, 3], [7]), ([6], [7, 8]), ([1, 2], [3, 7, 8])
STEPS = [A, B, A, C, D, B, A, E]
ADVANTAGES = np.array([1.0, -0.5, -1.0, 0.25, 2.0, 0.75, 0.5, -1.5])


def rollout_of(steps: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Rollout:
    """A rollout with these tokens, and nothing else that the update reads."""
    count = len(steps)
    zeros, texts = np.zeros(count, dtype=np.int64), np.full(count, "", dtype=object)
    no, flags = np.zeros(count), np.zeros(count, dtype=bool)
    return Rollout(
        group=zeros, trajectory=zeros, step=zeros, tag=texts, task=texts, state_key=texts, observation=texts,
        admissible_actions=((),) * count, reply=texts, action=texts, reward=no, is_valid=flags, history_dropped=zeros,
        prompt_truncated=flags,
        prompt_ids=np.array([i for prompt, _ in steps for i in prompt], dtype=np.int64),
        prompt_offsets=np.cumsum([0, *(len(prompt) for prompt, _ in steps)]),
        response_ids=np.array([i for _, response in steps for i in response], dtype=np.int64),
        response_logprobs=np.zeros(sum(len(response) for _, response in steps)),
        response_offsets=np.cumsum([0, *(len(response) for _, response in steps)]),
        episodes=Episodes(
            group=zeros, member=zeros, tag=texts, task_id=texts, length=zeros, total_reward=no, success=flags,
            score=no, truncated=flags,
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("update")
    build_tiny(folder, [], seed=0, hidden_size=32, num_layers=1, max_length=32)
    policy = Policy(str(folder))
    with torch.no_grad():
        for parameter in policy.model.parameters():
            if parameter.ndim > 1:
                parameter.mul_(4)
    policy.save(folder)
    return str(folder)


@pytest.fixture(scope="module", autouse=True)  # of the module: fixtures of the module train too
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def config_of(**options: Any) -> Config:
    return Config(**{"learning_rate": 1e-2, "mini_batch_size": 8, "max_grad_norm": 1e9, **options})


def trainer_of(folder: str, *, reference: Policy | None = None, **options: Any) -> Trainer:
    return Trainer(Policy(folder), config_of(**options), reference)


def shifted_logprobs(trainer: Trainer, samples: Samples) -> list[Tensor]:
    """Old log-probabilities from which the policy has moved: ratios on both sides of every clip."""
    shifts = torch.tensor([0.0, -0.05, 0.3, -1.5, -0.3, 0.1, -0.25])
    return [
        logprobs + shifts[torch.arange(len(logprobs)) + sample]
        for sample, logprobs in enumerate(trainer.logprobs(trainer.policy, samples))
    ]


def run(trainer: Trainer, advantages: np.ndarray = ADVANTAGES, seed: int = 0) -> dict[str, float]:
    samples = Samples(rollout_of(STEPS))
    return trainer.update(samples, advantages, shifted_logprobs(trainer, samples), np.random.default_rng(seed))


def gradient(trainer: Trainer) -> Tensor:
    return torch.cat([parameter.grad.flatten() for parameter in trainer.policy.model.parameters()])


def weights(trainer: Trainer) -> Tensor:
    return torch.cat([parameter.detach().flatten().clone() for parameter in trainer.policy.model.parameters()])


def slow_loss(
    policy: Policy, reference: Policy, samples: Samples, old: list[Tensor], config: Config
) -> tuple[Tensor, dict[str, float]]:
    """Loss and metrics of one update on all rows, token by token, nothing shared, as the paper writes it."""
    losses, metrics = [], {"policy/kl": 0.0, "policy/entropy": 0.0, "policy/kl_reference": 0.0, "loss/policy": 0.0}
    count = sum(len(response) for _, response in STEPS)
    for row, (prompt, response) in enumerate(STEPS):
        ids = torch.tensor([[*prompt, *response]])
        log_p = torch.log_softmax(policy.model(input_ids=ids).logits[0].double() / config.temperature, -1)
        with torch.no_grad():
            log_q = torch.log_softmax(reference.model(input_ids=ids).logits[0].double() / config.temperature, -1)
        for t, token in enumerate(response):
            place = len(prompt) + t - 1
            p, before = log_p[place, token], old[samples.distinct[row]][t].double()
            ratio, advantage = (p - before).exp(), float(ADVANTAGES[row])
            gain = torch.minimum(
                ratio * advantage, ratio.clamp(1 - config.pg_clip, 1 + (config.pg_clip_high or 0)) * advantage
            )
            if config.dual_clip_loss and advantage < 0:
                gain = torch.maximum(gain, torch.tensor(3 * advantage).double())
            entropy = -(log_p[place].exp() * log_p[place]).sum()
            kl = (log_q[place, token] - p).exp() - 1 - (log_q[place, token] - p)
            weight = 1 / count if config.loss_aggregation == "token" else 1 / (len(STEPS) * len(response))
            losses.append(weight * (-gain - config.entropy_loss_coef * entropy + config.init_kl_coef * kl))
            metrics["policy/kl"] += weight * (ratio - 1 - (p - before)).item()
            metrics["policy/entropy"] += weight * entropy.item()
            metrics["policy/kl_reference"] += weight * kl.item()
            metrics["loss/policy"] -= weight * gain.item()
    return torch.stack(losses).sum(), metrics


# ---------------------------------------------------------------- samples and micro-batches

token_lists = st.lists(st.integers(0, 2), min_size=1, max_size=4)


@given(
    st.lists(st.tuples(token_lists, token_lists), min_size=1, max_size=12),
    st.integers(1, 40),
    st.randoms(note_method_calls=False),
)
def test_micro_batches_hold_every_token_of_every_row_once(
    steps: list[tuple[list[int], list[int]]], max_tokens: int, random: Any
) -> None:
    samples = Samples(rollout_of(steps))
    assert len(samples) == len(steps)
    assert len(samples.prompts) == len({(tuple(p), tuple(r)) for p, r in steps})
    rows = np.array(random.sample(range(len(steps)), random.randint(1, len(steps))))
    seen: list[int] = []
    for batch in samples.micro_batches(rows, max_tokens):
        longest = max(samples.lengths[batch.samples])
        assert len(batch.samples) * longest <= max_tokens or len(batch.samples) == 1
        assert len(set(batch.samples)) == len(batch.samples)
        of_samples = np.concatenate([samples.responses[sample] for sample in batch.samples])
        expected = [token for row in batch.rows for token in steps[row][1]]
        assert of_samples[batch.tokens].tolist() == expected
        for row in batch.rows:
            assert samples.prompts[samples.distinct[row]].tolist() == steps[row][0]
            assert samples.distinct[row] in batch.samples
        seen += batch.rows.tolist()
    assert sorted(seen) == sorted(rows)


def test_equal_samples_are_computed_once() -> None:
    samples = Samples(rollout_of(STEPS))
    (batch,) = samples.micro_batches(np.arange(8), 1000)
    assert samples.distinct.tolist() == [0, 1, 0, 2, 3, 1, 0, 4]
    assert sorted(batch.samples) == [0, 1, 2, 3, 4]
    assert [len(batch.samples) for batch in samples.micro_batches(np.arange(8), 8)] == [2, 1, 1, 1]


@pytest.mark.parametrize("step", [([1], []), ([], [1])])
def test_steps_without_tokens_are_refused(step: tuple[list[int], list[int]]) -> None:
    with pytest.raises(ValueError, match="plain texts cannot be trained on"):
        Samples(rollout_of([A, step]))


@pytest.mark.parametrize("micro_batch_tokens", [1, 12, 10_000])
def test_logprobs_of_every_distinct_sample(folder: str, micro_batch_tokens: int) -> None:
    trainer, samples = trainer_of(folder, micro_batch_tokens=micro_batch_tokens), Samples(rollout_of(STEPS))
    found = trainer.logprobs(trainer.policy, samples)
    assert len(found) == 5
    for logprobs, (prompt, response) in zip(found, (A, B, C, D, E), strict=True):
        alone = response_statistics(
            trainer.policy.model, [np.array(prompt)], [np.array(response)], temperature=1.0, pad_id=0
        )
        assert logprobs.tolist() == pytest.approx(alone.logprobs.tolist(), abs=1e-5)
        assert not logprobs.requires_grad


# ---------------------------------------------------------------- the gradient

GRADIENTS: list[dict[str, Any]] = [
    {},
    {"loss_aggregation": "sequence"},
    {"temperature": 0.6, "pg_clip": 0.1, "pg_clip_high": 0.4, "dual_clip_loss": False},
    {"entropy_loss_coef": 0.3, "init_kl_coef": 0.5},
]


@pytest.mark.parametrize("options", GRADIENTS, ids=str)
def test_the_gradient_is_that_of_a_slow_loop(folder: str, options: dict[str, Any]) -> None:
    reference = Policy(folder)
    with torch.no_grad():
        for parameter in reference.model.parameters():
            parameter.mul_(0.9)
    options = {"pg_clip_high": 0.2, **options}
    trainer = trainer_of(folder, reference=reference if options.get("init_kl_coef") else None, **options)
    samples = Samples(rollout_of(STEPS))
    old = shifted_logprobs(trainer, samples)
    loss, expected = slow_loss(trainer.policy, reference, samples, old, trainer.config)
    loss.backward()
    slow = gradient(trainer)
    metrics = trainer.update(samples, ADVANTAGES, old, np.random.default_rng(0))
    assert (gradient(trainer) - slow).norm() < 1e-6 * slow.norm()
    assert metrics["loss/total"] == pytest.approx(loss.item(), abs=1e-6)
    assert metrics["policy/grad_norm"] == pytest.approx(slow.norm().item(), rel=1e-5)
    for name in expected.keys() & metrics.keys():
        assert metrics[name] == pytest.approx(expected[name], abs=1e-6), name
    assert ("policy/kl_reference" in metrics) == bool(options.get("init_kl_coef"))


def test_micro_batches_do_not_change_the_gradient(folder: str) -> None:
    whole = trainer_of(folder)
    expected = run(whole)
    for micro_batch_tokens in (1, 9, 16):
        split = trainer_of(folder, micro_batch_tokens=micro_batch_tokens)
        assert run(split) == pytest.approx(expected, abs=1e-5)
        assert (gradient(split) - gradient(whole)).norm() < 1e-6 * gradient(whole).norm()


def test_no_forward_pass_exceeds_the_tokens_of_a_micro_batch(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[tuple[int, int]] = []

    def spy(model: Any, prompts: Any, responses: Any, **options: Any) -> Any:
        sizes.append((len(prompts), max(len(p) + len(r) for p, r in zip(prompts, responses, strict=True))))
        return response_statistics(model, prompts, responses, **options)

    monkeypatch.setattr(update, "response_statistics", spy)
    run(trainer_of(folder, micro_batch_tokens=10))
    assert all(count * longest <= 10 for count, longest in sizes)
    assert max(count for count, _ in sizes) > 1


def test_clip_share_and_kl_by_hand(folder: str) -> None:
    trainer = trainer_of(folder, pg_clip=0.2)
    samples = Samples(rollout_of([A, A, D, D]))  # two tokens each
    new = trainer.logprobs(trainer.policy, samples)
    old = [new[0] - math.log(1.5), new[1]]  # the policy has made both tokens of A 1.5 times likelier
    advantages = np.array([1.0, -1.0, 1.0, -1.0])
    metrics = trainer.update(samples, advantages, old, np.random.default_rng(0))
    assert metrics["policy/clip_share"] == pytest.approx(1 / 4)  # of the four, the good A alone
    assert metrics["policy/kl"] == pytest.approx((1.5 - 1 - math.log(1.5)) / 2, abs=1e-6)
    assert metrics["loss/policy"] == pytest.approx((-1.2 + 1.5 - 1 + 1) / 4, abs=1e-6)


def test_on_the_first_pass_nothing_is_clipped_and_the_kl_is_zero(folder: str) -> None:
    trainer, samples = trainer_of(folder), Samples(rollout_of(STEPS))
    old = trainer.logprobs(trainer.policy, samples)
    metrics = trainer.update(samples, ADVANTAGES, old, np.random.default_rng(0))
    assert metrics["policy/clip_share"] == 0
    assert metrics["policy/kl"] == pytest.approx(0, abs=1e-9)


# ---------------------------------------------------------------- filling mini-batches


@pytest.mark.parametrize(
    ("count", "multiple", "mode", "rows", "weighted"),
    [
        (8, 4, "copy", 8, 8),
        (8, 4, "delete", 8, 8),
        (9, 4, "copy", 12, 9),
        (9, 4, "delete", 8, 8),
        (9, 4, "auto", 8, 8),
        (10, 4, "auto", 12, 10),  # as many either way: nothing is lost
        (11, 4, "auto", 12, 11),
        (3, 4, "delete", 4, 3),  # less than one mini-batch is filled up
        (1, 4, "auto", 4, 1),
        (5, 1, "delete", 5, 5),
    ],
)
def test_fit_rows(count: int, multiple: int, mode: str, rows: int, weighted: int) -> None:
    found, weight = fit_rows(count, multiple, mode, np.random.default_rng(0))
    assert len(found) == len(weight) == rows
    assert weight.sum() == weighted
    assert set(weight) <= {0.0, 1.0}
    kept = found[weight > 0]
    assert len(set(kept)) == weighted
    assert set(found) <= set(range(count))
    if mode == "copy":
        assert found[:count].tolist() == list(range(count))
    again, _ = fit_rows(count, multiple, mode, np.random.default_rng(0))
    assert again.tolist() == found.tolist()


def test_deletion_is_random() -> None:
    left = {tuple(fit_rows(9, 4, "delete", np.random.default_rng(seed))[0]) for seed in range(40)}
    assert len(left) == 9


def test_copies_of_weight_zero_change_nothing(folder: str) -> None:
    exact, filled = trainer_of(folder, mini_batch_size=8), trainer_of(folder, mini_batch_size=64)
    assert run(exact) == pytest.approx(run(filled), rel=1e-6)
    assert (gradient(exact) - gradient(filled)).norm() < 1e-6 * gradient(exact).norm()
    assert torch.allclose(weights(exact), weights(filled), atol=1e-4)


@pytest.mark.parametrize(("mini_batch_size", "epochs", "updates"), [(8, 1, 1), (3, 1, 3), (4, 1, 2), (4, 3, 6)])
def test_updates_of_one_rollout(folder: str, mini_batch_size: int, epochs: int, updates: int) -> None:
    trainer, samples = (
        trainer_of(folder, mini_batch_size=mini_batch_size, ppo_epochs=epochs),
        Samples(rollout_of(STEPS)),
    )
    told: list[int] = []
    old = trainer.logprobs(trainer.policy, samples)
    metrics = trainer.update(samples, ADVANTAGES, old, np.random.default_rng(0), told.append)
    assert metrics["policy/updates"] == trainer.updates == len(told) == updates


def test_every_row_is_used_once_in_every_epoch(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[list[int]] = []
    make = Samples.micro_batches

    def spy(self: Samples, rows: Any, max_tokens: int) -> Any:
        used.append(list(rows))
        return make(self, rows, max_tokens)

    trainer, samples = trainer_of(folder, mini_batch_size=3, ppo_epochs=2), Samples(rollout_of(STEPS))
    old = trainer.logprobs(trainer.policy, samples)
    monkeypatch.setattr(Samples, "micro_batches", spy)
    trainer.update(samples, ADVANTAGES, old, np.random.default_rng(0))
    for epoch in (used[:3], used[3:]):
        assert sorted(row for rows in epoch for row in rows) == list(range(8))
    assert used[:3] != used[3:]


# ---------------------------------------------------------------- options

BASE: dict[str, Any] = {"mini_batch_size": 4, "ppo_epochs": 2, "learning_rate": 1e-3, "max_grad_norm": 1.0}
OPTIONS: dict[str, Any] = {
    "temperature": 0.5,
    "ppo_epochs": 1,
    "mini_batch_size": 8,
    "pg_clip": 0.02,
    "pg_clip_high": 0.9,
    "dual_clip_loss": False,
    "loss_aggregation": "sequence",
    "entropy_loss_coef": 0.1,
    "init_kl_coef": 0.5,
    "learning_rate": 2e-3,
    "lr_warmup_updates": 10,
    "weight_decay": 0.1,
    "max_grad_norm": 0.1,
}


def trained(folder: str, options: dict[str, Any]) -> Tensor:
    reference = Policy(folder)
    with torch.no_grad():
        reference.model.get_input_embeddings().weight.mul_(0.9)
    trainer = trainer_of(folder, reference=reference if options.get("init_kl_coef") else None, **options)
    run(trainer)
    return weights(trainer)


@pytest.fixture(scope="module")
def base(folder: str) -> Tensor:
    return trained(folder, BASE)


def test_equal_options_give_equal_weights(folder: str, base: Tensor) -> None:
    assert torch.equal(trained(folder, BASE), base)
    assert not torch.equal(weights(trainer_of(folder)), base)


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_acts(folder: str, base: Tensor, option: str) -> None:
    assert not torch.allclose(trained(folder, {**BASE, option: OPTIONS[option]}), base, atol=1e-6)


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
def test_schedules_act(folder: str, base: Tensor, schedule: str) -> None:
    assert not torch.allclose(
        trained(folder, {**BASE, "lr_schedule": schedule, "lr_decay_updates": 4}), base, atol=1e-6
    )


def test_batch_adjust_mode_acts(folder: str) -> None:
    filled, cut = (
        trained(folder, {**BASE, "mini_batch_size": 3, "batch_adjust_mode": mode}) for mode in ("copy", "delete")
    )
    assert not torch.allclose(filled, cut, atol=1e-6)


def test_gradients_are_clipped_to_their_norm(folder: str) -> None:
    free, bound = trainer_of(folder), trainer_of(folder, max_grad_norm=0.01)
    metrics = run(free)
    assert metrics["policy/grad_norm"] > 0.02
    assert run(bound)["policy/grad_norm"] == metrics["policy/grad_norm"]  # the metric is the norm before
    assert gradient(bound).norm().item() == pytest.approx(0.01, rel=1e-3)
    assert gradient(free).norm().item() == pytest.approx(metrics["policy/grad_norm"], rel=1e-5)


@pytest.mark.parametrize(
    ("options", "rates"),
    [
        ({}, [1.0] * 10),
        ({"lr_warmup_updates": 4}, [0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1]),
        (
            {"lr_warmup_updates": 4, "lr_schedule": "linear", "lr_decay_updates": 8},
            [0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25, 0, 0],
        ),
        ({"lr_schedule": "linear", "lr_decay_updates": 4}, [1, 0.75, 0.5, 0.25, 0, 0]),
        (
            {"lr_schedule": "cosine", "lr_decay_updates": 4},
            [1, 0.5 + math.sqrt(0.125), 0.5, 0.5 - math.sqrt(0.125), 0, 0],
        ),
    ],
    ids=str,
)
def test_learning_rates(folder: str, options: dict[str, Any], rates: list[float]) -> None:
    trainer = trainer_of(folder, learning_rate=2.0, **options)
    for done, rate in enumerate(rates):
        trainer.updates = done
        assert trainer.learning_rate == pytest.approx(2 * rate, abs=1e-12), done


def test_the_learning_rate_counts_updates_really_made(folder: str) -> None:
    trainer = trainer_of(folder, mini_batch_size=4, learning_rate=1e-3, lr_warmup_updates=4)

    def used() -> float:
        return float(trainer.optimizer.param_groups[0]["lr"])

    assert run(trainer)["policy/learning_rate"] == pytest.approx(0.75e-3)  # of the third update
    assert used() == pytest.approx(0.5e-3)
    skipped = run(trainer, np.full(8, np.nan))
    assert skipped == {
        "policy/skipped_updates": 2.0, "policy/updates": 2.0, "policy/learning_rate": pytest.approx(0.75e-3),
    }  # fmt: skip
    run(trainer)
    assert used() == pytest.approx(1e-3)
    assert trainer.updates == 4


# ---------------------------------------------------------------- what is not finite


def test_a_mini_batch_with_nan_is_skipped_and_the_others_are_not(folder: str, caplog: pytest.LogCaptureFixture) -> None:
    advantages = ADVANTAGES.copy()
    advantages[4] = np.nan
    trainer = trainer_of(folder, mini_batch_size=2)
    before = weights(trainer)
    with caplog.at_level(logging.WARNING):
        metrics = run(trainer, advantages)
    assert (metrics["policy/skipped_updates"], metrics["policy/updates"]) == (1.0, 3.0)
    assert caplog.text.count("skipped: its loss or gradient is not finite") == 1
    after = weights(trainer)
    assert torch.isfinite(after).all()
    assert not torch.equal(before, after)
    assert all(math.isfinite(value) for value in metrics.values())


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_logits_that_are_not_finite_change_nothing(folder: str, bad: float) -> None:
    trainer, samples = trainer_of(folder), Samples(rollout_of(STEPS))
    old = trainer.logprobs(trainer.policy, samples)
    with torch.no_grad():
        trainer.policy.model.model.norm.weight[0] = bad
    before = weights(trainer)
    metrics = trainer.update(samples, ADVANTAGES, old, np.random.default_rng(0))
    assert (metrics["policy/skipped_updates"], trainer.updates) == (1.0, 0)
    assert torch.equal(weights(trainer), before) or math.isnan(bad)
    assert torch.equal(weights(trainer).nan_to_num(7.0), before.nan_to_num(7.0))
    assert not trainer.optimizer.state


def test_training_stops_after_several_skipped_updates_in_a_row(folder: str) -> None:
    nan, trainer = np.full(8, np.nan), trainer_of(folder)
    before = weights(trainer)
    for _ in range(MAX_SKIPPED - 1):
        run(trainer, nan)
    assert torch.equal(weights(trainer), before)
    run(trainer)  # one good update, and the count begins anew
    before = weights(trainer)
    for _ in range(MAX_SKIPPED - 1):
        run(trainer, nan)
    with pytest.raises(Diverged, match=f"{MAX_SKIPPED} updates in a row .* Lower learning_rate"):
        run(trainer, nan)
    assert torch.equal(weights(trainer), before)
    assert trainer.updates == 1


def test_a_policy_can_be_improved(folder: str, tmp_path: Path) -> None:
    trainer, samples = trainer_of(folder), Samples(rollout_of([A, D]))
    for seed in range(20):
        old = trainer.logprobs(trainer.policy, samples)
        trainer.update(samples, np.array([1.0, -1.0]), old, np.random.default_rng(seed))
    good, bad = trainer.logprobs(trainer.policy, samples)
    start, end = trainer_of(folder).logprobs(Policy(folder), samples)
    assert good.sum() > start.sum() + 1
    assert bad.sum() < end.sum() - 1
