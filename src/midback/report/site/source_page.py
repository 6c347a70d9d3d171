"""The page of one source: what was read, when and how, and everything that rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from midback.care import care_knowledge
from midback.knowledge import Knowledge, Number, Source
from midback.knowledge.coverage import every_number
from midback.knowledge.staleness import is_stale
from midback.report.figures import day_text
from midback.report.site.care_rows import effect_row, fact_row
from midback.report.site.edition import Edition
from midback.report.site.figures import number_row, plain, source_title
from midback.report.site.model import Link, Page, Quoted, Row, Section, Text
from midback.report.site.naming import band_text, cause_link, finding_link, state_label

__all__ = ["source_page"]


def _named(number: Number, edition: Edition) -> Link | str:
    """Where the number stands: the cause or finding it belongs to, and what of it."""
    owner, _, place = number.id.partition(".")
    part, _, rest = place.partition(".")
    if owner in edition.knowledge.causes and part != "background":  # one name may be a cause and a finding
        link, words = cause_link(owner, edition), edition.site["cause"]
        if part == "course":
            return Link(f"{link.text}: {words['still'].format(weeks=rest)}", link.kind, link.id)
        finding = rest.partition(".")[0]
        if part in ("findings", "risks", "audit") and finding in edition.knowledge.findings:
            node, _, state = rest.partition(".")
            return Link(f"{link.text}: {finding_link(node, edition, state=state).text}", link.kind, link.id)
        return Link(f"{link.text}: {_share_of(rest, edition)}", link.kind, link.id)
    if owner in edition.knowledge.findings:
        link = finding_link(owner, edition)
        return Link(f"{link.text}: {state_label(owner, rest, edition)}", link.kind, link.id) if rest else link
    interface, setting = edition.words["interface"], place.partition(".")[0]  # settings.<name>.other
    return f"{interface['headings']['other']}: {interface['settings'].get(setting, plain(setting))}"


def _share_of(place: str, edition: Edition) -> str:
    """Whose share it is: of a setting, an age band or a sex."""
    part, _, band = place.partition(".")
    words = edition.site["cause"]
    if part == "age":
        return str(words["age"]).format(band=band_text(band, edition))
    return str(words["sexes"][band] if part == "sex" else edition.words["interface"]["settings"][part])


@lru_cache(maxsize=2)
def _used(knowledge: Knowledge) -> Mapping[str, list[Number]]:
    used: dict[str, list[Number]] = {}
    for number in every_number(knowledge):
        if number.source:
            used.setdefault(number.source, []).append(number)
    return used


def _facts(source: Source, edition: Edition) -> Iterator[tuple[str, Text | Link]]:
    words = edition.site["source"]
    yield words["design"], Quoted(plain(source.design))
    if source.population:
        yield words["population"], Quoted(source.population)
    if source.n:
        yield words["n"], edition.figure(source.n, ",")
    day = day_text(source.read_on, edition.words["interface"])
    read = words["read_value"].format(day=day, form=words["forms"][source.read_as])
    stale = f". {edition.site['basis']['stale']}" if edition.today and is_stale(source, edition.today) else ""
    yield words["read"], read + stale
    yield words["link"], Link(source.url, url=source.url)
    if source.doi:
        yield words["doi"], Link(source.doi, url=f"https://doi.org/{source.doi}")
    if source.pmid:
        yield words["pmid"], Link(source.pmid, url=f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/")
    if source.note:
        yield words["note"], Quoted(source.note)


def _care(source: Source, edition: Edition) -> Iterator[Row]:
    care = care_knowledge(edition.knowledge)
    for item in (*care.care.values(), *care.prevention.values()):
        label = edition.say(item.folder, item.id, "label")
        yield from (effect_row(effect, label, edition) for effect in item.effects if effect.source == source.id)
        for guideline in item.guidelines:
            if guideline.source == source.id:
                yield Row(label, Quoted(f"{guideline.body}: {guideline.text}"), notes=(Quoted(guideline.where or ""),))
        yield from (Row(label, edition.words[item.folder][item.id]["cautions"][caution.text])
                    for caution in item.cautions if caution.source == source.id)  # fmt: skip
    yield from (fact_row(fact, edition) for fact in care.facts.values() if fact.source == source.id)


def source_page(source: Source, edition: Edition) -> Page:
    """The page of ``source``, marked when it is due to be read again."""
    words = edition.site["source"]
    rows = (
        number_row(_named(number, edition), number, edition) for number in _used(edition.knowledge).get(source.id, ())
    )
    # the page need not say of each number that it comes from this very source
    numbers = tuple(replace(row, source=None, where="", notes=(row.where, *row.notes)) for row in rows)
    flags = tuple(
        Row(Link(edition.say("red_flags", flag.id, "title"), "red_flags", flag.id), notes=(Quoted(flag.where or ""),))
        for flag in edition.knowledge.red_flags.values()
        if flag.source == source.id
    )
    care = tuple(_care(source, edition))
    sections = [
        Section(heading, (), rows)
        for heading, rows in ((words["numbers"], numbers), (words["flags"], flags), (words["care"], care))
        if rows
    ]
    return Page(
        kind="sources", id=source.id, title=source_title(source), lead=Quoted(source.citation),
        facts=tuple(_facts(source, edition)),
        sections=tuple(sections) or (Section(words["numbers"], (words["unused"],)),),
    )  # fmt: skip
