"""Which language a page speaks: the one chosen, else the one the browser asks for, else the first there is."""

from __future__ import annotations

import re
from dataclasses import replace

from midback.interfaces.web.state import State
from midback.interfaces.web.visit import Reply, Visit, go_to
from midback.knowledge import Knowledge

__all__ = ["choose_language", "language_for"]

PLACE = re.compile(r"/(?!/)[A-Za-z0-9_/.-]{0,200}")  # a page of this server, never another one


def _asked_by_browser(header: str, knowledge: Knowledge) -> str | None:
    """The first language of an Accept-Language header that is offered, by weight and then by place."""
    wanted = []
    for place, part in enumerate(header[:200].split(",")[:20]):
        name, _, weight = part.partition(";")
        found = re.fullmatch(r"\s*q=([01](?:\.[0-9]{1,3})?)\s*", weight)
        share = float(found[1]) if found else 1.0
        code = name.strip().partition("-")[0].lower()
        if share > 0 and code in knowledge.languages:
            wanted.append((-share, place, code))
    return min(wanted)[2] if wanted else None


def language_for(asked: str, state: State | None, header: str, knowledge: Knowledge) -> str:
    """The code of the language of a page; always one of ``knowledge.languages``.

    ``asked`` stands in the address (?lang=), ``state`` keeps what was chosen, ``header`` is Accept-Language.

    >>> from midback.knowledge import load_knowledge
    >>> language_for("", None, "fr, en;q=0.5", load_knowledge())
    'en'
    """
    for code in (asked, state.language if state else ""):
        if code in knowledge.languages:
            return code
    return _asked_by_browser(header, knowledge) or next(iter(knowledge.languages))


async def choose_language(visit: Visit) -> Reply:
    """Keep the chosen language and go back to the page where it was chosen."""
    language, back = visit.first("language", 8), visit.first("back")
    back = back if PLACE.fullmatch(back) and back != "/language" else "/"
    if not visit.sent or language not in visit.knowledge.languages:
        return go_to(back)
    return go_to(back, state=replace(visit.state or State(), language=language))
