"""The change log checked: its shape, its order, that what it names exists, and that each entry has a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from midback.errors import Problem
from midback.knowledge.care_schema import Strict
from midback.knowledge.shape_problems import shape_problems
from midback.knowledge.tree import KnowledgeTree

__all__ = ["ChangeEntry", "check_changes"]

FILE = "changes.yaml"
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Ids = Annotated[list[str], Field(min_length=1)]


class ChangeEntry(Strict):
    """One entry: the knowledge version that brought it, its day, and what it touches."""

    version: str = Field(min_length=1)
    dated: Day
    causes: Ids | None = None
    findings: Ids | None = None
    red_flags: Ids | None = None
    care: Ids | None = None
    gone: Ids | None = None  # ids named above or before that exist no more


LOG: TypeAdapter[dict[str, ChangeEntry]] = TypeAdapter(dict[str, ChangeEntry])


def _unknown(tree: KnowledgeTree, name: str, entry: ChangeEntry) -> Iterator[Problem]:
    care = tree.content.get("care") or {}
    known = {
        "causes": set(tree.parsed.get("causes", {})), "findings": set(tree.parsed.get("findings", {})),
        "red_flags": set(tree.parsed.get("red_flags", {})),
        "care": {*care, *(care.get("exercises") or {}), *(tree.content.get("prevention") or {})},
    }  # fmt: skip
    for kind, ids in known.items():
        for wanted in getattr(entry, kind) or ():
            if wanted not in ids and wanted not in (entry.gone or ()):
                yield Problem(FILE, f"{name}.{kind}", f"there is no '{wanted}'", "mend the id, or name it in `gone`")


def check_changes(tree: KnowledgeTree) -> Iterator[Problem]:
    """Every problem in changes.yaml and its sentences; none where there is no such file."""
    data = tree.content.get("changes")
    if data is None:
        return
    try:
        log = LOG.validate_python(data)
    except ValidationError as error:
        yield from shape_problems(error, FILE)
        return
    days = [entry.dated for entry in log.values()]
    if days != sorted(days):
        yield Problem(FILE, "", "the entries are not in order of time", "put the newest last")
    for name, entry in log.items():
        yield from _unknown(tree, name, entry)
    for language, words in tree.first_words.items():
        file, said = f"words/{language}/changes.yaml", words.get("changes") or {}
        yield from (Problem(file, name, "this sentence is missing", "write it") for name in log.keys() - said.keys())
        yield from (Problem(file, name, "words for nothing", "remove them") for name in said.keys() - log.keys())
