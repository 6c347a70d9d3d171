"""The JSON keeps to its published schema, whatever the answers, and every number in it opens its source."""

import json
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given, settings

from midback.assessment import assess
from midback.report import assessment_json, render_assessment
from people import KNOWLEDGE, all_no, person, raw_answers

SCHEMA = json.loads((files("midback.report") / "assessment.schema.json").read_text(encoding="utf-8"))
PEOPLE = {
    "nothing answered": person(None, None),
    "child": person(4, "male"),
    "emergency": all_no(tearing_pain="yes"),
    "plain strain": all_no(35, worse_with_movement="yes"),
    "not sure": all_no(known_cancer="not_sure"),
    "in a clinic": person(70, "female", percussion_tenderness="yes", temperature=38.4, systolic_bp=85),
}


def summary(answers, draws=50):
    return assessment_json(assess(answers, KNOWLEDGE, draws=draws), KNOWLEDGE)


@pytest.mark.parametrize("answers", PEOPLE.values(), ids=PEOPLE.keys())
def test_the_published_schema_holds(answers):
    jsonschema.validate(json.loads(json.dumps(summary(answers))), SCHEMA)


@settings(max_examples=20)
@given(raw_answers())
def test_the_schema_holds_for_any_answers(raw):
    jsonschema.validate(json.loads(json.dumps(summary(person(**raw), 0))), SCHEMA)


def test_every_weight_names_a_number_and_every_cited_number_an_address():
    rows = summary(person(70, "female", percussion_tenderness="yes", minor_trauma="yes", fever="yes"))["moved"]
    assert rows
    for row in rows:
        if row["number"]["judgement"]:
            assert row["number"]["citation"]  # the reason of the judgement
        else:
            assert row["number"]["url"].startswith("http")


def test_an_emergency_at_home_shows_the_emergency_and_nothing_that_delays_it():
    data = summary(all_no(setting="self_check", tearing_pain="yes"))
    text = render_assessment(data, KNOWLEDGE)
    assert "Emergency, now" in text
    assert KNOWLEDGE.say("interface", "headings", "chances") not in text


def test_text_has_no_gaps_left_by_missing_words():
    for answers in PEOPLE.values():
        text = render_assessment(summary(answers), KNOWLEDGE)
        assert "{" not in text
        assert "None" not in text


def test_settings_other_than_home_show_the_differential_even_in_an_emergency():
    data = summary(all_no(setting="emergency_department", tearing_pain="yes"))
    assert KNOWLEDGE.say("interface", "headings", "chances") in render_assessment(data, KNOWLEDGE)
