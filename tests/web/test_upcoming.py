"""The next page is worked out once, when a page is answered, and is then only shown and answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from fastapi.testclient import TestClient

from midback.interfaces.web import check_pages
from midback.interfaces.web.configuration import Configuration
from midback.interfaces.web.journey import next_step
from midback.interfaces.web.state import State, open_state, seal_state
from midback.interview import Question
from midback.knowledge import load_knowledge
from web.walking import Seen, fill


def carried(client: TestClient, configuration: Configuration) -> State:
    return open_state(client.cookies["midback"], Fernet(configuration.key))


def test_the_page_carried_is_always_the_one_that_the_answers_ask_for(
    client: TestClient, configuration: Configuration
) -> None:
    page = client.post("/", data={"country": "GB"})
    met = 0
    while "/question/" in str(page.url):
        page = client.post(str(page.url), data=fill(Seen(page.text)))
        state = carried(client, configuration)
        step = next_step(state.steps, load_knowledge())
        if isinstance(step, Question):
            assert state.upcoming == step
            met += 1
        else:
            assert (state.upcoming, state.ended) == (None, step.why)
    assert met > 10


def test_showing_and_answering_a_page_works_out_one_question_only(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.post("/", data={"country": "GB"})
    worked_out: list[int] = []

    def counted(*given: object) -> object:
        worked_out.append(1)
        return next_step(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(check_pages, "next_step", counted)
    page = client.post(str(page.url), data=fill(Seen(page.text)))
    before = len(worked_out)
    for _ in range(4):
        page = client.get(str(page.url))
        page = client.post(str(page.url), data=fill(Seen(page.text)))
    assert len(worked_out) - before == 4


def test_changing_an_answer_forgets_the_page_that_came_next(client: TestClient, configuration: Configuration) -> None:
    page = client.post("/", data={"country": "GB"})
    for _ in range(3):
        page = client.post(str(page.url), data=fill(Seen(page.text)))
    assert carried(client, configuration).upcoming is not None
    client.post("/change/2", data={"none": "1"})
    assert carried(client, configuration).upcoming is None


def test_a_page_that_a_newer_knowledge_cannot_ask_is_worked_out_again(
    client: TestClient, configuration: Configuration
) -> None:
    client.post("/", data={"country": "GB"})
    state = carried(client, configuration)
    step = next_step(state.steps, load_knowledge())
    assert isinstance(step, Question)
    gone = replace(state, upcoming=replace(step, items=("a_finding_of_long_ago",)))
    client.cookies.clear()
    client.cookies.set("midback", seal_state(gone, Fernet(configuration.key)))
    assert [row["value"] for row in Seen(client.get("/question/1").text).inputs("yes")] == list(step.items)
