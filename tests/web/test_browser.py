"""The check in a real Chromium: by mouse and by keyboard, with scripts off, on a phone, printed, and under axe."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from midback.knowledge import load_knowledge
from web.browsing import AXE, answer, check_widths, check_with_axe, follow, go_on, open_context, to_the_end

if TYPE_CHECKING:
    from web.conftest import Server

pytestmark = pytest.mark.browser

WORDS = load_knowledge().words["en"]["web"]
A_CAUSE = f"/causes/{next(iter(load_knowledge().causes))}"
AXE_SHA512 = (
    "e63e659f9806d7ae5bd40899043b0871a5062c5442b01b3f1a3edf5eaf50bf5c"
    "3a7104a72463293b4ad1b77c661a0d4e40e850dec89de9d6ece70a8c13a9af17"
)


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """A page whose every request is watched: one that leaves the host fails the test."""
    context = open_context(chromium)
    page = context.new_page()
    abroad: list[str] = []
    page.on("request", lambda request: abroad.append(request.url) if server.address not in request.url else None)
    page.on("console", lambda message: abroad.append(message.text) if message.type == "error" else None)
    page.goto(server.address)
    yield page
    context.close()
    assert [url for url in abroad if not url.startswith("data:")] == []


def test_axe_is_the_one_that_was_pinned() -> None:
    assert hashlib.sha512(AXE.read_bytes()).hexdigest() == AXE_SHA512


def test_emergency_in_two_clicks_after_start(page: Page) -> None:
    follow(page, "main form .button")
    page.check("#y-tearing_pain")
    go_on(page)
    expect(page.locator("h1")).to_have_text(WORDS["emergency"]["heading"])
    assert page.locator("a.call.large").get_attribute("href") == "tel:999"
    check_with_axe(page)
    check_widths(page)
    page.get_by_role("link", name=re.compile(WORDS["emergency"]["review"])).first.click()
    assert page.locator("#y-tearing_pain").is_checked()


def test_a_whole_check_under_axe_and_on_every_width(page: Page, server: Server) -> None:
    check_with_axe(page)
    check_widths(page)
    follow(page, "main form .button")
    go_on(page)
    expect(page.locator("[role=alert]")).to_be_visible()
    check_with_axe(page)
    page.check("#some_unsure")
    expect(page.locator("#u-fainting")).to_be_visible()
    check_with_axe(page)
    page.uncheck("#some_unsure")
    kinds = set()
    for _ in range(60):
        if "/question/" not in page.url:
            break
        kind = page.evaluate("[...document.querySelectorAll('main input')].map(i => i.type + i.name)[0]")
        places = page.locator("#z-neck").count()
        scale = page.locator(".scale").count()
        if (kind, places, scale) not in kinds:
            kinds.add((kind, places, scale))
            check_with_axe(page)
            check_widths(page)
        if places:
            page.check("#as_list")
            check_with_axe(page)
            check_widths(page)
        answer(page)
        go_on(page)
    assert len(kinds) >= 4
    assert page.url.endswith("/check")
    check_with_axe(page)
    check_widths(page)
    follow(page, "main a.button")
    expect(page.locator(".level h1")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    check_with_axe(page)
    check_widths(page)
    for place in ("/letter", "/consultation", "/share", "/open", "/about", "/causes", A_CAUSE,
                  "/findings", "/findings/fever", "/sources", "/deleted"):  # fmt: skip
        page.goto(server.address + place)
        if place == "/share":
            go_on(page)
        check_with_axe(page)
        check_widths(page)
    source = next(iter(load_knowledge().sources))
    page.goto(f"{server.address}/sources/{source}")
    check_with_axe(page)
    check_widths(page)


def test_a_whole_check_without_scripts(chromium: Browser, server: Server) -> None:
    context = open_context(chromium, java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address)
    follow(page, "main form .button")
    to_the_end(page)
    follow(page, "main a.button")
    expect(page.locator(".level h1")).to_be_visible()
    page.goto(server.address + "/share")
    go_on(page)
    link = page.locator("#made").input_value()
    page.goto(server.address + "/open")
    page.fill("#link", link)
    go_on(page)
    expect(page.locator(".level h1")).to_be_visible()
    context.close()


def test_a_link_opens_by_itself_where_scripts_run_and_leaves_no_answers_in_the_address(
    page: Page, server: Server
) -> None:
    follow(page, "main form .button")
    page.check("#none")
    go_on(page)
    page.goto(server.address + "/share")
    go_on(page)
    link = page.locator("#made").input_value()
    page.goto(link)
    assert "#" not in page.url
    assert page.locator("#link").input_value() == link.partition("#")[2]
    page.keyboard.press("Enter")
    page.wait_for_url("**/result")
    expect(page.locator(".level h1")).to_be_visible()


def test_the_browsers_own_back_twice_and_forward_again(page: Page) -> None:
    follow(page, "main form .button")
    page.check("#some_unsure")
    page.check("#u-sweating")
    go_on(page)
    go_on(page)  # an error: sent back to the same page, no form to send again
    page.check("#none")
    go_on(page)
    assert "/question/3" in page.url
    page.go_back()  # the page as it stood with the error
    page.go_back()  # the page before the error
    assert "/question/2" in page.url
    page.go_back()
    assert page.url.endswith("/question/1")
    assert page.locator("#u-sweating").is_checked()
    page.go_forward()
    assert "/question/2" in page.url


def test_an_answer_is_changed_from_the_list(page: Page) -> None:
    follow(page, "main form .button")
    for _ in range(4):
        answer(page)
        go_on(page)
    page.get_by_role("link", name=WORDS["question"]["stop"]).click()
    page.get_by_role(
        "link", name=re.compile(WORDS["check"]["change"] + r"\s*\(" + WORDS["who"]["heading"][:12])
    ).click()
    page.check("#a-child")
    go_on(page)
    assert page.url.endswith("/check")
    expect(page.locator("dl.answers")).to_contain_text(WORDS["who"]["choices"]["child"])


def test_keyboard_alone_reaches_the_list_of_answers(page: Page) -> None:
    def tab_to(selector: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} is never reached on {page.url}")

    tab_to("a.skip")
    page.keyboard.press("Enter")
    tab_to("main form .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question/1")
    for _ in range(60):
        if "/question/" not in page.url:
            break
        if page.locator("#none").count():
            tab_to("#none")
            page.keyboard.press("Space")
        elif page.locator("#age").count():
            tab_to("#age")
            page.keyboard.type("42")
            tab_to("input[name=sex]")
            page.keyboard.press("Space")
        else:
            tab_to("input[type=radio]")
            page.keyboard.press("Space")
        tab_to("main form > .button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.url.endswith(("/check", "/result"))


def test_what_has_the_focus_can_be_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_zone_of_the_map_is_chosen_without_the_page_jumping(page: Page) -> None:
    follow(page, "main form .button")
    while not page.locator("#z-neck").count():
        answer(page)
        go_on(page)
    box = page.locator(".z-low_back").bounding_box()
    assert box
    small = page.evaluate(
        "[...document.querySelectorAll('.zone input')].filter(i => i.getBoundingClientRect().width < 28).length"
    )
    assert small == 0
    page.locator(".z-low_back").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    page.locator(".z-low_back").click(position={"x": 12, "y": 12})
    assert page.locator("#z-low_back").is_checked()
    assert page.evaluate("scrollY") == before
    expect(page.locator(".c-low_back")).to_be_visible()
    name = page.evaluate("document.querySelector('#z-low_back').labels.length")
    assert name == 1


def test_paper_holds_the_result_without_buttons(page: Page, server: Server) -> None:
    follow(page, "main form .button")
    to_the_end(page)
    page.goto(server.address + "/result")
    page.emulate_media(media="print")
    expect(page.locator("header .leave")).to_be_hidden()
    expect(page.locator(".downloads")).to_be_hidden()
    expect(page.locator(".preview")).to_be_visible()
    expect(page.locator(".level h1")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_forced_colours_keep_every_choice_visible(chromium: Browser, server: Server) -> None:
    context = open_context(chromium, forced_colors="active")
    page = context.new_page()
    page.goto(server.address)
    follow(page, "main form .button")
    while not page.locator("#z-neck").count():
        answer(page)
        go_on(page)
    assert page.evaluate("getComputedStyle(document.querySelector('.zone')).borderStyle") == "solid"
    context.close()


def test_leaving_goes_elsewhere_and_forgets(chromium: Browser, server: Server) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.route("**/*", lambda route: route.continue_() if server.address in route.request.url
               else route.fulfill(body="elsewhere"))  # fmt: skip
    page.goto(server.address)
    follow(page, "main form .button")
    assert context.cookies()
    page.click("a.leave")
    expect(page).not_to_have_url(re.compile(re.escape(server.address)))
    assert not context.cookies()
    context.close()
