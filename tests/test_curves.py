"""The picture and the TensorBoard events of a run say what metrics.jsonl says."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from gigpo_gym.confidence import wilson_interval
from gigpo_gym.curves import EventLog, curves_figure, draw_curves, write_events
from gigpo_gym.run_folder import RunFolder

RECORDS: list[dict[str, Any]] = [
    {"iteration": 0, "eval/success": 0.25, "eval/episodes": 64, "time/evaluate_s": 1.0},
    {"iteration": 1, "train/success": 0.25, "train/return": 0.5, "policy/kl": 0.25, "time/collect_s": 2.0},
    {"iteration": 2, "train/success": 0.5, "train/return": 1.0, "policy/kl": None, "time/collect_s": 2.0},
    {"iteration": 3, "train/success": 0.75, "policy/kl": 0.75, "time/collect_s": 2.0, "time/update_s": 3.0}
    | {"eval/success": 0.75, "eval/episodes": 64},
]


def test_curves_show_the_metrics() -> None:
    figure = curves_figure(RECORDS, "lake")
    title = figure.get_suptitle()
    assert title == "lake: up to iteration 3, held-out success 25% at iteration 0, 75% at 3"

    success = _panel(figure, "Success")
    assert _line(success, "held-out evaluation") == [(0, 0.25), (3, 0.75)]
    assert _line(success, "training, mean of 10 iterations") == [(1, 0.25), (2, 0.375), (3, 0.5)]
    assert _line(_panel(figure, "Return"), "training") == [(1, 0.5), (2, 0.75)]
    assert _line(_panel(figure, "KL divergence"), "to the policy that sampled") == [(1, 0.25), (3, 0.5)]


def test_bold_line_is_the_mean_of_the_last_ten_iterations() -> None:
    records = [{"iteration": i, "train/return": float(i)} for i in range(1, 31)]
    line = _line(_panel(curves_figure(records, "lake"), "Return"), "training")
    assert line[4] == (5, 3.0)
    assert line[29] == (30, 25.5)


def test_evaluation_band_is_wilsons_interval() -> None:
    (band,) = _bands(_panel(curves_figure(RECORDS, "lake"), "Success"))
    corners = {(x, round(y, 6)) for x, y in _outline(band)}
    for iteration, successes in ((0, 16), (3, 48)):
        for end in wilson_interval(successes, 64):
            assert (iteration, round(end, 6)) in corners


def test_no_band_without_the_number_of_episodes() -> None:
    records = [{key: value for key, value in r.items() if key != "eval/episodes"} for r in RECORDS]
    success = _panel(curves_figure(records, "lake"), "Success")
    assert not _bands(success)
    assert _line(success, "held-out evaluation") == [(0, 0.25), (3, 0.75)]


def test_phases_are_stacked_and_say_their_share() -> None:
    axes = _panel(curves_figure(RECORDS, "lake"), "Time of an iteration")
    # 6 s of collection, 3 s of updates and 1 s of evaluation in all.
    assert axes.get_legend_handles_labels()[1] == ["collect (60%)", "update (30%)", "evaluate (10%)"]
    assert max(y for band in _bands(axes) for _, y in _outline(band)) == 5.0


def test_a_single_value_is_visible() -> None:
    axes = _panel(curves_figure(RECORDS[:2], "lake"), "Return")
    assert {line.get_marker() for line in axes.get_lines() if line.get_label() == "training"} == {"o"}


@pytest.mark.parametrize("records", [[], RECORDS[:1], [{"iteration": 1}], RECORDS[1:2]])
def test_a_run_that_has_just_begun_can_be_drawn(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    run = _run(tmp_path, records)
    assert draw_curves(run).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_drawing_again_gives_the_same_bytes_and_leaves_nothing_else(tmp_path: Path) -> None:
    run = _run(tmp_path, RECORDS)
    first = draw_curves(run).read_bytes()
    assert draw_curves(run).read_bytes() == first
    assert sorted(file.name for file in run.path.iterdir()) == [
        "checkpoints",
        "config.json",
        "curves.png",
        "metrics.jsonl",
    ]


def test_events_hold_every_finite_number(tmp_path: Path) -> None:
    run = _run(tmp_path, [*RECORDS, {"iteration": 4, "note": "done", "train/steps": 7}])
    write_events(run)
    scalars = _scalars(run)
    assert scalars["eval/success"] == [(0, 0.25), (3, 0.75)]
    assert scalars["policy/kl"] == [(1, 0.25), (3, 0.75)]
    assert scalars["train/steps"] == [(4, 7.0)]
    assert scalars.keys() == {key for record in RECORDS for key in record} - {"iteration"} | {"train/steps"}


def test_event_log_appends_and_shows_at_once(tmp_path: Path) -> None:
    run = _run(tmp_path, RECORDS[:2])
    with EventLog(run) as log:
        log.append(RECORDS[3] | {"policy/kl": float("nan")})
        assert _scalars(run)["train/success"] == [(1, 0.25), (3, 0.75)]
    assert [iteration for iteration, _ in _scalars(run)["policy/kl"]] == [1]


def test_event_log_after_a_cut_back_repeats_nothing(tmp_path: Path) -> None:
    run = _run(tmp_path, [])
    with EventLog(run) as log:
        for iteration in (1, 2, 3):
            run.log({"iteration": iteration, "train/return": float(iteration)})
            log.append({"iteration": iteration, "train/return": float(iteration)})
    run.cut_back(1)
    with EventLog(run) as log:
        log.append({"iteration": 2, "train/return": 2.5})
    assert _scalars(run)["train/return"] == [(1, 1.0), (2, 2.5)]
    assert len(list(run.events.iterdir())) == 1


def test_missing_wandb_is_said_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(ImportError, match=r'pip install "gigpo-gym\[wandb\]"'):
        EventLog(_run(tmp_path, []), wandb=True)


def test_wandb_gets_the_metrics_and_a_resumed_run_keeps_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = []

    class Session:
        def __init__(self, options: dict[str, Any]) -> None:
            self.options = options
            self.logged: list[tuple[int, dict[str, Any]]] = []
            self.finished = False

        def log(self, metrics: dict[str, Any], step: int) -> None:
            self.logged.append((step, metrics))

        def finish(self) -> None:
            self.finished = True

    def init(**options: Any) -> Session:
        sessions.append(Session(options))
        return sessions[-1]

    stub = ModuleType("wandb")
    monkeypatch.setattr(stub, "init", init, raising=False)
    monkeypatch.setitem(sys.modules, "wandb", stub)

    run = _run(tmp_path, [])
    for iteration in (1, 2):
        with EventLog(run, wandb=True) as log:
            log.append({"iteration": iteration, "train/return": 0.5})
    first, second = sessions
    assert first.logged == [(1, {"iteration": 1, "train/return": 0.5})]
    assert first.finished
    assert first.options["config"] == run.config
    assert first.options["resume"] == "allow"
    assert len(first.options["id"]) == 32
    assert second.options["id"] == first.options["id"]


def _run(tmp_path: Path, records: list[dict[str, Any]]) -> RunFolder:
    run = RunFolder.create(tmp_path / "lake", {"env": "frozenlake"})
    for record in records:
        run.log({key: float("nan") if value is None else value for key, value in record.items()})
    return run


def _panel(figure: Figure, title: str) -> Axes:
    (axes,) = [axes for axes in figure.axes if axes.get_title(loc="left") == title]
    return axes


def _line(axes: Axes, label: str) -> list[tuple[float, float]]:
    (line,) = [line for line in axes.get_lines() if line.get_label() == label]
    points: Any = line.get_xydata()
    return [(float(x), float(y)) for x, y in points]


def _bands(axes: Axes) -> list[PolyCollection]:
    return [collection for collection in axes.collections if isinstance(collection, PolyCollection)]


def _outline(band: PolyCollection) -> list[tuple[float, float]]:
    points: Any = band.get_paths()[0].vertices
    return [(float(x), float(y)) for x, y in points]


def _scalars(run: RunFolder) -> dict[str, list[tuple[int, float]]]:
    events = EventAccumulator(str(run.events)).Reload()
    return {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
