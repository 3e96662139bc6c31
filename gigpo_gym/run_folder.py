"""A run on disk, `runs/<name>/`: its configuration, metrics and rollouts.

    config.json                         the whole configuration; its presence is what makes a folder a run
    metrics.jsonl                       one line per iteration
    rollouts/iteration_000012.jsonl.gz  one line per step of the sampled groups
    events/, curves.png                 made from metrics.jsonl (gigpo_gym/curves.py)
    checkpoints/                        written by the trainer

Whenever the process is killed, a file is either the old one or the new one, whole. Only metrics.jsonl grows in place,
so its last line may be torn; such a line is never read. JSON knows neither NaN nor infinity: both are written as null.
"""

import gzip
import io
import json
import math
import os
import re
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gigpo_gym.advantages import Advantages
from gigpo_gym.records import Rollout

Metrics = Mapping[str, float | int | str | np.number[Any]]

_UNFINISHED = ".unfinished"
_ROLLOUT_NAME = re.compile(r"iteration_(\d+)\.jsonl\.gz")


class RunFolderError(RuntimeError):
    """A run folder that cannot be made, opened or read; the message says what to do."""


def atomic_write(path: Path, data: bytes | str) -> None:
    """Write `data` (text as UTF-8) to `path` such that after a crash `path` holds the old content or all of the new."""
    # In the same folder, since a rename is atomic only within one file system.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}{_UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync(path.parent)  # the new name, too, must survive a power cut


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, safely to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class RunFolder:
    """`runs/<name>/`. `RunFolder.create` makes one, `RunFolder.open` finds one to go on with or to look at."""

    def __init__(self, path: Path, config: dict[str, Any]) -> None:
        self.path = path
        self.config = config
        self.checkpoints = path / "checkpoints"
        self.rollouts = path / "rollouts"
        self.events = path / "events"
        self.metrics_file = path / "metrics.jsonl"

    @classmethod
    def create(cls, path: str | Path, config: dict[str, Any], *, needed_bytes: int = 0) -> "RunFolder":
        """Make the folder and write config.json, so that a full or read-only disk shows before training, not after.

        Raises RunFolderError where the folder is not empty, cannot be written, or its disk has not `needed_bytes` left.
        """
        folder = cls(Path(path), config)
        config_text = json.dumps(config, indent=2, allow_nan=False) + "\n"
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            if any(folder.path.iterdir()):
                raise RunFolderError(
                    f"{path} is not empty: go on with that run by --resume {path}, choose another name, or delete it"
                )
            free = shutil.disk_usage(folder.path).free
            if free < needed_bytes:
                raise RunFolderError(
                    f"the disk of {path} has {free / 1e6:,.0f} MB left and the run needs {needed_bytes / 1e6:,.0f} MB: "
                    "make room, or put the run on another disk"
                )
            folder.checkpoints.mkdir()
            atomic_write(folder.path / "config.json", config_text)
        except OSError as error:
            raise RunFolderError(f"{path} cannot be written ({error}): choose a folder that can") from error
        return folder

    @classmethod
    def open(cls, path: str | Path) -> "RunFolder":
        """The existing run at `path`. Raises RunFolderError where there is none or its config.json is damaged."""
        file = Path(path) / "config.json"
        try:
            content = file.read_bytes()
        except OSError as error:
            raise RunFolderError(f"{path} is no run folder ({error}): name one that `gigpo train` made") from error
        return cls(Path(path), _parse(content, str(file)))

    def log(self, metrics: Metrics) -> None:
        """Append one iteration, safe on disk on return; `metrics["iteration"]` says which."""
        if not isinstance(metrics.get("iteration"), int | np.integer):
            raise ValueError(f"expected metrics with an int 'iteration', got {metrics.get('iteration')!r}")
        with self.metrics_file.open("ab") as file:
            file.write(_line(metrics))
            file.flush()
            os.fsync(file.fileno())

    def read_metrics(self) -> list[dict[str, Any]]:
        """The lines of metrics.jsonl, with None for what was not finite; a torn last line is left out.

        Raises RunFolderError, with file and line, where any other line is no metrics line.
        """
        if not self.metrics_file.exists():
            return []
        records = []
        # What follows the last newline is empty, or torn.
        for number, line in enumerate(self.metrics_file.read_bytes().split(b"\n")[:-1], start=1):
            where = f"{self.metrics_file}, line {number}"
            record = _parse(line, where)
            if not isinstance(record.get("iteration"), int):
                raise RunFolderError(f"{where} is damaged: it has no int 'iteration'")
            records.append(record)
        return records

    def cut_back(self, iteration: int) -> None:
        """Forget all that came after `iteration`, to go on from its checkpoint. Call it before anything is logged.

        Later metrics and rollouts go, and whatever a killed writer left half done. The events go altogether: they are a
        copy of the metrics, which `EventLog` and `write_events` make anew.
        """
        kept = [record for record in self.read_metrics() if record["iteration"] <= iteration]
        atomic_write(self.metrics_file, b"".join(map(_line, kept)))
        for file in self.rollouts.glob("*"):
            name = _ROLLOUT_NAME.fullmatch(file.name)
            if name and int(name[1]) > iteration:
                file.unlink()
        for left_over in list(self.path.rglob(f".*{_UNFINISHED}")):
            if left_over.is_dir():  # a checkpoint
                shutil.rmtree(left_over)
            else:
                left_over.unlink(missing_ok=True)
        shutil.rmtree(self.events, ignore_errors=True)

    def save_rollout(self, iteration: int, rollout: Rollout, advantages: Advantages, groups: Sequence[int]) -> Path:
        """Write every step of `groups` (global group numbers), in the rollout's order, with its advantages.

        Prompts are kept as token ids: decoded, they are exactly what the model read. The same content gives the same
        bytes.
        """
        missing = sorted(set(groups) - set(rollout.group.tolist()))
        if missing:
            raise ValueError(f"expected groups of the rollout, got {missing}, which it does not hold")
        self.rollouts.mkdir(exist_ok=True)
        path = self.rollouts / f"iteration_{iteration:06d}.jsonl.gz"
        buffer = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
            for n in np.flatnonzero(np.isin(rollout.group, list(groups))):
                file.write(_line({"iteration": iteration} | _step_record(rollout, advantages, int(n))))
        atomic_write(path, buffer.getvalue())
        return path


