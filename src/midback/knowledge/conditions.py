"""Conditions over findings, age and sex: what red flags and cautions are written in.

A condition is a leaf or "at least k of these"; ``any`` is k = 1 and ``all`` is k = all. Read here, evaluated in the
safety room. The written form is in docs/knowledge_format.md, "A red flag".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = [
    "AtLeast",
    "Condition",
    "ConditionError",
    "Leaf",
    "condition_findings",
    "condition_leaves",
    "read_condition",
]

_TESTS = {"at_least", "is", "includes", "includes_any"}


class ConditionError(ValueError):
    """A written condition that cannot be read."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test of one subject: ``subject`` is a finding id, ``age`` or ``sex``."""

    subject: str
    test: str  # yes | no | at_least | is | includes_any | from | under | sex
    values: tuple[str | float, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when at least ``count`` of ``parts`` are true."""

    count: int
    parts: tuple[Condition, ...]


Condition = Leaf | AtLeast


@lru_cache(maxsize=4096)
def _leaf(subject: str, test: str, values: tuple[str | float, ...]) -> Leaf:
    """One record for one test, wherever it is written: most tests stand in several rules."""
    return Leaf(subject, test, values)


def _read_leaf(subject: str, value: Any) -> Condition:
    if subject == "sex":
        if value not in ("female", "male"):
            raise ConditionError(f"sex: {value!r} must be female or male")
        return _leaf("sex", "sex", (str(value),))
    if subject == "age":
        if not isinstance(value, Mapping) or not value or not set(value) <= {"from", "under"}:
            raise ConditionError("age needs `from` and/or `under`, in whole years")
        leaves = tuple(_leaf("age", test, (float(years),)) for test, years in value.items())
        return leaves[0] if len(leaves) == 1 else AtLeast(len(leaves), leaves)
    if value in ("yes", "no"):
        return _leaf(subject, str(value), ())
    if isinstance(value, Mapping) and len(value) == 1 and set(value) <= _TESTS:
        test, wanted = next(iter(value.items()))
        if test == "is" and wanted in ("yes", "no"):
            return _leaf(subject, str(wanted), ())
        values = tuple(wanted) if isinstance(wanted, list) else (wanted,)
        if not values or not all(isinstance(item, str) for item in values):
            raise ConditionError(f"{subject}: {test} needs the name of a level or option")
        return _leaf(subject, "includes_any" if test.startswith("includes") else test, values)
    raise ConditionError(f"{subject}: {value!r} must be yes, no, or one of at_least, is, includes, includes_any")


def _read_parts(items: Any, word: str) -> tuple[Condition, ...]:
    if not isinstance(items, list) or not items:
        raise ConditionError(f"{word} needs a list of conditions")
    return tuple(read_condition(item) for item in items)


def read_condition(raw: Any) -> Condition:
    """The condition written in ``raw``; several keys in one mapping must all hold. Raises ConditionError.

    >>> read_condition({"any": [{"fever": "yes"}, {"age": {"under": 6}}]}).count
    1
    """
    if not isinstance(raw, Mapping) or not raw:
        raise ConditionError(f"{raw!r} is not a condition")
    parts: list[Condition] = []
    for key, value in raw.items():
        if key == "any":
            parts.append(AtLeast(1, _read_parts(value, "any")))
        elif key == "all":
            inner = _read_parts(value, "all")
            parts.append(AtLeast(len(inner), inner))
        elif key == "at_least":
            if not isinstance(value, Mapping) or set(value) != {"count", "of"}:
                raise ConditionError("at_least needs `count` and `of`")
            inner = _read_parts(value["of"], "at_least")
            if not isinstance(value["count"], int) or not 1 <= value["count"] <= len(inner):
                raise ConditionError(f"at_least: count must be 1 to {len(inner)}")
            parts.append(AtLeast(value["count"], inner))
        else:
            parts.append(_read_leaf(str(key), value))
    return parts[0] if len(parts) == 1 else AtLeast(len(parts), tuple(parts))


def condition_leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf of ``condition``, left to right."""
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in condition.parts:
            yield from condition_leaves(part)


@lru_cache(maxsize=1024)
def condition_findings(condition: Condition) -> tuple[str, ...]:
    """The finding ids ``condition`` looks at, each once, in order.

    >>> condition_findings(AtLeast(2, (Leaf("fever", "yes", ()), Leaf("age", "under", (16.0,)))))
    ('fever',)
    """
    names = (leaf.subject for leaf in condition_leaves(condition) if leaf.subject not in ("age", "sex"))
    return tuple(dict.fromkeys(names))
