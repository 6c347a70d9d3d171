"""The posterior at each draw of the answered numbers.

Weights of a set D at a draw are its weight at the printed numbers, times what each single cause gains or loses at
that draw (exact), times what the interaction of its members gains or loses. The interactions are redrawn exactly for
the sets that hold nearly all the chance (as many as the work limit allows) and stay at the printed numbers for the
rest. What the random effect of a group adds to an interaction is redrawn for the few most probable sets only, and an
answer without interactions at the printed numbers has none at any draw. docs/decisions/0011 measures what that costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from midback.inference.draws import draw_probabilities, standard_normals
from midback.inference.evidence import Evidence
from midback.inference.memory import recall
from midback.inference.network import FloatArray, Group, IntArray, Network, Risk
from midback.inference.point import Answered, Point
from midback.inference.prepared import Prepared, PreparedGroup, group_corrections, prepared, prepared_group
from midback.inference.prior import set_prior
from midback.inference.subsets import pair_rank

__all__ = ["Drawn", "draw_sets"]

_REDRAWN = 1.2e7  # elements (sets x answers x draws) of interactions worked anew
_LEFT = 2e-4  # redrawing stops when the sets still left hold less chance than this
_LIGHT = 1e-4  # the least probable triples, together below this chance, are left out of the draws
_GROUPED = 6.0e5  # elements (sets x answers x draws) of the groups' random effects worked anew
_BLOCK = 250_000  # elements (rows x draws) at a time, so that the work stays in the processor's cache
_MOST_SETS = 512  # never more sets than this are redrawn
_FARTHEST = 200.0
_NARROW = 1e10  # ratios below this can be cubed in single precision


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
    start, odds = _prior_change(network, point.largest, draws, seed)
    change = odds + _risk_change(network, evidence, draws, seed)
    interacting: list[tuple[Answered, Prepared]] = []
    for item in items:
        ready = prepared(item, draws, seed)
        change[item.site.causes] += ready.change
        if not ready.additive and point.largest > 1:
            interacting.append((item, ready))
    groups: list[_Together] = []
    for group in network.groups:
        members = [item for item in items if item.joined == group.name]
        if members:
            together = prepared_group(members, group, draws, seed)
            change[together.causes] += together.change
            groups.append(_Together(group, members, [prepared(item, draws, seed) for item in members], together))
    ratio = np.exp(np.clip(change, -_FARTHEST, _FARTHEST, out=change), out=change)
    return _combine(point, start, ratio, interacting, groups if point.largest > 1 else [], seed)


@dataclass(frozen=True, slots=True, eq=False)
class _Together:
    """A group with its answered members, ready at every draw."""

    group: Group
    members: list[Answered]
    ready: list[Prepared]
    together: PreparedGroup

    def add_to(self, total: FloatArray, sets: IntArray, count: int, room: float, seed: int) -> None:
        """Adds the change of the group's interaction in the first sets listed, as many as the work limit allows."""
        draws = total.shape[1]
        linked = np.zeros(count + 1, dtype=bool)
        linked[self.together.causes] = True
        rows = np.flatnonzero(linked[sets].sum(0) >= 2)[: int(room / (draws * len(self.members)))]
        if not len(rows):
            return
        own = []
        for item in self.members:
            local = np.full(count + 1, len(item.site.causes))
            local[item.site.causes] = np.arange(len(item.site.causes))
            own.append(local[sets[:, rows]])
        now, printed = group_corrections(self.members, self.ready, self.group, own, seed)
        now -= self.together.empty
        now -= (printed - self.together.printed_empty)[:, None]
        place = np.full(count + 1, len(self.together.causes))
        place[self.together.causes] = np.arange(len(self.together.causes))
        padded = np.concatenate([self.together.change, np.zeros((1, draws))])
        for member in place[sets[:, rows]]:
            now -= padded[member]
        total[rows] += now


