"""The whole model's likelihood ratios are what the audit and plain arithmetic say they are."""

import pytest

from midback.knowledge import load_knowledge
from midback.network import audit_ratios, model_ratios


def test_ratios_equal_the_audits():
    knowledge = load_knowledge()
    ratios = model_ratios(knowledge)
    compared = 0
    for row in audit_ratios(knowledge):
        cause, _, place = row.number.id.partition(".")
        found = ratios.get((cause, place.partition(".")[2]))
        if found:
            compared += 1
            assert found["yes" if row.ratio == "lr_pos" else "no"] == pytest.approx(row.implied)
    assert compared


def test_every_ratio_is_positive_and_some_answer_each_way():
    for levels in model_ratios(load_knowledge()).values():
        assert all(ratio > 0 for ratio in levels.values())
        assert min(levels.values()) <= 1 + 1e-9
        assert max(levels.values()) >= 1 - 1e-9
