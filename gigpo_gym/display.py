"""What a training run shows in the terminal: a bar while it works, one line per iteration, a summary."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

HEADER_EVERY = 20

COLUMNS = (
    # heading, metric, width, format
    ("iter", "iteration", 4, "d"),
    ("success", "train/success", 7, ".3f"),
    ("held-out", "eval/success", 8, ".3f"),
    ("return", "train/return", 6, ".2f"),
    ("steps", "train/episode_length", 5, ".1f"),
    ("valid", "train/valid_actions", 5, ".3f"),
    ("shared", "anchor/shared_share", 6, ".2f"),
    ("AS/AE", "advantage/step_to_episode", 5, ".2f"),
    ("KL", "policy/kl", 6, ".4f"),
    ("clip", "policy/clip_share", 5, ".3f"),
    ("entropy", "policy/entropy", 7, ".3f"),
    ("grad", "policy/grad_norm", 5, ".2f"),
    ("tok/s", "tokens/per_s", 6, ".0f"),
)
PHASES = ("collect", "old_logprobs", "advantages", "update")
SECONDS = "s: collect+old+adv+update"


class Display:
    """Writes to a console; on a terminal it also shows a bar for the phase at work."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._lines = 0

    def say(self, text: str) -> None:
        self.console.print(text, markup=False)

    @contextmanager
    def phase(self, name: str, total: int) -> Iterator["Bar"]:
        """A bar that disappears at the end of the phase; nothing where output is no terminal."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as progress:
            yield Bar(progress, progress.add_task(name, total=total))

    def iteration(self, metrics: Mapping[str, Any]) -> None:
        """One line; every HEADER_EVERY lines the headings, a dot where a metric was not measured."""
        if self._lines % HEADER_EVERY == 0:
            self.say(" ".join([*(heading.rjust(width) for heading, _, width, _ in COLUMNS), SECONDS]))
        self._lines += 1
        cells = [
            (format(metrics[key], form) if key in metrics else ".").rjust(width) for _, key, width, form in COLUMNS
        ]
        seconds = [f"{metrics[f'time/{phase}_s']:.2f}" for phase in PHASES if f"time/{phase}_s" in metrics]
        self.say(" ".join([*cells, "+".join(seconds)]).rstrip())


class Bar:
    """The bar of one phase."""

    def __init__(self, progress: Progress, task: Any) -> None:
        self._progress = progress
        self._task = task

    def advance(self, count: int = 1) -> None:
        self._progress.advance(self._task, count)

    def reach(self, done: int) -> None:
        """Show `done` as what has been done so far."""
        self._progress.update(self._task, completed=done)
