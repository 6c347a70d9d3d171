"""How fast the self-check answers under load, on this machine alone: `python benchmarks/web_load.py`.

Starts a server with two workers on the loopback address, walks one check to collect the sealed answers of every step,
then sends requests at a fixed rate whatever the answers take (times count from when a request was due). Prints:
cold start, page sizes, times of question pages (95 %) and results (5 %), memory, and what 500 open connections get.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from web.walking import Seen, fill  # noqa: E402

HOST = "127.0.0.1"
SHARE_OF_RESULTS = 0.05
WANTED = {"question p50": 8.0, "question p99": 40.0, "result p99": 250.0, "cold start": 1500.0}


@dataclass
class Times:
    """What one kind of request got."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def add(self, status: int, took: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == 200:
            self.milliseconds.append(took * 1000)

    def summary(self) -> dict[str, object]:
        if len(self.milliseconds) < 2:
            return {"statuses": self.statuses}
        cuts = statistics.quantiles(self.milliseconds, n=100, method="inclusive")
        quantiles = {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)}
        return {"count": len(self.milliseconds), **quantiles, "statuses": self.statuses}


async def ask(port: int, method: str, path: str, cookie: str = "", form: str = "") -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) of one request on a connection of its own; status 0 when there was no answer."""
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return 0, {}, b""
    try:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{port}", "Connection: close", "Accept-Encoding: gzip"]
        lines += [f"Cookie: midback={cookie}"] if cookie else []
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + form).encode())
        await writer.drain()
        raw = await reader.read()
    except OSError:
        return 0, {}, b""
    finally:
        writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    rows = head.decode("latin-1").split("\r\n")
    if not rows[0]:
        return 0, {}, b""
    headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows[1:])}
    return int(rows[0].split()[1]), headers, body


def _text(headers: dict[str, str], body: bytes) -> str:
    return (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body).decode()


async def collect(port: int) -> tuple[list[tuple[str, str]], str, dict[str, int]]:
    """([path and cookie of each question page], the cookie at the end, compressed page sizes)."""
    pages: list[tuple[str, str]] = []
    sizes: dict[str, int] = {}
    path, cookie, form = "/", "", "country=GB"
    for _ in range(60):
        _, headers, _ = await ask(port, "POST", path, cookie, form)
        found = re.search(r"midback=([^;]+)", headers.get("set-cookie", ""))
        cookie = found[1] if found else cookie
        path = headers["location"]
        if not path.startswith("/question/"):
            break
        pages.append((path, cookie))
        _, headers, body = await ask(port, "GET", path, cookie)
        if "location" in headers:
            break
        sizes[path] = len(body)
        form = urllib.parse.urlencode(fill(Seen(_text(headers, body))), doseq=True)
    for place in ("/", "/check", "/result"):
        _, _, body = await ask(port, "GET", place, cookie)
        sizes[place] = len(body)
    return pages[:-1], cookie, sizes


async def load(
    port: int, pages: list[tuple[str, str]], cookie: str, rate: float, seconds: float
) -> tuple[Times, Times]:
    """Times of question pages and of results at ``rate`` requests a second."""
    questions, results = Times(), Times()
    begin = time.perf_counter()

    async def one(number: int, due: float) -> None:
        every = round(1 / SHARE_OF_RESULTS)
        into, path, sealed = (
            (results, "/result", cookie) if number % every == 0 else (questions, *pages[number % len(pages)])
        )
        status, _, _ = await ask(port, "GET", path, sealed)
        into.add(status, time.perf_counter() - due)

    tasks = []
    for number in range(int(rate * seconds)):
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number, due)))
    await asyncio.gather(*tasks)
    return questions, results


async def crowd(port: int, pages: list[tuple[str, str]], people: int) -> Times:
    """What ``people`` connections opened at once get."""
    times = Times()

    async def one(number: int) -> None:
        begin = time.perf_counter()
        status, _, _ = await ask(port, "GET", *pages[number % len(pages)])
        times.add(status, time.perf_counter() - begin)

    await asyncio.gather(*(one(number) for number in range(people)))
    return times


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        own, parent = int(status.parent.name), int(re.search(r"PPid:\s+(\d+)", text)[1])  # type: ignore[index]
        resident = re.search(r"VmRSS:\s+(\d+)", text)
        if resident and pid in (own, parent):
            total += int(resident[1]) / 1024
    return round(total, 1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _serve(port: int, workers: int, knowledge: str | None) -> subprocess.Popen[bytes]:
    more = ["--knowledge", knowledge] if knowledge else []
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "MIDBACK_SECRET": "a secret of the benchmark"}
    command = [sys.executable, "-m", "midback.interfaces.cli", "serve", "--port", str(port), "--workers", str(workers)]
    return subprocess.Popen([*command, *more], env=environment, stdout=subprocess.DEVNULL)


async def measure(options: argparse.Namespace) -> dict[str, object]:
    """Everything measured, ready to print."""
    found: dict[str, object] = {}
    port = _free_port()
    begin = time.perf_counter()
    process = _serve(port, 1, options.knowledge)
    try:
        while (await ask(port, "GET", "/"))[0] != 200 and time.perf_counter() - begin < 60:
            await asyncio.sleep(0.01)
        found["cold start"] = round((time.perf_counter() - begin) * 1000)
    finally:
        process.terminate()
        process.wait()
    port = _free_port()
    process = _serve(port, options.workers, options.knowledge)
    try:
        for _ in range(600):
            if (await ask(port, "GET", "/"))[0] == 200:
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(2)  # every worker, not only the first
        pages, cookie, sizes = await collect(port)
        found["largest page, compressed bytes"] = max(sizes.values())
        found["memory before, MB"] = memory_mb(process.pid)
        questions, results = await load(port, pages, cookie, options.rate, options.seconds)
        found |= {"question pages, ms": questions.summary(), "results, ms": results.summary()}
        found["memory after, MB"] = memory_mb(process.pid)
        found["500 connections at once, ms"] = (await crowd(port, pages, 500)).summary()
    finally:
        process.terminate()
        process.wait()
    return found


def main() -> None:
    """Measure and print as JSON, beside what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=200, help="requests a second")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--knowledge", help="another knowledge folder")
    options = parser.parse_args()
    print(json.dumps({"wanted, ms": WANTED, **asyncio.run(measure(options))}, indent=2))


if __name__ == "__main__":
    main()
