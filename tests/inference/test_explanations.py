"""Decisions, weights, disablement, gaps, certificate and batches, against plain reckoning."""

from __future__ import annotations

import numpy as np
import pytest

from inference.networks import made_case, made_network
from inference.twin import all_sets, likelihood, posterior_of_sets, printed, shares
from midback.inference import (
    YES,
    Batch,
    Evidence,
    Finding,
    Network,
    Numbers,
    Observed,
    decide,
    disablement,
    gaps,
    infer,
    infer_batch,
    weights,
)
from midback.inference.point import risk_shift
from midback.inference.prior import set_prior


@pytest.mark.parametrize("seed", range(6))
def test_prior_closed_form(seed):
    network = made_network(seed, findings=0)
    for largest in (1, 2, 3):
        result = infer(network, Evidence(), max_causes=largest, draws=0)
        assert result.other == pytest.approx(float(network.other.mean))
        if largest > 1 and network.several:
            more = sum(chance for members, chance in result.sets(100) if len(members) > 1)
            assert more / (1 - result.other) == pytest.approx(network.several)


def test_decision_is_raised_by_the_careful_share():
    network = made_network(7, wide=1.0)
    posterior = infer(network, made_case(network, 7), draws=1000)
    cost, harm = np.array([0.0, 1.0]), np.zeros((2, 6))
    index = int(np.argmax(posterior.chance))
    cut = float(np.quantile(posterior.draws[:, index], 0.8))
    harm[0, index] = 1 / max(cut, 1e-12)  # acting is best in about 20 % of draws
    decision = decide(posterior, cost, harm, careful=0.1)
    assert decision.best_share.sum() == pytest.approx(1)
    assert decision.best_share[1] == pytest.approx(0.2, abs=0.02)
    assert (decision.mean_best, decision.action) == (0, 1)
    assert decide(posterior, cost, harm, careful=0.3).action == 0
    expected = cost + harm[:, :-1] @ posterior.chance + harm[:, -1] * posterior.other
    assert np.allclose(decision.expected, expected)
    with pytest.raises(ValueError, match="do not fit"):
        decide(posterior, cost, np.zeros((2, 3)))
    alone = infer(network, made_case(network, 7), draws=0)
    assert decide(alone, cost, harm).action == 0


@pytest.mark.parametrize("seed", range(8, 14))
def test_weights_are_what_leaving_out_changes(seed):
    network = made_network(seed)
    evidence = made_case(network, seed)
    found = weights(network, evidence)
    for name, row in zip(found.names, found.decibans, strict=True):
        odds = []
        for answers in (evidence, evidence.without(name)):
            sets, _ = posterior_of_sets(network, answers, 1)
            chance = np.array([sets[(j,)] for j in range(5)])
            odds.append(10 * np.log10(chance / (1 - chance)))
        assert np.allclose(row, odds[0] - odds[1], atol=1e-3)


def test_disablement_by_enumeration():
    network = made_network(9, plain=True)
    evidence = made_case(network, 9)
    sets, _ = posterior_of_sets(network, evidence, 3)
    values = printed(network)
    expected = np.zeros(5)
    for members, chance in sets.items():
        for cause in members:
            less = tuple(other for other in members if other != cause)
            for finding in network.findings:
                if evidence.findings.get(finding.name) == YES:
                    gone = 1 - shares(finding, values, less)[1] / shares(finding, values, members)[1]
                    expected[cause] += chance * max(gone, 0)
    assert np.allclose(disablement(network, evidence), expected, atol=1e-6)


def test_gaps_point_at_the_number_that_matters():
    network = made_network(10)
    evidence = made_case(network, 10)
    posterior = infer(network, evidence, draws=1000)
    found = gaps(network, evidence, posterior, "c0")
    assert found == sorted(found, key=lambda item: -item[1])
    assert all(0 < share <= 1 for _, share in found)
    assert sum(share for _, share in found) > 0.6
    with pytest.raises(ValueError, match="needs a posterior with draws"):
        gaps(network, evidence, infer(network, evidence, draws=0))


def beyond(network, evidence, largest):
    odds, start = set_prior(network.prior.mean, network.other.mean, network.several, largest)
    odds = odds + risk_shift(network, evidence)
    values = printed(network)
    mass = {}
    for members in all_sets(len(network.causes), len(network.causes)):
        before = np.exp(start + odds[list(members)].sum()) if members else 1.0
        mass[members] = before * likelihood(network, values, evidence, members)
    return sum(m for members, m in mass.items() if len(members) > largest) / sum(mass.values())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("largest", [1, 2, 3])
