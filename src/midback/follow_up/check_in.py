"""A check-in: look at the warning signs again, assess again with the time that passed, and step the plan.

What was answered first stays; what was answered since comes on top. Policy: docs/safety.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from midback.answers import Answers
from midback.assessment import DRAWS, Assessment, assess
from midback.care import Plan, ReviewDate, care_knowledge, plan, stays_in_pain, weeks_so_far
from midback.errors import DiaryRefused, Problem
from midback.follow_up.answers_since import DAYS_A_WEEK, aged, answers_since, unseen_signs, warning_signs
from midback.follow_up.diary import Diary
from midback.follow_up.entry import Entry
from midback.follow_up.outcomes import SETTLED, OutcomeSeen, outcomes_seen, settled_signs
from midback.follow_up.stepping import PREVENTION, StepReason, Walk, walk_steps
from midback.follow_up.trend import Trend, trend_of
from midback.knowledge import Knowledge
from midback.knowledge.intervals import Z95
from midback.network import StillThere
from midback.safety import Settled

__all__ = ["CheckIn", "Factor", "Review", "Shift", "check_in"]

REVIEW_SLACK = 3  # days before a review date on which a measurement already counts for it


@dataclass(frozen=True, slots=True)
class Factor:
    """How far "still in pain after this time" spoke against one cause: S(t2)/S(t1), 0-1, with its range."""

    cause: str
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shift:
    """The chance (0-1) of one family at the first assessment and now."""

    family: str
    before: float
    now: float
    dangerous: bool


@dataclass(frozen=True, slots=True)
class Review:
    """One review of the schedule: done, due (today or missed) or ahead, with the measures still missing."""

    on: date
    measures: tuple[str, ...]
    state: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Everything one look at case and diary says on one day.

    ``settling`` tells how time entered: ``still`` (the factors apply), ``better`` (clearly better: time speaks for
    nothing) or ``unknown`` (too little diary to tell). ``ask_again`` are warning signs nobody has looked at in the
    last week; while there are any the plan never steps down. ``outcomes`` are what clinicians found about raised rules,
    and whether it still counts. ``direction`` is up, down, stay, restart or stop.
    """

    today: date
    begun: date
    weeks: float
    first: Assessment
    now: Assessment
    settling: str
    factors: tuple[Factor, ...]
    shifts: tuple[Shift, ...]
    new_answers: Mapping[str, str]
    outcomes: tuple[OutcomeSeen, ...]
    ask_again: tuple[str, ...]
    trend: Trend
    walk: Walk
    step_before: str
    direction: str
    reviews: tuple[Review, ...]
    plan: Plan

    @property
    def level(self) -> str:
        """The triage level now."""
        return self.now.level

    @property
    def reason(self) -> StepReason | None:
        """The newest reason for the step."""
        return self.walk.last


def _factors(first: Answers, assessment: Assessment, knowledge: Knowledge, weeks: float) -> tuple[Factor, ...]:
    begin = weeks_so_far(first, knowledge)
    rows = (Factor(row.id, *stays_in_pain(row.id, knowledge, begin, weeks)) for row in assessment.causes)
    return tuple(sorted((row for row in rows if row.share < 1), key=lambda row: (row.share, row.cause)))


def _log_sd(factor: Factor) -> float:
    least = 0.001
    return (math.log(max(factor.high, least)) - math.log(max(factor.low, least))) / (2 * Z95)


def _settling(trend: Trend, weeks: float) -> str:
    if weeks <= 0 or trend.pain.now is None:
        return "unknown"
    return "better" if trend.pain.verdict == "better" else "still"


def _shifts(first: Assessment, now: Assessment) -> tuple[Shift, ...]:
    before = {row.id: row.chance for row in (*first.families, first.other)}
    rows = (Shift(row.id, before[row.id], row.chance, row.dangerous) for row in (*now.families, now.other))
    return tuple(sorted(rows, key=lambda row: (-abs(row.now - row.before), row.family)))


def _measures_in(entry: Entry) -> list[str]:
    held = {"nprs": entry.pain or entry.sites, "peg": entry.peg, "own_activities": entry.own_activities,
            "global_change": entry.global_change is not None}  # fmt: skip
    return [name for name, value in held.items() if value]


