"""The next question, by safety first and then by worth: the whole question policy on one page.

Order: who, the emergency screen, age and sex, place, onset, duration, severity, the safety pages; then whatever red
flag is still within two answers of being raised; then the question worth most. The state is the answers, so any
program can run an interview with no memory of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from midback import inference as engine
from midback.answers import Answers
from midback.assessment import network_for
from midback.knowledge import Knowledge, Page
from midback.knowledge.conditions import Leaf
from midback.network import BuiltNetwork, evidence_of, finding_node
from midback.safety import (
    FlagState,
    Truth,
    danger_values,
    evaluate,
    fewest_answers,
    flag_states,
    open_findings,
)

__all__ = ["Done", "Question", "next_question", "questions_answered"]

PERSON_FIELDS = ("age", "sex")
NEAR = 2  # a rule this many unasked answers from being raised keeps the interview open
LIKELY_ENOUGH = 0.01  # an answer rarer than this does not keep the interview open
PAGE_LENGTH = 6  # more boxes than this on one page are skimmed, not read
ASKED_AFTER = "emergency"  # pages whose id begins so come before anything personal


@dataclass(frozen=True, slots=True)
class Question:
    """One page to show. ``items`` are finding ids, or ``age`` / ``sex``; ``why`` names the reason it is asked."""

    id: str
    kind: str  # checklist | single | number | choice
    items: tuple[str, ...]
    why: str  # emergency | person | opening | safety | red_flag | worth
    flags: tuple[str, ...] = ()
    asked_so_far: int = 0
    usually_left: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Done:
    """The interview has ended. ``why``: emergency | too_young | complete | nothing_to_gain | enough_asked."""

    why: str
    asked_so_far: int


def _answerers(answers: Answers) -> tuple[str, ...]:
    """Whose answers can be had: a clinician's setting also has examination; tests are never asked for by themselves."""
    return ("person",) if answers.setting == "self_check" else ("person", "examiner")


def _open_items(page: Page, answers: Answers, knowledge: Knowledge) -> tuple[str, ...]:
    items = []
    for name in page.findings:
        finding = knowledge.findings[name]
        if name in answers.given or not finding.applies_to(answers.age, answers.sex):
            continue
        if finding.kind == "binary" and evaluate(Leaf(name, "yes", ()), answers, knowledge) is not Truth.OPEN:
            continue  # another answer already settles it
        items.append(name)
    return tuple(items)


def questions_answered(answers: Answers, knowledge: Knowledge) -> int:
    """How many pages have been answered: boxes of one page count once, as the person saw them."""
    pages = knowledge.interview.opening + knowledge.interview.safety
    on_page = {name: page.id for page in pages for name in page.findings}
    seen = {on_page.get(name, name) for name in answers.given}
    return len(seen) + (answers.age is not None) + (answers.sex is not None)


def _pages(answers: Answers, knowledge: Knowledge) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """(id, kind, items, why) of the fixed part that is still open, in order."""
    first = [page for page in knowledge.interview.opening if page.id.startswith(ASKED_AFTER)]
    for page in first:
        if items := _open_items(page, answers, knowledge):
            yield page.id, page.kind, items, "emergency"
    if answers.age is None:
        yield "age", "number", ("age",), "person"
    if answers.sex is None:
        yield "sex", "choice", ("sex",), "person"
    for page in knowledge.interview.opening:
        if page not in first and (items := _open_items(page, answers, knowledge)):
            yield page.id, page.kind, items, "opening"
    for page in knowledge.interview.safety:
        if items := _open_items(page, answers, knowledge):
            yield page.id, page.kind, items, "safety"


def _near_flags(flags: tuple[FlagState, ...], answers: Answers, knowledge: Knowledge) -> dict[str, list[str]]:
    """Unasked findings of rules that could still be raised within NEAR answers, each with those rules."""
    names = [level.name for level in knowledge.triage.levels]
    raised = [names.index(state.flag.level) for state in flags if state.truth is Truth.TRUE]
    here = max(raised, default=0)
    answerers = _answerers(answers)
    wanted: dict[str, list[str]] = {}
    for state in flags:
        if state.truth is not Truth.OPEN or names.index(state.flag.level) <= here:
            continue
        if fewest_answers(state.flag.when, answers, knowledge) <= NEAR:
            for name in open_findings(state.flag.when, answers, knowledge):
                if name in knowledge.findings and knowledge.findings[name].answered_by in answerers:
                    wanted.setdefault(name, []).append(state.flag.id)
    return wanted


