"""Point chances for many people at once, by matrix products; at most one or two causes each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.inference.answered import site_of
from midback.inference.evidence import Observed
from midback.inference.network import Finding, FloatArray, IntArray, Network
from midback.inference.prior import set_prior
from midback.inference.sites import answer_coefficients
from midback.inference.subsets import pair_rank, subsets

__all__ = ["Batch", "infer_batch"]

_PEOPLE = {1: 4096, 2: 4096}  # at a time, by the most causes; more would leave the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Interaction of one reply in the pairs of a finding's causes."""

    column: int
    level: int
    ranks: IntArray
    extra: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """A network made ready for many people. Make it once with `Batch.of`, then call `chances`.

    Groups are left out: each answer counts on its own, so this is for populations, not for a person.
    """

    network: Network
    max_causes: int
    findings: tuple[str, ...]
    risks: tuple[str, ...]
    base: NDArray[np.float32]
    tables: NDArray[np.float32]  # (replies, n)
    first: IntArray  # first reply of each column
    pairs: tuple[_Pairs, ...]
    start: float

    @classmethod
    def of(cls, network: Network, max_causes: int = 1) -> Batch:
        """The network made ready; ValueError unless ``max_causes`` is 1 or 2."""
        if max_causes not in (1, 2):
            raise ValueError("a batch looks at sets of at most 1 or 2 causes")
        largest = 1 if network.several == 0 else min(max_causes, len(network.causes))
        odds, start = set_prior(network.prior.mean, network.other.mean, network.several, largest)
        rows: list[FloatArray] = []
        first: list[int] = []
        pairs: list[_Pairs] = []
        for column, finding in enumerate(network.findings):
            first.append(len(rows))
            for level in range(len(finding.levels)):
                single, extra = _reply(finding, level, largest)
                own = np.zeros(len(network.causes))
                own[site_of(finding).causes] = single
                rows.append(own)
                if extra is not None:
                    causes = site_of(finding).causes
                    low, high = subsets(len(causes), 2).pairs
                    moved = np.abs(extra) > 1e-12
                    ranks = pair_rank(causes[low[moved]], causes[high[moved]])
                    pairs.append(_Pairs(column, level, ranks, extra[moved].astype(np.float32)))
        for risk in network.risks:
            first.append(len(rows))
            shifts = risk.log_odds.mean
            rows.extend(shifts - np.log(risk.share @ np.exp(shifts)))
        return cls(
            network,
            largest,
            tuple(finding.name for finding in network.findings),
            tuple(risk.name for risk in network.risks),
            odds.astype(np.float32),
            np.array(rows, dtype=np.float32).reshape(len(rows), len(network.causes)),
            np.array([*first, len(rows)]),
            tuple(pair for pair in pairs if len(pair.ranks)),
            float(start),
        )

    def chances(self, levels: NDArray[np.int8]) -> NDArray[np.float32]:
        """Chances (people, n + 1), last column `other`, from the level of each finding then of each risk; -1 is
        "not asked". ``levels`` is (people, findings + risks); ValueError for another shape or a level too high.
        """
        width = len(self.first) - 1
        if levels.ndim != 2 or levels.shape[1] != width:
            raise ValueError(f"levels has shape {levels.shape}, not (people, {width})")
        if len(levels) and (np.any(levels.max(0) >= np.diff(self.first)) or levels.min() < -1):
            raise ValueError("a level is outside its finding's levels")
        out = np.empty((len(levels), len(self.network.causes) + 1), dtype=np.float32)
        step = _PEOPLE[self.max_causes]
        for begin in range(0, len(levels), step):
            block = slice(begin, begin + step)
            out[block] = self._block(np.ascontiguousarray(levels[block].T))
        return out

    def _block(self, columns: NDArray[np.int8]) -> NDArray[np.float32]:
        people = columns.shape[1]
        shown = np.empty((len(self.tables), people), dtype=np.float32)
        for level in range(int(np.diff(self.first).max(initial=0))):
            has = np.flatnonzero(np.diff(self.first) > level)
            shown[self.first[has] + level] = columns[has] == level
        single = self.tables.T @ shown
        single += self.base[:, None]
        if self.max_causes == 1:
            single += np.float32(self.start)
            top = np.maximum(single.max(0), 0)
            weight = np.exp(np.subtract(single, top, out=single), out=single)
            empty = np.exp(-top)
            total = weight.sum(0) + empty
            return np.asarray(np.concatenate([weight, empty[None]]).T / total[:, None])
        return self._two(columns, single)

    def _two(self, columns: NDArray[np.int8], single: NDArray[np.float32]) -> NDArray[np.float32]:
        count, people = single.shape
        extra = np.zeros((count * (count - 1) // 2, people), dtype=np.float32)
        flat = extra.reshape(-1)
        for pair in self.pairs:
            who = np.flatnonzero(columns[pair.column] == pair.level)
            if len(who):
                places = (pair.ranks[:, None] * people + who).reshape(-1)
                flat[places] += np.repeat(pair.extra, len(who))
        # Scaled by the best single or pair; pairs of one `high` are neighbours in the rank order.
        best = single.max(0)
        for high in range(1, count):
            span = slice(high * (high - 1) // 2, high * (high + 1) // 2)
            extra[span] += single[:high]
            extra[span] += single[high]
        top = np.maximum(np.maximum(best, extra.max(0)) + np.float32(self.start), 0)
        shift = np.float32(self.start) - top
        weight = np.exp(np.add(extra, shift, out=extra), out=extra)
        chance = np.exp(single + shift)
        empty = np.exp(-top)
        total = chance.sum(0) + weight.sum(0) + empty
        for high in range(1, count):
            part = weight[high * (high - 1) // 2 : high * (high + 1) // 2]
            chance[:high] += part
            chance[high] += part.sum(0)
        return np.asarray(np.concatenate([chance, empty[None]]).T / total[:, None])


def _reply(finding: Finding, level: int, largest: int) -> tuple[FloatArray, FloatArray | None]:
    site, size = site_of(finding), len(finding.causes)
    answer = answer_coefficients(finding, Observed(level, level))
    if answer is None:
        return np.zeros(size), None
    empty = float(np.log(site.likelihood(answer))[0])
    single = np.log(site.likelihood(answer, np.arange(size))) - empty
    if largest < 2 or size < 2 or site.additive(answer):
        return single, None
    low, high = subsets(size, 2).pairs
    return single, np.log(site.likelihood(answer, low, high)) - empty - single[low] - single[high]


def infer_batch(network: Network, levels: NDArray[np.int8], *, max_causes: int = 1) -> NDArray[np.float32]:
    """Chances (people, n + 1) at the printed numbers, last column `other`: `Batch.of` and `Batch.chances` in one."""
    return Batch.of(network, max_causes).chances(levels)
