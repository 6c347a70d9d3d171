"""The result and everything made from it: letter, PDF, calendar, a link to carry it, a consultation request."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from midback.answers import Answers, help_needed, read_answers
from midback.assessment import assess, network_for
from midback.care import plan, plan_to_raw
from midback.errors import AnswersRefused
from midback.interfaces.web.check_pages import error_rows
from midback.interfaces.web.journey import SETTING, answers_of, next_step, steps_from_answers
from midback.interfaces.web.result_view import alarm_reasons, result_values
from midback.interfaces.web.state import Draft, State, pack, unpack
from midback.interfaces.web.visit import Reply, Visit, go_to, send_file, show
from midback.interfaces.web.work import knowledge_apart, start_apart, work_apart, work_out
from midback.interview import Done
from midback.knowledge import EMERGENCY, Hashes, Knowledge
from midback.report import assessment_json
from midback.report.document import Document
from midback.report.figures import within_text
from midback.report.letter import letter_document, result_document
from midback.safety import Truth, flag_states

__all__ = [
    "consultation",
    "document_of",
    "letter_page",
    "letter_pdf",
    "open_link",
    "result",
    "result_calendar",
    "result_pdf",
    "share",
    "warm_up",
]

LONGEST_LINK = 8000
LINK_FORM = 1


def _ordinary(knowledge: Knowledge) -> dict[str, Any]:
    """The raw answers of somebody made up, with no to every safety question."""
    pages = (*knowledge.interview.opening, *knowledge.interview.safety)
    asked = {name: knowledge.findings[name] for page in pages for name in page.findings}
    no = {name: "no" for name, finding in asked.items() if finding.kind == "binary" and finding.applies_to(45, "male")}
    return {"setting": SETTING, "age": 45, "sex": "male", "answers": no}


def warm_up(knowledge: Knowledge, root: Path | None) -> None:
    """Build what the first visitor needs, and start the process for results on what most visitors need."""
    network_for(Answers(setting=SETTING), knowledge)
    start_apart(_worked_out, _ordinary(knowledge), root, knowledge.hashes, next(iter(knowledge.languages)))


def _worked_out(
    raw: Mapping[str, Any], root: Path | None, hashes: Hashes, language: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The result and the plan as plain data; runs in the process for results."""
    knowledge = knowledge_apart(root, hashes)
    assessment = assess(read_answers(raw, knowledge), knowledge)
    made = plan_to_raw(plan(assessment, knowledge, date.today()))
    return assessment_json(assessment, knowledge, language), made


async def _work(visit: Visit, state: State) -> tuple[dict[str, Any], dict[str, Any]]:
    answers, _ = answers_of(state.steps, visit.knowledge)
    root, hashes = visit.configuration.knowledge, visit.knowledge.hashes
    return await work_apart(_worked_out, answers.to_raw(), root, hashes, visit.language)


def _emergency_by_rule(visit: Visit, state: State) -> Reply | None:
    """The emergency card at once where a rule alone decides it: nothing needs to be worked out first."""
    answers, _ = answers_of(state.steps, visit.knowledge)
    raised = [row for row in flag_states(answers, visit.knowledge)
              if row.truth is Truth.TRUE and row.flag.level == EMERGENCY]  # fmt: skip
    if not raised:
        return None
    found = {row.flag.id: row.by for row in raised}
    reasons = alarm_reasons(list(found)[:3], found, state, visit.knowledge, visit.language)
    return show("emergency.html", reasons=reasons, help=help_needed(answers, visit.knowledge))


async def result(visit: Visit) -> Reply:
    """The result; in an emergency, only what to do now."""
    state = visit.state
    if state is None or not state.steps:
        return go_to("/")
    alarm = _emergency_by_rule(visit, state)
    if alarm is not None:
        return alarm
    done = bool(state.ended) or (state.upcoming is None and isinstance(next_step(state.steps, visit.knowledge), Done))
    data, planned = await _work(visit, state)
    answers, _ = answers_of(state.steps, visit.knowledge)
    if _is_emergency(data):
        levels = visit.all_words["levels"][EMERGENCY]
        reasons = [{"title": "", "do": levels["advice"], "why": reason["text"], "text": reason["text"], "answers": []}
                   for reason in data["triage"]["reasons"][:1]]  # fmt: skip
        return show("emergency.html", reasons=reasons, help=help_needed(answers, visit.knowledge))
    values = result_values(answers, data, planned, state, visit.knowledge, visit.language)
    return show("result.html", done=done, next_number=len(state.steps) + 1, **values)


def _is_emergency(data: Mapping[str, Any]) -> bool:
    """Whether nothing may be offered but the emergency card."""
    return bool(data["triage"]["level"] == EMERGENCY)


async def document_of(visit: Visit, kind: str) -> Document | None:
    """The result or the letter as a document; None when there is nothing to write about, or an emergency instead."""
    state = visit.state
    if state is None or not state.steps:
        return None
    data, planned = await _work(visit, state)
    day = date.today().isoformat()
    if kind == "result":
        return None if _is_emergency(data) else result_document(data, planned, visit.knowledge, day, visit.language)
    return letter_document(data, planned, visit.knowledge, day, show_hurt="hurt" in visit.form, language=visit.language)


