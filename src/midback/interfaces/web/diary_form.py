"""What a sent diary form holds: the diary it carries, files, and one new entry with whatever is to mend in it."""

from __future__ import annotations

import base64
import json
import math
import re
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from midback.follow_up import Diary, Entry, EntryRefused, diary_to_raw, read_diary_text, read_entry
from midback.follow_up.entry import (
    CLOCK_SLACK,
    EARLIEST,
    LONGEST_NOTE,
    MOST_ACTIVITIES,
    PAIN_ITEMS,
    PEG_ITEMS,
    STRONGEST,
)
from midback.interfaces.web.journey import Page, read_form
from midback.interfaces.web.visit import Visit

__all__ = [
    "DiaryLost",
    "EntryForm",
    "carried_diary",
    "clock_of",
    "pack_diary",
    "read_begun",
    "read_entry_form",
    "zones_of",
]

LARGEST_DIARY = 24 * 1024 * 1024
MOST_BRACES = 600_000  # more than 50,000 entries with all their parts
LONGEST_CELL = 300
CHANGES = range(1, 8)
Error = dict[str, str]


class DiaryLost(ValueError):
    """The diary inside a page did not come back whole."""


@dataclass(frozen=True, slots=True)
class EntryForm:
    """A form read: the entry it gives or None, what to mend, what was written.

    Each error is a text, the id of its field, and the key of the text where it is one of the diary's own.
    """

    entry: Entry | None
    errors: tuple[Error, ...]
    values: Mapping[str, str]
    touched: bool


def zones_of(visit: Visit) -> frozenset[str]:
    """The zones of the body map that an entry may name."""
    return frozenset(visit.knowledge.findings["pain_zone"].states)


def pack_diary(diary: Diary) -> str:
    """The whole diary as URL-safe letters, to travel inside a page; "" for none."""
    plain = json.dumps(diary_to_raw(diary), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(plain.encode("utf-8", "surrogatepass"), 6)).decode()


def _unpack(letters: str, zones: frozenset[str]) -> Diary:
    reader = zlib.decompressobj()
    try:
        plain = reader.decompress(base64.urlsafe_b64decode(letters.strip()), LARGEST_DIARY)
        if reader.unconsumed_tail or not reader.eof or plain.count(b"{") > MOST_BRACES:
            raise DiaryLost
        text = plain.decode("utf-8", "surrogatepass")
        json.loads(text)  # what a page carries was written here, so it is whole or it is lost
    except (ValueError, RecursionError, zlib.error) as error:
        raise DiaryLost from error
    diary = read_diary_text(text, zones, UTC, datetime.now(UTC) + CLOCK_SLACK)
    return replace(diary, notices=())  # they were told when it was opened


def carried_diary(diary: str, stored: str, zones: frozenset[str]) -> Diary | None:
    """The diary of the page, joined with the one ``stored`` in the browser where another tab changed it since.

    None when there is neither. Raises DiaryLost.
    """
    from midback.follow_up import merge

    held = [_unpack(letters, zones) for letters in (diary, stored) if letters.strip()]
    return merge(held[0], held[1]) if len(held) == 2 else held[0] if held else None


def clock_of(visit: Visit, diary: Diary | None) -> tzinfo:
    """The time zone of the person: as the browser says, else as in the newest entry, else UTC."""
    found = re.fullmatch(r"([+-])(0\d|1[0-4]):([0-5]\d)", visit.first("zone", 6))
    if found:
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return timezone(offset if found[1] == "+" else -offset)
    newest = diary.entries[-1].at.utcoffset() if diary and diary.entries else None
    return timezone(newest) if newest is not None else UTC


