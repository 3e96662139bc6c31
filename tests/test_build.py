"""What a run is built from: the held-out panel."""

from pathlib import Path

from gigpo_gym.build import panel_sizes
from gigpo_gym.config import Config

ROOMS = "\n\n".join(f"#####{'#' * width}\n#@$.{' ' * width}#\n#####{'#' * width}" for width in range(40))


def test_a_panel_is_all_tasks_of_a_split_that_has_fewer(tmp_path: Path) -> None:
    path = tmp_path / "rooms.xsb"
    path.write_text(ROOMS)
    config = Config(env=("sokoban",), env_kwargs=(f"levels={path}",), val_batch_size=30)
    [few] = panel_sizes(config)
    assert 0 < few < 30
    [all_but_few] = panel_sizes(Config(**{**vars(config), "eval_split": "train", "val_batch_size": 40}))
    assert few + all_but_few == 40
    assert panel_sizes(Config(**{**vars(config), "val_batch_size": 1})) == [1]


def test_a_panel_of_tasks_without_end_has_the_size_that_was_asked_for() -> None:
    assert panel_sizes(Config(env=("frozenlake", "alfworld"), val_batch_size=1001)) == [501, 500]
