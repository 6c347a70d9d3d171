"""What every request and response passes: size, load, where it comes from, and the headers of each answer."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LARGEST_FORM", "Guard"]

LARGEST_BODY = 64 * 1024
LARGEST_FORM = 8 * 1024 * 1024  # ten years of diary with several entries a day are 4 MB
WITH_FILES = ("/diary", "/check-in", "/saved", "/private")
MOST_AT_ONCE = 1000
LONGEST_UPLOAD = 180.0  # seconds: 8 MB over a slow phone
LONGEST_SENDING = 30.0  # seconds: 64 KB over a slow phone
MOST_LARGE_AT_ONCE = 12  # so that large forms together never take more than some 100 MB
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "connect-src 'self'; worker-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def _read(receive: Receive, with_file: bool) -> bytes | int:
    """The whole body, however it is sent; or the status to refuse it with: larger than anything that belongs here, or
    too slow."""
    largest = LARGEST_FORM if with_file else LARGEST_BODY
    parts, size, more = [], 0, True
    try:
        # Nobody keeps a place by dripping.
        async with asyncio.timeout(LONGEST_UPLOAD if with_file else LONGEST_SENDING):
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    break
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > largest:
                    return 413
                more = message.get("more_body", False)
    except TimeoutError:
        return 503
    return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class Guard:
    """An ASGI layer: 413 for large bodies, 503 when overloaded, 403 for forms sent from elsewhere, headers always."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.running = 0
        self.large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out[name] = value
                if not scope["path"].startswith("/static/"):
                    out["Cache-Control"] = "no-store"
            await send(message)

        if self.running >= MOST_AT_ONCE:
            await self._refuse(scope, receive, send_guarded, 503)
            return
        from_elsewhere = headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        if scope["method"] == "POST" and from_elsewhere and not scope["path"].startswith("/api/"):
            await self._refuse(scope, receive, send_guarded, 403)
            return
        with_file = scope["path"] in WITH_FILES and headers.get("content-type", "").startswith("multipart/form-data")
        if with_file and self.large >= MOST_LARGE_AT_ONCE:
            await self._refuse(scope, receive, send_guarded, 503)
            return
        self.running += 1
        self.large += with_file
        try:
            body = b"" if scope["method"] in ("GET", "HEAD") else await _read(receive, with_file)
            if isinstance(body, int):
                await self._refuse(scope, receive, send_guarded, body)
                return
            await self.app(scope, _replay(body, receive), send_guarded)
        finally:
            self.running -= 1
            self.large -= with_file

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int) -> None:
        from midback.interfaces.web.refusals import refusal

        await refusal(scope, status)(scope, receive, send)
