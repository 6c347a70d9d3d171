"""A diary or table from elsewhere, as bytes of whatever kind: what is in it, and what in it is no entry."""

from __future__ import annotations

import codecs
from datetime import datetime, tzinfo

from midback.errors import DiaryRefused, Problem
from midback.follow_up.diary import Diary, read_diary_text
from midback.follow_up.diary_csv import read_csv

__all__ = ["read_imported"]

BRACES = 10  # an entry of JSON has fewer: itself, its measures, its places
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # what spreadsheets call Unicode text


def read_imported(
    content: bytes,
    name: str,
    zones: frozenset[str] | None = None,
    zone: tzinfo | None = None,
    latest: datetime | None = None,
    most: int | None = None,
) -> tuple[Diary, tuple[Problem, ...]]:
    """The diary in ``content`` (JSON or CSV, told by how it begins), and every piece of it that is no entry.

    What is no entry in JSON also stays in the diary, set aside; a row of a table stays in its table.
    ``zone`` is the time zone of moments without one; ``latest`` a moment after which nothing can have happened yet.
    Raises DiaryRefused when it is no text, a table whose header cannot be used, or more than about ``most`` entries.
    """
    try:
        text = content.decode("utf-16" if content.startswith(WIDE) else "utf-8-sig")
    except UnicodeDecodeError:
        raise DiaryRefused((Problem(name, "", "it is no text (UTF-8)", "save it as UTF-8"),)) from None
    table = not text.lstrip().startswith(("{", "["))
    if most is not None and (text.count("\n") > most if table else text.count("{") > most * BRACES):
        raise DiaryRefused((Problem(name, "", f"it holds more than {most:,} entries", "split it by years"),))
    if table:
        return read_csv(text, name, zones, zone, latest)
    diary = read_diary_text(text, zones, zone, latest)
    return diary, tuple(Problem(name, str(place), row.why) for place, row in enumerate(diary.set_aside, 1))
