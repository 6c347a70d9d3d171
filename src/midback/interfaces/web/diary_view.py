"""A diary as the page shows it: count, picture, table, newest entries. No rule here, only choice and order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from midback.follow_up import Diary, Entry, trend_of
from midback.interfaces.web.visit import Visit
from midback.report.diary_plot import plot_svg, plot_table
from midback.report.figures import day_text, figure
from midback.report.follow_up_text import trend_lines

__all__ = ["diary_values"]

SHOWN_ENTRIES = 20
SHOWN_ASIDE = 10
LONGEST_ASIDE = 200

Row = dict[str, Any]


def _line(entry: Entry, words: Mapping[str, Any]) -> str:
    said, interface = words["diary"]["line"], words["interface"]
    places = words["findings"]["pain_zone"]["options"]

    def number(value: float) -> str:
        return figure(value, "g", interface)

    parts = [said["pain"].format(item=said["items"][name], value=number(value)) for name, value in entry.pain.items()]
    parts += [said["pain"].format(item=places.get(place.zone, place.zone), value=number(place.pain))
              for place in entry.sites]  # fmt: skip
    if entry.peg:
        parts.append(said["peg"].format(values=", ".join(map(number, entry.peg.values()))))
    parts += [said["pain"].format(item=name, value=number(value)) for name, value in entry.own_activities]
    if entry.global_change is not None:
        answer = words["measures"]["global_change"]["answers"][str(entry.global_change)]
        parts.append(said["change"].format(answer=answer))
    for name, value in (entry.answers or {}).items():
        own = words["findings"].get(name)
        if own and value != "no":
            parts.append(f"{own['label']}: {interface.get(value, value) if isinstance(value, str) else value}")
    if entry.no_warning_signs:
        parts.append(said["signs"])
    for row in entry.outcomes:
        title = words["red_flags"].get(row.flag, {}).get("title", row.flag)
        day = day_text(entry.day, interface)
        parts.append(words["follow_up"]["outcome"].format(title=title, by=row.by, on=day, found=row.found))
    return "; ".join(parts)


def _row(entry: Entry, words: Mapping[str, Any]) -> Row:
    at = f"{day_text(entry.day, words['interface'])}, {entry.at:%H:%M}"
    return {"id": entry.id, "at": at, "said": _line(entry, words), "note": entry.note}


def _count(diary: Diary, words: Mapping[str, Any]) -> str:
    said, entries = words["diary"], diary.entries
    if not entries:
        return str(said["none"])
    first, last = (day_text(entry.day, words["interface"]) for entry in (entries[0], entries[-1]))
    key = "count" if len(entries) > 1 else "count_one"
    return str(said[key]).format(count=len(entries), first=first, last=last)


def diary_values(diary: Diary, visit: Visit) -> Row:
    """What the diary template fills in about the diary itself."""
    words, entries = visit.all_words, diary.entries
    values: Row = {
        "count": _count(diary, words), "number": len(entries),
        "newest": [_row(entry, words) for entry in reversed(entries[-SHOWN_ENTRIES:])],
        "versions": [[_row(entry, words) for entry in (next(e for e in entries if e.id == other.id), other)]
                     for other in diary.conflicts[:SHOWN_ASIDE]],
        "aside": [str(row.raw)[:LONGEST_ASIDE] for row in diary.set_aside[:SHOWN_ASIDE]],
        "plot": None, "table": None, "trend": (),
    }  # fmt: skip
    if any(entry.usual is not None for entry in entries):
        trend = trend_of(entries, visit.knowledge, entries[0].day, max(entry.day for entry in entries))
        values["plot"] = Markup(plot_svg(trend, visit.knowledge, visit.language, own_style=False))
        values["table"] = plot_table(trend, visit.knowledge, visit.language)
        values["trend"] = trend_lines(trend, visit.knowledge, visit.language,
                                      lambda day: day_text(day, words["interface"]))  # fmt: skip
    return values
