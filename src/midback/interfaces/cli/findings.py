"""`midback findings`: every finding that can be answered, with its id and allowed answers."""

from __future__ import annotations

import argparse
import json
import sys

from midback.interfaces.cli.language import language_of
from midback.knowledge import load_knowledge

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """0 after listing; 1 when nothing mentions the word searched for."""
    knowledge = load_knowledge(options.knowledge)
    language = language_of(options, knowledge)
    word = options.search.lower()
    rows = []
    for finding in knowledge.findings.values():
        words = knowledge.words[language]["findings"][finding.id]
        text = f"{finding.id} {words['label']} {words['question']} {words['clinical']}".lower()
        if word in text or word.replace(" ", "_") in text:
            allowed = list(finding.states) or ["yes", "no"]
            rows.append({"id": finding.id, "kind": finding.kind, "answered_by": finding.answered_by,
                         "section": finding.section, "label": words["label"], "clinical": words["clinical"],
                         "allowed": [*allowed, "not_sure"], "unit": finding.unit})  # fmt: skip
    if options.format == "json":
        print(json.dumps({"schema_version": 1, "kind": "findings", "findings": rows}, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            unit = f" (or a number: {row['unit']})" if row["unit"] else ""
            print(f"{row['id']}: {row['clinical']}\n    {', '.join(row['allowed'])}{unit}")
    if not rows:
        print(f"nothing mentions '{options.search}'; leave --search out to see all", file=sys.stderr)
    return 0 if rows else 1
