"""A plan as data: what is offered, blocked, awaited and advised against, when, and the outlook."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from midback.care.benefit import Benefit
from midback.care.gate import Because
from midback.care.items import Guideline, Stage, StepRule
from midback.care.prognosis import Outlook, Prognosis

__all__ = [
    "AdvisedAgainst",
    "Awaiting",
    "Blocked",
    "BranchPlan",
    "ExercisePlan",
    "Offered",
    "Plan",
    "ReviewDate",
    "StepPlan",
    "Told",
    "plan_to_raw",
]

SCHEMA_VERSION = 1
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Offered:
    """One item offered in one step, with what it can be expected to do and when to judge it."""

    id: str
    folder: str
    kind: str
    stance: str
    benefit: Benefit | None
    direct: bool
    share: float
    guidelines: tuple[Guideline, ...]
    guidelines_conflict: bool
    warnings: tuple[Because, ...]
    judge_on: date | None
    stop_by: date | None
    start_within_hours: float | None


@dataclass(frozen=True, slots=True)
class Blocked:
    """One item that would fit but is not for this person, and why."""

    id: str
    folder: str
    kind: str
    step: str
    why: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One item that may fit once these questions are answered (finding ids, ``age`` or ``sex``)."""

    id: str
    folder: str
    kind: str
    step: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdvisedAgainst:
    """One item we do not suggest, how firmly (not_routine, advised_against, trial_only), and who says what."""

    id: str
    kind: str
    step: str
    stance: str
    guidelines: tuple[Guideline, ...]
    guidelines_conflict: bool
    direct: bool


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One dated step; ``rule`` holds what ends it. ``ends`` is None where the step has no fixed length."""

    name: str
    begins: date
    ends: date | None
    rule: StepRule | None
    items: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class ExercisePlan:
    """One exercise with its stages and warnings."""

    id: str
    aim: str
    picture: str
    stages: tuple[Stage, ...]
    warnings: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """A side branch this person is on; ``items`` are those of it that are offered."""

    id: str
    items: tuple[str, ...]
    refer_on: date | None
    within_hours: float | None


@dataclass(frozen=True, slots=True)
class ReviewDate:
    """What is measured when."""

    on: date
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell the clinician.

    ``kind`` is red_flag, not_sure, answer, risk_state or blocked; ``id`` names it.
    """

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to do from ``today`` on. Pure data; words stand in the knowledge.

    ``kind`` is ``emergency`` (the instruction alone, nothing that delays it), ``too_young`` (under six: seen the
    same day, no plan), ``incomplete`` (finish the safety questions first), ``see_first`` (be seen; only self-care
    while waiting) or ``full``. ``blocked`` items appear nowhere else.
    """

    kind: str
    today: date
    level: str
    within_hours: float | None
    begins_with: str | None = None
    steps: tuple[StepPlan, ...] = ()
    exercises: tuple[ExercisePlan, ...] = ()
    branches: tuple[BranchPlan, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    awaiting: tuple[Awaiting, ...] = ()
    ask_first: tuple[str, ...] = ()
    advised_against: tuple[AdvisedAgainst, ...] = ()
    review_on: date | None = None
    better_by: date | None = None
    reviews: tuple[ReviewDate, ...] = ()
    prognosis: Prognosis | None = None
    if_not_better: tuple[Outlook, ...] = ()
    safety_net: Mapping[str, tuple[str, ...]] | None = None
    tell_clinician: tuple[Told, ...] = ()
    shows_figures: bool = False
    knowledge_version: str = ""
    schema_version: int = SCHEMA_VERSION

    @property
    def offered(self) -> tuple[Offered, ...]:
        """Every offered item of every step, in order."""
        return tuple(item for step in self.steps for item in step.items)


def _raw(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (field.name for field in dataclasses.fields(value))
        return {name: _raw(getattr(value, name)) for name in fields if name != "target"}
    if isinstance(value, Mapping):
        return {str(key): _raw(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_raw(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return round(value, DECIMALS) if isinstance(value, float) else value


def plan_to_raw(plan: Plan) -> dict[str, Any]:
    """The plan as plain data ready for JSON: dates as ISO text, numbers to four decimals.

    >>> plan_to_raw(Plan("incomplete", date(2026, 1, 1), "same_day", 4.0))["today"]
    '2026-01-01'
    """
    raw = _raw(plan)
    assert isinstance(raw, dict)
    return raw
