"""What a browser sent with a request: the fields of a form, and files, which never touch the disk."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from urllib.parse import parse_qs

from fastapi import Request
from starlette.formparsers import MultiPartException, MultiPartParser

from midback.interfaces.web.guard import LARGEST_FORM
from midback.interfaces.web.visit import SentFile

__all__ = ["read_sent"]

MOST_FIELDS = 400
MOST_FILES = 4


class _InMemory(MultiPartParser):
    spool_max_size = LARGEST_FORM + 1  # the library would put larger files on the disk for a while


async def _parts(request: Request) -> dict[str, Sequence[str]]:
    fields: dict[str, list[str]] = {}
    files: dict[str, SentFile] = {}
    try:
        async with aclosing(request.stream()) as stream:
            parser = _InMemory(request.headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS,
                               max_part_size=LARGEST_FORM)  # fmt: skip
            form = await parser.parse()
    except MultiPartException:  # no such form, or one with more parts than any page has
        return {}
    for key, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(key, []).append(value.replace("\0", ""))
        elif value.filename:
            files[key] = SentFile(value.filename, await value.read())
    await form.close()
    request.state.files = files
    return dict(fields)


async def read_sent(request: Request) -> dict[str, Sequence[str]]:
    """The fields of a sent form, each with all its values; whatever is no such form is an empty one.

    Files are left in ``request.state.files``, by field; a file field without a chosen file is none.
    """
    if request.method != "POST":
        return {}
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _parts(request)
    try:
        text = (await request.body()).decode("utf-8", "replace")
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {key: [value.replace("\0", "") for value in values] for key, values in fields.items()}
