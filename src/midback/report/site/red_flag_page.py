"""The page of one red flag: the rule, how soon, and what it rests on."""

from __future__ import annotations

from midback.knowledge import RedFlag
from midback.knowledge.conditions import condition_findings
from midback.report.site.edition import Edition
from midback.report.site.figures import source_link
from midback.report.site.model import Page, Quoted, Row, Section, Text
from midback.report.site.naming import finding_link, hours_text, level_label, rule_lines

__all__ = ["red_flag_page"]


def red_flag_page(flag: RedFlag, edition: Edition) -> Page:
    """The page of ``flag``."""
    words, said = edition.site["red_flag"], edition.words["red_flags"][flag.id]
    head, *parts = rule_lines(flag.when, edition)
    if flag.source:
        row = Row(
            source_link(flag.source, edition), Quoted(flag.where or ""), "cited", reason=Quoted(flag.reason or "")
        )
        basis = Section(words["basis"], (), (row,))
    else:
        judged: Text = Quoted(flag.reason or "", f"{edition.site['basis']['judgement']} {{value}}")
        basis = Section(words["basis"], (judged,))
    findings = tuple(Row(finding_link(name, edition)) for name in condition_findings(flag.when))
    return Page(
        kind="red_flags", id=flag.id, title=said["title"],
        facts=(
            (words["level"], level_label(flag.level, edition)),
            (words["within"], hours_text(flag.within_hours, edition)),
            (words["status"], words["statuses"][flag.status]),
        ),
        sections=(
            Section(words["why"], (said["reason"],)),
            Section(words["do"], (said["do"],)),
            Section(words["rule"], (head,), tuple(Row(part) for part in parts)),
            basis,
            Section(edition.site["index"]["findings"], (), findings),
        ),
    )  # fmt: skip
