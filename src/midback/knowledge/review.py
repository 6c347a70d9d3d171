"""The second reading: a random share of the cited numbers, each read again against its source by another reader."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from midback.knowledge.coverage import care_figures, every_number
from midback.knowledge.intervals import wilson_interval
from midback.knowledge.model import Knowledge, Number

__all__ = ["ReviewSummary", "draw_care_for_review", "draw_for_review", "review_draws", "review_summary", "shown_value"]


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """How a second reading came out. ``error`` is the share of numbers read again that disagreed, 0-1."""

    drawn: int
    agree: int
    disagree: int
    could_not_reread: int
    error: float
    lo95: float
    hi95: float


def shown_value(number: Number) -> str:
    """The figure of ``number`` with its interval and n, as one short text that tells two figures apart.

    >>> from midback.knowledge.model import Printed
    >>> shown_value(Number("x", "lr_pos", Printed(6.2, 2.8, 13.5), source="s", where="w"))
    'lr_pos 6.2 (2.8 to 13.5)'
    """
    parts = [number.quantity]
    if number.table:
        parts.append("/".join(map(str, number.table)))
    for value in (number.value, number.second):
        if value is not None:
            ends = f" ({value.low:g} to {value.high:g})" if value.low is not None and value.high is not None else ""
            parts.append(f"{value.value:g}{ends}")
    for name, amount in (("of", number.n), ("control", number.control_percent), ("before", number.pre_test)):
        if amount is not None:
            parts.append(f"{name} {amount:g}")
    return " ".join(parts)


def _cited(knowledge: Knowledge) -> Iterator[tuple[tuple[str, str, str], Number]]:
    for number in every_number(knowledge):
        if number.source and number.quantity != "same_as_background" and not number.id.startswith("settings."):
            yield (number.source, number.where or "", shown_value(number)), number


def draw_for_review(
    knowledge: Knowledge, seed: int, percent: float, left_out: Collection[tuple[str, str, str]] = ()
) -> list[tuple[tuple[str, str, str], list[str]]]:
    """((source, where, figure), ids of the numbers that use it) for a random ``percent`` of the distinct figures.

    Causes and findings only, without the figures ``left_out`` (those of an earlier edition, so that only new ones are
    drawn); the same knowledge and ``seed`` give the same draw. Sorted by source.

    >>> from midback.knowledge import load_knowledge
    >>> draw_for_review(load_knowledge(), 1, 15) == draw_for_review(load_knowledge(), 1, 15)
    True
    """
    users: dict[tuple[str, str, str], list[str]] = {}
    for key, number in _cited(knowledge):
        if key not in left_out:
            users.setdefault(key, []).append(number.id)
    size = math.ceil(len(users) * percent / 100)
    return [(key, users[key]) for key in sorted(random.Random(seed).sample(sorted(users), size))]


def draw_care_for_review(
    knowledge: Knowledge, seed: int, percent: float
) -> list[tuple[tuple[str, str, str], list[str]]]:
    """The same draw from the cited results of care and prevention and the cited facts of the course.

    >>> from midback.knowledge import load_knowledge
    >>> draw_care_for_review(load_knowledge(), 1, 15) == draw_care_for_review(load_knowledge(), 1, 15)
    True
    """
    cited = {key: found for key, found in care_figures(knowledge).items() if found[1].get("source")}
    drawn = random.Random(seed).sample(sorted(cited), math.ceil(len(cited) * percent / 100))
    return [(_shown_care(*cited[key]), [cited[key][0]]) for key in sorted(drawn)]


def _shown_care(user: str, row: Mapping[str, Any]) -> tuple[str, str, str]:
    ends = f" ({row['low']:g} to {row['high']:g})" if row.get("low") is not None else ""
    weeks = f" at {row['weeks']:g} weeks" if row.get("weeks") is not None else ""
    what = row.get("measure") or user.rpartition(".")[2]
    return row["source"], row.get("where", ""), f"{what} {row['value']:g}{ends} {row['unit']}{weeks}"


def review_summary(knowledge: Knowledge) -> ReviewSummary | None:
    """The outcome of every draw in review.yaml together; None when nothing was read again."""
    results = [result for draw in _results(knowledge) for result in draw]
    return _summary(results) if results else None


def review_draws(knowledge: Knowledge) -> list[ReviewSummary]:
    """The outcome of each draw in review.yaml by itself, oldest first."""
    return [_summary(results) for results in _results(knowledge)]


def _results(knowledge: Knowledge) -> list[list[str]]:
    return [[row["result"] for row in draw["read"]] for draw in knowledge.content.get("review", {}).get("draws", [])]


def _summary(results: list[str]) -> ReviewSummary:
    """The Wilson score interval of the error; what could not be read again counts neither way."""
    agree, disagree = results.count("agree"), results.count("disagree")
    n = agree + disagree
    error = disagree / n if n else 0.0
    low, high = wilson_interval(disagree, n)
    return ReviewSummary(len(results), agree, disagree, results.count("could_not_reread"), error, low, high)
