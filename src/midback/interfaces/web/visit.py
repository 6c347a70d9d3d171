"""One visit to one page: what came in, and what goes back, before any of it is HTTP or HTML."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from midback.interfaces.web.configuration import Configuration
from midback.interfaces.web.state import State
from midback.knowledge import Knowledge

__all__ = ["Handler", "Reply", "SentFile", "Visit", "go_to", "send_file", "show"]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a form: its name on the person's device, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for one page. ``state`` is None when no check is in progress."""

    knowledge: Knowledge
    configuration: Configuration
    state: State | None
    language: str  # the code of one of knowledge.languages
    parts: Mapping[str, str] = field(default_factory=dict)  # what stands in the path
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, SentFile] = field(default_factory=dict)  # what came with the form, by field
    sent: bool = False  # whether a form was sent
    languages: str = ""  # what the browser asks for
    lost: bool = False  # whether answers came that could not be read
    tongue: str = ""  # what a link must carry so that the next page speaks the same language: "?lang=es", or nothing
    address: str = ""  # of this server, as the browser sees it

    @property
    def all_words(self) -> Mapping[str, Any]:
        """Every sentence in the visit's language, by file."""
        return self.knowledge.words[self.language]

    @property
    def words(self) -> Mapping[str, Any]:
        """The sentences of the pages."""
        found: Mapping[str, Any] = self.all_words["web"]
        return found

    def say(self, *path: str) -> str:
        """One sentence in the visit's language; see Knowledge.say."""
        return self.knowledge.say(*path, language=self.language)

    def first(self, name: str, longest: int = 200) -> str:
        """The first value of a form field, cut at ``longest``."""
        values = self.form.get(name) or [""]
        return values[0][:longest]


@dataclass(frozen=True, slots=True)
class Reply:
    """Exactly one of: a page to show, a place to go, a file. ``state`` replaces the one in the browser when given;
    ``forget`` deletes it."""

    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    go: str = ""
    content: bytes = b""
    media_type: str = ""
    filename: str = ""
    state: State | None = None
    forget: bool = False


Handler = Callable[[Visit], Awaitable[Reply]]


def show(template: str, *, status: int = 200, state: State | None = None, **values: Any) -> Reply:
    """Show a page."""
    return Reply(template=template, values=values, status=status, state=state)


def go_to(place: str, *, state: State | None = None, forget: bool = False) -> Reply:
    """Go to another page of this server."""
    return Reply(go=place, state=state, forget=forget)


def send_file(content: bytes, media_type: str, filename: str) -> Reply:
    """Send a file to keep."""
    return Reply(content=content, media_type=media_type, filename=filename)
