"""People with known causes: age, sex, history, causes, and what is true of every finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from types import MappingProxyType

import numpy as np

from midback import inference as engine
from midback.answers import Answer, Answers, Reply
from midback.inference.answered import site_of
from midback.knowledge import Finding, Knowledge, Number
from midback.network import RISK, BuiltNetwork, evidence_of
from midback.network.printed import printed_share

__all__ = ["MAX_CAUSES", "WORLDS", "Person", "draw_person"]

WORLDS = ("shared_effect", "mechanism")
MAX_CAUSES = 2  # people with three causes at once are rarer than the simulation can resolve
STANDARD = NormalDist()


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Who they are, which causes they truly have (none is ``other``), and the true answer to every question."""

    age: int
    sex: str
    setting: str
    causes: tuple[str, ...]
    truth: Mapping[str, Answer]


def _pick(shares: Mapping[str, float], random: np.random.Generator) -> str:
    weight = np.array(list(shares.values()))
    return str(random.choice(list(shares), p=weight / weight.sum()))


def _background(number: Number, knowledge: Knowledge) -> float:
    return printed_share(number, knowledge.word_widths["finding"]).mean


def _history(
    person: Answers, built: BuiltNetwork, knowledge: Knowledge, random: np.random.Generator
) -> dict[str, Answer]:
    """True answers to everything that was so before the pain began (the risks of any cause)."""
    facts: dict[str, Answer] = {}
    for risk in built.network.risks:
        finding = knowledge.findings.get(risk.name.removeprefix(RISK))
        if not risk.name.startswith(RISK) or finding is None or finding.kind != "binary":
            continue
        held = finding.applies_to(person.age, person.sex) and random.random() < risk.share[1]
        facts[finding.id] = Reply.YES if held else Reply.NO
    _spread_implied(facts, knowledge)
    return facts


def _spread_implied(facts: dict[str, Answer], knowledge: Knowledge) -> None:
    """A yes makes yes of everything it implies."""
    for name in [name for name, answer in facts.items() if answer is Reply.YES]:
        for implied in knowledge.findings[name].implies:
            facts[implied] = Reply.YES


def _draw_causes(world: engine.Network, evidence: engine.Evidence, random: np.random.Generator,
                 wanted: np.ndarray | None) -> tuple[int, ...]:  # fmt: skip
    """A set of causes from the world's own chances given who the person is; one that holds any ``wanted``."""
    point = engine.infer(world, evidence, max_causes=MAX_CAUSES, draws=0, simulated=0).point
    pairs = point.subsets.pairs
    single, pair = point.chance_single.copy(), point.chance_pair.copy()
    weights = np.concatenate([[point.chance_empty], single, pair])
    if wanted is not None:
        keep = np.concatenate([[False], wanted, wanted[pairs].any(0) if len(pair) else np.zeros(0, dtype=bool)])
        weights = np.where(keep, weights, 0.0)
    place = int(random.choice(len(weights), p=weights / weights.sum()))
    if place == 0:
        return ()
    if place <= len(single):
        return (place - 1,)
    return tuple(int(cause) for cause in pairs[:, place - 1 - len(single)])


class _Shared:
    """What the findings of one group share in one person, in either of two worlds.

    ``shared_effect`` is the engine's own law: one normal effect per group. ``mechanism`` is not: the causes switch on
    one hidden mechanism (as likely as the group's likeliest finding) and only then can any finding of the group be
    there. Both leave how common each finding is as the knowledge says.
    """

    def __init__(self, world: engine.Network, law: str, random: np.random.Generator) -> None:
        self.law, self.random = law, random
        self.effect = {group.name: random.standard_normal() for group in world.groups}
        self.rho = {group.name: float(group.rho.mean) for group in world.groups}
        self.switch = {group.name: random.random() for group in world.groups}
        self.highest: dict[str, float] = {}

    def holds(self, chance: float, group: str | None) -> bool:
        """Whether a finding with this chance is present."""
        luck = self.random.random()
        if group is None:
            return luck < chance
        if self.law == "mechanism":
            highest = self.highest[group]
            return self.switch[group] < highest and luck < chance / highest
        rho = self.rho[group]
        edge = STANDARD.inv_cdf(min(max(chance, 1e-12), 1 - 1e-12))
        return luck < STANDARD.cdf((edge - rho**0.5 * self.effect[group]) / (1 - rho) ** 0.5)


def _shares(finding: engine.Finding, causes: tuple[int, ...]) -> np.ndarray:
    site = site_of(finding)
    own = [int(np.searchsorted(site.causes, cause)) for cause in causes if cause in site.causes]
    members = [np.array([place]) for place in own] or [np.array([len(site.causes)])]
    return np.asarray(site.shares(*members)[:, 0])


def _truth_of(finding: Finding, levels: Mapping[str, int], knowledge: Knowledge, random: np.random.Generator) -> Answer:
    if finding.kind == "ordinal":
        return finding.states[levels.get(finding.id, 0)]
    if finding.kind == "binary":
        if finding.id in levels:
            return Reply.YES if levels[finding.id] else Reply.NO
        assert isinstance(finding.background, Number)
        return Reply.YES if random.random() < _background(finding.background, knowledge) else Reply.NO
    chosen = [option for option in finding.states if levels.get(f"{finding.id}.{option}")]
    if finding.kind == "one_of":
        return frozenset(chosen[:1] or finding.states[:1])
    return frozenset(chosen)


def draw_person(
    world: engine.Network, built: BuiltNetwork, knowledge: Knowledge, law: str, random: np.random.Generator,
    *, dangerous: bool = False,
) -> Person:  # fmt: skip
    """One person of ``built.setting`` in ``world``, findings travelling together by ``law`` (one of WORLDS).

    With ``dangerous`` the causes are drawn among sets that hold a dangerous one.
    """
    place = knowledge.settings[built.setting]
    band = _pick(place.age_share, random)
    ages = next(item for item in knowledge.age_bands if item.name == band)
    age = int(random.integers(ages.first, min(ages.last, 95) + 1))
    blank = Answers(age=age, sex=_pick(place.sex_share, random), setting=built.setting)
    truth = _history(blank, built, knowledge, random)
    known = replace(blank, given=MappingProxyType(dict(truth)))
    causes = _draw_causes(world, evidence_of(known, built, knowledge), random, built.dangerous if dangerous else None)
    shares = {finding.name: _shares(finding, causes) for finding in world.findings}
    shared = _Shared(world, law, random)
    for finding in world.findings:
        if finding.group is not None:
            chance = float(shares[finding.name][1])
            shared.highest[finding.group] = max(shared.highest.get(finding.group, 0.0), chance)
    levels: dict[str, int] = {}
    for finding in world.findings:
        own = shares[finding.name]
        if len(own) == 2:
            levels[finding.name] = int(shared.holds(float(own[1]), finding.group))
        else:
            levels[finding.name] = int(random.choice(len(own), p=own / own.sum()))
    for item in knowledge.findings.values():
        if item.id not in truth:
            truth[item.id] = _truth_of(item, levels, knowledge, random)
        if truth[item.id] is Reply.YES and not item.applies_to(age, blank.sex):
            truth[item.id] = Reply.NO
    _spread_implied(truth, knowledge)
    return Person(age, str(blank.sex), built.setting, tuple(built.causes[cause].id for cause in causes),
                  MappingProxyType(truth))  # fmt: skip
