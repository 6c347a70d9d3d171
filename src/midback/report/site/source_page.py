"""The page of one source: what was read, when and how, and everything that rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from midback.care import care_knowledge
from midback.knowledge import Knowledge, Number, Source
from midback.knowledge.coverage import every_number
from midback.knowledge.staleness import is_stale
from midback.report.difference import source_name
from midback.report.site.care_rows import effect_row, fact_row
from midback.report.site.figures import number_row, plain, site_words
from midback.report.site.model import Link, Page, Row, Section
from midback.report.site.naming import cause_link, finding_link, state_label

__all__ = ["source_page"]


def _named(number: Number, knowledge: Knowledge) -> Link | str:
    """Where the number stands: the cause or finding it belongs to, and what of it."""
    owner, _, place = number.id.partition(".")
    part, _, rest = place.partition(".")
    if owner in knowledge.causes:
        link, words = cause_link(owner, knowledge), site_words(knowledge)["cause"]
        if part == "course":
            return Link(f"{link.text}: {words['still'].format(weeks=rest)}", link.kind, link.id)
        finding = rest.partition(".")[0]
        if part in ("findings", "risks", "audit") and finding in knowledge.findings:
            node, _, state = rest.partition(".")
            return Link(f"{link.text}: {finding_link(node, knowledge, state=state).text}", link.kind, link.id)
        return Link(f"{link.text}: {plain(place).replace('.', ', ')}", link.kind, link.id)
    if owner in knowledge.findings:
        link = finding_link(owner, knowledge)
        return Link(f"{link.text}: {state_label(owner, rest, knowledge)}", link.kind, link.id) if rest else link
    return plain(number.id.replace(".", " "))


@lru_cache(maxsize=2)
def _used(knowledge: Knowledge) -> Mapping[str, list[Number]]:
    used: dict[str, list[Number]] = {}
    for number in every_number(knowledge):
        if number.source:
            used.setdefault(number.source, []).append(number)
    return used


def _facts(source: Source, knowledge: Knowledge, today: date | None) -> Iterator[tuple[str, str | Link]]:
    words = site_words(knowledge)["source"]
    yield words["design"], source.design
    if source.population:
        yield words["population"], source.population
    if source.n:
        yield words["n"], f"{source.n:,}"
    read = words["read_value"].format(day=source.read_on, form=words["forms"][source.read_as])
    stale = f". {site_words(knowledge)['basis']['stale']}" if today and is_stale(source, today) else ""
    yield words["read"], read + stale
    yield words["link"], Link(source.url, url=source.url)
    if source.doi:
        yield words["doi"], Link(source.doi, url=f"https://doi.org/{source.doi}")
    if source.pmid:
        yield words["pmid"], Link(source.pmid, url=f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/")
    if source.note:
        yield words["note"], source.note


def _care(source: Source, knowledge: Knowledge) -> Iterator[Row]:
    care = care_knowledge(knowledge)
    for item in (*care.care.values(), *care.prevention.values()):
        label = knowledge.say(item.folder, item.id, "label")
        yield from (effect_row(effect, label, knowledge) for effect in item.effects if effect.source == source.id)
        for guideline in item.guidelines:
            if guideline.source == source.id:
                yield Row(label, f"{guideline.body}: {guideline.text}", notes=tuple(filter(None, (guideline.where,))))
        yield from (Row(label, knowledge.words["en"][item.folder][item.id]["cautions"][caution.text])
                    for caution in item.cautions if caution.source == source.id)  # fmt: skip
    yield from (fact_row(fact, knowledge) for fact in care.facts.values() if fact.source == source.id)


def source_page(source: Source, knowledge: Knowledge, today: date | None = None) -> Page:
    """The page of ``source``, marked when it is due to be read again on ``today``."""
    words = site_words(knowledge)["source"]
    rows = (number_row(_named(number, knowledge), number, knowledge) for number in _used(knowledge).get(source.id, ()))
    # the page need not say of each number that it comes from this very source
    numbers = tuple(replace(row, source=None, where="", notes=(row.where, *row.notes)) for row in rows)
    flags = tuple(
        Row(Link(knowledge.say("red_flags", flag.id, "title"), "red_flags", flag.id), notes=(flag.where or "",))
        for flag in knowledge.red_flags.values()
        if flag.source == source.id
    )
    care = tuple(_care(source, knowledge))
    sections = [
        Section(heading, (), rows)
        for heading, rows in ((words["numbers"], numbers), (words["flags"], flags), (words["care"], care))
        if rows
    ]
    return Page(
        kind="sources", id=source.id, title=source_name(source.id), lead=source.citation,
        facts=tuple(_facts(source, knowledge, today)),
        sections=tuple(sections) or (Section(words["numbers"], (words["unused"],)),),
    )  # fmt: skip
