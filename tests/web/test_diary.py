"""The diary and looking again as forms: what goes in comes out, what is wrong is said, and nothing stays here."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midback.follow_up import diary_csv, read_diary_text
from midback.interfaces.web import guard
from midback.knowledge import load_knowledge
from web.alone import run_alone
from web.test_pages import HARDEST
from web.test_pages import _grade as reading_grade
from web.test_pages import _leaves as leaves
from web.test_pages import _sound as sound
from web.walking import Seen, walk

WORDS = load_knowledge().words["en"]
SAID = WORDS["diary"]
NOW = datetime.now(UTC).replace(microsecond=0)
WHOLE = '{"id": "a", "at": "2026-09-01T08:00:00+02:00", "pain": {"now": 5}}'
TORN = '{"schema_version": 1, "kind": "diary", "entries": [' + WHOLE + ', {"id": "b", "at": "2026-09-02'

FIELDS = ("do", "diary", "stored", "zone", "day", "time", "begun", "pain-now", "pain-worst", "peg-pain", "site-neck",
          "activity-1", "level-1", "change", "note", "yes", "unsure", "none", "some_unsure", "go", "state")  # fmt: skip
CELLS = ("add", "look", "ics", "json", "1", "5", "+14:59", "2026-09-01", "remove:", "language:xx")


def send(client: TestClient, path: str = "/diary", file: Any = None, answers: Any = None, **fields: Any) -> Any:
    """A form sent as browsers send one that may carry files; an empty file field has no name."""
    files = {"file": file or ("", b""), "answers": answers or ("", b"")}
    return client.post(path, data={"do": "show", **fields}, files=files)


def packed(page: Any) -> str:
    found = re.search(r'id="diary-held" value="([^"]*)"', page.text)
    assert found, Seen(page.text).text
    return found[1]


def told(page: Any) -> str:
    return re.sub(r"\s+", " ", Seen(page.text).text)


def taken(client: TestClient, diary: str) -> dict[str, Any]:
    """The diary of a page as the person takes it away."""
    answer = send(client, do="json", diary=diary)
    assert answer.headers["content-disposition"].startswith("attachment")
    found: dict[str, Any] = answer.json()
    return found


def entries(count: int, **more: Any) -> list[dict[str, Any]]:
    first = NOW - timedelta(days=count)
    return [{"id": f"n{n}", "at": (first + timedelta(days=n)).isoformat(), "pain": {"average": 5}, **more}
            for n in range(count)]  # fmt: skip


def as_file(rows: Any, name: str = "diary.json") -> tuple[str, bytes]:
    return name, json.dumps({"schema_version": 1, "kind": "diary", "entries": rows}).encode()


def test_an_entry_goes_in_and_the_file_comes_out(client: TestClient) -> None:
    fresh = send(client, do="new")
    both: dict[str, Any] = {}
    cells = {
        "pain-worst": "8", "site-mid_left": "4", "site-neck": "2", "peg-pain": "3", "peg-enjoyment": "2",
        "peg-activity": "4", "activity-1": "Lift my child", "level-1": "6", "change": "3", "note": "<b>long day</b>",
        "day": NOW.date().isoformat(), "zone": "+02:00",
    }  # fmt: skip
    for time, pain in (("00:01", "5"), ("00:02", "6,5")):
        fresh = send(client, do="add", diary=packed(fresh), time=time, **{**cells, "pain-now": pain})
        assert SAID["errors"]["empty"] not in told(fresh)
        both = taken(client, packed(fresh))
    first, second = both["entries"]
    assert first["pain"] == {"now": 5, "worst": 8}
    assert second["pain"]["now"] == 6.5
    assert first["sites"] == [{"zone": "neck", "pain": 2}, {"zone": "mid_left", "pain": 4}]
    assert first["peg"] == {"pain": 3, "enjoyment": 2, "activity": 4}
    assert first["own_activities"] == [{"name": "Lift my child", "value": 6}]
    assert (first["global_change"], first["note"]) == (3, "<b>long day</b>")
    assert first["at"].endswith("+02:00")
    assert "<b>" not in fresh.text
    assert Seen(fresh.text).wrong == []


def test_json_and_table_come_back_as_the_same_diary(client: TestClient) -> None:
    rows = entries(9, sites=[{"zone": "neck", "pain": 3}], note='=1+1, "quoted"\nand more')
    opened = send(client, do="open", file=as_file(rows))
    again = send(client, do="open", file=("d.json", send(client, do="json", diary=packed(opened)).content))
    table = send(client, do="csv", diary=packed(opened))
    assert table.headers["content-type"].startswith("text/csv")
    from_table = send(client, do="open", file=("d.csv", table.content))
    wanted = read_diary_text(json.dumps(rows)).entries
    for page in (opened, again, from_table):
        assert read_diary_text(json.dumps(taken(client, packed(page)))).entries == wanted


@pytest.mark.parametrize(
    ("fields", "key", "where"),
    [
        ({"pain-now": "11"}, "number", "pain-now"),
        ({"pain-now": "five"}, "number", "pain-now"),
        ({"pain-now": "nan"}, "number", "pain-now"),
        ({"pain-now": "-1"}, "number", "pain-now"),
        ({"pain-now": "5", "pain-worst": "3"}, "worst", "pain-worst"),
        ({"pain-now": "5", "day": "31.12.2026"}, "day", "day"),
        ({"pain-now": "5", "day": "1890-01-01"}, "early", "day"),
        ({"pain-now": "5", "day": "2190-01-01"}, "future", "day"),
        ({"pain-now": "5", "day": "2026-01-01", "time": "25:00"}, "time", "time"),
        ({"site-neck": "12"}, "number", "site-neck"),
        ({"level-1": "5"}, "activity_name", "activity-1"),
        ({"activity-1": "x" * 300, "level-1": "5"}, "activity_long", "activity-1"),
        ({"change": "9"}, "change", "change"),
        ({"note": "x" * 4001}, "note", "note"),
        ({}, "empty", "pain-now"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_nothing_is_lost(
    client: TestClient, fields: dict[str, str], key: str, where: str
) -> None:
    opened = send(client, do="open", file=as_file(entries(3)))
    page = send(client, do="add", diary=packed(opened), **fields)
    beginning = SAID["errors"][key].partition("{")[0] or SAID["errors"][key].rpartition("}")[2].strip()
    assert beginning in told(page)
    seen = Seen(page.text)
    assert f"#{where}" in [row["href"] for row in seen.all("a")]
    assert where in [row.get("id") for _, row in seen.elements]
    assert taken(client, packed(page))["entries"] == taken(client, packed(opened))["entries"]
    written = [row.get("value") for row in seen.inputs("pain-now")]
    assert written == [fields.get("pain-now", "")]


def test_a_half_written_file_gives_its_whole_entries_and_keeps_the_rest(client: TestClient) -> None:
    page = send(client, do="open", file=("torn.json", TORN.encode()))
    assert "not whole" in told(page)
    assert SAID["kept_back"] in told(page)
    again = send(client, do="add", diary=packed(page), **{"pain-now": "3"})
    held = taken(client, packed(again))
    assert held["entries"][0]["id"] == "a"
    assert len(held["entries"]) == 2
    assert '"id": "b"' in held["set_aside"][0]


def test_what_lies_in_the_future_never_counts_and_is_never_lost(client: TestClient) -> None:
    later = {"id": "late", "at": (NOW + timedelta(days=40)).isoformat(), "pain": {"now": 3}}
    page = send(client, do="open", file=as_file([*entries(2), later]))
    for _ in range(2):
        page = send(client, diary=packed(page))
        held = taken(client, packed(page))
        assert len(held["entries"]) == 2
        assert [row["id"] for row in held["set_aside"]] == ["late"]


def test_a_file_that_is_no_diary_changes_nothing(client: TestClient) -> None:
    opened = send(client, do="open", file=as_file(entries(2)))
    for name, content in (("cat.jpg", bytes(range(256)) * 4), ("a.csv", b"colour,size\nred,3\n"), ("empty.csv", b"")):
        page = send(client, do="join", diary=packed(opened), file=(name, content))
        assert SAID["unread"].format(name=name) in told(page)
        assert len(taken(client, packed(page))["entries"]) == 2


def test_joining_twice_adds_nothing_and_two_versions_are_both_kept(client: TestClient) -> None:
    opened = send(client, do="open", file=as_file(entries(4)))
    twice = send(client, do="join", diary=packed(opened), file=as_file(entries(4)))
    assert SAID["joined"].format(new=0, same=4, conflicts=0) in told(twice)
    other = [{**entries(4)[1], "pain": {"average": 7}}]
    page = send(client, do="join", diary=packed(twice), file=as_file(other))
    assert SAID["two_versions"] in told(page)
    held = taken(client, packed(page))
    assert len(held["entries"]) == 4
    assert [row["pain"]["average"] for row in held["conflicts"]] == [7]


def test_a_table_with_bad_rows_gives_the_good_ones_and_names_the_others(client: TestClient) -> None:
    table = "date;pain\n2026-09-14;5\n2026-09-15;11\nnever;3\n2190-01-01;3\n"
    page = send(client, do="open", file=("t.csv", table.encode("utf-16")))
    assert len(taken(client, packed(page))["entries"]) == 1
    assert SAID["left_out"].format(count=3, name="t.csv") in told(page)
    assert "row 3" in told(page)


def test_the_browsers_own_copy_is_joined_where_another_tab_changed_it(client: TestClient) -> None:
    mine = packed(send(client, do="open", file=as_file(entries(2))))
    theirs = packed(send(client, do="open", file=as_file(entries(3))))
    assert len(taken(client, packed(send(client, diary=mine, stored=theirs)))["entries"]) == 3
    assert len(taken(client, packed(send(client, diary="", stored=theirs)))["entries"]) == 3


def test_a_diary_changed_on_the_way_is_refused_in_words(client: TestClient) -> None:
    whole = packed(send(client, do="open", file=as_file(entries(2))))
    for broken in (whole[:-7], "AAAA", "not base64 at all!", whole[10:]):
        page = send(client, do="add", diary=broken, **{"pain-now": "3"})
        assert SAID["errors"]["broken"] in told(page)


def test_an_entry_can_be_taken_out(client: TestClient) -> None:
    opened = send(client, do="open", file=as_file(entries(3)))
    page = send(client, do="remove:n1", diary=packed(opened))
    assert [row["id"] for row in taken(client, packed(page))["entries"]] == ["n0", "n2"]


def test_a_form_without_a_file_or_with_too_large_a_one_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SAID["errors"]["no_file"] in told(send(client, do="open"))
    large = client.post("/diary", data={"do": "open"}, files={"file": ("big.json", b" " * (guard.LARGEST_FORM + 10))})
    assert large.status_code == 413
    plain = client.post("/diary", data={"do": "open", "diary": "x" * 70_000})
    assert plain.status_code == 413  # only a form with files may be large
    elsewhere = client.post("/consultation", files={"file": ("big.json", b" " * 70_000)})
    assert elsewhere.status_code == 413
    monkeypatch.setattr(guard, "MOST_LARGE_AT_ONCE", 0)
    assert send(client, do="new").status_code == 503


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_file_breaks_the_page_and_no_file_loses_an_entry(client: TestClient, data: st.DataObject) -> None:
    opened = send(client, do="open", file=as_file(entries(3)))
    whole = bytearray(as_file(entries(6, note="naïve – “x”"))[1])
    kind = data.draw(st.sampled_from(("noise", "cut", "changed", "table", "json")))
    if kind == "noise":
        content = data.draw(st.binary(max_size=400))
    elif kind == "cut":
        content = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    elif kind == "changed":
        for _ in range(data.draw(st.integers(1, 6))):
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
        content = bytes(whole)
    elif kind == "table":
        cells = st.lists(st.text(max_size=12), min_size=1, max_size=6).map(",".join)
        content = "\n".join(["date,pain,note", *data.draw(st.lists(cells, max_size=6))]).encode("utf-8", "replace")
    else:
        leaf = st.none() | st.booleans() | st.integers(-20, 20) | st.floats() | st.text(max_size=8)
        keys = st.sampled_from(("id", "at", "pain", "sites", "peg", "entries", "note", "answers", "x"))
        rows = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3))
        content = json.dumps(data.draw(rows)).encode()
    page = send(client, do="join", diary=packed(opened), file=("any.bin", content))
    assert page.status_code == 200
    assert Seen(page.text).wrong == []
    held = taken(client, packed(page))
    assert {row["id"] for row in held["entries"]} >= {"n0", "n1", "n2"}
    assert send(client, do="csv", diary=packed(page)).status_code == 200


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30) | st.sampled_from(CELLS), max_size=8))
def test_no_form_breaks_a_page(client: TestClient, fields: dict[str, str]) -> None:
    for path in ("/diary", "/check-in"):
        assert send(client, path, **fields).status_code == 200


def test_every_page_says_whose_the_diary_is_and_puts_nothing_into_addresses(client: TestClient) -> None:
    page = send(client, do="open", file=as_file(entries(3)))
    assert SAID["owned"] in told(page)
    for tag, row in Seen(page.text).elements:
        if tag in ("a", "form"):
            assert "?" not in (row.get("href") or row.get("action") or "").replace("?lang=", "")
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


@pytest.mark.slow
def test_ten_years_fit_and_come_back_whole(client: TestClient) -> None:
    first = NOW - timedelta(days=3650)
    rows = [{"id": f"{n:016x}", "at": (first + timedelta(minutes=262 * n)).isoformat(), "note": "as usual",
             "pain": {"now": n % 9, "average": n % 9, "worst": n % 9 + 1}} for n in range(20_000)]  # fmt: skip
    page = send(client, do="open", file=as_file(rows))
    assert page.status_code == 200
    assert len(page.text) < 1_500_000
    assert len(taken(client, packed(page))["entries"]) == 20_000


def test_diary_csv_is_what_the_terminal_writes(client: TestClient) -> None:
    opened = send(client, do="open", file=as_file(entries(3)))
    table = send(client, do="csv", diary=packed(opened)).text
    assert table == diary_csv(read_diary_text(json.dumps(entries(3))))


@pytest.mark.slow
def test_every_page_of_the_diary_is_sound_easy_to_read_and_small(client: TestClient) -> None:
    opened = send(client, do="open", file=as_file(entries(40, sites=[{"zone": "neck", "pain": 3}], note="stiff")))
    walk(client)
    kept = client.get("/result.json")
    pages = [
        client.get("/diary"), opened, send(client, do="add", diary=packed(opened)), send(client, do="new"),
        send(client, "/check-in", do="to_look", diary=packed(opened)), client.get("/saved"),
        send(client, "/check-in", do="look", diary=packed(opened), none="1"),
        send(client, "/check-in", do="look", diary=packed(opened), yes="saddle_numbness"),
        client.post("/saved", files={"file": ("kept.json", kept.content)}), client.get("/emergency-signs"),
        client.get("/offline"), client.get("/kept"), client.post("/kept"),
    ]  # fmt: skip
    for page in pages:
        assert page.status_code == 200
        sound(page.text)
        assert reading_grade(Seen(page.text).text) <= HARDEST, Seen(page.text).h1
        assert len(gzip.compress(page.text.encode(), 5)) < 16 * 1024
        assert WORDS["web"]["frame"]["preview"] in page.text


def test_no_sentence_of_these_pages_is_left_over() -> None:
    room = Path(guard.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for pattern in ("*.py", "templates/*.html")
                     for path in room.glob(pattern))  # fmt: skip
    report = {name: (room.parents[1] / "report" / f"{name}.py").read_text(encoding="utf-8")
              for name in ("diary_lines", "saved_text")}  # fmt: skip
    cli = (room.parent / "cli" / "compare_result.py").read_text(encoding="utf-8")
    for name, text in (("diary", code + report["diary_lines"]), ("offline", code),
                       ("saved", code + report["saved_text"] + cli)):  # fmt: skip
        unused = [
            ".".join(path)
            for path in leaves(WORDS[name])
            if path[0] != "errors"
            and path[-2:-1] != ("items",)
            and not re.search(rf"""[.'"]{re.escape(path[-1])}\b""", text)
        ]
        assert unused == [], name
    errors = [key for key in SAID["errors"] if f'"{key}"' not in code]
    assert errors == []


