"""Forms as nobody should send them: wrong types, huge, repeated, marked up. Every answer is a page, never a crash."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from web.walking import Seen, fill

MARKUP = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "'; DROP TABLE x;--", "\0", "%00",
          "💥" * 50, "../../etc/passwd", "javascript:alert(1)", "&#60;b&#62;", "a" * 4000]  # fmt: skip
NAMES = ["yes", "unsure", "none", "some_unsure", "answer", "not_sure", "country", "private", "link", "day", "time",
         "state", "go", "send", "hurt"]  # fmt: skip
PLACES = ["/", "/question/1", "/question/2", "/question/7", "/change/1", "/open", "/share", "/letter", "/private",
          "/consultation", "/delete"]  # fmt: skip
KNOWN = ["fainting", "tearing_pain", "none", "1", "42", "neck", "GB", "/result", "yes", "0", "11", "-1", "1e9"]

pytestmark = pytest.mark.slow

values = st.one_of(st.sampled_from(MARKUP), st.sampled_from(KNOWN), st.text(max_size=40))
fields = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), values), max_size=12)
TYPES = ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "text/plain", ""]


def _is_a_page(response: Any) -> None:
    assert response.status_code in (200, 400, 403, 404, 405, 413, 422), (response.status_code, response.text[:300])
    if "text/html" not in response.headers.get("content-type", ""):
        return
    seen = Seen(response.text)
    assert seen.wrong == []
    assert all(tag != "script" or "/static/" in attributes.get("src", "") for tag, attributes in seen.elements)
    assert not any(name.startswith("on") for _, attributes in seen.elements for name in attributes)
    assert not any(attributes.get("href", "").lower().startswith("javascript:") for _, attributes in seen.elements)


def _second_page(app: Any) -> TestClient:
    client = TestClient(app, base_url="http://127.0.0.1")
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"none": "1"})
    return client


@settings(max_examples=25)
@given(place=st.sampled_from(PLACES), sent=fields, kind=st.sampled_from(TYPES))
def test_any_form_gets_a_page(app: Any, place: str, sent: list[tuple[str, str]], kind: str) -> None:
    client = _second_page(app)
    body = urlencode(sent).encode()
    headers = {"content-type": kind} if kind else {}
    _is_a_page(client.post(place, content=body, headers=headers))
    _is_a_page(client.get("/check"))


@settings(max_examples=15)
@given(body=st.binary(max_size=400), place=st.sampled_from(PLACES))
def test_any_bytes_get_a_page(app: Any, place: str, body: bytes) -> None:
    client = _second_page(app)
    _is_a_page(client.post(place, content=body, headers={"content-type": TYPES[0]}))


@settings(max_examples=20)
@given(number=st.integers(0, 999), verb=st.sampled_from(["question", "change"]), sent=fields)
def test_any_page_number_gets_a_page(app: Any, number: int, verb: str, sent: list[tuple[str, str]]) -> None:
    client = _second_page(app)
    _is_a_page(client.get(f"/{verb}/{number}"))
    _is_a_page(client.post(f"/{verb}/{number}", content=urlencode(sent), headers={"content-type": TYPES[0]}))


def test_a_body_beyond_64_kb_is_refused_however_it_is_sent(app: Any) -> None:
    client = _second_page(app)
    assert client.post("/question/2", content=b"x" * 70_000, headers={"content-type": TYPES[0]}).status_code == 413
    parts = (b"y" * 1000 for _ in range(70))  # without a length
    assert client.post("/question/2", content=parts, headers={"content-type": TYPES[0]}).status_code == 413


def test_repeating_a_field_hundreds_of_times_is_no_answer(app: Any) -> None:
    client = _second_page(app)
    body = "&".join(["yes=fainting"] * 5000)
    page = client.post("/question/2", content=body, headers={"content-type": TYPES[0]})
    assert 'role="alert"' in page.text


def test_markup_in_every_free_field_comes_back_as_text(app: Any) -> None:
    for text in MARKUP:
        client = _second_page(app)
        page = client.post("/open", data={"link": text})
        _is_a_page(page)
        assert "<img src=x" not in page.text
        response = client.get("/question/2")
        while "inputmode" not in response.text:
            response = client.post(str(response.url), data=fill(Seen(response.text)))
        page = client.post(str(response.url), data={"answer": text})
        _is_a_page(page)
        assert "<img src=x" not in page.text
