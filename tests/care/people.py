"""People for the care tests: a complete safety screen with every answer no, and what a test changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from midback.answers import Answers, read_answers
from midback.assessment import Assessment, assess
from midback.knowledge import Knowledge, load_knowledge
from midback.safety import Truth, flag_states, safety_screen

TODAY = date(2026, 11, 22)
ORDINARY: dict[str, Any] = {
    "pain_zone": ["mid_spine"],
    "onset_speed": "gradual",
    "duration": "1_to_6_weeks",
    "pain_now": "moderate",
    "worse_with_movement": "yes",
}


@cache
def knowledge() -> Knowledge:
    return load_knowledge()


def cautions_answered_no(answers: Answers) -> dict[str, str]:
    """No to every yes-or-no question a person can be asked and that applies."""
    return {
        name: "no"
        for name, finding in knowledge().findings.items()
        if finding.kind == "binary" and finding.answered_by == "person" and finding.applies_to(answers.age, answers.sex)
    }


def person(
    age: int | None = 40,
    sex: str | None = "female",
    setting: str = "primary_care",
    *,
    know_all: bool = True,
    **more: Any,
) -> Answers:
    """An ordinary person with mid-back pain; ``know_all`` answers every other question no, else only the screen."""
    bare = read_answers({"age": age, "sex": sex, "setting": setting}, knowledge())
    every_no = cautions_answered_no(bare)
    screen = set(safety_screen(bare, knowledge()).applicable)
    known = every_no if know_all else {name: value for name, value in every_no.items() if name in screen}
    given = {**known, **ORDINARY, **more}
    for name, value in more.items():  # a yes is not contradicted by the "no" nobody meant
        if value == "yes":
            for implied in knowledge().findings[name].implies:
                given.pop(implied, None) if implied not in more else None
    raw = {"age": age, "sex": sex, "setting": setting, "answers": {k: v for k, v in given.items() if v is not None}}
    return read_answers(raw, knowledge())


@cache
def ordinary(age: int | None, sex: str | None, setting: str) -> Assessment:
    """The assessment of an ordinary person of this age, sex and setting: the chances the quick ones borrow."""
    raw = {"age": age, "sex": sex, "setting": setting, "answers": ORDINARY}
    return assess(read_answers(raw, knowledge()), knowledge(), draws=0)


def assessed(answers: Answers) -> Assessment:
    """A quick assessment: flags and screen are this person's own, the chances an ordinary person's."""
    base = ordinary(answers.age, answers.sex, answers.setting)
    flags, screen = flag_states(answers, knowledge()), safety_screen(answers, knowledge())
    names = [level.name for level in knowledge().triage.levels]
    raised = ["routine", *(state.flag.level for state in flags if state.truth is Truth.TRUE)]
    floor = [] if screen.complete else [knowledge().triage.incomplete_level]
    level = max([*raised, *floor], key=names.index)
    return replace(base, answers=answers, triage=replace(base.triage, level=level, flags=flags, screen=screen))


def really_assessed(answers: Answers) -> Assessment:
    """The whole assessment at the headline numbers."""
    return assess(answers, knowledge(), draws=0)
