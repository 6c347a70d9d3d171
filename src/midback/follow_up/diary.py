"""A diary: entries by id, the differing versions of an id, and what could not be read; merging loses nothing."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from midback.follow_up.entry import Entry, EntryRefused, read_entry

__all__ = ["SCHEMA_VERSION", "Diary", "SetAside", "diary_to_raw", "gather", "merge", "read_diary_text"]

SCHEMA_VERSION = 1
MOST_TRIES = 50_000  # places at which a broken file is searched for the next whole entry
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something a diary holds that is no entry: kept as it was, with what is wrong with it."""

    raw: Any
    why: str


@dataclass(frozen=True, slots=True)
class Diary:
    """Entries in time order, each id once. ``conflicts`` are other versions of an id; they are kept and shown, and
    do not count. ``notices`` are sentences for the person who opened it; ``damaged`` says that text was lost."""

    entries: tuple[Entry, ...] = ()
    conflicts: tuple[Entry, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notices: tuple[str, ...] = ()
    damaged: bool = False


def gather(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Entries by id in time order, and every further version of an id that differs. The first version counts."""
    first: dict[str, Entry] = {}
    others: dict[str, list[Entry]] = {}
    for entry in entries:
        known = first.setdefault(entry.id, entry)
        if known is not entry and known != entry and entry not in others.get(entry.id, ()):
            others.setdefault(entry.id, []).append(entry)
    # By instant and id; the instant as a number, since moments of many time zones compare slowly.
    ordered = tuple(sorted(first.values(), key=lambda entry: (entry.at.timestamp(), entry.id)))
    return ordered, tuple(entry for versions in others.values() for entry in versions)


def merge(mine: Diary, more: Diary) -> Diary:
    """Both diaries as one: an id that both hold alike is one entry; where they differ mine counts, the other is kept.

    >>> merge(Diary(), Diary()).entries
    ()
    """
    entries, conflicts = gather([*mine.entries, *more.entries, *mine.conflicts, *more.conflicts])
    aside: dict[str, SetAside] = {}
    for row in (*mine.set_aside, *more.set_aside):
        aside.setdefault(json.dumps(row.raw, sort_keys=True, default=str), row)
    return Diary(entries, conflicts, tuple(aside.values()), mine.notices + more.notices, mine.damaged or more.damaged)


def diary_to_raw(diary: Diary) -> dict[str, Any]:
    """Plain data for the native file, with ``schema_version``; read_diary_text reads it back.

    >>> sorted(diary_to_raw(Diary()))
    ['entries', 'kind', 'schema_version']
    """
    raw: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "kind": "diary",
        "entries": [entry.to_raw() for entry in diary.entries],
    }
    if diary.conflicts:
        raw["conflicts"] = [entry.to_raw() for entry in diary.conflicts]
    if diary.set_aside:
        raw["set_aside"] = [row.raw for row in diary.set_aside]
    return raw


def _whole_values(text: str) -> Iterator[Any]:
    """What is whole in a broken text: diaries and entries; and each torn piece of an entry between them, as text."""
    read_to = 0
    place = text.find("{")
    for _ in range(MOST_TRIES):
        if place < 0:
            break
        try:
            value, end = _decode(text, place)
        except (ValueError, RecursionError):
            value, end = None, place + 1
        if isinstance(value, Mapping) and ("at" in value or "entries" in value or "schema_version" in value):
            yield from _torn(text[read_to:place])
            yield value
            read_to = end
        place = text.find("{", end)
    yield from _torn(text[read_to:])


def _torn(piece: str) -> Iterator[str]:
    if '"at"' in piece or '"id"' in piece:
        yield piece.strip()


def _rows(value: Any) -> Iterator[Any]:
    """The raw entries in one JSON value: a diary, a list of entries, or one entry."""
    if isinstance(value, Mapping) and "at" not in value and ("entries" in value or "schema_version" in value):
        for part in ("entries", "conflicts", "set_aside"):
            held = value.get(part, [])
            yield from held if isinstance(held, list) else [held]
    elif isinstance(value, list):
        yield from value
    else:
        yield value


@contextmanager
def _collector_waits() -> Iterator[None]:
    """Ten years of entries are a hundred thousand small things that all stay: looking for garbage among them again
    and again takes as long as reading them."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def read_diary_text(text: str, zones: frozenset[str] | None = None, zone: tzinfo | None = None,
                    latest: datetime | None = None) -> Diary:  # fmt: skip
    """The diary in ``text``, whatever became of it: whole, cut short, or several copies one after the other.

    What cannot be an entry is set aside with the reason; what is only half there is told in ``notices``. Never raises
    for the content.

    >>> diary = read_diary_text('{"entries": [{"at": "2026-01-02T08:00:00+01:00", "pain": {"now": 4}}]}')
    >>> [entry.usual for entry in diary.entries]
    [4]
    """
    with _collector_waits():
        return _read(text, zones, zone, latest)


def _read(text: str, zones: frozenset[str] | None, zone: tzinfo | None, latest: datetime | None) -> Diary:
    damaged = False
    values: list[Any]
    try:
        values = [json.loads(text)] if text.strip() else []
    except (ValueError, RecursionError):
        values, damaged = list(_whole_values(text)), True
    entries: list[Entry] = []
    aside: list[SetAside] = []
    assumed = 0
    newer = any(isinstance(v, Mapping) and isinstance(v.get("schema_version"), int)
                and v["schema_version"] > SCHEMA_VERSION for v in values)  # fmt: skip
    for raw in (row for value in values for row in _rows(value)):
        try:
            entry, guessed = read_entry(raw, zones, zone, latest)
        except EntryRefused as error:
            why = "a piece of text, no whole entry" if isinstance(raw, str) else str(error)
            aside.append(SetAside(raw, why))
            continue
        entries.append(entry)
        assumed += guessed
    ordered, conflicts = gather(entries)
    notices = []
    if damaged:
        notices.append(f"the text is not whole (cut short, or several files in one): {len(entries)} whole entries read")
    if newer:
        notices.append("it was written by a newer Midback; what this one does not know is set aside, not lost")
    if assumed:
        where = zone or "/".join(dict.fromkeys(time.tzname))
        notices.append(f"{assumed} moments have no time zone and were read in the local one ({where})")
    if len(ordered) + len(conflicts) < len(entries):
        twice = len(entries) - len(ordered) - len(conflicts)
        notices.append(f"{twice} entries were there twice and count once")
    if conflicts:
        notices.append(f"{len(conflicts)} entries exist in two versions; both are kept, the first counts")
    if aside:
        notices.append(f"{len(aside)} things could not be read as entries; they are kept and do not count")
    return Diary(ordered, conflicts, tuple(aside), tuple(notices), damaged)
