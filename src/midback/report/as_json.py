"""The assessment as plain data with labels: the one summary that every dress is cut from.

Chances have four decimals. The published schema is `assessment.schema.json` beside this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from midback.answers import OLDEST, Answers
from midback.assessment import Assessment, Chance, Moved
from midback.interview import Done, Question
from midback.knowledge import Knowledge
from midback.report.figures import day_text, in_sentence
from midback.report.numbers import number_json
from midback.safety import Change, Reason, Truth, implied_thresholds

__all__ = ["SCHEMA_VERSION", "answer_label", "assessment_json", "question_json"]

SCHEMA_VERSION = 1
CHANCE_WORDS = (
    (0.80, "very_likely"),
    (0.60, "likely"),
    (0.30, "possible"),
    (0.10, "unlikely"),
    (0.0, "very_unlikely"),
)
SHOWN_MOVES = 40
SHOWN_CHANGES = 12
STATE_NAMES = {
    Truth.TRUE: "raised",
    Truth.FALSE: "answered_no",
    Truth.NOT_SURE: "not_sure",
    Truth.OPEN: "open",
}


def _chance(chance: Chance, label: str, knowledge: Knowledge, language: str) -> dict[str, Any]:
    word = None
    if not chance.dangerous:  # no likelihood word ever stands on a dangerous cause (docs/safety)
        key = next(name for least, name in CHANCE_WORDS if chance.chance >= least)
        word = knowledge.say("interface", "chance_words", key, language=language)
    return {
        "id": chance.id,
        "label": label,
        "chance": round(chance.chance, 4),
        "lo95": round(chance.lo95, 4),
        "hi95": round(chance.hi95, 4),
        "dangerous": chance.dangerous,
        "word": word,
    }


def _causes(chances: Iterable[Chance], knowledge: Knowledge, language: str) -> list[dict[str, Any]]:
    return [
        _chance(chance, knowledge.say("causes", chance.id, "label", language=language), knowledge, language)
        | {"family": knowledge.causes[chance.id].family}
        for chance in chances
    ]


def _families(chances: Iterable[Chance], knowledge: Knowledge, language: str) -> list[dict[str, Any]]:
    return [
        _chance(chance, knowledge.say("families", chance.id, "label", language=language), knowledge, language)
        | {"members": _causes(chance.members, knowledge, language)}
        for chance in chances
    ]


def answer_label(finding_id: str, answer: str, knowledge: Knowledge, language: str = "en") -> str:
    """How an answer reads inside a sentence: "pain when breathing in", "no fever", "how long: 1 to 7 days".

    >>> from midback.knowledge import load_knowledge
    >>> answer_label("duration", "1_to_7_days", load_knowledge())
    'How long it has lasted: 1 to 7 days'
    """
    words = knowledge.words[language]["findings"][finding_id]
    if answer in ("yes", "no") and knowledge.findings[finding_id].kind == "binary":
        return str(words[answer])
    if answer == "not_sure":
        return f"{words['label']}: {knowledge.say('interface', 'not_sure', language=language)}"
    options = words.get("options") or {}
    return f"{words['label']}: {options.get(answer, answer)}"


def _node_label(node: str, answer: str, knowledge: Knowledge, language: str) -> str:
    finding_id, _, option = node.removeprefix("risk:").partition(".")
    if not option:
        return answer_label(finding_id, answer, knowledge, language)
    label = answer_label(finding_id, option, knowledge, language)
    return label if answer == "yes" else f"{label} - {knowledge.say('interface', 'no', language=language)}"


def _reason(reason: Reason, knowledge: Knowledge, language: str) -> dict[str, Any]:
    fill: dict[str, str] = {"title": "", "reason": "", "causes": "", "count": str(len(reason.findings))}
    if reason.flag:
        words = knowledge.words[language]["red_flags"][reason.flag]
        fill |= {"title": words["title"], "reason": words["reason"]}
    if reason.causes:
        names = ", ".join(
            in_sentence(knowledge.say("causes", name, "label", language=language)) for name in reason.causes
        )
        fill["causes"] = knowledge.say("reasons", "expected_harm_causes", language=language).format(causes=names)
    if reason.settled:
        day = day_text(reason.settled.on, knowledge.words[language]["interface"])
        fill |= {"by": reason.settled.by, "on": day}
    flag = knowledge.red_flags[reason.flag] if reason.flag else None
    do = knowledge.words[language]["red_flags"][reason.flag]["do"] if reason.flag and not reason.settled else None
    return {
        "kind": reason.kind,
        "level": reason.level,
        "within_hours": reason.within_hours,
        "text": knowledge.say("reasons", reason.kind, language=language).format(**fill),
        "flag": reason.flag,
        "do": do,
        "source": flag.source if flag else None,
        "findings": list(reason.findings),
        "causes": list(reason.causes),
        "settled": {"by": reason.settled.by, "on": reason.settled.on.isoformat()} if reason.settled else None,
    }


def _moved(row: Moved, knowledge: Knowledge, language: str) -> dict[str, Any]:
    return {
        "finding": row.finding,
        "answer": row.answer,
        "label": _node_label(row.node, row.answer, knowledge, language),
        "cause": row.cause,
        "cause_label": knowledge.say("causes", row.cause, "label", language=language),
        "direction": "towards" if row.decibans > 0 else "away",
        "decibans": round(row.decibans, 2),
        "number": number_json(row.number, knowledge, language),
    }


def _change(change: Change, knowledge: Knowledge, language: str) -> dict[str, Any]:
    finding = knowledge.findings[change.finding]
    words = knowledge.words[language]["findings"][change.finding]
    return {
        "finding": change.finding,
        "answer": change.answer,
        "label": answer_label(change.finding, change.answer, knowledge, language),
        "question": words["question"],
        "answered_by": finding.answered_by,
        "level": change.level,
        "level_label": knowledge.say("levels", change.level, "label", language=language),
        "by": change.by,
        "chance": None if change.chance is None else round(change.chance, 4),
    }


def _triage(assessment: Assessment, knowledge: Knowledge, language: str) -> dict[str, Any]:
    triage = assessment.triage
    names = [level.name for level in knowledge.triage.levels]
    decision = triage.decision
    return {
        "level": triage.level,
        "label": knowledge.say("levels", triage.level, "label", language=language),
        "advice": knowledge.say("levels", triage.level, "advice", language=language),
        "within_hours": triage.within_hours,
        "decided_by": triage.decided_by,
        "decided_by_label": knowledge.say("reasons", "decided_by", triage.decided_by, language=language),
        "certain": triage.certain,
        "reasons": [_reason(reason, knowledge, language) for reason in triage.reasons],
        "level_if_rest_no": triage.level_if_rest_no,
        "level_still_possible": triage.level_still_possible,
        "expected_loss": {name: round(float(decision.expected[i]), 4) for i, name in enumerate(names)},
        "best_share": {name: round(float(decision.best_share[i]), 4) for i, name in enumerate(names)},
        "thresholds": {
            row: {name: round(p, 4) for name, p in limits.items()}
            for row, limits in implied_thresholds(knowledge).items()
        },
        "triage_version": knowledge.triage.version,
    }


def _shown(assessment: Assessment) -> str:
    if not assessment.shows_differential:
        return "none"
    return "figures" if assessment.shows_figures else "order"


def assessment_json(assessment: Assessment, knowledge: Knowledge, language: str = "en") -> dict[str, Any]:
    """Everything the assessment says, as plain data ready for ``json.dumps``; see assessment.schema.json.

    Chances are 0-1 with four decimals, ranges 95 %, weights in decibans, hours in hours.

    >>> from midback.assessment import assess
    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> assessment_json(assess(Answers(age=4), knowledge, draws=0), knowledge)["triage"]["label"]
    'Same day'
    """
    interface = knowledge.words[language]["interface"]
    shown = _shown(assessment)
    differential = shown != "none"
    certificate = assessment.certificate
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "assessment",
        "notice": interface["preview"],
        "knowledge": {"version": assessment.knowledge_version, "dated": knowledge.dated,
                      "hashes": dict(assessment.knowledge_hashes), "status": knowledge.status},
        "model_version": assessment.model_version,
        "answers": assessment.answers.to_raw(),
        "triage": _triage(assessment, knowledge, language),
        "chances": {
            "shown": shown,
            "reported": _families(assessment.reported, knowledge, language) if differential else [],
            "families": _families(assessment.families, knowledge, language) if differential else [],
            "causes": _causes(assessment.causes, knowledge, language) if differential else [],
            "other": _chance(assessment.other, interface["headings"]["other"], knowledge,
                             language),
            "dangerous": _causes(assessment.dangerous, knowledge, language) if differential else [],
            "any_dangerous": {"chance": round(assessment.any_dangerous.chance, 4),
                              "lo95": round(assessment.any_dangerous.lo95, 4),
                              "hi95": round(assessment.any_dangerous.hi95, 4)},
            "risk_states": list(assessment.risk_states),
        },
        "moved": [_moved(row, knowledge, language) for row in assessment.moved[:SHOWN_MOVES]] if differential else [],
        "changes": [_change(change, knowledge, language) for change in assessment.changes[:SHOWN_CHANGES]],
        "flags": [
            {"id": state.flag.id, "title": knowledge.words[language]["red_flags"][state.flag.id]["title"],
             "level": state.flag.level, "state": STATE_NAMES[state.truth],
             "findings": list(state.by)}
            for state in assessment.triage.flags
        ],
        "screen": {"complete": assessment.triage.screen.complete, "open": list(assessment.triage.screen.open),
                   "not_sure": list(assessment.triage.screen.not_sure)},
        "not_asked": list(assessment.not_asked),
        "judgement_share": round(assessment.judgement_share, 4),
        "certificate": {
            "beyond": round(float(certificate.beyond), 6) if certificate.beyond is not None else None,
            "unexplained": {name: round(float(p), 4) for name, p in certificate.unexplained.items()},
            "surprise": None if certificate.surprise is None else round(float(certificate.surprise), 4),
            "notes": list(certificate.notes),
        },
        "limits": [interface["parameters_only"], interface["untested"], interface["not_stored"]],
    }  # fmt: skip


def _item_json(name: str, knowledge: Knowledge, language: str) -> dict[str, Any]:
    interface = knowledge.words[language]["interface"]["questions"]
    if name == "age":
        return {"id": "age", "kind": "number", "question": interface["age"], "why": interface["age_why"],
                "choices": {}, "largest": OLDEST}  # fmt: skip
    if name == "sex":
        choices = {"female": interface["sex_female"], "male": interface["sex_male"]}
        return {"id": "sex", "kind": "one_of", "question": interface["sex"], "why": interface["sex_why"],
                "choices": choices}  # fmt: skip
    finding = knowledge.findings[name]
    words = knowledge.words[language]["findings"][name]
    choices = {"yes": knowledge.say("interface", "yes", language=language),
               "no": knowledge.say("interface", "no", language=language)}  # fmt: skip
    if finding.kind != "binary":
        choices = {state: words["options"][state] for state in finding.states}
    return {
        "id": name, "kind": finding.kind, "label": words["label"], "question": words["question"],
        "help": words["help"], "why": words["why"], "choices": choices, "unit": finding.unit,
        "largest": finding.largest, "answered_by": finding.answered_by,
    }  # fmt: skip


def question_json(
    step: Question | Done, answers: Answers, knowledge: Knowledge, language: str = "en"
) -> dict[str, Any]:
    """The next question, or that there is none, as plain data: stateless, so any program can run the interview.

    >>> from midback.interview import next_question
    >>> from midback.knowledge import load_knowledge
    >>> answers, knowledge = Answers(setting="self_check"), load_knowledge()
    >>> question_json(next_question(answers, knowledge), answers, knowledge)["question"]["kind"]
    'checklist'
    """
    head = {"schema_version": SCHEMA_VERSION, "kind": "next", "answers": answers.to_raw()}
    if isinstance(step, Done):
        text = knowledge.say("interface", "questions", f"end_{step.why}", language=language)
        return head | {"done": True, "why": step.why, "text": text, "asked_so_far": step.asked_so_far}
    pages = knowledge.words[language]["pages"]
    page = pages["section"].get(step.id.partition(".")[2]) if step.why == "red_flag" else pages.get(step.id)
    return head | {
        "done": False,
        "question": {
            "id": step.id,
            "kind": step.kind,
            "why": step.why,
            "title": page["title"] if page else None,
            "intro": page["intro"] if page else None,
            "items": [_item_json(name, knowledge, language) for name in step.items],
            "flags": list(step.flags),
            "asked_so_far": step.asked_so_far,
            "usually_left": list(step.usually_left),
        },
    }