def _prior_change(network: Network, largest: int, draws: int, seed: int) -> tuple[FloatArray, FloatArray]:
    return recall(
        ("prior", id(network), largest, draws, seed),
        (network,),
        lambda: _drawn_prior(network, largest, draws, seed),
        lambda made: made[1].nbytes,
    )


def _drawn_prior(network: Network, largest: int, draws: int, seed: int) -> tuple[FloatArray, FloatArray]:
    odds, start = set_prior(network.prior.mean, network.other.mean, network.several, largest)
    drawn_odds, drawn_start = set_prior(
        draw_probabilities(network.prior, draws, seed),
        draw_probabilities(network.other, draws, seed),
        network.several,
        largest,
    )
    return np.exp(np.clip(drawn_start - start, -_FARTHEST, _FARTHEST)), drawn_odds - odds[:, None]


def _risk_change(network: Network, evidence: Evidence, draws: int, seed: int) -> FloatArray:
    change = np.zeros((len(network.causes), draws))
    for risk in network.risks:
        if risk.name not in evidence.risks:
            continue
        level = risk.levels.index(evidence.risks[risk.name])
        key = ("risk", id(risk), level, draws, seed)
        change += recall(key, (risk,), partial(_one_risk, risk, level, draws, seed), lambda made: made.nbytes)
    return change


def _one_risk(risk: Risk, level: int, draws: int, seed: int) -> FloatArray:
    change = np.zeros((risk.log_odds.shape[1], draws))
    moved = np.flatnonzero((risk.log_odds.sd > 0).any(0))
    if len(moved):
        mean, sd = risk.log_odds.mean[:, moved], risk.log_odds.sd[:, moved]
        keys = [str(key) for key in risk.log_odds.key[:, moved].reshape(-1)]
        odds = mean[..., None] + sd[..., None] * standard_normals(keys, draws, seed).reshape(*mean.shape, draws)
        centred = odds[level] - np.log(np.tensordot(risk.share, np.exp(np.clip(odds, -50, 50)), 1))
        change[moved] += centred - (mean[level] - np.log(risk.share @ np.exp(mean)))[:, None]
    return change


def _heavy_sets(point: Point, answers: int, draws: int) -> tuple[IntArray, float]:
    """Positions (pairs first, then triples) of the sets to redraw, and the chance of those left as printed."""
    chance = np.concatenate([point.chance_pair, point.chance_triple])
    if not answers or not len(chance):
        return np.zeros(0, dtype=np.int64), 0.0
    extra = np.concatenate([point.pair_extra, point.triple_extra])
    candidates = np.flatnonzero((np.abs(extra) > 1e-12) & (chance > 1e-9))
    held = chance[candidates]
    limit = min(int(_REDRAWN / (draws * answers)), _MOST_SETS)
    if len(held) > limit:
        best = np.argpartition(-held, limit)[:limit]
        candidates, held = candidates[best], held[best]
    order = np.argsort(-held, kind="stable")
    left = held.sum() - np.cumsum(held[order])
    picked = candidates[order[: int(np.searchsorted(-left, -_LEFT)) + 1]]
    every = chance[np.abs(extra) > 1e-12].sum()
    return picked, float(max(every - chance[picked].sum(), 0.0))


