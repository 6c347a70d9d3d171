"""`midback check` driven by its prompts: back, change, not sure, help, stop, and a whole check to the end."""

import io

import pytest
from rich.console import Console

from midback.answers import Reply
from midback.interfaces.cli import check, main
from people import KNOWLEDGE


def session(*lines):
    """A session fed with ``lines``; returns it, how it ended, and what was printed."""
    out = io.StringIO()
    held = check.Session(KNOWLEDGE, "self_check", Console(file=out, width=100), "en")
    feed = iter(lines)

    def read(_prompt):
        try:
            return next(feed)
        except StopIteration:
            raise EOFError from None

    try:
        ended = check.run_interview(held, read)
    except (EOFError, check.Quit):
        ended = "left"
    return held, ended, out.getvalue()


def test_ticked_boxes_are_yes_and_the_others_no():
    held, _, _ = session("3", "s")
    answers = held.answers()
    first = KNOWLEDGE.interview.opening[0].findings
    assert answers.reply(first[2]) is Reply.YES
    assert answers.reply(first[0]) is Reply.NO


def test_not_sure_on_one_box_and_on_all():
    first = KNOWLEDGE.interview.opening[0].findings
    held, _, _ = session("n2", "s")
    assert held.answers().reply(first[1]) is Reply.NOT_SURE
    assert held.answers().reply(first[0]) is Reply.NO
    held, _, _ = session("n", "s")
    assert {held.answers().reply(name) for name in first} == {Reply.NOT_SURE}


def test_nothing_personal_is_asked_before_the_emergency_screen():
    emergency = [page for page in KNOWLEDGE.interview.opening if page.id.startswith("emergency")]
    held, _, out = session(*["0"] * len(emergency), "2", "s")
    assert [step.question["id"] for step in held.steps] == [*(page.id for page in emergency), "who"]
    assert held.answers().who == "child"
    assert out.index("Who is this check about?") > out.index(KNOWLEDGE.words["en"]["pages"][emergency[-1].id]["title"])


def test_going_back_from_who_it_is_about_comes_to_it_again():
    held, _, out = session("0", "0", "0", "b", "0", "1", "s")
    assert held.steps[-1].given == {"who": "self"}
    assert out.count("Who is this check about?") == 2


def test_back_twice_and_on_again():
    held, _, out = session("0", "0", "b", "b", "0", "s")
    assert len(held.steps) == 1
    assert out.count("Heart, lungs and blood vessels") == 2


def test_back_at_the_very_start_is_harmless():
    _, _, out = session("b", "s")
    assert "nothing to go back to" in out


def test_an_earlier_answer_can_be_changed():
    held, _, _ = session("0", "0", "c", "1", "5", "s")
    fifth = KNOWLEDGE.interview.opening[0].findings[4]
    assert held.answers().reply(fifth) is Reply.YES


def test_a_sign_told_late_is_not_refused_for_an_earlier_no():
    held, _, _ = session("s")
    above = next(one for one in KNOWLEDGE.findings.values() if one.implies and one.kind == "binary")
    pages = [{"items": [{"id": name}]} for name in (above.implies[0], above.id)]
    held.steps += [check.Step(pages[0], {above.implies[0]: "no"}), check.Step(pages[1], {above.id: "yes"})]
    assert held.answers().said_yes(above.id)
    assert held.answers().reply(above.implies[0]) is None


def test_earlier_answers_are_listed_in_words():
    _, _, out = session("0", "0", "n1", "1", "n", "c", "", "s")
    words = KNOWLEDGE.words["en"]
    third = KNOWLEDGE.interview.opening[2].findings[0]
    assert f"({words['findings'][third]['label']}: {words['interface']['not_sure']})" in " ".join(out.split())
    assert f"{words['web']['who']['heading']} ({words['web']['who']['choices']['self']})" in out
    assert f"({words['interface']['not_sure']})" in out  # the age was not said


def test_help_explains_and_says_why():
    _, _, out = session("?", "s")
    assert "Why are we asking" in out
    assert "What does this mean" in out


@pytest.mark.parametrize("text", ["", "99", "-1", "1,x", "maybe", "0 1", "1.5"])
def test_what_is_not_understood_is_asked_again(text):
    held, _, out = session(text, "0", "s")
    assert "not one of the choices" in out
    assert len(held.steps) == 1


def test_an_impossible_age_is_asked_again():
    held, _, out = session("0", "0", "0", "1", "200", "44", "s")
    assert "cannot be an age" in out
    assert held.answers().age == 44


def test_stop_here_gives_a_result_and_an_emergency_ends_it():
    _, ended, _ = session("s")
    assert ended is None
    _, ended, _ = session("2")
    assert "needs help now" in ended


def test_leaving_keeps_nothing():
    _, ended, _ = session("q")
    assert ended == "left"


def test_a_parent_or_guardian_is_called_to_a_child(monkeypatch, capsys):
    feed = iter(["0", "0", "0", "2", "9", "1", "s"])
    monkeypatch.setattr("builtins.input", lambda _prompt="": next(feed))
    assert main(["check"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    web = KNOWLEDGE.words["en"]["web"]
    assert out.index(web["who"]["child_note"]) < out.index(web["result"]["under_16"]) < out.index("HOW URGENT")


def test_a_whole_check_in_a_pipe(monkeypatch, capsys):
    """As a new user on a machine without a terminal: every prompt answered, the result printed, exit code 0."""
    feed = iter(["0", "0", "0", "1", "35", "1", "5", "1", "3", "2"] + ["0"] * 40)
    monkeypatch.setattr("builtins.input", lambda _prompt="": next(feed))
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert "HOW URGENT" in out
    assert "\x1b[" not in out
