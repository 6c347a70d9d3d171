"""One small run through every dress, the comparison and the command."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from midback.evaluation.as_html import render_run_html
from midback.evaluation.as_text import render_run
from midback.evaluation.command import main
from midback.evaluation.comparing import compare, read_predictions
from midback.evaluation.running import evaluate_cases
from midback.evaluation.scoring import outcome
from midback.knowledge import Knowledge, load_knowledge

LEVELS = ["self_care", "routine", "within_2_weeks", "same_day", "emergency_now"]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    common = {"age": 55, "sex": "male", "setting": "primary_care"}
    cases = [
        {**common, "id": "tear", "title": "<b>Tear</b>", "family": "aortic", "category": "vessel",
         "answers": {"tearing_pain": "yes", "onset_speed": "sudden"}, "accepted_levels": ["emergency_now"]},
        {**common, "id": "rash", "cause": "herpes_zoster", "category": "skin",
         "answers": {"rash_band_one_side": "yes", "burning_pain": "yes"}, "accepted_levels": ["same_day"]},
        {**common, "id": "rare", "family": "unlisted", "answers": {"fever": "no"},
         "accepted_levels": ["emergency_now"]},
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(files: Path, knowledge: Knowledge) -> dict[str, Any]:
    return evaluate_cases([files], knowledge, draws=64)


@pytest.mark.parametrize(
    ("level", "accepted", "result"),
    [
        ("routine", ["routine"], "exact"),
        ("routine", ["same_day"], "under"),
        ("same_day", ["routine", "self_care"], "over"),
        ("within_2_weeks", ["routine", "same_day"], "over"),
    ],
)
def test_outcome(level: str, accepted: list[str], result: str) -> None:
    assert outcome(level, accepted, LEVELS) == result


def test_unlisted_is_counted_as_a_miss_and_named(run: dict[str, Any]) -> None:
    assert run["unlisted"] == ["rare"]
    top = run["figures"]["ranking"]["as_setting"]["by_family"]["top_5"]
    assert top["n"] == 3
    assert top["hits"] <= 2


def test_every_under_triage_is_named_in_every_dress(run: dict[str, Any]) -> None:
    named = run["figures"]["triage"]["under_triaged"]
    assert [row["id"] for row in named] == ["rare"]
    text, page = render_run(run), render_run_html(run, LEVELS)
    assert "rare" in text.partition("under triaged:")[2][:200]
    assert "rare" in page.partition("Every under-triaged case")[2][:600]


def test_the_page_asks_nobody_for_anything_and_escapes(run: dict[str, Any]) -> None:
    page = render_run_html(run, LEVELS)
    assert not re.search(r"(?:src|href)\s*=|@import|url\(|<script|http-equiv=\"refresh", page)
    assert "<b>Tear" not in page
    assert "&lt;b&gt;Tear" in page
    assert page.count("<svg") == page.count("aria-label=") >= 8


def test_figures_are_plain_data_with_intervals(run: dict[str, Any]) -> None:
    again = json.loads(json.dumps(run))
    assert again["schema_version"] == 1
    for mix in ("as_setting", "case_set"):
        part = again["figures"]["ranking"][mix]
        assert {"brier", "log_score", "calibration_of_first_family"} <= set(part)
        for figure in part["by_family"].values():
            assert figure["lo95"] <= figure["value"] <= figure["hi95"]


def test_a_run_does_not_differ_from_itself(run: dict[str, Any], tmp_path: Path, knowledge: Knowledge) -> None:
    stored = tmp_path / "run.json"
    stored.write_text(json.dumps(run), encoding="utf-8")
    part = compare(run, read_predictions(stored, knowledge), "run.json", knowledge)
    assert part["paired"] == 3
    assert all(test["only_ours"] == test["only_theirs"] == 0 for test in part["tests"])
    assert all(test["mcnemar_p"] == 1.0 for test in part["tests"])


def test_predictions_of_another_system(run: dict[str, Any], tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"id": "tear", "families": ["zoster"], "level": "routine"}\n{"id": "new"}\n', encoding="utf-8")
    part = compare(run, read_predictions(path, knowledge), "other", knowledge)
    assert (part["paired"], part["only_here"], part["only_there"]) == (1, 2, 1)
    under = next(test for test in part["tests"] if test["what"] == "under-triage")
    assert (under["ours"], under["theirs"]) == (0, 1)


@pytest.mark.parametrize(
    "text", ["", "{", '{"id": "a", "level": "soon"}', '{"id": "a"}\n{"id": "a"}', "[1]", '{"id": "a", "families": "x"}']
)
def test_wrong_predictions_are_refused_with_their_place(tmp_path: Path, text: str, files: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(text, encoding="utf-8")
    assert main([str(files), "--against", str(path), "--draws", "16"]) == 4


def test_exit_codes(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(files), "--draws", "16"]) == 0
    bad = tmp_path / "bad.jsonl"
    bad.write_text(files.read_text(encoding="utf-8") + "\n{}\n", encoding="utf-8")
    assert main([str(bad), "--draws", "16", "--format", "json"]) == 1
    said = capsys.readouterr()
    assert "bad.jsonl:4" in said.err
    assert main([str(tmp_path / "nowhere")]) == 4


def test_the_terminal_hands_everything_on(files: Path, tmp_path: Path) -> None:
    from midback.interfaces.cli import main as terminal

    page = tmp_path / "report.html"
    assert terminal(["evaluate", str(files), "--draws", "16", "--output", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(SystemExit) as stop:
        terminal(["evaluate", "--help"])
    assert stop.value.code == 0
