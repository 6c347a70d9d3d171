"""A check-in as plain data and as plain text: level, signs to look at again, trend, what time says, step, plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from midback.care import plan_to_raw
from midback.follow_up.check_in import CheckIn, Review
from midback.follow_up.stepping import StepReason
from midback.follow_up.trend import Change
from midback.knowledge import Knowledge
from midback.report.as_json import answer_label, assessment_json
from midback.report.figures import in_100, within_text
from midback.report.plan_text import plan_json, render_plan

__all__ = ["follow_up_json", "render_follow_up"]

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


def _trend(found: CheckIn, words: Mapping[str, Any], knowledge: Knowledge) -> Iterator[str]:
    said = words["follow_up"]
    for change in (found.trend.pain, found.trend.peg, found.trend.activities):
        start, now = (f"{value:.1f}" if value is not None else "" for value in (change.start, change.now))
        yield "  " + said["trend"][change.verdict].format(
            measure=said["measures"][change.measure], start=start, now=now, points=f"{change.points:g}"
        )
    from midback.follow_up.measures import measures_of

    important = measures_of(knowledge)["nprs"].important("points")
    if important is not None and important.source is not None:
        yield "  " + said["points_source"].format(
            points=f"{important.value:g}", population=important.population,
            source=knowledge.sources[important.source].citation,
        )  # fmt: skip
    if found.trend.last_global_change is not None:
        answer = words["measures"]["global_change"]["answers"][str(found.trend.last_global_change)]
        yield "  " + said["global_change"].format(answer=answer)
    for flare in found.trend.flares[-SHOWN_FLARES:]:
        yield "  " + said["flare"].format(
            begins=flare.begins, ends=flare.ends, peak=f"{flare.peak:.1f}", usual=f"{flare.usual:.1f}"
        )


def _family(name: str, words: Mapping[str, Any]) -> str:
    return str(words["families"].get(name, {}).get("label") or words["interface"]["headings"]["other"])


def _time(found: CheckIn, words: Mapping[str, Any]) -> Iterator[str]:
    said, interface = words["follow_up"], words["interface"]
    yield "  " + said["time"][found.settling].format(weeks=f"{found.weeks:.0f}")
    likely = {row.id: row.chance for row in found.first.causes}
    for row in sorted(found.factors, key=lambda row: -likely[row.cause])[:SHOWN_FACTORS]:
        yield "  " + said["time_factor"].format(
            label=words["causes"][row.cause]["label"], share=f"{100 * row.share:.0f}", low=f"{100 * row.low:.0f}",
            high=f"{100 * row.high:.0f}",
        )  # fmt: skip
    if found.factors:
        yield "  " + said["time_rest"]
    if not found.now.shows_differential:
        return
    moved = [row for row in found.shifts if abs(row.now - row.before) >= LEAST_SHIFT]
    for shift in moved[:SHOWN_SHIFTS]:
        way = "shift_up" if shift.now > shift.before else "shift_down"
        key = "shift" if found.now.shows_figures else way  # mostly judgement: which way, no figures
        before, now = in_100(shift.before, interface), in_100(shift.now, interface)
        yield "  " + said[key].format(label=_family(shift.family, words), before=before, now=now)


def _steps(found: CheckIn, words: Mapping[str, Any]) -> Iterator[str]:
    said, names = words["follow_up"], words["plan"]["steps"]
    yield "  " + said["direction"][found.direction]
    walk = found.walk
    key = "step_open" if walk.until is None else "step_line"
    yield "  " + said[key].format(step=names[walk.step], since=walk.since, until=walk.until)
    for reason in walk.reasons[-3:]:
        numbers = {name: f"{value:.0f}" if name == "fall" else f"{round(value, 1):g}" for name, value in
                   (("pain", reason.pain), ("peg", reason.peg), ("fall", reason.fall), ("limit", reason.limit))
                   if value is not None}  # fmt: skip
        yield "  " + said["reasons"][reason.kind].format(
            on=reason.on, step=names[reason.step], to=names[reason.to], **numbers
        )


def _signs(found: CheckIn, words: Mapping[str, Any]) -> Iterator[str]:
    said = words["follow_up"]
    if not found.ask_again:
        yield "  " + said["signs_done"]
        return
    yield "  " + said["signs_say"]
    yield from (f"  - {words['findings'][name]['question']} [{name}]" for name in found.ask_again)
    yield "  " + said["signs_how"].format(example=found.ask_again[0])


def render_follow_up(found: CheckIn, knowledge: Knowledge, language: str = "en") -> str:
    """The check-in as plain text. An emergency shows its instruction first and no plan."""
    words = knowledge.words[language]
    said, heads, levels = words["follow_up"], words["follow_up"]["headings"], words["levels"]
    urgent = found.level == "emergency_now"  # its name says when
    within = "" if urgent else within_text(found.now.triage.within_hours, words["interface"])
    lines = [f"{said['title']} - {found.today}", words["interface"]["preview"], "", heads["now"]]
    label = levels[found.level]["label"]
    lines.append("  " + said["level"].format(label=label, within=f" ({within})" if within else ""))
    lines.append("  " + levels[found.level]["advice"])
    if found.level != found.first.level:
        lines.append("  " + said["level_was"].format(label=levels[found.first.level]["label"]))
    for reason in found.now.triage.reasons[:3]:
        if reason.flag is not None:
            lines.append(f"  - {words['red_flags'][reason.flag]['title']}")
    if urgent:
        return "\n".join([*lines, "", said["emergency"]])
    new = [
        f"  {name}: {value}" if _is_number(value) else f"  {answer_label(name, value, knowledge, language)}"
        for name, value in found.new_answers.items()
        if value != "no"
    ]
    rows = [_review(row, said) for row in found.reviews]
    for heading, part in (
        (heads["signs"], [*_signs(found, words)]),
        (heads["new"], new or [f"  {said['new_none']}"]),
        (heads["trend"], [*_trend(found, words, knowledge)]),
        (heads["time"], [*_time(found, words)]),
        (heads["step"], [*_steps(found, words)]),
        (heads["schedule"], rows),
        (heads["plan"], [render_plan(plan_to_raw(found.plan), knowledge, language)]),
    ):
        lines += ["", heading, *part]
    return "\n".join(lines)


def _review(row: Review, said: Mapping[str, Any]) -> str:
    names = ", ".join(str(said["measure_names"][name]) for name in row.missing or row.measures)
    return "  " + str(said["review"]).format(on=row.on, measures=names, state=said["states"][row.state])


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
