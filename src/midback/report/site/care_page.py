"""The pages of what can be done: a treatment or way of preventing, an exercise, and a measure of how it goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from midback.care import CareItem
from midback.care.items import Caution, Exercise, Target
from midback.follow_up.measures import Measure
from midback.report.charts import drawing_in_words
from midback.report.plan_lines import dose_lines
from midback.report.site.care_rows import caution_row, effect_row, guideline_row
from midback.report.site.edition import Edition
from midback.report.site.figures import source_link
from midback.report.site.model import Link, Page, Quoted, Row, Section, Text
from midback.report.site.naming import cause_link

__all__ = ["care_page", "exercise_page", "exercise_section", "measure_page"]


def _drawing(exercise: Exercise, edition: Edition) -> str:
    said = edition.words["care"]["exercises"][exercise.id]
    return drawing_in_words(edition.knowledge.drawings[exercise.picture], said["label"], said["picture"])


def _whom(target: Target, edition: Edition) -> Section:
    families = (Row(edition.say("families", family, "label")) for family in target.families)
    causes = (Row(cause_link(cause, edition)) for cause in target.causes)
    return Section(edition.site["care"]["whom"], (), (*families, *causes))


def _ages(first: int, last: int, edition: Edition) -> Iterator[tuple[str, Text]]:
    words = edition.site["cause"]
    if first > 0 or last < 120:
        said = words["ages_from"] if last >= 120 else words["ages_between"]
        yield words["ages"], said.format(low=first, high=last)


def _cautions(cautions: Iterable[Caution], place: tuple[str, ...], edition: Edition) -> Section:
    rows = tuple(caution_row(one, edition.say(*place, "cautions", one.text), edition) for one in cautions)
    return Section(edition.site["care"]["cautions"], (), rows)


def _kept(*sections: Section) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.text or section.rows or section.steps)


def care_page(item: CareItem, edition: Edition) -> Page:
    """The page of one treatment or one way of preventing."""
    words, said = edition.site["care"], edition.words[item.folder][item.id]
    facts: list[tuple[str, Text]] = [(words["stance"], words["stances"][item.stance])]
    if item.step in edition.words["plan"]["steps"]:
        facts.append((words["step"], edition.words["plan"]["steps"][item.step]))
    effects = tuple(effect_row(effect, words["effect_name"], edition) for effect in item.effects)
    stances = tuple(
        guideline_row(row, Quoted(f"{row.body} {row.year or ''}".strip()), edition) for row in item.guidelines
    )
    return Page(
        kind=item.folder, id=item.id, title=said["label"], subtitle=said["clinical"], lead=said["what"],
        facts=(*facts, *_ages(item.age_from, item.age_to, edition)),
        sections=_kept(
            Section(words["how"], (said["how"],)), Section(words["expect"], (said["expect"],)),
            Section(words["stop"], (said["stop"],)), Section(words["effects"], (), effects),
            Section(words["guidelines"], (), stances),
            _cautions(item.cautions, (item.folder, item.id), edition), _whom(item.target, edition),
        ),
    )  # fmt: skip


def exercise_section(exercise: Exercise, edition: Edition) -> Section:
    """An exercise whole enough to be done from it: the drawing, the steps, when to stop."""
    words, said = edition.site["care"], edition.words["care"]["exercises"][exercise.id]
    stop = Row(words["stop"], said["stop"])
    more = Row(Link(words["more"].format(label=said["label"]), "exercises", exercise.id))
    return Section(said["label"], (said["what"],), (stop, more), tuple(said["how"]), _drawing(exercise, edition))


def exercise_page(exercise: Exercise, edition: Edition) -> Page:
    """The page of one exercise, with its drawing and how much of it from which day."""
    words, said = edition.site["care"], edition.words["care"]["exercises"][exercise.id]
    sentences = edition.words["web"]["result"]
    doses = map(Row, dose_lines(map(asdict, exercise.stages), edition.words))
    other = tuple(Row(sentences[key], said[key]) for key in ("easier", "harder") if said.get(key))
    return Page(
        kind="exercises", id=exercise.id, title=said["label"], lead=said["what"],
        facts=tuple(_ages(exercise.age_from, exercise.age_to, edition)),
        sections=_kept(
            Section(words["how"], (), other, tuple(said["how"]), _drawing(exercise, edition)),
            Section(words["stop"], (said["stop"],)), Section(words["dose"], (), tuple(doses)),
            _cautions(exercise.cautions, ("care", "exercises", exercise.id), edition),
            _whom(exercise.target, edition),
        ),
    )  # fmt: skip


def measure_page(measure: Measure, edition: Edition) -> Page:
    """The page of one outcome measure: what is asked, and which change is more than noise."""
    words, said = edition.site["measure"], edition.words["measures"][measure.id]
    changes = tuple(
        Row(
            f"{edition.figure(change.value)} {words['units'][change.unit]}", Quoted(change.population),
            "cited" if change.source else "judgement", source_link(change.source, edition) if change.source else None,
            Quoted(change.where or ""), Quoted(change.reason or ""),
        )
        for change in measure.changes
    )  # fmt: skip
    asked = tuple(Row(str(line)) for line in said["items"].values())
    return Page(
        kind="measures", id=measure.id, title=said["label"], lead=said["what"],
        sections=_kept(
            Section(words["asked"], (), asked), Section(words["meaning"], (said["meaning"],)),
            Section(words["changes"], (), changes),
        ),
    )  # fmt: skip
