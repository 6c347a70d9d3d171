"""Which judgements matter most: how far a family's chance moves while one judgement crosses its 95 % range.

Everybody is taken to have one cause, and each moved answer counts on its own: fit to rank judgements, so that the
first get a second search, and not to report a chance. Written ratios are not converted anew when a background moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from midback import inference as engine
from midback.answers import Answers
from midback.knowledge import Knowledge, Number
from midback.knowledge.scales import word_width
from midback.network.build import AGE, RISK, SEX, BuiltNetwork, build_network
from midback.network.evidence import evidence_of

__all__ = ["Influence", "judgement_influence"]

FloatArray = engine.FloatArray
Progress = Callable[[int, int], None]
Factors = tuple[FloatArray, FloatArray]  # (people, causes) and (people,): what multiplies each cause, and `other`


@dataclass(frozen=True, slots=True)
class Influence:
    """How far one judgement moves one family, both as chances 0-1, averaged over all people.

    ``moves`` is the mean distance between the family's chance at the two ends of the judgement's 95 % range;
    ``at_low`` and ``at_high`` are its mean chances there.
    """

    family: str
    number: Number
    moves: float
    at_low: float
    at_high: float


@dataclass(frozen=True, slots=True)
class _Crowd:
    """The people of one setting at the printed numbers."""

    built: BuiltNetwork
    evidence: tuple[engine.Evidence, ...]
    odds: FloatArray  # (people, causes): weight of each single cause against `other`
    knowledge: Knowledge

    @classmethod
    def of(cls, people: Sequence[Answers], setting: str, knowledge: Knowledge) -> _Crowd:
        built = build_network(knowledge, setting)
        evidence = tuple(evidence_of(person, built, knowledge) for person in people)
        rows = []
        for one in evidence:
            point = engine.infer(built.network, one, max_causes=1, draws=0, simulated=0)
            rows.append(point.chance / max(point.other, 1e-12))
        return cls(built, evidence, np.array(rows), knowledge)

    def said(self, node: str) -> list[tuple[int, engine.Answer]]:
        """(place of the person, what was said) for everybody who answered ``node``."""
        return [(row, one.findings[node]) for row, one in enumerate(self.evidence) if node in one.findings]

    def level(self, risk: str, levels: Sequence[str]) -> list[tuple[int, int]]:
        """(place of the person, place of the level) for everybody of whom ``risk`` is known."""
        return [(row, levels.index(one.risks[risk])) for row, one in enumerate(self.evidence) if risk in one.risks]

    def same(self) -> Factors:
        """Factors that change nothing."""
        return np.ones_like(self.odds), np.ones(len(self.odds))


def _likelihood(finding: engine.Finding, said: engine.Answer, shares: FloatArray) -> float:
    """P(what was said | shares of levels 1..); ``shares`` (L-1,)."""
    levels = np.append(1 - shares.sum(), shares)
    if isinstance(said, engine.NotSure):
        return float(said.if_no * levels[0] + said.if_yes * levels[1:].sum())
    if len(levels) == 2:
        yes = finding.sensitivity if said.low == 1 else 1 - finding.sensitivity
        no = 1 - finding.specificity if said.low == 1 else finding.specificity
        return float(yes * levels[1] + no * levels[0])
    return float(levels[said.low : said.high + 1].sum())


def _moved_levels(now: FloatArray, place: int, factor: float) -> FloatArray:
    """Shares (L-1,) of an ordinal finding's levels 1.. with one level times ``factor``; all levels sum to 1 again."""
    levels = np.append(1 - now.sum(), now)
    levels[place] *= factor
    return np.asarray((levels / levels.sum())[1:])


def _link_moves(crowd: _Crowd, node: str, state: str, number: Number, column: int | None) -> Iterator[Factors]:
    """Factors at both ends of a link's judgement, or, with ``column`` None, of a background's."""
    finding = next((item for item in crowd.built.network.findings if item.name == node), None)
    width = word_width(number, crowd.knowledge)
    if finding is None or width is None:
        return
    linked = list(finding.causes)
    now = finding.background.mean if column is None else finding.given.mean[linked.index(column)]
    for value in (width.low, width.high):
        then = np.array([value])
        if state:
            then = _moved_levels(now, finding.levels.index(state), value / width.value)
        causes, other = crowd.same()
        for row, said in crowd.said(node):
            factor = _likelihood(finding, said, then) / max(_likelihood(finding, said, now), 1e-12)
            if column is None:
                unlinked = np.ones(causes.shape[1], dtype=bool)
                unlinked[linked] = False
                causes[row, unlinked], other[row] = factor, factor
            else:
                causes[row, column] = factor
        yield causes, other


