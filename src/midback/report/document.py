"""A plain document: a title, a notice, and parts with lines and lists; from it come the printed letter and the PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

__all__ = ["Document", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with its lines, then its list."""

    heading: str
    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Everything one printed document says."""

    title: str
    notice: str
    parts: tuple[Part, ...]
    foot: str
    points: float = 11  # the size of the print

    def text(self) -> str:
        """The document as plain text, as for an e-mail."""
        lines = [self.title, self.notice]
        for part in self.parts:
            lines += ["", part.heading, *part.lines, *(f"- {item}" for item in part.items)]
        return "\n".join([*lines, "", self.foot])

    def html(self, language: str = "en") -> str:
        """The document as one page of HTML without scripts, styles or links; everything in it is escaped."""
        return (
            f'<!doctype html>\n<html lang="{escape(language)}">\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width">\n<title>{escape(self.title)}</title>\n'
            f"<main>\n<h1>{escape(self.title)}</h1>\n<p><strong>{escape(self.notice)}</strong></p>\n"
            f"{''.join(self._parts_as_html())}<p><small>{escape(self.foot)}</small></p>\n</main>\n</html>\n"
        )

    def _parts_as_html(self) -> Iterator[str]:
        for part in self.parts:
            yield f"<h2>{escape(part.heading)}</h2>\n"
            yield from (f"<p>{escape(line)}</p>\n" for line in part.lines)
            if part.items:
                yield "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in part.items) + "</ul>\n"
