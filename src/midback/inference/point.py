"""The exact posterior at the printed numbers, over every set of at most three causes, by interaction terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.errors import ContradictoryEvidence
from midback.inference.answered import Answered, answered
from midback.inference.evidence import Evidence
from midback.inference.factors import Factor, factors_of
from midback.inference.memory import recall
from midback.inference.network import FloatArray, Network, Risk
from midback.inference.prior import set_prior
from midback.inference.subsets import Subsets, subsets

__all__ = ["Point", "exact_point", "risk_shift", "risk_shifts"]


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """Weights of all sets, relative to the empty set's prior (natural logs), and their chances.

    ``single`` (n,) are log weights of the sets of one cause; ``pair_extra`` (P,) and ``triple_extra`` (T,) are what a
    pair or triple has beyond the sum of its members (and, for triples, this includes its three pairs).
    """

    subsets: Subsets
    largest: int
    log_empty: float
    log_total: float
    single: FloatArray
    pair_extra: FloatArray
    triple_extra: FloatArray
    chance_empty: float
    chance_single: FloatArray
    chance_pair: FloatArray
    chance_triple: FloatArray
    chance: FloatArray


def risk_shifts(network: Network, evidence: Evidence) -> dict[str, FloatArray]:
    """Shift (n,) of each cause's log odds by each known risk, centred so that the average odds stay."""
    return {
        risk.name: _centred(risk)[risk.levels.index(evidence.risks[risk.name])]
        for risk in network.risks
        if risk.name in evidence.risks
    }


def risk_shift(network: Network, evidence: Evidence) -> FloatArray:
    """The sum (n,) of `risk_shifts`."""
    return sum(risk_shifts(network, evidence).values(), np.zeros(len(network.causes)))


def _centred(risk: Risk) -> FloatArray:
    """The log odds (levels, n) by which each level moves each cause."""
    odds = risk.log_odds.mean
    return recall(
        ("centred", id(risk)), risk, lambda: odds - np.log(risk.share @ np.exp(odds)), lambda made: made.nbytes
    )


class _Sum:
    """Collects factors over the empty set, singles, pairs and triples of all causes."""

    def __init__(self, count: int, largest: int) -> None:
        every = subsets(count, largest)
        self.count, self.largest = count, largest
        self.empty = 0.0
        self.single = np.zeros(count)
        self.pair = np.zeros(every.pairs.shape[1] if largest >= 2 else 0)
        self.triple = np.zeros(every.triples.shape[1] if largest >= 3 else 0)

    def add(self, factor: Factor) -> None:
        """Adds a factor."""
        self.empty += factor.empty
        self.single[factor.causes] += factor.single
        if len(factor.pair):
            self.pair[factor.pair_at] += factor.pair
        if len(factor.triple):
            self.triple[factor.triple_at] += factor.triple


def exact_point(network: Network, evidence: Evidence, largest: int, items: list[Answered] | None = None) -> Point:
    """The exact posterior over sets of at most ``largest`` causes at the printed numbers."""
    total = _Sum(len(network.causes), _allowed(network, largest))
    if items is None:
        items = answered(network, evidence)
    for _, factor in factors_of(network, items, total.largest):
        total.add(factor)
    return _normalised(network, total, risk_shift(network, evidence))


def _allowed(network: Network, largest: int) -> int:
    return 1 if network.several == 0 else min(largest, len(network.causes))


def _normalised(network: Network, total: _Sum, shift: FloatArray) -> Point:
    count, largest = total.count, total.largest
    odds, begin = set_prior(network.prior.mean, network.other.mean, network.several, largest)
    single, start = odds + shift + total.single, float(begin)
    every = subsets(count, largest)
    one = start + single
    nothing = np.zeros(0)
    two, three, pair_extra, triple_extra = nothing, nothing, nothing, nothing
    if largest >= 2:
        low, high = every.pairs
        pair_extra = total.pair.copy()
        two = start + single[low] + single[high] + pair_extra
    if largest >= 3:
        a, b, c = every.triples
        left, middle, right = every.sides
        triple_extra = total.triple + pair_extra[left] + pair_extra[middle] + pair_extra[right]
        three = start + single[a] + single[b] + single[c] + triple_extra
    # The empty set weighs exp(0) before its own likelihood, which is common to all and kept apart.
    top = max(0.0, *(float(part.max()) for part in (one, two, three) if part.size))
    if not np.isfinite(total.empty) or not np.isfinite(top):
        raise ContradictoryEvidence("these answers contradict each other under the knowledge")
    weights = [np.exp(part - top) for part in (one, two, three)]
    empty = np.exp(-top)
    mass = empty + sum(float(part.sum()) for part in weights)
    if not np.isfinite(mass):
        raise ContradictoryEvidence("these answers contradict each other under the knowledge")
    one, two, three = (part / mass for part in weights)
    chance = one.copy()
    if largest >= 2:
        for members in every.pairs:
            chance += np.bincount(members, weights=two, minlength=count)
    if largest >= 3:
        for members in every.triples:
            chance += np.bincount(members, weights=three, minlength=count)
    return Point(
        every,
        largest,
        total.empty,
        total.empty + top + float(np.log(mass)),
        start + single,
        pair_extra,
        triple_extra,
        float(empty / mass),
        one,
        two,
        three,
        np.minimum(chance, 1.0),
    )
