"""A clinician's case as a form: every finding a row, what a sent form gave, and how rows are found by a word."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet

from midback.answers import SEXES, Answers, read_age, read_answers
from midback.errors import AnswersRefused
from midback.interfaces.web.state import LARGEST_COOKIE, State, Step, seal_state
from midback.knowledge import Finding, Knowledge
from midback.report.figures import figure

__all__ = [
    "PAGE",
    "Entered",
    "answers_of_case",
    "entered_rows",
    "fits_cookie",
    "given_of",
    "matching",
    "read_case",
    "sections",
    "settings_of",
    "state_with",
]

PAGE = "clinician"  # the one step that holds a clinician's case
FINDING, NUMBER = "f-", "n-"
PERSON = ("setting", "age", "sex")
FIRST_SETTING = "primary_care"
SECTIONS = (
    "place", "onset", "course", "character", "worse", "better", "chest", "belly", "skin", "nerves", "general_health",
    "history", "medicines", "examination", "tests", "children", "help_card",
)  # fmt: skip
LONGEST_NUMBER = 12
SHORTEST_FIND = 2
REPLIES = ("yes", "no", "not_sure")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entered:
    """What a sent form gave: raw answers that can be read, and errors (key of the sentence, finding, what it says)."""

    given: Mapping[str, Any]
    errors: tuple[tuple[str, str, str], ...]


def _mark(name: str) -> str:
    """Six letters for ``name``: names in full would fill the cookie before every finding is entered."""
    return base64.urlsafe_b64encode(hashlib.blake2b(name.encode(), digest_size=4).digest())[:6].decode()


@lru_cache(maxsize=2)
def _names(knowledge: Knowledge) -> dict[str, str]:
    return {_mark(name): name for name in (*PERSON, *knowledge.findings)}


def given_of(state: State | None, knowledge: Knowledge) -> dict[str, Any]:
    """The raw answers of the clinician's case in ``state``, by finding and person's field."""
    if state is None or not state.steps or state.steps[0].page != PAGE:
        return {}
    names = _names(knowledge)
    return {names[mark]: value for mark, value in state.steps[0].given.items() if mark in names}


def state_with(state: State | None, given: Mapping[str, Any]) -> State:
    """The state that holds ``given`` as the clinician's case."""
    step = Step(PAGE, {_mark(name): value for name, value in given.items()})
    return State(steps=(step,), language=state.language if state else "")


def fits_cookie(state: State, key: bytes) -> bool:
    """Whether a browser keeps the cookie that holds ``state``, sealed with ``key``."""
    return len(seal_state(state, Fernet(key))) <= LARGEST_COOKIE


def settings_of(knowledge: Knowledge) -> list[str]:
    """The settings a clinician may work in."""
    return [name for name, entry in knowledge.settings.items() if entry.tempered_from is None]


def answers_of_case(given: Mapping[str, Any], knowledge: Knowledge) -> Answers:
    """The checked answers of a case. Raises AnswersRefused."""
    person = {key: given[key] for key in PERSON if key in given}
    answers = {key: value for key, value in given.items() if key not in PERSON}
    return read_answers({"setting": FIRST_SETTING, "who": "patient", **person, "answers": answers}, knowledge)


def _number(text: str) -> float | None:
    """A number as people write it, or None."""
    cut = text.strip().replace(",", ".")[:LONGEST_NUMBER]
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,3})?", cut):
        return None
    value = float(cut)
    return int(value) if value == int(value) else value


def _one(finding: Finding, form: Mapping[str, Sequence[str]]) -> tuple[Any, str]:
    """(value or None, what was written where it cannot be read) of one finding."""
    chosen = [value for value in form.get(FINDING + finding.id, ()) if value]
    if finding.kind == "many_of":
        if "not_sure" in chosen:
            return "not_sure", ""
        kept = [state for state in finding.states if state in chosen]
        return (kept or None), ""
    written = next((text for text in form.get(NUMBER + finding.id, ()) if text.strip()), "")
    if written and finding.starts:
        value = _number(written)
        return value, "" if value is not None else written[:LONGEST_NUMBER]
    known = (*finding.states, "not_sure") if finding.states else REPLIES
    return (chosen[-1] if chosen and chosen[-1] in known else None), ""


def _refused(given: dict[str, Any], knowledge: Knowledge) -> list[tuple[str, str, str]]:
    """Errors of answers that cannot all be; a number that cannot be measured is taken out of ``given``."""
    try:
        answers_of_case(given, knowledge)
        return []
    except AnswersRefused as error:
        rows = []
        for problem in error.problems:
            name = problem.path.removeprefix("answers.")
            if name not in knowledge.findings:
                continue
            value = given.get(name)
            if isinstance(value, int | float):
                rows.append(("number", name, f"{value:g}"))
                given.pop(name)
                continue
            implied = next((other for other in knowledge.findings[name].implies if given.get(other) == "no"), "")
            rows.append(("contradiction", name, implied))
        return rows


