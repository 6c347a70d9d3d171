"""Reference pages: one for each cause, finding, red flag and source, from the knowledge alone."""

from midback.report.site.as_html import page_as_document, page_as_html, stylesheet
from midback.report.site.as_text import page_as_text
from midback.report.site.model import KINDS, Link, Page, Row, Section
from midback.report.site.pages import kind_of, page
from midback.report.site.writing import dead_links, every_page_id, write_site

__all__ = [
    "KINDS",
    "Link",
    "Page",
    "Row",
    "Section",
    "dead_links",
    "every_page_id",
    "kind_of",
    "page",
    "page_as_document",
    "page_as_html",
    "page_as_text",
    "stylesheet",
    "write_site",
]
