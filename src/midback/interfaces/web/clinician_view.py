"""What the clinicians' result shows, cut from the one summary and the plan: only choice and order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from midback.interfaces.web.result_view import plan_values
from midback.knowledge import EMERGENCY, Knowledge
from midback.report.charts import range_bar
from midback.report.figures import figure, in_100, range_in_100, within_text
from midback.report.plan_lines import because_lines, item_words
from midback.report.reasons import clinical_reason, reasons_with_advice

__all__ = ["clinician_values"]

SHOWN_REASONS = 5
SHOWN_CAUSES = 10
LEAST_SHOWN = 0.005
SHOWN_DANGERS = 8
LEAST_DANGER = 0.001
WEIGHED = 6
WEIGHED_DANGERS = 3
LEAST_DECIBANS = 0.5
SHOWN_CHANGES = 8
STATES = ("raised", "not_sure", "open", "answered_no")

Row = dict[str, Any]


def _cause(entry: Mapping[str, Any], label: str, figures: bool, words: Mapping[str, Any]) -> Row:
    interface = words["interface"]
    text = range_in_100(entry["lo95"], entry["hi95"], interface)
    bar = range_bar(entry["lo95"], entry["hi95"], entry["chance"] if figures else None, f"{label}: {text}")
    return {"id": entry["id"], "label": label, "dangerous": entry["dangerous"], "range": text, "bar": Markup(bar),
            "chance": entry["chance"], "figure": in_100(entry["chance"], interface) if figures else "",
            "members": None}  # fmt: skip


def _ranked(data: Mapping[str, Any], knowledge: Knowledge, words: Mapping[str, Any]) -> list[Row]:
    """Every cause by its chance; those of families that no sign separates stand together as one row."""
    figures = data["chances"]["shown"] == "figures"
    reported = list(knowledge.families.values())
    rows = []
    for entry in data["chances"]["reported"]:
        members = [row for row in entry["members"] if row["chance"] >= LEAST_SHOWN]
        if reported.count(entry["id"]) > 1:
            row = _cause(entry, words["families"][entry["id"]]["clinical"], figures, words)
            named = [{"id": one["id"], "label": words["causes"][one["id"]]["clinical"]} for one in members]
            rows.append({**row, "members": named})
        else:
            rows += [_cause(one, words["causes"][one["id"]]["clinical"], figures, words) for one in members]
    rows = sorted((row for row in rows if row["chance"] >= LEAST_SHOWN), key=lambda row: -row["chance"])[:SHOWN_CAUSES]
    other = _cause(data["chances"]["other"], words["interface"]["headings"]["other"], figures, words)
    return [*rows, {**other, "members": []}]


def _weights(name: str, family: str, weights: Mapping[str, list[Row]], words: Mapping[str, Any]) -> Row:
    """Every answer's weight on one cause, strongest first, with the number it rests on.

    A family that stands as one is weighed by its likeliest member; then ``family`` is its name.
    """
    rows = weights.get(name, [])
    marks = words["interface"]
    shown = [{**row, "size": figure(row["decibans"], "+.1f", marks)} for row in rows
             if abs(row["decibans"]) >= LEAST_DECIBANS]  # fmt: skip
    label = words["causes"][name]["clinical"]
    if family:
        label = words["clinician"]["result"]["weighed_by"].format(family=family, cause=label)
    return {"label": label, "rows": shown, "less": len(rows) - len(shown),
            "least": figure(LEAST_DECIBANS, "g", marks)}  # fmt: skip


def _flags(data: Mapping[str, Any]) -> list[Row]:
    return [
        {"state": state, "rows": [flag for flag in data["flags"] if flag["state"] == state]}
        for state in STATES
    ]  # fmt: skip


def _next(useful: Sequence[Mapping[str, Any]], shown: str, words: Mapping[str, Any]) -> list[Row]:
    """What would help most; without figures where most rests on judgement, without causes where none are named."""
    said, interface = words["clinician"]["result"], words["interface"]
    form = said["outcome" if shown == "figures" else "outcome_order"]
    rows = []
    for row in useful:
        outcomes = []
        for outcome in row["outcomes"]:
            chance, danger = in_100(outcome["chance"], interface), in_100(outcome["danger"], interface)
            named = ", ".join(dict.fromkeys(cause["label"] for cause in outcome["causes"]))
            fill = {"answer": outcome["label"], "chance": chance, "level": outcome["level_label"], "danger": danger}
            first = said["outcome_first"].format(causes=named) if shown != "none" else ""
            outcomes.append({"text": form.format(**fill), "first": first})
        rows.append({"finding": row["finding"], "label": row["label"], "question": row["question"],
                     "kind": row["answered_by"], "outcomes": outcomes})  # fmt: skip
    return rows


def _treatment(item: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """The clinical name of an item of the plan; exercises have but one name."""
    said = item_words(item["folder"], item["id"], words)
    return str(said.get("clinical", said["label"]))


def _guidelines(plan: Mapping[str, Any], words: Mapping[str, Any]) -> Row:
    """Treatments down, guideline bodies across: what each that was read says."""
    stances = words["plan"]["stances"]
    named = [(_treatment(item, words), item) for step in plan["steps"] for item in step["items"]]
    named += [(words["care"][item["id"]]["clinical"], item) for item in plan["advised_against"]
              if item["id"] in words["care"]]  # fmt: skip
    treatments: dict[str, Row] = {}
    for label, item in named:
        treatments.setdefault(label, {"stance": stances[item["stance"]], "said": item["guidelines"]})
    rows = {label: row for label, row in treatments.items() if row["said"]}
    counted = Counter(one["body"] for row in rows.values() for one in row["said"])
    bodies = [body for body, _ in counted.most_common()]  # who says most stands first, and is seen without scrolling
    table = [
        {"label": label, "stance": row["stance"],
         "cells": [[{**one, "stance_label": words["plan"]["guidelines"][one["stance"]]}
                    for one in row["said"] if one["body"] == body] for body in bodies]}
        for label, row in rows.items()
    ]  # fmt: skip
    return {"bodies": bodies, "rows": table}


def _sources(
    weights: Iterable[Row], data: Mapping[str, Any], guidelines: Row, knowledge: Knowledge
) -> list[dict[str, str]]:
    """Every source that a figure or rule of this page rests on, by citation."""
    used = {row["number"]["source"] for entry in weights for row in entry["rows"]
            if row["number"] and row["number"].get("source")}  # fmt: skip
    used |= {reason["source"] for reason in data["triage"]["reasons"] if reason["source"]}
    used |= {one["source"] for row in guidelines["rows"] for cell in row["cells"] for one in cell if one.get("source")}
    rows = [{"id": name, "citation": knowledge.sources[name].citation} for name in used if name in knowledge.sources]
    return sorted(rows, key=lambda row: row["citation"].lower())


def clinician_values(worked: Mapping[str, Any], knowledge: Knowledge, language: str) -> Row:
    """Everything that clinician_result.html fills in, from the summary, plan, weights and what would help next."""
    data, plan = worked["data"], worked["plan"]
    words = knowledge.words[language]
    interface, chances, triage = words["interface"], data["chances"], data["triage"]
    figures = chances["shown"] == "figures"
    causes = _ranked(data, knowledge, words) if chances["shown"] != "none" else []
    dangers = [row for row in chances["dangerous"] if row["chance"] >= LEAST_DANGER][:SHOWN_DANGERS]
    weighed = {row["members"][0]["id"] if row["members"] else row["id"]: row["label"] if row["members"] else ""
               for row in causes[:WEIGHED] if row["id"] != "other"}  # fmt: skip
    weighed |= {row["id"]: "" for row in dangers[:WEIGHED_DANGERS] if row["id"] not in weighed}
    weights = [_weights(name, family, worked["weights"], words) for name, family in weighed.items()]
    guidelines = _guidelines(plan, words)
    answers = data["answers"]
    sex = interface["questions"].get(f"sex_{answers.get('sex')}", words["letter"]["unknown"])
    return {
        "data": data, "triage": triage,
        "reasons": [{**reason, "do": do, "said": clinical_reason(reason, words)}
                    for reason, do in reasons_with_advice(triage["reasons"][:SHOWN_REASONS])],
        # "Emergency, now" says when by itself
        "within": "" if triage["level"] == EMERGENCY else within_text(triage["within_hours"], interface),
        "patient": words["clinician"]["result"]["patient"].format(
            setting=interface["settings"][answers["setting"]], age=answers.get("age", words["letter"]["unknown"]),
            sex=sex, count=len(answers["answers"])),
        "level_labels": {level.name: words["levels"][level.name]["label"] for level in knowledge.triage.levels},
        "shown": chances["shown"],
        "causes": causes,
        "dangers": [_cause(row, words["causes"][row["id"]]["clinical"], figures, words) for row in dangers],
        "weights": [entry for entry in weights if entry["rows"]], "flags": _flags(data),
        "next": _next(worked["next"], chances["shown"], words), "changes": data["changes"][:SHOWN_CHANGES],
        "plan": plan_values(plan, knowledge, [row["id"] for row in chances["causes"]], language),
        "cautions": [
            {"label": _treatment(row, words), "why": because_lines(row, words)}
            for row in plan["blocked"]
        ],
        "guidelines": guidelines, "sources": _sources(weights, data, guidelines, knowledge),
        "judgement": round(data["judgement_share"] * 100), "open_screen": data["screen"]["open"],
    }  # fmt: skip
