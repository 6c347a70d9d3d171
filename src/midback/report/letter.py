"""The letter that a person hands to a clinician, and the printed result, cut from the one summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from midback.knowledge import EMERGENCY, Knowledge
from midback.report.as_json import answer_label
from midback.report.document import Document, Part
from midback.report.figures import day_text, figure, in_100, level_text, range_in_100, within_text
from midback.report.plan_lines import UNTIL_SEEN, because_lines, item_words, safety_net_rows, told_steps
from midback.report.reasons import clinical_reason, reasons_with_advice

__all__ = ["letter_document", "result_document"]

KEPT_OFF = "hurt_by_someone"  # off every letter unless the person asks for it (docs/safety)
KEPT_OFF_CAUSES = {"inflicted_injury"}  # naming it would tell
SHOWN_REASONS = 4
SHOWN_FAMILIES = 5
SHOWN_DANGERS = 5
SHOWN_CHANGES = 6
POINTS, SMALL_POINTS = 9, 8  # the letter stays on one page: a long one is set smaller
LONG = 4_400  # characters


def _quiet(data: Mapping[str, Any]) -> dict[str, Any]:
    """The summary without the answer that is kept off letters, and without all that would give it away."""

    def told(row: Mapping[str, Any]) -> bool:
        members = {member["id"] for member in row.get("members") or ()} or {row["id"]}
        return members <= KEPT_OFF_CAUSES

    flags = [flag for flag in data["flags"] if KEPT_OFF not in flag["findings"]]
    known = {flag["id"] for flag in flags} | {None}
    reasons = [
        reason for reason in data["triage"]["reasons"]
        if reason["flag"] in known and not KEPT_OFF_CAUSES & {*reason["causes"]}
    ]  # fmt: skip
    given = {key: value for key, value in data["answers"]["answers"].items() if key != KEPT_OFF}
    lists = {
        name: [row for row in rows if not told(row)] for name, rows in data["chances"].items()
        if isinstance(rows, list) and name != "risk_states"
    }  # fmt: skip
    return {
        **data,
        "answers": {**data["answers"], "answers": given},
        "flags": flags,
        "triage": {**data["triage"], "reasons": reasons},
        "chances": {**data["chances"], **lists},
    }


def _chance(
    entry: Mapping[str, Any], data: Mapping[str, Any], words: Mapping[str, Any], line: str, label: str = ""
) -> str:
    said = in_100(entry["chance"], words) + ", " if data["chances"]["shown"] == "figures" else ""
    reach = range_in_100(entry["lo95"], entry["hi95"], words)
    return line.format(label=label or entry["label"], figure=said, range=reach)


def _without_brackets(text: str) -> str:
    return re.sub(r" \([^)]*\)", "", text)


def _measured(finding: str, value: float, options: Mapping[str, str], knowledge: Knowledge, language: str) -> str:
    """A figure with its unit and its level: 21 days (1 to 6 weeks)."""
    level, every = options[knowledge.findings[finding].state_at(value)], knowledge.words[language]
    unit = every["clinician"]["measured"].get(knowledge.findings[finding].unit, "{value}")
    return f"{unit.format(value=figure(value, 'g', every['interface']))} ({_without_brackets(level)})"


def _clinical(finding: str, answer: Any, knowledge: Knowledge, language: str) -> str:
    words = knowledge.words[language]["findings"][finding]
    if answer in ("yes", "no", "not_sure"):
        return str(words["clinical"])
    options = words.get("options") or {}
    chosen = answer if isinstance(answer, list) else [answer]
    shown = [_measured(finding, value, options, knowledge, language) if isinstance(value, float)
             else str(options.get(value, value)) for value in chosen]  # fmt: skip
    said = "; ".join(shown) or knowledge.say("interface", "no", language=language)
    return f"{words['clinical']}: {said}"


def _answers(data: Mapping[str, Any], knowledge: Knowledge, language: str) -> Iterator[Part]:
    words = knowledge.words[language]["letter"]
    given = data["answers"]["answers"]
    values = [key for key, value in given.items() if value not in ("yes", "no", "not_sure")]
    if values:
        lines = tuple(_clinical(key, given[key], knowledge, language) for key in values)
        yield Part(words["pain"], items=lines)
    for reply, heading in (("yes", "present"), ("not_sure", "unsure")):
        names = [_clinical(key, value, knowledge, language) for key, value in given.items() if value == reply]
        if names:
            yield Part(words[heading], ("; ".join(names) + ".",))


def _absent(given: Mapping[str, Any], knowledge: Knowledge, language: str) -> Iterator[str]:
    """What was answered no, a line for each section; without what explains a sign in brackets."""
    for section, title in knowledge.words[language]["site"]["finding"]["sections"].items():
        names = [_without_brackets(_clinical(key, value, knowledge, language)) for key, value in given.items()
                 if value == "no" and knowledge.findings[key].section == section]  # fmt: skip
        if names:
            yield f"{title}: {'; '.join(names)}."


def _flags(data: Mapping[str, Any], words: Mapping[str, Any]) -> Part:
    rows = data["flags"]
    items = [words[f"flags_{state}"].format(title=flag["title"])
             for state in ("raised", "not_sure") for flag in rows if flag["state"] == state]  # fmt: skip
    count = {state: sum(flag["state"] == state for flag in rows) for state in ("answered_no", "open")}
    counted = words["flags_counts"].format(no=count["answered_no"], open=count["open"])
    return Part(words["flags"], (), (*items, counted)) if items else Part(words["flags"], (counted,))


def _foot(data: Mapping[str, Any], words: Mapping[str, Any], day: str) -> str:
    version = data["knowledge"]
    return str(words["foot"]).format(version=version["version"], hash=version["hashes"]["network"], date=day)


def letter_document(
    data: Mapping[str, Any],
    plan: Mapping[str, Any] | None,
    knowledge: Knowledge,
    day: str,
    *,
    show_hurt: bool = False,
    language: str = "en",
) -> Document:
    """The letter for a clinician from the summary ``data`` (assessment_json) and ``plan`` (plan_to_raw).

    Clinical words; flags are raised, not sure, answered no or open, never cleared. ``show_hurt`` adds the answer
    about being hurt by somebody, which is left out otherwise.

    >>> from midback.answers import Answers
    >>> from midback.assessment import assess
    >>> from midback.knowledge import load_knowledge
    >>> from midback.report.as_json import assessment_json
    >>> knowledge = load_knowledge()
    >>> data = assessment_json(assess(Answers(age=4), knowledge, draws=0), knowledge)
    >>> letter_document(data, None, knowledge, "2026-01-01").title
    'Self-check for mid-back pain'
    """
    data = data if show_hurt else _quiet(data)
    every, interface = knowledge.words[language], knowledge.words[language]["interface"]
    words, person, triage = every["letter"], data["answers"], data["triage"]
    within = within_text(triage["within_hours"], interface)
    sex = interface["questions"].get(f"sex_{person.get('sex')}", words["unknown"])
    # Raised rules have a list of their own below.
    shown = reasons_with_advice(triage["reasons"][:SHOWN_REASONS])
    reasons = [clinical_reason(reason, every) for reason, _ in shown if reason["flag"] is None]
    reasons += [words["told"].format(do=do) for _, do in shown if do]
    parts = [
        Part(words["person"], (words["person_line"].format(
            who=words["who"][person["who"]], age=person.get("age", words["unknown"]), sex=sex),)),
        Part(words["advice"].format(
            level=triage["label"], within=f", {within}" if within and triage["level"] != EMERGENCY else ""),
            (interface["decided_by"].format(who=triage["decided_by_label"]),), tuple(reasons)),
        _flags(data, words),
        *_answers(data, knowledge, language),
    ]  # fmt: skip
    if data["chances"]["shown"] != "none":
        rows = [*data["chances"]["reported"][:SHOWN_FAMILIES], data["chances"]["other"]]
        note = words["differential_note"].format(share=round(data["judgement_share"] * 100))
        lines = tuple(
            _chance(
                row, data, interface, words["family_line"], every["families"].get(row["id"], {}).get("clinical", "")
            )
            for row in rows
        )
        parts.append(Part(words["differential"], (note,), lines))
        dangers = [row for row in data["chances"]["dangerous"] if row["chance"] >= 0.001][:SHOWN_DANGERS]
        if dangers:
            parts.append(Part(words["dangers"], (), tuple(
                _chance(row, data, interface, words["family_line"], every["causes"][row["id"]]["clinical"])
                for row in dangers)))  # fmt: skip
    changes = [row for row in data["changes"] if row["answered_by"] != "person"][:SHOWN_CHANGES]
    if changes:
        lines = tuple(words["change_line"].format(label=row["label"], level=row["level_label"]) for row in changes)
        parts.append(Part(words["change"], (), lines))
    blocked = _blocked(plan, every) if plan else ()
    if blocked:
        parts.append(Part(words["cautions"], (), tuple(blocked)))
    absent = tuple(_absent(data["answers"]["answers"], knowledge, language))
    if absent:
        parts.append(Part(words["absent"], (), absent))
    parts.append(Part(words["limits"], tuple(data["limits"][:2])))
    head = every["clinician"]["letter"] if person["who"] == "patient" else words
    document = Document(
        head["title"], head["notice"], tuple(parts), _foot(data, words, day_text(day, interface)), POINTS
    )
    return document if len(document.text()) < LONG else replace(document, points=SMALL_POINTS)


def _blocked(plan: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    """What is left out of the plan and why, by the item's own words."""
    return [f"{item_words(row['folder'], row['id'], words)['label']}: {' '.join(because_lines(row, words))}"
            for row in plan.get("blocked") or ()]  # fmt: skip


