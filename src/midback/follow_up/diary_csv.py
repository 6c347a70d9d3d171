"""A diary as a table (CSV), out and in: one row per entry, nothing lost on the way there and back."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from midback.errors import DiaryRefused, Problem
from midback.follow_up.diary import Diary, gather
from midback.follow_up.entry import PAIN_ITEMS, PEG_ITEMS, Entry, EntryRefused, read_entry

__all__ = ["COLUMNS", "diary_csv", "read_csv"]

LISTS = ("sites", "own_activities", "answers")
COLUMNS = (
    "id", "at", *(f"pain_{name}" for name in PAIN_ITEMS), "sites", *(f"peg_{name}" for name in PEG_ITEMS),
    "own_activities", "global_change", "no_warning_signs", "answers", "outcomes", "note",
)  # fmt: skip
ALSO = {"pain": "pain_now", "datetime": "at", "timestamp": "at", "notes": "note", "comment": "note"}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # what a spreadsheet would run; an apostrophe in front keeps it text


def _guarded(text: str) -> str:
    return "'" + text if text.startswith(FORMULA) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _pairs(rows: Mapping[str, Any]) -> str:
    return json.dumps(dict(rows), ensure_ascii=False) if rows else ""


def _row(entry: Entry) -> list[str]:
    def number(values: Mapping[str, float] | None, name: str) -> str:
        value = (values or {}).get(name)
        return "" if value is None else f"{value!r}"

    names = [name for name, _ in entry.own_activities]
    activities = dict(entry.own_activities) if len(set(names)) == len(names) else entry.own_activities
    return [
        _guarded(entry.id),
        entry.at.isoformat(),
        *(number(entry.pain, name) for name in PAIN_ITEMS),
        _pairs({place.zone: place.pain for place in entry.sites}),
        *(number(entry.peg, name) for name in PEG_ITEMS),
        json.dumps(activities, ensure_ascii=False) if activities else "",
        "" if entry.global_change is None else str(entry.global_change),
        "yes" if entry.no_warning_signs else "",
        _pairs(entry.answers or {}),
        json.dumps(outcomes, ensure_ascii=False) if (outcomes := entry.to_raw().get("outcomes")) else "",
        _guarded(entry.note),
    ]


def diary_csv(diary: Diary) -> str:
    """The counted entries of the diary as CSV text; sites, activities, answers and outcomes are small JSON.

    Cells that a spreadsheet would take for a formula begin with an apostrophe.

    >>> diary_csv(Diary()).split(",")[:3]
    ['id', 'at', 'pain_now']
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(entry) for entry in diary.entries)
    return out.getvalue()


def _plain(text: str, where: str) -> float | int:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise EntryRefused(f"{where}: '{text[:40]}' is no number") from None
    return int(value) if value.is_integer() else value


def _mapping(text: str, where: str) -> dict[str, Any] | list[Any]:
    """A JSON mapping, or the short form ``mid_left=5; low_back=2``."""
    if text.lstrip().startswith(("{", "[")):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise EntryRefused(f"{where}: '{text[:40]}' cannot be read; write name=value; name=value") from None
        return value if isinstance(value, dict | list) else {}
    pairs: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, value = part.rpartition("=")
        if not equals or not name.strip() or name.strip() in pairs:
            raise EntryRefused(f"{where}: '{part[:40]}' cannot be read; write name=value; name=value")
        pairs[name.strip()] = value.strip() if where == "answers" else _plain(value.strip(), where)
    return pairs