def _flag_page(wanted: dict[str, list[str]], knowledge: Knowledge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The boxes of one page: findings of one section that settle the most rules; a finding with levels stands alone."""
    order = {level.name: place for place, level in enumerate(knowledge.triage.levels)}

    def worth(name: str) -> tuple[int, int, str]:
        urgency = max(order[knowledge.red_flags[flag].level] for flag in wanted[name])
        return (-urgency, -len(wanted[name]), name)

    ranked = sorted(wanted, key=worth)
    lead = knowledge.findings[ranked[0]]
    if lead.kind != "binary":
        return (lead.id,), tuple(wanted[lead.id])
    boxes = [name for name in ranked if knowledge.findings[name].kind == "binary"]
    boxes.sort(key=lambda name: (knowledge.findings[name].section != lead.section, worth(name)))
    page = tuple(boxes[:PAGE_LENGTH])
    return page, tuple(dict.fromkeys(flag for name in page for flag in wanted[name]))


def _best_by_worth(
    answers: Answers, knowledge: Knowledge, built: BuiltNetwork, evidence: engine.Evidence
) -> tuple[str, float, bool]:
    """(finding, score, whether any answer to any question could change the best level) over what can be asked."""
    dials = knowledge.interview
    values = danger_values(built, evidence, knowledge)
    answerers = _answerers(answers)
    last = next(reversed(list(answers.given)), None)
    topic = knowledge.findings[last].section if last else ""
    scores: dict[str, float] = {}
    could_change = False
    for place, node in enumerate(values.names):
        finding = knowledge.findings[finding_node(node)]
        if finding.id in answers.given or finding.answered_by not in answerers:
            continue
        if not finding.applies_to(answers.age, answers.sex) or finding.section == "help_card":
            continue
        cost = dials.burden_cost * finding.burden + dials.topic_jump_cost * (finding.section != topic)
        gain = float(values.soft_evsi[place]) + dials.danger_weight * float(values.information[place])
        scores[finding.id] = max(scores.get(finding.id, -1.0), gain - cost)
        likely = values.level_chance[place] >= LIKELY_ENOUGH
        could_change |= bool(np.any((values.level_action[place] != values.action)[likely]))
    if not scores:
        return "", -1.0, False
    best = max(sorted(scores), key=lambda name: scores[name])
    return best, scores[best], could_change


def _left(asked: int, knowledge: Knowledge) -> tuple[int, int]:
    low, high = knowledge.interview.usual_questions
    return max(1, low - asked), max(2, high - asked)


def next_question(answers: Answers, knowledge: Knowledge) -> Question | Done:
    """The next page to show, or Done with the reason.

    Safety questions cost nothing and come first; the interview ends itself only when the safety set is asked and no
    red-flag rule is within two unasked answers of being raised. Source: docs/safety, "How the level is decided".

    >>> from midback.knowledge import load_knowledge
    >>> next_question(Answers(), load_knowledge()).why
    'emergency'
    """
    asked = questions_answered(answers, knowledge)
    left = _left(asked, knowledge)
    flags = flag_states(answers, knowledge)
    if any(s.truth is Truth.TRUE and s.flag.level == "emergency_now" for s in flags):
        return Done("emergency", asked)
    fixed = next(_pages(answers, knowledge), None)
    young = answers.age is not None and answers.age < 6
    if fixed and not (young and fixed[3] not in ("emergency", "person")):
        return Question(fixed[0], fixed[1], fixed[2], fixed[3], asked_so_far=asked, usually_left=left)
    if young:
        return Done("too_young", asked)
    wanted = _near_flags(flags, answers, knowledge)
    if wanted:
        items, why = _flag_page(wanted, knowledge)
        kind = "checklist" if knowledge.findings[items[0]].kind == "binary" and len(items) > 1 else "single"
        return Question(f"flags.{items[0]}", kind, items, "red_flag", why, asked, left)
    if asked >= knowledge.interview.most_questions:
        return Done("enough_asked", asked)
    built = network_for(answers, knowledge)
    evidence = evidence_of(answers, built, knowledge)
    best, score, could_change = _best_by_worth(answers, knowledge, built, evidence)
    if not best or (score < knowledge.interview.stop_below and not could_change):
        return Done("nothing_to_gain" if best else "complete", asked)
    if score < 0:
        return Done("nothing_to_gain", asked)
    return Question(best, "single", (best,), "worth", (), asked, left)
