"""The figures of simulated people: coverage, calibration, pages, safety, and how noise wears them down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from midback.evaluation.intervals import bootstrap_mean, calibrate, percentiles, share
from midback.evaluation.running import in_parallel
from midback.evaluation.simulated.interviews import Noise
from midback.evaluation.simulated.outcomes import Block, Outcome, run_block
from midback.evaluation.simulated.people import WORLDS
from midback.knowledge import Knowledge

__all__ = ["NOISES", "simulate"]

NOISES = (Noise(), Noise(slips=False), Noise(0.05, 0.02), Noise(0.10, 0.05), Noise(0.20, 0.10))
BLOCK, WORLDS_PER_BLOCK = 25, 12


@dataclass(frozen=True, slots=True)
class _Group:
    """People simulated under one condition."""

    name: str
    law: str
    noise: Noise
    dangerous: bool
    people: int


def _plan(people: int) -> list[_Group]:
    """Most people where calibration and coverage are counted, fewer elsewhere: about three times ``people`` in all."""
    groups = []
    for place, law in enumerate(WORLDS):
        groups.append(_Group(f"{law}: everybody", law, NOISES[0], False, people // (3 if place else 1)))
        groups.append(_Group(f"{law}: with a dangerous cause", law, NOISES[0], True, people // (6 if place else 3)))
    for noise in NOISES[1:]:
        name = f"{100 * noise.not_sure:.0f} % not sure, {100 * noise.mistaken:.0f} % mistaken"
        name = name if noise.slips else "every answer the truth"
        groups.append(_Group(f"{name}: everybody", WORLDS[0], noise, False, people // 8))
        groups.append(_Group(f"{name}: with a dangerous cause", WORLDS[0], noise, True, people // 8))
    return groups


def _safety(found: Sequence[Outcome], levels: list[str]) -> dict[str, Any]:
    due = [one for one in found if one.due is not None]
    serious = [one for one in due if one.dangerous]
    harmless = [one for one in due if not one.dangerous]

    def gap(one: Outcome) -> int:
        return levels.index(one.level) - levels.index(str(one.due))

    missed = [one for one in serious if gap(one) < 0]
    emergencies = [one for one in serious if one.due == levels[-1]]
    return {
        "serious_triaged_safely": share(len(serious) - len(missed), len(serious)).as_json(),
        "emergencies_sent_at_once": share(
            sum(one.level == levels[-1] for one in emergencies), len(emergencies)
        ).as_json(),
        "over_triage_of_all": share(sum(gap(one) > 0 for one in due), len(due)).as_json(),
        "harmless_seen_same_day_or_faster": share(
            sum(levels.index(one.level) >= levels.index("same_day") for one in harmless), len(harmless)
        ).as_json(),
        "harmless_sent_as_emergency": share(sum(one.level == levels[-1] for one in harmless), len(harmless)).as_json(),
        "missed": [{"causes": list(one.causes), "due": one.due, "given": one.level, "ended": one.why,
                    "pages": one.pages} for one in missed],
        "missed_by_cause": dict(Counter(one.causes[0] for one in missed).most_common()),
        "harmless_decided_by": dict(Counter(one.decided_by for one in harmless if gap(one) > 0).most_common()),
        "harmless_raised_flags": dict(Counter(flag for one in harmless for flag in one.flags).most_common(25)),
    }  # fmt: skip


def _truth(found: Sequence[Outcome]) -> dict[str, Any]:
    first = [one.reached.families[0] for one in found]
    hits = [name == one.main for (name, _), one in zip(first, found, strict=True)]
    every = [(chance, name == one.main) for one in found for name, chance in one.reached.families]
    listed = [one for one in found if one.main != "other"]
    top3 = sum(one.main in [name for name, _ in one.reached.families[:3]] for one in listed)
    return {
        "top_1": share(sum(hits), len(listed)).as_json(),
        "top_3": share(top3, len(listed)).as_json(),
        "calibration_of_first_family": calibrate([chance for _, chance in first], hits).as_json(),
        "calibration_of_every_family": calibrate([c for c, _ in every], [t for _, t in every], resamples=100).as_json(),
        "calibration_of_any_dangerous": calibrate(
            [one.reached.danger for one in found], [one.dangerous for one in found]
        ).as_json(),
    }


def _coverage(found: Sequence[Outcome]) -> dict[str, Any]:
    own = [one.covered / one.ranges for one in found if one.ranges]
    return {
        "every_cause_above_1_percent": bootstrap_mean(own).as_json()
        | {"hits": sum(one.covered for one in found), "ranges": sum(one.ranges for one in found)},
        "likeliest_cause": share(sum(one.first_covered for one in found), len(found)).as_json(),
        "any_dangerous": share(sum(one.danger_covered for one in found), len(found)).as_json(),
    }


def _measured(group: _Group, found: Sequence[Outcome], levels: list[str]) -> dict[str, Any]:
    asked = [one for one in found if one.why != "emergency"]
    figures: dict[str, Any] = {
        "law": group.law, "slips": group.noise.slips, "not_sure": group.noise.not_sure,
        "mistaken": group.noise.mistaken,
        "dangerous_only": group.dangerous, "n": len(found), "safety": _safety(found, levels),
        "pages": percentiles([one.pages for one in found]),
        "pages_when_not_cut_short": percentiles([one.pages for one in asked]),
        "ended": dict(Counter(one.why for one in found).most_common()),
        "levels": {level: sum(one.level == level for one in found) for level in levels},
        "not_certain": share(sum(not one.certain for one in found), len(found)).as_json(),
    }  # fmt: skip
    if not group.dangerous:  # a mix chosen for its danger has no calibration to speak of
        figures |= {"truth": _truth(found), "coverage": _coverage(found)}
    return figures


def simulate(
    knowledge: Knowledge, people: int, *, setting: str = "self_check", jobs: int = 1, root: Path | None = None,
    seed: int = 20261122,
) -> dict[str, Any]:  # fmt: skip
    """Figures of ``people`` simulated people under each condition (fewer where a condition needs fewer).

    Fixed seeds: the same knowledge, model and ``people`` give the same figures, whatever ``jobs``.
    """
    groups = _plan(people)
    blocks: list[tuple[int, Block]] = []
    for place, group in enumerate(groups):
        base = Block(
            seed + 100_000 * place, 0, WORLDS_PER_BLOCK, setting, group.law, group.noise, group.dangerous, root
        )
        for first in range(0, group.people, BLOCK):
            size = min(BLOCK, group.people - first)
            blocks.append(
                (place, replace(base, seed=base.seed + 10 * first, people=size, worlds=min(size, WORLDS_PER_BLOCK)))
            )
    found: list[list[Outcome]] = [[] for _ in groups]
    results = in_parallel(run_block, [block for _, block in blocks], jobs, "simulated people")
    for (place, _), outcomes in zip(blocks, results, strict=True):
        found[place] += outcomes
    levels = [level.name for level in knowledge.triage.levels]
    return {
        "setting": setting, "seed": seed, "people": sum(map(len, found)),
        "groups": {group.name: _measured(group, own, levels) for group, own in zip(groups, found, strict=True)},
    }  # fmt: skip
