"""The space of every environment's observations and actions: any string."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.spaces import Space


class FreeText(Space[str]):
    """Any string at all; `sample()` picks one of `examples`, so that a random agent says something useful.

    Gymnasium's `Text` holds a character set and a length, and a model's reply respects neither: `Text` over the
    whole of Unicode takes a second to build and 47 MB to pickle. A subclass of `Text` fails in shared-memory
    vectorisation.

    Example:
        >>> moves = FreeText(("Left", "Right"), seed=0)
        >>> moves.sample() in ("Left", "Right"), "" in moves, 3 in moves
        (True, True, False)

    Raises:
        ValueError: `examples` is empty or holds something that is not a string.
    """

    def __init__(self, examples: Sequence[str], seed: int | np.random.Generator | None = None) -> None:
        if isinstance(examples, str) or not examples or not all(isinstance(example, str) for example in examples):
            raise ValueError(f"expected a non-empty sequence of strings to sample from, got {examples!r}")
        self.examples = tuple(examples)
        super().__init__(shape=None, dtype=str, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        return False

    def sample(self, mask: None = None, probability: None = None) -> str:
        if mask is not None or probability is not None:
            raise ValueError("FreeText has no mask: choose from info['admissible_actions'] instead")
        return self.examples[int(self.np_random.integers(len(self.examples)))]

    def contains(self, x: Any) -> bool:
        return isinstance(x, str)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FreeText) and self.examples == other.examples

    def __repr__(self) -> str:
        return f"FreeText({self.examples!r})"
