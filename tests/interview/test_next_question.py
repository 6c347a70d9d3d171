"""The interview keeps no state: the answers decide what comes next, and safety comes first."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings

from midback.answers import Answers, read_answers
from midback.assessment import assess
from midback.interview import Done, Question, next_question, questions_answered
from midback.safety import Truth, flag_states
from people import KNOWLEDGE, all_no, person, raw_answers


def walk(age, sex, truth=None, setting="self_check", most=60):
    """Answer every question: as in ``truth``, else no. Returns the pages met and the end."""
    raw, pages = {"setting": setting, "answers": {}}, []
    for _ in range(most):
        step = next_question(read_answers(raw, KNOWLEDGE), KNOWLEDGE)
        if isinstance(step, Done):
            return pages, step, read_answers(raw, KNOWLEDGE)
        pages.append(step)
        for name in step.items:
            if name in ("age", "sex"):
                raw[name] = age if name == "age" else sex
                continue
            finding = KNOWLEDGE.findings[name]
            default = "no" if finding.kind == "binary" else [] if finding.kind == "many_of" else finding.states[0]
            raw["answers"][name] = (truth or {}).get(name, default)
    pytest.fail("the interview does not end")


def test_what_is_left_unsaid_is_not_asked_again_and_stays_unknown():
    person_pages = {"age", "sex"}
    for unsaid in (("age",), ("sex",), ("age", "sex")):
        raw, pages = {"setting": "self_check", "answers": {}}, []
        for _ in range(60):
            answers = read_answers(raw, KNOWLEDGE)
            step = next_question(answers, KNOWLEDGE, unsaid if "about_you" in pages else ())
            if isinstance(step, Done):
                break
            pages.append(step.id)
            for name in step.items:
                if name in person_pages:
                    raw |= {} if name in unsaid else {name: 40 if name == "age" else "male"}
                else:
                    finding = KNOWLEDGE.findings[name]
                    raw["answers"][name] = "no" if finding.kind == "binary" else finding.states[0]
        assert isinstance(step, Done)
        assert pages.count("about_you") == 1
        triage = assess(answers, KNOWLEDGE).triage
        assert answers.age == (None if "age" in unsaid else 40)
        if "age" in unsaid:
            assert not triage.certain
            assert "age" in triage.screen.open
            assert triage.level not in ("routine", "self_care")


def test_the_emergency_screen_comes_before_anything_personal():
    pages, _, _ = walk(40, "female")
    kinds = [page.why for page in pages]
    assert kinds.index("person") > max(place for place, why in enumerate(kinds) if why == "emergency")


def test_an_emergency_ends_the_questions_at_once():
    pages, done, _ = walk(40, "female", {"tearing_pain": "yes"})
    assert done.why == "emergency"
    assert len(pages) == 1


def test_a_child_under_six_is_asked_nothing_more_than_the_emergency_screen():
    pages, done, _ = walk(3, "male")
    assert done.why == "too_young"
    assert {page.why for page in pages} == {"emergency", "person"}


def test_it_ends_by_itself_only_with_the_safety_screen_complete():
    from midback.safety import safety_screen

    for age, sex in ((25, "male"), (45, "female"), (78, "female")):
        _, done, answers = walk(age, sex, {"worse_with_movement": "yes", "onset_speed": "gradual", "duration": 10})
        assert done.why in ("nothing_to_gain", "complete", "enough_asked")
        assert safety_screen(answers, KNOWLEDGE).complete


def test_nothing_is_asked_twice_and_nothing_that_cannot_apply():
    pages, _, _ = walk(50, "male", {"worse_with_movement": "yes"})
    asked = [name for page in pages for name in page.items]
    assert len(asked) == len(set(asked))
    assert "pregnant" not in asked


def test_the_self_check_never_asks_for_an_examination_or_a_test():
    pages, _, _ = walk(66, "male", {"getting_worse": "yes", "weight_loss": "yes", "duration": 60})
    by = {KNOWLEDGE.findings[name].answered_by for page in pages for name in page.items if name not in ("age", "sex")}
    assert by == {"person"}


def test_not_sure_moves_on():
    everything = {f.id: "not_sure" for f in KNOWLEDGE.findings.values() if f.id != "pain_zone"}
    _, done, _ = walk(40, "male", everything)
    assert isinstance(done, Done)


def test_every_question_says_why_it_is_asked():
    assert next_question(Answers(), KNOWLEDGE).why == "emergency"
    step = next_question(all_no(setting="self_check"), KNOWLEDGE)
    if isinstance(step, Question):
        assert step.why in ("red_flag", "worth")
        assert step.why == "worth" or step.flags


def test_pages_are_counted_as_the_person_saw_them():
    assert questions_answered(Answers(), KNOWLEDGE) == 0
    first = next_question(Answers(), KNOWLEDGE)
    answered = person(None, None, **dict.fromkeys(first.items, "no"))
    assert questions_answered(answered, KNOWLEDGE) == 1


def test_the_order_of_the_answers_never_matters():
    _, _, answers = walk(66, "male", {"getting_worse": "yes", "duration": 60, "worse_with_movement": "yes"})
    names = list(answers.given)
    for size in (len(names) - 12, len(names) - 6, len(names) - 1):
        some = answers.without(names[size:])
        turned = replace(some, given=MappingProxyType(dict(reversed(some.given.items()))))
        assert next_question(some, KNOWLEDGE) == next_question(turned, KNOWLEDGE)


@settings(max_examples=25)
@given(raw_answers())
def test_a_raised_emergency_always_ends_it(raw):
    answers = person(**raw)
    emergency = any(s.truth is Truth.TRUE and s.flag.level == "emergency_now" for s in flag_states(answers, KNOWLEDGE))
    step = next_question(answers, KNOWLEDGE)
    assert (isinstance(step, Done) and step.why == "emergency") == emergency


def test_a_near_emergency_goes_before_the_rest_of_the_safety_set():
    """What comes between the safety pages can show an emergency, and every safety page is asked in the end."""
    truth = {"duration": "under_1_day", "onset_speed": "over_minutes", "pain_now": "severe", "pressure_pain": "yes"}
    for age, sex in ((30, "male"), (70, "female")):
        pages, end, answers = walk(age, sex, truth)
        safety = [place for place, page in enumerate(pages) if page.why == "safety"]
        early = [page for page in pages[: max(safety)] if page.why == "red_flag"]
        assert all(KNOWLEDGE.red_flags[flag].level == "emergency_now" for page in early for flag in page.flags)
        if end.why != "emergency":
            asked = [name for page in KNOWLEDGE.interview.safety for name in page.findings]
            applies = [name for name in asked if KNOWLEDGE.findings[name].applies_to(age, sex)]
            assert {name for name in applies if name not in answers.given} <= {"pregnant_over_20_weeks"}


def test_the_likeliest_emergency_decides_which_safety_page_is_first():
    """A fall at 70 asks after movement and injury before general health; the fixed order would not."""
    pages, _, _ = walk(70, "female", {"duration": "under_1_day", "onset_speed": "sudden", "pain_now": "moderate"})
    met = [page.id for page in pages if page.why == "safety"]
    assert sorted(met) == sorted(page.id for page in KNOWLEDGE.interview.safety if page.id in met)
    assert met != [page.id for page in KNOWLEDGE.interview.safety if page.id in met]
