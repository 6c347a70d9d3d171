"""A plan never contradicts the triage level, dates its steps, and says what it rests on."""

import itertools
import json
import time
from datetime import timedelta
from typing import Any

import pytest

from care.people import TODAY, assessed, knowledge, person, really_assessed
from midback.answers import Answers
from midback.care import Plan, care_knowledge, plan, plan_to_raw
from midback.care.gate import share_of
from midback.care.items import Target


def planned(**given: Any) -> Plan:
    return plan(assessed(person(**given)), knowledge(), TODAY)


def really_planned(**given: Any) -> Plan:
    return plan(really_assessed(person(know_all=False, **given)), knowledge(), TODAY)


def offered_ids(made: Plan) -> set[str]:
    return {item.id for item in made.offered} | {exercise.id for exercise in made.exercises}


def test_an_emergency_gets_its_instruction_and_nothing_else() -> None:
    made = planned(leg_weakness_both="yes")
    assert made.kind == "emergency"
    assert made == Plan("emergency", TODAY, "emergency_now", made.within_hours, knowledge_version=knowledge().version)


def test_an_incomplete_screen_gets_no_plan() -> None:
    made = plan(assessed(Answers(age=40)), knowledge(), TODAY)
    assert made.kind == "incomplete"
    assert not made.offered
    assert not made.awaiting


@pytest.mark.parametrize("age", [0, 3, 5])
def test_under_six_there_is_no_plan(age: int) -> None:
    made = planned(age=age)
    assert made.kind == "too_young"
    assert not offered_ids(made)


def test_a_full_plan_is_dated_without_gaps() -> None:
    made = planned()
    assert made.kind == "full"
    assert made.begins_with == "self_care"
    timed = [step for step in made.steps if step.rule is not None]
    assert [step.name for step in timed] == ["self_care", "active_care", "combined", "specialist"]
    assert timed[0].begins == TODAY
    for before, after in itertools.pairwise(timed):
        assert before.ends == after.begins
    assert made.better_by == TODAY + timedelta(days=14)
    assert {"relative_rest", "education", "heat"} <= {item.id for item in timed[0].items}
    assert "exercise" in {item.id for item in timed[1].items}


def test_pain_over_three_months_enters_at_combined_care() -> None:
    assert planned(duration="3_to_12_months").begins_with == "combined"
    assert planned(duration="6_to_12_weeks").begins_with == "active_care"
    assert plan(assessed(person()), knowledge(), TODAY, scores={"peg": 6.0}).begins_with == "active_care"


def test_the_self_check_names_no_prescription_medicine() -> None:
    made = planned(setting="self_check", duration="3_to_12_months", burning_pain="yes")
    listed = {row.kind for rows in (made.offered, made.blocked, made.awaiting, made.advised_against) for row in rows}
    assert "medicine_prescription" not in listed


@pytest.mark.parametrize("age", [6, 10, 15])
@pytest.mark.parametrize("setting", ["self_check", "primary_care", "emergency_department", "spine_clinic"])
def test_no_medicine_under_16(age: int, setting: str) -> None:
    made = planned(age=age, setting=setting)
    assert not [item for item in made.offered if item.kind.startswith("medicine")]


def test_no_item_advises_aspirin() -> None:
    words = knowledge().words["en"]
    for folder in ("care", "prevention"):
        for name, text in words[folder].items():
            if name not in ("aspirin", "exercises"):
                assert "aspirin" not in json.dumps(text).lower(), name
    assert care_knowledge(knowledge()).care["aspirin"].stance == "advised_against"


def test_a_raised_flag_holds_everything_hands_on() -> None:
    made = planned(rash_band_one_side="yes")
    assert made.kind == "see_first"
    assert not [item for item in made.offered if item.kind in ("manual", "needle", "injection", "activity", "device")]
    assert not made.exercises


def test_branches() -> None:
    assert "zoster" in {branch.id for branch in really_planned(rash_band_one_side="yes").branches}
    assert "child" in {branch.id for branch in planned(age=12).branches}
    assert "pregnancy" in {branch.id for branch in planned(pregnant="yes").branches}
    fracture = really_planned(age=80, osteoporosis="yes", minor_trauma="yes", height_loss="yes", onset_speed="sudden")
    assert fracture.kind == "emergency" or "fracture" in {branch.id for branch in fracture.branches}


def test_zoster_medicine_starts_within_72_hours_where_it_may_be_named() -> None:
    made = really_planned(
        age=60, rash_band_one_side="yes", burning_pain="yes", kidney_disease="no", dialysis_or_kidney_failure="no"
    )
    urgent = {item.id: item for item in made.offered}
    assert urgent["zoster_antiviral"].start_within_hours == 72


def test_every_item_says_how_direct_its_evidence_is() -> None:
    items = {item.id: item for item in planned().offered}
    assert not items["exercise"].direct
    assert items["spinal_manipulation"].direct if "spinal_manipulation" in items else True
    benefit = items["exercise"].benefit
    assert benefit is not None
    assert benefit.low <= benefit.value <= benefit.high
    assert 0 < benefit.value <= 15


def test_expected_benefit_never_exceeds_the_printed_effect() -> None:
    made = planned(age=30)
    for item in made.offered:
        if item.benefit and item.benefit.unit == "points_0_100":
            assert item.benefit.value <= abs(item.benefit.effect.value or 0)


def test_advised_against_is_shown_with_the_conflict() -> None:
    against = {row.id: row for row in planned(duration="3_to_12_months").advised_against}
    assert against["platelet_rich_plasma"].stance == "trial_only"
    assert against["epidural_steroid"].guidelines_conflict
    assert against["pens"].stance == "not_routine"
    assert against["tens_traction_ultrasound_belt"].stance == "advised_against"


def test_the_outlook_falls_and_stays_in_its_range() -> None:
    curve = planned().prognosis
    assert curve is not None
    shares = [point.share for point in curve.curve]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= point.low <= point.share <= point.high <= 1 for point in curve.curve)


def test_not_getting_better_raises_what_does_not_settle() -> None:
    made = planned()
    rows = {row.family: row for row in made.if_not_better}
    assert sum(row.then for row in made.if_not_better) == pytest.approx(1, abs=1e-6)
    assert rows["other"].then > rows["other"].now


def test_plan_is_pure_and_json_able() -> None:
    made, again = planned(), planned()
    assert made == again
    raw = plan_to_raw(made)
    assert json.loads(json.dumps(raw)) == raw
    assert raw["today"] == "2026-11-22"


def test_safety_net_leaves_out_what_is_there_already_or_cannot_be() -> None:
    made = planned(getting_worse="yes")
    assert made.safety_net is not None
    assert "getting_worse" not in made.safety_net["within_2_weeks"]
    assert made.safety_net["emergency_now"]


def test_the_share_of_everybody_is_one() -> None:
    assert share_of(assessed(person()), Target()) == (1.0, 1.0, 1.0)


def test_a_plan_takes_under_20_ms() -> None:
    assessment = assessed(person())
    plan(assessment, knowledge(), TODAY)
    took = []
    for _ in range(5):
        begin = time.perf_counter()
        plan(assessment, knowledge(), TODAY)
        took.append(time.perf_counter() - begin)
    assert min(took) < 0.020
