"""Train an LLM policy with GiGPO: `python train.py --env frozenlake`.

Group-in-Group Policy Optimization (Feng, Xue, Liu, An, arXiv 2505.10978), in the order of the paper. One iteration:

    collect     groups of episodes, all members of a group from the same task and start
    advantages  A = w_E A^E + w_S A^S: the episode against its group, the step against the steps from the same state
    update      PPO-clip on every response token, with log-probabilities taken before the first update
    log, and now and then evaluate on a fixed panel of held-out tasks, and save

Every draw comes from (seed, purpose, iteration), so a run that is killed and resumed ends as if it never had been.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
import transformers

from gigpo_gym import StepEnvManager, clip, compute_advantages, group_seed, similar_anchors, whiten
from gigpo_gym.advantages import Advantages
from gigpo_gym.build import build_manager, build_panel, load_policy, load_reference, save_reference, warm_up_policy
from gigpo_gym.checkpoint import newest_checkpoint, save_checkpoint
from gigpo_gym.confidence import wilson_interval
from gigpo_gym.config import Config
from gigpo_gym.curves import EventLog, draw_curves
from gigpo_gym.display import Display
from gigpo_gym.engine import Engine, HuggingFaceEngine
from gigpo_gym.options import parse
from gigpo_gym.records import FloatArray, Reply, Rollout, StepRequest
from gigpo_gym.run_folder import RunFolder, RunFolderError
from gigpo_gym.update import Diverged, Samples, Trainer

CHECKPOINT_BYTES = 12
"""Per parameter: float32 weights and AdamW's two moments."""


