"""Charts as SVG text, made here so that a report needs no script and no request: bars, reliability, curves.

Every chart carries its numbers as text in ``aria-label`` and uses the page's own colours (CSS variables).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

__all__ = ["Curve", "bars", "curves", "reliability"]

LABEL_WIDTH, BAR_WIDTH, ROW = 190, 330, 30


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart: points (x, y) with optional interval (low, high) for each."""

    name: str
    points: Sequence[tuple[float, float]]
    ranges: Sequence[tuple[float, float]] = ()


def _svg(width: int, height: int, said: str, inside: list[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(said, quote=True)}">{"".join(inside)}</svg>'
    )


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def bars(title: str, rows: Sequence[tuple[str, Mapping[str, Any]]], marks: Mapping[str, float] | None = None) -> str:
    """Horizontal bars of shares (0-1) with 95 % whiskers; ``marks`` puts a target line on the rows it names."""
    inside, said = [], []
    height = ROW * len(rows) + 26
    for tick in range(0, 101, 25):
        x = LABEL_WIDTH + BAR_WIDTH * tick / 100
        inside += [_line(x, 0, x, height - 20, "grid"), _text(x, height - 6, f"{tick} %", "tick", "middle")]
    for place, (name, figure) in enumerate(rows):
        top = place * ROW + 6
        inside.append(_text(LABEL_WIDTH - 10, top + 14, name, "label", "end"))
        if figure["value"] is None:
            inside.append(_text(LABEL_WIDTH + 6, top + 14, "no case", "tick"))
            continue
        low, high = LABEL_WIDTH + BAR_WIDTH * figure["lo95"], LABEL_WIDTH + BAR_WIDTH * figure["hi95"]
        inside.append(
            f'<rect x="{LABEL_WIDTH}" y="{top}" width="{BAR_WIDTH * figure["value"]:.1f}" height="18" class="bar"/>'
        )
        inside.append(_line(low, top + 9, high, top + 9, "whisker"))
        inside += [_line(end, top + 5, end, top + 13, "whisker") for end in (low, high)]
        target = (marks or {}).get(name)
        if target is not None:
            x = LABEL_WIDTH + BAR_WIDTH * target
            inside.append(_line(x, top - 3, x, top + 21, "target"))
        words = f"{100 * figure['value']:.0f} % ({figure['hits']}/{figure['n']})"
        inside.append(_text(LABEL_WIDTH + BAR_WIDTH + 10, top + 14, words, "value"))
        said.append(f"{name} {words}")
    return _svg(LABEL_WIDTH + BAR_WIDTH + 110, height, f"{title}: {'; '.join(said)}", inside)


def reliability(title: str, bins: Sequence[Mapping[str, Any]], size: int = 300) -> str:
    """Said against come true, one dot a bin (larger with more cases) with its interval; the diagonal is perfect."""
    left, top, said = 66, 8, []
    inside = [_line(left, top + size, left + size, top, "diagonal")]
    for tick in range(0, 101, 25):
        at = size * tick / 100
        inside += [
            _line(left, top + size - at, left + size, top + size - at, "grid"),
            _line(left + at, top, left + at, top + size, "grid"),
            _text(left - 8, top + size - at + 4, f"{tick} %", "tick", "end"),
            _text(left + at, top + size + 18, f"{tick} %", "tick", "middle"),
        ]
    most = max((bar["came_true"]["n"] for bar in bins), default=1)
    for bar in bins:
        x, came = left + size * bar["said"], bar["came_true"]
        y = top + size * (1 - came["value"])
        inside.append(_line(x, top + size * (1 - came["lo95"]), x, top + size * (1 - came["hi95"]), "whisker"))
        inside.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 5 * (came["n"] / most) ** 0.5:.1f}" class="dot"/>')
        said.append(f"said {100 * bar['said']:.0f} %, came true {came['hits']} of {came['n']}")
    inside.append(_text(left + size / 2, top + size + 38, "chance said", "label", "middle"))
    inside.append(
        f'<text class="label" text-anchor="middle" transform="translate(12 {top + size / 2}) rotate(-90)">'
        "came true</text>"
    )
    return _svg(left + size + 16, size + 54, f"{title}: {'; '.join(said)}", inside)


def curves(
    title: str, lines: Sequence[Curve], across: str, percent: bool = True, size: tuple[int, int] = (460, 260)
) -> str:
    """Up to six lines with markers and intervals; y runs from 0 to the highest point, x over the points given."""
    left, top, (width, height) = 54, 10, size
    xs = [x for line in lines for x, _ in line.points]
    highest = max([y for line in lines for _, y in line.points] + [high for line in lines for _, high in line.ranges])
    low_x, span, ceiling = min(xs), (max(xs) - min(xs)) or 1.0, (highest * 1.05) or 1.0
    if percent:
        ceiling = min(1.0, ceiling) if highest <= 1 else ceiling
    inside, said = [], []

    def spot(x: float, y: float) -> tuple[float, float]:
        return left + width * (x - low_x) / span, top + height * (1 - min(y, ceiling) / ceiling)

    for step in range(5):
        y = ceiling * step / 4
        words = f"{100 * y:.0f} %" if percent else f"{y:.2g}"
        inside += [_line(left, spot(low_x, y)[1], left + width, spot(low_x, y)[1], "grid"),
                   _text(left - 8, spot(low_x, y)[1] + 4, words, "tick", "end")]  # fmt: skip
    for x in sorted(set(xs)):
        inside.append(_text(spot(x, 0)[0], top + height + 18, f"{x:g}", "tick", "middle"))
    for place, line in enumerate(lines):
        path = " ".join("{:.1f},{:.1f}".format(*spot(x, y)) for x, y in line.points)
        inside.append(f'<polyline points="{path}" class="curve c{place}"/>')
        for number, (x, y) in enumerate(line.points):
            at = spot(x, y)
            if line.ranges:
                low, high = line.ranges[number]
                inside.append(_line(at[0], spot(x, low)[1], at[0], spot(x, high)[1], f"whisker c{place}"))
            inside.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="3.5" class="dot c{place}"/>')
        key = top + 14 + 20 * place
        inside += [_line(left + width + 16, key - 4, left + width + 40, key - 4, f"curve c{place}"),
                   _text(left + width + 46, key, line.name, "label")]  # fmt: skip
        said.append(
            f"{line.name}: "
            + ", ".join(f"{x:g}: {100 * y:.0f} %" if percent else f"{x:g}: {y:.3g}" for x, y in line.points)
        )
    inside.append(_text(left + width / 2, top + height + 38, across, "label", "middle"))
    return _svg(left + width + 300, height + 56, f"{title}. {'. '.join(said)}", inside)
