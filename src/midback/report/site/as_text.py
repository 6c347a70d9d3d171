"""A reference page as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from midback.knowledge import Knowledge
from midback.report.site.figures import site_words
from midback.report.site.model import Link, Page, Row

__all__ = ["page_as_text"]

WIDTH = 100


def _text(value: str | Link) -> str:
    return value if isinstance(value, str) else value.text


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ") or [""]


def _row(row: Row, knowledge: Knowledge) -> Iterator[str]:
    words = site_words(knowledge)["basis"]
    head = _text(row.name) + (f" - {row.said}" if row.said else "")
    yield from _wrapped(head, "  ")
    told = [f"{words['cited']} {row.source.text} [{row.source.id}], {row.where}".rstrip(", ")] if row.source else []
    if row.reason:
        told.append(f"{words[row.basis] if row.basis in ('judgement', 'none') else ''} {row.reason}".strip())
    told += row.notes
    if told:
        yield from _wrapped("; ".join(told), "      ")


def page_as_text(page: Page, knowledge: Knowledge) -> str:
    """``page`` as lines of at most 100 characters."""
    lines = [page.title + (f" - {page.subtitle}" if page.subtitle else ""), "=" * min(len(page.title), WIDTH)]
    for text in (page.lead, page.warning):
        lines += _wrapped(text) if text else []
    lines += [f"{name}: {_text(value)}" for name, value in page.facts]
    for section in page.sections:
        lines += ["", section.heading.upper()]
        for text in section.text:
            lines += _wrapped(text)
        for row in section.rows:
            lines += _row(row, knowledge)
    return "\n".join(lines) + "\n"
