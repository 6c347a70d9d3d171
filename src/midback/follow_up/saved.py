"""A result somebody kept: answers in the answers format with what was said then; and the same worked out anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from midback.answers import Answers, read_answers
from midback.assessment import DRAWS, Assessment, assess
from midback.care import Plan, plan
from midback.errors import AnswersRefused, Problem
from midback.knowledge import Knowledge
from midback.knowledge.changes import LogEntry, changes_since, last_change

__all__ = ["Moved", "Reworked", "Said", "Saved", "compare_saved", "read_saved", "said_of", "saved_to_raw"]

MOST_ITEMS = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What a result said: level, chances (0-1: headline, lo95, hi95) by reported family, and the plan's items.

    ``chances`` is None where no list of causes is shown, ``items`` where the plan was not kept; ``figures`` says
    whether chances were shown as figures or as an order only.
    """

    level: str
    within_hours: float | None
    certain: bool
    chances: Mapping[str, tuple[float, float, float]] | None
    figures: bool
    items: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept result as it was read. ``left_out`` are answers that this knowledge has no use for any more.

    ``version``, ``hashes``, ``dated`` and ``change`` tell which knowledge it was made with, as far as the file says.
    """

    answers: Answers
    said: Said | None
    answered_on: date | None
    version: str | None
    hashes: Mapping[str, str]
    dated: str | None
    change: str | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """The chance (0-1) of one reported family (or ``other``) then and now."""

    family: str
    before: float
    now: float
    dangerous: bool


@dataclass(frozen=True, slots=True)
class Reworked:
    """A kept result beside the same answers worked out with the knowledge of today.

    ``same_knowledge`` is None where the file does not say which knowledge it was made with. ``log`` holds the changes
    written down since, oldest first. ``moved`` is sorted by how far; None where one side shows no chances.
    """

    saved: Saved
    now: Said
    assessment: Assessment
    plan: Plan
    same_knowledge: bool | None
    log: tuple[LogEntry, ...]
    moved: tuple[Moved, ...] | None
    items_new: tuple[str, ...]
    items_gone: tuple[str, ...]

    @property
    def level_changed(self) -> bool:
        """Whether the advice of then is not that of now."""
        return self.saved.said is not None and self.saved.said.level != self.now.level


def said_of(assessment: Assessment, made: Plan) -> Said:
    """What an assessment and its plan say, in the form that is kept."""
    rows = (*assessment.reported, assessment.other) if assessment.shows_differential else ()
    return Said(
        level=assessment.level,
        within_hours=assessment.triage.within_hours,
        certain=assessment.certain,
        chances={row.id: (row.chance, row.lo95, row.hi95) for row in rows} or None,
        figures=assessment.shows_figures,
        items=tuple(dict.fromkeys(item.id for item in made.offered)),
    )


def saved_to_raw(assessment: Assessment, made: Plan, knowledge: Knowledge, today: date) -> dict[str, Any]:
    """A file of answers (docs/answers_format.md) that also carries the day, the knowledge and what was said.

    Every command that reads answers reads it; read_saved reads all of it back.
    """
    said = said_of(assessment, made)
    chances = {name: [round(value, 4) for value in row] for name, row in (said.chances or {}).items()}
    known = {"version": knowledge.version, "dated": knowledge.dated, "hashes": dict(assessment.knowledge_hashes),
             "change": last_change(knowledge)}  # fmt: skip
    result = {"knowledge": known, "level": said.level, "within_hours": said.within_hours, "certain": said.certain,
              "figures": said.figures, "chances": chances or None, "items": list(said.items or ())}  # fmt: skip
    head = {"answered_on": today.isoformat(), "knowledge_version": knowledge.version}
    return {**assessment.answers.to_raw(), **head, "result": result}


def _refuse(name: str, path: str, what: str) -> AnswersRefused:
    return AnswersRefused((Problem(name, path, what, "is it a result that Midback wrote?"),))


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _read_said(raw: Any, knowledge: Knowledge, name: str) -> Said:
    """What the ``result`` part of a kept file says. Raises AnswersRefused."""
    levels = [level.name for level in knowledge.triage.levels]
    if not isinstance(raw, Mapping) or raw.get("level") not in levels:
        raise _refuse(name, "result.level", "there is no such level")
    hours, chances, items = raw.get("within_hours"), raw.get("chances"), raw.get("items")
    if hours is not None and (isinstance(hours, bool) or not isinstance(hours, int | float)):
        raise _refuse(name, "result.within_hours", "it is no number of hours")
    read = None
    if chances is not None:
        if not isinstance(chances, Mapping):
            raise _refuse(name, "result.chances", "it is no mapping of family to chance")
        read = {}
        for family, row in list(chances.items())[:MOST_ITEMS]:
            if not isinstance(row, list) or len(row) != 3 or not all(map(_share, row)):
                raise _refuse(name, f"result.chances.{family}"[:80], "it is no chance with its range, 0 to 1")
            read[str(family)] = (float(row[0]), float(row[1]), float(row[2]))
    if items is not None and not (isinstance(items, list) and all(isinstance(item, str) for item in items)):
        raise _refuse(name, "result.items", "it is no list of names")
    return Said(
        level=str(raw["level"]), within_hours=hours, certain=raw.get("certain") is True, chances=read,
        figures=raw.get("figures") is True, items=None if items is None else tuple(items[:MOST_ITEMS]),
    )  # fmt: skip


def _from_assessment(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of ``midback assess`` as the kept form, which it does not have; what is missing stays missing."""
    triage, chances = raw.get("triage"), raw.get("chances")
    triage = triage if isinstance(triage, Mapping) else {}
    chances = chances if isinstance(chances, Mapping) else {}
    reported = chances.get("reported")
    rows = [*(reported if isinstance(reported, list) else ()), chances.get("other")]
    rows = [] if chances.get("shown") == "none" else rows
    kept = {row["id"]: [row.get("chance"), row.get("lo95"), row.get("hi95")] for row in rows
            if isinstance(row, Mapping) and isinstance(row.get("id"), str)}  # fmt: skip
    inner = raw.get("answers")
    result = {"knowledge": raw.get("knowledge"), "level": triage.get("level"), "certain": triage.get("certain"),
              "within_hours": triage.get("within_hours"), "figures": chances.get("shown") == "figures",
              "chances": kept or None}  # fmt: skip
    return {**(inner if isinstance(inner, Mapping) else {}), "result": result}


