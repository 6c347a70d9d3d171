"""Numbering of sets of one to three things, in colexicographic order (the highest member counts most)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from midback.inference.network import IntArray

__all__ = ["Subsets", "one_more", "pair_rank", "subset_ids", "subsets"]


@dataclass(frozen=True, slots=True, eq=False)
class Subsets:
    """All sets of at most three of ``size`` things.

    ``pairs`` (2, P) and ``triples`` (3, T) hold the members in rising order; ``sides`` (3, T) the ranks of the three
    pairs inside each triple.
    """

    size: int
    pairs: IntArray
    triples: IntArray
    sides: IntArray


def pair_rank(low: IntArray, high: IntArray) -> IntArray:
    """Rank of the pairs low < high."""
    return np.asarray(high * (high - 1) // 2 + low)


def subset_ids(members: IntArray, size: int) -> IntArray:
    """Ids (R,) of sets given as columns of rising members (k, R), ``size`` standing for nobody wherever it stands:
    0 is the empty set, then the singles, the pairs and the triples, each in rank order.
    """
    more = one_more(size)
    ids = more[members[0]]
    held = np.zeros_like(ids)
    for below, member in pairwise(members):
        held += (below < size) * (size + 1)
        ids += more[held + member]
    return np.asarray(ids)


@lru_cache(maxsize=256)
def one_more(size: int) -> IntArray:
    """How far a further member, above all others, moves the id of a set of ``size`` things: at how many it has
    already, times size + 1, plus the member; ``size`` is nobody, who moves nothing.
    """
    own = np.arange(size + 1)
    ranks = np.stack([own, own * (own - 1) // 2, own * (own - 1) * (own - 2) // 6])
    steps = ranks + np.array([1, size, size * (size - 1) // 2])[:, None]
    steps[:, size] = 0
    return np.asarray(steps.reshape(-1))


@lru_cache(maxsize=256)
def subsets(size: int, largest: int = 3) -> Subsets:
    """The subsets of ``size`` things with at most ``largest`` members; remembered, so cheap to ask again."""
    high, low = np.tril_indices(size, -1)
    pairs = np.stack([low, high]).astype(np.int64)
    triples = np.zeros((3, 0), dtype=np.int64)
    if largest >= 3 and size >= 3:
        # All pairs below `top` come first in colex order, so each `top` extends a prefix of the pairs.
        counts = np.array([top * (top - 1) // 2 for top in range(size)])
        tops = np.repeat(np.arange(size), counts)
        prefix = np.concatenate([np.arange(count) for count in counts])
        triples = np.stack([pairs[0, prefix], pairs[1, prefix], tops])
    low3, middle3, high3 = triples
    sides = np.stack([pair_rank(low3, middle3), pair_rank(low3, high3), pair_rank(middle3, high3)])
    return Subsets(size, pairs, triples, sides)
