"""A printed number in words, with the source it opens: what stands behind every figure a person sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from midback.knowledge import Knowledge, Number
from midback.knowledge.model import Printed
from midback.report.figures import figure

__all__ = ["cite_number", "number_json", "number_text"]

PERCENTS = ("percent", "sensitivity", "post_test")

Words = Mapping[str, Any]


def _value(value: Printed | None, words: Words, percent: bool = False) -> str:
    if value is None:
        return ""
    said, interface = words["numbers"], words["interface"]
    text = figure(value.value, "g", interface)
    if percent:
        text = said["percent"].format(value=text)
    if value.low is None or value.high is None:
        return text
    low, high = figure(value.low, "g", interface), figure(value.high, "g", interface)
    return str(said["range"].format(value=text, low=low, high=high))


def number_text(number: Number, words: Words, *, bare: bool = False) -> str:
    """The number as its paper prints it, or the judgement word, as one short phrase in the language of ``words``.

    ``words`` are all sentences of one language; ``bare`` leaves out that a number is a frequency.

    >>> from midback.knowledge import load_knowledge
    >>> number = Number("x", "lr_pos", Printed(6.2, 2.8, 13.5), source="enthoven2016", where="abstract")
    >>> number_text(number, load_knowledge().words["en"])
    'likelihood ratio of a yes 6.2 (95 % 2.8 to 13.5)'
    """
    said, quantity = words["numbers"], number.quantity
    if quantity == "word":
        return str(said["judgement"].format(word=said["words"][number.word]))
    if quantity == "same_as_background":
        return str(said["same"])
    name = "" if bare and quantity in ("percent", "count") else f"{said['names'].get(quantity, '')} "
    if quantity == "count" and number.value:
        return str(name + said["of"].format(count=f"{number.value.value:g}", n=number.n))
    if quantity == "table" and number.table:
        tp, fn, fp, tn = number.table
        return str(said["table"].format(tp=tp, with_it=tp + fn, fp=fp, without=fp + tn))
    text = name + _value(number.value, words, quantity in PERCENTS)
    if quantity == "sensitivity" and number.second:
        text += said["specificity"].format(value=_value(number.second, words, True))
    if quantity == "lr_pair" and number.second:
        text += said["of_a_no"].format(value=_value(number.second, words))
    if number.pre_test is not None:
        text += said["pre_test"].format(value=_value(Printed(number.pre_test), words, True))
    if quantity == "percent" and number.n and number.value and number.value.low is None:
        text += said["people"].format(n=number.n)
    return text


def cite_number(number: Number, knowledge: Knowledge, language: str = "en") -> str:
    """Where the number comes from, in one line: the citation and place, or the reason for the judgement.

    Citations, places and reasons stand in the language they were written in.
    """
    if number.source is None:
        return number.reason or ""
    source, said = knowledge.sources[number.source], knowledge.words[language]["numbers"]
    ident = f"doi:{source.doi}" if source.doi else f"PMID {source.pmid}" if source.pmid else source.url
    borrowed = number.borrowed_from.replace("_", " ") if number.borrowed_from else ""
    text = said["cited"].format(
        citation=source.citation, ident=ident, where=number.where, read_as=said["read_as"][source.read_as]
    )
    return f"{text} {said['borrowed'].format(where=borrowed)}" if borrowed else str(text)


def number_json(number: Number | None, knowledge: Knowledge, language: str = "en") -> dict[str, Any] | None:
    """The number for machines: id, text, source with address, or reason; None stays None.

    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> number_json(knowledge.findings["hurt_by_someone"].background, knowledge)["text"]
    'judgement: rare'
    """
    if number is None:
        return None
    data: dict[str, Any] = {
        "id": number.id,
        "text": number_text(number, knowledge.words[language]),
        "judgement": number.is_judgement,
        "citation": cite_number(number, knowledge, language),
    }
    if number.source:
        source = knowledge.sources[number.source]
        data |= {"source": source.id, "url": source.url, "where": number.where}
        data |= {"borrowed_from": number.borrowed_from, "compared_with": number.compared_with}
    return data
