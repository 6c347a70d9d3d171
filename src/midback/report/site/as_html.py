"""A reference page as HTML: a fragment any room can place, and the whole document of the written site."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from midback.report.site.edition import Edition
from midback.report.site.index_pages import HOME, INDEX
from midback.report.site.model import KINDS, Page, Quoted

__all__ = ["Address", "page_as_document", "page_as_html", "stylesheet"]

SHOWN_ROWS = 12  # of a part of a page; the others open at a click. A list shows all

Address = Callable[[str, str], str]  # (kind, id) -> where that page is


def _text(name: str) -> str:
    return files("midback.report.site").joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    found = DictLoader({name: _text(name) for name in ("page.html", "document.html")})
    made = Environment(loader=found, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.tests["quoted"] = lambda value: isinstance(value, Quoted)
    made.filters["drawn"] = Markup  # our own drawings, from the knowledge folder
    return made


def stylesheet(name: str = "reference.css") -> str:
    """The style sheet of the pages' insides (reference.css), or of the written site around them (site.css)."""
    return _text(name)


def page_as_html(page: Page, edition: Edition, address: Address) -> str:
    """The inside of a page, from its heading on, as HTML without scripts; ``address`` says where other pages are."""
    words = edition.site
    kind = words["kinds"].get(page.kind, "") if page.id != INDEX else ""
    return (
        _templates()
        .get_template("page.html")
        .render(
            page=page,
            words=words,
            address=address,
            kind_name=kind,
            quoted_in=edition.quoted_in,
            whole=INDEX,
            shown=SHOWN_ROWS,
        )
    )


def page_as_document(page: Page, edition: Edition, address: Address, root: str = "") -> str:
    """A whole HTML document; ``root`` leads from the page to the folder that holds the style sheets."""
    words = edition.site
    lists = [(words["index"]["home"], address("", HOME), page.id == HOME)]
    lists += [(words["index"][kind], address(kind, INDEX), (page.kind, page.id) == (kind, INDEX)) for kind in KINDS]
    return _templates().get_template("document.html").render(
        page=page, words=words, language=edition.language, root=root, lists=lists,
        version=words["version"].format(version=edition.knowledge.version, dated=edition.knowledge.dated),
        # the fragment is this template's sibling, escaped where it was made
        body=Markup(page_as_html(page, edition, address)),
    )  # fmt: skip
