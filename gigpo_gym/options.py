"""The command line of training: a preset, changed by options."""

import argparse
import dataclasses
import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tyro

from gigpo_gym.config import SHORT_NAMES, Config
from gigpo_gym.run_folder import RunFolder

TINY: dict[str, Any] = {
    "num_env_groups": 128,
    "history_length": 0,
    "invalid_action_penalty": 0.5,
    "max_response_tokens": 3,
    "sequence_length": 256,
    "warmup_updates": 30,
    "warmup_random_share": 0.75,
    "mini_batch_size": 1024,
    "pg_clip_high": 0.28,
    "entropy_loss_coef": 0.06,
    "init_kl_coef": 0.01,
    "learning_rate": 1e-3,
    "lr_warmup_updates": 40,
    "lr_schedule": "linear",
    "lr_decay_updates": 700,
    "num_iterations": 200,
    "eval_every": 20,
    "save_every": 20,
}
"""A tiny policy on a CPU, in minutes.

A reply is three tokens, tag, action and tag: with room for more, the entropy bonus fills it with chatter, and with a
penalty of 0.1 it pays to break the format. The bonus is large because a policy that has learnt to walk straight to the
goal is sure of itself, and never finds the detours that the other lakes need. The numbers were found on FrozenLake.
"""

PAPER: dict[str, Any] = {
    "num_env_groups": 16,
    "method": "mean_std",
    "mini_batch_size": 256,
    "entropy_loss_coef": 0.001,
    "init_kl_coef": 0.01,
    "sequence_length": 2048 + 512,
    "max_response_tokens": 512,
    "val_batch_size": 128,
}
"""The paper's settings for LLMs on ALFWorld (GiGPO, arXiv 2505.10978, appendix)."""

ROLL: dict[str, Any] = {
    "num_env_groups": 128,
    "mini_batch_size": 256,
    "init_kl_coef": 0.01,
    "whiten_advantages": True,
    "advantage_clip": 0.2,
    "sequence_length": 1024,
    "max_response_tokens": 256,
    "val_batch_size": 1024,
}
"""ROLL's settings for LLMs on grid worlds."""

PRESETS = {"tiny": TINY, "paper": PAPER, "roll": ROLL}

TINY_READER: dict[str, Any] = {
    "num_env_groups": 16,
    "warmup_updates": 1500,
    "warmup_random_share": 0.15,
    "warmup_batch_size": 32,
    "warmup_learning_rate": 3e-3,
    "warmup_lr_schedule": "linear",
    "mini_batch_size": 512,
    "entropy_loss_coef": 0.01,
    "init_kl_coef": 0.05,
    "learning_rate": 5e-4,
    "max_grad_norm": 10.0,
    "eval_temperature": 1.0,
}
"""What a tiny policy needs that reads long prompts."""

PRESETS_FOR: dict[tuple[str, str], dict[str, Any]] = {
    ("tiny", "gigpo/ALFWorld-v0"): TINY_READER
    | {
        "env_kwargs": ("max_episode_steps=30",),
        "invalid_action_penalty": 0.1,
        "tiny_hidden_size": 32,
        "max_response_tokens": 10,
        "sequence_length": 640,
        "warmup_episodes": 2048,
        "num_iterations": 60,
    },
    ("paper", "gigpo/ALFWorld-v0"): {"val_batch_size": 140},
    ("tiny", "gigpo/Sokoban-v0"): {
        "env_kwargs": ("max_episode_steps=15",),
        "num_env_groups": 48,
        "invalid_action_penalty": 2.0,
        "warmup_updates": 200,
        "warmup_episodes": 1024,
        "warmup_random_share": 0.5,
        "mini_batch_size": 768,
        "entropy_loss_coef": 0.1,
        "init_kl_coef": 0.05,
        "max_grad_norm": 10.0,
        "lr_decay_updates": 1000,
        "num_iterations": 150,
    },
    ("paper", "gigpo/Sokoban-v0"): {
        "env_kwargs": ("max_episode_steps=15",),
        "num_env_groups": 32,
        "method": "mean",
        "mini_batch_size": 64,
    },
    ("roll", "gigpo/Sokoban-v0"): {"env_kwargs": ("max_episode_steps=10",)},
    ("tiny", "gigpo/WebShop-v0"): TINY_READER
    | {
        "env_kwargs": ("source=generated", "observation_mode=text_rich", "max_episode_steps=10"),
        "invalid_action_penalty": 1.0,
        "tiny_copies": True,
        "max_response_tokens": 32,
        "sequence_length": 896,
        "micro_batch_tokens": 4096,
        "warmup_episodes": 6144,
        "lr_warmup_updates": 8,
        "num_iterations": 80,
    },
}
"""What a preset changes where it trains on this environment alone; --env-kwargs adds to its env_kwargs.

tiny: solving a task pays 10, not 1, so the norm of gradients grows with it, and in Sokoban the penalty and the entropy
bonus too; a policy that acts at random hardly ever solves one, so it is shown more first. In ALFWorld prompts are long,
so the policy is narrow; a penalty of 2 taught it valid commands that lead nowhere; and without history a policy that is
sure of itself goes in circles, so it is tested as it is trained. In WebShop names and options are copied from the page,
which takes a wider policy, and one that starts able to copy. paper: its authors' scripts; all of ALFWorld's valid_seen
games.
"""

