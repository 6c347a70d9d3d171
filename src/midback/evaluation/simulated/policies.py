"""The interview's own order of questions against random order, a fixed order and pure information gain.

Everybody is asked one finding at a time and judged after equal numbers of answers, so a page of boxes earns nothing by
being a page. Age, sex and setting are known to all four from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from midback import inference as engine
from midback.answers import Answer, Answers
from midback.assessment import network_for
from midback.evaluation.intervals import share
from midback.evaluation.running import in_parallel
from midback.evaluation.simulated.interviews import Noise, replies
from midback.evaluation.simulated.outcomes import Reached, read_chances
from midback.evaluation.simulated.people import MAX_CAUSES, Person, draw_person
from midback.evaluation.simulated.worlds import draw_worlds
from midback.inference.likely_sets import likely_sets
from midback.inference.sites import site_at_mean
from midback.interview import Done, next_question
from midback.knowledge import Knowledge, load_knowledge
from midback.network import build_network, evidence_of, finding_node
from midback.safety import choose_level

__all__ = ["AFTER", "POLICIES", "compare_policies"]

AFTER = (0, 10, 20, 30, 40)
POLICIES = ("the interview", "information gain", "fixed order", "random order")
BLOCK = 10
DRAWS = 200


@dataclass(frozen=True, slots=True)
class _Work:
    seed: int
    people: int
    setting: str
    knowledge: Path | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """After one number of answers: what was true, and what the answers so far say."""

    policy: str
    after: int
    main: str
    dangerous: bool
    due: str | None
    level: str
    reached: Reached


def _askable(person: Person, knowledge: Knowledge) -> list[str]:
    return [
        finding.id for finding in knowledge.findings.values()
        if finding.answered_by == "person" and finding.applies_to(person.age, person.sex)
        and not finding.on_help_card
    ]  # fmt: skip


def _interviewed(person: Person, knowledge: Knowledge, truth: dict[str, Answer]) -> Iterator[str]:
    """The findings the interview asks, in its own order, until it ends itself."""
    answers = Answers(setting=person.setting)
    while not isinstance(question := next_question(answers, knowledge), Done):
        names = [name for name in question.items if name not in ("age", "sex")]
        if "age" in question.items:
            answers = replace(answers, age=person.age)
        if "sex" in question.items:
            answers = replace(answers, sex=person.sex)
        yield from names
        answers = replace(answers, given=MappingProxyType({**answers.given, **{name: truth[name] for name in names}}))


def _spread(share_of: np.ndarray) -> np.ndarray:
    return np.asarray(-share_of * np.log2(np.clip(share_of, 1e-300, 1.0)))


def _most_informative(answers: Answers, left: Sequence[str], knowledge: Knowledge) -> str:
    """The finding that tells most, in bits, about which cause it is."""
    built = network_for(answers, knowledge)
    posterior = engine.infer(built.network, evidence_of(answers, built, knowledge), max_causes=1, draws=0, simulated=0)
    sets = likely_sets(posterior.point)
    best, most = left[0], -1.0
    wanted = set(left)
    for finding in built.network.findings:
        name = finding_node(finding.name)
        if name not in wanted:
            continue
        site = site_at_mean(finding)
        local = np.full(len(built.causes) + 1, len(site.causes))
        local[site.causes] = np.arange(len(site.causes))
        shares = site.shares(local[sets.members[0]])
        gain = float(_spread(shares @ sets.chance).sum() - _spread(shares).sum(0) @ sets.chance)
        if gain > most:
            best, most = name, gain
    return best


def _informed(person: Person, knowledge: Knowledge, truth: dict[str, Answer]) -> Iterator[str]:
    answers = Answers(age=person.age, sex=person.sex, setting=person.setting)
    left = _askable(person, knowledge)
    while left:
        name = _most_informative(answers, left, knowledge)
        left.remove(name)
        yield name
        answers = replace(answers, given=MappingProxyType({**answers.given, name: truth[name]}))


def _orders(
    person: Person, knowledge: Knowledge, truth: dict[str, Answer], random: np.random.Generator
) -> dict[str, Callable[[], Iterator[str]]]:
    listed = _askable(person, knowledge)
    shuffled = [listed[place] for place in random.permutation(len(listed))]
    return dict(
        zip(
            POLICIES,
            (
                lambda: _interviewed(person, knowledge, truth),
                lambda: _informed(person, knowledge, truth),
                lambda: iter(sorted(listed, key=lambda name: knowledge.findings[name].section)),
                lambda: iter(shuffled),
            ),
            strict=True,
        )
    )


def _judge(person: Person, answers: Answers, policy: str, after: int, knowledge: Knowledge, main: str) -> _Judged:
    built = network_for(answers, knowledge)
    posterior = engine.infer(built.network, evidence_of(answers, built, knowledge), max_causes=MAX_CAUSES, draws=DRAWS)
    triage = choose_level(answers, knowledge, built, posterior)
    causes = [knowledge.causes[name] for name in person.causes]
    order = [level.name for level in knowledge.triage.levels]
    return _Judged(
        policy, after, main, any(cause.dangerous for cause in causes),
        max((cause.urgency for cause in causes), key=order.index, default=None),
        triage.level_if_rest_no, read_chances(posterior, built),
    )  # fmt: skip


def _run(work: _Work) -> list[_Judged]:
    knowledge = load_knowledge(work.knowledge)
    random = np.random.default_rng(work.seed)
    built = build_network(knowledge, work.setting)
    worlds = list(draw_worlds(built.network, work.people, work.seed + 1))
    judged = []
    for number, world in enumerate(worlds):
        person = draw_person(world, built, knowledge, "shared_effect", random, dangerous=number % 2 == 0)
        truth = replies(person, Noise(), knowledge, random)
        families = [knowledge.causes[name].family for name in person.causes]
        main = families[int(random.integers(len(families)))] if families else "other"
        for policy, order in _orders(person, knowledge, truth, random).items():
            answers = Answers(age=person.age, sex=person.sex, setting=person.setting)
            given: dict[str, Answer] = {}
            asking = order()
            for after in range(max(AFTER) + 1):
                if after in AFTER:
                    now = replace(answers, given=MappingProxyType(dict(given)))
                    judged.append(_judge(person, now, policy, after, knowledge, main))
                name = next(asking, None)  # an interview that has ended keeps its result
                if name is not None:
                    given[name] = truth[name]
    return judged


def compare_policies(
    knowledge: Knowledge, people: int, *, setting: str = "self_check", jobs: int = 1, root: Path | None = None,
    seed: int = 20261123,
) -> dict[str, Any]:  # fmt: skip
    """Accuracy and safety of each policy after AFTER answers, on ``people`` of whom half have a dangerous cause."""
    work = [_Work(seed + 10 * first, min(BLOCK, people - first), setting, root) for first in range(0, people, BLOCK)]
    judged = [one for part in in_parallel(_run, work, jobs, "question policies") for one in part]
    levels = [level.name for level in knowledge.triage.levels]
    rows = []
    for policy in POLICIES:
        for after in AFTER:
            own = [one for one in judged if one.policy == policy and one.after == after]
            listed = [one for one in own if one.main != "other"]
            serious = [one for one in own if one.dangerous]
            under = sum(levels.index(one.level) < levels.index(str(one.due)) for one in serious)
            pairs = [(one, [name for name, _ in one.reached.families[:3]]) for one in listed]
            rows.append({
                "policy": policy, "after": after,
                "top_1": share(sum(one.main == best[0] for one, best in pairs), len(listed)).as_json(),
                "top_3": share(sum(one.main in best for one, best in pairs), len(listed)).as_json(),
                "serious_under_triaged": share(under, len(serious)).as_json(),
            })  # fmt: skip
    return {"setting": setting, "people": people, "seed": seed, "rows": rows}
