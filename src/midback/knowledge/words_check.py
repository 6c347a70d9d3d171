"""Words compared between languages: the same keys, lists, {placeholders} and figures, and no sentence left behind.

The first language of languages.yaml is the one the others are held against.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from midback.errors import Problem
from midback.knowledge.tree import KnowledgeTree

__all__ = ["check_languages", "check_translation", "offered_languages"]

LONGEST_SHARED = 3  # so many words may be the same in two languages: names, codes, "no"
FILE_KINDS = ("findings", "causes", "red_flags", "care", "care/exercises", "prevention", "measures")


def _placeholders(text: str) -> set[str] | None:
    """The names in braces, or None where the braces do not close."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def _figures(text: str) -> set[str]:
    """The figures in a sentence, whatever its decimal mark; 100 is left out, because "in 100" may be said as a percent.

    >>> sorted(_figures("38.5 for {days} days, in 2 of 100"))
    ['2', '38.5']
    """
    plain = re.sub(r"\{[^{}]*\}", "", text)
    return {found.replace(",", ".") for found in re.findall(r"\d+(?:[.,]\d+)*", plain)} - {"100"}


def _leaf(own: str, other: Any, file: str, path: str) -> Iterator[Problem]:
    if not isinstance(other, str) or not other.strip():
        yield Problem(file, path, "this sentence is missing", "write it")
        return
    wanted, have = _placeholders(own), _placeholders(other)
    if have != wanted:
        said = ", ".join(f"{{{name}}}" for name in sorted((wanted or set()) ^ (have or set()))) or "a brace"
        yield Problem(file, path, f"placeholders do not fit: {said}", "fill in the same names as the first language")
    if figures := _figures(own) ^ _figures(other):
        yield Problem(
            file, path, f"figures do not fit: {', '.join(sorted(figures))}", "a threshold is never translated"
        )
    if own == other and len(own.split()) > LONGEST_SHARED:
        yield Problem(file, path, "this is the sentence of the first language", "translate it")


def _compare(own: Any, other: Any, file: str, path: str) -> Iterator[Problem]:
    if isinstance(own, Mapping):
        if not isinstance(other, Mapping):
            yield Problem(file, path, "these words are missing", "write them")
            return
        for key in own:
            yield from _compare(own[key], other.get(key), file, f"{path}.{key}".lstrip("."))
        for key in other:
            if key not in own:
                yield Problem(file, f"{path}.{key}".lstrip("."), "words for nothing", "remove or rename them")
    elif isinstance(own, list):
        if not isinstance(other, list) or len(other) != len(own):
            yield Problem(file, path, f"this list needs {len(own)} lines", "write as many as the first language")
            return
        for place, (line, said) in enumerate(zip(own, other, strict=True)):
            yield from _compare(line, said, file, f"{path}.{place}")
    elif isinstance(own, str):
        yield from _leaf(own, other, file, path)


def _files(words: Mapping[str, Any]) -> dict[str, Any]:
    """File stem, as below words/<language>/, to what the file says."""
    found: dict[str, Any] = {}
    for stem, data in words.items():
        if stem not in FILE_KINDS:
            found[stem] = data
            continue
        for name, said in data.items():
            inner = f"{stem}/{name}"
            found |= {f"{inner}/{one}": text for one, text in said.items()} if inner in FILE_KINDS else {inner: said}
    return found


def check_translation(tree: KnowledgeTree, language: str) -> tuple[Problem, ...]:
    """Every gap of ``language`` against the first one, as ``what @ words/<language>/file:path``."""
    first = next(iter(tree.languages))
    own, other = _files(tree.words.get(first, {})), _files(tree.words.get(language, {}))
    problems = []
    for stem, data in own.items():
        file = f"words/{language}/{stem}.yaml"
        if stem not in other:
            problems.append(Problem(file, "", "these words are missing", "write the file"))
        else:
            problems += _compare(data, other[stem], file, "")
    for stem in other.keys() - own.keys():
        problems.append(Problem(f"words/{language}/{stem}.yaml", "", "words for nothing", "remove the file"))
    return tuple(sorted(problems))


def offered_languages(tree: KnowledgeTree) -> list[str]:
    """The languages a reader may choose: the first, and every other one that is finished and without a gap."""
    first, *others = tree.languages or [""]
    finished = (code for code in others if tree.languages[code].status != "unfinished")
    return [first, *(code for code in finished if not check_translation(tree, code))]


def check_languages(tree: KnowledgeTree) -> Iterator[Problem]:
    """Every gap of every language that claims to be finished, and words in languages that nothing names."""
    for place, (language, entry) in enumerate(tree.languages.items()):
        if place and entry.status != "unfinished":
            yield from check_translation(tree, language)
    for language in tree.words.keys() - tree.languages.keys():
        yield Problem(f"words/{language}", "", f"languages.yaml does not name '{language}'", "name it, or remove these")
    if [entry.status for entry in tree.languages.values()][:1] != ["preview"]:
        yield Problem(
            "languages.yaml", "", "the first language is the one it was written in", "give it status: preview"
        )
