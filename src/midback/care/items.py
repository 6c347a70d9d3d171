"""What the care files say, as frozen records ready for a plan: the only module here that reads their plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from midback.knowledge import Knowledge
from midback.knowledge.conditions import Condition, read_condition

__all__ = [
    "Branch",
    "CareItem",
    "CareKnowledge",
    "Caution",
    "Dose",
    "Effect",
    "EnterRule",
    "Exercise",
    "Fact",
    "Guideline",
    "Pathway",
    "Review",
    "Stage",
    "StepRule",
    "Target",
    "UnlessChance",
    "care_knowledge",
]


@dataclass(frozen=True, slots=True)
class Target:
    """For whom: families and causes (none named means everybody), and a condition over the answers."""

    families: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    when: Condition | None = None

    @property
    def everybody(self) -> bool:
        """Whether no family and no cause is named."""
        return not self.families and not self.causes


@dataclass(frozen=True, slots=True)
class Effect:
    """One printed result, in the unit its paper uses, or a result in words where no figure was read."""

    comparison: str
    measure: str
    population: str
    certainty: str
    tag: str
    result: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    control: float | None = None
    unit: str | None = None
    scale: str | None = None
    better: str = "lower"
    weeks: float | None = None
    n: int | None = None
    headline: bool = False
    source: str | None = None
    where: str | None = None
    basis: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Guideline:
    """Where one guideline stands, in our words."""

    body: str
    stance: str
    text: str
    year: int | None = None
    borrowed_from: str | None = None
    source: str | None = None
    where: str | None = None
    basis: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """One contraindication; ``text`` names the sentence in the item's words."""

    when: Condition
    action: str  # block | caution
    text: str
    not_sure: str
    needs: tuple[str, ...]
    source: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class UnlessChance:
    """Blocked while the chance of ``target`` is at least ``percent`` (0-100)."""

    target: Target
    percent: float
    text: str


