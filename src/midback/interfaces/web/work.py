"""Heavy work off the event loop, in a bounded queue: beyond it the server says so instead of slowing for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from midback.interfaces.web.shell import Busy

__all__ = ["work_out"]

MOST_WAITING = 24
P = ParamSpec("P")
R = TypeVar("R")

# One thread: results share the interpreter with the question pages, which must stay quick. More cores, more workers.
_threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="result")
_waiting = 0


async def work_out(work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """What ``work`` returns, computed in the worker thread. Raises Busy when too many are waiting already."""
    global _waiting  # one count for the process, changed on the event loop only
    if _waiting >= MOST_WAITING:
        raise Busy
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, lambda: work(*args, **named))
    finally:
        _waiting -= 1