def _risk_moves(crowd: _Crowd, risk: str, level: str, number: Number, column: int) -> Iterator[Factors]:
    """Factors at both ends of an odds ratio of a risk, an age band or a sex."""
    found = next((item for item in crowd.built.network.risks if item.name == risk), None)
    width = word_width(number, crowd.knowledge)
    if found is None or width is None:
        return
    now = found.log_odds.mean[:, column]
    for value in (width.low, width.high):
        then = now.copy()
        then[found.levels.index(level)] = np.log(value)
        shift = (then - np.log(found.share @ np.exp(then))) - (now - np.log(found.share @ np.exp(now)))
        causes, other = crowd.same()
        for row, place in crowd.level(risk, found.levels):
            causes[row, column] = np.exp(shift[place])
        yield causes, other


def _prior_moves(crowd: _Crowd, number: Number, column: int | None) -> Iterator[Factors]:
    """Factors at both ends of a share of presenters, or, with ``column`` None, of the share of `other`."""
    width = word_width(number, crowd.knowledge)
    prior, rest = crowd.built.network.prior.mean, float(crowd.built.network.other.mean)
    for value in (width.low, width.high) if width else ():
        causes, other = crowd.same()
        if column is None:
            causes *= (1 - value) / value * rest / (1 - rest)
        else:
            then = prior.copy()
            then[column] = value
            causes *= (then / then.sum()) / (prior / prior.sum())
        yield causes, other


def _judgements(crowd: _Crowd) -> Iterator[tuple[Number, Iterator[Factors]]]:
    """Every judgement word that reaches the network of this crowd, with the factors at both ends of its range."""
    knowledge, setting = crowd.knowledge, crowd.built.setting
    for column, cause in enumerate(crowd.built.causes):
        number = cause.prior.get(setting)
        if number is not None:
            yield number, _prior_moves(crowd, number, column)
        for name, odds in ((AGE, cause.age_odds), (SEX, cause.sex_odds)):
            for level, number in odds.items():
                yield number, _risk_moves(crowd, name, level, number, column)
        for node, number in cause.risks.items():
            yield number, _risk_moves(crowd, RISK + node, "yes", number, column)
        for node, link in cause.links.items():
            if isinstance(link, Number):
                yield link, _link_moves(crowd, node, "", link, column)
            else:
                for state, number in link.items():
                    yield number, _link_moves(crowd, node, state, number, column)
    for finding in knowledge.findings.values():
        background = finding.background
        if isinstance(background, Number):
            yield background, _link_moves(crowd, finding.id, "", background, None)
        elif finding.kind == "ordinal":
            for state, number in background.items():
                yield number, _link_moves(crowd, finding.id, state, number, None)
        else:
            for state, number in background.items():
                yield number, _link_moves(crowd, f"{finding.id}.{state}", "", number, None)
    other = knowledge.settings[setting].other
    yield other, _prior_moves(crowd, other, None)


def _families(crowd: _Crowd, names: Sequence[str], factors: Factors) -> FloatArray:
    """Chances (people, families) with every weight multiplied by its factor."""
    weight = crowd.odds * factors[0]
    chance = weight / (weight.sum(axis=1) + factors[1])[:, None]
    member = np.array([[cause.family == name for name in names] for cause in crowd.built.causes], dtype=float)
    return np.asarray(chance @ member)


def judgement_influence(
    people: Sequence[Answers], knowledge: Knowledge, *, count: int = 10, progress: Progress | None = None
) -> Mapping[str, tuple[Influence, ...]]:
    """Family -> its ``count`` most influential judgements, strongest first.

    ``progress`` is told (done, of how many) after each setting's judgements. Raises ContradictoryEvidence when
    somebody's answers cannot all be true.
    """
    names = list(knowledge.families)
    ordered = sorted(people, key=lambda person: person.setting)
    total: dict[str, tuple[Number, FloatArray]] = {}
    usual = np.zeros(len(names))
    settings = [(setting, list(group)) for setting, group in groupby(ordered, key=lambda person: person.setting)]
    for done, (setting, group) in enumerate(settings, 1):
        crowd = _Crowd.of(group, setting, knowledge)
        base = _families(crowd, names, crowd.same()).sum(0)
        usual += base
        for number, moves in _judgements(crowd):
            if not number.word:
                continue
            ends = [_families(crowd, names, factors) for factors in moves]
            if len(ends) == 2:
                now = np.array([np.abs(ends[1] - ends[0]).sum(0), ends[0].sum(0) - base, ends[1].sum(0) - base])
                before = total[number.id][1] if number.id in total else np.zeros((3, len(names)))
                total[number.id] = (number, before + now)
        if progress:
            progress(done, len(settings))
    for number_id, (number, sums) in total.items():  # people of settings it does not reach stay where they are
        total[number_id] = (number, sums + np.array([np.zeros(len(names)), usual, usual]))
    return _strongest(total, names, len(people), count)


def _strongest(
    total: Mapping[str, tuple[Number, FloatArray]], names: Sequence[str], people: int, count: int
) -> dict[str, tuple[Influence, ...]]:
    found: dict[str, tuple[Influence, ...]] = {}
    for place, family in enumerate(names):
        rows = [
            Influence(family, number, *(float(value) / people for value in sums[:, place]))
            for number, sums in total.values()
        ]
        found[family] = tuple(sorted(rows, key=lambda row: (-row.moves, row.number.id))[:count])
    return found
