"""The audit: which printed likelihood ratios the whole model contradicts.

A link carries P(finding | cause). Together with everything else it implies a likelihood ratio against people without
the cause; where a paper printed one with an interval, the two should agree. Disagreement is listed, never hidden: it
shows spectrum differences between the paper's comparator and people with mid-back pain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from midback.knowledge import Knowledge, Number
from midback.network.build import BuiltNetwork, build_network

__all__ = ["AuditRow", "audit_ratios"]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One printed ratio beside the one the model implies."""

    number: Number
    ratio: str  # lr_pos | lr_neg
    printed: float
    low: float
    high: float
    implied: float

    @property
    def agrees(self) -> bool:
        """Whether the implied ratio lies in the printed interval."""
        return self.low <= self.implied <= self.high


def _printed_ratios(number: Number) -> Iterator[tuple[str, float, float, float]]:
    value, second = number.value, number.second
    if number.quantity in ("lr_pos", "lr_pair") and value and value.low is not None and value.high is not None:
        yield "lr_pos", value.value, value.low, value.high
    if number.quantity == "lr_neg" and value and value.low is not None and value.high is not None:
        yield "lr_neg", value.value, value.low, value.high
    if number.quantity == "lr_pair" and second and second.low is not None and second.high is not None:
        yield "lr_neg", second.value, second.low, second.high


def _model_rates(built: BuiltNetwork, node: str, cause_id: str) -> tuple[float, float] | None:
    """(P(yes | cause), P(yes | not cause)) as the model has them, or None when the node is not in it."""
    network = built.network
    finding = next((item for item in network.findings if item.name == node and len(item.levels) == 2), None)
    if finding is None:
        return None
    background = float(finding.background.mean[0])
    rate = dict.fromkeys(network.causes, background)
    for place, given in zip(finding.causes, finding.given.mean[:, 0], strict=True):
        rate[network.causes[int(place)]] = float(given)
    other = float(network.other.mean)
    scale = (1 - other) / float(network.prior.mean.sum())
    weight = {name: float(p) * scale for name, p in zip(network.causes, network.prior.mean, strict=True)}
    mean = other * background + sum(weight[name] * rate[name] for name in weight)
    return rate[cause_id], (mean - weight[cause_id] * rate[cause_id]) / (1 - weight[cause_id])


def audit_ratios(knowledge: Knowledge, setting: str = "primary_care") -> tuple[AuditRow, ...]:
    """Every printed likelihood ratio that has an interval, beside the model's, those that disagree first."""
    built = build_network(knowledge, setting)
    rows = []
    for cause in built.causes:
        written = [(key, link) for key, link in cause.links.items() if isinstance(link, Number)]
        for node, number in [*written, *cause.audit.items()]:
            rates = _model_rates(built, node, cause.id)
            for ratio, printed, low, high in _printed_ratios(number) if rates else ():
                s, f = rates  # type: ignore[misc]
                implied = s / f if ratio == "lr_pos" else (1 - s) / (1 - f)
                rows.append(AuditRow(number, ratio, printed, low, high, implied))
    return tuple(sorted(rows, key=lambda row: (row.agrees, row.number.id, row.ratio)))
