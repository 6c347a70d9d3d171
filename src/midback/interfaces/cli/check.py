"""`midback check`: the interview in a terminal. Back, change, not sure, help and stop are there on every question."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any

from rich.console import Console

from midback.answers import Answers, read_answers, told_in_turn
from midback.assessment import assess
from midback.errors import AnswersRefused
from midback.interfaces.cli.language import language_of
from midback.interview import Done, next_question
from midback.knowledge import Knowledge, load_knowledge
from midback.report import assessment_json, question_json, render_assessment

__all__ = ["Quit", "Session", "Step", "Stopped", "run", "run_interview"]

Lines = Callable[[str], str]
NOT_SAID = "not_said"


class Stopped(Exception):
    """The person wants the result of what was answered so far."""


class Quit(Exception):
    """The person wants to leave; nothing is kept."""


@dataclass(slots=True)
class Step:
    """One answered page: its question and the raw values it gave."""

    question: dict[str, Any]
    given: dict[str, Any]


@dataclass(slots=True)
class Session:
    """One interview: the steps taken, from which the answers are always rebuilt."""

    knowledge: Knowledge
    setting: str
    console: Console
    language: str
    steps: list[Step] = field(default_factory=list)
    pending: list[dict[str, Any]] = field(default_factory=list)

    @property
    def words(self) -> dict[str, Any]:
        """The interface sentences."""
        found: dict[str, Any] = self.knowledge.words[self.language]["interface"]
        return found

    def answers(self) -> Answers:
        """The answers of all steps so far, checked."""
        raw: dict[str, Any] = {"setting": self.setting, "answers": {}}
        for step in self.steps:
            for key, value in step.given.items():
                if value == NOT_SAID:
                    continue
                if key in ("age", "sex", "who"):
                    raw[key] = value
                else:
                    raw["answers"][key] = value
        return read_answers(told_in_turn(raw, self.knowledge), self.knowledge)

    def say(self, text: str, style: str | None = None) -> None:
        """Print lines, wrapped to the terminal under their own beginning, coloured only where there is one."""
        for line in text.split("\n"):
            start = re.match(r" *(?:- |\d+  )?", line)
            under = " " * (start.end() if start else 0)
            wrapped = fill(line, self.console.width, subsequent_indent=under, break_on_hyphens=False)
            self.console.print(wrapped, style=style, markup=False, highlight=False, soft_wrap=True)


def _who_question(session: Session) -> dict[str, Any]:
    words = session.knowledge.words[session.language]["web"]["who"]
    item = {"id": "who", "kind": "one_of", "question": words["heading"], "why": words["why"], "help": "",
            "choices": words["choices"]}  # fmt: skip
    return {"id": "who", "kind": "choice", "title": None, "intro": None, "items": [item], "usually_left": None}


def _show(question: dict[str, Any], session: Session) -> None:
    words = session.words["questions"]
    session.say("")
    if question["usually_left"]:
        low, high = question["usually_left"]
        session.say(f"({words['usually_left'].format(low=low, high=high)})", "dim")
    if question["kind"] == "checklist":
        session.say(f"{question['title']}. {question['intro']} {words['checklist']}", "bold")
        for place, item in enumerate(question["items"], 1):
            session.say(f"  {place}  {item['question']}")
        session.say(f"  0  {words['none_of_these']}")
        return
    item = question["items"][0]
    session.say(item["question"], "bold")
    for place, label in enumerate(item["choices"].values(), 1):
        session.say(f"  {place}  {label}")
    if item["kind"] == "many_of":
        session.say(f"  0  {words['none_of_these']}")


def _explain(question: dict[str, Any], session: Session) -> None:
    for item in question["items"]:
        session.say(f"  {item['question']}", "bold")
        for key, label in (("help", "what_means"), ("why", "why_asked")):
            if item.get(key):
                session.say(f"    {session.words['questions'][label]}: {item[key]}")
    session.say(session.words["commands"]["help"], "dim")


def _numbers(text: str, limit: int) -> list[int] | None:
    parts = text.replace(",", " ").split()
    if not parts or not all(part.isdecimal() and len(part) < 4 and int(part) <= limit for part in parts):
        return None
    return [int(part) for part in parts]


def _read_checklist(text: str, items: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Ticked items are yes, the rest no; ``n2`` marks the second as not sure, ``n`` alone marks all so."""
    if text == "n":
        return {item["id"]: "not_sure" for item in items}
    unsure = [part[1:] for part in text.replace(",", " ").split() if part.startswith("n")]
    ticked = " ".join(part for part in text.replace(",", " ").split() if not part.startswith("n"))
    chosen = _numbers(ticked, len(items)) if ticked else []
    doubtful = _numbers(" ".join(unsure), len(items)) if unsure else []
    if chosen is None or doubtful is None or (0 in chosen and len(chosen) > 1) or not (chosen or doubtful):
        return None
    values = {}
    for place, item in enumerate(items, 1):
        values[item["id"]] = "not_sure" if place in doubtful else "yes" if place in chosen else "no"
    return values


