"""How fast the self-check answers under load, on this machine alone: `python benchmarks/web_load.py`.

Starts the real server on the loopback address with as many workers as there are cores, walks sixteen different checks,
then sends the requests they made, at a fixed rate whatever the answers take: times count from when a request was due,
so a server that falls behind cannot hide it. 95 % are question pages, half of them shown (GET) and half answered
(POST, the form checked and the next question worked out), 5 % are results. The client runs on the same cores.
Prints JSON: times by kind beside what is wanted, processor time of one request of each kind, and of server and client,
memory at the start, in the middle and at the end, page sizes, the time from nothing to the first page, 500 connections
at once, and what an overload gets. It asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from web_client import HOST, Ask, Client, Walked, walk  # noqa: E402

SHARE_OF_RESULTS = 0.05
WANTED = {
    "question pages p50, ms": 8, "question pages p99, ms": 40, "results p99, ms": 250, "cold start, ms": 1500,
    "largest page, compressed bytes": 20_000,
}  # fmt: skip


@dataclass
class Times:
    """What requests of one kind got."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def add(self, status: int, took: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if 200 <= status < 400:
            self.milliseconds.append(took * 1000)

    def summary(self) -> dict[str, object]:
        if len(self.milliseconds) < 2:
            return {"statuses": self.statuses}
        cuts = statistics.quantiles(self.milliseconds, n=100, method="inclusive")
        quantiles = {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)}
        return {"count": len(self.milliseconds), **quantiles, "statuses": self.statuses}


def _family(pid: int) -> Iterator[tuple[int, str]]:
    """(process id, text of its status) of a process and everything it started."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        found[int(status.parent.name)] = (int(re.search(r"PPid:\s+(\d+)", text)[1]), text)  # type: ignore[index]
    members = {pid}
    while more := {own for own, (parent, _) in found.items() if parent in members} - members:
        members |= more
    yield from ((own, found[own][1]) for own in members if own in found)


def memory_mb(pid: int) -> float:
    """Resident memory of a server with all its processes, in MB (pages that they share count for each)."""
    sizes = (re.search(r"VmRSS:\s+(\d+)", text) for _, text in _family(pid))
    return round(sum(int(size[1]) for size in sizes if size) / 1024, 1)


def processor_seconds(pid: int) -> float:
    """Processor time used so far by a server with all its processes."""
    ticks = 0
    for own, _ in _family(pid):
        fields = Path(f"/proc/{own}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def busy_seconds() -> float:
    """Processor time that everything on this machine used so far."""
    user, nice, system, _, _, irq, soft = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def serving(workers: int, knowledge: str | None) -> AsyncIterator[tuple[subprocess.Popen[bytes], Client, float]]:
    """A server that answers, a client of it, and the seconds from nothing to its first page."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "MIDBACK_SECRET": "a secret of the benchmark"}
    command = [sys.executable, "-m", "midback.interfaces.cli", "serve", "--port", str(port), "--workers", str(workers)]
    command += ["--knowledge", knowledge] if knowledge else []
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    client = Client(port)
    try:
        while (await client.ask(Ask("shown", "GET", "/"))).status != 200:
            if process.poll() is not None or time.perf_counter() - begin > 60:
                raise SystemExit("the server did not start; what it says stands above")
            await asyncio.sleep(0.01)
        yield process, client, time.perf_counter() - begin
    finally:
        client.close()
        process.terminate()
        process.wait()


