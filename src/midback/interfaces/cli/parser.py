"""The shape of the command line: commands, options, help. What each does stands in a module of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from midback import __version__

__all__ = ["build_parser"]

CASE_HELP = "file of answers (YAML or JSON, see docs/answers_format.md), or - for standard input"


def _lazily(module: str) -> Callable[[argparse.Namespace], int]:
    """A command that imports its module only when it runs."""

    def run(options: argparse.Namespace) -> int:
        code: int = import_module(f"midback.interfaces.cli.{module}").run(options)
        return code

    return run


def _evaluate(options: argparse.Namespace) -> int:
    # A room beside this one: reached by name, so that neither imports the other.
    code: int = import_module("midback.evaluation.command").main(options.arguments)
    return code


def _case(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help=CASE_HELP)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    parser.add_argument("--knowledge", type=Path, metavar="FOLDER", help="another knowledge folder")


def _knowledge(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("knowledge", help="check, compile, count or cite the knowledge")
    parser.set_defaults(run=_lazily("knowledge"))
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="every problem in the files at once, and the audit of printed ratios")
    check.add_argument("--audit", action="store_true", help="also list every ratio the model contradicts")
    compiled = actions.add_parser("compile", help="write the one file that ships in the wheel")
    compiled.add_argument("--output", type=Path, required=True, metavar="FILE")
    coverage = actions.add_parser("coverage", help="numbers by cause: cited, thoracic, judgement")
    cite = actions.add_parser("cite", help="every number and source of a cause, finding, red flag or source")
    cite.add_argument("id", metavar="ID")
    for action in (check, compiled, coverage, cite):
        action.add_argument("--knowledge", type=Path, metavar="FOLDER", help="another knowledge folder")
    for action in (check, coverage, cite):
        action.add_argument("--format", choices=("text", "json"), default="text")


def build_parser() -> argparse.ArgumentParser:
    """The parser of the `midback` command, with `run` set to what each command does."""
    parser = argparse.ArgumentParser(
        prog="midback",
        description="Decision support for mid-back pain. It informs; it does not replace a clinician.",
    )
    parser.add_argument("--version", action="version", version=f"midback {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND")

    check = commands.add_parser("check", help="answer questions and get an assessment, in this terminal")
    check.add_argument("--setting", default="self_check", help="self_check (default), primary_care, ...")
    check.add_argument("--knowledge", type=Path, metavar="FOLDER", help="another knowledge folder")
    check.set_defaults(run=_lazily("check"))

    assess = commands.add_parser("assess", help="assess a file of answers")
    _case(assess)
    assess.set_defaults(run=_lazily("assess"))

    following = commands.add_parser("next", help="the next question for a file of answers, or that there is none")
    _case(following)
    following.set_defaults(run=_lazily("next"))

    findings = commands.add_parser("findings", help="what can be answered, with ids and allowed answers")
    findings.add_argument("--search", metavar="WORD", default="", help="only those that mention WORD")
    findings.add_argument("--format", choices=("text", "json"), default="text")
    findings.add_argument("--knowledge", type=Path, metavar="FOLDER", help="another knowledge folder")
    findings.set_defaults(run=_lazily("findings"))

    # The evaluation reads its own options: here nothing is an option, so that all of them are handed on.
    evaluate = commands.add_parser(
        "evaluate", help="score files of cases: ranking, triage, calibration", prefix_chars="\0", add_help=False
    )
    evaluate.add_argument("arguments", nargs="*")
    evaluate.set_defaults(run=_evaluate)

    serve = commands.add_parser("serve", help="the self-check in a browser, and the interface for programs")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    serve.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
    serve.add_argument("--workers", type=int, default=1, metavar="N", help="processes that share the work")
    serve.add_argument("--knowledge", type=Path, metavar="FOLDER", help="another knowledge folder")
    serve.set_defaults(run=_lazily("serve"))

    _knowledge(commands)
    return parser
