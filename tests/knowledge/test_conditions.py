"""Conditions as editors write them."""

import pytest

from midback.knowledge.conditions import (
    AtLeast,
    ConditionError,
    Leaf,
    condition_findings,
    condition_leaves,
    read_condition,
)


def test_any_is_at_least_one_and_all_is_at_least_all():
    assert read_condition({"any": [{"fever": "yes"}, {"cough": "yes"}]}).count == 1
    assert read_condition({"all": [{"fever": "yes"}, {"cough": "yes"}]}).count == 2
    assert read_condition({"at_least": {"count": 2, "of": [{"a": "yes"}, {"b": "yes"}, {"c": "yes"}]}}).count == 2


def test_several_keys_in_one_mapping_must_all_hold():
    condition = read_condition({"age": {"from": 60}, "fever": "yes"})
    assert isinstance(condition, AtLeast)
    assert condition.count == 2


def test_leaves_name_what_they_look_at():
    condition = read_condition(
        {"any": [{"pain_now": {"at_least": "severe"}}, {"all": [{"sex": "female"}, {"x": "no"}]}]}
    )
    assert condition_findings(condition) == ("pain_now", "x")
    assert Leaf("pain_now", "at_least", ("severe",)) in list(condition_leaves(condition))


@pytest.mark.parametrize(
    "raw",
    [None, {}, {"fever": "maybe"}, {"age": {}}, {"age": 6}, {"sex": "x"}, {"any": []}, {"pain": {"over": 3}},
     {"at_least": {"count": 3, "of": [{"a": "yes"}]}}, {"at_least": 2}, {"fever": {"is": [1]}}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(raw):
    with pytest.raises(ConditionError):
        read_condition(raw)
