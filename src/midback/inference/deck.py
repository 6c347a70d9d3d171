"""The thresholds of many findings side by side, so that all are worked out in a few array steps."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cached_property

import numpy as np

from midback.inference.answered import site_of
from midback.inference.memory import recall
from midback.inference.network import Finding, FloatArray, IntArray, Network
from midback.inference.sites import FLOOR

__all__ = ["Deck", "deck_of"]


class Deck:
    """Findings side by side: ``first`` (F + 1,) is where each finding's thresholds begin; ``keep`` and ``shrink``
    (n + 1, W) are those of `Site` for all W thresholds, ``less`` (n + 1, W) is ``keep`` times -``none``.
    """

    def __init__(
        self, findings: Sequence[Finding], less: FloatArray, keep: FloatArray, shrink: FloatArray | None
    ) -> None:
        self.findings = tuple(findings)
        self.names = tuple(finding.name for finding in findings)
        sizes = [len(finding.levels) - 1 for finding in findings]
        self.first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.less, self.keep, self.shrink = less, keep, shrink
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
        return cls(network.findings, -none * keep, keep, None if np.all(shrink == 1) else shrink)

    def only(self, names: Set[str]) -> Deck:
        """The findings of these names, in the same order."""
        places = [place for place, name in enumerate(self.names) if name in names]
        if len(places) == len(self.names):
            return self
        kept = np.zeros(len(self.names), dtype=bool)
        kept[places] = True
        columns = np.repeat(kept, np.diff(self.first))
        return Deck(
            [self.findings[place] for place in places],
            self.less[:, columns],
            self.keep[:, columns],
            None if self.shrink is None else self.shrink[:, columns],
        )

    def above(self, members: IntArray) -> FloatArray:
        """P(f >= r | set), (thresholds, sets)."""
        nobody = len(self.keep) - 1
        members = members[[place == 0 or bool(np.any(member != nobody)) for place, member in enumerate(members)]]
        above = self.less[members[0]]
        for member in members[1:]:
            above *= self.keep[member]
        above += 1
        if self.shrink is not None:
            for member in members:
                above *= self.shrink[member]
        out: FloatArray = above.T
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


def deck_of(network: Network) -> Deck:
    """All findings of the network, side by side."""
    key = ("deck", id(network.findings))
    return recall(key, network.findings, lambda: Deck.of(network), lambda made: 3 * made.keep.nbytes)
