"""A kept result worked out again: the same with the same knowledge, and what changed and why with another."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from care.people import knowledge, person
from midback.answers import read_answers
from midback.assessment import assess
from midback.care import plan
from midback.errors import AnswersRefused
from midback.follow_up import compare_saved, read_saved, saved_to_raw
from midback.knowledge import Knowledge
from midback.knowledge.changes import last_change
from midback.report import assessment_json
from midback.report.saved_text import render_saved, saved_json

TODAY = date(2026, 11, 22)
SAID = knowledge().words["en"]["saved"]


def kept(**answers: Any) -> dict[str, Any]:
    """What a person took away on that day, after a trip through a file."""
    someone = person(know_all=False)
    someone = someone.with_answers(answers, knowledge()) if answers else someone
    found = assess(someone, knowledge(), draws=0)
    raw = saved_to_raw(found, plan(found, knowledge(), TODAY), knowledge(), TODAY)
    back: dict[str, Any] = json.loads(json.dumps(raw))
    return back


def again(raw: Any, known: Knowledge | None = None) -> Any:
    known = known or knowledge()
    return compare_saved(read_saved(raw, known), known, TODAY, draws=0)


def newer(**changed: Any) -> Knowledge:
    """The same knowledge with one more entry in its log, another hash, and whatever else changed."""
    log = {**knowledge().content["changes"], "weightier": {"version": "0.2.0", "dated": "2026-12-01",
                                                            "findings": ["pain_now"]}}  # fmt: skip
    words = {"en": {**knowledge().words["en"], "changes": {**knowledge().words["en"]["changes"], "weightier": "News."}}}
    content = {**knowledge().content, "changes": log}
    hashes = replace(knowledge().hashes, network="another")
    return replace(knowledge(), version="0.2.0", content=content, words=words, hashes=hashes, **changed)


def test_the_same_knowledge_says_the_same() -> None:
    found = again(kept())
    assert found.same_knowledge is True
    assert not found.level_changed
    assert (found.saved.said.level, found.saved.said.items) == (found.now.level, found.now.items)
    assert all(row.before == pytest.approx(row.now, abs=1e-4) for row in found.moved)
    assert (found.items_new, found.items_gone, found.log) == ((), (), ())
    assert SAID["chances_same"] in render_saved(found, knowledge())


def test_a_kept_file_is_an_answers_file() -> None:
    raw = kept()
    assert read_answers(raw, knowledge()) == read_saved(raw, knowledge()).answers
    assert (raw["answered_on"], raw["knowledge_version"]) == ("2026-11-22", knowledge().version)


def test_another_knowledge_says_what_changed_and_why() -> None:
    causes = dict(knowledge().causes)
    likely = assess(person(know_all=False), knowledge(), draws=0).causes[0].id
    setting = person(know_all=False).setting
    prior = causes[likely].prior[setting]
    rare = replace(prior, quantity="word", value=None, word="exceptional")
    causes[likely] = replace(causes[likely], prior={**causes[likely].prior, setting: rare})
    found = again(kept(), newer(causes=causes))
    assert found.same_knowledge is False
    assert [row.id for row in found.log] == ["weightier"]
    assert found.moved[0].now != found.moved[0].before
    text = render_saved(found, newer(causes=causes))
    assert "News." in text
    assert SAID["log_yours"].partition("{names}")[0].partition("(")[2] in text  # pain_now is one of their answers
    data = saved_json(found, newer(causes=causes))
    assert data["log"][0]["findings"] == ["pain_now"]
    assert data["same_knowledge"] is False


def test_a_changed_level_is_said_first() -> None:
    raw = kept()
    raw["result"]["level"] = "routine" if raw["result"]["level"] != "routine" else "within_2_weeks"
    found = again(raw)
    assert found.level_changed
    levels = knowledge().words["en"]["levels"]
    said = SAID["level_changed"].format(before=levels[raw["result"]["level"]]["label"],
                                        now=levels[found.now.level]["label"])  # fmt: skip
    assert said in render_saved(found, knowledge())


def test_items_of_the_plan_that_came_and_went() -> None:
    raw = kept()
    gone = raw["result"]["items"].pop()
    raw["result"]["items"].append("leeches")
    found = again(raw)
    assert (found.items_new, found.items_gone) == ((gone,), ("leeches",))
    assert "leeches" in render_saved(found, knowledge())


def test_the_json_of_assess_is_a_kept_result_without_a_plan() -> None:
    found = assess(person(know_all=False), knowledge(), draws=0)
    raw = json.loads(json.dumps(assessment_json(found, knowledge())))
    back = again(raw)
    assert back.same_knowledge is True
    assert back.saved.said.items is None
    assert SAID["items_unknown"] in render_saved(back, knowledge())
    assert max(abs(row.now - row.before) for row in back.moved) < 1e-3


@pytest.mark.parametrize("chances", [{"reported": 5}, {"reported": [{"id": ["x"]}]}, {"other": {"id": None}}, 7])
def test_a_broken_json_of_assess_never_breaks_the_reader(chances: Any) -> None:
    """Whatever stands where the chances should be: read as not said, or refused by name."""
    raw = {"kind": "assessment", "answers": {"age": 40, "answers": {}}, "chances": chances}
    with suppress(AnswersRefused):
        assert read_saved(raw, knowledge()).answers.age == 40


def test_bare_answers_have_no_then() -> None:
    found = again(person(know_all=False).to_raw())
    assert (found.saved.said, found.same_knowledge, found.moved) == (None, None, None)
    assert SAID["no_result"] in render_saved(found, knowledge())


def test_questions_that_are_gone_are_left_out_and_named() -> None:
    raw = kept()
    raw["answers"] |= {"horoscope": "yes", "pain_now": 14}
    found = again(raw)
    assert found.saved.left_out == ("horoscope", "pain_now")
    assert "horoscope" in render_saved(found, knowledge())


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"age": -3}, "age"),
        ({"answered_on": "yesterday"}, "answered_on"),
        ({"result": 3}, "result.level"),
        ({"result": {"level": "maybe"}}, "result.level"),
        ({"result": {"level": "routine", "chances": {"other": [2, 0, 1]}}}, "result.chances.other"),
        ({"result": {"level": "routine", "items": [3]}}, "result.items"),
        ({"result": {"level": "routine", "within_hours": "soon"}}, "result.within_hours"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_what_cannot_be_a_kept_result_is_refused_with_its_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(AnswersRefused) as error:
        read_saved({**kept(), **change}, knowledge())
    assert where in [problem.path for problem in error.value.problems]


@pytest.mark.parametrize("raw", [None, [], "x", 3, {"kind": "assessment"}, {"kind": "assessment", "answers": 3}])
def test_what_is_no_mapping_of_answers_never_breaks_the_reader(raw: Any) -> None:
    try:
        saved = read_saved(raw, knowledge())
    except AnswersRefused:
        return
    assert saved.said is None


def test_what_was_mostly_judgement_shows_no_figures() -> None:
    raw = kept()
    raw["result"]["figures"] = False
    raw["result"]["chances"]["mechanical"] = [0.01, 0.0, 0.02]
    text = render_saved(again(raw), knowledge())
    label = knowledge().words["en"]["families"]["mechanical"]["label"]
    assert SAID["chance_up"].format(label=label) in text
    assert f"{label}: less" not in text


def test_the_newest_change_is_kept_with_the_result() -> None:
    raw = kept()
    assert raw["result"]["knowledge"]["change"] == last_change(knowledge())
    raw["result"]["knowledge"] |= {"hashes": {}, "change": "first_version"}
    assert [row.id for row in again(raw).log] == list(knowledge().content["changes"])[1:]