def _listed(cells: Mapping[str, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for column in LISTS:
        if not cells.get(column):
            continue
        value = _mapping(cells[column], column)
        if column == "answers":
            raw[column] = value
            continue
        pairs = value.items() if isinstance(value, dict) else value
        first, second = ("zone", "pain") if column == "sites" else ("name", "value")
        try:
            raw[column] = [{first: name, second: number} for name, number in pairs]
        except (TypeError, ValueError):
            raise EntryRefused(f"{column}: '{cells[column][:40]}' cannot be read") from None
    return raw


def _raw_entry(cells: Mapping[str, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    if cells.get("id"):
        raw["id"] = _unguarded(cells["id"])
    at = cells.get("at") or " ".join(filter(None, (cells.get("date", ""), cells.get("time", ""))))
    raw["at"] = at.replace("Z", "+00:00") if at.endswith("Z") else at
    for group, items in (("pain", PAIN_ITEMS), ("peg", PEG_ITEMS)):
        given = {name: cells[f"{group}_{name}"] for name in items if cells.get(f"{group}_{name}")}
        if given:
            raw[group] = {name: _plain(text, f"{group}_{name}") for name, text in given.items()}
    raw |= _listed(cells)
    if cells.get("outcomes"):
        raw["outcomes"] = _mapping(cells["outcomes"], "outcomes")
    if cells.get("global_change"):
        raw["global_change"] = _plain(cells["global_change"], "global_change")
    if cells.get("no_warning_signs"):
        if cells["no_warning_signs"].lower() not in ("yes", "true", "1", "no", "false", "0"):
            raise EntryRefused(f"no_warning_signs: '{cells['no_warning_signs'][:40]}' is neither yes nor no")
        if cells["no_warning_signs"].lower() in ("yes", "true", "1"):
            raw["no_warning_signs"] = True
    if cells.get("note"):
        raw["note"] = _unguarded(cells["note"])
    return raw


def _header(row: list[str], name: str) -> list[str]:
    columns = [ALSO.get(cell.strip().lower(), cell.strip().lower()) for cell in row]
    problems = []
    unknown = [cell for cell in columns if cell not in (*COLUMNS, "date", "time")]
    if unknown:
        what = f"unknown columns: {', '.join(cell[:40] for cell in unknown)}"
        problems.append(Problem(name, "line 1", what, f"the columns are {', '.join(COLUMNS)}"))
    if len(set(columns)) < len(columns):
        problems.append(Problem(name, "line 1", "a column is named twice", "keep one of them"))
    if "at" not in columns and "date" not in columns:
        problems.append(Problem(name, "line 1", "there is no column `at` (or `date`)", "say when each entry was"))
    if problems:
        raise DiaryRefused(tuple(problems))
    return columns


def read_csv(
    text: str,
    name: str,
    zones: frozenset[str] | None = None,
    zone: tzinfo | None = None,
    latest: datetime | None = None,
) -> tuple[Diary, tuple[Problem, ...]]:
    """The diary in a table, and what is wrong with each row that is no entry, by line.

    Commas, semicolons or tabs separate; ``date`` and ``time`` may stand for ``at``; a row without an id gets one from
    its content, so that reading a file twice adds nothing. Raises DiaryRefused when the header cannot be used.
    """
    first = text.lstrip("\ufeff").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator))
    except csv.Error as error:
        raise DiaryRefused((Problem(name, "", f"it is no table ({error})", "is it a CSV file?"),)) from None
    if not rows:
        raise DiaryRefused((Problem(name, "", "it is empty", "the first line names the columns"),))
    columns = _header(rows[0], name)
    entries: list[Entry] = []
    problems: list[Problem] = []
    assumed = 0
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(columns):
            problems.append(Problem(name, f"row {line}", "more cells than the header", "quote cells with commas"))
            continue
        cells = {column: cell if column == "note" else cell.strip() for column, cell in zip(columns, row, strict=False)}
        try:
            entry, guessed = read_entry(_raw_entry(cells), zones, zone, latest)
        except EntryRefused as error:
            problems.append(Problem(name, f"row {line}", str(error)))
            continue
        entries.append(entry)
        assumed += guessed
    ordered, conflicts = gather(entries)
    notices = []
    if assumed:
        where = zone or "/".join(dict.fromkeys(time.tzname))
        notices.append(f"{assumed} moments have no time zone and were read in the local one ({where})")
    if conflicts:
        notices.append(f"{len(conflicts)} entries exist in two versions; both are kept, the first counts")
    return Diary(ordered, conflicts, notices=tuple(notices)), tuple(problems)
