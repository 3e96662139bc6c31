"""Warm-up: a few supervised updates on demonstrations, so that a policy made on the spot knows the answer format.

The demonstrator takes the expert's action, or (for a given share of its steps) any admissible one, and the policy is
shown what it did. So the policy learns how to answer and a little of what to do; the rest is for reinforcement. Where
an expert knows what the observations do not tell, its environment has an `imitable_action` beside `expert_action`.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch

from gigpo_gym.config import Config
from gigpo_gym.manager import StepEnvManager
from gigpo_gym.policy import Policy, batches_by_length, response_statistics
from gigpo_gym.prompts import format_action
from gigpo_gym.records import Reply, StepRequest

QUERY = "<query>"  # in admissible actions that words of one's own complete
WARMUP_ITERATION = 0
"""Training counts its iterations from 1, so no task of the warm-up comes from a training iteration's seeds."""


def demonstrator(
    manager: StepEnvManager, random_share: float, rng: np.random.Generator
) -> Callable[[Sequence[StepRequest]], dict[int, Reply]]:
    """Answers with the expert's action, or (a share of the steps) any admissible one."""

    def reply(request: StepRequest) -> Reply:
        env = manager.envs[request.index].unwrapped
        expert = getattr(env, "imitable_action", None) or getattr(env, "expert_action", None)
        action = expert() if expert is not None and rng.random() >= random_share else None
        return Reply(format_action(action or any_action(request.index)))

    def any_action(index: int) -> str:
        if admissible := manager.infos[index].get("admissible_actions"):
            action = str(admissible[rng.integers(len(admissible))])
            if QUERY in action and (words := str(manager.infos[index].get("task", "")).split()):
                action = action.replace(QUERY, " ".join(rng.choice(words, size=2)))
            return action
        space = manager.envs[index].action_space
        space.seed(int(rng.integers(2**31)))  # a space that was never seeded draws from the system's entropy
        return space.sample()

    return lambda requests: {request.index: reply(request) for request in requests}


def warm_up(
    policy: Policy,
    manager: StepEnvManager,
    config: Config,
    rng: np.random.Generator,
    advance: Callable[[int], None] = lambda updates: None,
) -> float:
    """Train the policy in place on demonstrations; returns the mean loss per token of the last update.

    Raises:
        ValueError: an environment has no `expert_action`.
    """
    for env in manager.envs:
        if not hasattr(env.unwrapped, "expert_action"):
            raise ValueError(f"{type(env.unwrapped).__name__} has no expert to demonstrate: add --warmup-updates 0")
    rollout = manager.play(demonstrator(manager, config.warmup_random_share, rng), WARMUP_ITERATION)
    prompts = np.split(rollout.prompt_ids, rollout.prompt_offsets[1:-1])
    targets = [policy.answer(reply) for reply in rollout.reply]
    optimizer = torch.optim.AdamW(policy.model.parameters(), lr=config.warmup_learning_rate, betas=(0.9, 0.95))
    lengths = np.array([len(prompt) + len(target) for prompt, target in zip(prompts, targets, strict=True)])
    loss = math.nan
    for update in range(config.warmup_updates):
        if config.warmup_lr_schedule == "linear":
            optimizer.param_groups[0]["lr"] = config.warmup_learning_rate * (1 - update / config.warmup_updates)
        rows = rng.choice(len(rollout), size=min(config.warmup_batch_size, len(rollout)), replace=False)
        tokens = sum(len(targets[row]) for row in rows)
        loss = 0.0
        optimizer.zero_grad(set_to_none=True)
        # A batch that fits keeps its order: sums in another order differ in their last bits.
        whole = len(rows) * lengths[rows].max() <= config.micro_batch_tokens
        for part in [np.arange(len(rows))] if whole else batches_by_length(lengths[rows], config.micro_batch_tokens):
            statistics = response_statistics(
                policy.model,
                [prompts[row] for row in rows[part]],
                [targets[row] for row in rows[part]],
                temperature=config.temperature,
                pad_id=policy.pad_id,
            )
            nll = -statistics.logprobs.sum() / tokens
            nll.backward()
            loss += nll.item()
        torch.nn.utils.clip_grad_norm_(policy.model.parameters(), config.max_grad_norm)
        optimizer.step()
        advance(1)
    return loss
