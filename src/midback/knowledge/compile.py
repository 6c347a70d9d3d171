"""One JSON text from a checked tree: what ships in the wheel and what a run loads.

JSON because the standard library reads it in milliseconds without any schema library at run time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from midback.errors import KnowledgeProblems
from midback.knowledge.check import check_tree
from midback.knowledge.number_schema import Interval, LevelledNumber, PrintedNumber
from midback.knowledge.root import COMPILED_VERSION
from midback.knowledge.tree import KnowledgeTree
from midback.knowledge.words_check import offered_languages

__all__ = ["compile_tree"]

_CARRIED = (
    "word", "n", "control_percent", "pre_test", "source", "where", "reason", "compared_with", "setting", "population",
    "borrowed_from", "subgroup", "of",
)  # fmt: skip


def _interval(value: float | Interval | None, number: PrintedNumber | None = None) -> list[float | None] | None:
    if value is None:
        return None
    if isinstance(value, Interval):
        return [value.value, value.low, value.high]
    return [float(value), number.low if number else None, number.high if number else None]


def _number(number: PrintedNumber, number_id: str) -> dict[str, Any]:
    quantity = number.quantity
    data: dict[str, Any] = {"id": number_id, "quantity": quantity}
    data.update({key: value for key in _CARRIED if (value := getattr(number, key)) is not None})
    if quantity == "sensitivity":
        data |= {"value": _interval(number.sensitivity), "second": _interval(number.specificity)}
        data |= {"n": number.n_with, "n_without": number.n_without}
    elif quantity == "lr_pair":
        data |= {"value": _interval(number.lr_pos), "second": _interval(number.lr_neg)}
    elif quantity == "count":
        data |= {"value": [float(number.count or 0), None, None]}
    elif quantity == "table":
        data |= {"table": [(number.table or {})[key] for key in ("tp", "fn", "fp", "tn")]}
    elif quantity not in ("word", "same_as_background"):
        data |= {"value": _interval(getattr(number, quantity), number)}
    if number.effect == "lowers":
        data["lowers"] = True
    return data


def _numbers(mapping: Mapping[Any, PrintedNumber], prefix: str) -> dict[str, Any]:
    return {str(key): _number(number, f"{prefix}.{key}") for key, number in mapping.items()}


def _cause(cause: Any, cause_id: str) -> dict[str, Any]:
    links: dict[str, Any] = {}
    for key, link in cause.findings.items():
        prefix = f"{cause_id}.findings.{key}"
        if isinstance(link, LevelledNumber):
            links[key] = {"levels": _numbers(link.levels, prefix)}
        else:
            links[key] = _number(link, prefix)
    prior = cause.prior
    settings = ("self_check", "primary_care", "emergency_department", "spine_clinic")
    return {
        "family": cause.family, "role": cause.role, "urgency": cause.urgency, "harm": cause.harm,
        "dangerous": cause.dangerous, "icd10": cause.icd10, "sex": cause.sex,
        "age_from": cause.ages.from_ if cause.ages and cause.ages.from_ is not None else 0,
        "age_to": cause.ages.to if cause.ages and cause.ages.to is not None else 120,
        "prior": {s: _number(getattr(prior, s), f"{cause_id}.prior.{s}") for s in settings} if prior else {},
        "age_odds": _numbers(prior.age, f"{cause_id}.prior.age") if prior else {},
        "sex_odds": _numbers(prior.sex, f"{cause_id}.prior.sex") if prior else {},
        "risks": _numbers(cause.risks, f"{cause_id}.risks"),
        "links": links,
        "audit": _numbers(cause.audit, f"{cause_id}.audit"),
        "course": _numbers(cause.course.still_in_pain, f"{cause_id}.course") if cause.course else {},
    }  # fmt: skip


def _finding(finding: Any, finding_id: str) -> dict[str, Any]:
    asked = finding.asked_if
    background = finding.background
    prefix = f"{finding_id}.background"
    return {
        "kind": finding.kind, "answered_by": finding.answered_by, "group": finding.group, "section": finding.section,
        "burden": finding.burden,
        "implies": finding.implies,
        "unit": finding.unit, "largest": finding.largest, "wear_and_tear": finding.wear_and_tear,
        "background": {"states": _numbers(background, prefix)} if isinstance(background, dict)
        else _number(background, prefix),
        "states": list(finding.levels) or finding.options,
        "starts": [level.from_ for level in finding.levels.values() if level.from_ is not None],
        "age_from": asked.age_from if asked and asked.age_from is not None else 0,
        "age_to": asked.age_to if asked and asked.age_to is not None else 120,
        "sex": asked.sex if asked else None,
    }  # fmt: skip


def _digest(lines: list[str]) -> str:
    return hashlib.blake2b("\n".join(sorted(lines)).encode(), digest_size=8).hexdigest()


def compile_tree(tree: KnowledgeTree) -> str:
    """The compiled knowledge as JSON text, with the words of every language that is whole.

    Raises KnowledgeProblems, with every problem at once, when the tree does not stand.
    """
    problems = check_tree(tree, translations=False)
    if problems:
        raise KnowledgeProblems(problems)
    settings = tree.single["settings"].model_dump(mode="json", by_alias=True)
    for name, entry in tree.single["settings"].settings.items():
        settings["settings"][name]["other"] = _number(entry.other, f"settings.{name}.other")
    offered = offered_languages(tree)
    ordered = dict(sorted(tree.single["families"].items(), key=lambda item: item[1].order))
    dumped = {
        "compiled_version": COMPILED_VERSION,
        "hashes": {kind: _digest(tree.digests.get(kind, [])) for kind in ("network", "rules", "care", "words")},
        "settings": settings,
        "families": {family: entry.reported_as for family, entry in ordered.items()},
        "sources": {key: source.model_dump(mode="json") for key, source in tree.parsed["sources"].items()},
        "causes": {key: _cause(cause, key) for key, cause in tree.parsed["causes"].items()},
        "findings": {key: _finding(finding, key) for key, finding in tree.parsed["findings"].items()},
        "red_flags": {key: flag.model_dump(mode="json") for key, flag in tree.parsed["red_flags"].items()},
        "triage": tree.single["triage_levels"].model_dump(mode="json"),
        "interview": tree.single["interview"].model_dump(mode="json"),
        "languages": {code: tree.languages[code].model_dump(mode="json") for code in offered},
        "words": {code: tree.words[code] for code in offered},
        "content": tree.content,
        "drawings": tree.drawings,
    }
    return json.dumps(dumped, ensure_ascii=False, separators=(",", ":"))
