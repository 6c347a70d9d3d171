"""The exact posterior at the printed numbers, over every set of at most three causes, by interaction terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.errors import ContradictoryEvidence
from midback.inference.correlated import group_likelihood, joined_causes
from midback.inference.evidence import Evidence
from midback.inference.network import Finding, FloatArray, IntArray, Network
from midback.inference.prior import set_prior
from midback.inference.sites import Site, answer_coefficients, site_at_mean
from midback.inference.subsets import Subsets, pair_rank, subsets, triple_rank

__all__ = ["Answered", "Point", "answered", "check_evidence", "exact_point", "leave_one_out", "risk_shift", "site_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """One answered finding: its numbers at the printed point and P(what was said | level)."""

    finding: Finding
    site: Site
    answer: FloatArray
    joined: str | None  # the group, where another member of it was answered too


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


def check_evidence(network: Network, evidence: Evidence) -> None:
    """Raises ValueError naming every answer that does not fit the network."""
    levels = {finding.name: len(finding.levels) for finding in network.findings}
    risks = {risk.name: risk.levels for risk in network.risks}
    wrong = [f"no finding is called {name}" for name in evidence.findings if name not in levels]
    for name, level in evidence.risks.items():
        if name not in risks:
            wrong.append(f"no risk is called {name}")
        elif level not in risks[name]:
            wrong.append(f"{name}: no level is called {level}")
    if wrong:
        raise ValueError("; ".join(wrong))


_sites: dict[int, tuple[Finding, Site]] = {}


def site_of(finding: Finding) -> Site:
    """The finding's site at the printed numbers; remembered while the finding lives."""
    known = _sites.get(id(finding))
    if known is None or known[0] is not finding:
        if len(_sites) > 4096:
            _sites.clear()
        known = (finding, site_at_mean(finding))
        _sites[id(finding)] = known
    return known[1]


def answered(network: Network, evidence: Evidence) -> list[Answered]:
    """The answers that say something, in the network's order of findings whatever the order they came in."""
    picked = []
    for finding in network.findings:
        if finding.name in evidence.findings:
            answer = answer_coefficients(finding, evidence.findings[finding.name])
            if answer is not None:
                picked.append((finding, answer))
    members: dict[str, int] = {}
    for finding, _ in picked:
        if finding.group is not None:
            members[finding.group] = members.get(finding.group, 0) + 1
    return [
        Answered(
            finding,
            site_of(finding),
            answer,
            finding.group if finding.group is not None and members[finding.group] > 1 else None,
        )
        for finding, answer in picked
    ]


def risk_shift(network: Network, evidence: Evidence) -> FloatArray:
    """Shift (n,) of each cause's log odds by the known risks, centred so that the average odds stay."""
    shift = np.zeros(len(network.causes))
    for risk in network.risks:
        if risk.name in evidence.risks:
            odds = risk.log_odds.mean
            shift += odds[risk.levels.index(evidence.risks[risk.name])] - np.log(risk.share @ np.exp(odds))
    return shift


def _log(values: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(values))


@dataclass(frozen=True, slots=True, eq=False)
class _Factor:
    """The log likelihood of one answer, or of one group of answers, as interaction terms over its own causes."""

    causes: IntArray
    empty: float
    single: FloatArray
    pair: FloatArray
    triple: FloatArray

    @classmethod
    def of(
        cls, causes: IntArray, largest: int, empty: float, single: FloatArray, pair: FloatArray, triple: FloatArray
    ) -> _Factor:
        """From the logs of the empty set, singles, pairs and triples."""
        own, size, nothing = single - empty, len(causes), np.zeros(0)
        if largest < 2 or size < 2:
            return cls(causes, empty, own, nothing, nothing)
        every = subsets(size, largest)
        low, high = every.pairs
        extra = pair - empty - own[low] - own[high]
        if largest < 3 or size < 3:
            return cls(causes, empty, own, extra, nothing)
        a, b, c = every.triples
        left, middle, right = every.sides
        beyond = triple - empty - own[a] - own[b] - own[c] - extra[left] - extra[middle] - extra[right]
        return cls(causes, empty, own, extra, beyond)


