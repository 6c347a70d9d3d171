"""The letter that a person hands to a clinician, and the printed result, cut from the one summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from midback.knowledge import Knowledge
from midback.report.as_json import answer_label
from midback.report.document import Document, Part
from midback.report.figures import in_100, range_in_100, within_text

__all__ = ["because_lines", "item_words", "letter_document", "result_document"]

KEPT_OFF = "hurt_by_someone"  # off every letter unless the person asks for it (docs/safety)
SHOWN_FAMILIES = 5
SHOWN_DANGERS = 5
SHOWN_CHANGES = 6


def _chance(entry: Mapping[str, Any], data: Mapping[str, Any], words: Mapping[str, Any], line: str) -> str:
    figure = in_100(entry["chance"], words) + ", " if data["chances"]["shown"] == "figures" else ""
    return line.format(label=entry["label"], figure=figure, range=range_in_100(entry["lo95"], entry["hi95"], words))


def _clinical(finding: str, answer: Any, knowledge: Knowledge, language: str) -> str:
    words = knowledge.words[language]["findings"][finding]
    if answer in ("yes", "no", "not_sure"):
        return str(words["clinical"])
    options = words.get("options") or {}
    chosen = answer if isinstance(answer, list) else [answer]
    shown = [f"{value:g}" if isinstance(value, float) else str(options.get(value, value)) for value in chosen]
    said = ", ".join(shown) or knowledge.say("interface", "no")
    return f"{words['clinical']}: {said}"


def _answers(data: Mapping[str, Any], knowledge: Knowledge, language: str, show_hurt: bool) -> Iterator[Part]:
    words = knowledge.words[language]["letter"]
    given = {key: value for key, value in data["answers"]["answers"].items() if show_hurt or key != KEPT_OFF}
    values = [key for key, value in given.items() if value not in ("yes", "no", "not_sure")]
    if values:
        lines = tuple(_clinical(key, given[key], knowledge, language) for key in values)
        yield Part(words["pain"], items=lines)
    for reply, heading in (("yes", "present"), ("not_sure", "unsure"), ("no", "absent")):
        names = [_clinical(key, value, knowledge, language) for key, value in given.items() if value == reply]
        if names:
            yield Part(words[heading], ("; ".join(names) + ".",))


def _flags(data: Mapping[str, Any], words: Mapping[str, Any], hidden: set[str]) -> Part:
    rows = [flag for flag in data["flags"] if flag["id"] not in hidden]
    items = [words[f"flags_{state}"].format(title=flag["title"])
             for state in ("raised", "not_sure") for flag in rows if flag["state"] == state]  # fmt: skip
    count = {state: sum(flag["state"] == state for flag in rows) for state in ("answered_no", "open")}
    return Part(
        words["flags"], (words["flags_counts"].format(no=count["answered_no"], open=count["open"]),), tuple(items)
    )


def _foot(data: Mapping[str, Any], words: Mapping[str, Any], day: str) -> str:
    version = data["knowledge"]
    return str(words["foot"]).format(version=version["version"], hash=version["hashes"]["network"], date=day)


def letter_document(
    data: Mapping[str, Any],
    plan: Mapping[str, Any] | None,
    knowledge: Knowledge,
    day: str,
    *,
    show_hurt: bool = False,
    language: str = "en",
) -> Document:
    """The letter for a clinician from the summary ``data`` (assessment_json) and ``plan`` (plan_to_raw).

    Clinical words; flags are raised, not sure, answered no or open, never cleared. ``show_hurt`` adds the answer
    about being hurt by somebody, which is left out otherwise.
    """
    every, interface = knowledge.words[language], knowledge.words[language]["interface"]
    words, person, triage = every["letter"], data["answers"], data["triage"]
    within = within_text(triage["within_hours"], interface)
    sex = interface["questions"].get(f"sex_{person.get('sex')}", words["unknown"])
    # A rule that rests on the answer kept off the letter would give it away.
    hidden = {flag["id"] for flag in data["flags"] if not show_hurt and KEPT_OFF in flag["findings"]}
    reasons = [reason["text"] for reason in triage["reasons"][:4] if reason["flag"] not in hidden]
    parts = [
        Part(words["person"], (words["person_line"].format(
            who=words["who"][person["who"]], age=person.get("age", words["unknown"]), sex=sex),)),
        Part(words["advice"], (words["advice_line"].format(
            level=triage["label"], within=f", {within}" if within else "", decided=interface["decided_by"].format(
                who=triage["decided_by_label"])),), tuple(reasons)),
        _flags(data, words, hidden),
        *_answers(data, knowledge, language, show_hurt),
    ]  # fmt: skip
    if data["chances"]["shown"] != "none":
        rows = [*data["chances"]["reported"][:SHOWN_FAMILIES], data["chances"]["other"]]
        note = words["differential_note"].format(share=round(data["judgement_share"] * 100))
        lines = tuple(_chance(row, data, interface, words["family_line"]) for row in rows)
        parts.append(Part(words["differential"], (note,), lines))
        dangers = [row for row in data["chances"]["dangerous"] if row["chance"] >= 0.001][:SHOWN_DANGERS]
        if dangers:
            parts.append(Part(words["dangers"], (), tuple(
                _chance(row, data, interface, words["family_line"]) for row in dangers)))  # fmt: skip
    changes = [row for row in data["changes"] if row["answered_by"] != "person"][:SHOWN_CHANGES]
    if changes:
        lines = tuple(words["change_line"].format(label=row["label"], level=row["level_label"]) for row in changes)
        parts.append(Part(words["change"], (), lines))
    blocked = _blocked(plan, every) if plan else ()
    if blocked:
        parts.append(Part(words["cautions"], (), tuple(blocked)))
    parts.append(Part(words["limits"], tuple(data["limits"][:2])))
    return Document(words["title"], words["notice"], tuple(parts), _foot(data, words, day))


def _blocked(plan: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    """What is left out of the plan and why, by the item's own words."""
    return [f"{item_words(row['folder'], row['id'], words)['label']}: {'; '.join(because_lines(row, words))}"
            for row in plan.get("blocked") or ()]  # fmt: skip


