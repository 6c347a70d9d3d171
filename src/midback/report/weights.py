"""The weight of each answer on each cause, all of them: the result pages show only the strongest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from midback.assessment import Moved
from midback.knowledge import Knowledge
from midback.report.as_json import answer_label
from midback.report.numbers import number_json

__all__ = ["weights_json"]


def weights_json(moved: Iterable[Moved], knowledge: Knowledge, language: str = "en") -> dict[str, list[dict[str, Any]]]:
    """Cause id to its answers, strongest first: finding, answer, label, decibans, and the number each rests on.

    Decibans are leave-one-out (10 = ten times the odds), positive towards the cause.
    """
    weights: dict[str, list[dict[str, Any]]] = {}
    for row in moved:
        finding, _, option = row.node.removeprefix("risk:").partition(".")
        label = answer_label(finding, option or row.answer, knowledge, language)
        if option and row.answer != "yes":
            label = f"{label} - {knowledge.say('interface', 'no', language=language)}"
        weights.setdefault(row.cause, []).append({
            "finding": finding, "answer": row.answer, "label": label, "decibans": round(row.decibans, 2),
            "number": number_json(row.number, knowledge, language),
        })  # fmt: skip
    return {cause: sorted(rows, key=lambda row: -abs(row["decibans"])) for cause, rows in weights.items()}
