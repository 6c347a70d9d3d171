"""The words clinicians write, as the knowledge has them, ready to be looked for: phrases, cues and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from midback.knowledge import Knowledge
from midback.notes.phrases import PhraseIndex

__all__ = ["DENIED", "NOTHING", "Cue", "Sense", "Vocabulary", "note_languages", "vocabulary_of"]

FOLDER = "notes"
CUES = "cues"
DENIED = "denied"
NOTHING = "nothing"  # phrases that look like a finding and are none ("trigger point injections")
PLAIN_LABELS = ("label", "clinical")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase says: a finding (or age, sex, person) and ``value``: yes, no, a state, or "" for its number.

    ``times`` turns the number into the finding's unit; ``over`` makes it a yes above that number, ``under`` below;
    ``of`` names whom it must be said of; ``near`` the kind of word that must stand in the same sentence. The value
    ``denied`` is a no where it is denied, and says nothing otherwise ("no injury").
    """

    finding: str
    value: str = ""
    times: float = 1.0
    over: float | None = None
    under: float | None = None
    of: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase does to the findings around it: ``kind`` and direction (before or after them, or header)."""

    kind: str
    where: str


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The indexes of one language, and what its file says of ranges that hold for one finding."""

    senses: PhraseIndex[Sense]
    near: PhraseIndex[str]  # words that a finding must stand near, by kind
    cues: tuple[PhraseIndex[Cue], PhraseIndex[Cue]]  # those that stand before a finding, those behind it
    fahrenheit_from: Mapping[str, float]
    most: frozenset[str]  # of several numbers the largest counts


def _list(value: Any) -> list[str]:
    return [str(phrase) for phrase in value or ()]


def _senses_of(name: str, entry: Any) -> Iterator[tuple[str, Sense]]:
    if isinstance(entry, list):
        entry = {"yes": entry}
    of, near = str(entry.get("of", "")), str(entry.get("near", ""))
    for value in ("yes", "no", DENIED):
        yield from ((phrase, Sense(name, value, of=of, near=near)) for phrase in _list(entry.get(value)))
    for state, phrases in (entry.get("states") or {}).items():
        yield from ((phrase, Sense(name, str(state), of=of, near=near)) for phrase in _list(phrases))
    over, under = entry.get("over"), entry.get("under")
    for times, phrases in (entry.get("number") or {}).items():
        yield from (
            (phrase, Sense(name, times=float(times), over=over, under=under, of=of, near=near))
            for phrase in _list(phrases)
        )


def _written_out(knowledge: Knowledge, language: str) -> Iterator[tuple[str, Sense]]:
    """The names that the knowledge itself gives a yes-or-no finding, where they are plain words."""
    for finding in knowledge.findings.values():
        words = knowledge.words[language]["findings"][finding.id]
        for key in PLAIN_LABELS:
            label = words[key].lower()
            if finding.kind == "binary" and label.replace(" ", "").replace("-", "").isalpha():
                yield label.replace("-", " "), Sense(finding.id, "yes")


def note_languages(knowledge: Knowledge) -> tuple[str, ...]:
    """The languages in which notes can be read."""
    return tuple(knowledge.content.get(FOLDER) or ())


@lru_cache(maxsize=4)
def vocabulary_of(knowledge: Knowledge, language: str) -> Vocabulary:
    """The vocabulary of ``language``. Raises KeyError when notes cannot be read in it."""
    files: Mapping[str, Mapping[str, Any]] = knowledge.content[FOLDER][language]
    cues = files[CUES]
    numbers = {str(word): float(value) for word, value in cues["numbers"].items()}
    senses = list(_written_out(knowledge, language))
    fahrenheit: dict[str, float] = {}
    most = set()
    for stem, entries in files.items():
        for name, entry in entries.items() if stem != CUES else ():
            senses += _senses_of(str(name), entry)
            if isinstance(entry, Mapping):
                if "fahrenheit_from" in entry:
                    fahrenheit[name] = float(entry["fahrenheit_from"])
                if entry.get("take") == "most":
                    most.add(name)
    near = [(phrase, kind) for kind, phrases in cues["near"].items() for phrase in _list(phrases)]
    marks: dict[bool, list[tuple[str, Cue]]] = {False: [], True: []}
    for kind, sides in cues["cues"].items():
        for where, phrases in sides.items():
            # A look-alike hides the shorter cue inside it, on whichever side that cue works.
            for behind in (False, True) if kind == NOTHING else (where == "after",):
                marks[behind] += [(phrase, Cue(kind, where)) for phrase in _list(phrases)]
    passed = _list(cues["passed_over"])
    return Vocabulary(
        PhraseIndex(dict.fromkeys(senses), numbers, passed), PhraseIndex(near, numbers, passed),
        (PhraseIndex(marks[False], numbers, passed), PhraseIndex(marks[True], numbers, passed)), fahrenheit,
        frozenset(most),
    )  # fmt: skip
