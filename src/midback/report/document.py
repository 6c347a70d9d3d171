"""A plain document: a title, a notice, and parts with lines and lists; from it come the printed letter and the PDF."""

from __future__ import annotations

from dataclasses import dataclass

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
