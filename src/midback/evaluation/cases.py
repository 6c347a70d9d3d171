"""Cases read from files: answers with the levels experts accept and the cause or family that was found.

YAML (one case or a list per file), JSON (the same) and JSONL (one case a line). What cannot be a case is reported with
its file and line, never dropped in silence and never allowed to stop the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midback.answers import Answers, read_answers
from midback.errors import AnswersRefused, Problem, did_you_mean
from midback.knowledge import Knowledge
from midback.knowledge.strict_yaml import MAX_BYTES, StrictYamlError, read_yaml_file

__all__ = ["UNLISTED", "Case", "CaseSet", "case_files", "read_cases"]

UNLISTED = "unlisted"  # the family of a case whose cause no family of the knowledge holds
SUFFIXES = (".yaml", ".yml", ".json", ".jsonl")
AGE_BANDS_UNKNOWN = "age not stated"


@dataclass(frozen=True, slots=True)
class Case:
    """One person with a known end. ``where`` is file and line; ``accepted`` are levels, ``cause`` may be unknown."""

    id: str
    title: str
    where: str
    answers: Answers
    accepted: tuple[str, ...]
    family: str
    cause: str | None
    category: str
    population: str
    age_band: str

    @property
    def setting(self) -> str:
        """Where this person was seen."""
        return self.answers.setting


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The cases that could be read, in order, and everything that could not, with the reason."""

    cases: tuple[Case, ...]
    problems: tuple[Problem, ...]
    skipped: int  # cases or whole files left out
    files: tuple[str, ...]


class _NotACase(Exception):
    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(str(self.problems))


def case_files(paths: Sequence[Path]) -> tuple[list[Path], list[Problem]]:
    """The case files named by ``paths`` (files, or folders one level deep), and what is wrong with the rest."""
    files: list[Path] = []
    problems = []
    for path in paths:
        if path.is_dir():
            inside = sorted(child for child in path.iterdir() if child.suffix in SUFFIXES)
            if not inside:
                problems.append(
                    Problem(str(path), "", "no case file in this folder", f"expected {', '.join(SUFFIXES)}")
                )
            files += inside
        elif path.is_file():
            files.append(path)
        else:
            problems.append(Problem(str(path), "", "no such file or folder", "check the path"))
    return files, problems


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"the key {twice[0]!r} is written twice")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_no_twice, parse_constant=_no_constant)


