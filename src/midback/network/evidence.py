"""Answers in the engine's terms: which nodes were observed at which level, and which risks are known."""

from __future__ import annotations

from midback import inference as engine
from midback.answers import Answer, Answers, Reply
from midback.knowledge import Finding, Knowledge
from midback.network.build import AGE, RISK, SEX, BuiltNetwork

__all__ = ["evidence_of", "finding_node"]

YES, NO = engine.Observed(1, 1), engine.Observed(0, 0)


def finding_node(node: str) -> str:
    """The finding id that the engine's ``node`` belongs to: ``pain_zone`` for ``pain_zone.mid_spine``.

    >>> finding_node("pain_zone.mid_spine")
    'pain_zone'
    """
    return node.removeprefix(RISK).partition(".")[0]


def _observations(finding: Finding, answer: Answer) -> dict[str, engine.Observed | engine.NotSure]:
    if finding.kind == "binary":
        if answer is Reply.NOT_SURE:
            return {finding.id: engine.NotSure()}
        return {finding.id: YES if answer is Reply.YES else NO}
    if answer is Reply.NOT_SURE:
        return {}
    if isinstance(answer, frozenset):
        if finding.kind == "one_of":  # the chosen option alone says everything; the others follow from it
            return {f"{finding.id}.{option}": YES for option in answer}
        return {f"{finding.id}.{option}": YES if option in answer else NO for option in finding.states}
    level = finding.states.index(str(answer))
    return {finding.id: engine.Observed(level, level)}


def evidence_of(answers: Answers, built: BuiltNetwork, knowledge: Knowledge) -> engine.Evidence:
    """What the engine is told: observed nodes and known risks. Unknown age, sex and history are left open."""
    known = {finding.name for finding in built.network.findings}
    risk_names = {risk.name for risk in built.network.risks}
    findings: dict[str, engine.Observed | engine.NotSure] = {}
    risks: dict[str, str] = {}
    for finding_id, answer in answers.given.items():
        for node, seen in _observations(knowledge.findings[finding_id], answer).items():
            if node in known:
                findings[node] = seen
            if RISK + node in risk_names and isinstance(seen, engine.Observed):
                risks[RISK + node] = "yes" if seen.low == 1 else "no"
    if answers.age is not None:
        risks[AGE] = knowledge.age_band(answers.age)
    if answers.sex is not None:
        risks[SEX] = answers.sex
    for cause in built.causes:
        outside_age = answers.age is not None and not cause.age_from <= answers.age <= cause.age_to
        outside_sex = answers.sex is not None and cause.sex is not None and cause.sex != answers.sex
        if outside_age or outside_sex:
            risks[f"limit.{cause.id}"] = "outside"
    return engine.Evidence(findings=findings, risks=risks)
