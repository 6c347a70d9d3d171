"""The shape of the command line: commands, options, help. What each does stands in a module of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path

from midback import __version__

__all__ = ["build_parser"]

FIRST_YEAR, LAST_YEAR = 1900, 9000  # steps and reviews are counted on from the day
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


def _knowing(parser: argparse.ArgumentParser) -> None:
    """What every command that reads the knowledge takes."""
    parser.add_argument("--knowledge", type=Path, metavar="FOLDER", help="another knowledge folder")


def _reading(parser: argparse.ArgumentParser) -> None:
    """What every command takes that prints the knowledge's sentences."""
    _knowing(parser)
    parser.add_argument("--lang", metavar="CODE", help="language, such as es (default: MIDBACK_LANG, else en)")


def _case(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help=CASE_HELP)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    _reading(parser)


def _knowledge(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("knowledge", help="check, compile, count, show or compare the knowledge")
    parser.set_defaults(run=_lazily("knowledge"))
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="every problem in the files at once, and the audit of printed ratios")
    check.add_argument("--audit", action="store_true", help="also list every ratio the model contradicts")
    check.add_argument("--words", metavar="CODE", help="only the gaps in the words of one language, offered or not")
    compiled = actions.add_parser("compile", help="write the one file that ships in the wheel")
    compiled.add_argument("--output", type=Path, required=True, metavar="FILE")
    coverage = actions.add_parser("coverage", help="numbers by cause: share cited, thoracic, judgement, stale")
    cite = actions.add_parser("cite", help="every number and source of a cause, finding, red flag or source")
    cite.add_argument("id", metavar="ID")
    show = actions.add_parser("show", help="the reference page of a cause, finding, red flag or source")
    show.add_argument("id", metavar="ID")
    site = actions.add_parser("site", help="write every reference page as HTML; a link that leads nowhere is an error")
    site.add_argument("folder", type=Path, metavar="FOLDER")
    diff = actions.add_parser("diff", help="what changed between two versions, in clinical words")
    diff.add_argument("old", type=Path, metavar="OLD", help="knowledge folder or compiled file")
    diff.add_argument("new", type=Path, metavar="NEW", help="knowledge folder or compiled file")
    diff.add_argument("--lang", metavar="CODE", help="language, such as es (default: MIDBACK_LANG, else en)")
    sensitivity = actions.add_parser("sensitivity", help="the most influential judgements of each family of causes")
    sensitivity.add_argument("--family", metavar="ID", help="only this family")
    sensitivity.add_argument("--count", type=_count, default=10, metavar="N", help="judgements a family (default: 10)")
    sensitivity.add_argument("--cases", type=Path, nargs="+", metavar="FOLDER", help="other folders of worked people")
    for action in (check, compiled, coverage):
        _knowing(action)
    for action in (cite, show, site, sensitivity):
        _reading(action)
    for action in (check, coverage, cite, diff, sensitivity):
        action.add_argument("--format", choices=("text", "json"), default="text")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date; write it like 2026-11-22") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"'{text}' cannot be; the year is from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"'{text}' must be a whole number from 1 on")
    return int(text)


