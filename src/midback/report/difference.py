"""Changes between two versions of the knowledge, one line each, in words that a clinician can check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from midback.knowledge import Knowledge, Number
from midback.knowledge.difference import Difference, number_place
from midback.report.figures import in_sentence
from midback.report.numbers import number_text

__all__ = ["about_number", "render_difference", "source_name"]

LONGEST = 100  # a sentence is shown by its beginning; the files have the rest


def source_name(source: str) -> str:
    """The name and year in a source's id, as a reader would say them.

    >>> source_name("yusuf2019"), source_name("cochrane_nsaid2020"), source_name("who_guide")
    ('Yusuf 2019', 'Cochrane nsaid 2020', 'Who guide')
    """
    name = source[:-4] if source[-4:].isdigit() else source
    year = source[len(name) :]
    plain = name.replace("_", " ").strip()
    return f"{plain[:1].upper()}{plain[1:]} {year}".strip()


def _plain(name: str) -> str:
    return name.replace("_", " ").replace(".", ", ")


def _thing(kind: str, thing: str, words: Mapping[str, Any]) -> str:
    """What a thing is called: its label where these words know it, else its id in plain letters."""
    said = words.get(kind, {}).get(thing) if kind in ("causes", "findings", "red_flags", "families") else None
    if said:
        return str(said["clinical"] if kind == "causes" else said.get("title") or said["label"])
    return source_name(thing) if kind == "sources" else _plain(thing)


def _finding(node: str, words: Mapping[str, Any]) -> str:
    """A finding, or one option or level of it, inside a line."""
    finding, _, state = node.replace("@", ".").partition(".")
    label = in_sentence(_thing("findings", finding, words))
    if not state:
        return label
    options = words["findings"].get(finding, {}).get("options") or {}
    return f"{label}, {in_sentence(options.get(state, _plain(state)))}"


def _number_about(kind: str, thing: str, place: str, words: Mapping[str, Any]) -> str:
    """What a number is about: ``place`` of ``thing``, in words."""
    about = words["difference"]["about"]
    if kind == "settings":
        return str(about["other"].format(setting=words["interface"]["settings"].get(thing, _plain(thing))))
    part, _, rest = place.partition(".")
    if kind == "findings":
        part = "background_of" if rest else "background"
        rest = f"{thing}.{rest}"
    if part == "prior":
        scale, _, band = rest.partition(".")
        part, rest = (scale, band) if band else (part, rest)
    named = words["site"]["cause"]["sexes"]
    return str(about.get(part, about["findings"]).format(
        thing=_thing(kind, thing, words), finding=_finding(rest, words), band=_plain(rest),
        setting=words["interface"]["settings"].get(rest, _plain(rest)), sex=named.get(rest, _plain(rest)),
    ))  # fmt: skip


def about_number(number_id: str, knowledge: Knowledge, language: str = "en") -> str:
    """What the number of that id is about.

    >>> from midback.knowledge import load_knowledge
    >>> about_number("myeloma.prior.age.16_to_39", load_knowledge())
    'Multiple myeloma, ages 16 to 39'
    """
    return _number_about(*number_place(number_id, knowledge), knowledge.words[language])


def _about(change: Difference, words: Mapping[str, Any]) -> str:
    if isinstance(change.before, Number) or isinstance(change.after, Number):
        return _number_about(change.kind, change.thing, change.place, words)
    say = words["difference"]
    kind = say["kinds"].get(change.kind, _plain(change.kind))
    name = _thing(change.kind, change.thing, words)
    if change.kind in ("words", "triage_levels", "word_widths") or not change.thing:
        name = say["thing"].format(kind=kind, name=name).strip()
    return str(say["part"].format(name=name, part=_plain(change.place)))


def _said(fact: Number | str | None, words: Mapping[str, Any]) -> str:
    if fact is None:
        return str(words["difference"]["nothing"])
    if isinstance(fact, str):
        return fact if len(fact) <= LONGEST else f"{fact[:LONGEST].rstrip()} ..."
    if fact.word:
        return str(words["numbers"]["words"][fact.word])
    text = number_text(fact, words, bare=True)
    return f"{text} ({source_name(fact.source)})" if fact.source else text


def _basis(number: Number, words: Mapping[str, Any]) -> str:
    parts = (number.source, number.where, number.reason, number.borrowed_from, number.population, number.compared_with,
             number.setting, number.subgroup, words["difference"]["lowers"] if number.lowers else None)  # fmt: skip
    return _said("; ".join(part for part in parts if part), words)


def render_difference(change: Difference, words: Mapping[str, Any]) -> str:
    """One change as one line, in the ``words`` of a language: what it is about, what it was, what it is.

    >>> from midback.knowledge import load_knowledge
    >>> from midback.knowledge.model import Printed
    >>> word = Number("", "word", word="most", reason="usual")
    >>> percent = Number("", "percent", Printed(55), source="yusuf2019", where="abstract")
    >>> change = Difference("causes", "myeloma", "findings.fever", word, percent)
    >>> render_difference(change, load_knowledge().words["en"])
    'Multiple myeloma, fever: most -> 55 % (Yusuf 2019)'
    """
    say = words["difference"]
    if not change.place:
        kind, name = say["kinds"].get(change.kind, _plain(change.kind)), _thing(change.kind, change.thing, words)
        what = say["thing"].format(kind=kind, name=name)
        return str(say["new" if change.before is None else "gone"].format(what=what))
    what, before, after = _about(change, words), _said(change.before, words), _said(change.after, words)
    if before == after and isinstance(change.before, Number) and isinstance(change.after, Number):
        # the figure stands; what changed is what it rests on
        basis = {"before": _basis(change.before, words), "after": _basis(change.after, words)}
        return str(say["rests"].format(what=what, figure=after, **basis))
    return str(say["changed"].format(what=what, before=before, after=after))
