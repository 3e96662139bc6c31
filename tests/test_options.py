"""The command line: presets, names of ROLL and ms-swift, --resume, --help, and what is refused."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from gigpo_gym.config import SHORT_NAMES, Config
from gigpo_gym.options import ALIASES, PRESETS, PRESETS_FOR, parse, preset_for
from gigpo_gym.run_folder import RunFolder, RunFolderError

FIELDS = [field.name for field in dataclasses.fields(Config)]


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What is said on stderr, as one line without the frame."""
    with pytest.raises(SystemExit) as stop:
        parse(arguments)
    assert stop.value.code == 2
    return " ".join(re.sub(r"[│─╭╮╰╯|]|-{3,}", " ", capsys.readouterr().err).split())


def test_no_option_is_the_tiny_preset_on_frozen_lake() -> None:
    assert parse([]) == Config(**PRESETS["tiny"])
    assert parse(["--env", "frozenlake"]) == parse([])


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_possible_and_change_only_fields(name: str) -> None:
    assert parse(["--preset", name]) == Config(**PRESETS[name])
    assert parse([f"--preset={name}", "--seed", "5"]) == Config(**{**PRESETS[name], "seed": 5})


@pytest.mark.parametrize(
    ("env", "model", "preset"),
    [
        (["frozenlake"], "tiny", "tiny"),
        (["mine:Own-v0"], "tiny", "tiny"),
        (["frozenlake"], "org/Model-1B", "roll"),
        (["gigpo/FrozenLake-v0"], "org/Model-1B", "roll"),
        (["mine:Own-v0"], "org/Model-1B", "paper"),
        (["frozenlake", "mine:Own-v0"], "org/Model-1B", "paper"),
    ],
)
def test_environment_and_model_choose_the_preset(env: list[str], model: str, preset: str) -> None:
    assert preset_for(env, model) == preset
    expected = dataclasses.replace(Config(**PRESETS[preset]), env=tuple(env), model=model)
    assert parse(["--env", *env, "--model", model]) == expected


@pytest.mark.parametrize(("preset", "env_id"), PRESETS_FOR)
def test_presets_for_one_environment(preset: str, env_id: str) -> None:
    short = {id: name for name, id in SHORT_NAMES.items()}[env_id]
    own = PRESETS_FOR[preset, env_id]
    for name in (short, env_id):
        config = parse(["--preset", preset, "--env", name])
        assert config == Config(**{**PRESETS[preset], **own, "env": (name,)})
    assert config != Config(**{**PRESETS[preset], "env": (env_id,)})
    both = parse(["--preset", preset, "--env", short, "mine:Own-v0"])
    assert both == Config(**{**PRESETS[preset], "env": (short, "mine:Own-v0")})


def test_env_kwargs_add_to_those_of_the_preset() -> None:
    kwargs = ["--env", "sokoban", "--env-kwargs"]
    assert parse([*kwargs, "num_boxes=2"]).env_kwargs == ("max_episode_steps=15", "num_boxes=2")
    assert parse([*kwargs, "max_episode_steps=40"]).env_kwargs == ("max_episode_steps=40",)
    assert parse(["--env", "gigpo_gym:gigpo/Sokoban-v0"]).warmup_updates == parse(["--env", "sokoban"]).warmup_updates


def test_an_option_wins_over_the_preset_wherever_it_stands() -> None:
    assert parse(["--num-iterations", "7", "--preset", "roll"]).num_iterations == 7
    assert parse(["--preset", "roll", "--sequence-length=900"]).sequence_length == 900
    assert parse(["--preset", "paper", "--model", "tiny"]).method == "mean_std"


