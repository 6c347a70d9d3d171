"""The answers of one person, each with the numbers of its finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from midback.inference.evidence import Evidence
from midback.inference.network import Finding, FloatArray, Network
from midback.inference.sites import Site, answer_coefficients, answer_problem, site_at_mean

__all__ = ["Answered", "answered", "check_evidence", "joined", "site_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """One answered finding: its numbers at the printed point and P(what was said | level)."""

    finding: Finding
    site: Site
    answer: FloatArray
    joined: str | None  # the group, where another member of it was answered too


def check_evidence(network: Network, evidence: Evidence) -> None:
    """Raises ValueError naming every answer that does not fit the network."""
    findings = {finding.name: finding for finding in network.findings}
    risks = {risk.name: risk.levels for risk in network.risks}
    wrong = [f"no finding is called {name}" for name in evidence.findings if name not in findings]
    for name, answer in evidence.findings.items():
        if name in findings and (problem := answer_problem(findings[name], answer)):
            wrong.append(problem)
    for name, level in evidence.risks.items():
        if name not in risks:
            wrong.append(f"no risk is called {name}")
        elif level not in risks[name]:
            wrong.append(f"{name}: no level is called {level}")
    if wrong:
        raise ValueError("; ".join(wrong))


_sites: dict[int, tuple[Finding, Site]] = {}


def site_of(finding: Finding) -> Site:
    """The finding's site at the printed numbers; remembered while the finding lives."""
    known = _sites.get(id(finding))
    if known is None or known[0] is not finding:
        if len(_sites) > 4096:
            _sites.clear()
        known = (finding, site_at_mean(finding))
        _sites[id(finding)] = known
    return known[1]


def answered(network: Network, evidence: Evidence) -> list[Answered]:
    """The answers that say something, in the network's order of findings whatever the order they came in."""
    picked = []
    for finding in network.findings:
        if finding.name in evidence.findings:
            answer = answer_coefficients(finding, evidence.findings[finding.name])
            if answer is not None:
                picked.append((finding, answer))
    members: dict[str, int] = {}
    for finding, _ in picked:
        if finding.group is not None:
            members[finding.group] = members.get(finding.group, 0) + 1
    return [
        Answered(
            finding,
            site_of(finding),
            answer,
            finding.group if finding.group is not None and members[finding.group] > 1 else None,
        )
        for finding, answer in picked
    ]


def joined(items: Sequence[Answered]) -> dict[str, list[Answered]]:
    """The answers that share a group with another, by group."""
    groups: dict[str, list[Answered]] = {}
    for item in items:
        if item.joined is not None:
            groups.setdefault(item.joined, []).append(item)
    return groups
