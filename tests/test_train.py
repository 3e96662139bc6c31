"""The trainer, end to end on the tiny policy: it learns, it stops and resumes without a trace, it refuses early."""

import dataclasses
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
import torch

from gigpo_gym import update
from gigpo_gym.config import Config
from gigpo_gym.options import TINY, parse
from gigpo_gym.run_folder import RunFolder, RunFolderError, read_rollout
from gigpo_gym.train import main, train

ROOT = Path(__file__).parents[1]

SMALL = {
    **TINY,
    "num_env_groups": 4,
    "group_size": 4,
    "tiny_hidden_size": 32,
    "tiny_num_layers": 1,
    "warmup_updates": 40,  # enough for the answer format, so that episodes differ
    "warmup_episodes": 16,
    "val_batch_size": 8,
    "mini_batch_size": 16,
    "num_iterations": 5,
    "eval_every": 2,
    "save_every": 2,
    "init_kl_coef": 0.01,
}


def small(runs: Path, **changes: Any) -> Config:
    return Config(**{**SMALL, "runs": runs, "name": "small", **changes})


def arguments(config: Config) -> list[str]:
    """The command line of a configuration made by `small`."""
    default = dataclasses.asdict(dataclasses.replace(Config(), **TINY))
    changed = {k: v for k, v in dataclasses.asdict(config).items() if v != default[k]}
    return [f"--{name.replace('_', '-')}={value}" for name, value in changed.items()]


def timeless(folder: Path) -> list[dict[str, Any]]:
    """The metrics without those that depend on time."""
    lines = RunFolder.open(folder).read_metrics()
    return [{k: v for k, v in line.items() if not k.startswith("time/") and k != "tokens/per_s"} for line in lines]


def weights(folder: Path) -> dict[str, str]:
    """Digests of all that the newest checkpoint holds, its manifest included."""
    newest = max((folder / "checkpoints").iterdir())
    return {
        str(file.relative_to(newest)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(newest.rglob("*"))
        if file.is_file()
    }


def run_process(*options: str) -> subprocess.Popen[str]:
    environment = os.environ | {"OMP_NUM_THREADS": str(torch.get_num_threads())}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "train.py"), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )


