"""Thousands of people with a dangerous cause, stopped after a fixed number of pages: who would be missed.

The interview is cut short on purpose. What is under-triaged then is what a person in a hurry risks; over-triage, of the
same people and of everybody who would come, stands beside it, because either alone is easy to make small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from midback import inference as engine
from midback.assessment import network_for
from midback.evaluation.intervals import Figure, percentiles, share
from midback.evaluation.running import in_parallel
from midback.evaluation.simulated.interviews import interview, replies
from midback.evaluation.simulated.outcomes import DRAWS, Block, drawn_people
from midback.knowledge import Knowledge, load_knowledge
from midback.network import evidence_of
from midback.safety import choose_level

__all__ = ["ALLOWED", "after_pages", "render_after_pages"]

ALLOWED = {"missed_emergencies": 0.01, "under_triaged": 0.04}  # the targets, printed beside what was found
PEOPLE_PER_BLOCK, WORLDS_PER_BLOCK = 40, 10


@dataclass(frozen=True, slots=True)
class _Cut:
    """One block of people, each asked at most ``pages`` pages."""

    block: Block
    pages: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """One person: the first of the true causes that needs the most, the level due, the level given."""

    cause: str
    due: int | None
    given: int
    pages: int
    why: str


def _judge(cut: _Cut) -> list[_Judged]:
    knowledge = load_knowledge(cut.block.knowledge)
    order = [level.name for level in knowledge.triage.levels]
    judged = []
    for person, _, random in drawn_people(cut.block, knowledge):
        said = replies(person, cut.block.noise, knowledge, random)
        talk = interview(person, said, knowledge, most_pages=cut.pages)
        built = network_for(talk.answers, knowledge)
        evidence = evidence_of(talk.answers, built, knowledge)
        posterior = engine.infer(built.network, evidence, max_causes=knowledge.max_causes, draws=DRAWS)
        level = choose_level(talk.answers, knowledge, built, posterior).level
        urgency = {name: order.index(knowledge.causes[name].urgency) for name in person.causes}
        worst = max(urgency, key=lambda name: urgency[name], default="")
        judged.append(_Judged(worst, urgency.get(worst), order.index(level), talk.pages, talk.why))
    return judged


def _figures(found: Sequence[_Judged], highest: int) -> dict[str, Any]:
    due = [one for one in found if one.due is not None]

    def part(hits: Sequence[_Judged], of: Sequence[_Judged]) -> dict[str, Any]:
        return share(len(hits), len(of)).as_json()

    emergencies = [one for one in due if one.due == highest]
    missed = [one for one in emergencies if one.given < highest]
    under = [one for one in due if one.given < int(one.due or 0)]
    return {
        "n": len(found),
        "missed_emergencies": part(missed, emergencies),
        "under_triaged": part(under, due),
        "over_triaged": part([one for one in due if one.given > int(one.due or 0)], due),
        "sent_as_emergency": part([one for one in found if one.given == highest], found),
        "pages": percentiles([one.pages for one in found]),
        "ended": dict(Counter(one.why for one in found).most_common()),
        "missed_emergencies_by_cause": dict(Counter(one.cause for one in missed).most_common()),
        "under_triaged_by_cause": dict(Counter(one.cause for one in under).most_common()),
    }


def after_pages(
    knowledge: Knowledge, people: int = 2000, pages: int = 15, *, setting: str = "self_check", jobs: int = 1,
    root: Path | None = None, seed: int = 20261124,
) -> dict[str, Any]:  # fmt: skip
    """Figures of ``people`` with a dangerous cause, and of a quarter as many of everybody, after ``pages`` pages.

    Shares of 0-1 with 95 % intervals. Fixed seeds: equal arguments give equal figures, whatever ``jobs``.
    """
    cuts = []
    for place, (dangerous, count) in enumerate(((True, people), (False, people // 4))):
        base = Block(seed + 1_000_000 * place, 0, WORLDS_PER_BLOCK, setting, dangerous=dangerous, knowledge=root)
        for first in range(0, count, PEOPLE_PER_BLOCK):
            block = replace(base, seed=base.seed + 10 * first, people=min(PEOPLE_PER_BLOCK, count - first))
            cuts.append(_Cut(block, pages))
    found: dict[bool, list[_Judged]] = {True: [], False: []}
    for cut, judged in zip(cuts, in_parallel(_judge, cuts, jobs, "people with a dangerous cause"), strict=True):
        found[cut.block.dangerous] += judged
    highest = len(knowledge.triage.levels) - 1
    return {
        "schema_version": 1, "kind": "midback_after_pages", "at_most_pages": pages, "setting": setting,
        "seed": seed, "allowed": ALLOWED, "with_a_dangerous_cause": _figures(found[True], highest),
        "everybody": _figures(found[False], highest),
    }  # fmt: skip


def _line(name: str, figure: dict[str, Any], allowed: float | None) -> str:
    shown = Figure(**figure)
    if shown.value is None or shown.lo95 is None or shown.hi95 is None:
        return f"  {name:<22} nobody to count"
    verdict = (
        ""
        if allowed is None
        else f"   wanted <= {100 * allowed:.0f} %: " + ("met" if shown.value <= allowed else "MISSED")
    )
    interval = f"{100 * shown.value:5.1f} %  ({100 * shown.lo95:.1f}-{100 * shown.hi95:.1f})"
    return f"  {name:<22} {interval}  {shown.hits} of {shown.n}{verdict}"


def render_after_pages(run: dict[str, Any]) -> str:
    """The figures as lines for a terminal, what was wanted beside what was found."""
    lines = [f"Simulated people after at most {run['at_most_pages']} pages ({run['setting']}, seed {run['seed']})"]
    for group in ("with_a_dangerous_cause", "everybody"):
        own = run[group]
        lines += ["", f"{group.replace('_', ' ')}: {own['n']}"]
        for name in ("missed_emergencies", "under_triaged", "over_triaged", "sent_as_emergency"):
            allowed = run["allowed"].get(name) if group == "with_a_dangerous_cause" else None
            lines.append(_line(name.replace("_", " "), own[name], allowed))
        for name in ("missed_emergencies", "under_triaged"):
            causes = ", ".join(f"{cause} {count}" for cause, count in own[f"{name}_by_cause"].items())
            lines.append(f"  {name.replace('_', ' ')} by cause: {causes or 'none'}")
        lines.append(f"  ended: {own['ended']}")
    return "\n".join(lines) + "\n"
