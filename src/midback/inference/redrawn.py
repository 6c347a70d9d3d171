"""Which interactions are redrawn: those on which chance hangs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from midback.inference.at_draws import AnswerDraws
from midback.inference.deck import deck_of_answers
from midback.inference.groups_at_draws import GroupDraws
from midback.inference.network import FloatArray, IntArray, Network
from midback.inference.point import Point

__all__ = ["Redrawn", "choose_redrawn"]

_MOST = 8.0e6  # elements (interactions x draws) worked anew
_MOST_SETS = 768
_LEFT = 2e-4  # sets that together hold less chance than this are left as printed
_HANGING = 2e-3  # so are interactions on which together less chance hangs than this
_GROUPED = 1e-3  # in sets less probable than this the answers of a group are worked one by one
# What may come to light at a draw though nothing is printed, as a log: of a yes-or-no answer; and of one with levels,
# where causes that pull both ways can cross thresholds.
_UNSEEN = 0.2
_CROSSING = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """``places`` (R,) are the sets that are redrawn, pairs first, then triples; ``members`` (3, R) their causes (the
    number of causes stands for nobody). ``parts`` are the answers and groups with the rows of the sets whose
    interaction is worked anew. ``kept`` is the chance that hangs on all others: that of a set times how far they move.
    """

    places: IntArray
    members: IntArray
    parts: tuple[tuple[AnswerDraws | GroupDraws, IntArray], ...]
    kept: float


def choose_redrawn(
    network: Network, point: Point, answers: Sequence[AnswerDraws], groups: Mapping[str, GroupDraws], draws: int
) -> Redrawn:
    """The interactions to redraw at ``draws`` draws, within a fixed amount of work."""
    chance = np.concatenate([point.chance_pair, point.chance_triple])
    extra = np.abs(np.concatenate([point.pair_extra, point.triple_extra]))
    places, count = _heavy_sets(chance), len(point.chance)
    kept = float(chance @ extra - chance[places] @ extra[places])
    if not len(places):
        return Redrawn(places, np.full((3, 0), count), (), kept)
    members, held = _members(point, places), chance[places]
    hanging = _moving(network, answers, members, count) * held
    parts: list[tuple[AnswerDraws | GroupDraws, IntArray]] = []
    for name, group in groups.items():
        linked = np.zeros(count + 1, dtype=bool)
        linked[group.causes] = True
        rows = np.flatnonzero((linked[members].sum(0) >= 2) & (held >= _GROUPED))
        if len(rows):
            parts.append((group, rows))
            own = np.flatnonzero([answer.item.joined == name for answer in answers])
            hanging[np.ix_(own, rows)] = 0  # the group works its answers' interactions together
    rising = np.sort(hanging, axis=None)
    first = max(int(np.searchsorted(np.cumsum(rising), _HANGING)), len(rising) - int(_MOST / draws))
    kept += float(rising[:first].sum())
    least = rising[first] if first < len(rising) else np.inf
    for answer, own in zip(answers, hanging >= least, strict=True):
        if own.any():
            parts.append((answer, np.flatnonzero(own)))
    return _only_used(Redrawn(places, members, tuple(parts), kept))


def _heavy_sets(chance: FloatArray) -> IntArray:
    """The places of the sets that hold nearly all the chance."""
    candidates = np.flatnonzero(chance > 1e-9)
    held = chance[candidates]
    if len(held) > _MOST_SETS:
        best = np.argpartition(-held, _MOST_SETS)[:_MOST_SETS]
        candidates, held = candidates[best], held[best]
    order = np.argsort(-held, kind="stable")
    left = held.sum() - np.cumsum(held[order])
    return np.sort(candidates[order[: int(np.searchsorted(-left, -_LEFT)) + 1]])


def _members(point: Point, places: IntArray) -> IntArray:
    every, pairs = point.subsets, len(point.chance_pair)
    members = np.full((3, len(places)), len(point.chance))
    members[:2, places < pairs] = every.pairs[:, places[places < pairs]]
    members[:, places >= pairs] = every.triples[:, places[places >= pairs] - pairs]
    return members


def _moving(network: Network, answers: Sequence[AnswerDraws], members: IntArray, count: int) -> FloatArray:
    """How far (answers, R) what each answer says of each set beyond its single causes may move with its numbers: the
    log of it at the printed numbers, and what may come to light at a draw though nothing is printed.
    """
    items = [answer.item for answer in answers]
    deck = deck_of_answers(network, items)
    alone = np.full((len(members), count + 1), count)
    alone[0] = np.arange(count + 1)
    logs = np.log(deck.likelihoods(items, deck.above(np.concatenate([alone, members], axis=1))))
    single = logs[:, : count + 1]
    printed = logs[:, count + 1 :] - single[:, members].sum(1) + (len(members) - 1) * single[:, -1:]
    linked, hidden = np.zeros((len(items), count + 1), dtype=bool), np.zeros((len(items), 1))
    for place, item in enumerate(items):
        linked[place, item.site.causes] = True
        hidden[place] = 0.0 if item.site.additive(item.answer) else _UNSEEN if len(item.answer) == 2 else _CROSSING
    return np.asarray((np.abs(printed) + hidden) * (linked[:, members].sum(1) >= 2))


def _only_used(chosen: Redrawn) -> Redrawn:
    """Without the sets of which no interaction is worked anew."""
    used = np.zeros(len(chosen.places), dtype=bool)
    for _, rows in chosen.parts:
        used[rows] = True
    place = np.cumsum(used) - 1
    parts = tuple((part, place[rows]) for part, rows in chosen.parts)
    return Redrawn(chosen.places[used], chosen.members[:, used], parts, chosen.kept)
