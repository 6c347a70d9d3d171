"""The slow, obvious twin of the engine: every set of causes, one at a time, in plain loops.

It shares the data classes with the engine and nothing else: its own prior (found by bisection), its own law of a
finding, its own normal distribution, its own sums.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from statistics import NormalDist

import numpy as np

from midback.inference import Evidence, Finding, Network, NotSure

STANDARD = NormalDist()
FLOOR = 1e-9


@dataclass
class Values:
    """The numbers of a network, as plain lists; made from the printed means, or from one draw of them."""

    prior: list[float]
    other: float
    shifts: dict[str, list[list[float]]]
    background: dict[str, list[float]]
    given: dict[str, list[list[float]]]
    rho: dict[str, float] = field(default_factory=dict)


def printed(network: Network) -> Values:
    return Values(
        network.prior.mean.tolist(),
        float(network.other.mean),
        {risk.name: risk.log_odds.mean.tolist() for risk in network.risks},
        {finding.name: finding.background.mean.tolist() for finding in network.findings},
        {finding.name: finding.given.mean.tolist() for finding in network.findings},
        {group.name: float(group.rho.mean) for group in network.groups},
    )


def all_sets(count: int, largest: int) -> list[tuple[int, ...]]:
    return [members for size in range(largest + 1) for members in combinations(range(count), size)]


def prior_of_sets(values: Values, several: float, largest: int) -> dict[tuple[int, ...], float]:
    count = len(values.prior)
    largest = min(largest, count)
    if several == 0:
        largest = 1
    sets = [members for members in all_sets(count, largest) if members]

    def weight(members: tuple[int, ...], scale: float) -> float:
        product = 1.0
        for cause in members:
            product *= scale * values.prior[cause]
        return product

    def share_of_several(scale: float) -> float:
        more = sum(weight(members, scale) for members in sets if len(members) > 1)
        return more / sum(weight(members, scale) for members in sets)

    scale = 1.0
    if largest > 1:
        low, high = -40.0, 40.0
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if share_of_several(math.exp(middle)) < several else (low, middle)
        scale = math.exp((low + high) / 2)
    total = sum(weight(members, scale) for members in sets)
    chances = {members: (1 - values.other) * weight(members, scale) / total for members in sets}
    chances[()] = values.other
    return chances


def shares(finding: Finding, values: Values, members: tuple[int, ...]) -> list[float]:
    """Share of every level of a finding when exactly these causes are present."""
    usual = values.background[finding.name]
    linked = {int(cause): row for cause, row in zip(finding.causes, values.given[finding.name], strict=True)}
    present = [linked[cause] for cause in members if cause in linked]
    at_least = [1.0]
    for level in range(1, len(finding.levels)):
        background = sum(usual[level - 1 :])
        spared = 1 - background
        shrunk = 1.0
        for row in present:
            share = sum(row[level - 1 :])
            if share >= background:
                spared *= (1 - share) / (1 - background)
            else:
                shrunk *= share / background
        at_least.append((1 - spared) * shrunk)
    if len(finding.levels) == 2:
        return [1 - at_least[1], at_least[1]]
    for level in range(1, len(at_least)):
        at_least[level] = min(at_least[level], at_least[level - 1])
    at_least.append(0.0)
    raw = [max(at_least[level] - at_least[level + 1], FLOOR) for level in range(len(finding.levels))]
    return [share / sum(raw) for share in raw]


def said(finding: Finding, answer: object, level: int) -> float:
    """P(what was said | the finding lies at this level)."""
    if isinstance(answer, NotSure):
        return answer.if_yes if level >= 1 else answer.if_no
    low, high = answer.low, answer.high  # type: ignore[attr-defined]
    if len(finding.levels) == 2 and low == high:
        right = finding.sensitivity if level == 1 else finding.specificity
        return right if low == level else 1 - right
    return 1.0 if low <= level <= high else 0.0


def informative(finding: Finding, answer: object) -> bool:
    return len({said(finding, answer, level) for level in range(len(finding.levels))}) > 1


def alone(finding: Finding, answer: object, row: list[float]) -> float:
    return sum(share * said(finding, answer, level) for level, share in enumerate(row))


def phi(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def together(parts: list[tuple[Finding, object, list[float]]], rho: float) -> float:
    """P(all answers of a group), by seven Gauss-Hermite nodes of the shared effect."""
    nodes, node_weights = np.polynomial.hermite_e.hermegauss(7)
    total = 0.0
    for node, node_weight in zip(nodes, node_weights, strict=True):
        product = float(node_weight) / math.sqrt(2 * math.pi)
        for finding, answer, row in parts:
            edges = []  # arguments of phi for P(level >= r | node), r = 1 ..
            for level in range(1, len(row)):
                above, below = sum(row[level:]), sum(row[:level])
                probit = STANDARD.inv_cdf(above) if above < 0.5 else -STANDARD.inv_cdf(below)
                edges.append((probit - math.sqrt(rho) * node) / math.sqrt(1 - rho))
            chances = [phi(-edges[0])]
            for level, edge in enumerate(edges):
                chances.append(phi(edge) - (phi(edges[level + 1]) if level + 1 < len(edges) else 0.0))
            product *= sum(chance * said(finding, answer, level) for level, chance in enumerate(chances))
        total += product
    return total


def likelihood(network: Network, values: Values, evidence: Evidence, members: tuple[int, ...]) -> float:
    parts = []
    for finding in network.findings:
        answer = evidence.findings.get(finding.name)
        if answer is not None and informative(finding, answer):
            parts.append((finding, answer, shares(finding, values, members)))
    product = 1.0
    for group in {finding.group for finding, _, _ in parts}:
        mates = [part for part in parts if part[0].group == group]
        if group is None or len(mates) == 1:
            for finding, answer, row in mates:
                product *= alone(finding, answer, row)
        else:
            product *= together(mates, values.rho[group])
    return product


def posterior_of_sets(
    network: Network, evidence: Evidence, largest: int, values: Values | None = None
) -> tuple[dict[tuple[int, ...], float], float]:
    """Chance of every set of causes, and log P(answers) relative to the prior's odds as shifted by the risks."""
    values = values or printed(network)
    shift = [0.0] * len(network.causes)
    for risk in network.risks:
        if risk.name in evidence.risks:
            rows = values.shifts[risk.name]
            level = risk.levels.index(evidence.risks[risk.name])
            for cause in range(len(shift)):
                average = sum(p * math.exp(row[cause]) for p, row in zip(risk.share, rows, strict=True))
                shift[cause] += rows[level][cause] - math.log(average)
    weights = {}
    for members, chance in prior_of_sets(values, network.several, largest).items():
        moved = math.exp(sum(shift[cause] for cause in members))
        weights[members] = chance * moved * likelihood(network, values, evidence, members)
    total = sum(weights.values())
    return {members: weight / total for members, weight in weights.items()}, math.log(total / values.other)


