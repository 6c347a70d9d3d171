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

from midback.inference.answered import Answered
from midback.inference.at_draws import AnswerDraws, GroupDraws, answers_at_draws, group_at_draws
from midback.inference.draws import draw_probabilities, standard_normals
from midback.inference.evidence import Evidence
from midback.inference.memory import recall
from midback.inference.network import FloatArray, IntArray, Network, Real, Risk, Short
from midback.inference.point import Point
from midback.inference.prior import set_prior
from midback.inference.subsets import pair_rank

__all__ = ["Drawn", "draw_sets"]

_REDRAWN = 2.4e7  # elements (sets x answers x draws) of interactions worked anew
_LEFT = 2e-4  # redrawing stops when the sets still left hold less chance than this
_LIGHT = 1e-4  # the least probable triples, together below this chance, are left out of the draws
_GROUPED = 5.0e5  # elements (sets x answers x draws) of the groups' random effects worked anew
_SELDOM = 1e-4  # a group's random effect stays as printed for causes less probable than this
_BLOCK = 400_000  # elements (rows x draws) at a time, so that the work stays in the processor's cache
_MOST_SETS = 768  # never more sets than this are redrawn
_TOGETHER = 64  # sets at a time
_FARTHEST = 80.0
_NARROW = 1e10  # ratios below this can be cubed in single precision


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Everything needed for chances at each draw, relative to the chances at the printed numbers.

    ``share`` (S,) multiplies every non-empty set, ``ratio`` (n, S) each cause; ``single`` (n,), ``pair`` (n, n) and
    ``triple`` (n, P') with ``rows`` (2, P') are chances of the sets left to their printed interaction; ``heavy`` (3, R)
    are the members of the redrawn sets (n stands for nobody) and ``heavy_weight`` (R, S) their weights.
    """

    empty: float
    single: Real
    share: Real
    ratio: Real
    pair: Real
    triple: Real
    rows: IntArray
    heavy: IntArray
    heavy_weight: Real
    chance: Real  # (n + 1, S), last row the empty set
    kept_interaction: float  # chance of the interacting sets that were not redrawn

    def avoiding(self, causes: IntArray) -> FloatArray:
        """Chance (S,) at each draw that none of the causes is present."""
        count = len(self.single)
        free = np.ones(count + 1, dtype=bool)
        free[causes] = False
        ratio = self.ratio[free[:count]]
        weight = self.single[free[:count]] @ ratio
        pair = self.pair[free[:count]][:, free[:count]] @ ratio
        weight += np.einsum("js,js->s", ratio, pair) / 2
        low, high = self.rows
        keep = free[low] & free[high]
        if keep.any():
            both = self.ratio[low[keep]] * self.ratio[high[keep]]
            triple = self.triple[free[:count]][:, keep] @ both
            weight += np.einsum("js,js->s", ratio, triple) / 3
        if self.heavy.shape[1]:
            weight += self.heavy_weight[free[self.heavy].all(0)].sum(0)
        return np.asarray(self.chance[count] + weight * self.share, dtype=np.float64)

    def chance_of_sets(self, members: IntArray, printed: FloatArray, draws: int) -> FloatArray:
        """Chance (R, S) at the first draws of sets (3, R) of causes with these chances (R,) at the printed numbers."""
        count = len(self.single)
        padded = np.concatenate([self.ratio[:, :draws], np.ones((1, draws))])
        out = printed[:, None] * self.share[:draws]
        for member in members:
            out *= padded[member]
        place = np.array([(count + 1) ** 2, count + 1, 1])
        known, wanted = place @ self.heavy, place @ members
        order = np.argsort(known)
        if len(known):
            found = order[np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)]
            redrawn = np.flatnonzero(known[found] == wanted)
            out[redrawn] = self.heavy_weight[found[redrawn], :draws] * self.share[:draws]
        out[(members == count).all(0)] = self.chance[count, :draws]
        return np.asarray(out, dtype=np.float64)


def draw_sets(
    network: Network, evidence: Evidence, point: Point, items: list[Answered], draws: int, seed: int
) -> Drawn:
    """Draws the answered numbers and works out all sets' weights at each draw."""
    start, odds = _prior_change(network, point.largest, draws, seed)
    change = odds.copy()
    for risk in network.risks:
        if risk.name in evidence.risks:
            moved, more = _risk_change(risk, evidence.risks[risk.name], draws, seed)
            change[moved] += more
    ready = answers_at_draws(items, draws, seed)
    ratio = np.exp(np.clip(change, -_FARTHEST, _FARTHEST, out=change), out=change)
    for answer in ready:
        ratio[answer.item.site.causes] *= answer.change()
    groups: list[GroupDraws] = []
    for group in network.groups:
        members = [answer for answer in ready if answer.item.joined == group.name]
        if members:
            groups.append(group_at_draws(group, members, point.chance, _SELDOM, point.largest, seed))
            ratio[groups[-1].causes] *= np.exp(np.clip(groups[-1].change, -_FARTHEST, _FARTHEST))
    # fmax and fmin also turn the product of a nought and an overflow into the edge.
    np.fmin(np.fmax(ratio, np.float32(1e-35), out=ratio), np.float32(1e35), out=ratio)
    interacting = [answer for answer in ready if not answer.additive and point.largest > 1]
    return _combine(point, start, ratio, interacting, groups if point.largest > 1 else [])


def _prior_change(network: Network, largest: int, draws: int, seed: int) -> tuple[FloatArray, Short]:
    return recall(
        ("prior", id(network.prior), id(network.other), network.several, largest, draws, seed),
        (network.prior, network.other),
        lambda: _drawn_prior(network, largest, draws, seed),
        lambda made: made[1].nbytes,
    )


