"""Whole checks over the forms, as without JavaScript: what is asked, kept, mended, changed, shown and deleted."""

from __future__ import annotations

import re
import time

import pytest
from fastapi.testclient import TestClient

from midback.interfaces.web.journey import answers_of
from midback.interfaces.web.state import Step
from midback.knowledge import load_knowledge
from web.walking import HARMLESS, Seen, fill, walk

ENGLISH = load_knowledge().words["en"]
WORDS = ENGLISH["web"]


def test_harmless_pain_ends_with_a_result_that_says_everything(client: TestClient) -> None:
    last = walk(client)
    assert last.url.path == "/check"
    result = client.get("/result")
    assert result.status_code == 200
    seen = Seen(result.text)
    headings = result.text
    for expected in (WORDS["result"]["plan"], WORDS["result"]["net"], WORDS["result"]["limits"]):
        assert expected in headings
    assert "95 %" in seen.text
    assert "/sources/" in result.text


def test_an_emergency_is_two_clicks_away_and_shows_the_card_alone(client: TestClient) -> None:
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"none": "1"})
    card = client.post("/question/2", data={"yes": "leg_weakness_both"})
    assert card.url.path == "/result"
    assert 'href="tel:999"' in card.text
    assert WORDS["emergency"]["heading"] in card.text
    assert "/change/2" in card.text
    for absent in (WORDS["result"]["plan"], WORDS["result"]["chances_lead"], "in 100"):
        assert absent not in card.text


@pytest.mark.parametrize("place", ["/result.pdf", "/result.ics", "/consultation"])
def test_nothing_stands_beside_an_emergency(client: TestClient, place: str) -> None:
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"yes": "tearing_pain"})
    assert client.get(place).url.path == "/result"


def test_the_number_to_call_follows_the_country(client: TestClient) -> None:
    client.post("/", data={"country": "US"})
    assert 'href="tel:911"' in client.get("/question/1").text
    client.post("/", data={"country": "XX"})
    assert 'href="tel:112"' in client.get("/question/1").text


def test_the_answer_behind_an_emergency_can_be_taken_back(client: TestClient) -> None:
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"yes": ["tearing_pain", "fainting"]})
    again = client.get("/change/1")
    assert [row["value"] for row in Seen(again.text).inputs("yes") if "checked" in row] == ["fainting", "tearing_pain"]
    listed = client.post("/change/1", data={"none": "1"})
    assert listed.url.path == "/check"
    assert WORDS["emergency"]["heading"] not in client.get("/result").text


@pytest.mark.parametrize(
    ("number", "sent", "sentence"),
    [
        (1, {}, "list_empty"),
        (1, {"none": "1", "yes": "fainting"}, "list_both"),
        (1, {"some_unsure": "1"}, "list_unsure_which"),
        (1, {"yes": "<script>alert(1)</script>"}, "list_empty"),
    ],
)
def test_a_list_that_cannot_be_taken_says_how_to_mend_it(
    client: TestClient, number: int, sent: dict[str, str], sentence: str
) -> None:
    client.post("/", data={"country": "GB"})
    answer = client.post(f"/question/{number}", data=sent, follow_redirects=False)
    assert answer.status_code == 303
    page = client.get(f"/question/{number}")
    heading = Seen(page.text).h1
    said = WORDS["errors"][sentence].format(question=f"{heading}.", none=WORDS["question"]["none"])
    assert said in Seen(page.text).text
    assert "<script>alert" not in page.text


def _at(client: TestClient, heading: str) -> str:
    response = client.post("/", data={"country": "GB"})
    while Seen(response.text).h1 != heading:
        response = client.post(str(response.url), data=fill(Seen(response.text)))
    return str(response.url)


@pytest.mark.parametrize("age", ["", "abc", "-3", "121", "4.5", "９", "1e2", "42 43"])
def test_an_impossible_age_keeps_what_was_written(client: TestClient, age: str) -> None:
    place = _at(client, load_knowledge().say("pages", "about_you", "title"))
    page = client.post(place, data={"age": age, "sex": "male"})
    assert page.url.path == place.removeprefix("http://127.0.0.1")
    assert Seen(page.text).inputs("age")[0]["value"] == age
    assert [row["value"] for row in Seen(page.text).inputs("sex") if "checked" in row] == ["male"]
    assert "such as 42" in page.text


