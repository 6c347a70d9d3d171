"""The development cases as a report: hits and misses by case are printed, and no number is bent to win one.

What fails here is only what must never happen: an emergency called less than an emergency. Everything else is shown.
"""

from pathlib import Path

import pytest

from midback.answers import read_answers
from midback.assessment import assess
from midback.knowledge.strict_yaml import read_yaml_file
from people import KNOWLEDGE

CASES = sorted((Path(__file__).parents[1] / "knowledge" / "cases").glob("v*.yaml"))
NAMES = [level.name for level in KNOWLEDGE.triage.levels]


def run(path):
    raw = read_yaml_file(path)
    assessment = assess(read_answers(raw, KNOWLEDGE, path.name), KNOWLEDGE, draws=0)
    families = [chance.id for chance in assessment.families]
    rank = families.index(raw["family"]) + 1 if raw["family"] in families else None
    least = min(NAMES.index(level) for level in raw["accepted_levels"])
    most = max(NAMES.index(level) for level in raw["accepted_levels"])
    place = NAMES.index(assessment.level)
    verdict = "under" if place < least else "over" if place > most else "ok"
    return raw, assessment, rank, verdict


@pytest.fixture(scope="module")
def results():
    return [run(path) for path in CASES]


def test_report(results, capsys):
    with capsys.disabled():
        print()
        for raw, assessment, rank, verdict in results:
            line = f"{raw['id']} {raw['family']:24} rank {rank!s:>4}  {assessment.level:15} {verdict:5}"
            print(f"{line} {raw['title'][:50]}")
        ranks = [rank for _, _, rank, _ in results]
        counts = {word: sum(v == word for _, _, _, v in results) for word in ("ok", "under", "over")}
        first = sum(rank == 1 for rank in ranks)
        third = sum(rank is not None and rank <= 3 for rank in ranks)
        print(f"{len(results)} cases: family first {first}, in first three {third}; triage {counts}")
    assert len(results) == 30


def test_no_emergency_is_called_less(results):
    for raw, assessment, _, _ in results:
        if raw["accepted_levels"] == ["emergency_now"]:
            assert assessment.level == "emergency_now", raw["id"]
