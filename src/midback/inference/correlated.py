"""Findings that travel together: one shared random effect per group, with every finding's own numbers preserved.

Given the shared normal z, P(f >= r | D, z) = Phi((Phi^-1(P(f >= r | D)) - sqrt(rho) z) / sqrt(1 - rho)); averaged over
z this is P(f >= r | D) again. The average over z is Gauss-Hermite with seven nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np

from midback.inference.network import FloatArray, IntArray, Short
from midback.inference.sites import Site
from midback.inference.subsets import subset_ids, subsets

__all__ = [
    "NODES",
    "answer_at_nodes",
    "at_node",
    "conditional_shares",
    "joined_causes",
    "own_subsets",
    "quick_answer",
    "threshold_logits",
    "weights_of_nodes",
]

NODES = 7
_EDGE = 24.0  # logits beyond this are certain
_STEP = 1 / 64
_QUICK = 1 / 256
_FAR = 12.0


@lru_cache(maxsize=1)
def _hermite() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return nodes, weights / weights.sum()


def weights_of_nodes() -> FloatArray:
    """Weights (Q,) of the nodes of the shared effect; they sum to 1."""
    return _hermite()[1]


@lru_cache(maxsize=64)
def _table(rho: float) -> FloatArray:
    """Cubic pieces (rows, 4, Q) of P(f >= r | z) by the logit of P(f >= r); Hermite, so smooth to the slope."""
    standard = NormalDist()
    nodes, _ = _hermite()
    spread, left = sqrt(rho), sqrt(1 - rho)
    half = int(_EDGE / _STEP)
    logits = np.arange(0, half + 1) * _STEP
    # The lower half of the table; the upper half follows from S(t, z) = 1 - S(-t, -z).
    probits = np.array([standard.inv_cdf(1 / (1 + np.exp(t))) for t in logits])
    lower = np.array([[0.5 * erfc(-(p - spread * z) / left / sqrt(2)) for z in nodes] for p in probits])
    density = np.exp(-((probits[:, None] - spread * nodes) ** 2) / (2 * left**2) + probits[:, None] ** 2 / 2) / left
    share = 1 / (1 + np.exp(logits))
    rate = density * (share * (1 - share))[:, None]
    value = np.concatenate([lower[:0:-1], 1 - lower[:, ::-1]])
    value[half] = lower[0]
    slope = np.concatenate([rate[:0:-1], rate[:, ::-1]]) * _STEP
    v0, v1, s0, s1 = value[:-1], value[1:], slope[:-1], slope[1:]
    return np.stack([v0, s0, 3 * (v1 - v0) - 2 * s0 - s1, 2 * (v0 - v1) + s0 + s1], axis=1)


def _at(table: FloatArray, logits: FloatArray) -> FloatArray:
    """P(f >= r | z) at each node (..., Q) from the logit of P(f >= r)."""
    place = (np.clip(logits, -_EDGE + 1e-6, _EDGE - 1e-6) + _EDGE) * (1 / _STEP)
    row = place.astype(np.int64)
    part = (place - row)[..., None]
    piece = table[row]
    out = piece[..., 3, :] * part
    for power in (2, 1, 0):
        out += piece[..., power, :]
        if power:
            out *= part
    return np.asarray(out)


def at_node(above: FloatArray, rho: float, node: IntArray) -> FloatArray:
    """P(f >= r | z) (T, R) from P(f >= r) (T, R), where set R meets the shared effect at its own node (R,)."""
    inside = np.clip(above, 1e-300, 1.0)
    logits = np.log(inside) - np.log(np.clip(1 - above, 1e-300, 1.0))
    place = (np.clip(logits, -_EDGE + 1e-6, _EDGE - 1e-6) + _EDGE) * (1 / _STEP)
    row = place.astype(np.int64)
    part = place - row
    zero, one, two, three = np.moveaxis(_table(rho)[row, :, node], -1, 0)
    return np.asarray(((three * part + two) * part + one) * part + zero)


def threshold_logits(shares: FloatArray) -> FloatArray:
    """Logits (levels - 1, ...) of P(f >= r) from the shares of every level."""
    if len(shares) == 2:
        logs = np.log(np.maximum(shares, 1e-300))
        return np.asarray(logs[1:] - logs[:1])
    above = np.clip(np.flip(np.cumsum(np.flip(shares[1:], 0), 0), 0), 1e-300, 1.0)
    below = np.clip(np.cumsum(shares[:-1], 0), 1e-300, 1.0)
    return np.asarray(np.log(above) - np.log(below))


def conditional_shares(logits: FloatArray, rho: float) -> FloatArray:
    """Shares of every level at each node of the shared effect: logits (levels - 1, ...) -> (levels, ..., Q)."""
    table = _table(rho)
    up = _at(table, logits)
    lowest = _at(table, -logits[0])[..., ::-1]
    steps = up - np.concatenate([up[1:], np.zeros_like(up[:1])])
    return np.asarray(np.concatenate([lowest[None], np.maximum(steps, 1e-300)]))


def answer_at_nodes(logits: FloatArray, answer: FloatArray, rho: float) -> FloatArray:
    """P(answer | set, z) at each node (..., Q) from threshold logits (levels - 1, ...)."""
    if len(answer) > 2:
        return np.asarray(np.tensordot(answer, conditional_shares(logits, rho), 1))
    table = _table(rho)
    if answer[1] == 0:
        return np.asarray(answer[0] * _at(table, -logits[0])[..., ::-1])
    yes = _at(table, logits[0])
    if answer[0] == 0:
        return np.asarray(yes * answer[1])
    return np.asarray(yes * answer[1] + answer[0] * _at(table, -logits[0])[..., ::-1])


@lru_cache(maxsize=1)
def _quick_tables() -> tuple[Short, Short]:
    # Probit by logit, and Phi by its argument, fine enough that the nearest entry is within 5e-4.
    standard = NormalDist()
    logits = np.arange(-_EDGE, _EDGE + _QUICK, _QUICK)
    lower = [standard.inv_cdf(1 / (1 + np.exp(-t))) if t < 0 else 0.0 for t in logits]
    probits = np.array(lower)
    probits[len(logits) // 2 + 1 :] = -probits[: len(logits) // 2][::-1]
    values = np.arange(-_FAR, _FAR + _QUICK, _QUICK)
    phi = np.array([0.5 * erfc(-x / sqrt(2)) for x in values])
    return probits.astype(np.float32), np.maximum(phi, 1e-30).astype(np.float32)


def quick_answer(odds: Short, answer: FloatArray, rho: FloatArray) -> Short:
    """As `answer_at_nodes` to about three digits, from the odds (levels - 1, m, S) against each threshold and with a
    rho (S,) per draw: (Q, m, S).

    Good enough for ranges, never used for a headline.
    """
    probits, phi = _quick_tables()
    nodes, _ = _hermite()
    place = np.log(odds)
    place *= np.float32(-1 / _QUICK)
    place += np.float32(_EDGE / _QUICK + 0.5)
    # mode="clip" holds every place to the table, whose ends are as good as 0 and 1.
    probit = np.take(probits, place.astype(np.intp), mode="clip")
    root = 1 / np.sqrt(1 - rho)
    probit *= (root / _QUICK).astype(np.float32)
    probit += np.float32(_FAR / _QUICK + 0.5)
    spread = (np.sqrt(rho) * root / _QUICK).astype(np.float32)
    lowest = answer[-1] == 0 and len(answer) == 2
    if lowest:
        np.subtract(np.float32(len(phi)), probit, out=probit)
        spread = -spread
    steps = np.diff(answer).astype(np.float32)
    out = np.empty((NODES, *odds.shape[1:]), dtype=np.float32)
    for index, node in enumerate(nodes):
        # P(answer) is P(answer | lowest level) plus, at each threshold passed, what the answer gains there.
        np.subtract(probit, spread * np.float32(node), out=place)
        at = place.astype(np.intp)
        if lowest:
            np.take(phi, at[0], mode="clip", out=out[index])
            out[index] *= np.float32(answer[0])
            continue
        np.take(phi, at[0], mode="clip", out=out[index])
        if len(steps) > 1 or steps[0] != 1 or answer[0]:
            out[index] *= steps[0]
            for threshold in range(1, len(steps)):
                if steps[threshold]:
                    out[index] += np.take(phi, at[threshold], mode="clip") * steps[threshold]
            out[index] += np.float32(answer[0])
    return np.maximum(out, np.float32(1e-30), out=out)


def joined_causes(sites: Sequence[Site]) -> IntArray:
    """The causes linked to any of the sites, rising."""
    return np.unique(np.concatenate([site.causes for site in sites]))


def own_subsets(site: Site, causes: IntArray, largest: int) -> IntArray:
    """For every subset of ``causes`` (empty, singles, pairs, triples): which subset of the site's causes it is."""
    local = np.full(len(causes), len(site.causes))
    local[np.searchsorted(causes, site.causes)] = np.arange(len(site.causes))
    every = subsets(len(causes), largest)
    nobody = np.full((1, 1), len(site.causes))
    parts = [nobody, local[None]]
    if largest >= 2:
        parts.append(local[every.pairs])
    if largest >= 3:
        parts.append(local[every.triples])
    return np.concatenate([subset_ids(part, len(site.causes)) for part in parts])
