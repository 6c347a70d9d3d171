"""A reference page as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from midback.report.site.edition import Edition
from midback.report.site.model import Link, Page, Row, Text

__all__ = ["page_as_text"]

WIDTH = 100


def _text(value: Text | Link) -> str:
    return value.text if isinstance(value, Link) else str(value)


def _wrapped(text: Text, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(str(text), WIDTH, initial_indent=indent, subsequent_indent=indent + "  ") or [""]


def _row(row: Row, edition: Edition) -> Iterator[str]:
    words = edition.site["basis"]
    head = _text(row.name) + (f" - {row.said}" if row.said else "")
    yield from _wrapped(head, "  ")
    told = [f"{words['cited']} {row.source.text} [{row.source.id}], {row.where}".rstrip(", ")] if row.source else []
    if row.reason:
        told.append(f"{words[row.basis] if row.basis in ('judgement', 'none') else ''} {row.reason}".strip())
    told += [str(note) for note in row.notes]
    if told:
        yield from _wrapped("; ".join(told), "      ")


def page_as_text(page: Page, edition: Edition) -> str:
    """``page`` as lines of at most 100 characters."""
    lines = [page.title + (f" - {page.subtitle}" if page.subtitle else ""), "=" * min(len(page.title), WIDTH)]
    for text in (page.lead, page.warning):
        lines += _wrapped(text) if text else []
    lines += [f"{name}: {_text(value)}" for name, value in page.facts]
    for section in page.sections:
        lines += ["", section.heading.upper()]
        for text in section.text:
            lines += _wrapped(text)
        for place, step in enumerate(section.steps, 1):
            lines += _wrapped(f"{place}. {step}", "  ")
        for row in section.rows:
            lines += _row(row, edition)
    return "\n".join(lines) + "\n"
