"""Heavy work away from the event loop, in a bounded queue: beyond it the server says so instead of slowing for all.

Results are worked out in a process of their own that gives way to the pages: in a thread they would share the
interpreter, and every question page would wait for them (docs/decisions/0018). It has a time for each; when that is
over it is ended and another takes its place (docs/decisions/0027). Files and diaries stay in a thread.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from midback.errors import KnowledgeError
from midback.interfaces.web.shell import Busy
from midback.knowledge import Hashes, Knowledge, load_knowledge

__all__ = ["knowledge_apart", "settle", "start_apart", "work_apart", "work_out"]

MOST_WAITING = 12  # about a second's work: beyond it, "come back in five seconds" is the kinder answer
LONGEST = 30.0  # seconds for one result, the start of its process included: some hundred times what it takes
NICENESS = 10  # of the process for results: a page that is due goes first
P = ParamSpec("P")
R = TypeVar("R")

# One of each: more cores, more workers. The second only waits for the process for results.
_here = ThreadPoolExecutor(max_workers=1, thread_name_prefix="work")
_there = ThreadPoolExecutor(max_workers=1, thread_name_prefix="result")
# The process for results and the pipe to it; only the thread of `_there` touches them.
_apart: tuple[SpawnProcess, Connection[Any, Any]] | None = None
_started = False
_waiting = 0


async def _queued(executor: Executor, work: Callable[[], R]) -> R:
    global _waiting  # one count for the process, changed on the event loop only
    if _waiting >= MOST_WAITING:
        raise Busy
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, work)
    finally:
        _waiting -= 1


async def work_out(work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """What ``work`` returns, computed in the worker thread. Raises Busy when too many are waiting already."""
    return await _queued(_here, partial(work, *args, **named))


async def work_apart(work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """What ``work`` returns, computed in the process for results; what goes in and comes out is plain data.

    Raises what ``work`` raises, and Busy when too many are waiting already, when the process ended, or when it took
    longer than LONGEST and was ended; the next call starts another.
    """
    return await _queued(_there, partial(_send, partial(work, *args, **named)))


def start_apart(work: Callable[P, object], *args: P.args, **named: P.kwargs) -> None:
    """Start the process for results, unless it runs already, with a first ``work`` that nobody waits for."""
    global _started
    if not _started:
        _started = True
        _there.submit(_send, partial(work, *args, **named))


def settle() -> None:
    """Take what is in memory now, the knowledge above all, for permanent: else the collector of garbage would look
    through all of it again and again, and a page that is due would wait for a twentieth of a second.
    """
    gc.collect()
    gc.freeze()


def knowledge_apart(root: Path | None, hashes: Hashes) -> Knowledge:
    """The knowledge of the process for results, which is that of the pages.

    Raises KnowledgeError when the files were changed between the two: a result never rests on other rules than its
    page names.
    """
    knowledge = load_knowledge(root)
    if knowledge.hashes != hashes:
        raise KnowledgeError("the knowledge was changed since the server started (fix: start the server again)")
    return knowledge


def _send(work: Callable[[], R]) -> R:
    global _apart
    if _apart is None:
        _apart = _start()
    process, pipe = _apart
    try:
        pipe.send(work)
        if not pipe.poll(LONGEST):
            raise EOFError
        done, outcome = pipe.recv()
    except (EOFError, OSError):
        _apart = None
        process.kill()
        process.join()
        pipe.close()
        raise Busy from None
    if not done:
        raise outcome
    result: R = outcome
    return result


def _start() -> tuple[SpawnProcess, Connection[Any, Any]]:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if hasattr(signal, "pthread_sigmask"):  # Ctrl-C is for the server; a new process has its maker's mask
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    context = get_context("spawn")
    mine, other = context.Pipe()
    process = context.Process(target=_take_orders, args=(other,), daemon=True)
    process.start()
    other.close()
    return process, mine


def _take_orders(pipe: Connection[Any, Any]) -> None:
    """The process for results: one piece of work after the other, until the server is gone, however it went."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(EOFError, OSError):
        while True:
            work = pipe.recv()
            try:
                outcome = True, work()
            except Exception as error:
                outcome = False, error
            pipe.send(outcome)
            if not gc.get_freeze_count():
                settle()
