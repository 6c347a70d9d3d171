"""After the first visit the network is cut: what opens then, what is never stored, and what is forgotten on request."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from midback.knowledge import load_knowledge
from web.browsing import check_widths, check_with_axe, follow, open_context, to_the_end

if TYPE_CHECKING:
    from web.conftest import Server

pytestmark = pytest.mark.browser

WORDS = load_knowledge().words["en"]
SAID = WORDS["offline"]
HELD = """async () => {
  for (const name of await caches.keys()) if (await (await caches.open(name)).match('/offline')) return true;
  return false; }"""
EVERYTHING = """async () => {
  let all = '';
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) all += key.url + ' ' + await (await cache.match(key)).text();
  }
  return all; }"""


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(server.address)
    _ready(page)
    yield page
    context.close()


def _ready(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(HELD)


def _cut(page: Page, on: bool = True) -> None:
    page.context.set_offline(on)


def _result(page: Page, server: Server) -> None:
    page.goto(server.address)
    follow(page, "main form .button")
    to_the_end(page)
    page.goto(server.address + "/result")
    expect(page.locator(".level h1")).to_be_visible()


def test_public_pages_open_without_a_network(page: Page, server: Server) -> None:
    _cut(page)
    for place, heading in (
        ("/", WORDS["web"]["start"]["title"]),
        ("/emergency-signs", SAID["signs"]["title"]),
        ("/red-flags", WORDS["site"]["index"]["red_flags"]),
        ("/exercises", WORDS["site"]["index"]["exercises"]),
        ("/exercises/cat_camel", WORDS["care"]["exercises"]["cat_camel"]["label"]),
        ("/kept", SAID["kept"]["title"]),
        ("/offline", SAID["gone"]["title"]),
    ):
        page.goto(server.address + place)
        expect(page.locator("h1").first).to_have_text(heading)
        # styled as ever: the sheet came out of the store too
        assert page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor") != "rgba(0, 0, 0, 0)"
    page.goto(server.address + "/emergency-signs")
    assert page.locator("a.call.large").get_attribute("href") == "tel:999"
    assert page.locator("main svg, main .numbers-list a").count() > 20
    page.goto(server.address + "/exercises")
    assert page.locator("main svg").count() >= 5


def test_every_other_page_says_what_opens_and_offers_the_call(page: Page, server: Server) -> None:
    _cut(page)
    for place in ("/result", "/check", "/question/3", "/diary", "/causes/myeloma", "/nowhere"):
        page.goto(server.address + place)
        expect(page.locator("h1")).to_have_text(SAID["gone"]["title"])
        assert page.locator("main a.call").get_attribute("href") == "tel:999"
    page.get_by_role("link", name=SAID["gone"]["signs"]).first.click()
    expect(page.locator("h1")).to_have_text(SAID["signs"]["title"])


def test_the_summary_is_kept_only_by_choice_and_opens_without_a_network(page: Page, server: Server) -> None:
    _result(page, server)
    level = page.locator(".level .advice").inner_text()
    assert level not in page.evaluate(EVERYTHING)  # nothing personal before it is asked for
    page.get_by_role("button", name=SAID["kept"]["offer"]).click()
    expect(page.locator("#kept-done")).to_be_visible()
    _cut(page)
    page.goto(server.address + "/kept")
    expect(page.locator("article.letter")).to_contain_text(level)
    expect(page.locator("article.letter")).to_contain_text(WORDS["plan"]["steps"]["self_care"])
    assert page.locator("input[name=state]").count() == 0
    check_with_axe(page)
    check_widths(page)
    _cut(page, False)
    page.goto(server.address + "/result")
    page.get_by_role("button", name=SAID["kept"]["drop"]).click()
    expect(page.locator("#kept-dropped")).to_be_visible()
    _cut(page)
    page.goto(server.address + "/kept")
    expect(page.locator("main .lead")).to_have_text(SAID["kept"]["none"])


def test_deleting_the_answers_deletes_the_kept_summary_and_the_diary(page: Page, server: Server) -> None:
    _result(page, server)
    page.get_by_role("button", name=SAID["kept"]["offer"]).click()
    expect(page.locator("#kept-done")).to_be_visible()
    page.evaluate("localStorage.setItem('midback.diary', 'x')")
    page.get_by_role("button", name=WORDS["web"]["frame"]["delete"]).click()
    page.wait_for_url("**/deleted*")
    assert page.evaluate("localStorage.length") == 0
    page.wait_for_function("async () => !(await caches.has('midback-kept'))")


@pytest.mark.parametrize("network", [True, False])
def test_leaving_forgets_everything_with_and_without_a_network(
    chromium: Browser,
    server: Server,
    network: bool,
) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(server.address)
    _ready(page)
    _result(page, server)
    page.get_by_role("button", name=SAID["kept"]["offer"]).click()
    expect(page.locator("#kept-done")).to_be_visible()
    page.evaluate("localStorage.setItem('midback.diary', 'x')")
    context.set_offline(not network)
    page.locator("a.leave").click(no_wait_after=True)
    with contextlib.suppress(Error):  # elsewhere cannot be reached from here, which is as good
        page.wait_for_url(lambda url: server.address not in url)
    context.set_offline(False)
    page.goto(server.address + "/static/" + _mark(page, server))  # a file of the place that runs no script of ours
    assert page.evaluate("localStorage.length") == 0
    assert not page.evaluate("caches.has('midback-kept')")
    if network:
        assert page.evaluate("caches.keys()") == []
        assert not context.cookies(server.address)
    context.close()


def _mark(page: Page, server: Server) -> str:
    found = re.search(r"/static/(mark\.\w+\.svg)", page.context.request.get(server.address).text())
    assert found
    return found[1]


def test_an_emergency_is_never_offered_for_keeping(page: Page, server: Server) -> None:
    page.goto(server.address)
    follow(page, "main form .button")
    page.check("#y-tearing_pain")
    follow(page, "main form > .button")
    expect(page.locator("h1")).to_have_text(WORDS["web"]["emergency"]["heading"])
    assert page.locator("#keep-summary").count() == 0
    answer: Any = page.request.post(server.address + "/kept", max_redirects=0)
    assert answer.status == 303


def test_the_worker_never_touches_forms_and_holds_no_page_with_answers(page: Page, server: Server) -> None:
    _result(page, server)
    for place in ("/check", "/letter", "/question/1"):
        page.goto(server.address + place)
    held = page.evaluate(EVERYTHING)
    for place in ("/check ", "/letter ", "/question", "/result"):
        assert server.address + place not in held
    assert WORDS["web"]["start"]["again"] not in held  # the start page was fetched without the cookie
    script = page.request.get(server.address + "/service-worker.js?lang=en")
    assert "worker-src 'self'" in script.headers["content-security-policy"]
    assert script.headers["cache-control"] == "no-store"


def test_new_pages_look_right(page: Page, server: Server) -> None:
    for place in ("/emergency-signs", "/offline", "/kept"):
        page.goto(server.address + place)
        check_with_axe(page)
        check_widths(page)
