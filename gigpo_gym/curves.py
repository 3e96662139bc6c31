"""What a run looked like: curves.png and TensorBoard events, both made from metrics.jsonl alone."""

import io
import shutil
import uuid
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from gigpo_gym.confidence import wilson_interval
from gigpo_gym.records import FloatArray
from gigpo_gym.run_folder import Metrics, RunFolder, atomic_write

Records = Sequence[Mapping[str, Any]]

# Okabe and Ito's colours, which colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9"
GREY = "#7F7F7F"

PHASES = {
    "time/collect_s": ("collect", BLUE),
    "time/old_logprobs_s": ("old log-probabilities", SKY),
    "time/advantages_s": ("advantages", VERMILION),
    "time/update_s": ("update", ORANGE),
    "time/evaluate_s": ("evaluate", GREEN),
}

SMOOTHING = 10
"""Iterations that one point of a bold line averages over."""


def draw_curves(run: RunFolder) -> Path:
    """Draw the run's metrics as they stand into curves.png, and return its path."""
    path = run.path / "curves.png"
    buffer = io.BytesIO()
    curves_figure(run.read_metrics(), run.path.name).savefig(buffer, format="png", metadata={"Software": None})
    atomic_write(path, buffer.getvalue())
    return path


def curves_figure(records: Records, name: str) -> Figure:
    """The figure of `records`, as `RunFolder.read_metrics` gives them.

    A curve passes over iterations without its metric, and stays out where that was never logged.
    """
    figure = Figure(figsize=(11, 12), dpi=110, layout="constrained")
    figure.suptitle(f"{name}: {_summary(records)}", fontsize=13)
    grid = figure.add_gridspec(4, 2, height_ratios=[1.5, 1, 1, 1])

    _draw_success(_panel(figure, grid[0, :], "Success", "episodes solved", share=True), records)

    axes = _panel(figure, grid[1, 0], "Return", "mean over episodes")
    _draw_curve(axes, records, "train/return", "training", BLUE)

    axes = _panel(figure, grid[1, 1], "Episode length", "steps")
    _draw_curve(axes, records, "train/episode_length", "training", BLUE)

    axes = _panel(figure, grid[2, 0], "Valid actions and shared states", "share of steps", share=True)
    _draw_curve(axes, records, "train/valid_actions", "action valid", GREEN)
    _draw_curve(axes, records, "anchor/shared_share", "in an anchor group of two or more", PURPLE)
    _legend(axes)

    axes = _panel(figure, grid[2, 1], "Entropy of the policy", "nats per token")
    _draw_curve(axes, records, "policy/entropy", "entropy", ORANGE)

    axes = _panel(figure, grid[3, 0], "KL divergence", "nats per token")
    _draw_curve(axes, records, "policy/kl", "to the policy that sampled", VERMILION)
    _draw_curve(axes, records, "policy/kl_reference", "to the reference model", PURPLE)
    _legend(axes)

    _draw_phases(_panel(figure, grid[3, 1], "Time of an iteration", "seconds"), records)
    return figure


class EventLog:
    """TensorBoard events of a run, and with `wandb` the same metrics mirrored to Weights & Biases.

    Opening it writes the events of all iterations in metrics.jsonl anew, so that they agree with it after a resume too;
    `append` adds one. Close it, or use it as a context manager.
    """

    def __init__(self, run: RunFolder, *, wandb: bool = False) -> None:
        self._wandb: Any = _start_wandb(run) if wandb else None
        self._writer = _written_events(run)

    def append(self, metrics: Metrics) -> None:
        """Add one iteration, visible to TensorBoard on return."""
        _add(self._writer, metrics)
        self._writer.flush()
        if self._wandb:
            self._wandb.log(dict(metrics), step=int(metrics["iteration"]))

    def close(self) -> None:
        self._writer.close()
        if self._wandb:
            self._wandb.finish()

    def __enter__(self) -> "EventLog":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def write_events(run: RunFolder) -> None:
    """Make the TensorBoard events of a run anew from its metrics.jsonl."""
    _written_events(run).close()


def _written_events(run: RunFolder) -> Any:
    # The import costs a second and all of torch, which drawing does not need.
    from torch.utils.tensorboard import SummaryWriter

    records = run.read_metrics()
    shutil.rmtree(run.events, ignore_errors=True)
    writer = SummaryWriter(str(run.events))
    for record in records:
        _add(writer, record)
    writer.flush()
    return writer


