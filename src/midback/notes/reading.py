"""From the text of a note to proposals: findings with the words they came from, to confirm one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from midback.answers import read_answers
from midback.errors import AnswersRefused, MidbackError
from midback.knowledge import Finding, Knowledge
from midback.notes.phrases import Hit
from midback.notes.scope import STATED, Ruling, header_of, is_header, rule
from midback.notes.tokens import Token, sentences_of, tokens_of
from midback.notes.vocabulary import DENIED, NOTHING, Cue, Sense, Vocabulary, vocabulary_of

__all__ = [
    "LONGEST_NOTE",
    "Mention",
    "NoteTooLong",
    "PassedOver",
    "Proposal",
    "Reading",
    "read_note",
]

LONGEST_NOTE = 20_000  # characters: ten pages; nobody can confirm what more would propose
PERSON = ("age", "sex")
LASTING = ("history", "medicines", "tests")  # sections that a past mention still holds for


class NoteTooLong(MidbackError):
    """The note is longer than LONGEST_NOTE characters."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the note: ``start`` inclusive, ``end`` exclusive. ``why`` is stated, negation, unsure or number; of a
    negation or doubt ``cue_start`` and ``cue_end`` say which words made it one (-1 otherwise)."""

    start: int
    end: int
    value: str | float
    why: str = "stated"
    cue_start: int = -1
    cue_end: int = -1


@dataclass(frozen=True, slots=True)
class Proposal:
    """One finding (or ``age``, ``sex``) with the raw value that read_answers takes; never an answer until confirmed.

    ``conflict`` says that the note's mentions disagree; then a yes counts before not sure, and that before a no.
    """

    finding: str
    value: str | float | tuple[str, ...]
    mentions: tuple[Mention, ...]
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Words that name a finding and propose nothing. ``why``: family, hypothetical, past or does_not_apply."""

    finding: str
    mention: Mention
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one note proposes, in the order of the note, and what was passed over with the reason."""

    note: str
    proposals: tuple[Proposal, ...]
    passed_over: tuple[PassedOver, ...]

    def words(self, mention: Mention) -> str:
        """The words of the note behind a mention."""
        return self.note[mention.start : mention.end]


@dataclass(frozen=True, slots=True)
class _Said:
    sense: Sense
    mention: Mention
    why_not: str = ""


def _number(hit: Hit[Sense], vocabulary: Vocabulary) -> float | str:
    """The number of a hit in the finding's unit, or yes / no where a limit turns it into one."""
    sense, number = hit.meaning, 1.0 if hit.number is None else hit.number  # "for the past week" is one
    if number >= vocabulary.fahrenheit_from.get(sense.finding, float("inf")):
        number = (number - 32) * 5 / 9
    number *= sense.times
    if sense.over is not None:
        return "yes" if number > sense.over else "no"
    if sense.under is not None:
        return "yes" if number < sense.under else "no"
    return round(number, 2)


def _said(hit: Hit[Sense], ruling: Ruling, tokens: Sequence[Token], vocabulary: Vocabulary) -> _Said | None:
    """What one phrase says under its ruling; None where it says nothing."""
    sense = hit.meaning
    start, end = tokens[hit.first].start, tokens[hit.last].end
    value = sense.value or _number(hit, vocabulary)
    mention = Mention(start, end, value, "stated" if sense.value else "number")
    if ruling is not STATED and ruling.first >= 0:
        mention = replace(mention, cue_start=tokens[ruling.first].start, cue_end=tokens[ruling.last].end)
    if (sense.of == "family") != (ruling.kind == "family"):
        return _Said(sense, mention, "family") if ruling.kind == "family" else None
    if sense.of == "family" and ruling.denied:
        return _Said(sense, replace(mention, value="no", why="negation"))
    if sense.finding in PERSON or not sense.value:
        # A measured number and who it is about stand whatever is denied around them.
        return None if ruling.kind == "hypothetical" else _Said(sense, replace(mention, cue_start=-1, cue_end=-1))
    if ruling.kind in ("hypothetical", "past"):
        return _Said(sense, mention, ruling.kind)
    if ruling.kind == "negation":
        if sense.value in ("yes", DENIED):
            return _Said(sense, replace(mention, value="no", why="negation"))
        # "not intact" is no finding by itself and "not sudden" names no speed; "no murmur, equal air entry" is a list.
        if sense.value != "no" or ruling.last + 1 >= hit.first:
            return None
        return _Said(sense, replace(mention, cue_start=-1, cue_end=-1))
    if sense.value == DENIED:
        return None
    if ruling.kind == "unsure" and sense.value in ("yes", "no"):
        return _Said(sense, replace(mention, value="not_sure", why="unsure"))
    return _Said(sense, mention)


def _lasts(finding: Finding | None) -> bool:
    return finding is None or finding.section in LASTING


