"""What a program holds once knowledge is loaded: plain frozen records, no validation left to do.

The records mirror docs/knowledge_format.md. Numbers stay as printed; only the network room turns them into
probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from midback.knowledge.conditions import Condition

__all__ = [
    "EMERGENCY",
    "AgeBand",
    "Cause",
    "Finding",
    "Hashes",
    "Interview",
    "Knowledge",
    "Language",
    "Level",
    "Number",
    "Page",
    "Printed",
    "RedFlag",
    "Setting",
    "Source",
    "Triage",
    "WordWidth",
]

EMERGENCY = "emergency_now"  # the level beside which nothing else is shown: what to do now is all


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed value with its printed 95 % interval, in the paper's own unit (percent, ratio)."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """One number as printed, or one judgement word, with everything needed to trace it."""

    id: str
    quantity: str
    value: Printed | None = None
    second: Printed | None = None  # specificity, or the lr_neg of a pair
    word: str | None = None
    n: int | None = None
    n_without: int | None = None
    table: tuple[int, int, int, int] | None = None  # tp, fn, fp, tn
    control_percent: float | None = None
    pre_test: float | None = None
    source: str | None = None
    where: str | None = None
    reason: str | None = None
    compared_with: str | None = None
    setting: str | None = None
    population: str | None = None
    borrowed_from: str | None = None
    subgroup: str | None = None
    lowers: bool = False
    of: str | None = None

    @property
    def is_judgement(self) -> bool:
        """Whether this is somebody's judgement and not a figure somebody printed."""
        return self.source is None

    @property
    def is_thoracic(self) -> bool:
        """Whether the figure was measured on thoracic pain or its causes in the thoracic spine, not borrowed."""
        return not self.is_judgement and self.borrowed_from is None


@dataclass(frozen=True, slots=True)
class WordWidth:
    """A judgement word's point and 95 % range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Whole years, both ends included."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Source:
    """One publication somebody read."""

    id: str
    citation: str
    url: str
    design: str
    read_on: str
    read_as: str
    doi: str | None = None
    pmid: str | None = None
    population: str | None = None
    n: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause with its printed numbers."""

    id: str
    family: str
    role: str
    urgency: str
    harm: str
    dangerous: bool
    icd10: tuple[str, ...]
    age_from: int
    age_to: int
    sex: str | None
    prior: Mapping[str, Number]
    age_odds: Mapping[str, Number]
    sex_odds: Mapping[str, Number]
    risks: Mapping[str, Number]
    links: Mapping[str, Number | Mapping[str, Number]]
    audit: Mapping[str, Number]
    course: Mapping[int, Number]


@dataclass(frozen=True, slots=True)
class Finding:
    """One question, sign or test. ``states`` are its levels or options; empty when binary."""

    id: str
    kind: str
    answered_by: str
    group: str
    section: str
    burden: int
    background: Number | Mapping[str, Number]
    states: tuple[str, ...] = ()
    starts: tuple[float, ...] = ()
    unit: str | None = None
    largest: float | None = None  # no number above this can be
    age_from: int = 0
    age_to: int = 120
    sex: str | None = None
    wear_and_tear: bool = False
    implies: tuple[str, ...] = ()  # findings that must also be true when this one is

    @property
    def on_help_card(self) -> bool:
        """Whether a yes calls for help of another kind than the pain does: self-harm, overdose, violence."""
        return self.section == "help_card"

    def applies_to(self, age: int | None, sex: str | None) -> bool:
        """Whether the question makes sense for this person; unknown age or sex leaves it open, so True."""
        return (age is None or self.age_from <= age <= self.age_to) and (
            sex is None or self.sex is None or sex == self.sex
        )

    def state_at(self, value: float) -> str:
        """The level that a measured ``value`` (in ``unit``, not below the first start) falls into."""
        return max(pair for pair in zip(self.starts, self.states, strict=True) if pair[0] <= value)[1]


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One rule: while ``when`` holds the level is at least ``level``, within ``within_hours``."""

    id: str
    level: str
    within_hours: float
    when: Condition
    screen: bool
    status: str
    source: str | None = None
    where: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One triage level: how soon, and what asking for it costs (in routine appointments)."""

    name: str
    within_hours: float | None
    cost: float


