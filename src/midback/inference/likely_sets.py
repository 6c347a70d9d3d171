"""The sets of causes that hold nearly all the chance, as a short list to work over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.inference.network import FloatArray, IntArray
from midback.inference.point import Point

__all__ = ["LikelySets", "likely_sets"]


@dataclass(frozen=True, slots=True, eq=False)
class LikelySets:
    """``members`` (3, R), where the number of causes stands for nobody; ``chance`` (R,) scaled to sum to 1.

    ``left_out`` is the chance of the sets not listed: no average over the list is off by more than that.
    """

    members: IntArray
    chance: FloatArray
    left_out: float


def likely_sets(point: Point, most: int = 512) -> LikelySets:
    """The empty set, all single causes, and the most probable pairs and triples: about ``most`` sets in all."""
    count = len(point.chance_single)
    room = max(most - count - 1, 0)
    several = np.concatenate([point.chance_pair, point.chance_triple])
    picked = np.flatnonzero(several > 1e-7)
    if len(picked) > room:
        picked = picked[np.argpartition(-several[picked], room - 1)[:room]] if room else picked[:0]
    pairs = len(point.chance_pair)
    two, three = picked[picked < pairs], picked[picked >= pairs] - pairs
    members = np.full((3, 1 + count + len(picked)), count)
    members[0, 1 : 1 + count] = np.arange(count)
    members[:2, 1 + count : 1 + count + len(two)] = point.subsets.pairs[:, two]
    members[:, 1 + count + len(two) :] = point.subsets.triples[:, three]
    chance = np.concatenate(
        [[point.chance_empty], point.chance_single, point.chance_pair[two], point.chance_triple[three]]
    )
    held = float(chance.sum())
    return LikelySets(members, chance / held, max(1 - held, 0.0))
