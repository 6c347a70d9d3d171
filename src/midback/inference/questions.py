"""What a further answer would be, and what it would be worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from midback.inference.answered import Answered, answered, check_evidence, site_of
from midback.inference.correlated import weights_of_nodes
from midback.inference.deck import Deck, deck_of
from midback.inference.evidence import Evidence
from midback.inference.factors import at_nodes
from midback.inference.likely_sets import LikelySets, likely_sets
from midback.inference.network import BoolArray, Finding, FloatArray, IntArray, Network, Real
from midback.inference.point import exact_point
from midback.inference.posterior import Posterior
from midback.inference.subsets import subset_ids

__all__ = ["QuestionValues", "predictive", "question_values"]


def _conditional(
    network: Network, deck: Deck, above: FloatArray, sets: LikelySets, items: Sequence[Answered], largest: int
) -> FloatArray:
    # Candidates that share a group with answered findings: the answers say something about the shared effect.
    mates: dict[str | None, list[Answered]] = {}
    for item in items:
        mates.setdefault(item.finding.group, []).append(item)
    for group in network.groups:
        places = deck.members_of.get(group.name, [])
        if group.name not in mates or not places:
            continue
        rho = float(group.rho.mean)
        effect = np.broadcast_to(weights_of_nodes(), (sets.members.shape[1], len(weights_of_nodes()))).copy()
        for item in mates[group.name]:
            effect *= _given(item.finding, item.answer, rho, sets, network, largest)
        effect /= effect.sum(-1, keepdims=True)
        for place in places:
            finding = deck.findings[place]
            for row in range(deck.first[place], deck.first[place + 1]):
                at_least = (np.arange(len(finding.levels)) > row - deck.first[place]).astype(np.float64)
                given = _given(finding, at_least, rho, sets, network, largest)
                above[row] = np.einsum("rq,rq->r", given, effect)
    return above


def _given(
    finding: Finding, answer: FloatArray, rho: float, sets: LikelySets, network: Network, largest: int
) -> FloatArray:
    """P(answer | set, z) at each node (R, Q) for the likely sets."""
    local = np.full(len(network.causes) + 1, len(finding.causes))
    local[site_of(finding).causes] = np.arange(len(finding.causes))
    own = local[sets.members[:largest]]
    return np.take(at_nodes(finding, answer, rho, largest), subset_ids(own, len(finding.causes)), axis=0)


def _candidates(network: Network, evidence: Evidence, names: Iterable[str] | None) -> Deck:
    deck = deck_of(network)
    if names is None:
        return deck.only(set(deck.names) - evidence.findings.keys())
    wanted = set(names)
    chosen = deck.only(wanted)
    if len(chosen.names) < len(wanted):
        raise ValueError("no finding is called " + ", ".join(sorted(wanted - set(chosen.names))))
    return chosen


def predictive(
    network: Network,
    evidence: Evidence,
    names: Iterable[str] | None = None,
    *,
    max_causes: int = 2,
    posterior: Posterior | None = None,
) -> Mapping[str, FloatArray]:
    """P(each level | answers so far) of findings not yet answered (or of those named), as finding -> (levels,)."""
    deck = _candidates(network, evidence, names)
    sets, above = _predicted(network, evidence, deck, max_causes, posterior)
    mean = above @ sets.chance
    out = {}
    for place, name in enumerate(deck.names):
        edges = np.concatenate([[1.0], mean[deck.first[place] : deck.first[place + 1]], [0.0]])
        out[name] = edges[:-1] - edges[1:]
    return out


def _predicted(
    network: Network, evidence: Evidence, deck: Deck, max_causes: int, posterior: Posterior | None
) -> tuple[LikelySets, FloatArray]:
    """The likely sets, and P(f >= r | set, answers) (thresholds, sets) of the findings of the deck."""
    if posterior is None:
        check_evidence(network, evidence)
        items: Sequence[Answered] = answered(network, evidence)
        point = exact_point(network, evidence, max_causes, list(items))
    else:
        items, point = posterior.items, posterior.point
    sets = likely_sets(point)
    asked = set(deck.names)
    items = [item for item in items if item.finding.name not in asked]
    return sets, _conditional(network, deck, deck.above(sets.members), sets, items, point.largest)


@dataclass(frozen=True, slots=True, eq=False)
class QuestionValues:
    """What each candidate finding would be worth if answered now. F candidates, L levels at most (NaN-free padding:
    levels a finding does not have carry probability 0, the action of now and the danger of now).

    ``soft_evsi`` (F,) expected gain in soft-least harm, never negative; ``information`` (F,) bits about whether any
    dangerous cause is present; ``level_chance`` (F, L), ``level_action`` (F, L) the least-harm action after that
    answer, ``level_danger`` (F, L) the chance of danger after it; ``danger`` and ``action`` those of now;
    ``left_out`` bounds the error of every chance. ``soft_evsi_draws`` and ``information_draws`` (S, F) are the same
    worths at draws of the answered numbers, or None; their spread says how sure the order of the questions is.
    """

    names: tuple[str, ...]
    soft_evsi: FloatArray
    information: FloatArray
    level_chance: FloatArray
    level_action: IntArray
    level_danger: FloatArray
    danger: float
    action: int
    left_out: float
    soft_evsi_draws: FloatArray | None = None
    information_draws: FloatArray | None = None


def question_values(
    network: Network,
    evidence: Evidence,
    cost: FloatArray,
    harm: FloatArray,
    danger_mask: BoolArray,
    *,
    temperature: float | None = None,
    names: Iterable[str] | None = None,
    max_causes: int = 2,
    posterior: Posterior | None = None,
    draws: int = 0,
) -> QuestionValues:
    """The worth of every unasked finding (or of those named): `QuestionValues`.

    ``cost`` (A,) and ``harm`` (A, n + 1) as in `decide`; ``danger_mask`` (n,) marks dangerous causes.
    ``temperature`` softens the least over actions (in units of harm; by default a tenth of the span of costs).
    With ``posterior`` its sets are used and nothing is inferred anew. With ``draws`` (needs a posterior that has as
    many; 64 tell enough) the worth is also found at each of its first draws: the numbers of what was answered are
    drawn, and those of a candidate stand at their mean, which is what its answer is expected with.

    >>> from midback.inference import Evidence, Finding, Network, Numbers, infer
    >>> usual, given = Numbers.of([0.02], 0.4, "b"), Numbers.of([[0.6]], 0.4, "s")
    >>> fever = Finding("fever", ("no", "yes"), usual, [0], given, [False])
    >>> network = Network(("sepsis", "sprain"), Numbers.of([0.1, 0.8], 0.2, ["i", "s"]), Numbers.of(0.1, 0.2, "o"),
    ...     0.05, findings=(fever,))
    >>> wait_or_go, harm = np.array([0.0, 0.2]), np.array([[1.0, 0.0, 0.1], [0.1, 0.0, 0.0]])
    >>> values = question_values(network, Evidence(), wait_or_go, harm, np.array([True, False]))
    >>> values.names, values.action, values.level_action.tolist()
    (('fever',), 0, [[0, 1]])
    """
    cost, harm = np.asarray(cost, dtype=np.float64), np.asarray(harm, dtype=np.float64)
    dangerous = np.asarray(danger_mask, dtype=bool)
    count = len(network.causes)
    if harm.shape != (len(cost), count + 1) or dangerous.shape != (count,):
        raise ValueError(f"harm {harm.shape} or danger_mask {dangerous.shape} do not fit the network")
    if temperature is None:
        temperature = float(np.ptp(cost)) / 10 or 1.0
    if draws and (posterior is None or posterior.drawn is None or posterior.drawn.chance.shape[1] < draws):
        raise ValueError(f"the worth at {draws} draws needs a posterior with that many")
    deck = _candidates(network, evidence, names)
    sets, above = _predicted(network, evidence, deck, max_causes, posterior)

    # One row per set: 1, harm of each action, danger; so one product gives every conditional mean at once.
    padded = np.concatenate([harm[:, :-1], np.zeros((len(cost), 1))], axis=1)
    loss = cost[:, None] + padded[:, sets.members].sum(1)
    loss[:, 0] += harm[:, -1]
    danger = np.any(np.append(dangerous, False)[sets.members], axis=0, keepdims=True)
    told = np.concatenate([np.ones((1, loss.shape[1])), loss, danger])
    carried = told * sets.chance
    now = carried.sum(1)
    worth = _worth(_levels(deck, above @ carried.T, now), now, temperature)
    values = QuestionValues(
        deck.names, worth.soft_evsi, worth.information, worth.chance, worth.after[..., 1:-1].argmin(-1),
        np.clip(worth.after[..., -1], 0.0, 1.0), float(now[-1]), int(now[1:-1].argmin()), sets.left_out,
    )  # fmt: skip
    if not draws or posterior is None or posterior.drawn is None:
        return values
    at_draws = posterior.drawn.chance_of_sets(sets.members, sets.chance * (1 - sets.left_out), draws)
    evsi, information = _worth_at_draws(deck, above, told, at_draws, temperature)
    return replace(values, soft_evsi_draws=evsi, information_draws=information)


def _worth_at_draws(
    deck: Deck, above: FloatArray, told: FloatArray, at_draws: FloatArray, temperature: float
) -> tuple[FloatArray, FloatArray]:
    """Worth (S, F) of every finding at draws, from the chances (R, S) of the likely sets."""
    carried = (told[:, :, None] * (at_draws / at_draws.sum(0))).astype(np.float32)  # (C, R, S)
    rows, sets, draws = carried.shape
    flat = carried.transpose(1, 2, 0).reshape(sets, draws * rows)
    upper = (above.astype(np.float32) @ flat).reshape(len(above), draws, rows).transpose(1, 0, 2)
    now = np.ascontiguousarray(carried.sum(1).T)
    sizes = np.diff(deck.first)
    evsi, information = np.empty((2, draws, len(sizes)))
    for size in np.unique(sizes):
        places = np.flatnonzero(sizes == size)
        own = upper[:, (deck.first[places, None] + np.arange(size)).reshape(-1)]
        own = own.reshape(draws, len(places), size, rows)
        first = np.broadcast_to(now[:, None, None], (draws, len(places), 1, rows))
        edges = np.concatenate([first, own, np.zeros_like(first)], axis=2)
        worth = _worth(edges[:, :, :-1] - edges[:, :, 1:], now, temperature)
        evsi[:, places], information[:, places] = worth.soft_evsi, worth.information
    return evsi, information


def _levels(deck: Deck, upper: FloatArray, now: FloatArray) -> FloatArray:
    """What each level of each finding carries (F, L, C), from what it carries at or above each threshold (W, C)."""
    sizes = np.diff(deck.first)
    level = np.zeros((len(sizes), int(sizes.max(initial=1)) + 1, len(now)))
    level[:, 0] = now
    level[:, 0] -= upper[deck.first[:-1]]
    level[:, 1] = upper[deck.first[:-1]]
    for place in deck.ordered:
        own = upper[deck.first[place] : deck.first[place + 1]]
        level[place, 1 : len(own)] -= own[1:]
        level[place, 2 : len(own) + 1] = own[1:]
        level[place, 2 : len(own)] -= own[2:]
    return level


@dataclass(frozen=True, slots=True, eq=False)
class _Worth:
    """Worth (..., F) of findings, the chance (..., F, L) of each level and what follows from it (..., F, L, C)."""

    soft_evsi: FloatArray
    information: FloatArray
    chance: FloatArray
    after: FloatArray


def _worth(level: Real, now: Real, temperature: float) -> _Worth:
    chance = np.maximum(level[..., 0], 0.0)
    present = chance > 1e-15
    after = np.where(present[..., None], level / np.where(present, chance, 1.0)[..., None], now[..., None, None, :])
    soft = _soft_least(after[..., 1:-1], temperature)
    gain = _soft_least(now[..., None, 1:-1], temperature) - (chance * soft).sum(-1)
    information = _entropy(now[..., -1:]) - (chance * _entropy(after[..., -1])).sum(-1)
    return _Worth(np.maximum(gain, 0.0), np.maximum(information, 0.0), chance, after)


def _soft_least(harm: Real, temperature: float) -> Real:
    least = harm.min(-1, keepdims=True)
    return np.asarray(least[..., 0] - temperature * np.log(np.exp((least - harm) / temperature).sum(-1)))


def _entropy(chance: Real) -> Real:
    inside = np.clip(chance, 1e-30, 1 - (1e-16 if chance.dtype == np.float64 else 1e-7))
    return np.asarray(-(inside * np.log2(inside) + (1 - inside) * np.log2(1 - inside)))
