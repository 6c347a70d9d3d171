"""`midback assess CASE`: one file of answers in, one assessment out."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from midback.answers import read_answers_file
from midback.assessment import assess
from midback.interfaces.cli.language import language_of
from midback.knowledge import load_knowledge
from midback.report import assessment_json, render_assessment

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """0 after printing the assessment as text or JSON."""
    knowledge = load_knowledge(options.knowledge)
    answers = read_answers_file(None if options.case == "-" else Path(options.case), knowledge)
    language = language_of(options, knowledge)
    data = assessment_json(assess(answers, knowledge), knowledge, language)
    if options.format == "json":
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(render_assessment(data, knowledge, language))
    return 0
