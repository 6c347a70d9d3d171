"""`midback knowledge check|compile|coverage|cite`; the other actions stand in knowledge_reading."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from importlib import import_module
from pathlib import Path

from midback.errors import KnowledgeProblems, did_you_mean
from midback.interfaces.cli.language import language_of
from midback.knowledge import Knowledge, knowledge_from_json, load_knowledge
from midback.knowledge.coverage import count_care, count_coverage, numbers_about
from midback.knowledge.review import ReviewSummary, review_draws, review_summary
from midback.knowledge.root import find_knowledge_root
from midback.report import number_json, render_number

__all__ = ["nothing_called", "run"]


def _compiled(root: Path | None) -> str:
    """The compiled knowledge; every problem of every language is one here. Raises KnowledgeProblems."""
    from midback.knowledge.check import check_tree
    from midback.knowledge.compile import compile_tree
    from midback.knowledge.tree import read_tree

    tree = read_tree(root or find_knowledge_root())
    if problems := check_tree(tree):
        raise KnowledgeProblems(problems)
    return compile_tree(tree)


def _check_words(options: argparse.Namespace) -> None:
    """Raise KnowledgeProblems with what one language still lacks, whether or not it is offered."""
    from midback.knowledge.tree import read_tree
    from midback.knowledge.words_check import check_translation

    gaps = check_translation(read_tree(options.knowledge or find_knowledge_root()), options.words)
    if gaps:
        raise KnowledgeProblems(gaps)


def _check(options: argparse.Namespace) -> int:
    from midback.network import audit_ratios, build_network

    as_json = options.format == "json"
    try:
        if options.words:
            _check_words(options)
        knowledge = knowledge_from_json(_compiled(options.knowledge))
    except KnowledgeProblems as error:
        if not as_json:
            raise
        problems = [{"what": p.what, "file": p.file, "path": p.path, "fix": p.fix} for p in error.problems]
        print(json.dumps({"schema_version": 1, "kind": "knowledge_check", "problems": problems}, indent=2))
        return error.exit_code
    for setting in knowledge.settings:
        build_network(knowledge, setting)
    rows = [
        {"number": row.number.id, "ratio": row.ratio, "printed": row.printed, "low": row.low, "high": row.high,
         "implied": round(row.implied, 4), "agrees": row.agrees}
        for row in audit_ratios(knowledge)
    ]  # fmt: skip
    apart = [row for row in rows if not row["agrees"]]
    if as_json:
        print(json.dumps({"schema_version": 1, "kind": "knowledge_check", "problems": [], "audit": rows}, indent=2))
        return 0
    print(f"{len(knowledge.causes)} causes, {len(knowledge.findings)} findings, {len(knowledge.red_flags)} red flags, "
          f"{len(knowledge.sources)} sources: no problem found")  # fmt: skip
    print(f"audit: {len(rows)} printed ratios with an interval, {len(apart)} outside it in the whole model"
          + ("" if options.audit or not apart else " (--audit lists them)"))  # fmt: skip
    for row in apart if options.audit else []:
        print(f"  {row['number']} {row['ratio']}: printed {row['printed']:g} "
              f"({row['low']:g} to {row['high']:g}), model {row['implied']:g}")  # fmt: skip
    return 0


def _compile(options: argparse.Namespace) -> int:
    text = _compiled(options.knowledge)
    options.output.write_text(text, encoding="utf-8")
    print(f"{options.output}: {len(text.encode()):,} bytes")
    return 0


def _coverage(options: argparse.Namespace) -> int:
    knowledge = load_knowledge(options.knowledge)
    whole, by_cause = count_coverage(knowledge, date.today())
    care = count_care(knowledge, date.today())
    review = review_summary(knowledge)
    if options.format == "json":
        data = {"schema_version": 1, "kind": "coverage", "whole": whole.as_dict(),
                "care": care.as_dict(),
                "causes": {name: counts.as_dict() for name, counts in by_cause.items()},
                "review": asdict(review) if review else None,
                "review_draws": [asdict(draw) for draw in review_draws(knowledge)]}  # fmt: skip
        print(json.dumps(data, indent=2))
        return 0
    print(f"{'':38}{'numbers':>8}{'cited':>12}{'thoracic':>12}{'judged':>12}{'stale':>12}{'sources':>8}")
    for name, counts in [*sorted(by_cause.items()), ("all chances", whole), ("care", care)]:
        shares = (f"{getattr(counts, part)} ({100 * counts.share(part):.0f} %)"
                  for part in ("cited", "thoracic", "judgement", "stale"))  # fmt: skip
        print(f"{name:38}{counts.numbers:8}{''.join(f'{share:>12}' for share in shares)}{counts.sources:8}")
    if review:
        print()
        for place, draw in enumerate(review_draws(knowledge), 1):
            print(_read_again(f"read again, draw {place}", draw))
        print(_read_again("read again, all draws", review))
    return 0


def _read_again(what: str, review: ReviewSummary) -> str:
    figures = "figure" if review.drawn == 1 else "figures"
    return (
        f"{what}: {review.drawn} {figures}; {review.agree} agree, {review.disagree} did not, "
        f"{review.could_not_reread} could not be read; error {100 * review.error:.1f} % "
        f"(95 % {100 * review.lo95:.1f} to {100 * review.hi95:.1f})"
    )


def _about_red_flag(name: str, knowledge: Knowledge) -> str:
    flag = knowledge.red_flags[name]
    source = (
        knowledge.sources[flag.source].citation + f" ({flag.where})" if flag.source else f"judgement: {flag.reason}"
    )
    return f"{name}: at least {flag.level}, within {flag.within_hours:g} hours ({flag.status})\n    {source}"


def nothing_called(name: str, knowledge: Knowledge) -> int:
    """Exit code 1, with the nearest names said on stderr."""
    known = [*knowledge.causes, *knowledge.findings, *knowledge.red_flags, *knowledge.sources]
    hint = did_you_mean(name, known, "`midback knowledge site FOLDER` writes a page for everything there is")
    print(f"midback: nothing is called '{name}'{hint and f'; {hint}'}", file=sys.stderr)
    return 1


def _cite(options: argparse.Namespace) -> int:
    knowledge = load_knowledge(options.knowledge)
    name, language = options.id, language_of(options, knowledge)
    numbers = numbers_about(name, knowledge)
    if name in knowledge.red_flags:
        print(_about_red_flag(name, knowledge))
        return 0
    if not numbers and name not in knowledge.sources:
        return nothing_called(name, knowledge)
    if options.format == "json":
        data = {"schema_version": 1, "kind": "cite", "id": name,
                "numbers": [number_json(number, knowledge, language) for number in numbers]}  # fmt: skip
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    if name in knowledge.sources:
        source = knowledge.sources[name]
        print(f"{source.citation}\n    {source.url}\n    {source.design}; read {source.read_on} as {source.read_as}")
    for number in numbers:
        print(render_number(number, knowledge, language))
    return 0


def run(options: argparse.Namespace) -> int:
    """The exit code of the chosen action."""
    own = {"check": _check, "compile": _compile, "coverage": _coverage, "cite": _cite}
    if options.action in own:
        return own[options.action](options)
    code: int = import_module("midback.interfaces.cli.knowledge_reading").run(options)
    return code