def _mended(raw: Mapping[str, Any], knowledge: Knowledge, name: str) -> tuple[Answers, tuple[str, ...]]:
    """The answers, without those that this knowledge does not have any more or takes otherwise, and their names."""
    try:
        return read_answers(raw, knowledge, name), ()
    except AnswersRefused as error:
        gone = {problem.path.removeprefix("answers.") for problem in error.problems
                if problem.path.startswith("answers.")}  # fmt: skip
        given = raw.get("answers")
        if len(gone) < len(error.problems) or not isinstance(given, Mapping):
            raise  # something else is wrong: age, setting, an unknown key
        kept = {key: value for key, value in given.items() if str(key) not in gone}
        return read_answers({**raw, "answers": kept}, knowledge, name), tuple(sorted(gone))


def read_saved(raw: Any, knowledge: Knowledge, name: str = "result") -> Saved:
    """A kept result from plain data: what saved_to_raw wrote, the JSON of ``midback assess``, or bare answers.

    Answers to questions that this knowledge does not have are left out and named. Raises AnswersRefused for the rest.
    """
    if not isinstance(raw, Mapping):
        raise _refuse(name, "", "it is no mapping")
    if raw.get("kind") == "assessment":
        raw = _from_assessment(raw)
    answers, left_out = _mended(raw, knowledge, name)
    result = raw.get("result")
    said = _read_said(result, knowledge, name) if result is not None else None
    known = result.get("knowledge") if isinstance(result, Mapping) else None
    known = known if isinstance(known, Mapping) else {}
    hashes = known.get("hashes")
    version = known.get("version", raw.get("knowledge_version"))
    try:
        day = date.fromisoformat(str(raw["answered_on"])) if raw.get("answered_on") is not None else None
    except ValueError:
        raise _refuse(name, "answered_on", "it is no date like 2026-11-22") from None
    return Saved(
        answers=answers, said=said, answered_on=day,
        version=None if version is None else str(version)[:80],
        hashes={str(key): str(value)[:80] for key, value in hashes.items()} if isinstance(hashes, Mapping) else {},
        dated=str(known["dated"])[:10] if "dated" in known else None if day is None else day.isoformat(),
        change=str(known["change"]) if known.get("change") else None,
        left_out=left_out,
    )  # fmt: skip


def _moved(before: Said | None, now: Said, assessment: Assessment) -> tuple[Moved, ...] | None:
    if before is None or before.chances is None or now.chances is None:
        return None
    dangerous = {row.id: row.dangerous for row in (*assessment.reported, assessment.other)}
    rows = (
        Moved(name, before.chances.get(name, (0.0,))[0], now.chances.get(name, (0.0,))[0], dangerous.get(name, False))
        for name in dict.fromkeys((*now.chances, *before.chances))
    )
    return tuple(sorted(rows, key=lambda row: (-abs(row.now - row.before), row.family)))


def compare_saved(saved: Saved, knowledge: Knowledge, today: date, *, draws: int = DRAWS) -> Reworked:
    """The kept answers worked out with ``knowledge`` on ``today``, held against what was said then. Pure."""
    assessment = assess(saved.answers, knowledge, draws=draws)
    made = plan(assessment, knowledge, today)
    now, before = said_of(assessment, made), saved.said
    hashes = dict(assessment.knowledge_hashes)
    moving = {kind: value for kind, value in hashes.items() if kind != "words"}
    then = {kind: saved.hashes.get(kind) for kind in moving}
    same = None if None in then.values() else then == moving
    items_then, items_now = (before.items if before else None), now.items or ()
    return Reworked(
        saved=saved, now=now, assessment=assessment, plan=made, same_knowledge=same,
        log=() if same else changes_since(knowledge, saved.change, saved.dated),
        moved=_moved(before, now, assessment),
        items_new=() if items_then is None else tuple(item for item in items_now if item not in items_then),
        items_gone=() if items_then is None else tuple(item for item in items_then if item not in items_now),
    )  # fmt: skip
