"""Red-flag rules evaluated in four values, so that "not sure" and "not asked" are never taken for "no"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from midback.answers import Answers, Reply
from midback.knowledge import Knowledge, RedFlag
from midback.knowledge.conditions import AtLeast, Condition, Leaf, condition_findings, condition_leaves

__all__ = ["FlagState", "Truth", "evaluate", "fewest_answers", "flag_states", "open_findings"]

NEVER = 1_000  # more answers than anybody gives: this condition cannot come true any more


class Truth(IntEnum):
    """What a condition is, given what was answered: from certainly not to certainly so."""

    FALSE = 0
    OPEN = 1  # unasked answers could make it true
    NOT_SURE = 2  # it would be true if what the person was not sure of is so
    TRUE = 3


@dataclass(frozen=True, slots=True)
class FlagState:
    """One rule and what it is for this person; ``by`` are the findings whose answers raised it."""

    flag: RedFlag
    truth: Truth
    by: tuple[str, ...]


def _truth_of(held: bool) -> Truth:
    return Truth.TRUE if held else Truth.FALSE


def _leaf(leaf: Leaf, answers: Answers, knowledge: Knowledge) -> Truth:
    if leaf.subject == "age":
        if answers.age is None:
            return Truth.OPEN
        limit = float(leaf.values[0])
        return _truth_of(answers.age >= limit if leaf.test == "from" else answers.age < limit)
    if leaf.subject == "sex":
        return Truth.OPEN if answers.sex is None else _truth_of(answers.sex == leaf.values[0])
    answer = answers.reply(leaf.subject)
    finding = knowledge.findings[leaf.subject]
    if answer is None:
        implied = _implied(leaf, answers, knowledge)
        if implied is not None:
            return implied
        return Truth.OPEN if finding.applies_to(answers.age, answers.sex) else Truth.FALSE
    if answer is Reply.NOT_SURE:
        return Truth.NOT_SURE
    if leaf.test in ("yes", "no"):
        return _truth_of(str(answer) == leaf.test)
    if isinstance(answer, frozenset):
        return _truth_of(any(value in answer for value in leaf.values))
    states = finding.states
    place, wanted = states.index(str(answer)), states.index(str(leaf.values[0]))
    return _truth_of(place >= wanted if leaf.test == "at_least" else place == wanted)


def _implied(leaf: Leaf, answers: Answers, knowledge: Knowledge) -> Truth | None:
    """What other answers already settle: pregnant over 20 weeks means pregnant; not pregnant rules it out."""
    finding = knowledge.findings[leaf.subject]
    if leaf.test not in ("yes", "no"):
        return None
    if any(answers.reply(above) is Reply.NO for above in finding.implies):
        return _truth_of(leaf.test == "no")
    if any(answers.reply(below) is Reply.YES for below in _implied_by(knowledge).get(leaf.subject, ())):
        return _truth_of(leaf.test == "yes")
    return None


@lru_cache(maxsize=8)
def _implied_by(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """finding -> the findings whose yes makes it true too."""
    found: dict[str, tuple[str, ...]] = {}
    for finding in knowledge.findings.values():
        for implied in finding.implies:
            found[implied] = (*found.get(implied, ()), finding.id)
    return found


def evaluate(condition: Condition, answers: Answers, knowledge: Knowledge) -> Truth:
    """What ``condition`` is under ``answers``.

    At least k of n parts: true when k are true; not sure when k are true or not sure; open when k could still be.
    """
    if isinstance(condition, Leaf):
        return _leaf(condition, answers, knowledge)
    parts = [evaluate(part, answers, knowledge) for part in condition.parts]
    for truth in (Truth.TRUE, Truth.NOT_SURE, Truth.OPEN):
        if sum(part >= truth for part in parts) >= condition.count:
            return truth
    return Truth.FALSE


def fewest_answers(condition: Condition, answers: Answers, knowledge: Knowledge) -> int:
    """How many answers still unasked would be enough to make ``condition`` true; NEVER when none would."""
    if isinstance(condition, Leaf):
        truth = evaluate(condition, answers, knowledge)
        return {Truth.TRUE: 0, Truth.OPEN: 1}.get(truth, NEVER)
    counts = sorted(fewest_answers(part, answers, knowledge) for part in condition.parts)
    return min(sum(counts[: condition.count]), NEVER)


def open_findings(condition: Condition, answers: Answers, knowledge: Knowledge) -> tuple[str, ...]:
    """The unasked findings that could still help ``condition`` come true."""
    found: list[str] = []
    for leaf in condition_leaves(condition):
        asked = leaf.subject in ("age", "sex") or leaf.subject in answers.given
        if not asked and _leaf(leaf, answers, knowledge) is Truth.OPEN:
            found.append(leaf.subject)
    return tuple(dict.fromkeys(found))


def _raised_by(condition: Condition, answers: Answers, knowledge: Knowledge, truth: Truth) -> Iterator[str]:
    if isinstance(condition, AtLeast):
        for part in condition.parts:
            if evaluate(part, answers, knowledge) >= truth:
                yield from _raised_by(part, answers, knowledge, truth)
    elif condition.subject not in ("age", "sex"):
        yield condition.subject


def flag_states(answers: Answers, knowledge: Knowledge) -> tuple[FlagState, ...]:
    """Every rule with its truth for this person, most urgent level first."""
    order = {level.name: place for place, level in enumerate(knowledge.triage.levels)}
    states = []
    for flag in knowledge.red_flags.values():
        truth = evaluate(flag.when, answers, knowledge)
        by = tuple(dict.fromkeys(_raised_by(flag.when, answers, knowledge, truth))) if truth >= Truth.NOT_SURE else ()
        states.append(FlagState(flag, truth, by or condition_findings(flag.when)))
    return tuple(sorted(states, key=lambda s: (-order[s.flag.level], -s.truth, s.flag.within_hours, s.flag.id)))
