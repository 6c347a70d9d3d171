"""A reference page as HTML: a fragment any room can place, and the whole document of the written site."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from midback.knowledge import Knowledge
from midback.report.site.figures import site_words
from midback.report.site.index_pages import HOME, INDEX
from midback.report.site.model import KINDS, Page

__all__ = ["Address", "page_as_document", "page_as_html", "stylesheet"]

Address = Callable[[str, str], str]  # (kind, id) -> where that page is


def _text(name: str) -> str:
    return files("midback.report.site").joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    found = DictLoader({name: _text(name) for name in ("page.html", "document.html")})
    return Environment(loader=found, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def stylesheet() -> str:
    """The one stylesheet of the reference pages."""
    return _text("site.css")


def page_as_html(page: Page, knowledge: Knowledge, address: Address) -> str:
    """The inside of a page, from its heading on, as HTML without scripts; ``address`` says where other pages are."""
    words = site_words(knowledge)
    kind = words["kinds"].get(page.kind, "") if page.id != INDEX else ""
    return _templates().get_template("page.html").render(page=page, words=words, address=address, kind_name=kind)


def page_as_document(page: Page, knowledge: Knowledge, address: Address, root: str = "") -> str:
    """A whole HTML document; ``root`` leads from the page to the folder that holds the stylesheet."""
    words = site_words(knowledge)
    lists = [(words["index"]["home"], address("", HOME), page.id == HOME)]
    lists += [(words["index"][kind], address(kind, INDEX), (page.kind, page.id) == (kind, INDEX)) for kind in KINDS]
    return _templates().get_template("document.html").render(
        page=page, words=words, language="en", root=root, lists=lists,
        version=words["version"].format(version=knowledge.version, dated=knowledge.dated),
        # the fragment is this template's sibling, escaped where it was made
        body=Markup(page_as_html(page, knowledge, address)),
    )  # fmt: skip
