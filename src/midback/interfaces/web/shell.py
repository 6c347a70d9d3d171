"""From a visit to a response: the table of pages, the sealed cookie, the HTML around each page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from typing import Any

from cryptography.fernet import Fernet
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from midback.errors import AnswersRefused, ContradictoryEvidence
from midback.interfaces.web.configuration import Configuration
from midback.interfaces.web.language import language_for
from midback.interfaces.web.phone import country_of_language, phone_for
from midback.interfaces.web.state import State, StateLost, open_state, seal_state
from midback.interfaces.web.visit import Handler, Reply, Visit, go_to, show
from midback.knowledge import Knowledge
from midback.report.charts import drawing_in_words
from midback.report.figures import day_text

__all__ = ["Busy", "PageRoute", "Shell", "failed"]

COOKIE = "midback"
CLINICIANS = "/clinician"  # these pages have a case, and a cookie, of their own
CLINICIANS_COOKIE = "midback_clinician"
MOST_TURNS = 4  # a page that sends on and on is a defect, not a journey
STATIC_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


class Busy(Exception):
    """More results are being worked out than this server can: come back in some seconds."""


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One page address: ``pattern`` matches a path, ``methods`` are allowed, ``handler`` answers."""

    pattern: re.Pattern[str]
    methods: tuple[str, ...]
    handler: Handler

    @classmethod
    def at(cls, path: str, handler: Handler, *methods: str) -> PageRoute:
        """A route for ``path`` with named groups in regular-expression form."""
        return cls(re.compile(path), methods or ("GET",), handler)


def _is_clinicians(path: str) -> bool:
    return path == CLINICIANS or path.startswith(f"{CLINICIANS}/")


def _fill(text: str, **values: Any) -> str:
    return text.format(**values)


@pass_context
def _spoken(context: Context, day: date | str) -> str:
    """A day as it is said in the page's language."""
    return day_text(day, context["i"])


@pass_context
def _drawn(context: Context, exercise: str) -> Markup:
    """The drawing of an exercise, to stand inside a page and take the page's colours."""
    said = context["all_words"]["care"]["exercises"][exercise]
    drawing = context["knowledge"].drawings.get(f"{exercise}.svg", "")
    return Markup(drawing_in_words(drawing, said["label"], said["picture"]))


def _target(where: str, page: Any) -> str:
    """The id of the element that an error points at."""
    if where in ("none", "some_unsure", "not_sure", "answer", "age", "unsaid", "day", "link"):
        return where if page is None or page.form != "choice" else f"a-{where}"
    if page is None:
        return "answer"
    if page.form == "person":
        return f"a-{where}"
    prefix = {"checklist": "y-", "places": "z-"}.get(page.form, "a-")
    if page.form in ("checklist",):
        return prefix + where
    return prefix + (where if where in page.choices else page.choices[0])


def _static_names() -> tuple[dict[str, str], dict[str, tuple[bytes, str]]]:
    """(plain name -> served name with its content's hash, served name -> content and type)."""
    names, served = {}, {}
    ours = [*files("midback.interfaces.web").joinpath("static").iterdir(),
            files("midback.report.site").joinpath("reference.css")]  # fmt: skip
    for entry in ours:
        stem, _, ending = entry.name.rpartition(".")
        if ending not in STATIC_TYPES:
            continue
        content = entry.read_bytes()
        name = f"{stem}.{hashlib.blake2b(content, digest_size=6).hexdigest()}.{ending}"
        names[entry.name] = f"/static/{name}"
        served[name] = (content, STATIC_TYPES[ending])
    return names, served


