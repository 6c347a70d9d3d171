"""The pages of a check: start, questions, answers to look at again, leaving and deleting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from midback.answers import ADULT
from midback.errors import AnswersRefused, ContradictoryEvidence
from midback.interfaces.web.journey import (
    NOT_SAID,
    Page,
    answers_of,
    contradiction,
    is_known,
    next_step,
    page_of,
    page_of_step,
    read_form,
)
from midback.interfaces.web.phone import country_of_language, phone_for
from midback.interfaces.web.state import Draft, State, Step
from midback.interfaces.web.visit import Reply, Visit, go_to, show
from midback.interview import Done
from midback.knowledge import Knowledge
from midback.report.as_json import answer_label

__all__ = [
    "answered_rows",
    "check",
    "delete",
    "deleted",
    "error_rows",
    "heading_of",
    "leave",
    "question",
    "start",
]

SECOND_PERSON = ("child", "someone_else")


async def start(visit: Visit) -> Reply:
    """The first page, or the beginning of a new check."""
    book = visit.knowledge.content["phone_numbers"]["countries"]
    if visit.sent:
        country = visit.first("country", 2)
        fresh = State(country=country if country in book else "", private="private" in visit.form,
                      language=visit.language)  # fmt: skip
        return go_to("/question/1", state=fresh)
    guess = visit.state.country if visit.state else country_of_language(visit.languages, visit.knowledge)
    running = visit.state is not None and bool(visit.state.steps)
    countries = sorted(book, key=visit.words["countries"].get)
    return show("start.html", countries=countries, guess=guess, running=running, lost=visit.lost,
                call=phone_for(guess, visit.knowledge))  # fmt: skip


def _values_of(page: Page, given: Mapping[str, Any]) -> dict[str, Any]:
    """The form values that would give what was answered, to show a page as it was left."""
    if page.form == "checklist":
        yes = [name for name, value in given.items() if value == "yes"]
        unsure = [name for name, value in given.items() if value == "not_sure"]
        return {"yes": yes, "unsure": unsure, "some_unsure": bool(unsure), "none": not (yes or unsure)}
    if page.form == "person":
        age = given.get("age")
        return {"age": [str(age)] if isinstance(age, int) else [], "unsaid": age == NOT_SAID,
                "sex": [given["sex"]] if "sex" in given else []}  # fmt: skip
    value = next(iter(given.values()))
    if page.form in ("places", "many"):
        chosen = value if isinstance(value, list) else []
        return {"answer": chosen, "not_sure": value == "not_sure", "none": value == []}
    return {"answer": [str(value)]}


def heading_of(page: Page) -> str:
    """The heading of a page: its title when it asks several things, else its question."""
    if page.form == "checklist" or len(page.items) > 1:
        return str(page.question["title"] or page.question["items"][0]["question"])
    return str(page.question["items"][0]["question"])


def _asked(page: Page, where: str) -> str:
    """The question that an error at ``where`` is about: of age and sex, the one that is at fault."""
    if page.form != "person":
        return heading_of(page)
    about_age = where in ("age", "unsaid")
    return next(str(item["question"]) for item in page.question["items"] if (item["id"] == "age") is about_age)


def error_rows(draft: Draft | None, page: Page | None, visit: Visit) -> list[dict[str, str]]:
    """Every error of a draft in the question's own words: where it stands and how to mend it."""
    words = visit.words
    rows = []
    for key, where in draft.errors if draft else ():
        heading = _asked(page, where) if page else ""
        heading += "" if heading.endswith(("?", ".", ")")) else "."
        fill = {"question": heading, "none": words["question"]["none"],
                "not_sure": words["question"]["not_sure"], "unsaid": words["age"]["unsaid"],
                "other": words["question"]["other_than_map"],
                "value": "".join((draft.values.get("age") or [""])[:1]) if draft else "", "label": ""}  # fmt: skip
        if key == "places_both" and where == "not_sure":
            fill["other"] = words["question"]["not_sure"]
        if key.startswith("contradiction"):
            name, _, denied = where.partition(" ")
            fill["label"] = answer_label(name, "yes", visit.knowledge, visit.language)
            fill["other"] = answer_label(denied, "no", visit.knowledge, visit.language) if denied else ""
            where = name
        rows.append({"text": words["errors"][key].format(**fill), "where": where})
    return rows


