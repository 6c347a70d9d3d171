"""A second language is offered only when it is whole: every gap is a problem with its file, its path and a way out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from midback.interfaces.cli import main
from midback.knowledge import load_knowledge
from midback.knowledge.compile import compile_tree
from midback.knowledge.root import find_knowledge_root
from midback.knowledge.strict_yaml import read_yaml_file
from midback.knowledge.tree import read_tree
from midback.knowledge.words_check import check_languages, check_translation, offered_languages

CODE = "zz"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Words of a few kinds of files in two languages, the second whole, and nothing else."""
    root = tmp_path_factory.mktemp("words") / "knowledge"
    own = find_knowledge_root() / "words" / "en"
    (root / "words").mkdir(parents=True)
    for name in ("levels.yaml", "plan.yaml", "findings/fever.yaml", "care/exercises/cat_camel.yaml"):
        for language in ("en", CODE):
            target = root / "words" / language / name
            target.parent.mkdir(parents=True, exist_ok=True)
            data = yaml.safe_load((own / name).read_text(encoding="utf-8"))
            text = yaml.safe_dump(data if language == "en" else _other(data), allow_unicode=True, sort_keys=False)
            target.write_text(text, encoding="utf-8")
    (root / "languages.yaml").write_text(
        f"en: {{name: English, status: preview}}\n{CODE}: {{name: Second, status: draft}}\n", encoding="utf-8"
    )
    return root


def _other(words: object) -> object:
    if isinstance(words, dict):
        return {key: _other(value) for key, value in words.items()}
    return [_other(value) for value in words] if isinstance(words, list) else f"otra {words}"


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "knowledge"))


def change(root: Path, name: str, how: Callable[[dict], object]) -> None:
    path = root / "words" / CODE / name
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    how(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def gaps(root: Path) -> list[tuple[str, str, str]]:
    return [(p.file, p.path, p.what) for p in check_languages(read_tree(root))]


def test_a_whole_language_has_no_gap_and_is_offered(root: Path) -> None:
    assert gaps(root) == []
    assert offered_languages(read_tree(root)) == ["en", CODE]


@pytest.mark.parametrize(
    ("name", "how", "path", "what"),
    [
        ("levels.yaml", lambda d: d["routine"].pop("advice"), "routine.advice", "missing"),
        ("levels.yaml", lambda d: d.pop("routine"), "routine", "missing"),
        ("levels.yaml", lambda d: d["routine"].update(advice="  "), "routine.advice", "missing"),
        ("levels.yaml", lambda d: d["routine"].update(advice=["x"]), "routine.advice", "missing"),
        ("levels.yaml", lambda d: d["routine"].update(more="x"), "routine.more", "words for nothing"),
        ("plan.yaml", lambda d: d["until"].update(done="sin nada"), "until.done", "{pain}"),
        ("plan.yaml", lambda d: d["until"].update(done="con {pain} y {dolor}"), "until.done", "{dolor}"),
        ("plan.yaml", lambda d: d["until"].update(done="con {pain"), "until.done", "placeholders"),
        ("care/exercises/cat_camel.yaml", lambda d: d["how"].pop(), "how", "3 lines"),
        ("findings/fever.yaml", lambda d: d.update(help=d["help"].replace("38", "39")), "help", "38, 39"),
        ("findings/fever.yaml", lambda d: d.update(question="Do you have a fever, 38 degrees or more?"), None, None),
    ],
)  # fmt: skip
def test_each_gap_is_named_with_its_place(root: Path, name: str, how, path: str | None, what: str | None) -> None:
    if path is None:
        english = yaml.safe_load((root / "words/en" / name).read_text(encoding="utf-8"))["question"]
        change(root, name, lambda data: data.update(question=english))
        path, what = "question", "sentence of the first language"
    else:
        change(root, name, how)
    assert offered_languages(read_tree(root)) == ["en"]
    [(file, where, said)] = gaps(root)
    assert (file, where) == (f"words/{CODE}/{name}", path)
    assert what is not None
    assert what in said


def test_a_missing_and_a_superfluous_file_are_named(root: Path) -> None:
    (root / "words" / CODE / "findings" / "fever.yaml").unlink()
    (root / "words" / CODE / "nothing.yaml").write_text("a: b\n", encoding="utf-8")
    assert [file for file, _, _ in gaps(root)] == [f"words/{CODE}/findings/fever.yaml", f"words/{CODE}/nothing.yaml"]


def test_an_unfinished_language_is_not_offered_and_its_gaps_stop_nobody(root: Path) -> None:
    (root / "words" / CODE / "plan.yaml").unlink()
    path = root / "languages.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("draft", "unfinished"), encoding="utf-8")
    tree = read_tree(root)
    assert list(check_languages(tree)) == []
    assert offered_languages(tree) == ["en"]
    assert [problem.file for problem in check_translation(tree, CODE)] == [f"words/{CODE}/plan.yaml"]


def test_words_of_a_language_that_nobody_named_are_a_problem(root: Path) -> None:
    (root / "words" / "xx").mkdir()
    (root / "words" / "xx" / "levels.yaml").write_text("a: b\n", encoding="utf-8")
    assert gaps(root) == [("words/xx", "", "languages.yaml does not name 'xx'")]


def test_every_offered_language_of_this_checkout_is_whole() -> None:
    tree = read_tree(find_knowledge_root())
    assert list(check_languages(tree)) == []
    assert set(load_knowledge().words) == set(load_knowledge().languages) == set(offered_languages(tree))


def test_every_scale_word_can_be_said() -> None:
    tree = read_tree(find_knowledge_root())
    used = {word for scale in tree.single["settings"].words.values() for word in scale}
    for language in offered_languages(tree):
        assert used <= set(tree.words[language]["numbers"]["words"])


@pytest.mark.slow
def test_a_gap_fails_the_check_and_only_takes_the_language_away_from_readers(tmp_path: Path, capsys) -> None:
    copy = shutil.copytree(find_knowledge_root(), tmp_path / "knowledge")
    (copy / "languages.yaml").write_text(
        f"en: {{name: English, status: preview}}\n{CODE}: {{name: Second, status: draft}}\n", encoding="utf-8"
    )
    shutil.rmtree(copy / "words" / "es", ignore_errors=True)
    for path in sorted((copy / "words" / "en").rglob("*.yaml")):
        target = copy / "words" / CODE / path.relative_to(copy / "words" / "en")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(_other(read_yaml_file(path))), encoding="utf-8")  # JSON is YAML, too
    assert list(json.loads(compile_tree(read_tree(copy)))["words"]) == ["en", CODE]
    broken = copy / "words" / CODE / "findings" / "fever.yaml"
    for damage in (broken.unlink, lambda: broken.write_text("a: [", encoding="utf-8")):
        damage()
        compiled = json.loads(compile_tree(read_tree(copy)))
        assert list(compiled["words"]) == list(compiled["languages"]) == ["en"]
        assert main(["knowledge", "check", "--knowledge", str(copy)]) == 3
        assert f"words/{CODE}/findings/fever.yaml" in capsys.readouterr().err
    assert main(["knowledge", "check", "--words", CODE, "--knowledge", str(copy)]) == 3
