"""The page of one finding: how it is asked, how common it is without any of the causes, what it points to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from midback.knowledge import Finding, Knowledge, Number
from midback.knowledge.conditions import condition_findings
from midback.network import model_ratios
from midback.report.site.cause_page import ratio_note, strength
from midback.report.site.figures import number_row, site_words
from midback.report.site.model import Link, Page, Row, Section
from midback.report.site.naming import cause_link, state_label

__all__ = ["finding_page"]


def _facts(finding: Finding, knowledge: Knowledge) -> Iterator[tuple[str, str | Link]]:
    words = site_words(knowledge)["finding"]
    yield words["who"], words["answered_by"][finding.answered_by]
    yield words["kind"], words["kinds"][finding.kind]
    asked = []
    if finding.age_from > 0 or finding.age_to < 120:
        between = site_words(knowledge)["cause"]["ages_between"]
        asked.append(between.format(low=finding.age_from, high=finding.age_to))
    if finding.sex:
        asked.append(words["whom_sex"][finding.sex])
    if asked:
        yield words["whom"], ", ".join(asked)
    if finding.implies:
        yield words["implies"], ", ".join(knowledge.say("findings", name, "label") for name in finding.implies)


def _common(finding: Finding, knowledge: Knowledge, today: date | None) -> Iterator[Row]:
    if isinstance(finding.background, Number):
        yield number_row(knowledge.say("findings", finding.id, "clinical"), finding.background, knowledge, today=today)
    else:
        for state, number in finding.background.items():
            yield number_row(state_label(finding.id, state, knowledge), number, knowledge, today=today)


def _linked(finding: Finding, knowledge: Knowledge, today: date | None) -> Iterator[tuple[float, Row]]:
    """(how far it moves the cause, negative; row) for each number; 1 stands for "says nothing"."""
    ratios = model_ratios(knowledge)
    for cause in knowledge.causes.values():
        for node, link in cause.links.items():
            if node.partition(".")[0] != finding.id:
                continue
            own = ratios.get((cause.id, node), {})
            option = node.partition(".")[2]
            for state, number in link.items() if isinstance(link, Mapping) else (("", link),):
                shown = cause_link(cause.id, knowledge)
                if part := option or state:
                    shown = Link(f"{shown.text}: {state_label(finding.id, part, knowledge)}", shown.kind, shown.id)
                row = number_row(shown, number, knowledge, more=ratio_note(node, state, own, knowledge), today=today)
                yield (1.0 if number.quantity == "same_as_background" else -strength(own)), row


def _risks(finding: Finding, knowledge: Knowledge, today: date | None) -> Iterator[Row]:
    for cause in knowledge.causes.values():
        for node, number in cause.risks.items():
            name, _, option = node.partition(".")
            if name == finding.id:
                shown = cause_link(cause.id, knowledge)
                if option:
                    shown = Link(f"{shown.text}: {state_label(name, option, knowledge)}", shown.kind, shown.id)
                yield number_row(shown, number, knowledge, today=today)


def finding_page(finding: Finding, knowledge: Knowledge, today: date | None = None) -> Page:
    """The page of ``finding``; sources due to be read again on ``today`` are marked."""
    words, said = site_words(knowledge)["finding"], knowledge.words["en"]["findings"][finding.id]
    linked = sorted(_linked(finding, knowledge, today), key=lambda item: item[0])
    flags = tuple(
        Row(Link(knowledge.say("red_flags", flag.id, "title"), "red_flags", flag.id))
        for flag in knowledge.red_flags.values()
        if finding.id in condition_findings(flag.when)
    )
    sections = (
        Section(words["asked"], (said["question"], *((said["help"],) if said["help"] else ()))),
        Section(words["why"], (said["why"],)),
        Section(words["common"], (), tuple(_common(finding, knowledge, today))),
        Section(words["causes"], (words["causes_note"],), tuple(row for size, row in linked if size <= 0)),
        Section(words["silent"], (), tuple(row for size, row in linked if size > 0)),
        Section(words["risks"], (), tuple(_risks(finding, knowledge, today))),
        Section(words["flags"], (), flags),
    )
    always = {words["asked"], words["why"]}
    return Page(
        kind="findings", id=finding.id, title=said["label"], subtitle=said["clinical"],
        facts=tuple(_facts(finding, knowledge)),
        sections=tuple(section for section in sections if section.rows or section.heading in always),
    )  # fmt: skip
