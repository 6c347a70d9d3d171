"""A check-in as plain data and as plain text: level, signs to look at again, trend, what time says, step, plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from midback.care import plan_to_raw
from midback.follow_up.check_in import CheckIn
from midback.follow_up.measures import measures_of
from midback.follow_up.stepping import StepReason
from midback.follow_up.trend import Change, Trend
from midback.knowledge import EMERGENCY, Knowledge
from midback.report.as_json import answer_label, assessment_json
from midback.report.figures import in_100, within_text
from midback.report.plan_text import plan_json, render_plan
from midback.report.telling import Telling, ToldPart

__all__ = ["follow_up_json", "follow_up_parts", "render_follow_up", "trend_lines"]

SCHEMA_VERSION = 1
SHOWN_FACTORS = 5
SHOWN_SHIFTS = 6
SHOWN_FLARES = 5
LEAST_SHIFT = 0.005


def _round(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


def _change(change: Change) -> dict[str, Any]:
    return {
        "measure": change.measure, "start": _round(change.start, 2), "now": _round(change.now, 2),
        "fall": _round(change.fall, 2), "percent": _round(change.percent, 1), "verdict": change.verdict,
        "important_points": change.points, "important_percent": change.percent_needed,
    }  # fmt: skip


def _reason(reason: StepReason) -> dict[str, Any]:
    return {
        "kind": reason.kind, "on": reason.on.isoformat(), "step": reason.step, "to": reason.to,
        "pain": _round(reason.pain, 2), "peg": _round(reason.peg, 2), "fall": _round(reason.fall, 1),
        "limit": _round(reason.limit, 2),
    }  # fmt: skip


def follow_up_json(found: CheckIn, knowledge: Knowledge, language: str = "en") -> dict[str, Any]:
    """Everything the check-in says, ready for ``json.dumps``: chances 0-1, pain 0-10, dates as ISO text."""
    words = knowledge.words[language]
    trend = found.trend
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "follow_up",
        "notice": words["interface"]["preview"],
        "today": found.today.isoformat(),
        "begun": found.begun.isoformat(),
        "weeks": round(found.weeks, 2),
        "level_at_first": found.first.level,
        "level": found.level,
        "ask_again": list(found.ask_again),
        "new_answers": dict(found.new_answers),
        "outcomes": [
            {"flag": row.flag, "title": words["red_flags"][row.flag]["title"], "by": row.by, "found": row.found,
             "on": row.on.isoformat(), "state": row.state}
            for row in found.outcomes
        ],
        "settling": found.settling,
        "factors": [
            {"cause": row.cause, "still_there": _round(row.share), "lo95": _round(row.low), "hi95": _round(row.high)}
            for row in found.factors
        ],
        "shifts": [
            {"family": row.family, "before": _round(row.before), "now": _round(row.now), "dangerous": row.dangerous}
            for row in found.shifts
        ],
        "trend": {
            "pain": _change(trend.pain), "peg": _change(trend.peg), "own_activities": _change(trend.activities),
            "band": [_round(trend.low, 2), _round(trend.high, 2)], "global_change": trend.last_global_change,
            "recorded_days": len(trend.days),
            "flares": [{"begins": f.begins.isoformat(), "ends": f.ends.isoformat(), "usual": _round(f.usual, 2),
                        "peak": _round(f.peak, 2)} for f in trend.flares],
        },
        "step": {"before": found.step_before, "now": found.walk.step, "since": found.walk.since.isoformat(),
                 "until": found.walk.until.isoformat() if found.walk.until else None, "direction": found.direction,
                 "reasons": [_reason(reason) for reason in found.walk.reasons]},
        "reviews": [{"on": row.on.isoformat(), "measures": list(row.measures), "state": row.state,
                     "missing": list(row.missing)} for row in found.reviews],
        "plan": plan_json(plan_to_raw(found.plan), knowledge, language)["plan"],
        "assessment": assessment_json(found.now, knowledge, language),
    }  # fmt: skip


def _now(found: CheckIn, t: Telling) -> Iterator[str]:
    levels = t.words["levels"]
    urgent = found.level == EMERGENCY  # its name says when
    within = "" if urgent else within_text(found.now.triage.within_hours, t.words["interface"])
    label = levels[found.level]["label"]
    yield t.said["level"].format(label=label, within=f" ({within})" if within else "")
    yield levels[found.level]["advice"]
    if found.level != found.first.level:
        yield t.said["level_was"].format(label=levels[found.first.level]["label"])
    for reason in found.now.triage.reasons[:3]:
        if reason.flag is not None and reason.settled is None:
            said = t.words["red_flags"][reason.flag]
            yield f"- {said['title']}. {said['do']}"


def _trend(trend: Trend, t: Telling) -> Iterator[str]:
    said = t.said
    for change in (trend.pain, trend.peg, trend.activities):
        start, now = (t.figure(value, ".1f") if value is not None else "" for value in (change.start, change.now))
        yield said["trend"][change.verdict].format(
            measure=said["measures"][change.measure], start=start, now=now, points=t.figure(change.points, "g")
        )
    important = measures_of(t.knowledge)["nprs"].important("points")
    if important is not None and important.source is not None:
        yield said["points_source"].format(
            points=t.figure(important.value, "g"), population=important.population,
            source=t.knowledge.sources[important.source].citation,
        )  # fmt: skip
    if trend.last_global_change is not None:
        answer = t.words["measures"]["global_change"]["answers"][str(trend.last_global_change)]
        yield said["global_change"].format(answer=answer)
    for flare in trend.flares[-SHOWN_FLARES:]:
        yield said["flare"].format(
            begins=t.say_day(flare.begins), ends=t.say_day(flare.ends), peak=t.figure(flare.peak, ".1f"),
            usual=t.figure(flare.usual, ".1f"),
        )  # fmt: skip


def _family(name: str, words: Mapping[str, Any]) -> str:
    return str(words["families"].get(name, {}).get("label") or words["interface"]["headings"]["other"])


def _time(found: CheckIn, t: Telling) -> Iterator[str]:
    said, interface = t.said, t.words["interface"]
    yield said["time"][found.settling].format(weeks=f"{found.weeks:.0f}")
    likely = {row.id: row.chance for row in found.first.causes}
    for row in sorted(found.factors, key=lambda row: -likely[row.cause])[:SHOWN_FACTORS]:
        yield said["time_factor"].format(
            label=t.words["causes"][row.cause]["label"], share=f"{100 * row.share:.0f}", low=f"{100 * row.low:.0f}",
            high=f"{100 * row.high:.0f}",
        )  # fmt: skip
    if found.factors:
        yield said["time_rest"]
    if not found.now.shows_differential:
        return
    moved = [row for row in found.shifts if abs(row.now - row.before) >= LEAST_SHIFT]
    for shift in moved[:SHOWN_SHIFTS]:
        way = "shift_up" if shift.now > shift.before else "shift_down"
        key = "shift" if found.now.shows_figures else way  # mostly judgement: which way, no figures
        before, now = in_100(shift.before, interface), in_100(shift.now, interface)
        yield said[key].format(label=_family(shift.family, t.words), before=before, now=now)


def _steps(found: CheckIn, t: Telling) -> Iterator[str]:
    said, names, walk = t.said, t.words["plan"]["steps"], found.walk
    yield said["direction"][found.direction]
    key = "step_open" if walk.until is None else "step_line"
    until = "" if walk.until is None else t.say_day(walk.until)
    yield said[key].format(step=names[walk.step], since=t.say_day(walk.since), until=until)
    for reason in walk.reasons[-3:]:
        numbers = {name: f"{value:.0f}" if name == "fall" else t.figure(round(value, 1), "g") for name, value in
                   (("pain", reason.pain), ("peg", reason.peg), ("fall", reason.fall), ("limit", reason.limit))
                   if value is not None}  # fmt: skip
        yield said["reasons"][reason.kind].format(
            on=t.say_day(reason.on), step=names[reason.step], to=names[reason.to], **numbers
        )


def _signs(found: CheckIn, t: Telling) -> Iterator[str]:
    if not found.ask_again:
        yield t.said["signs_done"]
        return
    yield t.said["signs_say"]
    yield from (f"- {t.words['findings'][name]['question']} [{name}]" for name in found.ask_again)


def _outcomes(found: CheckIn, t: Telling) -> Iterator[str]:
    for row in found.outcomes:
        title = t.words["red_flags"][row.flag]["title"]
        yield t.said["outcome"].format(title=title, by=row.by, on=t.say_day(row.on), found=row.found)
        yield "- " + t.said["outcome_states"][row.state]


def _new(found: CheckIn, t: Telling) -> Iterator[str]:
    new = [(name, value) for name, value in found.new_answers.items() if value != "no"]
    if not new:
        yield t.said["new_none"]
    for name, value in new:
        label = t.words["findings"][name]["label"]
        yield (
            f"{label}: {t.figure(float(value), 'g')}"
            if _is_number(value)
            else answer_label(name, value, t.knowledge, t.language)
        )


def _medicines(found: CheckIn, t: Telling) -> Iterator[str]:
    """When to stop each medicine that the plan offers by today, and what to watch for while it is taken."""
    begun = [row for step in found.plan.steps if step.begins <= found.today for row in step.items]
    for name in dict.fromkeys(row.id for row in begun if row.kind.startswith("medicine")):
        said = t.words["care"][name]
        yield t.said["medicine"].format(label=said["label"], stop=said["stop"])


def _schedule(found: CheckIn, t: Telling) -> Iterator[str]:
    for row in found.reviews:
        names = ", ".join(str(t.said["measure_names"][name]) for name in row.missing or row.measures)
        yield t.said["review"].format(on=t.say_day(row.on), measures=names, state=t.said["states"][row.state])


PARTS: Mapping[str, Callable[[CheckIn, Telling], Iterator[str]]] = {
    "now": _now, "outcomes": _outcomes, "signs": _signs, "new": _new,
    "trend": lambda found, t: _trend(found.trend, t), "time": _time, "step": _steps, "medicines": _medicines,
    "schedule": _schedule,
}  # fmt: skip
MAY_BE_EMPTY = ("outcomes", "medicines")


def trend_lines(
    trend: Trend, knowledge: Knowledge, language: str = "en", say_day: Callable[[date], str] = str
) -> tuple[str, ...]:
    """What a diary shows, one sentence for each measure and flare; ``say_day`` writes a day."""
    return tuple(_trend(trend, Telling(knowledge, language, "follow_up", say_day)))


def follow_up_parts(
    found: CheckIn, knowledge: Knowledge, language: str = "en", say_day: Callable[[date], str] = str
) -> tuple[ToldPart, ...]:
    """The check-in in words, part by part, without the plan; in an emergency the first part alone.

    ``say_day`` writes a day; by default 2026-11-22. A line that begins with "- " belongs to the one before.

    >>> from midback.answers import Answers
    >>> from midback.follow_up import Diary, check_in
    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> found = check_in(Answers(age=4), Diary(), knowledge, date(2026, 1, 9), begun=date(2026, 1, 2), draws=0)
    >>> follow_up_parts(found, knowledge)[0].lines[0]
    'Same day (within 4 hours).'
    """
    telling = Telling(knowledge, language, "follow_up", say_day)
    headings, keys = telling.said["headings"], ["now"] if found.level == EMERGENCY else PARTS
    parts = (ToldPart(key, str(headings[key]), tuple(PARTS[key](found, telling))) for key in keys)
    return tuple(part for part in parts if part.lines or part.key not in MAY_BE_EMPTY)


def render_follow_up(found: CheckIn, knowledge: Knowledge, language: str = "en") -> str:
    """The check-in as plain text. An emergency shows its instruction first and no plan."""
    words = knowledge.words[language]
    said = words["follow_up"]
    lines = [f"{said['title']} - {found.today}", words["interface"]["preview"]]
    for part in follow_up_parts(found, knowledge, language):
        lines += ["", part.heading, *(f"  {line}" for line in part.lines)]
        if part.key == "signs" and found.ask_again:
            lines.append("  " + said["signs_how"].format(example=found.ask_again[0]))
    if found.level == EMERGENCY:
        return "\n".join([*lines, "", said["emergency"]])
    return "\n".join([*lines, "", said["headings"]["plan"], render_plan(plan_to_raw(found.plan), knowledge, language)])


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
