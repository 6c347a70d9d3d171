"""The part of docs/evaluation.md about people drawn from the knowledge."""

# ruff: noqa: E501 - sentences are easier to read and to edit whole

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from midback.evaluation.as_text import calibration_text, figure_text
from midback.evaluation.markdown import md_table, words

__all__ = ["policy_part", "simulated_part", "stopped_part"]

METHOD = """For each person a world is drawn in which every uncertain number has one true value from its range; then age, sex, history,
causes (none, one or two) and the truth of every finding. Findings of a group travel together by the engine's own law
(`shared_effect`) or, as a world the engine does not assume, by a hidden mechanism that switches the whole group on or off
(`mechanism`). Answers slip at the rates the model assumes ({slips}) and, in the noise rows, at more. The whole interview is
then held page by page, and the result judged against the truth: a serious cause is triaged safely when the level is at least
its urgency. Levels rest on 500 draws and at most two causes at once."""


def _spread(figure: Mapping[str, float | None]) -> str:
    if figure["p50"] is None:
        return "-"
    return f"{figure['p50']:.0f} ({figure['p10']:.0f}-{figure['p90']:.0f})"


def _top(counts: Mapping[str, int], most: int) -> str:
    return ", ".join(f"{words(name)} {count}" for name, count in list(counts.items())[:most]) or "none"


def _leaning(part: Mapping[str, Any]) -> str:
    return "-" if part["said"] is None else f"{100 * part['said']:.0f} %, {100 * part['came_true']:.0f} %"


def _everybody(name: str, group: Mapping[str, Any]) -> tuple[str, ...]:
    truth, coverage = group["truth"], group["coverage"]
    return (
        name.partition(":")[0], str(group["n"]), figure_text(truth["top_1"]), figure_text(truth["top_3"]),
        *(calibration_text(truth[f"calibration_of_{which}"]) for which in ("first_family", "every_family", "any_dangerous")),
        _leaning(truth["calibration_of_first_family"]),
        figure_text(coverage["every_cause_above_1_percent"] | {"hits": None}), figure_text(coverage["likeliest_cause"]),
        figure_text(coverage["any_dangerous"]),
    )  # fmt: skip


def simulated_part(data: Mapping[str, Any]) -> Iterator[str]:
    """Coverage, calibration, safety, pages and noise."""
    groups = data["groups"]
    everybody = {name: group for name, group in groups.items() if not group["dangerous_only"]}
    serious = {name: group for name, group in groups.items() if group["dangerous_only"]}
    yield "## Simulated people\n"
    yield f"{data['people']:,} people, setting {words(data['setting'])}, fixed seeds.\n"
    yield METHOD.format(slips="settings.yaml, `reliability`") + "\n"
    yield "**Chances and ranges** (everybody, whatever they have):\n"
    head = ["", "n", "right family first", "in the top three", "calibration error: first family", "every family",
            "any dangerous cause", "first family: said, came true", "95 % ranges holding the truth: every cause above 1 %", "likeliest cause", "any dangerous"]  # fmt: skip
    yield md_table(head, [_everybody(name, group) for name, group in everybody.items()])
    yield "\n`by chance` is the error as many people would show if every chance were exactly true: only what lies above it counts.\n"
    yield "**Safety** (first people with a dangerous cause, then, in the last three columns, everybody under the same noise):\n"
    rows = []
    for name, group in serious.items():
        safety, others = group["safety"], groups[name.partition(":")[0] + ": everybody"]["safety"]
        rows.append((
            name.partition(":")[0], str(group["n"]), figure_text(safety["serious_triaged_safely"]),
            figure_text(safety["emergencies_sent_at_once"]), figure_text(safety["over_triage_of_all"]),
            figure_text(others["over_triage_of_all"]), figure_text(others["harmless_seen_same_day_or_faster"]),
            figure_text(others["harmless_sent_as_emergency"]),
        ))  # fmt: skip
    head = ["", "n", "serious causes triaged safely", "emergencies sent at once", "over-triaged", "everybody: over-triaged",
            "harmless: same day or faster", "harmless: sent as an emergency"]  # fmt: skip
    yield md_table(head, rows)
    main, danger = everybody["shared_effect: everybody"], serious["shared_effect: with a dangerous cause"]
    yield (f"\nCauses of those not triaged safely (no added noise): {_top(danger['safety']['missed_by_cause'], 12)}. Rules that "
           f"raised the level of people without a dangerous cause, most often: {_top(main['safety']['harmless_raised_flags'], 8)}.\n")  # fmt: skip
    yield "**Length**, in pages as a person sees them: median (10th to 90th percentile)\n"
    lengths = [(name, _spread(group["pages"]), _spread(group["pages_when_not_cut_short"]), _top(group["ended"], 4))
            for name, group in groups.items()]  # fmt: skip
    yield md_table(["", "all", "not cut short by an emergency", "why it ended"], lengths)
    yield ""


def stopped_part(data: Mapping[str, Any]) -> Iterator[str]:
    """What a check that is stopped early misses."""
    yield f"## Stopped after {data['at_most_pages']} pages\n"
    yield (
        "People who stop early are those whom the order of the questions can fail: the same simulation, cut off after so many "
        "pages. A page of several boxes counts as one. An emergency is missed when somebody whose cause needs an emergency "
        "department now is given any slower level.\n"
    )
    rows = []
    for group in ("with_a_dangerous_cause", "everybody"):
        own = data[group]
        rows.append((words(group), str(own["n"]), *(figure_text(own[name]) for name in (
            "missed_emergencies", "under_triaged", "over_triaged", "sent_as_emergency"))))  # fmt: skip
    head = [
        "",
        "n",
        "emergencies missed (1 % at most)",
        "under-triaged (4 % at most)",
        "over-triaged",
        "sent as an emergency",
    ]
    yield md_table(head, rows)
    danger = data["with_a_dangerous_cause"]
    yield (f"\nEmergencies missed: {_top(danger['missed_emergencies_by_cause'], 12)}. Under-triaged, all: "
           f"{_top(danger['under_triaged_by_cause'], 12)}.\n")  # fmt: skip


def policy_part(data: Mapping[str, Any]) -> Iterator[str]:
    """The question policies side by side."""
    yield "## Question policy\n"
    yield (
        f"{data['people']} simulated people, half with a dangerous cause, each asked by four policies, one finding at a time, and "
        "judged after equal numbers of answers (age and sex known from the start). The interview asks its emergency screen and "
        "safety pages first whatever they tell; it keeps its result once it has ended. Levels are those that would hold if the "
        "rest were no. `information gain` asks what tells most about the cause; `fixed order` is the order of the "
        "clinician's page.\n"
    )
    rows = [
        (row["policy"], str(row["after"]), figure_text(row["top_1"]), figure_text(row["top_3"]),
         figure_text(row["serious_under_triaged"]))
        for row in data["rows"]
    ]  # fmt: skip
    yield md_table(
        ["policy", "answers", "right family first", "in the top three", "serious causes under-triaged"], rows
    )
    yield ""
