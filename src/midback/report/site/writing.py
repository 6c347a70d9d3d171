"""The whole site written to a folder, and refused when one of its links leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from midback.errors import KnowledgeProblems, Problem
from midback.knowledge import Knowledge
from midback.report.site.as_html import page_as_document, stylesheet
from midback.report.site.index_pages import HOME, INDEX
from midback.report.site.model import KINDS
from midback.report.site.pages import page

__all__ = ["dead_links", "every_page_id", "write_site"]

_HREF = re.compile(r'href="([^"#:]+)"')


def every_page_id(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """(kind, id) of every page there is, lists included."""
    yield "", HOME
    for kind in KINDS:
        yield kind, INDEX
        yield from ((kind, name) for name in getattr(knowledge, kind))


def _path(kind: str, name: str) -> str:
    return f"{kind}/{name}.html" if kind else "index.html"


def _path_from_folder(kind: str, name: str) -> str:
    return f"../{_path(kind, name)}"


def dead_links(folder: Path) -> tuple[Problem, ...]:
    """Every link of the pages below ``folder`` that leads to no file."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))}
    return tuple(
        Problem(path.relative_to(folder).as_posix(), "", f"a link leads to '{href}', which is not there", "mend the id")
        for path, text in pages.items()
        for href in dict.fromkeys(_HREF.findall(text))
        if not (path.parent / href).is_file()
    )


def write_site(knowledge: Knowledge, folder: Path, today: date | None = None) -> int:
    """How many pages were written below ``folder``; pages of an earlier run that are no longer written are removed.

    Raises KnowledgeProblems, with every dead link at once, when an id leads nowhere.
    """
    written = set()
    for kind, name in every_page_id(knowledge):
        address, root = (_path_from_folder, "../") if kind else (_path, "")
        text = page_as_document(page(kind, name, knowledge, today), knowledge, address, root)
        place = folder / _path(kind, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        written.add(place)
    (folder / "site.css").write_text(stylesheet(), encoding="utf-8")
    for old in set(folder.rglob("*.html")) - written:
        old.unlink()
    if problems := dead_links(folder):
        raise KnowledgeProblems(problems)
    return len(written)
