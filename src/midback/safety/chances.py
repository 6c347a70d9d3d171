"""How likely it is that the answers still missing would make a rule true."""

from __future__ import annotations

from collections.abc import Container, Mapping

from midback import inference as engine
from midback.knowledge import Knowledge
from midback.knowledge.conditions import Condition, Leaf
from midback.network import BuiltNetwork, finding_node
from midback.safety.rules import Truth, Truths

__all__ = ["answer_chances", "chance_of"]

UNLINKED = 0.01  # a finding that no cause speaks of, such as a reported scan: asked about, seldom so


def answer_chances(
    values: engine.QuestionValues, built: BuiltNetwork, knowledge: Knowledge, answerers: Container[str]
) -> dict[str, float]:
    """Chance (0-1) of a yes to each unasked finding, and of each level and option as ``finding.state``.

    Only of findings that one of ``answerers`` (person, examiner, test) can answer: what cannot be asked here cannot
    make a rule true here.
    """
    levels = {finding.name: finding.levels for finding in built.network.findings}
    chances: dict[str, float] = {}
    for place, node in enumerate(values.names):
        if knowledge.findings[finding_node(node)].answered_by not in answerers:
            continue
        for step, level in enumerate(levels[node]):
            key = node if level == "yes" else f"{node}.{level}"
            chances[key] = float(values.level_chance[place, step])
    for finding in knowledge.findings.values():
        if finding.kind == "binary" and finding.id not in levels and finding.answered_by in answerers:
            background = finding.background
            value = getattr(background, "value", None)
            chances[finding.id] = (
                value.value / 100 if value else _word_chance(getattr(background, "word", None), knowledge)
            )
    return chances


def _word_chance(word: str | None, knowledge: Knowledge) -> float:
    return knowledge.word_widths["finding"][word].value if word else UNLINKED


def _leaf_chance(leaf: Leaf, truths: Truths, chances: Mapping[str, float]) -> float:
    truth = truths.of(leaf)
    if truth is not Truth.OPEN:
        return {Truth.TRUE: 1.0, Truth.NOT_SURE: 0.5, Truth.FALSE: 0.0}[truth]
    if leaf.subject in ("age", "sex"):
        return 0.5
    if leaf.test in ("yes", "no"):
        yes = chances.get(leaf.subject, 0.0)
        return yes if leaf.test == "yes" else 1 - yes
    states = truths.knowledge.findings[leaf.subject].states
    wanted = set(leaf.values)
    if leaf.test == "at_least":
        wanted = set(states[states.index(str(leaf.values[0])) :])
    return min(sum(chances.get(f"{leaf.subject}.{state}", 0.0) for state in wanted), 1.0)


def chance_of(condition: Condition, truths: Truths, chances: Mapping[str, float]) -> float:
    """Chance (0-1) that ``condition`` comes true, taking the missing answers as independent.

    For at least k of n parts: the upper tail of the Poisson binomial, by adding one part at a time.
    """
    if isinstance(condition, Leaf):
        return _leaf_chance(condition, truths, chances)
    true_so_far = [1.0] + [0.0] * condition.count  # the last entry gathers "k or more"
    for part in condition.parts:
        p = chance_of(part, truths, chances)
        for k in range(condition.count, 0, -1):
            stays = true_so_far[k] if k == condition.count else true_so_far[k] * (1 - p)
            true_so_far[k] = stays + true_so_far[k - 1] * p
        true_so_far[0] *= 1 - p
    return min(true_so_far[condition.count], 1.0)
