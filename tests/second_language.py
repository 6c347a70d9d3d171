"""A second language made of the first, with every sentence in brackets: what stands outside them came from no file."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from midback.knowledge import Knowledge, load_knowledge
from midback.knowledge.compile import compile_tree
from midback.knowledge.root import find_knowledge_root
from midback.knowledge.tree import read_tree
from midback.knowledge.words_check import check_translation

CODE, OPEN, CLOSE = "zz", "\u27e6", "\u27e7"
SHOWN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder")
SILENT = {"script", "style", "textarea", "option"}
VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "path", "circle"}


def _bracketed(words: Any) -> Any:
    if isinstance(words, dict):
        return {key: _bracketed(value) for key, value in words.items()}
    if isinstance(words, list):
        return [_bracketed(value) for value in words]
    if not isinstance(words, str) or len(words) < 2:
        return words
    # what is filled in stands outside the brackets: it has to come from the words, too
    return "".join(part if part[:1] in ("{", "") else OPEN + part + CLOSE for part in re.split(r"(\{[^{}]*\})", words))


def write_knowledge(folder: Path, code: str = CODE) -> Knowledge:
    """The knowledge with one language more, written to ``folder`` as a wheel would carry it, and loaded from there.

    A language other than the bracketed one comes from its own words, offered or not; a test is skipped while they
    have gaps, which `knowledge check` names once the language is offered.
    """
    tree = read_tree(find_knowledge_root())
    data = json.loads(compile_tree(tree))
    if code == CODE:
        data["words"][code] = _bracketed(data["words"]["en"])
    elif gaps := check_translation(tree, code):
        pytest.skip(f"words/{code} has {len(gaps)} gaps, such as {gaps[0]}")
    else:
        data["words"][code] = tree.words[code]
    data["languages"][code] = {"name": "Second" if code == CODE else tree.languages[code].name, "status": "draft"}
    (folder / "compiled.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return load_knowledge(folder)


def unsaid(text: str, known: tuple[str, ...] = ()) -> list[str]:
    """The words of ``text`` that stand in no brackets, without those of ``known``."""
    before = None
    while before != text:
        before, text = text, re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", text)
    text = re.sub(r"\b[0-9a-f]{16}\b|https?://\S+", " ", text)  # hashes and addresses speak no language
    for name in known:
        text = text.replace(name, " ")
    return re.findall(r"[A-Za-z]{2,}[^\n]{0,60}", text)


class Shown(HTMLParser):
    """What a page shows or says aloud, without what it marks as being in another language."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        foreign = named.get("lang", CODE) != CODE or tag in SILENT or (bool(self.open) and self.open[-1][1])
        if not foreign:
            self.text += "".join(f" {named[name]} " for name in SHOWN_ATTRIBUTES if name in named)
        if tag not in VOID:
            self.open.append((tag, foreign))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and not self.open[-1][1]:
            self.text += data