def read_case(form: Mapping[str, Sequence[str]], knowledge: Knowledge) -> Entered:
    """What a sent entry form gave. Unknown fields never pass; what cannot be is an error and the rest is kept."""
    given: dict[str, Any] = {}
    errors: list[tuple[str, str, str]] = []
    setting, age, sex = ((form.get(name) or [""])[0].strip()[:40] for name in PERSON)
    given["setting"] = setting if setting in settings_of(knowledge) else FIRST_SETTING
    if age and (whole := read_age(age)) is not None:
        given["age"] = whole
    elif age:
        errors.append(("age", "age", age[:LONGEST_NUMBER]))
    if sex in SEXES:
        given["sex"] = sex
    for finding in knowledge.findings.values():
        value, wrong = _one(finding, form)
        if value is not None:
            given[finding.id] = value
        if wrong:
            errors.append(("number", finding.id, wrong))
    errors += _refused(given, knowledge)
    return Entered(given, tuple(errors))


def _plain(phrases: Iterable[str]) -> list[str]:
    """The phrases of the notes' vocabulary that a person would type: no signs of its own."""
    return [phrase for phrase in phrases if re.fullmatch(r"[a-z0-9' /-]+", phrase)]


def _note_words(knowledge: Knowledge, language: str) -> dict[str, list[str]]:
    """Finding, or ``finding.state``, to the short forms that notes use for it."""
    words: dict[str, list[str]] = {}
    for stem, entries in (knowledge.content.get("notes", {}).get(language) or {}).items():
        for name, entry in entries.items() if stem != "cues" else ():
            listed = entry if isinstance(entry, list) else entry.get("yes") or []
            words[name] = _plain(listed)
            if not isinstance(entry, list):
                numbers = [phrase for phrases in (entry.get("number") or {}).values() for phrase in phrases]
                words[name] += dict.fromkeys(
                    _plain(name for phrase in numbers for name in phrase.split()[0].split("|"))
                )
                for state, phrases in (entry.get("states") or {}).items():
                    words[f"{name}.{state}"] = _plain(phrases)
    return words


@lru_cache(maxsize=8)
def sections(knowledge: Knowledge, language: str) -> tuple[Row, ...]:
    """Every finding as a row, by section in the order of a consultation, with the words it is found by."""
    words, notes = knowledge.words[language], _note_words(knowledge, language)
    groups: dict[str, list[Row]] = {name: [] for name in SECTIONS}
    for finding in knowledge.findings.values():
        said = words["findings"][finding.id]
        find = " ".join([said["clinical"], said["label"], *notes.get(finding.id, [])]).lower()
        options = [
            {"value": state, "label": said["options"][state],
             "find": f"{said['options'][state]} {' '.join(notes.get(f'{finding.id}.{state}', []))}".lower()}
            for state in finding.states
        ]  # fmt: skip
        groups.setdefault(finding.section, []).append({
            "id": finding.id, "label": said["clinical"], "lay": said["label"], "kind": finding.kind, "find": find,
            "options": options, "unit": finding.unit if finding.starts else None,
        })  # fmt: skip
    # The section of places holds where the pain is as well as where it spreads.
    titles = {**words["pages"]["section"], "place": words["pages"]["place"]}
    return tuple(
        {"id": name, "title": titles[name]["title"], "rows": sorted(rows, key=lambda row: row["label"].lower())}
        for name, rows in groups.items() if rows
    )  # fmt: skip


def _bare(text: str) -> str:
    """Lower case without accents, as people type when they search."""
    parted = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def matching(query: str, knowledge: Knowledge, language: str) -> list[str]:
    """The findings whose words each begin with a word of ``query``, in the order of the page."""
    wanted = _bare(query).split()
    if not wanted or len("".join(wanted)) < SHORTEST_FIND:
        return []
    found = []
    for section in sections(knowledge, language):
        for row in section["rows"]:
            text = " ".join([row["find"], *(option["find"] for option in row["options"])])
            have = re.split(r"[^\w']+", _bare(text))
            if all(any(word.startswith(part) for word in have) for part in wanted):
                found.append(row["id"])
    return found


def entered_rows(given: Mapping[str, Any], knowledge: Knowledge, language: str) -> list[Row]:
    """What is entered, in words: finding, its clinical name and the answer."""
    words = knowledge.words[language]
    rows = []
    for name, value in given.items():
        if name in PERSON or name not in knowledge.findings:
            continue
        said = words["findings"][name]
        options = said.get("options") or {}
        if isinstance(value, list | tuple):
            answer = ", ".join(options[state] for state in value)
        elif value in REPLIES:
            answer = words["interface"][value]
        elif isinstance(value, str):
            answer = options.get(value, value)
        else:
            written = figure(value, "g", words["interface"])
            answer = words["clinician"]["measured"][knowledge.findings[name].unit].format(value=written)
        rows.append({"id": name, "label": said["clinical"], "answer": answer})
    return rows
