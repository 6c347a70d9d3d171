"""The care files themselves: valid, cited, worded, drawn."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pydantic import ValidationError

from care.people import knowledge
from midback.care import care_knowledge
from midback.knowledge.care_check import check_care
from midback.knowledge.care_schema import CareFile
from midback.knowledge.conditions import condition_findings
from midback.knowledge.root import find_knowledge_root
from midback.knowledge.tree import read_tree

ROOT = find_knowledge_root()
PICTURES = sorted((ROOT / "care" / "exercises").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"


def test_the_care_files_stand() -> None:
    assert list(check_care(read_tree(ROOT))) == []


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_small_and_says_what_it_shows(path: Path) -> None:
    assert path.stat().st_size <= 2048
    tree = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    title, desc = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert desc is not None
    assert desc.text
    assert tree.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


def test_cautions_ask_only_what_a_person_can_answer() -> None:
    care = care_knowledge(knowledge())
    for item in (*care.care.values(), *care.prevention.values(), *care.exercises.values()):
        for caution in item.cautions:
            for name in condition_findings(caution.when):
                assert knowledge().findings[name].answered_by == "person", f"{item.id}: {name}"


def test_every_treatment_of_the_source_page_is_there() -> None:
    named = {
        "relative_rest", "acupuncture", "prolotherapy", "platelet_rich_plasma", "epidural_steroid", "pens",
        "nutrition_and_wellness", "muscle_relaxant", "opioid", "oral_nsaid", "spinal_manipulation",
    }  # fmt: skip
    assert named <= set(care_knowledge(knowledge()).care)


def test_sentences_are_short() -> None:
    for folder in ("care", "prevention"):
        for name, words in knowledge().words["en"][folder].items():
            if name == "exercises":
                continue
            for key in ("what", "how", "expect", "stop"):
                for sentence in re.split(r"(?<=[.!?])\s+", words[key]):
                    assert len(sentence.split()) <= 32, f"{folder}/{name}.{key}: {sentence}"


BARE = {"kind": "medicine_pharmacy", "step": "self_care", "stance": "offered", "judge_after_days": 7}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "ages"),
        ({"ages": {"from": 12}}, "ages"),
        ({"ages": {"from": 16}, "typo": 1}, "Extra"),
        ({"ages": {"from": 16}, "effect": [{"comparison": "a v b", "measure": "pain", "value": 3.0, "population": "p",
          "certainty": "low", "tag": "indirect", "basis": "judgement", "reason": "a reason"}]}, "unit and a source"),
        ({"ages": {"from": 16}, "cautions": [{"when": {"fever": "yes"}, "action": "block", "text": "x",
          "not_sure": "caution", "basis": "judgement", "reason": "a reason"}]}, "not sure"),
        ({"ages": {"from": 16}, "cautions": [{"when": {"fever": "maybe"}, "action": "block", "text": "x",
          "basis": "judgement", "reason": "a reason"}]}, "fever"),
    ],
)  # fmt: skip
def test_a_bad_care_file_is_refused(more: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        CareFile.model_validate({**BARE, **more})
