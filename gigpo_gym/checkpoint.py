"""Checkpoints: everything a run needs to go on as if it had never stopped.

    checkpoints/iteration_000020/model/            an ordinary model folder
    checkpoints/iteration_000020/optimizer.safetensors
    checkpoints/iteration_000020/state.json        iteration, updates made, size and digest of every file

A checkpoint is written beside its place and renamed into it when it is whole. There is no random state to save: every
draw of a run comes from (seed, iteration, purpose). Nothing is unpickled: tensors are safetensors, the rest is JSON.
"""

import hashlib
import json
import logging
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

from gigpo_gym.policy import Policy
from gigpo_gym.run_folder import RunFolderError, atomic_write, sync
from gigpo_gym.update import Trainer

logger = logging.getLogger(__name__)

_STATE = "state.json"


@dataclass(frozen=True)
class Checkpoint:
    """A whole checkpoint on disk."""

    path: Path
    iteration: int
    updates: int

    @property
    def model(self) -> Path:
        return self.path / "model"

    def restore_optimizer(self, trainer: Trainer) -> None:
        """Give the trainer, whose policy was loaded from `model`, its optimiser state back."""
        tensors = load_file(self.path / "optimizer.safetensors")
        names = [name for name, _ in trainer.policy.model.named_parameters()]
        state: dict[int, dict[str, Tensor]] = {}
        for key, tensor in tensors.items():
            field, _, name = key.partition("/")
            state.setdefault(names.index(name), {})[field] = tensor
        trainer.optimizer.load_state_dict(
            {"state": state, "param_groups": trainer.optimizer.state_dict()["param_groups"]}
        )
        trainer.updates = self.updates


def save_checkpoint(folder: Path, iteration: int, policy: Policy, trainer: Trainer, *, keep: int) -> Path:
    """Write the checkpoint of the end of `iteration` into `folder`, then delete all but the newest `keep`.

    One that is there and whole is left alone: to replace it would leave none for a moment. Folders of later iterations
    are damaged, or the run would have gone on from them; they are deleted too.
    """
    path = folder / f"iteration_{iteration:06d}"
    with suppress(ValueError):
        return _read(path).path
    unfinished = folder / f".{path.name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    policy.save(unfinished / "model")
    names = [name for name, _ in policy.model.named_parameters()]
    tensors = {
        f"{field}/{names[index]}": value.contiguous()
        for index, fields in trainer.optimizer.state_dict()["state"].items()
        for field, value in fields.items()
    }
    save_file(tensors, unfinished / "optimizer.safetensors")
    files = {
        str(file.relative_to(unfinished)): {"bytes": file.stat().st_size, "sha256": _digest(file)}
        for file in sorted(unfinished.rglob("*"))
        if file.is_file()
    }
    for written in unfinished.rglob("*"):
        sync(written)
    state = {"iteration": iteration, "updates": trainer.updates, "files": files}
    atomic_write(unfinished / _STATE, json.dumps(state | {"sha256": _state_digest(state)}, indent=2))
    shutil.rmtree(path, ignore_errors=True)  # a damaged one of the same iteration
    os.replace(unfinished, path)
    sync(folder)
    folders = _folders(folder)
    newest = folders.index(path)
    for other in folders[:newest] + folders[newest + keep :]:
        shutil.rmtree(other)
    return path


def newest_checkpoint(folder: Path) -> Checkpoint | None:
    """The newest whole checkpoint, None where there is none at all. A damaged one is named in the log and passed over.

    Raises:
        RunFolderError: there are checkpoints and all are damaged.
    """
    damaged = []
    for path in _folders(folder):
        try:
            return _read(path)
        except ValueError as error:
            damaged.append(f"{path}: {error}")
            logger.warning("checkpoint %s is damaged (%s); trying the one before", path, error)
    if damaged:
        raise RunFolderError("all checkpoints are damaged:\n  " + "\n  ".join(damaged))
    return None


def _read(path: Path) -> Checkpoint:
    """The checkpoint at `path`. Raises ValueError where it is missing or not, byte for byte, what was saved."""
    try:
        state = json.loads((path / _STATE).read_bytes())
        if state.pop("sha256") != _state_digest(state):
            raise ValueError(f"{_STATE} is not what was saved")
        for name, expected in state["files"].items():
            file = path / name
            if file.stat().st_size != expected["bytes"] or _digest(file) != expected["sha256"]:
                raise ValueError(f"{name} is not what was saved")
        return Checkpoint(path, state["iteration"], state["updates"])
    except (OSError, KeyError, TypeError, AttributeError) as error:  # of JSON that is no state, too
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _folders(folder: Path) -> list[Path]:
    """Checkpoint folders, newest first."""
    return sorted((path for path in folder.glob("iteration_*") if path.is_dir()), reverse=True)


def _state_digest(state: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
