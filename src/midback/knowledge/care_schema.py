"""The strict shape of care, prevention, exercise and measure files; compile time only.

Pydantic models for ``knowledge/care``, ``knowledge/prevention``, ``knowledge/care/exercises`` and
``knowledge/measures``. Unknown keys are refused. Rules that bind every item stand here too, so that no file
can slip past them: a medicine is for 16 and over, a figure has a source and a place, a blocking caution
always blocks on "not sure". Finding, family, cause and source ids are checked across files by the caller,
with ``findings_of`` and ``sources_of``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from midback.knowledge.conditions import condition_findings, read_condition

__all__ = [
    "Ages",
    "CareFile",
    "CareWords",
    "Caution",
    "Dose",
    "Effect",
    "ExerciseFile",
    "ExerciseWords",
    "For",
    "Guideline",
    "Id",
    "ImportantChange",
    "MeasureFile",
    "MeasureItem",
    "MeasureWords",
    "PreventionFile",
    "Rule",
    "Stage",
    "Stop",
    "Strict",
    "Told",
    "UnlessChance",
    "findings_of",
    "sources_of",
]

Kind = Literal[
    "self_care", "activity", "medicine_pharmacy", "medicine_prescription", "manual", "needle", "injection",
    "surgery", "psychological", "education", "device",
]  # fmt: skip
Step = Literal["self_care", "active_care", "combined", "specialist", "urgent"]
Stance = Literal["offered", "consider", "not_routine", "advised_against", "trial_only"]
GuidelineStance = Literal["for", "consider", "against", "not_routine", "silent"]
Unit = Literal[
    "points_0_100", "points_0_10", "points_0_5", "points_0_24", "points", "percent", "smd", "rr", "hr", "irr",
    "odds_ratio", "nnt", "per_million", "kg",
]  # fmt: skip
Id = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class Strict(BaseModel):
    """A model that refuses unknown keys and silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


def _check_rule(rule: dict[str, Any]) -> dict[str, Any]:
    read_condition(rule)
    return rule


Rule = Annotated[dict[str, Any], AfterValidator(_check_rule)]


class Told(Strict):
    """Something said with its ground: a source and a place in it, or judgement and a reason."""

    source: Id | None = None
    where: str | None = None
    basis: Literal["judgement"] | None = None
    reason: str | None = Field(default=None, min_length=8)

    @model_validator(mode="after")
    def _says_where_from(self) -> Told:
        cited = self.source is not None and self.where is not None
        judged = self.basis == "judgement" and self.reason is not None
        if cited == judged:
            raise ValueError("write either `source` and `where`, or `basis: judgement` and a reason")
        return self


class Effect(Told):
    """One printed result of a treatment, or of a preventive item, against something else."""

    comparison: str
    measure: str
    result: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    control: float | None = None
    unit: Unit | None = None
    scale: str | None = None
    better: Literal["lower", "higher"] = "lower"
    weeks: float | None = Field(default=None, gt=0)
    n: int | None = Field(default=None, gt=0)
    population: str
    certainty: Literal["high", "moderate", "low", "very_low", "not_graded"]
    tag: Literal["thoracic", "vertebral_fracture", "indirect"]
    headline: bool = False

    @model_validator(mode="after")
    def _figure_or_words(self) -> Effect:
        if (self.value is None) == (self.result is None):
            raise ValueError("write a value with its unit, or a result in words")
        if self.value is not None and (self.unit is None or self.source is None):
            raise ValueError("a figure needs a unit and a source")
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high come together")
        low, high = self.low, self.high
        if self.value is not None and low is not None and high is not None and not low <= self.value <= high:
            raise ValueError(f"{self.value} lies outside its own interval {low} to {high}")
        if self.headline and self.unit not in ("points_0_100", "percent"):
            raise ValueError("only points_0_100 and percent can be averaged over the chances of the causes")
        if self.headline and self.unit == "percent" and self.control is None:
            raise ValueError("a headline percent needs the control percent beside it")
        return self


class Guideline(Told):
    """Where one guideline stands, in our words."""

    body: str
    year: int | None = Field(default=None, ge=1990, le=2100)
    stance: GuidelineStance
    text: str = Field(min_length=8)
    borrowed_from: str | None = None


class For(Strict):
    """For whom an item is meant; an empty block means everybody."""

    families: list[Id] = []
    causes: list[Id] = []
    when: Rule | None = None


class Ages(Strict):
    """Whole years, both ends included."""

    from_: int | None = Field(default=None, alias="from", ge=0, le=120)
    to: int | None = Field(default=None, ge=0, le=120)


class Caution(Told):
    """One contraindication: block the item, or offer it with a warning; ``text`` is a key in its words."""

    when: Rule
    action: Literal["block", "caution"]
    text: Id
    needs: list[Id] = []
    not_sure: Literal["block", "caution"] = "block"

    @model_validator(mode="after")
    def _a_block_blocks(self) -> Caution:
        if self.action == "block" and self.not_sure != "block":
            raise ValueError("a blocking caution blocks on not sure too")
        return self


class UnlessChance(Strict):
    """The item is blocked while the chance of a family or cause is at least this percentage."""

    family: Id | None = None
    cause: Id | None = None
    percent: float = Field(gt=0, le=100)
    text: Id
    basis: Literal["judgement"]
    reason: str = Field(min_length=8)

    @model_validator(mode="after")
    def _one_target(self) -> UnlessChance:
        if (self.family is None) == (self.cause is None):
            raise ValueError("name a family or a cause")
        return self


