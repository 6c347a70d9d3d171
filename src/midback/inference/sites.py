"""One answered finding as a likelihood over sets of its linked causes.

The law, for each threshold r of an ordered finding (a yes-or-no finding has one), with g0 the background share at or
above r and gj the share given cause j alone::

    P(f >= r | D) = (1 - (1 - g0) prod_raising (1 - gj) / (1 - g0)) * prod_lowering gj / g0

A cause raises at r when gj >= g0 and lowers otherwise; at gj = g0 both readings agree. It is the leaky noisy-OR (or
noisy-MAX), gives back each single cause's own numbers exactly, and stays between 0 and 1 for any numbers. Several
causes that pull an ordered finding both ways can cross thresholds; crossed ones are lowered to the one below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midback.errors import ContradictoryEvidence
from midback.inference.evidence import Answer, Observed
from midback.inference.network import Finding, FloatArray, IntArray

__all__ = ["FLOOR", "Site", "answer_coefficients", "answer_problem", "site_at_mean"]

FLOOR = 1e-9  # no level of an ordered finding is ever quite impossible


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A finding's numbers made ready: ``causes`` (m,) rising; the rest has thresholds, then draws (if any), last.

    ``none`` (T, ...) is 1 - background at or above each threshold; ``keep`` and ``shrink`` (T, m + 1, ...) are the
    factors of raising and lowering causes; their last row is 1, for "no cause".
    """

    causes: IntArray
    none: FloatArray
    keep: FloatArray
    shrink: FloatArray
    plain: bool  # no cause lowers anything

    def _above(self, members: tuple[IntArray, ...]) -> FloatArray:
        """P(f >= r | set), (T, sets, ...), before crossed thresholds are lowered."""
        above = np.empty((len(self.keep), len(members[0]), *self.keep.shape[2:]))
        for threshold, (none, keep, out) in enumerate(zip(self.none, self.keep, above, strict=True)):
            np.multiply(keep[members[0]], -none, out=out)
            for member in members[1:]:
                out *= keep[member]
            out += 1
            if not self.plain:
                shrink = self.shrink[threshold]
                for member in members:
                    out *= shrink[member]
        return above

    def shares(self, *members: IntArray) -> FloatArray:
        """Shares of every level (levels, sets, ...) for sets given by rows of members (m stands for none)."""
        above = self._above(members)
        out = np.empty((len(above) + 1, *above.shape[1:]))
        if len(above) == 1:
            out[1] = above[0]
            np.subtract(1, above[0], out=out[0])
            return out
        out[0] = 1
        for threshold in range(len(above)):
            if threshold:
                np.minimum(above[threshold], above[threshold - 1], out=above[threshold])
            out[threshold] -= above[threshold]
            out[threshold + 1] = above[threshold]
        np.maximum(out, FLOOR, out=out)
        out /= out.sum(0)
        return out

    def likelihood(self, answer: FloatArray, *members: IntArray) -> FloatArray:
        """P(answer | set), (sets, ...), for ``answer`` (levels,) = P(what was said | level)."""
        if not members:
            members = (np.array([len(self.causes)]),)
        if len(answer) > 2:
            return np.asarray(np.tensordot(answer, self.shares(*members), 1))
        if not self.plain:
            out = self._above(members)[0]
            out *= answer[1] - answer[0]
            out += answer[0]
            return np.asarray(out)
        keep = self.keep[0]
        out = np.multiply(keep[members[0]], (answer[0] - answer[1]) * self.none[0])
        for member in members[1:]:
            out *= keep[member]
        if answer[1]:
            out += answer[1]
        return np.asarray(out)

    def additive(self, answer: FloatArray) -> bool:
        """Whether the log likelihood is a plain sum over causes: a reliable "no" that no cause makes likelier."""
        return self.plain and len(answer) == 2 and float(answer[1]) == 0.0


def answer_problem(finding: Finding, answer: Answer) -> str | None:
    """What is wrong with an answer to a finding, or None."""
    highest = len(finding.levels) - 1
    if isinstance(answer, Observed):
        if not 0 <= answer.low <= answer.high <= highest:
            return f"{finding.name}: levels {answer.low} to {answer.high} are not within 0 to {highest}"
    elif not (0 <= answer.if_yes <= 1 and 0 <= answer.if_no <= 1):
        return f"{finding.name}: P(cannot tell) must lie within 0 and 1"
    return None


def answer_coefficients(finding: Finding, answer: Answer) -> FloatArray | None:
    """P(what was said | level) for each level, or None where the answer says nothing about the finding.

    Raises ValueError for an answer the finding does not have, ContradictoryEvidence for one that is always impossible.
    """
    if problem := answer_problem(finding, answer):
        raise ValueError(problem)
    size = len(finding.levels)
    coefficients = np.zeros(size)
    if isinstance(answer, Observed):
        coefficients[answer.low : answer.high + 1] = 1.0
        if size == 2 and answer.low == answer.high:
            hit, miss = finding.sensitivity, finding.specificity
            coefficients[:] = (1 - miss, hit) if answer.low == 1 else (miss, 1 - hit)
    else:
        coefficients[:] = answer.if_yes
        coefficients[0] = answer.if_no
    said = coefficients.tolist()
    if said.count(said[0]) == size:
        if coefficients[0] == 0:
            raise ContradictoryEvidence(f"{finding.name}: what was said is impossible whether it is present or not")
        return None
    return coefficients


def _site(causes: IntArray, usual: FloatArray, given: FloatArray, usual_left: FloatArray, left: FloatArray) -> Site:
    # usual (T, ...), given (m, T, ...): shares at or above; *_left: their complements, given apart for precision.
    plain = bool(np.all(given >= usual))
    keep = np.ones((len(usual), len(given) + 1, *usual.shape[1:]))
    np.minimum(np.moveaxis(left / usual_left, 0, 1), 1.0, out=keep[:, :-1])
    shrink = np.broadcast_to(1.0, keep.shape)
    if not plain:
        shrink = np.ones_like(keep)
        np.minimum(np.moveaxis(given / usual, 0, 1), 1.0, out=shrink[:, :-1])
    return Site(causes, usual_left, keep, shrink, plain)


def site_at_mean(finding: Finding) -> Site:
    """The finding at its printed numbers."""
    order = np.argsort(finding.causes)
    usual, given = finding.background.mean, finding.given.mean[order]
    return _site(finding.causes[order], _above(usual), _above(given), _below(usual), _below(given))


def _above(shares: FloatArray, axis: int = -1) -> FloatArray:
    return np.asarray(np.flip(np.cumsum(np.flip(shares, axis), axis), axis))


def _below(shares: FloatArray, axis: int = -1) -> FloatArray:
    return np.asarray(np.clip(1 - _above(shares, axis), 1e-300, 1.0))