CASES: dict[str, tuple[str, str, Any]] = {
    "adv_estimator": ("grpo", "adv_estimator", "grpo"),
    "advantage_estimator": ("rloo", "adv_estimator", "rloo"),
    "episode_reward_weight": ("0.5", "episode_reward_weight", 0.5),
    "step_reward_weight": ("0.5", "step_reward_weight", 0.5),
    "gigpo_step_advantage_weight": ("0.5", "step_reward_weight", 0.5),
    "step_reward_gamma": ("0.9", "step_reward_gamma", 0.9),
    "reward_normalization.grouping": ("batch", "grouping", "batch"),
    "reward_normalization.method": ("asym_clip", "method", "asym_clip"),
    "advantage_clip": ("0.2", "advantage_clip", 0.2),
    "batch_adjust_mode": ("delete", "batch_adjust_mode", "delete"),
    "val_batch_size": ("32", "val_batch_size", 32),
    "sequence_length": ("300", "sequence_length", 300),
    "ppo_epochs": ("2", "ppo_epochs", 2),
    "pg_clip": ("0.1", "pg_clip", 0.1),
    "entropy_loss_coef": ("0", "entropy_loss_coef", 0.0),
    "max_grad_norm": ("0.5", "max_grad_norm", 0.5),
    "init_kl_coef": ("0.01", "init_kl_coef", 0.01),
    "beta": ("0.01", "init_kl_coef", 0.01),
    "train_env_manager.num_env_groups": ("16", "num_env_groups", 16),
    "train_env_manager.num_groups_partition": ("128", "num_groups_partition", (128,)),
    "train_env_manager.group_size": ("4", "group_size", 4),
    "train_env_manager.tags": ("mine:Own-v0", "env", ("mine:Own-v0",)),
    "tags": ("mine:Own-v0", "env", ("mine:Own-v0",)),
    "num_generations": ("4", "group_size", 4),
    "max_steps": ("9", "num_iterations", 9),
}


@pytest.mark.parametrize("style", ["underscores", "hyphens", "equals"])
@pytest.mark.parametrize("name", CASES)
def test_names_of_roll_and_ms_swift(name: str, style: str) -> None:
    value, field, expected = CASES[name]
    option = f"--{name}" if style == "underscores" else f"--{name.replace('_', '-')}"
    arguments = [f"{option}={value}"] if style == "equals" else [option, value]
    assert parse(arguments) == dataclasses.replace(parse([]), **{field: expected})


def test_every_alias_is_a_case_and_leads_to_a_field() -> None:
    assert set(ALIASES) <= {name.replace("_", "-") for name in CASES}
    assert {field.replace("-", "_") for field in ALIASES.values()} <= set(FIELDS)


def test_flags() -> None:
    assert parse(["--whiten_advantages"]).whiten_advantages
    assert not parse(["--no-dual-clip-loss"]).dual_clip_loss


def test_several_values() -> None:
    config = parse(
        ["--env", "a:A-v0", "b:B-v0", "--num-groups-partition", "80", "48", "--env-kwargs", "size=8", "x=a_b"]
    )
    assert config.env == ("a:A-v0", "b:B-v0")
    assert config.num_groups_partition == (80, 48)
    assert config.env_kwargs == ("size=8", "x=a_b")


def test_a_partition_makes_three_environments_possible() -> None:
    arguments = ["--env", "a", "b", "c", "--num-groups-partition", "40", "40", "48"]
    assert parse(arguments).groups_of == (40, 40, 48)


def test_rollout_batch_size_sets_the_groups_or_agrees_with_them() -> None:
    assert parse(["--rollout_batch_size", "128"]).num_env_groups == 16
    assert parse(["--rollout-batch-size", "128", "--num-env-groups", "16"]).num_env_groups == 16
    # 128 is what the preset has: written out, it counts.
    for option in ("--num-env-groups", "--train_env_manager.num_env_groups"):
        with pytest.raises(ValueError, match="makes 16 groups, num_env_groups says 128: leave one of them out"):
            parse(["--rollout-batch-size", "128", option, "128"])


