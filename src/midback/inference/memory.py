"""What follows from the network alone, kept while memory allows; what a person answered is never kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any, TypeVar

__all__ = ["recall", "recall_each"]

_MOST_BYTES = 192_000_000
_lock = Lock()
_kept: OrderedDict[Hashable, tuple[object, Any, int]] = OrderedDict()
_held = 0
Result = TypeVar("Result")


def recall(key: Hashable, owner: object, make: Callable[[], Result], size: Callable[[Result], int]) -> Result:
    """The result kept under ``key``, or ``make()`` and keep it; the least recently used leave first.

    Arrays that are kept are never written to again. ``owner`` is the object whose ``id`` stands in the key: it is kept
    alive with the result, so that an id is never another object's. ``size`` tells a result's bytes.
    """
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: Result = _kept[key][1]
            return found
    return recall_each([key], [owner], lambda _: [make()], size)[0]


def recall_each(
    keys: Sequence[Hashable],
    owners: Sequence[object],
    make: Callable[[list[int]], Sequence[Result]],
    size: Callable[[Result], int],
) -> list[Result]:
    """As `recall` for many at once; ``make`` is given the places of the missing ones and makes them together."""
    global _held
    found: dict[int, Result] = {}
    with _lock:
        for place, key in enumerate(keys):
            if key in _kept:
                _kept.move_to_end(key)
                found[place] = _kept[key][1]
    missing = [place for place in range(len(keys)) if place not in found]
    if missing:
        for place, made in zip(missing, make(missing), strict=True):
            found[place] = made
        with _lock:
            for place in missing:
                old = _kept.pop(keys[place], None)
                _kept[keys[place]] = (owners[place], found[place], size(found[place]))
                _held += _kept[keys[place]][2] - (old[2] if old else 0)
            while _held > _MOST_BYTES and len(_kept) > 1:
                _held -= _kept.popitem(last=False)[1][2]
    return [found[place] for place in range(len(keys))]
