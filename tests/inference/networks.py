"""Made-up networks and cases, from gentle to extreme, for the tests."""

from __future__ import annotations

import numpy as np

from midback.inference import Evidence, Finding, Group, Network, NotSure, Numbers, Observed, Risk


def made_network(seed: int, *, causes: int = 5, findings: int = 8, wide: float = 1.0, plain: bool = False) -> Network:
    """A network of every kind of finding; ``wide`` scales how extreme the numbers are; ``plain`` is binary noisy-OR."""
    rng = np.random.default_rng(seed)
    groups = (
        ()
        if plain
        else tuple(Group(f"g{index}", Numbers.of(rng.uniform(0.1, 0.8), 0.4, f"rho{index}")) for index in range(2))
    )
    risks = []
    for index in range(2):
        levels = int(rng.integers(2, 4))
        share = rng.dirichlet(np.ones(levels))
        odds = rng.normal(0, wide, (levels, causes))
        keys = [[f"r{index}.{level}.{cause}" for cause in range(causes)] for level in range(levels)]
        risks.append(Risk(f"r{index}", tuple("abc"[:levels]), share, Numbers.of(odds, 0.3 * wide, keys)))
    prior, other = _logistic(rng.normal(-2.5, wide, causes)), _logistic(rng.normal(-2, wide / 2))
    return Network(
        tuple(f"c{index}" for index in range(causes)),
        Numbers.of(np.minimum(prior, 0.9999 - other), 0.4 * wide, [f"p{c}" for c in range(causes)]),
        Numbers.of(other, 0.4, "other"),
        0.0 if rng.random() < 0.05 else float(rng.uniform(0.01, 0.6)),
        tuple(risks),
        tuple(_finding(rng, index, causes, wide, plain) for index in range(findings)),
        groups,
    )


def _logistic(value: np.ndarray | float) -> np.ndarray:
    return np.clip(1 / (1 + np.exp(-np.asarray(value, dtype=float))), 1e-4, 0.999)


def _finding(rng: np.random.Generator, index: int, causes: int, wide: float, plain: bool) -> Finding:
    links = np.sort(rng.choice(causes, int(rng.integers(0, causes + 1)), replace=False))
    group = None if plain or rng.random() < 0.4 else f"g{rng.integers(2)}"
    name, spread = f"f{index}", 0.5 * wide
    if not plain and rng.random() < 0.3:
        levels = int(rng.integers(3, 6))
        usual = rng.dirichlet(np.full(levels, 1 / wide))
        given = rng.dirichlet(np.full(levels, 1 / wide), len(links))
        usual, given = (np.clip(x, 1e-4, None) / np.clip(x, 1e-4, None).sum(-1, keepdims=True) for x in (usual, given))
        keys = [[f"{name}.{cause}.{level}" for level in range(1, levels)] for cause in links]
        return Finding(
            name,
            tuple(f"l{level}" for level in range(levels)),
            Numbers.of(usual[1:], spread, [f"{name}.b.{level}" for level in range(1, levels)]),
            links,
            Numbers.of(given[:, 1:], spread, np.array(keys, dtype=object).reshape(len(links), levels - 1)),
            np.zeros(len(links), dtype=bool),
            group,
        )
    background = _logistic(rng.normal(-2, wide))
    given = _logistic(rng.normal(0, wide, (len(links), 1)))
    lowers = (given < background)[:, 0]
    if plain:
        given, lowers = np.maximum(given, background), np.zeros(len(links), dtype=bool)
    sure = plain or rng.random() < 0.6
    return Finding(
        name,
        ("no", "yes"),
        Numbers.of(background.reshape(1), spread, [f"{name}.b"]),
        links,
        Numbers.of(given, spread, np.array([f"{name}.{cause}" for cause in links], dtype=object).reshape(-1, 1)),
        lowers,
        group,
        1.0 if sure else float(rng.uniform(0.6, 1)),
        1.0 if sure else float(rng.uniform(0.6, 1)),
    )


def made_case(network: Network, seed: int, share: float = 0.8, only: int | None = None) -> Evidence:
    """Answers to about ``share`` of the findings, at random; ``only`` 0 makes all of them the lowest level."""
    rng = np.random.default_rng(seed)
    answers: dict[str, Observed | NotSure] = {}
    for finding in network.findings:
        if rng.random() > share:
            continue
        top = len(finding.levels) - 1
        if only is not None:
            answers[finding.name] = Observed(min(only, top), min(only, top))
        elif rng.random() < 0.1:
            answers[finding.name] = NotSure(*rng.uniform(0.01, 1, 2)) if rng.random() < 0.5 else NotSure()
        else:
            low, high = np.sort(rng.integers(0, top + 1, 2))
            if top == 1:
                low = high
            answers[finding.name] = Observed(int(low), int(high))
    risks = {risk.name: str(rng.choice(risk.levels)) for risk in network.risks if rng.random() < 0.5}
    return Evidence(answers, risks)
