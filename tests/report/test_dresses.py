"""Letter, PDF, calendar, charts and square codes: the same summary, nothing added, nothing given away."""

from __future__ import annotations

import json
from datetime import date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from midback.assessment import assess
from midback.care import plan, plan_to_raw
from midback.report import assessment_json, render_assessment
from midback.report.calendar import consultation_calendar, plan_calendar
from midback.report.charts import course_chart, people_chart, range_bar
from midback.report.document import Document, Part
from midback.report.figures import in_100, range_in_100, shares_of_100, within_text
from midback.report.letter import letter_document, result_document
from midback.report.pdf import render_pdf
from midback.report.plan_lines import dose_lines
from midback.report.plan_text import render_plan
from midback.report.qr import square_code
from people import KNOWLEDGE, all_no

TODAY = date(2026, 11, 22)
WORDS = KNOWLEDGE.words["en"]
HOSTILE = '#panic("x") $ * _ ` @a <b> [c] \\ " ] #import "y"'


def _made(**answers: object) -> tuple[dict, dict]:
    assessment = assess(all_no(setting="self_check", **answers), KNOWLEDGE, draws=50)
    return assessment_json(assessment, KNOWLEDGE), plan_to_raw(plan(assessment, KNOWLEDGE, TODAY))


DATA, PLAN = _made(worse_with_movement="yes")


def test_the_letter_tells_what_was_answered_and_clears_nothing() -> None:
    text = letter_document(DATA, PLAN, KNOWLEDGE, "2026-11-22").text()
    assert WORDS["findings"]["worse_with_movement"]["clinical"] in text
    assert DATA["triage"]["label"] in text
    assert DATA["knowledge"]["hashes"]["network"] in text
    assert "cleared" not in text.lower()


def test_what_raised_rules_say_to_do_stands_in_every_dress_once_each() -> None:
    data, planned = _made(leg_weakness_both="yes", tearing_pain="yes", saddle_numbness="yes")
    advice = list(dict.fromkeys(row["do"] for row in data["triage"]["reasons"][:4] if row["do"]))
    assert len(advice) > 1
    for said in (
        letter_document(data, planned, KNOWLEDGE, "2026-11-22").text(),
        result_document(data, planned, KNOWLEDGE, "2026-11-22").text(),
        render_assessment(data, KNOWLEDGE),
    ):
        assert all(do in said for do in advice)
        assert said.count(max(advice, key=len)) == 1


def test_a_dose_never_tells_of_what_is_not_in_it() -> None:
    stage = {"from_day": 8, "dose": {"sets": 1, "repeats": 6, "times_a_day": 2, "days_a_week": 7}}
    walk = {"from_day": 1, "dose": {"minutes": 10, "times_a_day": 1, "days_a_week": 5}}
    assert dose_lines([walk, stage], WORDS) == [
        "From day 1: 10 minutes, 1 x a day, 5 days a week.", "From day 8: 6 repeats, 2 x a day, every day.",
    ]  # fmt: skip


def test_being_hurt_by_somebody_is_kept_off_and_so_is_every_rule_that_tells() -> None:
    data, planned = _made(hurt_by_someone="yes", major_trauma="yes")
    quiet = letter_document(data, planned, KNOWLEDGE, "2026-11-22").text()
    assert WORDS["findings"]["hurt_by_someone"]["clinical"] not in quiet
    for flag in data["flags"]:
        if "hurt_by_someone" in flag["findings"]:
            assert flag["title"] not in quiet
    assert WORDS["causes"]["inflicted_injury"]["label"] not in quiet
    printed = result_document(data, planned, KNOWLEDGE, "2026-11-22").text()
    assert WORDS["findings"]["hurt_by_someone"]["yes"] not in printed
    assert WORDS["causes"]["inflicted_injury"]["label"].lower() not in printed.lower()
    open_letter = letter_document(data, planned, KNOWLEDGE, "2026-11-22", show_hurt=True).text()
    assert WORDS["findings"]["hurt_by_someone"]["clinical"] in open_letter


