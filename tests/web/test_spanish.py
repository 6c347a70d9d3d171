"""The check in Spanish, in a real Chromium without JavaScript and on a narrow phone, and every page type under axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from second_language import write_knowledge
from web.browsing import AXE, RULES, RUN_AXE, answer, follow, go_on
from web.conftest import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("/", "/about", "/causes", "/causes/myeloma", "/findings/fever", "/red-flags", "/red-flags/both_legs_weak",
         "/care/heat", "/exercises", "/exercises/cat_camel", "/prevention", "/measures/nprs", "/sources/yusuf2019",
         "/evaluation", "/open", "/saved", "/diary", "/clinician", "/emergency-signs")  # fmt: skip


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict]]:
    folder = tmp_path_factory.mktemp("spanish")
    knowledge = write_knowledge(folder, "es")
    with serving(tmp_path_factory.mktemp("home"), "--knowledge", str(folder)) as running:
        yield running, dict(knowledge.words["es"])


def fits(page: Page) -> None:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, page.url


def test_a_whole_check_in_spanish_without_javascript(words: tuple[Server, dict], chromium: Browser) -> None:
    server, es = words
    context = chromium.new_context(locale="en-GB", viewport={"width": 320, "height": 700}, java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address)
    page.click("header button[lang=es]")
    assert page.url == f"{server.address}/"
    assert page.locator("h1").inner_text() == es["web"]["start"]["title"]
    assert es["web"]["frame"]["draft"] in page.locator(".preview").inner_text()
    follow(page, "main form .button")
    for _ in range(60):
        if "/question/" not in page.url:
            break
        assert page.locator("html").get_attribute("lang") == "es"
        answer(page)
        go_on(page)
    assert page.url.endswith("/check")
    follow(page, "main a.button")
    lay = {level["lay"] for level in es["levels"].values()}
    assert page.locator(".level h1").inner_text() in lay
    assert any(month in page.locator("main").inner_text() for month in es["interface"]["dates"]["months"])
    context.close()


def test_every_page_type_in_spanish_under_axe_and_on_a_phone(words: tuple[Server, dict], chromium: Browser) -> None:
    server, _ = words
    context = chromium.new_context(locale="es-MX", viewport={"width": 320, "height": 700}, bypass_csp=True)
    page = context.new_page()
    for path in PAGES:
        page.goto(server.address + path)
        assert page.locator("html").get_attribute("lang") == "es", path
        fits(page)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert page.evaluate(RUN_AXE, RULES) == [], (path, scheme)
    page.goto(server.address)
    assert page.locator("a.call").first.get_attribute("href") == "tel:911"
    context.close()
