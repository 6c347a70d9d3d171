"""The small statistics against values worked out elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midback.evaluation.intervals import bootstrap_mean, calibrate, mcnemar_exact, paired_difference, share


def test_wilson_interval_of_a_textbook_share() -> None:
    # 81 of 263: Newcombe 1998, table I, method 3 (0.2553 to 0.3662)
    figure = share(81, 263)
    assert figure.lo95 == pytest.approx(0.2553, abs=5e-5)
    assert figure.hi95 == pytest.approx(0.3662, abs=5e-5)


@given(st.integers(1, 500), st.data())
def test_a_share_lies_inside_its_interval(n: int, data: st.DataObject) -> None:
    figure = share(data.draw(st.integers(0, n)), n)
    assert figure.lo95 is not None
    assert figure.value is not None
    assert figure.hi95 is not None
    assert 0 <= figure.lo95 <= figure.value <= figure.hi95 <= 1


def test_no_case_has_no_value_rather_than_nought() -> None:
    assert share(0, 0).value is None
    assert bootstrap_mean([]).value is None
    assert calibrate([], []).error.value is None


@pytest.mark.parametrize(("first", "second", "p"), [(1, 9, 22 / 1024), (5, 5, 1.0), (0, 8, 2 / 256)])
def test_mcnemar_is_the_two_sided_binomial(first: int, second: int, p: float) -> None:
    assert mcnemar_exact(first, second) == pytest.approx(p)
    assert mcnemar_exact(second, first) == pytest.approx(p)


def test_mcnemar_with_many_pairs_stays_near_the_exact_one() -> None:
    from math import comb

    exact = 2 * sum(comb(1200, k) for k in range(561)) / 2**1200
    assert mcnemar_exact(560, 640) == pytest.approx(exact, rel=0.02)


def test_calibration_error_by_hand() -> None:
    # two bins: said .15 on average and none came true; said .95 and half came true
    result = calibrate([0.1, 0.19, 0.95, 0.95], [False, False, True, False])
    assert result.error.value == pytest.approx(0.5 * 0.145 + 0.5 * 0.45)
    assert [bar.came_true.n for bar in result.bins] == [2, 2]


def test_what_is_said_truly_is_calibrated() -> None:
    random = np.random.default_rng(5)
    said = random.random(20_000)
    error = calibrate(list(said), list(random.random(20_000) < said), resamples=20).error
    assert error.value is not None
    assert error.value < 0.015


def test_a_difference_is_paired() -> None:
    gap = paired_difference([1.0] * 20, [0.0] * 20)
    assert (gap.value, gap.lo95, gap.hi95) == (1.0, 1.0, 1.0)
