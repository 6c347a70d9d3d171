"""What could still change the advice: the unasked answers that would bring another level, likeliest first."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from midback import inference as engine
from midback.answers import Answers
from midback.knowledge import Knowledge
from midback.knowledge.conditions import Condition, Leaf
from midback.network import BuiltNetwork, finding_node
from midback.safety.rules import Truth, Truths
from midback.safety.triage import TriageResult

__all__ = ["Change", "changes_that_matter", "danger_values"]

WORTH_NAMING = 0.0005  # an answer less likely than this would only frighten


@dataclass(frozen=True, slots=True)
class Change:
    """One answer nobody gave yet, and the level it would bring. ``chance`` (0-1) is how likely that answer is."""

    finding: str
    answer: str
    level: str
    by: str  # the red flag's id, or "expected_harm"
    chance: float | None


def _deciding_leaves(condition: Condition, truths: Truths) -> Iterator[Leaf]:
    """Open leaves any one of which would make ``condition`` true."""
    if isinstance(condition, Leaf):
        if truths.of(condition) is Truth.OPEN and condition.subject not in ("age", "sex"):
            yield condition
        return
    true = sum(truths.of(part) is Truth.TRUE for part in condition.parts)
    if true == condition.count - 1:
        for part in condition.parts:
            if truths.fewest_answers(part) == 1:
                yield from _deciding_leaves(part, truths)


def _by_rule(answers: Answers, knowledge: Knowledge, triage: TriageResult, names: list[str]) -> Iterator[Change]:
    truths = Truths(answers, knowledge)
    for state in triage.flags:
        if state.truth is Truth.OPEN and names.index(state.flag.level) > names.index(triage.level):
            for leaf in _deciding_leaves(state.flag.when, truths):
                answer = leaf.test if leaf.test in ("yes", "no") else str(leaf.values[0])
                yield Change(leaf.subject, answer, state.flag.level, state.flag.id, None)


def danger_values(
    built: BuiltNetwork,
    evidence: engine.Evidence,
    answers: Answers,
    knowledge: Knowledge,
    answerers: Container[str],
    posterior: engine.Posterior | None = None,
) -> engine.QuestionValues:
    """The value of every unasked question that applies and that one of ``answerers`` (person, examiner, test) can
    answer.

    Under the triage losses, at the headline numbers.
    """
    names = [
        node.name for node in built.network.findings
        if (finding := finding_node(node.name)) not in answers.given
        and knowledge.findings[finding].answered_by in answerers
        and knowledge.findings[finding].applies_to(answers.age, answers.sex)
    ]  # fmt: skip
    return engine.question_values(
        built.network, evidence, built.cost, built.harm, built.dangerous,
        temperature=knowledge.interview.soft_temperature, names=names, posterior=posterior,
    )  # fmt: skip


def _by_harm(
    values: engine.QuestionValues,
    levels: Mapping[str, tuple[str, ...]],
    triage: TriageResult,
    names: list[str],
) -> Iterator[Change]:
    here = names.index(triage.level)
    # Values are those at the headline numbers: where the spread of the numbers set the level, they cannot lower it.
    lower_allowed = (
        triage.screen.complete and triage.decision.mean_best == here
        and not triage.reasons[0].kind.startswith("red_flag")
    )  # fmt: skip
    for place, node in enumerate(values.names):
        for step, answer in enumerate(levels[node]):
            chance, action = float(values.level_chance[place, step]), int(values.level_action[place, step])
            if chance >= WORTH_NAMING and (action > here or (action < here and lower_allowed)):
                yield Change(finding_node(node), answer, names[action], "expected_harm", chance)


def changes_that_matter(
    answers: Answers,
    knowledge: Knowledge,
    built: BuiltNetwork,
    posterior: engine.Posterior,
    triage: TriageResult,
) -> tuple[Change, ...]:
    """Unasked answers that would each, alone, bring another level: more urgent first, then the likelier.

    A lower level is only offered where no rule is raised and the safety screen is complete.
    """
    names = [level.name for level in knowledge.triage.levels]
    reachable = ("person",) if answers.setting == "self_check" else ("person", "examiner", "test")
    values = danger_values(built, posterior.evidence, answers, knowledge, reachable, posterior)
    levels = {finding.name: finding.levels for finding in built.network.findings}
    chances = {
        (node, level): float(values.level_chance[place, step])
        for place, node in enumerate(values.names)
        for step, level in enumerate(levels[node])
    }
    found: dict[tuple[str, str], Change] = {}
    for change in [*_by_rule(answers, knowledge, triage, names), *_by_harm(values, levels, triage, names)]:
        if knowledge.findings[change.finding].answered_by not in reachable:
            continue
        key = (change.finding, change.answer)
        if key not in found or names.index(change.level) > names.index(found[key].level):
            chance = change.chance if change.chance is not None else chances.get(key)
            found[key] = Change(change.finding, change.answer, change.level, change.by, chance)
    asked_of = {"person": 0, "examiner": 1, "test": 2}

    def order(change: Change) -> tuple[int, int, float, str]:
        finding = knowledge.findings[change.finding]
        return (
            asked_of[finding.answered_by],
            -names.index(change.level),
            -(change.chance or 0.0),
            change.finding,
        )

    return tuple(sorted(found.values(), key=order))
