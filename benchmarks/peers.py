"""The same question put to other libraries, each in a process of its own with a time limit and one thread.

`python benchmarks/peers.py NAME` prints one JSON object, or {"missing": ...} where the library is not installed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from made_network import CAUSES, FINDINGS, made_answers, made_network

from midback.inference import YES, Batch, infer

Result = dict[str, object]


def median_of(run: Callable[[int], object], cases: int, seconds: float = 20.0) -> tuple[float, int]:
    """Median seconds of one case, and how many cases fitted into the time."""
    taken: list[float] = []
    begin = time.process_time()
    for case in range(cases):
        start = time.process_time()
        run(case)
        taken.append(time.process_time() - start)
        if time.process_time() - begin > seconds:
            break
    return float(np.median(taken)), len(taken)


def split(evidence, network):
    """Positive and negative findings of a case."""
    chosen = {finding.name: finding for finding in network.findings if finding.name in evidence.findings}
    return (
        [f for f in chosen.values() if evidence.findings[f.name] == YES],
        [f for f in chosen.values() if evidence.findings[f.name] != YES],
    )


def kept(finding) -> np.ndarray:
    """(1 - given) / (1 - background): what each cause leaves of the chance that the finding is absent."""
    return (1 - finding.given.mean[:, 0]) / (1 - finding.background.mean[0])


def ours_for(network, evidence) -> np.ndarray:
    return infer(network, evidence, draws=0, simulated=0).chance


def pyagrum_expert() -> Result:
    """Negative findings folded into the priors by hand; only the positive ones become nodes."""
    import pyagrum as gum

    gum.setNumberOfThreads(1)
    network, chance = made_network()
    worst = 0.0

    def run(case: int) -> None:
        nonlocal worst
        evidence = made_answers(network, case)
        positive, negative = split(evidence, network)
        odds = chance / (1 - chance)
        for finding in negative:
            odds[finding.causes] *= kept(finding)
        net = gum.BayesNet()
        for cause in range(CAUSES):
            net.add(gum.LabelizedVariable(f"c{cause}", "", 2))
            net.cpt(f"c{cause}")[:] = [1 / (1 + odds[cause]), odds[cause] / (1 + odds[cause])]
        for finding in positive:
            net.addNoisyORNet(gum.LabelizedVariable(finding.name, "", 2), float(finding.background.mean[0]))
            for cause, left in zip(finding.causes.tolist(), kept(finding), strict=True):
                net.addWeightedArc(f"c{cause}", finding.name, float(1 - left))
        start = time.process_time()
        engine = gum.ShaferShenoyInference(net)
        engine.setTargets({f"c{cause}" for cause in range(CAUSES)})
        engine.setEvidence({finding.name: 1 for finding in positive})
        engine.makeInference()
        found = np.array([engine.posterior(f"c{cause}")[1] for cause in range(CAUSES)])
        spent.append(time.process_time() - start)
        worst = max(worst, float(np.abs(found - ours_for(network, evidence)).max()))

    spent: list[float] = []
    _, cases = median_of(run, 12)
    return {"seconds": float(np.median(spent)), "cases": cases, "difference": worst, "version": version("pyagrum")}


def pyagrum_usual() -> Result:
    """The network as one would write it down: 50 causes, the observed findings as noisy-OR children."""
    import pyagrum as gum

    gum.setNumberOfThreads(1)
    network, chance = made_network()
    rows = {}
    for observed in (5, 10, 12, 14, 16, 18, 20, 25):
        evidence = made_answers(network, 1, observed)
        positive, negative = split(evidence, network)
        net = gum.BayesNet()
        for cause in range(CAUSES):
            net.add(gum.LabelizedVariable(f"c{cause}", "", 2))
            net.cpt(f"c{cause}")[:] = [1 - chance[cause], chance[cause]]
        for finding in (*positive, *negative):
            net.addNoisyORNet(gum.LabelizedVariable(finding.name, "", 2), float(finding.background.mean[0]))
            for cause, left in zip(finding.causes.tolist(), kept(finding), strict=True):
                net.addWeightedArc(f"c{cause}", finding.name, float(1 - left))
        start = time.process_time()
        engine = gum.LazyPropagation(net)
        engine.setTargets({f"c{cause}" for cause in range(CAUSES)})
        engine.setEvidence({f.name: int(f in positive) for f in (*positive, *negative)})
        engine.makeInference()
        found = np.array([engine.posterior(f"c{cause}")[1] for cause in range(CAUSES)])
        rows[str(observed)] = time.process_time() - start
        difference = float(np.abs(found - ours_for(network, evidence)).max())
        partial = {"by_observed": rows, "difference": difference, "version": version("pyagrum")}
        print(json.dumps(partial | {"rss_mb": rss()}), flush=True)
    return partial


def pyagrum_one_cause() -> Result:
    """One cause of 51 states, 200 children."""
    import pyagrum as gum

    gum.setNumberOfThreads(1)
    network, _ = made_network(largest=1)
    net = gum.BayesNet()
    net.add(gum.LabelizedVariable("cause", "", CAUSES + 1))
    prior = np.append(network.prior.mean / network.prior.mean.sum() * (1 - network.other.mean), network.other.mean)
    net.cpt("cause")[:] = prior.tolist()
    for finding in network.findings:
        net.add(gum.LabelizedVariable(finding.name, "", 2))
        net.addArc("cause", finding.name)
        yes = np.full(CAUSES + 1, finding.background.mean[0])
        yes[finding.causes] = finding.given.mean[:, 0]
        net.cpt(finding.name)[:] = np.stack([1 - yes, yes], axis=1).tolist()
    engine = gum.ShaferShenoyInference(net)
    engine.setTargets({"cause"})
    cases = [made_answers(network, case) for case in range(100)]
    worst = 0.0

    def run(case: int) -> None:
        nonlocal worst
        engine.setEvidence({name: int(answer == YES) for name, answer in cases[case].findings.items()})
        engine.makeInference()
        found[case] = engine.posterior("cause").toarray()

    found: dict[int, np.ndarray] = {}
    seconds, done = median_of(run, 100)
    for case in range(min(done, 10)):
        ours = infer(network, cases[case], max_causes=1, draws=0, simulated=0)
        worst = max(worst, float(np.abs(found[case] - np.append(ours.chance, ours.other)).max()))
    return {"seconds": seconds, "cases": done, "difference": worst, "version": version("pyagrum")}


def pgmpy_expert() -> Result:
    """As pyagrum_expert."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.inference import VariableElimination
    from pgmpy.models import DiscreteBayesianNetwork

    network, chance = made_network()
    spent: list[float] = []
    worst = 0.0

    def run(case: int) -> None:
        nonlocal worst
        evidence = made_answers(network, case)
        positive, negative = split(evidence, network)
        odds = chance / (1 - chance)
        for finding in negative:
            odds[finding.causes] *= kept(finding)
        linked = sorted({cause for finding in positive for cause in finding.causes.tolist()})
        net = DiscreteBayesianNetwork()
        net.add_nodes_from([f"c{cause}" for cause in linked])
        for finding in positive:
            net.add_edges_from([(f"c{cause}", finding.name) for cause in finding.causes.tolist()])
        for cause in linked:
            p = odds[cause] / (1 + odds[cause])
            net.add_cpds(TabularCPD(f"c{cause}", 2, [[1 - p], [p]]))
        for finding in positive:
            left = np.array([1 - finding.background.mean[0]])
            for factor in kept(finding):
                left = np.stack([left, left * factor], axis=-1).reshape(-1)
            parents = [f"c{cause}" for cause in finding.causes.tolist()]
            net.add_cpds(TabularCPD(finding.name, 2, [left, 1 - left], parents, [2] * len(parents)))
        start = time.process_time()
        engine = VariableElimination(net)
        observed = {finding.name: 1 for finding in positive}
        ours = ours_for(network, evidence)
        asked = linked[:5]  # five of the causes; the time is scaled to all of them
        for cause in asked:
            found = engine.query([f"c{cause}"], evidence=observed, show_progress=False).values[1]
            worst = max(worst, abs(float(found) - float(ours[cause])))
        spent.append((time.process_time() - start) / len(asked) * len(linked))

    _, cases = median_of(run, 3, 30)
    return {"seconds": float(np.median(spent)), "cases": cases, "difference": worst, "version": version("pgmpy")}


