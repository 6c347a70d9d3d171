"""Reference pages: one for everything the knowledge holds, from the knowledge alone."""

from midback.report.site.as_html import page_as_document, page_as_html, stylesheet
from midback.report.site.as_text import page_as_text
from midback.report.site.edition import Edition
from midback.report.site.index_pages import INDEX, things
from midback.report.site.model import KINDS, Link, Page, Quoted, Row, Section
from midback.report.site.naming import rule_lines
from midback.report.site.pages import kind_of, page
from midback.report.site.writing import dead_links, every_page_id, write_site

__all__ = [
    "INDEX",
    "KINDS",
    "Edition",
    "Link",
    "Page",
    "Quoted",
    "Row",
    "Section",
    "dead_links",
    "every_page_id",
    "kind_of",
    "page",
    "page_as_document",
    "page_as_html",
    "page_as_text",
    "rule_lines",
    "stylesheet",
    "things",
    "write_site",
]
