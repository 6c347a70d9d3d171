"""The diary as a small picture (SVG with title and description) and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from statistics import fmean
from typing import Any

from midback.follow_up.trend import Day, Trend
from midback.knowledge import Knowledge
from midback.report.figures import day_text, figure

__all__ = ["PlotRow", "plot_page", "plot_rows", "plot_svg", "plot_table"]

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 260, 34, 12, 34
MOST_DAYS = 120  # more days than this are drawn by week, more weeks than this by month: the picture stays small
STYLE = (
    "text{font:11px system-ui,sans-serif;fill:CanvasText}.axis{stroke:CanvasText;opacity:.3}"
    ".band{fill:CanvasText;opacity:.08}.reach{stroke:#1f6f8b;opacity:.35;stroke-width:2}"
    ".line{fill:none;stroke:#1f6f8b;stroke-width:2}.dot{fill:#1f6f8b}.flare{fill:#b5420c;opacity:.25}"
)


@dataclass(frozen=True, slots=True)
class PlotRow:
    """One day, week or month of the picture; pains 0-10."""

    begins: date
    count: int
    mean: float
    low: float
    high: float
    flare: bool


def _bucket(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def plot_rows(trend: Trend) -> tuple[str, tuple[PlotRow, ...]]:
    """The unit (day, week or month) and its rows; at most about 120 of them for ten years."""
    days = trend.days
    span = (days[-1].day - days[0].day).days if days else 0
    unit = "day" if span <= MOST_DAYS else "week" if span <= MOST_DAYS * 7 else "month"
    grouped: dict[date, list[Day]] = {}
    for day in days:
        grouped.setdefault(_bucket(day.day, unit), []).append(day)
    bad = {_bucket(flare.begins + timedelta(days=n), unit)
           for flare in trend.flares for n in range((flare.ends - flare.begins).days + 1)}  # fmt: skip
    return unit, tuple(
        PlotRow(
            begins,
            sum(row.count for row in rows),
            fmean(row.mean for row in rows),
            min(row.low for row in rows),
            max(row.high for row in rows),
            begins in bad,
        )
        for begins, rows in grouped.items()
    )


def _sentences(
    trend: Trend, unit: str, rows: Sequence[PlotRow], words: Mapping[str, Any], marks: Mapping[str, Any]
) -> tuple[str, str]:
    if not rows:
        return str(words["empty"]), str(words["empty"])
    title = words["title"].format(first=trend.days[0].day, last=trend.days[-1].day)
    if trend.pain.start is None or trend.pain.now is None or trend.low is None or trend.high is None:
        low, high = min(row.low for row in rows), max(row.high for row in rows)
        reach = {"low": figure(low, "g", marks), "high": figure(high, "g", marks)}
        return title, words["desc_short"].format(unit=words[unit], **reach)
    said = {"start": trend.pain.start, "now": trend.pain.now, "low": trend.low, "high": trend.high}
    numbers = {name: figure(value, ".1f", marks) for name, value in said.items()}
    return title, words["desc"].format(unit=words[unit], flares=len(trend.flares), **numbers)


def plot_svg(trend: Trend, knowledge: Knowledge, language: str = "en", *, own_style: bool = True) -> str:
    """The picture as one SVG text with title and desc: mean and reach by day, week or month, the band of no real
    change around the beginning, and flares. It needs no script, font or style from elsewhere; without ``own_style``
    it takes the colours of the page it stands in."""
    words = knowledge.words[language]["follow_up"]["plot"]
    unit, rows = plot_rows(trend)
    title, desc = _sentences(trend, unit, rows, words, knowledge.words[language]["interface"])
    first = rows[0].begins if rows else date.min
    span = max((rows[-1].begins - first).days, 1) if rows else 1

    def x(day: date) -> float:
        return LEFT + 6 + (day - first).days / span * (WIDTH - LEFT - 18)

    def y(pain: float) -> float:
        return TOP + (10 - pain) / 10 * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<path class="axis" d="M{LEFT} {y(pain):.1f}H{WIDTH - 6}"/>'
        f'<text x="{LEFT - 6}" y="{y(pain) + 4:.1f}" text-anchor="end">{pain}</text>'
        for pain in (0, 5, 10)
    ]
    if trend.low is not None and trend.high is not None and rows:
        height = y(trend.low) - y(trend.high)
        parts.append(
            f'<rect class="band" x="{LEFT}" y="{y(trend.high):.1f}" width="{WIDTH - LEFT - 6}" height="{height:.1f}"/>'
            f'<text x="{WIDTH - 10}" y="{y(trend.high) + 12:.1f}" text-anchor="end">{escape(words["band"])}</text>'
        )
    width = max((WIDTH - LEFT - 18) / max(len(rows), 1), 3)
    parts += [
        f'<rect class="flare" x="{x(row.begins) - width / 2:.1f}" y="{TOP}" width="{width:.1f}" '
        f'height="{HEIGHT - TOP - BOTTOM}"/>'
        for row in rows
        if row.flare
    ]
    reach = "".join(f"M{x(row.begins):.1f} {y(row.high):.1f}V{y(row.low):.1f}" for row in rows if row.high > row.low)
    parts.append(f'<path class="reach" d="{reach}"/>' if reach else "")
    line = " ".join(f"{x(row.begins):.1f},{y(row.mean):.1f}" for row in rows)
    parts.append(f'<polyline class="line" points="{line}"/>')
    if len(rows) <= 60:
        parts += [f'<circle class="dot" cx="{x(row.begins):.1f}" cy="{y(row.mean):.1f}" r="2.5"/>' for row in rows]
    if rows:
        for day, anchor in ((first, "start"), (rows[-1].begins, "end")):
            said = day_text(day, knowledge.words[language]["interface"])
            parts.append(f'<text x="{x(day):.1f}" y="{HEIGHT - 10}" text-anchor="{anchor}">{escape(said)}</text>')
    style = f"<style>{STYLE}</style>" if own_style else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="plot-title plot-desc"><title id="plot-title">{escape(title)}</title>'
        f'<desc id="plot-desc">{escape(desc)}</desc>{style}{"".join(parts)}</svg>'
    )


def plot_table(trend: Trend, knowledge: Knowledge, language: str = "en") -> tuple[tuple[str, ...], ...]:
    """The numbers of the picture: a row of column names, then a row per day, week or month."""
    words = knowledge.words[language]["follow_up"]["plot"]
    marks = knowledge.words[language]["interface"]
    _, rows = plot_rows(trend)
    return (
        tuple(words["columns"]),
        *(
            (row.begins.isoformat(), str(row.count), figure(row.mean, ".1f", marks), figure(row.low, "g", marks),
             figure(row.high, "g", marks), words["flare"] if row.flare else "")
            for row in rows
        ),
    )  # fmt: skip


def plot_page(trend: Trend, knowledge: Knowledge, language: str = "en") -> str:
    """One small HTML page with the picture and its table below; also to be put into another page's body."""
    words = knowledge.words[language]["follow_up"]["plot"]
    unit, rows = plot_rows(trend)
    title, _ = _sentences(trend, unit, rows, words, knowledge.words[language]["interface"])
    head, *body = plot_table(trend, knowledge, language)
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in body
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><main>{plot_svg(trend, knowledge, language)}"
        f"<table><caption>{escape(title)}</caption><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></main></html>"
    )
