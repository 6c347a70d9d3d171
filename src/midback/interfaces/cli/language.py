"""The language that a command speaks: --lang, else MIDBACK_LANG, else the first language there is."""

from __future__ import annotations

import argparse
import os

from midback.errors import MidbackError
from midback.knowledge import Knowledge

__all__ = ["language_of"]


def language_of(options: argparse.Namespace, knowledge: Knowledge) -> str:
    """The code of the language to print in. Raises MidbackError when it is not offered.

    >>> from midback.knowledge import load_knowledge
    >>> language_of(argparse.Namespace(lang="en"), load_knowledge())
    'en'
    """
    wanted = options.lang or os.environ.get("MIDBACK_LANG", "").partition("_")[0].partition(".")[0]
    if not wanted:
        return next(iter(knowledge.languages))
    if wanted not in knowledge.languages:
        known = ", ".join(f"{language.code} ({language.name})" for language in knowledge.languages.values())
        raise MidbackError(f"there are no words for the language '{wanted}' (fix: one of {known})")
    return wanted
