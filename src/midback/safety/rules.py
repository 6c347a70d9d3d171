"""Red-flag rules evaluated in four values, so that "not sure" and "not asked" are never taken for "no"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from midback.answers import Answers, Reply
from midback.knowledge import Finding, Knowledge, RedFlag
from midback.knowledge.conditions import AtLeast, Condition, Leaf, condition_findings, condition_leaves

__all__ = ["FlagState", "Truth", "Truths", "evaluate", "flag_states", "open_findings"]

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


@lru_cache(maxsize=8)
def _named_in(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """red flag -> the findings it looks at."""
    return {flag.id: condition_findings(flag.when) for flag in knowledge.red_flags.values()}


@lru_cache(maxsize=8)
def _implied_by(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """finding -> the findings whose yes makes it true too."""
    found: dict[str, tuple[str, ...]] = {}
    for finding in knowledge.findings.values():
        for implied in finding.implies:
            found[implied] = (*found.get(implied, ()), finding.id)
    return found


def _in_order(states: Iterable[FlagState], knowledge: Knowledge) -> tuple[FlagState, ...]:
    order = {level.name: place for place, level in enumerate(knowledge.triage.levels)}
    return tuple(sorted(states, key=lambda s: (-order[s.flag.level], -s.truth, s.flag.within_hours, s.flag.id)))


class Truths:
    """What conditions are under one person's answers. Each is worked out once, for as long as this object lives.

    Made anew for every set of answers and dropped with the request: nothing of a person stays behind.
    """

    def __init__(self, answers: Answers, knowledge: Knowledge) -> None:
        self.answers, self.knowledge = answers, knowledge
        self._implied_by = _implied_by(knowledge)
        # By id: hashing a long rule costs more than reading it. The condition is kept, so that its id stays its own.
        self._known: dict[int, tuple[Condition, Truth]] = {}

    def of(self, condition: Condition) -> Truth:
        """What ``condition`` is under the answers.

        At least k of n parts: true when k are true; not sure when k are true or not sure; open when k could still be.
        That is the k-th truest part.
        """
        known = self._known.get(id(condition))
        if known is not None:
            return known[1]
        if isinstance(condition, Leaf):
            truth = self._leaf(condition)
        else:
            parts = map(self.of, condition.parts)
            truth = max(parts) if condition.count == 1 else sorted(parts, reverse=True)[condition.count - 1]
        self._known[id(condition)] = condition, truth
        return truth

    def _leaf(self, leaf: Leaf) -> Truth:
        answers, subject = self.answers, leaf.subject
        if subject == "age":
            if answers.age is None:
                return Truth.OPEN
            limit = float(leaf.values[0])
            return _truth_of(answers.age >= limit if leaf.test == "from" else answers.age < limit)
        if subject == "sex":
            return Truth.OPEN if answers.sex is None else _truth_of(answers.sex == leaf.values[0])
        answer = answers.given.get(subject)
        finding = self.knowledge.findings[subject]
        if answer is None:
            implied = self._implied(leaf, finding)
            if implied is not None:
                return implied
            return Truth.OPEN if finding.applies_to(answers.age, answers.sex) else Truth.FALSE
        if answer is Reply.NOT_SURE:
            return Truth.NOT_SURE
        if leaf.test in ("yes", "no"):
            return _truth_of(answer == leaf.test)
        if isinstance(answer, frozenset):
            return _truth_of(any(value in answer for value in leaf.values))
        states = finding.states
        place, wanted = states.index(str(answer)), states.index(str(leaf.values[0]))
        return _truth_of(place >= wanted if leaf.test == "at_least" else place == wanted)

    def _implied(self, leaf: Leaf, finding: Finding) -> Truth | None:
        """What other answers already settle: pregnant over 20 weeks means pregnant; not pregnant rules it out."""
        given, below = self.answers.given, self._implied_by.get(finding.id, ())
        if leaf.test not in ("yes", "no") or not (finding.implies or below):
            return None
        if any(given.get(name) is Reply.NO for name in finding.implies):
            return _truth_of(leaf.test == "no")
        if any(given.get(name) is Reply.YES for name in below):
            return _truth_of(leaf.test == "yes")
        return None

    def fewest_answers(self, condition: Condition) -> int:
        """How many answers still unasked would be enough to make ``condition`` true; NEVER when none would."""
        if isinstance(condition, Leaf):
            return {Truth.TRUE: 0, Truth.OPEN: 1}.get(self.of(condition), NEVER)
        counts = sorted(map(self.fewest_answers, condition.parts))
        return min(sum(counts[: condition.count]), NEVER)

    def open_findings(self, condition: Condition) -> tuple[str, ...]:
        """The unasked findings that could still help ``condition`` come true."""
        found = (
            leaf.subject for leaf in condition_leaves(condition)
            if leaf.subject not in ("age", "sex") and leaf.subject not in self.answers.given
            and self.of(leaf) is Truth.OPEN
        )  # fmt: skip
        return tuple(dict.fromkeys(found))

    def flag_states(self) -> tuple[FlagState, ...]:
        """Every rule with its truth for this person, most urgent level first."""
        named, states = _named_in(self.knowledge), []
        for flag in self.knowledge.red_flags.values():
            truth = self.of(flag.when)
            by = tuple(dict.fromkeys(self._raised_by(flag.when, truth))) if truth >= Truth.NOT_SURE else ()
            states.append(FlagState(flag, truth, by or named[flag.id]))
        return _in_order(states, self.knowledge)

    def _raised_by(self, condition: Condition, truth: Truth) -> Iterator[str]:
        if isinstance(condition, AtLeast):
            for part in condition.parts:
                if self.of(part) >= truth:
                    yield from self._raised_by(part, truth)
        elif condition.subject not in ("age", "sex"):
            yield condition.subject


def evaluate(condition: Condition, answers: Answers, knowledge: Knowledge) -> Truth:
    """What ``condition`` is under ``answers``, for one condition alone; see Truths.of."""
    return Truths(answers, knowledge).of(condition)


def open_findings(condition: Condition, answers: Answers, knowledge: Knowledge) -> tuple[str, ...]:
    """The unasked findings that could still help ``condition`` come true, for one condition alone."""
    return Truths(answers, knowledge).open_findings(condition)


def flag_states(answers: Answers, knowledge: Knowledge, today: Answers | None = None) -> tuple[FlagState, ...]:
    """Every rule with its truth for this person, most urgent level first.

    ``today`` are the same answers as they would be given now, with the time that passed: whatever either raises counts.
    """
    states = Truths(answers, knowledge).flag_states()
    if today is None:
        return states
    later = {state.flag.id: state for state in Truths(today, knowledge).flag_states()}
    truest = (max(state, later[state.flag.id], key=lambda s: s.truth) for state in states)
    return _in_order(truest, knowledge)
