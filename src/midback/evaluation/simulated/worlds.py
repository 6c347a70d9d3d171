"""Worlds in which every uncertain number has one true value, drawn from its range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from midback import inference as engine
from midback.inference.draws import draw_probabilities, standard_normals
from midback.inference.tables import single_shares

__all__ = ["draw_worlds"]

EDGE = 1e-6  # no drawn number is a certainty


def _sure(mean: Any) -> engine.Numbers:
    return engine.Numbers.of(np.clip(mean, EDGE, 1 - EDGE), 0.0, "drawn")


def _finding(finding: engine.Finding, shares: np.ndarray, causes: np.ndarray) -> engine.Finding:
    """``finding`` with the drawn ``shares`` (levels, causes + 1) as its numbers, the last column the background."""
    given, background = shares[1:, :-1].T, shares[1:, -1]
    room = 1 - EDGE * len(shares)
    given, background = given * room, background * room
    lowers = given[:, 0] < background[0] if len(shares) == 2 else np.zeros(len(causes), dtype=bool)
    return replace(finding, causes=causes, given=_sure(given), background=_sure(background), lowers=lowers)


def _risk(risk: engine.Risk, worlds: int, seed: int) -> np.ndarray:
    mean, sd = risk.log_odds.mean, risk.log_odds.sd
    keys = [str(key) for key in risk.log_odds.key.reshape(-1)]
    normals = standard_normals(keys, worlds, seed).reshape(*mean.shape, worlds)
    return np.asarray(np.clip(mean[..., None] + sd[..., None] * normals, -29, 29))


def draw_worlds(network: engine.Network, worlds: int, seed: int) -> Iterator[engine.Network]:
    """``worlds`` networks, each with all numbers drawn once from their ranges and then certain.

    The draws are those the engine itself makes for its 95 % ranges, under another ``seed``, so a range that is wide
    enough must hold the chance computed in such a world 95 times in 100.
    """
    prior, other = (draw_probabilities(numbers, worlds, seed) for numbers in (network.prior, network.other))
    rho = [draw_probabilities(group.rho, worlds, seed) for group in network.groups]
    risks = [_risk(risk, worlds, seed) for risk in network.risks]
    shares = [single_shares(finding, worlds, seed) for finding in network.findings]
    for world in range(worlds):
        yield engine.Network(
            causes=network.causes, prior=_sure(prior[:, world]), other=_sure(other[..., world]),
            several=network.several,
            risks=tuple(
                replace(risk, log_odds=engine.Numbers.of(odds[..., world], 0.0, "drawn"))
                for risk, odds in zip(network.risks, risks, strict=True)
            ),
            findings=tuple(
                _finding(finding, share[..., world], np.sort(finding.causes))
                for finding, share in zip(network.findings, shares, strict=True)
            ),
            groups=tuple(
                replace(group, rho=_sure(drawn[..., world])) for group, drawn in zip(network.groups, rho, strict=True)
            ),
        )  # fmt: skip
