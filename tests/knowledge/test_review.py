"""The second reading is drawn reproducibly, recorded strictly, and counted honestly."""

from dataclasses import replace

import pytest

from midback.knowledge import load_knowledge
from midback.knowledge.review import draw_care_for_review, draw_for_review, review_draws, review_summary
from midback.knowledge.review_check import check_review
from midback.knowledge.tree import KnowledgeTree

KNOWLEDGE = load_knowledge()
ROW = {"source": "yusuf2019", "where": "abstract", "figure": "percent 55 of 2224", "result": "agree",
       "on": "2026-11-22", "used_by": ["pyogenic_spinal_infection.findings.fever"]}  # fmt: skip
DRAW = {"seed": 1, "percent": 25.0, "of": "all", "figures": 4, "drawn_on": "2026-11-22", "how": "search", "read": [ROW]}


def tree(**changed):
    found = KnowledgeTree(root=None, content={"review": {"draws": [{**DRAW, **changed}]}})
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


def test_figures_of_an_earlier_edition_are_not_drawn_again():
    everything = dict(draw_for_review(KNOWLEDGE, 1, 100))
    earlier = {key for key, _ in draw_for_review(KNOWLEDGE, 20261122, 15)}
    new = dict(draw_for_review(KNOWLEDGE, 1, 100, earlier))
    assert new == {key: users for key, users in everything.items() if key not in earlier}


def test_the_figures_of_care_are_drawn_the_same_way():
    drawn = draw_care_for_review(KNOWLEDGE, 20261127, 15)
    assert drawn == draw_care_for_review(KNOWLEDGE, 20261127, 15)
    everything = draw_care_for_review(KNOWLEDGE, 1, 100)
    assert {key for key, _ in drawn} < {key for key, _ in everything}
    assert all(key[0] in KNOWLEDGE.sources and users for key, users in everything)


def test_a_later_draw_may_read_a_figure_again_and_name_care():
    again = {**DRAW, "seed": 2, "read": [{**ROW, "used_by": ["pathway.prognosis.facts.over_3_months"]}]}
    found = tree()
    found.content = {"care": {"pathway": {}}, "review": {"draws": [DRAW, again]}}
    assert list(check_review(found)) == []


@pytest.mark.parametrize(
    ("results", "error", "low", "high"),
    [(["agree"] * 50, 0.0, 0.0, 0.0713), (["agree"] * 48 + ["disagree"] * 2, 0.04, 0.011, 0.1346),
     (["could_not_reread"] * 3, 0.0, 0.0, 1.0)],
)  # fmt: skip
def test_the_error_rate_has_a_wilson_interval(results, error, low, high):
    content = {**KNOWLEDGE.content, "review": {"draws": [{"read": [{"result": result} for result in results]}]}}
    found = review_summary(replace(KNOWLEDGE, content=content))
    assert found is not None
    assert (found.error, found.lo95, found.hi95) == pytest.approx((error, low, high), abs=1e-3)


def test_the_record_adds_its_draws_up_and_tells_each_apart():
    whole, draws = review_summary(KNOWLEDGE), review_draws(KNOWLEDGE)
    assert whole is not None
    assert len(draws) >= 3
    for part in ("drawn", "agree", "disagree", "could_not_reread"):
        assert getattr(whole, part) == sum(getattr(draw, part) for draw in draws)
    assert all(draw.drawn == draw.agree + draw.disagree + draw.could_not_reread for draw in draws)
    assert min(draw.error for draw in draws) < whole.error < max(draw.error for draw in draws)


def test_no_record_is_no_error():
    assert review_summary(replace(KNOWLEDGE, content={})) is None
    assert list(check_review(KnowledgeTree(root=None))) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [({"read": [{**ROW, "result": "perhaps"}]}, "agree"), ({"read": [{**ROW, "result": "disagree"}]}, "said"),
     ({"read": [{**ROW, "used_by": ["nothing.findings.fever"]}]}, "no cause, finding or care"),
     ({"seed": "one"}, "integer"),
     ({"figures": 400}, "25 % of 400 figures is 100, but 1"), ({"figures": 8, "read": [ROW, ROW]}, "recorded twice")],
)  # fmt: skip
def test_a_wrong_record_is_refused(changed, what):
    assert list(check_review(tree())) == []
    problems = list(check_review(tree(**changed)))
    assert problems
    assert what in problems[0].what
