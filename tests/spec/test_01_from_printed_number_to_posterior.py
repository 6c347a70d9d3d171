"""Chapter 1. From the number a paper prints to the chance a person reads.

Six contrasting causes. For each: the printed number, what it becomes, and the posterior worked out by hand (by_hand.py,
plain Python from the YAML files) beside the engine's. They must agree to six digits.

The rule for one cause at a time: P(cause | answers) is its share among presenters times the probability of each answer
under that cause, divided by the same sum over all causes and `other`.
"""

import by_hand
import pytest

from midback import inference
from midback.network import build_network, evidence_of
from people import KNOWLEDGE, person


def engine(answers, max_causes=1):
    built = build_network(KNOWLEDGE, by_hand.SETTING)
    given = person(None, None, **answers)
    return inference.infer(built.network, evidence_of(given, built, KNOWLEDGE), max_causes=max_causes, draws=0)


def agree(answers):
    other, causes = by_hand.posterior(answers)
    posterior = engine(answers)
    assert posterior.other == pytest.approx(other, rel=1e-6, abs=1e-9)
    for name, chance in zip(posterior.causes, posterior.chance, strict=True):
        assert chance == pytest.approx(causes[name], rel=1e-6, abs=1e-9), name
    return causes


def test_before_any_answer_the_shares_are_the_priors():
    other, causes = by_hand.prior()
    assert other + sum(causes.values()) == pytest.approx(1)
    agree({})


def test_aortic_dissection_a_frequency_among_the_affected():
    """Klompas 2002 prints a pulse or pressure difference in 31 % of dissections: s = .31, used as it stands.

    The same sign is far rarer in everyone else, and that contrast, not the 31 %, is what moves the chance.
    """
    link = KNOWLEDGE.causes["aortic_dissection"].links["pulse_deficit"]
    assert (link.quantity, link.source) == ("percent", "klompas2002")
    assert by_hand.given("pulse_deficit", "aortic_dissection") == pytest.approx(0.31)
    before = agree({})["aortic_dissection"]
    after = agree({"pulse_deficit": "yes", "tearing_pain": "yes"})["aortic_dissection"]
    assert after > 30 * before


def test_fragility_fracture_a_likelihood_ratio_times_the_models_own_rate():
    """Enthoven 2016 prints LR+ 6.2 (2.8 to 13.5) for trauma in people over 55 at a GP's.

    s = 6.2 x f_m, where f_m is how often people without the fracture report it in that setting, by this very model.
    """
    link = KNOWLEDGE.causes["vertebral_fragility_fracture"].links["minor_trauma"]
    assert (link.quantity, link.value.value, link.source) == ("lr_pos", 6.2, "enthoven2016")
    rate = by_hand.rate_without("minor_trauma", "vertebral_fragility_fracture", "primary_care")
    assert by_hand.given("minor_trauma", "vertebral_fragility_fracture") == pytest.approx(6.2 * rate)
    agree({"minor_trauma": "yes"})


def test_fragility_fracture_sensitivity_carries_specificity_is_audited():
    """Langdon 2010 prints 87.5 % and 90 % for fist percussion: s = .875. The 90 % belongs to suspected fractures in a
    clinic, so it does not become anybody's background; the audit compares it."""
    assert by_hand.given("percussion_tenderness", "vertebral_fragility_fracture") == pytest.approx(0.875)
    agree({"percussion_tenderness": "yes", "minor_trauma": "yes"})


def test_axial_spondyloarthritis_gains_from_pairs_of_unlike_findings():
    """Eye inflammation 22 % and help from anti-inflammatory medicine 77 % come from one table; they are unlike each
    other, so both count in full."""
    one = agree({"eye_inflammation": "yes"})["axial_spondyloarthritis"]
    two = agree({"eye_inflammation": "yes", "eased_by_nsaid": "yes"})["axial_spondyloarthritis"]
    assert two / (1 - two) > 2 * one / (1 - one)


def test_spinal_infection_fever_rules_in_and_its_absence_hardly_out():
    """Yusuf 2019: fever in 55 % of 2,224. A yes multiplies the odds many times, a no takes off about half."""
    assert by_hand.given("fever", "pyogenic_spinal_infection") == pytest.approx(0.55)
    before = agree({})["pyogenic_spinal_infection"]
    with_fever = agree({"fever": "yes"})["pyogenic_spinal_infection"]
    without = agree({"fever": "no"})["pyogenic_spinal_infection"]
    assert with_fever > 5 * before
    assert without > 0.3 * before


def test_zoster_one_sign_is_nearly_the_diagnosis():
    """A band of blisters is judged `nearly_always` under zoster and `never` without: the word's point is used, and its
    width is drawn."""
    after = agree({"rash_band_one_side": "yes"})
    assert max(after, key=after.get) == "herpes_zoster"


def test_nonspecific_mechanical_pain_is_an_ordinary_cause():
    """Night pain in 213 of 482 in a triage clinic without any serious disease (Harding 2005): a count, shared by the
    family, that keeps night pain from crying wolf."""
    link = KNOWLEDGE.causes["nonspecific_mechanical"].links["night_pain"]
    assert (link.quantity, link.value.value, link.n, link.of) == ("count", 213.0, 482, "nonspecific_mechanical")
    before = agree({})["nonspecific_mechanical"]
    after = agree({"night_pain": "yes"})["nonspecific_mechanical"]
    assert after > 0.7 * before


def test_several_causes_at_once_change_little_where_one_explains_everything():
    one = engine({"rash_band_one_side": "yes"})
    three = engine({"rash_band_one_side": "yes"}, max_causes=3)
    place = one.causes.index("herpes_zoster")
    assert three.chance[place] == pytest.approx(one.chance[place], abs=0.05)
