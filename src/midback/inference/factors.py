"""The log likelihood of one answer, or of one group of answers, as interaction terms over its own causes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from midback.inference.answered import Answered, site_of
from midback.inference.correlated import (
    answer_at_nodes,
    joined_causes,
    own_subsets,
    threshold_logits,
    weights_of_nodes,
)
from midback.inference.memory import recall
from midback.inference.network import Finding, FloatArray, IntArray, Network
from midback.inference.sites import Site
from midback.inference.subsets import pair_rank, subsets

__all__ = ["Factor", "at_nodes", "factor_of", "factors_of"]

Places = IntArray | slice
_NONE = np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """Logs: of no cause, of each single cause over that, and of what pairs and triples have beyond their members.

    ``causes`` (m,) rising; ``single`` (m,); ``pair`` and ``triple`` with the ranks ``pair_at`` and ``triple_at`` of
    their sets among all causes; both empty where causes do not interact or such sets are not looked at.
    """

    causes: IntArray
    empty: float
    single: FloatArray
    pair: FloatArray
    triple: FloatArray
    pair_at: Places
    triple_at: Places

    @classmethod
    def of(cls, causes: IntArray, count: int, largest: int, logs: FloatArray) -> Factor:
        """From the logs of the empty set, then of the singles, then (if they interact) of the pairs and triples."""
        size = len(causes)
        empty, own = float(logs[0]), logs[1 : 1 + size] - logs[0]
        if len(logs) == 1 + size:
            return cls(causes, empty, own, _NONE, _NONE, slice(0), slice(0))
        every = subsets(size, largest)
        low, high = every.pairs
        both = logs[1 + size : 1 + size + len(low)] - empty
        extra = both - own[low] - own[high]
        beyond = _NONE
        left, middle, right = every.sides
        top = every.triples[2]
        if len(top):
            # The logs of a triple, less those of its pairs, plus those of its members.
            beyond = logs[1 + size + len(low) :] - empty
            beyond -= both[middle]
            beyond -= both[right]
            beyond -= extra[left]
            beyond += own[top]
        if size == count:
            return cls(causes, empty, own, extra, beyond, slice(None), slice(None))
        pair_at = pair_rank(causes[low], causes[high])
        triple_at = pair_at[left] + (causes * (causes - 1) * (causes - 2) // 6)[top]
        return cls(causes, empty, own, extra, beyond, pair_at, triple_at)

    def size(self) -> int:
        """Bytes held, about."""
        return 2 * (self.pair.nbytes + self.triple.nbytes) + 1000


def factors_of(network: Network, items: Sequence[Answered], largest: int) -> list[tuple[list[Answered], Factor]]:
    """The factors of all answers, each with the answers it stands for: one alone, or those of one group."""
    parts = [[item] for item in items if item.joined is None]
    for group in network.groups:
        members = [item for item in items if item.joined == group.name]
        if members:
            parts.append(members)
    return [(members, factor_of(network, members, largest)) for members in parts]


def factor_of(network: Network, members: Sequence[Answered], largest: int) -> Factor:
    """The factor of one answer, or of some answers of one group."""
    count = len(network.causes)
    if len(members) == 1:
        item = members[0]
        key = ("factor", id(item.finding), item.answer.tobytes(), count, largest)
        return recall(key, item.finding, lambda: _alone(item, count, largest), Factor.size)
    rho = next(float(group.rho.mean) for group in network.groups if group.name == members[0].joined)
    causes = joined_causes([item.site for item in members])
    joint: FloatArray | None = None
    for item in members:
        part = np.take(
            at_nodes(item.finding, item.answer, rho, largest), own_subsets(item.site, causes, largest), axis=0
        )
        joint = part if joint is None else np.multiply(joint, part, out=joint)
    assert joint is not None
    return Factor.of(causes, count, largest, _log(joint @ weights_of_nodes()))


def _alone(item: Answered, count: int, largest: int) -> Factor:
    site, answer = item.site, item.answer
    sets = _every_set(site, 1 if site.additive(answer) else largest)
    return Factor.of(site.causes, count, largest, _log(np.concatenate([site.likelihood(answer, *s) for s in sets])))


def at_nodes(finding: Finding, answer: FloatArray, rho: float, largest: int) -> FloatArray:
    """P(answer | set, z) at each node (sets, Q) for every set of the finding's causes, numbered as by `subset_ids`."""

    def worked() -> FloatArray:
        site = site_of(finding)
        shares = np.concatenate([site.shares(*sets) for sets in _every_set(site, largest)], axis=1)
        made = answer_at_nodes(threshold_logits(shares), answer, rho)
        made.flags.writeable = False
        return made

    key = ("nodes", id(finding), answer.tobytes(), rho, largest)
    return recall(key, finding, worked, lambda made: made.nbytes)


def _every_set(site: Site, largest: int) -> list[tuple[IntArray, ...]]:
    """Rows of members of the empty set, the singles, the pairs and the triples of a finding's causes."""
    size = len(site.causes)
    every = subsets(size, largest)
    sets: list[tuple[IntArray, ...]] = [(np.array([size]),), (np.arange(size),)]
    if largest >= 2:
        sets.append(tuple(every.pairs))
    if largest >= 3:
        sets.append(tuple(every.triples))
    return sets


def _log(values: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(values))
