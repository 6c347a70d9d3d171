"""A network of the engine fitted from counts, and the plain naive Bayes it is measured against.

The target fitted is the patient's own disease (PATHOLOGY), not the benchmark's differential.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midback import inference as engine
from midback.evaluation.ddxplus.patients import Benchmark

__all__ = ["fit_network", "frequencies"]

ADDED = 0.1  # counts added to every level, so that what was never seen in some 40 patients stays possible
NONE_OF_THEM = 1e-6  # the benchmark knows no patient outside its diseases


def frequencies(data: Benchmark) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """(share of each disease, for each node P(level | disease) as (diseases, levels)) in the training patients."""
    disease = data.disease[data.train]
    size = np.bincount(disease, minlength=len(data.diseases)).astype(float)
    tables = []
    for place, node in enumerate(data.nodes):
        counts = np.zeros((len(data.diseases), len(node.levels)))
        np.add.at(counts, (disease, data.values[data.train, place]), 1.0)
        tables.append((counts + ADDED) / (counts + ADDED).sum(axis=1, keepdims=True))
    return (size + 1) / (size + 1).sum(), tables


def fit_network(data: Benchmark) -> engine.Network:
    """The engine's network of the training patients: one cause a disease, at most one at a time.

    Every number has its width from its counts, so that the engine's ranges would be honest here too.
    """
    prior, tables = frequencies(data)
    size = np.bincount(data.disease[data.train], minlength=len(data.diseases)).astype(float)
    every = np.arange(len(data.diseases))
    findings = []
    for node, table in zip(data.nodes, tables, strict=True):
        usual, given = prior @ table, table[:, 1:]
        counts = table[:, 1:] * size[:, None]
        spread = np.sqrt(1 / (counts + 0.5) + 1 / (size[:, None] - counts + 0.5))
        keys = np.array(
            [[f"{node.name}.{level}.{name}" for level in node.levels[1:]] for name in data.diseases], object
        )
        lowers = given[:, 0] < usual[1] if len(node.levels) == 2 else np.zeros(len(every), dtype=bool)
        findings.append(
            engine.Finding(
                name=node.name,
                levels=node.levels,
                background=engine.Numbers.of(usual[1:], 0.0, f"{node.name}.usual"),
                causes=every,
                given=engine.Numbers(given, np.minimum(spread, 3.0), keys),
                lowers=lowers,
            )
        )
    names = np.array([f"prior.{name}" for name in data.diseases], dtype=object)
    return engine.Network(
        causes=data.diseases, prior=engine.Numbers(prior, 1 / np.sqrt(size + 1), names),
        other=engine.Numbers.of(NONE_OF_THEM, 0.0, "other"), several=0.0, findings=tuple(findings),
    )  # fmt: skip
