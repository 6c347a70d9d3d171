"""Whether an item may be offered to this person: blocked, awaiting answers, warned about, or free.

The order is fixed and nothing later can undo a block: ages, raised red flags, contraindications, chances. What is
needed and unknown is asked, never assumed; "not sure" blocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from midback.answers import Reply
from midback.assessment import Assessment
from midback.care.items import CareItem, Caution, Exercise, Target
from midback.knowledge import Knowledge
from midback.knowledge.conditions import Condition, condition_leaves
from midback.safety import Truth, evaluate, open_findings

__all__ = ["Because", "Verdict", "share_of", "target_share", "weigh"]

HANDS_ON = frozenset({"manual", "needle", "injection", "surgery", "device", "activity"})
ROUTES_AWAY = frozenset({"within_2_weeks", "same_day", "emergency_now"})


@dataclass(frozen=True, slots=True)
class Because:
    """Why an item is blocked or comes with a warning.

    ``kind`` is ``caution``, ``not_sure``, ``not_asked`` (warnings only), ``age``, ``red_flag`` or ``chance``; ``text``
    names a sentence in the item's words, or is the kind itself where the sentence is general; ``findings`` are the
    answers behind it, for ``red_flag`` the rules.
    """

    kind: str
    text: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Blocked when ``blocks`` is not empty; else awaiting when ``ask`` is not empty; else it may be offered."""

    blocks: tuple[Because, ...]
    ask: tuple[str, ...]
    warnings: tuple[Because, ...]

    @property
    def free(self) -> bool:
        """Whether the item may be offered now."""
        return not self.blocks and not self.ask


def share_of(assessment: Assessment, target: Target) -> tuple[float, float, float]:
    """Chance (0-1) that the main cause is among the target's, with a range; 1 for everybody.

    The range adds the ends of the parts, which is wider than a range of the sum: it never looks surer than it is.
    """
    if target.everybody:
        return 1.0, 1.0, 1.0
    families = [row for row in assessment.families if row.id in target.families]
    inside = {member.id for family in families for member in family.members}
    causes = [row for row in assessment.causes if row.id in target.causes and row.id not in inside]
    rows = families + causes
    point, low, high = (sum(getattr(row, name) for row in rows) for name in ("chance", "lo95", "hi95"))
    return min(point, 1.0), min(low, 1.0), min(max(high, point), 1.0)


def target_share(assessment: Assessment, target: Target) -> float:
    """The headline chance (0-1) that the main cause is among the target's."""
    return share_of(assessment, target)[0]


def _unknown(condition: Condition, assessment: Assessment, knowledge: Knowledge) -> tuple[str, ...]:
    """The unasked findings, and age or sex, that could still make the condition true."""
    answers = assessment.answers
    subjects = {leaf.subject for leaf in condition_leaves(condition)}
    person = [
        name for name, value in (("age", answers.age), ("sex", answers.sex)) if name in subjects and value is None
    ]
    return (*person, *open_findings(condition, answers, knowledge))


def _behind(condition: Condition, assessment: Assessment, knowledge: Knowledge, least: Truth) -> tuple[str, ...]:
    leaves = (leaf for leaf in condition_leaves(condition) if leaf.subject not in ("age", "sex"))
    held = (leaf.subject for leaf in leaves if evaluate(leaf, assessment.answers, knowledge) >= least)
    return tuple(dict.fromkeys(held))


def _weigh_cautions(
    cautions: Iterable[Caution], assessment: Assessment, knowledge: Knowledge
) -> tuple[list[Because], list[str], list[Because]]:
    blocks: list[Because] = []
    ask: list[str] = []
    warnings: list[Because] = []
    for caution in cautions:
        truth = evaluate(caution.when, assessment.answers, knowledge)
        if truth is Truth.TRUE:
            because = Because("caution", caution.text, _behind(caution.when, assessment, knowledge, Truth.TRUE))
            (blocks if caution.action == "block" else warnings).append(because)
        elif truth is Truth.NOT_SURE:
            because = Because("not_sure", caution.text, _behind(caution.when, assessment, knowledge, Truth.NOT_SURE))
            (blocks if caution.not_sure == "block" else warnings).append(because)
        unknown = _unknown(caution.when, assessment, knowledge)
        if truth is Truth.OPEN and caution.not_sure == "caution":
            warnings.append(Because("not_asked", caution.text, unknown))
        elif truth is Truth.OPEN:
            ask += unknown
        for need in caution.needs:
            reply = assessment.answers.reply(need)
            if reply is Reply.NOT_SURE:
                blocks.append(Because("not_sure", caution.text, (need,)))
            elif reply is None and knowledge.findings[need].applies_to(assessment.answers.age, assessment.answers.sex):
                ask.append(need)
    return blocks, ask, warnings


def _red_flags(assessment: Assessment) -> tuple[str, ...]:
    """The raised or possible rules that send a person to be seen before anything is done to the back."""
    return tuple(
        state.flag.id
        for state in assessment.triage.flags
        if state.truth >= Truth.NOT_SURE and state.flag.level in ROUTES_AWAY
    )


def weigh(item: CareItem | Exercise, assessment: Assessment, knowledge: Knowledge) -> Verdict:
    """Whether ``item`` may be offered to this person, why not, and what must be asked first.

    Pure. A block stays a block whatever else is answered, as long as the answer behind it stands.
    """
    answers = assessment.answers
    blocks, ask, warnings = _weigh_cautions(item.cautions, assessment, knowledge)
    limited = item.age_from > 0 or item.age_to < 120
    if answers.age is None:
        ask += ["age"] if limited else []
    elif not item.age_from <= answers.age <= item.age_to:
        blocks.append(Because("age", "age"))
    hands_on = isinstance(item, Exercise) or item.kind in HANDS_ON
    flags = _red_flags(assessment) if hands_on else ()
    if flags and not (isinstance(item, CareItem) and item.step == "urgent"):
        blocks.append(Because("red_flag", "red_flag", flags))
    if isinstance(item, CareItem):
        for rule in item.unless_chance:
            if 100 * target_share(assessment, rule.target) >= rule.percent:
                blocks.append(Because("chance", rule.text))
    return Verdict(tuple(dict.fromkeys(blocks)), tuple(dict.fromkeys(ask)), tuple(dict.fromkeys(warnings)))
