"""What a training run is built from: the policy, the environments, the reference of the KL."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gigpo_gym.checkpoint import Checkpoint
from gigpo_gym.config import Config
from gigpo_gym.display import Display
from gigpo_gym.manager import StepEnvManager
from gigpo_gym.policy import Policy
from gigpo_gym.records import Reply, StepRequest
from gigpo_gym.run_folder import RunFolder
from gigpo_gym.task_spec import env_specs
from gigpo_gym.tiny import build_tiny
from gigpo_gym.warmup import demonstrator, warm_up
from gigpo_gym.wrappers.group_seed import group_seed

VOCABULARY_GROUPS = 64
"""Episodes whose words make the vocabulary of a tiny policy."""


def load_policy(config: Config, checkpoint: Checkpoint | None) -> Policy:
    """The policy to start from: a checkpoint's, a model folder's or hub id's, or a tiny one made on the spot."""
    device = config.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if checkpoint is not None:
        return Policy(str(checkpoint.model), device=device)
    if config.model != "tiny":
        policy = Policy(config.model, device=device)
        if config.sequence_length > policy.context_length:
            raise ValueError(
                f"sequence_length {config.sequence_length} exceeds the {policy.context_length} tokens that "
                f"{config.model} can read: add --sequence-length {policy.context_length}"
            )
        return policy
    with tempfile.TemporaryDirectory() as folder:
        build_tiny(
            Path(folder),
            vocabulary(config),
            seed=config.seed,
            hidden_size=config.tiny_hidden_size,
            num_layers=config.tiny_num_layers,
            max_length=config.sequence_length,
            copies=config.tiny_copies,
        )
        return Policy(folder, device=device)


def vocabulary(config: Config) -> set[str]:
    """Texts with the words of the environments: all that one knows of, and prompts and answers of a few episodes."""
    manager = build_manager(config, None, groups=shares(VOCABULARY_GROUPS, len(config.env)), group_size=1)
    answer = demonstrator(manager, random_share=0.5, rng=np.random.default_rng(config.seed))
    texts: set[str] = set()
    for env in {type(env.unwrapped): env.unwrapped for env in manager.envs}.values():
        texts.update(getattr(env, "texts", tuple)())

    def overheard(requests: Sequence[StepRequest]) -> dict[int, Reply]:
        replies = answer(requests)
        for request in requests:
            texts.update(message["content"] for message in request.messages if message["role"] == "user")
            texts.update(manager.infos[request.index].get("admissible_actions", ()))
        texts.update(reply.text for reply in replies.values())
        return replies

    manager.play(overheard, iteration=0)
    manager.close()
    return texts


def build_manager(
    config: Config,
    policy: Policy | None,
    *,
    groups: Sequence[int] | None = None,
    group_size: int | None = None,
    **options: Any,
) -> StepEnvManager:
    """The manager of training, or with other `groups` of each environment, `group_size` or options that of warm-up and
    of evaluation."""
    return StepEnvManager(
        environments(config, config.groups_of if groups is None else groups),
        group_size=group_size or config.group_size,
        history_length=config.history_length,
        env_kwargs=dict.fromkeys(config.env, config.env_arguments),
        invalid_action_penalty=config.invalid_action_penalty,
        encode=None if policy is None else policy.encode,
        max_prompt_tokens=None if policy is None else config.max_prompt_tokens,
        **({"seed": config.seed} | options),
    )


def build_panel(config: Config, policy: Policy) -> StepEnvManager:
    """The held-out panel: one episode each of `val_batch_size` different tasks, or of all that an environment's split
    has where those are fewer; the same in every run."""
    return build_manager(
        config,
        policy,
        groups=panel_sizes(config),
        group_size=1,
        seed=config.eval_seed,
        split=config.eval_split,
        distinct_tasks=True,
    )


def panel_sizes(config: Config) -> list[int]:
    """How many held-out tasks of each environment are on the panel."""
    envs = environments(config, shares(config.val_batch_size, len(config.env)))
    specs = env_specs(envs, None, dict.fromkeys(config.env, config.env_arguments), config.eval_split)
    return [spec.num_groups if spec.tasks is None else min(spec.num_groups, len(spec.tasks)) for spec in specs]


def environments(config: Config, groups: Sequence[int]) -> dict[str, tuple[str, int]]:
    """Ids and numbers of groups by tag, as a manager takes them."""
    return {tag: (env_id, count) for tag, env_id, count in zip(config.env, config.env_ids, groups, strict=True)}


def shares(total: int, parts: int) -> list[int]:
    """`total` in `parts` as equal as can be."""
    return [total // parts + (part < total % parts) for part in range(parts)]


def warm_up_policy(config: Config, policy: Policy, display: Display) -> dict[str, Any]:
    """Supervised updates on demonstrations, where asked for."""
    if config.warmup_updates == 0:
        return {}
    manager = build_manager(config, policy, groups=shares(config.warmup_episodes, len(config.env)), group_size=1)
    rng = np.random.default_rng(group_seed(config.seed, "warmup", 0, 0))
    with display.phase("warm-up", config.warmup_updates) as bar:
        loss = warm_up(policy, manager, config, rng, bar.advance)
    manager.close()
    return {"warmup/loss": loss}


def save_reference(config: Config, policy: Policy, run: RunFolder) -> None:
    """Keep the policy that the KL is taken to, unless it can be loaded from where it came."""
    if config.init_kl_coef > 0 and (config.model == "tiny" or config.warmup_updates > 0):
        policy.save(run.path / "reference")


def load_reference(config: Config, policy: Policy, run: RunFolder) -> Policy | None:
    if config.init_kl_coef == 0:
        return None
    saved = run.path / "reference"
    reference = Policy(str(saved if saved.exists() else config.model), device=str(policy.device))
    reference.model.requires_grad_(False)
    return reference
