"""What a clinician found about a raised rule: whether it settles the rule, or answers given since raise it anew.

Nothing is cleared: the rule stays raised and every chance stays as it is; a settled rule only sets no level any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from midback.answers import Answers
from midback.care import care_knowledge
from midback.errors import DiaryRefused, Problem, did_you_mean
from midback.follow_up.answers_since import DAYS_A_WEEK, aged, answers_since
from midback.follow_up.entry import Entry, Outcome
from midback.knowledge import Knowledge
from midback.knowledge.conditions import AtLeast, Condition, Leaf, condition_findings
from midback.safety import Truth, Truths

__all__ = ["SETTLED", "OutcomeSeen", "check_outcomes", "looked_at", "outcomes_seen", "settled_signs"]

SETTLED, RAISED_AGAIN, NOT_SURE, NOT_RAISED = "settled", "raised_again", "not_sure", "not_raised"


@dataclass(frozen=True, slots=True)
class OutcomeSeen:
    """The newest outcome about one rule, and what it does today.

    ``state`` is ``settled`` (it was raised then, and nothing since raises it anew), ``raised_again`` (answers given
    with it or since, or the time since, raise it), ``not_sure`` (the rule hangs on an answer nobody was sure of, which
    only another answer settles) or ``not_raised`` (the rule is not raised today).
    """

    flag: str
    by: str
    found: str
    on: date
    state: str


def check_outcomes(entries: Iterable[Entry], knowledge: Knowledge, name: str) -> None:
    """Raise DiaryRefused, all at once, for every outcome about a red flag that there is not; ``name`` is the file.

    >>> from midback.follow_up.entry import Outcome, read_entry
    >>> from midback.knowledge import load_knowledge
    >>> raw = {"at": "2026-01-02T08:00:00+01:00", "outcomes": [{"flag": "no_such", "by": "Dr A", "found": "nothing"}]}
    >>> check_outcomes([read_entry(raw)[0]], load_knowledge(), "diary")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    midback.errors.DiaryRefused: there is no such red flag @ diary:2026-01-02T08:00:00+01:00 outcomes.no_such ...
    """
    problems = tuple(
        Problem(name, f"{entry.at.isoformat()} outcomes.{outcome.flag[:40]}", "there is no such red flag",
                did_you_mean(outcome.flag, knowledge.red_flags, "`midback assess --format json` lists them"))
        for entry in entries for outcome in entry.outcomes if outcome.flag not in knowledge.red_flags
    )  # fmt: skip
    if problems:
        raise DiaryRefused(problems)


class _Reading:
    """Rules under answers and under the same answers with the time that passed: whatever either makes true counts."""

    def __init__(self, both: Iterable[Answers], knowledge: Knowledge) -> None:
        self._truths = [Truths(answers, knowledge) for answers in both]
        self._knowledge = knowledge

    def raised(self, flag: str) -> bool:
        return self.rule(flag) is Truth.TRUE

    def rule(self, flag: str) -> Truth:
        return self.of(self._knowledge.red_flags[flag].when)

    def of(self, condition: Condition) -> Truth:
        return max(truths.of(condition) for truths in self._truths)


def _answered(entries: Iterable[Entry], knowledge: Knowledge) -> dict[str, bool]:
    """finding -> whether one of these entries said yes to it, or to what implies it."""
    found: dict[str, bool] = {}
    for entry in entries:
        for name, answer in (entry.answers or {}).items():
            yes = answer == "yes"
            for reached in (name, *(knowledge.findings[name].implies if yes else ())):
                found[reached] = found.get(reached, False) or yes
    return found


def _questions(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The parts of a rule that ask about one subject: "1 to 7 days or 1 to 6 weeks" is one question, not two."""
    if isinstance(condition, Leaf):
        yield condition.subject, condition
        return
    alike: dict[str, list[Condition]] = {}
    for part in condition.parts:
        if isinstance(part, Leaf) and condition.count == 1:
            alike.setdefault(part.subject, []).append(part)
        else:
            yield from _questions(part)
    yield from ((subject, AtLeast(1, tuple(parts))) for subject, parts in alike.items())


def _raised_anew(flag: str, then: _Reading, now: _Reading, since: Mapping[str, bool], knowledge: Knowledge) -> bool:
    """Whether anything since speaks for the rule: a yes, an answer that helps it or is not sure, or mere time."""
    when = knowledge.red_flags[flag].when
    if any(since.get(name, False) for name in condition_findings(when)):
        return True
    for subject, question in _questions(when):
        truth = now.of(question)
        if truth >= Truth.NOT_SURE and (subject in since or truth > then.of(question)):
            return True
    return False


def outcomes_seen(
    first: Answers,
    entries: Sequence[Entry],
    knowledge: Knowledge,
    begun: date,
    now: tuple[Answers, Answers],
    name: str,
) -> tuple[OutcomeSeen, ...]:
    """The newest outcome about each rule with what it does today, in order of time.

    ``first`` are the answers of the day ``begun``, ``now`` those of today without and with the time that passed. An
    outcome of the day ``begun`` counts as later than the first answers, since only they name the rule; an answer of the
    same moment as the outcome, or later, is newer. Raises DiaryRefused for an unknown rule.
    """
    check_outcomes(entries, knowledge, name)
    newest: dict[str, tuple[Entry, Outcome]] = {}
    for entry in entries:
        newest |= {outcome.flag: (entry, outcome) for outcome in entry.outcomes}
    today = _Reading(now, knowledge)
    seen = []
    for flag, (entry, outcome) in newest.items():
        if not today.raised(flag):
            state = NOT_SURE if today.rule(flag) is Truth.NOT_SURE else NOT_RAISED
        elif entry.day < begun:
            state = RAISED_AGAIN
        else:
            merged, _ = answers_since(first, [row for row in entries if row.at < entry.at], knowledge, name)
            weeks = (entry.day - begun).days / DAYS_A_WEEK
            then = _Reading((merged, aged(merged, knowledge, weeks)), knowledge)
            since = _answered((row for row in entries if row.at >= entry.at), knowledge)
            anew = not then.raised(flag) or _raised_anew(flag, then, today, since, knowledge)
            state = RAISED_AGAIN if anew else SETTLED
        seen.append((entry.at, OutcomeSeen(flag, outcome.by, outcome.found, entry.day, state)))
    return tuple(row for _, row in sorted(seen, key=lambda pair: (pair[0].timestamp(), pair[1].flag)))


def looked_at(entries: Iterable[Entry], knowledge: Knowledge) -> frozenset[str]:
    """Every finding of a rule that some outcome is about: a yes to it may lie behind, so it is asked anew."""
    flags = {outcome.flag for entry in entries for outcome in entry.outcomes}.intersection(knowledge.red_flags)
    return frozenset(name for flag in flags for name in condition_findings(knowledge.red_flags[flag].when))


def settled_signs(outcomes: Iterable[OutcomeSeen], knowledge: Knowledge) -> dict[str, date]:
    """Every warning sign of a settled rule with the newest day on which it was settled."""
    net = care_knowledge(knowledge).pathway.safety_net
    signs = {name for level in net.values() for name in level}
    found: dict[str, date] = {}
    for row in outcomes:
        if row.state == SETTLED:
            for name in signs.intersection(condition_findings(knowledge.red_flags[row.flag].when)):
                found[name] = max(row.on, found.get(name, row.on))
    return found
