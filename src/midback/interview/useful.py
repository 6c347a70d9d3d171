"""What would help most next, by who can answer it, and what each answer would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from midback import inference as engine
from midback.answers import Answers
from midback.assessment import network_for
from midback.errors import AnswersRefused, ContradictoryEvidence
from midback.knowledge import Finding, Knowledge
from midback.network import evidence_of, finding_node
from midback.safety import choose_level, danger_values

__all__ = ["ANSWERERS", "Outcome", "Useful", "useful_next"]

ANSWERERS = ("person", "examiner", "test")
NAMED_CAUSES = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer would do: ``chance`` (0-1) of it, the level and the chance of any serious cause after it, and
    the causes that would then stand first, each with its chance of being present."""

    answer: str
    chance: float
    level: str
    danger: float
    causes: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Useful:
    """One unasked finding and what it is worth: expected gain in harm avoided plus information about danger, less
    its burden, in the units of harm that the next question is chosen by."""

    finding: str
    answered_by: str
    worth: float
    outcomes: tuple[Outcome, ...]


def _worth(values: engine.QuestionValues, answers: Answers, knowledge: Knowledge) -> dict[str, float]:
    """Worth of every unasked finding that can be asked of this person."""
    dials = knowledge.interview
    scores: dict[str, float] = {}
    for place, node in enumerate(values.names):
        finding = knowledge.findings[finding_node(node)]
        if (
            finding.id in answers.given or finding.on_help_card or finding.kind in ("many_of", "one_of")
            or not finding.applies_to(answers.age, answers.sex)
        ):  # fmt: skip
            continue
        gain = float(values.soft_evsi[place]) + dials.danger_weight * float(values.information[place])
        score = gain - dials.burden_cost * finding.burden
        scores[finding.id] = max(scores.get(finding.id, score), score)
    return scores


def _outcomes(
    finding: Finding, values: engine.QuestionValues, answers: Answers, knowledge: Knowledge
) -> Iterator[Outcome]:
    place = values.names.index(finding.id)
    replies = finding.states or ("no", "yes")  # the engine's levels, in its order
    built = network_for(answers, knowledge)
    for step, reply in enumerate(replies):
        try:
            then = answers.with_answers({finding.id: reply}, knowledge)
            posterior = engine.infer(
                built.network,
                evidence_of(then, built, knowledge),
                max_causes=knowledge.max_causes,
                draws=0,
                simulated=0,
            )
        except (AnswersRefused, ContradictoryEvidence):
            continue  # an answer that cannot be is no outcome
        triage = choose_level(then, knowledge, built, posterior)
        danger = posterior.any([cause.id for cause in built.causes if cause.dangerous])[0]
        first = [int(number) for number in (-posterior.chance).argsort()[:NAMED_CAUSES]]
        causes = tuple((built.causes[number].id, float(posterior.chance[number])) for number in first)
        yield Outcome(reply, float(values.level_chance[place, step]), triage.level, float(danger), causes)


def useful_next(answers: Answers, knowledge: Knowledge, most: int = 3) -> tuple[Useful, ...]:
    """The ``most`` unasked findings worth most for each kind of answerer, person first, best first within a kind.

    Worked out at the headline numbers, without draws, so a level may be one that the full result would raise. Where
    pain is and other choices of several are left out.

    >>> from midback.knowledge import load_knowledge
    >>> {row.answered_by for row in useful_next(Answers(age=60), load_knowledge(), most=1)} == {*ANSWERERS}
    True
    """
    built = network_for(answers, knowledge)
    values = danger_values(built, evidence_of(answers, built, knowledge), answers, knowledge, ANSWERERS)
    scores = _worth(values, answers, knowledge)
    rows = []
    for kind in ANSWERERS:
        own = [name for name in scores if knowledge.findings[name].answered_by == kind]
        for name in sorted(own, key=lambda name: (-scores[name], name))[:most]:
            finding = knowledge.findings[name]
            rows.append(Useful(name, kind, scores[name], tuple(_outcomes(finding, values, answers, knowledge))))
    return tuple(rows)