async def _pdf(document: Document, filename: str, visit: Visit) -> Reply:
    from midback.report.pdf import render_pdf

    return send_file(await work_out(render_pdf, document, visit.language), "application/pdf", filename)


async def result_pdf(visit: Visit) -> Reply:
    """The result as a tagged PDF."""
    document = await document_of(visit, "result")
    return await _pdf(document, "midback-result.pdf", visit) if document else go_to("/result")


async def letter_page(visit: Visit) -> Reply:
    """The one-page letter, to read before it is printed or kept."""
    document = await document_of(visit, "letter")
    hurt = bool(visit.state) and (visit.state.given.get("hurt_by_someone") == "yes" if visit.state else False)
    return show("letter.html", document=document, hurt=hurt, shown="hurt" in visit.form) if document else go_to("/")


async def letter_pdf(visit: Visit) -> Reply:
    """The letter as a tagged PDF."""
    document = await document_of(visit, "letter")
    return await _pdf(document, "midback-letter.pdf", visit) if document else go_to("/")


async def result_calendar(visit: Visit) -> Reply:
    """The review dates as a calendar file."""
    from midback.report.calendar import plan_calendar

    if visit.state is None or not visit.state.steps:
        return go_to("/")
    data, planned = await _work(visit, visit.state)
    if _is_emergency(data):
        return go_to("/result")
    content = plan_calendar(planned, visit.knowledge, visit.language)
    return send_file(content, "text/calendar; charset=utf-8", "midback-review.ics")


def _link_text(answers: Answers, knowledge: Knowledge) -> str:
    """All answers with the knowledge they were given under, as URL-safe letters: for a fragment, never for a path."""
    made_with = f"{knowledge.version} {knowledge.hashes.network}"
    packed = pack([LINK_FORM, made_with, answers.to_raw()])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _read_link(text: str, visit: Visit) -> State | None:
    """The state inside a link, or None when it is no whole link."""
    # Begun only where a run of letters begins: else the time would grow with the square of a long run.
    found = re.search(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{20,}\s*$", text.partition("#")[2] or text)
    if not found:
        return None
    letters = found[0].strip()
    try:
        form, made_with, raw = unpack(base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4)))
        if form != LINK_FORM or not isinstance(raw, Mapping):
            return None
        answers = read_answers({**raw, "setting": SETTING}, visit.knowledge)
    except (ValueError, TypeError, AnswersRefused):
        return None
    country = visit.state.country if visit.state else ""
    return State(steps_from_answers(answers, visit.knowledge), country=country, made_with=str(made_with)[:80])


async def share(visit: Visit) -> Reply:
    """First the warning; after it, by choice, the link and its square code."""
    state = visit.state
    if state is None or not state.steps:
        return go_to("/")
    if not visit.sent:
        return show("share.html", link="", place="", code=None)
    from midback.report.qr import square_code

    answers, _ = answers_of(state.steps, visit.knowledge)
    link = f"{visit.address}/open#{_link_text(answers, visit.knowledge)}"
    code = square_code(link, visit.words["share"]["code_alt"])
    return show("share.html", link=link, place=f"{visit.address}/open", code=Markup(code) if code else None)


async def open_link(visit: Visit) -> Reply:
    """The page that reads a link: a small script fills the form from the fragment; without it, paste."""
    state = visit.state or State()
    draft = state.draft if state.draft and state.draft.where == "/open" else None
    if not visit.sent:
        text = str(draft.values.get("text", "")) if draft else ""
        return show("open.html", errors=error_rows(draft, None, visit), text=text)
    text = visit.first("link", LONGEST_LINK).strip()
    opened = _read_link(text, visit)
    if opened is None:
        key = "paste_wrong" if text else "paste_empty"
        return go_to("/open", state=replace(state, draft=Draft("/open", {"text": text[:1200]}, ((key, "link"),))))
    return go_to("/result", state=replace(opened, private=state.private, language=state.language))


async def consultation(visit: Visit) -> Reply:
    """Words for an e-mail, the practice, and a proposed time as a calendar file. Nothing is sent from here."""
    state, practice = visit.state, visit.configuration.practice
    if state is None or not state.steps:
        return go_to("/")
    here = "/consultation"
    if visit.sent:
        day, time = visit.first("day", 10), visit.first("time", 5)
        try:
            begins = datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M")
        except ValueError:
            mend = Draft(here, {"day": day, "time": time}, (("when_empty", "day"),))
            return go_to(here, state=replace(state, draft=mend))
        from midback.report.calendar import consultation_calendar

        place = ", ".join(part for part in (practice.name, practice.address) if part) if practice else ""
        content = consultation_calendar(visit.words["consultation"]["event"], begins, place)
        return send_file(content, "text/calendar; charset=utf-8", "consultation.ics")
    draft = state.draft if state.draft and state.draft.where == here else None
    data, planned = await _work(visit, state)
    if _is_emergency(data):
        return go_to("/result")
    document = letter_document(data, planned, visit.knowledge, date.today().isoformat(), language=visit.language)
    within = within_text(data["triage"]["within_hours"], visit.all_words["interface"])
    mail = visit.words["consultation"]["mail_text"].format(
        level=data["triage"]["label"], within=f", {within}" if within else "", summary=document.text()
    )
    return show("consultation.html", practice=practice, mail=mail, errors=error_rows(draft, None, visit),
                values=draft.values if draft else {})  # fmt: skip