@dataclass(slots=True)
class Shell:
    """Everything the pages share in one process."""

    knowledge: Knowledge
    configuration: Configuration
    routes: Sequence[PageRoute]
    sealer: Fernet = field(init=False)
    templates: Environment = field(init=False)
    static: Mapping[str, tuple[bytes, str]] = field(init=False)
    addresses: Mapping[str, str] = field(init=False)  # of the static files, by their plain names

    def __post_init__(self) -> None:
        self.sealer = Fernet(self.configuration.key)
        self.addresses, self.static = _static_names()
        self.templates = Environment(
            loader=PackageLoader("midback.interfaces.web"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip
        self.templates.filters |= {"fill": _fill, "spoken": _spoken, "target": _target, "drawn": _drawn}
        self.templates.globals |= {
            "static": self.addresses, "knowledge": self.knowledge,
        }  # fmt: skip

    def find(self, path: str, method: str) -> tuple[Handler, dict[str, str]] | int:
        """The handler of a page and what its path names; 404 or 405 when there is none."""
        status = 404
        for route in self.routes:
            match = route.pattern.fullmatch(path)
            if match and method in route.methods:
                return route.handler, match.groupdict()
            status = 405 if match else status
        return status

    async def _turn(self, visit: Visit, path: str) -> Reply:
        found = self.find(path, "POST" if visit.sent else "GET")
        if isinstance(found, int):
            return failed("not_found" if found == 404 else "method", found)
        handler, parts = found
        try:
            return await handler(replace(visit, parts=parts))
        except (AnswersRefused, ContradictoryEvidence):
            return failed("impossible", 422)
        except Busy:
            return failed("busy", 503)

    def _seen(self, request: Request, form: Mapping[str, Sequence[str]], token: str | None) -> Visit:
        state, lost = None, False
        if token:
            try:
                state = open_state(token, self.sealer)
            except StateLost:
                lost = True
        tongue = state
        if _is_clinicians(request.url.path) and COOKIE in request.cookies:
            try:  # the language is chosen once for all pages
                tongue = open_state(request.cookies[COOKIE], self.sealer)
            except StateLost:
                tongue = None
        asked, wished = request.query_params.get("lang", ""), request.headers.get("accept-language", "")
        language = language_for(asked, tongue, wished, self.knowledge)
        stateless = language == asked or (state is not None and state.private)
        return Visit(
            knowledge=self.knowledge, configuration=self.configuration, state=state, form=form,
            files=getattr(request.state, "files", {}),
            language=language, tongue=f"?lang={language}" if stateless else "",
            sent=request.method == "POST", languages=wished, lost=lost,
            address=f"{request.url.scheme}://{request.url.netloc}",
        )  # fmt: skip

    async def answer(self, request: Request, form: Mapping[str, Sequence[str]]) -> Response:
        """The response to a request for a page, with the answers in the cookie."""
        path = request.url.path
        clinicians = _is_clinicians(path)
        home = CLINICIANS if clinicians else "/"
        visit = self._seen(request, form, request.cookies.get(CLINICIANS_COOKIE if clinicians else COOKIE))
        if visit.lost and path != home:
            reply = go_to(home)  # the start page says why, and deletes the cookie that cannot be read
        else:
            reply = await self._turn(visit, path)
        if reply.state is not None and reply.state.private:
            return await self._privately(request, visit, reply, path)
        return self._respond(request, reply, visit, path)

    async def answer_private(self, request: Request, form: Mapping[str, Sequence[str]]) -> Response:
        """The response to a form that carries the sealed answers itself: no cookie, no redirect."""
        visit = self._seen(request, form, (form.get("state") or [""])[0])
        path = (form.get("go") or ["/"])[0]
        if visit.lost or visit.state is None:
            visit = replace(visit, sent=False, form={}, lost=True)
            return self._respond(request, await self._turn(visit, "/"), visit, "/")
        visit = replace(visit, sent="send" in form)
        reply = await self._turn(visit, path)
        return await self._privately(request, visit, reply, path)

    async def _privately(self, request: Request, visit: Visit, reply: Reply, path: str) -> Response:
        for _ in range(MOST_TURNS):
            if not reply.go or reply.forget:
                break
            path = reply.go
            state = reply.state or visit.state
            language = language_for("", state, visit.languages, self.knowledge)
            visit = replace(visit, state=state, language=language, tongue=f"?lang={language}", sent=False, form={})
            reply = await self._turn(visit, path)
        return self._respond(request, reply, visit, path)

    def _respond(self, request: Request, reply: Reply, visit: Visit, path: str) -> Response:
        state = reply.state or visit.state
        private = state is not None and state.private
        response: Response
        if reply.go:
            response = RedirectResponse(reply.go, status_code=303)
        elif reply.content:
            response = Response(reply.content, media_type=reply.media_type)
            response.headers["Content-Disposition"] = f'attachment; filename="{reply.filename}"'
        else:
            response = HTMLResponse(self.page(reply, None if reply.forget else state, visit, path), reply.status)
        if reply.status == 503:
            response.headers["Retry-After"] = "5"
        secure = request.url.scheme == "https"
        own = (CLINICIANS_COOKIE, CLINICIANS) if _is_clinicians(request.url.path) else (COOKIE, "/")
        gone = []
        if reply.forget:
            gone = [(COOKIE, "/"), (CLINICIANS_COOKIE, CLINICIANS)]
        elif visit.lost and not reply.state and not reply.go:
            gone = [own]
        elif reply.state is not None and not private:
            token = seal_state(reply.state, self.sealer)
            response.set_cookie(own[0], token, path=own[1], httponly=True, samesite="strict", secure=secure)
        elif private and COOKIE in request.cookies:  # it kept the language chosen before; now nothing is kept
            gone = [(COOKIE, "/")]
        for name, place in gone:
            response.delete_cookie(name, path=place, httponly=True, samesite="strict", secure=secure)
        if reply.forget:
            response.headers["Clear-Site-Data"] = '"cookies", "storage"'
        return response

    def page(self, reply: Reply, state: State | None, visit: Visit, path: str) -> str:
        """One page as HTML."""
        private = state is not None and state.private
        country = state.country if state else country_of_language(visit.languages, self.knowledge)
        first = next(iter(self.knowledge.languages))
        frame = {
            "sealed": seal_state(state, self.sealer) if private and state else "",
            "private": private, "running": bool(state and state.steps), "phone": phone_for(country, self.knowledge),
            "path": path, "language": visit.language, "tongue": visit.tongue, "languages": self.knowledge.languages,
            "all_words": visit.all_words, "w": visit.words, "i": visit.all_words["interface"],
            # what only the first language has (citations, quotations, reasons of numbers) is marked as such
            "quoted": "" if visit.language == first else Markup(' lang="{}"').format(first),
        }  # fmt: skip
        return self.templates.get_template(reply.template).render({**frame, **reply.values})

    def failed_page(self, kind: str, request: Request) -> str:
        """The page for a request that was refused before it reached any page."""
        visit = replace(self._seen(request, {}, request.cookies.get(COOKIE)), state=None)
        return self.page(failed(kind, 0), None, visit, "/")


def failed(kind: str, status: int) -> Reply:
    """A page that says what went wrong and what to do."""
    return show("failed.html", status=status, kind=kind)
