"""Draws: one column per parameter id, means at the printed numbers, ranges that hold the headline, as the twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.networks import made_case, made_network
from inference.twin import chances, drawn, posterior_of_sets
from midback.inference import YES, Evidence, Finding, Network, Numbers, Observed, infer
from midback.inference.draws import draw_probabilities, standard_normals

seeds = st.integers(0, 2**31)


def test_a_column_depends_on_its_id_alone():
    together = standard_normals(["a", "b", "c"], 500, 3)
    assert np.array_equal(together[1], standard_normals(["b"], 500, 3)[0])
    assert not np.array_equal(together[1], standard_normals(["b"], 500, 4)[0])


def test_columns_are_standard_and_unrelated():
    normals = standard_normals([f"number {index}" for index in range(300)], 2000, 0).astype(float)
    assert np.abs(normals.mean(1)).max() < 0.02
    assert np.abs(normals.std(1) - 1).max() < 0.02
    related = np.corrcoef(normals)[np.triu_indices(300, 1)]
    assert np.std(related) == pytest.approx(1 / np.sqrt(2000), rel=0.1)
    assert np.abs(related).max() < 0.13


@pytest.mark.parametrize("mean", [1e-4, 0.002, 0.03, 0.2, 0.5, 0.95, 0.999])
@pytest.mark.parametrize("sd", [0.0, 0.3, 1.0, 2.5])
def test_the_mean_of_the_draws_is_the_printed_number(mean, sd):
    shares = draw_probabilities(Numbers.of(mean, sd, "x"), 2000, 0)
    assert np.all((shares > 0) & (shares < 1))
    assert shares.mean() == pytest.approx(mean, rel=0.1 if sd > 1 else 0.01)


@settings(max_examples=80, deadline=None)
@given(seeds, st.integers(1, 3), st.sampled_from([0.5, 1.0, 2.5]))
def test_ranges_hold_the_headline_and_nothing_is_nan(seed, largest, wide):
    network = made_network(seed, causes=5, findings=8, wide=wide)
    result = infer(network, made_case(network, seed), max_causes=largest, draws=64)
    assert np.all((result.lo95 <= result.chance) & (result.chance <= result.hi95))
    assert result.other_lo95 <= result.other <= result.other_hi95
    for array in (result.chance, result.lo95, result.hi95, result.draws):
        assert np.all((array >= 0) & (array <= 1))
    low, high = result.any(network.causes)[1:]
    assert low == pytest.approx(1 - result.other_hi95, abs=1e-9)
    assert high == pytest.approx(1 - result.other_lo95, abs=1e-9)


def differences(seed, largest, wide, plain):
    network = made_network(seed, causes=5, findings=8, wide=wide, plain=plain)
    evidence = made_case(network, seed)
    result = infer(network, evidence, max_causes=largest, draws=40)
    off = []
    for draw in range(0, 40, 4):
        sets, _ = posterior_of_sets(network, evidence, largest, drawn(network, draw, 40, 0))
        truth = np.array([*chances(sets, len(network.causes)), sets[()]])
        off.append(np.abs(truth - result.draws[draw]).max())
        some = set(range(0, len(network.causes), 2))
        union = sum(chance for members, chance in sets.items() if some & set(members))
        avoided = result.drawn.avoiding(np.array(sorted(some)))[draw]
        assert 1 - avoided == pytest.approx(union, abs=2 * off[-1] + 1e-6)
    return off


def test_draws_of_single_causes_equal_the_twin():
    # Exact but for the three-digit tables of the groups' random effects.
    off = np.concatenate([differences(seed, 1, 0.6, plain) for seed in range(6) for plain in (True, False)])
    assert np.median(off) < 1e-3
    assert off.max() < 1e-2


def test_draws_of_several_causes_equal_the_twin_closely():
    # Interactions are redrawn for nearly all the chance only: docs/decisions/0011.
    off = np.concatenate([differences(seed, 3, 0.5, plain) for seed in range(6) for plain in (True, False)])
    assert np.median(off) < 1e-3
    assert np.quantile(off, 0.95) < 5e-3


def test_an_interaction_that_shows_only_in_the_draws_is_redrawn():
    # Both causes have the levels as often as everybody, so nothing interacts at the printed numbers; at a draw one
    # cause pulls across the threshold of the other. A sign of each makes it likely that both are there.
    shares = [[0.3, 0.3, 0.2], [0.3, 0.3, 0.2]]
    pain = Finding("pain", ("none", "mild", "bad", "worst"), Numbers.of(shares[0], 0.8, ["b1", "b2", "b3"]), [0, 1],
                   Numbers.of(shares, 0.8, [["g1", "g2", "g3"], ["h1", "h2", "h3"]]), [False, False])  # fmt: skip
    signs = [
        Finding(f"sign{cause}", ("no", "yes"), Numbers.of([0.01], 0.1, f"u{cause}"), [cause],
                Numbers.of([[0.6]], 0.1, f"s{cause}"), [False])
        for cause in (0, 1)
    ]  # fmt: skip
    network = Network(("c0", "c1"), Numbers.of([0.3, 0.3], 0.1, ["p0", "p1"]), Numbers.of(0.2, 0.1, "o"), 0.1,
                      findings=(pain, *signs))  # fmt: skip
    evidence = Evidence({"pain": Observed(2, 2), "sign0": YES, "sign1": YES})
    result = infer(network, evidence, max_causes=2, draws=40)
    assert dict(result.sets(1)) == {("c0", "c1"): pytest.approx(1, abs=0.2)}
    for draw in range(40):
        sets, _ = posterior_of_sets(network, evidence, 2, drawn(network, draw, 40, 0))
        truth = np.array([*chances(sets, 2), sets[()]])
        assert np.abs(truth - result.draws[draw]).max() < 1e-3


def test_another_answer_does_not_reshuffle_the_draws():
    network = made_network(5, causes=4, findings=6, plain=True)
    first = infer(network, Evidence({"f0": YES}), draws=200)
    # An answer about a finding that no cause moves changes nothing, draw by draw.
    silent = next((f.name for f in network.findings if not len(f.causes) and f.name != "f0"), None)
    again = infer(network, Evidence({"f0": YES} | ({silent: YES} if silent else {})), draws=200)
    assert np.allclose(first.draws, again.draws, atol=1e-12)
    assert np.array_equal(first.draws, infer(network, Evidence({"f0": YES}), draws=200).draws)


def test_no_draws_gives_the_point_alone():
    network = made_network(1)
    result = infer(network, made_case(network, 1), draws=0)
    assert result.draws is None
    assert np.array_equal(result.lo95, result.chance)
