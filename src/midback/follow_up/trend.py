"""Real change or day-to-day noise, and flares: what a diary shows, told by printed important changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from midback.follow_up.entry import Entry
from midback.follow_up.measures import Measure, measures_of, score
from midback.knowledge import Knowledge

__all__ = [
    "Change",
    "Day",
    "Flare",
    "Readings",
    "Trend",
    "days_of",
    "flares_of",
    "pain_change",
    "peg_change",
    "readings_of",
    "trend_of",
]

WINDOW = 7  # days at each end that are averaged, so that one bad day is no trend
BEFORE_FLARE = 14  # days that say what is usual
LEAST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Day:
    """One day of pain: the mean, lowest and highest of its entries (0-10)."""

    day: date
    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """One measure at the start and now. ``fall`` is how much better, in the measure's points; ``percent`` of the start.

    ``verdict`` is better, worse, noise (within what the measure cannot tell from day-to-day change) or unknown.
    ``points`` and ``percent_needed`` are the important changes it was held against.
    """

    measure: str
    start: float | None
    now: float | None
    fall: float | None
    percent: float | None
    verdict: str
    points: float
    percent_needed: float | None


@dataclass(frozen=True, slots=True)
class Flare:
    """Recorded days in a row on which pain stood ``rise`` points or more above what was usual before."""

    begins: date
    ends: date
    usual: float
    peak: float


def days_of(entries: Iterable[Entry]) -> tuple[Day, ...]:
    """The usual pain of each recorded day, in order; entries without a pain are passed over."""
    by_day: dict[date, list[float]] = {}
    for entry in entries:
        value = entry.usual
        if value is not None:
            by_day.setdefault(entry.day, []).append(value)
    return tuple(
        Day(day, fmean(values), min(values), max(values), len(values)) for day, values in sorted(by_day.items())
    )


def _judged(measure: Measure, start: float | None, now: float | None) -> Change:
    points = measure.important("points")
    percent = measure.important("percent_of_start")
    needed = points.value if points is not None else 0.0
    share_needed = percent.value if percent is not None else None
    if start is None or now is None:
        return Change(measure.id, start, now, None, None, "unknown", needed, share_needed)
    fall = start - now if measure.better == "lower" else now - start
    share = 100 * fall / start if start > 0 and measure.better == "lower" else None
    clear = share is not None and share_needed is not None and share >= share_needed
    enough = clear and fall >= measure.smallest_points  # a third of very little is still day-to-day noise
    verdict = "better" if fall >= needed or enough else "worse" if fall <= -needed else "noise"
    return Change(measure.id, start, now, fall, share, verdict, needed, share_needed)


Dated = tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """The usual pain of each recorded day and every PEG score, in order of time."""

    days: tuple[Day, ...]
    pain: Dated
    peg: Dated


@dataclass(frozen=True, slots=True)
class Trend:
    """What the diary shows between two days; ``low`` and ``high`` are the band of no real change around the start."""

    readings: Readings
    pain: Change
    peg: Change
    activities: Change
    flares: tuple[Flare, ...]
    low: float | None
    high: float | None
    last_global_change: int | None

    @property
    def days(self) -> tuple[Day, ...]:
        """The usual pain of each recorded day."""
        return self.readings.days


def readings_of(entries: Sequence[Entry], knowledge: Knowledge) -> Readings:
    """What the entries measured, made ready once so that any stretch of time can be judged quickly."""
    days = days_of(entries)
    measure = measures_of(knowledge)["peg"]
    scored = ((entry.day, score(measure, entry.peg)) for entry in entries if entry.peg)
    peg = tuple((day, value) for day, value in scored if value is not None)
    return Readings(days, tuple((day.day, day.mean) for day in days), peg)


def _between(values: Dated, first: date, last: date) -> Dated:
    return values[bisect_left(values, first, key=_when) : bisect_right(values, last, key=_when)]


def _when(value: tuple[date, float]) -> date:
    return value[0]


def pain_change(readings: Readings, knowledge: Knowledge, begun: date, today: date) -> Change:
    """Pain of the first recorded week against the last week, by the important change of the 0-10 scale."""
    inside = _between(readings.pain, begun, today)
    if not inside:
        return _judged(measures_of(knowledge)["nprs"], None, None)
    later = inside[0][0] + timedelta(days=WINDOW)
    first = _between(inside, begun, later - timedelta(days=1))
    last = _between(inside, max(later, today - timedelta(days=WINDOW - 1)), today)
    now = fmean(value for _, value in last) if last else None
    return _judged(measures_of(knowledge)["nprs"], fmean(value for _, value in first), now)


def peg_change(readings: Readings, knowledge: Knowledge, begun: date, today: date) -> Change:
    """The first complete PEG against the last one."""
    inside = _between(readings.peg, begun, today)
    start = inside[0][1] if inside else None
    return _judged(measures_of(knowledge)["peg"], start, inside[-1][1] if len(inside) > 1 else None)


def _activities_change(entries: Iterable[Entry], knowledge: Knowledge, begun: date, today: date) -> Change:
    """The mean of the person's own activities, over those named both first and last."""
    own = measures_of(knowledge)["own_activities"]
    rows = [dict(entry.own_activities) for entry in entries if entry.own_activities and begun <= entry.day <= today]
    both = sorted(set(rows[0]) & set(rows[-1])) if len(rows) > 1 else []
    if not both:
        return _judged(own, fmean(rows[0].values()) if rows else None, None)
    return _judged(own, fmean(rows[0][name] for name in both), fmean(rows[-1][name] for name in both))