def _mentions(text: str, knowledge: Knowledge, vocabulary: Vocabulary) -> Iterator[_Said]:
    tokens = tokens_of(text)
    header: Hit[Cue] | None = None
    lasting = False  # a header alone on its line holds for the paragraph
    for first, end in sentences_of(tokens):
        cues = [cue for index in vocabulary.cues for cue in index.find(tokens, first, end)]
        opened = header_of(cues, tokens, first, end)
        begins_line = first == 0 or tokens[first - 1].word.startswith("\n")
        if opened is not None:
            header, lasting = opened, opened.last + 2 >= end
        elif begins_line and (not lasting or tokens[first - 1].is_gap or is_header(tokens, first, end)):
            header = None
        hits = vocabulary.senses.find(tokens, first, end)
        anchors = vocabulary.near.find(tokens, first, end)
        near = {anchor.meaning for anchor in anchors}
        for hit in _nearest_numbers(hits, anchors):
            sense = hit.meaning
            if sense.finding == NOTHING or (sense.near and sense.near not in near):
                continue
            ruling = rule(hit.places, cues, tokens)
            if ruling is STATED and header is not None:
                ruling = Ruling(header.meaning.kind, header.first, header.last)
            if ruling.kind == "past" and _lasts(knowledge.findings.get(sense.finding)):
                ruling = STATED
            said = _said(hit, ruling, tokens, vocabulary)
            if said is not None:
                yield said
        if header is not None and not lasting and header.meaning.kind != "hypothetical":
            header = None  # "PMH: asthma. Chest pain since Monday": the second sentence is about today


def _nearest_numbers(hits: Sequence[Hit[Sense]], anchors: Sequence[Hit[str]]) -> list[Hit[Sense]]:
    """The hits, but of several numbers that must stand near a word (two durations) only the nearest to it."""
    loose = [hit for hit in hits if hit.meaning.near and not hit.meaning.value]
    if len(loose) < 2 or not anchors:
        return list(hits)

    def away(hit: Hit[Sense]) -> int:
        return min(min(abs(hit.first - anchor.last), abs(anchor.first - hit.last)) for anchor in anchors)

    best = {name: min((hit for hit in loose if hit.meaning.finding == name), key=away)
            for name in {hit.meaning.finding for hit in loose}}  # fmt: skip
    return [hit for hit in hits if hit not in loose or hit is best[hit.meaning.finding]]


def _gathered(name: str, rows: Sequence[_Said], finding: Finding | None, most: bool) -> Proposal:
    """The mentions of one finding as one proposal."""
    mentions = tuple(row.mention for row in rows)
    values = [mention.value for mention in mentions]
    if finding is not None and finding.kind == "many_of":
        chosen = tuple(state for state in finding.states if state in values)
        return Proposal(name, chosen, mentions)
    if finding is not None and finding.kind == "binary":
        reply = next(reply for reply in ("yes", "not_sure", "no") if reply in values)
        return Proposal(name, reply, mentions, conflict=len(set(values)) > 1)
    # What was measured is closer than a word; of several numbers the first, or the largest where the words say so.
    numbers = [value for value in values if isinstance(value, float)]
    value = (max(numbers) if most else numbers[0]) if numbers else values[0]
    return Proposal(name, value, mentions, conflict=len(set(values)) > 1)


def _readable(proposal: Proposal, knowledge: Knowledge) -> bool:
    if proposal.finding == "sex":
        return True
    value = list(proposal.value) if isinstance(proposal.value, tuple) else proposal.value
    if proposal.finding == "age":
        return isinstance(value, float) and 0 <= value <= 120
    try:
        read_answers({"answers": {proposal.finding: value}}, knowledge)
    except AnswersRefused:
        return False
    return True


def read_note(text: str, knowledge: Knowledge, language: str = "en") -> Reading:
    """What ``text`` proposes. Nothing in it is ever an instruction, and nothing is accepted here.

    Raises NoteTooLong beyond LONGEST_NOTE characters, and KeyError where notes cannot be read in ``language``. The
    method is a list of phrases and the reach of denials (docs/notes.md): what is written otherwise is missed.

    >>> from midback.knowledge import load_knowledge
    >>> reading = read_note("58F, SOB since Monday, denies fever.", load_knowledge())
    >>> [(proposal.finding, proposal.value) for proposal in reading.proposals]
    [('age', 58), ('sex', 'female'), ('breathlessness', 'yes'), ('fever', 'no')]
    """
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong(f"the note has {len(text):,} characters, more than {LONGEST_NOTE:,} (fix: paste less)")
    vocabulary = vocabulary_of(knowledge, language)
    said: dict[str, list[_Said]] = {}
    passed: list[PassedOver] = []
    for row in _mentions(text, knowledge, vocabulary):
        if row.why_not:
            passed.append(PassedOver(row.sense.finding, row.mention, row.why_not))
        else:
            said.setdefault(row.sense.finding, []).append(row)
    made = [_gathered(name, rows, knowledge.findings.get(name), name in vocabulary.most) for name, rows in said.items()]
    made = [_whole(proposal) for proposal in made if _readable(proposal, knowledge)]
    known = {proposal.finding: proposal.value for proposal in made if proposal.finding in PERSON}
    age, sex = known.get("age"), known.get("sex")
    fits: list[Proposal] = []
    unfit: list[Proposal] = []
    for proposal in made:
        finding = knowledge.findings.get(proposal.finding)
        apt = finding is None or finding.applies_to(
            int(age) if isinstance(age, int) else None, str(sex) if sex else None
        )
        (fits if apt else unfit).append(proposal)
    passed += [PassedOver(p.finding, p.mentions[0], "does_not_apply") for p in unfit]
    return Reading(text, tuple(fits), tuple(passed))


def _whole(proposal: Proposal) -> Proposal:
    """Numbers without a fraction as whole ones; an age in whole years."""
    value = proposal.value
    if isinstance(value, float) and (proposal.finding == "age" or value == int(value)):
        return replace(proposal, value=int(value))
    return proposal
