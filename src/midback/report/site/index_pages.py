"""The lists of everything of one kind, in groups that help to find it, and the first page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from midback.care import care_knowledge
from midback.follow_up.measures import measures_of
from midback.knowledge.coverage import count_coverage
from midback.knowledge.review import review_summary
from midback.report.figures import day_text
from midback.report.site.care_page import exercise_section
from midback.report.site.edition import Edition
from midback.report.site.figures import source_title
from midback.report.site.model import KINDS, Link, Page, Quoted, Row, Section
from midback.report.site.naming import level_label

__all__ = ["HOME", "INDEX", "home_page", "index_page", "things"]

INDEX = "index"
HOME = "home"

Entry = tuple[str, str, Row]  # the group it stands in, what it is sorted by, its line


def things(kind: str, edition: Edition) -> Mapping[str, object]:
    """Everything of one ``kind`` by its id. Raises KeyError when there is no such kind."""
    knowledge = edition.knowledge
    if kind in ("causes", "findings", "red_flags", "sources"):
        found: Mapping[str, object] = getattr(knowledge, kind)
        return found
    care = care_knowledge(knowledge)
    if kind == "measures":
        return measures_of(knowledge)
    return {"care": care.care, "prevention": care.prevention, "exercises": care.exercises}[kind]


def _causes(edition: Edition) -> Iterator[Entry]:
    knowledge = edition.knowledge
    for family in knowledge.families:
        for cause in knowledge.causes.values():
            if cause.family == family:
                said = edition.words["causes"][cause.id]
                row = Row(Link(said["label"], "causes", cause.id), said["clinical"])
                yield edition.say("families", family, "label"), said["label"], row


def _findings(edition: Edition) -> Iterator[Entry]:
    for finding in edition.knowledge.findings.values():
        said = edition.words["findings"][finding.id]
        row = Row(Link(said["label"], "findings", finding.id), said["clinical"])
        yield edition.site["finding"]["sections"][finding.section], said["label"], row


def _red_flags(edition: Edition) -> Iterator[Entry]:
    for level in reversed(edition.knowledge.triage.levels):
        for flag in edition.knowledge.red_flags.values():
            if flag.level == level.name:
                said = edition.words["red_flags"][flag.id]
                row = Row(Link(said["title"], "red_flags", flag.id), said["do"])
                yield level_label(flag.level, edition), said["title"], row


def _care(edition: Edition) -> Iterator[Entry]:
    items, steps = care_knowledge(edition.knowledge).care.values(), edition.words["plan"]["steps"]
    for step in (*steps, ""):
        for item in items:
            if item.step == step or (not step and item.step not in steps):
                said, stance = edition.words["care"][item.id], edition.site["care"]["stances"][item.stance]
                row = Row(Link(said["label"], "care", item.id), said["what"], notes=(stance,))
                yield steps.get(step, edition.site["care"]["other_steps"]), said["label"], row


def _prevention(edition: Edition) -> Iterator[Entry]:
    for item in care_knowledge(edition.knowledge).prevention.values():
        said = edition.words["prevention"][item.id]
        row = Row(Link(said["label"], "prevention", item.id), said["what"])
        yield edition.site["index"]["prevention"], said["label"], row


def _measures(edition: Edition) -> Iterator[Entry]:
    for name in measures_of(edition.knowledge):
        said = edition.words["measures"][name]
        row = Row(Link(said["label"], "measures", name), said["what"])
        yield edition.site["index"]["measures"], said["label"], row


def _sources(edition: Edition) -> Iterator[Entry]:
    for source in edition.knowledge.sources.values():
        name = source_title(source)
        row = Row(Link(name, "sources", source.id), Quoted(source.citation))
        yield edition.site["index"]["sources"], name, row


LISTS: Mapping[str, Callable[[Edition], Iterator[Entry]]] = {
    "causes": _causes, "findings": _findings, "red_flags": _red_flags, "care": _care, "prevention": _prevention,
    "measures": _measures, "sources": _sources,
}  # fmt: skip


def index_page(kind: str, edition: Edition) -> Page:
    """The list of everything of one ``kind``."""
    title, lead = edition.site["index"][kind], edition.site["leads"].get(kind, "")
    if kind == "exercises":  # whole, so that the one page is enough to exercise from
        exercises = care_knowledge(edition.knowledge).exercises.values()
        sections = tuple(exercise_section(exercise, edition) for exercise in exercises)
        return Page(kind=kind, id=INDEX, title=title, lead=lead, sections=sections)
    groups: dict[str, list[tuple[str, Row]]] = {}
    for group, name, row in LISTS[kind](edition):
        groups.setdefault(group, []).append((name, row))
    sections = tuple(
        Section(heading, (), tuple(row for _, row in sorted(rows, key=lambda item: item[0].casefold())))
        for heading, rows in groups.items()
    )
    return Page(kind=kind, id=INDEX, title=title, lead=lead, sections=sections)


def home_page(edition: Edition) -> Page:
    """The first page: what this is, how much of it there is, and the lists."""
    words, knowledge = edition.site, edition.knowledge
    whole, _ = count_coverage(knowledge)
    counts = words["index"]["counts"].format(
        causes=len(knowledge.causes), findings=len(knowledge.findings), red_flags=len(knowledge.red_flags),
        sources=len(knowledge.sources), numbers=edition.figure(whole.numbers, ","),
    )  # fmt: skip
    cited = words["index"]["cited"].format(
        cited=edition.figure(whole.cited, ","), judgement=edition.figure(whole.judgement, ",")
    )
    review = review_summary(knowledge)
    reviewed = words["index"]["reviewed"].format(
        drawn=review.drawn, agree=review.agree, disagree=review.disagree, unread=review.could_not_reread,
        error=edition.figure(100 * review.error, ".1f"), low=edition.figure(100 * review.lo95, ".1f"),
        high=edition.figure(100 * review.hi95, ".1f"),
    ) if review else ""  # fmt: skip
    dated = day_text(knowledge.dated, edition.words["interface"])
    version = words["version"].format(version=knowledge.version, dated=dated)
    return Page(
        kind="", id=HOME, title=words["name"], lead=words["about"], warning=words["warning"],
        sections=(
            Section(words["lists"], tuple(text for text in (f"{counts}.", cited, reviewed, f"{version}.") if text),
                    tuple(Row(Link(words["index"][kind], kind, INDEX)) for kind in KINDS)),
        ),
    )  # fmt: skip