def test_help_names_every_option_once_and_every_alias_and_preset(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit) as stop:
        parse(["--help", "--model", "org/Model-1B"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    options = re.findall(r"^[^\w\n]{2}--([a-z][a-z-]+)", text, re.MULTILINE)
    assert options == [name.replace("_", "-") for name in FIELDS]
    for name in (*ALIASES, *PRESETS):
        assert name in text
    assert "preset roll" in text
    assert "(default: 128)" in text  # the preset's num_env_groups
    for field in FIELDS:
        invocation = re.search(rf"^[^\w\n]{{2}}--{field.replace('_', '-')}\b", text, re.MULTILINE)
        assert invocation
        assert "(default:" in text[invocation.start() : invocation.start() + 700]


def test_a_typo_is_refused_with_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(["--nmu-iterations", "3"], capsys)
    assert "Unrecognized options: --nmu-iterations" in said
    assert "--num-iterations" in said.replace("--nmu-iterations", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "tinny"], "argument --preset: invalid choice: 'tinny' (choose from"),
        (["--group-size", "x"], "--group-size: invalid literal for int()"),
        (["--group-size", "0"], "group_size must be at least 1, got 0"),
        (["--num_generations", "0"], "group_size must be at least 1, got 0"),
        (["--adv-estimator", "ppo"], "invalid choice 'ppo' for"),
        (["--anchor-similarity", "0.9"], "anchor_similarity compares texts: add --anchor observation"),
        (["--env", "a", "b", "c"], "num_env_groups 128 cannot be shared equally by 3"),
        (["--resum", "x"], "Unrecognized options: --resum"),  # no abbreviations
        (["--env"], "env names each environment once, got none"),
        (["stray"], "stray"),
    ],
)
def test_refused(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in refusal(arguments, capsys)


# --------------------------------------------------------------------- --resume


@pytest.fixture
def run(tmp_path: Path) -> Path:
    config = Config(**{**PRESETS["tiny"], "env": ("mine:Own-v0",), "seed": 3, "num_iterations": 20})
    return RunFolder.create(tmp_path / "run", config.to_json()).path


def test_resume_keeps_the_configuration(run: Path) -> None:
    resumed = parse(["--resume", str(run)])
    assert resumed == dataclasses.replace(Config.from_json(RunFolder.open(run).config), resume=run)
    assert (resumed.seed, resumed.num_iterations) == (3, 20)


@pytest.mark.parametrize("option", ["--num-iterations", "--num_iterations", "--max-steps", "--max_steps"])
def test_resume_takes_another_number_of_iterations(run: Path, option: str) -> None:
    resumed = parse([option, "50", f"--resume={run}"])
    assert (resumed.seed, resumed.num_iterations) == (3, 50)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--seed", "4"], "--seed"),
        (["--env", "frozenlake"], "--env"),  # though it is the default
        (["--tags", "frozenlake"], "--env"),
        (["--model", "tiny"], "--model"),
        (["--preset", "tiny"], "--preset"),
        (["--wandb"], "--wandb"),
        (["--sede", "4"], "--sede"),
        (["--seed", "4", "--beta", "0.1"], "--init-kl-coef, --seed"),
    ],
)
def test_resume_refuses_other_options(run: Path, arguments: list[str], named: str) -> None:
    with pytest.raises(ValueError, match=f"leave out {named}; only --num-iterations may be given"):
        parse(["--resume", str(run), *arguments])


def test_resume_of_no_run(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="is no run folder"):
        parse(["--resume", str(tmp_path)])


def test_resume_of_a_run_that_this_version_does_not_understand(run: Path) -> None:
    (run / "config.json").write_text('{"seed": 1, "new_option": 2}')
    with pytest.raises(ValueError, match="fields this version does not know: new_option"):
        parse(["--resume", str(run)])


def test_help_with_resume_is_help(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        parse(["--resume", str(run), "--help"])
    assert stop.value.code == 0
    assert "--num-iterations" in capsys.readouterr().out
