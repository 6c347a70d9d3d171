"""The posterior at each draw of the answered numbers.

Weights of a set D at a draw are its weight at the printed numbers, times what each single cause gains or loses at
that draw (exact), times what the interaction of its members gains or loses. The interactions are redrawn exactly for
the sets that hold nearly all the chance (as many as the work limit allows) and stay at the printed numbers for the
rest. The random effect of a group is exact at the printed numbers; for each draw its correction of a single cause
moves by first order, and its interactions stay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.inference.correlated import conditional_shares, joined_causes, threshold_logits, weights_of_nodes
from midback.inference.draws import draw_probabilities, standard_normals
from midback.inference.evidence import Evidence
from midback.inference.network import FloatArray, IntArray, Network
from midback.inference.point import Answered, Point
from midback.inference.prior import set_prior
from midback.inference.sites import Site, site_draws
from midback.inference.subsets import pair_rank

__all__ = ["Drawn", "draw_sets"]

_REDRAWN = 2.0e7  # elements (sets x answers x draws) of interactions worked anew
_LIGHT = 1e-9  # pairs whose triples together hold less than this chance are left out of the draws
_FARTHEST = 200.0


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Everything needed for chances at each draw, relative to the chances at the printed numbers.

    ``start`` (S,) multiplies every non-empty set, ``ratio`` (n, S) each cause; ``pair`` (n, n) and ``triple``
    (P', n) with ``rows`` (2, P') are chances of the sets left to their printed interaction; ``heavy`` (3, R) are the
    members of the redrawn sets (n stands for nobody) and ``heavy_weight`` (R, S) their weights; ``total`` (S,).
    """

    empty: float
    single: FloatArray
    start: FloatArray
    ratio: FloatArray
    pair: FloatArray
    triple: FloatArray
    rows: IntArray
    heavy: IntArray
    heavy_weight: FloatArray
    total: FloatArray
    chance: FloatArray  # (n + 1, S), last row the empty set
    kept_interaction: float  # chance of the interacting sets that were not redrawn

    def avoiding(self, causes: IntArray) -> FloatArray:
        """Chance (S,) at each draw that none of the causes is present."""
        count = len(self.single)
        free = np.ones(count + 1, dtype=bool)
        free[causes] = False
        ratio = np.where(free[:count, None], self.ratio, 0.0)
        weight = self.single @ ratio + 0.5 * np.einsum("js,js->s", ratio, self.pair @ ratio)
        low, high = self.rows
        keep = free[low] & free[high]
        if keep.any():
            both = ratio[low[keep]] * ratio[high[keep]]
            weight += np.einsum("js,js->s", ratio, self.triple[keep].T @ both) / 3
        weight *= self.start
        if self.heavy.shape[1]:
            weight += self.heavy_weight[free[self.heavy].all(0)].sum(0)
        return np.asarray((self.empty + weight) / self.total)


def draw_sets(
    network: Network, evidence: Evidence, point: Point, items: list[Answered], draws: int, seed: int
) -> Drawn:
    """Draws the answered numbers and works out all sets' weights at each draw."""
    count = len(network.causes)
    odds, start = _prior_change(network, point.largest, draws, seed)
    change = odds + _risk_change(network, evidence, draws, seed)
    drawn: list[tuple[Answered, Site, FloatArray]] = []
    corrections: dict[str, list[tuple[Answered, Site]]] = {}
    for item in items:
        site = site_draws(item.finding, draws, seed)
        size = len(site.causes)
        logs = np.log(site.likelihood(item.answer, np.arange(size + 1)))
        before = np.log(item.site.likelihood(item.answer, np.arange(size + 1)))
        logs -= logs[-1:]
        change[site.causes] += logs[:-1] - (before[:-1] - before[-1])[:, None]
        if not (site.additive(item.answer) or size < 2):
            drawn.append((item, site, logs))
        if item.joined is not None:
            corrections.setdefault(item.joined, []).append((item, site))
    for group in network.groups:
        if group.name in corrections:
            members = corrections[group.name]
            causes = joined_causes([item.site for item, _ in members])
            rho_draws = draw_probabilities(group.rho, draws, seed)
            change[causes] += _group_change(members, causes, float(group.rho.mean), rho_draws)
    ratio = np.exp(np.clip(change, -_FARTHEST, _FARTHEST))
    return _combine(point, start, ratio, drawn, count)


