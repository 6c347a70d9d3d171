"""The 95 % interval of a share, and the half-width in standard deviations that every 95 % range here means."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

__all__ = ["Z95", "wilson_interval"]

Z95 = NormalDist().inv_cdf(0.975)


def wilson_interval(hits: int, n: int) -> tuple[float, float]:
    """The ends (0-1) of Wilson's 95 % score interval of ``hits`` in ``n``; 0 to 1 where nothing was counted.

    >>> [round(end, 3) for end in wilson_interval(0, 30)], wilson_interval(0, 0)
    ([0.0, 0.114], (0.0, 1.0))
    """
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, Z95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return 0.0 if hits == 0 else centre - half, 1.0 if hits == n else centre + half
