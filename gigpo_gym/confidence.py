"""How far a measured share can be trusted."""

from math import sqrt
from statistics import NormalDist


def wilson_interval(successes: float, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval (low, high) that holds the true rate of success with probability `confidence`.

    Unlike mean +- z * standard error it stays within 0 and 1 and has a width even where all or none succeeded.
    Without trials nothing is known: (0, 1). Source: E. B. Wilson, "Probable inference", JASA 22 (1927), p. 209.
    """
    if n < 0 or not 0 <= successes <= n:
        raise ValueError(f"expected 0 <= successes <= n, got {successes} of {n}")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate = successes / n
    shrink = 1 + z * z / n
    centre = (rate + z * z / (2 * n)) / shrink
    half_width = z / shrink * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    # Rounding may leave an end a few 1e-17 outside, or short of the rate itself where that is 0 or 1.
    return max(0.0, min(rate, centre - half_width)), min(1.0, max(rate, centre + half_width))
