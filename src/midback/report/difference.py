"""Changes between two versions of the knowledge, one line each, in words a clinician can check."""

from __future__ import annotations

from midback.knowledge import Number
from midback.knowledge.difference import Difference
from midback.report.numbers import number_text

__all__ = ["render_difference", "source_name"]

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


def _said(fact: Number | str | None) -> str:
    if fact is None:
        return "nothing"
    if isinstance(fact, str):
        return fact if len(fact) <= LONGEST else f"{fact[:LONGEST].rstrip()} ..."
    if fact.word:
        return fact.word.replace("_", " ")
    text = number_text(fact).removeprefix("frequency ")
    return f"{text} ({source_name(fact.source)})" if fact.source else text


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", ", ")


def _about(change: Difference) -> str:
    thing, place = _words(change.thing), change.place
    part, _, rest = place.partition(".")
    if change.kind == "causes" and rest and not isinstance(change.before or change.after, str):
        if part == "prior":
            kind, _, band = rest.partition(".")
            return f"{kind} {_words(band)} in {thing}" if band else f"share with {thing}, {_words(rest)}"
        if part == "course":
            return f"still in pain after {rest} weeks of {thing}"
        joint = {"risks": "as a risk of", "audit": "printed for comparison under"}.get(part, "under")
        return f"{_words(rest)} {joint} {thing}"
    if change.kind == "findings" and part == "background":
        return f"{_words('.'.join(filter(None, (change.thing, rest))))} without any of the causes"
    if change.kind in ("words", "settings", "triage_levels", "words_scale"):
        return f"{_words(change.kind)}, {thing}, {_words(place)}"
    return f"{_words(place)} of {thing}" if thing and place else f"{_words(change.kind)}, {_words(place)}"


def render_difference(change: Difference) -> str:
    """One change as one line.

    >>> from midback.knowledge.model import Printed
    >>> word = Number("", "word", word="most", reason="usual")
    >>> percent = Number("", "percent", Printed(55), source="yusuf2019", where="abstract")
    >>> render_difference(Difference("causes", "pyogenic_spinal_infection", "findings.fever", word, percent))
    'fever under pyogenic spinal infection: most -> 55 % (Yusuf 2019)'
    """
    if not change.place:
        kind = _words(change.kind.removesuffix("s"))
        return f"{kind} {_words(change.thing)}: {'new' if change.before is None else 'gone'}"
    before, after = _said(change.before), _said(change.after)
    if before == after and isinstance(change.before, Number) and isinstance(change.after, Number):
        # the figure stands; what changed is what it rests on
        before, after = _basis(change.before), _basis(change.after)
        return f"{_about(change)}: {_said(change.after)}, basis: {before} -> {after}"
    return f"{_about(change)}: {before} -> {after}"


def _basis(number: Number) -> str:
    parts = (number.source, number.where, number.reason, number.borrowed_from, number.population, number.compared_with,
             number.setting, number.subgroup, "lowers" if number.lowers else None)  # fmt: skip
    return _said("; ".join(part for part in parts if part))
