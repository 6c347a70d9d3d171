"""A clinician's outcome: the one thing besides a new answer that stops a raised rule from setting the level."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from care.people import knowledge, person
from midback.errors import DiaryRefused
from midback.follow_up import (
    Diary,
    EntryRefused,
    check_in,
    diary_csv,
    diary_to_raw,
    read_csv,
    read_diary_text,
    read_entry,
)
from midback.knowledge.conditions import condition_findings
from midback.report.follow_up_text import follow_up_json, render_follow_up
from people import raw_answers

pytestmark = pytest.mark.slow  # whole journeys, assessments or schemas: left out of `make check`

BEGUN = date(2026, 9, 1)
SEEN = {"by": "Dr Rao, emergency department", "found": "MRI of the whole spine: no cord compression"}
RANK = {level.name: place for place, level in enumerate(knowledge().triage.levels)}


def at(day, **raw):
    return read_entry({"at": (datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(days=day)).isoformat(), **raw})[0]


def outcome(day, *flags, **more):
    return at(day, outcomes=[{"flag": flag, **SEEN} for flag in flags], **more)


def look(first, *entries, day=10):
    kept = Diary(tuple(sorted(entries, key=lambda entry: entry.at)))
    return check_in(first, kept, knowledge(), BEGUN + timedelta(days=day), begun=BEGUN, draws=0)


def raised(assessment):
    return {state.flag.id for state in assessment.triage.flags if state.truth.name == "TRUE"}


def setting_level(assessment):
    return {reason.flag for reason in assessment.triage.reasons if reason.kind == "red_flag"}


def chances(assessment):
    return {row.id: (row.chance, row.lo95, row.hi95) for row in (*assessment.causes, assessment.other)}


def answering(**answers):
    return person(know_all=False, **answers)


WEAK = {"leg_weakness_both": "yes"}


def test_an_outcome_takes_the_rule_out_of_the_level_and_out_of_nothing_else():
    first = answering(**WEAK)
    before = look(first)
    flags = raised(before.now)
    assert before.level == "emergency_now"
    found = look(first, outcome(2, *flags))
    assert RANK[found.level] < RANK["emergency_now"]
    assert {row.state for row in found.outcomes} == {"settled"}
    assert raised(found.now) == flags  # nothing is cleared
    assert chances(found.now) == chances(before.now)
    told = [reason for reason in found.now.triage.reasons if reason.kind == "clinician_outcome"]
    assert {reason.flag for reason in told} == flags
    floor = RANK[knowledge().triage.settled_level]
    for reason in told:  # the sign is still there, so somebody looks again; never above the rule's own level
        assert RANK[reason.level] == min(floor, RANK[knowledge().red_flags[reason.flag].level])
    assert {(reason.settled.by, reason.settled.on) for reason in told} == {(SEEN["by"], BEGUN + timedelta(days=2))}
    assert found.level == max((reason.level for reason in found.now.triage.reasons), key=RANK.get)
    assert {row.id for row in found.plan.tell_clinician if row.kind == "red_flag"} == flags or not found.plan.steps


@settings(max_examples=15)
@given(raw_answers(most=8), st.data())
def test_an_outcome_about_one_rule_never_lowers_another_and_moves_no_chance(raw, data):
    """Without an outcome nothing lowers a raised rule; with one about A, every other raised rule still counts."""
    first = answering(**{key: value for key, value in raw.items() if key != "duration"})
    plain = look(first, at(1, pain={"now": 5}), at(9, no_warning_signs=True, pain={"now": 0}, note="all clear"))
    up = raised(plain.first)
    assert up <= setting_level(plain.now)
    flag = data.draw(st.sampled_from(sorted(knowledge().red_flags)))
    found = look(first, at(1, pain={"now": 5}), outcome(5, flag), at(9, no_warning_signs=True, pain={"now": 0}))
    assert raised(found.now) == raised(plain.now)
    assert chances(found.now) == chances(plain.now)
    assert setting_level(plain.now) - {flag} <= setting_level(found.now)
    others = [reason.level for reason in plain.now.triage.reasons if reason.flag != flag]
    if others:
        assert RANK[found.level] >= max(RANK[level] for level in others)


def test_every_rule_is_raised_again_by_a_newer_yes_to_any_of_its_questions():
    first = answering(**WEAK)
    (flag,) = raised(look(first).now)
    names = condition_findings(knowledge().red_flags[flag].when)
    yes = [name for name in names if knowledge().findings[name].kind == "binary"]
    assert yes
    for name in yes:
        found = look(first, outcome(2, flag), at(3, answers={name: "yes"}))
        assert {row.state for row in found.outcomes} == {"raised_again"}, name
        assert found.level == "emergency_now", name
        again = look(first, outcome(2, flag), at(3, answers={name: "yes"}), outcome(4, flag))
        assert flag not in setting_level(again.now)


def test_an_answer_of_the_same_moment_and_an_answer_that_is_not_sure_are_newer():
    first = answering(**WEAK)
    (flag,) = raised(look(first).now)
    for entries in (
        [outcome(2, flag, answers=WEAK)],
        [outcome(2, flag), at(2, answers=WEAK)],
        [outcome(2, flag), at(3, answers={"leg_weakness_both": "not_sure"}), at(4, answers=WEAK)],
    ):
        assert look(first, *entries).level == "emergency_now"
    unsure = look(first, outcome(2, flag), at(3, answers={"leg_weakness_both": "not_sure"}))
    assert RANK[unsure.level] >= RANK["same_day"]
    assert [row.state for row in unsure.outcomes] == ["not_sure"]
    no = look(first, outcome(2, flag), at(3, answers={"leg_weakness_both": "no"}))
    assert [row.state for row in no.outcomes] == ["not_raised"]


def test_an_outcome_from_before_the_rule_was_raised_settles_nothing():
    calm = answering()
    (flag,) = raised(look(answering(**WEAK)).now)
    late = look(calm, outcome(2, flag), at(3, answers=WEAK))
    assert ([row.state for row in late.outcomes], late.level) == (["raised_again"], "emergency_now")
    early = look(answering(**WEAK), outcome(-1, flag))  # before the first answers were given
    assert ([row.state for row in early.outcomes], early.level) == (["raised_again"], "emergency_now")
    ahead = look(answering(**WEAK), outcome(11, flag))  # a day not yet reached is not seen
    assert (ahead.outcomes, ahead.level) == ((), "emergency_now")


def test_a_settled_sign_is_asked_again_after_a_week():
    first = answering(**WEAK)
    (flag,) = raised(look(first).now)
    looked = [at(day, no_warning_signs=True) for day in (3,)]
    assert "leg_weakness_both" not in look(first, outcome(2, flag), *looked, day=8).ask_again
    assert "leg_weakness_both" in look(first, outcome(2, flag), *looked, day=10).ask_again
    fresh = look(first, outcome(2, flag), *looked, at(10, no_warning_signs=True), day=10)
    assert fresh.ask_again == ()
    assert RANK[fresh.level] < RANK["emergency_now"]  # "none is new" takes no yes back and raises none


def test_time_alone_raises_again_what_it_makes_true_and_nothing_that_was_true_before():
    awake = answering(age=50, night_pain="yes", night_pain_not_eased_by_position="yes", duration=7)
    assert "persistent_night_pain" not in raised(look(awake, day=5).now)
    early = look(awake, outcome(5, "persistent_night_pain"), day=60)
    assert "persistent_night_pain" in setting_level(early.now)
    assert [row.state for row in early.outcomes] == ["raised_again"]
    feverish = answering(fever="yes", weight_loss="yes", duration=14)
    for day in (5, 40, 120):  # 1 to 6 weeks, 6 to 12 weeks, 3 to 12 months: the same question, still answered alike
        found = look(feverish, outcome(5, "fever_for_weeks"), day=day)
        assert "fever_for_weeks" in raised(found.now)
        assert [row.state for row in found.outcomes] == ["settled"], day


def test_a_small_child_is_never_left_without_a_level():
    found = look(person(age=4, know_all=False), outcome(2, "child_under_6"))
    assert [row.state for row in found.outcomes] == ["settled"]
    assert "expected_harm" in {reason.kind for reason in found.now.triage.reasons}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"flag": "f", "by": "Dr Rao"}, "an all-clear that names nothing settles nothing"),
        ({"flag": "f", "by": "Dr Rao", "found": " - "}, "an all-clear that names nothing settles nothing"),
        ({"flag": "f", "found": "MRI normal"}, "say who looked"),
        ({"by": "Dr Rao", "found": "MRI normal"}, "name the red flag"),
        ({"flag": "f", "by": "x" * 81, "found": "MRI normal"}, "81 letters; up to 80"),
        ({"flag": "f", "by": "Dr Rao", "found": "x" * 401}, "401 letters; up to 400"),
        ({"flag": "f", "by": "Dr Rao", "found": "MRI normal", "sure": True}, "and nothing else"),
        ("cleared", "must have flag, by and found"),
    ],
)
def test_an_outcome_that_says_too_little_is_refused_in_words(row, says):
    with pytest.raises(EntryRefused) as refused:
        at(1, outcomes=[row])
    assert says in str(refused.value)


def test_the_same_rule_twice_and_an_unknown_rule_are_refused():
    with pytest.raises(EntryRefused, match="named twice"):
        at(1, outcomes=[{"flag": "f", **SEEN}] * 2)
    (flag,) = raised(look(answering(**WEAK)).now)
    with pytest.raises(DiaryRefused) as refused:
        look(answering(), outcome(1, flag + "x"))
    assert f"did you mean {flag}" in str(refused.value.problems[0])


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(lambda text: f"a{text}")


flags_known = st.sampled_from(sorted(knowledge().red_flags))
outcome_rows = st.fixed_dictionaries({"flag": flags_known, "by": texts, "found": texts})


@settings(max_examples=50)
@given(st.lists(outcome_rows, min_size=1, max_size=3, unique_by=lambda row: row["flag"]))
def test_outcomes_come_back_the_same_from_json_and_from_a_table(rows):
    entry = at(1, outcomes=rows, note="x")
    kept = Diary((entry,))
    assert read_diary_text(json.dumps(diary_to_raw(kept))).entries == (entry,)
    assert read_csv(diary_csv(kept), "t.csv") == (kept, ())


def test_text_and_data_say_who_found_what_and_whether_it_counts():
    first = answering(**WEAK)
    (flag,) = raised(look(first).now)
    found = look(first, outcome(2, flag))
    data = follow_up_json(found, knowledge())
    assert [(row["flag"], row["by"], row["state"]) for row in data["outcomes"]] == [(flag, SEEN["by"], "settled")]
    assert {row["state"] for row in data["assessment"]["flags"] if row["id"] == flag} == {"raised"}
    told = next(row for row in data["assessment"]["triage"]["reasons"] if row["kind"] == "clinician_outcome")
    assert (told["do"], told["settled"]) == (None, {"by": SEEN["by"], "on": "2026-09-03"})
    for language in knowledge().words:
        text, said = render_follow_up(found, knowledge(), language), knowledge().words[language]["follow_up"]
        title = knowledge().words[language]["red_flags"][flag]["title"]
        assert said["outcome"].format(title=title, by=SEEN["by"], on="2026-09-03", found=SEEN["found"]) in text
        assert said["outcome_states"]["settled"] in text
    urgent = render_follow_up(look(first, outcome(2, flag), at(3, answers=WEAK)), knowledge())
    assert SEEN["found"] not in urgent  # an emergency shows nothing that delays it
