"""`midback diary add|show|plot|export|import FILE`: the diary, a file that belongs to the person."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from midback.errors import DiaryRefused, Problem
from midback.follow_up import (
    Diary,
    Entry,
    EntryRefused,
    change_diary,
    check_outcomes,
    diary_csv,
    diary_to_raw,
    merge,
    read_content,
    read_diary,
    read_entry,
    read_imported,
    replace_file,
    trend_of,
)
from midback.follow_up.entry import CLOCK_SLACK
from midback.interfaces.cli.language import language_of
from midback.knowledge import Knowledge, load_knowledge
from midback.report.diary_lines import count_line, entry_line
from midback.report.diary_plot import plot_page, plot_svg, plot_table

__all__ = ["run"]

SHOWN_PROBLEMS = 20


def _tell(notices: Sequence[str], path: Path) -> None:
    for notice in notices:
        print(f"midback: {path.name}: {notice}", file=sys.stderr)


def _zones(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(knowledge.findings["pain_zone"].states)


def _pair(text: str, what: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not equals or not name.strip() or not value.strip():
        raise EntryRefused(f"{what}: '{text}' must look like name=value")
    return name.strip(), value.strip()


def _number(text: str, what: str) -> float | int:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise EntryRefused(f"{what}: '{text}' is no number") from None
    return int(value) if value.is_integer() else value


def _raw_entry(options: argparse.Namespace) -> dict[str, Any]:
    raw: dict[str, Any] = {"id": uuid.uuid4().hex[:16], "at": options.at}
    if options.at is None:
        raw["at"] = datetime.now().astimezone().replace(microsecond=0).isoformat()
    pain = {name: getattr(options, name) for name in ("now", "average", "worst") if getattr(options, name) is not None}
    raw["pain"] = {name: _number(value, name) for name, value in pain.items()} or None
    raw["sites"] = [
        {"zone": zone, "pain": _number(value, zone)} for zone, value in (_pair(text, "site") for text in options.site)
    ] or None
    raw["own_activities"] = [
        {"name": name, "value": _number(value, name)}
        for name, value in (_pair(text, "activity") for text in options.activity)
    ] or None
    if options.peg is not None:
        parts = [part.strip() for part in options.peg.split(",")]
        if len(parts) != 3:
            raise EntryRefused("peg: three numbers, such as 5,4,6 (pain, enjoyment, activity)")
        raw["peg"] = dict(zip(("pain", "enjoyment", "activity"), (_number(p, "peg") for p in parts), strict=True))
    answers: dict[str, Any] = {}
    for finding, value in (_pair(text, "answer") for text in options.answer):
        if finding in answers:
            raise EntryRefused(f"answer: {finding} is given twice")
        answers[finding] = _number(value, finding) if value.replace(".", "", 1).isdigit() else value
    told = {"by": options.by, "found": options.found}
    if not options.outcome and any(told.values()):
        raise EntryRefused("outcome: --by and --found belong to --outcome FLAG")
    raw["outcomes"] = [{"flag": flag, **{k: v for k, v in told.items() if v}} for flag in options.outcome] or None
    raw |= {"answers": answers or None, "global_change": options.change, "note": options.note,
            "no_warning_signs": options.no_warning_signs or None}  # fmt: skip
    return {key: value for key, value in raw.items() if value is not None}


def _checked_answers(entry: Entry, knowledge: Knowledge) -> None:
    """Answers and outcomes are checked when they are written, not at the next check-in."""
    from midback.answers import read_answers

    check_outcomes((entry,), knowledge, "--outcome")
    if entry.answers:
        read_answers({"answers": dict(entry.answers)}, knowledge, "--answer")


def _add(options: argparse.Namespace, knowledge: Knowledge) -> int:
    words = knowledge.words[language_of(options, knowledge)]["follow_up"]["diary"]
    try:
        latest = datetime.now(UTC) + CLOCK_SLACK
        entry, assumed = read_entry(_raw_entry(options), _zones(knowledge), latest=latest)
    except EntryRefused as error:
        raise DiaryRefused((Problem(options.file.name, "", str(error), "nothing was written"),)) from error
    _checked_answers(entry, knowledge)
    diary = change_diary(options.file, lambda mine: merge(mine, Diary((entry,))), _zones(knowledge))
    _tell(diary.notices, options.file)
    if assumed:
        print(words["zone_assumed"].format(at=entry.at.isoformat()))
    print(words["added"].format(id=entry.id, at=entry.at.isoformat()))
    return 0


def _line(entry: Entry, every: Mapping[str, Any]) -> str:
    note = f' "{entry.note}"' if entry.note else ""
    return f"{entry.at.isoformat()}  {entry_line(entry, every, every_no=True)}{note}  [{entry.id}]"


def _within(entries: Sequence[Entry], options: argparse.Namespace) -> tuple[Entry, ...]:
    first, last = options.since or date.min, options.until or date.max
    return tuple(entry for entry in entries if first <= entry.day <= last)


def _show(options: argparse.Namespace, knowledge: Knowledge) -> int:
    every = knowledge.words[language_of(options, knowledge)]
    words = every["follow_up"]["diary"]
    diary = read_diary(options.file, _zones(knowledge))
    _tell(diary.notices, options.file)
    entries = _within(diary.entries, options)
    if options.format == "json":
        shown = Diary(entries, diary.conflicts, diary.set_aside)
        print(json.dumps(diary_to_raw(shown), ensure_ascii=False, indent=1))
        return 0
    print(count_line(entries, every))
    for entry in entries:
        print(_line(entry, every))
    if diary.conflicts:
        print(words["conflicts"])
        first = {entry.id: entry for entry in diary.entries}
        for entry in diary.conflicts:
            print(f"  1: {_line(first[entry.id], every)}\n  2: {_line(entry, every)}")
    if diary.set_aside:
        print(words["set_aside"])
        for row in diary.set_aside:
            print(f"  {json.dumps(row.raw, ensure_ascii=False)[:200]}\n    {row.why}")
    return 0


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    try:
        replace_file(output, text.encode("utf-8", "replace"))
    except OSError as error:
        problem = Problem(output.name, "", error.strerror or "it cannot be written", "check the folder and your rights")
        raise DiaryRefused((problem,)) from error


def _plot(options: argparse.Namespace, knowledge: Knowledge) -> int:
    diary = read_diary(options.file, _zones(knowledge))
    _tell(diary.notices, options.file)
    entries = _within(diary.entries, options)
    days = (entries[0].day, entries[-1].day) if entries else (date.today(), date.today())
    trend, language = trend_of(entries, knowledge, *days), language_of(options, knowledge)
    if options.format == "csv":
        csv.writer(sys.stdout if options.output is None else (out := _Lines()), lineterminator="\n").writerows(
            plot_table(trend, knowledge, language)
        )
        if options.output is not None:
            _write("".join(out.lines), options.output)
        return 0
    _write((plot_page if options.format == "html" else plot_svg)(trend, knowledge, language), options.output)
    if options.output is not None:  # the same numbers for whoever cannot see the picture
        for row in plot_table(trend, knowledge, language):
            print("  ".join(f"{cell:>10}" for cell in row).rstrip())
    return 0


class _Lines:
    """Somewhere for csv to write to."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, text: str) -> None:
        self.lines.append(text)


