"""A clinician's outcome in a diary, as the pages show it: what it does, and that its signs are asked again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from care.people import knowledge, person
from midback.assessment import assess
from midback.follow_up import read_diary_text
from web.test_diary import NOW, SAID, WORDS, as_file, entries, packed, send, told
from web.walking import Seen

WEAK = person(know_all=False, setting="self_check", leg_weakness_both="yes")
ALARM = WORDS["web"]["emergency"]["because"]
FOUND = "MRI of the whole spine: no cord compression"


@pytest.fixture
def first() -> tuple[str, bytes]:
    began = (NOW - timedelta(days=20)).date().isoformat()
    return "kept.json", json.dumps(WEAK.to_raw() | {"answered_on": began}).encode()


def rows(flag: str, day: int) -> list[dict[str, Any]]:
    kept = entries(20)
    kept[day]["outcomes"] = [{"flag": flag, "by": "Dr Rao", "found": FOUND}]
    return kept


def test_an_outcome_settles_what_was_raised_and_its_sign_is_asked_again(
    client: TestClient, first: tuple[str, bytes]
) -> None:
    flags = [s.flag.id for s in assess(WEAK, knowledge(), draws=0).triage.flags if s.truth.name == "TRUE"]
    assert len(flags) == 1
    plain = send(client, "/check-in", answers=first, file=as_file(entries(20)))
    assert "y-leg_weakness_both" not in plain.text  # said yes to before: it still counts
    alarm = send(client, "/check-in", do="look", diary=packed(plain), none="1", **{"pain-now": "5"})
    assert ALARM in told(alarm)
    client.cookies.clear()
    page = send(client, "/check-in", answers=first, file=as_file(rows(flags[0], 2)))
    assert "y-leg_weakness_both" in page.text
    found = send(client, "/check-in", do="look", diary=packed(page), none="1", **{"pain-now": "5"})
    said = WORDS["follow_up"]
    assert Seen(found.text).wrong == []
    assert said["headings"]["outcomes"] in told(found)
    assert f"Dr Rao, {(NOW - timedelta(days=18)).day} " in told(found)
    assert FOUND in told(found)
    assert said["outcome_states"]["settled"] in told(found)
    assert ALARM not in told(found)
    again = send(client, "/check-in", do="look", diary=packed(found), yes="leg_weakness_both")
    assert ALARM in told(again)
    assert FOUND not in told(again)


def test_an_outcome_about_no_known_rule_is_told_and_the_diary_stays(
    client: TestClient, first: tuple[str, bytes]
) -> None:
    page = send(client, "/check-in", answers=first, file=as_file(rows("no_such_rule", 2)))
    found = send(client, "/check-in", do="look", diary=packed(page), none="1", **{"pain-now": "5"})
    assert SAID["errors"]["outcome"] in told(found)
    assert "no_such_rule" in told(found)
    assert len(packed(found)) > 100


CASE = {"age": "52", "sex": "female", "f-leg_weakness_both": "yes"}
FORM = {"do": "outcome", "flag": "both_legs_weak", "by": "Dr Rao, emergency department", "found": FOUND}
SAYS = WORDS["clinician"]["outcome"]


def test_a_clinician_gets_the_outcome_as_a_file_that_settles_the_rule_in_the_diary(
    client: TestClient, first: tuple[str, bytes]
) -> None:
    page = client.post("/clinician", data={**CASE, "do": "result"})
    assert SAYS["heading"] in page.text
    assert Seen(page.text).wrong == []
    file = client.post("/clinician", data={**FORM, "day": NOW.date().isoformat()})
    assert file.headers["content-disposition"].startswith('attachment; filename="midback-outcome-')
    diary = read_diary_text(file.text)
    assert [(row.flag, row.by, row.found) for entry in diary.entries for row in entry.outcomes] == [
        ("both_legs_weak", FORM["by"], FOUND)
    ]
    joined = send(client, "/check-in", answers=first, file=("outcome.json", file.content))
    found = send(client, "/check-in", do="look", diary=packed(joined), none="1", **{"pain-now": "5"})
    assert WORDS["follow_up"]["outcome_states"]["settled"] in told(found)
    assert ALARM not in told(found)


@pytest.mark.parametrize(
    ("wrong", "key"),
    [({"flag": "cord_signs_made_up"}, "flag"), ({"by": " "}, "by"), ({"found": "?"}, "found"),
     ({"found": "y" * 401}, "found"), ({"day": (NOW + timedelta(days=9)).date().isoformat()}, "day")],
)  # fmt: skip
def test_an_outcome_that_cannot_be_is_said_where_to_mend_and_keeps_what_was_written(
    client: TestClient, wrong: dict[str, str], key: str
) -> None:
    client.post("/clinician", data={**CASE, "do": "save"})
    page = client.post("/clinician", data={**FORM, "day": NOW.date().isoformat(), **wrong})
    assert str(page.url).endswith("/clinician/result#outcome")
    assert SAYS["errors"][key] in told(page)
    assert any(other in page.text for other in (FORM["by"], FOUND))
    assert Seen(page.text).wrong == []
    client.post("/clinician", data={**FORM, "day": NOW.date().isoformat()})
    assert SAYS["errors"][key] not in told(client.get("/clinician/result"))


def test_only_what_the_case_raises_can_be_settled(client: TestClient) -> None:
    page = client.post("/clinician", data={"f-leg_weakness_both": "not_sure", "do": "result"})
    assert SAYS["heading"] not in page.text
    assert client.post("/clinician", data=FORM).headers["content-type"].startswith("text/html")
    client.post("/clinician", data={"do": "clear"})
    assert str(client.post("/clinician", data=FORM).url).endswith("/clinician")
