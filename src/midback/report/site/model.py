"""A reference page as plain data: what the HTML, the terminal and the web all dress."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["KINDS", "Link", "Page", "Quoted", "Row", "Section", "Text"]

KINDS = ("causes", "findings", "red_flags", "care", "exercises", "prevention", "measures", "sources")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Text that stands in the first language in every edition: citations, quotations, reasons of numbers.

    ``sentence`` is what the page says around it, with {value} where it stands.

    >>> str(Quoted("adults", "Measured on: {value}"))
    'Measured on: adults'
    """

    quoted: str
    sentence: str = "{value}"

    def __bool__(self) -> bool:
        return bool(self.quoted)

    def __str__(self) -> str:
        return self.sentence.replace("{value}", self.quoted)

    @property
    def around(self) -> tuple[str, str]:
        """What the page says before and after it."""
        before, _, after = self.sentence.partition("{value}")
        return before, after


Text = str | Quoted


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

    name: Text | Link
    said: Text = ""
    basis: str = ""
    source: Link | None = None
    where: Text = ""
    reason: Text = ""
    notes: tuple[Text, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a page: a drawing (SVG), sentences, the steps of something to do in their order, rows."""

    heading: str
    text: tuple[Text, ...] = ()
    rows: tuple[Row, ...] = ()
    steps: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One reference page. ``kind`` is one of KINDS; a list has the id ``index``."""

    kind: str
    id: str
    title: str
    subtitle: Text = ""
    lead: Text = ""
    warning: str = ""
    facts: tuple[tuple[str, Text | Link], ...] = ()
    sections: tuple[Section, ...] = field(default=())
