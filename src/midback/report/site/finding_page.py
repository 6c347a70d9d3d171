"""The page of one finding: how it is asked, how common it is without any of the causes, what it points to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from midback.knowledge import Finding, Number
from midback.knowledge.conditions import condition_findings
from midback.network import model_ratios
from midback.report.site.cause_page import ratio_note, strength
from midback.report.site.edition import Edition
from midback.report.site.figures import number_row
from midback.report.site.model import Link, Page, Row, Section, Text
from midback.report.site.naming import cause_link, state_label

__all__ = ["finding_page"]


def _facts(finding: Finding, edition: Edition) -> Iterator[tuple[str, Text | Link]]:
    words = edition.site["finding"]
    yield words["who"], words["answered_by"][finding.answered_by]
    yield words["kind"], words["kinds"][finding.kind]
    asked = []
    if finding.age_from > 0 or finding.age_to < 120:
        between = edition.site["cause"]["ages_between"]
        asked.append(between.format(low=finding.age_from, high=finding.age_to))
    if finding.sex:
        asked.append(words["whom_sex"][finding.sex])
    if asked:
        yield words["whom"], ", ".join(asked)
    if finding.implies:
        yield words["implies"], ", ".join(edition.say("findings", name, "label") for name in finding.implies)


def _common(finding: Finding, edition: Edition) -> Iterator[Row]:
    if isinstance(finding.background, Number):
        yield number_row(edition.say("findings", finding.id, "clinical"), finding.background, edition)
    else:
        for state, number in finding.background.items():
            yield number_row(state_label(finding.id, state, edition), number, edition)


def _linked(finding: Finding, edition: Edition) -> Iterator[tuple[float, Row]]:
    """(how far it moves the cause, negative; row) for each number; 1 stands for "says nothing"."""
    ratios = model_ratios(edition.knowledge)
    for cause in edition.knowledge.causes.values():
        for node, link in cause.links.items():
            if node.partition(".")[0] != finding.id:
                continue
            own = ratios.get((cause.id, node), {})
            option = node.partition(".")[2]
            for state, number in link.items() if isinstance(link, Mapping) else (("", link),):
                shown = cause_link(cause.id, edition)
                if part := option or state:
                    shown = Link(f"{shown.text}: {state_label(finding.id, part, edition)}", shown.kind, shown.id)
                row = number_row(shown, number, edition, more=ratio_note(node, state, own, edition))
                yield (1.0 if number.quantity == "same_as_background" else -strength(own)), row


def _risks(finding: Finding, edition: Edition) -> Iterator[Row]:
    for cause in edition.knowledge.causes.values():
        for node, number in cause.risks.items():
            name, _, option = node.partition(".")
            if name == finding.id:
                shown = cause_link(cause.id, edition)
                if option:
                    shown = Link(f"{shown.text}: {state_label(name, option, edition)}", shown.kind, shown.id)
                yield number_row(shown, number, edition)


def finding_page(finding: Finding, edition: Edition) -> Page:
    """The page of ``finding``."""
    words, said = edition.site["finding"], edition.words["findings"][finding.id]
    linked = sorted(_linked(finding, edition), key=lambda item: item[0])
    flags = tuple(
        Row(Link(edition.say("red_flags", flag.id, "title"), "red_flags", flag.id))
        for flag in edition.knowledge.red_flags.values()
        if finding.id in condition_findings(flag.when)
    )
    sections = (
        Section(words["asked"], (said["question"], *((said["help"],) if said["help"] else ()))),
        Section(words["why"], (said["why"],)),
        Section(words["common"], (), tuple(_common(finding, edition))),
        Section(words["causes"], (words["causes_note"],), tuple(row for size, row in linked if size <= 0)),
        Section(words["silent"], (), tuple(row for size, row in linked if size > 0)),
        Section(words["risks"], (), tuple(_risks(finding, edition))),
        Section(words["flags"], (), flags),
    )
    always = {words["asked"], words["why"]}
    return Page(
        kind="findings", id=finding.id, title=said["label"], subtitle=said["clinical"],
        facts=tuple(_facts(finding, edition)),
        sections=tuple(section for section in sections if section.rows or section.heading in always),
    )  # fmt: skip