def test_a_pdf_is_tagged_and_reads_nothing_as_markup() -> None:
    hostile = Document(HOSTILE, HOSTILE, (Part(HOSTILE, (HOSTILE,), (HOSTILE,)), Part("x")), HOSTILE)
    for document in (letter_document(DATA, PLAN, KNOWLEDGE, "2026-11-22"),
                     result_document(DATA, PLAN, KNOWLEDGE, "2026-11-22"), hostile):  # fmt: skip
        made = render_pdf(document)
        assert made.startswith(b"%PDF")
        assert b"/StructTreeRoot" in made
        assert b"pdfuaid" in made


def test_every_letter_of_the_words_can_be_printed() -> None:
    letters = "".join(sorted({letter for letter in json.dumps(WORDS, ensure_ascii=False) if letter.isprintable()}))
    assert render_pdf(Document("Letters", "", (Part("All", (letters,)),), ""))


def test_the_calendar_holds_dates_and_warning_signs_and_names_no_cause() -> None:
    calendar = Calendar.from_ical(plan_calendar(PLAN, KNOWLEDGE))
    events = calendar.walk("VEVENT")
    assert events
    for event in events:
        assert event.decoded("dtstart") > TODAY
        assert event.walk("VALARM")
        text = str(event["description"]) + str(event["summary"])
        for row in WORDS["causes"].values():
            assert row["label"] not in text
    assert WORDS["findings"]["saddle_numbness"]["yes"] in str(events[0]["description"])


def test_a_proposed_consultation_is_half_an_hour_of_local_time() -> None:
    text = consultation_calendar("A talk", datetime(2026, 12, 1, 10), "Here; and, there").decode()
    assert "DTSTART:20261201T100000\r\nDTEND" in text.replace("\r\nDTEND:20261201T103000", "\r\nDTEND")
    assert "STATUS:TENTATIVE" in text


@pytest.mark.parametrize("label", ["plain", 'a "quoted" <b> & more'])
def test_charts_are_sound_pictures_with_a_label(label: str) -> None:
    for chart in (
        people_chart([("k1", 70), ("k0", 30)], label),
        range_bar(0.0, 1.0, 0.5, label),
        course_chart([(2, 0.8, 0.6, 0.9), (52, 0.2, 0.1, 0.4)], label, "weeks & days"),
    ):
        root = ElementTree.fromstring(chart)
        assert root.attrib["aria-label"] == label
        assert root.attrib["role"] == "img"
        assert "style" not in chart


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12))
def test_whole_numbers_of_a_hundred_stay_a_hundred_and_near(weights: list[float]) -> None:
    shares = [weight / sum(weights) for weight in weights]
    whole = shares_of_100(shares)
    assert sum(whole) == 100
    assert all(abs(count - 100 * share) <= 1 for count, share in zip(whole, shares, strict=True))


def test_figures_in_words() -> None:
    words = WORDS["interface"]
    assert in_100(0.001, words) == words["less_than_1"]
    assert in_100(0.349, words) == "35 in 100"
    assert range_in_100(0.0, 0.004, words) == words["less_than_1"]
    assert range_in_100(0.1, 0.25, words) == "10 to 25 in 100"
    assert within_text(None, words) == ""
    assert within_text(0, words) == "now"
    assert within_text(24, words) == "within 24 hours"
    assert within_text(336, words) == "within 14 days"


def test_a_square_code_that_would_not_fit_is_none() -> None:
    code = square_code("x" * 1000, "a code")
    assert code
    assert code.startswith("<svg")
    assert square_code("x" * 3000, "a code") is None


def test_everything_that_is_printed_comes_from_plain_data() -> None:
    again = json.loads(json.dumps(DATA)), json.loads(json.dumps(PLAN))
    assert result_document(*again, KNOWLEDGE, "2026-11-22") == result_document(DATA, PLAN, KNOWLEDGE, "2026-11-22")


def test_who_is_to_be_seen_first_is_told_no_dated_steps_in_any_dress() -> None:
    data, planned = _made(night_pain="yes", weight_loss="yes", known_cancer="yes")
    assert planned["kind"] == "see_first"
    dated = {WORDS["plan"]["steps"][step["name"]] for step in planned["steps"]}
    for said in (result_document(data, planned, KNOWLEDGE, "2026-11-22").text(), render_plan(planned, KNOWLEDGE)):
        assert WORDS["plan"]["steps"]["until_seen"] in said
        assert not any(heading in said for heading in dated)