def test_every_fault_of_the_page_about_the_person_is_named_at_once(client: TestClient) -> None:
    place = _at(client, load_knowledge().say("pages", "about_you", "title"))
    page = client.post(place, data={})
    assert [key in page.text for key in ('href="#age"', 'href="#a-female"')] == [True, True]
    for sent in ({"age": "30"}, {"age": "30", "sex": "other"}, {"age": "30", "sex": ["male", "female"]}):
        page = client.post(place, data=sent)
        assert 'href="#a-female"' in page.text
        assert Seen(page.text).inputs("age")[0]["value"] == "30"


def test_places_are_chosen_or_declined_never_both(client: TestClient) -> None:
    place = _at(client, load_knowledge().say("findings", "pain_zone", "question"))
    assert 'role="alert"' in client.post(place, data={}).text
    both = client.post(place, data={"answer": "neck", "none": "1"})
    assert 'role="alert"' in both.text
    assert [row["value"] for row in Seen(both.text).inputs("answer") if "checked" in row] == ["neck"]
    assert 'role="alert"' not in client.post(place, data={"not_sure": "1"}).text


def test_going_back_twice_shows_both_pages_as_they_were_left(client: TestClient) -> None:
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"some_unsure": "1", "unsure": "breathlessness_sudden"})
    client.post("/question/2", data={"none": "1"})
    second = client.get("/question/2")
    assert "checked" in Seen(second.text).inputs("none")[0]
    first = client.get("/question/1")
    assert [row["value"] for row in Seen(first.text).inputs("unsure") if "checked" in row] == ["breathlessness_sudden"]
    onwards = client.post("/question/1", data={"none": "1"})
    assert onwards.url.path == "/question/2"


def test_changing_an_answer_returns_to_the_list_and_shows_in_it(client: TestClient) -> None:
    walk(client)
    listed = client.get("/check").text
    number = re.search(r'/change/(\d+)">[^<]*<span class="unseen"> \(' + re.escape("How long have you"), listed)
    assert number, listed
    after = client.post(f"/change/{number[1]}", data={"answer": "over_1_year"})
    assert after.url.path == "/check"
    label = load_knowledge().words["en"]["findings"]["duration"]["options"]["over_1_year"]
    assert label in after.text


def test_a_danger_sign_ticked_late_is_never_refused_for_an_earlier_no() -> None:
    knowledge = load_knowledge()
    for name, finding in knowledge.findings.items():
        for denied in finding.implies:
            steps = (Step("a", {denied: "no"}), Step("b", {name: "yes"}))
            answers, pruned = answers_of(steps, knowledge)
            assert answers.said_yes(name)
            assert denied not in answers.given
            assert pruned


def test_another_sex_drops_what_cannot_apply_and_says_so(client: TestClient) -> None:
    walk(client, yes=("gave_birth_6_weeks",))
    listed = client.get("/check").text
    number = re.search(r'/change/(\d+)">[^<]*<span class="unseen"> \(Age and sex', listed)
    assert number
    after = client.post(f"/change/{number[1]}", data={"age": "42", "sex": "male"})
    assert WORDS["check"]["pruned"] in after.text


def test_an_age_left_unsaid_stays_unknown_and_is_never_asked_again(client: TestClient) -> None:
    client.post("/", data={"country": "GB"})
    for number in range(1, 60):
        seen = Seen(client.get(f"/question/{number}").text)
        if seen.inputs("unsaid"):
            both = client.post(f"/question/{number}", data={"age": "42", "unsaid": "1", "sex": "female"})
            assert "Leave one of them out" in both.text
            shown = Seen(both.text)
            assert "checked" in shown.inputs("unsaid")[0]
            assert shown.inputs("age")[0]["value"] == "42"
            response = client.post(f"/question/{number}", data={"age": "", "unsaid": "1", "sex": "female"})
            assert "checked" in Seen(client.get(f"/question/{number}").text).inputs("unsaid")[0]
            break
        response = client.post(f"/question/{number}", data=fill(seen))
    for _ in range(60):
        if "/question/" not in str(response.url):
            break
        seen = Seen(response.text)
        assert not seen.inputs("unsaid"), "age was asked again"
        response = client.post(str(response.url), data=fill(seen))
    assert "/check" in str(response.url)
    assert WORDS["question"]["rather_not"] in response.text
    result = client.get("/result").text
    assert ENGLISH["interface"]["uncertain"] in result
    assert ENGLISH["levels"]["self_care"]["lay"] not in result


