"""What can be a case, what cannot, and how it is said."""

import json
from pathlib import Path
from typing import Any

import pytest

from midback.evaluation.cases import UNLISTED, read_cases
from midback.knowledge import Knowledge, load_knowledge

GOOD: dict[str, Any] = {
    "id": "a",
    "age": 40,
    "sex": "female",
    "answers": {"fever": "no", "pain_zone": ["mid_spine"]},
    "accepted_levels": ["routine", "self_care"],
    "family": "nonspecific_mechanical",
}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def lines(folder: Path, *cases: object) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(case if isinstance(case, str) else json.dumps(case) for case in cases), encoding="utf-8")
    return path


def test_a_case_is_read_alike_from_jsonl_json_and_yaml(tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "a.json").write_text(json.dumps(GOOD), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(json.dumps({**GOOD, "id": "b"}), encoding="utf-8")
    lines(tmp_path, {**GOOD, "id": "c"}, "", {**GOOD, "id": "d"})
    found = read_cases([tmp_path], knowledge)
    assert not found.problems
    assert [case.id for case in found.cases] == ["a", "b", "c", "d"]
    assert len({case.answers.given["fever"] for case in found.cases}) == 1
    assert found.cases[0].accepted == ("self_care", "routine")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"family": "aorta"}, "there is no family 'aorta'"),
        ({"family": None}, "neither family nor cause"),
        ({"cause": "no_such_cause"}, "there is no cause"),
        ({"cause": "herpes_zoster"}, "herpes_zoster belongs to zoster"),
        ({"accepted_levels": []}, "no accepted level"),
        ({"accepted_levels": ["soon"]}, "'soon' is no level"),
        ({"answers": {"fevr": "yes"}}, "no such finding"),
        ({"age": 400}, "cannot be an age"),
        ({"colour": "blue"}, "this key is unknown"),
    ],
)
def test_a_wrong_case_is_named_with_its_line_and_skipped(
    tmp_path: Path, knowledge: Knowledge, change: dict[str, Any], said: str
) -> None:
    wrong = {key: value for key, value in {**GOOD, "id": "wrong", **change}.items() if value is not None}
    found = read_cases([lines(tmp_path, GOOD, wrong)], knowledge)
    assert [case.id for case in found.cases] == ["a"]
    assert found.skipped == 1
    assert any(said in str(problem) and "cases.jsonl:2" in str(problem) for problem in found.problems)


@pytest.mark.parametrize(
    "line", ['{"id": "x"', '{"id": "x", "id": "y"}', '{"id": NaN}', "[1, 2]", "\udcff", "[" * 100_000]
)
def test_a_line_that_is_no_case_never_stops_the_others(tmp_path: Path, knowledge: Knowledge, line: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(f"{line}\n{json.dumps(GOOD)}\n".encode("utf-8", "surrogateescape"))
    found = read_cases([path], knowledge)
    assert [case.id for case in found.cases] == ["a"]
    assert found.skipped == 1


def test_an_id_used_twice_keeps_the_first_and_names_both(tmp_path: Path, knowledge: Knowledge) -> None:
    found = read_cases([lines(tmp_path, GOOD, GOOD)], knowledge)
    assert len(found.cases) == found.skipped == 1
    assert "already used by cases.jsonl:1 @ cases.jsonl:2" in str(found.problems[0])


def test_empty_and_missing_files_are_said(tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    lines(tmp_path)
    found = read_cases([tmp_path, tmp_path / "nowhere"], knowledge)
    said = " ".join(map(str, found.problems))
    assert not found.cases
    assert found.skipped == 3
    assert said.count("the file holds no case") == 2
    assert "no such file" in said


def test_a_cause_alone_names_its_family_and_unlisted_needs_none(tmp_path: Path, knowledge: Knowledge) -> None:
    alone = {key: value for key, value in GOOD.items() if key != "family"} | {"cause": "herpes_zoster"}
    found = read_cases([lines(tmp_path, alone, {**GOOD, "id": "b", "family": UNLISTED})], knowledge)
    assert [(case.family, case.cause) for case in found.cases] == [("zoster", "herpes_zoster"), (UNLISTED, None)]


def test_the_cases_of_the_knowledge_can_all_be_read(knowledge: Knowledge) -> None:
    from midback.evaluation.stamping import cases_folder

    found = read_cases([cases_folder()], knowledge)
    assert not found.problems
    assert len(found.cases) >= 30
