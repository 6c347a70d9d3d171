"""Take the README's two pictures again from a running server: `python docs/pictures/retake.py http://127.0.0.1:8000`.

A woman of 42 with three weeks of mild pain on the left and on the spine answers page by page, on a phone of 390 px.
Needs Debian's chromium, as the browser tests do.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
TRUE = ("worse_with_movement", "worse_with_posture", "posture_work", "knot_or_spasm")
CHOSEN = ("self", "female", "gradual", "1_to_6_weeks", "3", "no", "not_sure")


def take(page: Page, name: str, height: int) -> None:
    """What a phone that high shows of the page, as a picture beside this file."""
    page.set_viewport_size({"width": 390, "height": height})
    page.mouse.move(1, 1)
    page.screenshot(path=HERE / f"self_check_{name}.png")


def answer(page: Page) -> None:
    """Answer the page that is shown; the body map is pictured on the way."""
    if page.locator("#z-mid_left").count():
        page.check("#z-mid_left")
        page.check("#z-mid_spine")
        take(page, "map", 956)
    elif page.locator("#none").count():
        ticked = [page.check(f"#y-{name}") for name in TRUE if page.locator(f"#y-{name}").count()]
        if not ticked:
            page.check("#none")
    else:
        if page.locator("#age").count():
            page.fill("#age", "42")
        page.locator(", ".join(f"#a-{value}" for value in CHOSEN if page.locator(f"#a-{value}").count())).first.check()


def main(address: str) -> None:
    """Walk from the start to the result."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(locale="en-GB", viewport={"width": 390, "height": 820})
        page.goto(address)
        page.click("main form .button")
        while "/question/" in page.url:
            answer(page)
            with page.expect_navigation():
                page.click("main form > .button")
        page.goto(f"{address}/result")
        take(page, "result", 1180)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
