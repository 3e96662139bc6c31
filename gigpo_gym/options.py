"""The command line of training: a preset, changed by options."""

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tyro

from gigpo_gym.config import Config
from gigpo_gym.run_folder import RunFolder

TINY: dict[str, Any] = {
    "num_env_groups": 64,
    "history_length": 0,
    "max_response_tokens": 8,
    "sequence_length": 256,
    "warmup_updates": 30,
    "mini_batch_size": 512,
    "pg_clip_high": 0.28,
    "entropy_loss_coef": 0.03,
    "learning_rate": 5e-4,
    "num_iterations": 400,
    "eval_every": 20,
    "save_every": 20,
}
"""A tiny policy on a CPU, in minutes."""

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

GRID_WORLDS = ("frozenlake",)


def preset_for(env: Sequence[str], model: str) -> str:
    """The preset used where none is named."""
    if model == "tiny":
        return "tiny"
    return "roll" if set(env) <= set(GRID_WORLDS) else "paper"


def parse(arguments: Sequence[str]) -> Config:
    """The configuration that the command line asks for.

    Raises:
        ValueError: options contradict each other, or are impossible.
        RunFolderError: --resume names no run.
        SystemExit: --help, or options that do not exist.
    """
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--env", "--tags", nargs="+", default=list(Config.env))
    first.add_argument("--model", default=Config.model)
    first.add_argument("--preset", choices=sorted(PRESETS))
    first.add_argument("--resume", type=Path)
    first.add_argument("--num-iterations", "--num_iterations", "--max-steps", "--max_steps", type=int)
    chosen, others = first.parse_known_args(arguments)
    if chosen.resume is not None and not {"-h", "--help"} & set(others):
        if others or chosen.preset or chosen.env != list(Config.env) or chosen.model != Config.model:
            raise ValueError("with --resume a run keeps its configuration; only --num-iterations may be given")
        config = Config.from_json(RunFolder.open(chosen.resume).config)
        iterations = config.num_iterations if chosen.num_iterations is None else chosen.num_iterations
        return dataclasses.replace(config, resume=chosen.resume, num_iterations=iterations)
    preset = chosen.preset or preset_for(chosen.env, chosen.model)
    default = dataclasses.replace(Config(), env=tuple(chosen.env), model=chosen.model, **PRESETS[preset])
    rest = [*others, *(("--num-iterations", str(chosen.num_iterations)) if chosen.num_iterations is not None else ())]
    return tyro.cli(
        Config,
        args=rest,
        default=default,
        description=f"{Config.__doc__}\n\nDefaults shown: preset {preset} (--preset tiny, paper or roll).",
    )
