"""Looking again and kept results as forms: signs first, time from the first answers, steps with reasons."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web.test_diary import NOW, SAID, WORDS, as_file, entries, packed, send, taken, told
from web.walking import HARMLESS, Seen, fill, walk

pytestmark = pytest.mark.slow  # whole journeys, assessments or schemas: left out of `make check`


@pytest.mark.slow
def test_looking_again_asks_for_the_first_answers_and_takes_a_kept_file(client: TestClient) -> None:
    page = send(client, "/check-in", do="show", file=as_file(entries(20)))
    assert SAID["first_missing"] in told(page)
    walk(client)
    kept = client.get("/result.json")
    client.cookies.clear()
    page = send(client, "/check-in", do="show", diary=packed(page), answers=("kept.json", kept.content))
    assert SAID["first_here"].partition("{")[0] in told(page)
    assert SAID["signs_lead"] in told(page)
    wrong = send(client, "/check-in", do="show", answers=("cat.jpg", b"\xff\xd8"))
    assert SAID["kept"]["wrong"].partition("{what}")[0].format(name="cat.jpg") in told(wrong)


def test_looking_again_needs_the_signs_and_steps_with_reasons(client: TestClient) -> None:
    walk(client)
    opened = send(client, "/check-in", do="open", file=as_file(entries(20)))
    missing = send(client, "/check-in", do="look", diary=packed(opened), **{"pain-average": "5"})
    none = WORDS["web"]["question"]["none"]
    text = WORDS["web"]["errors"]["list_empty"].format(question=SAID["signs_lead"], none=none)
    assert text in told(missing)
    assert [row["value"] for row in Seen(missing.text).inputs("pain-average")] == ["5"]
    both = send(client, "/check-in", do="look", diary=packed(opened), none="1", yes="fever")
    assert WORDS["web"]["errors"]["list_both"].format(question=SAID["signs_lead"], none=none) in told(both)
    began = (NOW - timedelta(days=20)).date().isoformat()
    found = send(client, "/check-in", do="look", diary=packed(opened), none="1", begun=began, **{"pain-average": "5"})
    said = WORDS["follow_up"]
    assert said["direction"]["up"] in told(found)
    assert said["signs_done"] not in told(missing)
    assert said["headings"]["trend"] in told(found)
    assert "<svg" in found.text
    assert Seen(found.text).wrong == []
    diary = taken(client, packed(found))
    assert diary["entries"][-1]["no_warning_signs"] is True
    calendar = send(client, "/check-in", do="ics", diary=packed(found))
    assert calendar.content.startswith(b"BEGIN:VCALENDAR")
    assert b"BEGIN:VALARM" in calendar.content


def test_a_new_emergency_sign_shows_the_emergency_alone_and_the_diary_can_still_be_taken(client: TestClient) -> None:
    walk(client)
    opened = send(client, "/check-in", do="open", file=as_file(entries(20)))
    page = send(client, "/check-in", do="look", diary=packed(opened), yes="leg_weakness_both")
    assert WORDS["web"]["emergency"]["heading"] in told(page)
    assert WORDS["red_flags"]["both_legs_weak"]["title"] in told(page)
    assert WORDS["findings"]["leg_weakness_both"]["yes"] in told(page)
    assert WORDS["web"]["result"]["plan"] not in told(page)
    assert taken(client, packed(page))["entries"][-1]["answers"]["leg_weakness_both"] == "yes"
    later = send(client, "/check-in", do="look", diary=packed(page), none="1")
    assert WORDS["web"]["emergency"]["heading"] in told(later)  # a yes is never taken back by a later "none"
    form = send(client, "/check-in", do="to_look", diary=packed(page))
    assert WORDS["findings"]["leg_weakness_both"]["label"] in told(form)
    assert not [row for row in Seen(form.text).inputs("yes") if row["value"] == "leg_weakness_both"]


@pytest.mark.slow
def test_not_sure_about_an_emergency_sign_is_at_least_the_same_day(client: TestClient) -> None:
    walk(client)
    opened = send(client, "/check-in", do="open", file=as_file(entries(5)))
    page = send(client, "/check-in", do="look", diary=packed(opened), some_unsure="1", unsure="leg_weakness_both")
    assert 'class="level same_day"' in page.text


def test_the_day_the_plan_began_is_checked(client: TestClient) -> None:
    walk(client)
    opened = send(client, "/check-in", do="open", file=as_file(entries(5)))
    for day in ("tomorrow", "2190-01-01"):
        page = send(client, "/check-in", do="look", diary=packed(opened), none="1", begun=day)
        assert SAID["errors"]["begun"].format(value=day) in told(page)
        assert len(taken(client, packed(page))["entries"]) == 5  # not taken twice when it is sent again


@pytest.mark.slow
def test_time_is_counted_from_the_day_of_the_first_answers(client: TestClient) -> None:
    walk(client)
    rows = as_file(entries(20))
    today = send(client, "/check-in", do="open", file=rows)
    assert SAID["first_today"] in told(today)  # a check of today already knows how long it has lasted
    assert [row["value"] for row in Seen(today.text).inputs("begun")] == [NOW.date().isoformat()]
    found = send(client, "/check-in", do="look", diary=packed(today), none="1")
    assert WORDS["follow_up"]["time"]["unknown"] in told(found)
    kept = client.get("/result.json").json()
    began = (NOW - timedelta(days=20)).date().isoformat()
    other = ("kept.json", json.dumps({**kept, "answered_on": began}).encode())
    then = send(client, "/check-in", do="show", diary=packed(today), answers=other, begun=NOW.date().isoformat())
    assert SAID["first_today"] not in told(then)
    assert [row["value"] for row in Seen(then.text).inputs("begun")] == [began]
    found = send(client, "/check-in", do="look", diary=packed(then), none="1", **{"pain-average": "5"})
    assert WORDS["follow_up"]["time"]["still"].format(weeks="3") in told(found)
    days = send(client, "/check-in", do="look", diary=packed(then), none="1", begun="not a day")
    assert SAID["errors"]["begun"].format(value="not a day") in told(days)


def test_an_answer_about_duration_in_the_diary_is_refused_in_words(client: TestClient) -> None:
    walk(client)
    opened = send(client, "/check-in", do="open", file=as_file(entries(3, answers={"duration": "over_1_year"})))
    page = send(client, "/check-in", do="look", diary=packed(opened), none="1")
    assert SAID["errors"]["counted"] in told(page)
    for answers in ({"horoscope": "yes"}, {"pain_now": 14}):
        opened = send(client, "/check-in", do="open", file=as_file(entries(3, answers=answers)))
        page = send(client, "/check-in", do="look", diary=packed(opened), none="1")
        assert SAID["errors"]["unfit"] in told(page)


@pytest.mark.slow
def test_without_a_cookie_the_same_way_goes_through_forms(client: TestClient) -> None:
    page = client.post("/", data={"country": "GB", "private": "1"})
    for _ in range(60):
        if not Seen(page.text).inputs("answer") and not Seen(page.text).inputs("yes"):
            break
        page = client.post("/private", data={**Seen(page.text).hidden, **fill(Seen(page.text), (), HARMLESS)})
    assert not client.cookies
    state = re.search(r'name="state" value="([^"]+)"', page.text)
    assert state
    sent = {"state": state[1], "go": "/check-in", "send": "1"}
    opened = send(client, "/private", do="open", file=as_file(entries(20)), **sent)
    assert SAID["first_here"].partition("{")[0] in told(opened)
    assert 'id="device"' not in opened.text  # who wants nothing kept is not offered it
    found = send(client, "/private", do="look", diary=packed(opened), none="1", **sent)
    assert WORDS["follow_up"]["headings"]["step"] in told(found)
    assert not client.cookies
    kept = client.post("/private", data={"state": state[1], "go": "/result.json"})
    assert kept.json()["answers"]


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_kept_file_breaks_the_page(client: TestClient, data: st.DataObject) -> None:
    keys = ("answers", "age", "sex", "setting", "who", "result", "answered_on", "knowledge_version", "kind", "level",
            "chances", "knowledge", "hashes", "items", "pain_now", "fever", "triage")  # fmt: skip
    leaf = st.none() | st.booleans() | st.integers(-200, 200) | st.floats() | st.text(max_size=8) | st.sampled_from(
        ("yes", "no", "self_check", "routine", "assessment", "2026-11-22", "female"))  # fmt: skip
    tree = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys), inner,
                                                                                        max_size=4))  # fmt: skip
    content = data.draw(st.binary(max_size=200) | tree.map(lambda value: json.dumps(value).encode()))
    page = client.post("/saved", files={"file": ("any.json", content)})
    assert page.status_code == 200
    assert Seen(page.text).wrong == []


def test_a_kept_result_says_what_changed_and_why(client: TestClient) -> None:
    walk(client)
    kept = client.get("/result.json").json()
    client.cookies.clear()
    said = WORDS["saved"]

    def opened(raw: Any) -> str:
        page = client.post("/saved", files={"file": ("kept.json", json.dumps(raw).encode())})
        assert page.status_code == 200
        return told(page)

    assert said["same_knowledge"].partition("(")[0] in opened(kept)
    assert client.get("/check").url.path == "/check"  # the answers are in the browser again
    older = json.loads(json.dumps(kept))
    older["result"] |= {"level": "same_day", "items": ["leeches"]}
    older["result"]["knowledge"] |= {"hashes": {**older["result"]["knowledge"]["hashes"], "network": "another"},
                                     "change": "first_version"}  # fmt: skip
    text = opened(older)
    assert said["level_changed"].partition("{")[0] in text
    assert said["log_lead"] in text
    assert WORDS["changes"]["night_pain_for_weeks"] in text
    assert said["items_gone"].format(names="leeches") in text
    assert said["items_new"].partition("{")[0] in text
    clinic = opened({**kept, "setting": "spine_clinic"})
    assert SAID["kept"]["self_check"].partition("{")[0] in clinic


def test_a_kept_result_that_is_an_emergency_now_shows_the_emergency(client: TestClient) -> None:
    walk(client)
    kept = client.get("/result.json").json()
    kept["answers"]["tearing_pain"] = "yes"
    page = client.post("/saved", files={"file": ("kept.json", json.dumps(kept).encode())})
    assert WORDS["web"]["emergency"]["heading"] in told(page)


def test_what_is_no_kept_result_is_said_and_changes_nothing(client: TestClient) -> None:
    walk(client)
    before = dict(client.cookies)
    for content in (b"", b"\xff\xd8\xff", b"[1, 2]", b'{"age": -3}', b'{"result": {"level": "maybe"}}', b"{" * 500):
        page = client.post("/saved", files={"file": ("cat.jpg", content)})
        assert SAID["kept"]["wrong"].partition("{what}")[0].format(name="cat.jpg") in told(page)
    assert SAID["kept"]["no_file"] in told(client.post("/saved", files={"file": ("", b"")}))
    assert dict(client.cookies) == before
