"""Everything once, very small: the page and the report hold together whatever the figures are."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from midback.evaluation.charts import Curve, bars, curves, reliability
from midback.evaluation.document import read_stamp, render_document
from midback.evaluation.intervals import calibrate, share
from midback.evaluation.stamping import stamp
from midback.evaluation.whole import Size, evaluate_everything
from midback.evaluation.whole_html import render_whole_html
from midback.knowledge import load_knowledge


def test_charts_say_their_numbers_to_those_who_cannot_see_them() -> None:
    drawn = bars("Triage", [("<exact>", share(3, 4).as_json()), ("none", share(0, 0).as_json())])
    assert 'aria-label="Triage: &lt;exact&gt; 75 % (3/4)"' in drawn
    assert "<exact>" not in drawn
    plot = reliability("said", [bar.as_json() for bar in calibrate([0.25, 0.25], [True, False]).bins])
    assert "said 25 %, came true 1 of 2" in plot
    lines = curves("Noise", [Curve("safe", [(0, 0.5), (5, 1.0)], [(0.4, 0.6), (0.9, 1.0)]), Curve("none", [])], "x")
    assert lines.count("<circle") == 2
    assert "safe: 0: 50 %, 5: 100 %" in lines


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    nowhere = tmp_path_factory.mktemp("nowhere")
    case = {"id": "x", "title": "|x|", "age": 60, "answers": {"fever": "no"}, "family": "aortic"}
    (nowhere / "x.json").write_text(json.dumps({**case, "accepted_levels": ["emergency_now"]}), encoding="utf-8")
    return evaluate_everything(load_knowledge(), Size(8, 8, 1, 1), jobs=1, ddxplus=nowhere, cases=nowhere)


@pytest.mark.slow
def test_the_document_has_every_part_and_its_own_stamp(whole: Mapping[str, Any]) -> None:
    knowledge = load_knowledge()
    text = render_document(whole, knowledge, "tiny")
    assert stamp(knowledge).items() <= read_stamp(text).items()
    for row in whole["cases"]["figures"]["triage"]["under_triaged"]:
        assert f"- {row['id']}, " in text
    assert "Skipped: the files of the benchmark were not there" in text
    assert "None %" not in text


@pytest.mark.slow
def test_the_page_is_self_contained(whole: Mapping[str, Any]) -> None:
    page = render_whole_html(whole, [level.name for level in load_knowledge().triage.levels])
    assert not re.search(r"(?:src|href)\s*=|@import|url\(|<script", page)
    assert page.count("<svg") == page.count('role="img"') > 10
