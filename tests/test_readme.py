"""What README shows works as it stands there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_code_blocks_run(number: int) -> None:
    exec(compile(BLOCKS[number], f"README.md, block {number}", "exec"), {})


def test_there_are_code_blocks_and_pictures() -> None:
    assert len(BLOCKS) >= 2
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).exists() for picture in pictures)


def test_the_tree_is_the_tree() -> None:
    """Every module of the package stands in README, and nothing stands there that does not exist."""
    tree = README.split("## The tree")[1]
    for folder in ("gigpo_gym", "envs"):
        modules = {path.name for path in (ROOT / folder).rglob("*.py")} - {"__init__.py", "train.py"}
        assert modules <= set(re.findall(r"\w+\.py", tree))
    places = ("*.py", "gigpo_gym/*.py", "envs/**/*.py", "wrappers/*.py")
    assert set(re.findall(r"\w+\.py", tree)) <= {path.name for place in places for path in ROOT.glob(place)}
