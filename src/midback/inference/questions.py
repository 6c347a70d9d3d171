"""What a further answer would be, and what it would be worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from midback.inference.correlated import conditional_shares, threshold_logits, weights_of_nodes
from midback.inference.evidence import Evidence
from midback.inference.likely_sets import LikelySets, likely_sets
from midback.inference.memory import recall
from midback.inference.network import BoolArray, Finding, FloatArray, IntArray, Network
from midback.inference.point import Answered, answered, check_evidence, exact_point, site_of
from midback.inference.posterior import Posterior
from midback.inference.sites import FLOOR

__all__ = ["QuestionValues", "predictive", "question_values"]


class _Deck:
    """The thresholds of many findings side by side, so that all are worked out in a few array steps."""

    def __init__(
        self, findings: Sequence[Finding], none: FloatArray, keep: FloatArray, shrink: FloatArray | None
    ) -> None:
        self.findings = tuple(findings)
        sizes = [len(finding.levels) - 1 for finding in findings]
        self.first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.none, self.keep, self.shrink = none, keep, shrink
        self.ordered = [place for place, size in enumerate(sizes) if size > 1]

    @classmethod
    def of(cls, network: Network) -> _Deck:
        """All findings of the network."""
        width = sum(len(finding.levels) - 1 for finding in network.findings)
        none = np.ones(width)
        keep = np.ones((len(network.causes) + 1, width))
        shrink = np.ones_like(keep)
        start = 0
        for finding in network.findings:
            site = site_of(finding)
            span = slice(start, start + len(site.none))
            none[span] = site.none
            keep[site.causes, span] = site.keep[:, :-1].T
            shrink[site.causes, span] = site.shrink[:, :-1].T
            start = span.stop
        return cls(network.findings, none, keep, None if np.all(shrink == 1) else shrink)

    def only(self, names: Sequence[str]) -> _Deck:
        """The findings of these names."""
        if len(names) == len(self.findings):
            return self
        wanted = set(names)
        kept = np.array([finding.name in wanted for finding in self.findings], dtype=bool)
        columns = np.repeat(kept, np.diff(self.first))
        return _Deck(
            [finding for finding in self.findings if finding.name in wanted],
            self.none[columns],
            self.keep[:, columns],
            None if self.shrink is None else self.shrink[:, columns],
        )

    def above(self, members: IntArray) -> FloatArray:
        """P(f >= r | set), (thresholds, sets)."""
        keep = self.none * self.keep[members[0]]
        for member in members[1:]:
            keep *= self.keep[member]
        above = 1 - keep
        if self.shrink is not None:
            for member in members:
                above *= self.shrink[member]
        out = np.ascontiguousarray(above.T)
        for place in self.ordered:
            span = slice(self.first[place], self.first[place + 1])
            out[span] = _uncrossed(out[span])
        return out

    @cached_property
    def members_of(self) -> dict[str, list[int]]:
        """Group name -> places of its findings."""
        groups: dict[str, list[int]] = {}
        for place, finding in enumerate(self.findings):
            if finding.group is not None:
                groups.setdefault(finding.group, []).append(place)
        return groups


def _uncrossed(above: FloatArray) -> FloatArray:
    lower = np.minimum.accumulate(above, axis=0)
    edge = np.ones_like(lower[:1])
    steps = np.maximum(np.concatenate([edge, lower]) - np.concatenate([lower, np.zeros_like(edge)]), FLOOR)
    steps /= steps.sum(0)
    return np.asarray(np.flip(np.cumsum(np.flip(steps[1:], 0), 0), 0))


def _deck(network: Network, names: tuple[str, ...]) -> _Deck:
    whole = recall(("deck", id(network)), (network,), lambda: _Deck.of(network), lambda made: 2 * made.keep.nbytes)
    return whole.only(names)


def _conditional(
    network: Network, deck: _Deck, above: FloatArray, sets: LikelySets, items: Sequence[Answered]
) -> FloatArray:
    # Candidates that share a group with answered findings: the answers say something about the shared effect.
    count = len(network.causes)
    for group in network.groups:
        mates = [item for item in items if item.finding.group == group.name]
        places = deck.members_of.get(group.name, [])
        if not mates or not places:
            continue
        rho = float(group.rho.mean)
        effect = np.broadcast_to(weights_of_nodes(), (sets.members.shape[1], len(weights_of_nodes()))).copy()
        for item in mates:
            local = np.full(count + 1, len(item.site.causes))
            local[item.site.causes] = np.arange(len(item.site.causes))
            shares = item.site.shares(*local[sets.members])
            effect *= np.tensordot(item.answer, conditional_shares(threshold_logits(shares), rho), 1)
        effect /= effect.sum(-1, keepdims=True)
        rows = np.concatenate([np.arange(deck.first[place], deck.first[place + 1]) for place in places])
        share = np.clip(above[rows], 1e-300, 1.0)
        logits = np.log(share) - np.log(np.clip(1 - share, 1e-300, 1.0))
        # Each threshold is a two-level finding here; index 1 is "at or above".
        given = conditional_shares(logits[None], rho)[1]
        above[rows] = np.einsum("trq,rq->tr", given, effect)
    return above


def _candidates(network: Network, evidence: Evidence, names: Iterable[str] | None) -> tuple[str, ...]:
    if names is None:
        return tuple(finding.name for finding in network.findings if finding.name not in evidence.findings)
    wanted = set(names)
    known = tuple(finding.name for finding in network.findings if finding.name in wanted)
    if len(known) < len(wanted):
        raise ValueError("no finding is called " + ", ".join(sorted(wanted - set(known))))
    return known


def predictive(
    network: Network,
    evidence: Evidence,
    names: Iterable[str] | None = None,
    *,
    max_causes: int = 2,
    posterior: Posterior | None = None,
) -> Mapping[str, FloatArray]:
    """P(each level | answers so far) of findings not yet answered (or of those named), as finding -> (levels,)."""
    known = _candidates(network, evidence, names)
    deck, sets, above = _predicted(network, evidence, known, max_causes, posterior)
    mean = above @ sets.chance
    out = {}
    for place, finding in enumerate(deck.findings):
        edges = np.concatenate([[1.0], mean[deck.first[place] : deck.first[place + 1]], [0.0]])
        out[finding.name] = edges[:-1] - edges[1:]
    return out


def _predicted(
    network: Network, evidence: Evidence, names: tuple[str, ...], max_causes: int, posterior: Posterior | None
) -> tuple[_Deck, LikelySets, FloatArray]:
    if posterior is None:
        check_evidence(network, evidence)
        items: Sequence[Answered] = answered(network, evidence)
        point = exact_point(network, evidence, max_causes, list(items))
    else:
        items, point = posterior.items, posterior.point
    sets = likely_sets(point)
    deck = _deck(network, names)
    items = [item for item in items if item.finding.name not in names]
    return deck, sets, _conditional(network, deck, deck.above(sets.members), sets, items)


@dataclass(frozen=True, slots=True, eq=False)
class QuestionValues:
    """What each candidate finding would be worth if answered now. F candidates, L levels at most (NaN-free padding:
    levels a finding does not have carry probability 0, the action of now and the danger of now).

    ``soft_evsi`` (F,) expected gain in soft-least harm, never negative; ``information`` (F,) bits about whether any
    dangerous cause is present; ``level_chance`` (F, L), ``level_action`` (F, L) the least-harm action after that
    answer, ``level_danger`` (F, L) the chance of danger after it; ``danger`` and ``action`` those of now;
    ``left_out`` bounds the error of every chance.
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
) -> QuestionValues:
    """The worth of every unasked finding (or of those named): `QuestionValues`.

    ``cost`` (A,) and ``harm`` (A, n + 1) as in `decide`; ``danger_mask`` (n,) marks dangerous causes.
    ``temperature`` softens the least over actions (in units of harm; by default a tenth of the span of costs).
    With ``posterior`` its sets are used and nothing is inferred anew.
    """
    cost, harm = np.asarray(cost, dtype=np.float64), np.asarray(harm, dtype=np.float64)
    dangerous = np.asarray(danger_mask, dtype=bool)
    count = len(network.causes)
    if harm.shape != (len(cost), count + 1) or dangerous.shape != (count,):
        raise ValueError(f"harm {harm.shape} or danger_mask {dangerous.shape} do not fit the network")
    if temperature is None:
        temperature = float(np.ptp(cost)) / 10 or 1.0
    known = _candidates(network, evidence, names)
    deck, sets, above = _predicted(network, evidence, known, max_causes, posterior)

    # One row per set: 1, harm of each action, danger; so one product gives every conditional mean at once.
    padded = np.concatenate([harm[:, :-1], np.zeros((len(cost), 1))], axis=1)
    loss = cost[:, None] + padded[:, sets.members].sum(1)
    loss[:, 0] += harm[:, -1]
    danger = np.any(np.append(dangerous, False)[sets.members], axis=0, keepdims=True)
    carried = np.concatenate([np.ones((1, loss.shape[1])), loss, danger]) * sets.chance
    now = carried.sum(1)
    upper = above @ carried.T
    return _valued(deck, upper, now, temperature, sets.left_out)


