"""The next question, by safety first and then by worth: the whole question policy on one page.

Order: the emergency screen, age and sex, place, onset, duration, severity, the safety pages, of which those come first
that one or two answers could turn into an emergency; then whatever red flag is still within two answers of being
raised; then the question worth most. The state is the answers, so any
program can run an interview with no memory of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from midback import inference as engine
from midback.answers import Answers
from midback.assessment import network_for
from midback.knowledge import Knowledge, Page
from midback.knowledge.conditions import Leaf
from midback.network import evidence_of, finding_node
from midback.safety import (
    FlagState,
    Truth,
    Truths,
    answer_chances,
    chance_of,
    danger_values,
)

__all__ = ["Done", "Question", "next_question", "questions_answered"]

NEAR = 2  # a rule this many unasked answers from being raised keeps the interview open
PAGE_LENGTH = 10  # boxes on one page, as on the longest page of the safety set; more are skimmed, not read
ABOUT_YOU = "about_you"  # the page that asks age and sex
SEVERAL = "several"  # the section named by a page whose boxes are from more than one


@dataclass(frozen=True, slots=True)
class Question:
    """One page to show. ``items`` are finding ids, or ``age`` / ``sex``; ``why`` names the reason it is asked."""

    id: str
    kind: str  # checklist | single | person
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


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """The answers and what the engine expects of everything unasked, worked out once per question."""

    answers: Answers
    knowledge: Knowledge
    values: engine.QuestionValues
    chances: Mapping[str, float]  # finding (or finding.option, finding.level) -> chance of it, given the answers
    answerers: tuple[str, ...]

    @classmethod
    def of(cls, answers: Answers, knowledge: Knowledge) -> _View:
        built = network_for(answers, knowledge)
        evidence = evidence_of(answers, built, knowledge)
        # in a clinician's setting examination can be had too; tests are never asked for by themselves
        answerers = ("person",) if answers.setting == "self_check" else ("person", "examiner")
        values = danger_values(built, evidence, answers, knowledge, answerers)
        return cls(answers, knowledge, values, answer_chances(values, built, knowledge, answerers), answerers)

    def can_ask(self, name: str) -> bool:
        """Whether ``name`` is still unasked, applies to this person, and can be answered here."""
        finding = self.knowledge.findings.get(name)
        return (
            finding is not None and name not in self.answers.given and finding.answered_by in self.answerers
            and not finding.on_help_card and finding.applies_to(self.answers.age, self.answers.sex)
        )  # fmt: skip


def _open_items(page: Page, truths: Truths) -> tuple[str, ...]:
    answers, items = truths.answers, []
    for name in page.findings:
        finding = truths.knowledge.findings[name]
        if name in answers.given or not finding.applies_to(answers.age, answers.sex):
            continue
        if finding.kind == "binary" and truths.of(Leaf(name, "yes", ())) is not Truth.OPEN:
            continue  # another answer already settles it
        items.append(name)
    return tuple(items)


def questions_answered(answers: Answers, knowledge: Knowledge) -> int:
    """How many pages have been answered. Boxes of one page count once; beyond the fixed pages, by section."""
    pages = knowledge.interview.opening + knowledge.interview.safety
    on_page = {name: page.id for page in pages for name in page.findings}
    seen = {on_page[name] for name in answers.given if name in on_page}
    beyond = Counter(knowledge.findings[name].section for name in answers.given if name not in on_page)
    extra = sum(-(-count // PAGE_LENGTH) for count in beyond.values())
    return len(seen) + extra + (answers.age is not None or answers.sex is not None)


def _pages(truths: Truths, unsaid: Collection[str]) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """(id, kind, items, why) of the fixed part that is still open, in order."""
    answers, knowledge = truths.answers, truths.knowledge
    for page in knowledge.interview.emergency:
        if items := _open_items(page, truths):
            yield page.id, page.kind, items, "emergency"
    person = (("age", answers.age), ("sex", answers.sex))
    if items := tuple(name for name, known in person if known is None and name not in unsaid):
        yield ABOUT_YOU, "person", items, "person"
    for page in knowledge.interview.opening:
        if page not in knowledge.interview.emergency and (items := _open_items(page, truths)):
            yield page.id, page.kind, items, "opening"
    for page in knowledge.interview.safety:
        if items := _open_items(page, truths):
            yield page.id, page.kind, items, "safety"


def _flags_to_close(flags: tuple[FlagState, ...], truths: Truths, view: _View, least: str = "") -> dict[str, list[str]]:
    """Unasked findings of rules that may well still be raised, each with those rules; of level ``least`` or above.

    A rule counts while it would raise the level, at most NEAR answers are missing, and the chance that they come true
    is not below what the knowledge allows for its level (docs/decisions/0009).
    """
    names = [level.name for level in view.knowledge.triage.levels]
    here = max((names.index(s.flag.level) for s in flags if s.truth is Truth.TRUE), default=0)
    here = max(here, names.index(least) - 1) if least else here
    wanted: dict[str, list[str]] = {}
    for state in flags:
        flag = state.flag
        if state.truth is not Truth.OPEN or names.index(flag.level) <= here:
            continue
        if truths.fewest_answers(flag.when) > NEAR:
            continue
        if chance_of(flag.when, truths, view.chances) < view.knowledge.interview.keep_open[flag.level]:
            continue
        for name in truths.open_findings(flag.when):
            if view.can_ask(name):
                wanted.setdefault(name, []).append(flag.id)
    return wanted


def _flag_page(wanted: dict[str, list[str]], view: _View) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The boxes of one page: first those of the section that matters most, then, while there is room, what matters
    most in others; a finding with levels stands alone."""
    knowledge = view.knowledge
    order = {level.name: place for place, level in enumerate(knowledge.triage.levels)}

    def worth(name: str) -> tuple[int, float, str]:
        urgency = max(order[knowledge.red_flags[flag].level] for flag in wanted[name])
        return (-urgency, -view.chances.get(name, 0.0) * len(wanted[name]), name)

    ranked = sorted(wanted, key=worth)
    lead = knowledge.findings[ranked[0]]
    if lead.kind != "binary":
        return (lead.id,), tuple(wanted[lead.id])
    boxes = [name for name in ranked if knowledge.findings[name].kind == "binary"]
    # sorting keeps the ranking within each half
    page = tuple(sorted(boxes, key=lambda name: knowledge.findings[name].section != lead.section)[:PAGE_LENGTH])
    return page, tuple(dict.fromkeys(flag for name in page for flag in wanted[name]))


