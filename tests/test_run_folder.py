"""A run on disk: what a crash may leave, what a resume cuts away, what a reader is told."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigpo_gym.advantages import Advantages
from gigpo_gym.records import Episodes, Rollout
from gigpo_gym.run_folder import RunFolder, RunFolderError, atomic_write, read_rollout


def test_atomic_write_replaces_text_and_bytes(tmp_path: Path) -> None:
    file = tmp_path / "file"
    atomic_write(file, "old\n")
    assert file.read_bytes() == b"old\n"
    atomic_write(file, b"\x00new")
    assert file.read_bytes() == b"\x00new"
    assert list(tmp_path.iterdir()) == [file]


def test_atomic_write_that_fails_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    atomic_write(file, "old")

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        atomic_write(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_process_killed_while_writing_leaves_the_old_file_and_cut_back_sweeps_up(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    run.log({"iteration": 1})
    before = run.metrics_file.read_bytes()
    script = (
        "import os, sys; from pathlib import Path; from gigpo_gym.run_folder import atomic_write;"
        "os.fsync = lambda handle: os._exit(9); atomic_write(Path(sys.argv[1]), 'new')"
    )
    for file in (run.metrics_file, run.checkpoints / "state.json"):
        assert subprocess.run([sys.executable, "-c", script, str(file)], check=False).returncode == 9
    assert run.metrics_file.read_bytes() == before
    checkpoint = run.checkpoints / ".iteration_000002.unfinished"
    checkpoint.mkdir()
    (checkpoint / ".state.json.7.unfinished").write_text("{")
    assert len(list(run.path.rglob("*.unfinished"))) == 4

    run.cut_back(1)
    assert run.metrics_file.read_bytes() == before
    assert not list(run.path.rglob("*.unfinished"))


def test_create_then_open(tmp_path: Path) -> None:
    config = {"env": "frozenlake", "learning_rate": 5e-4, "eval": {"episodes": 256}}
    created = RunFolder.create(tmp_path / "runs" / "one", config)
    opened = RunFolder.open(tmp_path / "runs" / "one")
    assert opened.config == created.config == config
    assert opened.checkpoints.is_dir()
    assert opened.read_metrics() == []


def test_create_takes_an_empty_folder_and_refuses_a_used_one(tmp_path: Path) -> None:
    RunFolder.create(tmp_path, {"seed": 1})
    with pytest.raises(RunFolderError, match=f"--resume {tmp_path}, choose another name"):
        RunFolder.create(tmp_path, {"seed": 2})
    assert RunFolder.open(tmp_path).config == {"seed": 1}


def test_create_refuses_a_disk_too_full_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="the run needs 1,000,000,000,000 MB: make room"):
        RunFolder.create(tmp_path / "run", {}, needed_bytes=10**18)
    RunFolder.create(tmp_path / "run", {}, needed_bytes=1)  # what was refused can be tried again


def test_create_refuses_a_place_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match=r"cannot be written .*: choose a folder that can"):
        RunFolder.create(tmp_path / "file" / "run", {})

    def read_only(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", read_only)
    with pytest.raises(RunFolderError, match="Permission denied"):
        RunFolder.create(tmp_path / "run", {})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (None, "is no run folder"),
        ('{"env": "froz', r"config.json is damaged: not JSON"),
        ("[1, 2]", "config.json is damaged: expected a JSON object, got list"),
        ("\udcff", "config.json is damaged: not JSON"),
    ],
)
def test_open_names_what_is_wrong(tmp_path: Path, config: str | None, message: str) -> None:
    if config is not None:
        (tmp_path / "config.json").write_bytes(config.encode(errors="surrogateescape"))
    with pytest.raises(RunFolderError, match=message):
        RunFolder.open(tmp_path)


def test_metrics_round_trip(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    run.log({"iteration": 0, "eval/success": 0.25, "eval/episodes": 256})
    run.log({"iteration": np.int64(1), "loss/policy": np.float32(0.5), "note": "first ü", "policy/kl": 0.1 + 0.2})
    assert run.read_metrics() == [
        {"iteration": 0, "eval/success": 0.25, "eval/episodes": 256},
        {"iteration": 1, "loss/policy": 0.5, "note": "first ü", "policy/kl": 0.1 + 0.2},
    ]


def test_metrics_that_are_not_finite_stay_valid_json(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    run.log({"iteration": 1, "loss/policy": float("nan"), "policy/grad_norm": np.float32("inf")})

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    line = json.loads(run.metrics_file.read_text(), parse_constant=refuse)
    assert line == {"iteration": 1, "loss/policy": None, "policy/grad_norm": None}
    assert run.read_metrics() == [line]


def test_metrics_without_an_iteration_are_refused(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    with pytest.raises(ValueError, match="expected metrics with an int 'iteration', got None"):
        run.log({"train/success": 0.5})
    assert run.read_metrics() == []


# "7" is the trap: a number that was cut short is a number still.
@pytest.mark.parametrize("torn", ['{"iteration": 3, "train/su', "7", "\x00\x00", '{"iteration": 3}'])
def test_a_torn_last_line_is_dropped(tmp_path: Path, torn: str) -> None:
    run = _run_with_metrics(tmp_path, iterations=2)
    whole = run.metrics_file.read_bytes()
    run.metrics_file.write_bytes(whole + torn.encode())
    assert [record["iteration"] for record in run.read_metrics()] == [1, 2]
    run.cut_back(2)
    assert run.metrics_file.read_bytes() == whole


@pytest.mark.parametrize("broken", ['{"iteration": 1', "", "[1]", '{"train/success": 1.0}', '{"iteration": "2"}'])
def test_any_other_broken_line_is_named(tmp_path: Path, broken: str) -> None:
    run = _run_with_metrics(tmp_path, iterations=1)
    with run.metrics_file.open("a") as file:
        file.write(broken + '\n{"iteration": 3}\n')
    with pytest.raises(RunFolderError, match=r"metrics\.jsonl, line 2 is damaged"):
        run.read_metrics()


def test_cut_back_forgets_what_came_after(tmp_path: Path) -> None:
    run = _run_with_metrics(tmp_path, iterations=4)
    expected = run.metrics_file.read_bytes().splitlines(keepends=True)[:2]
    for iteration in (1, 2, 3, 4):
        run.save_rollout(iteration, *_rollout(), groups=[7])
    (run.rollouts / "notes.txt").write_text("mine")
    run.events.mkdir()
    (run.events / "events.out").write_text("all four iterations")

    run.cut_back(2)
    assert run.metrics_file.read_bytes() == b"".join(expected)
    assert sorted(file.name for file in run.rollouts.iterdir()) == [
        "iteration_000001.jsonl.gz",
        "iteration_000002.jsonl.gz",
        "notes.txt",
    ]
    assert not run.events.exists()

    run.log({"iteration": 3})
    assert [record["iteration"] for record in run.read_metrics()] == [1, 2, 3]


def test_cut_back_of_a_run_that_logged_nothing(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    run.cut_back(0)
    assert run.read_metrics() == []


def test_rollout_lines_hold_every_step_of_the_groups(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    path = run.save_rollout(12, *_rollout(), groups=[8, 7])
    assert path == run.path / "rollouts" / "iteration_000012.jsonl.gz"
    steps = list(read_rollout(path))
    assert [(step["group"], step["trajectory"], step["member"], step["step"]) for step in steps] == [
        (7, 0, 0, 0),
        (7, 0, 0, 1),
        (8, 1, 5, 0),
    ]
    assert steps[1] == {
        "iteration": 12,
        "group": 7,
        "trajectory": 0,
        "member": 0,
        "step": 1,
        "tag": "FrozenLake",
        "task_id": "lake-a",
        "task": "reach the goal",
        "state_key": "s1",
        "observation": "ice\nand holes",
        "admissible_actions": ["up", "down"],
        "reply": "<action>down</action>",
        "action": "down",
        "is_valid": True,
        "reward": 1.0,
        "return": 1.0,
        "advantage_episode": 0.5,
        "advantage_step": -0.25,
        "advantage": 0.25,
        "success": True,
        "score": 1.0,
        "truncated": False,
        "history_dropped": 1,
        "prompt_truncated": False,
        "prompt_ids": [4],
        "response_ids": [12, 13, 14],
        "response_logprobs": [-0.5, None, -0.125],
    }


def test_rollout_of_a_part_of_the_groups_and_of_none(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    assert [step["state_key"] for step in read_rollout(run.save_rollout(1, *_rollout(), groups=[8]))] == ["s0"]
    assert list(read_rollout(run.save_rollout(2, *_rollout(), groups=[]))) == []
    with pytest.raises(ValueError, match=r"expected groups of the rollout, got \[9\]"):
        run.save_rollout(3, *_rollout(), groups=[8, 9])


@pytest.mark.parametrize("reply", ["\ud800 lone", "\x00\x1b[2J", "line\nbreak\u2028", "\N{SNOWMAN}" * 1000])
def test_rollout_keeps_any_reply(tmp_path: Path, reply: str) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    rollout, advantages = _rollout(reply=reply)
    steps = list(read_rollout(run.save_rollout(1, rollout, advantages, groups=[7])))
    assert [step["reply"] for step in steps] == [reply, "<action>down</action>"]


def test_equal_rollouts_give_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = RunFolder.create(tmp_path / "a", {}).save_rollout(1, *_rollout(), groups=[7, 8]).read_bytes()
    monkeypatch.setattr("time.time", lambda: 1e9)  # gzip keeps the time where it is not told otherwise
    second = RunFolder.create(tmp_path / "b", {}).save_rollout(1, *_rollout(), groups=[7, 8]).read_bytes()
    assert first == second


def test_a_damaged_rollout_is_named(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {})
    path = run.save_rollout(1, *_rollout(), groups=[7, 8])
    content = path.read_bytes()
    for damaged in (content[:-20], b"not gzip", content[:60] + b"\xff" * 20 + content[80:]):
        path.write_bytes(damaged)
        with pytest.raises(RunFolderError, match=r"iteration_000001\.jsonl\.gz"):
            list(read_rollout(path))
    path.write_bytes(gzip.compress(b'{"iteration": 1}\n{"iter\n'))
    with pytest.raises(RunFolderError, match=r"iteration_000001\.jsonl\.gz, line 2 is damaged"):
        list(read_rollout(path))
    with pytest.raises(RunFolderError, match="No such file"):
        list(read_rollout(tmp_path / "nowhere.jsonl.gz"))


def _run_with_metrics(tmp_path: Path, iterations: int) -> RunFolder:
    run = RunFolder.create(tmp_path / "run", {})
    for iteration in range(1, iterations + 1):
        run.log({"iteration": iteration, "train/success": iteration / 10, "policy/kl": float("nan")})
    return run


def _rollout(reply: str = "<action>up</action>") -> tuple[Rollout, Advantages]:
    """Two trajectories, of two steps in group 7 and of one step in group 8."""

    def texts(*items: str) -> Any:
        return np.array(items, dtype=object)

    rollout = Rollout(
        group=np.array([7, 7, 8]),
        trajectory=np.array([0, 0, 1]),
        step=np.array([0, 1, 0]),
        tag=texts("FrozenLake", "FrozenLake", "FrozenLake"),
        task=texts("reach the goal", "reach the goal", "reach the goal"),
        state_key=texts("s0", "s1", "s0"),
        observation=texts("start", "ice\nand holes", "start"),
        admissible_actions=(("up",), ("up", "down"), ("up",)),
        reply=texts(reply, "<action>down</action>", "no tag"),
        action=texts("up", "down", ""),
        reward=np.array([0.0, 1.0, -0.1]),
        is_valid=np.array([True, True, False]),
        history_dropped=np.array([0, 1, 0]),
        prompt_truncated=np.array([False, False, True]),
        prompt_ids=np.array([1, 2, 3, 4, 5, 6]),
        prompt_offsets=np.array([0, 3, 4, 6]),
        response_ids=np.array([11, 12, 13, 14]),
        response_logprobs=np.array([-1.0, -0.5, -np.inf, -0.125]),
        response_offsets=np.array([0, 1, 4, 4]),
        episodes=Episodes(
            group=np.array([7, 8]),
            member=np.array([0, 5]),
            tag=texts("FrozenLake", "FrozenLake"),
            task_id=texts("lake-a", "lake-b"),
            length=np.array([2, 1]),
            total_reward=np.array([1.0, -0.1]),
            success=np.array([True, False]),
            score=np.array([1.0, 0.0]),
            truncated=np.array([False, True]),
        ),
    )
    advantages = Advantages(
        total=np.array([0.5, 0.25, -0.5]),
        episode=np.array([0.5, 0.5, -0.5]),
        step=np.array([0.0, -0.25, 0.0]),
        returns=np.array([0.95, 1.0, -0.1]),
        statistics={},
    )
    return rollout, advantages