class Stop(Told):
    """When an item is given up; ``after_days`` is the longest it runs without a new decision."""

    after_days: int | None = Field(default=None, gt=0)


class CareFile(Strict):
    """One treatment: for whom, not for whom, what it does, and where each guideline stands."""

    kind: Kind
    step: Step
    stance: Stance
    outside_stance: Stance | None = None
    for_: For = Field(alias="for", default=For())
    ages: Ages | None = None
    start_within_hours: float | None = Field(default=None, gt=0)
    effect: list[Effect] = []
    guidelines: list[Guideline] = []
    judge_after_days: int | None = Field(default=None, gt=0)
    stop: Stop | None = None
    cautions: list[Caution] = []
    unless_chance: list[UnlessChance] = []

    @model_validator(mode="after")
    def _medicines_are_for_16_and_over(self) -> CareFile:
        youngest = self.ages.from_ if self.ages is not None and self.ages.from_ is not None else 0
        if self.kind.startswith("medicine") and self.stance != "advised_against" and youngest < 16:
            raise ValueError("a medicine needs `ages: {from: 16}` or higher")
        if sum(effect.headline for effect in self.effect) > 1:
            raise ValueError("at most one effect is the headline")
        if self.stance in ("offered", "consider") and self.judge_after_days is None:
            raise ValueError("an item that may be offered needs judge_after_days")
        return self


class PreventionFile(Strict):
    """One preventive item, honest about how weak its evidence is."""

    stance: Stance
    evidence: Literal["strong", "moderate", "weak", "none"]
    for_: For = Field(alias="for", default=For())
    ages: Ages | None = None
    effect: list[Effect] = []
    guidelines: list[Guideline] = []
    cautions: list[Caution] = []


class Dose(Strict):
    """How much of an exercise, at one stage."""

    sets: int | None = Field(default=None, ge=1, le=10)
    repeats: int | None = Field(default=None, ge=1, le=50)
    hold_seconds: int | None = Field(default=None, ge=1, le=120)
    minutes: int | None = Field(default=None, ge=1, le=120)
    times_a_day: int = Field(ge=1, le=6)
    days_a_week: int = Field(ge=1, le=7)


class Stage(Strict):
    """The dose from this day on, if the stage before was comfortable."""

    from_day: int = Field(ge=1)
    dose: Dose


class ExerciseFile(Told):
    """One exercise; ``picture`` is an SVG file beside it."""

    aim: Literal["mobility", "strength", "breathing", "aerobic", "control"]
    for_: For = Field(alias="for", default=For())
    ages: Ages | None = None
    picture: str = Field(pattern=r"^[a-z0-9_]+\.svg$")
    stages: list[Stage] = Field(min_length=1)
    cautions: list[Caution] = []

    @model_validator(mode="after")
    def _stages_in_order(self) -> ExerciseFile:
        days = [stage.from_day for stage in self.stages]
        if days != sorted(set(days)) or days[0] != 1:
            raise ValueError("stages begin on day 1 and rise")
        return self


class MeasureItem(Strict):
    """One question of a measure, answered with a whole number."""

    id: Id
    low: int
    high: int


class ImportantChange(Told):
    """The smallest change people notice as real."""

    value: float = Field(gt=0)
    low: float | None = None
    high: float | None = None
    unit: Literal["points", "percent_of_start", "category"]
    population: str


class MeasureFile(Strict):
    """One outcome measure that needs no licence."""

    items: list[MeasureItem] = Field(min_length=1)
    score: Literal["single", "mean", "each"]
    range: tuple[float, float] | list[float]
    better: Literal["lower", "higher"]
    minimal_important_change: list[ImportantChange] = Field(min_length=1)
    licence: str = Field(min_length=8)
    about: Told


class CareWords(Strict):
    """What a person reads about a treatment or a preventive item."""

    label: str
    clinical: str | None = None
    what: str
    how: str
    expect: str
    stop: str
    cautions: dict[Id, str] = {}


class ExerciseWords(Strict):
    """What a person reads about an exercise."""

    label: str
    what: str
    picture: str
    how: list[str] = Field(min_length=2)
    easier: str
    harder: str
    stop: str
    cautions: dict[Id, str] = {}


class MeasureWords(Strict):
    """The questions of a measure, in our own words where the original wording is somebody's property."""

    label: str
    what: str
    items: dict[Id, str]
    ends: dict[Literal["low", "high"], str] = {}
    answers: dict[str, str] = {}
    meaning: str


Item = CareFile | PreventionFile | ExerciseFile


def findings_of(item: Item) -> frozenset[str]:
    """Every finding id an item's rules and needs look at, to be checked against findings/."""
    rules = [caution.when for caution in item.cautions]
    if item.for_.when is not None:
        rules.append(item.for_.when)
    named = {name for rule in rules for name in condition_findings(read_condition(rule))}
    return frozenset(named | {need for caution in item.cautions for need in caution.needs})


def sources_of(item: Item | MeasureFile) -> frozenset[str]:
    """Every source id an item cites, to be checked against sources/."""
    told: list[Told] = []
    if isinstance(item, MeasureFile):
        told = [*item.minimal_important_change, item.about]
    else:
        told = [*item.cautions]
        if isinstance(item, ExerciseFile):
            told.append(item)
        else:
            told += [*item.effect, *item.guidelines]
        if isinstance(item, CareFile) and item.stop is not None:
            told.append(item.stop)
    return frozenset(one.source for one in told if one.source is not None)
