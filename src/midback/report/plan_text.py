"""A plan as plain text: what to do now, what later, what not and why, what to expect, when to get help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from midback.knowledge import Knowledge
from midback.report.calendar import safety_net_text
from midback.report.figures import figure, in_100, level_text
from midback.report.plan_lines import (
    UNTIL_SEEN,
    because_lines,
    benefit_text,
    course_lines,
    dose_lines,
    fact_rows,
    item_words,
    told_steps,
)

__all__ = ["SCHEMA_VERSION", "plan_json", "render_plan"]

SCHEMA_VERSION = 1
SHOWN_OUTLOOKS = 5


def plan_json(plan: Mapping[str, Any], knowledge: Knowledge, language: str = "en") -> dict[str, Any]:
    """The plan (from plan_to_raw) for machines: with its kind, a label on every item, and the notice."""
    words = knowledge.words[language]
    labels = {
        row["id"]: item_words(row.get("folder", "care"), row["id"], words)["label"]
        for part in ("blocked", "awaiting", "advised_against")
        for row in plan.get(part) or ()
    }
    for step in plan.get("steps") or ():
        labels |= {row["id"]: item_words(row["folder"], row["id"], words)["label"] for row in step["items"]}
    labels |= {
        row["id"]: item_words("care/exercises", row["id"], words)["label"] for row in plan.get("exercises") or ()
    }
    head = {"schema_version": SCHEMA_VERSION, "kind": "plan", "notice": words["interface"]["preview"]}
    return head | {"plan": dict(plan), "labels": dict(sorted(labels.items()))}


def _item(row: Mapping[str, Any], words: Mapping[str, Any], figures: bool) -> Iterator[str]:
    own, general = item_words(row["folder"], row["id"], words), words["plan"]
    yield f"  - {own['label']} ({general['stances'][row['stance']]})"
    yield f"    {own['how']}"
    if figures and (benefit := benefit_text(row.get("benefit"), words)):
        yield f"    {benefit}"
    yield f"    {general['evidence']['direct' if row['direct'] else 'indirect']}"
    if row["guidelines_conflict"]:
        yield f"    {general['evidence']['conflict']}"
    for guideline in row["guidelines"]:
        yield f"    {_stance(guideline, general)}"
    for line in because_lines(row, words):
        yield f"    ! {line}"
    if row.get("judge_on"):
        yield f"    {own['expect']} ({row['judge_on']})"
    if row.get("stop_by"):
        yield f"    {own['stop']} ({row['stop_by']})"


def _stance(guideline: Mapping[str, Any], general: Mapping[str, Any]) -> str:
    year = f" {guideline['year']}" if guideline.get("year") else ""
    stance = general["guidelines"][guideline["stance"]]
    line = general["guideline_line"].format(body=guideline["body"], year=year, stance=stance, text=guideline["text"])
    return str(line)


def _step(step: Mapping[str, Any], plan: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    general = words["plan"]
    ends = f" - {step['ends']}" if step["ends"] not in (None, step["begins"]) else ""
    dates = "" if step["name"] == UNTIL_SEEN else f" ({step['begins']}{ends})"
    yield f"{general['steps'][step['name']]}{dates}"
    if step["name"] in general["step_says"]:
        yield f"  {general['step_says'][step['name']]}"
    for row in step["items"]:
        yield from _item(row, words, plan["shows_figures"])
    rule = {key: value for key, value in (step.get("rule") or {}).items() if value is not None}
    until = general["until"]
    if "done_pain_at_most" in rule:
        yield "  " + until["done"].format(pain=figure(rule["done_pain_at_most"], "g", words["interface"]))
    if "done_fall_percent" in rule:
        yield "  " + until["done_fall"].format(fall=figure(rule["done_fall_percent"], "g", words["interface"]))
    if "up_fall_below_percent" in rule and step["ends"]:
        fall = figure(rule["up_fall_below_percent"], "g", words["interface"])
        yield "  " + until["up"].format(fall=fall, date=step["ends"])
    yield ""


def _exercises(plan: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    for row in plan.get("exercises") or ():
        own = item_words("care/exercises", row["id"], words)
        yield f"  - {own['label']}: {own['what']}"
        for line in dose_lines(row["stages"], words):
            yield f"    {line}"
        yield f"    {own['stop']}"
        for line in because_lines({**row, "folder": "care/exercises"}, words):
            yield f"    ! {line}"


def _not_for_you(plan: Mapping[str, Any], words: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    general = words["plan"]
    for row in plan.get("blocked") or ():
        yield f"  x {item_words(row['folder'], row['id'], words)['label']}: {'; '.join(because_lines(row, words))}"
    for row in plan.get("awaiting") or ():
        asked = [_question(name, words, knowledge) for name in row["ask"]]
        yield f"  ? {item_words(row['folder'], row['id'], words)['label']}: {' '.join(asked[:3])}"
    for row in plan.get("advised_against") or ():
        own = words["care"].get(row["id"]) or words["prevention"][row["id"]]
        yield f"  - {own['label']}: {general['stances'][row['stance']]}. {own['what']}"
        for guideline in row["guidelines"]:
            yield f"    {_stance(guideline, general)}"


def _question(name: str, words: Mapping[str, Any], knowledge: Knowledge) -> str:
    if name in knowledge.findings:
        return str(words["findings"][name]["question"])
    return str(words["interface"]["questions"][name])


def _outlook(plan: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    general, prognosis = words["plan"], plan.get("prognosis")
    if prognosis:
        for line in course_lines(prognosis, words):
            yield f"  {line}"
        for fact in fact_rows(prognosis, words):
            yield f"  {fact['text']} [{fact['source']}]"
    if plan.get("better_by"):
        yield f"  {general['better_by'].format(date=plan['better_by'])}"
        rising = [row for row in plan.get("if_not_better") or () if row["then"] - row["now"] >= 0.005]
        said = general["then"]["figures" if plan["shows_figures"] else "order"]
        for row in rising[:SHOWN_OUTLOOKS]:
            label = words["families"].get(row["family"], {}).get("label") or words["interface"]["headings"]["other"]
            before, after = (in_100(row[key], words["interface"]) for key in ("now", "then"))
            yield "    " + said.format(label=label, before=before, after=after)


def render_plan(plan: Mapping[str, Any], knowledge: Knowledge, language: str = "en") -> str:
    """The plan (from plan_to_raw) as plain text. An emergency shows its instruction and the level, nothing else.

    >>> from datetime import date
    >>> from midback.answers import Answers
    >>> from midback.assessment import assess
    >>> from midback.care import plan, plan_to_raw
    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> raw = plan_to_raw(plan(assess(Answers(age=4), knowledge, draws=0), knowledge, date(2026, 1, 1)))
    >>> render_plan(raw, knowledge).splitlines()[2]
    'Same day (within 4 hours)'
    """
    words = knowledge.words[language]
    general, level = words["plan"], words["levels"][plan["level"]]
    lines = [f"{words['interface']['product']}: {words['interface']['preview']}", ""]
    lead = level_text(plan["level"], level["label"], plan["within_hours"], words["interface"])
    lines += [lead, level["advice"], general["kinds"][plan["kind"]]]
    if plan["kind"] == "emergency":
        return "\n".join(lines)
    net = safety_net_text(plan, knowledge, language)
    if net:
        lines += ["", *net.split("\n")]
    lines.append("")
    for branch in plan.get("branches") or ():
        refer = f" ({branch['refer_on']})" if branch["refer_on"] else ""
        lines += [f"{general['branches'][branch['id']]}{refer}", ""]
    for step in told_steps(plan):
        lines += _step(step, plan, words)
        if step["name"] == plan["begins_with"]:
            exercises = [*_exercises(plan, words)]
            lines += [*exercises, ""] if exercises else []
    for heading, part in (
        (general["headings"]["not_for_you"], [*_not_for_you(plan, words, knowledge)]),
        (general["headings"]["outlook"], [*_outlook(plan, words)]),
        (general["headings"]["reviews"], [f"  {row['on']}" for row in plan.get("reviews") or ()]),
    ):
        if part:
            lines += [heading, *part, ""]
    return "\n".join([*lines, words["interface"]["not_stored"]])