def scikit_learn_batch() -> Result:
    """CategoricalNB with its tables loaded by hand; "not asked" is a third state that says nothing."""
    from sklearn.naive_bayes import CategoricalNB

    network, _ = made_network(largest=1)
    rng = np.random.default_rng(0)
    people = 20_000
    levels = random_levels(rng, people)
    model = CategoricalNB()
    states = np.where(levels[:, :FINDINGS] < 0, 2, levels[:, :FINDINGS])
    model.fit(np.vstack([np.tile([[0], [1], [2]], (1, FINDINGS))] * 17), np.arange(51))
    prior = np.append(network.prior.mean / network.prior.mean.sum() * (1 - network.other.mean), network.other.mean)
    model.class_log_prior_ = np.log(prior)
    for place, finding in enumerate(network.findings):
        yes = np.full(CAUSES + 1, finding.background.mean[0])
        yes[finding.causes] = finding.given.mean[:, 0]
        model.feature_log_prob_[place] = np.log(np.stack([1 - yes, yes, np.ones(CAUSES + 1)], axis=1))
    start = time.process_time()
    found = model.predict_proba(states)
    seconds = time.process_time() - start
    ours = Batch.of(network, 1).chances(levels[:500])
    return {
        "per_second": people / seconds,
        "difference": float(np.abs(found[:500] - ours).max()),
        "version": version("scikit-learn"),
    }


def random_levels(rng: np.random.Generator, people: int) -> np.ndarray:
    """Answers (people, 212) of 64 simulated people over and over, in random order."""
    network, _ = made_network()
    levels = np.full((64, FINDINGS + 12), -1, dtype=np.int8)
    for case in range(64):
        for name, answer in made_answers(network, case).findings.items():
            levels[case, int(name[1:])] = answer.low
    return levels[rng.integers(0, 64, people)]


def rss() -> float:
    """Most memory this process has held, in MB; 0 where /proc does not tell."""
    # Not getrusage: its figure is inherited from the process that started this one.
    facts = Path("/proc/self/status")
    lines = facts.read_text().splitlines() if facts.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


PEERS = {f.__name__: f for f in (pyagrum_one_cause, pyagrum_usual, pyagrum_expert, pgmpy_expert, scikit_learn_batch)}

if __name__ == "__main__":
    try:
        print(json.dumps(PEERS[sys.argv[1]]() | {"rss_mb": rss()}))
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
