"""What an answer's exactness rests on: chance beyond the sets looked at, findings nobody explains, surprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np

from midback.inference.answered import Answered
from midback.inference.correlated import at_node, weights_of_nodes
from midback.inference.deck import deck_of_answers
from midback.inference.evidence import Evidence, NotSure, Observed
from midback.inference.likely_sets import likely_sets
from midback.inference.nearby import NearbyEffect
from midback.inference.network import FloatArray, IntArray, Network, Short
from midback.inference.point import Point, exact_point, risk_shift
from midback.inference.prior import set_prior

__all__ = ["Certificate", "certify"]

_MOST_POSITIVES = 10  # answers expanded by Quickscore; the work doubles with each
_ACTIVE = 12  # causes whose larger sets are enumerated where Quickscore does not apply


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """``beyond``: chance held by sets larger than those looked at, were they allowed; ``method`` says how it was found:
    "exact" (Quickscore over all sets), "estimate" (sets of one more cause among the most probable causes, scaled up)
    or "none" (one cause only can be present). ``unexplained``: finding -> chance that only the background explains
    it, for answers above the lowest level. ``surprise``: percent of simulated people, asked the same questions, whose
    picture is more probable than this one (near 100: the knowledge does not fit), or None. ``notes``: what was reduced.
    """

    beyond: float
    method: str
    unexplained: Mapping[str, float]
    surprise: float | None
    notes: tuple[str, ...]


def certify(
    network: Network,
    evidence: Evidence,
    point: Point,
    items: Sequence[Answered],
    notes: Sequence[str],
    simulated: int,
    seed: int,
) -> Certificate:
    """The certificate of one point posterior."""
    beyond, method = _beyond(network, evidence, point, items)
    return Certificate(
        beyond,
        method,
        MappingProxyType(_unexplained(point, items)),
        _surprise(network, evidence, items, simulated, seed) if simulated else None,
        tuple(notes),
    )


def _beyond(network: Network, evidence: Evidence, point: Point, items: Sequence[Answered]) -> tuple[float, str]:
    count = len(network.causes)
    if network.several == 0 or point.largest >= count:
        return 0.0, "none"
    odds, start = set_prior(network.prior.mean, network.other.mean, network.several, point.largest)
    odds = odds + risk_shift(network, evidence)
    expanded = [item for item in items if not item.site.additive(item.answer)]
    if len(expanded) <= _MOST_POSITIVES and all(
        item.joined is None and item.site.plain and len(item.answer) == 2 for item in items
    ):
        total = _quickscore(odds, float(start), items, expanded, point)
        if total is not None:
            return float(np.clip(1 - 1 / total, 0.0, 1.0)), "exact"
    return _estimate(network, odds, float(start), point, items), "estimate"


def _quickscore(
    odds: FloatArray, start: float, items: Sequence[Answered], expanded: Sequence[Answered], point: Point
) -> float | None:
    """Weight of all sets of any size over that of the sets looked at; None where cancellation eats the digits."""
    # P(answer | D) = high + slope * none * prod keep; the product over answers is expanded term by term (Heckerman).
    logs = odds.copy()
    fixed = 0.0
    for item in items:
        if item.site.additive(item.answer):
            logs[item.site.causes] += np.log(item.site.keep[0, :-1])
            fixed += float(np.log(item.answer[0] * item.site.none[0]))
    terms, factors = logs[None], np.ones(1)
    for item in expanded:
        more = np.zeros(len(odds))
        more[item.site.causes] = np.log(item.site.keep[0, :-1])
        slope = float((item.answer[0] - item.answer[1]) * item.site.none[0])
        terms = np.concatenate([terms, terms + more])
        factors = np.concatenate([factors * item.answer[1], factors * slope])
    sets = np.logaddexp(0.0, terms).sum(1) + start  # log of all products of (1 + odds), the empty set included
    top = max(float(sets.max()), 0.0)
    parts = factors * (np.exp(sets - top) - np.exp(start - top) + np.exp(-top))
    total = float(parts.sum())
    if total <= 0 or float(np.abs(parts).sum()) > 1e8 * total:
        return None
    return float(np.exp(np.log(total) + top + fixed - point.log_total))


def _estimate(network: Network, odds: FloatArray, start: float, point: Point, items: Sequence[Answered]) -> float:
    count, size = len(odds), point.largest
    active = np.sort(np.argsort(-point.chance, kind="stable")[:_ACTIVE])
    is_active = np.zeros(count, dtype=bool)
    is_active[active] = True
    held = (point.chance_single, point.chance_pair, point.chance_triple)[size - 1]
    members = (np.arange(count)[None], point.subsets.pairs, point.subsets.triples)[size - 1]
    among, every = float(held[is_active[members].all(0)].sum()), float(held.sum())
    larger = np.array(list(combinations(active.tolist(), size + 1)), dtype=np.int64).reshape(-1, size + 1).T
    if not larger.shape[1] or among <= 0:
        return 0.0
    logs = start + odds[larger].sum(0) + _log_likelihood(network, items, larger)
    weight: float = float(np.exp(np.minimum(logs - point.log_total, 50)).sum())
    # The active causes hold `among` of `every` set of this size; one member more is covered that much less.
    weight *= (every / among) ** ((size + 1) / size)
    # Still larger sets, as their weights would go on in an exponential series.
    growth, term = (weight / every if every > 0 else 1.0), weight
    for more in range(size + 2, count + 1):
        term *= growth * (size + 1) / more
        weight += term
    return float(weight / (1 + weight))


def _log_likelihood(network: Network, items: Sequence[Answered], members: IntArray) -> FloatArray:
    """log P(answers | set) for sets given as rows of members, of any size; of groups to three digits."""
    deck = deck_of_answers(network, items)
    above = deck.above(members)
    alone = [item.joined is None for item in items]
    total = np.log(deck.likelihoods(items, above)[alone]).sum(0)
    rho = {group.name: float(group.rho.mean) for group in network.groups}
    alike: dict[tuple[float, bytes], list[int]] = {}
    for place, item in enumerate(items):
        if item.joined is not None:
            alike.setdefault((rho[item.joined], item.answer.tobytes()), []).append(place)
    joint: dict[str | None, Short] = {}
    for (correlation, _), places in alike.items():
        rows = deck.first[places, None] + np.arange(len(items[places[0]].answer) - 1)
        odds = 1 / np.clip(above[rows.T], 1e-9, 1 - 1e-9) - 1
        given = NearbyEffect.of(np.array([correlation])).given(odds.astype(np.float32), items[places[0]].answer)
        for place, own in zip(places, np.moveaxis(given, 1, 0), strict=True):
            name = items[place].joined
            joint[name] = joint[name] * own if name in joint else own
    for own in joint.values():
        total += np.log(np.maximum(weights_of_nodes() @ own, 1e-300))
    return np.asarray(total)


def _unexplained(point: Point, items: Sequence[Answered]) -> dict[str, float]:
    sets = likely_sets(point, 1024)
    count = len(point.chance_single)
    out = {}
    for item in items:
        level = int(np.argmax(item.answer > item.answer[0])) if item.answer.max() > item.answer[0] else 0
        if level == 0:
            continue
        site = item.site
        local = np.full(count + 1, len(site.causes))
        local[site.causes] = np.arange(len(site.causes))
        none = float(site.none[level - 1])
        spared = np.prod(site.keep[level - 1, local[sets.members]], axis=0)
        out[item.finding.name] = float(sets.chance @ ((1 - none) * spared / (1 - none * spared)))
    return out


def _surprise(network: Network, evidence: Evidence, items: Sequence[Answered], people: int, seed: int) -> float | None:
    told = [item for item in items if not isinstance(evidence.findings[item.finding.name], NotSure)]
    if not told:
        return None
    rng = np.random.default_rng([seed & 0xFFFFFFFF, 7])
    before = exact_point(network, Evidence({}, evidence.risks), 2, [])
    sets = likely_sets(before, 4096)
    members = sets.members[:, rng.choice(len(sets.chance), size=people, p=sets.chance)]
    effect = np.cumsum(weights_of_nodes())
    names = sorted(group.name for group in network.groups)
    nodes = np.searchsorted(effect, rng.random((len(names), people)) * effect[-1], "right")
    chances = rng.random((len(told), people))
    # How well a picture fits is judged with one cause at most and answers taken singly, for everyone alike.
    deck = deck_of_answers(network, told)
    alone = deck.above(np.arange(len(network.causes) + 1)[None])
    among = deck.above(members)
    mates: dict[str, list[int]] = {}
    for place, item in enumerate(told):
        if item.joined is not None:
            mates.setdefault(item.joined, []).extend(range(deck.first[place], deck.first[place + 1]))
    for group in network.groups:
        if group.name in mates:
            rows = mates[group.name]
            among[rows] = at_node(among[rows], float(group.rho.mean), nodes[names.index(group.name)])
    # How well each single cause explains what was said: first the answers of two levels, all at once.
    score = np.append(before.single, 0.0)[None].repeat(people + 1, 0)
    two = [place for place, item in enumerate(told) if len(item.answer) == 2]
    if two:
        miss, hit = np.array([told[place].answer for place in two]).T[..., None]
        same = chances[two] <= miss + (hit - miss) * among[deck.first[two]]
        fits = miss + (hit - miss) * alone[deck.first[two]]
        likely, otherwise = np.log(np.maximum([fits, 1 - fits], 1e-300))
        score += otherwise.sum(0)
        score[:people] += same.T.astype(np.float64) @ (likely - otherwise)
        score[people] += (likely - otherwise).sum(0)
    for place, item in enumerate(told):
        if len(item.answer) > 2:
            own = slice(deck.first[place], deck.first[place + 1])
            replies = _replies(item, evidence)
            steps = np.diff(replies, axis=1)
            chance = np.cumsum(replies[:, :1] + steps @ among[own], axis=0)
            said = (chances[place] * chance[-1] > chance[:-1]).sum(0)
            logs = np.log(np.maximum(replies[:, :1] + steps @ alone[own], 1e-300))
            score += logs[np.append(said, 0)]
    top = score.max(1, keepdims=True)
    fit = top[:, 0] + np.log(np.exp(score - top).sum(1))
    return float(100 * np.mean(fit[:people] > fit[people] + 1e-9))


def _replies(item: Answered, evidence: Evidence) -> FloatArray:
    """P(reply | level) for every reply that could have been given to an ordered finding; the one given comes first."""
    answer = evidence.findings[item.finding.name]
    assert isinstance(answer, Observed)
    others = [level for level in range(len(item.answer)) if not answer.low <= level <= answer.high]
    return np.concatenate([item.answer[None], np.eye(len(item.answer))[others]])
