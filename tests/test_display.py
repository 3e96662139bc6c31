"""What a run shows in the terminal."""

import io

from rich.console import Console

from gigpo_gym.display import COLUMNS, HEADER_EVERY, Display


def shown(metrics: list[dict[str, float]], *, terminal: bool = False, width: int = 120) -> str:
    stream = io.StringIO()
    display = Display(Console(file=stream, width=width, force_terminal=terminal, highlight=False, soft_wrap=True))
    with display.phase("collect", 3) as bar:
        bar.advance()
        bar.reach(3)
    for line in metrics:
        display.iteration(line)
    return stream.getvalue()


def test_a_line_per_iteration_under_headings() -> None:
    metrics = {"iteration": 7, "train/success": 0.5, "time/collect_s": 1.25, "time/update_s": 0.5}
    heading, line = shown([metrics]).splitlines()
    assert heading.split()[:3] == ["iter", "success", "held-out"]
    assert line.split()[:3] == ["7", "0.500", "."]
    assert line.endswith("1.25+0.50")
    assert len(line) < 120


def test_every_column_is_as_wide_as_its_heading() -> None:
    assert all(len(heading) <= width for heading, _, width, _ in COLUMNS)
    metrics = {key: 1 if form == "d" else 0.125 for _, key, _, form in COLUMNS}
    heading, line = shown([metrics]).splitlines()
    assert len(line) == sum(width + 1 for _, _, width, _ in COLUMNS) - 1
    assert heading.startswith("iter ")


def test_headings_come_again() -> None:
    lines = shown([{"iteration": i} for i in range(HEADER_EVERY + 1)]).splitlines()
    assert [i for i, line in enumerate(lines) if "success" in line] == [0, HEADER_EVERY + 1]


def test_the_bar_shows_on_a_terminal_alone() -> None:
    assert shown([]) == ""
    assert "collect" in shown([], terminal=True)