def _plan_parts(plan: Mapping[str, Any], every: Mapping[str, Any], words: Mapping[str, Any]) -> Iterable[Part]:
    yield Part(words["plan"], (every["plan"]["kinds"][plan["kind"]],))
    for step in told_steps(plan):
        items = [every[item["folder"]][item["id"]] for item in step["items"]]
        if items:
            heading = every["plan"]["steps"][step["name"]]
            if step["name"] != UNTIL_SEEN:
                heading = f"{heading} ({day_text(step['begins'], every['interface'])})"
            yield Part(heading, (), tuple(f"{item['label']}. {item['how']}" for item in items))
    yield from (Part(says, (), signs) for says, signs in safety_net_rows(plan.get("safety_net"), every))
    if plan.get("better_by"):
        yield Part(words["review"], (day_text(plan["better_by"], every["interface"]),))


def result_document(
    data: Mapping[str, Any], plan: Mapping[str, Any] | None, knowledge: Knowledge, day: str, language: str = "en"
) -> Document:
    """The printed result for the person: urgency, reasons, possible causes, plan, warning signs, limits."""
    every, interface = knowledge.words[language], knowledge.words[language]["interface"]
    data = _quiet(data)
    words, triage, headings = every["letter"], data["triage"], every["interface"]["headings"]
    lead = level_text(triage["level"], triage["label"], triage["within_hours"], interface)
    shown = reasons_with_advice(triage["reasons"][:SHOWN_REASONS])
    parts = [Part(f"{headings['urgency']}: {lead}", (triage["advice"],)),
             Part(headings["why"], (), tuple(f"{reason['text']} {do}".strip() for reason, do in shown))]  # fmt: skip
    if data["chances"]["shown"] != "none":
        rows = [*data["chances"]["reported"][:SHOWN_FAMILIES], data["chances"]["other"]]
        note = () if data["chances"]["shown"] == "figures" else (interface["order_only"],)
        lines = tuple(_chance(row, data, interface, words["family_line"]) for row in rows)
        parts.append(Part(headings["chances"], note, lines))
    if plan:
        parts += _plan_parts(plan, every, words)
    given = data["answers"]["answers"]
    said = tuple(
        answer_label(key, value, knowledge, language) for key, value in given.items() if value in ("yes", "not_sure")
    )
    if said:
        parts.append(Part(words["present"], (), said))
    parts.append(Part(words["limits"], tuple(data["limits"])))
    return Document(
        words["result_title"], words["result_notice"], tuple(parts), _foot(data, words, day_text(day, interface))
    )