def test_who_would_rather_not_say_is_still_asked_everything(client: TestClient) -> None:
    last = walk(client, said={**HARMLESS, "sex": "not_said"})
    assert last.url.path == "/check"
    assert WORDS["question"]["rather_not"] in last.text
    assert load_knowledge().words["en"]["pages"]["pregnancy"]["title"] in last.text


def test_stopping_early_shows_what_can_be_said_and_the_way_on(client: TestClient) -> None:
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"none": "1"})
    result = client.get("/result")
    assert WORDS["result"]["stopped"] in result.text
    assert "/question/2" in result.text
    assert load_knowledge().say("plan", "steps", "self_care") not in result.text


def test_a_small_child_gets_no_list_of_causes(client: TestClient) -> None:
    walk(client, said={**HARMLESS, "who": "child", "age": "4"})
    result = client.get("/result")
    assert load_knowledge().say("interface", "no_differential") in result.text
    assert WORDS["result"]["under_16"] in result.text


def test_no_likelihood_word_stands_on_a_dangerous_cause(client: TestClient) -> None:
    knowledge = load_knowledge()
    walk(client, yes=("known_cancer", "night_pain"))
    text = client.get("/result").text
    block = text.partition(knowledge.say("interface", "headings", "dangerous"))[2].partition("<h2")[0]
    for word in knowledge.words["en"]["interface"]["chance_words"].values():
        assert f">{word}<" not in block


def test_deleting_and_leaving_end_the_check(client: TestClient) -> None:
    client.post("/", data={"country": "GB"})
    client.post("/question/1", data={"none": "1"})
    gone = client.post("/delete")
    assert gone.url.path == "/deleted"
    assert "midback" not in client.cookies
    assert client.get("/check").url.path == "/"
    client.post("/", data={"country": "GB"})
    away = client.get("/leave", follow_redirects=False)
    assert away.status_code == 303
    assert "127.0.0.1" not in away.headers["location"]
    assert 'midback=""' in away.headers["set-cookie"]
    assert away.headers["clear-site-data"]


def test_private_mode_never_sets_a_cookie(client: TestClient) -> None:
    response = client.post("/", data={"country": "GB", "private": "1"})
    for _ in range(60):
        assert "set-cookie" not in response.headers
        assert not client.cookies
        seen = Seen(response.text)
        if not any(seen.inputs(name) for name in ("yes", "answer", "age")):
            break
        response = client.post("/private", data={**seen.hidden, **fill(seen)})
    assert WORDS["check"]["title"] in response.text
    sealed = Seen(response.text).inputs("state")[0]["value"]
    for place in ("/check", "/result", "/letter", "/share", "/consultation", "/question/2", "/change/3"):
        shown = client.post("/private", data={"state": sealed, "go": place})
        assert "set-cookie" not in shown.headers
        assert Seen(shown.text).wrong == []
        targets = [attributes.get("href", "") for attributes in Seen(shown.text).all("a")]
        assert not [target for target in targets if re.match("/(check|result|letter|question|change|share)", target)]
    result = client.post("/private", data={"state": sealed, "go": "/result"})
    assert WORDS["result"]["net"] in result.text
    assert "set-cookie" not in result.headers
    letter = client.post("/private", data={"state": sealed, "go": "/letter.pdf"})
    assert letter.content.startswith(b"%PDF")


def test_private_mode_says_when_the_answers_cannot_be_read(client: TestClient) -> None:
    page = client.post("/private", data={"state": "changed", "go": "/result"})
    assert WORDS["errors"]["lost"] in page.text


def test_private_mode_keeps_a_form_to_mend(client: TestClient) -> None:
    response = client.post("/", data={"country": "GB", "private": "1"})
    seen = Seen(response.text)
    wrong = client.post("/private", data={**seen.hidden, "none": "1", "yes": "fainting"})
    assert 'role="alert"' in wrong.text
    assert [row["value"] for row in Seen(wrong.text).inputs("yes") if "checked" in row] == ["fainting"]


