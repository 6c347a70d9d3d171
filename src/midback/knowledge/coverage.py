"""Counts over the knowledge: numbers by cause, how many are cited, thoracic, judgement. Also what `cite` lists.

The numbers of care (effects of treatments, facts of the course) are counted apart: they move no chance. One number =
one distinct (source, where, quantity, subgroup) for figures; one judgement = one id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from midback.knowledge.model import Cause, Knowledge, Number
from midback.knowledge.staleness import is_stale

__all__ = ["Coverage", "care_figures", "cause_numbers", "count_care", "count_coverage", "every_number", "numbers_about"]

_CARE_KEYS = ("source", "where", "comparison", "measure", "population", "weeks", "value")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many numbers something has, and what they rest on."""

    numbers: int
    cited: int
    thoracic: int
    judgement: int
    sources: int
    stale: int  # cited numbers whose source is due to be read again

    def share(self, part: str) -> float:
        """The share (0-1) of all numbers that the count called ``part`` makes up; 0 where there are none."""
        return int(getattr(self, part)) / self.numbers if self.numbers else 0.0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


def cause_numbers(cause: Cause) -> Iterator[Number]:
    """Every number written in one cause's file."""
    for mapping in (cause.prior, cause.age_odds, cause.sex_odds, cause.risks, cause.audit, cause.course):
        yield from mapping.values()
    for link in cause.links.values():
        if isinstance(link, Mapping):
            yield from link.values()
        else:
            yield link


def every_number(knowledge: Knowledge) -> Iterator[Number]:
    """Every number of every cause, background and setting.

    >>> from midback.knowledge import load_knowledge
    >>> any(number.id == "fever.background" for number in every_number(load_knowledge()))
    True
    """
    for cause in knowledge.causes.values():
        yield from cause_numbers(cause)
    for finding in knowledge.findings.values():
        background = finding.background
        yield from background.values() if isinstance(background, Mapping) else (background,)
    for setting in knowledge.settings.values():
        yield setting.other


def numbers_about(name: str, knowledge: Knowledge) -> list[Number]:
    """The numbers of a cause, about a finding, or from a source; empty when ``name`` is none of these.

    >>> from midback.knowledge import load_knowledge
    >>> numbers_about("fever", load_knowledge())[0].id
    'fever.background'
    """
    if name in knowledge.causes:
        return list(cause_numbers(knowledge.causes[name]))
    if name in knowledge.findings:
        found = [number for number in every_number(knowledge) if f".{name}" in number.id]
        background = knowledge.findings[name].background
        own = list(background.values()) if isinstance(background, Mapping) else [background]
        return own + [number for number in found if number not in own]
    return [number for number in every_number(knowledge) if number.source == name]


def _count(numbers: list[Number], overdue: frozenset[str]) -> Coverage:
    figures = {(n.source, n.where, n.quantity, n.subgroup, str(n.value), n.id.partition(".")[0]): n
               for n in numbers if not n.is_judgement}  # fmt: skip
    judged = sum(number.is_judgement for number in numbers)
    thoracic = sum(number.is_thoracic for number in figures.values())
    sources = {number.source for number in figures.values()}
    stale = sum(number.source in overdue for number in figures.values())
    return Coverage(len(figures) + judged, len(figures), thoracic, judged, len(sources), stale)


def count_coverage(knowledge: Knowledge, today: date | None = None) -> tuple[Coverage, dict[str, Coverage]]:
    """(the whole, by cause): counts of distinct numbers; stale as of ``today``, or of the knowledge's own date."""
    day = today or date.fromisoformat(knowledge.dated)
    overdue = frozenset(name for name, source in knowledge.sources.items() if is_stale(source, day))
    whole = _count(list(every_number(knowledge)), overdue)
    return whole, {name: _count(list(cause_numbers(cause)), overdue) for name, cause in knowledge.causes.items()}


def care_figures(knowledge: Knowledge) -> dict[tuple[str, ...], tuple[str, Mapping[str, Any]]]:
    """Every distinct printed result of treatments and of prevention, and fact of the course: (what uses it, the row).

    The key is what tells two of them apart: source, where, comparison, measure, population, weeks and value.

    >>> from midback.knowledge import load_knowledge
    >>> {user for user, row in care_figures(load_knowledge()).values() if row.get("source") == "cashin2021"}
    {'muscle_relaxant'}
    """
    care = knowledge.content["care"]
    items = {**{name: item for name, item in care.items() if name not in ("exercises", "pathway")},
             **knowledge.content["prevention"]}  # fmt: skip
    rows = [(name, effect) for name, item in items.items() for effect in item.get("effect") or ()]
    rows += [(f"pathway.prognosis.facts.{name}", row) for name, row in care["pathway"]["prognosis"]["facts"].items()]
    return {
        tuple(str(row.get(key)) for key in _CARE_KEYS): (user, row)
        for user, row in rows
        if row.get("value") is not None
    }


def count_care(knowledge: Knowledge, today: date | None = None) -> Coverage:
    """Distinct printed results of treatments and of prevention, and facts of the course, with what they rest on."""
    day = today or date.fromisoformat(knowledge.dated)
    found = [row for _, row in care_figures(knowledge).values()]
    sources = [row["source"] for row in found if row.get("source")]
    overdue = sum(is_stale(knowledge.sources[name], day) for name in sources)
    thoracic = sum(row.get("tag") == "thoracic" for row in found if row.get("source"))
    return Coverage(len(found), len(sources), thoracic, len(found) - len(sources), len(set(sources)), overdue)
