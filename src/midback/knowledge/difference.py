"""What changed between two versions of the knowledge, fact by fact; how it reads is the report room's business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from midback.knowledge.conditions import AtLeast, Condition
from midback.knowledge.coverage import every_number
from midback.knowledge.model import Knowledge, Number

__all__ = ["Difference", "compare_knowledge", "number_place"]

THINGS = ("causes", "findings", "red_flags", "sources")
MEDICAL_WORDS = {"causes", "findings", "red_flags", "families", "care", "prevention", "measures", "levels"}
Fact = Number | str
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is new, gone or not what it was. ``kind`` is a folder, ``thing`` an id, ``place`` what of it.

    ``before`` and ``after`` are numbers or plain text; None on the side that does not have the fact. An empty
    ``place`` is the thing itself.
    """

    kind: str
    thing: str
    place: str
    before: Fact | None
    after: Fact | None

    @property
    def clinical(self) -> bool:
        """Whether it bears on medicine: everything but the sentences of the interfaces."""
        return self.kind != "words" or self.place.partition(".")[0] in MEDICAL_WORDS


def _condition(condition: Condition) -> str:
    if isinstance(condition, AtLeast):
        return f"{condition.count} of ({'; '.join(_condition(part) for part in condition.parts)})"
    return " ".join(map(str, (condition.subject, condition.test, *condition.values)))


def _plain(value: Any) -> str | None:
    """``value`` as text, or None for what is compared elsewhere (numbers) or is not a fact (nothing written)."""
    if isinstance(value, (Number, Mapping)) or value is None or value == ():
        return None
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _leaves(kind: str, thing: str, value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[Place, Fact]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(kind, thing, inner, (*path, str(key)))
    elif isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        for place, inner in enumerate(value, 1):
            yield from _leaves(kind, thing, inner, (*path, str(place)))
    elif value is not None:
        text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        yield (kind, thing, ".".join(path)), text


def number_place(number_id: str, knowledge: Knowledge) -> Place:
    """(kind, thing, place) of a number: the folder, the cause, finding or setting it belongs to, and what of it."""
    thing, _, place = number_id.partition(".")
    kind = "causes" if thing in knowledge.causes else "findings" if thing in knowledge.findings else "settings"
    if kind == "settings":
        thing, _, place = place.partition(".")
    return kind, thing, place


def _facts(knowledge: Knowledge) -> Iterator[tuple[Place, Fact]]:
    for kind in THINGS:
        for thing, item in getattr(knowledge, kind).items():
            yield (kind, thing, ""), ""
            for entry in fields(item):
                value = getattr(item, entry.name)
                text = _condition(value) if entry.name == "when" else _plain(value)
                if entry.name != "id" and text is not None:
                    yield (kind, thing, entry.name), text
    for number in every_number(knowledge):
        yield number_place(number.id, knowledge), replace(number, id="")
    for level in knowledge.triage.levels:
        yield ("triage_levels", level.name, "cost"), f"{level.cost:g}"
    for row, losses in knowledge.triage.harm.items():
        yield from ((("triage_levels", name, f"harm.{row}"), f"{loss:g}") for name, loss in losses.items())
    for scale, widths in knowledge.word_widths.items():
        for word, width in widths.items():
            yield ("word_widths", scale, word), f"{width.value:g} ({width.low:g} to {width.high:g})"
    for folder, content in knowledge.content.items():
        yield from _leaves(folder, "", content)
    for language, words in knowledge.words.items():
        yield from _leaves("words", language, words)


def compare_knowledge(old: Knowledge, new: Knowledge) -> tuple[Difference, ...]:
    """Every fact in which ``old`` and ``new`` differ, in the order of the files; empty for the same knowledge.

    What belongs to a thing that is new or gone as a whole is not listed again.
    """
    before, after = dict(_facts(old)), dict(_facts(new))
    whole = {place[:2] for place in before.keys() ^ after.keys() if not place[2]}  # things only one of the two has
    found = []
    for place in dict.fromkeys((*before, *after)):
        if before.get(place) == after.get(place):
            continue
        if place[2] and place[:2] in whole:
            continue
        found.append(Difference(*place, before.get(place), after.get(place)))
    return tuple(found)