async def load(
    client: Client, pid: int, walked: Walked, rate: float, seconds: float
) -> tuple[dict[str, Times], dict[str, object]]:
    """Times by kind at ``rate`` requests a second, and what the server used meanwhile."""
    times = {"shown": Times(), "answered": Times(), "result": Times()}
    picked = random.Random(1)
    count, every = int(rate * seconds), round(1 / SHARE_OF_RESULTS)
    asks = [picked.choice(walked.results if number % every == 0 else walked.asks) for number in range(count)]
    begin, used, own, every_one = time.perf_counter(), processor_seconds(pid), time.process_time(), busy_seconds()
    memory = [memory_mb(pid)]

    async def one(asked: Ask, due: float) -> None:
        got = await client.ask(asked)
        times[asked.kind].add(got.status, time.perf_counter() - due)

    tasks = []
    for number, asked in enumerate(asks):
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(asked, due)))
        if number == count // 2:
            memory.append(memory_mb(pid))
    await asyncio.gather(*tasks)
    took = time.perf_counter() - begin
    server, client_own = (processor_seconds(pid) - used) / took, (time.process_time() - own) / took
    return times, {
        "cores kept busy by": {
            "server": round(server, 2), "client": round(client_own, 2),
            "others, who should be asleep": round((busy_seconds() - every_one) / took - server - client_own, 2),
        },
        "memory at start, middle, end, MB": [*memory, memory_mb(pid)],
    }  # fmt: skip


async def processor_time_each(client: Client, pid: int, walked: Walked) -> dict[str, float]:
    """Milliseconds of the server's processor time for one request of each kind, sent one after the other."""
    found = {}
    for kind, rounds in (("shown", 2), ("answered", 2), ("result", 6)):
        asks = [asked for asked in (*walked.asks, *walked.results) if asked.kind == kind] * rounds
        begin = processor_seconds(pid)
        for asked in asks:
            await client.ask(asked)
        found[kind] = round(1000 * (processor_seconds(pid) - begin) / len(asks), 1)
    return found


async def at_once(client: Client, asks: Sequence[Ask]) -> tuple[Times, list[str]]:
    """What requests sent all together get, each on its own connection; and the Retry-After of those refused."""
    times, later = Times(), []

    async def one(asked: Ask) -> None:
        begin = time.perf_counter()
        got = await client.ask(asked)
        times.add(got.status, time.perf_counter() - begin)
        if got.status == 503:
            later.append(got.headers.get("retry-after", "missing"))

    await asyncio.gather(*(one(asked) for asked in asks))
    return times, later


async def measure(options: argparse.Namespace) -> dict[str, object]:
    """Everything measured, ready to print."""
    async with serving(1, options.knowledge) as (_, _, cold):
        found: dict[str, object] = {"cold start, ms": round(cold * 1000)}
    async with serving(options.workers, options.knowledge) as (process, client, _):
        await asyncio.sleep(options.settle)  # every worker is up and warm, not only the first
        walked = await walk(client, 16)
        found["largest page, compressed bytes"] = max(walked.sizes.values())
        found["result page, compressed bytes"] = walked.sizes["/result"]
        found["processor time each, ms"] = await processor_time_each(client, process.pid, walked)
        times, used = await load(client, process.pid, walked, options.rate, options.seconds)
        pages = Times(times["shown"].milliseconds + times["answered"].milliseconds)
        found["question pages"] = pages.summary()
        found |= {f"  {kind}": times[kind].summary() for kind in ("shown", "answered")}
        found["results"] = times["result"].summary()
        found |= used
        shown = [asked for asked in walked.asks if asked.kind == "shown"]
        many, _ = await at_once(client, [shown[place % len(shown)] for place in range(500)])
        found["500 connections at once"] = many.summary()
        results = [walked.results[place % len(walked.results)] for place in range(200)]
        flood, later = await at_once(client, results)
        found["200 results at once"] = flood.summary() | {"Retry-After of those refused": sorted(set(later))}
        found["memory afterwards, MB"] = memory_mb(process.pid)
    return found


def main() -> None:
    """Measure and print as JSON, beside what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=200, help="requests a second")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--settle", type=float, default=6, help="seconds for the workers to get ready")
    parser.add_argument("--knowledge", help="another knowledge folder")
    options = parser.parse_args()
    print(json.dumps({"wanted": WANTED, **asyncio.run(measure(options))}, indent=2))


if __name__ == "__main__":
    main()
