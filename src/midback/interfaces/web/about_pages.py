"""What the knowledge says, for anybody to read: causes, findings, sources, each number with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from midback.interfaces.web.visit import Reply, Visit, show
from midback.knowledge import Cause, Knowledge, Number
from midback.report import number_json

__all__ = ["about", "cause", "causes", "finding", "findings", "source", "sources"]

Row = dict[str, Any]


def _not_here() -> Reply:
    return show("failed.html", status=404, kind="not_found")


def _finding_name(name: str, knowledge: Knowledge) -> str:
    finding, _, state = name.partition(".")
    words = knowledge.words["en"]["findings"][finding]
    if not state:
        return str(words["label"])
    sentence = knowledge.words["en"]["web"]["causes"]["states"]
    return str(sentence.format(finding=words["label"], state=(words.get("options") or {}).get(state, state)))


def _numbers_of(cause: Cause, knowledge: Knowledge) -> Iterator[tuple[str, Number]]:
    """Every number of a cause with what it is about."""
    words = knowledge.words["en"]["web"]["causes"]
    settings = knowledge.words["en"]["interface"]["settings"]
    for setting, number in cause.prior.items():
        yield words["prior"].format(setting=settings.get(setting, setting)), number
    yield from ((words["age"].format(age=band, band=band), number) for band, number in cause.age_odds.items())
    yield from ((words["sex"].format(sex=sex), number) for sex, number in cause.sex_odds.items())
    for name, number in cause.risks.items():
        yield words["risk"].format(finding=_finding_name(name, knowledge)), number
    for name, link in cause.links.items():
        if isinstance(link, Number):
            yield _finding_name(name, knowledge), link
        else:
            yield from ((_finding_name(f"{name}.{state}", knowledge), number) for state, number in link.items())
    for week, number in cause.course.items():
        yield words["course"].format(weeks=week), number


@lru_cache(maxsize=2)
def _used_by(knowledge: Knowledge) -> Mapping[str, list[Row]]:
    """Source id -> the numbers that rest on it."""
    used: dict[str, list[Row]] = {}
    for entry in knowledge.causes.values():
        for name, number in _numbers_of(entry, knowledge):
            if number.source:
                row = {"cause": entry.id, "cause_label": knowledge.say("causes", entry.id, "label"), "name": name,
                       "number": number_json(number, knowledge)}  # fmt: skip
                used.setdefault(number.source, []).append(row)
    return used


async def about(_: Visit) -> Reply:
    """What this is, what it is not, and what it rests on."""
    return show("about.html")


async def causes(visit: Visit) -> Reply:
    """All causes by family."""
    knowledge = visit.knowledge
    families = knowledge.words["en"]["families"]
    groups = [
        {"label": families[family]["label"], "what": families[family]["what"],
         "causes": [{"id": entry.id, "label": knowledge.say("causes", entry.id, "label"), "dangerous": entry.dangerous}
                    for entry in knowledge.causes.values() if entry.family == family]}
        for family in knowledge.families
    ]  # fmt: skip
    return show("causes.html", groups=[group for group in groups if group["causes"]])


async def cause(visit: Visit) -> Reply:
    """One cause and every number it rests on."""
    knowledge = visit.knowledge
    entry = knowledge.causes.get(visit.parts["id"])
    if entry is None:
        return _not_here()
    numbers = list(_numbers_of(entry, knowledge))
    silent = [name for name, number in numbers if number.quantity == "same_as_background"]
    rows = [{"name": name, "number": number_json(number, knowledge)} for name, number in numbers if name not in silent]
    return show("cause.html", entry=entry, said=knowledge.words["en"]["causes"][entry.id], rows=rows, silent=silent,
                family=knowledge.words["en"]["families"][entry.family])  # fmt: skip


async def findings(visit: Visit) -> Reply:
    """Everything that can be answered, by who can answer it."""
    knowledge = visit.knowledge
    groups = [
        {"by": by, "rows": sorted(((entry.id, knowledge.say("findings", entry.id, "label"))
                                   for entry in knowledge.findings.values() if entry.answered_by == by),
                                  key=lambda row: row[1])}
        for by in ("person", "examiner", "test")
    ]  # fmt: skip
    return show("findings.html", groups=groups)


async def finding(visit: Visit) -> Reply:
    """One finding: how it is asked, why, how common, and what it points towards."""
    knowledge = visit.knowledge
    entry = knowledge.findings.get(visit.parts["id"])
    if entry is None:
        return _not_here()
    background = entry.background if isinstance(entry.background, Mapping) else {"": entry.background}
    states = [{"name": _finding_name(f"{entry.id}.{state}" if state else entry.id, knowledge),
               "number": number_json(number, knowledge)} for state, number in background.items()]  # fmt: skip
    rows = []
    for owner in knowledge.causes.values():
        for name, link in owner.links.items():
            silent = isinstance(link, Number) and link.quantity == "same_as_background"
            if silent or name.partition(".")[0] != entry.id:
                continue
            for number in [link] if isinstance(link, Number) else list(link.values())[:1]:
                rows.append({"cause": owner.id, "label": knowledge.say("causes", owner.id, "label"),
                             "number": number_json(number, knowledge)})  # fmt: skip
    return show("finding.html", entry=entry, said=knowledge.words["en"]["findings"][entry.id], states=states, rows=rows)


async def sources(visit: Visit) -> Reply:
    """All sources."""
    return show("sources.html", rows=sorted(visit.knowledge.sources.values(), key=lambda entry: entry.citation.lower()))


async def source(visit: Visit) -> Reply:
    """One source and the numbers that rest on it."""
    entry = visit.knowledge.sources.get(visit.parts["id"])
    if entry is None:
        return _not_here()
    return show("source.html", entry=entry, rows=_used_by(visit.knowledge).get(entry.id, []))
