"""Measures and trends worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from midback.follow_up import Diary, measures_of, read_entry, score, trend_of
from midback.follow_up.trend import days_of, flares_of
from midback.knowledge import load_knowledge
from midback.report.diary_plot import plot_page, plot_rows, plot_svg, plot_table

START = date(2026, 9, 1)


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


def entries(*pains, every=1, **more):
    begin = datetime(2026, 9, 1, 9, tzinfo=UTC)
    return tuple(
        read_entry({"at": (begin + timedelta(days=n * every)).isoformat(), "pain": {"average": pain}, **more})[0]
        for n, pain in enumerate(pains)
        if pain is not None
    )


def on(day):
    return START + timedelta(days=day)


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        ("peg", {"pain": 6, "enjoyment": 4, "activity": 5}, 5.0),
        ("peg", {"pain": 6, "enjoyment": 4}, None),
        ("own_activities", {"activity_1": 2, "activity_2": 5}, 3.5),
        ("nprs", {"now": 5, "average": 4, "worst": 8}, None),
        ("global_change", {"change": 2}, 2.0),
        ("global_change", {}, None),
    ],
)
def test_scores(knowledge, measure, values, expected):
    assert score(measures_of(knowledge)[measure], values) == expected


def test_every_measure_says_which_change_is_real_and_where_that_stands(knowledge):
    for measure in measures_of(knowledge).values():
        for change in measure.changes:
            assert change.value > 0
            assert change.source or change.reason


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        (6, 4, "better"),  # two points
        (6, 4.5, "noise"),  # a quarter, under two points
        (5, 3.5, "better"),  # 30 in 100 and over one point
        (2, 1.4, "noise"),  # 30 in 100 of very little
        (4, 6, "worse"),
        (4, 5.5, "noise"),
        (0, 0, "noise"),
    ],
)
def test_real_change_or_noise(knowledge, first, last, verdict):
    trend = trend_of(entries(*[first] * 7, *[last] * 7), knowledge, START, on(13))
    assert trend.pain.verdict == verdict
    assert (trend.pain.start, trend.pain.now) == pytest.approx((first, last))
    assert (trend.low, trend.high) == (max(first - 2, 0), min(first + 2, 10))


def test_one_bad_day_is_no_trend(knowledge):
    trend = trend_of(entries(*[4] * 20, 8), knowledge, START, on(20))
    assert trend.pain.verdict == "noise"


def test_too_little_is_unknown_and_later_entries_are_not_seen(knowledge):
    assert trend_of(entries(5, 5), knowledge, START, on(30)).pain.verdict == "unknown"
    assert trend_of(entries(*[6] * 7, *[2] * 30), knowledge, START, on(6)).pain.verdict == "unknown"


def test_own_activities_are_compared_where_the_same_are_named(knowledge):
    rows = [[{"name": "dig", "value": 2}, {"name": "sit", "value": 8}], [{"name": "dig", "value": 5}]]
    made = tuple(e for n, row in enumerate(rows) for e in entries(*[None] * n * 9, 5, own_activities=row))
    change = trend_of(made, knowledge, START, on(20)).activities
    assert (change.start, change.now, change.fall, change.verdict) == (2, 5, 3, "better")


def test_several_entries_a_day_and_several_places():
    raw = {"at": "2026-09-01T08:00Z", "sites": [{"zone": "neck", "pain": 2}, {"zone": "mid_left", "pain": 6}]}
    made = (read_entry(raw)[0], *entries(4), *entries(2))
    (day,) = days_of(made)
    assert (day.mean, day.low, day.high, day.count) == (4, 2, 6, 3)


def test_a_flare_begins_ends_and_is_held_against_what_was_usual_before():
    days = days_of(entries(3, 3, 3, 4, 7, 8, 5, 4, 3, 3))
    (flare,) = flares_of(days, 2)
    assert (flare.begins, flare.ends, flare.usual, flare.peak) == (on(4), on(6), 3, 8)
    assert flares_of(days_of(entries(3, 3, 9)), 2) == ()  # two days do not say what is usual
    assert flares_of(days_of(entries(3, 3, 3, 4.9, 4.9)), 2) == ()
    slow = flares_of(days_of(entries(*[2 + n / 10 for n in range(40)])), 2)
    assert slow == ()  # a slow rise is a trend, not a flare


def test_the_picture_has_title_description_and_the_same_numbers_in_a_table(knowledge):
    trend = trend_of(entries(*[6] * 4, *[3] * 9, 7), knowledge, START, on(13))
    svg = plot_svg(trend, knowledge)
    assert svg.startswith("<svg xmlns=")
    assert '<title id="plot-title">Pain from 2026-09-01 to 2026-09-14</title>' in svg
    assert '<desc id="plot-desc">Mean pain by day' in svg
    assert 'class="band"' in svg
    assert len(svg) < 6000
    head, *rows = plot_table(trend, knowledge)
    assert len(rows) == 14
    assert rows[13][2:] == ("7.0", "7", "7", "flare")
    page = plot_page(trend, knowledge)
    assert page.count("<tr>") == len(rows) + 1
    assert all(f">{name}</th>" in page for name in head)


def test_ten_years_stay_a_small_picture(knowledge):
    trend = trend_of(entries(*[n % 11 for n in range(3650)]), knowledge, START, on(3650))
    unit, rows = plot_rows(trend)
    assert unit == "month"
    assert len(rows) <= 122
    assert len(plot_svg(trend, knowledge)) < 16_000


def test_an_empty_diary_has_a_picture_that_says_so(knowledge):
    trend = trend_of(Diary().entries, knowledge, START, START)
    assert "No pain was recorded." in plot_svg(trend, knowledge)
