"""A clinician's outcome in a diary, as the pages show it: what it does, and that its signs are asked again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from care.people import knowledge, person
from midback.assessment import assess
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
