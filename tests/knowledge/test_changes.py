"""The change log: in order, naming only what exists, a sentence for each entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from midback.knowledge import load_knowledge
from midback.knowledge.changes import changes_since, last_change
from midback.knowledge.changes_check import check_changes
from midback.knowledge.root import find_knowledge_root
from midback.knowledge.tree import KnowledgeTree, read_tree

GOOD = {"version": "1", "dated": "2026-01-01"}


@pytest.fixture(scope="module")
def tree() -> KnowledgeTree:
    return read_tree(find_knowledge_root())


def problems(tree: KnowledgeTree, log: Any) -> list[str]:
    before = tree.content["changes"]
    tree.content["changes"] = log
    try:
        return [str(problem) for problem in check_changes(tree)]
    finally:
        tree.content["changes"] = before


def test_the_log_stands(tree: KnowledgeTree) -> None:
    assert list(check_changes(tree)) == []
    assert (find_knowledge_root() / "changes.yaml").is_file() or Path("knowledge/changes.yaml").is_file()


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ([], "should be a valid dictionary"),
        ({"a": {"version": "1"}}, "a.dated"),
        ({"a": {**GOOD, "dated": "soon"}}, "a.dated"),
        ({"a": {**GOOD, "mood": ["x"]}}, "a.mood"),
        ({"a": {**GOOD, "dated": "2026-02-02"}, "b": GOOD}, "not in order of time"),
        ({"a": {**GOOD, "causes": ["the_moon"]}}, "there is no 'the_moon'"),
        ({"a": {**GOOD, "findings": ["muscle_strain"]}}, "there is no 'muscle_strain'"),
        ({"a": GOOD}, "this sentence is missing @ words/en/changes.yaml:a"),
    ],
)
def test_what_is_wrong_with_a_log_is_said(tree: KnowledgeTree, log: Any, said: str) -> None:
    assert any(said in line for line in problems(tree, log))


def test_what_is_gone_may_be_named_once_it_is_said_to_be_gone(tree: KnowledgeTree) -> None:
    log = {"a": {**GOOD, "causes": ["the_moon"], "gone": ["the_moon"]}}
    assert not any("the_moon" in line for line in problems(tree, log))


def test_since_an_entry_a_day_or_nothing() -> None:
    knowledge = load_knowledge()
    names = list(knowledge.content["changes"])
    assert [row.id for row in changes_since(knowledge, names[0], None)] == names[1:]
    assert changes_since(knowledge, last_change(knowledge), "1990-01-01") == ()
    assert [row.id for row in changes_since(knowledge, None, "1990-01-01")] == names[1:]
    assert changes_since(knowledge, None, "2990-01-01") == ()
    assert changes_since(knowledge, "never heard of", None) == ()
