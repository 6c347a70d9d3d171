"""Retellings of a case."""

import json
from pathlib import Path

from midback.evaluation.robustness import check_robustness
from midback.knowledge import load_knowledge


def test_a_fall_from_one_missing_answer_is_named(tmp_path: Path) -> None:
    answers = {"urinary_retention": "yes", "fever": "no"}
    truth = {"accepted_levels": ["emergency_now"], "family": "cord_compression"}
    case = {"id": "x", "title": "retention", "age": 60, "sex": "male", "answers": answers, **truth}
    (tmp_path / "x.json").write_text(json.dumps(case), encoding="utf-8")
    result = check_robustness(tmp_path, load_knowledge())
    falls = result["emergency_falls_from_one_missing"]
    assert [row["finding"] for row in falls] == ["urinary_retention"]
    assert result["kinds"]["reordered"]["changed"]["hits"] == 0
    assert result["kinds"]["missing"]["retellings"] == 4  # two answers, age and sex
