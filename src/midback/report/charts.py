"""Small pictures as SVG text, made here so that no page needs a script: people of 100, a range, a course.

Colours come from classes of the page's style sheet; what a picture shows is also said in its label.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape

__all__ = ["course_chart", "drawing_in_words", "key_mark", "people_chart", "range_bar"]

STEP, RADIUS = 20, 8
OUTSIDE = "k0"  # the class of "something not on this list": an outline, never a colour


def people_chart(parts: Sequence[tuple[str, int]], label: str) -> str:
    """One hundred figures in rows of ten as SVG; ``parts`` are (style class, count) summing to 100.

    >>> people_chart([("k1", 60), ("k0", 40)], "60 and 40").count("<circle")
    100
    """
    kinds = [kind for kind, count in parts for _ in range(count)][:100]
    dots = "".join(
        f'<circle class="{kind}" cx="{place % 10 * STEP + STEP // 2}" cy="{place // 10 * STEP + STEP // 2}" '
        f'r="{RADIUS if kind != OUTSIDE else RADIUS - 1}"/>'
        for place, kind in enumerate(kinds)
    )
    size = STEP * 10
    return f'<svg class="people" viewBox="0 0 {size} {size}" role="img" aria-label="{escape(label)}">{dots}</svg>'


def drawing_in_words(svg: str, title: str, description: str) -> str:
    """A drawing of the knowledge with its title and description in the words of a language.

    >>> drawing_in_words("<svg><title>Row</title><desc>A figure.</desc></svg>", "Remo", "Una figura.")
    '<svg><title>Remo</title><desc>Una figura.</desc></svg>'
    """
    said = {"title": escape(title), "desc": escape(description)}
    return re.sub(r"(<(title|desc)\b[^>]*>).*?(?=</\2>)", lambda found: found[1] + said[found[2]], svg, flags=re.S)


def key_mark(kind: str) -> str:
    """The mark of one part beside its name."""
    return f'<svg viewBox="0 0 20 20" aria-hidden="true"><circle class="{kind}" cx="10" cy="10" r="8"/></svg>'


def range_bar(low: float, high: float, at: float | None, label: str) -> str:
    """A bar from 0 to 100 with the range ``low`` to ``high`` (0-1) and, if given, the headline ``at``."""
    reach = max((high - low) * 200, 2)
    mark = "" if at is None else f'<rect class="at" x="{at * 200 - 1:.1f}" y="0" width="2" height="12"/>'
    return (
        f'<svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f'<rect class="rail" x="0" y="4" width="200" height="4" rx="2"/>'
        f'<rect class="reach" x="{min(low * 200, 198):.1f}" y="2" width="{reach:.1f}" height="8" rx="2"/>{mark}</svg>'
    )


def course_chart(points: Sequence[tuple[float, float, float, float]], label: str, axis: str) -> str:
    """The share still in pain over the weeks as a line with its range; ``points`` are (weeks, share, low, high)."""
    width, height, left, bottom = 360, 190, 34, 40
    last = max((week for week, *_ in points), default=1.0) or 1.0
    rows = [(0.0, 1.0, 1.0, 1.0), *points]

    def x(week: float) -> float:
        return left + math.sqrt(week / last) * (width - left - 12)  # early weeks matter most, so they get more room

    def y(share: float) -> float:
        return 10 + (1 - share) * (height - bottom - 10)

    upper = " ".join(f"{x(week):.1f},{y(high):.1f}" for week, _, _, high in rows)
    lower = " ".join(f"{x(week):.1f},{y(low):.1f}" for week, _, low, _ in reversed(rows))
    line = " ".join(f"{x(week):.1f},{y(share):.1f}" for week, share, _, _ in rows)
    dots = "".join(f'<circle class="dot" cx="{x(w):.1f}" cy="{y(s):.1f}" r="3.5"/>' for w, s, _, _ in rows)
    ticks = "".join(
        f'<text x="{x(week):.1f}" y="{height - bottom + 16}" text-anchor="middle">{week:g}</text>' for week, *_ in rows
    )
    scale = "".join(
        f'<text x="{left - 6}" y="{y(share) + 4:.1f}" text-anchor="end">{share * 100:.0f}</text>'
        f'<path class="axis" d="M{left} {y(share):.1f}H{width - 8}" opacity=".35"/>'
        for share in (0.0, 0.5, 1.0)
    )
    return (
        f'<svg class="course" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">{scale}'
        f'<polygon class="band-area" points="{upper} {lower}"/><polyline class="line" points="{line}"/>{dots}{ticks}'
        f'<text x="{(width + left) / 2:.0f}" y="{height - 6}" text-anchor="middle">{escape(axis)}</text></svg>'
    )
