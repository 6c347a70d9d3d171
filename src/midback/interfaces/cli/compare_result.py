"""`midback compare-result FILE`: a kept result worked out again: what changed, and why."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from midback.errors import AnswersUnreadable
from midback.follow_up import Reworked, compare_saved, read_saved
from midback.interfaces.cli.language import language_of
from midback.knowledge import Knowledge, load_knowledge
from midback.knowledge.strict_yaml import MAX_BYTES, StrictYamlError, read_yaml, read_yaml_file
from midback.report.saved_text import LEAST_MOVE, render_saved, saved_json

__all__ = ["run"]

SHOWN_FACTS = 30


def _facts(found: Reworked, old: Path, knowledge: Knowledge, language: str) -> list[str]:
    """What differs between ``old`` and this knowledge in what was answered and in the families that moved."""
    from midback.interfaces.cli.knowledge_reading import load_version
    from midback.knowledge.difference import compare_knowledge
    from midback.report.difference import render_difference

    given = found.saved.answers.given
    moved = {row.family for row in found.moved or () if abs(row.now - row.before) >= LEAST_MOVE}
    inside = {cause.id for group in found.assessment.reported if group.id in moved for cause in group.members}

    def touches(kind: str, thing: str, place: str) -> bool:
        if kind == "findings":
            return thing in given
        named = place.partition(".")[2].partition(".")[0]
        whole = not place.startswith(("findings.", "risks.", "audit.")) or named in given
        return kind in ("red_flags", "triage_levels", "settings") or (kind == "causes" and thing in inside and whole)

    rows = compare_knowledge(load_version(old), knowledge)
    words = knowledge.words[language]
    return [render_difference(row, words) for row in rows if row.clinical and touches(row.kind, row.thing, row.place)]


def _read(file: str, name: str) -> Any:
    try:
        return (
            read_yaml(sys.stdin.buffer.read(MAX_BYTES + 1), name) if file == "-" else read_yaml_file(Path(file), name)
        )
    except StrictYamlError as error:
        raise AnswersUnreadable(str(error.problem)) from error


def run(options: argparse.Namespace) -> int:
    """0 when the advice stands, 1 when the level changed; a file that cannot be used is 4, as everywhere."""
    knowledge = load_knowledge(options.knowledge)
    language = language_of(options, knowledge)
    name = "standard input" if options.file == "-" else Path(options.file).name
    saved = read_saved(_read(options.file, name), knowledge, name)
    found = compare_saved(saved, knowledge, options.today or date.today())
    facts = _facts(found, options.old, knowledge, language) if options.old else None
    if options.format == "json":
        data = saved_json(found, knowledge, language) | ({} if facts is None else {"facts": facts})
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(render_saved(found, knowledge, language))
        if facts:
            words = knowledge.words[language]["saved"]
            print(f"\n{words['facts']}")
            print("\n".join(f"  {line}" for line in facts[:SHOWN_FACTS]))
            if len(facts) > SHOWN_FACTS:
                print("  " + words["facts_more"].format(count=len(facts) - SHOWN_FACTS))
    return 1 if found.level_changed else 0
