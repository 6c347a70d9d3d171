"""A run of cases as plain text for a terminal or a log."""

# ruff: noqa: E501 - sentences are easier to read and to edit whole

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["MIX_NAMES", "calibration_text", "figure_text", "render_run"]

MIX_NAMES = {"as_setting": "as the case's own setting", "case_set": "under the case_set prior"}


def figure_text(figure: Mapping[str, Any], percent: bool = True) -> str:
    """One figure with its interval: ``70 % (21/30; 95 % interval 52-83)``.

    >>> figure_text({"value": 0.7, "lo95": 0.52, "hi95": 0.83, "n": 30, "hits": 21})
    '70 % (21/30; 52-83)'
    """
    if figure["value"] is None:
        return "no case"
    if not percent:
        return f"{figure['value']:.3f} ({figure['lo95']:.3f}-{figure['hi95']:.3f})"
    count = f"{figure['hits']}/{figure['n']}; " if figure.get("hits") is not None else ""
    return f"{100 * figure['value']:.0f} % ({count}{100 * figure['lo95']:.0f}-{100 * figure['hi95']:.0f})"


def calibration_text(part: Mapping[str, Any]) -> str:
    """A calibration error beside what chance alone would give: ``0.091 (0.065-0.213; by chance 0.070)``."""
    error = part["expected_calibration_error"]
    if error["value"] is None:
        return "no case"
    return f"{error['value']:.3f} ({error['lo95']:.3f}-{error['hi95']:.3f}; by chance {part['by_chance']:.3f})"


def _ranking(figures: Mapping[str, Any]) -> Iterator[str]:
    for mix, name in MIX_NAMES.items():
        part = figures["ranking"][mix]
        yield f"Ranking, {name}"
        for by in ("by_family", "by_reported_family", "by_cause"):
            tops = ", ".join(f"{top.replace('_', ' ')} {figure_text(part[by][top])}" for top in part[by])
            yield f"  {by.replace('_', ' '):19} {tops}"
        yield f"  Brier score         {figure_text(part['brier'], percent=False)}"
        yield f"  log score           {figure_text(part['log_score'], percent=False)}"
        for which in ("first", "every"):
            yield f"  calibration error   {calibration_text(part[f'calibration_of_{which}_family'])} ({which} family)"
        yield ""


def _triage(part: Mapping[str, Any], title: str) -> Iterator[str]:
    yield title
    for name in ("exact", "under", "over", "emergency_sensitivity", "same_day_or_faster_sensitivity"):
        yield f"  {name.replace('_', ' '):31} {figure_text(part[name])}"
    for key in ("under_triaged", "over_triaged"):
        if not part[key]:
            upper = part[key.split("_")[0]]["hi95"]
            bound = f"; the interval still allows {100 * upper:.0f} %" if upper is not None else ""
            yield f"  {key.replace('_', ' ')}: none{bound}"
            continue
        yield f"  {key.replace('_', ' ')}:"
        for row in part[key]:
            yield f"    {row['id']}  {row['title']}: given {row['given']}, accepted {' or '.join(row['accepted'])}"
    yield ""


def _groups(groups: Mapping[str, Any]) -> Iterator[str]:
    for kind, rows in groups.items():
        yield f"By {kind.replace('_', ' ')}: n, top 1 / top 3 by family (own setting), exact / under / over"
        for name, brief in rows.items():
            shares = [brief[key]["value"] for key in ("top_1_as_setting", "top_3_as_setting", "exact", "under", "over")]
            said = [f"{100 * value:.0f} %" for value in shares]
            yield f"  {name:26} {brief['n']:4}   {said[0]:>5} / {said[1]:>5}   {said[2]:>5} / {said[3]:>5} / {said[4]:>5}"
        yield ""


def _comparison(part: Mapping[str, Any]) -> Iterator[str]:
    yield f"Paired with {part['against']}: {part['paired']} cases ({part['only_here']} only here, {part['only_there']} only there)"
    for test in part["tests"]:
        gap = test["difference"]
        yield (
            f"  {test['what']:28} {test['ours']} against {test['theirs']} of {test['n']}; only here {test['only_ours']}, "
            f"only there {test['only_theirs']}; difference {100 * gap['value']:+.0f} points "
            f"({100 * gap['lo95']:+.0f} to {100 * gap['hi95']:+.0f}), McNemar exact p = {test['mcnemar_p']:.3f}"
        )
    yield ""


def _lines(run: Mapping[str, Any]) -> Iterator[str]:
    figures = run["figures"]
    mark = run["stamp"]
    yield f"{run['n']} cases scored, {run['skipped']} skipped, {len(run['unlisted'])} with a cause outside the model"
    yield f"knowledge {mark['knowledge_version']} (network {mark['network_hash'][:12]}, rules {mark['rules_hash'][:12]}), "
    yield f"model {mark['model_version']}, Midback {mark['midback_version']}. Intervals are 95 %. Unlisted cases count as misses."
    yield ""
    if run["problems"]:
        yield f"Skipped ({run['skipped']}):"
        yield from (f"  {problem}" for problem in run["problems"])
        yield ""
    yield from _ranking(figures)
    yield from _triage(figures["triage"], "Triage (own setting)")
    rest = "Triage if every open safety question were answered no (docs/decisions/0004)"
    yield from _triage(figures["triage_if_rest_no"], rest)
    yield f"Cannot tell (certain: false)  {figure_text(figures['not_certain'])}"
    yield f"Safety screen incomplete      {figure_text(figures['incomplete_screen'])}"
    for name in ("answers", "pages", "open_safety_questions"):
        spread = figures[name]
        if spread["p50"] is not None:
            yield f"{name.replace('_', ' '):29} {spread['p50']:.0f} (10th to 90th percentile {spread['p10']:.0f}-{spread['p90']:.0f})"
    yield ""
    yield from _groups(run["groups"])
    if "comparison" in run:
        yield from _comparison(run["comparison"])


def render_run(run: Mapping[str, Any]) -> str:
    """The whole run as text, every under-triaged case by name."""
    return "\n".join(_lines(run)).rstrip() + "\n"
