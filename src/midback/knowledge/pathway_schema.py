"""The strict shape of ``knowledge/care/pathway``: steps, side branches, prognosis facts; compile time only.

What a plan does in which week, when it steps up, and what to watch for, are clinical judgements. They stand in data,
so that a clinician can read, argue with and sign them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from midback.knowledge.care_schema import For, Id, Rule, Strict, Told

__all__ = [
    "Branch",
    "BranchesFile",
    "EnterRule",
    "PathwayFile",
    "PrognosisFact",
    "PrognosisFile",
    "ReviewDay",
    "StepEntry",
]

TimedStep = Literal["self_care", "active_care", "combined", "specialist"]
NetLevel = Literal["emergency_now", "same_day", "within_2_weeks"]


class StepEntry(Told):
    """One step of the pathway: how long it runs, when it is done, and when the next one begins."""

    days: int | None = Field(default=None, gt=0)
    done_pain_at_most: float | None = None
    done_peg_at_most: float | None = None
    done_fall_percent: float | None = None
    up_fall_below_percent: float | None = None
    up_peg_at_least: float | None = None


class EnterRule(Told):
    """Which step a plan begins with; the first rule that holds decides, else self_care."""

    step: TimedStep
    when: Rule | None = None
    pain_at_least: float | None = None
    peg_at_least: float | None = None

    @model_validator(mode="after")
    def _says_when(self) -> EnterRule:
        if self.when is None and self.pain_at_least is None and self.peg_at_least is None:
            raise ValueError("a rule for entering a step needs when, pain_at_least or peg_at_least")
        return self


class ReviewDay(Strict):
    """A day on which something is measured, counted from the start of the plan."""

    day: int = Field(ge=0)
    measures: list[Id]


class PathwayFile(Strict):
    """The timed steps, how a plan enters them, the days of review, and the safety net."""

    steps: dict[TimedStep, StepEntry]
    enter: list[EnterRule]
    reviews: list[ReviewDay]
    prevention_days: int = Field(gt=0)
    no_trend_pain_rise: float = Field(gt=0)
    relevant_percent: float = Field(gt=0, le=100)
    fact_percent: float = Field(gt=0, le=100)
    safety_net: dict[NetLevel, list[Id]]
    status: Literal["awaiting_signature", "signed"]

    @model_validator(mode="after")
    def _every_step(self) -> PathwayFile:
        if list(self.steps) != ["self_care", "active_care", "combined", "specialist"]:
            raise ValueError("steps are self_care, active_care, combined, specialist, in this order")
        return self


class Branch(Told):
    """A side branch: whom it concerns, what it adds, and the days by which something must happen."""

    for_: For = Field(alias="for", default=For())
    percent: float | None = Field(default=None, gt=0, le=100)
    items: list[Id] = Field(default=[])
    refer_after_days: int | None = Field(default=None, gt=0)
    within_hours: float | None = Field(default=None, gt=0)


class BranchesFile(Strict):
    """The side branches by id."""

    branches: dict[Id, Branch]


class PrognosisFact(Told):
    """One printed fact about how such pain goes on."""

    for_: For = Field(alias="for", default=For())
    value: float
    low: float | None = None
    high: float | None = None
    unit: Literal["percent", "odds_ratio", "points_0_100"]
    weeks: float | None = Field(default=None, gt=0)
    population: str
    tag: Literal["thoracic", "vertebral_fracture", "indirect"]


class PrognosisFile(Strict):
    """The facts by id."""

    facts: dict[Id, PrognosisFact]
