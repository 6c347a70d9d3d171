"""Numbering of sets of one to three things, in colexicographic order (the highest member counts most)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from midback.inference.network import IntArray

__all__ = ["Subsets", "pair_rank", "subset_ids", "subsets", "triple_rank"]


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


def triple_rank(low: IntArray, middle: IntArray, high: IntArray) -> IntArray:
    """Rank of the triples low < middle < high."""
    return np.asarray(high * (high - 1) * (high - 2) // 6 + middle * (middle - 1) // 2 + low)


def subset_ids(members: IntArray, size: int) -> IntArray:
    """Ids (R,) of sets given as columns of rising members (k, R), ``size`` standing for nobody wherever it stands:
    0 is the empty set, then the singles, the pairs and the triples, each in rank order.
    """
    ranks, first = _ranks(size)
    ids = ranks[members[0]]
    held = (members[0] < size).astype(np.int64)
    for member in members[1:]:
        ids += ranks[held * (size + 1) + member]
        held += member < size
    return np.asarray(ids + first[held])


@lru_cache(maxsize=256)
def _ranks(size: int) -> tuple[IntArray, IntArray]:
    """What each member adds to the rank of its set, by how many come before it; where each size of set begins."""
    own = np.arange(size + 1)
    ranks = np.stack([own, own * (own - 1) // 2, own * (own - 1) * (own - 2) // 6])
    ranks[:, size] = 0
    return ranks.reshape(-1), np.array([0, 1, 1 + size, 1 + size + size * (size - 1) // 2])


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
