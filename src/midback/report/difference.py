"""Changes between two versions of the knowledge, one line each, in words a clinician can check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from midback.knowledge import Knowledge, Number
from midback.knowledge.difference import Difference, number_place
from midback.report.numbers import number_text

__all__ = ["about_number", "render_difference", "source_name"]

LONGEST = 100  # a sentence is shown by its beginning; the files have the rest


def source_name(source: str) -> str:
    """The name and year in a source's id, as a reader would say them.

    >>> source_name("yusuf2019"), source_name("cochrane_nsaid2020"), source_name("who_guide")
    ('Yusuf 2019', 'Cochrane nsaid 2020', 'Who guide')
    """
    name = source[:-4] if source[-4:].isdigit() else source
    year = source[len(name) :]
    plain = name.replace("_", " ").strip()
    return f"{plain[:1].upper()}{plain[1:]} {year}".strip()


def _said(fact: Number | str | None, words: Mapping[str, Any]) -> str:
    if fact is None:
        return "nothing"
    if isinstance(fact, str):
        return fact if len(fact) <= LONGEST else f"{fact[:LONGEST].rstrip()} ..."
    if fact.word:
        return str(words["numbers"]["words"][fact.word])
    text = number_text(fact, words, bare=True)
    return f"{text} ({source_name(fact.source)})" if fact.source else text


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", ", ")


def _number_about(kind: str, thing: str, place: str) -> str:
    """What a number is about: ``place`` of ``thing``, in words."""
    name = _words(thing)
    part, _, rest = place.partition(".")
    if kind == "findings":
        return f"{_words('.'.join(filter(None, (thing, rest))))} without any of the causes"
    if kind == "settings":
        return f"share with none of the causes, {name}"
    if part == "prior":
        scale, _, band = rest.partition(".")
        return f"{scale} {_words(band)} in {name}" if band else f"share with {name}, {_words(rest)}"
    if part == "course":
        return f"still in pain after {rest} weeks of {name}"
    joint = {"risks": "as a risk of", "audit": "printed for comparison under"}.get(part, "under")
    return f"{_words(rest)} {joint} {name}"


def about_number(number_id: str, knowledge: Knowledge) -> str:
    """What the number of that id is about.

    >>> from midback.knowledge import load_knowledge
    >>> about_number("myeloma.prior.age.16_to_39", load_knowledge())
    'age 16 to 39 in myeloma'
    """
    return _number_about(*number_place(number_id, knowledge))


def _about(change: Difference) -> str:
    if isinstance(change.before, Number) or isinstance(change.after, Number):
        return _number_about(change.kind, change.thing, change.place)
    thing, place = _words(change.thing), change.place
    if change.kind in ("words", "triage_levels", "word_widths"):
        return f"{_words(change.kind)}, {thing}, {_words(place)}"
    return f"{_words(place)} of {thing}" if thing and place else f"{_words(change.kind)}, {_words(place)}"


def render_difference(change: Difference, words: Mapping[str, Any]) -> str:
    """One change as one line, with the numbers in the ``words`` of a language.

    >>> from midback.knowledge import load_knowledge
    >>> from midback.knowledge.model import Printed
    >>> word = Number("", "word", word="most", reason="usual")
    >>> percent = Number("", "percent", Printed(55), source="yusuf2019", where="abstract")
    >>> change = Difference("causes", "pyogenic_spinal_infection", "findings.fever", word, percent)
    >>> render_difference(change, load_knowledge().words["en"])
    'fever under pyogenic spinal infection: most -> 55 % (Yusuf 2019)'
    """
    if not change.place:
        kind = _words(change.kind.removesuffix("s"))
        return f"{kind} {_words(change.thing)}: {'new' if change.before is None else 'gone'}"
    before, after = _said(change.before, words), _said(change.after, words)
    if before == after and isinstance(change.before, Number) and isinstance(change.after, Number):
        # the figure stands; what changed is what it rests on
        before, after = _basis(change.before, words), _basis(change.after, words)
        return f"{_about(change)}: {_said(change.after, words)}, basis: {before} -> {after}"
    return f"{_about(change)}: {before} -> {after}"


def _basis(number: Number, words: Mapping[str, Any]) -> str:
    parts = (number.source, number.where, number.reason, number.borrowed_from, number.population, number.compared_with,
             number.setting, number.subgroup, "lowers" if number.lowers else None)  # fmt: skip
    return _said("; ".join(part for part in parts if part), words)
