"""Every page in a second language: chosen by the browser or by the person, kept, and with no sentence left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from midback.interfaces.web import create_app
from midback.interfaces.web.configuration import Configuration
from midback.interfaces.web.language import language_for
from midback.interfaces.web.reference_pages import address
from midback.interfaces.web.state import State
from midback.report.site import INDEX, KINDS, Edition, page, things
from second_language import CODE, OPEN, Shown, unsaid, write_knowledge
from web.walking import HARMLESS, Seen, fill

pytestmark = pytest.mark.slow  # whole journeys, assessments or schemas: left out of `make check`

NAMES = ("Midback", "Second", "PEG", "ICD", "Spine Practice", "Mon 9 to 17", "desk@example.org")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("two_languages")
    write_knowledge(place)
    return place


@pytest.fixture(scope="module")
def application(configuration: Configuration, folder: Path) -> object:
    return create_app(replace(configuration, knowledge=folder))


@pytest.fixture
def client(application: object) -> Iterator[TestClient]:
    with TestClient(application, base_url="http://127.0.0.1") as client:  # type: ignore[arg-type]
        yield client


def says_it_all(response: Any, *names: str) -> None:
    """The page is in the second language and shows no sentence of the first that is not marked as such."""
    assert f'<html lang="{CODE}">' in response.text
    assert unsaid(Shown(response.text).text, (*names, *NAMES)) == [], response.url
    seen = Seen(response.text)
    assert seen.wrong == []


def walk(client: TestClient, yes: tuple[str, ...] = ()) -> Any:
    response = client.post("/", data={"country": "GB"})
    for _ in range(60):
        if "/question/" not in str(response.url):
            return response
        says_it_all(response)
        response = client.post(str(response.url), data=fill(Seen(response.text), yes, HARMLESS))
    raise AssertionError("the questions never end")


def choose(client: TestClient, code: str, back: str = "/") -> Any:
    return client.post("/language", data={"language": code, "back": back})


def test_the_brackets_find_a_sentence_of_the_first_language(client: TestClient) -> None:
    english = client.get("/about").text.replace('<html lang="en">', f'<html lang="{CODE}">')
    assert len(unsaid(Shown(english).text, NAMES)) > 10
    left = f'<html lang="{CODE}"><p>\u27e6Judged: \u27e7because</p><p lang="en">quoted</p></html>'
    assert unsaid(Shown(left).text) == ["because"]


def test_a_whole_check_is_said_in_the_chosen_language(client: TestClient) -> None:
    says_it_all(choose(client, CODE))
    says_it_all(walk(client))
    for path in ("/result", "/letter", "/share", "/consultation", "/check"):
        says_it_all(client.get(path))
    says_it_all(client.post("/share"))
    mail = re.search(r'<textarea id="mail"[^>]*>(.*?)</textarea>', client.get("/consultation").text, re.S)
    assert mail is not None
    assert unsaid(unescape(mail[1]), NAMES) == []


def test_an_emergency_is_said_in_the_chosen_language(client: TestClient) -> None:
    choose(client, CODE)
    assert "emergency" in walk(client, ("leg_weakness_both",)).text
    says_it_all(client.get("/result"))


def test_a_clinician_reads_the_chosen_language(client: TestClient) -> None:
    choose(client, CODE)
    says_it_all(client.get("/clinician"))
    case = {"age": "70", "sex": "male", "setting": "primary_care", "f-fever": "yes", "do": "result"}
    says_it_all(client.post("/clinician", data=case))
    says_it_all(client.get("/clinician/letter"))
    note = {"note": "72F, mid-back pain for 3 weeks, no fever, h/o osteoporosis. CRP 40."}
    says_it_all(client.post("/clinician/note", data=note), note["note"], *re.split(r"[ ,.]+", note["note"]))


def test_an_error_is_said_in_the_chosen_language(client: TestClient) -> None:
    choose(client, CODE)
    client.post("/", data={"country": "GB"})
    says_it_all(client.post("/question/1", data={}))
    says_it_all(client.get("/nothing"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_is_said_in_the_chosen_language(client: TestClient, kind: str) -> None:
    choose(client, CODE)
    app = client.app.state.shell  # type: ignore[attr-defined]
    says_it_all(client.get(address(kind, INDEX)))
    for name in list(things(kind, Edition(app.knowledge, CODE)))[::12]:
        titles = [page(kind, name, Edition(app.knowledge, CODE)).title] if kind == "sources" else []  # as it was cited
        says_it_all(client.get(address(kind, name)), *titles)


def test_pages_without_a_check_are_said_in_the_language_of_the_browser(client: TestClient) -> None:
    for path in ("/", "/about", "/evaluation", "/deleted", "/open", "/saved", "/diary", "/emergency-signs", "/offline"):
        says_it_all(client.get(path, headers={"accept-language": f"fr, {CODE};q=0.8, en;q=0.5"}))
        assert OPEN not in client.get(path, headers={"accept-language": "en, zz;q=0.2"}).text.split("<h1")[1]


def test_the_switch_returns_to_the_same_page_and_is_kept(client: TestClient) -> None:
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"none": "1"})
    page = client.get("/question/2")
    assert f'<button class="quiet" name="language" value="{CODE}"' in page.text
    switched = choose(client, CODE, "/question/2")
    assert str(switched.url).endswith("/question/2")
    assert len(switched.history) == 1
    says_it_all(switched)
    says_it_all(client.get("/check"))
    assert OPEN not in Shown(choose(client, "en", "/check").text).text.replace("Second", "")


def test_a_draft_says_that_it_is_one(client: TestClient) -> None:
    draft = client.app.state.shell.knowledge.words[CODE]["web"]["frame"]["draft"]  # type: ignore[attr-defined]
    assert draft in choose(client, CODE).text
    assert draft.strip("\u27e6\u27e7") not in choose(client, "en").text


@pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere", "javascript:x"])
def test_the_switch_never_leads_to_another_host(client: TestClient, back: str) -> None:
    answer = client.post("/language", data={"language": CODE, "back": back}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_an_unknown_language_changes_nothing(client: TestClient) -> None:
    answer = client.post("/language", data={"language": "xx", "back": "/about"}, follow_redirects=False)
    assert answer.headers["location"] == "/about"
    assert "set-cookie" not in answer.headers
    assert 'lang="en"' in client.get("/?lang=xx").text


def test_private_mode_keeps_the_language_without_a_cookie(client: TestClient) -> None:
    choose(client, CODE)
    response = client.post("/", data={"country": "GB", "private": "1"})
    says_it_all(response)
    assert not client.cookies
    seen = Seen(response.text)
    response = client.post("/private", data=seen.hidden | {"none": "1"})
    says_it_all(response)
    back = {"state": Seen(response.text).hidden["state"], "go": "/language", "send": "1",
            "language": "en", "back": "/check"}  # fmt: skip
    answer = client.post("/private", data=back)
    assert '<html lang="en">' in answer.text
    assert not client.cookies


def test_private_mode_reads_the_reference_in_its_language(client: TestClient) -> None:
    choose(client, CODE)
    response = client.post("/", data={"country": "GB", "private": "1"})
    links = re.findall(r'<footer>.*?href="(/causes[^"]*)"', response.text, re.S)
    page = client.get(links[0])
    says_it_all(page)
    says_it_all(client.get(next(link for link in re.findall(r'href="(/causes/[^"]+)"', page.text))))
    assert not client.cookies


def test_deleting_forgets_the_language_but_says_goodbye_in_it(client: TestClient) -> None:
    choose(client, CODE)
    client.post("/", data={"country": "GB"})
    says_it_all(client.post(f"/delete?lang={CODE}"))
    assert not client.cookies
    assert '<html lang="en">' in client.get("/").text


def test_files_carry_the_language(client: TestClient) -> None:
    choose(client, CODE)
    walk(client)
    calendar = client.get("/result.ics").text.replace("\r\n ", "")
    said = [line.partition(":")[2] for line in calendar.splitlines() if line.startswith(("SUMMARY", "DESCRIPTION"))]
    assert said
    assert unsaid(" ".join(said), NAMES) == []
    assert f"/Lang({CODE})".encode() in client.get("/letter.pdf").content.replace(b" ", b"")


def test_programs_choose_a_language_and_may_leave_age_unsaid(client: TestClient) -> None:
    body = {"setting": "self_check", "age": 40, "sex": "male", "answers": {"fever": "yes"}}
    for kind in ("assess", "next"):
        assert OPEN in client.post(f"/api/v1/{kind}?lang={CODE}", json=body).text
        assert OPEN not in client.post(f"/api/v1/{kind}", json=body, headers={"accept-language": CODE}).text
        refused = client.post(f"/api/v1/{kind}?lang=xx", json=body)
        assert refused.status_code == 422
        assert refused.json()["problems"][0]["path"] == "lang"
    screen = client.app.state.shell.knowledge.interview.opening  # type: ignore[attr-defined]
    said = {name: "no" for page in screen if page.id.startswith("emergency") for name in page.findings}
    assert client.post("/api/v1/next", json={"answers": said}).json()["question"]["items"][0]["id"] == "age"
    asked = client.post("/api/v1/next", json={"answers": said, "unsaid": ["age"]}).json()["question"]["items"]
    assert [item["id"] for item in asked] == ["sex"]


@pytest.mark.parametrize(
    ("asked", "chosen", "header", "language"),
    [
        ("", "", "", "en"), ("", "", "zz", "zz"), ("", "", "fr,zz;q=0.1,en;q=0.9", "en"), ("", "zz", "en", "zz"),
        ("en", "zz", "zz", "en"), ("", "", "zz;q=0,en", "en"), ("", "", "ZZ-XX,en", "zz"),
        ("", "", ";;,q=,zz;q=x", "zz"),
        ("", "", "*", "en"), ("%00", "nope", "x" * 5000, "en"),
    ],
)  # fmt: skip
def test_which_language_speaks(folder: Path, asked: str, chosen: str, header: str, language: str) -> None:
    from midback.knowledge import load_knowledge

    assert language_for(asked, State(language=chosen), header, load_knowledge(folder)) == language
