"""Nothing personal stays: not in paths, headers, logs or on disk; what the browser holds cannot be read or forged."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.parse
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from midback.interfaces.web import guard
from midback.interfaces.web.configuration import Configuration
from midback.interfaces.web.journey import next_step
from midback.interfaces.web.state import State, Step, open_state, seal_state
from midback.interview import Question
from midback.knowledge import load_knowledge
from web.walking import Seen, walk

pytestmark = pytest.mark.slow  # real processes or whole trees: left out of `make check`

if TYPE_CHECKING:
    from web.conftest import Server

PERSONAL = ("known_cancer", "iv_drug_use", "hurt_by_someone", "mid_left")


class Browser:
    """The smallest browser: cookies, redirects, forms. Kept apart from the application, as a real one is."""

    def __init__(self, address: str) -> None:
        self.address, self.jar, self.seen_paths = address, http.cookiejar.CookieJar(), []
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def post(self, url: str, data: dict[str, Any]) -> Any:
        body = urllib.parse.urlencode(data, doseq=True).encode()
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.address, url), body))

    def get(self, url: str) -> Any:
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.address, url)))

    def _open(self, request: urllib.request.Request) -> Any:
        with self.opener.open(request, timeout=60) as response:
            self.seen_paths.append(response.url)
            response.text = response.read().decode("utf-8", "replace")
            response.status_code = response.status
            return response


@pytest.mark.slow
def test_a_whole_journey_leaves_nothing_in_logs_or_on_disk(server: Server) -> None:
    browser = Browser(server.address)
    before = {path for path in server.home.rglob("*") if path.is_file()}
    walk(browser, yes=("known_cancer", "iv_drug_use", "hurt_by_someone"))
    for place in ("/result", "/letter", "/result.pdf", "/result.ics", "/share", "/consultation"):
        browser.get(place)
    browser.post("/open", {"link": "nonsense <script>"})
    browser.post("/question/1", {"yes": ["fainting", "x" * 5000]})
    token = next(iter(browser.jar)).value or ""
    after = {path for path in server.home.rglob("*") if path.is_file()}
    assert {path for path in after - before if "knowledge-" not in path.name} == set()
    for path in after:
        content = path.read_bytes()
        assert token[20:60].encode() not in content
        if "knowledge-" not in path.name:  # the knowledge names every finding by itself
            for word in PERSONAL:
                assert word.encode() not in content, path
    log = server.log.read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if "Midback:" not in line] == []


@pytest.mark.slow
def test_no_path_or_query_ever_carries_an_answer(server: Server) -> None:
    browser = Browser(server.address)
    walk(browser, yes=("known_cancer",))
    for url in browser.seen_paths:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/(question/\d+|check)?", url), url


def test_the_cookie_is_sealed_session_only_and_kept_from_scripts(client: TestClient) -> None:
    sent = client.post("/", data={"country": "GB"}, follow_redirects=False).headers["set-cookie"].lower()
    assert "httponly" in sent
    assert "samesite=strict" in sent
    assert "max-age" not in sent
    assert "expires" not in sent
    assert "secure" not in sent
    walk(client, yes=("known_cancer",))
    assert "known_cancer" not in client.cookies["midback"]


def test_the_cookie_is_secure_over_https(app: Any) -> None:
    with TestClient(app, base_url="https://check.example.org") as client:
        sent = client.post("/", data={"country": "GB"}, follow_redirects=False).headers["set-cookie"].lower()
        assert "secure" in sent


def test_every_answer_fits_into_one_cookie(configuration: Configuration) -> None:
    knowledge = load_knowledge()
    given = {name: "not_sure" for name, row in knowledge.findings.items() if row.answered_by == "person"}
    steps = tuple(Step(f"section.{name}", {name: value}) for name, value in given.items())
    assert len(seal_state(State(steps, "GB"), Fernet(configuration.key))) < 3900


@settings(max_examples=25)
@given(st.text(max_size=300))
def test_a_cookie_made_up_by_somebody_is_refused(app: Any, token: str) -> None:
    with TestClient(app, base_url="http://127.0.0.1") as client:
        header = "midback=" + urllib.parse.quote(token)
        page = client.get("/check", headers={"cookie": header})
        assert page.status_code == 200
        assert page.url.path == "/"


def test_a_cookie_that_was_changed_is_refused_and_said_so(client: TestClient) -> None:
    walk(client)
    token = client.cookies["midback"]
    client.cookies.clear()
    client.cookies.set("midback", token[:-9] + ("B" if token[-9] == "A" else "A") + token[-8:])
    sent = client.get("/result", follow_redirects=False)
    assert sent.headers["location"] == "/"
    assert "set-cookie" not in sent.headers  # the start page still has to say what happened
    start = client.get("/")
    assert load_knowledge().words["en"]["web"]["errors"]["lost"] in start.text
    assert 'midback=""' in start.headers["set-cookie"]


def test_sealing_and_opening_give_the_same_state(configuration: Configuration) -> None:
    sealer = Fernet(configuration.key)
    steps = (Step("age", {"age": 1}), Step("severity", {"pain_now": 0}), Step("place", {"pain_zone": []}),
             Step("x", {"fever": "yes", "duration": "over_1_year", "rigors": "not_sure"}))  # fmt: skip
    state = State(steps, "GB", private=True, made_with="1 abc", ended="complete")
    assert open_state(seal_state(state, sealer), sealer) == state
    upcoming = next_step((), load_knowledge())
    assert isinstance(upcoming, Question)
    state = State(steps, upcoming=replace(upcoming, flags=("fever_and_back_pain",)))
    assert open_state(seal_state(state, sealer), sealer) == state


def test_headers_forbid_scripts_frames_referrers_and_stores(client: TestClient) -> None:
    for place in ("/", "/about", "/nothing", "/api/v1/openapi.json"):
        headers = client.get(place).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_a_form_sent_from_another_site_is_refused(client: TestClient) -> None:
    answer = client.post("/", data={"country": "GB"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_no_page_asks_another_host_for_anything(client: TestClient) -> None:
    walk(client)
    for place in ("/", "/check", "/result", "/letter", "/about", "/causes/muscle_strain", "/open", "/consultation"):
        seen = Seen(client.get(place).text)
        for tag, attributes in seen.elements:
            if tag in ("script", "img", "link", "iframe", "source", "form", "use", "image"):
                for name in ("src", "href", "action", "srcset"):
                    assert not attributes.get(name, "/").startswith(("http", "//")), attributes
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]


def test_overload_is_answered_with_503(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_AT_ONCE", 0)
    for place in ("/", "/api/v1/openapi.json"):
        answer = client.get(place)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0


def test_logs_of_the_framework_are_off(app: Any) -> None:
    assert app._telemetry["logs"] is False
    assert app._telemetry["tracing"] is False
