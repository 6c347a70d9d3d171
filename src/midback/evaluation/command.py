"""`midback evaluate` and `python -m midback.evaluation`: files of cases in, honest figures out."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from midback.errors import MidbackError

__all__ = ["main"]

ABOUT = (
    "Scores files of cases (answers, accepted levels, family or cause): ranking, triage with every under-triage by "
    "name, calibration. Without PATH it runs the whole evaluation and writes docs/evaluation.md."
)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=ABOUT)
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="case files (YAML, JSON, JSONL) or folders")
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="what to print")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write there instead of printing; .json and .html decide the format"
    )
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="a stored run (JSON) or predictions (JSONL) to pair with"
    )
    parser.add_argument("--quick", action="store_true", help="without PATH: a small evaluation, in a minute or two")
    parser.add_argument(
        "--large",
        action="store_true",
        help="without PATH: 2,000 simulated people with a dangerous cause, cut short; missed, under- and over-triaged",
    )
    parser.add_argument("--pages", type=int, default=15, metavar="N", help="with --large: pages each is asked at most")
    parser.add_argument("--people", type=int, metavar="N", help="without PATH: simulated people (default 2000)")
    parser.add_argument("--jobs", type=int, metavar="N", help="without PATH: processes at once (default: all cores)")
    parser.add_argument("--ddxplus", type=Path, metavar="FOLDER", help="without PATH: where the DDXPlus files are")
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
    if form != "text" or options.output:  # the text itself names them
        for problem in run["problems"]:
            print(f"skipped: {problem}", file=sys.stderr)
    return 1 if run["skipped"] else 0


def _run_everything(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from midback.evaluation.document import render_document
    from midback.evaluation.whole import SIZES, evaluate_everything
    from midback.knowledge import load_knowledge

    knowledge = load_knowledge(options.knowledge)
    name = "quick" if options.quick else "usual"
    size = replace(SIZES[name], people=options.people) if options.people else SIZES[name]
    data = evaluate_everything(knowledge, size, root=options.knowledge, jobs=options.jobs, ddxplus=options.ddxplus)
    place = options.output or _document_in_checkout()
    if place is None:
        print(render_document(data, knowledge, name), end="")
        return 0
    if place.suffix == ".json":
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    elif place.suffix == ".html":
        from midback.evaluation.whole_html import render_whole_html

        text = render_whole_html(data, [level.name for level in knowledge.triage.levels])
    else:
        text = render_document(data, knowledge, name)
    place.write_text(text, encoding="utf-8")
    print(f"written: {place}")
    return 1 if data["cases"]["skipped"] else 0


def _run_large(options: argparse.Namespace) -> int:
    from midback.evaluation.simulated.dangerous import after_pages, render_after_pages
    from midback.knowledge import load_knowledge

    run = after_pages(
        load_knowledge(options.knowledge), options.people or 2000, options.pages,
        jobs=options.jobs or os.cpu_count() or 1, root=options.knowledge,
    )  # fmt: skip
    in_json = options.format == "json" or (options.output and options.output.suffix == ".json")
    text = json.dumps(run, ensure_ascii=False, indent=1) + "\n" if in_json else render_after_pages(run)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _document_in_checkout() -> Path | None:
    folder = Path(__file__).resolve().parents[3] / "docs"
    return folder / "evaluation.md" if folder.is_dir() else None


def main(arguments: Sequence[str] | None = None, program: str = "midback evaluate") -> int:
    """Exit code: 0 every case scored, 1 some were skipped, 2 wrong use, 3 knowledge, 4 no case could be scored."""
    options = _parser(program).parse_args(arguments)
    try:
        if options.paths:
            return _run_cases(options)
        return _run_large(options) if options.large else _run_everything(options)
    except MidbackError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"{program}: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
