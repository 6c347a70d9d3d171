"""Unseen DDXPlus patients through the engine's question policy, and through a greedy naive Bayes on the same split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback import inference as engine
from midback.evaluation.ddxplus.fitting import fit_network, frequencies
from midback.evaluation.ddxplus.patients import Benchmark, read_benchmark
from midback.evaluation.intervals import mcnemar_exact, paired_difference, share
from midback.evaluation.running import in_parallel

__all__ = ["PUBLISHED", "STEPS", "evaluate_ddxplus"]

STEPS = (0, 5, 10, 15, 20)
SEVERE = 2  # severities 1 and 2 of 5 count as severe
DANGER_WEIGHT, TEMPERATURE = 0.1, 0.3  # chosen on training patients alone; losses here are 0 to 2, not triage losses
LISTED = 0.01  # a disease this likely is in the list a person would see
PUBLISHED = (
    ("AARLC", "full set, 134,529 patients", 0.7539, 25.75),
    ("BASD", "full set, 134,529 patients", 0.6771, 17.86),
    ("GraphTrace", "full set", 0.9105, 23.1),
    ("MEDDxAgent (GPT-4o)", "full set", 0.86, 15.0),
    ("DDxT, all evidence given", "full set", 0.9998, float("nan")),
    ("greedy naive Bayes, 5 questions", "this sample, 5-fold", 0.954, 5.0),
    ("greedy naive Bayes, 10 questions", "this sample, 5-fold", 0.973, 10.0),
)


@dataclass(frozen=True, slots=True)
class _Share:
    folder: Path
    people: tuple[int, ...]


@lru_cache(maxsize=1)
def _prepared(folder: Path) -> tuple[Benchmark, engine.Network]:
    data = read_benchmark(folder)
    return data, fit_network(data)


def _losses(data: Benchmark) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Actions are diagnoses: naming another disease than the true one loses 1, or 2 when a severe one is missed."""
    count = len(data.diseases)
    harm = np.where(np.eye(count, dtype=bool), 0.0, np.where(data.severity <= SEVERE, 2.0, 1.0)[None, :])
    return np.zeros(count), np.hstack([harm, np.ones((count, 1))])


def _play(work: _Share) -> list[list[NDArray[np.float64]]]:
    """For each person the chances of every disease at each of STEPS."""
    data, network = _prepared(work.folder)
    cost, harm = _losses(data)
    nodes_of = data.nodes_of()
    question_of = {node.name: node.question for node in data.nodes}
    every = [node.name for node in data.nodes]  # the same candidates each time, so that the engine prepares them once
    told = []
    for person in work.people:
        seen: dict[str, engine.Answer] = {}

        def reveal(question: str, person: int = person, seen: dict[str, engine.Answer] = seen) -> None:
            for place in nodes_of.get(question, []):
                level = int(data.values[person, place])
                seen[data.nodes[place].name] = engine.Observed(level, level)

        for known in ("age", "sex", data.initial[person]):
            reveal(known)
        at_steps = []
        for step in range(max(STEPS) + 1):
            posterior = engine.infer(network, engine.Evidence(seen), max_causes=1, draws=0, simulated=0)
            if step in STEPS:
                at_steps.append(posterior.chance / posterior.chance.sum())
            if step == max(STEPS):
                break
            values = engine.question_values(
                network, posterior.evidence, cost, harm, data.severity <= SEVERE,
                temperature=TEMPERATURE, names=every, max_causes=1, posterior=posterior,
            )  # fmt: skip
            worth = values.soft_evsi + DANGER_WEIGHT * values.information
            gain: dict[str, float] = {}  # one question reveals all its options, so their worth is added up
            for name, own in zip(values.names, worth, strict=True):
                if name not in seen:
                    gain[question_of[name]] = gain.get(question_of[name], 0.0) + float(own)
            reveal(max(gain, key=lambda question: gain[question]))
        told.append(at_steps)
    return told


