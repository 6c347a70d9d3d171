"""Whether the words of notes speak of findings that exist, in the shape that the notes room reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from midback.errors import Problem, did_you_mean
from midback.knowledge.schema import FindingFile
from midback.knowledge.tree import KnowledgeTree

__all__ = ["check_notes"]

CUES = "cues"
CUE_KEYS = {"numbers", "passed_over", "near", "cues"}
KEYS = {"yes", "no", "denied", "states", "number", "over", "under", "near", "of", "take", "fahrenheit_from"}
PERSON = {"age": (), "sex": ("female", "male"), "nothing": ()}


def _phrases(value: Any, file: str, path: str) -> Iterator[Problem]:
    if not isinstance(value, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in value):
        yield Problem(file, path, "a list of phrases is needed", "see docs/knowledge_format.md, Words of notes")


def _entry(name: str, entry: Any, findings: Mapping[str, FindingFile], near: set[str], file: str) -> Iterator[Problem]:
    finding = findings.get(name)
    if finding is None and name not in PERSON:
        yield Problem(file, name, f"no finding '{name}'", did_you_mean(name, findings, "see knowledge/findings"))
        return
    if not isinstance(entry, Mapping):
        yield from _phrases(entry, file, name)
        return
    for key in set(map(str, entry)) - KEYS:
        yield Problem(file, f"{name}.{key}", "this key is unknown", ", ".join(sorted(KEYS)))
    for key in ("yes", "no", "denied"):
        if key in entry:
            yield from _phrases(entry[key], file, f"{name}.{key}")
    known = PERSON[name] if finding is None else tuple(finding.levels) or tuple(finding.options)
    for state, phrases in (entry.get("states") or {}).items():
        yield from _phrases(phrases, file, f"{name}.states.{state}")
        if str(state) not in known:
            yield Problem(file, f"{name}.states", f"'{name}' has no '{state}'", ", ".join(known))
    for times, phrases in (entry.get("number") or {}).items():
        yield from _phrases(phrases, file, f"{name}.number.{times}")
    if entry.get("near", next(iter(near), "")) not in near:
        yield Problem(file, f"{name}.near", "no such kind of word in cues.yaml", ", ".join(sorted(near)))


def check_notes(tree: KnowledgeTree) -> Iterator[Problem]:
    """Every problem of ``notes/<language>/``: unknown findings, states and keys, and what is no list of phrases."""
    for language, files in (tree.content.get("notes") or {}).items():
        cues = files.get(CUES)
        if not isinstance(cues, Mapping) or set(cues) != CUE_KEYS:
            yield Problem(f"notes/{language}/{CUES}.yaml", "", "these keys are needed", ", ".join(sorted(CUE_KEYS)))
            continue
        near = set(map(str, cues["near"]))
        for stem, entries in files.items():
            for name, entry in entries.items() if stem != CUES else ():
                yield from _entry(str(name), entry, tree.parsed["findings"], near, f"notes/{language}/{stem}.yaml")
