"""Knowledge is found in a wheel and in a checkout, compiled once, and never half written."""

import json
import shutil

import pytest

from midback.errors import KnowledgeError
from midback.knowledge import knowledge_from_json, load_knowledge
from midback.knowledge.compile import compile_tree
from midback.knowledge.root import find_knowledge_root, tree_signature
from midback.knowledge.tree import read_tree


def test_a_shipped_compiled_file_is_used_as_it_is(tmp_path):
    shipped = tmp_path / "_knowledge"
    shipped.mkdir()
    (shipped / "compiled.json").write_text(compile_tree(read_tree(find_knowledge_root())), encoding="utf-8")
    assert load_knowledge(shipped).hashes == load_knowledge().hashes


def test_a_checkout_is_compiled_outside_the_tree_and_again_after_a_change(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    copy = tmp_path / "knowledge"
    shutil.copytree(find_knowledge_root(), copy)
    before = load_knowledge(copy)
    assert len(list((tmp_path / "cache" / "midback").glob("knowledge-*.json"))) == 1
    first = tree_signature(copy)
    label = copy / "words/en/findings/fever.yaml"
    label.write_text(label.read_text(encoding="utf-8").replace("label: ", "label: Hot and "), encoding="utf-8")
    assert tree_signature(copy) != first
    load_knowledge.cache_clear()
    after = load_knowledge(copy)
    assert after.hashes.words != before.hashes.words
    assert after.hashes.network == before.hashes.network
    assert not [path for path in copy.rglob("*") if path.suffix == ".json"]


def test_a_read_only_cache_is_no_error(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    copy = tmp_path / "knowledge"
    shutil.copytree(find_knowledge_root(), copy)
    assert load_knowledge(copy).causes


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", json.dumps({"settings": {}})])
def test_something_else_is_refused_as_such(text):
    with pytest.raises(KnowledgeError, match="not a compiled knowledge file"):
        knowledge_from_json(text)


def test_missing_words_are_a_named_defect():
    with pytest.raises(KeyError, match="no words for findings/fever/poem"):
        load_knowledge().say("findings", "fever", "poem")
