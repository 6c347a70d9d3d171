"""What every test in a real browser does: open a phone's context, walk a check, look under axe, and on every width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations
  .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '))"""
SIZES = (320, 390, 1280)
PHONE = {"width": 390, "height": 800}


def open_context(chromium: Browser, **options: Any) -> BrowserContext:
    context = chromium.new_context(locale="en-GB", viewport=PHONE, **options)
    context.set_default_timeout(30_000)
    return context


def answer(page: Page) -> None:
    if page.locator("input[name=yes]").count():
        page.check("#none")
    elif page.locator("#age").count():
        page.fill("#age", "42")
        page.check("#a-female")
    elif page.locator("#z-mid_left").count():
        page.check("#z-mid_left")
    else:
        for wanted in ("#a-gradual", "#a-1_to_6_weeks", "#a-3", "#a-self", "#a-no"):
            if page.locator(wanted).count():
                page.check(wanted)
                break
        else:
            page.check("#a-not_sure")


def follow(page: Page, selector: str) -> None:
    """Clicks and waits for the page it leads to: a click alone can return before the address changes."""
    with page.expect_navigation():
        page.click(selector)


def go_on(page: Page) -> None:
    follow(page, "main form > .button")


def to_the_end(page: Page) -> None:
    """Answers without harm until no question is left."""
    for _ in range(60):
        if "/question/" not in page.url:
            return
        answer(page)
        go_on(page)
    raise AssertionError("the questions never end")


def check_with_axe(page: Page) -> None:
    """No fault of accessibility that axe can see, by day and by night."""
    script = AXE.read_text(encoding="utf-8")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(script)
        assert page.evaluate(RUN_AXE, RULES) == [], (page.url, scheme)


def check_widths(page: Page) -> None:
    """Nothing reaches over the edge of a phone, a larger phone or a desk."""
    before = page.viewport_size
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, (page.url, width)
    page.set_viewport_size(before or {"width": 390, "height": 800})
