"""The check-in: signs asked again, time as evidence, and steps with reasons."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from care.people import knowledge, person
from midback.assessment import assess
from midback.care import care_knowledge, stays_in_pain, weeks_so_far
from midback.errors import AnswersRefused, DiaryRefused
from midback.follow_up import Diary, check_in, read_entry, warning_signs
from midback.network import StillThere
from midback.report.follow_up_text import follow_up_json, follow_up_parts, render_follow_up

BEGUN = date(2026, 9, 1)
PEG = {"pain": 2, "enjoyment": 2, "activity": 2}
ORDER = ("self_care", "routine", "within_2_weeks", "same_day", "emergency_now")


def on(day):
    return BEGUN + timedelta(days=day)


def at(day, **raw):
    moment = datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(days=day)
    return read_entry({"at": moment.isoformat(), **raw})[0]


def diary(*pains, extra=()):
    rows = [at(n, pain={"average": pain}) for n, pain in enumerate(pains)]
    return Diary(tuple(sorted((*rows, *extra), key=lambda entry: entry.at)))


def look(first, kept, day, **more):
    return check_in(first, kept, knowledge(), on(day), draws=0, **more)


@pytest.fixture(scope="module")
def someone():
    return person(know_all=False)


def chances(assessment):
    return {row.id: row.chance for row in (*assessment.causes, assessment.other)}


def test_time_raises_what_does_not_settle_and_never_lowers_a_dangerous_cause(someone):
    found = look(someone, diary(*[5] * 43), 42)
    assert found.settling == "still"
    before, now = chances(found.first), chances(found.now)
    assert now["other"] > before["other"]
    dangerous = [cause.id for cause in knowledge().causes.values() if cause.dangerous and cause.id in now]
    assert dangerous
    assert all(now[name] >= before[name] * (1 - 1e-9) for name in dangerous)
    assert all(not knowledge().causes[row.cause].dangerous for row in found.factors)
    strain = next(row for row in found.factors if row.cause == "muscle_strain")
    assert 0 < strain.low <= strain.share <= strain.high < 1
    assert now["muscle_strain"] < before["muscle_strain"]


def test_the_factor_is_the_ratio_of_the_recovery_curve(someone):
    """With one cause at a time the odds against `other` move by exactly S(t2)/S(t1)."""
    name = "muscle_strain"
    ratio, _, _ = stays_in_pain(name, knowledge(), weeks_so_far(someone, knowledge()), 6)
    before = assess(someone, knowledge(), draws=0)
    after = assess(someone, knowledge(), draws=0, stays={name: StillThere(ratio)})
    small = math.log(chances(after)[name] / chances(after)["other"]) - math.log(
        chances(before)[name] / chances(before)["other"]
    )
    assert small == pytest.approx(math.log(ratio), abs=0.05)  # several causes at once make up the rest


def test_the_range_covers_the_range_of_the_curve(someone):
    wide = assess(someone, knowledge(), stays={"nonspecific_mechanical": StillThere(0.4, 0.4)})
    narrow = assess(someone, knowledge(), stays={"nonspecific_mechanical": StillThere(0.4, 0.0)})
    widths = [
        next(row.hi95 - row.lo95 for row in found.causes if row.id == "nonspecific_mechanical")
        for found in (wide, narrow)
    ]
    assert widths[0] > widths[1]


def test_easing_pain_moves_no_chance(someone):
    found = look(someone, diary(*[6] * 7, *[2] * 36), 42)
    assert found.settling == "better"
    assert found.factors == ()
    assert chances(found.now) == pytest.approx(chances(found.first))


def test_less_pain_now_is_no_new_answer_but_more_pain_is(someone):
    eased = look(someone, Diary((at(0, pain={"now": 5}), at(20, pain={"now": 1}))), 20)
    assert "pain_now" not in eased.new_answers
    worse = look(someone, Diary((at(0, pain={"now": 5}), at(20, pain={"now": 9}))), 20)
    assert worse.new_answers["pain_now"] == "9.0"


@pytest.mark.parametrize("sign", ["leg_weakness_both", "urinary_retention", "saddle_numbness"])
def test_a_new_sign_comes_on_top_and_stops_the_plan(someone, sign):
    found = look(someone, diary(*[4] * 10, extra=[at(9, answers={sign: "yes"})]), 10)
    assert found.level == "emergency_now"
    assert found.direction == "stop"
    assert found.plan.kind == "emergency"
    assert not found.plan.offered
    text = render_follow_up(found, knowledge())
    assert "Get help first" in text
    assert "Your step" not in text


def test_a_raised_flag_stays_raised_when_time_passes_and_pain_eases():
    first = person(know_all=False, known_cancer="yes")
    found = look(first, diary(*[7] * 7, *[1] * 100), 106)
    raised = {s.flag.id for s in found.first.triage.flags if s.truth.name == "TRUE"}
    still = {s.flag.id for s in found.now.triage.flags if s.truth.name == "TRUE"}
    assert raised
    assert raised <= still
    assert ORDER.index(found.level) >= ORDER.index(found.first.level)


def test_none_of_the_signs_does_not_take_back_a_yes():
    first = person(know_all=False, fever="yes")
    found = look(first, diary(*[4] * 10, extra=[at(9, no_warning_signs=True)]), 10)
    assert found.now.answers.said_yes("fever")
    assert "fever" not in found.ask_again
    answered = look(first, diary(*[4] * 10, extra=[at(9, answers={"fever": "no"})]), 10)
    assert not answered.now.answers.said_yes("fever")  # only its own answer does


def test_signs_are_asked_again_after_a_week(someone):
    signs = set(warning_signs(someone, knowledge()))
    seen = look(someone, diary(*[4] * 10, extra=[at(9, no_warning_signs=True)]), 10)
    assert seen.ask_again == ()
    stale = look(someone, diary(*[4] * 30, extra=[at(9, no_warning_signs=True)]), 30)
    assert set(stale.ask_again) == signs


def test_done_counts_only_with_the_signs_looked_at_and_everything_measured(someone):
    good = diary(*[4] * 7, *[1] * 8, extra=[at(0, peg=PEG), at(14, peg=PEG)])
    unseen = look(someone, good, 15)
    assert (unseen.walk.step, unseen.reason.kind) == ("self_care", "done_unscreened")
    signed = Diary((*good.entries, at(14, no_warning_signs=True)))
    assert (look(someone, signed, 15).direction, look(someone, signed, 15).walk.step) == ("down", "prevention")
    no_peg = diary(*[4] * 7, *[1] * 8, extra=[at(14, no_warning_signs=True)])
    assert look(someone, no_peg, 15).walk.step == "self_care"
    late = look(someone, good, 60)  # nobody looked at the signs when the step ended, however long ago that was
    assert "prevention" not in [reason.to for reason in late.walk.reasons]
    plan = look(someone, signed, 15).plan
    assert [step.name for step in plan.steps] == ["gate", "prevention"]


def test_no_gain_goes_up_step_by_step_with_its_figures(someone):
    found = look(someone, diary(*[4] * 90), 89)
    kinds = [(reason.kind, reason.step, reason.to) for reason in found.walk.reasons]
    assert kinds == [
        ("up_fall", "self_care", "active_care"),
        ("up_fall", "active_care", "combined"),
        ("up_fall", "combined", "specialist"),
    ]
    assert [reason.on for reason in found.walk.reasons] == [on(14), on(42), on(84)]
    assert found.walk.reasons[0].limit == 15
    assert (found.direction, found.walk.since, found.walk.until) == ("up", on(84), None)
    assert found.plan.begins_with == "specialist"


def test_the_step_keeps_its_dates_however_often_one_looks(someone):
    for day in (15, 20, 41):
        found = look(someone, diary(*[4] * (day + 1)), day)
        assert (found.walk.step, found.walk.since, found.walk.until) == ("active_care", on(14), on(42))
        assert found.plan.better_by == on(42)


def test_daily_life_held_back_is_not_done(someone):
    bad = {"pain": 4, "enjoyment": 6, "activity": 6}
    kept = diary(*[4] * 7, *[4] * 8, *[1] * 28,
                 extra=[at(0, peg=PEG), at(40, peg=bad), at(42, no_warning_signs=True)])  # fmt: skip
    found = look(someone, kept, 42)
    assert found.reason.kind == "up_peg"
    assert found.walk.step == "combined"


def test_an_empty_diary_waits_and_says_so(someone):
    found = look(someone, Diary((at(0, pain={"average": 4}),)), 60)
    assert found.settling == "unknown"
    assert {reason.kind for reason in found.walk.reasons} == {"stay_unknown"}
    nothing = check_in(someone, Diary(), knowledge(), on(3), draws=0)
    assert (nothing.weeks, nothing.settling) == (0, "unknown")


def test_a_flare_after_a_gain_starts_again_at_the_gate(someone):
    good = [4] * 7 + [1] * 8
    kept = diary(*good, *[1] * 20, 5, 5, extra=[at(0, peg=PEG), at(14, peg=PEG), at(14, no_warning_signs=True),
                                               at(36, no_warning_signs=True)])  # fmt: skip
    found = look(someone, kept, 36)
    assert found.direction == "restart"
    assert found.walk.step == "self_care"
    assert found.walk.since == on(35)


def test_schedule_counts_from_the_first_day(someone):
    found = look(someone, diary(*[4] * 20, extra=[at(13, peg=PEG), at(14, global_change=3)]), 20)
    states = {(row.on - BEGUN).days: (row.state, row.missing) for row in found.reviews}
    assert states[3] == ("done", ())
    assert states[14] == ("done", ())
    assert states[0][0] == "missed"
    assert states[42][0] == "ahead"
    late = look(someone, diary(*[4] * 20), 43)
    assert {(row.on - BEGUN).days: row.state for row in late.reviews}[42] == "due"


def test_duration_rules_are_also_read_at_todays_duration(someone):
    """Nothing raised at the first duration is lost, and what today's duration raises is added."""
    first = look(someone, diary(*[5] * 100), 0)
    later = look(someone, diary(*[5] * 100), 99)
    assert later.now.answers.reply("duration") == "3_to_12_months"
    assert later.first.answers.reply("duration") == "1_to_6_weeks"
    assert ORDER.index(later.level) >= ORDER.index(first.level)


