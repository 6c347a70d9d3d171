"""One diary entry: what it may hold, read strictly from plain data and written back to the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

__all__ = [
    "CLOCK_SLACK",
    "EARLIEST",
    "LONGEST_BY",
    "LONGEST_FOUND",
    "LONGEST_NOTE",
    "MOST_ACTIVITIES",
    "PAIN_ITEMS",
    "PEG_ITEMS",
    "STRONGEST",
    "Entry",
    "EntryRefused",
    "Outcome",
    "Place",
    "new_id",
    "read_entry",
    "read_moment",
]

STRONGEST = 10  # pain, PEG and activities are told from 0 to this
PAIN_ITEMS = ("now", "average", "worst")
PEG_ITEMS = ("pain", "enjoyment", "activity")
MOST_ACTIVITIES = 3
NUMERIC = frozenset((int, float))  # exactly these: true is no pain of 1
PLACE_KEYS = {"zone", "pain"}
OUTCOME_KEYS = {"flag", "by", "found"}
MOST_OUTCOMES = 20
LONGEST_BY = 80
LONGEST_FOUND = 400
EARLIEST = date(1990, 1, 1)
CLOCK_SLACK = timedelta(days=1)  # clocks and time zones differ; tomorrow evening is a mistake
LONGEST_NOTE = 4000
LONGEST_ID = 80


class EntryRefused(ValueError):
    """What is wrong with one entry and how to mend it, in words for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Place:
    """One painful place: a zone of the body map and how strong it is there (0-10)."""

    zone: str
    pain: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a clinician found about one red flag: its id, who looked, and what was found, in their own words."""

    flag: str
    by: str
    found: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``at`` is an aware moment; pains 0-10; PEG 0-10; ``global_change`` 1 (much better) to 7 (much worse).

    ``no_warning_signs`` says that the list of warning signs was read and none was new. ``answers`` are newer answers
    to questions of the assessment. ``outcomes`` are what clinicians found about red flags.
    """

    id: str
    at: datetime
    pain: Mapping[str, float]
    sites: tuple[Place, ...] = ()
    peg: Mapping[str, float] | None = None
    own_activities: tuple[tuple[str, float], ...] = ()
    global_change: int | None = None
    answers: Mapping[str, Any] | None = None
    no_warning_signs: bool = False
    outcomes: tuple[Outcome, ...] = ()
    note: str = ""

    @property
    def day(self) -> date:
        """The day on the clock of the person who wrote it."""
        return self.at.date()

    @property
    def usual(self) -> float | None:
        """The pain this entry stands for: the average if given, else now, else the strongest place, else the worst."""
        for name in ("average", "now"):
            if name in self.pain:
                return self.pain[name]
        if self.sites:
            return max(place.pain for place in self.sites)
        return self.pain.get("worst")

    def to_raw(self) -> dict[str, Any]:
        """Plain data that read_entry reads back to an equal entry; empty parts are left out."""
        raw: dict[str, Any] = {"id": self.id, "at": self.at.isoformat()}
        if self.pain:
            raw["pain"] = dict(self.pain)
        if self.sites:
            raw["sites"] = [{"zone": place.zone, "pain": place.pain} for place in self.sites]
        if self.peg:
            raw["peg"] = dict(self.peg)
        if self.own_activities:
            raw["own_activities"] = [{"name": name, "value": value} for name, value in self.own_activities]
        if self.global_change is not None:
            raw["global_change"] = self.global_change
        if self.answers:
            raw["answers"] = dict(self.answers)
        if self.no_warning_signs:
            raw["no_warning_signs"] = True
        if self.outcomes:
            raw["outcomes"] = [{"flag": row.flag, "by": row.by, "found": row.found} for row in self.outcomes]
        if self.note:
            raw["note"] = self.note
        return raw