def _prior_change(network: Network, largest: int, draws: int, seed: int) -> tuple[FloatArray, FloatArray]:
    odds, start = set_prior(network.prior.mean, network.other.mean, network.several, largest)
    drawn_odds, drawn_start = set_prior(
        draw_probabilities(network.prior, draws, seed),
        draw_probabilities(network.other, draws, seed),
        network.several,
        largest,
    )
    return drawn_odds - odds[:, None], np.exp(np.clip(drawn_start - start, -_FARTHEST, _FARTHEST))


def _risk_change(network: Network, evidence: Evidence, draws: int, seed: int) -> FloatArray:
    change = np.zeros((len(network.causes), draws))
    for risk in network.risks:
        if risk.name not in evidence.risks:
            continue
        level = risk.levels.index(evidence.risks[risk.name])
        moved = np.flatnonzero((risk.log_odds.sd > 0).any(0))
        if not len(moved):
            continue
        mean, sd = risk.log_odds.mean[:, moved], risk.log_odds.sd[:, moved]
        keys = [str(key) for key in risk.log_odds.key[:, moved].reshape(-1)]
        odds = mean[..., None] + sd[..., None] * standard_normals(keys, draws, seed).reshape(*mean.shape, draws)
        centred = odds[level] - np.log(np.tensordot(risk.share, np.exp(np.clip(odds, -50, 50)), 1))
        change[moved] += centred - (mean[level] - np.log(risk.share @ np.exp(mean)))[:, None]
    return change


def _group_change(
    members: list[tuple[Answered, Site]], causes: IntArray, rho: float, rho_draws: FloatArray
) -> FloatArray:
    # kappa = log P(all answers of the group) - sum of the answers' own logs, for the empty set and each single cause.
    size = len(causes)
    logits, moves = [], []
    for item, site in members:
        local = np.full(size + 1, len(site.causes))
        local[np.searchsorted(causes, site.causes)] = np.arange(len(site.causes))
        logits.append(threshold_logits(item.site.shares(np.arange(len(site.causes) + 1)))[:, local])
        shift = threshold_logits(site.shares(np.arange(len(site.causes) + 1)))[:, local]
        moves.append(np.clip(shift - logits[-1][..., None], -3, 3))
    answers = [item.answer for item, _ in members]
    change = np.zeros((size + 1, len(rho_draws)))
    step = 1e-3
    for which, answer in enumerate(answers):
        for threshold in range(len(answer) - 1):
            values = []
            for sign in (1, -1):
                nudged = [array.copy() for array in logits]
                nudged[which][threshold] += sign * step
                values.append(_kappa(nudged, answers, rho))
            change += ((values[0] - values[1]) / (2 * step))[:, None] * moves[which][threshold]
    low, high = max(rho - 0.05, 0.01), min(rho + 0.05, 0.99)
    slope = (_kappa(logits, answers, high) - _kappa(logits, answers, low)) / (high - low)
    change += slope[:, None] * (rho_draws - rho)
    change = np.clip(change, -4, 4)
    return np.asarray(change[:-1] - change[-1])


def _kappa(logits: list[FloatArray], answers: list[FloatArray], rho: float) -> FloatArray:
    joint = np.ones(1)
    alone = np.zeros(logits[0].shape[1])
    for values, answer in zip(logits, answers, strict=True):
        joint = joint * np.tensordot(answer, conditional_shares(values, rho), 1)
        above = 1 / (1 + np.exp(-values))
        below = 1 / (1 + np.exp(values))
        edges = np.concatenate([np.ones((1, values.shape[1])), above, np.zeros((1, values.shape[1]))])
        shares = edges[:-1] - edges[1:]
        shares[0] = below[0]
        alone += np.log(np.maximum(answer @ shares, 1e-300))
    return np.asarray(np.log(joint @ weights_of_nodes()) - alone)


def _heavy_sets(point: Point, drawn: list[tuple[Answered, Site, FloatArray]], draws: int) -> tuple[IntArray, float]:
    """Positions (pairs first, then triples) of the sets to redraw, and the chance of those left as printed."""
    extra = np.concatenate([point.pair_extra, point.triple_extra])
    chance = np.concatenate([point.chance_pair, point.chance_triple])
    if not drawn or not len(chance):
        return np.zeros(0, dtype=np.int64), 0.0
    candidates = np.flatnonzero((np.abs(extra) > 1e-12) & (chance > 1e-12))
    order = candidates[np.argsort(-chance[candidates], kind="stable")]
    left = chance[order].sum() - np.cumsum(chance[order])
    enough = int(np.searchsorted(-left, -1e-5)) + 1
    limit = int(_REDRAWN / (draws * len(drawn)))
    picked = order[: min(enough, limit)]
    return picked, float(max(chance[candidates].sum() - chance[picked].sum(), 0.0))


