"""The policy of docs/safety, rule by rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midback.answers import Reply
from midback.assessment import assess
from midback.safety import implied_thresholds
from people import KNOWLEDGE, all_no, person, raw_answers

BINARY = [f.id for f in KNOWLEDGE.findings.values() if f.kind == "binary" and not f.implies]
NAMES = [level.name for level in KNOWLEDGE.triage.levels]


def level(answers):
    return assess(answers, KNOWLEDGE, draws=0).level


def rank(answers):
    return NAMES.index(level(answers))


@pytest.mark.parametrize(
    "finding",
    ["leg_weakness_both", "urinary_retention", "saddle_numbness", "tearing_pain", "fainting", "vomiting_blood",
     "rigid_belly", "breathlessness_sudden", "onset_after_vomiting", "incontinence_new"],
)  # fmt: skip
def test_enough_alone_for_an_emergency(finding):
    assert level(all_no(**{finding: "yes"})) == "emergency_now"


def test_a_child_under_six_is_seen_the_same_day_without_a_differential():
    assessment = assess(person(4), KNOWLEDGE, draws=0)
    assert assessment.level == "same_day"
    assert not assessment.shows_differential


def test_known_cancer_with_new_pain_is_seen_within_24_hours():
    assessment = assess(all_no(60, known_cancer="yes"), KNOWLEDGE, draws=0)
    assert assessment.level == "same_day"
    assert assessment.triage.within_hours <= 24


def test_chest_pain_in_pregnancy_is_an_emergency():
    assert level(all_no(30, "female", pregnant="yes", chest_pain_now="yes")) == "emergency_now"


def test_headache_after_20_weeks_is_an_emergency():
    answers = all_no(30, "female", pregnant="yes", pregnant_over_20_weeks="yes", headache="yes")
    assert level(answers) == "emergency_now"


def test_a_minor_fall_with_a_fused_spine_is_an_emergency():
    answers = all_no(60, "male", ankylosing_spondylitis_or_dish="yes", minor_trauma="yes")
    assert level(answers) == "emergency_now"


def test_a_blistering_band_is_seen_in_time_for_treatment():
    assert assess(all_no(rash_band_one_side="yes"), KNOWLEDGE, draws=0).triage.within_hours <= 72


@pytest.mark.parametrize("finding", ["night_pain", "steroids_long_term", "stress_or_worry", "smoking"])
def test_one_generic_flag_alone_does_not_cry_wolf(finding):
    answers = all_no(50, "male", worse_with_movement="yes", **{finding: "yes"})
    assert rank(answers) <= NAMES.index("within_2_weeks")


def test_movement_related_pain_between_the_shoulder_blades_with_a_complete_screen_is_routine_at_most():
    answers = all_no(35, "female", pain_zone=["mid_spine"], worse_with_movement="yes")
    assert level(answers) in ("routine", "self_care")


def test_new_pain_there_that_movement_does_not_change_is_seen_the_same_day():
    answers = all_no(35, "female", pain_zone=["mid_spine"], duration=2, worse_with_movement="no")
    assert level(answers) == "same_day"


def test_an_incomplete_screen_is_never_routine_and_says_what_would_hold():
    assessment = assess(person(35, "female", worse_with_movement="yes"), KNOWLEDGE, draws=0)
    assert assessment.level == "within_2_weeks"
    assert not assessment.certain
    assert assessment.triage.level_if_rest_no in ("routine", "self_care")
    assert assessment.triage.decided_by == "incomplete_screen"


def test_not_sure_on_an_emergency_sign_is_at_least_same_day():
    for finding in ("leg_weakness_both", "tearing_pain", "saddle_numbness"):
        assert rank(all_no(**{finding: "not_sure"})) >= NAMES.index("same_day")


def test_sex_never_lowers_the_heart():
    for answers in ({"chest_pain_now": "yes"}, {"worse_with_exertion": "yes", "breathlessness": "yes"}):
        assert level(all_no(60, "female", **answers)) == level(all_no(60, "male", **answers))


def test_the_thresholds_a_clinician_can_argue_with():
    limits = implied_thresholds(KNOWLEDGE)
    assert limits["critical"]["emergency_now"] == pytest.approx(
        (13 - 7) / (60 - 0)
    )  # cost of the step over the loss it saves
    assert "same_day" not in limits["moderate"]


@settings(max_examples=60)
@given(raw_answers(), st.sampled_from(BINARY))
def test_not_sure_never_lowers_the_level(raw, finding):
    raw = {key: value for key, value in raw.items() if key != finding}
    assert rank(person(**{**raw, finding: "not_sure"})) >= rank(person(**raw))


@settings(max_examples=60)
@given(raw_answers())
def test_a_raised_flag_is_a_floor(raw):
    assessment = assess(person(**raw), KNOWLEDGE, draws=0)
    for reason in assessment.triage.reasons:
        assert NAMES.index(assessment.level) >= NAMES.index(reason.level)


@settings(max_examples=40)
@given(raw_answers())
def test_routine_and_self_care_need_every_safety_question_answered(raw):
    assessment = assess(person(**raw), KNOWLEDGE, draws=0)
    if assessment.level in ("routine", "self_care"):
        assert assessment.triage.screen.complete
        assert Reply.NOT_SURE not in {assessment.answers.reply(n) for n in assessment.triage.screen.applicable}
