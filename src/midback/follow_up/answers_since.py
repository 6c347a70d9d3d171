"""What is known of a person at a later moment: the first answers, everything answered since, and the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from midback.answers import Answers, Reply
from midback.care import care_knowledge, weeks_so_far
from midback.errors import DiaryRefused, Problem
from midback.follow_up.entry import Entry
from midback.knowledge import Knowledge

__all__ = ["DAYS_A_WEEK", "FRESH_DAYS", "aged", "answers_since", "unseen_signs", "warning_signs"]

DAYS_A_WEEK = 7
FRESH_DAYS = 7  # a look at the warning signs counts for this long
COUNTED = ("duration",)  # told once, at the start: the time since then is evidence of its own
ONLY_UP = "pain_now"  # less pain than at the start never speaks against anything


def warning_signs(answers: Answers, knowledge: Knowledge) -> tuple[str, ...]:
    """The signs every check-in looks at again: the plan's safety net, as far as it applies to this person.

    >>> from midback.knowledge import load_knowledge
    >>> "leg_weakness_both" in warning_signs(Answers(age=40), load_knowledge())
    True
    """
    net = care_knowledge(knowledge).pathway.safety_net
    names = dict.fromkeys(name for level in net.values() for name in level)
    return tuple(name for name in names if knowledge.findings[name].applies_to(answers.age, answers.sex))


def answers_since(
    first: Answers, entries: Sequence[Entry], knowledge: Knowledge, name: str
) -> tuple[Answers, dict[str, str]]:
    """The first answers with everything answered since on top, in order of time, and what changed.

    "None of the signs" answers no to those that nobody said yes to; a yes is only taken back by its own answer.
    """
    signs = warning_signs(first, knowledge)
    more: dict[str, Any] = {}
    yes = {sign for sign in signs if first.said_yes(sign)}
    for entry in entries:
        if entry.no_warning_signs:
            more.update({sign: "no" for sign in signs if sign not in yes})
        for finding, answer in (entry.answers or {}).items():
            if finding in COUNTED:
                what, fix = "is counted from the first day", "leave it out of the diary"
                raise DiaryRefused((Problem(name, f"{entry.at.isoformat()} answers.{finding}", what, fix),))
            more[finding] = answer
            (yes.add if answer == "yes" else yes.discard)(finding)
    pain = next((entry.pain["now"] for entry in reversed(entries) if "now" in entry.pain), None)
    told = first.measured.get(ONLY_UP)
    if pain is not None and (told is None or pain > told) and first.reply(ONLY_UP) is not Reply.NOT_SURE:
        states = knowledge.findings[ONLY_UP].states
        before = first.reply(ONLY_UP)
        raised = first.with_answers({ONLY_UP: pain}, knowledge).reply(ONLY_UP)
        if before is None or states.index(str(raised)) > states.index(str(before)):
            more[ONLY_UP] = pain
    # An implied sign answered "no" in bulk gives way to the yes that implies it.
    for above in knowledge.findings.values():
        if more.get(above.id) == "yes" or (above.id not in more and first.said_yes(above.id)):
            for implied in above.implies:
                if more.get(implied) == "no" and not _said(entries, implied):
                    del more[implied]
    merged = first.with_answers(more, knowledge)
    changed = {
        key: str(merged.measured.get(key, value))
        for key, value in merged.given.items()
        if first.given.get(key) != value
    }
    return merged, changed


def _said(entries: Sequence[Entry], finding: str) -> bool:
    return any(finding in (entry.answers or {}) for entry in entries)


def unseen_signs(
    signs: Sequence[str], looks: Sequence[Entry], merged: Answers, on: date, settled: Mapping[str, date]
) -> tuple[str, ...]:
    """The signs without an answer in the week up to ``on``; ``looks`` are the entries that say anything about signs.

    A sign already said yes to needs no second asking, unless a clinician's outcome settled it (``settled``: sign to
    day): from a week later it could be there anew.
    """
    seen: set[str] = set()
    for entry in looks:
        if 0 <= (on - entry.day).days < FRESH_DAYS:
            seen.update(signs if entry.no_warning_signs else entry.answers or {})
    stale = {sign for sign, day in settled.items() if (on - day).days >= FRESH_DAYS}
    return tuple(sign for sign in signs if sign not in seen and (sign in stale or not merged.said_yes(sign)))


def aged(answers: Answers, knowledge: Knowledge, weeks: float) -> Answers:
    """The same answers with the duration of today, where the duration was told."""
    if answers.reply("duration") in (None, Reply.NOT_SURE):
        return answers
    days = (weeks_so_far(answers, knowledge) + weeks) * DAYS_A_WEEK
    largest = knowledge.findings["duration"].largest or days
    return answers.with_answers({"duration": min(days, largest)}, knowledge)
