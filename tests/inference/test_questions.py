"""Next questions and predictions, against asking and inferring anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.networks import made_case, made_network
from inference.twin import chances, drawn, posterior_of_sets, printed, shares
from midback.inference import Evidence, Numbers, Observed, decide, infer, predictive, question_values

seeds = st.integers(0, 2**31)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seeds, st.integers(1, 3))
def test_predictions_and_values_equal_conditioning(seed, largest):
    network = made_network(seed, causes=5, findings=7)
    evidence = made_case(network, seed, share=0.5)
    rng = np.random.default_rng(seed)
    cost = np.array([0.0, 0.1, 0.3])
    harm = rng.uniform(0, 1, (3, 6)) * np.array([[1.0], [0.5], [0.1]])
    dangerous = np.array([True, False, True, False, False])
    values = question_values(network, evidence, cost, harm, dangerous, max_causes=largest)
    predicted = predictive(network, evidence, max_causes=largest)
    assert values.names == tuple(predicted)
    assert set(values.names) == {f.name for f in network.findings} - set(evidence.findings)
    now = infer(network, evidence, max_causes=largest, draws=0)
    assert values.danger == pytest.approx(now.any(["c0", "c2"])[0], abs=2e-6)
    assert values.action == decide(now, cost, harm).mean_best
    for place, name in enumerate(values.names):
        finding = network.finding(name)
        assert predicted[name].sum() == pytest.approx(1)
        if finding.sensitivity < 1 or finding.specificity < 1:
            continue  # a value is that of knowing the finding, not of an answer that may be wrong
        # Seven nodes keep a finding's own share to two or three digits, so an answered mate costs that much here.
        mates = [f for f in network.findings if f.group == finding.group and f.name in evidence.findings]
        close = 1e-2 if finding.group and mates else 2e-6
        answers = [
            Evidence({**evidence.findings, name: Observed(level, level)}, evidence.risks)
            for level in range(len(finding.levels))
        ]
        found = [posterior_of_sets(network, answer, largest) for answer in answers]
        whole = sum(np.exp(log_after - now.log_evidence) for _, log_after in found)
        assert whole == pytest.approx(1, abs=3 * close)
        for level, (after, log_after) in enumerate(found):
            chance = np.exp(log_after - now.log_evidence) / whole
            assert predicted[name][level] == pytest.approx(chance, abs=close)
            if chance < 1e-3:
                continue
            danger = sum(p for members, p in after.items() if {0, 2} & set(members))
            assert values.level_danger[place, level] == pytest.approx(danger, abs=max(1e-4, 3 * close))
            each = np.array([*chances(after, 5), after[()]])
            expected = cost + harm @ each
            taken = expected[values.level_action[place, level]]
            assert taken == pytest.approx(expected.min(), abs=max(1e-4, 3 * close))
    assert np.all(values.soft_evsi >= 0)
    assert np.all((values.information >= 0) & (values.information <= 1))


def test_values_in_a_posterior_at_hand_are_the_same():
    network = made_network(3)
    evidence = made_case(network, 3, share=0.5)
    harm = np.random.default_rng(0).uniform(0, 1, (2, 6))
    posterior = infer(network, evidence, max_causes=2, draws=0)
    arguments = (network, evidence, np.array([0.0, 0.2]), harm, np.ones(5, dtype=bool))
    anew, reused = question_values(*arguments), question_values(*arguments, posterior=posterior)
    assert np.allclose(anew.soft_evsi, reused.soft_evsi)
    only = question_values(*arguments, names=anew.names[:1])
    assert only.names == anew.names[:1]
    with pytest.raises(ValueError, match="no finding is called nonsense"):
        question_values(*arguments, names=["nonsense"])
    with pytest.raises(ValueError, match="do not fit"):
        question_values(network, Evidence(), np.zeros(2), np.zeros((2, 3)), np.ones(5, dtype=bool))


def test_nothing_left_to_ask():
    network = made_network(4, findings=2)
    evidence = Evidence({"f0": Observed(0, 0), "f1": Observed(0, 0)})
    values = question_values(network, evidence, np.zeros(2), np.zeros((2, 6)), np.ones(5, dtype=bool))
    assert values.names == ()
    assert values.soft_evsi.shape == (0,)


def worth_by_enumeration(network, sets, cost, harm, dangerous, finding, temperature):
    """Soft gain in harm and bits about danger of one finding, from the chance of every set of causes."""
    values = printed(network)

    def soft(expected):
        return -temperature * np.log(np.exp(-np.asarray(expected) / temperature).sum())

    def bits(chance):
        return -sum(p * np.log2(p) for p in (chance, 1 - chance) if p > 0)

    def harm_and_danger(weights):
        total = sum(weights.values())
        expected = cost.copy()
        danger = 0.0
        for members, weight in weights.items():
            expected = expected + weight / total * (harm[:, list(members)].sum(1) if members else harm[:, -1])
            danger += weight / total * any(dangerous[cause] for cause in members)
        return soft(expected), bits(danger)

    gain, information = harm_and_danger(sets)
    for level in range(len(finding.levels)):
        after = {members: chance * shares(finding, values, members)[level] for members, chance in sets.items()}
        reached = sum(after.values())
        less, still = harm_and_danger(after)
        gain -= reached * less
        information -= reached * still
    return gain, information


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_worth_at_draws_is_the_worth_under_the_drawn_numbers(seed, plain):
    network = made_network(seed, causes=4, findings=6, wide=0.5, plain=plain)
    evidence = made_case(network, seed, share=0.5)
    rng = np.random.default_rng(seed)
    cost, harm = np.array([0.0, 0.1, 0.3]), rng.uniform(0, 1, (3, 5)) * np.array([[1.0], [0.5], [0.1]])
    dangerous = np.array([True, False, True, False])
    posterior = infer(network, evidence, draws=40)
    values = question_values(network, evidence, cost, harm, dangerous, posterior=posterior, draws=12, temperature=0.05)
    assert values.soft_evsi_draws.shape == values.information_draws.shape == (12, len(values.names))
    answered_groups = {network.finding(name).group for name in evidence.findings} - {None}
    for draw in range(0, 12, 4):
        numbers, means = drawn(network, draw, 40, 0), printed(network)
        for name in values.names:  # what is not answered yet stands at its mean
            numbers.background[name], numbers.given[name] = means.background[name], means.given[name]
        sets, _ = posterior_of_sets(network, evidence, 3, numbers)
        for place, name in enumerate(values.names):
            finding = network.finding(name)
            if finding.group in answered_groups:
                continue
            gain, information = worth_by_enumeration(network, sets, cost, harm, dangerous, finding, 0.05)
            assert values.soft_evsi_draws[draw, place] == pytest.approx(gain, abs=1e-3)
            assert values.information_draws[draw, place] == pytest.approx(information, abs=3e-3)
    with pytest.raises(ValueError, match="needs a posterior"):
        question_values(network, evidence, cost, harm, dangerous, posterior=posterior, draws=41)
    with pytest.raises(ValueError, match="needs a posterior"):
        question_values(network, evidence, cost, harm, dangerous, draws=2)


def test_worth_averaged_over_certain_numbers_is_the_headline():
    network = made_network(6, wide=0.6)
    sure = [Numbers.of(numbers.mean, 0.0, numbers.key) for numbers in (network.prior, network.other)]
    findings = tuple(
        replace(f, background=Numbers.of(f.background.mean, 0.0, "b"), given=Numbers.of(f.given.mean, 0.0, "g"))
        for f in network.findings
    )
    network = replace(network, prior=sure[0], other=sure[1], findings=findings, groups=network.groups)
    evidence = Evidence({"f0": Observed(0, 0)})
    harm = np.random.default_rng(0).uniform(0, 1, (2, 6))
    posterior = infer(network, evidence, draws=16)
    values = question_values(
        network, evidence, np.array([0.0, 0.2]), harm, np.ones(5, dtype=bool), posterior=posterior, draws=16
    )
    assert np.allclose(values.soft_evsi_draws, values.soft_evsi, atol=1e-5)
    assert np.allclose(values.information_draws, values.information, atol=1e-5)
