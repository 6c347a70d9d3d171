"""Every weight of an assessment, and none but those, as data."""

from __future__ import annotations

from midback.assessment import assess
from midback.report.weights import weights_json
from people import KNOWLEDGE, person


def test_every_weight_once_strongest_first_with_what_it_rests_on() -> None:
    answers = person(fever="yes", spinal_tenderness="yes", duration=20, pain_zone=["mid_spine"])
    assessment = assess(answers, KNOWLEDGE, draws=0)
    weights = weights_json(assessment.moved, KNOWLEDGE)
    assert sum(map(len, weights.values())) == len(assessment.moved)
    for cause, rows in weights.items():
        assert cause in KNOWLEDGE.causes
        sizes = [abs(row["decibans"]) for row in rows]
        assert sizes == sorted(sizes, reverse=True)
        assert {row["finding"] for row in rows} <= set(answers.given)
    labels = {row["label"] for rows in weights.values() for row in rows}
    assert KNOWLEDGE.words["en"]["findings"]["fever"]["yes"] in labels
    named = [row for rows in weights.values() for row in rows if row["number"] and row["number"].get("source")]
    assert all(row["number"]["source"] in KNOWLEDGE.sources for row in named)
