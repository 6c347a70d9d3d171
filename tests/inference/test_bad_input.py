"""Networks that cannot be, answers that do not fit, answers that contradict each other."""

from __future__ import annotations

import time

import numpy as np
import pytest

from inference.networks import made_network
from midback.errors import ContradictoryEvidence, NetworkRefused
from midback.inference import YES, Evidence, Finding, Group, Network, NotSure, Numbers, Observed, Risk, infer


def finding(name="f", background=0.1, given=0.5, lowers=False, **more):
    return Finding(
        name, ("no", "yes"), Numbers.of([background], 0.3, "b"), np.array([0]), Numbers.of([[given]], 0.3, "s"),
        np.array([lowers]), **more,
    )  # fmt: skip


def network(*findings, **more):
    values = {"prior": Numbers.of([0.5, 0.4], 0.3, ["p0", "p1"]), "other": Numbers.of(0.1, 0.3, "o"), "several": 0.1}
    return Network(("a", "b"), findings=findings, **(values | more))


def test_every_problem_is_named_at_once():
    wrong = Risk("age", ("young", "old"), np.array([0.5, 0.6]), Numbers.of(np.zeros((2, 3)), 0.1, "r"))
    with pytest.raises(NetworkRefused) as caught:
        network(
            finding("same"),
            finding("same"),
            finding("certain", background=0.0),
            finding("below", background=0.5, given=0.2),
            finding("above", lowers=True),
            finding("grouped", group="nowhere"),
            finding("useless", sensitivity=0.3, specificity=0.6),
            prior=Numbers.of([0.5, 1.0], [0.3, -1.0], ["p0", "p1"]),
            other=Numbers.of(float("nan"), 0.3, "o"),
            several=1.0,
            risks=(wrong,),
            groups=(Group("g", Numbers.of(0.0, 0.3, "rho")),),
        )
    text = "\n".join(caught.value.problems)
    for part in (
        "same: named 2 times", "certain: background", "below: given a 0.2 is below the background 0.5 but not marked",
        "above: given a 0.5 is above the background 0.1 but marked lowers", "group nowhere is not in the network",
        "useless: an answer of this sensitivity", "prior b: 1.0 is no probability", "prior: an sd is not",
        "other: nan is no probability", "several: 1.0", "age: the shares", "age: log_odds has shape (2, 3), not (2, 2)",
        "group g: rho",
    ):  # fmt: skip
        assert part in text, part


def test_ordered_shares_leave_something_for_the_lowest_level():
    with pytest.raises(NetworkRefused, match="leave nothing for none"):
        network(
            Finding(
                "pain", ("none", "some", "much"), Numbers.of([0.6, 0.4], 0.3, ["b1", "b2"]), np.array([0]),
                Numbers.of([[0.2, 0.3]], 0.3, [["s1", "s2"]]), np.array([False]),
            )
        )  # fmt: skip


def test_answers_that_do_not_fit():
    made = network(finding())
    with pytest.raises(ValueError, match="no finding is called g; no risk is called age"):
        infer(made, Evidence({"g": YES}, {"age": "old"}))
    with pytest.raises(ValueError, match="levels 1 to 2"):
        infer(made, Evidence({"f": Observed(1, 2)}))
    with pytest.raises(ValueError, match="no finding is called g; f: P\\(cannot tell\\) must lie within 0 and 1"):
        infer(made, Evidence({"f": NotSure(1.5, 0.5), "g": YES}))
    with pytest.raises(ValueError, match="max_causes"):
        infer(made, Evidence(), max_causes=4)
    with pytest.raises(ValueError, match="draws"):
        infer(made, Evidence(), draws=-1)


def test_an_answer_impossible_either_way_is_contradictory():
    with pytest.raises(ContradictoryEvidence):
        infer(network(finding()), Evidence({"f": NotSure(0.0, 0.0)}))


def test_extreme_and_conflicting_answers_stay_finite():
    findings = [finding(f"f{index}", background=1e-4, given=0.999) for index in range(150)]
    made = network(*findings)
    for turn in range(3):
        answers = {f.name: Observed(*((index + turn) % 2,) * 2) for index, f in enumerate(findings)}
        result = infer(made, Evidence(answers), draws=50)
        assert np.all(np.isfinite(result.draws))
        assert np.isfinite(result.log_evidence)
        assert 0 <= result.certificate.beyond <= 1


def test_not_sure_and_whole_ranges_say_nothing():
    made = made_network(2)
    silent = Evidence({f.name: Observed(0, len(f.levels) - 1) for f in made.findings})
    assert np.array_equal(infer(made, silent, draws=0).chance, infer(made, Evidence(), draws=0).chance)
    unsure = Evidence({f.name: NotSure() for f in made.findings})
    assert np.array_equal(infer(made, unsure, draws=0).chance, infer(made, Evidence(), draws=0).chance)


def test_data_are_frozen():
    made = network(finding())
    with pytest.raises(ValueError, match="read-only"):
        made.prior.mean[0] = 0.9
    with pytest.raises(TypeError):
        Evidence({"f": YES}).findings["g"] = YES


def test_a_cause_and_no_cause_cannot_share_more_than_everyone():
    with pytest.raises(NetworkRefused, match="prior a: 0\\.7 leaves no room for 0\\.4 with no cause at all"):
        network(prior=Numbers.of([0.7, 0.2], 0.3, ["p0", "p1"]), other=Numbers.of(0.4, 0.3, "o"))


def many_causes(count):
    """A network in which one finding has a link to every one of ``count`` causes."""
    given = np.full((count, 1), 0.3)
    keys = [[f"s{cause}"] for cause in range(count)]
    linked = Finding(
        "f", ("no", "yes"), Numbers.of([0.1], 0.3, "b"), np.arange(count), Numbers.of(given, 0.3, keys),
        np.zeros(count, dtype=bool),
    )  # fmt: skip
    names = tuple(f"c{cause}" for cause in range(count))
    return Network(names, Numbers.of(np.full(count, 0.5 / count), 0.3, names), Numbers.of(0.1, 0.3, "o"), 0.1,
                   findings=(linked,))  # fmt: skip


def test_cost_is_predicted_before_work_starts():
    start = time.process_time()
    result = infer(many_causes(400), Evidence({"f": YES}), draws=10)
    assert time.process_time() - start < 5
    assert result.max_causes == 2
    assert "at most 2 causes at once" in result.certificate.notes[0]


def test_draws_that_would_not_fit_in_memory_are_fewer(monkeypatch):
    monkeypatch.setattr("midback.inference.posterior.DRAWN_LIMIT", 2000)
    result = infer(network(finding()), Evidence({"f": YES}), draws=1000)
    assert len(result.draws) == 500
    assert "500 draws" in result.certificate.notes[0]
