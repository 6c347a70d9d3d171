"""The level: the most urgent of raised rules, least expected harm, and what an incomplete screen allows.

Policy: docs/safety. Rules and harm are kept apart, so that either can be audited without the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from midback import inference as engine
from midback.answers import Answers
from midback.knowledge import Knowledge
from midback.network import BuiltNetwork
from midback.safety.rules import FlagState, Truth, flag_states
from midback.safety.screen import Screen, safety_screen

__all__ = ["Reason", "Settled", "TriageResult", "choose_level", "implied_thresholds"]


@dataclass(frozen=True, slots=True)
class Settled:
    """Who looked at a raised rule and found its reason, and on which day. The rule stays raised."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that sets or raises the level. ``kind`` names it in the words file ``reasons``."""

    # red_flag | red_flag_not_sure | clinician_outcome | expected_harm | incomplete_screen | unfamiliar_picture
    kind: str
    level: str
    within_hours: float | None
    flag: str | None = None
    findings: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class TriageResult:
    """The level with who decided it, everything else that pushed, and what the rest of the screen could do."""

    level: str
    within_hours: float | None
    decided_by: str
    reasons: tuple[Reason, ...]
    certain: bool
    level_if_rest_no: str
    level_still_possible: str
    flags: tuple[FlagState, ...]
    screen: Screen
    decision: engine.Decision


def implied_thresholds(knowledge: Knowledge) -> dict[str, dict[str, float]]:
    """Chance of one cause of each harm row at which each next level becomes the better choice, all else harmless.

    p* = (cost of the higher level - cost of the lower) / (loss at the lower - loss at the higher); levels that the
    row never makes worth while are left out. Source: Pauker and Kassirer's threshold, printed so that a clinician
    can argue with the losses.
    """
    levels = knowledge.triage.levels
    table: dict[str, dict[str, float]] = {}
    for row, loss in knowledge.triage.harm.items():
        table[row] = {}
        for lower, higher in pairwise(levels):
            gain = loss[lower.name] - loss[higher.name]
            if gain > 0 and (higher.cost - lower.cost) / gain <= 1:
                table[row][higher.name] = (higher.cost - lower.cost) / gain
    return table


def _flag_reasons(flags: tuple[FlagState, ...], knowledge: Knowledge, settled: Mapping[str, Settled]) -> list[Reason]:
    """Raised rules at their level; rules that hang on "not sure" one level below, as triage_levels.yaml says."""
    names = [level.name for level in knowledge.triage.levels]
    reasons = []
    for state in flags:
        flag = state.flag
        if state.truth is Truth.TRUE and flag.id not in settled:
            reasons.append(Reason("red_flag", flag.level, flag.within_hours, flag.id, state.by))
        elif state.truth is Truth.NOT_SURE:
            lower = knowledge.triage.not_sure_level if flag.level == names[-1] else names[names.index(flag.level) - 1]
            hours = knowledge.triage.levels[names.index(lower)].within_hours
            reasons.append(Reason("red_flag_not_sure", lower, hours, flag.id, state.by))
    return reasons


def _settled_reasons(
    flags: tuple[FlagState, ...], knowledge: Knowledge, settled: Mapping[str, Settled]
) -> list[Reason]:
    """Raised rules that a clinician settled, while their sign is still there: never above the rule's own level."""
    hours = {level.name: level.within_hours for level in knowledge.triage.levels}
    reasons = []
    for state in flags:
        if state.truth is Truth.TRUE and state.flag.id in settled:
            level = min(state.flag.level, knowledge.triage.settled_level, key=list(hours).index)
            found = settled[state.flag.id]
            reasons.append(Reason("clinician_outcome", level, hours[level], state.flag.id, state.by, settled=found))
    return reasons


def _harm_reason(built: BuiltNetwork, decision: engine.Decision, posterior: engine.Posterior, names: list[str],
                 knowledge: Knowledge) -> Reason:  # fmt: skip
    level = names[decision.action]
    below = built.harm[max(decision.action - 1, 0), :-1] - built.harm[decision.action, :-1]
    pushed = posterior.chance * below
    order = [int(place) for place in (-pushed).argsort()[:3] if pushed[place] > 0]
    hours = knowledge.triage.levels[decision.action].within_hours
    return Reason("expected_harm", level, hours, causes=tuple(built.causes[place].id for place in order))


def _still_possible(flags: tuple[FlagState, ...], level: str, names: list[str]) -> str:
    """The most urgent level that unasked answers could still bring."""
    open_levels = [state.flag.level for state in flags if state.truth is Truth.OPEN]
    return max([level, *open_levels], key=names.index)


def choose_level(
    answers: Answers,
    knowledge: Knowledge,
    built: BuiltNetwork,
    posterior: engine.Posterior,
    *,
    today: Answers | None = None,
    settled: Mapping[str, Settled] | None = None,
) -> TriageResult:
    """The triage level for this person, with its reasons.

    The most urgent of: raised rules; rules that "not sure" could make true, one level lower; least expected harm,
    raised while a more urgent level is best in more than ``careful_share`` of draws; the floor of an incomplete
    screen; the floor of a picture the knowledge does not fit. Source: docs/safety, "How the level is decided".

    Rules are also read under ``today``, the answers as they would be given now. A raised rule in ``settled`` stays
    raised and sets no level.
    """
    settled = settled or {}
    triage = knowledge.triage
    names = [level.name for level in triage.levels]
    hours = {level.name: level.within_hours for level in triage.levels}
    flags = flag_states(answers, knowledge, today)
    screen = safety_screen(answers, knowledge)
    decision = engine.decide(posterior, built.cost, built.harm, careful=triage.careful_share)
    reasons = _flag_reasons(flags, knowledge, settled)
    too_young = answers.age is not None and answers.age < triage.no_differential_under_age
    if not (too_young and reasons):
        reasons.append(_harm_reason(built, decision, posterior, names, knowledge))
    if_rest_no = max(reasons, key=lambda reason: names.index(reason.level))
    surprise = posterior.certificate.surprise
    unfamiliar = surprise is not None and surprise > triage.unfamiliar_above_percentile
    if unfamiliar:
        floor = triage.unfamiliar_picture_level
        reasons.append(Reason("unfamiliar_picture", floor, hours[floor]))
    if not screen.complete:
        floor = triage.incomplete_level
        reasons.append(Reason("incomplete_screen", floor, hours[floor], findings=screen.open + screen.not_sure))
    reasons += _settled_reasons(flags, knowledge, settled)
    reasons.sort(key=lambda reason: (-names.index(reason.level), reason.within_hours or 1e9))
    level = reasons[0].level
    within = [reason.within_hours for reason in reasons if reason.level == level and reason.within_hours is not None]
    unsure = any(state.truth is Truth.NOT_SURE for state in flags)
    best_share = float(decision.best_share[names.index(level) :].sum()) if len(decision.best_share) else 1.0
    ruled = reasons[0].kind == "red_flag"
    return TriageResult(
        level=level,
        within_hours=min([*within, hours[level]], key=lambda value: 1e9 if value is None else value),
        decided_by="rule" if reasons[0].kind.startswith("red_flag") else reasons[0].kind,
        reasons=tuple(reasons),
        certain=ruled or (screen.complete and not unsure and not unfamiliar and best_share >= 0.5),
        level_if_rest_no=if_rest_no.level,
        level_still_possible=_still_possible(flags, level, names),
        flags=flags,
        screen=screen,
        decision=decision,
    )