def _entropy(share_of: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(share_of, 1e-300, 1.0)
    return np.asarray(-share_of * np.log2(inside))


def _greedy(data: Benchmark, people: Sequence[int]) -> list[list[NDArray[np.float64]]]:
    """The baseline: naive Bayes on the same counts, asking whatever tells most about the disease."""
    prior, tables = frequencies(data)
    nodes_of = {name: places for name, places in data.nodes_of().items() if name not in ("age", "sex")}
    inner = [np.array([_entropy(row).sum() for row in table]) for table in tables]  # H(node | disease)
    told = []
    for person in people:
        log, asked = np.log(prior), set[str]()

        def reveal(question: str, person: int = person, log: NDArray[np.float64] = log) -> None:
            for place in data.nodes_of().get(question, []):
                log += np.log(tables[place][:, data.values[person, place]])

        for known in ("age", "sex", data.initial[person]):
            reveal(known)
        asked.add(data.initial[person])
        at_steps = []
        for step in range(max(STEPS) + 1):
            chance = np.exp(log - log.max())
            chance /= chance.sum()
            if step in STEPS:
                at_steps.append(chance.copy())
            worth = {
                name: sum(float(_entropy(chance @ tables[place]).sum() - chance @ inner[place]) for place in places)
                for name, places in nodes_of.items() if name not in asked
            }  # fmt: skip
            best = max(worth, key=lambda name: worth[name])
            reveal(best)
            asked.add(best)
        told.append(at_steps)
    return told


def _hits(told: Sequence[Sequence[NDArray[np.float64]]], truth: Sequence[int], step: int, k: int) -> list[bool]:
    return [int((own[step] > own[step][true]).sum()) < k for own, true in zip(told, truth, strict=True)]


def _table(
    told: Sequence[Sequence[NDArray[np.float64]]], truth: Sequence[int], data: Benchmark
) -> list[dict[str, Any]]:
    severe = [place for place, true in enumerate(truth) if data.severity[true] <= SEVERE]
    rows = []
    for place, step in enumerate(STEPS):
        row: dict[str, Any] = {"questions": step}
        for k in (1, 3, 5):
            hits = _hits(told, truth, place, k)
            row[f"top_{k}"] = share(sum(hits), len(hits)).as_json()
            if k == 5:
                row["severe_in_top_5"] = share(sum(hits[one] for one in severe), len(severe)).as_json()
        listed = sum(bool(told[one][place][truth[one]] >= LISTED) for one in severe)
        row["severe_listed"] = share(listed, len(severe)).as_json()
        rows.append(row)
    return rows


def evaluate_ddxplus(folder: Path, *, most_people: int | None = None, jobs: int = 1) -> Mapping[str, Any]:
    """Figures on the unseen part of the sample (``most_people`` of it), engine and baseline on the same people."""
    data, _ = _prepared(folder)
    unseen = [int(place) for place in np.flatnonzero(~data.train)][:most_people]
    size = 10
    shares = [_Share(folder, tuple(unseen[first : first + size])) for first in range(0, len(unseen), size)]
    ours = [one for part in in_parallel(_play, shares, jobs, "DDXPlus") for one in part]
    theirs = _greedy(data, unseen)
    truth = [int(data.disease[place]) for place in unseen]
    at = STEPS.index(10)
    first, second = _hits(ours, truth, at, 1), _hits(theirs, truth, at, 1)
    gap = paired_difference([float(hit) for hit in first], [float(hit) for hit in second])
    only = [
        sum(a and not b for a, b in zip(one, other, strict=True)) for one, other in ((first, second), (second, first))
    ]
    return {
        "trained_on": int(data.train.sum()), "unseen": int((~data.train).sum()), "tested": len(unseen),
        "target_fitted": "the patient's own disease (PATHOLOGY)", "engine": _table(ours, truth, data),
        "naive_bayes": _table(theirs, truth, data),
        "difference_at_10": gap.as_json() | {"mcnemar_p": round(mcnemar_exact(*only), 4)},
        "published": [{"name": name, "on": on, "top_1": top, "questions": None if asked != asked else asked}
                      for name, on, top, asked in PUBLISHED],
    }  # fmt: skip
