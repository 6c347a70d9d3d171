"""Every number of a finding at every draw, made once per finding and kept: what any answer to it starts from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from midback.inference.draws import located, standard_normals
from midback.inference.memory import recall_each
from midback.inference.network import Finding, FloatArray, Numbers, Short

__all__ = ["odds_tables", "single_shares"]

_TOGETHER = 512  # numbers drawn at a time
_EDGE = 20.0  # logits beyond this are as good as certain


def odds_tables(findings: Sequence[Finding], draws: int, seed: int) -> list[Short]:
    """For each finding, odds (levels - 1, m + 1, S) against f >= r given each single cause (rising), then given none.

    Single precision: seven digits, for ranges and never for a headline.
    """
    return recall_each(
        [("odds", id(finding), draws, seed) for finding in findings],
        findings,
        lambda missing: _drawn([findings[place] for place in missing], draws, seed),
        lambda made: made.nbytes,
    )


def single_shares(finding: Finding, draws: int, seed: int) -> FloatArray:
    """Shares (levels, m + 1, S) of every level given each single cause (rising), then given none."""
    odds = odds_tables([finding], draws, seed)[0].astype(np.float64)
    above = np.concatenate([np.ones_like(odds[:1]), 1 / (1 + odds), np.zeros_like(odds[:1])])
    return np.asarray(above[:-1] - above[1:])


def _drawn(findings: list[Finding], draws: int, seed: int) -> list[Short]:
    made: list[Short] = []
    for part in _portions(findings):
        rows = [_rows(finding) for finding in part]
        mean, sd = (np.concatenate([np.asarray(row[which]) for row in rows]) for which in (0, 1))
        normals = standard_normals([key for row in rows for key in row[2]], draws, seed)
        normals *= sd.astype(np.float32)[:, None]
        normals += located(mean, sd).astype(np.float32)[:, None]
        first = 0
        for finding, row in zip(part, rows, strict=True):
            own = normals[first : first + len(row[2])]
            first += len(row[2])
            np.clip(own, -_EDGE, _EDGE, out=own)
            made.append(_ordered(finding, own) if len(finding.levels) > 2 else np.exp(-own)[None])
            made[-1].flags.writeable = False
    return made


def _portions(findings: list[Finding]) -> Iterator[list[Finding]]:
    part: list[Finding] = []
    count = 0
    for finding in findings:
        part.append(finding)
        count += (len(finding.causes) + 1) * (len(finding.levels) - 1)
        if count >= _TOGETHER:
            yield part
            part, count = [], 0
    if part:
        yield part


def _rows(finding: Finding) -> tuple[FloatArray, FloatArray, list[str]]:
    """Means, spreads and keys of a finding's numbers: causes rising, then none; within each, the levels."""
    order = np.argsort(finding.causes)
    given, usual = finding.given, finding.background

    def joined(name: str) -> list[object]:
        of: tuple[Numbers, Numbers] = (given, usual)
        first, last = (getattr(numbers, name) for numbers in of)
        return [*first[order].reshape(-1), *last]

    mean, sd = (np.array(joined(name), dtype=np.float64) for name in ("mean", "sd"))
    return mean, sd, [str(key) for key in joined("key")]


def _ordered(finding: Finding, logits: Short) -> Short:
    # Each level's odds against all the others move by its own logit shift; level 0 takes what is left.
    steps, size = len(finding.levels) - 1, len(finding.causes) + 1
    mean = np.concatenate([finding.given.mean[np.argsort(finding.causes)], finding.background.mean[None]])
    ready = logits.reshape(size, steps, -1)
    ready += np.log1p(-mean).astype(np.float32)[..., None]
    weight = np.exp(ready, out=ready)
    rest = (1 - mean.sum(-1)).astype(np.float32)[:, None]
    out = np.empty((steps, size, logits.shape[-1]), dtype=np.float32)
    above = np.zeros_like(weight[:, 0])
    for level in range(steps - 1, -1, -1):
        above += weight[:, level]
        below = rest + weight[:, :level].sum(1)
        np.divide(below, above, out=out[level])
    return np.clip(out, np.exp(-_EDGE), np.exp(_EDGE), out=out)