def _raw_lines(path: Path) -> Iterator[tuple[str, Any]]:
    """(where, raw case or the _NotACase it is) of each line of a JSONL file; blank lines are passed over."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            where = f"{path.name}:{number}"
            if not line.strip():
                continue
            try:
                if len(line) > MAX_BYTES:
                    raise ValueError(f"a line of {len(line):,} bytes, over the limit of {MAX_BYTES:,}")
                yield where, _json(line.decode("utf-8-sig").strip())
            except (ValueError, RecursionError) as error:
                problem = Problem(path.name, f"line {number}", f"no JSON object ({error})", "one case a line, in JSON")
                yield where, _NotACase([problem])


def _raw_cases(path: Path) -> Iterator[tuple[str, Any]]:
    """(where, raw case) for everything in one file; raises _NotACase when the file as a whole cannot be read."""
    try:
        if path.suffix == ".jsonl":
            yield from _raw_lines(path)
            return
        raw = read_yaml_file(path, path.name)
    except StrictYamlError as error:
        raise _NotACase([error.problem]) from error
    except OSError as error:
        raise _NotACase([Problem(path.name, "", f"cannot be read ({error.strerror})", "check the path")]) from error
    if isinstance(raw, list):
        yield from ((f"{path.name} (case {place})", item) for place, item in enumerate(raw, 1))
    elif raw is not None:
        yield path.name, raw


def _accepted(raw: Mapping[str, Any], where: str, knowledge: Knowledge) -> tuple[tuple[str, ...], list[Problem]]:
    names = [level.name for level in knowledge.triage.levels]
    written = raw.get("accepted_levels")
    written = [written] if isinstance(written, str) else written
    if not isinstance(written, list) or not written:
        return (), [Problem(where, "accepted_levels", "no accepted level", f"a list of {', '.join(names)}")]
    wrong = [str(name) for name in written if name not in names]
    if wrong:
        return (), [Problem(where, "accepted_levels", f"{wrong[0]!r} is no level", ", ".join(names))]
    return tuple(name for name in names if name in written), []


def _truth(raw: Mapping[str, Any], where: str, knowledge: Knowledge) -> tuple[str, str | None, list[Problem]]:
    """(family, cause) of the case; a cause alone names its family, a family alone leaves the cause open."""
    family, cause = raw.get("family"), raw.get("cause")
    if family is None and cause is None:
        return "", None, [Problem(where, "family", "neither family nor cause is given", "name what was found")]
    problems = []
    ranked = {name: item for name, item in knowledge.causes.items() if item.role == "cause"}
    if cause is not None and cause not in ranked:
        problems.append(
            Problem(where, "cause", f"there is no cause {cause!r}", did_you_mean(str(cause), ranked, ", ".join(ranked)))
        )
        cause = None
    if family is not None and family != UNLISTED and family not in knowledge.families:
        near = did_you_mean(str(family), knowledge.families, ", ".join(knowledge.families))
        fix = f"{near}; a cause outside the model is `{UNLISTED}`"
        problems.append(Problem(where, "family", f"there is no family {family!r}", fix))
    if cause is not None:
        own = ranked[cause].family
        if family is not None and family != own:
            problems.append(
                Problem(where, "family", f"{cause} belongs to {own}, not to {family}", "change one of the two")
            )
        family = own
    return str(family), cause, problems


def _case(raw: Any, where: str, name: str, knowledge: Knowledge) -> Case:
    if isinstance(raw, _NotACase):
        raise raw
    if not isinstance(raw, Mapping):
        raise _NotACase([Problem(where, "", "no mapping with answers", "see docs/evaluation.md, Case files")])
    accepted, problems = _accepted(raw, where, knowledge)
    family, cause, more = _truth(raw, where, knowledge)
    problems += more
    try:
        answers = read_answers(raw, knowledge, where)
    except AnswersRefused as error:
        raise _NotACase([*problems, *error.problems]) from error
    if problems:
        raise _NotACase(problems)
    band = AGE_BANDS_UNKNOWN if answers.age is None else knowledge.age_band(answers.age)
    return Case(
        id=str(raw.get("id") or name), title=str(raw.get("title", "")), where=where, answers=answers,
        accepted=accepted, family=family, cause=cause, category=str(raw.get("category", "none given")),
        population=str(raw.get("population", "none given")), age_band=band,
    )  # fmt: skip


def read_cases(paths: Sequence[Path], knowledge: Knowledge) -> CaseSet:
    """Every case in ``paths`` that can be one, and a Problem for each that cannot.

    Nothing is raised: an empty file, an unknown family, a wrong answer and an id used twice are all problems, and the
    case (or file) they belong to is counted as skipped. The first case of an id stands.
    """
    files, problems = case_files(paths)
    skipped = len(problems)
    cases: dict[str, Case] = {}
    for path in files:
        seen = 0
        try:
            for where, raw in _raw_cases(path):
                seen += 1
                try:
                    case = _case(raw, where, path.stem if where == path.name else where, knowledge)
                    if case.id in cases:
                        what = f"the id {case.id!r} is already used by {cases[case.id].where}"
                        raise _NotACase([Problem(where, "id", what, "give every case its own id")])
                except _NotACase as wrong:
                    problems += wrong.problems
                    skipped += 1
                else:
                    cases[case.id] = case
        except _NotACase as wrong:
            problems += wrong.problems
            skipped += 1
            seen += 1
        if not seen:
            problems.append(Problem(path.name, "", "the file holds no case", "write one case, or leave the file out"))
            skipped += 1
    names = tuple(dict.fromkeys(path.name for path in files))
    return CaseSet(tuple(cases.values()), tuple(problems), skipped, names)
