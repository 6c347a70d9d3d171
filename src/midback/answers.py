"""What is known of one person: yes, no, not sure, a level, options, or not asked (by being absent).

Answers are immutable and checked against the knowledge when they are read, so that everything after can trust them.
A question that nobody answered is absent, and absent is never "no".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from midback.errors import AnswersRefused, AnswersUnreadable, Problem, did_you_mean
from midback.knowledge import Finding, Knowledge

__all__ = [
    "ADULT",
    "OLDEST",
    "SEXES",
    "Answer",
    "Answers",
    "Reply",
    "help_needed",
    "read_age",
    "read_answers",
    "read_answers_file",
    "told_in_turn",
]

SCHEMA_VERSION = 1
OLDEST = 120  # years; an age above is a slip of the pen
ADULT = 16  # years; below, a parent or guardian is asked to join in (docs/safety)
SEXES = ("female", "male")
WHO = ("self", "child", "someone_else", "patient")
TOP_KEYS = {"schema_version", "id", "who", "age", "sex", "setting", "answers"}
KEPT_KEYS = {"knowledge_version", "answered_on", "result"}  # what a kept result carries beside its answers
SEARCH = "`midback findings --search WORD` lists them"
MORE_CASE_KEYS = {
    "title",
    "source",
    "accepted_levels",
    "family",
    "cause",
    "category",
    "population",
    "notes",
    "basis",
}


class Reply(StrEnum):
    """The three replies any question allows."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


Answer = Reply | str | float | frozenset[str]
"""A reply; or the level of an ordinal finding; or the chosen options (an empty set means none of them)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything answered so far about one person.

    ``given`` maps finding ids to answers; numbers given for ordinal findings are kept in ``measured``.
    """

    age: int | None = None
    sex: str | None = None
    setting: str = "primary_care"
    who: str = "self"
    given: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    measured: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def reply(self, finding: str) -> Answer | None:
        """The answer to ``finding``, or None when it was not asked."""
        return self.given.get(finding)

    def said_yes(self, finding: str) -> bool:
        """Whether ``finding`` was answered yes."""
        return self.given.get(finding) is Reply.YES

    @property
    def needs_guardian(self) -> bool:
        """Whether this is about somebody known to be under 16, whose parent or guardian should see the result."""
        return self.age is not None and self.age < ADULT

    def without(self, findings: Iterable[str]) -> Answers:
        """The same answers with ``findings`` not asked."""
        gone = set(findings)
        return replace(
            self,
            given=MappingProxyType({key: value for key, value in self.given.items() if key not in gone}),
            measured=MappingProxyType({key: value for key, value in self.measured.items() if key not in gone}),
        )

    def with_answers(self, more: Mapping[str, Any], knowledge: Knowledge) -> Answers:
        """These answers and ``more`` on top (finding id to raw value), checked. Raises AnswersRefused."""
        raw = self.to_raw()
        raw["answers"] = {**raw["answers"], **more}
        return read_answers(raw, knowledge)

    def to_raw(self) -> dict[str, Any]:
        """Plain data that read_answers reads back to equal answers."""
        raw: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "setting": self.setting, "who": self.who}
        if self.age is not None:
            raw["age"] = self.age
        if self.sex is not None:
            raw["sex"] = self.sex
        raw["answers"] = {
            key: self.measured.get(key, sorted(value) if isinstance(value, frozenset) else str(value))
            for key, value in sorted(self.given.items())
        }
        return raw


def read_age(text: str) -> int | None:
    """The age in whole years that somebody wrote, or None where it cannot be one.

    >>> read_age("47"), read_age("4.5"), read_age("121")
    (47, None, None)
    """
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) and int(text) <= OLDEST else None


def help_needed(answers: Answers, knowledge: Knowledge) -> list[str]:
    """The answers that call for a help card before anything else: self-harm, overdose, violence (docs/safety).

    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> help_needed(read_answers({"answers": {"suicidal_thoughts": "yes", "fever": "yes"}}, knowledge), knowledge)
    ['suicidal_thoughts']
    """
    return [name for name in answers.given if knowledge.findings[name].on_help_card and answers.said_yes(name)]


def _read_number(finding: Finding, value: float) -> tuple[Answer, float] | str:
    if not finding.starts:
        return f"{finding.id} takes one of {', '.join(finding.states)}"
    smallest = min(finding.starts)
    if not smallest <= value <= (finding.largest or smallest):
        return f"{value:g} cannot be ({finding.unit}, {smallest:g} to {finding.largest:g})"
    return finding.state_at(value), float(value)


def _read_one(finding: Finding, value: Any) -> tuple[Answer, float | None] | str:
    """The checked answer and its number if one was given, or what is wrong with it."""
    if isinstance(value, bool):  # JSON clients naturally send booleans
        value = "yes" if value else "no"
    if value in ("not_sure", "not sure", "unknown"):
        return Reply.NOT_SURE, None
    if finding.kind == "binary":
        return (Reply(value), None) if value in ("yes", "no") else f"{value!r} must be yes, no or not_sure"
    if finding.kind == "ordinal":
        if isinstance(value, (int, float)):
            return _read_number(finding, float(value))
        return (str(value), None) if value in finding.states else f"{value!r} must be {', '.join(finding.states)}"
    chosen = value if isinstance(value, list) else [value]
    if chosen == ["none"]:
        chosen = []
    wrong = [item for item in chosen if item not in finding.states]
    if wrong:
        return f"{wrong[0]!r} must be among {', '.join(finding.states)}"
    if finding.kind == "one_of" and len(chosen) != 1:
        return "exactly one option is needed"
    return frozenset(map(str, chosen)), None


