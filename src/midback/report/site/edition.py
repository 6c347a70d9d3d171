"""One edition of the reference: the knowledge in one language, on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from midback.knowledge import Knowledge
from midback.report.figures import figure

__all__ = ["Edition"]


@dataclass(frozen=True, slots=True)
class Edition:
    """What every page is made from. With ``today``, sources due to be read again are marked.

    >>> from midback.knowledge import load_knowledge
    >>> Edition(load_knowledge(), "en").site["index"]["causes"]
    'Causes'
    """

    knowledge: Knowledge
    language: str
    today: date | None = None

    @property
    def quoted_in(self) -> str:
        """The language of what is quoted, or "" where it is the page's own."""
        first = next(iter(self.knowledge.languages))
        return "" if first == self.language else first

    @property
    def words(self) -> Mapping[str, Any]:
        """All sentences of the language."""
        return self.knowledge.words[self.language]

    @property
    def site(self) -> Mapping[str, Any]:
        """The sentences of the reference pages."""
        found: Mapping[str, Any] = self.words["site"]
        return found

    def say(self, *path: str) -> str:
        """One sentence; see Knowledge.say."""
        return self.knowledge.say(*path, language=self.language)

    def figure(self, value: float, form: str = "g") -> str:
        """``value`` with the marks of the language."""
        return figure(value, form, self.words["interface"])
