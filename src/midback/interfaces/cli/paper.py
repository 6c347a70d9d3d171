"""`midback paper`: the questionnaire, the warning rules and the steps of care for a clinic without screens."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from midback.interfaces.cli.language import language_of
from midback.knowledge import load_knowledge
from midback.report.paper import paper_form, render_paper

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """0 after writing the form as PDF, or its content as JSON."""
    knowledge = load_knowledge(options.knowledge)
    paper = paper_form(knowledge, language_of(options, knowledge))
    if options.format == "json":
        data = {"schema_version": 1, "kind": "paper", **asdict(paper)}
        content = (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
    else:
        content = render_paper(paper)
    if options.output:
        options.output.write_bytes(content)
        print(f"{options.output}: {len(content)} bytes", file=sys.stderr)
    else:
        sys.stdout.buffer.write(content)
    return 0
