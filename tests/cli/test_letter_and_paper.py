"""`midback letter` and `midback paper` as a clinic meets them: real files, the same content in every dress."""

import json

import pytest

from midback.interfaces.cli import main

pytestmark = pytest.mark.slow  # whole assessments and PDFs: left out of `make check`

CASE = """
age: 68
sex: female
answers: {minor_trauma: yes, pain_now: 8, percussion_tenderness: yes, hurt_by_someone: yes}
"""


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    return path


def written(case, capsysbinary, *arguments):
    assert main(["letter", str(case), "--today", "2026-11-22", *arguments]) == 0
    return capsysbinary.readouterr().out


def test_the_letter_says_the_same_as_text_and_html(case, capsysbinary):
    text = written(case, capsysbinary).decode()
    html = written(case, capsysbinary, "--format", "html").decode()
    advice = next(line for line in text.splitlines() if line.startswith("Advice reached: "))
    assert "22 November 2026" in text
    for heading in (advice, "Warning signs", "Ranked causes of the model"):
        assert f"<h2>{heading}</h2>" in html
        assert f"\n{heading}\n" in text


def test_the_output_s_name_chooses_the_dress(case, tmp_path, capsysbinary):
    for name, start in (("letter.pdf", b"%PDF"), ("letter.html", b"<!doctype html>"), ("letter.txt", b"Self-check")):
        written(case, capsysbinary, "--output", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(start)


def test_being_hurt_by_somebody_stays_off_unless_asked_for(case, capsysbinary):
    quiet = written(case, capsysbinary).decode().lower()
    told = written(case, capsysbinary, "--show-hurt").decode().lower()
    assert "hurt by" not in quiet
    assert "assault" not in quiet
    assert quiet != told


def test_the_paper_form_is_a_file_or_data(tmp_path, capsysbinary):
    assert main(["paper", "--output", str(tmp_path / "form.pdf")]) == 0
    assert (tmp_path / "form.pdf").stat().st_size > 50_000
    capsysbinary.readouterr()
    assert main(["paper", "--format", "json"]) == 0
    data = json.loads(capsysbinary.readouterr().out)
    assert (data["schema_version"], data["kind"]) == (1, "paper")
    assert len(data["parts"]) == 7


@pytest.mark.parametrize("command", ["letter", "paper"])
def test_a_place_that_cannot_be_written_is_said_to_be(command, case, tmp_path, capsys):
    place = tmp_path / "nowhere" / "out.pdf"
    given = [case] if command == "letter" else []
    assert main([command, *map(str, given), "--output", str(place)]) == 1
    said = capsys.readouterr().err
    assert str(place) in said
    assert "Traceback" not in said


def test_the_paper_as_json_goes_where_it_is_told(tmp_path, capsys):
    file = tmp_path / "paper.json"
    assert main(["paper", "--format", "json", "--output", str(file)]) == 0
    assert json.loads(file.read_text(encoding="utf-8"))["kind"] == "paper"
    assert capsys.readouterr().out == ""
