"""The one function behind every reference page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from midback.report.site.care_page import care_page, exercise_page, measure_page
from midback.report.site.cause_page import cause_page
from midback.report.site.edition import Edition
from midback.report.site.finding_page import finding_page
from midback.report.site.index_pages import HOME, INDEX, home_page, index_page, things
from midback.report.site.model import KINDS, Page
from midback.report.site.red_flag_page import red_flag_page
from midback.report.site.source_page import source_page

__all__ = ["kind_of", "page"]

MAKERS: Mapping[str, Callable[[Any, Edition], Page]] = {
    "causes": cause_page, "findings": finding_page, "red_flags": red_flag_page, "care": care_page,
    "exercises": exercise_page, "prevention": care_page, "measures": measure_page, "sources": source_page,
}  # fmt: skip


def kind_of(name: str, edition: Edition) -> str | None:
    """Which kind of page ``name`` has, or None when nothing is called that."""
    return next((kind for kind in KINDS if name in things(kind, edition)), None)


def page(kind: str, name: str, edition: Edition) -> Page:
    """The reference page of ``name``, a thing of ``kind`` (one of KINDS), or its list.

    The list has the name ``index``; the first page is ("", "home"). Raises KeyError when there is no such page.

    >>> from midback.knowledge import load_knowledge
    >>> page("causes", "myeloma", Edition(load_knowledge(), "en")).kind
    'causes'
    """
    if (kind, name) == ("", HOME):
        return home_page(edition)
    if kind not in KINDS:
        raise KeyError(f"{kind} is no kind of page")
    if name == INDEX:
        return index_page(kind, edition)
    return MAKERS[kind](things(kind, edition)[name], edition)
