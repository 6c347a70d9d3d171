"""Words of notes that speak of nothing are refused when the knowledge is checked."""

import copy

import pytest

from midback.knowledge.notes_check import check_notes
from midback.knowledge.root import find_knowledge_root
from midback.knowledge.tree import KnowledgeTree, read_tree


@pytest.fixture(scope="module")
def tree() -> KnowledgeTree:
    return read_tree(find_knowledge_root())


def test_the_words_of_notes_stand(tree: KnowledgeTree) -> None:
    assert list(check_notes(tree)) == []


@pytest.mark.parametrize(
    ("name", "entry", "what"),
    [
        ("feverr", ["fever"], "no finding 'feverr'"),
        ("fever", "fever", "a list of phrases"),
        ("fever", {"yes": ["fever"], "nno": []}, "unknown"),
        ("duration", {"states": {"ages": ["long"]}}, "no 'ages'"),
        ("duration", {"near": "pian", "states": {}}, "no such kind"),
    ],
)
def test_what_speaks_of_nothing_is_named(tree: KnowledgeTree, name: str, entry: object, what: str) -> None:
    broken = copy.copy(tree)
    broken.content = copy.deepcopy(tree.content)
    broken.content["notes"]["en"]["pain"][name] = entry
    assert any(what in problem.what for problem in check_notes(broken))


def test_cues_need_all_their_parts(tree: KnowledgeTree) -> None:
    broken = copy.copy(tree)
    broken.content = copy.deepcopy(tree.content)
    del broken.content["notes"]["en"]["cues"]["near"]
    assert any(problem.file.endswith("cues.yaml") for problem in check_notes(broken))
