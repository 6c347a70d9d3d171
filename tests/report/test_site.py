"""The reference pages: no link leads nowhere, every number stands there with its source, figures have ranges."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest

from midback.errors import KnowledgeProblems
from midback.interfaces.cli import main
from midback.knowledge import Number, load_knowledge
from midback.knowledge.coverage import cause_numbers
from midback.knowledge.model import Printed
from midback.report.site import KINDS, Edition, dead_links, every_page_id, page, page_as_html, page_as_text, write_site
from midback.report.site.figures import figure_text
from midback.report.site.index_pages import things
from second_language import CODE, Shown, unsaid, write_knowledge

pytestmark = pytest.mark.slow  # real processes or whole trees: left out of `make check`

KNOWLEDGE = load_knowledge()
ENGLISH = Edition(KNOWLEDGE, "en")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("site")
    (place / "causes").mkdir()
    (place / "causes" / "of_an_earlier_run.html").write_text("old", encoding="utf-8")
    (place / "mine").mkdir()
    (place / "mine" / "page.html").write_text("somebody else's", encoding="utf-8")
    assert write_site(replace(ENGLISH, today=date(2026, 11, 22)), place) == len(list(every_page_id(ENGLISH)))
    return place


def rows_by_number(place):
    """Number id -> the text of its row, over all pages below ``place``."""
    found = {}
    for path in place.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for number, row in re.findall(r'<li[^>]* data-number="([^"]+)">(.*?)</li>', text, re.S):
            found.setdefault(html.unescape(number), []).append((path.parent.name, html.unescape(row)))
    return found


def test_no_link_leads_nowhere_and_every_thing_has_a_page(folder):
    assert dead_links(folder) == ()
    for kind in KINDS:
        names = {path.stem for path in (folder / kind).glob("*.html")}
        assert names == {*things(kind, ENGLISH), "index"}
    assert (folder / "mine" / "page.html").exists()


def test_a_dead_link_fails_the_writing(tmp_path):
    fewer = {name: source for name, source in KNOWLEDGE.sources.items() if name != "yusuf2019"}
    with pytest.raises((KnowledgeProblems, KeyError), match="yusuf2019"):
        write_site(Edition(replace(KNOWLEDGE, sources=fewer), "en"), tmp_path)


def test_every_number_of_every_cause_stands_on_its_page_with_its_source_or_reason(folder):
    found = rows_by_number(folder)
    for cause in KNOWLEDGE.causes.values():
        for number in cause_numbers(cause):
            row = next(row for kind, row in found[number.id] if kind == "causes")
            if number.source:
                assert f'href="../sources/{number.source}.html"' in row
                assert number.where in row
            else:
                assert (number.reason or "") in row or "as for the level above" in row
                assert "Judgement:" in row or number.quantity == "same_as_background"


def test_every_background_stands_on_its_findings_page(folder):
    found = rows_by_number(folder)
    for finding in KNOWLEDGE.findings.values():
        background = finding.background
        for number in (background,) if isinstance(background, Number) else background.values():
            assert any(kind == "findings" for kind, _ in found[number.id])


def test_every_cited_number_stands_on_the_page_of_its_source(folder):
    found = rows_by_number(folder)
    for cause in KNOWLEDGE.causes.values():
        for number in cause_numbers(cause):
            if number.source:
                assert any(kind == "sources" for kind, _ in found[number.id])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number("x.findings.fever", "word", word="most"), "most: about 75 in 100 (95 % range 55 to 90)"),
        (Number("x.prior.self_check", "word", word="very_rare"),
         "very rare: about 0.1 in 100 (95 % range 0.03 to 0.3)"),
        (Number("x.risks.a", "word", word="more"), "more likely: odds times 2.5 (95 % range 1.3 to 5)"),
        (Number("x.findings.a", "lr_pos", Printed(6.2, 2.8, 13.5), source="s", where="w"),
         "likelihood ratio of a yes 6.2 (95 % 2.8 to 13.5)"),
        (Number("x.findings.a", "percent", Printed(55), n=2224, source="s", where="w"),
         "55 % (n = 2224) (95 % range used: 53 to 57 in 100)"),
        (Number("x.findings.a", "count", Printed(51), n=58, source="s", where="w"),
         "51 of 58 (95 % range used: 77 to 94 in 100)"),
        (Number("x.findings.a", "odds_ratio", Printed(2.0), source="s", where="w"),
         "odds ratio 2 (95 % range used: 0.75 to 5.3)"),
    ],
)  # fmt: skip
def test_every_figure_has_a_range(number, text):
    assert figure_text(number, ENGLISH) == text


def test_the_strongest_findings_come_first():
    shown = page("causes", "pyogenic_spinal_infection", ENGLISH)
    rows = next(section for section in shown.sections if section.heading == "How it shows").rows
    first = [row.number.split(".")[2] for row in rows]
    assert first.index("mri_infection") < first.index("worse_cough_sneeze_strain")


@pytest.mark.parametrize(
    ("citation", "title"),
    [
        ("Piccoli GB, Consiglio V, et al. Acute pyelonephritis. BMC Nephrol. 2011;12:68.", "Piccoli 2019"),
        ("Briggs, et al. Thoracic spine pain. BMC. 2009.", "Briggs 2019"),
        ("Scales CD Jr, Smith AC. Kidney stones. Eur Urol. 2012.", "Scales 2019"),
        ("NHS Highland. Shingles, antimicrobial guidelines.", "NHS Highland 2019"),
        (
            "Spontaneous spinal haematoma: case series of a city. J.",
            "Spontaneous spinal haematoma: case series of ... 2019",
        ),
    ],
)
def test_a_source_is_called_by_who_wrote_or_published_it(citation, title):
    source = replace(KNOWLEDGE.sources["yusuf2019"], citation=citation)
    edition = Edition(replace(KNOWLEDGE, sources={**KNOWLEDGE.sources, "yusuf2019": source}), "en")
    assert page("sources", "yusuf2019", edition).title == title


def test_pages_hold_no_script_and_escape_what_they_show():
    source = replace(KNOWLEDGE.sources["yusuf2019"], citation='A "quoted" <script>alert(1)</script> & Sons. 2019.')
    wild = replace(KNOWLEDGE, sources={**KNOWLEDGE.sources, "yusuf2019": source})
    edition = Edition(wild, "en")
    text = page_as_html(page("sources", "yusuf2019", edition), edition, lambda kind, name: f"/{kind}/{name}")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_no_page_of_another_edition_shows_a_sentence_of_the_first(tmp_path):
    edition = Edition(write_knowledge(tmp_path), CODE, date(2026, 11, 22))
    for kind, name in every_page_id(edition):
        inside = page_as_html(page(kind, name, edition), edition, lambda kind, name: f"/{kind}/{name}")
        assert unsaid(Shown(f'<html lang="{CODE}">{inside}</html>').text, ("ICD", "PEG", "DOI", "PubMed")) == [], name


def test_what_is_not_there_is_a_key_error():
    for kind, name in (("causes", "nothing"), ("nothing", "fever"), ("findings", "")):
        with pytest.raises(KeyError):
            page(kind, name, ENGLISH)


def test_a_stale_source_is_marked_on_the_day():
    late = replace(ENGLISH, today=date(2031, 1, 1))
    shown = page_as_text(page("causes", "pyogenic_spinal_infection", late), late)
    assert "Due to be read again" in shown
    assert "Due to be read again" not in page_as_text(page("causes", "pyogenic_spinal_infection", ENGLISH), ENGLISH)


@pytest.mark.parametrize("name", ["myeloma", "fever", "cauda_equina", "yusuf2019"])
def test_show_prints_any_page_in_lines_that_fit(name, capsys):
    if name == "cauda_equina":
        name = next(iter(KNOWLEDGE.red_flags))
    assert main(["knowledge", "show", name]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 8


def test_show_names_the_nearest_when_there_is_no_such_thing(capsys):
    assert main(["knowledge", "show", "mieloma"]) == 1
    assert "did you mean myeloma" in capsys.readouterr().err
