"""What could still change the advice: every answer named can be given by this person, and keeps its promise."""

import pytest

from midback.assessment import assess
from people import KNOWLEDGE, all_no, person

NAMES = [level.name for level in KNOWLEDGE.triage.levels]


GROWING = all_no(age=58, sex="male", duration="6_to_12_weeks", getting_worse="yes", worse_with_movement="no")
PEOPLE = (
    GROWING, all_no(age=30, sex="female", pain_now="severe"),
    all_no(age=70, sex="female", minor_trauma="yes", worse_with_movement="yes"),
    person(age=45, sex="male", fever="yes"),
)  # fmt: skip


@pytest.mark.parametrize("answers", PEOPLE, ids=("man of 58", "woman of 30", "woman of 70", "sparse"))
def test_what_would_change_the_advice_applies_and_does_so(answers):
    now = assess(answers, KNOWLEDGE, draws=200)
    here = NAMES.index(now.level)
    for change in now.changes[:4]:
        finding = KNOWLEDGE.findings[change.finding]
        assert finding.applies_to(answers.age, answers.sex), change.finding
        given = [change.answer] if finding.kind == "many_of" else change.answer
        then = NAMES.index(assess(answers.with_answers({change.finding: given}, KNOWLEDGE), KNOWLEDGE, draws=200).level)
        promised = NAMES.index(change.level)
        assert promised != here
        assert then >= promised if promised > here else then <= promised, change


def test_no_lower_level_is_promised_where_the_spread_of_the_numbers_set_it():
    found = assess(GROWING, KNOWLEDGE)
    decision = found.triage.decision
    assert decision.mean_best < decision.action == NAMES.index(found.level), "the test needs such a person"
    assert not [change for change in found.changes if NAMES.index(change.level) < decision.action]
