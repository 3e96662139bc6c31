"""The configuration of a training run: one flat dataclass is command line, documentation and config.json.

Option names are ROLL's where it has one; options.py has the aliases and the presets.
"""

import dataclasses
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

SHORT_NAMES = {
    "alfworld": "gigpo/ALFWorld-v0",
    "frozenlake": "gigpo/FrozenLake-v0",
    "sokoban": "gigpo/Sokoban-v0",
    "webshop": "gigpo/WebShop-v0",
}
"""Names for the command line; any registered id or module:Id-v0 works too."""


LEAST: dict[str, float] = {
    "num_env_groups": 1, "group_size": 1, "rollout_batch_size": 1, "history_length": 0, "invalid_action_penalty": 0,
    "tiny_hidden_size": 32, "tiny_num_layers": 1, "max_response_tokens": 1, "generation_batch_size": 1,
    "warmup_updates": 0, "warmup_episodes": 1, "warmup_batch_size": 1, "ppo_epochs": 1, "mini_batch_size": 1,
    "micro_batch_tokens": 1, "entropy_loss_coef": 0, "init_kl_coef": 0, "lr_warmup_updates": 0, "weight_decay": 0,
    "num_iterations": 0, "eval_every": 1, "val_batch_size": 1, "eval_temperature": 0, "eval_seed": 0, "save_every": 1,
    "keep_checkpoints": 1, "rollout_groups_saved": 0, "seed": 0,
}  # fmt: skip
"""Lower bounds, the bound allowed."""

POSITIVE = (
    "temperature", "learning_rate", "warmup_learning_rate", "pg_clip", "pg_clip_high", "advantage_clip",
    "max_grad_norm", "anchor_similarity",
)  # fmt: skip
"""Above 0."""

SHARES = ("warmup_random_share", "step_reward_gamma", "anchor_similarity")
"""Between 0 and 1, both allowed."""


