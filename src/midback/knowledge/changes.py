"""The change log of the knowledge: what moved, in order, for whoever holds an older result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from midback.knowledge.model import Knowledge

__all__ = ["LogEntry", "changes_since", "last_change"]

TOUCHED = ("causes", "findings", "red_flags", "care")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of changes.yaml. ``touched`` maps causes, findings, red_flags and care to the ids it names.

    Its sentence stands in the words file ``changes`` under ``id``.
    """

    id: str
    version: str
    dated: str
    touched: Mapping[str, tuple[str, ...]]


def _log(knowledge: Knowledge) -> Mapping[str, Any]:
    found: Mapping[str, Any] = knowledge.content.get("changes") or {}
    return found


def last_change(knowledge: Knowledge) -> str | None:
    """The id of the newest entry of the log, or None where nothing was ever written down."""
    return next(reversed(list(_log(knowledge))), None)


def changes_since(knowledge: Knowledge, seen: str | None, dated: str | None) -> tuple[LogEntry, ...]:
    """The entries after ``seen`` (the newest one a result knew); without it, those of ``dated`` (ISO) and later.

    Oldest first, and never the first of all, which is where the log begins. Empty when neither is known,
    since nothing can then be said.

    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> changes_since(knowledge, last_change(knowledge), None)
    ()
    """
    log = _log(knowledge)
    names = list(log)
    if seen in log:
        names = names[names.index(str(seen)) + 1 :]
    else:
        names = [name for name in names[1:] if dated is not None and str(log[name]["dated"]) >= dated]
    return tuple(
        LogEntry(name, str(log[name]["version"]), str(log[name]["dated"]),
                 {kind: tuple(log[name].get(kind) or ()) for kind in TOUCHED})
        for name in names
    )  # fmt: skip
