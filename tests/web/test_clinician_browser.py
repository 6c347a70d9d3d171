"""The clinicians' pages in a real Chromium: by keyboard alone, without scripts, on a phone, in the dark, under axe."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from notes.held_out import NOTES
from people import KNOWLEDGE
from web.browsing import check_widths, check_with_axe, follow, open_context

if TYPE_CHECKING:
    from web.conftest import Server

pytestmark = pytest.mark.browser

WORDS = KNOWLEDGE.words["en"]["clinician"]
SLOW = 30_000  # a result on a busy machine
XSS = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
# What a clinician types for each finding, and what then stands in the form: (typed, field, value).
TYPED = (
    ("age 66", "age", "66"), ("mal", "sex", "male"), ("bre", "f-cancer_type_spreads_to_bone", "yes"),
    ("can", "f-known_cancer", "yes"), ("wt", "f-weight_loss", "yes"), ("wak", "f-night_pain", "yes"),
    ("dur 21", "n-duration", "21"), ("-fev", "f-fever", "no"), ("-sad", "f-saddle_numbness", "no"),
    ("?uns", "f-unsteady_walking", "not_sure"), ("tem 37.2", "n-temperature", "37.2"),
    ("bp 130", "n-systolic_bp", "130"), ("crp", "f-crp_esr_raised", "yes"), ("midl", "f-spinal_tenderness", "yes"),
    ("-bab", "f-babinski", "no"), ("-pow", "f-leg_power_reduced", "no"), ("sob", "f-breathlessness", "yes"),
    ("interscap", "f-pain_zone", "mid_spine"), ("-ret", "f-urinary_retention", "no"),
    ("cons", "f-constant_pain", "yes"),
)  # fmt: skip


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """The entry page; a request that leaves the host or an error in the console fails the test."""
    context = open_context(chromium)
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda request: wrong.append(request.url) if server.address not in request.url else None)
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{server.address}/clinician")
    yield page
    context.close()
    assert [line for line in wrong if not line.startswith("data:")] == []


def _field(page: Page, name: str, value: str) -> str:
    field = page.locator(f'[name="{name}"]')
    if field.first.get_attribute("type") == "checkbox":
        return value if page.locator(f'[name="{name}"][value="{value}"]').is_checked() else ""
    return field.input_value()


def test_a_full_case_by_keyboard_in_sixty_presses_per_ten_findings(page: Page) -> None:
    began = time.monotonic()
    presses = 0
    for typed, field, value in TYPED:
        page.keyboard.type(typed)
        presses += len(typed)
        for _ in range(5):
            page.keyboard.press("Enter") if _chosen_is(page, field, value) else page.keyboard.press("ArrowDown")
            presses += 1
            if _field(page, field, value) == value:
                break
        assert _field(page, field, value) == value, typed
    page.keyboard.press("Control+Enter")
    presses += 2
    expect(page.locator("#ranked")).to_be_visible(timeout=SLOW)
    assert time.monotonic() - began < 120
    assert presses <= 6 * len(TYPED), f"{presses} presses for {len(TYPED)} findings"


def _chosen_is(page: Page, field: str, value: str) -> bool:
    """Whether the row that is chosen in the list is the one wanted: a clinician reads it before Enter."""
    said = page.locator('#hits [aria-selected="true"]').inner_text()
    name = field[2:]
    if name not in KNOWLEDGE.findings:
        return said.startswith((WORDS["entry"]["age"], WORDS["entry"]["sex"])) and (value in said)
    words = KNOWLEDGE.words["en"]["findings"][name]
    return said.startswith(words["clinical"]) and words.get("options", {}).get(value, "") in said


def test_entry_and_result_under_axe_and_on_every_width(page: Page) -> None:
    check_with_axe(page)
    check_widths(page)
    page.keyboard.type("fev")
    expect(page.locator("#hits li").first).to_be_visible()
    assert page.locator("#query").get_attribute("aria-activedescendant") == "hit-0"
    check_with_axe(page)
    page.keyboard.press("Escape")
    expect(page.locator("#hits")).to_be_hidden()
    for typed in ("canc", "dur 21", "age 66"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(page.locator("#told")).to_have_text(re.compile("2 entered"))
    page.locator("#entered button").first.click()
    expect(page.locator("#entered li")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ranked")).to_be_visible(timeout=SLOW)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    check_with_axe(page)
    check_widths(page)
    page.get_by_role("link", name=WORDS["result"]["letter"]).click()
    expect(page.locator("h1")).to_have_text(WORDS["letter"]["title"])
    check_with_axe(page)


def test_plan_cautions_and_guidelines_fit_every_width_and_pass_axe(page: Page) -> None:
    findings = KNOWLEDGE.findings
    calm = {
        name: "no"
        for part in (KNOWLEDGE.interview.opening, KNOWLEDGE.interview.safety)
        for one in part
        for name in one.findings
        if findings[name].kind == "binary" and findings[name].applies_to(35, "male")
    }
    calm |= {"onset_speed": "gradual", "duration": "1_to_6_weeks", "pain_now": "moderate", "blood_thinners": "yes",
             "worse_with_movement": "yes"}  # fmt: skip
    page.fill("#age", "35")
    page.select_option("#sex", "male")
    page.evaluate(
        "given => { for (const name in given) document.getElementById('f-' + name).value = given[name]; }", calm
    )
    page.evaluate("document.getElementById('f-pain_zone-mid_left').checked = true")
    follow(page, "#show")
    expect(page.locator("table.side")).to_be_visible(timeout=SLOW)
    check_widths(page)
    check_with_axe(page)


def test_a_note_is_read_confirmed_and_entered(page: Page) -> None:
    follow(page, "button[value=note]")
    check_with_axe(page)
    page.fill("#note", NOTES[0][0])
    follow(page, "main form .button")
    expect(page.locator("mark").first).to_be_visible()
    assert page.locator("input[name=take]:checked").count() == 0
    check_with_axe(page)
    check_widths(page)
    page.check("#t-weight_loss")
    page.check("#t-fever") if page.locator("#t-fever").count() else None
    page.select_option("#a-weight_loss", "not_sure")
    follow(page, "button[value=confirm] >> nth=0")
    expect(page.locator("#entered li")).to_have_count(1)
    expect(page.locator("#f-weight_loss")).to_have_value("not_sure")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_whole_journey_with_and_without_scripts(chromium: Browser, server: Server, scripts: bool) -> None:
    context = open_context(chromium, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(server.address)
    page.get_by_role("link", name=WORDS["link"]).click()
    page.fill("#age", "58")
    page.select_option("#setting", "spine_clinic")
    if not scripts:
        page.fill("#query", "wt loss")
        follow(page, "button[value=search]")
        page.select_option(".matched #f-weight_loss", "yes")
    follow(page, "button[value=note]")
    page.fill("#note", f"Known ca breast, thoracic pain 3/52, denies fever. {XSS}")
    follow(page, "main form .button")
    follow(page, "button[value=tick_all]")
    follow(page, "button[value=confirm] >> nth=0")
    follow(page, "#show")
    expect(page.locator("#ranked")).to_be_visible(timeout=SLOW)
    expect(page.locator(".level .within")).to_contain_text("Spine clinic")
    expect(page.locator(".level .within")).to_contain_text("58")
    assert page.title() != "1"
    with page.expect_download() as download:
        page.get_by_role("link", name=WORDS["result"]["letter_pdf"]).click()
    assert download.value.suggested_filename == "midback-letter.pdf"
    page.locator("a.backlink").click()
    expect(page.locator("#f-known_cancer")).to_have_value("yes")
    context.close()


def test_what_is_typed_is_never_markup(page: Page) -> None:
    page.keyboard.type(XSS)
    page.keyboard.press("Enter")
    follow(page, "button[value=save]")
    assert page.title() != "1"
    assert page.locator("img").count() == 0


def test_a_value_typed_last_is_kept_when_the_result_is_clicked_at_once(page: Page) -> None:
    page.locator("details.section", has=page.locator("#n-duration")).locator("summary").click()
    page.locator("#n-duration").press_sequentially("21")
    expect(page.locator("#entered")).to_contain_text("21")
    follow(page, "#show")
    expect(page.locator("#ranked")).to_be_visible(timeout=SLOW)
    page.locator("a.backlink").click()
    expect(page.locator("#n-duration")).to_have_value("21")


def test_an_outcome_is_mended_and_taken_away_as_a_file(page: Page) -> None:
    page.locator("details.section", has=page.locator("#f-leg_weakness_both")).locator("summary").click()
    page.locator("#f-leg_weakness_both").select_option("yes")
    follow(page, "#show")
    expect(page.locator("#ranked")).to_be_visible(timeout=SLOW)
    page.locator("#outcome summary").click()
    check_with_axe(page)
    page.locator("#found").fill("MRI of the whole spine: no cord compression")
    follow(page, "button[value=outcome]")
    mend = page.get_by_role("alert")
    expect(mend).to_contain_text(WORDS["outcome"]["errors"]["by"])
    expect(page.locator("#found")).to_have_value("MRI of the whole spine: no cord compression")
    check_with_axe(page)
    check_widths(page)
    mend.get_by_role("link").click()
    expect(page.locator("#by")).to_be_focused()
    page.keyboard.type("Dr Rao")
    with page.expect_download() as download:
        page.locator("button[value=outcome]").click()
    assert re.fullmatch(r"midback-outcome-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
