"""A document as a tagged PDF (PDF/UA-1): readable aloud, with real headings and lists."""

from __future__ import annotations

import json
from importlib.resources import files

import typst

from midback.report.document import Document

__all__ = ["render_pdf"]


def render_pdf(document: Document, language: str = "en") -> bytes:
    """The bytes of a PDF/UA-1 file of ``document``. Nothing in the document is read as markup."""
    content = json.dumps(
        {
            "title": document.title,
            "notice": document.notice,
            "language": language,
            "foot": document.foot,
            "points": document.points,
            "parts": [
                {"heading": part.heading, "lines": list(part.lines), "items": list(part.items)}
                for part in document.parts
            ],
        }
    )
    template = files("midback.report").joinpath("document.typ").read_bytes()
    made = typst.compile(
        template, format="pdf", sys_inputs={"content": content}, pdf_standards=["ua-1"], ignore_system_fonts=True
    )
    if not isinstance(made, bytes):
        raise TypeError("one document gives one file")
    return made
