"""One case scored: where the true cause stands in the list, how sure the list was, and whether the level was safe.

Each case is ranked twice: in the setting it came from, and under the declared mix of a case set (settings.yaml,
``case_set``), because a set of cases is not a population. The level is only ever taken from the case's own setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

from midback.assessment import Assessment, Chance, assess
from midback.evaluation.cases import UNLISTED, Case
from midback.interview import questions_answered
from midback.knowledge import Knowledge

__all__ = ["MIXES", "Ranked", "Row", "outcome", "score_case"]

MIXES = ("as_setting", "case_set")
SMALLEST_CHANCE = 1e-6  # the log score of a cause given no chance at all stays finite


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where the truth stands (1 is first, None when not in the list) and how the chances score.

    ``brier`` sums (chance - truth)^2 over all families and other (0 best, 2 worst); ``log_score`` is -ln of the
    chance given to the true family, or to other for an unlisted case (0 best).
    """

    family_rank: int | None
    reported_rank: int | None
    cause_rank: int | None
    families: tuple[tuple[str, float], ...]
    causes: tuple[str, ...]
    other: float
    brier: float
    log_score: float


@dataclass(frozen=True, slots=True)
class Row:
    """Everything scored of one case; ``triage`` and ``triage_if_rest_no`` are exact, under or over."""

    case: Case
    level: str
    level_if_rest_no: str
    within_hours: float | None
    decided_by: str
    triage: str
    triage_if_rest_no: str
    certain: bool
    open_safety_questions: int
    answers: int
    pages: int
    ranked: dict[str, Ranked]


def outcome(level: str, accepted: Sequence[str], levels: Sequence[str]) -> str:
    """ "exact" when ``level`` is accepted, "under" when less urgent than all that are, else "over".

    ``levels`` run from the least to the most urgent.

    >>> outcome("routine", ["same_day"], ["routine", "same_day", "emergency_now"])
    'under'
    """
    if level in accepted:
        return "exact"
    return "under" if levels.index(level) < min(map(levels.index, accepted)) else "over"


def _rank(chances: Sequence[Chance], wanted: str | None) -> int | None:
    names = [chance.id for chance in chances]
    return names.index(wanted) + 1 if wanted in names else None


def _ranked(result: Assessment, case: Case, knowledge: Knowledge) -> Ranked:
    listed = case.family != UNLISTED
    true = case.family if listed else "other"
    said = {chance.id: chance.chance for chance in result.families} | {"other": result.other.chance}
    brier = sum((chance - (name == true)) ** 2 for name, chance in said.items())
    return Ranked(
        family_rank=_rank(result.families, case.family),
        reported_rank=_rank(result.reported, knowledge.families[case.family]) if listed else None,
        cause_rank=_rank(result.causes, case.cause),
        families=tuple((chance.id, chance.chance) for chance in result.families),
        causes=tuple(chance.id for chance in result.causes[:5]),
        other=result.other.chance,
        brier=brier,
        log_score=-log(max(said.get(true, 0.0), SMALLEST_CHANCE)),
    )


def score_case(case: Case, knowledge: Knowledge, draws: int = 2000) -> Row:
    """The scored row of one case. Raises ContradictoryEvidence when its answers cannot all be true."""
    result = assess(case.answers, knowledge, draws=draws)
    mixed = assess(replace(case.answers, setting="case_set"), knowledge, draws=0)
    names = [level.name for level in knowledge.triage.levels]
    triage = result.triage
    return Row(
        case=case, level=triage.level, level_if_rest_no=triage.level_if_rest_no, within_hours=triage.within_hours,
        decided_by=triage.decided_by, triage=outcome(triage.level, case.accepted, names),
        triage_if_rest_no=outcome(triage.level_if_rest_no, case.accepted, names), certain=triage.certain,
        open_safety_questions=len(triage.screen.open) + len(triage.screen.not_sure),
        answers=len(case.answers.given), pages=questions_answered(case.answers, knowledge),
        ranked={"as_setting": _ranked(result, case, knowledge), "case_set": _ranked(mixed, case, knowledge)},
    )  # fmt: skip
