"""A light browser for many at once: kept connections, cookies, forms; and whole checks walked to collect requests."""

from __future__ import annotations

import asyncio
import gzip
import re
import urllib.parse
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from web.walking import HARMLESS, Seen, fill

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ask:
    """One request: what it is counted as, and what is sent."""

    kind: str  # shown | answered | result
    method: str
    path: str
    cookie: str = ""
    form: str = ""


@dataclass(frozen=True)
class Got:
    """What came back; status 0 when nothing did."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def text(self) -> str:
        """The page."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Client:
    """Connections to one server, each used again when it is free, as browsers do; the longest free one first, so that
    work spreads over all of them, and with them over the workers that hold them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: deque[Connection] = deque()

    async def ask(self, asked: Ask) -> Got:
        """The answer. A kept connection that the server closed meanwhile is opened anew, once."""
        if self.free:
            got = await self._over(self.free.popleft(), asked)
            if got.status:
                return got
        try:
            opened = await asyncio.open_connection(HOST, self.port)
        except OSError:
            return Got()
        return await self._over(opened, asked)

    async def _over(self, connection: Connection, asked: Ask) -> Got:
        reader, writer = connection
        lines = [f"{asked.method} {asked.path} HTTP/1.1", f"Host: {HOST}:{self.port}", "Accept-Encoding: gzip"]
        if asked.cookie:
            lines.append(f"Cookie: midback={asked.cookie}")
        if asked.method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(asked.form)}"]
        try:
            writer.write(("\r\n".join(lines) + "\r\n\r\n" + asked.form).encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (row.partition(":") for row in head[1:] if row)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            return Got()
        self.free.append(connection)
        return Got(int(head[0].split()[1]), headers, body)

    def close(self) -> None:
        """Let go of every connection."""
        while self.free:
            self.free.pop()[1].close()


@dataclass
class Walked:
    """Requests met while checks were walked, and the compressed size of each page by path."""

    asks: list[Ask] = field(default_factory=list)
    results: list[Ask] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)


def _persons(count: int) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """(what is ticked, what is said) by people who differ in age, sex, place and complaints; nobody an emergency."""
    complaints = (
        "worse_with_movement", "night_sweats", "getting_worse", "minor_trauma", "osteoporosis", "weight_loss",
        "steroids_long_term", "worse_deep_breath", "numb_patch_trunk", "onset_after_lifting_or_twisting",
        "previous_clot",
    )  # fmt: skip
    zones = ("mid_left", "mid_right", "mid_spine", "upper_spine", "low_back")
    people = []
    for place in range(count):
        said = dict(HARMLESS)
        said |= {
            "age": str(19 + 7 * place % 70), "sex": ("female", "male")[place % 2],
            "pain_zone": [zones[place % 5], zones[(place // 2 + 1) % 5]], "pain_now": str(2 + place % 7),
            "onset_speed": ("gradual", "sudden", "minutes_to_hours")[place % 3],
        }  # fmt: skip
        people.append((tuple(complaints[(place + step * (place % 3 + 1)) % 11] for step in range(place % 4)), said))
    return people


async def walk(client: Client, count: int) -> Walked:
    """``count`` different checks from the start page to the result, every page shown once and answered once."""
    walked = Walked()
    for ticked, said in _persons(count):
        await _walk_one(client, walked, ticked, said)
    return walked


async def _walk_one(client: Client, walked: Walked, ticked: Sequence[str], said: Mapping[str, Any]) -> None:
    path, cookie, form = "/", "", "country=GB"
    for _ in range(60):
        answer = Ask("answered", "POST", path, cookie, form)
        got = await client.ask(answer)
        if path != "/":
            walked.asks.append(answer)
        found = re.search(r"midback=([^;]+)", got.headers.get("set-cookie", ""))
        cookie = found[1] if found else cookie
        path = got.headers["location"]
        if not path.startswith("/question/"):
            break
        page = Ask("shown", "GET", path, cookie)
        got = await client.ask(page)
        walked.asks.append(page)
        walked.sizes[path] = max(walked.sizes.get(path, 0), len(got.body))
        form = urllib.parse.urlencode(fill(Seen(got.text()), tuple(ticked), said), doseq=True)
    for place in ("/", "/check", "/result"):
        got = await client.ask(Ask("result", "GET", place, cookie))
        walked.sizes[place] = max(walked.sizes.get(place, 0), len(got.body))
    walked.results.append(Ask("result", "GET", "/result", cookie))
