"""Why: what each answer moved, what each cause explains, and which numbers the answer hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from midback.errors import ContradictoryEvidence
from midback.inference.answered import Answered, answered, check_evidence, joined
from midback.inference.correlated import joined_causes, weights_of_nodes
from midback.inference.draws import standard_normals
from midback.inference.evidence import Evidence
from midback.inference.factors import at_nodes
from midback.inference.likely_sets import likely_sets
from midback.inference.network import FloatArray, IntArray, Network, Numbers
from midback.inference.point import exact_point, risk_shifts
from midback.inference.posterior import Posterior
from midback.inference.prior import set_prior

__all__ = ["Weights", "disablement", "gaps", "weights"]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """``decibans`` (answers, n): 10 log10 odds of each cause with all answers, less the same without that one."""

    names: tuple[str, ...]
    decibans: FloatArray


def weights(network: Network, evidence: Evidence, *, posterior: Posterior | None = None) -> Weights:
    """Leave-one-out weight of every answer (findings, then risks) for every cause, in decibans.

    With one cause at most, where every cause stands against all others and none of them: what an answer says of a
    cause is then not shared with what else could be present. ``posterior`` saves reading the evidence once more. Raises
    ValueError and ContradictoryEvidence as `infer`.
    """
    if posterior is None:
        check_evidence(network, evidence)
    items = answered(network, evidence) if posterior is None else posterior.items
    odds, start = set_prior(network.prior.mean, network.other.mean, network.several, 1)
    risks = risk_shifts(network, evidence)
    whole, moved = _moved(network, items)
    whole += odds + start + sum(risks.values())
    if not np.all(np.isfinite(whole)):
        raise ContradictoryEvidence("these answers contradict each other under the knowledge")
    moved |= risks
    rows = np.array(list(moved.values())).reshape(len(moved), len(whole))
    return Weights(tuple(moved), _decibans(whole) - _decibans(whole - rows))


def _moved(network: Network, items: Sequence[Answered]) -> tuple[FloatArray, dict[str, FloatArray]]:
    """How all answers, and each by itself beside the others, move the log weight (n,) of each single cause."""
    count = len(network.causes)
    whole, moved = np.zeros(count), {item.finding.name: np.zeros(count) for item in items}
    for item in items:
        if item.joined is None:
            row = moved[item.finding.name]
            row[item.site.causes] = _over_none(_of_singles(item))
            whole += row
    rho = {group.name: float(group.rho.mean) for group in network.groups}
    for name, members in joined(items).items():
        causes = joined_causes([item.site for item in members])
        given = np.stack([_at_nodes(item, causes, rho[name]) for item in members])
        every = _over_none(given.prod(0) @ weights_of_nodes())
        whole[causes] += every
        for place, item in enumerate(members):
            if len(members) == 2:  # the other one is left alone, and alone it has no group
                other = members[1 - place]
                rest = np.zeros(count)
                rest[other.site.causes] = _over_none(_of_singles(other))
                moved[item.finding.name][causes] = every - rest[causes]
            else:
                left = np.delete(given, place, axis=0).prod(0) @ weights_of_nodes()
                moved[item.finding.name][causes] = every - _over_none(left)
    return whole, moved


def _of_singles(item: Answered) -> FloatArray:
    """P(answer | one cause) for each linked cause, then P(answer | none)."""
    return item.site.likelihood(item.answer, np.arange(len(item.site.causes) + 1))


def _at_nodes(item: Answered, causes: IntArray, rho: float) -> FloatArray:
    """P(answer | one cause, z) at each node (m + 1, Q) for each of ``causes``, then P(answer | none, z)."""
    own = np.zeros(len(causes) + 1, dtype=np.int64)  # the first row of `at_nodes` is "none"
    own[np.searchsorted(causes, item.site.causes)] = 1 + np.arange(len(item.site.causes))
    return at_nodes(item.finding, item.answer, rho, 1)[own]


def _over_none(chance: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        logs = np.log(chance)
    return np.asarray(logs[:-1] - logs[-1])


def _decibans(logs: FloatArray) -> FloatArray:
    """10 log10 odds (..., n) of each cause from the log weights (..., n) of one cause alone over none of them."""
    top = np.maximum(logs.max(-1, keepdims=True), 0.0)
    weight = np.exp(logs - top)
    chance = np.clip(weight / (weight.sum(-1, keepdims=True) + np.exp(-top)), 1e-300, 1 - 1e-15)
    return np.asarray(10 * (np.log10(chance) - np.log10(1 - chance)))


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