def _read_person(raw: Mapping[str, Any], knowledge: Knowledge, name: str) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    age, sex = raw.get("age"), raw.get("sex")
    setting, who = raw.get("setting", "primary_care"), raw.get("who", "self")
    if age is not None and (isinstance(age, bool) or not isinstance(age, int) or not 0 <= age <= OLDEST):
        problems.append(
            Problem(name, "age", f"{age!r} cannot be an age", f"whole years, 0 to {OLDEST}; leave out if unknown")
        )
    if sex is not None and sex not in SEXES:
        problems.append(Problem(name, "sex", f"{sex!r} must be female or male", "leave it out if unknown"))
    places = [place.name for place in knowledge.settings.values() if place.tempered_from is None]
    if setting not in places:
        problems.append(Problem(name, "setting", f"{setting!r} is no setting", ", ".join(places)))
    if who not in WHO:
        problems.append(Problem(name, "who", f"{who!r} is unknown", ", ".join(WHO)))
    return {"age": age, "sex": sex, "setting": setting, "who": who}, problems


def _contradictions(answers: Answers, knowledge: Knowledge, name: str) -> list[Problem]:
    problems = []
    for finding_id, answer in answers.given.items():
        finding = knowledge.findings[finding_id]
        positive = answer is Reply.YES or (isinstance(answer, frozenset) and bool(answer))
        if positive and not finding.applies_to(answers.age, answers.sex):
            what = f"yes cannot be for this person (age {answers.age}, {answers.sex})"
            problems.append(Problem(name, f"answers.{finding_id}", what, "check the answer, the age and the sex"))
        for implied in finding.implies if answer is Reply.YES else ():
            if answers.given.get(implied) is Reply.NO:
                what = f"yes here and no to {implied} contradict each other"
                problems.append(Problem(name, f"answers.{finding_id}", what, "change one of the two"))
    return problems


def read_answers(raw: Any, knowledge: Knowledge, name: str = "answers") -> Answers:
    """Checked Answers from plain data ``{age, sex, setting, who, answers: {finding: value}}``.

    Raises AnswersRefused naming every problem at once: unknown findings with the nearest valid ones, impossible
    values, contradictions.

    >>> from midback.knowledge import load_knowledge
    >>> answers = read_answers({"age": 70, "answers": {"fever": "yes", "duration": 21}}, load_knowledge())
    >>> answers.said_yes("fever"), str(answers.reply("duration")), answers.measured["duration"]
    (True, '1_to_6_weeks', 21.0)
    """
    if not isinstance(raw, Mapping):
        raise AnswersRefused((Problem(name, "", "no mapping of answers", "see docs/answers_format.md"),))
    person, problems = _read_person(raw, knowledge, name)
    for key in set(map(str, raw)) - TOP_KEYS - KEPT_KEYS - MORE_CASE_KEYS:
        problems.append(Problem(name, key, "this key is unknown", did_you_mean(key, TOP_KEYS, SEARCH)))
    written = raw.get("answers", {})
    if not isinstance(written, Mapping):
        problems.append(Problem(name, "answers", "no mapping of finding to answer", "write `finding: yes`"))
        written = {}
    given: dict[str, Answer] = {}
    measured: dict[str, float] = {}
    for key, value in written.items():
        finding = knowledge.findings.get(str(key))
        if finding is None:
            fix = did_you_mean(str(key), knowledge.findings, SEARCH)
            problems.append(Problem(name, f"answers.{key}", "no such finding", fix))
            continue
        if value is None:
            continue
        result = _read_one(finding, value) if isinstance(value, (str, int, float, list)) else "not an answer"
        if isinstance(result, str):
            problems.append(Problem(name, f"answers.{key}", result, f"`midback findings --search {key}` explains it"))
            continue
        given[finding.id] = result[0]
        if result[1] is not None:
            measured[finding.id] = result[1]
    if not problems:
        answers = Answers(**person, given=MappingProxyType(given), measured=MappingProxyType(measured))
        problems = _contradictions(answers, knowledge, name)
        if not problems:
            return answers
    raise AnswersRefused(tuple(problems))


def told_in_turn(raw: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """``raw``, as read_answers takes it, told page by page: without what the other pages overrule.

    Left out is what cannot apply to this age and sex, and a no that a yes elsewhere contradicts: a danger sign told
    late is never refused because of an earlier no.

    >>> from midback.knowledge import load_knowledge
    >>> told_in_turn({"answers": {"cough": "no", "productive_cough": "yes"}}, load_knowledge())["answers"]
    {'productive_cough': 'yes'}
    """
    fits = {
        key: value
        for key, value in raw["answers"].items()
        if key in knowledge.findings and knowledge.findings[key].applies_to(raw.get("age"), raw.get("sex"))
    }
    implied = {other for name, value in fits.items() if value == "yes" for other in knowledge.findings[name].implies}
    return {**raw, "answers": {key: value for key, value in fits.items() if key not in implied or value != "no"}}


def read_answers_file(path: Path | None, knowledge: Knowledge) -> Answers:
    """Checked Answers from the YAML or JSON file at ``path``, or from standard input when None.

    Raises AnswersUnreadable when the file cannot be read as text and AnswersRefused when its content cannot be.
    """
    import sys

    from midback.knowledge.strict_yaml import MAX_BYTES, StrictYamlError, read_yaml, read_yaml_file

    name = "standard input" if path is None else path.name
    try:
        raw = read_yaml_file(path, name) if path else read_yaml(sys.stdin.buffer.read(MAX_BYTES + 1), name)
    except StrictYamlError as error:
        raise AnswersUnreadable(str(error.problem)) from error
    return read_answers(raw, knowledge, name)
