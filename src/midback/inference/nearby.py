"""P(answer | z) under a group's shared effect by the nearest entries of two tables: quick, and to three digits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np

from midback.inference.correlated import NODES, nodes_of_effect
from midback.inference.network import FloatArray, Short

__all__ = ["NearbyEffect"]

_EDGE = 24.0  # logits beyond this are certain
_FAR = 12.0  # standard deviations beyond this are certain
_STEP = 1 / 256  # so that the tables stay in the processor's nearest cache
_LEAST = np.float32(1e-30)


@dataclass(frozen=True, slots=True, eq=False)
class NearbyEffect:
    """In steps of the tables, how far the effect stretches a probit (S,) and how far each node moves it (Q, S)."""

    stretch: Short
    moves: Short

    @classmethod
    def of(cls, rho: FloatArray) -> NearbyEffect:
        """The effect of correlation ``rho`` (S,)."""
        stretch = 1 / np.sqrt(1 - rho) / _STEP
        moves = nodes_of_effect()[:, None] * (np.sqrt(rho) * stretch)
        return cls(stretch.astype(np.float32), moves.astype(np.float32))

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.stretch.nbytes + self.moves.nbytes

    def given(self, odds: Short, answer: FloatArray) -> Short:
        """P(answer | z) at each node (Q, m, S) from the odds (levels - 1, m, S) against each threshold."""
        low = bool(answer[0] > answer[-1])  # from the end where the answer lies, so that rare levels keep their digits
        steps = np.diff(answer)
        passed = np.flatnonzero(steps)
        # What passing (or not passing) each threshold adds, with all that is sure in the first.
        tables = [_shares(low) * np.float32(-step if low else step) for step in steps[passed]]
        tables[0] = np.maximum(tables[0] + np.float32(answer[-1] if low else answer[0]), _LEAST)
        place = np.log(odds[passed] if len(passed) < len(odds) else odds)
        place *= np.float32(-1 / _STEP)
        place += np.float32(_EDGE / _STEP + 0.5)
        # mode="clip" holds every place to its table, whose ends are as good as 0 and 1.
        probit = np.take(_probits(), place.astype(np.intp), mode="clip")
        probit *= self.stretch
        probit += np.float32(_FAR / _STEP + 0.5)
        out = np.empty((NODES, *odds.shape[1:]), dtype=np.float32)
        for into, move in zip(out, self.moves, strict=True):
            np.subtract(probit, move, out=place)
            at = place.astype(np.intp)
            np.take(tables[0], at[0], mode="clip", out=into)
            for table, own in zip(tables[1:], at[1:], strict=True):
                into += np.take(table, own, mode="clip")
        return out if len(tables) == 1 else np.maximum(out, _LEAST, out=out)


@lru_cache(maxsize=1)
def _probits() -> Short:
    """Probit by logit, from -_EDGE to _EDGE: the nearest entry is within 5e-4."""
    logits = np.arange(-_EDGE, _EDGE + _STEP, _STEP)
    standard = NormalDist()
    lower = np.array([standard.inv_cdf(1 / (1 + np.exp(-logit))) for logit in logits[: len(logits) // 2]])
    return np.concatenate([lower, [0.0], -lower[::-1]]).astype(np.float32)


@lru_cache(maxsize=2)
def _shares(low: bool) -> Short:
    """The share that passes (``low``: does not pass) a threshold, by its probit from -_FAR to _FAR."""
    at = np.arange(-_FAR, _FAR + _STEP, _STEP)
    return np.array([max(0.5 * erfc((x if low else -x) / sqrt(2)), 1e-30) for x in at], dtype=np.float32)