@dataclass(frozen=True, slots=True)
class Triage:
    """Ordered levels, least urgent first, and the loss of each harm row at each level."""

    version: str
    levels: tuple[Level, ...]
    harm: Mapping[str, Mapping[str, float]]
    other_harm: Mapping[str, float]
    careful_share: float
    unfamiliar_picture_level: str
    unfamiliar_above_percentile: float
    no_differential_under_age: int
    not_sure_level: str
    settled_level: str  # while a sign is still there whose rule a clinician has settled
    incomplete_level: str
    reason: str
    status: str


@dataclass(frozen=True, slots=True)
class Setting:
    """Who comes in one setting; shares are 0-1."""

    name: str
    other: Number
    several: Mapping[str, float]
    age_share: Mapping[str, float]
    sex_share: Mapping[str, float]
    tempered_from: str | None = None  # a case set, never a place: shares of this setting, flattened
    tempering: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """Questions that stand together and count as one."""

    id: str
    kind: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """Opening and safety pages in order, and the dials of the question policy."""

    opening: tuple[Page, ...]
    safety: tuple[Page, ...]
    keep_open: Mapping[str, float]  # level -> chance of a rule below which the interview need not close it
    stop_below: float
    soft_temperature: float
    danger_weight: float
    burden_cost: float
    most_questions: int
    usual_questions: tuple[int, int]  # 10th and 90th percentile of pages on simulated people

    @property
    def emergency(self) -> tuple[Page, ...]:
        """The pages of the opening that come before anything personal: those whose id begins with ``emergency``."""
        return tuple(page for page in self.opening if page.id.startswith("emergency"))


@dataclass(frozen=True, slots=True)
class Hashes:
    """Content hashes: a result carries them, so that a later reader can tell what it rested on."""

    network: str
    rules: str
    care: str
    words: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language that a reader may choose. ``status`` is preview, or draft while no clinician has checked its words."""

    code: str
    name: str
    status: str


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """Everything the files say. Immutable; two loads of the same files have equal ``hashes``."""

    version: str
    dated: str
    status: str
    hashes: Hashes
    max_causes: int
    age_bands: tuple[AgeBand, ...]
    settings: Mapping[str, Setting]
    reliability: Mapping[str, tuple[float, float]]
    word_widths: Mapping[str, Mapping[str, WordWidth]]
    group_rho: WordWidth
    families: Mapping[str, str]  # family -> what it is reported as, in display order
    sources: Mapping[str, Source]
    causes: Mapping[str, Cause]
    findings: Mapping[str, Finding]
    red_flags: Mapping[str, RedFlag]
    triage: Triage
    interview: Interview
    languages: Mapping[str, Language]  # those a reader may choose, the one of numbers and quotations first
    words: Mapping[str, Mapping[str, Any]]  # language -> file stem or folder -> ...
    content: Mapping[str, Any] = field(default_factory=dict)  # care, prevention, measures, phone numbers, zones
    drawings: Mapping[str, str] = field(default_factory=dict)  # of exercises, as SVG, by file name

    def age_band(self, age: int) -> str:
        """The name of the age band that ``age`` (whole years) falls in."""
        return next(band.name for band in self.age_bands if band.first <= age <= band.last)

    def say(self, *path: str, language: str = "en") -> str:
        """The sentence at ``path`` in the words of ``language``, such as ``say("findings", "fever", "question")``.

        Raises KeyError naming the path when no such sentence exists: a gap in the words is a defect, never a blank.
        """
        place: Any = self.words[language]
        for step in path:
            try:
                place = place[step]
            except (KeyError, TypeError):
                raise KeyError(f"no words for {'/'.join(path)} in {language}") from None
        if not isinstance(place, str):
            raise KeyError(f"{'/'.join(path)} in {language} is not a sentence")
        return place
