"""One number has one quantity, lies in its own interval, and says where it comes from."""

import pytest
from pydantic import ValidationError

from midback.knowledge.number_schema import PrintedNumber

CITED = {"source": "someone2020", "where": "abstract"}


@pytest.mark.parametrize(
    ("raw", "quantity"),
    [
        ({"word": "rare", "basis": "judgement", "reason": "seldom seen"}, "word"),
        ({"percent": 84, "low": 80, "high": 88, **CITED}, "percent"),
        ({"count": 33, "n": 669, **CITED}, "count"),
        ({"sensitivity": 95.2, "specificity": {"value": 60.4, "low": 50, "high": 70}, **CITED}, "sensitivity"),
        ({"table": {"tp": 8, "fn": 2, "fp": 5, "tn": 85}, **CITED}, "table"),
        ({"lr_pos": 6.2, "low": 2.8, "high": 13.5, **CITED}, "lr_pos"),
        ({"lr_neg": 0.3, **CITED}, "lr_neg"),
        ({"lr_pos": {"value": 6}, "lr_neg": {"value": 0.2}, **CITED}, "lr_pair"),
        ({"odds_ratio": 2.1, "control_percent": 10, **CITED}, "odds_ratio"),
        ({"post_test": 33, "pre_test": 4, **CITED}, "post_test"),
        ({"same_as_background": True, "reason": "no link known"}, "same_as_background"),
    ],
)
def test_every_kind_of_printed_number(raw, quantity):
    assert PrintedNumber.model_validate(raw).quantity == quantity


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({**CITED}, "exactly one quantity"),
        ({"percent": 3, "lr_pos": 2, **CITED}, "exactly one quantity"),
        ({"percent": 140, **CITED}, "less than or equal to 100"),
        ({"percent": 3, "low": 5, "high": 9, **CITED}, "outside its own interval"),
        ({"percent": 3, "low": 1, **CITED}, "low and high come together"),
        ({"count": 9, "n": 3, **CITED}, "count needs n"),
        ({"post_test": 33, **CITED}, "without its pre_test"),
        ({"sensitivity": 90, **CITED}, "needs specificity"),
        ({"word": "rare"}, "basis: judgement"),
        ({"percent": 3}, "needs `source` and `where`"),
        ({"percent": "3", **CITED}, "valid number"),
        ({"percent": 3, "colour": "red", **CITED}, "Extra inputs"),
    ],
)
def test_what_cannot_stand_is_refused(raw, says):
    with pytest.raises(ValidationError, match=says):
        PrintedNumber.model_validate(raw)
