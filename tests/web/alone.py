"""Coroutines from a test, also after a browser test: playwright leaves a running loop behind in this thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_alone(work: Coroutine[Any, Any, Any]) -> Any:
    """What ``work`` gives, run to its end in a loop of its own in another thread."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, work).result()
