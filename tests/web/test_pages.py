"""Each page by itself: sound markup, small, readable, and no sentence outside the words files."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from midback.interfaces import web
from midback.interfaces.web.result_view import _chances, _family_row
from midback.knowledge import load_knowledge
from web.walking import Seen, fill, walk

KNOWLEDGE = load_knowledge()
WORDS = KNOWLEDGE.words["en"]["web"]
ROOM = Path(web.__file__).parent
LARGEST_PAGE = 20 * 1024  # compressed, with the style sheet
HARDEST = 9.0  # Flesch-Kincaid grade of a whole page: an alarm, not a proof
PAGES = ("/", "/about", "/open", "/deleted", "/question/1", "/check", "/result", "/letter", "/consultation", "/share")


def _a_check(client: TestClient) -> None:
    walk(client, yes=("worse_with_movement", "night_pain"))


@pytest.fixture
def questions(client: TestClient) -> list[str]:
    """Every question page of one check."""
    pages = []
    response = client.post("/", data={"country": "GB"})
    while "/question/" in str(response.url):
        pages.append(response.text)
        response = client.post(str(response.url), data=fill(Seen(response.text)))
    return pages


def _sound(html: str) -> None:
    seen = Seen(html)
    assert seen.wrong == []
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), [name for name in ids if ids.count(name) > 1]
    assert len(seen.all("h1")) == 1
    assert len(seen.all("title")) == 1 or "<title" in html
    labelled = {row.get("for") for row in seen.all("label")}
    for row in [*seen.all("input"), *seen.all("select"), *seen.all("textarea")]:
        if row.get("type") != "hidden":
            assert row["id"] in labelled or "aria-label" in row, row
    for _, attributes in seen.elements:
        for name in ("aria-describedby", "aria-labelledby"):
            assert set(attributes.get(name, "").split()) <= set(ids), attributes
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids, attributes
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def _grade(text: str) -> float:
    """The Flesch-Kincaid grade, with vowel groups as syllables."""
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)|\n\s*\n", text)))
    words = re.findall(r"[A-Za-z]+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / max(1, len(words)) - 15.59


def test_markup_size_and_preview_of_every_page(client: TestClient, questions: list[str]) -> None:
    _a_check(client)
    style = len(gzip.compress((ROOM / "static" / "style.css").read_bytes(), 5))
    pages = [client.get(place).text for place in PAGES] + questions
    for html in pages:
        _sound(html)
        assert WORDS["frame"]["preview"] in html
        assert WORDS["frame"]["leave"] in html
        assert WORDS["frame"]["delete"] in html
        assert len(gzip.compress(html.encode(), 5)) + style < LARGEST_PAGE


def test_markup_of_what_the_knowledge_says(client: TestClient) -> None:
    places = ["/causes", "/findings", "/sources"]
    places += [f"/causes/{name}" for name in list(KNOWLEDGE.causes)[::9]]
    places += [f"/findings/{name}" for name in list(KNOWLEDGE.findings)[::25]]
    places += [f"/sources/{name}" for name in list(KNOWLEDGE.sources)[::25]]
    for place in places:
        response = client.get(place)
        assert response.status_code == 200, place
        _sound(response.text)


def test_every_page_is_easy_to_read(client: TestClient, questions: list[str]) -> None:
    _a_check(client)
    hard = {}
    for place in PAGES:
        if place not in ("/letter", "/consultation"):  # written for clinicians
            hard[place] = _grade(Seen(client.get(place).text).text)
    for number, html in enumerate(questions, 1):
        hard[f"question {number}"] = _grade(Seen(html).text)
    assert {place: round(grade, 1) for place, grade in hard.items() if grade > HARDEST} == {}


def test_every_question_says_why_and_allows_not_sure(questions: list[str]) -> None:
    for html in questions:
        assert WORDS["question"]["because"] in html
        asked = Seen(html)
        values = {row.get("value") for row in asked.inputs("answer")}
        about_the_person = "self" in values or asked.inputs("unsaid")
        assert about_the_person or "not_sure" in values or asked.inputs("not_sure") or asked.inputs("some_unsure")


def test_no_sentence_stands_in_a_template() -> None:
    for path in (ROOM / "templates").glob("*.html"):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        said = re.sub(r"<[^>]*>", " ", text)
        said = re.sub(r'[\w-]+="[^"]*"|\b(ICD-10|DOI|PMID)\b|^\s*(alarm|asks|result|wide)\s*$', "", said, flags=re.M)
        assert re.findall(r"[A-Za-z]{2,}", said) == [], path.name


def _leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, (*path, str(key)))
    else:
        yield path


def test_no_sentence_is_left_over() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for pattern in ("*.py", "templates/*.html") for path in ROOM.glob(pattern)
    )
    by_kind = {"countries", "failed", "dates", "errors"}  # chosen by a key that is computed
    unused = [
        ".".join(path)
        for path in _leaves(WORDS)
        if path[0] not in by_kind and not re.search(rf"""[.'"]{re.escape(path[-1])}\b""", code)
    ]
    assert unused == []


def test_every_country_that_can_be_called_has_a_name() -> None:
    assert set(WORDS["countries"]) == set(KNOWLEDGE.content["phone_numbers"]["countries"])


def test_every_zone_of_the_knowledge_is_on_the_map(questions: list[str]) -> None:
    style = (ROOM / "static" / "style.css").read_text(encoding="utf-8")
    page = next(html for html in questions if 'id="z-neck"' in html)
    for zone in KNOWLEDGE.findings["pain_zone"].states:
        assert f'id="z-{zone}"' in page
        assert f".z-{zone} {{" in style
        assert f".c-{zone}" in style


def _data(shown: str) -> dict[str, Any]:
    def entry(name: str, chance: float, dangerous: bool, word: str | None) -> dict[str, Any]:
        return {"id": name, "label": name, "chance": chance, "lo95": chance / 2, "hi95": min(1, chance * 1.5),
                "dangerous": dangerous, "word": word, "members": []}  # fmt: skip

    mechanical, cardiac = list(KNOWLEDGE.families)[-1], next(iter(KNOWLEDGE.families))
    return {
        "answers": {"setting": "self_check"}, "moved": [],
        "chances": {
            "shown": shown,
            "reported": [entry(mechanical, 0.7, False, "likely"), entry(cardiac, 0.2, True, None)],
            "other": entry("other", 0.1, False, "unlikely"), "dangerous": [], "risk_states": [],
        },
    }  # fmt: skip


def test_figures_come_with_a_hundred_people_and_words_only_on_harmless_causes() -> None:
    values = _chances(_data("figures"), KNOWLEDGE, "en")
    assert values["people"]["svg"].count("<circle") == 100
    assert [row["word"] for row in values["families"]] == ["likely", ""]
    assert values["families"][0]["figure"] == "70 in 100"
    assert values["other"]["figure"] == "10 in 100"
    assert values["people"]["svg"].count('class="k0"') == 10


def test_order_shows_ranges_and_no_single_figure() -> None:
    values = _chances(_data("order"), KNOWLEDGE, "en")
    assert values["people"] is None
    row = _family_row(_data("order")["chances"]["reported"][0], _data("order"), KNOWLEDGE, "en")
    assert row["figure"] == ""
    assert row["word"] == ""
    assert 'class="at"' not in row["bar"]
    assert row["range"] == "35 to 100 in 100"
