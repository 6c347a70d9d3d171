"""A whole interview with a simulated person: the question policy asks, the person answers as people do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from midback.answers import Answer, Answers, Reply
from midback.evaluation.simulated.people import Person
from midback.interview import Done, next_question
from midback.knowledge import Knowledge
from midback.safety import Truth, flag_states

__all__ = ["Noise", "Talk", "interview", "replies"]


@dataclass(frozen=True, slots=True)
class Noise:
    """How people answer: ``not_sure`` and ``mistaken`` are shares of answers, on top of the slips the model assumes
    (settings.yaml, ``reliability``); without ``slips`` every answer is the truth.
    """

    not_sure: float = 0.0
    mistaken: float = 0.0
    slips: bool = True


@dataclass(frozen=True, slots=True)
class Talk:
    """How an interview went: the answers, how many pages it took, and why it ended."""

    answers: Answers
    pages: int
    why: str


def _reply(person: Person, name: str, noise: Noise, knowledge: Knowledge, luck: np.ndarray) -> Answer:
    finding, truth = knowledge.findings[name], person.truth[name]
    unsure, wrong, slip = luck
    if unsure < noise.not_sure:
        return Reply.NOT_SURE
    if finding.kind == "binary":
        yes_when_yes, no_when_no = knowledge.reliability[finding.answered_by]
        held = truth is Reply.YES
        if noise.slips and slip >= (yes_when_yes if held else no_when_no):
            held = not held
        if wrong < noise.mistaken:
            held = not held
        if held and not finding.applies_to(person.age, person.sex):
            held = False
        return Reply.YES if held else Reply.NO
    if wrong >= noise.mistaken:
        return truth
    if finding.kind == "ordinal":
        place = finding.states.index(str(truth)) + (1 if slip < 0.5 else -1)
        return finding.states[min(max(place, 0), len(finding.states) - 1)]
    return frozenset([finding.states[int(slip * len(finding.states))]])


def replies(person: Person, noise: Noise, knowledge: Knowledge, random: np.random.Generator) -> dict[str, Answer]:
    """What this person would answer to every question: the truth, a slip, or "not sure".

    Drawn before anything is asked, so that two question policies meet the same person with the same answers.
    """
    luck = random.random((len(knowledge.findings), 3))
    return {
        name: _reply(person, name, noise, knowledge, row) for name, row in zip(knowledge.findings, luck, strict=True)
    }


def _with(answers: Answers, more: Mapping[str, Answer]) -> Answers:
    return replace(answers, given=MappingProxyType({**answers.given, **more}))


def _emergency(answers: Answers, knowledge: Knowledge) -> bool:
    worst = knowledge.triage.levels[-1].name
    return any(s.truth is Truth.TRUE and s.flag.level == worst for s in flag_states(answers, knowledge))


def interview(person: Person, said: Mapping[str, Answer], knowledge: Knowledge, *, most_pages: int = 60) -> Talk:
    """The interview from the first page to its own end, with what the person says to each question.

    Every page is asked through next_question, except that the emergency screen, which is the same for everybody, is
    answered in one go where it raises nothing: a rule that is raised stays raised, so nothing can have been missed.
    """
    answers, pages = Answers(setting=person.setting), 0
    first = knowledge.interview.emergency
    whole = _with(answers, {name: said[name] for page in first for name in page.findings})
    if not _emergency(whole, knowledge):
        answers, pages = whole, len(first)
    while pages < most_pages:
        question = next_question(answers, knowledge)
        if isinstance(question, Done):
            return Talk(answers, pages, question.why)
        pages += 1
        given = {name: said[name] for name in question.items if name in said}
        for name in question.items:
            if name in ("age", "sex"):
                answers = replace(answers, age=person.age) if name == "age" else replace(answers, sex=person.sex)
        answers = _with(answers, given)
    return Talk(answers, pages, "most_pages")
