"""The same summary as plain text for a terminal or a file. Colour is the interface's business, words are not ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from midback.knowledge import EMERGENCY, Knowledge, Number
from midback.report.figures import in_100, in_sentence, level_text, range_in_100
from midback.report.numbers import cite_number, number_text
from midback.report.reasons import reasons_with_advice

__all__ = ["render_assessment", "render_number"]

SHOWN_CHANCES = 6
SHOWN_DANGERS = 6
ALWAYS_SHOWN = 3
LEAST_SHOWN = 0.01  # rarer than this is noise to a reader; the JSON has everything
SHOWN_REASONS = 4
SHOWN_CHANGES = 6


def _chance_line(entry: dict[str, Any], words: dict[str, Any], figures: bool) -> str:
    parts = [range_in_100(entry["lo95"], entry["hi95"], words)]
    if figures:
        parts.insert(0, f"{in_100(entry['chance'], words)},")
    if entry.get("word"):
        parts.append(f"- {entry['word']}")
    return f"  {entry['label']}: {' '.join(parts)}"


def _moves(data: dict[str, Any], words: dict[str, Any]) -> Iterator[str]:
    shown = [entry["id"] for family in data["chances"]["reported"][:2] for entry in family["members"][:1]]
    shown += [entry["id"] for entry in data["chances"]["dangerous"][:2]]
    seen: set[tuple[str, str]] = set()
    for cause in dict.fromkeys(shown):
        rows = [row for row in data["moved"] if row["cause"] == cause and abs(row["decibans"]) >= 1]
        for row in rows[:SHOWN_REASONS]:
            key = (row["label"], cause)
            if key in seen:
                continue
            seen.add(key)
            way = words["points_towards"] if row["direction"] == "towards" else words["points_away"]
            behind = f" [{row['number']['text']}]" if row["number"] else ""
            yield f"  {row['label']}: {way} {in_sentence(row['cause_label'])} ({row['decibans']:+.0f} dB){behind}"


def _urgency(data: dict[str, Any], words: dict[str, Any], knowledge: Knowledge, language: str) -> Iterator[str]:
    triage = data["triage"]
    level = level_text(triage["level"], triage["label"], triage["within_hours"], words)
    yield f"{words['headings']['urgency'].upper()}: {level}"
    yield f"  {triage['advice']}"
    yield (
        "  "
        + words["decided_by"].format(who=triage["decided_by_label"])
        + " "
        + (words["certain"] if triage["certain"] else words["uncertain"])
    )
    yield ""
    yield words["headings"]["why"]
    for reason, do in reasons_with_advice(triage["reasons"][:SHOWN_REASONS]):
        yield f"  - {reason['text']}"
        if do:
            yield f"    {do}"
    if not data["screen"]["complete"] and triage["decided_by"] != "rule":
        for key, level in (("if_rest_no", "level_if_rest_no"), ("still_possible", "level_still_possible")):
            label = knowledge.say("levels", triage[level], "label", language=language)
            yield f"  {words['headings'][key]}: {label}"


def _differential(data: dict[str, Any], words: dict[str, Any]) -> Iterator[str]:
    chances = data["chances"]
    if chances["shown"] == "none":
        yield words["no_differential"]
        return
    figures = chances["shown"] == "figures"
    yield words["headings"]["chances"]
    for place, entry in enumerate(chances["reported"][:SHOWN_CHANCES]):
        if place < ALWAYS_SHOWN or entry["chance"] >= LEAST_SHOWN:
            yield _chance_line(entry, words, figures)
    yield _chance_line(chances["other"], words, figures)
    if not figures:
        yield f"  {words['order_only']}"
    dangers = [entry for entry in chances["dangerous"] if entry["chance"] >= LEAST_SHOWN / 2][:SHOWN_DANGERS]
    if dangers:
        yield ""
        yield words["headings"]["dangerous"]
        yield f"  {words['dangerous_note']}"
        for entry in dangers:
            yield _chance_line(entry, words, figures)
    yield ""
    yield words["headings"]["moved"]
    yield from _moves(data, words)


def render_assessment(data: dict[str, Any], knowledge: Knowledge, language: str = "en") -> str:
    """The assessment summary ``data`` (from assessment_json) as plain text, 100 columns or less where words allow.

    >>> from midback.answers import Answers
    >>> from midback.assessment import assess
    >>> from midback.knowledge import load_knowledge
    >>> from midback.report.as_json import assessment_json
    >>> knowledge = load_knowledge()
    >>> data = assessment_json(assess(Answers(age=4), knowledge, draws=0), knowledge)
    >>> render_assessment(data, knowledge).splitlines()[2]
    'HOW URGENT: Same day (within 4 hours)'
    """
    words = knowledge.words[language]["interface"]
    lines = [f"{words['product']}: {data['notice']}", ""]
    lines += _urgency(data, words, knowledge, language)
    lines.append("")
    if data["triage"]["level"] != EMERGENCY or data["answers"]["setting"] != "self_check":
        lines += _differential(data, words)
        lines.append("")
    if data["changes"] and data["triage"]["level"] != EMERGENCY:
        lines.append(words["headings"]["changes"])
        lines += [
            "  " + words["change_to"].format(answer=change["label"], level=change["level_label"])
            for change in data["changes"][:SHOWN_CHANGES]
        ]
        lines.append("")
    lines.append(words["headings"]["basis"])
    lines.append("  " + words["judgement"].format(percent=round(data["judgement_share"] * 100)))
    lines += [f"  {limit}" for limit in data["limits"]]
    version = data["knowledge"]
    made_from = {"version": version["version"], "hash": version["hashes"]["network"], "model": data["model_version"]}
    lines.append("  " + words["made_from"].format(**made_from))
    return "\n".join(lines)


def render_number(number: Number, knowledge: Knowledge, language: str = "en") -> str:
    """One number with its id and its source, on two lines."""
    said = number_text(number, knowledge.words[language])
    return f"{number.id}: {said}\n    {cite_number(number, knowledge, language)}"
