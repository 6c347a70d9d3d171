"""Results of pure functions, kept while memory allows: an answer given again costs nothing again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

__all__ = ["recall"]

_MOST_BYTES = 192_000_000
_lock = Lock()
_kept: OrderedDict[Hashable, tuple[tuple[object, ...], Any, int]] = OrderedDict()
_held = 0
Result = TypeVar("Result")


def recall(
    key: Hashable, owners: tuple[object, ...], make: Callable[[], Result], size: Callable[[Result], int]
) -> Result:
    """The result kept under ``key``, or ``make()`` and keep it; the least recently used leave first.

    ``owners`` are the objects whose ``id`` stands in the key: they are kept alive with the result, so that an id is
    never another object's. ``size`` tells a result's bytes.
    """
    global _held
    with _lock:
        known = _kept.get(key)
        if known is not None:
            _kept.move_to_end(key)
            result: Result = known[1]
            return result
    made = make()
    bytes_of = size(made)
    with _lock:
        old = _kept.pop(key, None)
        _held += bytes_of - (old[2] if old else 0)
        _kept[key] = (owners, made, bytes_of)
        while _held > _MOST_BYTES and len(_kept) > 1:
            _held -= _kept.popitem(last=False)[1][2]
    return made
