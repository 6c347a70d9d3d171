"""The same cases through two systems: what differs, and whether chance could explain it.

The other system is a stored run of Midback (the JSON of an earlier evaluation) or a file of predictions: JSONL with
``id``, ``families`` (most likely first) or ``causes``, and ``level``; a family or a level that is left out is not
compared. Pairs are by case id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from midback.errors import AnswersUnreadable, Problem
from midback.evaluation.intervals import mcnemar_exact, paired_difference
from midback.evaluation.scoring import outcome
from midback.knowledge import Knowledge

__all__ = ["compare", "read_predictions"]

Prediction = Mapping[str, Any]


def _unreadable(path: Path, place: str, what: str, fix: str) -> AnswersUnreadable:
    return AnswersUnreadable(str(Problem(path.name, place, what, fix)))


def _of_run(run: Mapping[str, Any]) -> dict[str, Prediction]:
    return {
        str(row["id"]): {
            "level": row["level"],
            "families": [name for name, _ in row["ranked"]["as_setting"]["families"]],
            "families_case_set": [name for name, _ in row["ranked"]["case_set"]["families"]],
            "brier": row["ranked"]["as_setting"]["brier"],
        }
        for row in run["cases"]
    }


def _of_line(path: Path, place: str, raw: Any, knowledge: Knowledge) -> tuple[str, Prediction]:
    if not isinstance(raw, dict) or "id" not in raw:
        raise _unreadable(path, place, "no prediction with an id", 'write {"id": ..., "families": [...], "level": ...}')
    levels = [level.name for level in knowledge.triage.levels]
    if raw.get("level") is not None and raw["level"] not in levels:
        raise _unreadable(path, place, f"{raw['level']!r} is no level", ", ".join(levels))
    families = raw.get("families")
    if families is None and isinstance(raw.get("causes"), list):
        known = knowledge.causes
        families = list(dict.fromkeys(known[name].family if name in known else str(name) for name in raw["causes"]))
    if families is not None and not isinstance(families, list):
        raise _unreadable(path, place, "families is no list", "most likely first")
    return str(raw["id"]), {"level": raw.get("level"), "families": families}


def read_predictions(path: Path, knowledge: Knowledge) -> dict[str, Prediction]:
    """Case id -> what the other system said. Raises AnswersUnreadable with the place of the first thing wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, "", f"cannot be read ({error})", "name a run.json or a JSONL file") from error
    try:
        whole = json.loads(text)
    except ValueError:
        whole = None
    if isinstance(whole, dict) and whole.get("kind") == "midback_evaluation_run":
        return _of_run(whole)
    found: dict[str, Prediction] = {}
    items = whole if isinstance(whole, list) else text.splitlines()
    for number, item in enumerate(items, 1):
        place = f"line {number}" if isinstance(item, str) else f"item {number}"
        if isinstance(item, str):
            if not item.strip():
                continue
            try:
                item = json.loads(item)
            except ValueError as error:
                raise _unreadable(path, place, f"no JSON ({error})", "one prediction a line") from error
        name, prediction = _of_line(path, place, item, knowledge)
        if name in found:
            raise _unreadable(path, place, f"the id {name!r} comes twice", "one prediction per case")
        found[name] = prediction
    if not found:
        raise _unreadable(path, "", "the file holds no prediction", "one JSON object a line")
    return found


def _paired(name: str, better: str, ours: Sequence[bool], theirs: Sequence[bool]) -> dict[str, Any]:
    only_ours = sum(one and not other for one, other in zip(ours, theirs, strict=True))
    only_theirs = sum(other and not one for one, other in zip(ours, theirs, strict=True))
    gap = paired_difference([float(one) for one in ours], [float(other) for other in theirs])
    return {
        "what": name, "better": better, "n": len(ours), "ours": sum(ours), "theirs": sum(theirs),
        "only_ours": only_ours, "only_theirs": only_theirs,
        "mcnemar_p": round(mcnemar_exact(only_ours, only_theirs), 4),
        "difference": gap.as_json(),
    }  # fmt: skip


def compare(
    run: Mapping[str, Any], against: Mapping[str, Prediction], name: str, knowledge: Knowledge
) -> dict[str, Any]:
    """Paired differences (ours - theirs) on the cases both have: exact McNemar p and bootstrap interval.

    Raises AnswersUnreadable when no case is common to both.
    """
    levels = [level.name for level in knowledge.triage.levels]
    rows = [row for row in run["cases"] if row["id"] in against]
    if not rows:
        raise AnswersUnreadable(f"no case id is common to this run and {name}")
    lines = []

    def top(k: int, mix: str, key: str) -> None:
        both = [(row, against[row["id"]].get(key)) for row in rows]
        listed = [(row, names) for row, names in both if names is not None]
        if listed:
            ours = [(row["ranked"][mix]["family_rank"] or 99) <= k for row, _ in listed]
            theirs = [row["family"] in names[:k] for row, names in listed]
            what = f"top {k} by family" + (" (case_set)" if mix == "case_set" else "")
            lines.append(_paired(what, "more", ours, theirs))

    for k in (1, 3):
        top(k, "as_setting", "families")
        top(k, "case_set", "families_case_set" if "families_case_set" in next(iter(against.values())) else "families")
    levelled = [(row, against[row["id"]]["level"]) for row in rows if against[row["id"]].get("level")]
    tests: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
        ("accepted level", "more", lambda result: result == "exact"),
        ("under-triage", "fewer", lambda result: result == "under"),
        ("over-triage", "fewer", lambda result: result == "over"),
    )
    for what, better, test in tests if levelled else ():
        ours = [test(row["triage"]) for row, _ in levelled]
        theirs = [test(outcome(level, row["accepted"], levels)) for row, level in levelled]
        lines.append(_paired(what, better, ours, theirs))
    return {"against": name, "paired": len(rows), "only_here": run["n"] - len(rows),
            "only_there": len(set(against) - {row["id"] for row in rows}), "tests": lines}  # fmt: skip