def _valued(deck: _Deck, upper: FloatArray, now: FloatArray, temperature: float, left_out: float) -> QuestionValues:
    sizes = np.diff(deck.first)
    widest = int(sizes.max(initial=1)) + 1
    level = np.zeros((len(sizes), widest, len(now)))
    if widest == 2:
        level[:, 1] = upper
        level[:, 0] = now - upper
    else:
        for place, size in enumerate(sizes):
            own = upper[deck.first[place] : deck.first[place + 1]]
            edges = np.concatenate([now[None], own, np.zeros((1, len(now)))])
            level[place, : size + 1] = edges[:-1] - edges[1:]
    chance = np.maximum(level[..., 0], 0.0)
    present = chance > 1e-15
    after = np.where(present[..., None], level / np.where(present, chance, 1.0)[..., None], now)
    gain = _soft_least(now[1:-1], temperature) - (chance * _soft_least(after[..., 1:-1], temperature)).sum(1)
    danger_after = np.clip(after[..., -1], 0.0, 1.0)
    information = _entropy(np.clip(now[-1:], 0, 1))[0] - (chance * _entropy(danger_after)).sum(1)
    return QuestionValues(
        tuple(finding.name for finding in deck.findings),
        np.maximum(gain, 0.0),
        np.maximum(information, 0.0),
        chance,
        after[..., 1:-1].argmin(-1),
        danger_after,
        float(now[-1]),
        int(now[1:-1].argmin()),
        left_out,
    )


def _soft_least(harm: FloatArray, temperature: float) -> FloatArray:
    least = harm.min(-1, keepdims=True)
    return np.asarray(least[..., 0] - temperature * np.log(np.exp((least - harm) / temperature).sum(-1)))


def _entropy(chance: FloatArray) -> FloatArray:
    inside = np.clip(chance, 1e-300, 1 - 1e-16)
    return np.asarray(-(inside * np.log2(inside) + (1 - inside) * np.log2(1 - inside)))
