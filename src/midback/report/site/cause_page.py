"""The page of one cause: what it is, how common, how it shows, how urgent, what is done, how it goes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from midback.knowledge import Cause, Knowledge, Number
from midback.knowledge.coverage import cause_numbers
from midback.network import model_ratios
from midback.report.site.care_rows import care_rows, outlook_rows
from midback.report.site.figures import number_row, plain, site_words, source_link
from midback.report.site.model import Link, Page, Row, Section
from midback.report.site.naming import finding_link, hours_text, level_label, state_label

__all__ = ["cause_page", "ratio_note", "strength"]


def strength(ratios: Mapping[str, float]) -> float:
    """How far the strongest answer moves the odds, as a distance from "not at all" (natural log)."""
    return max((abs(math.log(max(ratio, 1e-6))) for ratio in ratios.values()), default=0.0)


def _times(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2g}"


def ratio_note(node: str, state: str, ratios: Mapping[str, float], knowledge: Knowledge) -> tuple[str, ...]:
    """What an answer does to the odds in the whole model, as a note; nothing where the model has no such link."""
    words = site_words(knowledge)["figures"]
    if state and state in ratios:
        label = state_label(node.partition(".")[0], state, knowledge)
        return (str(words["moves_levels"]).format(level=label, ratio=_times(ratios[state])),)
    if "yes" in ratios:
        return (str(words["moves_yes"]).format(yes=_times(ratios["yes"]), no=_times(ratios["no"])),)
    return ()


def _facts(cause: Cause, knowledge: Knowledge) -> Iterator[tuple[str, str | Link]]:
    words = site_words(knowledge)["cause"]
    yield words["family"], knowledge.say("families", cause.family, "label")
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


def _shows(cause: Cause, knowledge: Knowledge, today: date | None) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """(rows that move something, strongest first; rows that say nothing either way)."""
    ratios = model_ratios(knowledge)
    moving, silent = [], []
    above = ("", "")
    for node, state, number in _written(cause):
        own = ratios.get((cause.id, node), {})
        link = finding_link(node, knowledge, state=state)
        row = number_row(link, number, knowledge, more=ratio_note(node, state, own, knowledge), today=today)
        if state and above == (node, row.reason):
            row = replace(row, reason=site_words(knowledge)["basis"]["above"])
        else:
            above = (node, row.reason)
        if number.quantity == "same_as_background":
            silent.append(row)
        else:
            moving.append((-strength(own), row))
    return tuple(row for _, row in sorted(moving, key=lambda item: item[0])), tuple(silent)


def _likely(cause: Cause, knowledge: Knowledge, today: date | None) -> Iterator[Row]:
    words = site_words(knowledge)["cause"]
    for node, number in cause.risks.items():
        yield number_row(finding_link(node, knowledge), number, knowledge, today=today)
    for band, number in cause.age_odds.items():
        yield number_row(words["age"].format(band=plain(band)), number, knowledge, today=today)
    for sex, number in cause.sex_odds.items():
        yield number_row(words["sexes"][sex], number, knowledge, today=today)


def _urgent(cause: Cause, knowledge: Knowledge) -> Section:
    words = site_words(knowledge)["cause"]
    hours = next(level.within_hours for level in knowledge.triage.levels if level.name == cause.urgency)
    said = level_label(cause.urgency, knowledge) + (f" ({hours_text(hours)})" if hours else "")
    text = [f"{words['urgency']}: {said}. {words['harm']}: {cause.harm}."]
    if cause.dangerous:
        text.append(f"{words['danger']}.")
    return Section(words["urgent"], tuple(text))


def _sources(cause: Cause, knowledge: Knowledge, rows: tuple[Row, ...]) -> Section:
    words = site_words(knowledge)["cause"]
    used = [number.source for number in cause_numbers(cause) if number.source]
    used += [row.source.id for row in rows if row.source]
    names = sorted(dict.fromkeys(used))
    text = () if names else (str(words["no_sources"]),)
    return Section(
        words["sources"], text, tuple(Row(source_link(name), knowledge.sources[name].citation) for name in names)
    )


def cause_page(cause: Cause, knowledge: Knowledge, today: date | None = None) -> Page:
    """The page of ``cause``; sources due to be read again on ``today`` are marked."""
    words, settings = site_words(knowledge)["cause"], knowledge.words["en"]["interface"]["settings"]
    said = knowledge.words["en"]["causes"][cause.id]
    moving, silent = _shows(cause, knowledge, today)
    care, outlook = tuple(care_rows(cause, knowledge)), tuple(outlook_rows(cause, knowledge))

    def rows(mapping: Mapping[str, Number], name: Mapping[str, str | Link]) -> tuple[Row, ...]:
        return tuple(number_row(name[key], number, knowledge, today=today) for key, number in mapping.items())

    course = {str(week): number for week, number in cause.course.items()}
    compared = {node: finding_link(node, knowledge) for node in cause.audit}
    sections = [
        Section(words["what"], (said["what"], *((words["state"] + ".",) if cause.role == "risk_state" else ()))),
        Section(words["common"], (words["common_note"],), rows(cause.prior, settings)),
        Section(words["shows"], (said["signs"], words["shows_note"]), moving),
        Section(words["silent"], (), silent),
        Section(words["likely"], (words["likely_note"],), tuple(_likely(cause, knowledge, today))),
        _urgent(cause, knowledge),
        Section(words["done"], (said["done"], *(() if care else (site_words(knowledge)["care"]["none"],))), care),
        Section(words["course"], (said["outlook"], words["course_note"]) if course else (said["outlook"],),
                rows(course, {week: words["still"].format(weeks=week) for week in course}) + outlook),
        Section(words["compare"], (words["compare_note"],), rows(cause.audit, compared)),
        _sources(cause, knowledge, care + outlook),
    ]  # fmt: skip
    optional = {words["common"], words["silent"], words["likely"], words["compare"]}
    return Page(
        kind="causes", id=cause.id, title=said["label"], subtitle=said["clinical"],
        warning=words["danger"] + "." if cause.dangerous else "", facts=tuple(_facts(cause, knowledge)),
        sections=tuple(section for section in sections if section.rows or section.heading not in optional),
    )  # fmt: skip
