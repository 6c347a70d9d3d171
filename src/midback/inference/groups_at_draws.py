"""What the answers of one group say together of causes and of sets of causes, at every draw of all their numbers.

To about three digits: good enough for ranges, never used for a headline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from midback.inference.at_draws import AnswerDraws, Law
from midback.inference.correlated import joined_causes, weights_of_nodes
from midback.inference.draws import draw_probabilities
from midback.inference.factors import at_nodes
from midback.inference.memory import recall
from midback.inference.nearby import NearbyEffect
from midback.inference.network import FloatArray, Group, IntArray, Short
from midback.inference.subsets import subset_ids

__all__ = ["SELDOM", "GroupDraws", "group_at_draws"]

SELDOM = 1e-4  # a group's random effect stays as printed for causes less probable than this


def _effect(group: Group, draws: int, seed: int) -> NearbyEffect:
    """The group's effect at every draw of its rho; drawn once and kept."""
    key = ("effect", id(group.rho), draws, seed)
    return recall(
        key, group.rho, lambda: NearbyEffect.of(draw_probabilities(group.rho, draws, seed)), lambda made: made.nbytes
    )


@dataclass(frozen=True, slots=True, eq=False)
class GroupDraws:
    """The answers of one group, joined by its random effect, at every draw.

    ``gain`` (m, S) is how many times more each cause of ``causes`` (m,) gains by all of them than at the printed
    numbers; ``none`` (S,) is P(answers | no cause), ``printed_none`` the same at the printed numbers. Sets are worked
    with at most ``largest`` causes.
    """

    members: tuple[AnswerDraws, ...]
    effect: NearbyEffect
    rho: float
    causes: IntArray
    gain: Short
    none: Short
    printed_none: float
    largest: int

    def interact(self, total: Short, members: IntArray, rows: IntArray, count: int) -> None:
        """Multiplies ``rows`` of ``total`` (R, S) by the interaction of the sets ``members`` (3, R), as
        `AnswerDraws.interact` does for one answer; their causes are among ``causes``, or not linked to the group.
        """
        sets = members[:, rows]
        joint, printed = np.ones((1, 1, 1), dtype=np.float32), np.ones((1, 1))
        for answer in self.members:
            item, own = answer.item, answer.places(sets, count)
            printed = (
                printed
                * at_nodes(item.finding, item.answer, self.rho, self.largest)[subset_ids(own, len(item.site.causes))]
            )
            used, place = answer.among(np.sort(own, axis=0))
            joint = joint * self.effect.given(Law.of(answer.odds[:, used]).odds(place), item.answer)
        now = _mean(joint)
        now /= self.none
        now *= (self.printed_none / (printed @ weights_of_nodes())).astype(np.float32)[:, None]
        place = np.full(count + 1, len(self.causes))
        place[self.causes] = np.arange(len(self.causes))
        padded = np.concatenate([self.gain, np.ones_like(self.gain[:1])])
        for cause in place[sets]:
            now /= padded[cause]
        total[rows] *= now


def group_at_draws(
    group: Group, members: Sequence[AnswerDraws], chance: FloatArray, largest: int, seed: int
) -> GroupDraws:
    """The answers of one group for those causes that are not seldom by their chance (n,); sets have at most
    ``largest`` causes.
    """
    causes = joined_causes([answer.item.site for answer in members])
    causes = causes[chance[causes] >= SELDOM]
    effect, rho = _effect(group, members[0].odds.shape[-1], seed), float(group.rho.mean)
    joint: Short | None = None
    printed = np.ones((1, 1))
    for answer in members:
        item, size = answer.item, len(answer.item.site.causes)
        places = np.append(answer.places(causes, len(chance)), size)
        printed = printed * at_nodes(item.finding, item.answer, rho, largest)[subset_ids(places[None], size)]
        linked, others = np.flatnonzero(places < size), np.flatnonzero(places == size)
        given = effect.given(answer.odds[:, np.append(places[linked], size)], item.answer)
        if joint is None:
            where = np.full(len(places), len(linked))
            where[linked] = np.arange(len(linked))
            joint = given[:, where]
        else:
            joint[:, linked] *= given[:, :-1]
            joint[:, others] *= given[:, -1:]
    assert joint is not None
    mean, at_printed = _mean(joint), printed @ weights_of_nodes()
    gain = mean[:-1] / mean[-1]
    gain *= (at_printed[-1] / at_printed[:-1]).astype(np.float32)[:, None]
    return GroupDraws(tuple(members), effect, rho, causes, gain, mean[-1], float(at_printed[-1]), largest)


def _mean(joint: Short) -> Short:
    return np.asarray(np.maximum(np.tensordot(weights_of_nodes().astype(np.float32), joint, 1), np.float32(1e-37)))
