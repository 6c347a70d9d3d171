"""What one answer says of each single cause, and of sets of causes, at every draw of its finding's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from midback.inference.answered import Answered
from midback.inference.network import FloatArray, IntArray, Short
from midback.inference.tables import odds_tables

__all__ = ["AnswerDraws", "Law", "answers_at_draws"]

_LEAST = np.float32(1e-9)
_ROOM = 60_000  # elements (sets x draws) at a time, so that they stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class AnswerDraws:
    """One answered finding at every draw.

    ``odds`` (levels - 1, m + 1, S) as `odds_tables` gives them; ``printed`` (m + 1,) is P(answer | only that cause) at
    the printed numbers, its last entry P(answer | none).
    """

    item: Answered
    odds: Short
    printed: FloatArray

    @classmethod
    def of(cls, item: Answered, odds: Short) -> AnswerDraws:
        """The answer at the draws of ``odds``."""
        return cls(item, odds, item.site.likelihood(item.answer, np.arange(len(item.site.causes) + 1)))

    def gain(self, places: IntArray | slice = slice(-1)) -> Short:
        """How many times more each of its causes (k, S) gains by the answer than at the printed numbers."""
        gain = _chance(self.odds[:, places], self.item.answer)
        gain *= (self.printed[-1] / self.printed[places]).astype(np.float32)[:, None]
        gain /= _chance(self.odds[:, -1], self.item.answer)
        return gain

    def places(self, causes: IntArray, count: int) -> IntArray:
        """Causes (``count`` for nobody) as places among the finding's own causes (m for none)."""
        local = np.full(count + 1, len(self.item.site.causes))
        local[self.item.site.causes] = np.arange(len(self.item.site.causes))
        return np.asarray(local[causes])

    def among(self, own: IntArray) -> tuple[IntArray, IntArray]:
        """The places that ``own`` names, rising, with that for none last; and ``own`` as places among these."""
        named = np.zeros(len(self.printed), dtype=bool)
        named[own] = named[-1] = True
        return np.flatnonzero(named), (np.cumsum(named) - 1)[own]

    def interact(self, total: Short, members: IntArray, rows: IntArray, count: int) -> None:
        """Multiplies ``rows`` of ``total`` (R, S) by the interaction of the sets ``members`` (3, R), which is
        P(answer | set) over what its single causes make of it, over the same at the printed numbers.
        """
        answer = self.item.answer
        own = np.sort(self.places(members[:, rows], count), axis=0)
        printed = self.item.site.likelihood(answer, *own) / self.printed[-1]
        back_to = ((self.printed / self.printed[-1])[own].prod(0) / printed).astype(np.float32)[:, None]
        used, place = self.among(own)
        odds = self.odds[:, used]
        drawn = Law.of(odds[: int(np.flatnonzero(np.diff(answer))[-1]) + 1])
        single = _chance(odds, answer)
        back = single[-1] / single
        scale = 1 / single[-1]
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


def _raised(chance: Short) -> Short:
    # In place, and against a row, which NumPy does five times as fast as against a single number.
    return np.maximum(chance, np.full(chance.shape[-1], _LEAST), out=chance)


def _chance(odds: Short, answer: FloatArray) -> Short:
    """P(answer) (..., S) from the odds (levels - 1, ..., S) against each threshold."""
    if len(answer) == 2:
        out = odds[0] * np.float32(answer[0])
        if answer[1]:
            out += np.float32(answer[1])
        out /= odds[0] + np.float32(1)
        return out if answer.min() > _LEAST else _raised(out)
    # From the end where the answer lies, so that rare levels keep their digits.
    low = answer[0] > answer[-1]
    out = np.full(odds.shape[1:], answer[-1] if low else answer[0], dtype=np.float32)
    for against, step in zip(odds, np.diff(answer), strict=True):
        if step:
            share = against + np.float32(1)
            np.divide(against if low else np.float32(1), share, out=share)
            share *= np.float32(-step if low else step)
            out += share
    return _raised(out)


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """The law of a finding (see `sites`) at every draw, over a few of its causes; the last row is "none"."""

    none: Short
    keep: Short
    shrink: Short | None

    @classmethod
    def of(cls, odds: Short) -> Law:
        """From odds against each threshold."""
        above: Short = odds + np.float32(1)
        np.reciprocal(above, out=above)
        below: Short = odds * above
        none: Short = below[:, -1].copy()
        below /= none[:, None]
        one = np.ones(odds.shape[-1], dtype=np.float32)
        np.minimum(below, one, out=below)
        above /= above[:, -1:].copy()
        lowers = above.min() < 1
        return cls(none, below, np.minimum(above, one, out=above) if lowers else None)

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
            return _raised(spared)
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
        _raised(out)
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
