"""Why: what each answer moved, what each cause explains, and which numbers the answer hangs on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from midback.inference.answered import answered, check_evidence
from midback.inference.draws import standard_normals
from midback.inference.evidence import Evidence
from midback.inference.likely_sets import likely_sets
from midback.inference.network import FloatArray, Network, Numbers
from midback.inference.point import exact_point, leave_one_out
from midback.inference.posterior import Posterior

__all__ = ["Weights", "disablement", "gaps", "weights"]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """``decibans`` (answers, n): 10 log10 odds of each cause with all answers, less the same without that one."""

    names: tuple[str, ...]
    decibans: FloatArray


def weights(network: Network, evidence: Evidence, *, max_causes: int = 2) -> Weights:
    """Leave-one-out weight of every answer (findings, then risks) for every cause, in decibans."""
    check_evidence(network, evidence)
    whole, without = leave_one_out(network, evidence, max_causes)
    full = _log_odds(whole.chance)
    rows = np.array([full - _log_odds(point.chance) for _, point in without])
    return Weights(tuple(name for name, _ in without), rows.reshape(len(without), len(network.causes)))


def _log_odds(chance: FloatArray) -> FloatArray:
    inside = np.clip(chance, 1e-300, 1 - 1e-15)
    return np.asarray(10 * (np.log10(inside) - np.log10(1 - inside)))


def disablement(
    network: Network, evidence: Evidence, *, max_causes: int = 3, posterior: Posterior | None = None
) -> FloatArray:
    """Expected disablement (n,): how many of the answers above the lowest level would vanish without the cause.

    For each set D with the cause j: P(D) times the sum over those answers of 1 - P(f >= r | D without j) / P(f >= r |
    D), never below 0; over the most probable sets.
    """
    if posterior is None:
        check_evidence(network, evidence)
        items = answered(network, evidence)
        point = exact_point(network, evidence, max_causes, items)
    else:
        items, point = list(posterior.items), posterior.point
    sets = likely_sets(point, 2048)
    count = len(network.causes)
    out = np.zeros(count + 1)
    for item in items:
        low = int(np.argmax(item.answer > 0)) if item.answer[0] < item.answer.max() else 0
        if item.answer[-1] > item.answer[0] and len(item.answer) == 2:
            low = 1
        if low == 0:
            continue
        local = np.full(count + 1, len(item.site.causes))
        local[item.site.causes] = np.arange(len(item.site.causes))
        own = local[sets.members]
        whole = item.site.shares(*own)[low:].sum(0)
        for place in range(3):
            without = own.copy()
            without[place] = len(item.site.causes)
            less = item.site.shares(*without)[low:].sum(0)
            np.add.at(out, sets.members[place], sets.chance * np.maximum(1 - less / whole, 0.0))
    return out[:count]


def gaps(
    network: Network, evidence: Evidence, posterior: Posterior, target: str | Iterable[str] | None = None
) -> list[tuple[str, float]]:
    """Parameter ids with their share of the variance of a chance's log odds, greatest first.

    ``target`` is a cause, several (any of them), or None for the most probable cause. The share is the squared
    correlation of the parameter's draws with the log odds, less what chance alone would give; shares of numbers that
    work together need not sum to 1. Raises ValueError for a posterior without draws.
    """
    if posterior.draws is None or posterior.drawn is None:
        raise ValueError("gaps needs a posterior with draws")
    if target is None:
        chance = posterior.draws[:, int(np.argmax(posterior.chance))]
    else:
        names = [target] if isinstance(target, str) else list(target)
        wanted = np.array(sorted({network.causes.index(name) for name in names}))
        chance = 1 - posterior.drawn.avoiding(wanted)
    inside = np.clip(chance, 1e-12, 1 - 1e-12)
    moved = np.log(inside) - np.log(1 - inside)
    moved = moved - moved.mean()
    spread = float(moved @ moved)
    keys = _drawn_keys(network, evidence, posterior)
    if spread < 1e-18 or not keys:
        return []
    size = len(moved)
    normals = standard_normals(keys, size, posterior.seed).astype(np.float64)
    normals -= normals.mean(1, keepdims=True)
    share = (normals @ moved) ** 2 / (spread * np.einsum("ks,ks->k", normals, normals))
    share = np.maximum(share - 1 / size, 0.0)
    order = np.argsort(-share, kind="stable")
    return [(keys[place], float(share[place])) for place in order if share[place] > 0]


def _drawn_keys(network: Network, evidence: Evidence, posterior: Posterior) -> list[str]:
    used: list[Numbers] = [network.prior, network.other]
    used += [risk.log_odds for risk in network.risks if risk.name in evidence.risks]
    for item in posterior.items:
        used += [item.finding.background, item.finding.given]
    joined = {item.joined for item in posterior.items}
    used += [group.rho for group in network.groups if group.name in joined]
    keys: dict[str, None] = {}
    for numbers in used:
        for key, sd in zip(numbers.key.flat, numbers.sd.flat, strict=True):
            if sd > 0:
                keys[str(key)] = None
    return list(keys)
