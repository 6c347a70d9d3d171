"""What the care files say, as rows: treatments with printed effects, guidelines, cautions, facts of the course."""

from __future__ import annotations

from collections.abc import Iterator

from midback.care import CareItem, care_knowledge
from midback.care.items import Caution, Effect, Fact, Guideline, Target
from midback.knowledge import Cause
from midback.report.site.edition import Edition
from midback.report.site.figures import plain, source_link
from midback.report.site.model import Link, Quoted, Row, Text

__all__ = ["care_rows", "caution_row", "effect_row", "fact_row", "guideline_row", "outlook_rows"]


def _concerns(target: Target, cause: Cause) -> bool:
    return cause.id in target.causes or cause.family in target.families


def _figure(value: float, low: float | None, high: float | None, unit: str, edition: Edition) -> str:
    words = edition.site["care"]
    shown = f"{edition.figure(value)} {words['units'][unit]}"
    if low is None or high is None:
        return str(words["no_range"]).format(value=shown)
    return str(words["range"]).format(value=shown, low=edition.figure(low), high=edition.figure(high))


def effect_row(effect: Effect, name: Text | Link, edition: Edition) -> Row:
    """One printed effect of a treatment as a row."""
    words = edition.site["care"]
    what = f"{effect.comparison}, {effect.measure}"
    if effect.value is not None and effect.unit:
        figure = _figure(effect.value, effect.low, effect.high, effect.unit, edition)
        said = Quoted(what, words["effect"].format(what="{value}", figure=figure))
    else:
        said = Quoted(f"{what}: {effect.result or ''}")
    notes: list[Text] = [Quoted(effect.population), words["certainty"].format(
        word=words["certainties"][effect.certainty])]  # fmt: skip
    if effect.weeks:
        notes.insert(0, words["weeks"].format(weeks=edition.figure(effect.weeks)))
    return Row(
        name, said, "cited" if effect.source else "judgement",
        source_link(effect.source, edition) if effect.source else None, Quoted(effect.where or ""),
        Quoted(effect.reason or ""), tuple(notes),
    )  # fmt: skip


def guideline_row(guideline: Guideline, name: Text | Link, edition: Edition) -> Row:
    """What one guideline says of a treatment, as a row."""
    stance = edition.words["plan"]["guidelines"][guideline.stance]
    borrowed = Quoted(plain(guideline.borrowed_from or ""), edition.site["basis"]["borrowed"])
    return Row(
        name, Quoted(guideline.text, f"{stance}: {{value}}"), "cited" if guideline.source else "judgement",
        source_link(guideline.source, edition) if guideline.source else None, Quoted(guideline.where or ""),
        Quoted(guideline.reason or ""), (borrowed,) if borrowed else (),
    )  # fmt: skip


def caution_row(caution: Caution, sentence: str, edition: Edition) -> Row:
    """For whom a treatment is not, or only with care, as a row."""
    action = edition.site["care"]["actions"][caution.action]
    source = source_link(caution.source, edition) if caution.source else None
    return Row(sentence, action, "cited" if source else "judgement", source, reason=Quoted(caution.reason or ""))


def fact_row(fact: Fact, edition: Edition) -> Row:
    """One printed fact about the course as a row."""
    words = edition.site["care"]
    said = _figure(fact.value, fact.low, fact.high, fact.unit, edition)
    notes: tuple[Text, ...] = (Quoted(fact.population),)
    if fact.weeks:
        notes += (words["weeks"].format(weeks=edition.figure(fact.weeks)),)
    source = source_link(fact.source, edition) if fact.source else None
    title = f"{plain(fact.id)[:1].upper()}{plain(fact.id)[1:]}"
    return Row(Quoted(title), said, "cited" if source else "judgement", source, notes=notes)


def _items(cause: Cause, edition: Edition) -> Iterator[CareItem]:
    care = care_knowledge(edition.knowledge)
    order = ("offered", "consider", "not_routine", "trial_only", "advised_against")
    items = [item for item in care.care.values() if _concerns(item.target, cause)]
    yield from sorted(items, key=lambda item: (order.index(item.stance), item.id))


def care_rows(cause: Cause, edition: Edition) -> Iterator[Row]:
    """Treatments that name this cause or its family, those offered first, each with its first printed effect."""
    words = edition.site["care"]
    for item in _items(cause, edition):
        label, stance = edition.say("care", item.id, "label"), words["stances"][item.stance]
        name = Link(f"{label} ({stance})", "care", item.id)
        effect = item.headline or next(iter(item.effects), None)
        if effect is None:
            yield Row(name, edition.say("care", item.id, "what"))
        else:
            yield effect_row(effect, name, edition)


def outlook_rows(cause: Cause, edition: Edition) -> Iterator[Row]:
    """Printed facts about the course of this cause or its family."""
    for fact in care_knowledge(edition.knowledge).facts.values():
        if _concerns(fact.target, cause):
            yield fact_row(fact, edition)