@dataclass(frozen=True, slots=True)
class CareItem:
    """One treatment or preventive item. ``folder`` tells them apart and names the words."""

    id: str
    folder: str  # care | prevention
    kind: str
    step: str
    stance: str
    outside_stance: str | None
    target: Target
    age_from: int
    age_to: int
    effects: tuple[Effect, ...]
    guidelines: tuple[Guideline, ...]
    cautions: tuple[Caution, ...]
    unless_chance: tuple[UnlessChance, ...]
    judge_after_days: int | None
    stop_after_days: int | None
    start_within_hours: float | None
    evidence: str | None

    @property
    def headline(self) -> Effect | None:
        """The effect that is averaged over the chances of the causes, if the item has one."""
        return next((effect for effect in self.effects if effect.headline), None)

    @property
    def guidelines_conflict(self) -> bool:
        """Whether some guideline speaks for the item and another against it."""
        stances = {guideline.stance for guideline in self.guidelines}
        return bool(stances & {"for", "consider"}) and bool(stances & {"against", "not_routine"})


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of an exercise."""

    times_a_day: int
    days_a_week: int
    sets: int | None = None
    repeats: int | None = None
    hold_seconds: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """The dose from this day on."""

    from_day: int
    dose: Dose


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise with its stages; ``picture`` is an SVG file in knowledge/care/exercises."""

    id: str
    aim: str
    target: Target
    age_from: int
    age_to: int
    picture: str
    stages: tuple[Stage, ...]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class StepRule:
    """One timed step: its length and what ends it."""

    name: str
    days: int | None
    done_pain_at_most: float | None
    done_peg_at_most: float | None
    done_fall_percent: float | None
    up_fall_below_percent: float | None
    up_peg_at_least: float | None
    source: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class EnterRule:
    """The step a plan begins with when this holds."""

    step: str
    when: Condition | None
    pain_at_least: float | None
    peg_at_least: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """What is measured on a day counted from the start."""

    day: int
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """The timed steps and everything that belongs to no single item."""

    steps: tuple[StepRule, ...]
    enter: tuple[EnterRule, ...]
    reviews: tuple[Review, ...]
    prevention_days: int
    relevant_percent: float
    fact_percent: float
    safety_net: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Branch:
    """One side branch."""

    id: str
    target: Target
    percent: float | None
    items: tuple[str, ...]
    refer_after_days: int | None
    within_hours: float | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One printed fact about the course."""

    id: str
    target: Target
    value: float
    low: float | None
    high: float | None
    unit: str
    weeks: float | None
    population: str
    tag: str
    source: str | None


@dataclass(frozen=True, slots=True)
class CareKnowledge:
    """All care knowledge of one version."""

    care: Mapping[str, CareItem]
    prevention: Mapping[str, CareItem]
    exercises: Mapping[str, Exercise]
    pathway: Pathway
    branches: Mapping[str, Branch]
    facts: Mapping[str, Fact]


def _when(data: Any) -> Condition | None:
    return None if data is None else read_condition(data)


def _target(data: Mapping[str, Any]) -> Target:
    for_ = data.get("for") or {}
    families, causes = for_.get("families", ()), for_.get("causes", ())
    return Target(tuple(families), tuple(causes), _when(for_.get("when")))


def _ages(data: Mapping[str, Any]) -> tuple[int, int]:
    ages = data.get("ages") or {}
    return ages.get("from", 0), ages.get("to", 120)


def _caution(data: Mapping[str, Any]) -> Caution:
    return Caution(
        when=read_condition(data["when"]),
        action=data["action"],
        text=data["text"],
        not_sure=data.get("not_sure", "block"),
        needs=tuple(data.get("needs", ())),
        source=data.get("source"),
        reason=data.get("reason"),
    )


def _unless(data: Mapping[str, Any]) -> UnlessChance:
    families = (data["family"],) if "family" in data else ()
    causes = (data["cause"],) if "cause" in data else ()
    return UnlessChance(Target(families, causes), data["percent"], data["text"])


def _care_item(item_id: str, folder: str, data: Mapping[str, Any]) -> CareItem:
    age_from, age_to = _ages(data)
    return CareItem(
        id=item_id,
        folder=folder,
        kind=data.get("kind", "prevention"),
        step=data.get("step", "prevention"),
        stance=data["stance"],
        outside_stance=data.get("outside_stance"),
        target=_target(data),
        age_from=age_from,
        age_to=age_to,
        effects=tuple(Effect(**effect) for effect in data.get("effect", ())),
        guidelines=tuple(Guideline(**guideline) for guideline in data.get("guidelines", ())),
        cautions=tuple(_caution(caution) for caution in data.get("cautions", ())),
        unless_chance=tuple(_unless(rule) for rule in data.get("unless_chance", ())),
        judge_after_days=data.get("judge_after_days"),
        stop_after_days=(data.get("stop") or {}).get("after_days"),
        start_within_hours=data.get("start_within_hours"),
        evidence=data.get("evidence"),
    )


def _exercise(exercise_id: str, data: Mapping[str, Any]) -> Exercise:
    age_from, age_to = _ages(data)
    return Exercise(
        id=exercise_id,
        aim=data["aim"],
        target=_target(data),
        age_from=age_from,
        age_to=age_to,
        picture=data["picture"],
        stages=tuple(Stage(stage["from_day"], Dose(**stage["dose"])) for stage in data["stages"]),
        cautions=tuple(_caution(caution) for caution in data.get("cautions", ())),
    )


def _pathway(data: Mapping[str, Any]) -> Pathway:
    keys = (
        "days", "done_pain_at_most", "done_peg_at_most", "done_fall_percent", "up_fall_below_percent",
        "up_peg_at_least", "source", "reason",
    )  # fmt: skip
    return Pathway(
        steps=tuple(StepRule(name, *(step.get(key) for key in keys)) for name, step in data["steps"].items()),
        enter=tuple(
            EnterRule(rule["step"], _when(rule.get("when")), rule.get("pain_at_least"), rule.get("peg_at_least"))
            for rule in data["enter"]
        ),
        reviews=tuple(Review(review["day"], tuple(review["measures"])) for review in data["reviews"]),
        prevention_days=data["prevention_days"],
        relevant_percent=data["relevant_percent"],
        fact_percent=data["fact_percent"],
        safety_net={level: tuple(names) for level, names in data["safety_net"].items()},
    )


def _branch(branch_id: str, data: Mapping[str, Any]) -> Branch:
    return Branch(
        id=branch_id,
        target=_target(data),
        percent=data.get("percent"),
        items=tuple(data.get("items", ())),
        refer_after_days=data.get("refer_after_days"),
        within_hours=data.get("within_hours"),
    )


def _fact(fact_id: str, data: Mapping[str, Any]) -> Fact:
    return Fact(
        fact_id, _target(data), data["value"], data.get("low"), data.get("high"), data["unit"],
        data.get("weeks"), data["population"], data["tag"], data.get("source"),
    )  # fmt: skip


@lru_cache(maxsize=8)
def care_knowledge(knowledge: Knowledge) -> CareKnowledge:
    """The care knowledge inside ``knowledge``, read once and kept.

    >>> from midback.knowledge import load_knowledge
    >>> care_knowledge(load_knowledge()).care["oral_nsaid"].age_from
    16
    """
    content = knowledge.content
    care = {name: data for name, data in content["care"].items() if name not in ("exercises", "pathway")}
    exercises, pathway = content["care"]["exercises"], content["care"]["pathway"]
    return CareKnowledge(
        care={name: _care_item(name, "care", data) for name, data in care.items()},
        prevention={n: _care_item(n, "prevention", data) for n, data in content["prevention"].items()},
        exercises={name: _exercise(name, data) for name, data in exercises.items()},
        pathway=_pathway(pathway["steps"]),
        branches={name: _branch(name, data) for name, data in pathway["branches"]["branches"].items()},
        facts={name: _fact(name, data) for name, data in pathway["prognosis"]["facts"].items()},
    )
