"""The interface for programs gives what the engine gives, and says what is wrong with what it cannot take."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings

from midback.answers import read_answers
from midback.assessment import assess
from midback.interfaces.web import work
from midback.interfaces.web.app import create_app
from midback.interfaces.web.configuration import read_configuration
from midback.interview import next_question
from midback.knowledge import load_knowledge
from midback.report import assessment_json, question_json

RAW = {"age": 70, "sex": "male", "setting": "primary_care", "answers": {"fever": "yes", "pain_now": 7, "rigors": False}}

APP = create_app(read_configuration({"MIDBACK_SECRET": "a secret for the schema tests"}))
quick = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)
heavy = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)
heavy.config.phases.coverage.enabled = False
# Well-formed answers may still contradict each other (a yes that age or another no rules out): 422 is right then.
NOT_HERE = [schemathesis.checks.CHECKS.get_one("positive_data_acceptance")]


@pytest.mark.slow
@quick.include(path_regex="/api/v1/next").parametrize()
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
def test_the_next_question_keeps_its_description(case: Any) -> None:
    case.call_and_validate(excluded_checks=NOT_HERE)


@pytest.mark.slow
@heavy.include(path_regex="/api/v1/(assess|plan)").parametrize()
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
def test_results_keep_their_description(case: Any) -> None:
    case.call_and_validate(excluded_checks=NOT_HERE)


def test_the_same_answer_through_every_door(client: TestClient) -> None:
    knowledge = load_knowledge()
    answers = read_answers(RAW, knowledge)
    through = client.post("/api/v1/assess", json=RAW).json()
    assert through == json.loads(json.dumps(assessment_json(assess(answers, knowledge), knowledge)))
    asked = client.post("/api/v1/next", json=RAW).json()
    assert asked == json.loads(json.dumps(question_json(next_question(answers, knowledge), answers, knowledge)))


def test_a_plan_comes_with_its_kind(client: TestClient) -> None:
    plan = client.post("/api/v1/plan", json=RAW).json()
    assert plan["kind"] in ("emergency", "incomplete", "see_first", "full")


@pytest.mark.parametrize(
    ("sent", "status", "path"),
    [
        ({"answers": {"feverr": "yes"}}, 422, "answers.feverr"),
        ({"answers": {"fever": "maybe"}}, 422, "answers.fever"),
        ({"age": -1}, 422, "age"),
        ({"age": "70"}, 422, "age"),
        ({"colour": "red"}, 422, "colour"),
        ({"answers": {"pain_now": 14}}, 422, "answers.pain_now"),
        ({"setting": "moon"}, 422, "setting"),
    ],
)
def test_each_problem_is_named_with_the_way_out(client: TestClient, sent: Any, status: int, path: str) -> None:
    answer = client.post("/api/v1/assess", json=sent)
    assert answer.status_code == status
    problems = answer.json()["problems"]
    assert path in [problem["path"] for problem in problems]
    assert all(problem["what"] and problem["fix"] for problem in problems)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 5000, b"nul", b'{"age": NaN}', b'{"age": 1e999}'])
def test_what_is_no_json_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/next", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["kind"] == "problems"


def test_large_bodies_and_unknown_addresses(client: TestClient) -> None:
    big = client.post("/api/v1/next", content=b" " * 70_000, headers={"content-type": "application/json"})
    assert big.status_code == 413
    assert client.get("/api/v1/nothing").status_code == 404
    assert client.get("/api/v1/next").status_code == 405
    assert client.get("/api/v1/next").json()["kind"] == "problems"


def test_beyond_the_queue_a_result_is_answered_with_503(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_WAITING", 0)
    answer = client.post("/api/v1/assess", json=RAW)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"none": "1"})
    page = client.get("/result")
    assert page.status_code == 503
    assert int(page.headers["retry-after"]) > 0
    assert load_knowledge().words["en"]["web"]["failed"]["busy"]["title"] in page.text


def test_the_queue_empties_again_after_a_failure() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def many() -> None:
        for _ in range(work.MOST_WAITING + 5):
            with pytest.raises(ZeroDivisionError):
                await work.work_out(fail)
        assert await work.work_out(int, "7") == 7

    with ThreadPoolExecutor(1) as thread:  # a browser of another test may own this thread's loop
        thread.submit(asyncio.run, many()).result()
