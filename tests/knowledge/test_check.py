"""Ten mistakes in the files come back as ten problems, all at once, each with file, path and fix."""

import shutil
from pathlib import Path

import pytest

from midback.errors import KnowledgeMissing, KnowledgeProblems
from midback.knowledge import load_knowledge
from midback.knowledge.check import check_tree
from midback.knowledge.compile import compile_tree
from midback.knowledge.root import find_knowledge_root
from midback.knowledge.tree import read_tree


@pytest.fixture
def copy(tmp_path) -> Path:
    target = tmp_path / "knowledge"
    shutil.copytree(find_knowledge_root(), target)
    return target


def change(copy: Path, name: str, old: str, new: str) -> None:
    path = copy / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} no longer holds {old!r}; choose another mistake to make"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_knowledge_of_this_checkout_stands():
    assert check_tree(read_tree(find_knowledge_root())) == ()


def test_ten_mistakes_are_reported_at_once(copy):
    cause = "causes/vertebral_fragility_fracture.yaml"
    change(copy, cause, "family: osteoporotic_fracture", "family: osteoporotic_fractures")  # 1 no such family
    change(copy, cause, "harm: ", "harms: ")  # 2 and 3: unknown key, and the right one is missing
    change(copy, "findings/fever.yaml", "kind: binary", "kind: binery")  # 4
    change(copy, "red_flags/both_legs_weak.yaml", "leg_weakness_both", "leg_weaknes_both")  # 5
    (copy / "sources" / "someone2020.yaml").write_text(  # 6: a copy by a third party is no source
        "citation: Someone, a paper\nurl: https://www.scribd.com/x\ndesign: cohort\nread_on: 2026-11-22\n"
        "read_as: abstract\n"
    )
    (copy / "words/en/findings/cough.yaml").unlink()  # 7
    (copy / "causes" / "odd.yaml").write_text("a: 1\na: 2\n")  # 8 duplicate key
    (copy / "remarks.yaml").write_text("a: 1\n")  # 9 no such kind of file
    change(copy, "causes/aortic_dissection.yaml", "findings:\n", "findings:\n  no_such_finding: {percent: 3}\n")  # 10
    with pytest.raises(KnowledgeProblems) as caught:
        compile_tree(read_tree(copy))
    files = {problem.file for problem in caught.value.problems}
    assert files >= {
        cause, "findings/fever.yaml", "sources/someone2020.yaml", "words/en/findings/cough.yaml",
        "causes/odd.yaml", "remarks.yaml", "causes/aortic_dissection.yaml",
    }  # fmt: skip
    assert len(caught.value.problems) >= 10 - 1  # 1 hides behind 2: a file of the wrong shape has no family to look up
    assert all(problem.what for problem in caught.value.problems)


def test_a_wrong_finding_name_is_met_with_the_nearest(copy):
    change(copy, "red_flags/both_legs_weak.yaml", "leg_weakness_both", "leg_weaknes_both")
    problems = check_tree(read_tree(copy))
    assert any("did you mean leg_weakness_both" in problem.fix for problem in problems)


def test_no_folder_is_a_clear_message(tmp_path):
    with pytest.raises(KnowledgeMissing, match="no knowledge folder"):
        load_knowledge(tmp_path / "nowhere")
