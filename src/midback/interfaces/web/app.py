"""The web application: pages for people, an interface for programs, one knowledge for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from midback import __version__
from midback.interfaces.web import (
    check_pages,
    clinician_pages,
    diary_pages,
    evaluation_page,
    offline_pages,
    reference_pages,
    result_pages,
    saved_pages,
)
from midback.interfaces.web.api import install_api
from midback.interfaces.web.configuration import Configuration, read_configuration
from midback.interfaces.web.guard import Guard
from midback.interfaces.web.language import choose_language
from midback.interfaces.web.refusals import refusal
from midback.interfaces.web.sent import read_sent
from midback.interfaces.web.shell import PageRoute, Shell
from midback.interfaces.web.work import settle
from midback.knowledge import load_knowledge

__all__ = ["create_app"]

# Spans and logs of requests could carry answers to another host: none are made, whatever the environment says.
NO_TELEMETRY: TelemetryConfig = {
    "tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False,
}  # fmt: skip
IMMUTABLE = "public, max-age=31536000, immutable"

ROUTES = (
    PageRoute.at("/", check_pages.start, "GET", "POST"),
    PageRoute.at("/(?P<verb>question|change)/(?P<number>[0-9]{1,3})", check_pages.question, "GET", "POST"),
    PageRoute.at("/language", choose_language, "GET", "POST"),
    PageRoute.at("/check", check_pages.check),
    PageRoute.at("/delete", check_pages.delete, "POST"),
    PageRoute.at("/deleted", check_pages.deleted),
    PageRoute.at("/leave", check_pages.leave),
    PageRoute.at("/result", result_pages.result),
    PageRoute.at("/result\\.pdf", result_pages.result_pdf),
    PageRoute.at("/result\\.ics", result_pages.result_calendar),
    PageRoute.at("/letter", result_pages.letter_page, "GET", "POST"),
    PageRoute.at("/letter\\.pdf", result_pages.letter_pdf, "GET", "POST"),
    PageRoute.at("/share", result_pages.share, "GET", "POST"),
    PageRoute.at("/open", result_pages.open_link, "GET", "POST"),
    PageRoute.at("/consultation", result_pages.consultation, "GET", "POST"),
    PageRoute.at("/result\\.json", saved_pages.kept_result),
    PageRoute.at("/saved", saved_pages.saved, "GET", "POST"),
    PageRoute.at("/diary", diary_pages.diary, "GET", "POST"),
    PageRoute.at("/check-in", diary_pages.look_again, "GET", "POST"),
    PageRoute.at("/emergency-signs", offline_pages.emergency_signs),
    PageRoute.at("/offline", offline_pages.offline),
    PageRoute.at("/kept", offline_pages.kept, "GET", "POST"),
    PageRoute.at("/clinician", clinician_pages.entry, "GET", "POST"),
    PageRoute.at("/clinician/note", clinician_pages.note, "GET", "POST"),
    PageRoute.at("/clinician/proposals", clinician_pages.proposals, "GET", "POST"),
    PageRoute.at("/clinician/result", clinician_pages.result),
    PageRoute.at("/clinician/result\\.json", clinician_pages.result_json),
    PageRoute.at("/clinician/letter", clinician_pages.letter, "GET", "POST"),
    PageRoute.at("/clinician/letter\\.pdf", clinician_pages.letter_pdf, "GET", "POST"),
    PageRoute.at("/about", reference_pages.about),
    PageRoute.at("/evaluation", evaluation_page.evaluation),
    PageRoute.at(f"/(?P<kind>{'|'.join(reference_pages.PATHS)})", reference_pages.reference),
    PageRoute.at(f"/(?P<kind>{'|'.join(reference_pages.PATHS)})/(?P<id>[a-z0-9_]{{1,60}})", reference_pages.reference),
)


def create_app(configuration: Configuration | None = None) -> FastAPI:
    """The application, ready to serve. Raises KnowledgeError and ConfigurationRefused.

    ``configuration`` is read from the environment unless given; see read_configuration.
    """
    configuration = configuration or read_configuration()
    shell = Shell(load_knowledge(configuration.knowledge), configuration, ROUTES)

    @asynccontextmanager
    async def warm(_: FastAPI) -> AsyncIterator[None]:
        result_pages.warm_up(shell.knowledge, configuration.knowledge)
        settle()
        yield

    app = FastAPI(title="Midback", version=__version__, docs_url=None, redoc_url=None, lifespan=warm,
                  openapi_url="/api/v1/openapi.json", telemetry=NO_TELEMETRY)  # fmt: skip
    app.state.shell = shell
    install_api(app, shell.knowledge, configuration.knowledge)

    @app.get("/static/{name}", include_in_schema=False)
    async def static(name: str) -> Response:
        if name not in shell.static:
            raise HTTPException(404)
        content, media_type = shell.static[name]
        return Response(content, media_type=media_type, headers={"Cache-Control": IMMUTABLE})

    @app.get("/service-worker.js", include_in_schema=False)
    async def worker(lang: str = "") -> Response:
        language = lang if lang in shell.knowledge.languages else next(iter(shell.knowledge.languages))
        script = offline_pages.service_worker(language, shell.knowledge, shell.addresses, configuration.leave_to)
        return Response(script, media_type="text/javascript; charset=utf-8")

    @app.post("/private", include_in_schema=False)
    async def private(request: Request) -> Response:
        return await shell.answer_private(request, await read_sent(request))

    @app.api_route("/{path:path}", methods=["GET", "HEAD", "POST"], include_in_schema=False)
    async def page(request: Request, path: str) -> Response:
        if path.startswith("api/"):
            known = f"/{path}" in app.openapi()["paths"]
            raise HTTPException(405, headers={"Allow": "POST"}) if known else HTTPException(404)
        return await shell.answer(request, await read_sent(request))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        response = refusal(request.scope, error.status_code)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def broken(request: Request, _: Exception) -> Response:
        return refusal(request.scope, 500)

    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=5)
    app.add_middleware(Guard)
    return app
