"""A diary or table from elsewhere, as bytes of whatever kind: what is in it, and what in it is no entry."""

from __future__ import annotations

import codecs
from datetime import datetime, tzinfo

from midback.errors import DiaryRefused, Problem
from midback.follow_up.diary import Diary, read_diary_text
from midback.follow_up.diary_csv import read_csv

__all__ = ["read_imported"]

WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # what spreadsheets call Unicode text


def read_imported(
    content: bytes,
    name: str,
    zones: frozenset[str] | None = None,
    zone: tzinfo | None = None,
    latest: datetime | None = None,
) -> tuple[Diary, tuple[Problem, ...]]:
    """The diary in ``content`` (JSON or CSV, told by how it begins), and every piece of it that is no entry.

    ``zone`` is the time zone of moments without one; ``latest`` a moment after which nothing can have happened yet.
    Raises DiaryRefused when it is no text, or a table whose header cannot be used.
    """
    try:
        text = content.decode("utf-16" if content.startswith(WIDE) else "utf-8-sig")
    except UnicodeDecodeError:
        raise DiaryRefused((Problem(name, "", "it is no text (UTF-8)", "save it as UTF-8"),)) from None
    if not text.lstrip().startswith(("{", "[")):
        return read_csv(text, name, zones, zone, latest)
    diary = read_diary_text(text, zones, zone, latest)
    problems = tuple(Problem(name, str(place), row.why) for place, row in enumerate(diary.set_aside, 1))
    return Diary(diary.entries, diary.conflicts, (), diary.notices, diary.damaged), problems
