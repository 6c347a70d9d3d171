"""A diary as the page shows it: count, picture, table, newest entries. No rule here, only choice and order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from midback.follow_up import Diary, Entry, trend_of
from midback.interfaces.web.visit import Visit
from midback.report.diary_lines import count_line, entry_line
from midback.report.diary_plot import plot_svg, plot_table
from midback.report.figures import day_text
from midback.report.follow_up_text import trend_lines

__all__ = ["diary_values"]

SHOWN_ENTRIES = 20
SHOWN_ASIDE = 10
LONGEST_ASIDE = 200

Row = dict[str, Any]


def _row(entry: Entry, words: Mapping[str, Any], say_day: Callable[[date], str]) -> Row:
    at = f"{say_day(entry.day)}, {entry.at:%H:%M}"
    return {"id": entry.id, "at": at, "said": entry_line(entry, words, say_day), "note": entry.note}


def diary_values(diary: Diary, visit: Visit) -> Row:
    """What the diary template fills in about the diary itself."""
    words, entries = visit.all_words, diary.entries

    def say_day(day: date) -> str:
        return day_text(day, words["interface"])

    values: Row = {
        "count": count_line(entries, words, say_day), "number": len(entries),
        "newest": [_row(entry, words, say_day) for entry in reversed(entries[-SHOWN_ENTRIES:])],
        "versions": [[_row(entry, words, say_day) for entry in (next(e for e in entries if e.id == other.id), other)]
                     for other in diary.conflicts[:SHOWN_ASIDE]],
        "aside": [str(row.raw)[:LONGEST_ASIDE] for row in diary.set_aside[:SHOWN_ASIDE]],
        "plot": None, "table": None, "trend": (),
    }  # fmt: skip
    if any(entry.usual is not None for entry in entries):
        trend = trend_of(entries, visit.knowledge, entries[0].day, max(entry.day for entry in entries))
        values["plot"] = Markup(plot_svg(trend, visit.knowledge, visit.language, own_style=False))
        values["table"] = plot_table(trend, visit.knowledge, visit.language)
        values["trend"] = trend_lines(trend, visit.knowledge, visit.language, say_day)
    return values