def test_chance_beyond_the_sets_looked_at(seed, largest):
    for plain in (True, False):
        network = made_network(seed, causes=6, findings=6, plain=plain, wide=0.7)
        evidence = made_case(network, seed)
        certificate = infer(network, evidence, max_causes=largest, draws=0).certificate
        truth = beyond(network, evidence, largest)
        if plain:
            assert certificate.method == "exact"
            assert certificate.beyond == pytest.approx(truth, abs=1e-6)
        else:
            assert truth * 0.8 <= certificate.beyond <= min(2.5 * truth + 1e-4, 1)


def test_a_finding_no_cause_explains_is_named():
    network = made_network(11, plain=True)
    lonely = next(f for f in network.findings if len(f.causes) < 5)
    certificate = infer(network, Evidence({lonely.name: YES}), draws=0).certificate
    assert 0 < certificate.unexplained[lonely.name] <= 1


def test_surprise_is_spread_evenly_over_people_of_the_model():
    network = made_network(12, plain=True, findings=12)
    rng = np.random.default_rng(0)
    values = printed(network)
    before, _ = posterior_of_sets(network, Evidence(), 2)
    sets, chance = list(before), np.array(list(before.values()))
    found = []
    for _ in range(150):
        members = sets[rng.choice(len(sets), p=chance)]
        answers = {f.name: YES for f in network.findings if rng.random() < shares(f, values, members)[1]}
        from midback.inference import NO

        evidence = Evidence({f.name: answers.get(f.name, NO) for f in network.findings})
        found.append(infer(network, evidence, max_causes=2, draws=0, simulated=200).certificate.surprise)
    assert 35 < np.mean(found) < 65
    assert np.mean(np.array(found) > 95) < 0.13


def agree_one_by_one(network, levels, found, largest):
    """Each row of a batch of ten findings and the risks after them is what one person alone would be given."""
    for row, chances_of_row in zip(levels, found, strict=True):
        answers = {f.name: Observed(int(v), int(v)) for f, v in zip(network.findings, row, strict=False) if v >= 0}
        risks = {r.name: r.levels[v] for r, v in zip(network.risks, row[10:], strict=True) if v >= 0}
        one = infer(network, Evidence(answers, risks), max_causes=largest, draws=0)
        assert np.allclose(chances_of_row, np.append(one.chance, one.other), atol=5e-6)


@pytest.mark.parametrize("largest", [1, 2])
def test_batch_equals_one_by_one(largest):
    network = made_network(13, plain=True, causes=6, findings=10)
    rng = np.random.default_rng(0)
    levels = rng.integers(-1, 2, (40, 12)).astype(np.int8)
    found = infer_batch(network, levels, max_causes=largest)
    agree_one_by_one(network, levels, found, largest)
    with pytest.raises(ValueError, match="not"):
        infer_batch(network, levels[:, :3])
    with pytest.raises(ValueError, match="outside"):
        Batch.of(network).chances(levels + 5)
    assert Batch.of(network).chances(levels[:0]).shape == (0, 7)


@pytest.mark.parametrize("largest", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_batch_with_groups_equals_one_by_one(seed, largest):
    network = made_network(seed, causes=6, findings=10)
    assert network.groups
    rng = np.random.default_rng(seed)
    sizes = [len(item.levels) for item in (*network.findings, *network.risks)]
    levels = np.stack([rng.integers(-1, size, 60) for size in sizes], axis=1).astype(np.int8)
    levels[:10, :10] = -1  # people who were asked next to nothing
    levels[range(10), range(10)] = 0
    found = infer_batch(network, levels, max_causes=largest)
    agree_one_by_one(network, levels, found, largest)


def test_batch_of_many_conflicting_answers_stays_exact():
    findings = tuple(
        Finding(
            f"f{index}", ("no", "yes"), Numbers.of([1e-4], 0.3, "b"), np.array([0, 1]),
            Numbers.of([[0.999], [0.998]], 0.3, "s"), np.array([False, False]),
        )
        for index in range(60)
    )  # fmt: skip
    network = Network(("a", "b"), Numbers.of([0.5, 0.4], 0.3, "p"), Numbers.of(0.1, 0.3, "o"), 0.1, findings=findings)
    levels = np.stack([np.arange(60) % 2, np.ones(60), np.zeros(60), np.arange(60) < 50]).astype(np.int8)
    found = infer_batch(network, levels, max_causes=2)
    for row, chances_of_row in zip(levels, found, strict=True):
        answers = {f.name: Observed(int(v), int(v)) for f, v in zip(findings, row, strict=True)}
        one = infer(network, Evidence(answers), max_causes=2, draws=0)
        assert np.allclose(chances_of_row, np.append(one.chance, one.other), atol=1e-3)
