"""How far each answer moves each cause in the whole model: the likelihood ratios that all numbers together imply."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from midback.knowledge import Knowledge
from midback.network.build import build_network

__all__ = ["model_ratios"]


@lru_cache(maxsize=8)
def model_ratios(knowledge: Knowledge, setting: str = "primary_care") -> Mapping[tuple[str, str], Mapping[str, float]]:
    """(cause id, node) -> {level: P(level | cause) / P(level | not this cause)}, for every written link.

    A node is a finding, or ``finding.option``; the levels of a yes-or-no node are ``no`` and ``yes``. The denominator
    averages over every other cause and `other` by their shares in ``setting``. How reliable the answer is is left out.

    >>> from midback.knowledge import load_knowledge
    >>> model_ratios(load_knowledge())["pyogenic_spinal_infection", "fever"]["yes"] > 5
    True
    """
    network = build_network(knowledge, setting).network
    other = float(network.other.mean)
    weight = network.prior.mean / network.prior.mean.sum() * (1 - other)
    found: dict[tuple[str, str], Mapping[str, float]] = {}
    for finding in network.findings:
        usual = np.append(1 - finding.background.mean.sum(), finding.background.mean)
        given = np.tile(usual, (len(network.causes), 1))
        own = finding.given.mean
        given[finding.causes] = np.column_stack([1 - own.sum(axis=1), own])
        mean = other * usual + weight @ given
        for cause in finding.causes:
            without = (mean - weight[cause] * given[cause]) / (1 - weight[cause])
            ratios = given[cause] / without
            key = (network.causes[int(cause)], finding.name)
            found[key] = MappingProxyType(dict(zip(finding.levels, map(float, ratios), strict=True)))
    return MappingProxyType(found)