def _read_single(text: str, item: dict[str, Any]) -> dict[str, Any] | None:
    if text == "n" and item["id"] in ("age", "sex"):
        return {item["id"]: NOT_SAID}
    if item["kind"] == "number":
        return {item["id"]: int(text)} if text.isdecimal() and len(text) < 4 else None
    if text == "n" and item["id"] != "who":
        return {item["id"]: "not_sure"}
    keys = list(item["choices"])
    if text in ("y", "yes") and "yes" in keys:
        return {item["id"]: "yes"}
    if text == "no" and "no" in keys:
        return {item["id"]: "no"}
    chosen = _numbers(text, len(keys))
    if chosen is None:
        return None
    if item["kind"] == "many_of":
        return {item["id"]: [keys[place - 1] for place in chosen if place]}
    return {item["id"]: keys[chosen[0] - 1]} if len(chosen) == 1 and chosen[0] else None


def _take_back(session: Session) -> None:
    if session.steps:
        session.pending.insert(0, session.steps.pop().question)
    else:
        session.say(session.words["commands"]["nothing_to_undo"])


def _said(step: Step, session: Session) -> str:
    """What was answered on one page, in the words of its choices; a box that was not ticked is left out."""
    parts = []
    for item in step.question["items"]:
        value: Any = step.given.get(item["id"])
        chosen = value if isinstance(value, list) else [value]
        said = ", ".join(str(item["choices"].get(one, session.words.get(one, one))) for one in chosen)
        if step.question["kind"] != "checklist":
            parts.append(session.words["not_sure"] if value == NOT_SAID else said)
        elif value == "yes":
            parts.append(item["label"])
        elif value == "not_sure":
            parts.append(f"{item['label']}: {said}")
    return ", ".join(part for part in parts if part) or str(session.words["questions"]["none_of_these"])


def _change(session: Session, read: Lines) -> None:
    """Put one earlier question in front again; the answers after it are kept."""
    for place, step in enumerate(session.steps, 1):
        title = step.question["title"] or step.question["items"][0]["question"]
        session.say(f"  {place}  {title} ({_said(step, session)})")
    text = read(session.words["commands"]["choose_change"] + " ").strip()
    chosen = _numbers(text, len(session.steps)) if text else None
    if chosen and chosen[0]:
        session.pending.insert(0, session.steps.pop(chosen[0] - 1).question)


def _ask(question: dict[str, Any], session: Session, read: Lines) -> None:
    """Show one question until it is answered, or until another one was put in front of it."""
    words = session.words["commands"]
    _show(question, session)
    while True:
        text = read("> ").strip().lower()
        if text in ("q", "quit"):
            raise Quit
        if text in ("s", "stop"):
            raise Stopped
        if text in ("?", "h", "help"):
            _explain(question, session)
            continue
        if text in ("b", "back"):
            _take_back(session)
            return
        if text in ("c", "change"):
            _change(session, read)
            return
        values = (
            _read_checklist(text, question["items"]) if question["kind"] == "checklist"
            else _read_single(text, question["items"][0])
        )  # fmt: skip
        if values is None:
            session.say(words["not_understood"].format(text=text, help=words["help"]))
            continue
        session.steps.append(Step(question, values))
        try:
            session.answers()
        except AnswersRefused as error:
            session.steps.pop()
            session.say(str(error))
            continue
        if values.get("who") == "child":
            session.say(session.knowledge.say("web", "who", "child_note", language=session.language), "bold")
        return


def run_interview(session: Session, read: Lines) -> str | None:
    """Ask until done or stopped; the reason it ended by itself, or None when the person stopped it."""
    session.say(session.words["commands"]["help"], "dim")
    while True:
        if session.pending:
            question = session.pending.pop(0)
        else:
            answers = session.answers()
            given = {key: value for made in session.steps for key, value in made.given.items()}
            step = next_question(answers, session.knowledge, [key for key in given if given[key] == NOT_SAID])
            data = question_json(step, answers, session.knowledge, session.language)
            if isinstance(step, Done):
                return str(data["text"])
            # Nothing personal before the emergency screen.
            question = data["question"] if step.why == "emergency" or "who" in given else _who_question(session)
        if question["kind"] == "person":  # one line for each of age and sex
            first, *rest = [question | {"kind": "single", "items": [item]} for item in question["items"]]
            question, session.pending = first, rest
        try:
            _ask(question, session, read)
        except Stopped:
            return None


def run(options: argparse.Namespace) -> int:
    """0 after an assessment, also after "stop here"; 130 when the person quit."""
    knowledge = load_knowledge(options.knowledge)
    console = Console(soft_wrap=False)
    session = Session(knowledge, options.setting, console, language_of(options, knowledge))
    session.answers()  # refuses an unknown setting before anything is asked
    session.say(f"{session.words['product']}. {session.words['preview']} {session.words['not_stored']}")
    session.say(knowledge.say("web", "start", "emergency", language=session.language), "bold")
    try:
        ended = run_interview(session, input)
    except (Quit, EOFError):
        session.say(session.words["commands"]["quit"])
        return 130
    session.say("")
    session.say(ended or session.words["commands"]["stopped"], "bold")
    if session.answers().needs_guardian:
        session.say(knowledge.say("web", "result", "under_16", language=session.language), "bold")
    with console.status("...") if console.is_terminal else nullcontext():
        data = assessment_json(assess(session.answers(), knowledge), knowledge, session.language)
    session.say("")
    session.say(render_assessment(data, knowledge, session.language))
    return 0
