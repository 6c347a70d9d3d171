"""People stopped after a few pages: counted as they are, whoever counts, and never dressed up."""

import json
from pathlib import Path

import pytest

from midback.evaluation.command import main
from midback.evaluation.simulated.dangerous import after_pages, render_after_pages
from midback.knowledge import load_knowledge

pytestmark = pytest.mark.slow


def test_everyone_is_counted_once_and_nobody_is_asked_more(tmp_path: Path) -> None:
    place = tmp_path / "run.json"
    assert main(["--large", "--people", "16", "--pages", "6", "--jobs", "1", "--output", str(place)]) == 0
    run = json.loads(place.read_text(encoding="utf-8"))
    serious, all_comers = run["with_a_dangerous_cause"], run["everybody"]
    assert (serious["n"], all_comers["n"]) == (16, 4)
    assert serious["pages"]["p90"] <= 6
    assert serious["under_triaged"]["n"] == 16
    assert serious["under_triaged"]["hits"] == sum(serious["under_triaged_by_cause"].values())
    assert run == after_pages(load_knowledge(), 16, 6)


def test_a_missed_target_is_called_missed() -> None:
    run = after_pages(load_knowledge(), 4, 1)
    for share, verdict in ((0.0, "met"), (0.5, "MISSED")):
        figure = {"value": share, "lo95": 0.0, "hi95": 1.0, "n": 4, "hits": int(4 * share)}
        own = run["with_a_dangerous_cause"] | {"under_triaged": figure, "missed_emergencies": figure}
        assert render_after_pages(run | {"with_a_dangerous_cause": own}).count(verdict) == 2
