"""The synthetic problem every engine is given: 50 causes, 200 yes-or-no findings, 12 risks, noisy-OR with 5-10 links.

The prior is one of independent causes with a summed chance of 0.17, cut at three causes for ours: with `other` and
`several` as below, ours is exactly that prior given at most three causes, so peers answer the same question.
"""

from __future__ import annotations

import numpy as np

from midback.inference import NO, YES, Evidence, Finding, Network, Numbers, Risk

CAUSES, FINDINGS, RISKS, OBSERVED = 50, 200, 12, 25


def made_network(seed: int = 0, largest: int = 3) -> tuple[Network, np.ndarray]:
    """The network and the chance (50,) of each independent cause."""
    rng = np.random.default_rng(seed)
    chance = np.exp(rng.uniform(np.log(0.002), np.log(0.15), CAUSES))
    chance *= 0.17 / chance.sum()
    odds = chance / (1 - chance)
    sums = np.zeros(4)
    sums[0] = 1
    for value in odds:
        sums[1:] += value * sums[:-1].copy()
    total = sums[1 : largest + 1].sum()
    several = sums[2 : largest + 1].sum() / total
    findings = []
    for index in range(FINDINGS):
        links = np.sort(rng.choice(CAUSES, int(rng.integers(5, 11)), replace=False))
        background = np.exp(rng.uniform(np.log(0.01), np.log(0.25)))
        given = background + (0.98 - background) * rng.uniform(0.1, 0.9, len(links))
        findings.append(
            Finding(
                f"f{index}",
                ("no", "yes"),
                Numbers.of([background], 0.3, [f"f{index}.background"]),
                links,
                Numbers.of(given[:, None], rng.uniform(0.15, 0.6, (len(links), 1)), [[f"f{index}.{c}"] for c in links]),
                np.zeros(len(links), dtype=bool),
            )
        )
    risks = []
    for index in range(RISKS):
        shift, sd = np.zeros((2, CAUSES)), np.zeros((2, CAUSES))
        moved = rng.choice(CAUSES, 8, replace=False)
        shift[1, moved], sd[1, moved] = rng.normal(0.7, 0.4, 8), 0.3
        keys = [[f"r{index}.{level}.{cause}" for cause in range(CAUSES)] for level in range(2)]
        risks.append(Risk(f"r{index}", ("no", "yes"), np.array([0.8, 0.2]), Numbers.of(shift, sd, keys)))
    shares = np.minimum(odds / odds.sum(), 1 - 1e-6)
    network = Network(
        tuple(f"c{index}" for index in range(CAUSES)),
        Numbers.of(shares, 0.4, [f"c{index}.prior" for index in range(CAUSES)]),
        Numbers.of(1 / (1 + total), 0.3, "other"),
        float(several),
        tuple(risks),
        tuple(findings),
    )
    return network, chance


def made_answers(network: Network, seed: int, observed: int = OBSERVED) -> Evidence:
    """A simulated person: one cause, sometimes two; half of the answered findings are about them."""
    rng = np.random.default_rng(seed)
    shares = network.prior.mean / network.prior.mean.sum()
    present = set(rng.choice(CAUSES, 2 if rng.random() < network.several else 1, replace=False, p=shares).tolist())
    about = [place for place, f in enumerate(network.findings) if present & set(f.causes.tolist())]
    order = [*rng.permutation(about)[: observed // 2].tolist(), *rng.permutation(FINDINGS).tolist()]
    answers = {}
    for place in list(dict.fromkeys(order))[:observed]:
        finding = network.findings[place]
        left = 1 - finding.background.mean[0]
        spared = left
        for cause, share in zip(finding.causes.tolist(), finding.given.mean[:, 0], strict=True):
            if cause in present:
                spared *= (1 - share) / left
        answers[finding.name] = YES if rng.random() > spared else NO
    return Evidence(answers)
