"""Which step of the plan a person stands on, and whether to go up, stay, or go over to prevention, with reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from midback.care import CareKnowledge
from midback.care.items import StepRule
from midback.follow_up.trend import Trend, pain_change, peg_change
from midback.knowledge import Knowledge

__all__ = ["PREVENTION", "StepReason", "Walk", "walk_steps"]

PREVENTION = "prevention"
MOST_STEPS = 400  # a step is two weeks or longer: more than ten years


@dataclass(frozen=True, slots=True)
class StepReason:
    """Why a step was left or kept: ``kind`` names the sentence, the rest fills it. Pain, PEG 0-10; fall in percent."""

    kind: str
    on: date
    step: str
    to: str
    pain: float | None = None
    peg: float | None = None
    fall: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """The way through the steps up to today: the step now, since when and until when, and every reason on the way."""

    step: str
    since: date
    until: date | None
    reasons: tuple[StepReason, ...]

    @property
    def last(self) -> StepReason | None:
        """The newest reason."""
        return self.reasons[-1] if self.reasons else None


@dataclass(frozen=True, slots=True)
class _Figures:
    pain: float | None
    peg: float | None
    fall: float | None


def _done(rule: StepRule, now: _Figures) -> bool:
    """Whether everything the rule asks for is shown; what was not measured is never taken for good."""
    if rule.up_peg_at_least is not None and now.peg is not None and now.peg >= rule.up_peg_at_least:
        return False
    asked = (
        (rule.done_pain_at_most, now.pain, -1),
        (rule.done_peg_at_most, now.peg, -1),
        (rule.done_fall_percent, now.fall, 1),
    )
    limits = [(limit, value, sign) for limit, value, sign in asked if limit is not None]
    return bool(limits) and all(value is not None and sign * (value - limit) >= 0 for limit, value, sign in limits)


def _up(rule: StepRule, now: _Figures) -> tuple[str, float] | None:
    if rule.up_fall_below_percent is not None and now.fall is not None and now.fall < rule.up_fall_below_percent:
        return "up_fall", rule.up_fall_below_percent
    if rule.up_peg_at_least is not None and now.peg is not None and now.peg >= rule.up_peg_at_least:
        return "up_peg", rule.up_peg_at_least
    return None


def _at_end(rule: StepRule, names: Sequence[str], now: _Figures, on: date, screened: bool) -> StepReason:
    """What the end of a step brings: done, up, or the same step once more."""
    figures = (now.pain, now.peg, now.fall)
    if _done(rule, now):
        kind, to = ("done", PREVENTION) if screened else ("done_unscreened", rule.name)
        return StepReason(kind, on, rule.name, to, *figures)
    up = _up(rule, now)
    if up is not None and rule.name != names[-1]:
        return StepReason(up[0], on, rule.name, names[names.index(rule.name) + 1], *figures, up[1])
    kind = "stay_unknown" if now.fall is None else "stay_on_the_way"
    return StepReason(kind, on, rule.name, rule.name, *figures)


def _flare_reason(trend: Trend, step: str, to: str, today: date) -> StepReason | None:
    """A flare that is still going on in the last week: pain has risen again after a gain."""
    last = trend.flares[-1] if trend.flares else None
    if last is None or (today - last.ends).days > 7 or step not in (PREVENTION, to):
        return None
    return StepReason("flare", last.begins, step, to, pain=last.peak, limit=last.usual)


def walk_steps(
    trend: Trend,
    care: CareKnowledge,
    knowledge: Knowledge,
    enter: str,
    begun: date,
    today: date,
    *,
    screened: Callable[[date], bool],
) -> Walk:
    """The way from ``enter`` on ``begun`` to ``today``, judged at the end of each step by the diary alone.

    Keeps no state of its own: the same diary gives the same way. A step is done, and prevention begins, only where
    what its rule asks was measured and the warning signs had been looked at by then (``screened`` tells for a day).
    Without a measurement the step runs on. Limits are those of the pathway file.
    """
    readings = trend.readings

    def figures(on: date) -> _Figures:
        pain, peg = (change(readings, knowledge, begun, on) for change in (pain_change, peg_change))
        return _Figures(pain.now, peg.now if peg.now is not None else peg.start, pain.percent)

    rules = {rule.name: rule for rule in care.pathway.steps}
    names = list(rules)
    step, since, reasons = enter, begun, list[StepReason]()
    for _ in range(MOST_STEPS):
        rule = rules.get(step)
        ends = since + timedelta(days=rule.days) if rule is not None and rule.days is not None else None
        if rule is None or ends is None or ends > today:
            break
        reason = _at_end(rule, names, figures(ends), ends, screened(ends))
        reasons.append(reason)
        step, since = reason.to, ends
    rule, now = rules.get(step), figures(today)
    if rule is not None and since < today and screened(today) and _done(rule, now):
        reasons.append(StepReason("done", today, step, PREVENTION, now.pain, now.peg, now.fall))
        step, since = PREVENTION, today
    back = _flare_reason(trend, step, names[0], today)
    if back is not None:
        reasons.append(back)
        step, since = back.to, back.on
    rule = rules.get(step)
    until = since + timedelta(days=rule.days) if rule is not None and rule.days is not None else None
    return Walk(step, since, until, tuple(reasons))
