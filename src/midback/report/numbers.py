"""A printed number in words, with the source it opens: what stands behind every figure a person sees."""

from __future__ import annotations

from typing import Any

from midback.knowledge import Knowledge, Number
from midback.knowledge.model import Printed

__all__ = ["cite_number", "number_json", "number_text"]

_UNIT = {"percent": " %", "sensitivity": " %", "post_test": " %"}
_NAME = {
    "percent": "frequency",
    "count": "frequency",
    "sensitivity": "sensitivity",
    "table": "2x2 counts",
    "lr_pos": "likelihood ratio of a yes",
    "lr_neg": "likelihood ratio of a no",
    "lr_pair": "likelihood ratios of a yes",
    "odds_ratio": "odds ratio",
    "post_test": "post-test probability",
}


def _value(value: Printed | None, unit: str = "") -> str:
    if value is None:
        return ""
    text = f"{value.value:g}{unit}"
    if value.low is not None and value.high is not None:
        text += f" (95 % {value.low:g} to {value.high:g})"
    return text


def number_text(number: Number) -> str:
    """The number as its paper prints it, or the judgement word, as one short phrase.

    >>> number_text(Number("x", "lr_pos", Printed(6.2, 2.8, 13.5), source="enthoven2016", where="abstract"))
    'likelihood ratio of a yes 6.2 (95 % 2.8 to 13.5)'
    """
    if number.quantity == "word":
        return f"judgement: {(number.word or '').replace('_', ' ')}"
    if number.quantity == "same_as_background":
        return "as common as without this cause"
    name = _NAME[number.quantity]
    if number.quantity == "count" and number.value:
        return f"{name} {number.value.value:g} of {number.n}"
    if number.quantity == "table" and number.table:
        tp, fn, fp, tn = number.table
        return f"{tp} of {tp + fn} with, {fp} of {fp + tn} without"
    text = f"{name} {_value(number.value, _UNIT.get(number.quantity, ''))}"
    if number.quantity == "sensitivity" and number.second:
        text += f", specificity {_value(number.second, ' %')}"
    if number.quantity == "lr_pair" and number.second:
        text += f", of a no {_value(number.second)}"
    if number.pre_test is not None:
        text += f" from {number.pre_test:g} % before"
    if number.quantity == "percent" and number.n and number.value and number.value.low is None:
        text += f" (n = {number.n})"
    return text


def cite_number(number: Number, knowledge: Knowledge) -> str:
    """Where the number comes from, in one line: the citation and place, or the reason for the judgement."""
    if number.source is None:
        return number.reason or ""
    source = knowledge.sources[number.source]
    ident = f" doi:{source.doi}" if source.doi else f" PMID {source.pmid}" if source.pmid else f" {source.url}"
    borrowed = f" Borrowed from {number.borrowed_from.replace('_', ' ')}." if number.borrowed_from else ""
    return f"{source.citation}{ident} ({number.where}; read as {source.read_as.replace('_', ' ')}).{borrowed}"


def number_json(number: Number | None, knowledge: Knowledge) -> dict[str, Any] | None:
    """The number for machines: id, text, source with address, or reason; None stays None."""
    if number is None:
        return None
    data: dict[str, Any] = {
        "id": number.id,
        "text": number_text(number),
        "judgement": number.is_judgement,
        "citation": cite_number(number, knowledge),
    }
    if number.source:
        source = knowledge.sources[number.source]
        data |= {"source": source.id, "url": source.url, "where": number.where}
        data |= {"borrowed_from": number.borrowed_from, "compared_with": number.compared_with}
    return data
