"""The whole site written to a folder, and refused when one of its links leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from midback.errors import KnowledgeProblems, Problem
from midback.report.site.as_html import page_as_document, stylesheet
from midback.report.site.edition import Edition
from midback.report.site.index_pages import HOME, INDEX, things
from midback.report.site.model import KINDS
from midback.report.site.pages import page

__all__ = ["dead_links", "every_page_id", "write_site"]

_HREF = re.compile(r'href="([^"#:]+)"')


def every_page_id(edition: Edition) -> Iterator[tuple[str, str]]:
    """(kind, id) of every page there is, lists included."""
    yield "", HOME
    for kind in KINDS:
        yield kind, INDEX
        yield from ((kind, name) for name in things(kind, edition))


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


def write_site(edition: Edition, folder: Path) -> int:
    """How many pages were written below ``folder``; pages of an earlier run that are no longer written are removed.

    Raises KnowledgeProblems, with every dead link at once, when an id leads nowhere.
    """
    written = set()
    for kind, name in every_page_id(edition):
        address, root = (_path_from_folder, "../") if kind else (_path, "")
        text = page_as_document(page(kind, name, edition), edition, address, root)
        place = folder / _path(kind, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        written.add(place)
    for name in ("site.css", "reference.css"):
        (folder / name).write_text(stylesheet(name), encoding="utf-8")
    for kind in KINDS:  # nobody else's pages, should the folder have any
        for old in set((folder / kind).glob("*.html")) - written:
            old.unlink()
    if problems := dead_links(folder):
        raise KnowledgeProblems(problems)
    return len(written)