def test_what_cannot_be_is_said(someone):
    with pytest.raises(DiaryRefused, match="is before the first day"):
        look(someone, diary(4), -1, begun=BEGUN)
    with pytest.raises(DiaryRefused, match="is counted from the first day"):
        look(someone, Diary((at(0, answers={"duration": 3}),)), 1)
    with pytest.raises(AnswersRefused, match="no such finding"):
        look(someone, Diary((at(0, answers={"fevr": "yes"}),)), 1)


def test_text_and_data_say_the_same(someone):
    found = look(someone, diary(*[4] * 20, extra=[at(19, no_warning_signs=True)]), 20)
    data, text = follow_up_json(found, knowledge()), render_follow_up(found, knowledge())
    assert data["level"] == found.level
    assert data["step"]["now"] == "active_care"
    assert "from 4.0 to 4.0" in text
    assert "within day-to-day noise" in text
    assert knowledge().say("levels", found.level, "label") in text
    assert "is a real change in adults with chronic pain: Farrar" in text
    for word in ("very likely", "likely", "unlikely"):
        assert f" {word}" not in text.split("What to do now")[0]


def test_when_to_stop_the_medicines_of_the_plan_is_said_and_of_no_others():
    found = look(person(), diary(*[5] * 4, extra=[at(2.5, no_warning_signs=True)]), 3)
    offered = {row.id for step in found.plan.steps if step.begins <= found.today for row in step.items}
    parts = {part.key: part.lines for part in follow_up_parts(found, knowledge())}
    words = knowledge().words["en"]["care"]
    medicines = {item.id for item in care_knowledge(knowledge()).care.values() if item.kind.startswith("medicine")}
    assert "topical_nsaid" in offered & medicines
    assert set(parts["medicines"]) == {f"{words[name]['label']}: {words[name]['stop']}" for name in offered & medicines}
    assert "medicines" not in {
        part.key for part in follow_up_parts(replace(found, plan=replace(found.plan, steps=())), knowledge())
    }