def read_rollout(path: str | Path) -> Iterator[dict[str, Any]]:
    """The steps in a file of `RunFolder.save_rollout`. Raises RunFolderError where the file is missing or damaged."""
    number = 0
    try:
        with gzip.open(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                yield _parse(line, f"{path}, line {number}")
    except (EOFError, OSError, zlib.error) as error:
        raise RunFolderError(f"{path} cannot be read beyond line {number} ({error})") from error


def _step_record(rollout: Rollout, advantages: Advantages, n: int) -> dict[str, Any]:
    episodes, row = rollout.episodes, rollout.trajectory[n]
    prompt = slice(rollout.prompt_offsets[n], rollout.prompt_offsets[n + 1])
    response = slice(rollout.response_offsets[n], rollout.response_offsets[n + 1])
    return {
        "group": rollout.group[n],
        "trajectory": row,
        "member": episodes.member[row],
        "step": rollout.step[n],
        "tag": rollout.tag[n],
        "task_id": episodes.task_id[row],
        "task": rollout.task[n],
        "state_key": rollout.state_key[n],
        "observation": rollout.observation[n],
        "admissible_actions": rollout.admissible_actions[n],
        "reply": rollout.reply[n],
        "action": rollout.action[n],
        "is_valid": rollout.is_valid[n],
        "reward": rollout.reward[n],
        "return": advantages.returns[n],
        "advantage_episode": advantages.episode[n],
        "advantage_step": advantages.step[n],
        "advantage": advantages.total[n],
        "success": episodes.success[row],
        "score": episodes.score[row],
        "truncated": episodes.truncated[row],
        "history_dropped": rollout.history_dropped[n],
        "prompt_truncated": rollout.prompt_truncated[n],
        "prompt_ids": rollout.prompt_ids[prompt],
        "response_ids": rollout.response_ids[response],
        "response_logprobs": rollout.response_logprobs[response],
    }


def _line(record: Mapping[str, Any]) -> bytes:
    plain = {key: _plain(value) for key, value in record.items()}
    # ASCII: a model's reply may hold a lone surrogate, which UTF-8 cannot encode.
    return json.dumps(plain, allow_nan=False).encode("ascii") + b"\n"


def _plain(value: Any) -> Any:
    """`value` as JSON can hold it: NumPy's scalars and arrays as Python's, what is not finite as None."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _parse(content: bytes, where: str) -> dict[str, Any]:
    try:
        record = json.loads(content)
    except ValueError as error:
        raise RunFolderError(f"{where} is damaged: not JSON ({error})") from error
    if not isinstance(record, dict):
        raise RunFolderError(f"{where} is damaged: expected a JSON object, got {type(record).__name__}")
    return record
