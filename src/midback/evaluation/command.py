"""`midback evaluate` and `python -m midback.evaluation`: files of cases in, honest figures out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from midback.errors import MidbackError

__all__ = ["main"]

ABOUT = (
    "Scores files of cases (answers, accepted levels, family or cause): ranking, triage with every under-triage by name, "
    "calibration. Without PATH it runs the whole evaluation and writes docs/evaluation.md."
)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=ABOUT)
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="case files (YAML, JSON, JSONL) or folders")
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="what to print")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of printing; .json and .html decide the format")
    parser.add_argument("--against", type=Path, metavar="FILE", help="a stored run (JSON) or predictions (JSONL) to pair with")
    parser.add_argument("--draws", type=int, default=2000, help="draws of the numbers behind each level (default 2000)")
    parser.add_argument("--knowledge", type=Path, metavar="FOLDER", help="another knowledge folder")
    return parser


def _rendered(run: dict[str, Any], form: str, levels: list[str]) -> str:
    if form == "json":
        return json.dumps(run, ensure_ascii=False, indent=1) + "\n"
    if form == "html":
        from midback.evaluation.as_html import render_run_html

        return render_run_html(run, levels)
    from midback.evaluation.as_text import render_run

    return render_run(run)


def _run_cases(options: argparse.Namespace) -> int:
    from midback.evaluation.comparing import compare, read_predictions
    from midback.evaluation.running import evaluate_cases
    from midback.knowledge import load_knowledge

    knowledge = load_knowledge(options.knowledge)
    against = read_predictions(options.against, knowledge) if options.against else None
    run = evaluate_cases(options.paths, knowledge, options.draws)
    if against is not None:
        run["comparison"] = compare(run, against, options.against.name, knowledge)
    form = options.format
    if options.output and options.output.suffix in (".json", ".html"):
        form = options.output.suffix[1:]
    text = _rendered(run, form, [level.name for level in knowledge.triage.levels])
    if options.output:
        options.output.write_text(text, encoding="utf-8")
        print(f"{run['n']} cases scored, {run['skipped']} skipped: {options.output}")
    else:
        print(text, end="")
    for problem in run["problems"]:
        print(f"skipped: {problem}", file=sys.stderr)
    return 1 if run["skipped"] else 0


def main(arguments: Sequence[str] | None = None, program: str = "midback evaluate") -> int:
    """Exit code: 0 every case scored, 1 some were skipped, 2 wrong use, 3 knowledge, 4 no case could be scored."""
    options = _parser(program).parse_args(arguments)
    try:
        return _run_cases(options)
    except MidbackError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"{program}: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