def train(config: Config, display: Display | None = None) -> dict[str, Any]:
    """Run the training that `config` describes; returns the last metrics.

    Raises:
        ValueError, RunFolderError: something asked for is impossible; nothing has been trained yet.
        Diverged: the loss stayed non-finite; a checkpoint was saved.
        Interrupted: Ctrl-C or SIGTERM; a checkpoint was saved.
    """
    started = time.perf_counter()
    display = display or Display()
    torch.set_flush_denormal(True)  # the gradients of a confident policy are full of them, and they are slow

    # ---------------------------------------------------------------- build

    # First, so that a wrong id shows before a large model is loaded.
    build_manager(config, None, groups=[1] * len(config.env), group_size=1).close()
    run, checkpoint = None, None
    if config.resume is not None:
        run = RunFolder.open(config.resume)
        checkpoint = newest_checkpoint(run.checkpoints)
    policy = load_policy(config, checkpoint)
    manager, panel = build_manager(config, policy), build_panel(config, policy)
    parameters = sum(parameter.numel() for parameter in policy.model.parameters())
    if run is None:
        needed = (config.keep_checkpoints + 1) * parameters * CHECKPOINT_BYTES
        run = RunFolder.create(config.runs / config.run_name, config.to_json(), needed_bytes=needed)
    done = -1 if checkpoint is None else checkpoint.iteration
    run.cut_back(done)
    engine: Engine = HuggingFaceEngine(policy, batch_size=config.generation_batch_size)
    display.say(f"{run.path}: {config.model} ({parameters:,} parameters) on {policy.device}, {config.adv_estimator}")
    display.say(f"{config.groups} groups of {config.group_size} on {' '.join(config.env_ids)}; seed {config.seed}")

    with EventLog(run, wandb=config.wandb) as events, stop_on_signal() as stopping:

        def log(metrics: dict[str, Any]) -> None:
            run.log(metrics)
            events.append(metrics)
            display.iteration(metrics)

        # ------------------------------------------------------------ warm-up

        if checkpoint is None:
            metrics = warm_up_policy(config, policy, display)
            save_reference(config, policy, run)
            metrics |= evaluate(config, panel, engine, display)
        trainer = Trainer(policy, config, load_reference(config, policy, run))
        if checkpoint is None:
            log({"iteration": 0} | metrics | {"time/elapsed_s": time.perf_counter() - started})
            done = 0
            save_checkpoint(run.checkpoints, done, policy, trainer, keep=config.keep_checkpoints)
        else:
            checkpoint.restore_optimizer(trainer)
            display.say(f"resumed after iteration {done}")

        try:
            for iteration in range(done + 1, config.num_iterations + 1):
                clock = Clock()

                # ---------------------------------------------------- collect

                with clock("collect"):
                    engine.update_weights()
                    rollout = collect(config, manager, engine, iteration, display, stopping)

                # ------------------------------------------------- advantages

                with clock("old_logprobs"):
                    samples = Samples(rollout)
                    old_logprobs = trainer.logprobs(policy, samples)
                with clock("advantages"):
                    advantages = step_advantages(config, rollout)
                    used = shape_advantages(config, advantages.total, rollout)

                # ----------------------------------------------------- update

                order = np.random.default_rng(group_seed(config.seed, "order", iteration, 0))
                updates = config.ppo_epochs * -(-len(samples) // config.mini_batch_size)
                done = iteration  # what is saved from here on, even after divergence, has this iteration in it
                with clock("update"), display.phase(f"iteration {iteration}: update", updates) as bar:
                    update_metrics = trainer.update(samples, used, old_logprobs, order, bar.advance)

                # ------------------------------------- evaluate, log and save

                metrics = {"iteration": iteration} | rollout_metrics(rollout) | advantages.statistics | update_metrics
                metrics["policy/engine_gap"] = engine_gap(rollout, samples, old_logprobs)
                metrics["tokens/distinct_share"] = len(samples.prompts) / len(samples)
                metrics["tokens/per_s"] = metrics["tokens/total"] / clock.total
                if iteration % config.eval_every == 0 or iteration == config.num_iterations:
                    with clock("evaluate"):
                        metrics |= evaluate(config, panel, engine, display)
                    saved = manager.groups[: config.rollout_groups_saved]
                    if saved:
                        run.save_rollout(iteration, rollout, advantages, saved)
                log(metrics | clock.seconds | {"time/elapsed_s": time.perf_counter() - started})
                if iteration % config.save_every == 0 or iteration == config.num_iterations:
                    save_checkpoint(run.checkpoints, done, policy, trainer, keep=config.keep_checkpoints)
                if stopping():
                    raise Interrupted
        except (Interrupted, Diverged):
            save_checkpoint(run.checkpoints, done, policy, trainer, keep=config.keep_checkpoints)
            draw_curves(run)
            display.say(f"stopped after iteration {done}; go on with: python train.py --resume {run.path}")
            raise
    draw_curves(run)
    summarise(run, display, time.perf_counter() - started)
    return run.read_metrics()[-1]


# ------------------------------------------------------------------ collect


def collect(
    config: Config,
    manager: StepEnvManager,
    engine: Engine,
    iteration: int,
    display: Display,
    stopping: Callable[[], bool],
    *,
    evaluation: bool = False,
) -> Rollout:
    """One episode in every environment of the manager, in training or in evaluation."""
    temperature = config.eval_temperature if evaluation else config.temperature
    seed, purpose = (config.eval_seed, "evaluation") if evaluation else (config.seed, "sampling")
    name = "evaluation" if evaluation else f"iteration {iteration}: collect"
    turn = 0
    with display.phase(name, len(manager.envs)) as bar:

        def answer(requests: Sequence[StepRequest]) -> dict[int, Reply]:
            nonlocal turn
            if stopping():
                raise Interrupted
            bar.reach(len(manager.envs) - len(requests))
            turn += 1
            return engine.generate(
                requests,
                temperature=temperature,
                max_tokens=config.max_response_tokens,
                seed=group_seed(seed, purpose, iteration, turn),
            )

        return manager.play(answer, iteration)


def evaluate(config: Config, panel: StepEnvManager, engine: Engine, display: Display) -> dict[str, Any]:
    """Success on the held-out panel, the same tasks at every evaluation.

    It is not to be interrupted: the weights are ahead of the metrics until the line of the iteration is written.
    """
    episodes = collect(config, panel, engine, 0, display, lambda: False, evaluation=True).episodes
    return {
        "eval/success": float(episodes.success.mean()),
        "eval/score": float(episodes.score.mean()),
        "eval/return": float(episodes.total_reward.mean()),
        "eval/episode_length": float(episodes.length.mean()),
        "eval/episodes": len(episodes.success),
    }


# --------------------------------------------------------------- advantages


def step_advantages(config: Config, rollout: Rollout) -> Advantages:
    """A = w_E A^E + w_S A^S of every step, statistics over the whole batch."""
    anchors = rollout.state_key if config.anchor == "state" else rollout.observation
    if config.anchor_similarity < 1:
        anchors = np.asarray(similar_anchors(list(anchors), rollout.group, config.anchor_similarity))
    return compute_advantages(
        rollout.reward,
        rollout.trajectory,
        rollout.group,
        anchors,
        tags=rollout.tag,
        adv_estimator=config.adv_estimator,
        step_reward_gamma=config.step_reward_gamma,
        episode_reward_weight=config.episode_reward_weight,
        step_reward_weight=config.step_reward_weight,
        method=config.method,
        grouping=config.grouping,
    )


def shape_advantages(config: Config, advantages: FloatArray, rollout: Rollout) -> FloatArray:
    """Whitened, then clipped; both off in the paper."""
    if config.whiten_advantages:
        advantages = whiten(advantages, rollout.response_lengths)
    if config.advantage_clip is not None:
        advantages = clip(advantages, config.advantage_clip)
    return advantages


# ---------------------------------------------------------------------- log


def rollout_metrics(rollout: Rollout) -> dict[str, Any]:
    episodes = rollout.episodes
    metrics = {
        "train/success": episodes.success.mean(),
        "train/score": episodes.score.mean(),
        "train/return": episodes.total_reward.mean(),
        "train/episode_length": episodes.length.mean(),
        "train/truncated": episodes.truncated.mean(),
        "train/valid_actions": rollout.is_valid.mean(),
        "tokens/total": rollout.prompt_ids.size + rollout.response_ids.size,
        "tokens/prompt_mean": rollout.prompt_lengths.mean(),
        "tokens/response_mean": rollout.response_lengths.mean(),
        "tokens/history_dropped": int(rollout.history_dropped.sum()),
        "tokens/prompts_truncated": int(rollout.prompt_truncated.sum()),
    }
    tags = dict.fromkeys(episodes.tag)
    if len(tags) > 1:
        metrics |= {f"train/success/{tag}": episodes.success[episodes.tag == tag].mean() for tag in tags}
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in metrics.items()}


