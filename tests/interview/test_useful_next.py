"""What would help most next, for whoever can answer, and what each answer would do."""

from __future__ import annotations

import pytest

from midback.assessment import assess
from midback.interview import useful_next
from midback.report.next_useful import useful_json
from people import KNOWLEDGE, all_no, person


def test_each_kind_of_answerer_has_its_best_and_nothing_answered_is_asked_again() -> None:
    answers = all_no(fever="yes", weight_loss="yes", spinal_tenderness="yes")
    rows = useful_next(answers, KNOWLEDGE, most=3)
    assert [row.answered_by for row in rows] == ["person"] * 3 + ["examiner"] * 3 + ["test"] * 3
    assert not {row.finding for row in rows} & set(answers.given)
    for kind in ("person", "examiner", "test"):
        worths = [row.worth for row in rows if row.answered_by == kind]
        assert worths == sorted(worths, reverse=True)
    for row in rows:
        assert KNOWLEDGE.findings[row.finding].answered_by == row.answered_by


def test_chances_of_the_answers_sum_to_one_and_each_outcome_is_the_assessment_without_ranges() -> None:
    answers = all_no(fever="yes", spinal_tenderness="yes")
    row = useful_next(answers, KNOWLEDGE, most=1)[2]
    assert sum(outcome.chance for outcome in row.outcomes) == pytest.approx(1, abs=1e-6)
    for outcome in row.outcomes:
        then = assess(answers.with_answers({row.finding: outcome.answer}, KNOWLEDGE), KNOWLEDGE, draws=0)
        assert outcome.level == then.level
        assert outcome.danger == pytest.approx(then.any_dangerous.chance)


def test_the_chance_of_danger_now_is_the_mean_of_what_the_answers_would_make_it() -> None:
    answers = all_no(fever="yes", spinal_tenderness="yes")
    row = useful_next(answers, KNOWLEDGE, most=1)[2]
    now = assess(answers, KNOWLEDGE, draws=0).any_dangerous.chance
    mean = sum(outcome.chance * outcome.danger for outcome in row.outcomes)
    assert mean == pytest.approx(now, rel=0.05)  # answers given may be wrong; the mean holds for what is found


def test_what_does_not_apply_is_never_useful_and_help_is_never_a_question() -> None:
    for answers in (person(age=70, sex="male"), person(age=4, sex=None), person(age=None, sex=None)):
        for row in useful_next(answers, KNOWLEDGE, most=60):
            finding = KNOWLEDGE.findings[row.finding]
            assert finding.applies_to(answers.age, answers.sex)
            assert finding.section != "help_card"
        if answers.age == 70:
            break  # one long list is enough


def test_as_data_it_has_words_and_four_decimals() -> None:
    rows = useful_json(useful_next(person(fever="yes"), KNOWLEDGE, most=1), KNOWLEDGE)
    for row in rows:
        assert row["label"] == KNOWLEDGE.words["en"]["findings"][row["finding"]]["clinical"]
        for outcome in row["outcomes"]:
            assert outcome["level_label"] == KNOWLEDGE.words["en"]["levels"][outcome["level"]]["label"]
            assert round(outcome["chance"], 4) == outcome["chance"]
