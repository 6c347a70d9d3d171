"""Many entries a day stay a small picture, and no entry is missing from the table beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from care.people import knowledge
from midback.follow_up import read_entry, trend_of
from midback.report.diary_plot import plot_rows, plot_svg, plot_table

BEGAN = datetime(2026, 1, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "a_day", "unit"), [(20, 30, "day"), (120, 8, "day"), (400, 6, "week"), (3650, 2, "month")]
)
def test_several_entries_a_day_are_thinned_in_the_picture_and_counted_in_the_table(
    days: int, a_day: int, unit: str
) -> None:
    entries = [
        read_entry({"at": (BEGAN + timedelta(days=day, minutes=30 * n)).isoformat(), "id": f"{day}-{n}",
                    "pain": {"now": (day + n) % 11}})[0]
        for day in range(days) for n in range(a_day)
    ]  # fmt: skip
    trend = trend_of(entries, knowledge(), entries[0].day, entries[-1].day)
    found, rows = plot_rows(trend)
    table = plot_table(trend, knowledge())
    assert found == unit
    assert len(rows) <= 125
    assert sum(row.count for row in rows) == sum(int(row[1]) for row in table[1:]) == days * a_day
    picture = plot_svg(trend, knowledge(), own_style=False)
    assert len(picture) < 12_000
    assert "<style" not in picture  # what stands inside a page takes the page's own colours
    assert "<style" in plot_svg(trend, knowledge())
    for row, cells in zip(rows, table[1:], strict=True):
        assert (cells[3], cells[4]) == (f"{row.low:g}", f"{row.high:g}")
