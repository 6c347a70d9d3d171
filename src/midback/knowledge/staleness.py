"""Which sources should be read again: what was true when it was read may have been overtaken.

Every source is due two years after it was read. A guideline is due five years after it was published too, because
guideline bodies replace theirs about that often. The two spans are our own rule of work, not a finding.
"""

from __future__ import annotations

import re
from datetime import date

from midback.knowledge.model import Source

__all__ = ["GUIDELINE_YEARS", "REREAD_YEARS", "is_stale", "published_in"]

REREAD_YEARS = 2
GUIDELINE_YEARS = 5
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def published_in(source: Source) -> int | None:
    """The year of publication: from the end of the id, else the last year the citation names; None when unknown.

    A year after the reading is a page number, not a year.
    """
    read = int(source.read_on[:4])
    years = [int(year) for year in (*_YEAR.findall(source.citation), *_YEAR.findall(source.id)[-1:])]
    return next((year for year in reversed(years) if year <= read), None)


def is_stale(source: Source, today: date) -> bool:
    """Whether ``source`` is due to be read again on ``today``.

    >>> is_stale(Source("x2026", "A, et al. Title. 2026.", "https://x.org", "cohort", "2026-11-22", "abstract"),
    ...          date(2027, 1, 1))
    False
    """
    read = date.fromisoformat(source.read_on)
    due = read.replace(year=read.year + REREAD_YEARS, day=min(read.day, 28))
    if today > due:
        return True
    year = published_in(source)
    guideline = source.read_as == "guideline_page" or "guideline" in source.design
    return guideline and year is not None and today.year - year > GUIDELINE_YEARS
