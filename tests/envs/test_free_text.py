"""The space of any string."""

import doctest
import sys

import pytest

from gigpo_gym.envs.free_text import FreeText


def test_samples_come_from_the_examples_and_follow_the_seed() -> None:
    first, second = FreeText(("a", "b", "c"), seed=1), FreeText(("a", "b", "c"))
    second.seed(1)
    samples = [first.sample() for _ in range(30)]
    assert set(samples) == {"a", "b", "c"}
    assert samples == [second.sample() for _ in range(30)]


def test_equality_is_by_the_examples() -> None:
    assert FreeText(("a", "b")) == FreeText(["a", "b"])
    assert FreeText(("a",)) != FreeText(("b",))


@pytest.mark.parametrize("examples", [(), "word", (1, 2)])
def test_examples_must_be_strings_to_sample_from(examples: object) -> None:
    with pytest.raises(ValueError, match="expected a non-empty sequence of strings"):
        FreeText(examples)  # type: ignore[arg-type]


def test_a_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="admissible_actions"):
        FreeText(("a",)).sample(mask=[1])  # type: ignore[arg-type]


def test_the_docstring_example_runs() -> None:
    results = doctest.testmod(sys.modules[FreeText.__module__])
    assert results.attempted > 0
    assert results.failed == 0
