"""The clinicians' forms as nobody should send them: every answer is a page, and nothing sent becomes markup."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from people import KNOWLEDGE, raw_answers
from web.test_forms_fuzz import MARKUP, _is_a_page

pytestmark = pytest.mark.slow

PLACES = ["/clinician", "/clinician/note", "/clinician/proposals", "/clinician/letter", "/clinician/letter.pdf"]
FINDINGS = sorted(KNOWLEDGE.findings)
STATES = sorted({state for finding in KNOWLEDGE.findings.values() for state in finding.states})
names = st.one_of(
    st.sampled_from(["setting", "age", "sex", "query", "do", "note", "take", "passed", "hurt"]),
    st.sampled_from(FINDINGS).map("f-".__add__), st.sampled_from(FINDINGS).map("n-".__add__),
    st.sampled_from(FINDINGS).map("a-".__add__), st.text(max_size=8),
)  # fmt: skip
values = st.one_of(
    st.sampled_from([*MARKUP, "yes", "no", "not_sure", "", "0", "58", "1e9", "-1", "38,5", "female", "male",
                     "primary_care", "case_set", "result", "search", "save", "note", "clear", "confirm", "tick_all",
                     "fever, no cough"]),
    st.sampled_from(FINDINGS), st.sampled_from(STATES), st.text(max_size=40),
)  # fmt: skip
forms = st.lists(st.tuples(names, values), max_size=14)


@settings(max_examples=60)
@given(sent=st.lists(st.tuples(st.sampled_from(PLACES), forms), min_size=1, max_size=3))
def test_any_forms_one_after_another_get_pages(app: Any, sent: list[tuple[str, list[tuple[str, str]]]]) -> None:
    client = TestClient(app, base_url="http://127.0.0.1")
    client.post("/clinician/note", data={"note": "58F thoracic pain 3/52, denies fever, father had MI"})
    for place, form in sent:
        body = urlencode(form, errors="replace").encode()
        _is_a_page(client.post(place, content=body, headers={"content-type": "application/x-www-form-urlencoded"}))
    _is_a_page(client.get("/clinician"))


@settings(max_examples=12)
@given(raw=raw_answers(most=25), age=st.integers(0, 110), sex=st.sampled_from(["", "female", "male"]))
def test_any_case_has_a_result_a_letter_and_a_file(app: Any, raw: dict[str, Any], age: int, sex: str) -> None:
    client = TestClient(app, base_url="http://127.0.0.1")
    form = {f"f-{name}": value for name, value in raw.items()} | {"age": str(age), "sex": sex, "do": "result"}
    for path in ("/clinician", "/clinician/letter", "/clinician/result.json"):
        _is_a_page(client.post(path, data=form) if path == "/clinician" else client.get(path))


@settings(max_examples=30)
@given(note=st.one_of(st.text(max_size=200), st.lists(st.sampled_from(MARKUP), max_size=4).map(" fever ".join)))
def test_any_note_gets_its_proposals(app: Any, note: str) -> None:
    client = TestClient(app, base_url="http://127.0.0.1")
    page = client.post("/clinician/note", content=urlencode({"note": note}, errors="replace").encode(),
                       headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    _is_a_page(page)
    _is_a_page(client.post("/clinician/proposals", data={"do": "tick_all"}))
