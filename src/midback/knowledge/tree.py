"""Every knowledge file read once: parsed, checked for shape, with all problems gathered.

The only module that walks the folder. Cross-file rules stand in check.py, the compiled form in compile.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from midback.errors import Problem
from midback.knowledge.root import knowledge_files
from midback.knowledge.schema import (
    CauseFile,
    FamilyEntry,
    FindingFile,
    InterviewFile,
    LanguageEntry,
    RedFlagFile,
    SettingsFile,
    SourceFile,
    TriageFile,
)
from midback.knowledge.shape_problems import shape_problems
from midback.knowledge.strict_yaml import StrictYamlError, read_yaml_file

__all__ = ["KnowledgeTree", "read_tree"]

FOLDERS: Mapping[str, type[BaseModel]] = {
    "sources": SourceFile,
    "causes": CauseFile,
    "findings": FindingFile,
    "red_flags": RedFlagFile,
}
SINGLE: Mapping[str, TypeAdapter[Any]] = {
    "settings": TypeAdapter(SettingsFile),
    "triage_levels": TypeAdapter(TriageFile),
    "interview": TypeAdapter(InterviewFile),
    "families": TypeAdapter(dict[str, FamilyEntry]),
    "languages": TypeAdapter(dict[str, LanguageEntry]),
}
HASHED_AS = {  # which of the four hashes a file belongs to; words are told apart by their folder
    "sources": "network", "causes": "network", "findings": "network", "families": "network", "settings": "network",
    "red_flags": "rules", "triage_levels": "rules", "interview": "rules",
    "care": "care", "prevention": "care", "measures": "care", "phone_numbers": "care", "body_zones": "care",
    "review": "care", "languages": "words", "changes": "words", "notes": "words",
}  # fmt: skip


@dataclass(slots=True)
class KnowledgeTree:
    """Parsed files by kind and id, plain content without a schema of its own, words, and every problem found."""

    root: Path
    parsed: dict[str, dict[str, Any]] = field(default_factory=dict)
    single: dict[str, Any] = field(default_factory=dict)
    content: dict[str, Any] = field(default_factory=dict)
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    drawings: dict[str, str] = field(default_factory=dict)
    digests: dict[str, list[str]] = field(default_factory=dict)

    @property
    def languages(self) -> dict[str, LanguageEntry]:
        """Every language of languages.yaml by its code, the first one first."""
        found: dict[str, LanguageEntry] = self.single.get("languages", {})
        return found

    @property
    def first_words(self) -> dict[str, dict[str, Any]]:
        """The words of the first language, which all others are held against; empty where there are none."""
        return {code: self.words[code] for code in [*self.languages][:1] if code in self.words}


def _place(tree: KnowledgeTree, name: str, data: Any) -> None:
    """Put the data of one file where it belongs, checking its shape if the kind has one."""
    parts = name.removesuffix(".yaml").split("/")
    kind = parts[0]
    try:
        if kind == "words" and len(parts) >= 3:
            place = tree.words.setdefault(parts[1], {})
            for step in parts[2:-1]:
                place = place.setdefault(step, {})
            place[parts[-1]] = data
        elif len(parts) == 2 and kind in FOLDERS:
            tree.parsed.setdefault(kind, {})[parts[1]] = FOLDERS[kind].model_validate(data)
        elif len(parts) == 1 and kind in SINGLE:
            tree.single[kind] = SINGLE[kind].validate_python(data)
        elif kind in HASHED_AS:
            place = tree.content
            for step in parts[:-1]:
                place = place.setdefault(step, {})
            place[parts[-1]] = data
        else:
            tree.problems.append(Problem(name, "", "no kind of file is known by this place", "move or remove it"))
    except ValidationError as error:
        tree.problems.extend(shape_problems(error, name, show_given=True))


def read_tree(root: Path) -> KnowledgeTree:
    """Every file below ``root`` read strictly, with all shape problems gathered and none raised."""
    tree = KnowledgeTree(root)
    for name, path in knowledge_files(root):
        if name.endswith(".svg"):
            tree.drawings[path.name] = path.read_text(encoding="utf-8")
            tree.digests.setdefault("care", []).append(f"{name}\0{hashlib.blake2b(path.read_bytes()).hexdigest()}")
            continue
        try:
            data = read_yaml_file(path, name)
        except StrictYamlError as error:
            tree.problems.append(error.problem)
            continue
        kind = "words" if name.startswith("words/") else HASHED_AS.get(name.removesuffix(".yaml").split("/")[0], "care")
        tree.digests.setdefault(kind, []).append(f"{name}\0{hashlib.blake2b(path.read_bytes()).hexdigest()}")
        _place(tree, name, data)
    for kind in SINGLE:
        if kind not in tree.single and not any(problem.file == f"{kind}.yaml" for problem in tree.problems):
            tree.problems.append(Problem(f"{kind}.yaml", "", "this file is missing", "restore it"))
    return tree
