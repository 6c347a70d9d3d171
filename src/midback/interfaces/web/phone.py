"""Whom to call, by country, as the knowledge has it; unknown countries get the number that works most widely."""

from __future__ import annotations

import re
from dataclasses import dataclass

from midback.knowledge import Knowledge

__all__ = ["Line", "Phone", "country_of_language", "phone_for"]


@dataclass(frozen=True, slots=True)
class Line:
    """One number to read and to dial."""

    shown: str
    dial: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    """The lines of one country; None where no such line is known. ``emergency`` always has one."""

    country: str
    emergency: tuple[Line, ...]
    urgent: Line | None = None
    crisis: Line | None = None
    poison: Line | None = None
    text_relay: str = ""
    sign_language: str = ""


def _line(number: str | None, name: str = "") -> Line | None:
    return Line(number, "tel:" + re.sub(r"[^0-9+]", "", number), name) if number else None


def phone_for(country: str, knowledge: Knowledge) -> Phone:
    """The numbers for an ISO 3166 country code; an unknown one gets the fallback emergency number alone."""
    book = knowledge.content["phone_numbers"]
    entry = book["countries"].get(country)
    if entry is None:
        line = _line(str(book["fallback"]["emergency"]))
        return Phone("", (line,) if line else ())
    numbers = (_line(str(number)) for number in entry["emergency"])
    return Phone(
        country=country,
        emergency=tuple(line for line in numbers if line),
        urgent=_line(entry.get("urgent_advice"), entry.get("urgent_advice_name", "")),
        crisis=_line(entry.get("crisis"), entry.get("crisis_name", "")),
        poison=_line(entry.get("poison")),
        text_relay=entry.get("text_relay", ""),
        sign_language=entry.get("british_sign_language", ""),
    )


def country_of_language(header: str, knowledge: Knowledge) -> str:
    """The country that an Accept-Language header hints at, or "" when it hints at none that is listed.

    >>> from midback.knowledge import load_knowledge
    >>> country_of_language("en-GB,en;q=0.9", load_knowledge())
    'GB'
    """
    for part in header[:200].split(","):
        region = part.partition(";")[0].strip().partition("-")[2].upper()
        if region in knowledge.content["phone_numbers"]["countries"]:
            return region
    return ""