def _best_by_worth(view: _View) -> tuple[str, float]:
    """The unasked finding worth most, and its score: expected gain in harm avoided, plus information, less its cost."""
    dials, values = view.knowledge.interview, view.values
    scores: dict[str, float] = {}
    for place, node in enumerate(values.names):
        finding = view.knowledge.findings[finding_node(node)]
        if not view.can_ask(finding.id):
            continue
        cost = dials.burden_cost * finding.burden
        gain = float(values.soft_evsi[place]) + dials.danger_weight * float(values.information[place])
        scores[finding.id] = max(scores.get(finding.id, -1.0), gain - cost)
    if not scores:
        return "", -1.0
    best = max(sorted(scores), key=lambda name: scores[name])
    return best, scores[best]


def _flag_question(wanted: dict[str, list[str]], view: _View, asked: int, left: tuple[int, int]) -> Question:
    items, why = _flag_page(wanted, view)
    sections = {view.knowledge.findings[name].section for name in items}
    kind = "checklist" if view.knowledge.findings[items[0]].kind == "binary" else "single"
    section = sections.pop() if len(sections) == 1 else SEVERAL
    return Question(f"section.{section}", kind, items, "red_flag", why, asked, left)


def _left(asked: int, knowledge: Knowledge) -> tuple[int, int]:
    low, high = knowledge.interview.usual_questions
    return max(1, low - asked), max(2, high - asked)


def next_question(answers: Answers, knowledge: Knowledge, unsaid: Collection[str] = ()) -> Question | Done:
    """The next page to show, or Done with the reason. ``unsaid`` (age, sex) was asked and left unsaid.

    Safety questions cost nothing and come first; the interview ends itself only when the safety set is asked and no
    red-flag rule is within two unasked answers of being raised. Source: docs/safety, "How the level is decided".

    >>> from midback.knowledge import load_knowledge
    >>> next_question(Answers(), load_knowledge()).why
    'emergency'
    """
    asked = questions_answered(answers, knowledge)
    left = _left(asked, knowledge)
    truths = Truths(answers, knowledge)
    flags = truths.flag_states()
    if any(s.truth is Truth.TRUE and s.flag.level == "emergency_now" for s in flags):
        return Done("emergency", asked)
    pages = list(_pages(truths, unsaid))
    young = answers.age is not None and answers.age < knowledge.triage.no_differential_under_age
    if pages and pages[0][3] != "safety" and not (young and pages[0][3] not in ("emergency", "person")):
        return Question(*pages[0], asked_so_far=asked, usually_left=left)
    if young:
        return Done("too_young", asked)
    view = _View.of(answers, knowledge)
    # an emergency that one or two more answers could show is asked about before the rest of the safety set
    wanted = _flags_to_close(flags, truths, view, "emergency_now" if pages else "")
    near = _flag_question(wanted, view, asked, left) if wanted else None
    for page in pages:
        if near is None or near.items[0] in page[2]:
            return Question(*page, asked_so_far=asked, usually_left=left)
    if near is not None:
        return near
    if asked >= knowledge.interview.most_questions:
        return Done("enough_asked", asked)
    best, score = _best_by_worth(view)
    if not best:
        return Done("complete", asked)
    if score < knowledge.interview.stop_below:
        return Done("nothing_to_gain", asked)
    return Question(best, "single", (best,), "worth", (), asked, left)
