"""What the result page shows, cut from the one summary and the plan: no medicine here, only choice and order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from midback.answers import Answers, help_needed
from midback.interfaces.web.state import State
from midback.knowledge import Knowledge
from midback.report import number_json
from midback.report.as_json import answer_label
from midback.report.charts import course_chart, key_mark, people_chart, range_bar
from midback.report.figures import in_100, range_in_100, shares_of_100, within_text
from midback.report.plan_lines import (
    because_lines,
    benefit_text,
    course_lines,
    dose_lines,
    fact_rows,
    item_words,
    safety_net_rows,
    told_steps,
)
from midback.report.reasons import reasons_with_advice

__all__ = ["alarm_reasons", "plan_values", "result_values"]

SHOWN_REASONS = 4
SHOWN_FAMILIES = 6
LEAST_SHOWN = 0.01  # a family below this joins "other causes on the list"
SHOWN_MOVES = 4
LEAST_DECIBANS = 1.0
SHOWN_DANGERS = 6
LEAST_DANGER = 0.001
SHOWN_CHANGES = 5

Row = dict[str, Any]


def _answers_behind(findings: Sequence[str], state: State, knowledge: Knowledge, language: str) -> list[Row]:
    given = state.given
    rows = []
    for name in findings:
        value = given.get(name)
        if name not in knowledge.findings or value is None:
            continue
        words = knowledge.words[language]["findings"][name]
        if isinstance(value, list):
            said = f"{words['label']}: {'; '.join(words['options'][one] for one in value)}"
        else:
            said = answer_label(name, f"{value:g}" if isinstance(value, float) else str(value), knowledge, language)
        place = state.place_of(name)
        rows.append({"label": said, "number": None if place is None else place + 1})
    return rows


def alarm_reasons(
    flags: Sequence[str],
    found: Mapping[str, Sequence[str]],
    state: State,
    knowledge: Knowledge,
    language: str,
) -> list[Row]:
    """The raised emergency rules: what to do, why, and the answers behind each."""
    words = knowledge.words[language]["red_flags"]
    return [
        {"title": words[flag]["title"] + ".", "do": words[flag]["do"], "why": words[flag]["reason"],
         "text": words[flag]["title"], "answers": _answers_behind(found[flag], state, knowledge, language)}
        for flag in flags
    ]  # fmt: skip


def _reasons(data: Mapping[str, Any], state: State, knowledge: Knowledge, language: str) -> list[Row]:
    rows = []
    for reason, do in reasons_with_advice(data["triage"]["reasons"][:SHOWN_REASONS]):
        listed = reason["findings"] if reason["kind"].startswith("red_flag") else []
        rows.append({"text": reason["text"], "do": do, "source": reason["source"],
                     "level": reason["level"],
                     "answers": _answers_behind(listed, state, knowledge, language)})  # fmt: skip
    return rows


def _moves(data: Mapping[str, Any], causes: set[str]) -> tuple[list[Row], list[Row]]:
    """Rows that point towards and away from any of ``causes``, strongest first, each answer once."""
    sides: dict[str, dict[str, Row]] = {"towards": {}, "away": {}}
    rows = [row for row in data["moved"] if row["cause"] in causes and abs(row["decibans"]) >= LEAST_DECIBANS]
    for row in sorted(rows, key=lambda row: -abs(row["decibans"])):
        sides[row["direction"]].setdefault(row["label"], row)
    return list(sides["towards"].values())[:SHOWN_MOVES], list(sides["away"].values())[:SHOWN_MOVES]


def _family_row(entry: Row, data: Mapping[str, Any], knowledge: Knowledge, language: str) -> Row:
    words = knowledge.words[language]
    interface = words["interface"]
    figures = data["chances"]["shown"] == "figures"
    members = entry.get("members") or []
    causes = [member["id"] for member in members]
    # The likeliest member speaks for its family: the same answer may point both ways among members.
    towards, away = _moves(data, set(causes[:1]))
    text = range_in_100(entry["lo95"], entry["hi95"], interface)
    bar = range_bar(entry["lo95"], entry["hi95"], entry["chance"] if figures else None, f"{entry['label']}: {text}")
    setting = data["answers"]["setting"]
    priors = [
        {"id": name, "label": words["causes"][name]["label"],
         "number": number_json(knowledge.causes[name].prior[setting], knowledge, language)}
        for name in causes[:3] if setting in knowledge.causes[name].prior
    ]  # fmt: skip
    what = "" if entry["id"] == "other" else words["families"][entry["id"]]["what"]
    return {
        "id": entry["id"], "label": entry["label"], "what": what, "dangerous": entry["dangerous"],
        "figure": in_100(entry["chance"], interface) if figures else "", "range": text, "bar": Markup(bar),
        # No likelihood word on a dangerous cause, and none where only order and ranges are shown.
        "word": entry["word"] if figures and not entry["dangerous"] else "",
        "towards": towards, "away": away, "priors": priors,
        "members": [{"id": member["id"], "label": member["label"]} for member in members if member["chance"] >= 0.001],
    }  # fmt: skip


def _people(shown: list[Row], rest: float, other: float, knowledge: Knowledge, language: str) -> Row:
    """The hundred figures: the shown families, the rest of the list, and what is not on the list."""
    words = knowledge.words[language]
    sentences = words["web"]["result"]
    counts = shares_of_100([*(row["chance"] for row in shown), rest, other])
    kinds = [f"k{place}" for place in range(1, len(shown) + 1)] + ["k9", "k0"]
    labels = [row["label"] for row in shown] + [
        sentences["rest"],
        words["interface"]["headings"]["other"],
    ]
    parts = [row for row in zip(kinds, counts, labels, strict=True) if row[1] or row[0] == "k0"]
    said = sentences["picture"].format(
        parts=", ".join(sentences["picture_part"].format(count=count, label=label) for _, count, label in parts)
    )
    return {
        "svg": Markup(people_chart([(kind, count) for kind, count, _ in parts], said)),
        "keys": [{"mark": Markup(key_mark(kind)), "count": count, "label": label} for kind, count, label in parts],
    }


def _chances(data: Mapping[str, Any], knowledge: Knowledge, language: str) -> Row:
    chances = data["chances"]
    if chances["shown"] == "none":
        return {"shown": "none"}
    reported = chances["reported"]
    top = [row for row in reported[:SHOWN_FAMILIES] if row["chance"] >= LEAST_SHOWN] or reported[:1]
    other = chances["other"]
    rest = max(0.0, 1 - other["chance"] - sum(row["chance"] for row in top))
    dangers = [row for row in chances["dangerous"] if row["chance"] >= LEAST_DANGER][:SHOWN_DANGERS]
    words = knowledge.words[language]
    interface = words["interface"]
    figures = chances["shown"] == "figures"
    return {
        "shown": chances["shown"],
        "families": [_family_row(row, data, knowledge, language) for row in top],
        "other": _family_row(other, data, knowledge, language),
        "people": _people(top, rest, other["chance"], knowledge, language) if figures else None,
        "dangers": [
            {"id": row["id"], "label": row["label"], "signs": words["causes"][row["id"]]["signs"],
             "figure": in_100(row["chance"], interface) if figures else "",
             "range": range_in_100(row["lo95"], row["hi95"], interface)}
            for row in dangers
        ],
        "risk_states": [
            {"id": name, "label": words["causes"][name]["label"], "what": words["causes"][name]["what"]}
            for name in chances["risk_states"]
        ],
    }  # fmt: skip


def _changes(data: Mapping[str, Any], knowledge: Knowledge) -> Row:
    names = [level.name for level in knowledge.triage.levels]
    here = names.index(data["triage"]["level"])
    own = [row for row in data["changes"] if row["answered_by"] == "person"]
    seen = [row for row in data["changes"] if row["answered_by"] != "person"]
    return {
        "higher": [row for row in own if names.index(row["level"]) > here][:SHOWN_CHANGES],
        "lower": [row for row in own if names.index(row["level"]) < here][:3],
        "examined": seen[:3],
    }


def _items(step: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[Row]:
    for item in step["items"]:
        benefit = item["benefit"]
        yield {
            **item, "words": words[item["folder"]][item["id"]], "warned": because_lines(item, words),
            "stance_label": words["plan"]["stances"][item["stance"]],
            "benefit_text": benefit_text(benefit, words),
            "benefit_source": benefit["effect"]["source"] if benefit else None,
            "benefit_where": benefit["effect"]["where"] if benefit else None,
            "evidence": words["plan"]["evidence"]["direct" if item["direct"] else "indirect"],
        }  # fmt: skip


def _exercise(row: Mapping[str, Any], words: Mapping[str, Any]) -> Row:
    own = item_words("care/exercises", row["id"], words)
    warned = because_lines({**row, "folder": "care/exercises"}, words)
    return {"id": row["id"], "words": own, "doses": dose_lines(row["stages"], words), "warned": warned}


def _course(plan: Mapping[str, Any], knowledge: Knowledge, likeliest: Sequence[str], language: str) -> Row | None:
    words = knowledge.words[language]
    sentences = words["web"]["result"]
    prognosis = plan["prognosis"]
    if not prognosis or not prognosis["curve"]:
        return None
    points = [(point["weeks"], point["share"], point["low"], point["high"]) for point in prognosis["curve"]]
    sources = [
        {"id": name, "label": words["causes"][name]["label"]} for name in likeliest if knowledge.causes[name].course
    ]
    return {
        "svg": Markup(course_chart(points, sentences["curve_title"], sentences["curve_axis_weeks"])),
        "said": course_lines(prognosis, words), "covered": round(prognosis["covered"] * 100),
        "facts": fact_rows(prognosis, words), "sources": sources[:3],
    }  # fmt: skip


def plan_values(
    plan: Mapping[str, Any] | None, knowledge: Knowledge, likeliest: Sequence[str], language: str
) -> Row | None:
    """Everything that plan.html fills in, from plan_to_raw; ``likeliest`` are causes, most likely first."""
    if plan is None:
        return None
    words = knowledge.words[language]
    kind = words["plan"]["kinds"][plan["kind"]]
    steps = [{**step, "label": words["plan"]["steps"][step["name"]],
              "says": words["plan"]["step_says"].get(step["name"], ""), "items": list(_items(step, words))}
             for step in told_steps(plan) if step["items"]]  # fmt: skip
    rising = [row for row in plan["if_not_better"] if row["then"] - row["now"] >= 0.01][:3]
    names = [
        words["interface"]["headings"]["other"] if row["family"] == "other"
        else words["families"][row["family"]]["label"] for row in rising
    ]  # fmt: skip
    branches = words["plan"]["branches"]
    folders = {"care": words["care"], "prevention": words["prevention"]}
    return {
        "kind": plan["kind"], "says": kind,
        "steps": [step for step in steps if step["name"] != "prevention"],
        "prevention": next((step for step in steps if step["name"] == "prevention"), None),
        "exercises": [_exercise(row, words) for row in plan["exercises"]],
        "branches": [branches[row["id"]] for row in plan["branches"] if row["id"] in branches],
        "blocked": [{"label": folders[row["folder"]][row["id"]]["label"], "why": because_lines(row, words)}
                    for row in plan["blocked"]],
        "against": [{"label": words["care"][row["id"]]["label"], "stance": words["plan"]["stances"][row["stance"]],
                     "guidelines": row["guidelines"], "conflict": row["guidelines_conflict"]}
                    for row in plan["advised_against"] if row["id"] in words["care"]],
        "ask": [words["findings"][name]["question"] for name in plan["ask_first"] if name in words["findings"]][:4],
        "net": [{"says": says, "signs": signs} for says, signs in safety_net_rows(plan["safety_net"], words)],
        "better_by": plan["better_by"], "rising": ", ".join(names), "reviews": plan["reviews"],
        "course": _course(plan, knowledge, likeliest, language),
    }  # fmt: skip


def result_values(
    answers: Answers,
    data: Mapping[str, Any],
    plan: Mapping[str, Any] | None,
    state: State,
    knowledge: Knowledge,
    language: str,
) -> Row:
    """Everything the result template fills in."""
    triage = data["triage"]
    words = knowledge.words[language]
    interface = words["interface"]
    version = data["knowledge"]
    now = f"{version['version']} {version['hashes']['network']}"
    return {
        "data": data, "triage": triage, "within": within_text(triage["within_hours"], interface),
        "reasons": _reasons(data, state, knowledge, language), "chances": _chances(data, knowledge, language),
        "changes": _changes(data, knowledge),
        "plan": plan_values(plan, knowledge, [row["id"] for row in data["chances"]["causes"]], language),
        "help": help_needed(answers, knowledge),
        "under_16": answers.needs_guardian,
        "made_with": state.made_with if state.made_with and state.made_with != now else "", "now": now,
        "judgement": round(data["judgement_share"] * 100),
        "level_labels": {level.name: words["levels"][level.name]["label"] for level in knowledge.triage.levels},
    }  # fmt: skip
