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

from midback.inference.network import FloatArray, IntArray
from midback.inference.sites import Site
from midback.inference.subsets import one_more, subsets

__all__ = [
    "NODES",
    "answer_at_nodes",
    "at_node",
    "conditional_shares",
    "joined_causes",
    "nodes_of_effect",
    "own_subsets",
    "threshold_logits",
    "weights_of_nodes",
]

NODES = 7
_EDGE = 24.0  # logits beyond this are certain
_STEP = 1 / 64


@lru_cache(maxsize=1)
def _hermite() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return nodes, weights / weights.sum()


def nodes_of_effect() -> FloatArray:
    """The nodes (Q,) of the shared effect."""
    return _hermite()[0]


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


def joined_causes(sites: Sequence[Site]) -> IntArray:
    """The causes linked to any of the sites, rising."""
    return np.flatnonzero(np.bincount(np.concatenate([site.causes for site in sites])))


def own_subsets(site: Site, causes: IntArray, largest: int) -> IntArray:
    """For every subset of ``causes`` (empty, singles, pairs, triples): which subset of the site's causes it is."""
    size = len(site.causes)
    local = np.full(len(causes), size)
    local[np.searchsorted(causes, site.causes)] = np.arange(size)
    every, more = subsets(len(causes), largest), one_more(size)
    # A pair is a single with one above it, and a triple a pair with one above it.
    single = more[local]
    parts = [np.zeros(1, dtype=np.int64), single]
    if largest >= 2:
        held = (single > 0) * (size + 1)
        low, high = every.pairs
        pair = single[low] + more[held[low] + local[high]]
        parts.append(pair)
        if largest >= 3:
            key = (held[low] + held[high])[every.sides[0]] + local[every.triples[2]]
            parts.append(pair[every.sides[0]] + more[key])
    return np.concatenate(parts)
