"""Laws of the medicine that no edit may break, whoever makes it (docs/safety/hazard_log.md names the rows)."""

import pytest

from midback.knowledge import Number
from midback.knowledge.conditions import condition_leaves
from midback.network import build_network
from people import KNOWLEDGE

BUILT = build_network(KNOWLEDGE, "primary_care")
DANGEROUS = {cause.id for cause in BUILT.causes if cause.dangerous}
CARDIAC = [cause for cause in BUILT.causes if cause.family == "cardiac"]


def ratios(node):
    """cause -> P(yes | cause) / P(yes | none of the causes) for one binary node."""
    finding = BUILT.network.finding(node)
    background = float(finding.background.mean[0])
    names = [BUILT.network.causes[int(place)] for place in finding.causes]
    return dict(zip(names, (finding.given.mean[:, 0] / background).tolist(), strict=True))


@pytest.mark.parametrize("finding", [f.id for f in KNOWLEDGE.findings.values() if f.wear_and_tear])
def test_wear_and_tear_on_a_scan_never_drives_the_ranking(finding):
    """Hazard 14. Herniation is seen in about a third of people without pain."""
    if finding in {item.name for item in BUILT.network.findings}:
        assert max(ratios(finding).values(), default=1) <= 5


def test_the_place_of_pain_never_rules_a_dangerous_cause_out():
    """Hazard 8. 16 of 20 thoracic fractures hurt only in the low back."""
    for finding in BUILT.network.findings:
        if finding.name.startswith("pain_zone."):
            for cause, ratio in ratios(finding.name).items():
                if cause in DANGEROUS:
                    background = float(finding.background.mean[0])
                    absent = (1 - ratio * background) / (1 - background)
                    assert ratio >= 0.2, (finding.name, cause)
                    assert absent >= 0.15, (finding.name, cause)


@pytest.mark.parametrize("finding", ["easing_since_onset", "comes_and_goes", "similar_episodes_before"])
def test_easing_never_lowers_a_dangerous_cause(finding):
    """Hazard 7. An index death followed easing pain."""
    for cause, ratio in ratios(finding).items():
        if cause in DANGEROUS:
            assert ratio >= 0.99, cause


def test_sex_never_lowers_the_heart():
    """Hazard 6."""
    for cause in CARDIAC:
        assert not cause.sex_odds, cause.id
        assert cause.sex is None, cause.id


def test_only_the_shoulder_blade_rule_rests_on_a_no():
    """Rules are monotone: one more yes never takes a raised flag down."""
    with_no = {
        flag.id
        for flag in KNOWLEDGE.red_flags.values()
        if any(leaf.test == "no" for leaf in condition_leaves(flag.when))
    }
    assert with_no <= {"new_shoulder_blade_pain"}


def test_no_generic_flag_alone_raises_the_level():
    """Hazard 13. 80.4 % of people with acute low back pain had some flag and 0.9 % serious disease."""
    generic = {"night_pain", "steroids_long_term", "smoking", "stress_or_worry", "worse_with_movement", "osteoporosis"}
    for flag in KNOWLEDGE.red_flags.values():
        leaves = list(condition_leaves(flag.when))
        if len(leaves) == 1:
            assert leaves[0].subject not in generic, flag.id


def test_every_emergency_cause_is_dangerous_and_every_critical_harm_too():
    for cause in BUILT.causes:
        if cause.urgency == "emergency_now" or cause.harm == "critical":
            assert cause.dangerous, cause.id


def test_an_examiners_ratio_is_never_put_on_what_a_person_answers():
    """Figures printed as accuracy of a sign stand on signs; a person's own answer carries frequencies and odds."""
    for cause in BUILT.causes:
        for node, link in cause.links.items():
            if isinstance(link, Number) and link.quantity == "lr_pair":
                finding = KNOWLEDGE.findings[node.partition(".")[0]]
                assert finding.answered_by != "person" or link.population, f"{cause.id}.{node}"


def test_pain_medicine_is_never_aspirin_and_no_level_advice_names_a_medicine():
    """Hazard 25. Dissection can look like a heart attack."""
    for words in KNOWLEDGE.words.values():
        for level in words["levels"].values():
            assert "aspirin" not in level["advice"].lower()
        for flag, entry in words["red_flags"].items():
            text = entry["do"].lower()
            assert "take aspirin" not in text.replace("do not take aspirin", ""), flag
