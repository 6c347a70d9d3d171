"""The whole evaluation in one go: worked cases, robustness, simulated people, question policies, DDXPlus."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midback.evaluation.ddxplus.asking import evaluate_ddxplus
from midback.evaluation.ddxplus.patients import FOLDER_VARIABLE, find_benchmark
from midback.evaluation.robustness import check_robustness
from midback.evaluation.running import evaluate_cases
from midback.evaluation.simulated.dangerous import after_pages
from midback.evaluation.simulated.measures import simulate
from midback.evaluation.simulated.policies import compare_policies
from midback.evaluation.stamping import cases_folder, cases_hash, stamp
from midback.knowledge import Knowledge

__all__ = ["SIZES", "Size", "evaluate_everything"]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: simulated people under the main condition, people stopped early, people per policy, and
    DDXPlus patients."""

    people: int
    stopped_people: int
    policy_people: int
    ddxplus_people: int | None


SIZES = {"usual": Size(2000, 2000, 40, None), "quick": Size(80, 80, 10, 100)}


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def evaluate_everything(
    knowledge: Knowledge,
    size: Size,
    *,
    root: Path | None = None,
    jobs: int | None = None,
    ddxplus: Path | None = None,
    cases: Path | None = None,
) -> Mapping[str, Any]:
    """Everything docs/evaluation.md reports, as plain data. DDXPlus is skipped, aloud, where its files are not."""
    jobs = jobs or min(os.cpu_count() or 1, 8)
    folder = cases or cases_folder(root)
    clock = time.perf_counter()

    def done(what: str) -> None:
        nonlocal clock
        _say(f"{what}: {time.perf_counter() - clock:.0f} s")
        clock = time.perf_counter()

    result: dict[str, Any] = {"schema_version": 1, "kind": "midback_whole_evaluation", "stamp": stamp(knowledge)}
    result["stamp"]["cases_hash"] = cases_hash(folder)
    result["cases"] = evaluate_cases([folder], knowledge)
    done("worked cases")
    result["robustness"] = check_robustness(folder, knowledge, jobs=jobs, root=root)
    done("robustness")
    result["simulated"] = simulate(knowledge, size.people, jobs=jobs, root=root)
    done("simulated people")
    result["stopped"] = after_pages(knowledge, size.stopped_people, jobs=jobs, root=root)
    done("people stopped after 15 pages")
    result["policies"] = compare_policies(knowledge, size.policy_people, jobs=jobs, root=root)
    done("question policies")
    place = find_benchmark(ddxplus)
    if place is None:
        _say(f"DDXPlus SKIPPED: its files were not found (name the folder with --ddxplus or {FOLDER_VARIABLE})")
        result["ddxplus"] = None
    else:
        result["ddxplus"] = evaluate_ddxplus(place, most_people=size.ddxplus_people, jobs=jobs)
        done("DDXPlus")
    return result