def _export(options: argparse.Namespace, knowledge: Knowledge) -> int:
    diary = read_diary(options.file, _zones(knowledge))
    _tell(diary.notices, options.file)
    as_csv = options.format == "csv" or (options.format is None and str(options.output).lower().endswith(".csv"))
    kept = Diary(_within(diary.entries, options), diary.conflicts, diary.set_aside)
    if as_csv and (diary.conflicts or diary.set_aside):
        _tell(["second versions and unreadable things are not in a table; export JSON to have them"], options.file)
    _write(diary_csv(kept) if as_csv else json.dumps(diary_to_raw(kept), ensure_ascii=False, indent=1), options.output)
    return 0


def _read_import(path: Path, knowledge: Knowledge) -> tuple[Diary, tuple[Problem, ...]]:
    """What is in another file, table or diary, and what in it is no entry."""
    diary, problems = read_imported(
        read_content(path), path.name, _zones(knowledge), latest=datetime.now(UTC) + CLOCK_SLACK
    )
    return Diary(diary.entries, diary.conflicts, (), diary.notices, diary.damaged), problems


def _import(options: argparse.Namespace, knowledge: Knowledge) -> int:
    words = knowledge.words[language_of(options, knowledge)]["follow_up"]["diary"]
    more, problems = _read_import(options.source, knowledge)
    _tell(more.notices, options.source)
    if problems and not options.keep_good:
        left = len(problems) - SHOWN_PROBLEMS
        rest = (Problem(options.source.name, "", f"and {left} more"),) if left > 0 else ()
        way = Problem(options.source.name, "", "nothing was imported", "mend it, or --keep-good takes the good rows")
        raise DiaryRefused((*problems[:SHOWN_PROBLEMS], *rest, way))
    counts: dict[str, int] = {}

    def join(mine: Diary) -> Diary:
        both = merge(mine, more)
        counts["new"] = len(both.entries) - len(mine.entries)
        counts["conflicts"] = len(both.conflicts) - len(mine.conflicts)
        counts["same"] = len(more.entries) + len(more.conflicts) - counts["new"] - counts["conflicts"]
        return Diary(both.entries, both.conflicts, both.set_aside, mine.notices, mine.damaged)

    diary = change_diary(options.file, join, _zones(knowledge))
    _tell(diary.notices, options.file)
    print(words["imported"].format(**counts))
    if problems:
        print(words["left_out"].format(count=len(problems)), file=sys.stderr)
        for problem in problems:
            print(f"  {problem}", file=sys.stderr)
    return 1 if problems else 0


def run(options: argparse.Namespace) -> int:
    """0 when done; 1 when rows were left out of an import on purpose; errors carry their own exit code."""
    knowledge = load_knowledge(options.knowledge)
    actions = {"add": _add, "show": _show, "plot": _plot, "export": _export, "import": _import}
    return actions[options.action](options, knowledge)
