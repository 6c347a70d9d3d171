"""How a chance, a range and a time limit read, the same in every dress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from midback.knowledge import EMERGENCY

__all__ = [
    "day_text", "figure", "in_100", "in_sentence", "level_text", "range_in_100", "shares_of_100", "within_text",
]  # fmt: skip


def figure(value: float, form: str, words: Mapping[str, Any]) -> str:
    """``value`` written in the format ``form`` with the marks of a language, from the interface file.

    >>> figure(1234.5, ",.1f", {"marks": {"decimal": ",", "thousands": "."}})
    '1.234,5'
    """
    marks = {".": words["marks"]["decimal"], ",": words["marks"]["thousands"]}
    return "".join(marks.get(sign, sign) for sign in format(value, form))


def day_text(day: date | str, words: Mapping[str, Any]) -> str:
    """A day (or its ISO text) as it is said, with ``words`` from the interface file.

    >>> day_text("2026-11-02", {"dates": {"date": "{day} {month} {year}", "months": ["x"] * 10 + ["November", "x"]}})
    '2 November 2026'
    """
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return str(words["dates"]["date"]).format(day=day.day, month=words["dates"]["months"][day.month - 1], year=day.year)


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: its first letter small, but names and short forms as they are.

    >>> in_sentence("Stiff spine with extra bone (DISH)"), in_sentence("Guillain-Barré syndrome")
    ('stiff spine with extra bone (DISH)', 'Guillain-Barré syndrome')
    """
    first = label.partition(" ")[0]
    return label if first[1:] != first[1:].lower() else label[:1].lower() + label[1:]


def in_100(share: float, words: Mapping[str, Any]) -> str:
    """A chance (0-1) as "12 in 100", with ``words`` from the interface file.

    >>> in_100(0.124, {"in_100": "{chance} in 100", "less_than_1": "less than 1 in 100"})
    '12 in 100'
    """
    if share < 0.005:
        return str(words["less_than_1"])
    return str(words["in_100"]).format(chance=round(share * 100))


def range_in_100(low: float, high: float, words: Mapping[str, Any]) -> str:
    """A 95 % range (0-1 each) as "8 to 19 in 100"; below one in a hundred it says so.

    >>> range_in_100(0.001, 0.19, {"range": "{low} to {high} in 100", "less_than_1": "less than 1 in 100"})
    '<1 to 19 in 100'
    """
    if high < 0.01:
        return str(words["less_than_1"])
    first = f"{low * 100:.0f}" if low >= 0.01 else "<1"
    return str(words["range"]).format(low=first, high=f"{high * 100:.0f}")


def within_text(hours: float | None, words: Mapping[str, Any]) -> str:
    """A time limit in words, or "" where there is none.

    >>> words = {"within": {"hours": "within {hours} hours"}, "marks": {"decimal": ".", "thousands": ","}}
    >>> within_text(12, words), within_text(None, words)
    ('within 12 hours', '')
    """
    if hours is None:
        return ""
    if hours <= 1:
        return str(words["within"]["now"])
    if hours <= 72:
        return str(words["within"]["hours"]).format(hours=figure(hours, "g", words))
    return str(words["within"]["days"]).format(days=figure(hours / 24, "g", words))


def level_text(level: str, label: str, hours: float | None, words: Mapping[str, Any]) -> str:
    """A triage level and its time limit; an emergency's own name says how soon.

    >>> words = {"within": {"hours": "within {hours} hours"}, "marks": {"decimal": ".", "thousands": ","}}
    >>> level_text("same_day", "Same day", 12, words)
    'Same day (within 12 hours)'
    """
    within = "" if level == EMERGENCY else within_text(hours, words)
    return f"{label} ({within})" if within else label


def shares_of_100(shares: Sequence[float]) -> list[int]:
    """Whole numbers that sum to 100 and stay nearest to ``shares`` (0-1, summing to 1): largest remainders first.

    >>> shares_of_100([0.335, 0.335, 0.33])
    [34, 33, 33]
    """
    whole = [int(share * 100) for share in shares]
    order = sorted(range(len(shares)), key=lambda place: (-(shares[place] * 100 - whole[place]), place))
    for place in order[: max(0, 100 - sum(whole))]:
        whole[place] += 1
    return whole
