"""What is wrong with the shape of a file, from the schema library's errors to problems an editor can mend."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from midback.errors import Problem

__all__ = ["shape_problems"]

KNOWLEDGE_GUIDE = "see docs/knowledge_format.md"
READINGS = ("printed", "levelled")  # the two ways to read a link: no step of the path in the file


def shape_problems(
    error: ValidationError, file: str, guide: str = KNOWLEDGE_GUIDE, *, show_given: bool = False
) -> Iterator[Problem]:
    """Each thing wrong in ``file`` with its place; with ``show_given`` also what stands there, if it is short data."""
    for item in error.errors(include_url=False):
        path = ".".join(str(step) for step in item["loc"] if step not in READINGS)
        given = item.get("input")
        shown = f" (got {given!r})" if show_given and isinstance(given, (str, int, float, bool)) else ""
        yield Problem(file, path, item["msg"].removeprefix("Value error, ") + shown, guide)
