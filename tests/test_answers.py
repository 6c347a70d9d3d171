"""Answers are read strictly; everything wrong is named at once with the way out."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midback.answers import Reply, read_answers, read_answers_file
from midback.errors import AnswersRefused, AnswersUnreadable
from people import KNOWLEDGE, person, raw_answers


def refused(raw):
    with pytest.raises(AnswersRefused) as caught:
        read_answers(raw, KNOWLEDGE, "case.yaml")
    return str(caught.value)


def test_an_unknown_finding_is_met_with_the_nearest():
    assert "did you mean fever" in refused({"answers": {"fevr": "yes"}})


def test_every_problem_is_named_at_once():
    text = refused({"age": -3, "sex": "x", "setting": "mars", "answers": {"pain_now": 14, "fever": "maybe", "zzz": 1}})
    for part in ("age", "sex", "setting", "pain_now", "fever", "zzz"):
        assert part in text


@pytest.mark.parametrize("age", [-3, 121, 4.5, "forty", True])
def test_an_impossible_age_is_refused(age):
    assert "cannot be an age" in refused({"age": age})


def test_pain_fourteen_is_refused_with_its_range():
    assert "0 to 10" in refused({"answers": {"pain_now": 14}})


def test_a_number_falls_in_its_level_and_is_kept():
    answers = person(pain_now=8, duration=10)
    assert answers.reply("pain_now") == "severe"
    assert answers.reply("duration") == "1_to_6_weeks"
    assert answers.measured["duration"] == 10
    assert person(duration=0).reply("duration") == "under_1_day"


def test_contradictions_are_refused():
    assert "cannot be for this person" in refused({"age": 40, "sex": "male", "answers": {"pregnant": "yes"}})


def test_booleans_from_json_are_yes_and_no():
    assert person(fever=True).reply("fever") is Reply.YES
    assert person(fever=False).reply("fever") is Reply.NO


def test_none_of_the_places_is_an_answer_and_not_silence():
    assert person(pain_zone=["none"]).reply("pain_zone") == frozenset()
    assert person().reply("pain_zone") is None


def test_null_means_not_asked():
    assert "fever" not in person(fever=None).given


@given(raw_answers())
def test_answers_survive_the_round_trip(raw):
    answers = person(45, "female", **raw)
    assert read_answers(answers.to_raw(), KNOWLEDGE) == answers


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
                    max_leaves=12))  # fmt: skip
def test_any_data_is_read_or_refused_clearly(raw):
    for data in (raw, {"answers": raw}, {"age": raw, "sex": raw, "answers": {"fever": raw, "pain_now": raw}}):
        with contextlib.suppress(AnswersRefused):
            assert read_answers(data, KNOWLEDGE).setting in KNOWLEDGE.settings


def test_files_that_are_no_answers(tmp_path):
    cases = {"binary.yaml": b"\x00\xff\x01", "huge.yaml": b"a: " + b"x" * 2_000_000, "broken.yaml": b"answers: ["}
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(AnswersUnreadable, match=name):
            read_answers_file(tmp_path / name, KNOWLEDGE)
    (tmp_path / "list.yaml").write_text("- 1\n- 2\n")
    with pytest.raises(AnswersRefused, match="no mapping"):
        read_answers_file(tmp_path / "list.yaml", KNOWLEDGE)
