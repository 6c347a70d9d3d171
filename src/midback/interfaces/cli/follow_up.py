"""`midback follow-up CASE DIARY`: the first answers and the diary in, level, trend, step and plan of today out."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from midback.answers import read_answers_file
from midback.follow_up import check_in, read_diary
from midback.interfaces.cli.language import language_of
from midback.knowledge import load_knowledge
from midback.report.follow_up_text import follow_up_json, render_follow_up

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """0 after printing the check-in as text or JSON; what is odd about the diary is said on standard error."""
    knowledge = load_knowledge(options.knowledge)
    answers = read_answers_file(None if options.case == "-" else Path(options.case), knowledge)
    diary = read_diary(options.diary, frozenset(knowledge.findings["pain_zone"].states))
    for notice in diary.notices:
        print(f"midback: {options.diary.name}: {notice}", file=sys.stderr)
    today = options.today or date.today()
    found = check_in(answers, diary, knowledge, today, begun=options.begun, name=options.diary.name)
    language = language_of(options, knowledge)
    if options.format == "json":
        print(json.dumps(follow_up_json(found, knowledge, language), ensure_ascii=False, indent=2))
    else:
        print(render_follow_up(found, knowledge, language))
    return 0