def item_words(folder: str, item_id: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sentences of one item of a plan, wherever its folder stands (care, care/exercises, prevention)."""
    place: Any = words
    for part in (*folder.split("/"), item_id):
        place = place[part]
    assert isinstance(place, Mapping)
    return place


def because_lines(row: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    """Why an item is blocked, or what to take care of, as sentences, each once."""
    own = (item_words(row["folder"], row["id"], words) if "folder" in row else {}).get("cautions") or {}
    general = words["plan"]["because"]
    lines = []
    for reason in row.get("why") or row.get("warnings") or ():
        said = own.get(reason["text"]) or general.get(reason["text"]) or general.get(reason["kind"])
        if said:
            lines.append(str(said))
    return list(dict.fromkeys(lines))


def _plan_parts(
    plan: Mapping[str, Any], every: Mapping[str, Any], net: str, words: Mapping[str, Any]
) -> Iterable[Part]:
    for step in plan.get("steps") or ():
        items = [every[item["folder"]][item["id"]] for item in step["items"]]
        if items:
            heading = f"{words['plan']}: {every['plan']['steps'][step['name']]} ({step['begins']})"
            yield Part(heading, (), tuple(f"{item['label']}. {item['how']}" for item in items))
    if net:
        yield Part(words["net"], tuple(line for line in net.split("\n") if not line.startswith("- ")),
                   tuple(line[2:] for line in net.split("\n") if line.startswith("- ")))  # fmt: skip
    if plan.get("better_by"):
        yield Part(words["review"], (plan["better_by"],))


def result_document(
    data: Mapping[str, Any], plan: Mapping[str, Any] | None, knowledge: Knowledge, day: str, language: str = "en"
) -> Document:
    """The printed result for the person: urgency, reasons, possible causes, plan, warning signs, limits."""
    from midback.report.calendar import safety_net_text

    every, interface = knowledge.words[language], knowledge.words[language]["interface"]
    words, triage, headings = every["letter"], data["triage"], every["interface"]["headings"]
    within = within_text(triage["within_hours"], interface)
    lead = f"{triage['label']}" + (f" ({within})" if within else "")
    parts = [Part(headings["urgency"], (lead, triage["advice"])),
             Part(headings["why"], (), tuple(reason["text"] for reason in triage["reasons"][:4]))]  # fmt: skip
    if data["chances"]["shown"] != "none":
        rows = [*data["chances"]["reported"][:SHOWN_FAMILIES], data["chances"]["other"]]
        note = () if data["chances"]["shown"] == "figures" else (interface["order_only"],)
        lines = tuple(_chance(row, data, interface, words["family_line"]) for row in rows)
        parts.append(Part(headings["chances"], note, lines))
    if plan:
        parts += _plan_parts(plan, every, safety_net_text(plan, knowledge, language), words)
    given = data["answers"]["answers"]
    said = tuple(
        answer_label(key, value, knowledge, language) for key, value in given.items() if value in ("yes", "not_sure")
    )
    if said:
        parts.append(Part(words["present"], (), said))
    parts.append(Part(words["limits"], tuple(data["limits"])))
    return Document(words["result_title"], words["result_notice"], tuple(parts), _foot(data, words, day))
