"""The second reading is drawn reproducibly, recorded strictly, and counted honestly."""

from dataclasses import replace

import pytest

from midback.knowledge import load_knowledge
from midback.knowledge.review import draw_for_review, review_summary
from midback.knowledge.review_check import check_review
from midback.knowledge.tree import KnowledgeTree

KNOWLEDGE = load_knowledge()
ROW = {"source": "yusuf2019", "where": "abstract", "figure": "percent 55 of 2224", "result": "agree", "on": "2026-11-22",
       "used_by": ["pyogenic_spinal_infection.findings.fever"]}  # fmt: skip
FILE = {"seed": 1, "percent": 15.0, "drawn_on": "2026-11-22", "figures": 400, "how": "search", "read": [ROW]}


def tree(**changed):
    found = KnowledgeTree(root=None, content={"review": {**FILE, **changed}})
    found.parsed = {"causes": {"pyogenic_spinal_infection": None}, "findings": {}}
    return found


def test_a_draw_is_the_same_again_and_every_figure_once():
    drawn = draw_for_review(KNOWLEDGE, 20261122, 15)
    assert drawn == draw_for_review(KNOWLEDGE, 20261122, 15)
    assert drawn != draw_for_review(KNOWLEDGE, 1, 15)
    everything = draw_for_review(KNOWLEDGE, 1, 100)
    assert len({key for key, _ in everything}) == len(everything)
    assert len(drawn) == pytest.approx(0.15 * len(everything), abs=1)
    assert all(key[0] in KNOWLEDGE.sources and users for key, users in everything)


@pytest.mark.parametrize(
    ("results", "error", "low", "high"),
    [(["agree"] * 50, 0.0, 0.0, 0.0713), (["agree"] * 48 + ["disagree"] * 2, 0.04, 0.011, 0.1346),
     (["could_not_reread"] * 3, 0.0, 0.0, 1.0)],
)  # fmt: skip
def test_the_error_rate_has_a_wilson_interval(results, error, low, high):
    content = {**KNOWLEDGE.content, "review": {"read": [{"result": result} for result in results]}}
    found = review_summary(replace(KNOWLEDGE, content=content))
    assert found is not None
    assert (found.error, found.lo95, found.hi95) == pytest.approx((error, low, high), abs=1e-3)


def test_no_record_is_no_error():
    assert review_summary(replace(KNOWLEDGE, content={})) is None
    assert list(check_review(KnowledgeTree(root=None))) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [({"read": [{**ROW, "result": "perhaps"}]}, "agree"), ({"read": [{**ROW, "result": "disagree"}]}, "said"),
     ({"read": [{**ROW, "used_by": ["nothing.findings.fever"]}]}, "no cause or finding"), ({"seed": "one"}, "integer")],
)  # fmt: skip
def test_a_wrong_record_is_refused(changed, what):
    assert list(check_review(tree())) == []
    problems = list(check_review(tree(**changed)))
    assert problems
    assert what in problems[0].what
