"""The strict shape of every knowledge file, used when knowledge is compiled and never at run time.

Pydantic models, one per kind of file in docs/knowledge_format.md. Unknown keys are refused everywhere, so that a
typing slip cannot silently drop a number. One number's own shape is in number_schema.py, cross-file rules in check.py.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from midback.knowledge.number_schema import Link, Percent, PrintedNumber, Strict

__all__ = [
    "AgeBand",
    "Ages",
    "AskedIf",
    "CauseFile",
    "Course",
    "FamilyEntry",
    "FindingFile",
    "InterviewFile",
    "LanguageEntry",
    "LevelEntry",
    "Page",
    "PriorBlock",
    "RedFlagFile",
    "Reliability",
    "SettingEntry",
    "SettingsFile",
    "SourceFile",
    "TriageFile",
    "TriageLevel",
    "WordScale",
]

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Basis = Literal["judgement"]
LevelName = Literal["emergency_now", "same_day", "within_2_weeks", "routine", "self_care"]
SettingName = Literal["self_check", "primary_care", "emergency_department", "spine_clinic", "case_set"]


class SourceFile(Strict):
    """One publication that somebody read."""

    citation: str = Field(min_length=12)
    doi: str | None = Field(default=None, pattern=r"^10\.\d{4,9}/\S+$")
    pmid: str | None = Field(default=None, pattern=r"^\d{4,9}$")
    url: str = Field(pattern=r"^https?://\S+$")
    design: str
    population: str | None = None
    n: int | None = Field(default=None, gt=0)
    read_on: Day
    read_as: Literal["full_text", "abstract", "guideline_page"]
    note: str | None = None


class Ages(Strict):
    """Whole years, both ends included; an open end is left out."""

    from_: int | None = Field(default=None, alias="from", ge=0, le=120)
    to: int | None = Field(default=None, ge=0, le=120)
    reason: str | None = None


class PriorBlock(Strict):
    """Shares of presenters by setting, and odds ratios by age band and sex."""

    self_check: PrintedNumber
    primary_care: PrintedNumber
    emergency_department: PrintedNumber
    spine_clinic: PrintedNumber
    age: dict[str, PrintedNumber] = {}
    sex: dict[Literal["female", "male"], PrintedNumber] = {}


class Course(Strict):
    """Share still in pain after so many weeks under usual care."""

    still_in_pain: dict[int, PrintedNumber]


class CauseFile(Strict):
    """One cause."""

    family: str
    role: Literal["cause", "risk_state"] = "cause"
    urgency: LevelName
    harm: Literal["minor", "moderate", "serious", "urgent", "critical"]
    dangerous: bool = False
    icd10: list[str] = []
    ages: Ages | None = None
    sex: Literal["female", "male"] | None = None
    prior: PriorBlock | None = None
    risks: dict[str, PrintedNumber] = {}
    findings: dict[str, Link] = {}
    audit: dict[str, PrintedNumber] = {}
    course: Course | None = None

    @model_validator(mode="after")
    def _ranked_causes_have_priors(self) -> CauseFile:
        if self.role == "cause" and self.prior is None:
            raise ValueError("a cause that is ranked needs a prior")
        both = sorted(set(self.risks) & set(self.findings))
        if both:
            raise ValueError(f"{', '.join(both)}: both a risk and a finding of one cause")
        return self


class AskedIf(Strict):
    """To whom a question applies."""

    age_from: int | None = Field(default=None, ge=0, le=120)
    age_to: int | None = Field(default=None, ge=0, le=120)
    sex: Literal["female", "male"] | None = None


class LevelEntry(Strict):
    """One level of an ordinal finding; ``from`` is the smallest number that falls in it."""

    from_: float | None = Field(default=None, alias="from")


class FindingFile(Strict):
    """One question, sign or test."""

    kind: Literal["binary", "ordinal", "one_of", "many_of"]
    answered_by: Literal["person", "examiner", "test"]
    group: str
    section: str
    burden: int = Field(ge=1, le=5)
    background: PrintedNumber | dict[str, PrintedNumber]
    asked_if: AskedIf | None = None
    unit: str | None = None
    largest: float | None = None
    levels: dict[str, LevelEntry] = {}
    options: list[str] = []
    wear_and_tear: bool = False
    implies: list[str] = []

    @model_validator(mode="after")
    def _kind_has_its_parts(self) -> FindingFile:
        names = list(self.levels) if self.kind == "ordinal" else self.options
        if (self.unit is None) != (self.largest is None):
            raise ValueError("a finding that takes a number needs both unit and largest")
        if self.kind == "binary":
            if not isinstance(self.background, PrintedNumber) or self.levels or self.options:
                raise ValueError("a binary finding has one background number and neither levels nor options")
        elif len(names) < 2:
            raise ValueError("an ordinal finding needs levels, one_of and many_of need options (two or more)")
        elif not isinstance(self.background, dict) or set(self.background) != set(names):
            raise ValueError(f"background needs one number for each of {', '.join(names)}")
        return self


class RedFlagFile(Strict):
    """One rule: findings to a least level."""

    level: LevelName
    within_hours: float = Field(gt=0, le=24 * 365)
    when: dict[str, Any]
    screen: bool = False
    source: str | None = None
    where: str | None = None
    basis: Basis | None = None
    reason: str | None = None
    status: Literal["awaiting_signature", "signed"] = "awaiting_signature"
    signed_by: str | None = None

    @model_validator(mode="after")
    def _says_where_from(self) -> RedFlagFile:
        if self.source is None and (self.basis is None or self.reason is None):
            raise ValueError("a rule needs a source and where, or `basis: judgement` and a reason")
        return self


class FamilyEntry(Strict):
    """What a family of causes is reported as, and its place in lists."""

    reported_as: str
    order: int


class AgeBand(Strict):
    """One age band in whole years, both ends included."""

    from_: int = Field(alias="from", ge=0, le=120)
    to: int = Field(ge=0, le=120)


class WordScale(Strict):
    """The width of one judgement word: point and 95 % range."""

    value: float
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> WordScale:
        if not self.low <= self.value <= self.high:
            raise ValueError("low <= value <= high must hold")
        return self


class SettingEntry(Strict):
    """Who comes in one setting: share with none of the causes, with several, by age band and sex."""

    other: PrintedNumber
    several_causes: dict[str, Percent]
    age_share: dict[str, Percent]
    sex_share: dict[Literal["female", "male"], Percent]
    tempered_from: SettingName | None = None
    tempering: float = Field(default=1.0, gt=0, le=1)
    reason: str


class Reliability(Strict):
    """How often a true yes is answered yes, and a true no is answered no, in percent."""

    yes_when_yes: Percent
    no_when_no: Percent
    basis: Basis
    reason: str


class SettingsFile(Strict):
    """Everything that belongs to no single cause or finding."""

    schema_version: int
    knowledge_version: str
    dated: Day
    status: str
    age_bands: dict[str, AgeBand]
    settings: dict[SettingName, SettingEntry]
    reliability: dict[Literal["person", "examiner", "test"], Reliability]
    words: dict[Literal["finding", "prior", "odds_ratio"], dict[str, WordScale]]
    group_rho: dict[Literal["value", "low", "high"], float]
    group_rho_reason: str
    refused_hosts: list[str]
    max_causes: int = Field(ge=1, le=4)


class TriageLevel(Strict):
    """One level: how soon, what asking for it costs, and what it means for harm to be met so late."""

    within_hours: float | None
    cost: float = Field(ge=0)


class TriageFile(Strict):
    """Ordered levels (least urgent first) and the loss of each harm row at each level."""

    version: str
    levels: dict[LevelName, TriageLevel]
    harm: dict[Literal["minor", "moderate", "serious", "urgent", "critical"], dict[LevelName, float]]
    other_harm: dict[LevelName, float]
    careful_share: float = Field(gt=0, lt=1)
    unfamiliar_picture_level: LevelName
    unfamiliar_above_percentile: Percent
    no_differential_under_age: int = Field(ge=0, le=18)
    not_sure_level: LevelName
    settled_level: LevelName
    incomplete_level: LevelName
    reason: str
    status: Literal["awaiting_signature", "signed"]

    @field_validator("harm")
    @classmethod
    def _every_level(cls, harm: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for row, losses in harm.items():
            if len(losses) != 5:
                raise ValueError(f"harm row {row} needs a loss for each of the five levels")
        return harm


class Page(Strict):
    """Questions that stand together on one page and count as one."""

    findings: list[str]
    kind: Literal["checklist", "single"]


class InterviewFile(Strict):
    """The opening pages in order, the safety pages, and the dials of the question policy."""

    opening: dict[str, Page]
    safety: dict[str, Page]
    keep_open: dict[LevelName, float]
    stop_below: float
    soft_temperature: float
    danger_weight: float
    burden_cost: float
    most_questions: int
    usual_questions: list[int] = Field(min_length=2, max_length=2)
    reason: str


class LanguageEntry(Strict):
    """A language there are words for: what its speakers call it, and how far its words may be trusted."""

    name: str
    status: Literal["preview", "draft", "unfinished"]
