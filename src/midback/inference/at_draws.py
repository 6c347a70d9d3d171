"""What an answer says of each single cause, and of sets of causes, at every draw of its finding's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from midback.inference.answered import Answered
from midback.inference.correlated import joined_causes, quick_answer, weights_of_nodes
from midback.inference.draws import draw_probabilities
from midback.inference.factors import at_nodes
from midback.inference.network import FloatArray, Group, IntArray, Short
from midback.inference.subsets import subset_ids
from midback.inference.tables import odds_tables

__all__ = ["AnswerDraws", "GroupDraws", "answers_at_draws", "group_at_draws"]

_LEAST = np.float32(1e-9)
_ROOM = 200_000  # elements (sets x draws) at a time, so that they stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class AnswerDraws:
    """One answered finding at every draw.

    ``odds`` (levels - 1, m + 1, S) as `odds_tables` gives them; ``chance`` (m + 1, S) is P(answer | only that cause),
    its last row P(answer | none); ``printed`` (m + 1,) the same at the printed numbers. ``additive`` marks answers
    whose log likelihood is a plain sum over causes at the printed numbers, and is taken as one at every draw.
    """

    item: Answered
    odds: Short
    chance: Short
    printed: FloatArray
    additive: bool

    @classmethod
    def of(cls, item: Answered, odds: Short) -> AnswerDraws:
        """The answer at the draws of ``odds``."""
        size = len(item.site.causes)
        printed = item.site.likelihood(item.answer, np.arange(size + 1))
        return cls(item, odds, _chance(odds, item.answer), printed, item.site.additive(item.answer) or size < 2)

    def change(self) -> Short:
        """How many times more each single cause (m, S) gains by the answer than at the printed numbers."""
        gain = self.chance[:-1] * (self.printed[-1] / self.printed[:-1]).astype(np.float32)[:, None]
        gain /= self.chance[-1]
        return np.asarray(gain)

    def places(self, members: IntArray, count: int) -> IntArray:
        """Sets (3, R) of causes (``count`` for nobody) as places among the finding's own causes (m for none)."""
        local = np.full(count + 1, len(self.item.site.causes))
        local[self.item.site.causes] = np.arange(len(self.item.site.causes))
        return np.asarray(local[members])

    def interact(self, total: Short, members: IntArray, count: int) -> None:
        """Multiplies ``total`` (R, S) by the interaction of each set's members, which is P(answer | set) over what its
        single causes make of it, over the same at the printed numbers.
        """
        size = len(self.item.site.causes)
        own = np.sort(self.places(members, count), axis=0)
        rows = np.flatnonzero(own[1] < size)
        if not len(rows):
            return
        answer = self.item.answer
        printed = self.item.site.likelihood(answer, *own[:, rows]) / self.printed[-1]
        back_to = ((self.printed / self.printed[-1])[own[:, rows]].prod(0) / printed).astype(np.float32)[:, None]
        used, place = np.unique(own[:, rows], return_inverse=True)
        if used[-1] < size:
            used = np.append(used, size)
        place = place.reshape(3, -1)
        drawn = _Sets.of(self.odds[:, used])
        back = self.chance[-1] / self.chance[used]
        scale = 1 / self.chance[-1]
        room = max(_ROOM // total.shape[1], 1)
        for part in _alike(place, len(used) - 1, room):
            sets = place[:, part] if place[2, part[0]] < len(used) - 1 else place[:2, part]
            now = drawn.chance(answer, sets, scale)
            for member in sets:
                now *= back[member]
            now *= back_to[part]
            total[rows[part]] *= now


def _alike(place: IntArray, nobody: int, room: int) -> Iterator[IntArray]:
    """Columns of ``place`` with two members, then those with three, ``room`` at a time."""
    for three in (False, True):
        columns = np.flatnonzero((place[2] < nobody) == three)
        for first in range(0, len(columns), room):
            yield columns[first : first + room]


def answers_at_draws(items: Sequence[Answered], draws: int, seed: int) -> list[AnswerDraws]:
    """Every answered finding at every draw."""
    tables = odds_tables([item.finding for item in items], draws, seed)
    return [AnswerDraws.of(item, table) for item, table in zip(items, tables, strict=True)]


def _chance(odds: Short, answer: FloatArray) -> Short:
    """P(answer) (m, S) from the odds (levels - 1, m, S) against each threshold."""
    if len(answer) == 2:
        out = odds[0] * np.float32(answer[0])
        if answer[1]:
            out += np.float32(answer[1])
        out /= odds[0] + np.float32(1)
        return np.asarray(np.maximum(out, _LEAST, out=out))
    # From the end where the answer lies, so that rare levels keep their digits.
    low = answer[0] > answer[-1]
    out = np.full(odds.shape[1:], answer[-1] if low else answer[0], dtype=np.float32)
    for against, step in zip(odds, np.diff(answer), strict=True):
        if step:
            share = against + np.float32(1)
            np.divide(against if low else np.float32(1), share, out=share)
            share *= np.float32(-step if low else step)
            out += share
    return np.asarray(np.maximum(out, _LEAST, out=out))


@dataclass(frozen=True, slots=True, eq=False)
class _Sets:
    """The law of a finding (see `sites`) at every draw, over a few of its causes; the last row is "none"."""

    none: Short
    keep: Short
    shrink: Short | None

    @classmethod
    def of(cls, odds: Short) -> _Sets:
        """From odds against each threshold."""
        above: Short = np.asarray(1 / (1 + odds), dtype=np.float32)
        below: Short = odds * above
        none: Short = below[:, -1].copy()
        below /= none[:, None]
        np.minimum(below, 1, out=below)
        above /= above[:, -1:].copy()
        lowers = above.min() < 1
        return cls(none, below, np.minimum(above, 1, out=above) if lowers else None)

    def above(self, sets: IntArray, threshold: int) -> Short:
        """P(f >= r | set), (R, S)."""
        keep = self.keep[threshold]
        out: Short = keep[sets[0]]
        for member in sets[1:]:
            out *= keep[member]
        out *= -self.none[threshold]
        out += np.float32(1)
        if self.shrink is not None:
            for member in sets:
                out *= self.shrink[threshold][member]
        return out

    def chance(self, answer: FloatArray, sets: IntArray, scale: Short) -> Short:
        """P(answer | set) times ``scale`` (S,), as (R, S); crossed thresholds are lowered to the one below."""
        if len(answer) == 2 and self.shrink is None:
            spared = self.keep[0][sets[0]]
            for member in sets[1:]:
                spared *= self.keep[0][member]
            spared *= self.none[0] * scale * np.float32(answer[0] - answer[1])
            if answer[1]:
                spared += scale * np.float32(answer[1])
            return np.asarray(np.maximum(spared, _LEAST, out=spared))
        steps = np.diff(answer).astype(np.float32)
        last = int(np.flatnonzero(steps)[-1])
        out = lowest = self.above(sets, 0)
        if last:
            out = lowest * steps[0]
        else:
            out *= steps[0]
        for threshold in range(1, last + 1):
            lowest = np.minimum(lowest, self.above(sets, threshold), out=lowest)
            if steps[threshold]:
                out += lowest * steps[threshold]
        out += np.float32(answer[0])
        np.maximum(out, _LEAST, out=out)
        out *= scale
        return out

    def odds(self, sets: IntArray) -> Short:
        """Odds (levels - 1, R, S) against f >= r."""
        out = np.empty((len(self.keep), sets.shape[1], self.keep.shape[-1]), dtype=np.float32)
        for threshold in range(len(out)):
            out[threshold] = self.above(sets, threshold)
            if threshold:
                np.minimum(out[threshold], out[threshold - 1], out=out[threshold])
        np.clip(out, _LEAST, 1 - np.float32(1e-7), out=out)
        return np.divide(1 - out, out, out=out)


@dataclass(frozen=True, slots=True, eq=False)
class GroupDraws:
    """A group's correction of its answers' own log likelihoods, at every draw, less that at the printed numbers.

    ``change`` (m, S) for each single cause in ``causes`` (m,), relative to no cause; ``empty`` (S,) the correction
    with no cause, ``printed_empty`` the same at the printed numbers.
    """

    group: Group
    members: tuple[AnswerDraws, ...]
    rho: FloatArray
    causes: IntArray
    change: Short
    empty: Short
    printed_empty: float
    largest: int

    def correct(self, total: Short, sets: IntArray, count: int, room: int) -> None:
        """Multiplies ``total`` (R, S) by the change of the group's interaction in the first ``room`` of the sets that
        hold two or more of its causes.
        """
        linked = np.zeros(count + 1, dtype=bool)
        linked[self.causes] = True
        rows = np.flatnonzero(linked[sets].sum(0) >= 2)[:room]
        if not len(rows):
            return
        joint, alone = np.ones((1, 1, 1), dtype=np.float32), np.zeros(1, dtype=np.float32)
        joint_printed, alone_printed = np.ones((1, 1)), np.zeros(1)
        for member in self.members:
            item, own = member.item, member.places(sets[:, rows], count)
            at_mean = at_nodes(item.finding, item.answer, float(self.group.rho.mean), self.largest)
            joint_printed = joint_printed * at_mean[subset_ids(own, len(item.site.causes))]
            alone_printed = alone_printed + np.log(item.site.likelihood(item.answer, *own))
            used, place = np.unique(own, return_inverse=True)
            if used[-1] < len(item.site.causes):
                used = np.append(used, len(item.site.causes))
            drawn = _Sets.of(member.odds[:, used])
            odds = drawn.odds(place.reshape(3, -1))
            joint = joint * quick_answer(odds, item.answer, self.rho)
            alone = alone + np.log(_chance(odds, item.answer))
        now = _mean_log(joint) - alone
        now -= self.empty
        printed = np.log(joint_printed @ weights_of_nodes()) - alone_printed - self.printed_empty
        now -= printed.astype(np.float32)[:, None]
        place = np.full(count + 1, len(self.causes))
        place[self.causes] = np.arange(len(self.causes))
        padded = np.concatenate([self.change, np.zeros_like(self.change[:1])])
        for cause in place[sets[:, rows]]:
            now -= padded[cause]
        total[rows] *= np.exp(np.clip(now, -60, 60, out=now), out=now)


def group_at_draws(
    group: Group, members: Sequence[AnswerDraws], chance: FloatArray, least: float, largest: int, seed: int
) -> GroupDraws:
    """The random effect of one group at every draw, for the causes whose chance (n,) is at least ``least``; sets have
    at most ``largest`` causes.
    """
    causes = joined_causes([member.item.site for member in members])
    causes = causes[chance[causes] >= least]
    rho = draw_probabilities(group.rho, members[0].odds.shape[-1], seed)
    joint, alone = np.ones((1, 1, 1), dtype=np.float32), np.zeros(1, dtype=np.float32)
    joint_printed, alone_printed = np.ones((1, 1)), np.zeros(1)
    for member in members:
        item = member.item
        size = len(item.site.causes)
        places = np.append(member.places(causes, len(chance)), size)
        used, local = np.unique(places, return_inverse=True)
        at_mean = at_nodes(item.finding, item.answer, float(group.rho.mean), largest)
        joint_printed = joint_printed * at_mean[subset_ids(places[None], size)]
        alone_printed = alone_printed + np.log(member.printed[places])
        given = quick_answer(member.odds[:, used], item.answer, rho)
        joint = joint * (given if len(used) == len(local) else given[:, local])
        alone = alone + np.log(member.chance[places])
    at_printed = np.log(joint_printed @ weights_of_nodes()) - alone_printed
    drawn = _mean_log(joint) - alone
    change = drawn[:-1] - drawn[-1]
    change -= (at_printed[:-1] - at_printed[-1]).astype(np.float32)[:, None]
    return GroupDraws(group, tuple(members), rho, causes, change, drawn[-1], float(at_printed[-1]), largest)


def _mean_log(joint: Short) -> Short:
    mean = np.tensordot(weights_of_nodes().astype(np.float32), joint, 1)
    return np.asarray(np.log(np.maximum(mean, np.float32(1e-37))))