def _add(writer: Any, metrics: Mapping[str, Any]) -> None:
    for key, value in metrics.items():
        if key != "iteration" and isinstance(value, int | float | np.number) and np.isfinite(value):
            writer.add_scalar(key, value, metrics["iteration"])


def _start_wandb(run: RunFolder) -> Any:
    try:
        wandb = import_module("wandb")
    except ImportError as error:
        raise ImportError('wandb is not installed: pip install "gigpo-gym[wandb]", or leave --wandb out') from error
    # Kept with the run, so that a resumed one goes on in the same place.
    id_file = run.path / "wandb_id"
    if not id_file.exists():
        atomic_write(id_file, uuid.uuid4().hex)
    # It ignores the iterations it has; those that a resume repeats have the same values anyway.
    return wandb.init(
        project="gigpo-gym",
        name=run.path.name,
        id=id_file.read_text(),
        resume="allow",
        dir=str(run.path),
        config=run.config,
    )


def _series(records: Records, key: str) -> tuple[FloatArray, FloatArray]:
    """(K,) iterations and values of the K lines that have a finite `key`."""
    points = [(record["iteration"], record[key]) for record in records if record.get(key) is not None]
    iterations, values = zip(*points, strict=True) if points else ((), ())
    return np.array(iterations, dtype=np.float64), np.array(values, dtype=np.float64)


def _summary(records: Records) -> str:
    if not records:
        return "no iterations yet"
    iterations, success = _series(records, "eval/success")
    text = f"up to iteration {records[-1]['iteration']}"
    if len(success):
        text += f", held-out success {success[0]:.0%} at iteration {iterations[0]:.0f}"
    if len(success) > 1:
        text += f", {success[-1]:.0%} at {iterations[-1]:.0f}"
    return text


def _panel(figure: Figure, cell: Any, title: str, label: str, *, share: bool = False) -> Axes:
    axes = figure.add_subplot(cell)
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
    axes.set_xlabel("iteration")
    axes.set_ylabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    if share:
        axes.set_ylim(-0.02, 1.02)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    return axes


def _draw_success(axes: Axes, records: Records) -> None:
    _draw_curve(axes, records, "train/success", f"training, mean of {SMOOTHING} iterations", GREY)
    iterations, success = _series(records, "eval/success")
    if len(success):
        axes.plot(iterations, success, "o-", color=BLUE, markersize=5, label="held-out evaluation")
    counted = [record for record in records if record.get("eval/success") is not None and record.get("eval/episodes")]
    if counted:
        ends = [wilson_interval(r["eval/success"] * r["eval/episodes"], r["eval/episodes"]) for r in counted]
        low, high = zip(*ends, strict=True)
        at = [r["iteration"] for r in counted]
        axes.fill_between(at, low, high, color=BLUE, alpha=0.18, linewidth=0, label="its 95 % interval (Wilson)")
    _legend(axes)


def _draw_curve(axes: Axes, records: Records, key: str, name: str, colour: str) -> None:
    """The values pale, and bold their mean over the last iterations."""
    iterations, values = _series(records, key)
    if not len(values):
        return
    smooth = [values[max(end - SMOOTHING, 0) : end].mean() for end in range(1, len(values) + 1)]
    axes.plot(iterations, values, color=colour, alpha=0.3, linewidth=0.8)
    marker = "o" if len(values) == 1 else None  # a line through one point is invisible
    axes.plot(iterations, smooth, color=colour, linewidth=1.8, marker=marker, label=name)


def _draw_phases(axes: Axes, records: Records) -> None:
    timed = [record for record in records if any(record.get(key) is not None for key in PHASES)]
    seconds = {key: np.array([record.get(key) or 0.0 for record in timed]) for key in PHASES}
    total = sum(values.sum() for values in seconds.values())
    if not total:
        return
    shown = [key for key, values in seconds.items() if values.any()]
    axes.stackplot(
        [record["iteration"] for record in timed],
        [seconds[key] for key in shown],
        labels=[f"{PHASES[key][0]} ({seconds[key].sum() / total:.0%})" for key in shown],
        colors=[PHASES[key][1] for key in shown],
        alpha=0.85,
        linewidth=0,
    )
    axes.legend(fontsize=8, frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.24))


def _legend(axes: Axes) -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, framealpha=0.85)
