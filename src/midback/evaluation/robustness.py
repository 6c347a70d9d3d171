"""The same case told a little differently: answers in another order, one left out, one turned round.

A level that falls because one answer is missing means that the safety of the result hung on that one question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from midback import inference as engine
from midback.answers import Answer, Answers, Reply
from midback.assessment import network_for
from midback.errors import ContradictoryEvidence
from midback.evaluation.cases import Case, read_cases
from midback.evaluation.intervals import share
from midback.evaluation.running import in_parallel
from midback.knowledge import Knowledge, load_knowledge
from midback.network import evidence_of
from midback.safety import choose_level

__all__ = ["check_robustness"]

MAX_CAUSES, DRAWS, ORDERS = 2, 300, 3


@dataclass(frozen=True, slots=True)
class _Told:
    """One retelling: the levels before and after, as given and with the open screen set aside."""

    id: str
    title: str
    accepted: tuple[str, ...]
    kind: str  # reordered | missing | flipped
    finding: str
    was: str
    before: tuple[str, str]
    after: tuple[str, str]


def _levels(answers: Answers, knowledge: Knowledge) -> tuple[str, str]:
    built = network_for(answers, knowledge)
    posterior = engine.infer(built.network, evidence_of(answers, built, knowledge), max_causes=MAX_CAUSES, draws=DRAWS)
    triage = choose_level(answers, knowledge, built, posterior)
    return triage.level, triage.level_if_rest_no


def _flipped(finding: str, answer: Answer, knowledge: Knowledge) -> Answer | None:
    """The opposite answer; for a finding with levels the one at the other end; None where there is no opposite."""
    if answer is Reply.NOT_SURE:
        return None
    if isinstance(answer, Reply):
        return Reply.NO if answer is Reply.YES else Reply.YES
    if isinstance(answer, str):
        states = knowledge.findings[finding].states
        return states[-1] if states.index(answer) < len(states) / 2 else states[0]
    return None


def _retold(case: Case, knowledge: Knowledge) -> Iterator[tuple[str, str, str, Answers]]:
    given = dict(case.answers.given)
    random = np.random.default_rng(0)
    for _ in range(ORDERS):
        order = [list(given)[place] for place in random.permutation(len(given))]
        yield "reordered", "", "", replace(case.answers, given=MappingProxyType({name: given[name] for name in order}))
    if case.answers.age is not None:
        yield "missing", "age", str(case.answers.age), replace(case.answers, age=None)
    if case.answers.sex is not None:
        yield "missing", "sex", case.answers.sex, replace(case.answers, sex=None)
    for name, answer in given.items():
        was = ", ".join(sorted(answer)) if isinstance(answer, frozenset) else str(answer)
        yield "missing", name, was, case.answers.without([name])
        other = _flipped(name, answer, knowledge)
        if other is not None:
            yield "flipped", name, was, replace(case.answers, given=MappingProxyType({**given, name: other}))


@lru_cache(maxsize=1)
def _cases(folder: Path, root: Path | None) -> dict[str, Case]:
    return {case.id: case for case in read_cases([folder], load_knowledge(root)).cases}


def _retell(work: tuple[Path, Path | None, str]) -> list[_Told]:
    folder, root, case_id = work
    knowledge, case = load_knowledge(root), _cases(folder, root)[case_id]
    before = _levels(case.answers, knowledge)
    told = []
    for kind, finding, was, answers in _retold(case, knowledge):
        try:
            told.append(
                _Told(case.id, case.title, case.accepted, kind, finding, was, before, _levels(answers, knowledge))
            )
        except ContradictoryEvidence:
            continue  # turned round, the answers cannot all be true: nobody could tell it so
    return told


def _fell(one: _Told, levels: Sequence[str], which: int) -> bool:
    return levels.index(one.after[which]) < levels.index(one.before[which])


def _named(told: Sequence[_Told], levels: Sequence[str], which: int) -> list[dict[str, str]]:
    return [
        {"id": one.id, "title": one.title, "finding": one.finding, "answer": one.was,
         "before": one.before[which], "after": one.after[which]}
        for one in told if _fell(one, levels, which)
    ]  # fmt: skip


def check_robustness(
    folder: Path, knowledge: Knowledge, *, jobs: int = 1, root: Path | None = None
) -> Mapping[str, Any]:
    """How often the level changes or falls for each kind of retelling of the cases in ``folder``.

    Every fall from one missing answer in a case that is accepted only as an emergency is listed by name; ``unsafe``
    are falls below every accepted level. Levels here rest on fewer draws than a result shown to a person.
    """
    cases = read_cases([folder], knowledge).cases
    work = [(folder, root, case.id) for case in cases]
    told = [one for part in in_parallel(_retell, work, jobs, "robustness") for one in part]
    levels = [level.name for level in knowledge.triage.levels]
    kinds: dict[str, Any] = {}
    for kind in ("reordered", "missing", "flipped"):
        own = [one for one in told if one.kind == kind]
        fell = [one for one in own if _fell(one, levels, 0)]
        unsafe = [one for one in fell if levels.index(one.after[0]) < min(map(levels.index, one.accepted))]
        kinds[kind] = {
            "retellings": len(own),
            "changed": share(sum(one.before[0] != one.after[0] for one in own), len(own)).as_json(),
            "fell": share(len(fell), len(own)).as_json(),
            "fell_if_rest_no": share(sum(_fell(one, levels, 1) for one in own), len(own)).as_json(),
            "unsafe": _named(unsafe, levels, 0),
        }
    emergencies = [one for one in told if one.kind == "missing" and set(one.accepted) == {levels[-1]}]
    return {
        "cases": len(cases), "kinds": kinds,
        "emergency_falls_from_one_missing": _named(emergencies, levels, 0),
        "emergency_retellings": len(emergencies),
        "every_fall_from_one_missing": _named([one for one in told if one.kind == "missing"], levels, 0),
    }  # fmt: skip
