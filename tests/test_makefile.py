"""The set-up of `make train`, with stand-ins for Python, pip and the network: what it checks, and what it does when."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Writes its arguments into calls.txt; `-m venv` makes a .venv of stand-ins, `pip install` fails where ./broken lies.
STAND_IN = """#!/bin/sh
echo "$@" >> calls.txt
case "$*" in
    "-m venv --clear .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    "-m pip install"*) test ! -e broken ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the set-up reads of a checkout, and `bin/python3`, a stand-in."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "gigpo_gym").mkdir()
    for name in ("envs", "wrappers", "train.py"):
        (tmp_path / "gigpo_gym" / name).symlink_to(f"../{name}")
    _executable(tmp_path / "bin" / "python3", STAND_IN)
    return tmp_path


def test_train_sets_up_once(checkout: Path) -> None:
    first = _make(checkout, "train")
    assert first.returncode == 0, first.stderr
    calls = _calls(checkout)
    assert "-m venv --clear .venv" in calls
    assert any(call.startswith("-m pip install") and call.endswith("--editable .") for call in calls)
    assert calls[-1] == "train.py --env frozenlake"

    second = _make(checkout, "train", "ARGS=--seed 1")
    assert second.returncode == 0, second.stderr
    assert _calls(checkout) == ["train.py --env frozenlake --seed 1"]


def test_other_pins_set_up_again_in_the_same_venv(checkout: Path) -> None:
    _make(checkout, "train")
    _calls(checkout)
    stamp = (checkout / ".venv" / ".ready").stat()
    os.utime(checkout / "constraints.txt", (stamp.st_atime + 10, stamp.st_mtime + 10))
    _make(checkout, "train")
    calls = _calls(checkout)
    assert any(call.endswith("--editable .") for call in calls)
    assert "-m venv --clear .venv" not in calls


def test_a_set_up_cut_short_is_taken_up_again(checkout: Path) -> None:
    (checkout / "broken").touch()
    assert _make(checkout, "train").returncode != 0
    assert "train.py --env frozenlake" not in _calls(checkout)
    assert not (checkout / ".venv" / ".ready").exists()

    (checkout / "broken").unlink()
    assert _make(checkout, "train").returncode == 0
    assert any(call.endswith("--editable .") for call in _calls(checkout))


def test_torch_comes_from_the_index_that_is_named(checkout: Path) -> None:
    _make(checkout, "train", "TORCH_INDEX=https://example.org/cpu")
    torch = [call for call in _calls(checkout) if "https://example.org/cpu" in call]
    assert len(torch) == 1
    assert torch[0].startswith("-m pip install")
    assert torch[0].endswith("--index-url https://example.org/cpu --no-deps torch")  # its dependencies come from PyPI


@pytest.mark.parametrize("name", ["envs", "wrappers", "train.py"])
def test_a_checkout_without_links_is_told_how_to_get_them(checkout: Path, name: str) -> None:
    (checkout / "gigpo_gym" / name).unlink()
    (checkout / "gigpo_gym" / name).write_text(f"../{name}")
    result = _make(checkout, "train")
    assert result.returncode != 0
    assert f"gigpo_gym/{name} came out as a plain file" in result.stderr
    assert "git config core.symlinks true" in result.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("tool", "message"),
    [
        ("python3", "error: python3 is not Python 3.11 or later"),
        ("git", "error: git not found"),
        ("cc", "error: no C/C++ compiler: cc does not run"),
        ("c++", "error: no C/C++ compiler: c++ does not run"),
    ],
)
def test_a_missing_tool_is_named(checkout: Path, tool: str, message: str) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13") if tool == "python3" else (tool,):
        _executable(checkout / "bin" / name, "#!/bin/sh\nexit 1\n")
    result = _make(checkout, "train")
    assert result.returncode != 0
    assert message in result.stderr
    assert not (checkout / ".venv").exists()


def test_an_old_python3_is_passed_over_for_a_newer_one(checkout: Path) -> None:
    _executable(checkout / "bin" / "python3", "#!/bin/sh\nexit 1\n")
    _executable(checkout / "bin" / "python3.13", "#!/bin/sh\nexit 1\n")
    _executable(checkout / "bin" / "python3.12", STAND_IN)
    assert _make(checkout, "train").returncode == 0
    assert "-m venv --clear .venv" in _calls(checkout)


def test_python_can_be_named(checkout: Path) -> None:
    _executable(checkout / "mine", STAND_IN)
    _executable(checkout / "bin" / "python3", "#!/bin/sh\nexit 1\n")
    assert _make(checkout, "train", "PYTHON=./mine").returncode == 0
    result = _make(checkout, "check", "PYTHON=python3")
    assert "error: python3 is not Python 3.11 or later" in result.stderr


def _make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Tests may themselves run under `make test PYTHON=...`, whose settings would be handed down.
    left_out = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PYTHON", "ARGS", "TORCH_INDEX", "CC", "CXX"}
    env = {key: value for key, value in os.environ.items() if key not in left_out}
    env["PATH"] = f"{checkout / 'bin'}{os.pathsep}{env['PATH']}"
    return subprocess.run(["make", *arguments], cwd=checkout, env=env, capture_output=True, text=True, check=False)


def _calls(checkout: Path) -> list[str]:
    """What the stand-ins were called with since this was last asked."""
    file = checkout / "calls.txt"
    calls = file.read_text().splitlines()
    file.unlink()
    return calls


def _executable(path: Path, content: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
