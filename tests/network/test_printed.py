"""Each kind of printed number, worked by hand (DESIGN, "Numbers"): s = P(finding | cause)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midback.knowledge import Number
from midback.knowledge.model import Printed
from midback.network import printed_odds_ratio, printed_share
from midback.network.printed import NeedsComparator
from people import KNOWLEDGE

WORDS = KNOWLEDGE.word_widths["finding"]


def number(quantity, *value, **more):
    return Number("test", quantity, Printed(*value) if value else None, source="s", where="w", **more)


def test_a_percentage_is_the_share_and_its_interval_the_width():
    share = printed_share(number("percent", 50, 40, 60), WORDS)
    assert share.mean == pytest.approx(0.5)
    assert share.sd == pytest.approx((math.log(0.6 / 0.4) - math.log(0.4 / 0.6)) / (2 * 1.959964), rel=1e-4)


def test_counts_have_the_variance_of_design():
    share = printed_share(number("count", 33, n=669), WORDS)
    assert share.mean == pytest.approx(33 / 669)
    assert share.sd == pytest.approx(math.sqrt(1 / 33.5 + 1 / 636.5))


def test_nobody_in_forty_is_not_never():
    assert 0 < printed_share(number("count", 0, n=40), WORDS).mean < 0.02


def test_a_table_gives_its_first_row():
    assert printed_share(number("table", table=(8, 2, 5, 85)), WORDS).mean == pytest.approx(0.8)


def test_sensitivity_stands_and_specificity_feeds_only_the_audit():
    assert printed_share(number("sensitivity", 95.2, second=Printed(60.4)), WORDS).mean == pytest.approx(0.952)


def test_a_pair_of_ratios_fixes_both_rates():
    # f = (1 - .2) / (6 - .2) = .1379, s = 6 f = .8276
    assert printed_share(number("lr_pair", 6.0, second=Printed(0.2)), WORDS).mean == pytest.approx(0.82759, abs=1e-5)


def test_a_single_ratio_needs_the_models_own_rate():
    assert printed_share(number("lr_pos", 6.2, 2.8, 13.5), WORDS, 0.05).mean == pytest.approx(0.31)
    assert printed_share(number("lr_neg", 0.3), WORDS, 0.2).mean == pytest.approx(1 - 0.3 * 0.8)
    with pytest.raises(NeedsComparator):
        printed_share(number("lr_pos", 6.2), WORDS)


def test_an_odds_ratio_uses_the_printed_control_rate_first():
    assert printed_share(number("odds_ratio", 2.0, control_percent=50), WORDS, 0.01).mean == pytest.approx(2 / 3)
    assert printed_share(number("odds_ratio", 2.0), WORDS, 0.2).mean == pytest.approx(0.5 / 1.5)


def test_a_post_test_probability_becomes_a_ratio_through_its_pre_test():
    ratio = (0.33 / 0.67) / (0.04 / 0.96)
    assert printed_share(number("post_test", 33, pre_test=4.0), WORDS, 0.01).mean == pytest.approx(ratio * 0.01)


def test_a_frequency_outside_0_to_1_is_refused():
    with pytest.raises(ValueError, match="cannot be"):
        printed_share(number("lr_pos", 42.1, 9.9, 177.5), WORDS, 0.05)


def test_a_word_has_the_published_width():
    word = Number("test", "word", word="rare", reason="seldom")
    share = printed_share(word, WORDS)
    assert share.mean == WORDS["rare"].value
    low = 1 / (1 + math.exp(-(math.log(share.mean / (1 - share.mean)) - 1.96 * share.sd)))
    assert low < 0.02


def test_a_likelihood_ratio_as_a_risk_gives_back_the_same_ratio():
    # centred: ln(OR) - ln(1 - p + p OR) must equal ln(LR+) for a yes
    p, lr = 0.02, 6.6
    log_or, _ = printed_odds_ratio(number("lr_pos", lr), KNOWLEDGE.word_widths["odds_ratio"], p, WORDS)
    assert log_or - math.log(1 - p + p * math.exp(log_or)) == pytest.approx(math.log(lr))


@given(st.floats(0.1, 90), st.floats(0.001, 0.999))
def test_ratios_give_a_probability_or_a_refusal(ratio, rate):
    for quantity in ("lr_pos", "lr_neg", "odds_ratio"):
        try:
            share = printed_share(number(quantity, ratio, ratio / 2, ratio * 2), WORDS, rate)
        except ValueError:
            continue
        assert 0 < share.mean < 1
        assert 0 < share.sd <= 3
