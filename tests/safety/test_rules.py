"""Rules know four states, so that neither "not sure" nor silence is ever taken for no."""

from itertools import combinations, islice, product

import pytest
from hypothesis import given, settings

from midback.answers import Answers
from midback.errors import AnswersRefused
from midback.knowledge.conditions import Leaf, read_condition
from midback.safety import Truth, Truths, evaluate, flag_states, open_findings
from people import KNOWLEDGE, person, raw_answers

PAIR = read_condition({"all": [{"fever": "yes"}, {"night_sweats": "yes"}]})
EITHER = read_condition({"any": [{"fever": "yes"}, {"night_sweats": "yes"}]})


def truth(condition, **answers):
    return evaluate(condition, person(**answers), KNOWLEDGE)


def test_all_needs_all():
    assert truth(PAIR) is Truth.OPEN
    assert truth(PAIR, fever="yes") is Truth.OPEN
    assert truth(PAIR, fever="yes", night_sweats="not_sure") is Truth.NOT_SURE
    assert truth(PAIR, fever="yes", night_sweats="yes") is Truth.TRUE
    assert truth(PAIR, fever="no", night_sweats="not_sure") is Truth.FALSE


def test_any_needs_one():
    assert truth(EITHER, fever="no") is Truth.OPEN
    assert truth(EITHER, fever="not_sure") is Truth.NOT_SURE
    assert truth(EITHER, fever="no", night_sweats="no") is Truth.FALSE


def test_levels_count_from_the_named_one_up():
    severe = read_condition({"pain_now": {"at_least": "severe"}})
    assert truth(severe, pain_now=8) is Truth.TRUE
    assert truth(severe, pain_now="worst_ever") is Truth.TRUE
    assert truth(severe, pain_now=3) is Truth.FALSE


def test_unknown_age_leaves_an_age_rule_open():
    child = read_condition({"age": {"under": 6}})
    assert evaluate(child, Answers(), KNOWLEDGE) is Truth.OPEN
    assert evaluate(child, person(3), KNOWLEDGE) is Truth.TRUE
    assert evaluate(child, person(6), KNOWLEDGE) is Truth.FALSE


def test_a_question_that_cannot_apply_is_not_open():
    pregnant = read_condition({"pregnant": "yes"})
    assert evaluate(pregnant, person(40, "male"), KNOWLEDGE) is Truth.FALSE
    assert evaluate(pregnant, person(30, "female"), KNOWLEDGE) is Truth.OPEN


def test_how_many_answers_a_rule_is_away():
    assert Truths(person(), KNOWLEDGE).fewest_answers(PAIR) == 2
    assert Truths(person(fever="yes"), KNOWLEDGE).fewest_answers(PAIR) == 1
    assert Truths(person(fever="no"), KNOWLEDGE).fewest_answers(PAIR) > 100
    assert open_findings(PAIR, person(fever="yes"), KNOWLEDGE) == ("night_sweats",)


def ways(condition):
    """Every way to raise ``condition``, as subject -> answer."""
    if isinstance(condition, Leaf):
        if condition.subject in ("age", "sex"):
            value = condition.values[0]
            yield {condition.subject: value - 1 if condition.test == "under" else value}
        else:
            yield {condition.subject: condition.test if condition.test in ("yes", "no") else condition.values[0]}
        return
    for parts in combinations(condition.parts, condition.count):
        for chosen in product(*(list(ways(part)) for part in parts)):
            merged = {}
            if all(merged.setdefault(key, value) == value for way in chosen for key, value in way.items()):
                yield merged


@pytest.mark.parametrize("flag", KNOWLEDGE.red_flags.values(), ids=lambda flag: flag.id)
def test_every_rule_can_be_raised_by_somebody(flag):
    """A rule that nobody can raise is a typing slip with consequences."""
    for way in islice(ways(flag.when), 400):
        subjects = {key: value for key, value in way.items() if key not in ("age", "sex")}
        ages = (int(way["age"]),) if "age" in way else (40, 70, 3, 25)
        for age, sex in product(ages, (way.get("sex", "female"), "male")):
            try:
                answers = person(age, sex, **{k: [v] if k == "pain_zone" else v for k, v in subjects.items()})
            except AnswersRefused:
                continue
            if evaluate(flag.when, answers, KNOWLEDGE) is Truth.TRUE:
                return
    pytest.fail(f"{flag.id} can never be raised")


@settings(max_examples=25)
@given(raw_answers(most=20))
def test_one_more_yes_never_takes_a_raised_flag_down(raw):
    answers = person(**raw)
    raised = {state.flag.id for state in flag_states(answers, KNOWLEDGE) if state.truth is Truth.TRUE}
    more = [f.id for f in KNOWLEDGE.findings.values() if f.kind == "binary" and f.id not in answers.given][:40]
    for name in more:
        if not KNOWLEDGE.findings[name].applies_to(45, "female") or KNOWLEDGE.findings[name].implies:
            continue
        now = {
            state.flag.id
            for state in flag_states(answers.with_answers({name: "yes"}, KNOWLEDGE), KNOWLEDGE)
            if state.truth is Truth.TRUE
        }
        assert raised <= now, name
