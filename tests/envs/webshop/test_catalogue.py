"""Catalogues: made once, shared, whole or not there at all."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gigpo_gym.envs.webshop import catalogue
from gigpo_gym.envs.webshop.catalogue import MAX_KEPT, cache_folder, open_files, open_generated
from gigpo_gym.envs.webshop.generator import generate_shop, write_shop
from gigpo_gym.envs.webshop.json_stream import DataFileError
from gigpo_gym.envs.webshop.products import read_products


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    return write_shop(tmp_path / "shop", generate_shop(3, 40))


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test gets a catalogue that another one opened."""
    open_files.cache_clear()
    open_generated.cache_clear()


def test_it_holds_the_products_in_order(files: tuple[Path, Path, Path]) -> None:
    shop = open_files(*files, None)
    assert [shop.product(number) for number in range(len(shop))] == list(read_products(*files))
    assert len(open_files(*files, 7)) == 7


def test_it_is_kept_beside_the_products_and_not_made_again(
    files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_files(*files, None)
    assert shop.folder.parent == files[0].with_name(f"{files[0].name}.index")
    table = shop.goals("synthetic", 5)
    assert open_files(*files, None) is shop
    open_files.cache_clear()
    monkeypatch.setattr(catalogue, "write_catalogue", None)
    monkeypatch.setattr(catalogue.GoalTable, "build", None)
    again = open_files(*files, None)
    assert again.results(("shoes",)) == shop.results(("shoes",))
    for name, array in again.goals("synthetic", 5).arrays().items():
        assert (array == getattr(table, name)).all(), name


def test_where_nothing_can_be_written_the_cache_folder_has_it(
    files: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.os, "access", lambda path, mode: False)
    assert open_files(*files, None).folder.parent == cache_folder()
    assert not files[0].with_name(f"{files[0].name}.index").exists()


def test_other_content_is_another_catalogue(files: tuple[Path, Path, Path]) -> None:
    digests = {
        open_files(*files, None).digest,
        open_files(*files, 9).digest,
        open_files(files[0], None, None, None).digest,
    }
    items = json.loads(files[0].read_text())
    items[0]["name"] += " of another sort"
    files[0].write_text(json.dumps(items))
    open_files.cache_clear()
    changed = open_files(*files, None)
    assert changed.product(0).name.endswith("of another sort")
    assert len(digests | {changed.digest}) == 4


@pytest.mark.parametrize("damage", ["products.jsonl", "offsets.npy", "search.index", "missing"])
def test_a_damaged_catalogue_is_made_anew(
    files: tuple[Path, Path, Path], damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = open_files(*files, None).folder
    if damage == "missing":
        (folder / "search.index").unlink()
    else:
        content = (folder / damage).read_bytes()
        (folder / damage).write_bytes(content[: len(content) // 2])
    open_files.cache_clear()
    assert len(open_files(*files, None)) == 40
    assert "made anew" in caplog.text


def test_damaged_goals_are_made_anew(files: tuple[Path, Path, Path], caplog: pytest.LogCaptureFixture) -> None:
    shop = open_files(*files, None)
    order = shop.goals("synthetic", 0).order.tolist()
    path = shop.folder / "goals-synthetic-0" / "order.npy"
    path.write_bytes(path.read_bytes()[:-4])
    open_files.cache_clear()
    assert open_files(*files, None).goals("synthetic", 0).order.tolist() == order
    assert "made anew" in caplog.text


def test_searches_for_one_group_share_what_they_find(files: tuple[Path, Path, Path]) -> None:
    shop = open_files(*files, None)
    category = shop.product(0).category
    found = shop.results(("<c>", category))
    assert found is not None
    assert 0 in found
    assert shop.results(("<c>", category, "and", "more")) is found


def test_long_searches_are_answered_and_not_kept(files: tuple[Path, Path, Path]) -> None:
    shop = open_files(*files, None)
    category, query = shop.product(0).category, shop.product(0).query
    searches = (("blue", "shirt"), ("<c>", category), ("<q>", query), ("<q>", "no such"), ("<a>",), ("<r>", "3"))
    short = [shop.results(keywords) for keywords in searches]
    kept, groups = shop._kept_results.cache_info(), shop._group.cache_info().currsize
    assert kept.currsize == len(searches)
    for keywords, found in zip(searches, short, strict=True):
        padded = (*keywords, *[""] * MAX_KEPT)
        assert shop.results(padded) == found or keywords[0] == "<r>"
        assert shop.results(padded) == shop.results(padded)
    for number in range(20):
        assert shop.results(("<q>", "x" * MAX_KEPT + str(number))) == ()
        assert shop.results(("<c>", "x" * MAX_KEPT + str(number))) == ()
        assert shop.results(("x" * MAX_KEPT, "blue", "shirt")) == short[0]
    assert shop._kept_results.cache_info() == kept
    for number in range(20):
        assert shop.results(("<q>", f"no such {number}")) == ()
    assert shop._kept_results.cache_info().currsize == len(searches) + 20
    assert shop._group.cache_info().currsize == groups + 1  # all categories that are not there are one


def test_what_cannot_be_read_leaves_nothing_behind(files: tuple[Path, Path, Path]) -> None:
    content = files[0].read_bytes()
    for broken, said in ((content[:-5], "end of the file|expected"), (b"[]", "at least one product")):
        files[0].write_bytes(broken)
        with pytest.raises(DataFileError, match=said):
            open_files(*files, None)
        beside = files[0].with_name(f"{files[0].name}.index")
        assert list(beside.iterdir()) == []


def test_processes_that_make_it_at_once_agree(files: tuple[Path, Path, Path]) -> None:
    code = (
        "import sys; from pathlib import Path; from gigpo_gym.envs.webshop.catalogue import open_files\n"
        "shop = open_files(*map(Path, sys.argv[1:]), None); print(shop.digest, shop.results(('blue', 'shirt')))"
    )
    command = [sys.executable, "-c", code, *map(str, files)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({process.communicate()[0] for process in running}) == 1
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(list(files[0].with_name(f"{files[0].name}.index").iterdir())) == 1


def test_a_generated_shop_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_generated(11, 30)
    open_generated.cache_clear()
    monkeypatch.setattr(catalogue, "generate_shop", None)
    assert open_generated(11, 30).digest == shop.digest
    shutil.rmtree(shop.folder)
