"""The second reading: a random share of the cited numbers, each read again against its source by another reader."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from midback.knowledge.coverage import every_number
from midback.knowledge.model import Knowledge, Number

__all__ = ["ReviewSummary", "draw_for_review", "review_summary", "shown_value"]

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """How the last second reading came out. ``error`` is the share of numbers read again that disagreed, 0-1."""

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


def draw_for_review(knowledge: Knowledge, seed: int, percent: float) -> list[tuple[tuple[str, str, str], list[str]]]:
    """((source, where, figure), ids of the numbers that use it) for a random ``percent`` of the distinct figures.

    Causes and findings only; the same knowledge and ``seed`` give the same draw. Sorted by source.

    >>> from midback.knowledge import load_knowledge
    >>> draw_for_review(load_knowledge(), 1, 15) == draw_for_review(load_knowledge(), 1, 15)
    True
    """
    users: dict[tuple[str, str, str], list[str]] = {}
    for key, number in _cited(knowledge):
        users.setdefault(key, []).append(number.id)
    size = math.ceil(len(users) * percent / 100)
    return [(key, users[key]) for key in sorted(random.Random(seed).sample(sorted(users), size))]


def review_summary(knowledge: Knowledge) -> ReviewSummary | None:
    """The outcome recorded in review.yaml, with the Wilson interval of the error; None when nothing was read again.

    What could not be read again counts neither way. Source: Wilson, score interval for a proportion.
    """
    rows = knowledge.content.get("review", {}).get("read", [])
    if not rows:
        return None
    results = [row["result"] for row in rows]
    agree, disagree = results.count("agree"), results.count("disagree")
    n = agree + disagree
    error = disagree / n if n else 0.0
    centre = (error + Z95**2 / (2 * n)) / (1 + Z95**2 / n) if n else 0.5
    half = Z95 * math.sqrt(error * (1 - error) / n + Z95**2 / (4 * n * n)) / (1 + Z95**2 / n) if n else 0.5
    low, high = max(centre - half, 0.0), min(centre + half, 1.0)
    return ReviewSummary(len(rows), agree, disagree, results.count("could_not_reread"), error, low, high)
