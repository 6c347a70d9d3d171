"""The one function every interface calls: answers in, an honest assessment out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from midback import inference as engine
from midback.answers import Answers
from midback.knowledge import Cause, Knowledge, Number
from midback.network import (
    RISK,
    BuiltNetwork,
    StillThere,
    build_network,
    evidence_of,
    finding_node,
    with_elapsed_time,
)
from midback.safety import Change, Settled, TriageResult, changes_that_matter, choose_level

__all__ = ["DRAWS", "MODEL_VERSION", "Assessment", "Chance", "Moved", "assess", "network_for"]

MODEL_VERSION = "1"
DRAWS = 2000
SIMULATED = 400  # made-up people that a picture is compared with before it is called unfamiliar
MOSTLY_JUDGEMENT = 0.5  # above this share of judgement a result shows order, not figures (docs/safety)


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely one cause, or one family, is the main cause: headline and 95 % range, all 0-1."""

    id: str
    chance: float
    lo95: float
    hi95: float
    dangerous: bool
    members: tuple[Chance, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """How far one answer moved one cause: decibans (10 = ten times the odds), and the number behind it."""

    finding: str
    node: str
    answer: str
    cause: str
    decibans: float
    number: Number | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything one set of answers says under one version of the knowledge.

    ``families`` are what people are shown, most likely first; ``reported`` joins families no sign can separate;
    ``causes`` are the finest the model goes; with ``other`` each list sums to 1. ``judgement_share`` is the share of
    what moved the result that rests on judgement instead of a source.
    """

    answers: Answers
    triage: TriageResult
    families: tuple[Chance, ...]
    reported: tuple[Chance, ...]
    causes: tuple[Chance, ...]
    other: Chance
    any_dangerous: Chance
    dangerous: tuple[Chance, ...]
    risk_states: tuple[str, ...]
    moved: tuple[Moved, ...]
    changes: tuple[Change, ...]
    not_asked: tuple[str, ...]
    judgement_share: float
    certificate: engine.Certificate
    knowledge_version: str
    knowledge_hashes: Mapping[str, str]
    shows_differential: bool = True  # not under six: a child that young is seen the same day whatever the cause
    model_version: str = MODEL_VERSION

    @property
    def level(self) -> str:
        """The triage level."""
        return self.triage.level

    @property
    def certain(self) -> bool:
        """False when the result cannot tell; ``triage.reasons`` and ``changes`` say what would settle it."""
        return self.triage.certain

    @property
    def shows_figures(self) -> bool:
        """Whether figures may be shown, or only the order, because too much rests on judgement."""
        return self.judgement_share <= MOSTLY_JUDGEMENT


def _main_cause(present: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Chances of being the main cause (n, ...) from those of being present: they sum to 1 with ``other`` (...)."""
    total = present.sum(axis=0)
    shared: np.ndarray = present * np.divide(1 - other, total, out=np.zeros_like(total), where=total > 0)
    return shared


@dataclass(frozen=True, slots=True)
class _Shares:
    """Main-cause chances: the headline (n,) of each cause and the same at each draw (n, S), if there are draws."""

    point: np.ndarray
    draws: np.ndarray | None

    @classmethod
    def of(cls, posterior: engine.Posterior) -> _Shares:
        point = _main_cause(posterior.chance, np.array(posterior.other))
        if posterior.drawn is None:
            return cls(point, None)
        chance = posterior.drawn.chance
        return cls(point, _main_cause(chance[:-1], chance[-1]))

    def ranged(self, member: np.ndarray | None = None) -> list[tuple[float, float, float]]:
        """Headline, lo95, hi95 of each cause, or of groups of them: ``member`` (groups, n) is 1 where one belongs."""
        point = self.point if member is None else member @ self.point
        low = high = point
        if self.draws is not None:
            low, high = engine.range_of(
                (self.draws if member is None else member.astype(self.draws.dtype) @ self.draws).T, point
            )
        return list(zip(point.tolist(), low.tolist(), high.tolist(), strict=True))


def _single_causes(shares: _Shares, built: BuiltNetwork) -> tuple[Chance, ...]:
    """Every cause with its chance and range, in the network's order."""
    return tuple(
        Chance(cause.id, *row, dangerous=cause.dangerous)
        for cause, row in zip(built.causes, shares.ranged(), strict=True)
    )


def _grouped(
    shares: _Shares, built: BuiltNetwork, singles: tuple[Chance, ...], group_of: Mapping[str, str]
) -> tuple[Chance, ...]:
    """The causes gathered into families, or into what families are reported as, most likely first."""
    inside: dict[str, list[int]] = {}
    for place, cause in enumerate(built.causes):
        inside.setdefault(group_of[cause.family], []).append(place)
    member = np.zeros((len(inside), len(singles)))
    for row, places in zip(member, inside.values(), strict=True):
        row[places] = 1
    groups = []
    for (name, places), chance in zip(inside.items(), shares.ranged(member), strict=True):
        ranked = tuple(sorted((singles[place] for place in places), key=lambda single: -single.chance))
        groups.append(Chance(name, *chance, dangerous=any(one.dangerous for one in ranked), members=ranked))
    return tuple(sorted(groups, key=lambda chance: (-chance.chance, chance.id)))


def _answer_text(answers: Answers, node: str) -> str:
    answer = answers.given[finding_node(node)]
    if isinstance(answer, frozenset):
        return "yes" if node.partition(".")[2] in answer else "no"
    return str(answer)


def _numbers_behind(node: str, causes: Sequence[Cause], answer: str, knowledge: Knowledge) -> Iterator[Number | None]:
    """The number that carries this answer's weight on each cause: its own, else the background it is silently given."""
    usual = knowledge.findings[finding_node(node)].background
    background = usual.get(node.partition(".")[2] or answer) if isinstance(usual, Mapping) else usual
    risk = node.removeprefix(RISK) if node.startswith(RISK) else None
    for cause in causes:
        link = cause.links.get(node) if risk is None else cause.risks.get(risk)
        if link is None:
            yield background
        else:
            yield link.get(answer) if isinstance(link, Mapping) else link


def _moved(
    built: BuiltNetwork, posterior: engine.Posterior, answers: Answers, shares: _Shares, knowledge: Knowledge
) -> tuple[Moved, ...]:
    """Every answer's leave-one-out weight on every cause worth naming, strongest first."""
    weights = engine.weights(built.network, posterior.evidence, posterior=posterior)
    likely = set((-shares.point).argsort(kind="stable")[:12].tolist())
    named = [place for place, cause in enumerate(built.causes)
             if place in likely or (cause.dangerous and shares.point[place] >= 0.005)]  # fmt: skip
    # In the order of their names, which is the order of equal weights.
    named.sort(key=lambda place: built.causes[place].id)
    places = [place for place, node in enumerate(weights.names) if finding_node(node) in answers.given]
    places.sort(key=lambda place: weights.names[place])
    causes = [knowledge.causes[built.causes[place].id] for place in named]
    sizes = weights.decibans[np.ix_(places, named)]
    rows: list[Moved] = []
    for place, own in zip(places, sizes.tolist(), strict=True):
        node = weights.names[place]
        finding, answer = finding_node(node), _answer_text(answers, node)
        numbers = _numbers_behind(node, causes, answer, knowledge)
        rows += [Moved(finding, node, answer, cause.id, size, number)
                 for cause, size, number in zip(causes, own, numbers, strict=True)]  # fmt: skip
    strongest = (-np.abs(sizes) * np.sqrt(shares.point[named])).argsort(axis=None, kind="stable")
    return tuple(rows[place] for place in strongest.tolist())


def _judgement_share(moved: tuple[Moved, ...], shares: _Shares, built: BuiltNetwork) -> float:
    """The share of all movement, weighted by chance, that rests on judgement; priors count as one answer of 10 dB."""
    chance = dict(zip((cause.id for cause in built.causes), shares.point, strict=True))
    total = judged = 0.0
    for row in moved:
        size = abs(row.decibans) * float(chance[row.cause])
        total += size
        judged += size if row.number is None or row.number.is_judgement else 0.0
    for cause in built.causes:
        size = 10.0 * float(chance[cause.id])
        total += size
        judged += size if built.prior_numbers[cause.id].is_judgement else 0.0
    return judged / total if total else 1.0


def _risk_states(answers: Answers, knowledge: Knowledge) -> tuple[str, ...]:
    """Silent states (osteoporosis) that the answers show or make likely: named, never ranked."""
    states = []
    for cause in knowledge.causes.values():
        if cause.role == "risk_state":
            yes = sum(answers.said_yes(name) for name in (*cause.risks, *cause.links))
            if answers.said_yes(cause.id) or yes >= 2:
                states.append(cause.id)
    return tuple(states)


@lru_cache(maxsize=64)
def _built(knowledge: Knowledge, setting: str, band: str | None) -> BuiltNetwork:
    """The setting's network with the share of people with several causes at this age."""
    from dataclasses import replace

    built = build_network(knowledge, setting)
    if band is None:
        return built
    several = knowledge.settings[setting].several[band]
    return replace(built, network=replace(built.network, several=several))


def network_for(answers: Answers, knowledge: Knowledge) -> BuiltNetwork:
    """The network that fits this person's setting and age."""
    band = knowledge.age_band(answers.age) if answers.age is not None else None
    return _built(knowledge, answers.setting, band)


def assess(
    answers: Answers,
    knowledge: Knowledge,
    *,
    draws: int = DRAWS,
    stays: Mapping[str, StillThere] | None = None,
    today: Answers | None = None,
    settled: Mapping[str, Settled] | None = None,
) -> Assessment:
    """How urgent, what it could be with 95 % ranges, why, and what would change it.

    Pure: equal answers and equal knowledge give an equal assessment, whatever the order of the answers. ``draws`` = 0
    leaves the ranges at the headline and is meant for question pages only. Raises ContradictoryEvidence when the
    answers cannot all be true under the knowledge.

    For follow-up alone: ``stays`` is, for each cause, how often pain from it is still there after the time that passed
    since these answers; ``today`` are the same answers with that time, for the rules; ``settled`` are the raised rules
    whose reason a clinician found. No chance hangs on the last two.

    >>> from midback.knowledge import load_knowledge
    >>> from midback.answers import Answers
    >>> assess(Answers(age=40), load_knowledge(), draws=0).level
    'within_2_weeks'
    """
    built = network_for(answers, knowledge)
    evidence = evidence_of(answers, built, knowledge)
    if stays:
        built, evidence = with_elapsed_time(built, evidence, stays)
    posterior = engine.infer(
        built.network, evidence, max_causes=knowledge.max_causes, draws=draws, simulated=SIMULATED if draws else 0
    )
    triage = choose_level(answers, knowledge, built, posterior, today=today, settled=settled)
    shares = _Shares.of(posterior)
    moved = _moved(built, posterior, answers, shares, knowledge)
    singles = _single_causes(shares, built)
    families = _grouped(shares, built, singles, {family: family for family in knowledge.families})
    causes = tuple(sorted(singles, key=lambda chance: (-chance.chance, chance.id)))
    danger = posterior.any([cause.id for cause in built.causes if cause.dangerous])
    asked = set(answers.given)
    hashes = knowledge.hashes
    return Assessment(
        answers=answers, triage=triage, families=families,
        reported=_grouped(shares, built, singles, knowledge.families), causes=causes,
        other=Chance("other", posterior.other, posterior.other_lo95, posterior.other_hi95, dangerous=False),
        any_dangerous=Chance("any_dangerous", *danger, dangerous=True),
        dangerous=_danger_list(built, causes, knowledge),
        risk_states=_risk_states(answers, knowledge), moved=moved,
        changes=changes_that_matter(answers, knowledge, built, posterior, triage),
        not_asked=tuple(name for name, finding in knowledge.findings.items()
                        if name not in asked and finding.applies_to(answers.age, answers.sex)
                        and finding.answered_by == "person"),
        judgement_share=_judgement_share(moved, shares, built), certificate=posterior.certificate,
        shows_differential=answers.age is None or answers.age >= knowledge.triage.no_differential_under_age,
        knowledge_version=knowledge.version,
        knowledge_hashes={"network": hashes.network, "rules": hashes.rules, "care": hashes.care},
    )  # fmt: skip


def _danger_list(built: BuiltNetwork, causes: tuple[Chance, ...], knowledge: Knowledge) -> tuple[Chance, ...]:
    """Dangerous causes by chance times what missing them costs, never by how well they explain."""
    loss = knowledge.triage.harm
    worth = {cause.id: max(loss[cause.harm].values()) for cause in built.causes}
    dangerous = [chance for chance in causes if chance.dangerous and chance.chance > 0]
    return tuple(sorted(dangerous, key=lambda chance: -chance.chance * worth[chance.id]))
