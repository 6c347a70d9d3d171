"""Reads a page as a person would meet it, and walks through the check by sending its forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "input", "br", "img", "hr"}
PAINFUL = {"place": "mid_left", "onset": "gradual", "duration": "1_to_6_weeks"}
HARMLESS: Mapping[str, Any] = {
    "who": "self", "age": "42", "sex": "female", "pain_zone": ["mid_left", "upper_spine"], "onset_speed": "gradual",
    "duration": "1_to_6_weeks", "pain_now": "3",
}  # fmt: skip


@dataclass
class Seen(HTMLParser):
    """What stands on a page: elements with attributes, text, and whatever is wrong with the markup."""

    html: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.h1 = ""
        self.feed(self.html)
        self.wrong += [f"never closed: {tag}" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.wrong.append(f"an attribute twice on {tag}: {names}")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if "svg" not in self.open and "title" not in self.open:
            self.text += data
        if "h1" in self.open:
            self.h1 += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def inputs(self, name: str) -> list[dict[str, str]]:
        return [row for row in self.all("input") if row.get("name") == name]

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the form that carries answers, in private mode."""
        block = re.search(r'<form class="" method="post" action="/private".*?</form>', self.html, re.S)
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', block[0])) if block else {}


def fill(seen: Seen, yes: tuple[str, ...] = (), said: Mapping[str, Any] = HARMLESS) -> dict[str, Any]:
    """The form fields of a person who says ``said``, ticks ``yes`` where it is asked, and has nothing else."""
    if seen.inputs("yes"):
        here = [row["value"] for row in seen.inputs("yes") if row["value"] in yes]
        return {"yes": here} if here else {"none": "1"}
    if seen.inputs("age") or seen.inputs("sex"):
        return {"age": said["age"], "sex": said["sex"]}
    boxes = seen.inputs("answer")
    if not boxes:
        raise AssertionError(f"no question here: {seen.h1}")
    offered = [row["value"] for row in boxes]
    if "neck" in offered:
        return {"answer": said["pain_zone"]}
    wanted = [value for value in said.values() if isinstance(value, str) and value in offered]
    if "7" in offered:
        return {"answer": said["pain_now"]}
    return {"answer": wanted[0] if wanted else "no" if "no" in offered else "not_sure"}


def walk(client: Any, yes: tuple[str, ...] = (), said: Mapping[str, Any] = HARMLESS, pages: int = 60) -> Any:
    """Start a check and answer page by page until no question is left; the last response."""
    response = client.post("/", data={"country": "GB"})
    for _ in range(pages):
        if "/question/" not in str(response.url):
            return response
        response = client.post(str(response.url), data=fill(Seen(response.text), yes, said))
        assert response.status_code == 200, response.text
    raise AssertionError("the questions never end")
