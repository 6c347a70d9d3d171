"""The page of one cause: what it is, how common, how it shows, how urgent, what is done, how it goes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from midback.knowledge import Cause, Number
from midback.knowledge.coverage import cause_numbers
from midback.network import model_ratios
from midback.report.site.care_rows import care_rows, outlook_rows
from midback.report.site.edition import Edition
from midback.report.site.figures import number_row, source_link
from midback.report.site.model import Link, Page, Quoted, Row, Section, Text
from midback.report.site.naming import band_text, finding_link, hours_text, level_label, state_label

__all__ = ["cause_page", "ratio_note", "strength"]


def strength(ratios: Mapping[str, float]) -> float:
    """How far the strongest answer moves the odds, as a distance from "not at all" (natural log)."""
    return max((abs(math.log(max(ratio, 1e-6))) for ratio in ratios.values()), default=0.0)


def _times(ratio: float, edition: Edition) -> str:
    return edition.figure(ratio, ".0f" if ratio >= 10 else ".2g")


def ratio_note(node: str, state: str, ratios: Mapping[str, float], edition: Edition) -> tuple[str, ...]:
    """What an answer does to the odds in the whole model, as a note; nothing where the model has no such link."""
    words = edition.site["figures"]
    if state and state in ratios:
        label = state_label(node.partition(".")[0], state, edition)
        return (str(words["moves_levels"]).format(level=label, ratio=_times(ratios[state], edition)),)
    if "yes" in ratios:
        return (str(words["moves_yes"]).format(yes=_times(ratios["yes"], edition), no=_times(ratios["no"], edition)),)
    return ()


def _facts(cause: Cause, edition: Edition) -> Iterator[tuple[str, Text | Link]]:
    words = edition.site["cause"]
    yield words["family"], edition.say("families", cause.family, "label")
    if cause.age_from > 0 or cause.age_to < 120:
        yield words["ages"], words["ages_between"].format(low=cause.age_from, high=cause.age_to)
    if cause.sex:
        yield words["sex"], words["sexes"][cause.sex]
    if cause.icd10:
        yield words["codes"], ", ".join(cause.icd10)


def _written(cause: Cause) -> Iterator[tuple[str, str, Number]]:
    """(node, level, number) of every link, levels in their own order."""
    for node, link in cause.links.items():
        if isinstance(link, Number):
            yield node, "", link
        else:
            yield from ((node, state, number) for state, number in link.items())


def _shows(cause: Cause, edition: Edition) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """(rows that move something, strongest first; rows that say nothing either way)."""
    ratios = model_ratios(edition.knowledge)
    moving, silent = [], []
    above: tuple[str, Text] = ("", "")
    for node, state, number in _written(cause):
        own = ratios.get((cause.id, node), {})
        link = finding_link(node, edition, state=state)
        row = number_row(link, number, edition, more=ratio_note(node, state, own, edition))
        if state and above == (node, row.reason):
            row = replace(row, reason=edition.site["basis"]["above"])
        else:
            above = (node, row.reason)
        if number.quantity == "same_as_background":
            silent.append(row)
        else:
            moving.append((-strength(own), row))
    return tuple(row for _, row in sorted(moving, key=lambda item: item[0])), tuple(silent)


def _likely(cause: Cause, edition: Edition) -> Iterator[Row]:
    words = edition.site["cause"]
    for node, number in cause.risks.items():
        yield number_row(finding_link(node, edition), number, edition)
    for band, number in cause.age_odds.items():
        yield number_row(words["age"].format(band=band_text(band, edition)), number, edition)
    for sex, number in cause.sex_odds.items():
        yield number_row(words["sexes"][sex], number, edition)


def _urgent(cause: Cause, edition: Edition) -> Section:
    words = edition.site["cause"]
    hours = next(level.within_hours for level in edition.knowledge.triage.levels if level.name == cause.urgency)
    said = level_label(cause.urgency, edition) + (f" ({hours_text(hours, edition)})" if hours else "")
    text = [f"{words['urgency']}: {said}. {words['harm']}: {words['harms'][cause.harm]}."]
    if cause.dangerous:
        text.append(f"{words['danger']}.")
    return Section(words["urgent"], tuple(text))


def _sources(cause: Cause, edition: Edition, rows: tuple[Row, ...]) -> Section:
    words = edition.site["cause"]
    used = [number.source for number in cause_numbers(cause) if number.source]
    used += [row.source.id for row in rows if row.source]
    names = sorted(dict.fromkeys(used))
    text = () if names else (str(words["no_sources"]),)
    cited = edition.knowledge.sources
    return Section(
        words["sources"], text, tuple(Row(source_link(name, edition), Quoted(cited[name].citation)) for name in names)
    )


def cause_page(cause: Cause, edition: Edition) -> Page:
    """The page of ``cause``."""
    words, settings = edition.site["cause"], edition.words["interface"]["settings"]
    said = edition.words["causes"][cause.id]
    moving, silent = _shows(cause, edition)
    care, outlook = tuple(care_rows(cause, edition)), tuple(outlook_rows(cause, edition))

    def rows(mapping: Mapping[str, Number], name: Mapping[str, str | Link]) -> tuple[Row, ...]:
        return tuple(number_row(name[key], number, edition) for key, number in mapping.items())

    course = {str(week): number for week, number in cause.course.items()}
    compared = {node: finding_link(node, edition) for node in cause.audit}
    sections = [
        Section(words["what"], (said["what"], *((words["state"] + ".",) if cause.role == "risk_state" else ()))),
        Section(words["common"], (words["common_note"],), rows(cause.prior, settings)),
        Section(words["shows"], (said["signs"], words["shows_note"]), moving),
        Section(words["silent"], (), silent),
        Section(words["likely"], (words["likely_note"],), tuple(_likely(cause, edition))),
        _urgent(cause, edition),
        Section(words["done"], (said["done"], *(() if care else (edition.site["care"]["none"],))), care),
        Section(words["course"], (said["outlook"], words["course_note"]) if course else (said["outlook"],),
                rows(course, {week: words["still"].format(weeks=week) for week in course}) + outlook),
        Section(words["compare"], (words["compare_note"],), rows(cause.audit, compared)),
        _sources(cause, edition, care + outlook),
    ]  # fmt: skip
    optional = {words["common"], words["silent"], words["likely"], words["compare"]}
    return Page(
        kind="causes", id=cause.id, title=said["label"], subtitle=said["clinical"],
        warning=words["danger"] + "." if cause.dangerous else "", facts=tuple(_facts(cause, edition)),
        sections=tuple(section for section in sections if section.rows or section.heading not in optional),
    )  # fmt: skip
