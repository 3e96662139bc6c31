"""Every wrapper's docstring holds an example, and it runs."""

import doctest
import sys

import pytest

import gigpo_gym.wrappers


@pytest.mark.parametrize("name", [name for name in gigpo_gym.wrappers.__all__ if name != "ChainSnapshot"])
def test_the_docstring_example_runs(name: str) -> None:
    thing = getattr(gigpo_gym.wrappers, name)
    namespace = vars(sys.modules[thing.__module__])
    examples = [
        test for test in doctest.DocTestFinder(recurse=False).find(thing, name, globs=namespace) if test.examples
    ]
    assert examples
    for example in examples:
        assert doctest.DocTestRunner().run(example).failed == 0
