"""Why a level was reached, one reason after another, and what each raised rule says to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["clinical_reason", "reasons_with_advice"]


def reasons_with_advice(reasons: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], str]]:
    """Each reason of the summary, most urgent first, with what its rule says to do.

    "" where it says nothing, where an earlier one said so, and where a more urgent reason leads: "within a week" beside
    "today" would take the haste away.

    >>> rows = [{"level": "same_day", "do": "Call now."}, {"level": "same_day", "do": "Do not eat."},
    ...         {"level": "same_day", "do": "Call now."}, {"level": "routine", "do": "Book a visit."}]
    >>> [do for _, do in reasons_with_advice(rows)]
    ['Call now.', 'Do not eat.', '', '']
    """
    rows: list[tuple[Mapping[str, Any], str]] = []
    said = {""}
    for reason in reasons:
        leads = not rows or reason["level"] == rows[0][0]["level"]
        do = str(reason["do"] or "") if leads else ""
        rows.append((reason, "" if do in said else do))
        said.add(do)
    return rows


def clinical_reason(reason: Mapping[str, Any], every: Mapping[str, Any]) -> str:
    """One reason of the summary with causes by their clinical names; ``every`` are all words of one language.

    >>> clinical_reason({"causes": (), "text": "Fever."}, {})
    'Fever.'
    """
    if not reason["causes"]:
        return str(reason["text"])
    named = ", ".join(every["causes"][name]["clinical"] for name in reason["causes"])
    above = every["reasons"]["expected_harm_causes"].format(causes=named)
    return str(every["reasons"][reason["kind"]]).format(causes=above)
