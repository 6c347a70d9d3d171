"""The lists: causes by family, findings by section, red flags by level, sources by name, and the first page."""

from __future__ import annotations

from collections.abc import Mapping

from midback.knowledge import Knowledge
from midback.knowledge.coverage import count_coverage
from midback.knowledge.review import review_summary
from midback.report.difference import source_name
from midback.report.site.figures import plain, site_words
from midback.report.site.model import KINDS, Link, Page, Row, Section
from midback.report.site.naming import level_label

__all__ = ["HOME", "INDEX", "home_page", "index_page"]

INDEX = "index"
HOME = "home"


def _sections(groups: Mapping[str, list[tuple[str, Row]]]) -> tuple[Section, ...]:
    return tuple(
        Section(heading, (), tuple(row for _, row in sorted(rows, key=lambda item: item[0].casefold())))
        for heading, rows in groups.items()
        if rows
    )


def _groups(kind: str, knowledge: Knowledge) -> Mapping[str, list[tuple[str, Row]]]:
    words = site_words(knowledge)
    groups: dict[str, list[tuple[str, Row]]] = {}
    if kind == "causes":
        groups = {knowledge.say("families", family, "label"): [] for family in knowledge.families}
        for cause in knowledge.causes.values():
            said = knowledge.words["en"]["causes"][cause.id]
            row = Row(Link(said["label"], kind, cause.id), said["clinical"])
            groups[knowledge.say("families", cause.family, "label")].append((said["label"], row))
    elif kind == "findings":
        for finding in knowledge.findings.values():
            said = knowledge.words["en"]["findings"][finding.id]
            row = Row(Link(said["label"], kind, finding.id), said["clinical"])
            section = plain(finding.section)
            groups.setdefault(f"{section[:1].upper()}{section[1:]}", []).append((said["label"], row))
    elif kind == "red_flags":
        groups = {level_label(level.name, knowledge): [] for level in reversed(knowledge.triage.levels)}
        for flag in knowledge.red_flags.values():
            title = knowledge.say("red_flags", flag.id, "title")
            groups[level_label(flag.level, knowledge)].append((title, Row(Link(title, kind, flag.id))))
    else:
        rows = [(source_name(s.id), Row(Link(source_name(s.id), kind, s.id), s.citation))
                for s in knowledge.sources.values()]  # fmt: skip
        groups = {str(words["index"]["sources"]): rows}
    return groups


def index_page(kind: str, knowledge: Knowledge) -> Page:
    """The list of everything of one ``kind``."""
    words = site_words(knowledge)["index"]
    return Page(kind=kind, id=INDEX, title=words[kind], sections=_sections(_groups(kind, knowledge)))


def home_page(knowledge: Knowledge) -> Page:
    """The first page: what this is, how much of it there is, and the four lists."""
    words = site_words(knowledge)
    whole, _ = count_coverage(knowledge)
    counts = words["index"]["counts"].format(
        causes=len(knowledge.causes), findings=len(knowledge.findings), red_flags=len(knowledge.red_flags),
        sources=len(knowledge.sources), numbers=f"{whole.numbers:,}",
    )  # fmt: skip
    cited = words["index"]["cited"].format(cited=f"{whole.cited:,}", judgement=f"{whole.judgement:,}")
    review = review_summary(knowledge)
    reviewed = words["index"]["reviewed"].format(
        drawn=review.drawn, agree=review.agree, disagree=review.disagree, unread=review.could_not_reread,
        error=f"{100 * review.error:.1f}", low=f"{100 * review.lo95:.1f}", high=f"{100 * review.hi95:.1f}",
    ) if review else ""  # fmt: skip
    version = words["version"].format(version=knowledge.version, dated=knowledge.dated)
    return Page(
        kind="", id=HOME, title=words["name"], lead=words["about"], warning=words["warning"],
        sections=(
            Section(words["lists"], tuple(text for text in (f"{counts}.", cited, reviewed, f"{version}.") if text),
                    tuple(Row(Link(words["index"][kind], kind, INDEX)) for kind in KINDS)),
        ),
    )  # fmt: skip