def _reviews(entries: Sequence[Entry], knowledge: Knowledge, begun: date, today: date) -> tuple[Review, ...]:
    """The follow-up schedule counted from the first day, and what was measured around each of its dates."""
    rows = []
    measured: dict[date, set[str]] = {}
    schedule = care_knowledge(knowledge).pathway.reviews
    for entry in entries:
        measured.setdefault(entry.day, set()).update(_measures_in(entry))
    for place, review in enumerate(schedule):
        on = begun + timedelta(days=review.day)
        slack = min(REVIEW_SLACK, (review.day - schedule[place - 1].day) // 3) if place else 0
        after = begun + timedelta(days=schedule[place + 1].day) if place + 1 < len(schedule) else None
        first, last = on - timedelta(days=slack), (after or on + timedelta(days=60)) - timedelta(days=1)
        near = {name for day, names in measured.items() if first <= day <= last for name in names}
        missing = tuple(name for name in review.measures if name not in near)
        missed = after is not None and today >= after
        state = "done" if not missing else "ahead" if today < on else "missed" if missed else "due"
        rows.append(Review(on, review.measures, state, missing))
    return tuple(rows)


def _direction(walk: Walk, before: str, kind: str) -> str:
    if kind != "full":
        return "stop"
    if walk.last is not None and walk.last.kind == "flare":
        return "restart"
    if walk.step == before:
        return "stay"
    return "down" if walk.step == PREVENTION else "up"


def _timed(walk: Walk) -> str | None:
    return walk.step if walk.step != PREVENTION else None


def _stepped(planned: Plan, walk: Walk, reviews: Sequence[Review], today: date) -> Plan:
    """The plan as it stands today: its step keeps the dates it began with, reviews keep those of the first day."""
    ahead = tuple(ReviewDate(row.on, row.measures) for row in reviews if row.state in ("due", "ahead"))
    planned = replace(planned, today=today)
    if planned.kind != "full":
        return planned
    soonest = min((row.on for row in ahead if row.on > today), default=None)
    if walk.step == PREVENTION:
        kept = tuple(step for step in planned.steps if step.name in ("gate", PREVENTION))
        return replace(planned, begins_with=PREVENTION, steps=kept, exercises=planned.exercises, better_by=None,
                       review_on=soonest, reviews=ahead, if_not_better=())  # fmt: skip
    return replace(planned, reviews=ahead, review_on=walk.until or soonest, better_by=walk.until)


def check_in(
    first: Answers,
    diary: Diary,
    knowledge: Knowledge,
    today: date,
    *,
    begun: date | None = None,
    draws: int = DRAWS,
    name: str = "diary",
) -> CheckIn:
    """What case and diary say on ``today``: signs to ask again, level, chances, trend, step with reasons, plan.

    Pure. ``begun`` is the day the plan began, by default that of the first entry. Entries after ``today`` are not
    seen. Raises DiaryRefused for a day before the beginning or answers about the duration, and AnswersRefused for
    other answers in the diary that cannot be.

    >>> from midback.knowledge import load_knowledge
    >>> found = check_in(Answers(age=4), Diary(), load_knowledge(), date(2026, 1, 9), begun=date(2026, 1, 2), draws=0)
    >>> found.level, found.direction, found.weeks
    ('same_day', 'stop', 1.0)
    """
    entries = tuple(entry for entry in diary.entries if entry.day <= today)
    begun = begun or (entries[0].day if entries else today)
    if today < begun:
        raise DiaryRefused((Problem(name, "", f"{today} is before the first day, {begun}", "choose a later day"),))
    weeks = (today - begun).days / DAYS_A_WEEK
    merged, changed = answers_since(first, entries, knowledge, name)
    trend = trend_of(entries, knowledge, begun, today)
    at_start = assess(first, knowledge, draws=draws)
    settling = _settling(trend, weeks)
    factors = _factors(first, at_start, knowledge, weeks) if settling == "still" else ()
    stays = {row.cause: StillThere(row.share, _log_sd(row)) for row in factors}
    later = aged(merged, knowledge, weeks)
    outcomes = outcomes_seen(first, entries, knowledge, begun, (merged, later), name)
    settled = {row.flag: Settled(row.by, row.on) for row in outcomes if row.state == SETTLED}
    now = assess(merged, knowledge, draws=draws, stays=stays, today=later, settled=settled)
    now = replace(now, answers=later)
    signs, quiet = warning_signs(merged, knowledge), settled_signs(outcomes, knowledge)
    looks = [entry for entry in entries if entry.no_warning_signs or entry.answers]
    ask_again = unseen_signs(signs, looks, merged, today, quiet)
    care = care_knowledge(knowledge)
    start_scores = {"pain": trend.pain.start, "peg": trend.peg.start}
    scores = {key: value for key, value in start_scores.items() if value is not None}
    enter = plan(at_start, knowledge, begun, scores=scores).begins_with or care.pathway.steps[0].name
    walk = walk_steps(
        trend,
        care,
        knowledge,
        enter,
        begun,
        today,
        screened=lambda day: not unseen_signs(signs, looks, merged, day, quiet),
    )
    before = walk.last.step if walk.last is not None else enter
    reviews = _reviews(entries, knowledge, begun, today)
    planned = _stepped(plan(now, knowledge, walk.since, step=_timed(walk), scores=scores), walk, reviews, today)
    return CheckIn(
        today=today,
        begun=begun,
        weeks=weeks,
        first=at_start,
        now=now,
        settling=settling,
        factors=factors,
        shifts=_shifts(at_start, now),
        new_answers=changed,
        outcomes=outcomes,
        ask_again=ask_again,
        trend=trend,
        walk=walk,
        step_before=before,
        direction=_direction(walk, before, planned.kind),
        reviews=reviews,
        plan=planned,
    )
