"""Point chances for many people at once, by matrix products; at most one or two causes each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.inference.answered import site_of
from midback.inference.batch_groups import Together
from midback.inference.evidence import Observed
from midback.inference.network import Finding, FloatArray, IntArray, Network, Short
from midback.inference.prior import set_prior
from midback.inference.sites import answer_coefficients
from midback.inference.subsets import pair_rank, subsets

__all__ = ["Batch", "infer_batch"]

_FAINT = 1e-20  # below this the scale was too high for single precision
_AT_A_TIME = 5_000_000  # pairs of causes times people; more would leave the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Interaction of one reply in the pairs of a finding's causes."""

    column: int
    level: int
    ranks: IntArray
    extra: Short


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """A network made ready for many people, groups included. Make it once with `Batch.of`, then call `chances`."""

    network: Network
    max_causes: int
    findings: tuple[str, ...]
    risks: tuple[str, ...]
    base: Short
    tables: Short  # (replies, n)
    first: IntArray  # first reply of each column
    pairs: tuple[_Pairs, ...]
    groups: tuple[Together, ...]
    sizes: IntArray  # levels of each column
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
        mates: dict[str, list[int]] = {}
        for column, finding in enumerate(network.findings):
            if finding.group is not None:
                mates.setdefault(finding.group, []).append(column)
        joined = {column for columns in mates.values() if len(columns) > 1 for column in columns}
        for column, finding in enumerate(network.findings):
            first.append(len(rows))
            if column in joined:
                continue
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
            tuple(
                Together.of(network, group, mates[group.name], largest)
                for group in network.groups
                if len(mates.get(group.name, ())) > 1
            ),
            np.array([len(found.levels) for found in network.findings] + [len(risk.levels) for risk in network.risks]),
            float(start),
        )

    def chances(self, levels: NDArray[np.int8]) -> Short:
        """Chances (people, n + 1), last column `other`, from the level of each finding then of each risk; -1 is
        "not asked". ``levels`` is (people, findings + risks); ValueError for another shape or a level too high.
        """
        width = len(self.first) - 1
        if levels.ndim != 2 or levels.shape[1] != width:
            raise ValueError(f"levels has shape {levels.shape}, not (people, {width})")
        if len(levels) and (np.any(levels.max(0) >= self.sizes) or levels.min() < -1):
            raise ValueError("a level is outside its finding's levels")
        out = np.empty((len(levels), len(self.network.causes) + 1), dtype=np.float32)
        pairs = len(self.base) * (len(self.base) - 1) // 2 if self.max_causes > 1 else 1
        step = int(np.clip(_AT_A_TIME / max(pairs, 1), 16, 4096))
        for begin in range(0, len(levels), step):
            block = slice(begin, begin + step)
            out[block] = self._block(np.ascontiguousarray(levels[block].T))
        return out

    def _block(self, columns: NDArray[np.int8]) -> Short:
        people = columns.shape[1]
        shown = np.empty((len(self.tables), people), dtype=np.float32)
        for level in range(int(np.diff(self.first).max(initial=0))):
            has = np.flatnonzero(np.diff(self.first) > level)
            shown[self.first[has] + level] = columns[has] == level
        single = self.tables.T @ shown
        single += self.base[:, None]
        groups = [(group, *group.replies(columns)) for group in self.groups]
        for group, asked, own, _ in groups:
            single[group.causes[:, None], asked] += own
        if self.max_causes == 1:
            single += np.float32(self.start)
            top = np.maximum(single.max(0), 0)
            weight = np.exp(np.subtract(single, top, out=single), out=single)
            empty = np.exp(-top)
            total = weight.sum(0) + empty
            return np.asarray(np.concatenate([weight, empty[None]]).T / total[:, None])
        extra = np.zeros((len(self.base) * (len(self.base) - 1) // 2, people), dtype=np.float32)
        for group, asked, _, own in groups:
            if own.size:
                extra[group.pair_at[:, None], asked] += own
        return self._two(columns, single, extra)

    def _two(self, columns: NDArray[np.int8], single: Short, extra: Short) -> Short:
        count, people = single.shape
        flat = extra.reshape(-1)
        for pair in self.pairs:
            who = np.flatnonzero(columns[pair.column] == pair.level)
            if len(who):
                places = (pair.ranks[:, None] * people + who).reshape(-1)
                flat[places] += np.repeat(pair.extra, len(who))
        # Scaled by what the best pair would weigh if its causes did not interact: cheap, and nearly always near enough.
        best = single.max(0)
        start = np.float32(self.start)
        with np.errstate(over="ignore", invalid="ignore"):
            weights = _summed(single, extra, start, np.maximum(best + np.maximum(best, 0) + start, 0))
        poor = np.flatnonzero(~((weights[-1] > _FAINT) & np.isfinite(weights[-1])))
        if len(poor):
            low, high = subsets(count, 2).pairs
            single, extra = single[:, poor], extra[:, poor]
            best = np.maximum(single.max(0), (single[low] + single[high] + extra).max(0, initial=-np.inf))
            weights[:, poor] = _summed(single, extra, start, np.maximum(best + start, 0))
        return np.asarray(weights[:-1].T / weights[-1][:, None])


def _summed(single: Short, extra: Short, start: np.float32, top: Short) -> Short:
    """Weights (n + 2, people) of each cause in any set, of no cause, and of all sets, over ``exp(top)``."""
    count, people = single.shape
    shift = start - top
    out = np.empty((count + 2, people), dtype=np.float32)
    np.exp(single + shift, out=out[:count])
    np.exp(-top, out=out[count])
    np.sum(out[: count + 1], 0, out=out[count + 1])
    part = np.empty((count, people), dtype=np.float32)
    # Pairs of one `high` are neighbours in the rank order; each is done with while it is in the processor's cache.
    for high in range(1, count):
        now = part[:high]
        np.add(extra[high * (high - 1) // 2 : high * (high + 1) // 2], single[:high], out=now)
        now += single[high] + shift
        np.exp(now, out=now)
        out[:high] += now
        both = now.sum(0)
        out[high] += both
        out[count + 1] += both
    return out


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


def infer_batch(network: Network, levels: NDArray[np.int8], *, max_causes: int = 1) -> Short:
    """Chances (people, n + 1) at the printed numbers, last column `other`: `Batch.of` and `Batch.chances` in one."""
    return Batch.of(network, max_causes).chances(levels)
