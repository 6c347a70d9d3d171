"""`midback plan CASE`: one file of answers in, one dated plan out."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from midback.answers import read_answers_file
from midback.assessment import assess
from midback.care import plan, plan_to_raw
from midback.interfaces.cli.language import language_of
from midback.knowledge import load_knowledge
from midback.report.plan_text import plan_json, render_plan

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """0 after printing the plan as text, JSON or a calendar file."""
    knowledge = load_knowledge(options.knowledge)
    answers = read_answers_file(None if options.case == "-" else Path(options.case), knowledge)
    language = language_of(options, knowledge)
    raw = plan_to_raw(plan(assess(answers, knowledge), knowledge, options.today or date.today()))
    if options.format == "json":
        print(json.dumps(plan_json(raw, knowledge, language), ensure_ascii=False, indent=2))
    elif options.format == "ics":
        from midback.report.calendar import plan_calendar

        sys.stdout.flush()
        sys.stdout.buffer.write(plan_calendar(raw, knowledge, language))
        sys.stdout.buffer.flush()
    else:
        print(render_plan(raw, knowledge, language))
    return 0
