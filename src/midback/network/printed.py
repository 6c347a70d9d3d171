"""Printed numbers turned into probabilities with a width: DESIGN "Numbers", one function per conversion.

Let s = P(finding | cause), f = P(finding | the paper's comparator), f_m = the model's own P(finding | not this cause).
Widths are standard deviations on the logit scale (probabilities) or of the logarithm (ratios). The mean is always the
printed point; the interval only sets the width.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from midback.knowledge import Number
from midback.knowledge.intervals import Z95
from midback.knowledge.model import Printed, WordWidth

__all__ = ["NeedsComparator", "Share", "drawn_range", "needs_comparator", "printed_odds_ratio", "printed_share"]

NO_INTERVAL_SD = 0.5  # a point printed without interval or n is drawn about as widely as the word `about_half`
SMALLEST = 1e-5  # printed 0 % and 100 % stay possible: no finite study proves either
WIDEST_SD = 3.0  # near 0 or 1 first-order change exaggerates; three logits already span .005 to .5
NEED_F = {"lr_pos", "lr_neg", "post_test"}


class NeedsComparator(ValueError):
    """This quantity says nothing without the frequency among people who do not have the cause."""


@dataclass(frozen=True, slots=True)
class Share:
    """A probability (``mean``) with its width on the logit scale (``sd``)."""

    mean: float
    sd: float


def _logit(p: float) -> float:
    p = min(max(p, SMALLEST), 1 - SMALLEST)
    return math.log(p / (1 - p))


def _from_counts(count: float, n: float) -> Share:
    mean = min(max(count / n, SMALLEST), 1 - SMALLEST)
    if count <= 0 or count >= n:  # nobody or everybody: the point moves half a person in, as the variance already does
        mean = (count + 0.5) / (n + 1)
    return Share(mean, math.sqrt(1 / (count + 0.5) + 1 / (n - count + 0.5)))


def _from_percent(printed: Printed, n: float | None) -> Share:
    mean = printed.value / 100
    if printed.low is not None and printed.high is not None:
        sd = (_logit(printed.high / 100) - _logit(printed.low / 100)) / (2 * Z95)
        return Share(min(max(mean, SMALLEST), 1 - SMALLEST), max(sd, 0.01))
    if n:
        return _from_counts(mean * n, n)
    return Share(min(max(mean, SMALLEST), 1 - SMALLEST), NO_INTERVAL_SD)


def _log_sd(printed: Printed) -> float:
    if printed.low is not None and printed.high is not None and printed.low > 0:
        return max((math.log(printed.high) - math.log(printed.low)) / (2 * Z95), 0.01)
    return NO_INTERVAL_SD


def _spread(function: Callable[..., float], values: list[float], log_sds: list[float]) -> float:
    """The logit width of ``function`` by first-order change of each logarithm, one at a time."""
    variance = 0.0
    for place, sd in enumerate(log_sds):
        ends = []
        for sign in (-0.5, 0.5):
            moved = list(values)
            moved[place] *= math.exp(sign * sd)
            ends.append(_logit(function(*moved)))
        variance += (ends[1] - ends[0]) ** 2
    return min(max(math.sqrt(variance), 0.01), WIDEST_SD)


def needs_comparator(number: Number) -> bool:
    """Whether ``number`` needs f_m before it can be a frequency among people with the cause."""
    return number.quantity in NEED_F or (number.quantity == "odds_ratio" and number.control_percent is None)


def _value(number: Number) -> Printed:
    assert number.value is not None
    return number.value


def _word(number: Number, widths: Mapping[str, WordWidth]) -> Share:
    width = widths[number.word or ""]
    return Share(width.value, (_logit(width.high) - _logit(width.low)) / (2 * Z95))


def printed_share(number: Number, widths: Mapping[str, WordWidth], f_m: float | None = None) -> Share:
    """P(finding | cause) with its width, from a number as printed.

    ``f_m`` is the model's own P(finding | not this cause) in the setting, needed by ratios.
    Raises NeedsComparator when it is needed and missing, ValueError when the result cannot be a probability.
    Source: shared design, "Numbers".

    >>> from midback.knowledge.model import Number, Printed
    >>> round(printed_share(Number("x", "lr_pos", Printed(6.2, 2.8, 13.5)), {}, f_m=0.05).mean, 4)
    0.31
    """
    quantity = number.quantity
    if quantity == "word":
        return _word(number, widths)
    if quantity == "count":
        return _from_counts(_value(number).value, float(number.n or 1))
    if quantity in ("percent", "sensitivity"):
        return _from_percent(_value(number), number.n)
    if quantity == "table" and number.table:
        tp, fn, _, _ = number.table
        return _from_counts(tp, tp + fn)
    if quantity == "lr_pair" and number.second:
        pos, neg = _value(number), number.second

        def sensitivity(lr_pos: float, lr_neg: float) -> float:
            return lr_pos * (1 - lr_neg) / (lr_pos - lr_neg)

        return _in_range(number, sensitivity, [pos.value, neg.value], [_log_sd(pos), _log_sd(neg)])
    if quantity == "odds_ratio":
        rate = number.control_percent / 100 if number.control_percent is not None else f_m
        if rate is None:
            raise NeedsComparator(number.id)
        odds = rate / (1 - rate)
        ratio = _value(number)
        return _in_range(number, lambda r: r * odds / (1 + r * odds), [ratio.value], [_log_sd(ratio)])
    if f_m is None:
        raise NeedsComparator(number.id)
    if quantity == "lr_pos":
        return _in_range(number, lambda r: r * f_m, [_value(number).value], [_log_sd(_value(number))])
    if quantity == "lr_neg":
        return _in_range(number, lambda r: 1 - r * (1 - f_m), [_value(number).value], [_log_sd(_value(number))])
    if quantity == "post_test":
        ratio = _post_test_ratio(number)
        return _in_range(number, lambda r: r * f_m, [ratio.value], [_log_sd(ratio)])
    raise ValueError(f"{number.id}: {quantity} is no frequency among the affected")


def _in_range(number: Number, function: Callable[..., float], values: list[float], sds: list[float]) -> Share:
    mean = function(*values)
    if not 0 < mean < 1:
        raise ValueError(f"{number.id}: the printed figures imply a frequency of {mean:.3g}, which cannot be")
    return Share(mean, _spread(function, values, sds))


def _post_test_ratio(number: Number) -> Printed:
    """The likelihood ratio that takes the printed pre-test to the printed post-test probability."""
    if number.pre_test is None:
        raise ValueError(f"{number.id}: a post-test probability without its pre-test")

    def odds(percent: float) -> float:
        p = min(max(percent / 100, SMALLEST), 1 - SMALLEST)
        return p / (1 - p)

    pre = odds(number.pre_test)
    value = _value(number)
    ends = [None if end is None else odds(end) / pre for end in (value.low, value.high)]
    return Printed(odds(value.value) / pre, ends[0], ends[1])


def printed_odds_ratio(
    number: Number,
    widths: Mapping[str, WordWidth],
    prevalence: float,
    finding_widths: Mapping[str, WordWidth],
) -> tuple[float, float]:
    """ln(odds ratio) of a risk and its standard deviation.

    ``prevalence`` (0-1) is how common the risk is without the cause: it turns a likelihood ratio or a frequency among
    the affected into an odds ratio, and centres it later, so that the average odds stay the prior's.
    """
    if number.word and number.word in widths:
        width = widths[number.word]
        return math.log(width.value), (math.log(width.high) - math.log(width.low)) / (2 * Z95)
    if number.quantity == "odds_ratio":
        return math.log(_value(number).value), _log_sd(_value(number))
    if number.quantity == "table" and number.table:
        tp, fn, fp, tn = (count + 0.5 for count in number.table)
        return math.log(tp * tn / (fn * fp)), math.sqrt(1 / tp + 1 / fn + 1 / fp + 1 / tn)
    share = printed_share(number, finding_widths, prevalence)
    rate = prevalence
    if number.quantity == "sensitivity" and number.second:
        rate = 1 - number.second.value / 100
    return _logit(share.mean) - _logit(rate), share.sd


def drawn_range(number: Number) -> tuple[float, float] | None:
    """The 95 % range that is drawn for a figure printed without an interval; None where one is printed or drawn apart.

    A share (0-1) for frequencies, counts and sensitivities, else a ratio.

    >>> from midback.knowledge.model import Number, Printed
    >>> [round(end, 2) for end in drawn_range(Number("x", "count", Printed(51), n=58, source="s", where="w"))]
    [0.77, 0.94]
    """
    if number.value is not None and number.value.low is not None:
        return None
    if number.quantity in ("percent", "count", "table", "sensitivity"):
        share = printed_share(number, {})
        ends = (_logit(share.mean) - Z95 * share.sd, _logit(share.mean) + Z95 * share.sd)
        return 1 / (1 + math.exp(-ends[0])), 1 / (1 + math.exp(-ends[1]))
    if number.quantity in ("lr_pos", "lr_neg", "odds_ratio"):
        factor = math.exp(Z95 * NO_INTERVAL_SD)
        return _value(number).value / factor, _value(number).value * factor
    return None
