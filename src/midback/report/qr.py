"""A square code as SVG text."""

from __future__ import annotations

import io

import segno
from segno.encoder import DataOverflowError

__all__ = ["square_code"]


def square_code(text: str, label: str) -> str | None:
    """``text`` as an SVG square code that says ``label`` aloud, or None when the text is too long for one.

    >>> square_code("midback", "a code").startswith("<svg")
    True
    """
    try:
        code = segno.make(text, error="l", micro=False)
    except DataOverflowError:
        return None
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, svgns=True, border=4, omitsize=True, dark="#000", light="#fff",
              title=label, nl=False)  # fmt: skip
    return out.getvalue().decode()
