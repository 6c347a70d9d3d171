"""What an item can be expected to do for this person: its printed effect averaged over the chances of the causes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from midback.assessment import Assessment
from midback.care.gate import share_of
from midback.care.items import CareItem, Effect
from midback.knowledge.intervals import Z95

__all__ = ["Benefit", "expected_benefit", "is_direct"]

ALL_OF_100 = 100.0


@dataclass(frozen=True, slots=True)
class Benefit:
    """How much better, with a 95 % range; positive is better.

    ``unit`` is ``points_0_100`` (points of pain) or ``in_100`` (so many more in 100 get the named result). ``effect``
    is the printed figure it rests on, ``share`` the chance that the person has what was treated there. A person whose
    cause is another is counted as gaining nothing.
    """

    value: float
    low: float
    high: float
    unit: str
    share: float
    effect: Effect


def _difference(effect: Effect) -> tuple[float, float, float] | None:
    """The gain of the treated over the compared, with its range, in the effect's own unit; positive is better."""
    if effect.value is None:
        return None
    sign = -1.0 if effect.better == "lower" else 1.0
    if effect.unit == "percent" and effect.control is not None:
        gain = sign * (effect.value - effect.control)
        if not effect.n:
            return gain, gain, gain
        half = effect.n / 2  # two arms of about the same size
        spread = sum(p * (ALL_OF_100 - p) / half for p in (effect.value, effect.control))
        width = Z95 * math.sqrt(spread)
        return gain, gain - width, gain + width
    ends = sorted(sign * end for end in (effect.low, effect.high) if end is not None)
    low, high = (ends[0], ends[-1]) if ends else (sign * effect.value,) * 2
    return sign * effect.value, low, high


def expected_benefit(item: CareItem, assessment: Assessment) -> Benefit | None:
    """The item's headline effect averaged over the chances of the causes it is meant for, or None without a headline.

    The range joins the range of the effect with the range of the chance: the worst of both and the best of both.
    """
    effect = item.headline
    gain = _difference(effect) if effect is not None else None
    if effect is None or gain is None:
        return None
    share, share_low, share_high = share_of(assessment, item.target)
    corners = [share_end * gain_end for share_end in (share_low, share_high) for gain_end in gain[1:]]
    value = share * gain[0]
    unit = "in_100" if effect.unit == "percent" else "points_0_100"
    return Benefit(value, min(*corners, value), max(*corners, value), unit, share, effect)


def is_direct(item: CareItem) -> bool:
    """Whether any evidence was measured on thoracic pain, or on vertebral fracture for an item meant for fracture.

    >>> from midback.care.items import care_knowledge
    >>> from midback.knowledge import load_knowledge
    >>> is_direct(care_knowledge(load_knowledge()).care["oral_nsaid"])
    False
    """
    for_fracture = set(item.target.families) == {"osteoporotic_fracture"}
    tags = {"thoracic", "vertebral_fracture"} if for_fracture else {"thoracic"}
    return any(effect.tag in tags for effect in item.effects)
