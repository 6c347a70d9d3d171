"""The laws of an assessment, whatever the answers."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midback.answers import read_answers
from midback.assessment import assess
from midback.report import assessment_json
from people import KNOWLEDGE, all_no, person, raw_answers

DANGER = {cause.id for cause in KNOWLEDGE.causes.values() if cause.dangerous}


@settings(max_examples=30)
@given(raw_answers(), st.integers(0, 2**16))
def test_the_order_of_answers_never_matters(raw, seed):
    items = list(raw.items())
    random.Random(seed).shuffle(items)
    first = assessment_json(assess(person(**raw), KNOWLEDGE, draws=0), KNOWLEDGE)
    again = assessment_json(assess(person(**dict(items)), KNOWLEDGE, draws=0), KNOWLEDGE)
    assert first == again


@settings(max_examples=30)
@given(raw_answers(), st.sampled_from([3, 9, 15, 30, 50, 70, 90]), st.sampled_from(["female", "male", None]))
def test_chances_with_other_sum_to_one(raw, age, sex):
    answers = read_answers({"age": age, **({"sex": sex} if sex else {}), "answers": raw}, KNOWLEDGE)
    assessment = assess(answers, KNOWLEDGE, draws=0)
    for chances in (assessment.causes, assessment.families, assessment.reported):
        assert sum(chance.chance for chance in chances) + assessment.other.chance == pytest.approx(1, abs=1e-6)
        assert all(0 <= chance.lo95 <= chance.chance <= chance.hi95 <= 1 for chance in chances)


def test_ranges_hold_the_headline_and_are_not_points():
    assessment = assess(person(60, "male", worse_with_movement="yes", duration=10), KNOWLEDGE, draws=500)
    top = assessment.families[0]
    assert top.lo95 < top.chance < top.hi95
    assert assessment.other.lo95 <= assessment.other.chance <= assessment.other.hi95


def test_equal_answers_give_an_equal_result_to_the_last_digit():
    answers = person(70, "female", minor_trauma="yes", pain_now=8)
    first, again = (assessment_json(assess(answers, KNOWLEDGE, draws=300), KNOWLEDGE) for _ in range(2))
    assert first == again


def test_a_family_holds_the_sum_of_its_members():
    for family in assess(person(50), KNOWLEDGE, draws=0).families:
        assert family.chance == pytest.approx(sum(member.chance for member in family.members))


def test_no_word_of_likelihood_stands_on_a_dangerous_cause():
    data = assessment_json(assess(all_no(rash_band_one_side="yes"), KNOWLEDGE, draws=0), KNOWLEDGE)
    for entry in (*data["chances"]["causes"], *data["chances"]["families"]):
        assert (entry["word"] is None) == entry["dangerous"]


def test_what_moved_the_result_names_its_number():
    assessment = assess(person(70, "female", percussion_tenderness="yes", supine_sign="yes"), KNOWLEDGE, draws=0)
    rows = [row for row in assessment.moved if row.cause == "vertebral_fragility_fracture" and row.decibans > 1]
    assert {row.finding for row in rows} >= {"percussion_tenderness", "supine_sign"}
    assert all(row.number is not None for row in rows)
    assert any(row.number.source for row in rows)


def test_limits_of_age_and_sex_leave_causes_out():
    chances = {cause.id: cause.chance for cause in assess(person(30, "male"), KNOWLEDGE, draws=0).causes}
    assert chances["preeclampsia_hellp"] < 1e-6
    assert chances["childhood_leukaemia_neuroblastoma"] < 1e-6


def test_a_silent_state_is_shown_and_never_ranked():
    assessment = assess(person(70, osteoporosis="yes"), KNOWLEDGE, draws=0)
    assert "osteoporosis" in assessment.risk_states
    assert "osteoporosis" not in {cause.id for cause in assessment.causes}


def test_one_answer_that_would_change_the_advice_does_change_it():
    answers = all_no(35, worse_with_movement="yes")
    assessment = assess(answers, KNOWLEDGE, draws=0)
    by_rule = [change for change in assessment.changes if change.by in KNOWLEDGE.red_flags][:5]
    assert by_rule
    for change in by_rule:
        value = [change.answer] if KNOWLEDGE.findings[change.finding].kind == "many_of" else change.answer
        later = assess(answers.with_answers({change.finding: value}, KNOWLEDGE), KNOWLEDGE, draws=0)
        assert later.level == change.level


def test_the_danger_list_is_ordered_by_harm_and_holds_only_dangerous_causes():
    assessment = assess(all_no(60, chest_pain_now="yes"), KNOWLEDGE, draws=0)
    assert {chance.id for chance in assessment.dangerous} <= DANGER


@settings(max_examples=25)
@given(raw_answers(most=30))
def test_no_answers_however_odd_break_it(raw):
    assessment = assess(person(50, "male", **raw), KNOWLEDGE, draws=20)
    assert assessment.level in {level.name for level in KNOWLEDGE.triage.levels}
    assert all(chance.chance == chance.chance for chance in assessment.causes)  # no NaN