def _care(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    plan = commands.add_parser("plan", help="the dated plan for a file of answers")
    plan.add_argument("case", metavar="CASE", help=CASE_HELP)
    follow_up = commands.add_parser("follow-up", help="look again: the first answers and a diary, on one day")
    follow_up.add_argument("case", metavar="CASE", help=CASE_HELP)
    follow_up.add_argument("diary", metavar="DIARY", type=Path, help="diary file (see midback diary)")
    follow_up.add_argument("--begun", type=_day, metavar="DATE", help="day the plan began (default: first entry)")
    for command, formats in ((plan, ("text", "json", "ics")), (follow_up, ("text", "json"))):
        command.add_argument("--today", type=_day, metavar="DATE", help="the day it is for (default: today)")
        command.add_argument("--format", choices=formats, default="text", help="how to print (default: text)")
        _reading(command)
    again = commands.add_parser("compare-result", help="a kept result worked out again: what changed, and why")
    again.add_argument("file", metavar="FILE", help="kept result, JSON of `midback assess`, or - (exit 1: new level)")
    again.add_argument("--old", type=Path, metavar="KNOWLEDGE", help="the knowledge of then: also what differs in it")
    again.add_argument("--today", type=_day, metavar="DATE", help="the day it is for (default: today)")
    again.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    _reading(again)
    again.set_defaults(run=_lazily("compare_result"))
    letter = commands.add_parser("letter", help="one page for the clinician, from a file of answers")
    letter.add_argument("case", metavar="CASE", help=CASE_HELP)
    letter.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    letter.add_argument("--format", choices=("text", "html", "pdf"), help="default: by the output, else text")
    letter.add_argument("--today", type=_day, metavar="DATE", help="the day it is for (default: today)")
    letter.add_argument("--show-hurt", action="store_true", help="also the answer about being hurt by somebody")
    _reading(letter)
    letter.set_defaults(run=_lazily("letter"))
    paper = commands.add_parser("paper", help="questions, warning rules and steps of care on paper (PDF)")
    paper.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    paper.add_argument("--format", choices=("pdf", "json"), default="pdf")
    _reading(paper)
    paper.set_defaults(run=_lazily("paper"))
    plan.set_defaults(run=_lazily("plan"))
    follow_up.set_defaults(run=_lazily("follow_up"))


def _diary(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("diary", help="keep a pain diary in a file of your own")
    parser.set_defaults(run=_lazily("diary"))
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="write one entry; made if the file is not there")
    show = actions.add_parser("show", help="list entries, second versions and what cannot be read")
    plot = actions.add_parser("plot", help="pain over time as a picture (SVG), a page (HTML) or its table (CSV)")
    export = actions.add_parser("export", help="a copy as JSON or as a table (CSV)")
    bring = actions.add_parser("import", help="add the entries of another diary or table")
    for action in (add, show, plot, export, bring):
        action.add_argument("file", type=Path, metavar="FILE", help="the diary (JSON)")
        _reading(action)
    bring.add_argument("source", type=Path, metavar="SOURCE", help="JSON diary or CSV table to read")
    bring.add_argument("--keep-good", action="store_true", help="take the good rows, list and leave out the others")
    for name in ("now", "average", "worst"):
        add.add_argument(f"--{name}", metavar="PAIN", help=f"pain {name}, 0 to 10")
    add.add_argument("--site", action="append", default=[], metavar="ZONE=PAIN", help="one place; may be repeated")
    add.add_argument("--peg", metavar="P,E,A", help="pain, enjoyment and daily activity in the last week, 0 to 10")
    add.add_argument("--activity", action="append", default=[], metavar="NAME=0-10", help="up to three of your own")
    add.add_argument("--change", type=int, metavar="1-7", help="overall: 1 much better, 4 the same, 7 much worse")
    add.add_argument("--answer", action="append", default=[], metavar="FINDING=ANSWER", help="a newer answer")
    add.add_argument("--no-warning-signs", action="store_true", help="you read the list of signs; none is new")
    add.add_argument("--outcome", action="append", default=[], metavar="FLAG", help="a clinician looked at it")
    add.add_argument("--by", metavar="TEXT", help="who looked, for every --outcome")
    add.add_argument("--found", metavar="TEXT", help="what was found, for every --outcome")
    add.add_argument("--note", metavar="TEXT")
    add.add_argument("--at", metavar="TIME", help="when, like 2026-11-22T08:30+01:00 (default: now)")
    for action in (show, plot, export):
        action.add_argument("--since", type=_day, metavar="DATE")
        action.add_argument("--until", type=_day, metavar="DATE")
    show.add_argument("--format", choices=("text", "json"), default="text")
    plot.add_argument("--format", choices=("svg", "html", "csv"), default="svg")
    export.add_argument("--format", choices=("json", "csv"), help="default: by the name of the output, else JSON")
    for action in (plot, export):
        action.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")


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
    _reading(check)
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
    _reading(findings)
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
    serve.add_argument("--workers", type=_count, default=1, metavar="N", help="processes that share the work")
    _knowing(serve)
    serve.set_defaults(run=_lazily("serve"))

    _care(commands)
    _diary(commands)
    _knowledge(commands)
    return parser
