"""The thresholds of many findings side by side, so that all are worked out in a few array steps."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cached_property

import numpy as np

from midback.inference.answered import Answered, site_of
from midback.inference.memory import recall
from midback.inference.network import Finding, FloatArray, IntArray, Network
from midback.inference.sites import FLOOR

__all__ = ["Deck", "deck_of", "deck_of_answers"]

_TOGETHER = 128  # sets at a time: in fresh memory for all at once the same takes eight times as long


class Deck:
    """Findings side by side: ``first`` (F + 1,) is where each finding's thresholds begin; ``keep`` (n + 1, W) is that
    of `Site` for all W thresholds, ``less`` (n + 1, W) the same times -``none``; ``shrink`` (n + 1, V) is that of the
    thresholds ``lowered`` (V,), which some cause lowers.
    """

    def __init__(
        self, findings: Sequence[Finding], less: FloatArray, keep: FloatArray, shrink: FloatArray, lowered: IntArray
    ) -> None:
        self.findings = tuple(findings)
        self.names = tuple(finding.name for finding in findings)
        sizes = [len(finding.levels) - 1 for finding in findings]
        self.first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.less, self.keep, self.shrink, self.lowered = less, keep, shrink, lowered
        self.ordered = [place for place, size in enumerate(sizes) if size > 1]

    @classmethod
    def of(cls, network: Network) -> Deck:
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
        lowered = np.flatnonzero((shrink < 1).any(0))
        return cls(network.findings, -none * keep, keep, shrink[:, lowered], lowered)

    def only(self, names: Set[str]) -> Deck:
        """The findings of these names, in the same order."""
        places = [place for place, name in enumerate(self.names) if name in names]
        if len(places) == len(self.names):
            return self
        kept = np.zeros(len(self.names), dtype=bool)
        kept[places] = True
        columns = np.repeat(kept, np.diff(self.first))
        lowered = columns[self.lowered]
        return Deck(
            [self.findings[place] for place in places],
            self.less[:, columns],
            self.keep[:, columns],
            self.shrink[:, lowered],
            (np.cumsum(columns) - 1)[self.lowered[lowered]],
        )

    def above(self, members: IntArray) -> FloatArray:
        """P(f >= r | set), (thresholds, sets)."""
        count, width = members.shape[1], self.keep.shape[1]
        above, spare = np.empty((count, width)), np.empty((min(_TOGETHER, count), width))
        for first in range(0, count, _TOGETHER):
            some = members[:, first : first + _TOGETHER]
            held = [member for member in some[1:] if member.min() < len(self.keep) - 1]
            own = np.take(self.less, some[0], axis=0, out=above[first : first + _TOGETHER], mode="clip")
            for member in held:
                own *= np.take(self.keep, member, axis=0, out=spare[: len(own)], mode="clip")
            own += 1
            if len(self.lowered):
                lowered = self.shrink[some[0]]
                for member in held:
                    lowered *= self.shrink[member]
                own[:, self.lowered] *= lowered
        out: FloatArray = above.T
        for place in self.ordered:
            span = slice(self.first[place], self.first[place + 1])
            out[span] = _uncrossed(out[span])
        return out

    def likelihoods(self, items: Sequence[Answered], above: FloatArray) -> FloatArray:
        """P(answer | set) (answers, sets) of each answer taken by itself, from P(f >= r | set); the ``items`` answer
        the findings of the deck, in their order.
        """
        out = above[self.first[:-1]]
        two = [place for place, item in enumerate(items) if len(item.answer) == 2]
        miss, hit = np.array([items[place].answer for place in two]).reshape(-1, 2).T[..., None]
        out[two] = miss + (hit - miss) * out[two]
        for place in self.ordered:
            answer, own = items[place].answer, above[self.first[place] : self.first[place + 1]]
            out[place] = answer[0] + np.diff(answer) @ own
        return np.asarray(np.maximum(out, 1e-300))

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


def deck_of(network: Network) -> Deck:
    """All findings of the network, side by side."""
    key = ("deck", id(network.findings))
    return recall(key, network.findings, lambda: Deck.of(network), lambda made: 3 * made.keep.nbytes)


def deck_of_answers(network: Network, items: Sequence[Answered]) -> Deck:
    """The findings of these answers, side by side."""
    return deck_of(network).only({item.finding.name for item in items})