class _Sum:
    """Collects factors over the empty set, singles, pairs and triples of all causes."""

    def __init__(self, count: int, largest: int) -> None:
        every = subsets(count, largest)
        self.count, self.largest = count, largest
        self.empty = 0.0
        self.single = np.zeros(count)
        self.pair = np.zeros(every.pairs.shape[1] if largest >= 2 else 0)
        self.triple = np.zeros(every.triples.shape[1] if largest >= 3 else 0)

    def add(self, factor: _Factor, sign: float = 1.0) -> None:
        """Adds a factor, or with sign -1 takes it back."""
        causes = factor.causes
        self.empty += sign * factor.empty
        self.single[causes] += sign * factor.single
        if len(factor.pair):
            low, high = subsets(len(causes), self.largest).pairs
            self.pair[pair_rank(causes[low], causes[high])] += sign * factor.pair
        if len(factor.triple):
            a, b, c = subsets(len(causes), self.largest).triples
            self.triple[triple_rank(causes[a], causes[b], causes[c])] += sign * factor.triple


def exact_point(network: Network, evidence: Evidence, largest: int, items: list[Answered] | None = None) -> Point:
    """The exact posterior over sets of at most ``largest`` causes at the printed numbers."""
    total = _Sum(len(network.causes), _allowed(network, largest))
    if items is None:
        items = answered(network, evidence)
    for _, factor in _factors(network, items, total.largest):
        total.add(factor)
    return _normalised(network, total, risk_shift(network, evidence))


def leave_one_out(network: Network, evidence: Evidence, largest: int) -> tuple[Point, list[tuple[str, Point]]]:
    """The posterior, and what it would be without each answer in turn (findings, then risks), by name."""
    total = _Sum(len(network.causes), _allowed(network, largest))
    items = answered(network, evidence)
    factors = _factors(network, items, total.largest)
    for _, factor in factors:
        total.add(factor)
    shift = risk_shift(network, evidence)
    whole = _normalised(network, total, shift)
    without: list[tuple[str, Point]] = []
    for members, factor in factors:
        total.add(factor, -1)
        for item in members:
            rest = [other for other in members if other is not item]
            left = [_factor(network, rest, total.largest)] if rest else []
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


def _factors(network: Network, items: list[Answered], largest: int) -> list[tuple[list[Answered], _Factor]]:
    parts = [[item] for item in items if item.joined is None]
    for group in network.groups:
        members = [item for item in items if item.joined == group.name]
        if members:
            parts.append(members)
    return [(members, _factor(network, members, largest)) for members in parts]


def _factor(network: Network, members: list[Answered], largest: int) -> _Factor:
    if len(members) == 1:
        return _alone(members[0].site, members[0].answer, largest)
    rho = next(float(group.rho.mean) for group in network.groups if group.name == members[0].joined)
    sites = [item.site for item in members]
    causes = joined_causes(sites)
    size = len(causes)
    logs = _log(group_likelihood(sites, [item.answer for item in members], rho, causes, largest))
    pairs = 1 + size + size * (size - 1) // 2
    return _Factor.of(causes, largest, float(logs[0]), logs[1 : 1 + size], logs[1 + size : pairs], logs[pairs:])


def _alone(site: Site, answer: FloatArray, largest: int) -> _Factor:
    size, nothing = len(site.causes), np.zeros(0)
    empty = float(_log(site.likelihood(answer))[0])
    single = _log(site.likelihood(answer, np.arange(size)))
    if site.additive(answer):
        return _Factor(site.causes, empty, single - empty, nothing, nothing)
    every = subsets(size, largest)
    pair = _log(site.likelihood(answer, *every.pairs)) if largest >= 2 and size >= 2 else nothing
    triple = _log(site.likelihood(answer, *every.triples)) if largest >= 3 and size >= 3 else nothing
    return _Factor.of(site.causes, largest, empty, single, pair, triple)


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