ALIASES = {
    "tags": "env",
    "num-generations": "group-size",
    "advantage-estimator": "adv-estimator",
    "gigpo-step-advantage-weight": "step-reward-weight",
    "reward-normalization.method": "method",
    "reward-normalization.grouping": "grouping",
    "beta": "init-kl-coef",
    "max-steps": "num-iterations",
    "train-env-manager.tags": "env",
    "train-env-manager.num-env-groups": "num-env-groups",
    "train-env-manager.num-groups-partition": "num-groups-partition",
    "train-env-manager.group-size": "group-size",
}
"""ROLL's and ms-swift's names for options, with hyphens; underscores do as well."""

HELP = f"""

The defaults below are those of the preset {{preset}}. --preset takes another: tiny (a tiny policy on a CPU), paper (the
paper's, for language models) or roll (ROLL's, for language models on grid worlds).

Underscores do for hyphens, and other names are understood: {", ".join(f"--{alias}" for alias in ALIASES)}.
"""

GRID_WORLDS = ("gigpo/FrozenLake-v0", "gigpo/Sokoban-v0")


def preset_for(env: Sequence[str], model: str) -> str:
    """The preset used where none is named."""
    if model == "tiny":
        return "tiny"
    return "roll" if {_id_of(name) for name in env} <= set(GRID_WORLDS) else "paper"


def settings_of(preset: str, env: Sequence[str]) -> dict[str, Any]:
    """What a preset says for these environments."""
    own = PRESETS_FOR.get((preset, _id_of(env[0])), {}) if len(env) == 1 else {}
    return PRESETS[preset] | own


def _id_of(name: str) -> str:
    return SHORT_NAMES.get(name, name).rpartition(":")[2]


def parse(arguments: Sequence[str]) -> Config:
    """The configuration that the command line asks for.

    Raises:
        ValueError: --resume with other options, or options that contradict each other.
        RunFolderError: --resume names no run.
        SystemExit: --help; options that do not exist or are impossible, with the reason on stderr.
    """
    words = [canonical(word) for word in arguments]
    given = {word.partition("=")[0] for word in words if word.startswith("-")}
    chooser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, usage="%(prog)s [-h] [OPTIONS]")
    chooser.add_argument("--preset", choices=sorted(PRESETS))
    chosen, words = chooser.parse_known_args(words)
    # The rest is tyro's. These are only looked at: they decide which defaults it starts from.
    chooser.add_argument("--env", nargs="*", default=Config.env)
    chooser.add_argument("--model", default=Config.model)
    chooser.add_argument("--resume", type=Path)
    chooser.add_argument("--num-iterations", type=int)
    look, _ = chooser.parse_known_args(words)
    if look.resume is not None and not given & {"-h", "--help"}:
        if others := sorted(given - {"--resume", "--num-iterations"}):
            raise ValueError(
                f"with --resume a run keeps its configuration: leave out {', '.join(others)}; "
                "only --num-iterations may be given"
            )
        config = Config.from_json(RunFolder.open(look.resume).config)
        iterations = config.num_iterations if look.num_iterations is None else look.num_iterations
        return dataclasses.replace(config, resume=look.resume, num_iterations=iterations)
    preset = chosen.preset or preset_for(look.env, look.model)
    about = inspect.getdoc(Config) or ""
    settings = settings_of(preset, look.env)
    config = tyro.cli(
        Config,
        args=words,
        default=Config(**settings),
        description=about + HELP.format(preset=preset),
    )
    if {"--num-env-groups", "--rollout-batch-size"} <= given and config.num_env_groups != config.groups:
        raise ValueError(
            f"rollout_batch_size {config.rollout_batch_size} with group_size {config.group_size} makes "
            f"{config.groups} groups, num_env_groups says {config.num_env_groups}: leave one of them out"
        )
    given_names = {pair.partition("=")[0] for pair in config.env_kwargs}
    kept = [pair for pair in settings.get("env_kwargs", ()) if pair.partition("=")[0] not in given_names]
    return dataclasses.replace(config, num_env_groups=config.groups, env_kwargs=(*kept, *config.env_kwargs))


def canonical(word: str) -> str:
    """A word of the command line with its option, if it is one, under the name that Config has."""
    if not word.startswith("--"):
        return word
    name, equals, value = word[2:].partition("=")
    name = name.replace("_", "-")
    return f"--{ALIASES.get(name, name)}{equals}{value}"
