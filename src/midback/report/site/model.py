"""A reference page as plain data: what the HTML, the terminal and the web all dress."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["KINDS", "Link", "Page", "Row", "Section"]

KINDS = ("causes", "findings", "red_flags", "sources")


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere: to the page ``(kind, id)`` of this site, or to ``url`` outside it."""

    text: str
    kind: str = ""
    id: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is about, what is said of it, what that rests on, and where in the source.

    ``basis`` is cited, judgement, none (a claim of no weight) or empty (nothing to rest on). ``number`` is the id of
    the number shown, if any.
    """

    name: str | Link
    said: str = ""
    basis: str = ""
    source: Link | None = None
    where: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a page: sentences, then rows."""

    heading: str
    text: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One reference page. ``kind`` is causes, findings, red_flags or sources; a list has the id ``index``."""

    kind: str
    id: str
    title: str
    subtitle: str = ""
    lead: str = ""
    warning: str = ""
    facts: tuple[tuple[str, str | Link], ...] = ()
    sections: tuple[Section, ...] = field(default=())
