"""All figures of a set of scored cases as plain data: the one summary that text, JSON and HTML are cut from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from midback.errors import Problem
from midback.evaluation.cases import UNLISTED
from midback.evaluation.intervals import Figure, bootstrap_mean, calibrate, percentiles, share
from midback.evaluation.scoring import MIXES, Row
from midback.evaluation.stamping import stamp
from midback.knowledge import Knowledge

__all__ = ["SCHEMA_VERSION", "run_data"]

SCHEMA_VERSION = 1
TOP = (1, 3, 5)
URGENT = ("same_day", "emergency_now")


def _top(rows: Sequence[Row], rank_of: Callable[[Row], int | None]) -> dict[str, Any]:
    ranks = [rank_of(row) for row in rows]
    return {f"top_{k}": share(sum(rank is not None and rank <= k for rank in ranks), len(rows)).as_json() for k in TOP}


def _first_family(rows: Sequence[Row], mix: str) -> tuple[list[float], list[bool]]:
    said, true = [], []
    for row in rows:
        name, chance = row.ranked[mix].families[0]
        said.append(chance)
        true.append(name == row.case.family)
    return said, true


def _every_family(rows: Sequence[Row], mix: str) -> tuple[list[float], list[bool]]:
    pairs = [(chance, name == row.case.family) for row in rows for name, chance in row.ranked[mix].families]
    pairs += [(row.ranked[mix].other, row.case.family == UNLISTED) for row in rows]
    return [chance for chance, _ in pairs], [true for _, true in pairs]


def _ranking(rows: Sequence[Row], mix: str) -> dict[str, Any]:
    with_cause = [row for row in rows if row.case.cause]
    return {
        "by_family": _top(rows, lambda row: row.ranked[mix].family_rank),
        "by_reported_family": _top(rows, lambda row: row.ranked[mix].reported_rank),
        "by_cause": _top(with_cause, lambda row: row.ranked[mix].cause_rank),
        "brier": bootstrap_mean([row.ranked[mix].brier for row in rows]).as_json(),
        "log_score": bootstrap_mean([row.ranked[mix].log_score for row in rows]).as_json(),
        "calibration_of_first_family": calibrate(*_first_family(rows, mix)).as_json(),
        "calibration_of_every_family": calibrate(*_every_family(rows, mix)).as_json(),
        "mean_chance_of_other": bootstrap_mean([row.ranked[mix].other for row in rows]).as_json(),
    }


def _named(rows: Sequence[Row], level_of: Callable[[Row], str]) -> list[dict[str, Any]]:
    return [
        {"id": row.case.id, "title": row.case.title, "given": level_of(row), "accepted": list(row.case.accepted)}
        for row in rows
    ]


def _reached(rows: Sequence[Row], level_of: Callable[[Row], str], least: Sequence[str]) -> Figure:
    """Among cases whose every accepted level is in ``least``: how many were given one of ``least``."""
    due = [row for row in rows if set(row.case.accepted) <= set(least)]
    return share(sum(level_of(row) in least for row in due), len(due))


def _triage(rows: Sequence[Row], outcome_of: Callable[[Row], str], level_of: Callable[[Row], str]) -> dict[str, Any]:
    counts = {name: [row for row in rows if outcome_of(row) == name] for name in ("exact", "under", "over")}
    table: dict[str, dict[str, int]] = {}
    for row in rows:
        given = table.setdefault(" or ".join(row.case.accepted), {})
        given[level_of(row)] = given.get(level_of(row), 0) + 1
    return {
        **{name: share(len(found), len(rows)).as_json() for name, found in counts.items()},
        "emergency_sensitivity": _reached(rows, level_of, URGENT[1:]).as_json(),
        "same_day_or_faster_sensitivity": _reached(rows, level_of, URGENT).as_json(),
        "under_triaged": _named(counts["under"], level_of),
        "over_triaged": _named(counts["over"], level_of),
        "given_by_accepted": table,
    }


def _brief(rows: Sequence[Row]) -> dict[str, Any]:
    n = len(rows)
    figures: dict[str, Any] = {"n": n}
    for mix in MIXES:
        ranks = [row.ranked[mix].family_rank for row in rows]
        figures[f"top_1_{mix}"] = share(sum(rank == 1 for rank in ranks), n).as_json()
        figures[f"top_3_{mix}"] = share(sum(rank is not None and rank <= 3 for rank in ranks), n).as_json()
    for name in ("exact", "under", "over"):
        figures[name] = share(sum(row.triage == name for row in rows), n).as_json()
    return figures


def _by(rows: Sequence[Row], key_of: Callable[[Row], str], order: Sequence[str] = ()) -> dict[str, Any]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key_of(row), []).append(row)
    names = [name for name in order if name in groups] + sorted(set(groups) - set(order))
    return {name: _brief(groups[name]) for name in names}


def _row(row: Row) -> dict[str, Any]:
    case = row.case
    return {
        "id": case.id, "title": case.title, "where": case.where, "category": case.category, "setting": case.setting,
        "age_band": case.age_band, "family": case.family, "cause": case.cause, "accepted": list(case.accepted),
        "level": row.level, "level_if_rest_no": row.level_if_rest_no, "within_hours": row.within_hours,
        "decided_by": row.decided_by, "triage": row.triage, "triage_if_rest_no": row.triage_if_rest_no,
        "certain": row.certain, "open_safety_questions": row.open_safety_questions,
        "answers": row.answers, "pages": row.pages,
        "ranked": {mix: {
            "family_rank": ranked.family_rank, "reported_rank": ranked.reported_rank, "cause_rank": ranked.cause_rank,
            "families": [[name, round(chance, 4)] for name, chance in ranked.families[:5]],
            "causes": list(ranked.causes), "other": round(ranked.other, 4),
            "brier": round(ranked.brier, 4), "log_score": round(ranked.log_score, 4),
        } for mix, ranked in row.ranked.items()},
    }  # fmt: skip


def run_data(
    rows: Sequence[Row], knowledge: Knowledge, problems: Sequence[Problem], skipped: int, files: Sequence[str]
) -> dict[str, Any]:
    """The whole run as plain data (``schema_version`` 1): stamp, figures, groups, problems, one row per case."""
    unlisted = [row for row in rows if row.case.family == UNLISTED]
    figures: Mapping[str, Any] = {
        "ranking": {mix: _ranking(rows, mix) for mix in MIXES},
        "triage": _triage(rows, lambda row: row.triage, lambda row: row.level),
        "triage_if_rest_no": _triage(rows, lambda row: row.triage_if_rest_no, lambda row: row.level_if_rest_no),
        "not_certain": share(sum(not row.certain for row in rows), len(rows)).as_json(),
        "incomplete_screen": share(sum(row.open_safety_questions > 0 for row in rows), len(rows)).as_json(),
        "answers": percentiles([row.answers for row in rows]),
        "pages": percentiles([row.pages for row in rows]),
        "open_safety_questions": percentiles([row.open_safety_questions for row in rows]),
    }
    return {
        "schema_version": SCHEMA_VERSION, "kind": "midback_evaluation_run", "stamp": stamp(knowledge),
        "files": list(files), "n": len(rows), "unlisted": [row.case.id for row in unlisted],
        "skipped": skipped, "problems": [str(problem) for problem in problems],
        "figures": figures,
        "groups": {
            "category": _by(rows, lambda row: row.case.category),
            "age_band": _by(rows, lambda row: row.case.age_band, [band.name for band in knowledge.age_bands]),
            "setting": _by(rows, lambda row: row.case.setting),
            "population": _by(rows, lambda row: row.case.population),
        },
        "cases": [_row(row) for row in rows],
    }  # fmt: skip
