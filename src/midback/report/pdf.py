"""A document as a tagged PDF (PDF/UA-1): readable aloud, with real headings and lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import typst

from midback.report.document import Document

__all__ = ["compiled_pdf", "render_pdf"]


def compiled_pdf(template: str, content: Mapping[str, Any]) -> bytes:
    """The bytes of a PDF/UA-1 file: ``content`` set by ``template``, a file of this room. Nothing in it is markup."""
    made = typst.compile(
        files("midback.report").joinpath(template).read_bytes(), format="pdf",
        sys_inputs={"content": json.dumps(content)}, pdf_standards=["ua-1"], ignore_system_fonts=True,
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("one document gives one file")
    return made


def render_pdf(document: Document, language: str = "en") -> bytes:
    """The bytes of a PDF/UA-1 file of ``document``. Nothing in the document is read as markup."""
    return compiled_pdf("document.typ", {**asdict(document), "language": language})
