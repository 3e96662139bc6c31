"""Warm-up: the policy is shown what the demonstrator did, and learns it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from gymnasium.spaces import Text

from gigpo_gym import StepEnvManager, warmup
from gigpo_gym.config import Config
from gigpo_gym.policy import Policy, response_statistics
from gigpo_gym.records import StepRequest
from gigpo_gym.tiny import build_tiny
from gigpo_gym.warmup import demonstrator, warm_up

CONFIG = Config(
    warmup_updates=12, warmup_batch_size=16, warmup_random_share=0.25, warmup_learning_rate=5e-3, sequence_length=600
)


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    texts = ["<action>Left</action>", "Right Up Down P G O _ hole ice goal"]
    build_tiny(tmp_path, texts, seed=0, hidden_size=32, num_layers=1, max_length=600)
    return Policy(str(tmp_path))


def manager_for(policy: Policy) -> StepEnvManager:
    return StepEnvManager("gigpo/FrozenLake-v0", num_groups=4, group_size=1, encode=policy.encode)


def stub(*, expert: Any = None, infos: dict[str, Any] | None = None, count: int = 1) -> Any:
    """What a demonstrator needs of a manager; `expert` is what the environment's own says, () for none."""
    env = SimpleNamespace(action_space=Text(8))
    if expert != ():
        env.expert_action = lambda: expert
    env.unwrapped = env
    return SimpleNamespace(envs=[env] * count, infos=[infos or {}] * count)


def shown(manager: Any, share: float, seed: int = 0) -> list[str]:
    requests = [StepRequest(index, []) for index in range(len(manager.envs))]
    replies = demonstrator(manager, share, np.random.default_rng(seed))(requests)
    assert list(replies) == list(range(len(manager.envs)))
    return [reply.text for reply in replies.values()]


def test_the_random_share_acts() -> None:
    manager = stub(expert="Up", infos={"admissible_actions": ["a", "b"]}, count=1000)
    assert set(shown(manager, 0.0)) == {"<action>Up</action>"}
    assert set(shown(manager, 1.0)) == {"<action>a</action>", "<action>b</action>"}
    mixed = shown(manager, 0.25)
    assert 200 < 1000 - mixed.count("<action>Up</action>") < 300
    assert mixed.count("<action>a</action>") > 80
    assert mixed.count("<action>b</action>") > 80


def test_where_the_expert_is_at_a_loss_or_missing_any_admissible_action_will_do() -> None:
    for expert in (None, ()):
        assert set(shown(stub(expert=expert, infos={"admissible_actions": ["a"]}), 0.0)) == {"<action>a</action>"}


def test_without_admissible_actions_the_action_space_is_sampled_reproducibly() -> None:
    first, second = (shown(stub(expert=(), count=20), 0.5, seed=3) for _ in range(2))
    assert first == second
    assert len(set(first)) == 20
    assert first != shown(stub(expert=(), count=20), 0.5, seed=4)


def test_a_query_is_completed_with_words_of_the_task_where_there_is_one() -> None:
    infos = {"admissible_actions": ["search[<query>]"], "task": "a red shirt"}
    searched = {word for reply in shown(stub(infos=infos, count=30), 1.0) for word in reply[15:-10].split()}
    assert searched == {"a", "red", "shirt"}
    assert shown(stub(infos=infos | {"task": ""}), 1.0) == ["<action>search[<query>]</action>"]


def test_what_can_be_imitated_is_shown_rather_than_the_expert() -> None:
    manager = stub(expert="buy")
    manager.envs[0].unwrapped.imitable_action = lambda: "look"
    assert shown(manager, 0.0) == ["<action>look</action>"]


