"""The sentences about one thing of a plan that every dress of it shares: dose, benefit, course, cautions.

``words`` are all words of one language, plans and their parts are plain data (plan_to_raw).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from midback.report.figures import figure

__all__ = [
    "UNTIL_SEEN",
    "because_lines",
    "benefit_text",
    "course_lines",
    "dose_lines",
    "fact_rows",
    "item_words",
    "safety_net_rows",
    "told_steps",
]

DAYS_A_WEEK = 7
UNTIL_SEEN = "until_seen"  # the one step of who is to be seen first
PARTS = ("sets", "repeats", "hold_seconds", "minutes", "times_a_day", "days_a_week")


def item_words(folder: str, item_id: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sentences of one item of a plan, wherever its folder stands (care, care/exercises, prevention).

    >>> item_words("care", "heat", {"care": {"heat": {"label": "Warmth"}}})["label"]
    'Warmth'
    """
    place: Any = words
    for part in (*folder.split("/"), item_id):
        place = place[part]
    assert isinstance(place, Mapping)
    return place


def because_lines(row: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    """Why an item is blocked, or what to take care of, as sentences, each once.

    >>> words = {"plan": {"because": {"age": "Not at this age."}}}
    >>> because_lines({"why": [{"text": "young", "kind": "age"}, {"text": "old", "kind": "age"}]}, words)
    ['Not at this age.']
    """
    own = (item_words(row["folder"], row["id"], words) if "folder" in row else {}).get("cautions") or {}
    general = words["plan"]["because"]
    lines = []
    for reason in row.get("why") or row.get("warnings") or ():
        said = own.get(reason["text"]) or general.get(reason["text"]) or general.get(reason["kind"])
        if said:
            lines.append(str(said))
    return list(dict.fromkeys(lines))


def told_steps(plan: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps of a plan as they are told. Who is to be seen first has one, ``until_seen``: dates count from then.

    >>> step = {"name": "self_care", "begins": "2026-01-01", "ends": "2026-01-15", "items": [{"id": "heat"}]}
    >>> told = told_steps({"kind": "see_first", "today": "2026-01-01", "steps": [step]})
    >>> [(one["name"], one["ends"], one["items"]) for one in told]
    [('until_seen', None, [{'id': 'heat'}])]
    """
    steps = list(plan.get("steps") or ())
    if plan["kind"] != "see_first":
        return steps
    items = [item for step in steps for item in step["items"]]
    return [{"name": UNTIL_SEEN, "begins": plan["today"], "ends": None, "rule": None, "items": items}] if items else []


def benefit_text(benefit: Mapping[str, Any] | None, words: Mapping[str, Any]) -> str:
    """How much better an item makes people on average, with its range, or "" where nothing was measured.

    >>> words = {"plan": {"benefit": {"in_100": "{value} more in 100 (range {low} to {high})"}}}
    >>> benefit_text({"unit": "in_100", "value": 7.2, "low": -1.4, "high": 16.0}, words)
    '7 more in 100 (range -1 to 16)'
    """
    if not benefit:
        return ""
    numbers = {key: round(benefit[key]) for key in ("value", "low", "high")}
    return str(words["plan"]["benefit"][benefit["unit"]].format(**numbers))


def dose_lines(stages: Iterable[Mapping[str, Any]], words: Mapping[str, Any]) -> list[str]:
    """How much of an exercise from which day on, a sentence for each stage.

    >>> said = {"from_day": "From day {day}: {parts}.", "sets": "{value} sets", "repeats": "{value} repeats",
    ...         "times_a_day": "{value} x a day", "every_day": "every day"}
    >>> dose = {"sets": 1, "repeats": 6, "hold_seconds": None, "minutes": None, "times_a_day": 2, "days_a_week": 7}
    >>> dose_lines([{"from_day": 1, "dose": dose}], {"plan": {"dose": said}})
    ['From day 1: 6 repeats, 2 x a day, every day.']
    """
    said, lines = words["plan"]["dose"], []
    for stage in stages:
        told = {key: stage["dose"].get(key) for key in PARTS}
        if told["sets"] == 1:
            del told["sets"]
        parts = [
            said["every_day"] if (key, value) == ("days_a_week", DAYS_A_WEEK) else said[key].format(value=value)
            for key, value in told.items() if value
        ]  # fmt: skip
        lines.append(said["from_day"].format(day=stage["from_day"], parts=", ".join(parts)))
    return lines


def safety_net_rows(
    net: Mapping[str, Iterable[str]] | None, words: Mapping[str, Any]
) -> list[tuple[str, tuple[str, ...]]]:
    """What to do, and at which warning signs, most urgent first; levels without a sign are left out.

    >>> findings = {"fever": {"yes": "you have fever"}}
    >>> words = {"plan": {"safety_net": {"same_day": "Be seen today if"}}, "findings": findings}
    >>> safety_net_rows({"same_day": ["fever"]}, words)
    [('Be seen today if', ('you have fever',))]
    """
    rows = []
    for level, names in (net or {}).items():
        signs = tuple(words["findings"][name]["yes"] for name in names if "yes" in words["findings"][name])
        if signs:
            rows.append((words["plan"]["safety_net"][level], signs))
    return rows


def course_lines(prognosis: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    """How many in a hundred still have pain after so many weeks, with the range.

    >>> words = {"plan": {"prognosis": {"curve": "{share} in 100 after {weeks} weeks ({low} to {high})"}},
    ...          "interface": {"marks": {"decimal": ".", "thousands": ","}}}
    >>> course_lines({"curve": [{"weeks": 6.0, "share": 0.42, "low": 0.3, "high": 0.55}]}, words)
    ['42 in 100 after 6 weeks (30 to 55)']
    """
    said, interface = words["plan"]["prognosis"]["curve"], words["interface"]
    return [
        said.format(weeks=figure(row["weeks"], "g", interface),
                    **{key: f"{100 * row[key]:.0f}" for key in ("share", "low", "high")})
        for row in prognosis["curve"]
    ]  # fmt: skip


def fact_rows(prognosis: Mapping[str, Any], words: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The printed figures about the course that fit this person: text and source.

    >>> words = {"plan": {"prognosis": {"facts": {"eased": "{value} in 100 eased."}}},
    ...          "interface": {"marks": {"decimal": ".", "thousands": ","}}}
    >>> fact_rows({"facts": [{"id": "eased", "value": 56.0, "source": "x2016"}]}, words)
    [{'text': '56 in 100 eased.', 'source': 'x2016'}]
    """
    said = words["plan"]["prognosis"]["facts"]
    return [
        {"text": said[fact["id"]].format(value=figure(fact["value"], "g", words["interface"])),
         "source": fact["source"]}
        for fact in prognosis["facts"] if fact["id"] in said
    ]  # fmt: skip