def test_a_link_carries_answers_to_another_browser(app: object, client: TestClient) -> None:
    walk(client, yes=("worse_with_movement",))
    level = re.search(r'class="level (\w+)"', client.get("/result").text)
    warning = client.get("/share").text
    assert WORDS["share"]["warning"] in warning
    assert "/open#" not in warning
    made = client.post("/share").text
    link = re.search(r">(http://127[^<]+)</textarea>", made)
    assert link
    assert "<svg" in made
    with TestClient(app, base_url="http://127.0.0.1") as other:  # type: ignore[arg-type]
        opened = other.post("/open", data={"link": link[1]})
        assert opened.url.path == "/result"
        assert level
        assert f'class="level {level[1]}"' in opened.text
        said = load_knowledge().words["en"]["findings"]["worse_with_movement"]["yes"]
        assert said in other.get("/check").text


def test_a_long_text_that_is_no_link_keeps_nobody_waiting(client: TestClient) -> None:
    began = time.perf_counter()
    client.post("/open", data={"link": "a" * 7999 + "!"}, follow_redirects=False)
    assert time.perf_counter() - began < 0.5  # 2 seconds when the time grew with the square of the length


@pytest.mark.parametrize("text", ["", "x", "http://127.0.0.1/open#", "A" * 3000, "eNpLTEpOSU1LBwALYgK6" * 3])
def test_what_is_no_link_is_said_to_be_none(client: TestClient, text: str) -> None:
    page = client.post("/open", data={"link": text})
    assert page.url.path == "/open"
    assert 'role="alert"' in page.text


def test_help_comes_first_for_who_may_harm_themselves(client: TestClient) -> None:
    from midback.answers import Answers, Reply
    from midback.interfaces.web.result_pages import _link_text

    answers = Answers(age=40, setting="self_check", given={"suicidal_thoughts": Reply.YES})
    client.post("/", data={"country": "GB"})
    page = client.post("/open", data={"link": "#" + _link_text(answers, load_knowledge())})
    assert 'href="tel:116123"' in page.text
    assert page.text.index("tel:116123") < page.text.index('class="level')


def test_files_to_take_away(client: TestClient) -> None:
    walk(client)
    assert client.get("/result.pdf").content.startswith(b"%PDF")
    assert client.get("/letter.pdf").headers["content-type"] == "application/pdf"
    calendar = client.get("/result.ics")
    assert calendar.content.startswith(b"BEGIN:VCALENDAR")
    consultation = client.get("/consultation")
    assert "Spine Practice" in consultation.text
    assert "mailto:desk@example.org" in consultation.text
    wrong = client.post("/consultation", data={"day": "2026-02-30", "time": "10:00"})
    assert WORDS["errors"]["when_empty"].replace("'", "&#39;") in wrong.text
    proposed = client.post("/consultation", data={"day": "2026-12-01", "time": "10:00"})
    assert b"DTSTART:20261201T100000" in proposed.content


def test_being_hurt_by_somebody_stays_off_the_letter_unless_asked_for(client: TestClient) -> None:
    walk(client, yes=("hurt_by_someone",))
    clinical = load_knowledge().words["en"]["findings"]["hurt_by_someone"]["clinical"]
    assert clinical not in client.get("/letter").text
    assert WORDS["letter"]["show_hurt"] in client.get("/letter").text
    assert clinical in client.post("/letter", data={"hurt": "1"}).text


@pytest.mark.parametrize("place", ["/check", "/result", "/letter", "/result.pdf", "/result.ics", "/share",
                                   "/consultation", "/question/1", "/change/1"])  # fmt: skip
def test_without_a_check_every_page_of_it_leads_to_the_start(client: TestClient, place: str) -> None:
    assert client.get(place).url.path == "/"


def test_unknown_pages_and_methods_say_so_in_words(client: TestClient) -> None:
    assert client.get("/nothing").status_code == 404
    assert client.get("/causes/nothing").status_code == 404
    assert client.post("/check").status_code == 405
    assert client.get("/delete").status_code == 405
    assert WORDS["failed"]["not_found"]["title"] in client.get("/nothing").text