def chances(posterior: Mapping[tuple[int, ...], float], count: int) -> list[float]:
    return [sum(p for members, p in posterior.items() if cause in members) for cause in range(count)]


def drawn(network: Network, draw: int, draws: int, seed: int) -> Values:
    """The network's numbers at one draw; only the columns of normals and their centre are the engine's."""
    from midback.inference.draws import located, standard_normals

    def normal(key):
        return float(standard_normals([str(key)], draws, seed)[0, draw])

    def moved(numbers, index):
        centre = float(located(numbers.mean[index], numbers.sd[index]))
        return centre + float(numbers.sd[index]) * normal(numbers.key[index])

    def probability(numbers, index=()):
        return 1 / (1 + math.exp(-moved(numbers, index)))

    def row(numbers, *before):
        means = [float(mean) for mean in numbers.mean[before]]
        if len(means) == 1:
            return [probability(numbers, (*before, 0))]
        odds = []
        for level, mean in enumerate(means):
            odds.append(math.exp(moved(numbers, (*before, level))) * (1 - mean))
        total = 1 - sum(means) + sum(odds)
        return [value / total for value in odds]

    shifts = {}
    for risk in network.risks:
        numbers = risk.log_odds
        shifts[risk.name] = [
            [
                float(numbers.mean[at]) + float(numbers.sd[at]) * normal(numbers.key[at])
                for at in ((level, cause) for cause in range(len(network.causes)))
            ]
            for level in range(len(risk.levels))
        ]
    return Values(
        [probability(network.prior, (cause,)) for cause in range(len(network.causes))],
        probability(network.other),
        shifts,
        {finding.name: row(finding.background) for finding in network.findings},
        {
            finding.name: [row(finding.given, link) for link in range(len(finding.causes))]
            for finding in network.findings
        },
        {group.name: probability(group.rho) for group in network.groups},
    )