def _combine(
    point: Point,
    start: FloatArray,
    ratio: FloatArray,
    interacting: list[tuple[Answered, Prepared]],
    groups: list[_Together],
    seed: int,
) -> Drawn:
    count, draws = ratio.shape
    every, pairs = point.subsets, len(point.chance_pair)
    picked, kept = _heavy_sets(point, len(interacting) + len(groups), draws)
    heavy_pairs, heavy_triples = picked[picked < pairs], picked[picked >= pairs] - pairs
    members = np.full((3, len(picked)), count)
    members[:2, picked < pairs] = every.pairs[:, heavy_pairs]
    members[:, picked >= pairs] = every.triples[:, heavy_triples]
    weight = np.zeros((len(picked), draws))
    for together in groups:
        together.add_to(weight, members, count, _GROUPED / len(groups), seed)
    base = np.concatenate([point.chance_pair, point.chance_triple])[picked]
    light_pair, light_triple = point.chance_pair.copy(), point.chance_triple.copy()
    light_pair[heavy_pairs] = 0
    light_triple[heavy_triples] = 0
    pair = np.zeros((count, count))
    if pairs:
        low, high = every.pairs
        pair[low, high] = pair[high, low] = light_pair
    triple, rows = _triple_rows(point, light_triple, count)
    exact = np.float32 if not ratio.size or ratio.max() < _NARROW else np.float64
    spread = np.ascontiguousarray(triple.T, dtype=exact)
    inside = np.zeros((count + 1, len(picked)))
    for member in members:
        inside[member, np.arange(len(picked))] = 1
    parts = [_Interaction.of(item, ready, members, count) for item, ready in interacting] if len(picked) else []

    chance = np.empty((count + 1, draws))
    total = np.empty(draws)
    step = int(np.clip(_BLOCK / (count + len(rows[0]) + len(picked)), 128, 2048))
    for first in range(0, draws, step):
        block = slice(first, first + step)
        own = ratio[:, block]
        sums = point.chance_single[:, None] * own
        mass = sums.sum(0)
        if pairs:
            part = pair @ own
            part *= own
            sums += part
            mass += part.sum(0) / 2
        if len(triple):
            short = own.astype(exact)
            both = short[rows[0]]
            both *= short[rows[1]]
            part = spread @ both
            part *= own
            sums += part
            mass += part.sum(0) / 3
        if len(picked):
            now = weight[:, block].copy()
            for interaction in parts:
                interaction.add_to(now, block)
            np.exp(np.clip(now, -_FARTHEST, 60, out=now), out=now)
            now *= base[:, None]
            padded = np.concatenate([own, np.ones((1, own.shape[1]))])
            for member in members:
                now *= padded[member]
            sums += inside[:count] @ now
            mass += now.sum(0)
            weight[:, block] = now * start[block]
        sums *= start[block]
        total[block] = point.chance_empty + mass * start[block]
        chance[:count, block] = sums
    chance[count] = point.chance_empty
    chance /= total
    np.minimum(chance, 1.0, out=chance)
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
        chance,
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
    held = table.sum(1)
    order = np.argsort(held, kind="stable")
    keep = np.sort(order[np.cumsum(held[order]) > _LIGHT])
    return table[keep], every.pairs[:, keep]


@dataclass(frozen=True, slots=True, eq=False)
class _Interaction:
    """One answer's interaction in the redrawn sets that hold two or more of its causes."""

    rows: IntArray
    members: IntArray  # (3, rows), places among the site's causes
    more: FloatArray  # (rows, 1): members less one
    printed: FloatArray  # (rows, 1)
    answer: FloatArray
    ready: Prepared

    @classmethod
    def of(cls, item: Answered, ready: Prepared, members: IntArray, count: int) -> _Interaction:
        size = len(item.site.causes)
        local = np.full(count + 1, size)
        local[item.site.causes] = np.arange(size)
        own = local[members]
        rows = np.flatnonzero((own < size).sum(0) >= 2)
        own = own[:, rows]
        logs = np.log(item.site.likelihood(item.answer, np.arange(size + 1)))
        printed = np.log(item.site.likelihood(item.answer, *own)) - logs[-1] - (logs - logs[-1])[own].sum(0)
        return cls(rows, own, (own < size).sum(0)[:, None] - 1.0, printed[:, None], item.answer, ready)

    def add_to(self, total: FloatArray, block: slice) -> None:
        """Adds the change of the log interaction from the printed numbers to a block of draws."""
        site = self.ready.site
        assert site is not None
        if not len(self.rows):
            return
        part = site.in_block(block)
        now = np.log(part.likelihood(self.answer, *self.members))
        now -= self.ready.empty[block]
        logs = self.ready.logs[:, block]
        for member in self.members:
            now -= logs[member]
        now -= self.printed
        total[self.rows] += now
