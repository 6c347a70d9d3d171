"""The paper twin holds every rule and every question that a rule needs, from the same files as the screen."""

import json
import re

import pytest

from midback.knowledge.conditions import condition_findings
from midback.report.paper import paper_form, render_paper
from people import KNOWLEDGE


@pytest.fixture(scope="module")
def paper():
    return paper_form(KNOWLEDGE)


def questions(paper):
    return [question for part in paper.parts for sheet in part.sheets for question in sheet.questions]


def rules(paper):
    return [rule for part in paper.parts for sheet in part.sheets for rule in sheet.rules]


def test_every_rule_stands_once_and_none_is_made_up(paper):
    assert sorted(rule.flag for rule in rules(paper)) == sorted(KNOWLEDGE.red_flags)


def test_every_question_a_rule_looks_at_can_be_ticked(paper):
    asked = {question.finding for question in questions(paper)}
    for flag in KNOWLEDGE.red_flags.values():
        assert set(condition_findings(flag.when)) <= asked, flag.id


def test_the_screen_comes_first_and_whole(paper):
    first = [question.finding for sheet in paper.parts[0].sheets for question in sheet.questions]
    pages = [page for page in KNOWLEDGE.interview.opening if page.id.startswith("emergency")]
    assert first == [name for page in pages for name in page.findings]


def test_rules_call_questions_by_their_numbers(paper):
    numbers = {question.finding: question.number for question in questions(paper)}
    assert [question.number for question in questions(paper)] == list(range(1, len(numbers) + 1))
    both_legs = next(rule for rule in rules(paper) if rule.flag == "both_legs_weak")
    assert re.search(rf"\b{numbers['leg_weakness_both']} ", " ".join(both_legs.lines))


def test_it_is_a_tagged_pdf_with_every_question_in_it(paper, tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(render_paper(paper))
    assert file.read_bytes().startswith(b"%PDF")
    assert b"StructTreeRoot" in file.read_bytes()


def test_every_rule_says_what_to_do(paper):
    assert {rule.flag: rule.do for rule in rules(paper)} == {
        name: KNOWLEDGE.words["en"]["red_flags"][name]["do"] for name in KNOWLEDGE.red_flags
    }


def test_there_is_no_score(paper):
    said = json.dumps([rule.lines for rule in rules(paper)]) + " ".join(paper.how)
    assert not re.search(r"\bpoints?\b", said)
