"""From an assessment to a dated plan: what to do, what not, what to ask first, and when to look again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from midback.answers import Answers, Reply
from midback.assessment import Assessment
from midback.care.benefit import expected_benefit, is_direct
from midback.care.gate import Verdict, target_share, weigh
from midback.care.items import (
    Branch,
    CareItem,
    CareKnowledge,
    Target,
    care_knowledge,
)
from midback.care.plan_model import (
    AdvisedAgainst,
    Awaiting,
    Blocked,
    BranchPlan,
    ExercisePlan,
    Offered,
    Plan,
    ReviewDate,
    StepPlan,
    Told,
)
from midback.care.prognosis import if_not_better, prognosis_of
from midback.knowledge import EMERGENCY, Knowledge
from midback.safety import Truth, evaluate, open_findings

__all__ = ["plan"]

EXERCISES = "care/exercises"
WHOLE_PLAN = ("routine", "self_care")
UNTIL_SEEN = frozenset({"self_care", "education", "medicine_pharmacy"})  # kinds offered while waiting to be seen
FOR_CLINICIANS = frozenset({"medicine_prescription"})  # never named in the self-check
MAY_BE_OFFERED = frozenset({"offered", "consider"})


@dataclass(frozen=True, slots=True)
class _Sorted:
    """All items of one folder told apart for one person."""

    offered: tuple[tuple[CareItem, Verdict], ...]
    blocked: tuple[Blocked, ...]
    awaiting: tuple[Awaiting, ...]
    against: tuple[AdvisedAgainst, ...]


def _fits(target: Target, assessment: Assessment, knowledge: Knowledge, percent: float) -> Truth:
    """Whether the target is this person: likely enough causes, and its condition."""
    if 100 * target_share(assessment, target) < percent:
        return Truth.FALSE
    return Truth.TRUE if target.when is None else evaluate(target.when, assessment.answers, knowledge)


def _named_here(item: CareItem, answers: Answers) -> bool:
    """Whether the item may be named: prescriptions not in the self-check, prevention only at the ages it is for."""
    if item.folder == "prevention" and answers.age is not None and not item.age_from <= answers.age <= item.age_to:
        return False
    return answers.setting != "self_check" or item.kind not in FOR_CLINICIANS


def _sort(items: Mapping[str, CareItem], assessment: Assessment, knowledge: Knowledge, percent: float) -> _Sorted:
    offered: list[tuple[CareItem, Verdict]] = []
    blocked: list[Blocked] = []
    awaiting: list[Awaiting] = []
    against: list[AdvisedAgainst] = []
    for item in items.values():
        if not _named_here(item, assessment.answers):
            continue
        fits = _fits(item.target, assessment, knowledge, percent)
        stance = item.stance if fits is Truth.TRUE or item.outside_stance is None else item.outside_stance
        if stance not in MAY_BE_OFFERED:
            against.append(
                AdvisedAgainst(
                    item.id, item.kind, item.step, stance, item.guidelines, item.guidelines_conflict, is_direct(item)
                )
            )
            continue
        if fits in (Truth.FALSE, Truth.NOT_SURE):
            continue
        verdict = weigh(item, assessment, knowledge)
        ask = verdict.ask
        if fits is Truth.OPEN and item.target.when is not None:
            ask = (*open_findings(item.target.when, assessment.answers, knowledge), *ask)
        if verdict.blocks:
            blocked.append(Blocked(item.id, item.folder, item.kind, item.step, verdict.blocks))
        elif ask or fits is Truth.OPEN:
            awaiting.append(Awaiting(item.id, item.folder, item.kind, item.step, tuple(dict.fromkeys(ask))))
        else:
            offered.append((item, verdict))
    return _Sorted(tuple(offered), tuple(blocked), tuple(awaiting), tuple(against))


def _offer(item: CareItem, verdict: Verdict, assessment: Assessment, begins: date) -> Offered:
    def later(days: int | None) -> date | None:
        return None if days is None else begins + timedelta(days=days)

    return Offered(
        id=item.id,
        folder=item.folder,
        kind=item.kind,
        stance=item.stance,
        benefit=expected_benefit(item, assessment),
        direct=is_direct(item),
        share=target_share(assessment, item.target),
        guidelines=item.guidelines,
        guidelines_conflict=item.guidelines_conflict,
        warnings=verdict.warnings,
        judge_on=later(item.judge_after_days),
        stop_by=later(item.stop_after_days),
        start_within_hours=item.start_within_hours,
    )


def _enter_at(care: CareKnowledge, assessment: Assessment, knowledge: Knowledge, scores: Mapping[str, float]) -> str:
    answers = assessment.answers
    pain = scores.get("pain", answers.measured.get("pain_now"))
    peg = scores.get("peg")
    for rule in care.pathway.enter:
        held = rule.when is not None and evaluate(rule.when, answers, knowledge) is Truth.TRUE
        held |= rule.pain_at_least is not None and pain is not None and pain >= rule.pain_at_least
        held |= rule.peg_at_least is not None and peg is not None and peg >= rule.peg_at_least
        if held:
            return rule.step
    return care.pathway.steps[0].name


def _lay_out(
    sorted_care: _Sorted, prevention: _Sorted, care: CareKnowledge, assessment: Assessment, enter: str, today: date
) -> tuple[StepPlan, ...]:
    """The gate, urgent items, the timed steps from the entry on, and prevention; earlier items join the entry step."""
    names = [rule.name for rule in care.pathway.steps]
    by_step: dict[str, list[tuple[CareItem, Verdict]]] = {name: [] for name in ("urgent", *names)}
    for item, verdict in sorted_care.offered:
        step = item.step
        if step in names and names.index(step) < names.index(enter):
            step = enter
        by_step[step].append((item, verdict))
    steps = [StepPlan("gate", today, today, None, ())]
    if by_step["urgent"]:
        urgent = tuple(_offer(item, verdict, assessment, today) for item, verdict in by_step["urgent"])
        steps.append(StepPlan("urgent", today, today + timedelta(days=1), None, urgent))
    begins = today
    for rule in care.pathway.steps[names.index(enter) :]:
        ends = begins + timedelta(days=rule.days) if rule.days is not None else None
        offered = [_offer(item, verdict, assessment, begins) for item, verdict in by_step[rule.name]]
        offered.sort(key=lambda row: (row.stance != "offered", -(row.benefit.value if row.benefit else 0.0), row.id))
        steps.append(StepPlan(rule.name, begins, ends, rule, tuple(offered)))
        begins = ends or begins
    last = today + timedelta(days=care.pathway.prevention_days)
    kept = tuple(_offer(item, verdict, assessment, today) for item, verdict in prevention.offered)
    steps.append(StepPlan("prevention", today, last, None, kept))
    return tuple(steps)


def _exercises(
    care: CareKnowledge, assessment: Assessment, knowledge: Knowledge
) -> tuple[tuple[ExercisePlan, ...], tuple[Blocked, ...], tuple[Awaiting, ...]]:
    plans: list[ExercisePlan] = []
    blocked: list[Blocked] = []
    awaiting: list[Awaiting] = []
    for exercise in care.exercises.values():
        fits = _fits(exercise.target, assessment, knowledge, care.pathway.relevant_percent)
        if fits is not Truth.TRUE:
            continue
        verdict = weigh(exercise, assessment, knowledge)
        if verdict.blocks:
            blocked.append(Blocked(exercise.id, EXERCISES, "activity", "active_care", verdict.blocks))
        elif verdict.ask:
            awaiting.append(Awaiting(exercise.id, EXERCISES, "activity", "active_care", verdict.ask))
        else:
            plans.append(ExercisePlan(exercise.id, exercise.aim, exercise.picture, exercise.stages, verdict.warnings))
    return tuple(plans), tuple(blocked), tuple(awaiting)


def _on_branch(branch: Branch, assessment: Assessment, knowledge: Knowledge) -> bool:
    if branch.percent is not None and 100 * target_share(assessment, branch.target) < branch.percent:
        return False
    return branch.target.when is None or evaluate(branch.target.when, assessment.answers, knowledge) is Truth.TRUE


def _branches(
    care: CareKnowledge, assessment: Assessment, knowledge: Knowledge, offered: frozenset[str], today: date
) -> tuple[BranchPlan, ...]:
    return tuple(
        BranchPlan(
            branch.id,
            tuple(name for name in branch.items if name in offered),
            None if branch.refer_after_days is None else today + timedelta(days=branch.refer_after_days),
            branch.within_hours,
        )
        for branch in care.branches.values()
        if _on_branch(branch, assessment, knowledge)
    )


def _tell(assessment: Assessment, knowledge: Knowledge, blocked: tuple[Blocked, ...]) -> tuple[Told, ...]:
    flags = [
        Told("red_flag" if state.truth is Truth.TRUE else "not_sure", state.flag.id)
        for state in assessment.triage.flags
        if state.truth >= Truth.NOT_SURE
    ]
    told_of = {"history", "medicines", "cautions", "pregnancy_state"}
    answers = [
        Told("answer", name)
        for name, reply in assessment.answers.given.items()
        if reply is Reply.YES and knowledge.findings[name].group in told_of
    ]
    states = [Told("risk_state", name) for name in assessment.risk_states]
    return (*flags, *answers, *states, *(Told("blocked", row.id) for row in blocked))


def _net(care: CareKnowledge, answers: Answers, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """The signs to act on, by level, that can happen to this person and are not there already."""
    return {
        level: tuple(
            name
            for name in names
            if knowledge.findings[name].applies_to(answers.age, answers.sex) and not answers.said_yes(name)
        )
        for level, names in care.pathway.safety_net.items()
    }


def _kind(assessment: Assessment) -> str:
    if assessment.level == EMERGENCY:
        return "emergency"
    if not assessment.shows_differential:
        return "too_young"
    if not assessment.triage.screen.complete:
        return "incomplete"
    return "full" if assessment.level in WHOLE_PLAN else "see_first"


def _while_waiting(items: _Sorted, level: str) -> _Sorted:
    """What may be offered before being seen: self-care; on the same day only what must not be put off."""
    kinds = UNTIL_SEEN if level == "within_2_weeks" else frozenset({"education"})
    kept = tuple(
        (item, verdict)
        for item, verdict in items.offered
        if (item.kind in kinds and item.step == "self_care") or item.start_within_hours is not None
    )
    waiting = tuple(row for row in items.awaiting if level == "within_2_weeks" and row.kind in kinds)
    return _Sorted(kept, items.blocked, waiting, items.against)


def plan(
    assessment: Assessment,
    knowledge: Knowledge,
    today: date,
    *,
    scores: Mapping[str, float] | None = None,
    step: str | None = None,
) -> Plan:
    """The dated plan for this person: steps, offered, blocked, awaiting and advised-against items, and the outlook.

    Pure. ``scores`` may hold ``pain`` and ``peg`` (0-10 each); ``step`` begins at that timed step instead of the one
    the answers point to, as a follow-up does. An emergency gets its instruction and nothing that
    delays it; an incomplete screen gets no plan, and no child under six. Nothing offered contradicts the triage level.

    >>> from midback.answers import Answers
    >>> from midback.assessment import assess
    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> plan(assess(Answers(age=40), knowledge, draws=0), knowledge, date(2026, 1, 1)).kind
    'incomplete'
    """
    care = care_knowledge(knowledge)
    kind = _kind(assessment)
    start = Plan(kind, today, assessment.level, assessment.triage.within_hours, knowledge_version=knowledge.version)
    if kind in ("emergency", "too_young", "incomplete"):
        return start
    percent = care.pathway.relevant_percent
    treatments = _sort(care.care, assessment, knowledge, percent)
    prevention = _sort(care.prevention, assessment, knowledge, percent)
    if kind == "see_first":
        treatments = _while_waiting(treatments, assessment.level)
        prevention = _Sorted((), prevention.blocked, (), prevention.against)
    enter = step or _enter_at(care, assessment, knowledge, scores or {})
    steps = _lay_out(treatments, prevention, care, assessment, enter, today)
    if kind == "see_first":
        steps = tuple(step for step in steps if step.items or step.name == "gate")
    offered = frozenset(row.id for step in steps for row in step.items)
    exercising = kind == "full" and "exercise" in offered
    exercises = _exercises(care, assessment, knowledge) if exercising else ((), (), ())
    blocked = treatments.blocked + prevention.blocked + exercises[1]
    awaiting = treatments.awaiting + prevention.awaiting + exercises[2]
    first = next(rule for rule in care.pathway.steps if rule.name == enter)
    better_by = today + timedelta(days=first.days) if first.days is not None else None
    facts = tuple(
        fact for fact in care.facts.values() if _fits(fact.target, assessment, knowledge, percent) is Truth.TRUE
    )
    return Plan(
        kind=kind,
        today=today,
        level=assessment.level,
        within_hours=assessment.triage.within_hours,
        begins_with=enter,
        steps=steps,
        exercises=exercises[0],
        branches=_branches(care, assessment, knowledge, offered, today),
        blocked=blocked,
        awaiting=awaiting,
        ask_first=_ask_first(awaiting, knowledge),
        advised_against=treatments.against + prevention.against,
        review_on=better_by,
        better_by=better_by,
        reviews=tuple(ReviewDate(today + timedelta(days=r.day), r.measures) for r in care.pathway.reviews),
        prognosis=prognosis_of(assessment, knowledge, facts),
        if_not_better=if_not_better(assessment, knowledge, (first.days or 0) / 7),
        safety_net=_net(care, assessment.answers, knowledge),
        tell_clinician=_tell(assessment, knowledge, blocked),
        shows_figures=assessment.shows_figures,
        knowledge_version=knowledge.version,
    )


def _ask_first(awaiting: tuple[Awaiting, ...], knowledge: Knowledge) -> tuple[str, ...]:
    """The open questions, those that free most items first, then the easiest."""
    count: dict[str, int] = {}
    for item in awaiting:
        for name in item.ask:
            count[name] = count.get(name, 0) + 1

    def effort(name: str) -> int:
        return knowledge.findings[name].burden if name in knowledge.findings else 0

    return tuple(sorted(count, key=lambda name: (-count[name], effort(name), name)))