def flares_of(days: Sequence[Day], rise: float) -> tuple[Flare, ...]:
    """Every flare: days at ``rise`` points or more above the median of the recorded days in the two weeks before.

    What is usual is held fixed while the flare lasts; it needs three recorded days. Source: judgement (the pathway's
    ``no_trend_pain_rise``).
    """
    found: list[Flare] = []
    open_flare: Flare | None = None
    first = 0
    for place, day in enumerate(days):
        if open_flare is not None:
            near = (day.day - open_flare.ends).days <= WINDOW
            if near and day.mean >= open_flare.usual + rise:
                open_flare = Flare(open_flare.begins, day.day, open_flare.usual, max(open_flare.peak, day.mean))
                continue
            found.append(open_flare)
            open_flare = None
        while days[first].day < day.day - timedelta(days=BEFORE_FLARE):
            first += 1
        before = [earlier.mean for earlier in days[first:place]]
        if len(before) >= LEAST_DAYS:
            usual = median(before)
            if day.mean >= usual + rise:
                open_flare = Flare(day.day, day.day, usual, day.mean)
    return (*found, open_flare) if open_flare is not None else tuple(found)


def trend_of(entries: Sequence[Entry], knowledge: Knowledge, begun: date, today: date) -> Trend:
    """Everything the entries from ``begun`` to ``today`` show.

    >>> from midback.knowledge import load_knowledge
    >>> trend_of((), load_knowledge(), date(2026, 1, 1), date(2026, 2, 1)).pain.verdict
    'unknown'
    """
    inside = [entry for entry in entries if begun <= entry.day <= today]
    readings = readings_of(inside, knowledge)
    pain = pain_change(readings, knowledge, begun, today)
    rise = float(knowledge.content["care"]["pathway"]["steps"]["no_trend_pain_rise"])
    changes = [entry.global_change for entry in inside if entry.global_change is not None]
    return Trend(
        readings=readings,
        pain=pain,
        peg=peg_change(readings, knowledge, begun, today),
        activities=_activities_change(inside, knowledge, begun, today),
        flares=flares_of(readings.days, rise),
        low=None if pain.start is None else max(pain.start - pain.points, 0.0),
        high=None if pain.start is None else min(pain.start + pain.points, 10.0),
        last_global_change=changes[-1] if changes else None,
    )
