"""A diary entry, and how many there are, as every page and terminal says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from midback.follow_up import Entry
from midback.report.figures import figure

__all__ = ["count_line", "entry_line"]


def entry_line(
    entry: Entry, words: Mapping[str, Any], say_day: Callable[[date], str] = str, *, every_no: bool = False
) -> str:
    """What one entry says, without its moment and note; ``words`` are all words of one language.

    What was answered no is left out where anything else was said, unless ``every_no``.

    >>> from midback.follow_up import read_entry
    >>> from midback.knowledge import load_knowledge
    >>> entry, _ = read_entry({"at": "2026-01-02T08:00:00+01:00", "pain": {"now": 4, "worst": 7}, "global_change": 4})
    >>> entry_line(entry, load_knowledge().words["en"])
    'now 4; worst 7; on the whole: the same'
    """
    said, interface, findings = words["diary"]["line"], words["interface"], words["findings"]
    places = findings["pain_zone"]["options"]

    def number(value: float) -> str:
        return figure(value, "g", interface)

    told = [(said["items"][name], value) for name, value in entry.pain.items()]
    told += [(places.get(place.zone, place.zone), place.pain) for place in entry.sites]
    parts = [said["pain"].format(item=item, value=number(value)) for item, value in told]
    if entry.peg:
        parts.append(said["peg"].format(values=", ".join(map(number, entry.peg.values()))))
    parts += [said["pain"].format(item=name, value=number(value)) for name, value in entry.own_activities]
    if entry.global_change is not None:
        answer = words["measures"]["global_change"]["answers"][str(entry.global_change)]
        parts.append(said["change"].format(answer=answer))
    answers = [(findings.get(name, {}).get("label", name), value) for name, value in (entry.answers or {}).items()]
    parts += [f"{label}: {interface.get(value, value) if isinstance(value, str) else value}"
              for label, value in answers if every_no or value != "no"]  # fmt: skip
    if entry.no_warning_signs:
        parts.append(said["signs"])
    for row in entry.outcomes:
        title = words["red_flags"].get(row.flag, {}).get("title", row.flag)
        parts.append(
            words["follow_up"]["outcome"].format(title=title, by=row.by, on=say_day(entry.day), found=row.found)
        )
    return "; ".join(parts or [f"{label}: {interface['no']}" for label, _ in answers])


def count_line(entries: Sequence[Entry], words: Mapping[str, Any], say_day: Callable[[date], str] = str) -> str:
    """How many entries there are, and from when to when.

    >>> count_line((), {"diary": {"none": "Nothing yet."}})
    'Nothing yet.'
    """
    said = words["diary"]
    if not entries:
        return str(said["none"])
    key = "count" if len(entries) > 1 else "count_one"
    return str(said[key]).format(count=len(entries), first=say_day(entries[0].day), last=say_day(entries[-1].day))
