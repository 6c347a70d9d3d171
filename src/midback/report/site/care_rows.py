"""What the care files say about a cause, as rows: treatments with their printed effects, and facts about the course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from midback.care import CareItem, care_knowledge
from midback.care.items import Effect, Fact, Target
from midback.knowledge import Cause, Knowledge
from midback.report.site.figures import plain, site_words, source_link
from midback.report.site.model import Row

__all__ = ["care_rows", "effect_row", "fact_row", "outlook_rows"]


def _concerns(target: Target, cause: Cause) -> bool:
    return cause.id in target.causes or cause.family in target.families


def _figure(value: float, low: float | None, high: float | None, unit: str, words: dict[str, Any]) -> str:
    shown = f"{value:g} {words['units'][unit]}"
    if low is None or high is None:
        return str(words["no_range"]).format(value=shown)
    return str(words["range"]).format(value=shown, low=f"{low:g}", high=f"{high:g}")


def effect_row(effect: Effect, name: str, knowledge: Knowledge) -> Row:
    """One printed effect of a treatment as a row."""
    words = site_words(knowledge)["care"]
    figure = effect.result or ""
    if effect.value is not None and effect.unit:
        figure = _figure(effect.value, effect.low, effect.high, effect.unit, words)
    said = words["effect"].format(comparison=effect.comparison, measure=effect.measure, figure=figure)
    notes = [effect.population, words["certainty"].format(word=plain(effect.certainty))]
    if effect.weeks:
        notes.insert(0, words["weeks"].format(weeks=f"{effect.weeks:g}"))
    return Row(
        name, said, "cited" if effect.source else "judgement", source_link(effect.source) if effect.source else None,
        effect.where or "", effect.reason or "", tuple(notes),
    )  # fmt: skip


def fact_row(fact: Fact, knowledge: Knowledge) -> Row:
    """One printed fact about the course as a row."""
    words = site_words(knowledge)["care"]
    said = _figure(fact.value, fact.low, fact.high, fact.unit, words)
    notes = (words["weeks"].format(weeks=f"{fact.weeks:g}"),) if fact.weeks else ()
    source = source_link(fact.source) if fact.source else None
    name = words["fact"].format(population=fact.population)
    title = f"{plain(fact.id)[:1].upper()}{plain(fact.id)[1:]}"
    return Row(title, said, "cited" if source else "judgement", source, notes=(name, *notes))


def _items(cause: Cause, knowledge: Knowledge) -> Iterator[CareItem]:
    care = care_knowledge(knowledge)
    order = ("offered", "consider", "not_routine", "trial_only", "advised_against")
    items = [item for item in care.care.values() if _concerns(item.target, cause)]
    yield from sorted(items, key=lambda item: (order.index(item.stance), item.id))


def care_rows(cause: Cause, knowledge: Knowledge) -> Iterator[Row]:
    """Treatments that name this cause or its family, those offered first, each with its first printed effect."""
    words = site_words(knowledge)["care"]
    for item in _items(cause, knowledge):
        label, stance = knowledge.say("care", item.id, "label"), words["stances"][item.stance]
        name = f"{label} ({stance})"
        effect = item.headline or next(iter(item.effects), None)
        if effect is None:
            yield Row(name, knowledge.say("care", item.id, "what"))
        else:
            yield effect_row(effect, name, knowledge)


def outlook_rows(cause: Cause, knowledge: Knowledge) -> Iterator[Row]:
    """Printed facts about the course of this cause or its family."""
    for fact in care_knowledge(knowledge).facts.values():
        if _concerns(fact.target, cause):
            yield fact_row(fact, knowledge)
