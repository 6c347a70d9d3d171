"""Phrases looked for in a sentence: an index by first word, tried at every word, with bounded work at each.

A phrase is words with single spaces. ``a|b`` either word; ``x*`` any word that begins so; ``x?`` may be missing;
``#`` a number (also in words); ``+x`` the word right behind, with no space; ``..`` up to five other words. A plural s
and words such as "the" may always be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from midback.notes.tokens import Token, tokens_of

__all__ = ["Hit", "PhraseIndex"]

LONGEST_GAP = 5
SHORTEST_PLURAL = 4
SHORTEST_BEGINNING = 2
LONGEST_BEGINNING = 24

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class _Part:
    """One place of a phrase: words, beginnings of words, a number or a gap."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    number: bool = False
    gap: bool = False
    optional: bool = False
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Hit(Generic[Meaning]):
    """A phrase found: what it means, the places of its own words, and the last number in it."""

    meaning: Meaning
    places: tuple[int, ...]
    number: float | None = None

    @property
    def first(self) -> int:
        """The place of its first word."""
        return self.places[0]

    @property
    def last(self) -> int:
        """The place of its last word."""
        return self.places[-1]


def _parts(phrase: str) -> tuple[_Part, ...]:
    parts = []
    for piece in phrase.split():
        if piece == "..":
            parts.append(_Part(gap=True))
        elif piece == "#":
            parts.append(_Part(number=True))
        elif piece.startswith("+") and piece != "+ve":
            parts.append(_Part(words=frozenset((piece[1:],)), attached=True))
        elif "|" not in piece and "*" not in piece and not piece.endswith("?"):
            # Written as in a note ("n/v", "t7"), and so cut as a note is.
            parts += [_Part(words=frozenset((token.word,))) for token in tokens_of(f" {piece} ")]
        else:
            optional = len(piece) > 1 and piece.endswith("?")
            choices = piece.removesuffix("?").split("|") if optional else piece.split("|")
            parts.append(_Part(
                words=frozenset(choice for choice in choices if not choice.endswith("*")),
                beginnings=tuple(choice[:-1] for choice in choices if choice.endswith("*")),
                optional=optional,
            ))  # fmt: skip
    return tuple(parts)


class PhraseIndex(Generic[Meaning]):
    """Phrases with what each means, ready to be found. ``numbers`` are number words, ``passed`` words to step over."""

    def __init__(
        self,
        phrases: Iterable[tuple[str, Meaning]],
        numbers: Mapping[str, float],
        passed: Iterable[str],
    ) -> None:
        self._numbers = dict(numbers)
        self._passed = frozenset(passed)
        self._by_word: dict[str, list[tuple[tuple[_Part, ...], list[Meaning]]]] = {}
        self._by_beginning: dict[str, list[tuple[tuple[_Part, ...], list[Meaning]]]] = {}
        self._by_number: list[tuple[tuple[_Part, ...], list[Meaning]]] = []
        gathered: dict[str, list[Meaning]] = {}
        for phrase, meaning in phrases:
            gathered.setdefault(phrase, []).append(meaning)
        for phrase, meanings in gathered.items():
            parts = _parts(phrase)
            if not parts or parts[0].gap or parts[0].optional:
                raise ValueError(f"a phrase begins with a word or a number: {phrase!r}")
            entry = (parts, meanings)
            for word in parts[0].words:
                self._by_word.setdefault(word, []).append(entry)
            for beginning in parts[0].beginnings:
                self._by_beginning.setdefault(beginning, []).append(entry)
            if parts[0].number:
                self._by_number.append(entry)

    def _forms(self, word: str) -> tuple[str, ...]:
        if word.endswith("'s"):
            return word, word[:-2]
        if word.endswith("s") and len(word) >= SHORTEST_PLURAL:
            return word, word[:-1]
        return (word,)

    def _value(self, word: str) -> float | None:
        if word[0].isdigit():
            try:
                return float(word)
            except ValueError:  # digits of other scripts
                return None
        return self._numbers.get(word)

    def _fits(self, part: _Part, word: str) -> bool:
        if part.number:
            return self._value(word) is not None
        return any(form in part.words for form in self._forms(word)) or (
            bool(part.beginnings) and word.startswith(part.beginnings)
        )

    def _match(self, parts: Sequence[_Part], tokens: Sequence[Token], place: int, end: int) -> tuple[int, ...] | None:
        """The places of the words of one phrase beginning at ``place``; of several ways the first."""
        places: list[int] = []
        gap = 0
        for part in parts:
            if part.gap:
                gap = LONGEST_GAP
                continue
            here, left = place, gap
            while here < end and not self._fits(part, tokens[here].word):
                if left and tokens[here].word not in ",()":
                    left -= tokens[here].word not in self._passed
                elif tokens[here].word not in self._passed or not places:
                    here = end
                    break
                here += 1
            if here < end and part.attached and tokens[here].start != tokens[here - 1].end:
                here = end
            if here >= end:
                if part.optional:
                    continue
                return None
            places.append(here)
            place, gap = here + 1, 0
        return tuple(places)

    def find(self, tokens: Sequence[Token], first: int, end: int) -> list[Hit[Meaning]]:
        """Every phrase in ``tokens[first:end]``; a phrase whose words all belong to a longer one is left out."""
        hits: list[Hit[Meaning]] = []
        for place in range(first, end):
            word = tokens[place].word
            entries = [entry for form in self._forms(word) for entry in self._by_word.get(form, ())]
            for cut in range(SHORTEST_BEGINNING, min(len(word), LONGEST_BEGINNING) + 1):
                entries += self._by_beginning.get(word[:cut], ())
            if self._by_number and self._value(word) is not None:
                entries += self._by_number
            for parts, meanings in entries:
                places = self._match(parts, tokens, place, end)
                if places is None:
                    continue
                number = self._number_at(parts, tokens, places) if any(part.number for part in parts) else None
                hits += [Hit(meaning, places, number) for meaning in meanings]
        return _longest(hits)

    def _number_at(self, parts: Sequence[_Part], tokens: Sequence[Token], places: Sequence[int]) -> float | None:
        """The last number that stands for a ``#``; optional parts that were not there are stepped over."""
        found, at = None, 0
        for part in parts:
            if part.gap or at >= len(places):
                continue
            word = tokens[places[at]].word
            if not self._fits(part, word):
                continue
            if part.number:
                found = self._value(word)
            at += 1
        return found


def _longest(hits: list[Hit[Meaning]]) -> list[Hit[Meaning]]:
    """Without the hits whose words are some, but not all, of the words of another."""
    by_place: dict[int, list[int]] = {}
    sets = [frozenset(hit.places) for hit in hits]
    for number, own in enumerate(sets):
        for place in own:
            by_place.setdefault(place, []).append(number)
    return [
        hit for hit, own in zip(hits, sets, strict=True) if not any(own < sets[other] for other in by_place[hit.first])
    ]