def test_a_large_file_never_touches_the_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a file of a person was about to be written")

    monkeypatch.setattr(tempfile, "_mkstemp_inner", refuse)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    page = send(client, do="open", file=as_file(entries(4000, note="x" * 400)))
    assert len(taken(client, packed(page))["entries"]) == 4000


@pytest.mark.parametrize("limit", ["LONGEST_UPLOAD", "LONGEST_SENDING"])
def test_what_drips_in_gives_up_its_place(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []

    async def never(*_: Any) -> Any:
        await asyncio.sleep(60)

    async def first_then_nothing() -> Any:
        return {"type": "http.request", "body": b"--", "more_body": True} if not sent else await never()

    async def once() -> Any:
        message = await first_then_nothing()
        sent.append(message)
        return message

    async def run() -> bytes | int:
        return await asyncio.wait_for(guard._read(once, limit == "LONGEST_UPLOAD"), 5)

    monkeypatch.setattr(guard, limit, 0.05)
    assert run_alone(run()) == 503


@pytest.mark.parametrize(
    "content", [b'{"a":' * 1_200_000, b"date,pain\n" + b"2026-01-01,5\n" * 60_000, b"[" + b"{}," * 600_000 + b"{}]"]
)
def test_a_file_with_too_many_entries_is_refused_before_it_is_read(client: TestClient, content: bytes) -> None:
    page = send(client, do="open", file=("many.json", content))
    assert SAID["unread"].format(name="many.json") in told(page)
    assert "50,000 entries" in told(page)


@pytest.mark.parametrize("path", ["/diary", "/check-in"])
def test_the_language_changes_and_the_diary_stays(client: TestClient, path: str) -> None:
    other = list(load_knowledge().languages)[-1]
    if other == "en":
        pytest.skip("only one language is offered")
    opened = send(client, path, do="open", file=as_file(entries(3)))
    assert f'value="language:{other}"' in opened.text
    page = send(client, path, do=f"language:{other}", diary=packed(opened))
    assert f'<html lang="{other}"' in page.text
    assert packed(page) == packed(opened)
    words = load_knowledge().words[other]["diary"]
    assert (words["title"] if path == "/diary" else words["look_title"]) in told(page)
    assert words["title"] in told(client.get("/diary"))  # the choice goes along
