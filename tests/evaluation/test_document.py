"""docs/evaluation.md belongs to the present knowledge and model, or the tests fail."""

from pathlib import Path

import pytest

from midback.evaluation.document import read_stamp
from midback.evaluation.stamping import cases_folder, cases_hash, stamp
from midback.knowledge import load_knowledge

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "evaluation.md"


@pytest.mark.slow  # while numbers are being edited the page is behind on purpose
@pytest.mark.parametrize("what", ["network_hash", "rules_hash", "model_hash", "cases_hash"])
def test_the_figures_are_those_of_the_present_knowledge_and_model(what: str) -> None:
    present = stamp(load_knowledge()) | {"cases_hash": cases_hash(cases_folder())}
    written = read_stamp(DOCUMENT.read_text(encoding="utf-8"))
    assert written.get(what) == present[what], "the figures are of another knowledge or model: run `make evaluate`"


def test_every_part_is_there() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for heading in ("In short", "Worked cases", "The same case told differently", "Simulated people", "Question policy",
                    "DDXPlus", "Limits", "Case files"):  # fmt: skip
        assert f"## {heading}" in text
