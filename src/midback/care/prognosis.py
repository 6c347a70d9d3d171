"""How this pain is likely to go on, and what it would mean if it does not get better: recovery curves, mixed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from midback.answers import Answers
from midback.assessment import Assessment
from midback.care.items import Fact
from midback.knowledge import Knowledge, Number
from midback.knowledge.intervals import Z95

__all__ = [
    "Outlook",
    "Prognosis",
    "StillInPain",
    "if_not_better",
    "prognosis_of",
    "stays_in_pain",
    "still_in_pain",
    "weeks_so_far",
]

HORIZONS = (2.0, 6.0, 12.0, 26.0, 52.0)
DAYS_A_WEEK = 7.0
LEAST = 0.001  # no curve ever reaches nobody


@dataclass(frozen=True, slots=True)
class StillInPain:
    """The share (0-1) still in pain after ``weeks`` from now, with a range."""

    weeks: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The chance (0-1) of one family now, and if the pain has not clearly eased by the date."""

    family: str
    now: float
    then: float
    dangerous: bool


@dataclass(frozen=True, slots=True)
class Prognosis:
    """The expected course; ``covered`` is the chance of the causes that have a curve, ``judged`` the part of it that
    rests on judgement alone (both 0-1). ``facts`` are printed figures that fit this person."""

    curve: tuple[StillInPain, ...]
    covered: float
    judged: float
    facts: tuple[Fact, ...]


def _point(number: Number, knowledge: Knowledge) -> tuple[float, float, float]:
    """The share still in pain (0-1) that one printed number means, with its range."""
    if number.word is not None:
        width = knowledge.word_widths["finding"][number.word]
        return width.value, width.low, width.high
    if number.value is None:
        return 1.0, 1.0, 1.0
    share = number.value.value / (float(number.n) if number.quantity == "count" and number.n else 100.0)
    if number.value.low is not None and number.value.high is not None:
        return share, number.value.low / 100.0, number.value.high / 100.0
    if number.n:
        centre = min(max(share, 0.5 / number.n), 1 - 0.5 / number.n)
        width_in_logits = Z95 / math.sqrt(number.n * centre * (1 - centre))
        logit = math.log(centre / (1 - centre))
        ends = (1 / (1 + math.exp(-(logit + side * width_in_logits))) for side in (-1, 1))
        low, high = ends
        return share, min(low, share), max(high, share)
    return share, share, share


@lru_cache(maxsize=4096)
def _curve(knowledge: Knowledge, cause_id: str, end: int) -> tuple[tuple[float, float], ...]:
    """Week and share for the point (0), low (1) or high (2) end of a cause's curve; it never rises."""
    rows, least = [(0.0, 1.0)], 1.0
    for week, number in sorted(knowledge.causes[cause_id].course.items()):
        least = min(least, max(_point(number, knowledge)[end], LEAST))
        rows.append((float(week), least))
    return tuple(rows)


def still_in_pain(curve: tuple[tuple[float, float], ...], weeks: float) -> float:
    """The share (0-1) still in pain at ``weeks``: constant recovery rate between points, flat after the last one.

    >>> still_in_pain(((0.0, 1.0), (4.0, 0.25)), 2.0)
    0.5
    """
    for (start, before), (stop, after) in pairwise(curve):
        if weeks <= stop:
            part = (weeks - start) / (stop - start)
            return math.exp((1 - part) * math.log(before) + part * math.log(after))
    return curve[-1][1]


def weeks_so_far(answers: Answers, knowledge: Knowledge) -> float:
    """How many weeks the pain has lasted: as given, else the start of the level chosen, else 0.

    >>> from midback.answers import read_answers
    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> weeks_so_far(read_answers({"answers": {"duration": 21}}, knowledge), knowledge)
    3.0
    """
    if "duration" in answers.measured:
        return answers.measured["duration"] / DAYS_A_WEEK
    finding = knowledge.findings.get("duration")
    reply = answers.reply("duration")
    if finding is None or reply is None or str(reply) not in finding.states or not finding.starts:
        return 0.0
    return finding.starts[finding.states.index(str(reply))] / DAYS_A_WEEK


def _ratio(cause_id: str, knowledge: Knowledge, begin: float, weeks: float, end: int = 0) -> float:
    """The share of those still in pain at ``begin`` who still are so many weeks later."""
    curve = _curve(knowledge, cause_id, end)
    return min(still_in_pain(curve, begin + weeks) / still_in_pain(curve, begin), 1.0)


def stays_in_pain(cause_id: str, knowledge: Knowledge, begin: float, weeks: float) -> tuple[float, float, float]:
    """S(begin + weeks)/S(begin) for one cause with its range, in weeks: how far "still in pain" speaks against it.

    1 for a cause without a curve, and 1 for every dangerous cause: time never lowers one (docs/safety).

    >>> from midback.knowledge import load_knowledge
    >>> share, low, high = stays_in_pain("muscle_strain", load_knowledge(), 0.0, 6.0)
    >>> 0 < low < share < high < 1
    True
    """
    cause = knowledge.causes[cause_id]
    if cause.dangerous or not cause.course:
        return 1.0, 1.0, 1.0
    ends = [_ratio(cause_id, knowledge, begin, weeks, end) for end in (0, 1, 2)]
    return ends[0], min(ends), max(ends)


def prognosis_of(assessment: Assessment, knowledge: Knowledge, facts: tuple[Fact, ...] = ()) -> Prognosis:
    """The share still in pain at 2, 6, 12, 26 and 52 weeks from now, mixed over the chances of the causes.

    Pain that has already lasted is taken into account: each curve is read from where the person stands on it.
    """
    begin = weeks_so_far(assessment.answers, knowledge)
    rows = [(row, knowledge.causes[row.id]) for row in assessment.causes if knowledge.causes[row.id].course]
    covered = sum(row.chance for row, _ in rows)
    if covered <= 0:
        return Prognosis((), 0.0, 0.0, facts)
    judged = sum(row.chance for row, cause in rows if all(n.is_judgement for n in cause.course.values()))
    curve = []
    for weeks in HORIZONS:
        ends = [
            sum(row.chance * _ratio(row.id, knowledge, begin, weeks, end) for row, _ in rows) / covered
            for end in (0, 1, 2)
        ]
        curve.append(StillInPain(weeks, ends[0], min(ends), max(ends)))
    return Prognosis(tuple(curve), covered, judged / covered, facts)


def if_not_better(assessment: Assessment, knowledge: Knowledge, weeks: float) -> tuple[Outlook, ...]:
    """The families' chances now and after so many weeks without getting better, those that rise most first.

    Chance then is proportional to chance now times S(then)/S(now), S being the share still in pain. A cause without
    a curve is taken not to settle by itself, and so is everything outside the list: both rise. So does every dangerous
    cause, because time never speaks against one.
    """
    begin = weeks_so_far(assessment.answers, knowledge)
    stays = {row.id: stays_in_pain(row.id, knowledge, begin, weeks)[0] for row in assessment.causes}
    total = assessment.other.chance + sum(row.chance * stays[row.id] for row in assessment.causes)
    if total <= 0:
        return ()
    outlooks = [
        Outlook(
            family.id,
            family.chance,
            sum(member.chance * stays[member.id] for member in family.members) / total,
            family.dangerous,
        )
        for family in assessment.families
    ]
    outlooks.append(Outlook("other", assessment.other.chance, assessment.other.chance / total, dangerous=False))
    return tuple(sorted(outlooks, key=lambda row: (-(row.then - row.now), row.family)))