@dataclass(frozen=True)
class Config:
    """Train an LLM policy with GiGPO.

    `python train.py --env frozenlake` trains a tiny policy on a CPU in minutes; `--model PATH_OR_HUB_ID` takes a real
    one. Everything a run gives lies in runs/NAME.
    """

    # Environment
    env: tuple[str, ...] = ("frozenlake",)
    """Environments to train on, one or several: frozenlake, sokoban, a registered id, or module:Id-v0."""
    env_kwargs: tuple[str, ...] = ()
    """Arguments of the environments, such as size=8 is_slippery=true max_episode_steps=30."""
    num_env_groups: int = 64
    """Groups per iteration, over all environments."""
    num_groups_partition: tuple[int, ...] = ()
    """How many of the groups each environment gets; equal shares by default."""
    group_size: int = 8
    """Episodes of a group: the same task and start, compared with each other."""
    rollout_batch_size: int | None = None
    """Episodes per iteration, another way to say num_env_groups: this divided by group_size."""
    history_length: int = 2
    """Past observations and actions shown before the present observation."""
    invalid_action_penalty: float = 0.1
    """Subtracted from the reward of a step whose reply was invalid."""

    # Policy
    model: str = "tiny"
    """A model folder, a hub id, or 'tiny': a small policy made on the spot."""
    tiny_hidden_size: int = 64
    """Width of the tiny policy, a multiple of 32."""
    tiny_num_layers: int = 2
    """Depth of the tiny policy."""
    tiny_copies: bool = False
    """Whether the tiny policy starts able to copy words of its prompt."""
    device: str = "auto"
    """cpu, cuda or cuda:N; auto takes a GPU where there is one."""
    temperature: float = 1.0
    """Sampling temperature in training; the trained probabilities are those at this temperature."""
    max_response_tokens: int = 512
    """Most tokens of one reply."""
    sequence_length: int = 2560
    """Most tokens of one sample, prompt and reply; longer prompts lose their oldest history."""
    generation_batch_size: int = 512
    """Replies generated at once."""

    # Warm-up on demonstrations
    warmup_updates: int = 0
    """Supervised updates before training, on episodes of the environment's expert; 0 for none."""
    warmup_episodes: int = 512
    """Demonstrations to collect, on training tasks."""
    warmup_random_share: float = 0.5
    """Share of random valid actions in the demonstrations."""
    warmup_batch_size: int = 256
    """Steps of one warm-up update."""
    warmup_learning_rate: float = 2e-3
    """Learning rate of the warm-up updates."""
    warmup_lr_schedule: Literal["constant", "linear"] = "constant"
    """How the learning rate of the warm-up goes on; linear reaches 0 at its end."""

    # Advantages
    adv_estimator: Literal["gigpo", "grpo", "rloo", "reinforce_plus_plus", "step_reinforce"] = "gigpo"
    """How a step gets its credit."""
    step_reward_gamma: float = 0.95
    """Discount of the step-level returns."""
    episode_reward_weight: float = 1.0
    """Weight of the episode-level advantage."""
    step_reward_weight: float = 1.0
    """Weight of the step-level advantage."""
    method: Literal["identity", "mean", "mean_std", "asym_clip"] = "mean"
    """What returns are normalised by: nothing, the mean, mean and std, or that clamped to [-1, 3]."""
    grouping: Literal["traj_group_id", "tags", "batch"] = "traj_group_id"
    """Over what the episode-level statistics run: the group, the environment, or the batch."""
    anchor: Literal["state", "observation"] = "state"
    """What makes two steps comparable: the canonical state, or (as the reference implementation) the text."""
    anchor_similarity: float = 1.0
    """Below 1, observations at least this similar are one anchor (needs anchor=observation)."""
    whiten_advantages: bool = False
    """Whiten over all response tokens of the batch."""
    advantage_clip: float | None = None
    """Clamp advantages to plus or minus this, after whitening."""

    # Update
    ppo_epochs: int = 1
    """Passes over the samples of an iteration."""
    mini_batch_size: int = 256
    """Samples (steps) of one optimiser update."""
    batch_adjust_mode: Literal["copy", "delete", "auto"] = "copy"
    """How samples are made to fill mini-batches: copies of weight zero, deletion, or whichever changes fewer."""
    micro_batch_tokens: int = 16384
    """Most tokens, padding included, in one forward and backward pass."""
    pg_clip: float = 0.2
    """PPO's clip range below 1, and above 1 where pg_clip_high is not given."""
    pg_clip_high: float | None = None
    """PPO's clip range above 1."""
    dual_clip_loss: bool = True
    """Bound the loss of negative advantages by 3 times their size."""
    loss_aggregation: Literal["token", "sequence"] = "token"
    """Whether every token or every reply of a mini-batch counts the same."""
    entropy_loss_coef: float = 0.0
    """Weight of the entropy bonus."""
    init_kl_coef: float = 0.0
    """Weight of the k3 KL to the policy before training, as a loss."""
    learning_rate: float = 1e-6
    """Learning rate of AdamW."""
    lr_warmup_updates: int = 0
    """Optimiser updates over which the learning rate rises from 0."""
    lr_schedule: Literal["constant", "linear", "cosine"] = "constant"
    """How the learning rate goes on; linear and cosine reach 0 after lr_decay_updates."""
    lr_decay_updates: int | None = None
    """Optimiser updates until the learning rate is 0."""
    weight_decay: float = 0.0
    """Weight decay of AdamW."""
    max_grad_norm: float = 1.0
    """Gradients are scaled down to this norm."""

    # Run
    num_iterations: int = 150
    """Iterations of training, each a rollout, its advantages and an update."""
    eval_every: int = 10
    """Iterations between evaluations on the held-out panel; the first is before training, the last after it."""
    val_batch_size: int = 256
    """Episodes of an evaluation, each of another task; all tasks of the split where those are fewer."""
    eval_temperature: float = 0.4
    """Sampling temperature in evaluation; 0 takes the likeliest token."""
    eval_split: str = "eval"
    """The environment's split for evaluation."""
    eval_seed: int = 0
    """Seed of the evaluation panel, which is the same whatever `seed` is."""
    save_every: int = 10
    """Iterations between checkpoints."""
    keep_checkpoints: int = 2
    """Checkpoints kept, the newest ones."""
    rollout_groups_saved: int = 2
    """Groups whose steps are written to runs/NAME/rollouts at every evaluation."""
    seed: int = 0
    """Seed of all else: weights, tasks, sampling, order of samples."""
    name: str | None = None
    """Name of the run; by default environment, model, estimator and seed."""
    runs: Path = Path("runs")
    """Folder of all runs."""
    resume: Path | None = None
    """A run folder to go on with, under its own configuration; only num_iterations may be given with it."""
    wandb: bool = False
    """Send the metrics to Weights & Biases too."""

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise ValueError(problem)

    @property
    def env_ids(self) -> tuple[str, ...]:
        return tuple(SHORT_NAMES.get(name, name) for name in self.env)

    @property
    def groups(self) -> int:
        """Groups per iteration over all environments."""
        return self.num_env_groups if self.rollout_batch_size is None else self.rollout_batch_size // self.group_size

    @property
    def groups_of(self) -> tuple[int, ...]:
        """Groups per iteration of each environment."""
        return self.num_groups_partition or (self.groups // len(self.env),) * len(self.env)

    @property
    def max_prompt_tokens(self) -> int:
        return self.sequence_length - self.max_response_tokens

    @property
    def run_name(self) -> str:
        if self.name is not None:
            return self.name
        envs = "-".join(name.rpartition("/")[2].lower() for name in self.env)
        return f"{envs}-{Path(self.model).name}-{self.adv_estimator}-{self.seed}"

    @property
    def env_arguments(self) -> dict[str, Any]:
        """`env_kwargs` as values: JSON where it is JSON, else text."""
        arguments = {}
        for pair in self.env_kwargs:
            name, _, value = pair.partition("=")
            try:
                arguments[name] = json.loads(value)
            except ValueError:
                arguments[name] = value
        return arguments

    def _problems(self) -> Iterator[str]:
        """Every contradiction or impossibility, with its remedy; later ones rely on the earlier being absent."""
        for name, value in vars(self).items():
            if isinstance(value, float) and not math.isfinite(value):
                yield f"{name} must be a finite number, got {value}"
        for name, least in LEAST.items():
            value = getattr(self, name)
            if value is not None and not value >= least:
                yield f"{name} must be at least {least}, got {value}"
        for name in POSITIVE:
            value = getattr(self, name)
            if value is not None and not value > 0:
                yield f"{name} must be above 0, got {value}"
        for name in SHARES:
            if not 0 <= getattr(self, name) <= 1:
                yield f"{name} must lie between 0 and 1, got {getattr(self, name)}"
        for pair in self.env_kwargs:
            if not pair.partition("=")[0].isidentifier() or "=" not in pair:
                yield f"env_kwargs are written name=value, got {pair!r}"
        if len(self.env_arguments) != len(self.env_kwargs):
            yield f"env_kwargs give each name one value, got {' '.join(self.env_kwargs)}"
        if len(set(self.env_ids)) != len(self.env) or not self.env:
            yield f"env names each environment once, got {' '.join(self.env) or 'none'}"
        for name in ("val_batch_size", "warmup_episodes"):
            if getattr(self, name) < len(self.env):
                yield f"{name} {getattr(self, name)} leaves an environment out: use at least {len(self.env)}"
        if self.rollout_batch_size is not None and self.rollout_batch_size % self.group_size:
            yield (
                f"rollout_batch_size {self.rollout_batch_size} is no multiple of group_size {self.group_size}: "
                f"use {-(-self.rollout_batch_size // self.group_size) * self.group_size}"
            )
        if self.num_groups_partition:
            if len(self.num_groups_partition) != len(self.env) or min(self.num_groups_partition) < 1:
                yield (
                    f"num_groups_partition needs one positive number for each of {' '.join(self.env)}, "
                    f"got {self.num_groups_partition}"
                )
            if sum(self.num_groups_partition) != self.groups:
                yield (
                    f"num_groups_partition {self.num_groups_partition} does not sum to the {self.groups} groups: "
                    f"change it, or use num_env_groups {sum(self.num_groups_partition)}"
                )
        elif self.groups % len(self.env):
            yield (
                f"num_env_groups {self.groups} cannot be shared equally by {len(self.env)} environments: "
                "change it, or say with num_groups_partition how many each one gets"
            )
        within_group = self.grouping == "traj_group_id" and self.method != "identity"
        if self.group_size == 1 and {"gigpo": within_group, "grpo": within_group, "rloo": True}.get(self.adv_estimator):
            yield (
                f"group_size 1 leaves {self.adv_estimator} nothing to compare an episode with: use 2 or more, "
                "or adv_estimator reinforce_plus_plus"
            )
        parts = {"gigpo": ("episode", "step"), "step_reinforce": ("step",)}.get(self.adv_estimator, ("episode",))
        weights = [f"{part}_reward_weight" for part in parts]
        if not any(getattr(self, weight) for weight in weights):
            yield f"{' and '.join(weights)} 0 leaves {self.adv_estimator} no advantage: use 1 for one of them"
        if self.sequence_length <= self.max_response_tokens:
            yield (
                f"sequence_length {self.sequence_length} holds prompt and reply: it must exceed max_response_tokens "
                f"{self.max_response_tokens}"
            )
        if self.anchor_similarity < 1 and self.anchor != "observation":
            yield "anchor_similarity compares texts: add --anchor observation"
        if self.lr_schedule == "constant" and self.lr_decay_updates is not None:
            yield "lr_decay_updates has no meaning with a constant learning rate: choose lr_schedule linear or cosine"
        if self.lr_schedule != "constant" and (self.lr_decay_updates or 0) <= self.lr_warmup_updates:
            yield (
                f"lr_schedule {self.lr_schedule} needs lr_decay_updates above lr_warmup_updates "
                f"{self.lr_warmup_updates}, got {self.lr_decay_updates}"
            )
        if self.tiny_hidden_size % 32:
            yield f"tiny_hidden_size must be a multiple of 32, got {self.tiny_hidden_size}"
        if self.tiny_copies and self.tiny_num_layers < 2:
            yield f"tiny_copies needs tiny_num_layers of at least 2, got {self.tiny_num_layers}"
        if not re.fullmatch(r"auto|cpu|cuda(:\d+)?", self.device):
            yield f"device must be auto, cpu, cuda or cuda:N, got {self.device!r}"
        if self.name is not None and (Path(self.name).name != self.name or self.name in ("", "..")):
            yield f"name is one folder name below {self.runs}, got {self.name!r}"

    def to_json(self) -> dict[str, Any]:
        """As written to config.json."""
        return {name: str(v) if isinstance(v, Path) else v for name, v in dataclasses.asdict(self).items()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Config":
        """The configuration that `to_json` wrote. Raises ValueError where a field is unknown or impossible."""
        known = {field.name for field in dataclasses.fields(cls)}
        if unknown := sorted(values.keys() - known):
            raise ValueError(f"config.json has fields this version does not know: {', '.join(unknown)}")
        read: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
        for name in ("runs", "resume"):
            if read.get(name) is not None:
                read[name] = Path(read[name])
        try:
            return cls(**read)
        except TypeError as error:
            raise ValueError(f"config.json has a value of the wrong type: {error}") from error
