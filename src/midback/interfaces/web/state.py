"""What the browser carries from page to page: the pages answered so far, sealed so that only this server reads it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from midback.interview import Question

__all__ = ["LARGEST_COOKIE", "Draft", "State", "StateLost", "Step", "open_state", "pack", "seal_state", "unpack"]

LONGEST_SECONDS = 24 * 3600  # a session cookie may be revived by the browser; what is older than a day is not read
LARGEST_BYTES = 64 * 1024
LARGEST_COOKIE = 3900  # letters: browsers keep no cookie above 4096 with its name
SHORT = {"yes": 1, "no": 0, "not_sure": 2}
QUESTION = tuple(field.name for field in fields(Question))
LONG = {1: "yes", 0: "no", 2: "not_sure"}


class StateLost(Exception):
    """The sealed answers cannot be read: too old, changed on the way, or sealed with another key."""


@dataclass(frozen=True, slots=True)
class Step:
    """One answered page: its id and what it gave, finding (or who, age, sex) to raw value."""

    page: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that could not be taken as it was: where, what was in it, and what to mend (error key and field)."""

    where: str
    values: Mapping[str, Any]
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class State:
    """One check in progress. ``made_with`` names the knowledge the answers were given under, if opened from a link;
    ``ended`` says why the questions ended (see interview.Done), or is empty while that is not known; ``upcoming`` is
    the page that comes next, worked out when the last one was answered, or None while that is not known; ``language``
    is empty until one was chosen; ``answered_on`` is the day (ISO) of answers that were opened from a kept file."""

    steps: tuple[Step, ...] = ()
    country: str = ""
    private: bool = False
    draft: Draft | None = None
    made_with: str = ""
    ended: str = ""
    language: str = ""
    upcoming: Question | None = None
    answered_on: str = ""

    def with_step(self, place: int, step: Step) -> State:
        """The state with page ``place`` (0-based; at most the number of steps) answered by ``step``."""
        return replace(self, steps=(*self.steps[:place], step, *self.steps[place + 1 :]), draft=None, ended="",
                       upcoming=None)  # fmt: skip

    @property
    def given(self) -> dict[str, Any]:
        """Everything answered on all pages."""
        return {key: value for step in self.steps for key, value in step.given.items()}

    def place_of(self, item: str) -> int | None:
        """The 0-based place of the page that answered ``item``."""
        return next((place for place, step in enumerate(self.steps) if item in step.given), None)


def pack(data: Any) -> bytes:
    """Plain data as compressed bytes."""
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def unpack(packed: bytes) -> Any:
    """The data in ``packed``. Raises ValueError when it is none, or larger than any real check."""
    reader = zlib.decompressobj()
    try:
        plain = reader.decompress(packed, LARGEST_BYTES)
        if reader.unconsumed_tail or not reader.eof:
            raise ValueError("too large or cut short")
        return json.loads(plain)
    except (zlib.error, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def _short(value: Any) -> Any:
    return SHORT.get(value, value) if isinstance(value, str) else value


def seal_state(state: State, sealer: Fernet) -> str:
    """The state as one sealed token of URL-safe letters."""
    steps = [
        # Numbers a person gave (age, pain) are kept apart from the short forms of yes, no and not sure.
        [step.page, {key: [value] if isinstance(value, int) else _short(value) for key, value in step.given.items()}]
        for step in state.steps
    ]
    draft = state.draft and [state.draft.where, dict(state.draft.values), list(state.draft.errors)]
    upcoming = state.upcoming and [getattr(state.upcoming, name) for name in QUESTION]
    data = [steps, state.country, int(state.private), draft, state.made_with, state.ended, state.language, upcoming,
            state.answered_on]  # fmt: skip
    return sealer.encrypt(pack(data)).decode()


def _question(parts: list[Any]) -> Question:
    given: dict[str, Any] = {
        name: tuple(part) if isinstance(part, list) else part for name, part in zip(QUESTION, parts, strict=True)
    }
    return Question(**given)


def open_state(token: str, sealer: Fernet) -> State:
    """The state in a sealed token. Raises StateLost."""

    def long(value: Any) -> Any:
        if isinstance(value, int):
            return LONG[value]
        return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], int) else value

    try:
        data = unpack(sealer.decrypt(token.encode(), LONGEST_SECONDS))
        steps, country, private, draft, made_with, ended, language, upcoming, answered_on = data
        return State(
            steps=tuple(Step(page, {key: long(value) for key, value in given.items()}) for page, given in steps),
            country=country,
            private=bool(private),
            draft=Draft(draft[0], draft[1], tuple((key, item) for key, item in draft[2])) if draft else None,
            made_with=made_with,
            ended=ended,
            language=language,
            upcoming=_question(upcoming) if upcoming else None,
            answered_on=answered_on,
        )
    except (InvalidToken, ValueError, TypeError, KeyError, AttributeError) as error:
        raise StateLost from error
