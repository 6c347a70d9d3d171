"""Tables and diaries from elsewhere: whatever is in them, entries come back the same and nothing crashes."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midback.errors import DiaryRefused
from midback.follow_up import (
    Diary,
    EntryRefused,
    diary_csv,
    diary_to_raw,
    merge,
    read_csv,
    read_diary_text,
    read_entry,
    read_moment,
)
from midback.follow_up.diary import gather

pains = st.integers(0, 10) | st.floats(0, 10).map(lambda value: round(value, 2))
zones = st.sampled_from(["mid_left", "mid_spine", "neck", "low_back"])
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1990, 1, 3), datetime(2090, 1, 1), timezones=offsets).map(datetime.isoformat)
names = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)


def pain_of(values):
    return {**values, "worst": max(values.values())} if "worst" in values else values


raw_entries = st.fixed_dictionaries(
    {
        "at": moments,
        "pain": st.dictionaries(st.sampled_from(["now", "average", "worst"]), pains, min_size=1).map(pain_of),
    },
    optional={
        "id": names,
        "sites": st.dictionaries(zones, pains, max_size=3).map(
            lambda d: [{"zone": z, "pain": p} for z, p in d.items()]
        ),
        "peg": st.fixed_dictionaries(dict.fromkeys(("pain", "enjoyment", "activity"), pains)),
        "own_activities": st.lists(st.fixed_dictionaries({"name": names, "value": pains}), max_size=3),
        "global_change": st.integers(1, 7),
        "answers": st.dictionaries(
            st.sampled_from(["fever", "weight_loss"]), st.sampled_from(["yes", "no", "not_sure"])
        ),
        "no_warning_signs": st.booleans(),
        "note": st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    },
)
entries = raw_entries.map(lambda raw: read_entry(raw)[0])
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.lists(entries, max_size=6))
def test_an_entry_comes_back_the_same_from_json_and_from_a_table(several):
    ordered, conflicts = gather(several)
    diary = Diary(ordered, conflicts)
    back = read_diary_text(json.dumps(diary_to_raw(diary)))
    assert (back.entries, set(map(repr, back.conflicts))) == (ordered, set(map(repr, conflicts)))
    table, problems = read_csv(diary_csv(diary), "table.csv")
    assert not problems
    assert table.entries == ordered


@settings(max_examples=50)
@given(st.lists(entries, max_size=5), st.lists(entries, max_size=5))
def test_merging_loses_nothing_and_merging_again_adds_nothing(mine, theirs):
    one, two = (Diary(*gather(several)) for several in (mine, theirs))
    both = merge(one, two)
    held = [*both.entries, *both.conflicts]
    assert all(entry in held for entry in (*mine, *theirs))
    assert len({entry.id for entry in both.entries}) == len(both.entries)
    again = merge(both, two)
    assert (again.entries, again.conflicts) == (both.entries, both.conflicts)


@settings(max_examples=50)
@given(st.text(max_size=200) | st.lists(raw_entries, max_size=2).map(json.dumps))
def test_any_text_is_read_or_refused_in_words(text):
    read_diary_text(text)
    try:
        read_csv(text, "table.csv")
    except DiaryRefused as error:
        said = str(error)
    else:
        said = "read"
    assert said


@settings(max_examples=50)
@given(st.lists(anything, max_size=4))
def test_any_json_is_kept(rows):
    diary = read_diary_text(json.dumps({"schema_version": 1, "entries": rows}))
    assert len(diary.entries) + len(diary.set_aside) + len(diary.conflicts) <= len(rows)
    assert len(diary.set_aside) >= sum(not isinstance(row, dict) for row in rows)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"at": "2026-01-01T08:00Z", "pain": {"now": 11}}, "pain.now: 11 cannot be; it is a number from 0 to 10"),
        ({"at": "2026-01-01T08:00Z", "pain": {"now": -1}}, "pain.now: -1 cannot be"),
        ({"at": "2026-01-01T08:00Z", "pain": {"now": float("nan")}}, "nan cannot be"),
        ({"at": "2026-01-01T08:00Z", "pain": {"now": True}}, "True cannot be"),
        ({"at": "2026-01-01T08:00Z", "pain": {"now": "5"}}, "'5' cannot be"),
        ({"at": "2026-01-01T08:00Z", "pain": {"now": 6, "worst": 4}}, "the worst cannot be less"),
        ({"at": "2026-13-01", "pain": {"now": 1}}, "'2026-13-01' is no date"),
        ({"at": "03/04/2026", "pain": {"now": 1}}, "is no date; write it like"),
        ({"at": "1889-01-01", "pain": {"now": 1}}, "the year must be 1990 or later"),
        ({"at": "2099-01-01", "pain": {"now": 1}}, "lies in the future"),
        ({"at": 20260101, "pain": {"now": 1}}, "is no date"),
        ({"pain": {"now": 1}}, "None is no date"),
        ({"at": "2026-01-01"}, "it says nothing"),
        ({"at": "2026-01-01", "pain": {"tomorrow": 1}}, "'tomorrow' is unknown"),
        ({"at": "2026-01-01", "pains": {"now": 1}}, "'pains' is unknown"),
        ({"at": "2026-01-01", "sites": [{"zone": "tail", "pain": 1}]}, "there is no zone 'tail'"),
        ({"at": "2026-01-01", "sites": [{"zone": "neck", "pain": 1}] * 2}, "named twice"),
        ({"at": "2026-01-01", "global_change": 0}, "1 (much better) to 7"),
        ({"at": "2026-01-01", "own_activities": [{"name": " ", "value": 1}]}, "needs a name"),
        ("yesterday was bad", "is no entry"),
    ],
)
def test_what_is_wrong_is_said_in_words(raw, says):
    with pytest.raises(EntryRefused) as refused:
        read_entry(raw, frozenset({"neck", "mid_left"}), UTC, datetime(2027, 1, 1, tzinfo=UTC))
    assert says in str(refused.value)


def test_a_moment_without_a_zone_gets_one_and_it_is_said():
    berlin = timezone(timedelta(hours=1))
    assert read_moment("2026-11-22T08:00", berlin) == (datetime(2026, 11, 22, 8, tzinfo=berlin), True)
    diary = read_diary_text('[{"at": "2026-11-22T08:00", "pain": {"now": 1}}]', zone=berlin)
    assert "no time zone and were read in the local one (UTC+01:00)" in diary.notices[0]
    assert read_moment("2026-11-22T08:00-08:00")[1] is False
    with pytest.raises(EntryRefused, match="nowhere on earth"):
        read_moment("2026-11-22T08:00+23:00")


def test_entries_of_other_time_zones_stand_in_order_of_time():
    texts = ["2026-11-22T08:00:00+01:00", "2026-11-22T00:30:00-08:00", "2026-11-22T07:30:00+00:00"]
    diary = read_diary_text(json.dumps([{"at": text, "pain": {"now": 1}} for text in texts]))
    assert [entry.at.isoformat() for entry in diary.entries] == [texts[0], texts[2], texts[1]]


def test_a_plain_table_of_another_program_is_read():
    table = "Date;Time;Pain;Notes\n2026-11-01;08:15;4,5;after sleep\n2026-11-02;;3;\n"
    diary, problems = read_csv(table, "other.csv", zone=UTC)
    assert not problems
    assert [(entry.pain["now"], entry.note, entry.at.hour) for entry in diary.entries] == [
        (4.5, "after sleep", 8),
        (3, "", 12),
    ]
    assert read_csv(table, "other.csv", zone=UTC)[0].entries == diary.entries  # ids come from the content


def test_rows_that_are_wrong_are_named_by_row():
    table = "at,pain_now\n2026-11-01,3\n2026-11-02,11\nyesterday,2\n2026-11-03,much\n2026-11-04,1,1\n"
    diary, problems = read_csv(table, "t.csv", zone=UTC)
    assert len(diary.entries) == 1
    assert [problem.path for problem in problems] == ["row 3", "row 4", "row 5", "row 6"]
    assert "11 cannot be" in problems[0].what


@pytest.mark.parametrize("table", ["", "pain_now\n3\n", "at,mood\n2026-01-01,good\n", "at,at\n", '"\n'])
def test_a_table_without_usable_columns_is_refused(table):
    with pytest.raises(DiaryRefused):
        read_csv(table, "t.csv")


def test_a_note_cannot_become_a_formula_in_a_spreadsheet():
    entry, _ = read_entry({"at": "2026-01-01T08:00Z", "note": "=1+1"})
    assert ",'=1+1" in diary_csv(Diary((entry,)))
    assert read_csv(diary_csv(Diary((entry,))), "t.csv")[0].entries == (entry,)


def test_a_newer_diary_is_read_as_far_as_it_is_known():
    diary = read_diary_text(
        json.dumps({"schema_version": 2, "entries": [{"id": "a", "at": "2026-01-01", "pain": {"now": 1}, "mood": 3}]})
    )
    assert any("newer Midback" in notice for notice in diary.notices)
    assert len(diary.set_aside) == 1