def _drawn_prior(network: Network, largest: int, draws: int, seed: int) -> tuple[FloatArray, Short]:
    odds, start = set_prior(network.prior.mean, network.other.mean, network.several, largest)
    drawn_odds, drawn_start = set_prior(
        draw_probabilities(network.prior, draws, seed),
        draw_probabilities(network.other, draws, seed),
        network.several,
        largest,
    )
    change = (drawn_odds - odds[:, None]).astype(np.float32)
    return np.exp(np.clip(drawn_start - start, -_FARTHEST, _FARTHEST)), change


def _risk_change(risk: Risk, name: str, draws: int, seed: int) -> tuple[IntArray, Short]:
    """The causes a risk moves by uncertain numbers, and by how much more than printed at each draw."""
    level = risk.levels.index(name)
    key = ("risk", id(risk), level, draws, seed)
    return recall(key, risk, partial(_one_risk, risk, level, draws, seed), lambda made: made[1].nbytes)


def _one_risk(risk: Risk, level: int, draws: int, seed: int) -> tuple[IntArray, Short]:
    moved = np.flatnonzero((risk.log_odds.sd > 0).any(0))
    mean, sd = risk.log_odds.mean[:, moved], risk.log_odds.sd[:, moved]
    keys = [str(key) for key in risk.log_odds.key[:, moved].reshape(-1)]
    odds = mean[..., None] + sd[..., None] * standard_normals(keys, draws, seed).reshape(*mean.shape, draws)
    centred = odds[level] - np.log(np.tensordot(risk.share, np.exp(np.clip(odds, -50, 50)), 1))
    change = centred - (mean[level] - np.log(risk.share @ np.exp(mean)))[:, None]
    return moved, change.astype(np.float32)


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
    drawn: Short,
    interacting: list[AnswerDraws],
    groups: list[GroupDraws],
) -> Drawn:
    count, draws = drawn.shape
    every, pairs = point.subsets, len(point.chance_pair)
    picked, kept = _heavy_sets(point, len(interacting) + len(groups), draws)
    heavy_pairs, heavy_triples = picked[picked < pairs], picked[picked >= pairs] - pairs
    members = np.full((3, len(picked)), count)
    members[:2, picked < pairs] = every.pairs[:, heavy_pairs]
    members[:, picked >= pairs] = every.triples[:, heavy_triples]
    light_pair, light_triple = point.chance_pair.copy(), point.chance_triple.copy()
    light_pair[heavy_pairs] = 0
    light_triple[heavy_triples] = 0
    pair = np.zeros((count, count))
    if pairs:
        low, high = every.pairs
        pair[low, high] = pair[high, low] = light_pair
    triple, rows = _triple_rows(point, light_triple, count)
    exact = np.dtype(np.float64 if drawn.size and drawn.max() > _NARROW else np.float32)
    ratio: Real = drawn.astype(exact, copy=False)
    weight = _heavy_weights(point, picked, members, ratio, interacting, groups)
    single: Real = point.chance_single.astype(exact)
    several: Real = pair.astype(exact)
    spread: Real = np.ascontiguousarray(triple.T, dtype=exact)
    inside: Real = np.zeros((count + 1, len(picked)), dtype=exact)
    for member in members:
        inside[member, np.arange(len(picked))] = 1

    chance: Real = np.empty((count + 1, draws), dtype=exact)
    mass: Real = np.empty(draws, dtype=exact)
    step = int(np.clip(_BLOCK / (count + len(rows[0]) + len(picked)), 128, 2048))
    for first in range(0, draws, step):
        block = slice(first, first + step)
        own = ratio[:, block]
        sums = single[:, None] * own
        mass[block] = single @ own
        if pairs:
            part = several @ own
            part *= own
            sums += part
            mass[block] += part.sum(0) / 2
        if len(triple):
            both = own[rows[0]]
            both *= own[rows[1]]
            part = spread @ both
            part *= own
            sums += part
            mass[block] += part.sum(0) / 3
        if len(picked):
            now = weight[:, block]
            sums += inside[:count] @ now
            mass[block] += now.sum(0)
        chance[:count, block] = sums
    total = point.chance_empty + mass * start
    share: Real = (start / total).astype(exact)
    chance[:count] *= share
    chance[count] = point.chance_empty / total
    np.minimum(chance, 1.0, out=chance)
    return Drawn(point.chance_empty, single, share, ratio, several, spread, rows, members, weight, chance, kept)


def _heavy_weights(
    point: Point,
    picked: IntArray,
    members: IntArray,
    ratio: Real,
    interacting: list[AnswerDraws],
    groups: list[GroupDraws],
) -> Real:
    """Weights (R, S) of the redrawn sets: chance as printed, times ratios, times how their interaction moved."""
    count, draws = ratio.shape
    now = np.ones((len(picked), draws), dtype=np.float32)
    if not len(picked):
        return now
    for answer in interacting:
        answer.interact(now, members, count)
    for group in groups:
        group.correct(now, members, count, int(_GROUPED / (len(groups) * draws * len(group.members))))
    printed = np.concatenate([point.chance_pair, point.chance_triple])[picked].astype(np.float32)[:, None]
    out: Real = now.astype(ratio.dtype, copy=False)
    padded = np.concatenate([ratio, np.ones((1, draws), dtype=ratio.dtype)])
    for first in range(0, len(picked), _TOGETHER):
        part = out[first : first + _TOGETHER]
        np.fmin(np.fmax(part, 1e-30, out=part), 1e26, out=part)
        part *= printed[first : first + _TOGETHER]
        for member in members[: point.largest, first : first + _TOGETHER]:
            part *= padded[member]
    return out


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
