"""The findings of one group in a batch: what each combination of their replies says of the causes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midback.inference.answered import site_of
from midback.inference.correlated import joined_causes, own_subsets, weights_of_nodes
from midback.inference.evidence import Observed
from midback.inference.factors import at_nodes
from midback.inference.network import FloatArray, Group, IntArray, Network, Short
from midback.inference.sites import answer_coefficients
from midback.inference.subsets import pair_rank, subsets

__all__ = ["Together"]

_AT_A_TIME = 4_000_000  # numbers


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Findings of one group, in ``columns`` (k,) of a batch.

    For each finding ``nodes`` (L + 1, sets, Q) is P(reply | set, z) at each node of the shared effect and ``alone``
    (L + 1, sets) the log of P(reply | set), over the sets of all their ``causes`` (m,); reply 0 is "not asked".
    """

    columns: IntArray
    steps: IntArray
    causes: IntArray
    pair_at: IntArray
    nodes: tuple[FloatArray, ...]
    alone: tuple[FloatArray, ...]
    largest: int

    @classmethod
    def of(cls, network: Network, group: Group, columns: list[int], largest: int) -> Together:
        """Made ready once, from the columns of the group's findings."""
        findings = [network.findings[column] for column in columns]
        causes = joined_causes([site_of(finding) for finding in findings])
        rho = float(group.rho.mean)
        nodes, alone = [], []
        for finding in findings:
            site = site_of(finding)
            ids = own_subsets(site, causes, largest)
            answers = [answer_coefficients(finding, Observed(level, level)) for level in range(len(finding.levels))]
            own = [np.ones((len(ids), len(weights_of_nodes())))]
            logs = [np.zeros(len(ids))]
            for answer in answers:
                if answer is None:
                    own.append(own[0])
                    logs.append(logs[0])
                    continue
                own.append(at_nodes(finding, answer, rho, largest)[ids])
                size = len(site.causes)
                every = subsets(size, largest)
                sets = [(np.array([size]),), (np.arange(size),), tuple(every.pairs)][: largest + 1]
                logs.append(np.log(np.concatenate([site.likelihood(answer, *part) for part in sets]))[ids])
            nodes.append(np.stack(own))
            alone.append(np.stack(logs))
        steps = np.cumprod([1, *(len(own) for own in nodes[:-1])])
        low, high = subsets(len(causes), 2).pairs
        pair_at = pair_rank(causes[low], causes[high])
        return cls(np.array(columns), steps, causes, pair_at, tuple(nodes), tuple(alone), largest)

    def replies(self, columns: NDArray[np.int8]) -> tuple[IntArray, Short, Short]:
        """For the levels (all columns, people) of a batch: who was asked any of the findings, and what their replies
        add to the log weights of their single causes (m, asked) and to those of pairs (P, asked).
        """
        codes = self.steps @ (columns[self.columns].astype(np.int64) + 1)
        asked = np.flatnonzero(codes)
        found, person = np.unique(codes[asked], return_inverse=True)
        own = found[:, None] // self.steps % [len(nodes) for nodes in self.nodes]
        if not len(found):
            return asked, np.zeros((len(self.causes), 0), np.float32), np.zeros((0, 0), np.float32)
        step = max(_AT_A_TIME // self.nodes[0][0].size, 1)
        parts = [self._factors(own[first : first + step]) for first in range(0, len(own), step)]
        single, pair = (np.concatenate([part[which] for part in parts]) for which in (0, 1))
        return asked, single.T[:, person], pair.T[:, person]

    def _factors(self, own: IntArray) -> tuple[Short, Short]:
        joint = self.nodes[0][own[:, 0]]
        for nodes, reply in zip(self.nodes[1:], own.T[1:], strict=True):
            joint *= nodes[reply]
        logs = np.log(np.maximum(joint @ weights_of_nodes(), 1e-300))
        # An answer without an answered mate stands for itself, as it does for one person.
        lonely = np.flatnonzero((own > 0).sum(1) < 2)
        logs[lonely] = sum(alone[reply] for alone, reply in zip(self.alone, own[lonely].T, strict=True))
        size = len(self.causes)
        single = logs[:, 1 : 1 + size] - logs[:, :1]
        low, high = subsets(size, 2).pairs if self.largest > 1 else np.zeros((2, 0), dtype=np.int64)
        pair = logs[:, 1 + size :] - logs[:, :1] - single[:, low] - single[:, high]
        return single.astype(np.float32), pair.astype(np.float32)
