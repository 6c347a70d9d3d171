"""What would help most next, as data with labels: for pages, for programs, and for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from midback.interview import Useful
from midback.knowledge import Knowledge
from midback.report.as_json import answer_label

__all__ = ["useful_json"]


def _name(cause: str, knowledge: Knowledge, words: Mapping[str, Any]) -> str:
    """The clinical name of a cause, or of what it is reported as where no sign separates it from others."""
    reported = knowledge.families[knowledge.causes[cause].family]
    joined = list(knowledge.families.values()).count(reported) > 1
    return str(words["families"][reported]["clinical"] if joined else words["causes"][cause]["clinical"])


def useful_json(rows: Iterable[Useful], knowledge: Knowledge, language: str = "en") -> list[dict[str, Any]]:
    """Each finding worth knowing next with what every answer would do; chances 0-1 with four decimals."""
    words = knowledge.words[language]
    return [
        {
            "finding": row.finding,
            "label": words["findings"][row.finding]["clinical"],
            "question": words["findings"][row.finding]["question"],
            "answered_by": row.answered_by,
            "worth": round(row.worth, 4),
            "outcomes": [
                {
                    "answer": outcome.answer,
                    "label": answer_label(row.finding, outcome.answer, knowledge, language),
                    "chance": round(outcome.chance, 4),
                    "level": outcome.level,
                    "level_label": words["levels"][outcome.level]["label"],
                    "danger": round(outcome.danger, 4),
                    "causes": [
                        {"id": name, "label": _name(name, knowledge, words), "chance": round(chance, 4)}
                        for name, chance in outcome.causes
                    ],
                }
                for outcome in row.outcomes
            ],
        }
        for row in rows
    ]