def wait_for_lines(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    file = folder / "metrics.jsonl"
    while not file.exists() or file.read_bytes().count(b"\n") < count:
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.01)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was never interrupted."""
    config = small(tmp_path_factory.mktemp("whole"))
    train(config)
    return config.runs / config.run_name


def test_a_run_leaves_all_that_it_promises(whole: Path) -> None:
    names = {path.name for path in whole.iterdir()}
    assert {"config.json", "metrics.jsonl", "events", "curves.png", "rollouts", "checkpoints"} <= names
    assert [path.name for path in sorted((whole / "checkpoints").iterdir())] == [
        "iteration_000004",
        "iteration_000005",
    ]
    lines = timeless(whole)
    assert [line["iteration"] for line in lines] == [0, 1, 2, 3, 4, 5]
    assert [line["iteration"] for line in lines if "eval/success" in line] == [0, 2, 4, 5]
    promised = {
        "train/success", "train/return", "train/valid_actions", "anchor/shared_share", "policy/kl",
        "policy/clip_share", "policy/entropy", "policy/grad_norm", "policy/kl_reference", "policy/skipped_updates",
    }  # fmt: skip
    assert all(promised <= line.keys() for line in lines[1:])
    assert Config.from_json(RunFolder.open(whole).config) == small(whole.parent)
    steps = list(read_rollout(whole / "rollouts" / "iteration_000004.jsonl.gz"))
    assert {step["group"] for step in steps} == {0, 1}
    assert all(step["advantage"] == step["advantage_episode"] + step["advantage_step"] for step in steps)


def test_the_engine_plays_the_policy_that_is_trained(whole: Path) -> None:
    assert all(line["policy/engine_gap"] < 1e-5 for line in timeless(whole)[1:])


def test_equal_seeds_give_equal_bits_and_other_seeds_do_not(whole: Path, tmp_path: Path) -> None:
    train(small(tmp_path))
    assert timeless(tmp_path / "small") == timeless(whole)
    assert weights(tmp_path / "small") == weights(whole)
    train(small(tmp_path, name="other", seed=1, num_iterations=1))
    assert timeless(tmp_path / "other")[1] != timeless(whole)[1]


def test_how_often_one_evaluates_moves_nothing(whole: Path, tmp_path: Path) -> None:
    train(small(tmp_path, eval_every=1, save_every=1, val_batch_size=3))
    evaluated = [{k: v for k, v in line.items() if not k.startswith("eval/")} for line in timeless(tmp_path / "small")]
    assert evaluated == [{k: v for k, v in line.items() if not k.startswith("eval/")} for line in timeless(whole)]


@pytest.mark.parametrize(("lines", "pause"), [(0, 0.0), (1, 0.0), (3, 0.05), (5, 0.15)])
def test_killed_and_resumed_it_ends_as_if_it_never_had_been(
    whole: Path, tmp_path: Path, lines: int, pause: float
) -> None:
    folder = tmp_path / "small"
    process = run_process(*arguments(small(tmp_path)))
    if lines == 0:
        while not (folder / "config.json").exists():
            time.sleep(0.01)
    wait_for_lines(folder, lines, process) if lines else None
    time.sleep(pause)
    process.kill()
    process.communicate()
    resumed = run_process("--resume", str(folder))
    output, _ = resumed.communicate()
    assert resumed.returncode == 0, output
    assert timeless(folder) == timeless(whole)
    assert weights(folder) == weights(whole)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_with_a_checkpoint(whole: Path, tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "small"
    process = run_process(*arguments(small(tmp_path, save_every=100)))
    wait_for_lines(folder, 2, process)
    process.send_signal(number)
    output, _ = process.communicate()
    assert process.returncode == 130, output
    assert f"--resume {folder}" in output
    assert "Traceback" not in output
    stopped = timeless(folder)[-1]["iteration"]
    assert max((folder / "checkpoints").iterdir()).name == f"iteration_{stopped:06d}"
    main(["--resume", str(folder)])
    assert timeless(folder) == timeless(whole)
    newest, expected = weights(folder), weights(whole)
    assert newest == expected


def test_a_damaged_newest_checkpoint_is_named_and_the_one_before_is_used(
    whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    train(small(tmp_path))
    folder = tmp_path / "small"
    damaged = folder / "checkpoints" / "iteration_000005" / "model" / "model.safetensors"
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    main(["--resume", str(folder)])
    assert "iteration_000005" in caplog.text
    assert timeless(folder) == timeless(whole)
    assert weights(folder) == weights(whole)


def test_a_finished_run_goes_on_when_given_more_iterations(whole: Path, tmp_path: Path) -> None:
    train(small(tmp_path, num_iterations=2))
    main(["--resume", str(tmp_path / "small"), "--num-iterations", "5"])
    assert timeless(tmp_path / "small") == timeless(whole)
    assert weights(tmp_path / "small") == weights(whole)


def test_a_loss_that_stays_nan_stops_training_with_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = update.policy_loss
    calls = 0

    def broken(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        loss, cut = real(*args, **kwargs)
        return (loss * torch.nan if calls > 3 else loss), cut

    monkeypatch.setattr(update, "policy_loss", broken)
    with pytest.raises(SystemExit, match=r"error: .*not finite"):
        main(arguments(small(tmp_path, ppo_epochs=4)))
    kept = max((tmp_path / "small" / "checkpoints").iterdir())
    assert json.loads((kept / "state.json").read_text())["updates"] == 3


def test_a_run_folder_that_cannot_be_written_is_refused_before_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match="cannot be written"):
        train(small(tmp_path / "file"))
    train(small(tmp_path, num_iterations=0))
    with pytest.raises(RunFolderError, match="--resume"):
        train(small(tmp_path, num_iterations=0))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--model", "no/such-folder-here"], "cannot load a model"),
        (["--model", "tests"], "cannot load a model"),
        (["--env", "nowhere"], "no environment"),
        (["--env", "no_module:Id-v0"], "no environment"),
        (["--group-size", "1"], "group_size 1"),
        (["--resume", "nowhere"], "no run folder"),
    ],
)
def test_what_is_impossible_is_refused_with_a_word(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [] if "--resume" in options else ["--runs", str(tmp_path)]
    with pytest.raises(SystemExit) as stopped:
        main([*options, *runs])
    said = f"{stopped.value} {capsys.readouterr().err}"
    assert message in " ".join(said.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


class Corridor(gym.Env[str, str]):
    """An environment of a user's own, with nothing of ours: walk right three times."""

    def __init__(self) -> None:
        self.observation_space = gym.spaces.Text(20)
        self.action_space = gym.spaces.Text(20)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        self.place = 0
        return "place 0", {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        self.place += action == "right"
        return f"place {self.place}", float(self.place == 3), self.place == 3, False, {}


def test_an_environment_of_a_users_own_trains(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    gym.register("Corridor-v0", entry_point=Corridor, max_episode_steps=5)
    try:
        last = train(small(tmp_path, env=("Corridor-v0",), warmup_updates=0, num_iterations=1, val_batch_size=1))
    finally:
        del gym.registry["Corridor-v0"]
    assert last["iteration"] == 1
    assert "state_key" in caplog.text


def test_several_environments_train_together(tmp_path: Path) -> None:
    gym.register("Ponds-v0", "gigpo_gym.envs.frozen_lake:FrozenLakeEnv", max_episode_steps=4, kwargs={"size": 2})
    try:
        last = train(small(tmp_path, env=("frozenlake", "Ponds-v0"), val_batch_size=2, num_iterations=1))
    finally:
        del gym.registry["Ponds-v0"]
    assert {"train/success/frozenlake", "train/success/Ponds-v0"} <= last.keys()


def test_history_that_does_not_fit_is_dropped_and_counted(tmp_path: Path) -> None:
    last = train(small(tmp_path, history_length=2, sequence_length=100, num_iterations=1))
    assert last["tokens/history_dropped"] > 0
    assert last["tokens/prompts_truncated"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"adv_estimator": "grpo"},
        {"step_reward_weight": 0.5},
        {"method": "mean_std"},
        {"grouping": "batch"},
        {"anchor": "observation", "anchor_similarity": 0.8},
        {"whiten_advantages": True},
        {"advantage_clip": 0.01},
        {"temperature": 1.3},
        {"history_length": 1},
        {"invalid_action_penalty": 1.0},
    ],
    ids=str,
)
def test_every_option_acts_on_the_first_iteration(whole: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    train(small(tmp_path, num_iterations=1, **change))
    changed, plain = timeless(tmp_path / "small")[1], timeless(whole)[1]
    assert changed["loss/policy"] != plain["loss/policy"]


def test_it_learns(tmp_path: Path) -> None:
    """On dry 3x3 lakes, with a policy of 60,000 parameters: from hardly anything to most of what there is."""
    options = ["--env", "frozenlake", "--runs", str(tmp_path), "--name", "lakes", "--env-kwargs", "size=3"]
    sizes = ["--tiny-num-layers", "2", "--tiny-hidden-size", "32", "--num-env-groups", "32", "--val-batch-size", "64"]
    config = parse([*options, *sizes, "--num-iterations", "60", "--eval-every", "60", "--learning-rate", "2e-3"])
    train(config)
    lines = timeless(tmp_path / "lakes")
    before, after = lines[0]["eval/success"], lines[-1]["eval/success"]
    assert before < 0.5
    assert after > before + 0.25
