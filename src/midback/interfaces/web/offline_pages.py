"""What opens without a network: the signs to call for, the summary a person kept, and the worker that holds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from midback import __version__
from midback.answers import read_answers
from midback.interfaces.web.journey import SETTING
from midback.interfaces.web.phone import phone_for
from midback.interfaces.web.result_pages import document_of
from midback.interfaces.web.visit import Reply, Visit, go_to, show
from midback.knowledge import EMERGENCY, Knowledge
from midback.safety import Truth, flag_states

__all__ = ["emergency_signs", "kept", "offline", "service_worker"]

PAGES = ("/", "/emergency-signs", "/red-flags", "/exercises", "/kept", "/offline")


@lru_cache(maxsize=2)
def _emergency_screen(knowledge: Knowledge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The signs of the emergency screen that are an emergency each by itself, and the others, as the rules say."""

    def alone(name: str) -> bool:
        states = flag_states(read_answers({"setting": SETTING, "answers": {name: "yes"}}, knowledge), knowledge)
        return any(state.truth is Truth.TRUE and state.flag.level == EMERGENCY for state in states)

    pages = knowledge.interview.emergency
    names = [name for page in pages for name in page.findings if not knowledge.findings[name].on_help_card]
    first = tuple(name for name in names if alone(name))
    return first, tuple(name for name in names if name not in first)


async def emergency_signs(visit: Visit) -> Reply:
    """The emergency screen to read, with the call button and the numbers of every country."""
    knowledge = visit.knowledge
    now, today = ([visit.say("findings", name, "question") for name in part] for part in _emergency_screen(knowledge))
    book = knowledge.content["phone_numbers"]["countries"]
    names = visit.words["countries"]
    numbers = sorted((names.get(code, code), phone_for(code, knowledge).emergency) for code in book)
    return show("emergency_signs.html", now=now, today=today, numbers=numbers)


async def offline(_: Visit) -> Reply:
    """What a person sees when a page needs the network and there is none."""
    return show("offline.html")


async def kept(visit: Visit) -> Reply:
    """The summary to keep on the device (when asked for by a form), or that none is kept."""
    if not visit.sent:
        return show("kept.html", document=None, made="")
    document = await document_of(visit, "result")
    if document is None:
        return go_to("/result")
    return show("kept.html", document=document, made=date.today().isoformat())


def service_worker(language: str, knowledge: Knowledge, static: Mapping[str, str], leave_to: str) -> str:
    """The worker's script for one language; another version of anything it holds makes it another script.

    ``static`` maps plain names to the addresses of the files that pages use.
    """
    pages = [*PAGES, *(f"/exercises/{name}" for name in knowledge.content["care"].get("exercises", {}))]
    hashes = knowledge.hashes
    told = [__version__, hashes.network, hashes.rules, hashes.care, hashes.words, language, *sorted(static.values())]
    version = hashlib.blake2b("\0".join(told).encode(), digest_size=8).hexdigest()
    held: dict[str, Any] = {"version": version, "language": language, "pages": pages,
                            "files": sorted(static.values()), "leaveTo": leave_to}  # fmt: skip
    script = files("midback.interfaces.web").joinpath("worker.js").read_text(encoding="utf-8")
    return f"const HELD = {json.dumps(held)};\n{script}"
