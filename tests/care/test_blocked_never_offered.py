"""A blocked item can never appear as offered, whatever the other answers."""

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from care.people import ORDINARY, TODAY, assessed, knowledge, person
from midback.answers import read_answers
from midback.care import care_knowledge, plan
from midback.care.items import CareItem, Caution, Exercise
from midback.errors import AnswersRefused, ContradictoryEvidence
from midback.knowledge.conditions import Leaf, condition_leaves
from midback.safety import Truth, evaluate

CARE = care_knowledge(knowledge())
EVERYTHING: list[CareItem | Exercise] = [*CARE.care.values(), *CARE.prevention.values(), *CARE.exercises.values()]
BLOCKS: list[tuple[CareItem | Exercise, Caution, Leaf]] = [
    (item, caution, leaf)
    for item in EVERYTHING
    for caution in item.cautions
    if caution.action == "block"
    for leaf in condition_leaves(caution.when)
]
BINARY = sorted(
    name
    for name, finding in knowledge().findings.items()
    if finding.kind == "binary" and finding.answered_by == "person"
)
OTHER_ANSWERS = st.dictionaries(st.sampled_from(BINARY), st.sampled_from(["yes", "no", "not_sure"]), max_size=25)


def answer_that_makes(leaf: Leaf) -> dict[str, Any]:
    if leaf.subject == "age":
        return {"age": int(leaf.values[0]) if leaf.test == "from" else int(leaf.values[0]) - 1}
    return {leaf.subject: leaf.test if leaf.test in ("yes", "no") else str(leaf.values[0])}


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(
    st.sampled_from(BLOCKS),
    st.sampled_from(["true", "not_sure"]),
    OTHER_ANSWERS,
    st.sampled_from([15, 17, 40, 64, 65, 80]),
    st.sampled_from(["female", "male"]),
    st.sampled_from(["self_check", "primary_care", "spine_clinic"]),
    st.booleans(),
)
def test_whatever_the_other_answers(
    block: tuple[CareItem | Exercise, Caution, Leaf], kind: str, others: dict[str, str], age: int, sex: str,
    setting: str, rest_no: bool,
) -> None:  # fmt: skip
    item, caution, leaf = block
    base = (
        person(age, sex, setting).to_raw() if rest_no else {"age": age, "sex": sex, "setting": setting, "answers": {}}
    )
    fixed = answer_that_makes(leaf)
    if kind == "not_sure" and leaf.subject not in ("age", "sex"):
        fixed = {leaf.subject: "not_sure"}
    base["age"] = fixed.pop("age", age)
    base["answers"] = {**base["answers"], **ORDINARY, **others, **fixed}
    try:
        answers = read_answers(base, knowledge())
        assume(evaluate(caution.when, answers, knowledge()) >= Truth.NOT_SURE)
        made = plan(assessed(answers), knowledge(), TODAY)
    except (AnswersRefused, ContradictoryEvidence):
        assume(False)
    offered = {(row.id, row.folder) for row in made.offered} | {(row.id, "care/exercises") for row in made.exercises}
    folder = item.folder if isinstance(item, CareItem) else "care/exercises"
    assert (item.id, folder) not in offered
    blocked = {(row.id, row.folder) for row in made.blocked}
    waiting = {(row.id, row.folder) for row in made.awaiting}
    assert not offered & blocked
    assert not offered & waiting
    assert not blocked & waiting
    if made.kind in ("emergency", "incomplete"):
        assert not offered
