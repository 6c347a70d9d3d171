"""The terminal as a person or a program meets it: real processes, real files, exit codes."""

import json
import subprocess
import sys

import pytest

from midback.interfaces.cli import main

pytestmark = pytest.mark.slow  # real processes or whole trees: left out of `make check`

CASE = "age: 68\nsex: female\nanswers:\n  minor_trauma: yes\n  pain_now: 8\n  percussion_tenderness: yes\n"


def midback(*arguments, text=None):
    return subprocess.run(
        [sys.executable, "-m", "midback.interfaces.cli", *arguments],
        input=text, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    return path


def test_assess_from_a_file_and_from_standard_input_say_the_same(case):
    from_file = midback("assess", str(case))
    piped = midback("assess", "-", text=CASE)
    assert from_file.returncode == piped.returncode == 0
    assert from_file.stdout == piped.stdout
    assert "HOW URGENT" in from_file.stdout


def test_text_and_json_say_the_same(case, capsys):
    assert main(["assess", str(case), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert main(["assess", str(case)]) == 0
    text = capsys.readouterr().out
    assert data["triage"]["label"] in text
    assert data["notice"] in text
    for entry in data["chances"]["reported"][:3]:
        assert entry["label"] in text
    for reason in data["triage"]["reasons"][:2]:
        assert reason["text"] in text


def test_the_next_question_leads_any_program_through_the_whole_check(tmp_path, capsys):
    raw = {"setting": "self_check", "answers": {}}
    path = tmp_path / "answers.json"
    for _ in range(40):
        path.write_text(json.dumps(raw))
        assert main(["next", str(path), "--format", "json"]) == 0
        data = json.loads(capsys.readouterr().out)
        if data["done"]:
            break
        for item in data["question"]["items"]:
            if item["kind"] == "number":
                raw["age"] = 44
            elif item["id"] == "sex":
                raw["sex"] = "male"
            elif item["kind"] == "binary":
                raw["answers"][item["id"]] = "no"
            else:
                raw["answers"][item["id"]] = next(iter(item["choices"]))
    assert data["done"]
    assert data["why"] != "emergency"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"answers: {fevr: yes}", "did you mean fever"),
        (b"age: -3\nanswers: {pain_now: 14}", "cannot be an age"),
        (b"\x00\x01\xff", "standard"),
        (b"a: [", "standard input"),
        (b"answers: {pregnant: yes}\nage: 40\nsex: male", "cannot be for this person"),
    ],
)
def test_bad_answers_end_with_4_and_a_message_without_a_traceback(content, says):
    done = subprocess.run(
        [sys.executable, "-m", "midback.interfaces.cli", "assess", "-"],
        input=content, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    error = done.stderr.decode()
    assert done.returncode == 4
    assert says in error
    assert "Traceback" not in error
    assert not done.stdout


def test_a_missing_file_says_so(capsys, tmp_path):
    assert main(["assess", str(tmp_path / "none.yaml")]) == 4
    assert "cannot be read" in capsys.readouterr().err


def test_wrong_use_ends_with_2():
    assert midback("assess").returncode == 2
    assert midback("dance").returncode == 2
    assert midback().returncode == 2


def test_a_knowledge_folder_that_is_none_ends_with_3(case, capsys, tmp_path):
    assert main(["assess", str(case), "--knowledge", str(tmp_path)]) == 3
    assert "missing" in capsys.readouterr().err


def test_findings_are_found_by_word(capsys):
    assert main(["findings", "--search", "fever"]) == 0
    assert "fever:" in capsys.readouterr().out
    assert main(["findings", "--search", "zzzzz"]) == 1


def test_every_number_can_be_cited(capsys):
    assert main(["knowledge", "cite", "aortic_dissection"]) == 0
    out = capsys.readouterr().out
    assert "Klompas" in out
    assert "judgement" in out
    assert main(["knowledge", "cite", "fever"]) == 0
    assert main(["knowledge", "cite", "both_legs_weak"]) == 0
    assert main(["knowledge", "cite", "klompas2002"]) == 0
    assert main(["knowledge", "cite", "klompas202"]) == 1
    assert "did you mean klompas2002" in capsys.readouterr().err


def test_knowledge_check_and_coverage(capsys):
    assert main(["knowledge", "check"]) == 0
    assert "no problem found" in capsys.readouterr().out
    assert main(["knowledge", "coverage", "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)["whole"]
    assert whole["numbers"] == whole["cited"] + whole["judgement"]


def test_knowledge_compile_writes_what_a_run_can_load(tmp_path, capsys):
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    assert main(["knowledge", "compile", "--output", str(shipped / "compiled.json")]) == 0
    assert main(["findings", "--search", "fever", "--knowledge", str(shipped)]) == 0
    capsys.readouterr()


def test_a_reader_that_stops_reading_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m midback.interfaces.cli findings | head -1",
        shell=True, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