def engine_gap(rollout: Rollout, samples: Samples, old_logprobs: Sequence[torch.Tensor]) -> float:
    """Mean |log p_engine - log p_trainer| over response tokens: near 0, or the engine plays another policy."""
    trainer = torch.cat([old_logprobs[sample] for sample in samples.distinct]).double().cpu().numpy()
    return float(np.abs(rollout.response_logprobs - trainer).mean())


def summarise(run: RunFolder, display: Display, seconds: float) -> None:
    """What came of it, and where it lies."""
    lines = run.read_metrics()
    evaluations = [line for line in lines if "eval/success" in line]
    display.say("")
    for name, line in (("before training", evaluations[0]), ("after training", evaluations[-1])):
        success, count = line["eval/success"], line["eval/episodes"]
        low, high = wilson_interval(success * count, count)
        display.say(
            f"held-out success {name} (iteration {line['iteration']}): "
            f"{success:.3f} [{low:.3f}, {high:.3f}] on {count} tasks"
        )
    display.say(f"{seconds:.0f} s; metrics, curves.png, rollouts and checkpoints in {run.path}")


class Clock:
    """Seconds of each phase of an iteration."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @property
    def total(self) -> float:
        return sum(self.seconds.values())

    @contextmanager
    def __call__(self, phase: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[f"time/{phase}_s"] = time.perf_counter() - started


# --------------------------------------------------------------------- stop


class Interrupted(Exception):
    """Ctrl-C or SIGTERM, at a point where the weights are those of a finished iteration."""


@contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Whether a stop was asked for, by Ctrl-C or SIGTERM; a second Ctrl-C stops at once."""
    asked = False

    def ask(number: int, frame: Any) -> None:
        nonlocal asked
        if asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        asked = True

    numbers = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    previous = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield lambda: asked
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `gigpo train`."""
    transformers.utils.logging.disable_progress_bar()
    try:
        train(parse(sys.argv[1:] if arguments is None else arguments))
    except (ValueError, RunFolderError, Diverged, ImportError, OSError) as error:
        sys.exit(f"error: {error}")
    except (Interrupted, KeyboardInterrupt):
        sys.exit(130)


if __name__ == "__main__":
    main()
