"""`midback letter CASE`: the one-page letter for a clinician as text, HTML or PDF."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from midback.answers import read_answers_file
from midback.assessment import assess
from midback.care import plan, plan_to_raw
from midback.interfaces.cli.language import language_of
from midback.knowledge import load_knowledge
from midback.report.as_json import assessment_json
from midback.report.letter import letter_document

__all__ = ["run"]

FORMATS = {".html": "html", ".htm": "html", ".pdf": "pdf"}


def run(options: argparse.Namespace) -> int:
    """0 after writing the letter; the plan's cautions are those of ``--today``."""
    knowledge = load_knowledge(options.knowledge)
    language = language_of(options, knowledge)
    answers = read_answers_file(None if options.case == "-" else Path(options.case), knowledge)
    today: date = options.today or date.today()
    assessment = assess(answers, knowledge)
    document = letter_document(
        assessment_json(assessment, knowledge, language), plan_to_raw(plan(assessment, knowledge, today)), knowledge,
        today.isoformat(), show_hurt=options.show_hurt, language=language,
    )  # fmt: skip
    form = options.format or (FORMATS.get(options.output.suffix.lower(), "text") if options.output else "text")
    if form == "pdf":
        from midback.report.pdf import render_pdf

        content = render_pdf(document, language)
    else:
        content = (document.html(language) if form == "html" else document.text() + "\n").encode()
    if options.output:
        options.output.write_bytes(content)
        print(f"{options.output}: {len(content)} bytes", file=sys.stderr)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    return 0
