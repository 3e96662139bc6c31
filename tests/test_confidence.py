"""The Wilson interval against numbers worked out by hand."""

import pytest

from gigpo_gym.confidence import wilson_interval


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # z = 1.959964, z^2 = 3.841459. 5 of 10: centre 0.5, half-width
        # z / 1.3841459 * sqrt(0.25 / 10 + 3.841459 / 400) = 0.2633.
        (5, 10, 0.2366, 0.7634),
        # 0 of 10: high = (z^2 / 10) / (1 + z^2 / 10) = 0.38415 / 1.38415; 10 of 10 is its mirror image.
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        # 1 of 4: centre (0.25 + 0.480182) / 1.960365 = 0.372472, half-width 0.999795 * sqrt(0.046875 + 0.060023).
        (1, 4, 0.0456, 0.6994),
        (0, 0, 0.0, 1.0),
    ],
)
def test_hand_numbers(successes: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_narrows_with_trials_and_widens_with_confidence() -> None:
    few, many = wilson_interval(9, 10), wilson_interval(900, 1000)
    assert few[0] < many[0] < 0.9 < many[1] < few[1]
    surer = wilson_interval(9, 10, confidence=0.99)
    assert surer[0] < few[0]
    assert surer[1] > few[1]


@pytest.mark.parametrize(("successes", "n"), [(-1, 10), (11, 10), (0, -1)])
def test_impossible_counts_are_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= successes <= n"):
        wilson_interval(successes, n)
