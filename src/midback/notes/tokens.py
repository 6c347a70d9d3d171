"""A note as words with the places they stand at; knows nothing of what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Token", "sentences_of", "tokens_of"]

# One pass, no nested repetition: the time grows with the length of the note and with nothing else.
_TOKEN = re.compile(
    r"[+-]ve\b|\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?|[?/:;.,!+=<>()%↑↓]|(?<=\s)[-–—](?=\s)|\n\s*\n|\n",
    re.IGNORECASE,
)
_STOPS = frozenset(".;!\n")
_REPLIES = frozenset(("yes", "no", "nil", "none", "y", "n"))
_LONGEST = 250  # tokens: nobody writes such a sentence, and the time to rule on one grows with its cube


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark: lower case, and where it stands (start inclusive, end exclusive)."""

    word: str
    start: int
    end: int

    @property
    def is_stop(self) -> bool:
        """Whether a sentence ends here."""
        return self.word in _STOPS

    @property
    def is_gap(self) -> bool:
        """Whether a new paragraph begins after this."""
        return self.word == "\n\n"


def tokens_of(text: str) -> list[Token]:
    """Every word, number and mark of ``text`` in order; hyphens inside words part them.

    >>> [token.word for token in tokens_of("No fever, T7/8 tender. Temp 38.5")]
    ['no', 'fever', ',', 't', '7', '/', '8', 'tender', '.', 'temp', '38.5']
    """
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0].lower().replace("’", "'")
        if word in ("–", "—"):
            word = "-"
        if word.startswith("\n"):
            word = "\n\n" if word.count("\n") > 1 else "\n"
        found.append(Token(word, match.start(), match.end()))
    return found


def sentences_of(tokens: list[Token]) -> list[tuple[int, int]]:
    """(first, after last) of each sentence, as places in ``tokens``; the marks that end them are left out.

    What runs on for more than 250 tokens is parted there. A question mark ends a sentence unless a plain reply follows
    ("Fever? No") or a word stands right behind it ("?fracture").
    """
    found, first = [], 0
    for place, token in enumerate(tokens):
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        ends = token.is_stop or token.is_gap
        if token.word == "?":
            ends = after is None or (after.word not in _REPLIES and after.start > token.end)
        if ends:
            if place > first:
                found.append((first, place))
            first = place + 1
        elif place - first >= _LONGEST:
            found.append((first, place))
            first = place
    if first < len(tokens):
        found.append((first, len(tokens)))
    return found
