"""The interface for programs: answers in, the same JSON out as `midback assess` and `midback next` print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from midback.answers import OLDEST, Answers, read_answers
from midback.assessment import assess
from midback.errors import AnswersRefused, ContradictoryEvidence, Problem
from midback.interfaces.web.refusals import problems_response
from midback.interfaces.web.shell import Busy
from midback.interfaces.web.work import knowledge_apart, work_apart
from midback.interview import next_question
from midback.knowledge import Finding, Hashes, Knowledge
from midback.report import assessment_json, question_json

__all__ = ["AnswersIn", "NextIn", "ProblemOut", "ProblemsOut", "install_api"]

MOST_ANSWERS = 600
Lang = Annotated[str, Query(max_length=8, description="language of the sentences, such as es")]
Text = Annotated[str, Field(max_length=100)]
Value = bool | int | float | Text | Annotated[list[Text], Field(max_length=60)] | None


class AnswersIn(BaseModel):
    """One person's answers, as docs/answers_format.md describes them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    schema_version: Literal[1] = 1
    id: Text | None = None
    who: Literal["self", "child", "someone_else", "patient"] = "self"
    age: Annotated[int, Field(ge=0, le=OLDEST)] | None = None
    sex: Literal["female", "male"] | None = None
    setting: Literal["self_check", "primary_care", "emergency_department", "spine_clinic"] = "primary_care"
    knowledge_version: Text | None = None
    answers: Annotated[dict[Text, Value], Field(max_length=MOST_ANSWERS)] = {}

    def read(self, knowledge: Knowledge) -> Answers:
        """Checked Answers. Raises AnswersRefused."""
        return read_answers(self.model_dump(exclude_none=True, exclude={"unsaid"}), knowledge)


class NextIn(AnswersIn):
    """The same, with what was asked about the person and left unsaid: it is not asked again."""

    unsaid: Annotated[list[Literal["age", "sex"]], Field(max_length=2)] = []


class ProblemOut(BaseModel):
    """One thing that is wrong, where, and how to mend it."""

    what: str
    path: str
    fix: str


class ProblemsOut(BaseModel):
    """Why a request was not answered."""

    schema_version: Literal[1] = 1
    kind: Literal["problems"] = "problems"
    problems: list[ProblemOut]


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": ProblemsOut, "description": "the body is no JSON"},
    413: {"model": ProblemsOut, "description": "the body is larger than 64 KB"},
    422: {"model": ProblemsOut, "description": "the answers cannot be; every problem is named"},
    503: {"model": ProblemsOut, "description": "too many requests; see Retry-After"},
}


def _answers_schema(knowledge: Knowledge) -> dict[str, Any]:
    """The JSON schema of ``answers``: every finding with what it takes."""

    def values(finding: Finding) -> dict[str, Any]:
        if finding.kind == "binary":
            return {"enum": ["yes", "no", "not_sure", True, False, None]}
        words: dict[str, Any] = {"enum": [*finding.states, "not_sure", None]}
        if finding.kind == "many_of":
            return {"anyOf": [words, {"type": "array", "items": {"enum": list(finding.states)}, "maxItems": 60}]}
        return {"anyOf": [words, {"type": "number"}]} if finding.starts else words

    findings = knowledge.findings.values()
    return {
        "type": "object", "additionalProperties": False, "default": {},
        "properties": {
            row.id: {"title": knowledge.say("findings", row.id, "clinical"), **values(row)} for row in findings
        },
    }  # fmt: skip


def _language(code: str, knowledge: Knowledge) -> str:
    if code not in knowledge.languages:
        known = ", ".join(knowledge.languages)
        raise AnswersRefused((Problem("request", "lang", f"there are no words for the language '{code}'", known),))
    return code


# These two run in the process for results.
def _assessed(raw: Mapping[str, Any], root: Path | None, hashes: Hashes, language: str) -> dict[str, Any]:
    knowledge = knowledge_apart(root, hashes)
    return assessment_json(assess(read_answers(raw, knowledge), knowledge), knowledge, language)


def _planned(raw: Mapping[str, Any], root: Path | None, hashes: Hashes) -> dict[str, Any]:
    from midback.care import plan, plan_to_raw

    knowledge = knowledge_apart(root, hashes)
    made = plan(assess(read_answers(raw, knowledge), knowledge), knowledge, date.today())
    return {"kind_of_document": "plan", **plan_to_raw(made)}


def install_api(app: FastAPI, knowledge: Knowledge, root: Path | None) -> None:
    """Add /api/v1/assess, /api/v1/next and /api/v1/plan to ``app``, and errors as lists of problems."""
    first = next(iter(knowledge.languages))

    @app.post("/api/v1/assess", responses=REFUSALS, summary="How urgent, what it could be, and why")
    async def post_assess(body: AnswersIn, lang: Lang = first) -> dict[str, Any]:
        return await work_apart(
            _assessed, body.read(knowledge).to_raw(), root, knowledge.hashes, _language(lang, knowledge)
        )

    @app.post("/api/v1/next", responses=REFUSALS, summary="The next question, or that there is none")
    async def post_next(body: NextIn, lang: Lang = first) -> dict[str, Any]:
        answers = body.read(knowledge)
        step = next_question(answers, knowledge, body.unsaid)
        return question_json(step, answers, knowledge, _language(lang, knowledge))

    @app.post("/api/v1/plan", responses=REFUSALS, summary="What to do, from today on")
    async def post_plan(body: AnswersIn) -> dict[str, Any]:
        return await work_apart(_planned, body.read(knowledge).to_raw(), root, knowledge.hashes)

    described = app.openapi

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = described()
            schemas = description["components"]["schemas"]
            for name in ("AnswersIn", "NextIn"):
                schemas[name]["properties"]["answers"] = _answers_schema(knowledge)
        return described()

    app.openapi = describe  # type: ignore[method-assign]

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        unreadable = any(row["type"] == "json_invalid" for row in error.errors())
        rows = [
            Problem("request", ".".join(str(step) for step in row["loc"][1:]), str(row["msg"]),
                    "see /api/v1/openapi.json")
            for row in error.errors()[:20]
        ]  # fmt: skip
        return problems_response(400 if unreadable else 422, rows)

    @app.exception_handler(AnswersRefused)
    async def refused(_: Request, error: AnswersRefused) -> Response:
        return problems_response(422, error.problems)

    @app.exception_handler(ContradictoryEvidence)
    async def contradictory(_: Request, error: ContradictoryEvidence) -> Response:
        return problems_response(422, [Problem("request", "answers", str(error), "change one of the answers")])

    @app.exception_handler(Busy)
    async def busy(_: Request, __: Busy) -> Response:
        what = "too many results are being worked out"
        return problems_response(503, [Problem("request", "", what, "wait for the seconds in Retry-After")])
