"""Whose finding it is and whether it is there: what the words around a phrase do to it.

A cue reaches forwards, or backwards, until a word ends its reach (the way of NegEx; docs/decisions/0019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from midback.notes.phrases import Hit
from midback.notes.tokens import Token
from midback.notes.vocabulary import Cue

__all__ = ["STATED", "Ruling", "header_of", "is_header", "rule"]

REACH_BACK = 4  # words between a finding and a cue that stands behind it
BEGINS = 4  # words within which a header meets its colon


@dataclass(frozen=True, slots=True)
class Ruling:
    """What holds for a phrase: ``kind`` (stated, negation, unsure, hypothetical, family, past) and the cue's places."""

    kind: str
    first: int = -1
    last: int = -1
    denied: bool = False  # whether a denial reaches it as well, whatever the kind


STATED = Ruling("stated")
# Whom it is about and whether it is meant at all come before whether it is there.
ORDER = ("family", "hypothetical", "past", "affirmed", "negation", "unsure")


def _reaches(cue: Hit[Cue], first: int, last: int, stops: Sequence[Hit[Cue]], tokens: Sequence[Token]) -> bool:
    where = cue.meaning.where
    if where == "before" and cue.meaning.kind == "negation" and first < cue.first and cue.last < last:
        return True  # inside what a phrase steps over: "vomited twice with no blood"
    if where == "before" and cue.last < first:
        between = [stop for stop in stops if cue.last < stop.first < first]
        # A number ends a list of what is denied: "no red flags, pain 4/10, reproduced on palpation".
        if cue.meaning.kind == "negation" and any(token.word[0].isdigit() for token in tokens[cue.last + 1 : first]):
            return False
        # "does not have": a word that would end the reach of the cue right before it begins what it denies.
        return not any(stop.first > cue.last + 1 for stop in between if _ends(stop, cue))
    if where == "after" and cue.first > last:
        parted = any(token.word in (",", "and", "but", "or", "with") for token in tokens[last + 1 : cue.first])
        return cue.first - last <= REACH_BACK and not parted
    return False


def _ends(stop: Hit[Cue], cue: Hit[Cue]) -> bool:
    """Whether ``stop`` ends this cue: softer ones end a negation only."""
    return stop.meaning.where == "any" or cue.meaning.kind in ("negation", "unsure")


def is_header(tokens: Sequence[Token], first: int, end: int) -> bool:
    """Whether a line begins like any header: a colon after a word or a few."""
    return any(token.word == ":" for token in tokens[first + 1 : min(first + 1 + BEGINS, end)])


def header_of(cues: Sequence[Hit[Cue]], tokens: Sequence[Token], first: int, end: int) -> Hit[Cue] | None:
    """The header ("PMH:", "Plan:", or such a word alone) that the sentence ``tokens[first:end]`` opens with, if any."""
    for cue in cues:
        if cue.meaning.where == "header" and cue.first == first:
            after = cue.last + 1
            if after >= end or tokens[after].word == ":":
                return cue
    return None


def rule(hit_places: Sequence[int], cues: Sequence[Hit[Cue]], tokens: Sequence[Token]) -> Ruling:
    """What the cues of its sentence do to a phrase at ``hit_places``; a cue inside the phrase does nothing."""
    own, first, last = set(hit_places), hit_places[0], hit_places[-1]
    stops = [cue for cue in cues if cue.meaning.kind == "stop"]
    found: dict[str, Hit[Cue]] = {}
    for cue in cues:
        if cue.meaning.where == "denying" and cue.first < first and own & set(cue.places):
            found["negation"] = cue  # "no better on moving" denies the very phrase it begins
        if cue.meaning.kind in ("stop", "nothing") or own & set(cue.places):
            continue
        if _reaches(cue, first, last, stops, tokens):
            found[cue.meaning.kind] = cue
    kind = next((kind for kind in ORDER if kind in found), "")
    if kind == "negation" and "unsure" in found and found["unsure"].first > found["negation"].last + 1:
        kind = "unsure"  # "denies fever, possible rigors": the doubt stands nearer
    return (
        Ruling(kind, found[kind].first, found[kind].last, "negation" in found)
        if kind not in ("", "affirmed")
        else STATED
    )
