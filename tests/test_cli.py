"""The command gigpo."""

import sys

import pytest

from gigpo_gym import cli


@pytest.mark.parametrize("words", [[], ["fly"], ["--help"]])
def test_without_a_command_it_says_how(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["gigpo", *words])
    with pytest.raises(SystemExit, match=r"usage: gigpo \{train,fetch,play\}"):
        cli.main()


def test_train_gets_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["gigpo", "train", "--resume", "nowhere"])
    with pytest.raises(SystemExit, match="no run folder"):
        cli.main()