def _refused(error: AnswersRefused, steps: tuple[Step, ...], knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    pair = contradiction(error, steps, knowledge)
    if pair is None:
        return (("not_read", ""),)
    return (("contradiction", f"{pair[0]} {pair[1]}"),) if pair[1] else (("contradiction_alone", pair[0]),)


def _take(visit: Visit, state: State, page: Page, place: int, here: str, onwards: str) -> Reply:
    """Keep what was sent and go on; or keep the draft and come back to mend it."""
    given = read_form(page, visit.form, visit.knowledge)
    errors = given.errors
    if given.step is not None:
        after = state.with_step(place, given.step)
        try:
            answers_of(after.steps, visit.knowledge)
            return _go_on(after, onwards, visit.knowledge) if place == len(state.steps) else go_to(onwards, state=after)
        except AnswersRefused as error:
            errors = _refused(error, after.steps, visit.knowledge)
    return go_to(here, state=replace(state, draft=Draft(here, given.values, errors)))


def _looked_ahead(state: State, knowledge: Knowledge) -> State:
    """The state with the next page worked out, or why there is none. Raises ContradictoryEvidence."""
    step = next_step(state.steps, knowledge)
    if isinstance(step, Done):
        return replace(state, ended=step.why, upcoming=None)
    return replace(state, ended="", upcoming=step)


def _end(state: State) -> Reply:
    return go_to("/result" if state.ended in ("emergency", "too_young") else "/check", state=state)


def _go_on(state: State, onwards: str, knowledge: Knowledge) -> Reply:
    """On to the next page, worked out once here and not again when it is shown or answered."""
    try:
        state = _looked_ahead(state, knowledge)
    except ContradictoryEvidence:  # the next page says so
        return go_to(onwards, state=state)
    return _end(state) if state.ended else go_to(onwards, state=state)


async def question(visit: Visit) -> Reply:
    """One numbered question page; under /change it returns to the list of answers."""
    state = visit.state
    if state is None:
        return go_to("/")
    number = int(visit.parts["number"])
    place, count = number - 1, len(state.steps)
    change = visit.parts.get("verb") == "change"
    if place > count or place < 0 or (change and place >= count):
        return go_to("/check" if change else f"/question/{count + 1}")
    if place < count:
        page = page_of_step(state.steps[place], visit.knowledge, visit.language)
    else:
        if state.upcoming is None or not is_known(state.upcoming, visit.knowledge):
            state = _looked_ahead(state, visit.knowledge)
        if state.ended or state.upcoming is None:
            return _end(state)
        page = page_of(state.upcoming, visit.knowledge, visit.language)
    here = f"/{'change' if change else 'question'}/{number}"
    if visit.sent:
        return _take(visit, state, page, place, here, "/check" if change else f"/question/{number + 1}")
    draft = state.draft if state.draft and state.draft.where == here else None
    values = draft.values if draft else _values_of(page, state.steps[place].given) if place < count else {}
    flags = [visit.say("red_flags", flag, "title") for flag in page.question["flags"]]
    given = state.given
    young = given.get("age") in range(ADULT)
    age_told = 0 < place <= count and "age" in state.steps[place - 1].given
    return show(
        "question.html", page=page, values=values, errors=error_rows(draft, page, visit), here=here, number=number,
        heading=heading_of(page), change=change, answered=place < count, flags=flags, first=number == 1,
        back="/check" if change else f"/question/{number - 1}" if number > 1 else "/", not_said=NOT_SAID,
        about=given.get("who") if given.get("who") in SECOND_PERSON else "",
        child=(page.form == "person" and given.get("who") == "child") or (young and age_told),
    )  # fmt: skip


def _said(item: str, value: Any, words: Mapping[str, Any]) -> list[str]:
    """An answer in words; several for several options, none for a plain no on a list."""
    web, interface = words["web"], words["interface"]
    if item == "who":
        return [web["who"]["choices"].get(value, value)]
    if value == NOT_SAID:
        return [web["question"]["rather_not"]]
    if item == "age":
        return [str(value)]
    if item == "sex":
        return [str(interface["questions"][f"sex_{value}"])]
    if value == "not_sure":
        return [interface["not_sure"]]
    options = words["findings"][item].get("options") or {}
    if isinstance(value, list):
        return [options[name] for name in value] or [web["check"]["none"]]
    if isinstance(value, (int, float)):
        return [web["question"]["pain_of"].format(value=value)]
    return [options.get(value) or interface[value]]


def answered_rows(state: State, knowledge: Knowledge, language: str) -> list[dict[str, Any]]:
    """Every answered page with its answers in words, and on a list what was asked, in the order given."""
    rows = []
    for number, step in enumerate(state.steps, 1):
        page = page_of_step(step, knowledge, language)
        said: list[str] = []
        for item, value in step.given.items():
            if page.form != "checklist":
                said += _said(item, value, knowledge.words[language])
            elif value != "no":
                said.append(answer_label(item, str(value), knowledge, language))
        heading, items = heading_of(page), page.question["items"]
        asked = (
            [item["label"] for item in items] if page.form == "checklist" and heading != items[0]["question"] else []
        )
        rows.append({"number": number, "heading": heading, "said": said, "asked": asked})
    return rows


async def check(visit: Visit) -> Reply:
    """All answers, each with a way to change it."""
    state = visit.state
    if state is None:
        return go_to("/")
    _, pruned = answers_of(state.steps, visit.knowledge)
    ended, left = state.ended, None
    if not ended:
        upcoming = state.upcoming or next_step(state.steps, visit.knowledge)
        ended = upcoming.why if isinstance(upcoming, Done) else ""
        left = None if isinstance(upcoming, Done) else upcoming.usually_left
    rows = answered_rows(state, visit.knowledge, visit.language)
    return show("check.html", rows=rows, pruned=pruned, left=left, ended=ended,
                next_number=len(state.steps) + 1)  # fmt: skip


async def delete(visit: Visit) -> Reply:
    """Delete the answers."""
    return go_to(f"/deleted?lang={visit.language}", forget=True)


async def deleted(_: Visit) -> Reply:
    """Say that the answers are gone."""
    return show("deleted.html")


async def leave(visit: Visit) -> Reply:
    """Delete the answers and be somewhere else at once."""
    return go_to(visit.configuration.leave_to, forget=True)
