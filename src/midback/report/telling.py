"""What the texts made of named parts share: the words they are told in, and the parts themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from midback.knowledge import Knowledge
from midback.report.figures import figure

__all__ = ["Telling", "ToldPart"]


@dataclass(frozen=True, slots=True)
class ToldPart:
    """One part of a text: ``key`` names it, ``lines`` are whole sentences."""

    key: str
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """The words of one language and of one ``file`` of it, and how a day is written where it is read."""

    knowledge: Knowledge
    language: str
    file: str
    say_day: Callable[[date], str]

    @property
    def words(self) -> Mapping[str, Any]:
        """Every sentence of the language."""
        return self.knowledge.words[self.language]

    @property
    def said(self) -> Mapping[str, Any]:
        """The sentences of ``file``."""
        part: Mapping[str, Any] = self.words[self.file]
        return part

    def figure(self, value: float, form: str) -> str:
        """``value`` in the format ``form`` with the marks of the language."""
        return figure(value, form, self.words["interface"])

    def label(self, folder: str, name: str) -> str:
        """The name of a thing, or its id where it exists no more."""
        entry = self.words[folder].get(name) or {}
        return str(entry.get("label") or entry.get("title") or name.replace("_", " "))
