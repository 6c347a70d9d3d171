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
    held, _, _ = session("1", "3", "s")
    answers = held.answers()
    first = KNOWLEDGE.interview.opening[0].findings
    assert answers.reply(first[2]) is Reply.YES
    assert answers.reply(first[0]) is Reply.NO


def test_not_sure_on_one_box_and_on_all():
    first = KNOWLEDGE.interview.opening[0].findings
    held, _, _ = session("1", "n2", "s")
    assert held.answers().reply(first[1]) is Reply.NOT_SURE
    assert held.answers().reply(first[0]) is Reply.NO
    held, _, _ = session("1", "n", "s")
    assert {held.answers().reply(name) for name in first} == {Reply.NOT_SURE}


def test_back_twice_and_on_again():
    held, _, out = session("1", "0", "0", "b", "b", "0", "s")
    assert len(held.steps) == 2
    assert out.count("Heart, lungs and blood vessels") == 2


def test_back_at_the_very_start_is_harmless():
    _, _, out = session("b", "1", "s")
    assert "nothing to go back to" in out


def test_an_earlier_answer_can_be_changed():
    held, _, _ = session("1", "0", "0", "c", "2", "5", "s")
    fifth = KNOWLEDGE.interview.opening[0].findings[4]
    assert held.answers().reply(fifth) is Reply.YES


def test_help_explains_and_says_why():
    _, _, out = session("1", "?", "s")
    assert "Why are we asking" in out
    assert "What does this mean" in out


@pytest.mark.parametrize("text", ["", "99", "-1", "1,x", "maybe", "0 1", "1.5"])
def test_what_is_not_understood_is_asked_again(text):
    held, _, out = session("1", text, "0", "s")
    assert "not one of the choices" in out
    assert len(held.steps) == 2


def test_an_impossible_age_is_asked_again():
    held, _, out = session("1", "0", "0", "0", "200", "44", "s")
    assert "cannot be an age" in out
    assert held.answers().age == 44


def test_stop_here_gives_a_result_and_an_emergency_ends_it():
    _, ended, _ = session("1", "s")
    assert ended is None
    _, ended, _ = session("1", "2")
    assert "needs help now" in ended


def test_leaving_keeps_nothing():
    _, ended, _ = session("1", "q")
    assert ended == "left"


def test_a_whole_check_in_a_pipe(monkeypatch, capsys):
    """As a new user on a machine without a terminal: every prompt answered, the result printed, exit code 0."""
    feed = iter(["1", "0", "0", "0", "35", "1", "5", "1", "3", "2"] + ["0"] * 40)
    monkeypatch.setattr("builtins.input", lambda _prompt="": next(feed))
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert "HOW URGENT" in out
    assert "\x1b[" not in out