class _Reader:
    """Reads cells of a form one by one and gathers what is wrong, in the words of the page."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.said = visit.all_words["diary"]["errors"]
        self.measures = visit.all_words["measures"]
        self.errors: list[Error] = []
        self.values: dict[str, str] = {}

    def cell(self, name: str, longest: int = LONGEST_CELL) -> str:
        text = self.visit.first(name, longest).strip()
        self.values[name] = text
        return text

    def wrong(self, key: str, where: str, **fill: Any) -> None:
        self.errors.append({"key": key, "text": str(self.said[key]).format(**fill), "where": where})

    def number(self, name: str, label: str) -> float | int | None:
        text = self.cell(name, 40)
        if not text:
            return None
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not 0 <= value <= STRONGEST:
            self.wrong("number", name, label=label.rstrip("?:. "), value=text)
            return None
        return int(value) if value.is_integer() else value


def _moment(reader: _Reader, zone: tzinfo, now: datetime) -> datetime | None:
    day, clock = reader.cell("day", 40), reader.cell("time", 40)
    try:
        on = date.fromisoformat(day) if day else now.astimezone(zone).date()
    except ValueError:
        reader.wrong("day", "day", value=day)
        return None
    try:
        at = time.fromisoformat(clock) if clock else now.astimezone(zone).time() if not day else time(12)
    except ValueError:
        reader.wrong("time", "time", value=clock)
        return None
    moment = datetime.combine(on, at.replace(microsecond=0, tzinfo=None), zone)
    if on < EARLIEST or on.year > 9000:
        reader.wrong("early", "day", value=day, year=EARLIEST.year)
        return None
    if moment > now + CLOCK_SLACK:
        reader.wrong("future", "day", value=f"{day} {clock}".strip())
        return None
    return moment


def _pain(reader: _Reader) -> dict[str, float | int]:
    items = reader.measures["nprs"]["items"]
    read = {name: reader.number(f"pain-{name}", items[name]) for name in PAIN_ITEMS}
    pain = {name: value for name, value in read.items() if value is not None}
    if "worst" in pain and pain["worst"] < max(pain.values()):
        reader.wrong("worst", "pain-worst")
    return pain


def _activities(reader: _Reader) -> list[dict[str, Any]]:
    rows = []
    for place in range(1, MOST_ACTIVITIES + 1):
        name, given = reader.cell(f"activity-{place}", 400), reader.cell(f"level-{place}", 40)
        label = reader.visit.all_words["diary"]["activity_name"].format(number=place)
        value = reader.number(f"level-{place}", name or label)
        if given and not name:
            reader.wrong("activity_name", f"activity-{place}", value=given)
        elif len(name) > 200:
            reader.wrong("activity_long", f"activity-{place}")
        elif name and value is not None:
            rows.append({"name": name, "value": value})
    return rows  # a name without a number is only a name kept for the next time


def _signs(reader: _Reader, page: Page | None) -> tuple[dict[str, Any], bool]:
    """The answers about warning signs, and whether the list was looked at."""
    visit = reader.visit
    if page is None or not any(visit.form.get(name) for name in ("yes", "unsure", "none", "some_unsure")):
        return {}, False
    given = read_form(page, visit.form, visit.knowledge)
    if given.step is None:
        words, plain = visit.words["errors"], visit.words["question"]
        heading = visit.all_words["diary"]["signs_lead"]
        for key, where in given.errors:
            text = words[key].format(question=heading, none=plain["none"])
            target = where if where in ("none", "some_unsure") else f"y-{where}"
            reader.errors.append({"text": text, "where": target})
        return {}, True
    if set(given.step.given.values()) == {"no"}:
        return {"no_warning_signs": True}, True
    return {"answers": dict(given.step.given)}, True


def read_entry_form(visit: Visit, page: Page | None, zone: tzinfo, now: datetime) -> EntryForm:
    """The new entry in a sent form. ``page`` lists the warning signs; ``touched`` tells whether they were looked at.

    ``now`` is an aware moment; a day without a time is noon, and no day is now.
    """
    reader = _Reader(visit)
    moment = _moment(reader, zone, now)
    own = reader.measures["peg"]["items"]
    peg = {name: reader.number(f"peg-{name}", own[name]) for name in PEG_ITEMS}
    places = visit.all_words["findings"]["pain_zone"]["options"]
    sites = {zone: reader.number(f"site-{zone}", places[zone]) for zone in places}
    change = reader.cell("change", 40)
    if change and change not in map(str, CHANGES):
        reader.wrong("change", "change")
    note = visit.first("note", 4 * LONGEST_NOTE).strip()
    reader.values["note"] = note
    if len(note) > LONGEST_NOTE:
        reader.wrong("note", "note", most=LONGEST_NOTE, count=len(note))
    pain, activities = _pain(reader), _activities(reader)
    signs, touched = _signs(reader, page)
    raw: dict[str, Any] = {
        "pain": pain,
        "peg": {name: value for name, value in peg.items() if value is not None},
        "sites": [{"zone": zone, "pain": value} for zone, value in sites.items() if value is not None],
        "own_activities": activities, "note": note, **signs,
    }  # fmt: skip
    if change in map(str, CHANGES):
        raw["global_change"] = int(change)
    raw = {key: value for key, value in raw.items() if value}
    if not raw and not reader.errors:
        reader.wrong("empty", "pain-now")
    if reader.errors or moment is None:
        return EntryForm(None, tuple(reader.errors), reader.values, touched)
    try:
        entry, _ = read_entry({"id": uuid.uuid4().hex[:16], "at": moment.isoformat(), **raw}, zones_of(visit))
    except EntryRefused:  # pragma: no cover  (every part was read above)
        reader.wrong("empty", "pain-now")
        return EntryForm(None, tuple(reader.errors), reader.values, touched)
    return EntryForm(entry, (), reader.values, touched)


def read_begun(visit: Visit, usual: date, today: date) -> tuple[date, Error | None]:
    """The day of the first answers as written, ``usual`` where none is; and what is wrong with it, if anything."""
    text = visit.first("begun", 40).strip()
    if not text:
        return usual, None
    try:
        begun = date.fromisoformat(text)
    except ValueError:
        begun = date.max
    if not EARLIEST <= begun <= today:
        wrong = visit.all_words["diary"]["errors"]["begun"].format(value=text)
        return usual, {"text": wrong, "where": "begun"}
    return begun, None
