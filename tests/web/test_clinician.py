"""The clinicians' pages without a browser: forms, notes, refusals, files, and what must never be accepted."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from midback.answers import read_answers
from midback.assessment import assess
from midback.interfaces.web.clinician_form import SECTIONS, given_of, matching, sections, state_with
from midback.interfaces.web.state import LARGEST_COOKIE, State
from midback.notes import LONGEST_NOTE
from midback.report import assessment_json
from notes.held_out import NOTES
from people import KNOWLEDGE
from web.walking import Seen

WORDS = KNOWLEDGE.words["en"]["clinician"]
CASE: dict[str, Any] = {
    "setting": "emergency_department", "age": "66", "sex": "male", "f-known_cancer": "yes", "f-fever": "no",
    "n-duration": "21", "f-pain_zone": ["mid_spine", "mid_left"], "f-leg_power_reduced": "not_sure",
    "n-temperature": "37,2", "f-crp_esr_raised": "yes", "f-pain_now": "severe", "do": "result",
}  # fmt: skip
XSS = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", Seen(html).text)


def test_every_finding_stands_on_the_page_and_fits_into_one_form(client: TestClient) -> None:
    page = Seen(client.get("/clinician").text)
    names = {
        row["name"] for tag in ("select", "input") for row in page.all(tag) if row.get("name", "").startswith("f-")
    }
    assert names == {f"f-{name}" for name in KNOWLEDGE.findings}
    assert page.wrong == []
    fields = len(page.all("select")) + len(page.all("input")) + len(page.all("button"))
    assert fields < 400, "more fields than a form may have (app.MOST_FIELDS)"


def test_every_section_has_a_place() -> None:
    assert {finding.section for finding in KNOWLEDGE.findings.values()} <= set(SECTIONS)


def test_a_case_gives_what_assess_gives(client: TestClient) -> None:
    page = client.post("/clinician", data=CASE)
    assert str(page.url).endswith("/clinician/result")
    assert Seen(page.text).wrong == []
    given = {
        "known_cancer": "yes",
        "fever": "no",
        "duration": 21,
        "pain_zone": ["mid_spine", "mid_left"],
        "leg_power_reduced": "not_sure",
        "temperature": 37.2,
        "crp_esr_raised": "yes",
        "pain_now": "severe",
    }
    raw = {"setting": "emergency_department", "who": "patient", "age": 66, "sex": "male", "answers": given}
    expected = assessment_json(assess(read_answers(raw, KNOWLEDGE), KNOWLEDGE), KNOWLEDGE)
    kept = client.get("/clinician/result.json")
    assert kept.headers["content-disposition"] == 'attachment; filename="midback-result.json"'
    sent = json.loads(kept.content)
    assert {key: sent[key] for key in expected} == json.loads(json.dumps(expected))
    assert {row["answered_by"] for row in sent["most_useful_next"]} == {"person", "examiner", "test"}
    assert sent["plan"]["kind"]
    shown = text_of(page.text)
    assert expected["triage"]["label"] in shown
    for flag in expected["flags"]:
        assert flag["title"] in shown
    assert "cleared" not in shown.replace("No flag is ever cleared", "")


def test_the_result_shows_every_part(client: TestClient) -> None:
    page = Seen(client.post("/clinician", data=CASE).text)
    ids = {row.get("id") for tag in ("h1", "h2") for row in page.all(tag)}
    assert {"level", "ranked", "flags", "next", "weights", "cautions", "plan", "sources", "take"} <= ids
    assert any(row.get("href", "").startswith("/sources/") for row in page.all("a"))
    hrefs = {row.get("href") for row in page.all("a")}
    assert {"/clinician/letter", "/clinician/letter.pdf", "/clinician/result.json"} <= hrefs


def test_benign_sources_no_sign_separates_are_one_row(client: TestClient) -> None:
    calm = {"f-known_cancer": "", "f-crp_esr_raised": "", "f-worse_with_movement": "yes", "age": "35"}
    page = client.post("/clinician", data={**CASE, **calm}).text
    rows = re.findall(r'<th scope="row">(.*?)</th>', page.split('id="flags"')[0], re.S)
    assert sum(KNOWLEDGE.words["en"]["families"]["mechanical"]["clinical"] in row for row in rows) <= 1
    assert not any(row.startswith('<a href="/causes/facet_joint_pain">') for row in rows)


def test_guidelines_stand_side_by_side(client: TestClient) -> None:
    nothing = {f"f-{name}": "no" for page in KNOWLEDGE.interview.opening + KNOWLEDGE.interview.safety
               for name in page.findings if KNOWLEDGE.findings[name].kind == "binary"}  # fmt: skip
    calm = {"age": "35", "sex": "male", "f-pain_zone": ["mid_left"], "f-onset_speed": "gradual", "n-duration": "20",
            "n-pain_now": "3", "f-worse_with_movement": "yes", "f-worse_with_posture": "yes",
            "f-blood_thinners": "yes"}  # fmt: skip
    fits = {name: value for name, value in nothing.items()
            if KNOWLEDGE.findings[name[2:]].applies_to(35, "male")}  # fmt: skip
    page = client.post("/clinician", data={**fits, **calm, "do": "result"})
    table = page.text.split('id="guidelines"')[1].split("</table>")[0]
    assert table.count('<th scope="col">') >= 3
    assert table.count('<th scope="row">') >= 3
    assert KNOWLEDGE.words["en"]["care"]["heat"]["clinical"] in table
    cautions = page.text.split('id="cautions"')[1].split("<h2")[0]
    assert KNOWLEDGE.words["en"]["care"]["oral_nsaid"]["clinical"] in cautions


def test_letter_and_pdf_are_a_clinicians(client: TestClient) -> None:
    client.post("/clinician", data=CASE)
    page = client.get("/clinician/letter").text
    assert WORDS["letter"]["title"] in page
    assert WORDS["letter"]["notice"] in page
    pdf = client.get("/clinician/letter.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.content.count(b"/Type /Page\n") + pdf.content.count(b"/Type/Page/") <= 1


def test_hurt_by_someone_stays_off_the_letter_unless_asked(client: TestClient) -> None:
    client.post("/clinician", data={**CASE, "f-hurt_by_someone": "yes"})
    label = KNOWLEDGE.words["en"]["findings"]["hurt_by_someone"]["clinical"]
    assert label not in text_of(client.get("/clinician/letter").text).replace("Show", "")
    assert label in text_of(client.post("/clinician/letter", data={"hurt": "1"}).text)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"age": "130"}, WORDS["errors"]["age"]),
        ({"age": "-3"}, WORDS["errors"]["age"]),
        ({"n-temperature": "hot"}, "hot"),
        ({"n-temperature": "380"}, "380"),
        ({"f-pregnant": "yes", "sex": "male"}, WORDS["errors"]["does_not_apply"]),
        ({"f-productive_cough": "yes", "f-cough": "no"}, "contradicts"),
    ],
)
def test_what_cannot_be_is_named_and_the_rest_is_kept(client: TestClient, wrong: dict[str, str], says: str) -> None:
    page = client.post("/clinician", data={**CASE, **wrong})
    assert str(page.url).endswith("/clinician")
    assert says in text_of(page.text)
    assert re.search(r'name="f-known_cancer".*?value="yes" selected', page.text, re.S)


def test_unknown_fields_and_values_never_pass(client: TestClient) -> None:
    page = client.post("/clinician", data={"f-nonsense": "yes", "f-fever": XSS, "setting": "case_set", "do": "save"})
    assert XSS not in page.text
    assert WORDS["entry"]["none_entered"] in page.text


def test_search_without_scripts(client: TestClient) -> None:
    page = client.post("/clinician", data={"query": "sob", "f-fever": "yes", "do": "search"})
    matched = page.text.split('class="matched"')[1].split("</section>")[0]
    assert 'name="f-breathlessness"' in matched
    assert page.text.count('name="f-breathlessness"') == 1
    assert re.search(r'name="f-fever".*?value="yes" selected', page.text, re.S)
    nothing = client.post("/clinician", data={"query": XSS, "do": "search"})
    assert "<script>alert" not in nothing.text


def test_matching_knows_clinical_words_short_forms_and_levels() -> None:
    assert "weight_loss" in matching("wt loss", KNOWLEDGE, "en")
    assert "previous_clot" in matching("dvt", KNOWLEDGE, "en")
    assert "duration" in matching("duration week", KNOWLEDGE, "en")
    assert matching("", KNOWLEDGE, "en") == matching("x", KNOWLEDGE, "en") == []
    rows = [row["id"] for section in sections(KNOWLEDGE, "en") for row in section["rows"]]
    assert sorted(rows) == sorted(KNOWLEDGE.findings)


def test_nothing_of_a_note_is_taken_until_it_is_ticked(client: TestClient) -> None:
    page = client.post("/clinician/note", data={"note": NOTES[0][0]})
    assert str(page.url).endswith("/clinician/proposals")
    boxes = [row for row in Seen(page.text).all("input") if row.get("name") == "take"]
    assert len(boxes) > 10
    assert not any("checked" in row for row in boxes)
    page = client.post("/clinician/proposals", data={"do": "confirm"})
    assert WORDS["entry"]["none_entered"] in page.text
    client.post("/clinician/note", data={"note": NOTES[0][0]})
    page = client.post("/clinician/proposals", data={"do": "confirm", "take": ["age", "weight_loss", "night_pain"],
                                                     "a-night_pain": "not_sure"})  # fmt: skip
    shown = text_of(page.text.split('id="entered"')[1].split("</ul>")[0])
    assert "Unintentional weight loss" in shown
    assert "not sure" in shown
    assert "cancer" not in shown


def test_a_denied_finding_is_shown_with_the_word_that_denies_it(client: TestClient) -> None:
    page = client.post("/clinician/note", data={"note": "Denies fever. Father had MI."}).text
    assert WORDS["proposals"]["denied"].format(cue="Denies") in Seen(page).text
    assert "<mark>fever</mark>" in page
    assert WORDS["proposals"]["why"]["family"] in Seen(page).text


def test_ticking_all_still_takes_nothing(client: TestClient) -> None:
    client.post("/clinician/note", data={"note": NOTES[0][0]})
    page = client.post("/clinician/proposals", data={"do": "tick_all"})
    assert str(page.url).endswith("/clinician/proposals")
    assert all("checked" in row for row in Seen(page.text).all("input") if row.get("name") == "take")
    assert WORDS["entry"]["none_entered"] in client.get("/clinician").text


def test_what_contradicts_the_case_is_left_out_and_named(client: TestClient) -> None:
    client.post("/clinician", data={"f-cough": "no", "do": "save"})
    client.post("/clinician/note", data={"note": "productive cough"})
    page = client.post("/clinician/proposals", data={"do": "confirm", "take": "productive_cough"})
    assert "contradicts" in page.text


@pytest.mark.parametrize("text", [XSS, "{{ 7 * 7 }} fever " + XSS, "\0fever\0", "fever\ud7ff", "‮fever"])
def test_hostile_notes_are_only_text(client: TestClient, text: str) -> None:
    page = client.post("/clinician/note", data={"note": text})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_a_note_that_is_too_long_or_empty_says_so(client: TestClient) -> None:
    long = client.post("/clinician/note", data={"note": "fever " * (LONGEST_NOTE // 6 + 1)})
    assert f"{LONGEST_NOTE:,}" in long.text
    assert WORDS["note"]["too_long"].split("{")[0] in long.text
    assert WORDS["note"]["empty"] in client.post("/clinician/note", data={"note": "  "}).text
    assert client.post("/clinician/note", data={"note": "fever " * 180_000}).status_code == 413


def test_the_longest_note_fits_into_the_cookie_or_says_what_was_left_out(client: TestClient) -> None:
    every = " ".join(
        entry[0] if isinstance(entry, list) else (entry.get("yes") or ["x"])[0]
        for stem, entries in KNOWLEDGE.content["notes"]["en"].items() if stem != "cues"
        for entry in entries.values() if entry
    )  # fmt: skip
    text = (". ".join(every.split(" ")) + " " + every)[:LONGEST_NOTE]
    page = client.post("/clinician/note", data={"note": text})
    assert page.status_code == 200
    assert str(page.url).endswith("/clinician/proposals")
    assert len(client.cookies["midback_clinician"]) <= LARGEST_COOKIE
    assert len([row for row in Seen(page.text).all("input") if row.get("name") == "take"]) > 40


def every_finding_answered() -> dict[str, Any]:
    """A form with an answer to everything, mixed so that it packs badly."""
    mixed = random.Random(7)
    form: dict[str, Any] = {"setting": "primary_care", "age": "54", "sex": "female"}
    for finding in KNOWLEDGE.findings.values():
        many = finding.kind == "many_of"
        choices = finding.states or ("no", "not_sure")
        form[f"f-{finding.id}"] = mixed.sample(choices, len(choices) // 2) if many else mixed.choice(choices)
    return form


def test_every_finding_fits_into_the_cookie_with_room_for_a_third_more(client: TestClient) -> None:
    form = every_finding_answered()
    page = client.post("/clinician", data={**form, "do": "save"})
    assert len(client.cookies["midback_clinician"]) < LARGEST_COOKIE * 0.75
    assert WORDS["errors"]["too_much"] not in page.text
    shown = Seen(client.get("/clinician").text)
    assert len(re.findall(r'<li data-finding="', client.get("/clinician").text)) == len(KNOWLEDGE.findings)
    assert shown.wrong == []


def test_what_no_browser_would_keep_is_said_and_nothing_is_lost(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/clinician", data={"f-fever": "yes", "do": "save"})
    before = client.cookies["midback_clinician"]
    monkeypatch.setattr("midback.interfaces.web.clinician_form.LARGEST_COOKIE", len(before) + 40)
    page = client.post("/clinician", data={**every_finding_answered(), "do": "result"})
    assert page.status_code == 200
    assert WORDS["errors"]["too_much"] in text_of(page.text)
    assert len(re.findall(r'<li data-finding="', page.text)) == len(KNOWLEDGE.findings)
    assert client.cookies["midback_clinician"] == before
    assert Seen(page.text).wrong == []


def test_no_two_findings_share_their_letters_in_the_cookie() -> None:
    case = dict.fromkeys(KNOWLEDGE.findings, "yes")
    assert given_of(state_with(None, case), KNOWLEDGE) == case


def test_the_note_itself_is_not_kept(client: TestClient) -> None:
    client.post("/clinician/note", data={"note": "Mrs Zebra of Acacia Avenue, thoracic pain, and further text. " * 9})
    assert "Acacia" not in client.get("/clinician/note").text


def test_a_clinicians_case_and_a_persons_check_do_not_mix(client: TestClient) -> None:
    client.post("/", data={"country": "GB"})
    client.post("/clinician", data=CASE)
    assert client.get("/question/1").status_code == 200
    assert str(client.get("/result").url).endswith("/")
    assert given_of(State(), KNOWLEDGE) == {}
    client.post("/delete")
    assert str(client.get("/clinician/result").url).endswith("/clinician")


def test_a_cookie_that_cannot_be_read_starts_anew(client: TestClient) -> None:
    client.cookies.set("midback_clinician", "broken", path="/clinician")
    page = client.get("/clinician/result")
    assert page.status_code == 200
    assert str(page.url).endswith("/clinician")


@pytest.mark.parametrize("path", ["result", "result.json", "letter", "letter.pdf"])
def test_without_a_case_every_page_leads_to_the_entry(client: TestClient, path: str) -> None:
    assert str(client.get(f"/clinician/{path}").url).endswith("/clinician")


def test_under_six_there_is_no_ranking(client: TestClient) -> None:
    page = client.post("/clinician", data={"age": "4", "f-fever": "yes", "do": "result"}).text
    assert KNOWLEDGE.words["en"]["interface"]["no_differential"] in page
    assert 'class="ranked"' not in page


def test_where_most_is_judgement_there_is_order_and_no_figure(client: TestClient) -> None:
    page = client.post("/clinician", data=CASE)
    shown = json.loads(client.get("/clinician/result.json").content)["chances"]["shown"]
    assert shown == "order", "this case was chosen because most of its result rests on judgement"
    next_part = page.text.split('id="next"')[1].split("<h2")[0]
    assert "in 100" not in next_part
    assert WORDS["result"]["chance"] not in re.findall(r'<th scope="col">(.*?)</th>', page.text)


def test_causes_are_named_as_clinicians_name_them(client: TestClient) -> None:
    page = client.post("/clinician", data=CASE)
    sent = json.loads(client.get("/clinician/result.json").content)
    cause = sent["chances"]["dangerous"][0]["id"]
    assert KNOWLEDGE.words["en"]["causes"][cause]["clinical"] in text_of(page.text)
    reasons = text_of(page.text.split('class="level')[1].split("</section>")[0])
    for name in next(row["causes"] for row in sent["triage"]["reasons"] if row["causes"]):
        assert KNOWLEDGE.words["en"]["causes"][name]["clinical"] in reasons


def test_no_clinicians_sentence_is_left_over() -> None:
    from pathlib import Path

    import midback

    room = Path(midback.__file__).parent
    code = "\n".join(
        path.read_text(encoding="utf-8") for place in ("interfaces/web", "interfaces/web/templates", "report")
        for path in (room / place).glob("*.*")
        if path.suffix in (".py", ".html")
    )  # fmt: skip
    computed = {"units", "measured", "why", "flag_state", "kinds"}  # chosen by a key of the knowledge or a state

    def leaves(tree: Any, name: str = "") -> list[str]:
        if isinstance(tree, dict):
            return [leaf for key, value in tree.items() if key not in computed for leaf in leaves(value, key)]
        return [name]

    assert [name for name in leaves(WORDS) if not re.search(rf"""[.'"]{name}\b""", code)] == []


@pytest.mark.parametrize("language", [code for code in KNOWLEDGE.languages if code != "en"])
def test_another_language_has_every_page_and_says_that_notes_are_english(client: TestClient, language: str) -> None:
    words = KNOWLEDGE.words[language]["clinician"]
    client.headers["accept-language"] = language
    assert words["entry"]["title"] in client.get("/clinician").text
    page = client.post("/clinician", data=CASE)
    assert words["result"]["ranked"] in page.text
    assert Seen(page.text).wrong == []
    assert words["letter"]["title"] in client.get("/clinician/letter").text
    assert words["note"]["no_language"] in client.get("/clinician/note").text
    page = client.post("/clinician/note", data={"note": "denies fever"})
    assert words["proposals"]["denied"].format(cue="denies") in Seen(page.text).text