def new_id(raw: Mapping[str, Any]) -> str:
    """An id made of the content, so that the same entry read twice is one entry.

    >>> new_id({"at": "2026-01-01T08:00:00+00:00"}) == new_id({"at": "2026-01-01T08:00:00+00:00", "id": "x"})
    True
    """
    content = {key: value for key, value in raw.items() if key != "id"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def read_moment(text: Any, zone: tzinfo | None = None) -> tuple[datetime, bool]:
    """An aware moment from ISO text, and whether its time zone had to be assumed (``zone``, else the local one).

    A bare date means noon. Raises EntryRefused for what is no date or no day anybody kept a diary on.

    >>> read_moment("2026-11-22T08:30:00+01:00")[0].isoformat()
    '2026-11-22T08:30:00+01:00'
    """
    if not isinstance(text, str):
        raise EntryRefused(f"at: {text!r} is no date; write it like 2026-11-22T08:30+01:00")
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise EntryRefused(f"at: '{text[:40]}' is no date; write it like 2026-11-22T08:30+01:00") from None
    if len(text.strip()) <= len("2026-11-22"):
        moment = moment.replace(hour=12)
    if moment.date() < EARLIEST or moment.year > 9000:
        raise EntryRefused(f"at: {moment.date()} cannot be; the year must be {EARLIEST.year} or later")
    assumed = moment.tzinfo is None
    if assumed:
        moment = moment.replace(tzinfo=zone) if zone is not None else moment.astimezone()
    else:
        offset = moment.utcoffset()
        if offset is None or abs(offset) > timedelta(hours=15):
            raise EntryRefused(f"at: '{text[:40]}' has a time zone that is nowhere on earth")
    return moment, assumed


def _number(value: Any, where: str) -> float:
    if type(value) not in NUMERIC or not 0 <= value <= STRONGEST:
        raise EntryRefused(f"{where}: {value!r:.40} cannot be; it is a number from 0 to {STRONGEST}")
    number: float = value
    return number


def _numbers(value: Any, items: tuple[str, ...], where: str) -> dict[str, float]:
    if not isinstance(value, dict):
        raise EntryRefused(f"{where}: {value!r:.40} must be a mapping of {', '.join(items)}")
    for name in value:
        if name not in items:
            raise EntryRefused(f"{where}: '{name!s:.40}' is unknown; it holds {', '.join(items)}")
    return {name: _number(value[name], f"{where}.{name}") for name in items if name in value}


def _sites(value: Any, zones: frozenset[str] | None) -> tuple[Place, ...]:
    if not isinstance(value, list):
        raise EntryRefused("sites: must be a list of zone and pain")
    places: dict[str, Place] = {}
    for item in value:
        if not isinstance(item, dict) or item.keys() != PLACE_KEYS or not isinstance(item["zone"], str):
            raise EntryRefused(f"sites: {item!r:.60} must have a zone and a pain")
        zone = item["zone"]
        if zones is not None and zone not in zones:
            raise EntryRefused(f"sites: there is no zone '{zone[:40]}'; the zones are {', '.join(sorted(zones))}")
        if zone in places:
            raise EntryRefused(f"sites: '{zone}' is named twice")
        places[zone] = Place(zone, _number(item["pain"], f"sites.{zone}"))
    return tuple(places.values())


def _activities(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, list) or len(value) > MOST_ACTIVITIES:
        raise EntryRefused(f"own_activities: a list of up to {MOST_ACTIVITIES}, each with a name and a value")
    named = []
    for item in value:
        if not isinstance(item, Mapping) or set(item) != {"name", "value"} or not isinstance(item["name"], str):
            raise EntryRefused(f"own_activities: {item!r:.60} must have a name and a value")
        name = _clean(item["name"]).strip()
        if not name or len(name) > 200:
            raise EntryRefused("own_activities: each needs a name of up to 200 letters")
        named.append((name, _number(item["value"], f"own_activities.{name[:40]}")))
    return tuple(named)


def _change(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 7:
        raise EntryRefused(f"global_change: {value!r:.40} cannot be; it is 1 (much better) to 7 (much worse)")
    return value


def _answers(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise EntryRefused("answers: must be a mapping of finding to answer")
    for key, answer in value.items():
        if not isinstance(answer, str | int | float | list):
            raise EntryRefused(f"answers.{key[:40]}: {answer!r:.40} is no answer")
    return dict(value)


def _clean(text: str) -> str:
    """The text with one kind of line end, without NUL and half character pairs, so that every format can hold it."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise EntryRefused("no_warning_signs: must be true or left out")
    return value


def _outcome_text(item: Mapping[str, Any], key: str, longest: int, missing: str) -> str:
    value = item.get(key, "")
    text = " ".join(_clean(value).split()) if isinstance(value, str) else ""
    if not any(map(str.isalpha, text)):
        raise EntryRefused(f"outcomes.{key}: {missing}")
    if len(text) > longest:
        raise EntryRefused(f"outcomes.{key}: {len(text)} letters; up to {longest}")
    return text


def _outcomes(value: Any) -> tuple[Outcome, ...]:
    if not isinstance(value, list) or len(value) > MOST_OUTCOMES:
        raise EntryRefused(f"outcomes: a list of up to {MOST_OUTCOMES}, each with flag, by and found")
    read: dict[str, Outcome] = {}
    for item in value:
        if not isinstance(item, Mapping) or not item.keys() <= OUTCOME_KEYS:
            raise EntryRefused(f"outcomes: {item!r:.60} must have flag, by and found, and nothing else")
        flag = _outcome_text(item, "flag", LONGEST_ID, "name the red flag by its id")
        by = _outcome_text(item, "by", LONGEST_BY, "say who looked: a name or a place")
        found = _outcome_text(
            item, "found", LONGEST_FOUND, "say what was found; an all-clear that names nothing settles nothing"
        )
        if flag in read:
            raise EntryRefused(f"outcomes: '{flag}' is named twice")
        read[flag] = Outcome(flag, by, found)
    return tuple(read.values())


def _note(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NOTE:
        raise EntryRefused(f"note: a text of up to {LONGEST_NOTE} letters")
    return _clean(value)


def read_entry(
    raw: Any, zones: frozenset[str] | None = None, zone: tzinfo | None = None, latest: datetime | None = None
) -> tuple[Entry, bool]:
    """A checked entry from plain data, and whether its time zone had to be assumed. Raises EntryRefused.

    ``zones`` are the zones of the body map (None: not checked), ``zone`` the time zone of moments without one, and
    ``latest`` a moment after which nothing can have happened yet. An entry without an id gets one from its content.

    >>> entry, assumed = read_entry({"at": "2026-01-02T08:00:00+01:00", "pain": {"now": 4}})
    >>> entry.usual, entry.day.isoformat(), assumed
    (4, '2026-01-02', False)
    """
    if not isinstance(raw, Mapping):
        raise EntryRefused(f"{raw!r:.60} is no entry")
    if not raw.keys() <= KEYS:
        key = next(key for key in raw if key not in KEYS)
        raise EntryRefused(f"'{key!s:.40}' is unknown; an entry holds {', '.join(sorted(KEYS))}")
    moment, assumed = read_moment(raw.get("at"), zone)
    if latest is not None and moment > latest:
        raise EntryRefused(f"at: {moment.isoformat()} lies in the future")
    name = raw.get("id", "")
    if not isinstance(name, str) or len(name) > LONGEST_ID or not name.isprintable() or name != name.strip():
        raise EntryRefused(f"id: {name!r:.40} must be a plain text of up to {LONGEST_ID} letters")
    read = {}
    for key, value in raw.items():
        if value is not None and key in READERS:
            held = READERS[key](value, zones)
            if held:
                read[key] = held
    if not read:
        raise EntryRefused("it says nothing: no pain, no place, no measure, no answer, no outcome, no note")
    pain = read.pop("pain", {})
    if "worst" in pain and pain["worst"] < max(pain.values()):
        raise EntryRefused("pain: the worst cannot be less than now or average")
    entry = Entry(name, moment, pain, **read)
    return (entry if name else Entry(new_id(entry.to_raw()), moment, pain, **read)), assumed


Zones = frozenset[str] | None
READERS: Mapping[str, Callable[[Any, Zones], Any]] = {
    "pain": lambda value, _: _numbers(value, PAIN_ITEMS, "pain"),
    "sites": _sites,
    "peg": lambda value, _: _numbers(value, PEG_ITEMS, "peg"),
    "own_activities": lambda value, _: _activities(value),
    "global_change": lambda value, _: _change(value),
    "answers": lambda value, _: _answers(value),
    "no_warning_signs": lambda value, _: _flag(value),
    "outcomes": lambda value, _: _outcomes(value),
    "note": lambda value, _: _note(value),
}
KEYS = {"id", "at", *READERS}
