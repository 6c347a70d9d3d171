"""The clinicians' pages: enter a case, read a pasted note, the result and what is made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from midback.answers import read_answers
from midback.assessment import assess
from midback.care import plan, plan_to_raw
from midback.interfaces.web.clinician_form import (
    PAGE,
    answers_of_case,
    entered_rows,
    fits_cookie,
    given_of,
    matching,
    read_case,
    sections,
    settings_of,
    state_with,
)
from midback.interfaces.web.clinician_notes import confirmed, proposal_rows, rows_of_reading
from midback.interfaces.web.clinician_outcome import outcome_file, outcome_values
from midback.interfaces.web.clinician_view import clinician_values
from midback.interfaces.web.state import Draft, State
from midback.interfaces.web.visit import Reply, Visit, go_to, send_file, show
from midback.interfaces.web.work import knowledge_apart, work_apart, work_out
from midback.interview import useful_next
from midback.knowledge import Hashes
from midback.notes import LONGEST_NOTE, NoteTooLong, note_languages, read_note
from midback.report import assessment_json
from midback.report.document import Document
from midback.report.figures import figure
from midback.report.letter import letter_document
from midback.report.next_useful import useful_json
from midback.report.weights import weights_json

__all__ = ["entry", "letter", "letter_pdf", "note", "proposals", "result", "result_json"]

HERE = "/clinician"
NOTE, PROPOSALS, RESULT, LETTER = f"{HERE}/note", f"{HERE}/proposals", f"{HERE}/result", f"{HERE}/letter"
LONGEST_QUERY = 60


def _words(visit: Visit) -> Mapping[str, Any]:
    found: Mapping[str, Any] = visit.all_words["clinician"]
    return found


def _count(number: int, visit: Visit) -> str:
    return figure(number, ",.0f", visit.all_words["interface"])


def _errors(rows: Sequence[tuple[str, str]], visit: Visit) -> list[dict[str, str]]:
    """The errors of a draft as sentences, each with the field it stands at."""
    words, said = _words(visit)["errors"], []
    for key, detail in rows:
        name, _, written = detail.partition("\n")
        label = visit.all_words["findings"][name]["clinical"] if name in visit.knowledge.findings else ""
        if key == "contradiction":
            other = visit.all_words["findings"][written]["clinical"] if written else ""
            what = words["contradicts"].format(other=other) if other else words["does_not_apply"]
            said.append({"where": f"f-{name}", "text": words["contradiction"].format(label=label, what=what)})
        elif key == "number":
            said.append({"where": f"n-{name}", "text": words["number"].format(label=label, value=written)})
        elif key in ("age", "too_much"):
            said.append({"where": "age" if key == "age" else "case", "text": words[key]})
    return said


def _kept(path: str, state: State, given: Mapping[str, Any], visit: Visit) -> Reply:
    """On to ``path`` with the case ``given`` kept in ``state``; else the entry page, which still holds all of it."""
    if fits_cookie(state, visit.configuration.key):
        return go_to(path, state=state)
    return _entry_page(visit, given, "", (("too_much", ""),))


async def entry(visit: Visit) -> Reply:
    """The entry page; a sent form is kept, and what it asked for is done."""
    state = visit.state
    if visit.sent:
        asked = visit.first("do", 20)
        if asked == "clear":
            return go_to(HERE, state=state_with(state, {}))
        if asked == "outcome":
            return outcome_file(RESULT, visit)
        entered = read_case(visit.form, visit.knowledge)
        after, path = state_with(state, entered.given), {"result": RESULT, "note": NOTE}.get(asked, HERE)
        errors = tuple((key, f"{name}\n{written}") for key, name, written in entered.errors)
        if errors:
            after, path = replace(after, draft=Draft(HERE, {}, errors)), HERE
        elif asked == "search":
            wanted = Draft(HERE, {"query": visit.first("query", LONGEST_QUERY)}, ())
            after, path = replace(after, draft=wanted), f"{HERE}#matched"
        return _kept(path, after, entered.given, visit)
    draft = state.draft if state and state.draft and state.draft.where == HERE else None
    query = str(draft.values.get("query", "")) if draft else ""
    return _entry_page(visit, given_of(state, visit.knowledge), query, draft.errors if draft else ())


def _entry_page(visit: Visit, given: Mapping[str, Any], query: str, errors: Sequence[tuple[str, str]]) -> Reply:
    knowledge = visit.knowledge
    found = set(matching(query, knowledge, visit.language)) if query else set()
    rows = sections(knowledge, visit.language)
    return show(
        "clinician.html", c=_words(visit), given=given, rows=rows, query=query, found=found,
        matched=[row for section in rows for row in section["rows"] if row["id"] in found],
        entered=entered_rows(given, knowledge, visit.language), settings=settings_of(knowledge), page=PAGE,
        errors=_errors(errors, visit),
    )  # fmt: skip


def _fitting(state: State, rows: Mapping[str, Any], visit: Visit) -> State:
    """The state with the proposals, shortened until a browser keeps it: the words around first, then the last rows."""
    values = dict(rows)
    for shorter in range(4000):
        after = replace(state, draft=Draft(PROPOSALS, values, ()))
        if fits_cookie(after, visit.configuration.key):
            return after
        if shorter == 0:
            values = {**values, "rows": [[*row[:5], "", "", *row[7:]] for row in values["rows"]], "passed": []}
        elif values["rows"]:
            values = {**values, "rows": values["rows"][:-1], "left_out": values["left_out"] + 1}
        else:
            break
    return replace(state, draft=None)


def _rows_of_note(text: str, root: Path | None, hashes: Hashes, language: str) -> dict[str, Any]:
    """What a note proposes as plain data; runs in the process for results: the first note makes the vocabulary."""
    return rows_of_reading(read_note(text, knowledge_apart(root, hashes), language))


async def note(visit: Visit) -> Reply:
    """A note to paste. It is read once; the proposals alone travel on."""
    words, languages = _words(visit)["note"], note_languages(visit.knowledge)
    state = visit.state or State()
    if not visit.sent:
        draft = state.draft if state.draft and state.draft.where == NOTE else None
        return show(
            "clinician_note.html", c=_words(visit), most=_count(LONGEST_NOTE, visit),
            readable=visit.language in languages, error=str(draft.values.get("error", "")) if draft else "",
        )  # fmt: skip
    text = (visit.form.get("note") or [""])[0].replace("\r\n", "\n")
    error = words["no_language"] if not languages else "" if text.strip() else words["empty"]
    if not error:
        try:
            language = visit.language if visit.language in languages else languages[0]
            root, hashes = visit.configuration.knowledge, visit.knowledge.hashes
            rows = await work_apart(_rows_of_note, text, root, hashes, language)
        except NoteTooLong:
            error = words["too_long"].format(count=_count(len(text), visit), most=_count(LONGEST_NOTE, visit))
    kept = state_with(state, given_of(state, visit.knowledge))
    if error:
        return go_to(NOTE, state=replace(kept, draft=Draft(NOTE, {"error": error}, ())))
    return go_to(PROPOSALS, state=_fitting(kept, rows, visit))


async def proposals(visit: Visit) -> Reply:
    """What the note proposes, each to confirm; nothing that is not ticked is taken."""
    state = visit.state
    draft = state.draft if state and state.draft and state.draft.where == PROPOSALS else None
    if state is None or draft is None:
        return go_to(NOTE)
    given = given_of(state, visit.knowledge)
    if visit.sent:
        asked = visit.first("do", 20)
        if asked == "tick_all":
            return go_to(PROPOSALS, state=replace(state, draft=replace(draft, values={**draft.values, "ticked": True})))
        if asked != "confirm":
            return go_to(HERE, state=replace(state, draft=None))
        taken, errors = confirmed(draft.values, visit.form, given, visit.knowledge)
        rows = tuple((key, f"{name}\n{written}") for key, name, written in errors)
        after = replace(state_with(state, taken), draft=Draft(HERE, {}, rows) if rows else None)
        return _kept(HERE, after, taken, visit)
    rows_shown, passed = proposal_rows(draft.values, given, visit.knowledge, visit.language)
    return show("clinician_proposals.html", c=_words(visit), rows=rows_shown, passed=passed,
                ticked=bool(draft.values.get("ticked")), left_out=draft.values.get("left_out", 0))  # fmt: skip


def _worked_out(
    raw: Mapping[str, Any], root: Path | None, hashes: Hashes, language: str, whole: bool
) -> dict[str, Any]:
    """Everything a page needs as plain data; runs in the process for results.

    ``whole`` adds the weight of each answer and what would help next, which no letter needs.
    """
    knowledge = knowledge_apart(root, hashes)
    answers = read_answers(raw, knowledge)
    assessment = assess(answers, knowledge)
    worked: dict[str, Any] = {
        "data": assessment_json(assessment, knowledge, language),
        "plan": plan_to_raw(plan(assessment, knowledge, date.today())),
    }
    if whole:
        worked["weights"] = weights_json(assessment.moved, knowledge, language)
        worked["next"] = useful_json(useful_next(answers, knowledge), knowledge, language)
    return worked


async def _work(visit: Visit, whole: bool = True) -> dict[str, Any] | None:
    given = given_of(visit.state, visit.knowledge)
    if not given:
        return None
    raw = answers_of_case(given, visit.knowledge).to_raw()
    root, hashes = visit.configuration.knowledge, visit.knowledge.hashes
    return await work_apart(_worked_out, raw, root, hashes, visit.language, whole)


async def _letter(visit: Visit) -> Document | None:
    worked = await _work(visit, whole=False)
    if worked is None:
        return None
    day, hurt = date.today().isoformat(), "hurt" in visit.form
    return letter_document(
        worked["data"], worked["plan"], visit.knowledge, day, show_hurt=hurt, language=visit.language
    )


async def result(visit: Visit) -> Reply:
    """The result for clinicians."""
    worked = await _work(visit)
    if worked is None:
        return go_to(HERE)
    values = clinician_values(worked, visit.knowledge, visit.language)
    return show("clinician_result.html", c=_words(visit), **values, **outcome_values(RESULT, visit))


async def result_json(visit: Visit) -> Reply:
    """Assessment, plan, weights and what would help next, in one file."""
    worked = await _work(visit)
    if worked is None:
        return go_to(HERE)
    more = {"plan": worked["plan"], "weights": worked["weights"], "most_useful_next": worked["next"]}
    content = json.dumps({**worked["data"], **more}, ensure_ascii=False, indent=2).encode()
    return send_file(content, "application/json", "midback-result.json")


async def letter(visit: Visit) -> Reply:
    """The one-page letter."""
    document = await _letter(visit)
    if document is None:
        return go_to(HERE)
    hurt = given_of(visit.state, visit.knowledge).get("hurt_by_someone") == "yes"
    return show("clinician_letter.html", c=_words(visit), document=document, hurt=hurt, shown="hurt" in visit.form)


async def letter_pdf(visit: Visit) -> Reply:
    """The letter as a tagged PDF."""
    from midback.report.pdf import render_pdf

    document = await _letter(visit)
    if document is None:
        return go_to(HERE)
    content = await work_out(render_pdf, document, visit.language)
    return send_file(content, "application/pdf", "midback-letter.pdf")
