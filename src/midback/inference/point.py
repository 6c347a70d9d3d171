"""The exact posterior at the printed numbers, over every set of at most three causes, by interaction terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.errors import ContradictoryEvidence
from midback.inference.answered import Answered, answered
from midback.inference.evidence import Evidence
from midback.inference.factors import Factor, factor_of, factors_of
from midback.inference.network import FloatArray, Network
from midback.inference.prior import set_prior
from midback.inference.subsets import Subsets, subsets

__all__ = ["Point", "exact_point", "leave_one_out", "risk_shift"]


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


def risk_shift(network: Network, evidence: Evidence) -> FloatArray:
    """Shift (n,) of each cause's log odds by the known risks, centred so that the average odds stay."""
    shift = np.zeros(len(network.causes))
    for risk in network.risks:
        if risk.name in evidence.risks:
            odds = risk.log_odds.mean
            shift += odds[risk.levels.index(evidence.risks[risk.name])] - np.log(risk.share @ np.exp(odds))
    return shift


class _Sum:
    """Collects factors over the empty set, singles, pairs and triples of all causes."""

    def __init__(self, count: int, largest: int) -> None:
        every = subsets(count, largest)
        self.count, self.largest = count, largest
        self.empty = 0.0
        self.single = np.zeros(count)
        self.pair = np.zeros(every.pairs.shape[1] if largest >= 2 else 0)
        self.triple = np.zeros(every.triples.shape[1] if largest >= 3 else 0)

    def add(self, factor: Factor, sign: float = 1.0) -> None:
        """Adds a factor, or with sign -1 takes it back."""
        self.empty += sign * factor.empty
        self.single[factor.causes] += sign * factor.single
        if len(factor.pair):
            self.pair[factor.pair_at] += factor.pair if sign > 0 else -factor.pair
        if len(factor.triple):
            self.triple[factor.triple_at] += factor.triple if sign > 0 else -factor.triple


def exact_point(network: Network, evidence: Evidence, largest: int, items: list[Answered] | None = None) -> Point:
    """The exact posterior over sets of at most ``largest`` causes at the printed numbers."""
    total = _Sum(len(network.causes), _allowed(network, largest))
    if items is None:
        items = answered(network, evidence)
    for _, factor in factors_of(network, items, total.largest):
        total.add(factor)
    return _normalised(network, total, risk_shift(network, evidence))


def leave_one_out(network: Network, evidence: Evidence, largest: int) -> tuple[Point, list[tuple[str, Point]]]:
    """The posterior, and what it would be without each answer in turn (findings, then risks), by name."""
    total = _Sum(len(network.causes), _allowed(network, largest))
    items = answered(network, evidence)
    factors = factors_of(network, items, total.largest)
    for _, factor in factors:
        total.add(factor)
    shift = risk_shift(network, evidence)
    whole = _normalised(network, total, shift)
    without: list[tuple[str, Point]] = []
    for members, factor in factors:
        total.add(factor, -1)
        for item in members:
            rest = [other for other in members if other is not item]
            left = [factor_of(network, rest, total.largest)] if rest else []
            for part in left:
                total.add(part)
            without.append((item.finding.name, _normalised(network, total, shift)))
            for part in left:
                total.add(part, -1)
        total.add(factor)
    for risk in network.risks:
        if risk.name in evidence.risks:
            before = risk_shift(network, evidence.without(risk.name))
            without.append((risk.name, _normalised(network, total, before)))
    return whole, without


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
