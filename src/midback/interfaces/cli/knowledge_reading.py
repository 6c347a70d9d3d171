"""`midback knowledge show|site|diff|sensitivity`: reading the knowledge, and seeing what changed and what matters."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from midback.answers import Answers, read_answers_file
from midback.errors import KnowledgeError, KnowledgeMissing
from midback.interfaces.cli.knowledge import nothing_called
from midback.interfaces.cli.language import language_of
from midback.knowledge import Knowledge, Number, knowledge_from_json, load_knowledge
from midback.knowledge.root import find_knowledge_root

__all__ = ["load_version", "run"]


def _show(options: argparse.Namespace) -> int:
    from midback.report.site import Edition, kind_of, page, page_as_text

    knowledge = load_knowledge(options.knowledge)
    edition = Edition(knowledge, language_of(options, knowledge), date.today())
    kind = kind_of(options.id, edition)
    if kind is None:
        return nothing_called(options.id, knowledge)
    print(page_as_text(page(kind, options.id, edition), edition), end="")
    return 0


def _site(options: argparse.Namespace) -> int:
    from midback.report.site import Edition, write_site

    knowledge = load_knowledge(options.knowledge)
    count = write_site(Edition(knowledge, language_of(options, knowledge), date.today()), options.folder)
    print(f"{options.folder}: {count} pages, every link leads somewhere")
    return 0


def load_version(path: Path) -> Knowledge:
    """The knowledge in a folder or a compiled file. Raises KnowledgeError."""
    if not path.is_file():
        return load_knowledge(path)
    try:
        return knowledge_from_json(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, KnowledgeError) as error:
        fix = "name a knowledge folder, or a file that `midback knowledge compile` of this version wrote"
        raise KnowledgeError(f"{path.name} is no compiled knowledge (fix: {fix})") from error


def _fact(fact: Number | str | None, words: Mapping[str, Any]) -> str | None:
    from midback.report import number_text

    return number_text(fact, words) if isinstance(fact, Number) else fact


def _diff(options: argparse.Namespace) -> int:
    from midback.knowledge.difference import compare_knowledge
    from midback.report.difference import render_difference

    new = load_version(options.new)
    changes, words = compare_knowledge(load_version(options.old), new), new.words[language_of(options, new)]
    if options.format == "json":
        rows = [{"kind": c.kind, "id": c.thing, "place": c.place, "before": _fact(c.before, words),
                 "after": _fact(c.after, words),
                 "text": render_difference(c, words)} for c in changes]  # fmt: skip
        print(
            json.dumps({"schema_version": 1, "kind": "knowledge_diff", "changes": rows}, ensure_ascii=False, indent=2)
        )
        return 0
    clinical = [change for change in changes if change.clinical]
    for change in clinical:
        print(render_difference(change, words))
    if len(clinical) < len(changes):
        print(f"and {len(changes) - len(clinical)} sentences of the interfaces (--format json lists them)")
    if not changes:
        print("nothing changed")
    return 0


@contextmanager
def _watching() -> Iterator[object]:
    """A function to be told (done, of how many), shown as a bar where stderr is a terminal and as lines elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: print(f"setting {done} of {total}", file=sys.stderr, flush=True)
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("moving every judgement", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _people(folders: Sequence[Path], knowledge: Knowledge) -> list[Answers]:
    files = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    if not files:
        raise KnowledgeMissing(f"no worked people in {', '.join(map(str, folders))}; name a folder with --cases")
    return [read_answers_file(path, knowledge) for path in files]


def _sensitivity(options: argparse.Namespace) -> int:
    from midback.network import judgement_influence
    from midback.report.difference import about_number

    knowledge = load_knowledge(options.knowledge)
    if options.family and options.family not in knowledge.families:
        print(f"midback: no family '{options.family}': {', '.join(knowledge.families)}", file=sys.stderr)
        return 1
    cases = (options.knowledge or find_knowledge_root()) / "cases"
    people = _people(options.cases or (cases, cases / "typical"), knowledge)
    with _watching() as progress:
        found = judgement_influence(people, knowledge, count=options.count, progress=progress)  # type: ignore[arg-type]
    language = language_of(options, knowledge)
    families = {name: rows for name, rows in found.items() if options.family in (None, name)}
    if options.format == "json":
        data = {name: [{"number": row.number.id, "word": row.number.word, "reason": row.number.reason,
                        "moves": round(row.moves, 6), "at_low": round(row.at_low, 6), "at_high": round(row.at_high, 6)}
                       for row in rows] for name, rows in families.items()}  # fmt: skip
        out = {"schema_version": 1, "kind": "sensitivity", "people": len(people), "families": data}
        print(json.dumps(out, ensure_ascii=False, indent=2))
        return 0
    print(f"How far a family's chance moves, averaged over {len(people)} worked people, in points of 100, while one\n"
          "judgement crosses its 95 % range; then the family's mean chance at the low and the high end.")  # fmt: skip
    for name, rows in families.items():
        print(f"\n{knowledge.say('families', name, 'label', language=language)}")
        for row in rows:
            about, word = about_number(row.number.id, knowledge, language), (row.number.word or "").replace("_", " ")
            moves = f"{100 * row.moves:6.2f}  {100 * row.at_low:6.2f} to {100 * row.at_high:6.2f}"
            print(f"  {moves}  {about}: {word}")
    return 0


def run(options: argparse.Namespace) -> int:
    """The exit code of the chosen action."""
    return {"show": _show, "site": _site, "diff": _diff, "sensitivity": _sensitivity}[options.action](options)
