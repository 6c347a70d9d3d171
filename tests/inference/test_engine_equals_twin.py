"""The engine gives what plain enumeration gives, to 2e-6, over thousands of made-up networks and cases.

`MIDBACK_TWIN_CASES=20000 pytest tests/inference` runs more of them.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.networks import made_case, made_network
from inference.twin import chances, posterior_of_sets
from midback.inference import Evidence, infer

CASES = int(os.environ.get("MIDBACK_TWIN_CASES", "1000"))
AGREES = 2e-6
often = settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 2**31)


def agree(network, evidence, largest):
    ours = infer(network, evidence, max_causes=largest, draws=0)
    sets, log_evidence = posterior_of_sets(network, evidence, largest)
    count = len(network.causes)
    np.testing.assert_allclose(ours.chance, chances(sets, count), rtol=0, atol=AGREES)
    assert ours.other == pytest.approx(sets[()], abs=AGREES)
    assert ours.log_evidence == pytest.approx(log_evidence, abs=1e-5)
    listed = dict(ours.sets(len(sets)))
    assert sum(listed.values()) == pytest.approx(1, abs=1e-9)
    for members, chance in sets.items():
        assert listed[tuple(network.causes[cause] for cause in members)] == pytest.approx(chance, abs=AGREES)
    return ours, sets


@often
@given(seeds, st.integers(1, 5), st.integers(0, 7), st.integers(1, 3), st.sampled_from([0.5, 1.0, 2.5]))
def test_chances_of_causes_and_sets(seed, causes, findings, largest, wide):
    network = made_network(seed, causes=causes, findings=findings, wide=wide)
    evidence = made_case(network, seed + 1)
    ours, sets = agree(network, evidence, largest)
    some = [name for index, name in enumerate(network.causes) if (seed >> index) & 1]
    chosen = {network.causes.index(name) for name in some}
    union = sum(chance for members, chance in sets.items() if chosen & set(members))
    assert ours.any(some)[0] == pytest.approx(union, abs=AGREES)


@pytest.mark.parametrize("only", [0, 1])
@pytest.mark.parametrize("seed", range(15))
def test_all_negative_and_all_positive(seed, only):
    network = made_network(seed, causes=5, findings=10, wide=2.0)
    agree(network, made_case(network, seed, share=1.0, only=only), 3)


@pytest.mark.parametrize("seed", range(10))
def test_plain_noisy_or_of_more_causes(seed):
    network = made_network(seed, causes=9, findings=14, plain=True)
    agree(network, made_case(network, seed), 3)


@settings(max_examples=max(CASES // 20, 1), deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_order_of_answers_never_matters(seed, random):
    network = made_network(seed, causes=4, findings=6)
    evidence = made_case(network, seed)
    turned = list(evidence.findings.items())
    random.shuffle(turned)
    one = infer(network, evidence, draws=8)
    two = infer(network, Evidence(dict(turned), dict(reversed(evidence.risks.items()))), draws=8)
    assert np.array_equal(one.chance, two.chance)
    assert np.array_equal(one.draws, two.draws)
