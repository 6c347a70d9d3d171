"""The contraindication matrix, one test per cell: at least as strict as the evidence file says."""

from typing import Any

import pytest

from care.people import assessed, knowledge, person
from midback.care import care_knowledge, weigh

MANIPULATION, ACUPUNCTURE, PENS, EPIDURAL = "spinal_manipulation", "acupuncture", "pens", "epidural_steroid"
NSAID, RELAXANT, OPIOID, GABAPENTINOID = "oral_nsaid", "muscle_relaxant", "opioid", "gabapentinoid"
ALL_NEEDLES = (ACUPUNCTURE, PENS, EPIDURAL)
ALL_TABLETS = (NSAID, RELAXANT, OPIOID, GABAPENTINOID)


def cells(strength: str, items: tuple[str, ...], **given: Any) -> list[Any]:
    condition = " ".join(f"{key}={value}" for key, value in given.items())
    return [pytest.param(strength, item, given, id=f"{item}: {condition}") for item in items]


MATRIX = [
    *cells("block", (MANIPULATION,), previous_fragility_fracture="yes"),
    *cells("caution", (RELAXANT, OPIOID, GABAPENTINOID), previous_fragility_fracture="yes"),
    *cells("block", (MANIPULATION,), osteoporosis="yes"),
    *cells("caution", (EPIDURAL, RELAXANT, OPIOID, GABAPENTINOID), osteoporosis="yes"),
    *cells("block", (MANIPULATION, EPIDURAL), known_cancer="yes"),
    *cells("caution", (ACUPUNCTURE, PENS, NSAID, OPIOID), known_cancer="yes"),
    *cells("block", (MANIPULATION, *ALL_NEEDLES), fever="yes"),
    *cells("block", (MANIPULATION, *ALL_NEEDLES, *ALL_TABLETS), leg_weakness_both="yes"),
    *cells("block", (MANIPULATION, *ALL_NEEDLES, *ALL_TABLETS), unsteady_walking="yes"),
    *cells("block", (MANIPULATION, *ALL_NEEDLES, *ALL_TABLETS), saddle_numbness="yes"),
    *cells("block", (MANIPULATION, PENS, EPIDURAL, NSAID), blood_thinners="yes"),
    *cells("caution", (ACUPUNCTURE,), blood_thinners="yes"),
    *cells("block", (MANIPULATION, *ALL_NEEDLES, NSAID), bleeding_disorder="yes"),
    *cells("block", (ACUPUNCTURE, PENS), pacemaker="yes"),
    *cells("caution", ("radiofrequency_ablation",), pacemaker="yes"),
    *cells("block", ALL_TABLETS, pregnant="yes"),
    *cells("caution", (MANIPULATION, *ALL_NEEDLES), pregnant="yes"),
    *cells("block", (NSAID,), kidney_disease="yes"),
    *cells("caution", (RELAXANT, OPIOID, GABAPENTINOID), kidney_disease="yes"),
    *cells("block", (NSAID,), peptic_ulcer_known="yes"),
    *cells("block", (NSAID,), black_or_bloody_stool="yes"),
    *cells("caution", (EPIDURAL,), peptic_ulcer_known="yes"),
    *cells("block", (NSAID, RELAXANT), heart_failure="yes"),
    *cells("caution", (EPIDURAL,), heart_failure="yes"),
    *cells("caution", (ACUPUNCTURE, EPIDURAL, NSAID), diabetes="yes"),
    *cells("caution", (ACUPUNCTURE, PENS, NSAID, RELAXANT, OPIOID, GABAPENTINOID), lung_disease="yes"),
    *cells("caution", ("intercostal_block",), lung_disease="yes"),
    *cells("block", (NSAID,), asthma_nsaid_sensitive="yes"),
    *cells("block", (RELAXANT,), age=70),
    *cells("caution", (MANIPULATION, NSAID, OPIOID, GABAPENTINOID), age=70),
    *cells("caution", (EPIDURAL, RELAXANT, OPIOID, GABAPENTINOID), drives_or_machinery="yes"),
    *cells("caution", (NSAID, RELAXANT, OPIOID, GABAPENTINOID), alcohol_heavy="yes"),
    *cells("block", (RELAXANT, OPIOID, GABAPENTINOID), sedating_medicines="yes"),
    *cells("block", (NSAID, "topical_nsaid"), nsaid_use="yes"),
    *cells("block", (OPIOID,), breastfeeding="yes"),
    *cells("block", (OPIOID,), duration="3_to_12_months"),
    *cells("block", ("bone_medicine",), kidney_disease="yes"),
    *cells("block", ("bone_medicine",), worse_swallowing="yes"),
    *cells("block", ("heat",), numb_patch_trunk="yes"),
    *cells("block", ("paracetamol",), liver_disease="yes"),
    *cells("block", ("paracetamol",), paracetamol_use="yes"),
    *cells("block", ("paracetamol", NSAID, "topical_nsaid"), medicine_overuse="yes"),
    *cells("block", (MANIPULATION,), known_aneurysm="yes"),
    *cells("block", (MANIPULATION,), ankylosing_spondylitis_or_dish="yes"),
    *cells("block", (MANIPULATION,), major_trauma="yes"),
    *cells("block", ("aspirin",), age=15),
    *cells("block", (NSAID, "topical_nsaid", "paracetamol"), age=15),
]


@pytest.mark.parametrize(("strength", "item", "given"), MATRIX)
def test_cell(strength: str, item: str, given: dict[str, Any]) -> None:
    answers = person(**given)
    verdict = weigh(care_knowledge(knowledge()).care[item], assessed(answers), knowledge())
    findings = set(given) - {"age"}
    held = [*verdict.blocks, *(verdict.warnings if strength == "caution" else ())]
    said = {finding for because in held for finding in because.findings}
    by_age = [because for because in held if not because.findings]
    assert findings <= said if findings else by_age, f"{verdict.blocks} {verdict.warnings}"


@pytest.mark.parametrize(
    ("item", "finding"),
    [
        (NSAID, "peptic_ulcer_known"), (NSAID, "kidney_disease"), (NSAID, "pregnant"), (MANIPULATION, "osteoporosis"),
        (MANIPULATION, "blood_thinners"), (ACUPUNCTURE, "bleeding_disorder"), ("paracetamol", "liver_disease"),
        (NSAID, "diabetes"), (ACUPUNCTURE, "lung_disease"),
    ],
)  # fmt: skip
def test_not_sure_blocks_and_not_asked_is_asked(item: str, finding: str) -> None:
    record = care_knowledge(knowledge()).care[item]
    unsure = weigh(record, assessed(person(**{finding: "not_sure"})), knowledge())
    assert any(because.kind == "not_sure" and finding in because.findings for because in unsure.blocks)
    unasked = weigh(record, assessed(person(**{finding: None})), knowledge())
    assert finding in unasked.ask
    assert not unasked.free
