"""What an answer does to each single cause at every draw, worked out once and remembered while memory allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.inference.correlated import (
    answer_at_nodes,
    joined_causes,
    quick_answer,
    threshold_logits,
    weights_of_nodes,
)
from midback.inference.draws import draw_logits, draw_probabilities
from midback.inference.memory import recall
from midback.inference.network import FloatArray, Group, IntArray
from midback.inference.point import Answered
from midback.inference.sites import Site, single_logits, site_draws

__all__ = ["Prepared", "PreparedGroup", "group_corrections", "prepared", "prepared_group"]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """One answered finding at every draw.

    ``logs`` (m + 1, S) are log P(answer | only that cause) less log P(answer | none); its last row is 0. ``change``
    (m, S) is the same less its value at the printed numbers. ``additive`` marks answers whose log likelihood is a plain
    sum over causes at the printed numbers, and is taken as one at every draw; those outside groups need no ``site``.
    """

    logs: FloatArray
    change: FloatArray
    site: Site | None
    empty: FloatArray
    additive: bool

    def size(self) -> int:
        """Bytes held, about."""
        own = self.logs.nbytes + self.change.nbytes + self.empty.nbytes
        if self.site is None:
            return own
        return own + self.site.keep.nbytes * (1 if self.site.plain else 2)


def prepared(item: Answered, draws: int, seed: int) -> Prepared:
    """The answer at every draw; from memory where it was asked before."""
    key = ("answer", id(item.finding), item.answer.tobytes(), item.joined is None, draws, seed)
    return recall(key, (item.finding,), lambda: _prepare(item, draws, seed), Prepared.size)


def _prepare(item: Answered, draws: int, seed: int) -> Prepared:
    finding, answer = item.finding, item.answer
    size = len(item.site.causes)
    additive = item.site.additive(answer) or size < 2
    site: Site | None = None
    if len(answer) == 2:
        order = np.argsort(finding.causes)
        logits = np.concatenate(
            [
                draw_logits(finding.given, draws, seed)[order, 0],
                draw_logits(finding.background, draws, seed),
            ]
        )
        odds = np.exp(-logits)
        above = 1 / (1 + odds)
        logs = np.log(answer[1] * above + answer[0] * odds * above)
        if item.joined is not None or not additive:
            site = site_draws(finding, draws, seed)
    else:
        site = site_draws(finding, draws, seed)
        logs = np.log(site.likelihood(answer, np.arange(size + 1)))
    empty = logs[-1].copy()
    logs -= empty
    printed = np.log(item.site.likelihood(answer, np.arange(size + 1)))
    return Prepared(logs, logs[:-1] - (printed[:-1] - printed[-1])[:, None], site, empty, additive)


@dataclass(frozen=True, slots=True, eq=False)
class PreparedGroup:
    """A group's correction of its answers' own log likelihoods, at every draw, less that at the printed numbers.

    ``change`` (m, S) for each single cause in ``causes`` (m,), relative to no cause; ``empty`` (S,) the correction
    with no cause, ``printed_empty`` the same at the printed numbers.
    """

    causes: IntArray
    change: FloatArray
    empty: FloatArray
    printed_empty: float


def prepared_group(members: Sequence[Answered], group: Group, draws: int, seed: int) -> PreparedGroup:
    """The random effect of one group at every draw; from memory where these answers were given before."""
    owners = (group, *(item.finding for item in members))
    key = ("group", *(id(owner) for owner in owners), *(item.answer.tobytes() for item in members), draws, seed)
    return recall(key, owners, lambda: _prepare_group(members, group, draws, seed), lambda made: made.change.nbytes)


def _prepare_group(members: Sequence[Answered], group: Group, draws: int, seed: int) -> PreparedGroup:
    causes = joined_causes([item.site for item in members])
    size = len(causes)
    rho = draw_probabilities(group.rho, draws, seed)
    joint, alone = np.ones((1, 1, 1), dtype=np.float32), np.zeros(1)
    joint_printed, alone_printed = np.ones((1, 1)), np.zeros(1)
    for item in members:
        own = len(item.site.causes)
        local = np.full(size + 1, own)
        local[np.searchsorted(causes, item.site.causes)] = np.arange(own)
        printed = threshold_logits(item.site.shares(np.arange(own + 1)))
        given = answer_at_nodes(printed, item.answer, float(group.rho.mean))
        joint_printed = joint_printed * given[local]
        alone_printed = alone_printed + np.log(item.site.likelihood(item.answer, np.arange(own + 1)))[local]
        logits = single_logits(item.finding, draws, seed)
        joint = joint * quick_answer(logits, item.answer, rho)[:, local]
        alone = alone + np.log(_level_shares(logits, item.answer))[local]
    drawn = _mean_log(joint) - alone
    at_printed = np.log(joint_printed @ weights_of_nodes()) - alone_printed
    change = drawn - at_printed[:, None]
    return PreparedGroup(causes, change[:-1] - change[-1], drawn[-1], float(at_printed[-1]))


def group_corrections(
    members: Sequence[Answered], ready: Sequence[Prepared], group: Group, own: Sequence[IntArray], seed: int
) -> tuple[FloatArray, FloatArray]:
    """A group's correction for some sets: at every draw (R, S) and at the printed numbers (R,).

    ``own`` holds, for each answered member, the rows (3, R) of its causes in each set.
    """
    draws = ready[0].logs.shape[1]
    rho = draw_probabilities(group.rho, draws, seed)
    joint, alone = np.ones((1, 1, 1), dtype=np.float32), np.zeros(1)
    joint_printed, alone_printed = np.ones((1, 1)), np.zeros(1)
    for item, drawn, rows in zip(members, ready, own, strict=True):
        shares = item.site.shares(*rows)
        given = answer_at_nodes(threshold_logits(shares), item.answer, float(group.rho.mean))
        joint_printed = joint_printed * given
        alone_printed = alone_printed + np.log(item.answer @ shares)
        assert drawn.site is not None
        shares = drawn.site.shares(*rows)
        joint = joint * quick_answer(threshold_logits(shares), item.answer, rho)
        alone = alone + np.log(np.maximum(_said(item.answer, shares), 1e-300))
    now = _mean_log(joint) - alone
    return now, np.log(joint_printed @ weights_of_nodes()) - alone_printed


def _level_shares(logits: FloatArray, answer: FloatArray) -> FloatArray:
    # Sum over levels of P(answer | level) P(level), by the steps of the answer between neighbouring levels.
    above = 1 / (1 + np.exp(-logits))
    below = 1 / (1 + np.exp(logits[0]))
    edges = np.concatenate([above[1:], np.zeros_like(above[:1])])
    return np.asarray(np.maximum(answer[0] * below + np.tensordot(answer[1:], above - edges, 1), 1e-300))


def _said(answer: FloatArray, shares: FloatArray) -> FloatArray:
    if len(answer) == 2:
        if answer[0] == 0 or answer[1] == 0:
            return np.asarray(answer.max() * shares[int(answer[1] > 0)])
        return np.asarray(answer[0] * shares[0] + answer[1] * shares[1])
    return np.asarray(np.tensordot(answer, shares, 1))


def _mean_log(joint: NDArray[np.float32]) -> FloatArray:
    mean = np.tensordot(weights_of_nodes().astype(np.float32), joint, 1)
    return np.asarray(np.log(np.maximum(mean, np.float32(1e-37))), dtype=np.float64)
