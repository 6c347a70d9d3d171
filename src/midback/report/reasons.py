"""Why a level was reached, one reason after another, and what each raised rule says to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["clinical_reason", "reasons_with_advice"]


def reasons_with_advice(reasons: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], str]]:
    """Each reason of the summary with what its rule says to do; "" where it says nothing, or an earlier one said so.

    >>> rows = [{"do": "Call now."}, {"do": None}, {"do": "Call now."}, {"do": "Do not eat."}]
    >>> [do for _, do in reasons_with_advice(rows)]
    ['Call now.', '', '', 'Do not eat.']
    """
    rows, said = [], {""}
    for reason in reasons:
        do = str(reason["do"] or "")
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
