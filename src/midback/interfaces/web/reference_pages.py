"""What the knowledge says, for anybody to read: the reference pages of report/site inside the frame of the web."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from midback.interfaces.web.visit import Reply, Visit, show
from midback.report.site import INDEX, KINDS, Edition, page, page_as_html

__all__ = ["PATHS", "about", "address", "reference"]

PATHS = {kind.replace("_", "-"): kind for kind in KINDS}


def address(kind: str, name: str) -> str:
    """Where the reference page of ``name``, a thing of ``kind``, stands in the web.

    >>> address("red_flags", "index"), address("causes", "myeloma")
    ('/red-flags', '/causes/myeloma')
    """
    if not kind:
        return "/about"
    place = f"/{kind.replace('_', '-')}"
    return place if name == INDEX else f"{place}/{name}"


async def about(_: Visit) -> Reply:
    """What this is, what it is not, and what it rests on."""
    return show("about.html", lists=[(address(kind, INDEX), kind) for kind in KINDS])


async def reference(visit: Visit) -> Reply:
    """One page of the reference, or the list of everything of its kind."""
    kind, name = PATHS[visit.parts["kind"]], visit.parts.get("id") or INDEX
    edition = Edition(visit.knowledge, visit.language, date.today())
    try:
        found = page(kind, name, edition)
    except KeyError:
        return show("failed.html", status=404, kind="not_found")
    up = None if name == INDEX else (address(kind, INDEX), edition.site["index"][kind])
    body = page_as_html(found, edition, lambda kind, name: address(kind, name) + visit.tongue)
    return show("reference.html", heading=found.title, body=Markup(body), up=up)