def test_parts_of_a_batch_give_the_same_policy_as_the_whole(tmp_path: Path) -> None:
    weights = []
    for max_tokens in (1, 16384):
        texts = ["<action>Left</action>", "Right Up Down P G O _ hole ice goal"]
        build_tiny(tmp_path / str(max_tokens), texts, seed=0, hidden_size=32, num_layers=1, max_length=600)
        policy = Policy(str(tmp_path / str(max_tokens)))
        config = replace(CONFIG, warmup_updates=2, micro_batch_tokens=max_tokens)
        warm_up(policy, manager_for(policy), config, np.random.default_rng(0))
        weights.append(torch.cat([weight.detach().flatten() for weight in policy.model.parameters()]))
    torch.testing.assert_close(*weights, rtol=1e-3, atol=1e-4)


def test_the_loss_falls(policy: Policy) -> None:
    losses = [
        warm_up(policy, manager_for(policy), CONFIG, np.random.default_rng(0)) for _ in range(2)
    ]  # the mean over the reply's tokens in the last of 12 updates
    assert losses[0] < 0.6 * np.log(policy.model.config.vocab_size)
    assert losses[1] < 0.5 * losses[0]


def test_a_linear_schedule_brings_the_learning_rate_to_zero(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = []
    step = torch.optim.AdamW.step

    def recorded(optimizer: torch.optim.AdamW, *args: Any) -> Any:
        rates.append(optimizer.param_groups[0]["lr"])
        return step(optimizer, *args)

    monkeypatch.setattr(torch.optim.AdamW, "step", recorded)
    for schedule in ("constant", "linear"):
        config = Config(warmup_updates=4, warmup_learning_rate=1e-3, warmup_lr_schedule=schedule)
        warm_up(policy, manager_for(policy), config, np.random.default_rng(0))
    assert rates == pytest.approx([1e-3] * 4 + [1e-3, 7.5e-4, 5e-4, 2.5e-4])


def test_tokens_trained_are_the_reply_and_its_end_of_turn(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, ...]] = []

    def spy(model: Any, prompts: Any, responses: Any, **options: Any) -> Any:
        statistics = response_statistics(model, prompts, responses, **options)
        seen.append((prompts, responses, options, statistics))
        return statistics

    monkeypatch.setattr(warmup, "response_statistics", spy)
    manager = manager_for(policy)
    advanced: list[int] = []
    loss = warm_up(policy, manager, CONFIG, np.random.default_rng(0), advanced.append)
    assert advanced == [1] * CONFIG.warmup_updates
    rollout = manager.rollout()
    demonstrated = {
        (tuple(prompt), tuple(policy.answer(reply)))
        for prompt, reply in zip(np.split(rollout.prompt_ids, rollout.prompt_offsets[1:-1]), rollout.reply, strict=True)
    }
    assert len(seen) == CONFIG.warmup_updates
    for prompts, responses, options, _ in seen:
        assert len(prompts) == min(CONFIG.warmup_batch_size, len(rollout))
        assert {(tuple(p), tuple(r)) for p, r in zip(prompts, responses, strict=True)} <= demonstrated
        assert options["temperature"] == CONFIG.temperature
        for response in responses:
            text = policy.tokenizer.decode(response, skip_special_tokens=False)
            assert text in {f"<action>{action}</action>" for action in ("Left", "Down", "Right", "Up")}
            assert response[-1] in policy.stop_ids  # a tiny policy's turn ends with its answer
    assert loss == pytest.approx(-seen[-1][3].logprobs.mean().item())


def test_every_weight_is_trained(policy: Policy) -> None:
    before = [parameter.detach().clone() for parameter in policy.model.parameters()]
    warm_up(policy, manager_for(policy), CONFIG, np.random.default_rng(0))
    assert not any(torch.equal(a, b) for a, b in zip(before, policy.model.parameters(), strict=True))


class NoExpert(gym.Env[str, str]):
    observation_space = action_space = Text(8)


def test_an_environment_without_expert_is_refused(policy: Policy) -> None:
    manager: Any = SimpleNamespace(envs=[NoExpert()])
    with pytest.raises(ValueError, match="NoExpert has no expert to demonstrate: add --warmup-updates 0"):
        warm_up(policy, manager, CONFIG, np.random.default_rng(0))
