"""Checkpoints: a run goes on bit for bit, a damaged one is passed over by name, a half-written one is never seen."""

import ast
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from gigpo_gym.checkpoint import newest_checkpoint, save_checkpoint
from gigpo_gym.config import Config
from gigpo_gym.policy import Policy
from gigpo_gym.records import Episodes, Rollout
from gigpo_gym.run_folder import RunFolderError
from gigpo_gym.tiny import build_tiny
from gigpo_gym.update import Samples, Trainer

ROOT = Path(__file__).parents[1]
CONFIG = Config(
    learning_rate=1e-2,
    mini_batch_size=2,
    lr_warmup_updates=3,
    lr_schedule="cosine",
    lr_decay_updates=20,
    weight_decay=0.1,
)


@pytest.fixture(scope="module", autouse=True)  # of the module: fixtures of the module train too
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("model")
    build_tiny(folder, [], seed=0, hidden_size=32, num_layers=1, max_length=32)
    return str(folder)


@pytest.fixture
def trainer(source: str) -> Trainer:
    return Trainer(Policy(source), CONFIG)


@pytest.fixture(scope="module")
def saved(source: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Checkpoints of iterations 1 and 2."""
    folder, trainer = tmp_path_factory.mktemp("checkpoints"), Trainer(Policy(source), CONFIG)
    for iteration in (1, 2):
        train(trainer, iteration)
        save(folder, iteration, trainer)
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "checkpoints"))


def train(trainer: Trainer, iteration: int) -> dict[str, float]:
    """Two optimiser updates, determined by the iteration."""
    rng = np.random.default_rng(iteration)
    zeros, texts = np.zeros(4, dtype=np.int64), np.full(4, "", dtype=object)
    no, flags = np.zeros(4), np.zeros(4, dtype=bool)
    samples = Samples(
        Rollout(
            group=zeros, trajectory=zeros, step=zeros, tag=texts, task=texts, state_key=texts, observation=texts,
            admissible_actions=((),) * 4, reply=texts, action=texts, reward=no, is_valid=flags, history_dropped=zeros,
            prompt_truncated=flags, prompt_ids=rng.integers(0, 256, 12), prompt_offsets=np.arange(0, 13, 3),
            response_ids=rng.integers(0, 256, 8), response_logprobs=np.zeros(8), response_offsets=np.arange(0, 9, 2),
            episodes=Episodes(
                group=zeros, member=zeros, tag=texts, task_id=texts, length=zeros, total_reward=no, success=flags,
                score=no, truncated=flags,
            ),
        )
    )  # fmt: skip
    old = trainer.logprobs(trainer.policy, samples)
    return trainer.update(samples, np.array([1.0, -1.0, 0.5, -0.5]), old, rng)


def save(folder: Path, iteration: int, trainer: Trainer, keep: int = 5) -> Path:
    return save_checkpoint(folder, iteration, trainer.policy, trainer, keep=keep)


def state(trainer: Trainer) -> list[torch.Tensor]:
    """Weights and optimiser state, bit for bit."""
    saved = trainer.optimizer.state_dict()["state"]
    moments = [saved[index][field] for index in sorted(saved) for field in sorted(saved[index])]
    return [tensor.detach().clone() for tensor in (*trainer.policy.model.parameters(), *moments)]


def same(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
    return len(one) == len(other) and all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def iterations(folder: Path) -> list[int]:
    """Of the checkpoints that can be seen."""
    return sorted(int(path.name.removeprefix("iteration_")) for path in folder.glob("iteration_*"))


def test_a_restored_run_goes_on_bit_for_bit(trainer: Trainer, tmp_path: Path) -> None:
    for iteration in (1, 2):
        train(trainer, iteration)
    save(tmp_path, 2, trainer)
    at_save = state(trainer)
    metrics = [train(trainer, iteration) for iteration in (3, 4)]

    found = newest_checkpoint(tmp_path)
    assert found is not None
    assert (found.iteration, found.updates) == (2, 4)
    restored = Trainer(Policy(str(found.model)), CONFIG)
    found.restore_optimizer(restored)
    assert same(state(restored), at_save)
    assert [train(restored, iteration) for iteration in (3, 4)] == metrics
    assert same(state(restored), state(trainer))
    assert restored.updates == trainer.updates == 8
    # Without its optimiser state it would have gone another way.
    forgetful = Trainer(Policy(str(found.model)), CONFIG)
    train(forgetful, 3)
    assert not same(state(forgetful), state(trainer))


def test_a_checkpoint_before_the_first_update(trainer: Trainer, tmp_path: Path) -> None:
    save(tmp_path, 0, trainer)
    found = newest_checkpoint(tmp_path)
    assert found is not None
    restored = Trainer(Policy(str(found.model)), CONFIG)
    found.restore_optimizer(restored)
    assert (found.iteration, restored.updates, dict(restored.optimizer.state)) == (0, 0, {})
    assert train(restored, 1) == train(trainer, 1)
    assert same(state(restored), state(trainer))


def test_tied_weights_are_saved_once_and_tied_again(saved: Path) -> None:
    found = newest_checkpoint(saved)
    assert found is not None
    assert not [name for name in load_file(found.model / "model.safetensors") if "lm_head" in name]
    moments = load_file(found.path / "optimizer.safetensors")
    assert {"exp_avg/model.embed_tokens.weight", "step/model.norm.weight"} <= moments.keys()
    model = Policy(str(found.model)).model
    assert model.get_input_embeddings().weight is model.get_output_embeddings().weight


def test_the_newest_are_kept(trainer: Trainer, tmp_path: Path) -> None:
    for iteration in (0, 9, 10, 11, 100):
        assert save(tmp_path, iteration, trainer, keep=3).name == f"iteration_{iteration:06d}"
    assert iterations(tmp_path) == [10, 11, 100]
    assert not list(tmp_path.glob(".*"))
    save(tmp_path, 101, trainer, keep=1)
    assert iterations(tmp_path) == [101]


def test_a_folder_without_checkpoints(tmp_path: Path) -> None:
    assert newest_checkpoint(tmp_path) is None
    assert newest_checkpoint(tmp_path / "nowhere") is None
    (tmp_path / ".iteration_000003.unfinished").mkdir()
    (tmp_path / "iteration_notes.txt").write_text("mine")
    assert newest_checkpoint(tmp_path) is None


def flip(file: Path, place: float = 0.5) -> None:
    content = bytearray(file.read_bytes())
    content[int(place * (len(content) - 1))] ^= 1
    file.write_bytes(content)


def change(path: Path, old: str, new: str) -> None:
    file = path / "state.json"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def empty(path: Path) -> None:
    shutil.rmtree(path)
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty folder": empty,
    "no state": lambda path: (path / "state.json").unlink(),
    "empty state": lambda path: (path / "state.json").write_bytes(b""),
    "cut state": lambda path: (path / "state.json").write_bytes((path / "state.json").read_bytes()[:-5]),
    "binary state": lambda path: (path / "state.json").write_bytes(b"\xff\xfe\x00"),
    "state is a list": lambda path: (path / "state.json").write_text("[]"),
    "state without digest": lambda path: (path / "state.json").write_text(
        '{"files": {}, "iteration": 2, "updates": 4}'
    ),
    "other iteration": lambda path: change(path, '"iteration": 2', '"iteration": 3'),
    "other updates": lambda path: change(path, '"updates": 4', '"updates": 5'),
    "no weights": lambda path: (path / "model" / "model.safetensors").unlink(),
    "no model": lambda path: shutil.rmtree(path / "model"),
    "no moments": lambda path: (path / "optimizer.safetensors").unlink(),
    "cut weights": lambda path: (path / "model" / "model.safetensors").write_bytes(b"x"),
    "empty moments": lambda path: (path / "optimizer.safetensors").write_bytes(b""),
    "a bit of the weights": lambda path: flip(path / "model" / "model.safetensors", 0.9),
    "a bit of the moments": lambda path: flip(path / "optimizer.safetensors", 1.0),
    "a bit of the model's config": lambda path: flip(path / "model" / "config.json"),
    "a bit of the tokenizer": lambda path: flip(path / "model" / "tokenizer.json"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_checkpoint_is_named_and_passed_over(
    folder: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    DAMAGES[damage](folder / "iteration_000002")
    with caplog.at_level(logging.WARNING):
        found = newest_checkpoint(folder)
    assert found is not None
    assert (found.iteration, found.updates) == (1, 2)
    (record,) = caplog.records
    assert str(folder / "iteration_000002") in record.getMessage()


@pytest.mark.parametrize("place", np.linspace(0, 1, 23))
def test_whatever_bit_of_the_state_flips_no_wrong_state_is_read(folder: Path, place: float) -> None:
    flip(folder / "iteration_000002" / "state.json", place)
    found = newest_checkpoint(folder)
    assert found is not None
    assert (found.iteration, found.updates) in [(1, 2), (2, 4)]  # a space may turn into another


def test_when_all_are_damaged_all_are_named(folder: Path) -> None:
    for path in folder.iterdir():
        (path / "state.json").unlink()
    with pytest.raises(RunFolderError, match=r"(?s)all checkpoints are damaged.*iteration_000002.*iteration_000001"):
        newest_checkpoint(folder)


def test_a_damaged_checkpoint_is_replaced_when_the_run_gets_there_again(folder: Path, trainer: Trainer) -> None:
    flip(folder / "iteration_000002" / "model" / "model.safetensors")
    save(folder, 2, trainer)
    found = newest_checkpoint(folder)
    assert found is not None
    assert (found.iteration, found.updates) == (2, 0)


def test_a_damaged_later_checkpoint_does_not_push_out_a_whole_one(folder: Path, trainer: Trainer) -> None:
    (folder / "iteration_000002").rename(folder / "iteration_000009")
    flip(folder / "iteration_000009" / "state.json")
    save(folder, 2, trainer, keep=1)
    assert iterations(folder) == [2]


def test_a_whole_checkpoint_is_not_written_again(folder: Path, trainer: Trainer, monkeypatch: Any) -> None:
    monkeypatch.setattr(Policy, "save", fail)
    before = (folder / "iteration_000002" / "state.json").read_bytes()
    assert save(folder, 2, trainer) == folder / "iteration_000002"
    assert (folder / "iteration_000002" / "state.json").read_bytes() == before


class Killed(BaseException):
    """No handler in the package catches it, so the disk stays as it was at that moment."""


def fail(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.mark.parametrize("point", ["save_file", "_digest", "sync", "atomic_write", "os.replace"])
def test_an_interrupted_save_leaves_the_others_usable(
    folder: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(f"gigpo_gym.checkpoint.{point}", fail)
        with pytest.raises(Killed):
            save(folder, 3, trainer, keep=1)
    assert iterations(folder) == [1, 2]
    assert list(folder.glob(".*"))  # it had begun
    found = newest_checkpoint(folder)
    assert found is not None
    assert found.iteration == 2

    save(folder, 3, trainer, keep=1)
    assert [path.name for path in folder.iterdir()] == ["iteration_000003"]
    found = newest_checkpoint(folder)
    assert found is not None
    assert found.iteration == 3


def test_a_save_killed_while_it_replaces_a_damaged_one_leaves_the_one_before(
    folder: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "iteration_000002").rename(folder / "iteration_000003")
    flip(folder / "iteration_000003" / "state.json")
    with monkeypatch.context() as patch:
        patch.setattr("gigpo_gym.checkpoint.shutil.rmtree", lambda path, **_: None if path.name[0] == "." else fail())
        with pytest.raises(Killed):
            save(folder, 3, trainer, keep=1)  # when it wants to delete the damaged one
    found = newest_checkpoint(folder)
    assert found is not None
    assert found.iteration == 1


def test_the_state_names_every_file(saved: Path) -> None:
    path = saved / "iteration_000002"
    named = json.loads((path / "state.json").read_text())["files"]
    assert {*named, "state.json"} == {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}


def test_nothing_in_the_package_unpickles() -> None:
    files = [*ROOT.glob("gigpo_gym/*.py"), *ROOT.glob("envs/**/*.py"), *ROOT.glob("wrappers/*.py")]
    assert len(files) > 20
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom):
                names.append(node.module or "")
            unpicklers = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
            assert not unpicklers & {name.partition(".")[0] for name in names}, file
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in {"torch.load", "torch.package", "np.load", "numpy.load"}, file
