"""Outcome measures: which answers they allow, how they are scored, and which change is real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from midback.knowledge import Knowledge

__all__ = ["ImportantChange", "Measure", "measures_of", "score"]


@dataclass(frozen=True, slots=True)
class ImportantChange:
    """The smallest change people notice as real, as printed; ``unit`` is points, percent_of_start or category."""

    value: float
    low: float | None
    high: float | None
    unit: str
    population: str
    source: str | None
    where: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: ``items`` maps item ids to their lowest and highest answer; ``score`` is single, mean or each."""

    id: str
    items: Mapping[str, tuple[int, int]]
    score: str
    low: float
    high: float
    better: str
    changes: tuple[ImportantChange, ...]

    def important(self, unit: str) -> ImportantChange | None:
        """The first printed important change in that unit, the one this project goes by."""
        return next((change for change in self.changes if change.unit == unit), None)

    @property
    def smallest_points(self) -> float:
        """The smallest change in points that any source calls noticed; 0 where none is in points."""
        return min((change.value for change in self.changes if change.unit == "points"), default=0.0)


def _measure(name: str, data: Mapping[str, Any]) -> Measure:
    keys = ("value", "low", "high", "unit", "population", "source", "where", "reason")
    return Measure(
        id=name,
        items={item["id"]: (item["low"], item["high"]) for item in data["items"]},
        score=data["score"],
        low=float(data["range"][0]),
        high=float(data["range"][1]),
        better=data["better"],
        changes=tuple(
            ImportantChange(*(change.get(key) for key in keys)) for change in data["minimal_important_change"]
        ),
    )


@lru_cache(maxsize=8)
def measures_of(knowledge: Knowledge) -> Mapping[str, Measure]:
    """Every measure of the knowledge by id.

    >>> from midback.knowledge import load_knowledge
    >>> measures_of(load_knowledge())["nprs"].important("points").value
    2
    """
    return {name: _measure(name, data) for name, data in knowledge.content["measures"].items()}


def score(measure: Measure, values: Mapping[str, float]) -> float | None:
    """The score of one set of answers: their mean, or the single answer; None while too few are given.

    A measure scored ``mean`` with fixed questions (PEG) needs all of them; own activities take those that were named.
    ``each`` (pain now, average, worst) has no joint score. Source: `about` of each measure file.

    >>> from midback.knowledge import load_knowledge
    >>> score(measures_of(load_knowledge())["peg"], {"pain": 6, "enjoyment": 4, "activity": 5})
    5.0
    """
    given = [float(values[name]) for name in measure.items if name in values]
    if not given or measure.score == "each":
        return None
    if measure.id != "own_activities" and len(given) < len(measure.items):
        return None
    return sum(given) / len(given)
