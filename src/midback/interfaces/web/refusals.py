"""Answers to requests that cannot be served: a page for people, a list of problems for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.types import Scope

from midback.errors import Problem

if TYPE_CHECKING:
    from midback.interfaces.web.shell import Shell

__all__ = ["problems_response", "refusal"]

KINDS = {400: "method", 403: "refused", 404: "not_found", 405: "method", 413: "too_large", 503: "busy"}
WHAT = {
    400: ("this request cannot be read", "send JSON as described at /api/v1/openapi.json"),
    403: ("this request comes from another site", "send it from a page of this server"),
    404: ("there is nothing here", "see /api/v1/openapi.json"),
    405: ("this method is not allowed here", "see /api/v1/openapi.json"),
    413: ("the body is larger than 64 KB", "send one person's answers at a time"),
    500: ("something went wrong on this side", "try again; nothing was stored"),
    503: ("too many requests are being answered", "wait for the seconds in Retry-After, then try again"),
}


def problems_response(status: int, problems: Iterable[Problem]) -> JSONResponse:
    """Problems as JSON: what, where and how to mend each."""
    rows = [{"what": problem.what, "path": problem.path, "fix": problem.fix} for problem in problems]
    headers = {"Retry-After": "5"} if status == 503 else None
    return JSONResponse({"schema_version": 1, "kind": "problems", "problems": rows}, status, headers)


def refusal(scope: Scope, status: int) -> Response:
    """The refusal of one request in the form that its sender reads."""
    if scope["path"].startswith("/api/"):
        what, fix = WHAT.get(status, WHAT[400])
        return problems_response(status, [Problem("request", "", what, fix)])
    shell: Shell = scope["app"].state.shell
    response: Response = HTMLResponse(shell.failed_page(KINDS.get(status, "broken"), Request(scope)), status)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response
