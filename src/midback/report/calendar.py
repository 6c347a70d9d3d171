"""Calendar files: the review dates of a plan with its warning signs, and a proposed consultation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from midback.knowledge import Knowledge
from midback.report.plan_lines import safety_net_rows

__all__ = ["consultation_calendar", "plan_calendar", "safety_net_text"]

PRODUCT = "-//Midback//Midback//EN"


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _event(title: str, begins: date | datetime, ends: date | datetime, text: str) -> Event:
    event = Event()
    event.add("uid", f"{uuid.uuid4()}@midback")
    event.add("dtstamp", datetime.now(UTC))
    event.add("summary", title)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("description", text)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _alarm(title: str) -> Alarm:
    """A reminder at nine in the morning."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(hours=9))
    return alarm


def safety_net_text(plan: Mapping[str, Any], knowledge: Knowledge, language: str = "en") -> str:
    """The warning signs of a plan (from plan_to_raw) as lines, most urgent first.

    >>> from midback.knowledge import load_knowledge
    >>> safety_net_text({"safety_net": {"same_day": ["fever"]}}, load_knowledge()).splitlines()[0]
    'Be seen the same day if:'
    """
    rows = safety_net_rows(plan.get("safety_net"), knowledge.words[language])
    return "\n".join(line for says, signs in rows for line in (f"{says}:", *(f"- {sign}" for sign in signs)))


def plan_calendar(plan: Mapping[str, Any], knowledge: Knowledge, language: str = "en") -> bytes:
    """The plan's review dates as an iCalendar file, each with a reminder and the warning signs in its text.

    Events last all day and are marked private; nothing in them names a cause.

    >>> from midback.knowledge import load_knowledge
    >>> plan_calendar({"today": "2026-01-01", "reviews": [{"on": "2026-01-15"}]}, load_knowledge())[:15]
    b'BEGIN:VCALENDAR'
    """
    words = knowledge.words[language]["letter"]["calendar"]
    calendar = _calendar()
    net = safety_net_text(plan, knowledge, language)
    titles: dict[str, str] = {}
    for row in plan.get("reviews") or ():
        if row["on"] > plan["today"]:
            titles[row["on"]] = words["review"]
    for step in plan.get("steps") or ():
        if step["name"] not in ("gate", "prevention") and step["begins"] > plan["today"]:
            named = knowledge.say("plan", "steps", step["name"], language=language)
            titles[step["begins"]] = words["step"].format(step=named)
    if plan.get("better_by"):
        titles[plan["better_by"]] = words["better_by"]
    for day, title in sorted(titles.items()):
        begins = date.fromisoformat(day)
        event = _event(title, begins, begins + timedelta(days=1), f"{words['text']}\n\n{net}")
        event.add_component(_alarm(title))
        calendar.add_component(event)
    if plan.get("exercises"):
        calendar.add_component(_exercise_reminder(plan, knowledge, language))
    return bytes(calendar.to_ical())


def _exercise_reminder(plan: Mapping[str, Any], knowledge: Knowledge, language: str) -> Event:
    """A daily reminder of the plan's exercises, with how to do each, until the plan is looked at again."""
    every = knowledge.words[language]
    words = every["care"]["exercises"]
    begins = date.fromisoformat(plan["today"]) + timedelta(days=1)
    ends = date.fromisoformat(plan["better_by"]) if plan.get("better_by") else begins + timedelta(weeks=6)
    rows = [words[row["id"]] for row in plan["exercises"]]
    text = "\n".join(f"- {row['label']}: {row['what']} {row['stop']}" for row in rows)
    title, net = every["letter"]["calendar"]["exercises"], safety_net_text(plan, knowledge, language)
    event = _event(title, begins, begins + timedelta(days=1), f"{text}\n\n{net}")
    event.add_component(_alarm(title))
    event.add("rrule", {"freq": "daily", "until": max(begins, ends)})
    return event


def consultation_calendar(title: str, begins: datetime, place: str) -> bytes:
    """A proposed consultation of half an hour, in the clock time of whoever opens it."""
    calendar = _calendar()
    event = _event(title, begins, begins + timedelta(minutes=30), "")
    event.add("status", "TENTATIVE")
    if place:
        event.add("location", place)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
