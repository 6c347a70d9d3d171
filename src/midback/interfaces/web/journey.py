"""Which page comes next, and what an answered page gives: the interview as numbered pages over the engine's questions.

Page n is either the n-th answered page, to look at or change, or the next question. Nothing is remembered but the
steps in the sealed state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from midback.answers import Answers, read_age, read_answers, told_in_turn
from midback.errors import AnswersRefused
from midback.interfaces.web.state import Step
from midback.interview import Done, Question, next_question
from midback.knowledge import Knowledge
from midback.report import question_json

__all__ = [
    "NOT_SAID",
    "SETTING",
    "Given",
    "Page",
    "answers_of",
    "contradiction",
    "is_known",
    "next_step",
    "page_of",
    "page_of_step",
    "read_form",
    "steps_from_answers",
]

ABOUT_YOU = ("age", "sex")
PERSON = ("who", *ABOUT_YOU)
NOT_SAID = "not_said"
SETTING = "self_check"
LONGEST_TEXT = 60
MOST_VALUES = 60
SHOWN_FLAGS = 3  # a page says for which rules it asks; more would not be read
WHO = ("self", "child", "someone_else")


@dataclass(frozen=True, slots=True)
class Page:
    """One page to show. ``question`` is the engine's question as data; ``form`` names the kind of its form."""

    id: str
    form: str  # checklist | places | many | scale | choice | person
    question: Mapping[str, Any]

    @property
    def items(self) -> tuple[str, ...]:
        """Finding ids (or who, age, sex) in the order shown."""
        return tuple(item["id"] for item in self.question["items"])

    @property
    def choices(self) -> list[str]:
        """What the first item can be answered with, in the order shown; "not sure" and the like come on top."""
        item = self.question["items"][0]
        return [str(value) for value in range(int(item["largest"]) + 1)] if self.form == "scale" else [*item["choices"]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a sent form gave: a step, or errors (key of the sentence, field) with the values to show again."""

    step: Step | None
    values: Mapping[str, Any]
    errors: tuple[tuple[str, str], ...] = ()


def answers_of(steps: Sequence[Step], knowledge: Knowledge) -> tuple[Answers, bool]:
    """The checked answers of all steps, and whether some were left out.

    Left out is what told_in_turn leaves out. Raises AnswersRefused when answers contradict each other.
    """
    raw: dict[str, Any] = {"setting": SETTING, "answers": {}}
    for step in steps:
        for key, value in step.given.items():
            if key in PERSON:
                raw |= {} if value == NOT_SAID else {key: value}
            else:
                raw["answers"][key] = value
    told = told_in_turn(raw, knowledge)
    return read_answers(told, knowledge), len(told["answers"]) < len(raw["answers"])


def _form_of(question: Mapping[str, Any]) -> str:
    if question["kind"] == "checklist":
        return "checklist"
    item = question["items"][0]
    if item["id"] in ABOUT_YOU:
        return "person"
    if item["kind"] == "many_of":
        return "places" if item["id"] == "pain_zone" else "many"
    return "scale" if item.get("unit") == "points" else "choice"


def _who_page(knowledge: Knowledge, language: str, asked: int, left: tuple[int, int]) -> Page:
    words = knowledge.words[language]["web"]["who"]
    item = {"id": "who", "kind": "one_of", "question": words["heading"], "why": words["why"], "help": "",
            "choices": {key: words["choices"][key] for key in WHO}}  # fmt: skip
    question = {"id": "who", "kind": "choice", "why": "person", "title": None, "intro": None, "items": [item],
                "flags": [], "asked_so_far": asked, "usually_left": list(left)}  # fmt: skip
    return Page("who", "choice", question)


def page_of(question: Question, knowledge: Knowledge, language: str) -> Page:
    """The page that asks ``question``, in ``language``."""
    if question.id == "who":
        return _who_page(knowledge, language, question.asked_so_far, question.usually_left)
    data = question_json(question, Answers(setting=SETTING), knowledge, language)["question"]
    return Page(question.id, _form_of(data), data)


def is_known(question: Question, knowledge: Knowledge) -> bool:
    """Whether this knowledge can ask ``question``: one from a page shown before an update perhaps cannot be."""
    items, flags = set(question.items), set(question.flags)
    return items <= {*PERSON, *knowledge.findings} and flags <= knowledge.red_flags.keys()


def next_step(steps: Sequence[Step], knowledge: Knowledge) -> Question | Done:
    """The first question that is not answered yet (the page about who it is for is one, too), or Done.

    Raises AnswersRefused and ContradictoryEvidence.
    """
    answers, _ = answers_of(steps, knowledge)
    given = {key: value for step in steps for key, value in step.given.items()}
    step = next_question(answers, knowledge, [key for key in PERSON if given.get(key) == NOT_SAID])
    if isinstance(step, Question) and "who" not in given and step.why != "emergency":
        left = step.usually_left
        return Question("who", "choice", ("who",), "person", asked_so_far=step.asked_so_far, usually_left=left)
    if isinstance(step, Question):
        return replace(step, flags=step.flags[:SHOWN_FLAGS])
    return step


def page_of_step(step: Step, knowledge: Knowledge, language: str) -> Page:
    """The page that gave ``step``, to show and change again."""
    if step.page == "who":
        return _who_page(knowledge, language, 0, (0, 0))
    pages = {page.id: page for page in (*knowledge.interview.opening, *knowledge.interview.safety)}
    items = tuple(key for key in step.given if key in knowledge.findings or key in ABOUT_YOU)
    flagged = "." in step.page
    if step.page in pages:
        kind = pages[step.page].kind
    else:
        kind = "person" if items[0] in ABOUT_YOU else "checklist" if len(items) > 1 else "single"
    first = pages.get(step.page) in knowledge.interview.emergency
    why = "emergency" if first else "red_flag" if flagged else "again"
    return page_of(Question(step.page, kind, items, why), knowledge, language)


def _kept(values: Sequence[str], known: Sequence[str]) -> list[str]:
    return [name for name in known if name in values]


def _read_checklist(page: Page, form: Mapping[str, Sequence[str]], knowledge: Knowledge) -> Given:
    yes = _kept(form.get("yes", ()), page.items)
    unsure = [name for name in _kept(form.get("unsure", ()), page.items) if name not in yes]
    none, some = "none" in form, "some_unsure" in form
    values = {"yes": yes, "unsure": unsure if some else [], "none": none, "some_unsure": some}
    if some and not unsure:
        return Given(None, values, (("list_unsure_which", "some_unsure"),))
    unsure = unsure if some else []
    if none and (yes or unsure):
        return Given(None, values, (("list_both", "none"),))
    if not (none or yes or unsure):
        return Given(None, values, (("list_empty", page.items[0]),))
    implied = {name for item in yes for name in knowledge.findings[item].implies}
    given = {name: "yes" if name in yes or name in implied else "not_sure" if name in unsure else "no"
             for name in page.items}  # fmt: skip
    return Given(Step(page.id, given), values)


def _read_many(page: Page, form: Mapping[str, Sequence[str]]) -> Given:
    item = page.question["items"][0]
    chosen = _kept(form.get("answer", ()), list(item["choices"]))
    none, unsure = "none" in form, "not_sure" in form
    values = {"answer": chosen, "none": none, "not_sure": unsure}
    first = next(iter(item["choices"]))
    if not (chosen or none or unsure):
        return Given(None, values, (("places_empty", first),))
    if bool(chosen) + none + unsure > 1:
        return Given(None, values, (("places_both", "none" if none else "not_sure"),))
    return Given(Step(page.id, {item["id"]: "not_sure" if unsure else chosen}), values)


def _read_age(form: Mapping[str, Sequence[str]]) -> tuple[int | str | None, str]:
    """The age (or that it stays unsaid) and no fault, or no age and the key of the fault."""
    written = [value.strip()[:LONGEST_TEXT] for value in form.get("age", ())]
    if "unsaid" in form:
        return (None, "age_both") if any(written) else (NOT_SAID, "")
    if len(written) != 1 or not written[0]:
        return None, "age_empty"
    age = read_age(written[0])
    return age, "" if age is not None else "age_wrong"


def _read_sex(form: Mapping[str, Sequence[str]], known: Sequence[str]) -> tuple[str | None, str]:
    sent = set(form.get("sex", ()))
    if len(sent) != 1:
        return None, "one_only" if sent else "person_empty"
    return (sent.pop(), "") if sent <= set(known) else (None, "unknown_choice")


def _read_person(page: Page, form: Mapping[str, Sequence[str]]) -> Given:
    """Age, sex or both; every fault of the page is named at once, and what was right stays."""
    given: dict[str, Any] = {}
    errors = []
    for item in page.question["items"]:
        if item["id"] == "age":
            given["age"], fault = _read_age(form)
            where = "unsaid" if fault == "age_both" else "age"
        else:
            given["sex"], fault = _read_sex(form, known := [*item["choices"], NOT_SAID])
            where = known[0]
        errors += [(fault, where)] if fault else []
    values = {"age": [value[:LONGEST_TEXT] for value in form.get("age", ())][:1], "unsaid": "unsaid" in form,
              "sex": form.get("sex", ())[:1]}  # fmt: skip
    return Given(None if errors else Step(page.id, given), values, tuple(errors))


def _read_choice(page: Page, form: Mapping[str, Sequence[str]]) -> Given:
    item = page.question["items"][0]
    person = item["id"] == "who"
    known = [*page.choices] if person else [*page.choices, "not_sure"]
    sent = list(form.get("answer", ()))
    values = {"answer": _kept(sent, known)[:1]}
    if not sent:
        return Given(None, values, (("person_empty" if person else "one_empty", known[0]),))
    if len(set(sent)) > 1:
        return Given(None, values, (("one_only", known[0]),))
    if sent[0] not in known:
        return Given(None, values, (("unknown_choice", known[0]),))
    value: str | int = int(sent[0]) if page.form == "scale" and sent[0] != "not_sure" else sent[0]
    return Given(Step(page.id, {item["id"]: value}), values)


def read_form(page: Page, form: Mapping[str, Sequence[str]], knowledge: Knowledge) -> Given:
    """What the sent ``form`` (field name to values) answers on ``page``. Unknown fields and values never pass."""
    form = {key: list(values)[:MOST_VALUES] for key, values in form.items()}
    if page.form == "checklist":
        return _read_checklist(page, form, knowledge)
    if page.form in ("places", "many"):
        return _read_many(page, form)
    return _read_person(page, form) if page.form == "person" else _read_choice(page, form)


def contradiction(error: AnswersRefused, steps: Sequence[Step], knowledge: Knowledge) -> tuple[str, str] | None:
    """(finding, the implied finding that was denied) behind a refused contradiction, or None for another refusal."""
    given = {key: value for step in steps for key, value in step.given.items()}
    for problem in error.problems:
        name = problem.path.removeprefix("answers.")
        if name in knowledge.findings:
            denied = [other for other in knowledge.findings[name].implies if given.get(other) == "no"]
            return name, denied[0] if denied else ""
    return None


def steps_from_answers(answers: Answers, knowledge: Knowledge) -> tuple[Step, ...]:
    """Pages that would have given ``answers``, so that a result opened from a link can be looked at and changed."""
    raw = answers.to_raw()
    left = dict(raw["answers"])
    steps = []
    pages = (*knowledge.interview.opening, *knowledge.interview.safety)
    about_you = {key: raw[key] for key in ABOUT_YOU if key in raw}
    person = [Step("who", {"who": raw["who"]})] if "who" in raw else []
    person += [Step("about_you", about_you)] if about_you else []
    for page in pages:
        here = {name: left.pop(name) for name in page.findings if name in left}
        if here and page not in knowledge.interview.emergency:
            steps += person
            person = []
        if here:
            steps.append(Step(page.id, here))
    steps += person
    steps += [Step(name, {name: value}) for name, value in left.items()]
    return tuple(steps)
