"""Intervals, calibration and paired tests: small exact statistics, seeded where they resample.

Every share carries a Wilson interval, every mean a percentile bootstrap over cases, every difference between two
systems a paired test. Nothing here knows what a case is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

from midback.knowledge.intervals import wilson_interval

__all__ = [
    "Bin",
    "Calibration",
    "Figure",
    "bootstrap_mean",
    "calibrate",
    "mcnemar_exact",
    "paired_difference",
    "percentiles",
    "share",
]

RESAMPLES = 2000
BINS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its 95 % interval; ``hits`` is the count behind a share, None for a mean."""

    value: float | None
    lo95: float | None
    hi95: float | None
    n: int
    hits: int | None = None

    def as_json(self) -> dict[str, float | int | None]:
        """Plain data, four decimals."""
        parts = {"value": self.value, "lo95": self.lo95, "hi95": self.hi95}
        rounded = {key: None if value is None else round(value, 4) for key, value in parts.items()}
        return {**rounded, "n": self.n, "hits": self.hits}


def share(hits: int, n: int) -> Figure:
    """A share of 0-1 with its Wilson 95 % interval; without cases there is no value.

    >>> zero = share(0, 30)
    >>> zero.value, round(zero.hi95 or 0, 3)
    (0.0, 0.114)
    """
    if n == 0:
        return Figure(None, None, None, 0, 0)
    return Figure(hits / n, *wilson_interval(hits, n), n, hits)


def _resampled(values: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    picked = np.random.default_rng(seed).integers(0, len(values), size=(RESAMPLES, len(values)))
    return np.asarray(values[picked].mean(axis=1))


def bootstrap_mean(values: Sequence[float], seed: int = 0) -> Figure:
    """A mean with its 95 % percentile-bootstrap interval over cases; without cases there is no value."""
    if not len(values):
        return Figure(None, None, None, 0)
    data = np.asarray(values, dtype=np.float64)
    low, high = (float(end) for end in np.quantile(_resampled(data, seed), [0.025, 0.975]))
    return Figure(float(data.mean()), low, high, len(data))


def percentiles(values: Sequence[float], points: Sequence[float] = (10, 50, 90)) -> dict[str, float | None]:
    """The named percentiles of ``values`` as ``{"p50": ...}``; None without values."""
    return {f"p{p:g}": float(np.percentile(values, p)) if len(values) else None for p in points}


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability curve: mean chance said, share that came true with its interval, how many."""

    low: float
    high: float
    said: float
    came_true: Figure

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {"from": round(self.low, 4), "to": round(self.high, 4), "said": round(self.said, 4),
                "came_true": self.came_true.as_json()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reliability curve in ``bins`` of equal width and its expected calibration error with interval.

    ``by_chance`` is the error that as many cases would show on average if every chance were exactly true, and
    ``by_chance_hi95`` the one that 95 in 100 such sets of cases stay below. ``said`` and ``came_true`` are the means:
    said above came true is over-confidence.
    """

    bins: tuple[Bin, ...]
    error: Figure
    by_chance: float | None
    by_chance_hi95: float | None
    said: float | None
    came_true: float | None

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        means = {
            "by_chance": self.by_chance,
            "by_chance_hi95": self.by_chance_hi95,
            "said": self.said,
            "came_true": self.came_true,
        }
        rounded = {name: None if mean is None else round(mean, 4) for name, mean in means.items()}
        return {"expected_calibration_error": self.error.as_json(), **rounded,
                "bins": [bar.as_json() for bar in self.bins]}  # fmt: skip


def _calibration_error(said: NDArray[np.float64], true: NDArray[np.float64]) -> float:
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    gap = np.bincount(place, weights=said - true, minlength=BINS)
    return float(np.abs(gap).sum() / len(said))


def calibrate(said: Sequence[float], true: Sequence[bool], seed: int = 0, resamples: int = 400) -> Calibration:
    """How often what was said with a chance came true, in ten bins of equal width.

    The expected calibration error is the mean gap between said and come true, weighted by how many are in a bin. Few
    cases make it large by chance alone, which its bootstrap interval does not remove: read it with its n.
    """
    if not len(said):
        return Calibration((), Figure(None, None, None, 0), None, None, None, None)
    chance, truth = np.asarray(said, dtype=np.float64), np.asarray(true, dtype=np.float64)
    place = np.minimum((chance * BINS).astype(int), BINS - 1)
    bars = []
    for bar in range(BINS):
        inside = place == bar
        if inside.any():
            came = share(int(truth[inside].sum()), int(inside.sum()))
            bars.append(Bin(bar / BINS, (bar + 1) / BINS, float(chance[inside].mean()), came))
    random = np.random.default_rng(seed)
    drawn = [random.integers(0, len(chance), len(chance)) for _ in range(resamples)]
    errors = [_calibration_error(chance[row], truth[row]) for row in drawn]
    low, high = (float(end) for end in np.quantile(errors, [0.025, 0.975]))
    point = _calibration_error(chance, truth)
    perfect = [
        _calibration_error(chance, np.where(random.random(len(chance)) < chance, 1.0, 0.0)) for _ in range(resamples)
    ]
    error = Figure(point, min(low, point), max(high, point), len(chance))
    mean, high = float(np.mean(perfect)), float(np.quantile(perfect, 0.95))
    return Calibration(tuple(bars), error, mean, high, float(chance.mean()), float(truth.mean()))


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """The two-sided exact p of McNemar's test from the two discordant counts.

    >>> mcnemar_exact(0, 5), mcnemar_exact(0, 0)
    (0.0625, 1.0)
    """
    n = only_first + only_second
    if n == 0:
        return 1.0
    tail = sum(comb(n, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2.0 * tail / 2.0**n) if n < 1000 else min(1.0, 2 * _normal_tail(only_first, only_second))


def _normal_tail(first: int, second: int) -> float:
    from math import erfc

    return 0.5 * erfc((abs(first - second) - 1) / sqrt(first + second) / sqrt(2))


def paired_difference(
    first: Sequence[float], second: Sequence[float], seed: int = 0, measure: Callable[[float], float] = float
) -> Figure:
    """Mean of first - second over the same cases, with a paired bootstrap 95 % interval."""
    gaps = [measure(one) - measure(other) for one, other in zip(first, second, strict=True)]
    return bootstrap_mean(gaps, seed)