def _combine(
    point: Point,
    start: FloatArray,
    ratio: FloatArray,
    drawn: list[tuple[Answered, Site, FloatArray]],
    count: int,
) -> Drawn:
    draws = ratio.shape[1]
    every, pairs = point.subsets, len(point.chance_pair)
    picked, kept = _heavy_sets(point, drawn, draws)
    heavy_pairs, heavy_triples = picked[picked < pairs], picked[picked >= pairs] - pairs
    members = np.full((3, len(picked)), count)
    members[:2, : len(heavy_pairs)] = every.pairs[:, heavy_pairs]
    members[:, len(heavy_pairs) :] = every.triples[:, heavy_triples]
    light_pair, light_triple = point.chance_pair.copy(), point.chance_triple.copy()
    light_pair[heavy_pairs] = 0
    light_triple[heavy_triples] = 0

    chance = np.empty((count + 1, draws))
    chance[:count] = point.chance_single[:, None] * ratio
    total = chance[:count].sum(0)
    pair = np.zeros((count, count))
    if pairs:
        low, high = every.pairs
        pair[low, high] = pair[high, low] = light_pair
        part = ratio * (pair @ ratio)
        chance[:count] += part
        total += part.sum(0) / 2
    triple, rows = _triple_rows(point, light_triple, count)
    if len(triple):
        part = np.zeros_like(ratio)
        for first in range(0, len(triple), 512):
            block = slice(first, first + 512)
            part += triple[block].T @ (ratio[rows[0, block]] * ratio[rows[1, block]])
        part *= ratio
        chance[:count] += part
        total += part.sum(0) / 3
    chance[:count] *= start
    total *= start
    weight = np.zeros((0, draws))
    if len(picked):
        base = np.concatenate([point.chance_pair[heavy_pairs], point.chance_triple[heavy_triples]])
        padded = np.concatenate([ratio, np.ones((1, draws))])
        weight = _interactions(members, drawn, count, draws)
        np.exp(np.clip(weight, -_FARTHEST, 60), out=weight)
        weight *= base[:, None] * start
        for member in members:
            weight *= padded[member]
        inside = np.zeros((count + 1, len(picked)))
        for member in members:
            inside[member, np.arange(len(picked))] = 1
        chance[:count] += inside[:count] @ weight
        total += weight.sum(0)
    total += point.chance_empty
    chance[count] = point.chance_empty
    chance /= total
    return Drawn(
        point.chance_empty,
        point.chance_single,
        start,
        ratio,
        pair,
        triple,
        rows,
        members,
        weight,
        total,
        np.minimum(chance, 1.0),
        kept,
    )


def _triple_rows(point: Point, light: FloatArray, count: int) -> tuple[FloatArray, IntArray]:
    every = point.subsets
    if not len(light):
        return np.zeros((0, count)), np.zeros((2, 0), dtype=np.int64)
    a, b, c = every.triples
    table = np.zeros((len(point.chance_pair), count))
    table[pair_rank(b, c), a] = light
    table[pair_rank(a, c), b] = light
    table[pair_rank(a, b), c] = light
    keep = table.sum(1) > _LIGHT
    return table[keep], every.pairs[:, keep]


def _interactions(
    members: IntArray, drawn: list[tuple[Answered, Site, FloatArray]], count: int, draws: int
) -> FloatArray:
    """Change (R, S) of the log interaction of each set from the printed numbers to each draw."""
    total = np.zeros((members.shape[1], draws))
    for item, site, logs in drawn:
        size = len(site.causes)
        local = np.full(count + 1, size)
        local[site.causes] = np.arange(size)
        own = local[members]
        rows = np.flatnonzero((own < size).sum(0) >= 2)
        if not len(rows):
            continue
        empty = np.log(site.likelihood(item.answer, np.array([size])))
        printed = np.log(item.site.likelihood(item.answer, np.arange(size + 1)))
        for first in range(0, len(rows), 64):
            block = rows[first : first + 64]
            three = own[:, block]
            now = np.log(site.likelihood(item.answer, *three)) - empty
            before = np.log(item.site.likelihood(item.answer, *three)) - printed[-1]
            for member in three:
                now -= logs[member]
                before -= printed[member] - printed[-1]
            total[block] += now - before[:, None]
    return total
