"""What ships is what lies in the tree, at the versions that were tested."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LINKS = {"envs": "../envs", "wrappers": "../wrappers", "train.py": "../train.py"}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


@pytest.mark.parametrize("name", LINKS)
def test_links_are_links(name: str) -> None:
    link = ROOT / "gigpo_gym" / name
    assert link.is_symlink()
    assert str(link.readlink()) == LINKS[name]


def test_every_package_of_the_tree_is_listed(project: dict[str, Any]) -> None:
    settings = project["tool"]["setuptools"]
    found = set()
    for top, folder in (("gigpo_gym", "gigpo_gym"), ("gigpo_gym.envs", "envs"), ("gigpo_gym.wrappers", "wrappers")):
        for init in (ROOT / folder).rglob("__init__.py"):  # does not walk links: each package is met once
            inside = init.parent.relative_to(ROOT / folder).parts
            found.add(".".join((top, *inside)))
    assert sorted(settings["packages"]) == sorted(found)
    assert settings["package-dir"] == {"gigpo_gym.envs": "envs", "gigpo_gym.wrappers": "wrappers"}


def test_wheel_holds_every_module_once(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "train.py"):
        shutil.copy(ROOT / name, source / name)
    for name in ("gigpo_gym", "envs", "wrappers"):
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    build = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(source)]
    result = subprocess.run([sys.executable, "-m", *build], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr

    (wheel,) = tmp_path.glob("*.whl")
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    modules = [path.relative_to(ROOT) for top in ("envs", "wrappers") for path in (ROOT / top).rglob("*.py")]
    expected = {f"gigpo_gym/{module.as_posix()}" for module in modules}
    expected |= {f"gigpo_gym/{path.name}" for path in (ROOT / "gigpo_gym").glob("*.py")}
    assert {"gigpo_gym/train.py", "gigpo_gym/envs/frozen_lake.py", "gigpo_gym/wrappers/group_seed.py"} < expected
    assert sorted(names) == sorted(expected | {"gigpo_gym/py.typed"})


def test_import_brings_in_neither_torch_nor_transformers() -> None:
    script = "import sys, gigpo_gym, gigpo_gym.records; print({'torch', 'transformers'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def test_constraints_pin_what_pyproject_asks_for(project: dict[str, Any], pins: dict[str, str]) -> None:
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, asked):
        version = pins.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not pinned in constraints.txt"
        assert requirement.specifier.contains(version), f"{requirement} excludes {version}, which constraints.txt pins"


def test_constraints_pin_what_those_need_in_turn(project: dict[str, Any], pins: dict[str, str]) -> None:
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    waiting, needed = list(map(Requirement, asked)), set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = ("", *sorted(requirement.extras))
        if (name, extras) in needed:
            continue
        try:
            further = [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:
            continue  # an optional part of this machine's build of torch, say
        needed.add((name, extras))
        waiting += [r for r in further if not r.marker or any(r.marker.evaluate({"extra": extra}) for extra in extras)]
    # The CUDA builds of torch bring NVIDIA's packages and pin them themselves.
    names = {name for name, _ in needed if not name.startswith(("nvidia-", "cuda-", "triton"))}
    assert {"torch", "tokenizers", "pluggy"} < names
    assert sorted(names - pins.keys()) == []
