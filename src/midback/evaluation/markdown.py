"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["STAMP_START", "md_table", "words"]

STAMP_START = "<!-- evaluation-stamp: "


def words(name: str) -> str:
    """An id as words.

    >>> words("same_day")
    'same day'
    """
    return name.replace("_", " ")


def md_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)
