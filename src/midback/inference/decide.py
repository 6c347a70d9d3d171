"""The action of least expected harm, raised while a more urgent one is best in too many draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.inference.network import FloatArray
from midback.inference.posterior import Posterior, range_of

__all__ = ["Decision", "decide", "expected_harm"]


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """Expected harm of each action (A,) with its 95 % range, the share of draws in which it is best, the best at
    the printed numbers, and the action taken. Actions are numbered from the least to the most urgent.
    """

    expected: FloatArray
    lo95: FloatArray
    hi95: FloatArray
    best_share: FloatArray
    mean_best: int
    action: int


def expected_harm(chance: FloatArray, other: FloatArray | float, cost: FloatArray, harm: FloatArray) -> FloatArray:
    """Expected harm (..., A): the action's cost once, plus each cause's harm by its chance; last column is other."""
    return np.asarray(cost + chance @ harm[:, :-1].T + np.asarray(other)[..., None] * harm[:, -1])


def decide(posterior: Posterior, cost: FloatArray, harm: FloatArray, careful: float = 0.10) -> Decision:
    """Chooses among A actions, ordered from the least to the most urgent.

    ``cost`` (A,) is counted once, ``harm`` (A, n + 1) is added for each cause present (last column: none of the
    modelled causes). The action is the one of least mean harm, raised to the most urgent action such that it, or a
    more urgent one, is best in more than ``careful`` of the draws. Raises ValueError for wrong shapes.
    """
    cost, harm = np.asarray(cost, dtype=np.float64), np.asarray(harm, dtype=np.float64)
    if harm.ndim != 2 or cost.shape != harm.shape[:1] or harm.shape[1] != len(posterior.causes) + 1:
        raise ValueError(f"cost {cost.shape} and harm {harm.shape} do not fit {len(posterior.causes)} causes")
    if not (np.all(np.isfinite(cost)) and np.all(np.isfinite(harm))):
        raise ValueError("cost and harm must be finite numbers")
    expected = expected_harm(posterior.chance, posterior.other, cost, harm)
    mean_best = int(np.argmin(expected))
    if posterior.draws is None:
        share = np.zeros(len(cost))
        share[mean_best] = 1.0
        return Decision(expected, expected, expected, share, mean_best, mean_best)
    drawn = expected_harm(posterior.draws[:, :-1], posterior.draws[:, -1], cost, harm)
    low, high = range_of(drawn, expected)
    share = np.bincount(drawn.argmin(1), minlength=len(cost)) / len(drawn)
    at_least = np.cumsum(share[::-1])[::-1]
    raised = int(np.flatnonzero(at_least > careful).max(initial=0))
    return Decision(expected, low, high, share, mean_best, max(mean_best, raised))
