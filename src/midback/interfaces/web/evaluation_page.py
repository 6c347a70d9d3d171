"""How well it works: the evaluation's own document (docs/evaluation.md), as written by `midback evaluate`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from midback.interfaces.web.visit import Reply, Visit, show

__all__ = ["evaluation"]


def _document() -> str:
    """The document that came with this installation, else the checkout's; "" where there is none."""
    shipped = Path(str(files("midback"))) / "_docs" / "evaluation.md"
    checkout = Path(__file__).resolve().parents[4] / "docs" / "evaluation.md"
    found = next((path for path in (shipped, checkout) if path.is_file()), None)
    return found.read_text(encoding="utf-8") if found else ""


class _Renderer(RendererHTML):
    """HTML whose tables scroll by themselves, by keyboard too, where they are wider than a phone."""

    def table_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f'<div class="wide" role="region" tabindex="0" aria-label="{escape(tokens[idx].meta["region"])}"><table>'

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"


def _without_paths(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without links to files of the checkout, which the web does not have; their text stays."""
    kept, dropped = [], False
    for token in tokens:
        if token.type == "link_open":
            dropped = "://" not in str(token.attrGet("href"))
        if not (dropped and token.type in ("link_open", "link_close")):
            kept.append(token)
    return kept


@lru_cache(maxsize=1)
def _rendered() -> tuple[str, Markup]:
    """(its heading, its body as HTML); nothing in the document is taken as HTML."""
    parser, html = MarkdownIt("commonmark", {"html": False}).enable("table"), _Renderer()
    tokens = parser.parse(re.sub(r"<!--.*?-->", "", _document(), flags=re.S))
    heading = under = ""
    for place, token in enumerate(tokens):
        token.children = token.children and _without_paths(token.children)
        if token.tag.startswith("h") and token.nesting == 1:
            under = tokens[place + 1].content
            heading = heading or under
        if token.type == "table_open":
            token.meta["region"] = under
    return heading, Markup(html.render(tokens, parser.options, {}))


async def evaluation(_: Visit) -> Reply:
    """The figures of the evaluation, with what they do not show."""
    heading, body = _rendered()
    if not body:
        return show("failed.html", status=404, kind="not_found")
    return show("evaluation.html", heading=heading, body=body)
