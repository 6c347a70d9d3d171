"""A number as a row of a page: its figure with a range, and the source it links to or the reason for the judgement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from midback.knowledge import Knowledge, Number
from midback.knowledge.scales import word_scale, word_width
from midback.knowledge.staleness import is_stale
from midback.network import drawn_range
from midback.report.difference import source_name
from midback.report.numbers import number_text
from midback.report.site.model import Link, Row

__all__ = ["figure_text", "number_row", "plain", "site_words", "source_link"]

FREQUENCIES = ("percent", "count", "table", "sensitivity")


def site_words(knowledge: Knowledge, language: str = "en") -> Mapping[str, Any]:
    """The sentences of the reference pages."""
    words: Mapping[str, Any] = knowledge.words[language]["site"]
    return words


def plain(name: str) -> str:
    """A code name as words.

    >>> plain("low_back_pain")
    'low back pain'
    """
    return name.replace("_", " ")


def _short(value: float) -> str:
    """Two significant figures, without an exponent.

    >>> _short(0.0041), _short(54.6), _short(131.9)
    ('0.0041', '55', '132')
    """
    if value >= 10:
        return f"{value:.0f}"
    return f"{float(f'{value:.2g}'):.12g}"


def figure_text(number: Number, knowledge: Knowledge) -> str:
    """The figure with its range: printed where the paper prints one, else the range the model uses."""
    words = site_words(knowledge)["figures"]
    width = word_width(number, knowledge)
    if width is not None:
        if word_scale(number.id) == "odds_ratio":
            named = words["odds_words"].get(number.word, plain(number.word or ""))
            said = str(words["odds_word"])
            return said.format(word=named, value=f"{width.value:g}", low=f"{width.low:g}", high=f"{width.high:g}")
        ends = (_short(100 * end) for end in (width.value, width.low, width.high))
        value, low, high = ends
        return str(words["share_word"]).format(word=plain(number.word or ""), value=value, low=low, high=high)
    if number.quantity == "same_as_background":
        return str(words["same"])
    text = number_text(number).removeprefix("frequency ")
    used = drawn_range(number)
    if used is None:
        return text
    said, scale = (words["percent_range"], 100) if number.quantity in FREQUENCIES else (words["ratio_range"], 1)
    return str(said).format(text=text, low=_short(scale * used[0]), high=_short(scale * used[1]))


def source_link(source: str) -> Link:
    """A link to the page of ``source``, called by name and year."""
    return Link(source_name(source), "sources", source)


def _notes(number: Number, knowledge: Knowledge, today: date | None) -> tuple[str, ...]:
    words = site_words(knowledge)["basis"]
    notes = []
    for key, value in (
        ("people", number.population), ("setting", number.setting), ("subgroup", number.subgroup),
        ("compared", number.compared_with), ("borrowed", number.borrowed_from),
    ):  # fmt: skip
        if value:
            notes.append(str(words[key]).format(value=plain(value)))
    if number.source and today and is_stale(knowledge.sources[number.source], today):
        notes.append(str(words["stale"]))
    return tuple(notes)


def number_row(
    name: str | Link, number: Number, knowledge: Knowledge, *, more: tuple[str, ...] = (), today: date | None = None
) -> Row:
    """One number as a row called ``name``; ``more`` are notes of the page's own."""
    basis = "cited" if number.source else "none" if number.quantity == "same_as_background" else "judgement"
    return Row(
        name=name,
        said=figure_text(number, knowledge),
        basis=basis,
        source=source_link(number.source) if number.source else None,
        where=number.where or "",
        reason=number.reason or "",
        notes=(*more, *_notes(number, knowledge, today)),
        number=number.id,
    )
