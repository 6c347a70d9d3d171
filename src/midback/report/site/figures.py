"""A number as a row of a page: its figure with a range, and the source it links to or the reason for the judgement."""

from __future__ import annotations

import re

from midback.knowledge import Number, Source
from midback.knowledge.scales import word_scale, word_width
from midback.knowledge.staleness import is_stale
from midback.network import drawn_range
from midback.report.numbers import number_text
from midback.report.site.edition import Edition
from midback.report.site.model import Link, Quoted, Row, Text

__all__ = ["figure_text", "number_row", "plain", "source_link", "source_title"]

# The first author of a citation, with or without initials: "Yusuf M, ...", "Scales CD Jr, ...", "Briggs, et al".
AUTHOR = re.compile(r"([^\W\d_][\w'’ -]*?)(?: [A-Z]{1,3}(?: Jr)?(?=[,.])|(?=, et al))")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
LONGEST_TITLE = 45  # what has no author is named by who published it or by its title, cut here
FREQUENCIES = ("percent", "count", "table", "sensitivity")


def plain(name: str) -> str:
    """A code name as words.

    >>> plain("low_back_pain")
    'low back pain'
    """
    return name.replace("_", " ")


def _short(value: float, edition: Edition) -> str:
    """Two significant figures, without an exponent: 0.0041, 55, 132."""
    return edition.figure(value, ".0f") if value >= 10 else edition.figure(float(f"{value:.2g}"), ".12g")


def figure_text(number: Number, edition: Edition) -> str:
    """The figure with its range: printed where the paper prints one, else the range the model uses."""
    words = edition.site["figures"]
    width = word_width(number, edition.knowledge)
    if width is not None:
        named = edition.words["numbers"]["words"][number.word]
        if word_scale(number.id) == "odds_ratio":
            value, low, high = (edition.figure(end) for end in (width.value, width.low, width.high))
            named = words["odds_words"].get(number.word, named)
            return str(words["odds_word"]).format(word=named, value=value, low=low, high=high)
        value, low, high = (_short(100 * end, edition) for end in (width.value, width.low, width.high))
        return str(words["share_word"]).format(word=named, value=value, low=low, high=high)
    if number.quantity == "same_as_background":
        return str(words["same"])
    text = number_text(number, edition.words, bare=True)
    used = drawn_range(number)
    if used is None:
        return text
    said, scale = (words["percent_range"], 100) if number.quantity in FREQUENCIES else (words["ratio_range"], 1)
    low, high = (_short(scale * end, edition) for end in used)
    return str(said).format(text=text, low=low, high=high)


def source_title(source: Source) -> str:
    """What a source is called: its first author, else who published it or its title, and the year.

    >>> from midback.knowledge import load_knowledge
    >>> source_title(load_knowledge().sources["piccoli2011"])
    'Piccoli 2011'
    """
    author, body = AUTHOR.match(source.citation), source.citation.split(". ")[0]
    if len(body) > LONGEST_TITLE:
        body = f"{body[:LONGEST_TITLE].rpartition(' ')[0].rstrip(',:')} ..."
    years = YEAR.findall(source.id) or YEAR.findall(source.citation)[-1:]
    return " ".join([author[1] if author else body, *years[:1]])


def source_link(source: str, edition: Edition) -> Link:
    """A link to the page of ``source``, called by name and year."""
    return Link(source_title(edition.knowledge.sources[source]), "sources", source)


def _notes(number: Number, edition: Edition) -> tuple[Text, ...]:
    words = edition.site["basis"]
    notes: list[Text] = []
    if number.population:
        notes.append(Quoted(number.population, words["people"]))
    if number.setting:
        said = edition.words["interface"]["settings"].get(number.setting)
        notes.append(words["setting"].format(value=said) if said else Quoted(plain(number.setting), words["setting"]))
    for key, value in (
        ("subgroup", number.subgroup), ("compared", number.compared_with), ("borrowed", number.borrowed_from),
    ):  # fmt: skip
        if value:
            notes.append(Quoted(plain(value), words[key]))
    if number.source and edition.today and is_stale(edition.knowledge.sources[number.source], edition.today):
        notes.append(str(words["stale"]))
    return tuple(notes)


def number_row(name: Text | Link, number: Number, edition: Edition, *, more: tuple[str, ...] = ()) -> Row:
    """One number as a row called ``name``; ``more`` are notes of the page's own."""
    basis = "cited" if number.source else "none" if number.quantity == "same_as_background" else "judgement"
    return Row(
        name=name,
        said=figure_text(number, edition),
        basis=basis,
        source=source_link(number.source, edition) if number.source else None,
        where=Quoted(number.where or ""),
        reason=Quoted(number.reason or ""),
        notes=(*more, *_notes(number, edition)),
        number=number.id,
    )
