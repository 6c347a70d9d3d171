"""The page of one red flag: the rule, how soon, and what it rests on."""

from __future__ import annotations

from midback.knowledge import Knowledge, RedFlag
from midback.knowledge.conditions import condition_findings
from midback.report.site.figures import site_words, source_link
from midback.report.site.model import Page, Row, Section
from midback.report.site.naming import finding_link, hours_text, level_label, rule_lines

__all__ = ["red_flag_page"]


def red_flag_page(flag: RedFlag, knowledge: Knowledge) -> Page:
    """The page of ``flag``."""
    words, said = site_words(knowledge)["red_flag"], knowledge.words["en"]["red_flags"][flag.id]
    head, *parts = rule_lines(flag.when, knowledge)
    if flag.source:
        row = Row(source_link(flag.source), flag.where or "", "cited", reason=flag.reason or "")
        basis = Section(words["basis"], (), (row,))
    else:
        judged = site_words(knowledge)["basis"]["judgement"]
        basis = Section(words["basis"], (f"{judged} {flag.reason}",))
    findings = tuple(Row(finding_link(name, knowledge)) for name in condition_findings(flag.when))
    return Page(
        kind="red_flags", id=flag.id, title=said["title"],
        facts=(
            (words["level"], level_label(flag.level, knowledge)),
            (words["within"], hours_text(flag.within_hours)),
            (words["status"], words["statuses"][flag.status]),
        ),
        sections=(
            Section(words["why"], (said["reason"],)),
            Section(words["do"], (said["do"],)),
            Section(words["rule"], (head,), tuple(Row(part) for part in parts)),
            basis,
            Section(site_words(knowledge)["index"]["findings"], (), findings),
        ),
    )  # fmt: skip
