"""The posterior at each draw of the answered numbers.

Weights of a set D at a draw are its weight at the printed numbers, times what each single cause gains or loses at
that draw (exact), times what the interaction of its members gains or loses. Interactions are redrawn exactly where
chance hangs on them: for the sets that hold nearly all the chance, and among these for the answers that move them. The
rest stays at the printed numbers, and so does what the random effect of a group adds to the interactions of seldom
sets. docs/decisions/0011 and 0026 measure what that costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from midback.inference.answered import Answered
from midback.inference.at_draws import answers_at_draws
from midback.inference.draws import draw_probabilities, standard_normals
from midback.inference.evidence import Evidence
from midback.inference.groups_at_draws import SELDOM, GroupDraws, group_at_draws
from midback.inference.memory import recall
from midback.inference.network import FloatArray, IntArray, Network, Real, Risk, Short
from midback.inference.point import Point
from midback.inference.prior import set_prior
from midback.inference.redrawn import Redrawn, choose_redrawn

__all__ = ["Drawn", "draw_sets"]

_LIGHT = 1e-4  # the least probable triples, together below this chance, are left out of the draws
_BLOCK = 400_000  # elements (rows x draws) at a time, so that the work stays in the processor's cache
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
    kept_interaction: float  # chance that hangs on the interactions that were not redrawn, at most

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
    groups: dict[str, GroupDraws] = {}
    of_group = {group.name: group for group in network.groups}
    for answer in ready:
        group = answer.item.joined
        if group is None:
            ratio[answer.item.site.causes] *= answer.gain()
            continue
        if group not in groups:
            members = [other for other in ready if other.item.joined == group]
            groups[group] = group_at_draws(of_group[group], members, point.chance, point.largest, seed)
            ratio[groups[group].causes] *= groups[group].gain
        places = np.flatnonzero(point.chance[answer.item.site.causes] < SELDOM)
        ratio[answer.item.site.causes[places]] *= answer.gain(places)
    # fmax and fmin also turn the product of a nought and an overflow into the edge.
    np.fmin(np.fmax(ratio, np.float32(1e-35), out=ratio), np.float32(1e35), out=ratio)
    return _combine(point, start, ratio, choose_redrawn(network, point, ready, groups, draws))


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


def _combine(point: Point, start: FloatArray, drawn: Short, redrawn: Redrawn) -> Drawn:
    count, draws = drawn.shape
    every, pairs = point.subsets, len(point.chance_pair)
    picked, members = redrawn.places, redrawn.members
    heavy_pairs, heavy_triples = picked[picked < pairs], picked[picked >= pairs] - pairs
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
    weight = _heavy_weights(point, redrawn, ratio)
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
    return Drawn(point.chance_empty, single, share, ratio, several, spread, rows, members, weight, chance, redrawn.kept)


def _heavy_weights(point: Point, redrawn: Redrawn, ratio: Real) -> Real:
    """Weights (R, S) of the redrawn sets: chance as printed, times ratios, times how their interaction moved."""
    picked, members = redrawn.places, redrawn.members
    count, draws = ratio.shape
    now = np.ones((len(picked), draws), dtype=np.float32)
    for joined, rows in redrawn.parts:
        joined.interact(now, members, rows, count)
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
    """The chance (rows, n) of the triples that each of these pairs (2, rows) makes with each cause."""
    worth = np.flatnonzero(light > _LIGHT / max(len(light), 1))
    held = np.zeros(len(point.chance_pair))
    for side in point.subsets.sides[:, worth]:
        held += np.bincount(side, light[worth], len(held))
    kept = np.flatnonzero(held)
    kept = kept[np.argsort(held[kept], kind="stable")]
    kept = np.sort(kept[np.cumsum(held[kept]) > _LIGHT])
    row = np.full(len(held), len(kept))
    row[kept] = np.arange(len(kept))
    table = np.zeros((len(kept) + 1, count))
    for side, third in zip(point.subsets.sides, point.subsets.triples[::-1], strict=True):
        table[row[side[worth]], third[worth]] = light[worth]
    return table[:-1], point.subsets.pairs[:, kept]
