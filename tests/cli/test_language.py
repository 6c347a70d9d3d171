"""--lang and MIDBACK_LANG: what every command that prints sentences prints them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from midback.interfaces.cli import main
from second_language import CODE, OPEN, unsaid, write_knowledge

pytestmark = pytest.mark.slow  # whole journeys, assessments or schemas: left out of `make check`

CASE = "age: 68\nsex: female\nanswers: {osteoporosis: yes, minor_trauma: yes, fever: no}\n"
NAMES = ("Midback", "PEG", "dB", "age", "sex", "who")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("two_languages")
    write_knowledge(place)
    (place / "case.yaml").write_text(CASE, encoding="utf-8")
    return place


def printed(folder: Path, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert main([*command, "--knowledge", str(folder)]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", [("assess",), ("plan", "--today", "2026-11-22"), ("next",)])
def test_a_case_is_answered_in_the_language_asked_for(folder: Path, capsys, command: tuple[str, ...]) -> None:
    case = str(folder / "case.yaml")
    text = printed(folder, capsys, *command, case, "--lang", CODE)
    assert OPEN in text
    assert OPEN not in printed(folder, capsys, *command, case)
    lines = [line for line in text.splitlines() if OPEN not in line and unsaid(line, NAMES)]
    assert lines == []


def test_the_environment_chooses_and_the_option_wins(folder: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("MIDBACK_LANG", f"{CODE}_XX.UTF-8")
    case = str(folder / "case.yaml")
    assert OPEN in printed(folder, capsys, "assess", case)
    assert OPEN not in printed(folder, capsys, "assess", case, "--lang", "en")


def test_a_language_without_words_is_refused_with_those_there_are(folder: Path, capsys) -> None:
    assert main(["assess", str(folder / "case.yaml"), "--lang", "xx", "--knowledge", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "'xx'" in said
    assert f"{CODE} (Second)" in said


@pytest.mark.parametrize("command", [("knowledge", "show", "myeloma"), ("knowledge", "cite", "myeloma")])
def test_the_reference_is_printed_in_the_language(folder: Path, capsys, command: tuple[str, ...]) -> None:
    assert OPEN in printed(folder, capsys, *command, "--lang", CODE)


def test_a_diary_picture_speaks_the_language(folder: Path, capsys, tmp_path: Path) -> None:
    diary = str(tmp_path / "diary.json")
    printed(folder, capsys, "diary", "add", diary, "--now", "4", "--at", "2026-11-20T08:00+00:00")
    assert OPEN in printed(folder, capsys, "diary", "plot", diary, "--format", "html", "--lang", CODE)
    assert OPEN in printed(folder, capsys, "diary", "add", diary, "--now", "5", "--lang", CODE)
