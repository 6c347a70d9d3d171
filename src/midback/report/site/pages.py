"""The one function behind every reference page."""

from __future__ import annotations

from datetime import date

from midback.knowledge import Knowledge
from midback.report.site.cause_page import cause_page
from midback.report.site.finding_page import finding_page
from midback.report.site.index_pages import HOME, INDEX, home_page, index_page
from midback.report.site.model import KINDS, Page
from midback.report.site.red_flag_page import red_flag_page
from midback.report.site.source_page import source_page

__all__ = ["kind_of", "page"]


def kind_of(name: str, knowledge: Knowledge) -> str | None:
    """Which kind of page ``name`` has, or None when nothing is called that."""
    return next((kind for kind in KINDS if name in getattr(knowledge, kind)), None)


def page(kind: str, name: str, knowledge: Knowledge, today: date | None = None) -> Page:
    """The reference page of ``name``, a thing of ``kind`` (causes, findings, red_flags, sources), or its list.

    The list has the name ``index``; the first page is ("", "home"). With ``today``, sources due to be read again are
    marked. Raises KeyError when there is no such page.

    >>> from midback.knowledge import load_knowledge
    >>> page("causes", "myeloma", load_knowledge()).kind
    'causes'
    """
    if (kind, name) == ("", HOME):
        return home_page(knowledge)
    if kind not in KINDS:
        raise KeyError(f"{kind} is no kind of page")
    if name == INDEX:
        return index_page(kind, knowledge)
    if kind == "causes":
        return cause_page(knowledge.causes[name], knowledge, today)
    if kind == "findings":
        return finding_page(knowledge.findings[name], knowledge, today)
    if kind == "red_flags":
        return red_flag_page(knowledge.red_flags[name], knowledge)
    return source_page(knowledge.sources[name], knowledge, today)
