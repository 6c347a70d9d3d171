"""The proposals of a note on their way through the browser: short rows to show, and what was ticked to take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from midback.errors import AnswersRefused
from midback.interfaces.web.clinician_form import answers_of_case, entered_rows
from midback.knowledge import Knowledge
from midback.notes import Mention, Reading

__all__ = ["confirmed", "proposal_rows", "rows_of_reading"]

AROUND = 32  # characters of the note shown on each side of the words a proposal came from
LONGEST_WORDS = 120
TAKE, ANSWER, PASSED = "take", "a-", "passed"
PERSON = ("age", "sex")

Row = dict[str, Any]


def _quote(reading: Reading, mention: Mention) -> list[str]:
    """[words before, the words, words after, cue] of a mention; a cue beside it is inside what is shown around."""
    text = reading.note
    before = " ".join(text[max(0, mention.start - AROUND) : mention.start].split(" ")).replace("\n", " ")
    after = text[mention.end : mention.end + AROUND].replace("\n", " ")
    cue = text[mention.cue_start : mention.cue_end] if mention.cue_start >= 0 else ""
    words = reading.words(mention).replace("\n", " ")[:LONGEST_WORDS]
    return [words, cue[:LONGEST_WORDS], before, after]


def rows_of_reading(reading: Reading) -> dict[str, Any]:
    """The reading as plain data for the state: rows [finding, value, conflict, words, cue, before, after, why]."""
    rows: list[list[Any]] = []
    for proposal in reading.proposals:
        mention = next((one for one in proposal.mentions if one.value == proposal.value), proposal.mentions[0])
        words, cue, before, after = _quote(reading, mention)
        value = list(proposal.value) if isinstance(proposal.value, tuple) else proposal.value
        rows.append([proposal.finding, value, int(proposal.conflict), words, cue, before, after, mention.why])
    proposed = {proposal.finding for proposal in reading.proposals}
    passed: dict[str, list[Any]] = {}
    for row in reading.passed_over:
        if row.finding not in proposed and row.finding not in PERSON and row.mention.value != "denied":
            words, cue, _, _ = _quote(reading, row.mention)
            passed.setdefault(row.finding, [row.finding, row.mention.value, words, cue, row.why])
    return {"rows": rows, "passed": list(passed.values()), "left_out": 0}


def _said(name: str, value: Any, knowledge: Knowledge, language: str) -> tuple[str, str]:
    """(label, answer) of one proposal in words."""
    interface, words = knowledge.words[language]["interface"], knowledge.words[language]["clinician"]["entry"]
    if name == "age":
        return words["age"], str(value)
    if name == "sex":
        return words["sex"], interface["questions"][f"sex_{value}"]
    row = entered_rows({name: value}, knowledge, language)[0]
    return row["label"], row["answer"]


def proposal_rows(
    values: Mapping[str, Any], given: Mapping[str, Any], knowledge: Knowledge, language: str
) -> tuple[list[Row], list[Row]]:
    """Proposals and what was passed over, in words, with what is entered already."""
    interface = knowledge.words[language]["interface"]
    rows: list[Row] = []
    for name, value, conflict, words, cue, before, after, why in values.get("rows", ()):
        if name not in PERSON and name not in knowledge.findings:
            continue
        label, answer = _said(name, value, knowledge, language)
        binary = name in knowledge.findings and knowledge.findings[name].kind == "binary"
        rows.append({
            "id": name, "label": label, "answer": answer, "value": value, "conflict": bool(conflict), "words": words,
            "cue": cue, "before": before, "after": after, "why": why,
            "choices": [(reply, interface[reply]) for reply in ("yes", "no", "not_sure")] if binary else [],
            "replaces": _said(name, given[name], knowledge, language)[1]
            if name in given and given[name] != value else "",
        })  # fmt: skip
    passed = []
    for name, value, words, cue, why in values.get("passed", ()):
        if name in knowledge.findings:
            label, answer = _said(name, value, knowledge, language)
            passed.append({"id": name, "label": label, "answer": answer, "words": words, "cue": cue, "why": why})
    return rows, passed


def confirmed(
    values: Mapping[str, Any], form: Mapping[str, Sequence[str]], given: Mapping[str, Any], knowledge: Knowledge
) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """The case with what was ticked, and errors. What would contradict the rest is left out and named."""
    taken = dict(given)
    errors: list[tuple[str, str, str]] = []
    ticked, passed = set(form.get(TAKE, ())), set(form.get(PASSED, ()))
    chosen = [(row[0], row[1]) for row in values.get("rows", ()) if row[0] in ticked]
    chosen += [(row[0], row[1]) for row in values.get("passed", ()) if row[0] in passed]
    # Age and sex first: what does not apply to this person is then refused for the right reason.
    for name, proposed in sorted(chosen, key=lambda pair: pair[0] not in PERSON):
        replies = [reply for reply in form.get(ANSWER + name, ()) if reply in ("yes", "no", "not_sure")]
        finding = knowledge.findings.get(name)
        value = replies[-1] if replies and finding is not None and finding.kind == "binary" else proposed
        try:
            answers_of_case({**taken, name: value}, knowledge)
        except AnswersRefused:
            implied = next((other for other in finding.implies if taken.get(other) == "no"), "") if finding else ""
            errors.append(("contradiction", name, implied))
            continue
        taken[name] = value
    return taken, errors
