"""Sources are due again two years after they were read, guidelines also five years after they were published."""

from dataclasses import replace
from datetime import date

import pytest

from midback.knowledge import Source, load_knowledge
from midback.knowledge.coverage import count_coverage
from midback.knowledge.staleness import is_stale, published_in

STUDY = Source(
    "enthoven2016", "Enthoven WTM, et al. Title. Phys Ther. 2016;96(3):305-312.", "https://example.org/1",
    "prospective cohort", "2026-11-22", "abstract",
)  # fmt: skip


@pytest.mark.parametrize(
    ("today", "stale"),
    [(date(2026, 11, 22), False), (date(2028, 11, 22), False), (date(2028, 11, 23), True), (date(2030, 1, 1), True)],
)
def test_a_study_is_due_two_years_after_it_was_read_however_old_it_is(today, stale):
    assert is_stale(STUDY, today) is stale


def test_a_guideline_is_due_five_years_after_it_was_published():
    guideline = replace(STUDY, design="guideline", read_as="guideline_page")
    assert is_stale(guideline, date(2026, 11, 23))
    assert not is_stale(replace(guideline, id="x2024", citation="Body. Guideline. 2024."), date(2026, 11, 23))


def test_read_on_a_leap_day_is_no_trouble():
    assert not is_stale(replace(STUDY, read_on="2024-02-29"), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("source_id", "citation", "year"),
    [("enthoven2016", "Enthoven, et al. 2016.", 2016), ("body_page", "Body. Updated 2021.", 2021),
     ("body_page", "Body. Pages 2031-2044.", None), ("nobody", "No year at all.", None)],
)  # fmt: skip
def test_the_year_of_publication(source_id, citation, year):
    assert published_in(replace(STUDY, id=source_id, citation=citation)) == year


def test_coverage_counts_what_is_stale_and_its_shares():
    knowledge = load_knowledge()
    now, _ = count_coverage(knowledge)
    later, by_cause = count_coverage(knowledge, date(2031, 1, 1))
    assert now.stale < later.stale == later.cited
    assert now.cited + now.judgement == now.numbers
    assert now.share("cited") + now.share("judgement") == pytest.approx(1)
    assert all(0 <= counts.share("thoracic") <= counts.share("cited") <= 1 for counts in by_cause.values())
