"""Two versions compared: the same says nothing, and every kind of change says itself in clinical words."""

import shutil

import pytest

from midback.interfaces.cli import main
from midback.knowledge import load_knowledge
from midback.knowledge.compile import compile_tree
from midback.knowledge.difference import compare_knowledge
from midback.knowledge.root import find_knowledge_root
from midback.knowledge.tree import read_tree
from midback.report.difference import render_difference

pytestmark = pytest.mark.slow  # real processes or whole trees: left out of `make check`

WORDS = load_knowledge().words["en"]
INFECTION = WORDS["causes"]["pyogenic_spinal_infection"]["clinical"]
FEVER = "causes/pyogenic_spinal_infection.yaml"


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """Two copies of the knowledge, the second with fever under infection turned from a word into a figure."""
    place = tmp_path_factory.mktemp("versions")
    for name in ("old", "new"):
        shutil.copytree(find_knowledge_root(), place / name, ignore=shutil.ignore_patterns("cases"))
    change(place / "old" / FEVER, "fever", '{word: most, basis: judgement, reason: "Fever is usual."}')
    change(place / "new" / FEVER, "fever", "{percent: 55, source: yusuf2019, where: abstract}")
    change(place / "new" / FEVER, "rigors", '{word: some, basis: judgement, reason: "Another reason."}')
    return place


def change(path, finding, number):
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [place for place, line in enumerate(lines) if line.startswith(f"  {finding}: ")]
    assert len(found) == 1
    lines[found[0]] = f"  {finding}: {number}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_folder_does_not_differ_from_itself(capsys):
    knowledge = load_knowledge()
    assert compare_knowledge(knowledge, knowledge) == ()
    root = str(find_knowledge_root())
    assert main(["knowledge", "diff", root, root]) == 0
    assert capsys.readouterr().out == "nothing changed\n"


@pytest.mark.slow
def test_a_changed_number_reads_as_a_clinician_would_say_it(copies):
    lines = [
        render_difference(row, WORDS)
        for row in compare_knowledge(*map(load_knowledge, (copies / "old", copies / "new")))
    ]
    assert f"{INFECTION}, fever: most -> 55 % (Yusuf 2019)" in lines
    rigors = [line for line in lines if line.startswith(f"{INFECTION}, shaking chills: some, basis:")]
    assert rigors
    assert rigors[0].endswith("-> Another reason.")
    assert len(lines) == 2


def test_a_compiled_file_and_a_folder_can_be_compared(copies, capsys):
    compiled = copies / "new.json"
    compiled.write_text(compile_tree(read_tree(copies / "new")), encoding="utf-8")
    assert main(["knowledge", "diff", str(copies / "old"), str(compiled)]) == 0
    assert f"{INFECTION}, fever" in capsys.readouterr().out


def test_new_and_gone_things_are_named_once(copies):
    new = load_knowledge(copies / "new")
    fewer = {name: source for name, source in new.sources.items() if name != "yusuf2019"}
    from dataclasses import replace

    without = replace(new, sources=fewer)
    assert [render_difference(row, WORDS) for row in compare_knowledge(new, without)] == ["source Yusuf 2019: gone"]
    assert [render_difference(row, WORDS) for row in compare_knowledge(without, new)] == ["source Yusuf 2019: new"]
