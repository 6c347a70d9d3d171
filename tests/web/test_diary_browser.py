"""The diary in a real Chromium: with files alone where scripts are off, and in the browser's own storage by choice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from midback.knowledge import load_knowledge
from web.browsing import check_widths, check_with_axe, follow, open_context, to_the_end

if TYPE_CHECKING:
    from web.conftest import Server

pytestmark = pytest.mark.browser

WORDS = load_knowledge().words["en"]
SAID = WORDS["diary"]


def _diary(folder: Path, days: int = 30, name: str = "diary.json") -> Path:
    first = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
    rows = [{"id": f"{name}{n}", "at": (first + timedelta(days=n)).isoformat(), "pain": {"now": 6, "average": 6},
             "sites": [{"zone": "mid_left", "pain": 6}]} for n in range(days)]  # fmt: skip
    path = folder / name
    path.write_text(json.dumps({"schema_version": 1, "kind": "diary", "entries": rows}), encoding="utf-8")
    return path


def _press(page: Page, do: str) -> None:
    with page.expect_navigation():
        page.click(f"button.button[value={do}]")


def _open(page: Page, server: Server, path: Path) -> None:
    page.goto(server.address + "/diary")
    page.set_input_files("#file", path)
    _press(page, "open")


def _taken(page: Page, folder: Path) -> list[dict[str, object]]:
    with page.expect_download() as waiting:
        page.locator("button[value=json]").last.click()
    path = folder / "taken.json"
    waiting.value.save_as(path)
    entries: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))["entries"]
    return entries


@pytest.fixture
def context(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    context = open_context(chromium)
    wrong: list[str] = []
    context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    context.on("request", lambda request: wrong.append(request.url) if server.address not in request.url else None)
    yield context
    context.close()
    assert [line for line in wrong if not line.startswith("data:")] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_diary_from_file_to_file_with_looking_again(
    chromium: Browser,
    server: Server,
    tmp_path: Path,
    scripts: bool,
) -> None:
    context = open_context(chromium, java_script_enabled=scripts, timezone_id="Europe/Madrid")
    page = context.new_page()
    page.goto(server.address)
    follow(page, "main form .button")
    to_the_end(page)
    page.goto(server.address + "/result")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=SAID["kept"]["save"]).click()
    kept = tmp_path / "kept.json"
    waiting.value.save_as(kept)
    context.clear_cookies()
    began = (datetime.now(UTC) - timedelta(days=30)).date().isoformat()
    then = {**json.loads(kept.read_text(encoding="utf-8")), "answered_on": began}
    kept.write_text(json.dumps(then), encoding="utf-8")

    _open(page, server, _diary(tmp_path))
    expect(page.locator(".plot svg title")).to_have_count(1)
    page.fill("#pain-now", "11")
    _press(page, "add")
    expect(page.locator(".mend")).to_contain_text("11")
    page.fill("#pain-now", "5")
    page.locator("details", has_text=SAID["sites_heading"]).locator("summary").click()
    page.fill("#site-neck", "3")
    _press(page, "add")
    expect(page.locator("[role=status]").first).to_contain_text(SAID["added"].partition("{")[0])
    entries = _taken(page, tmp_path)
    assert len(entries) == 31
    assert entries[-1]["sites"] == [{"zone": "neck", "pain": 3}]
    assert str(entries[-1]["at"]).endswith(("+01:00", "+02:00") if scripts else "+00:00")

    _press(page, "to_look")
    page.set_input_files("#answers", kept)
    _press(page, "show")
    page.check("#some_unsure")
    expect(page.locator("#u-fever")).to_be_visible()
    page.uncheck("#some_unsure")
    page.check("#none")
    page.fill("#pain-average", "6")
    _press(page, "look")
    expect(page.locator("#step")).to_have_text(WORDS["follow_up"]["headings"]["step"])
    expect(page.locator("main")).to_contain_text(WORDS["follow_up"]["direction"]["up"])
    assert len(_taken(page, tmp_path)) == 32
    with page.expect_download() as waiting:
        page.click("button[value=ics]")
    assert waiting.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")

    page.goto(server.address + "/saved")
    page.set_input_files("#file", kept)
    follow(page, "main form .button")
    expect(page.locator("h1")).to_have_text(WORDS["saved"]["title"])
    context.close()


def test_the_pages_of_the_diary_under_axe_and_on_every_width(
    context: BrowserContext, server: Server, tmp_path: Path
) -> None:
    page = context.new_page()

    def look() -> None:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        check_with_axe(page)
        check_widths(page)

    page.goto(server.address)
    follow(page, "main form .button")
    to_the_end(page)
    page.goto(server.address + "/diary")
    look()
    page.set_input_files("#file", _diary(tmp_path))
    _press(page, "open")
    look()
    _press(page, "add")
    look()
    _press(page, "to_look")
    look()
    page.check("#none")
    _press(page, "look")
    look()
    _press(page, "back")
    _press(page, "to_look")
    page.check("#y-leg_weakness_both")
    _press(page, "look")
    expect(page.locator("h1")).to_have_text(WORDS["web"]["emergency"]["heading"])
    look()
    page.goto(server.address + "/saved")
    look()


def test_the_browser_keeps_it_only_by_choice_joins_tabs_and_deletes_in_one_press(
    context: BrowserContext, server: Server, tmp_path: Path
) -> None:
    page = context.new_page()
    _open(page, server, _diary(tmp_path, 3))
    assert page.evaluate("localStorage.length") == 0
    page.check("#device-keep")
    page.goto(server.address + "/diary")
    page.click("#device-open button")
    expect(page.locator(".lead")).to_contain_text("3")
    other = context.new_page()
    other.goto(server.address + "/diary")
    other.click("#device-open button")
    other.fill("#pain-now", "4")
    _press(other, "add")
    page.fill("#pain-now", "7")
    _press(page, "add")  # this tab had not seen the entry of the other one
    assert len(_taken(page, tmp_path)) == 5
    page.goto(server.address + "/diary")
    page.set_input_files("#file", _diary(tmp_path, 2, "more.json"))
    _press(page, "open")
    assert len(_taken(page, tmp_path)) == 7
    page.click("#device-delete")
    expect(page.locator("#device-gone")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    page.goto(server.address + "/diary")
    expect(page.locator("#device-open")).to_be_hidden()


def test_a_full_browser_is_told_and_the_file_is_offered(
    context: BrowserContext, server: Server, tmp_path: Path
) -> None:
    page = context.new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    _open(page, server, _diary(tmp_path, 3))
    page.locator("#device-keep").click()
    expect(page.locator("#device-failed")).to_be_visible()
    assert not page.locator("#device-keep").is_checked()
    assert len(_taken(page, tmp_path)) == 3
