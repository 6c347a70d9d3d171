"""The whole evaluation as one self-contained page: the worked cases, and curves for everything simulated."""

# ruff: noqa: E501 - tables read best one column a line

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from midback.evaluation.as_html import page, render_run_parts, table
from midback.evaluation.as_text import calibration_text, figure_text
from midback.evaluation.charts import Curve, curves, reliability

__all__ = ["render_whole_html"]


def _curve(name: str, rows: list[tuple[float, Mapping[str, Any]]]) -> Curve:
    known = [(x, figure) for x, figure in rows if figure["value"] is not None]
    return Curve(name, [(x, figure["value"]) for x, figure in known], [(f["lo95"], f["hi95"]) for _, f in known])


def _figure(title: str, drawing: str) -> str:
    return f"<figure><figcaption class=soft>{title}</figcaption>{drawing}</figure>"


def _noise(groups: Mapping[str, Any]) -> str:
    def line(name: str, dangerous: bool, pick: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Curve:
        own = [
            g
            for g in groups.values()
            if g["dangerous_only"] == dangerous and g["law"] == "shared_effect" and g["slips"]
        ]
        return _curve(name, sorted(((100 * g["mistaken"], pick(g)) for g in own), key=lambda row: row[0]))

    lines = [
        line("serious causes triaged safely", True, lambda g: g["safety"]["serious_triaged_safely"]),
        line("harmless seen same day or faster", False, lambda g: g["safety"]["harmless_seen_same_day_or_faster"]),
        line("right family first", False, lambda g: g["truth"]["top_1"]),
        line("95 % ranges holding the truth", False, lambda g: g["coverage"]["every_cause_above_1_percent"]),
    ]
    return _figure("By mistaken answers, on top of the slips the model assumes",
                   curves("Noise", lines, "mistaken answers added, percent"))  # fmt: skip


def _simulated(data: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>Simulated people: {data['people']:,}</h2>"
    plots = []
    for name in ("shared_effect: everybody", "mechanism: everybody"):
        part = data["groups"][name]["truth"]["calibration_of_first_family"]
        error = calibration_text(part)
        plots.append(_figure(f"{name}; calibration error {error}", reliability(name, part["bins"])))
    yield f'<div class="side">{"".join(plots)}</div>' + _noise(data["groups"])
    rows = (
        ((name, ""), (str(group["n"]), "n"), (figure_text(group["safety"]["serious_triaged_safely"]), "n"),
         (figure_text(group["safety"]["over_triage_of_all"]), "n"),
         ("-" if group["pages"]["p50"] is None else "{p50:.0f} ({p10:.0f}-{p90:.0f})".format(**group["pages"]), "n"))
        for name, group in data["groups"].items()
    )  # fmt: skip
    yield table(["", "n", "serious triaged safely", "over-triaged", "pages, median (10th-90th)"], rows)


def _policies(data: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>Question policies: {data['people']} people, half with a dangerous cause</h2>"
    names = dict.fromkeys(row["policy"] for row in data["rows"])
    for key, title in (("serious_under_triaged", "Serious causes under-triaged"), ("top_1", "Right family first")):
        lines = [_curve(name, [(r["after"], r[key]) for r in data["rows"] if r["policy"] == name]) for name in names]
        yield _figure(title, curves(title, lines, "answers"))


def _ddxplus(data: Mapping[str, Any] | None) -> Iterator[str]:
    yield "<h2>DDXPlus: the engine, not the medicine</h2>"
    if data is None:
        yield "<p>Skipped: the files of the benchmark were not there.</p>"
        return
    lines = [
        _curve(f"{title}, {words}", [(row["questions"], row[key]) for row in data[name]])
        for name, title in (("engine", "Midback"), ("naive_bayes", "naive Bayes"))
        for key, words in (("top_1", "first"), ("severe_listed", "severe listed"))
    ]
    yield _figure(f"{data['tested']} unseen patients", curves("DDXPlus", lines, "questions"))
    rows = (((row["name"], ""), (row["on"], ""), (f"{100 * row['top_1']:.2f} %", "n"),
             ("-" if row["questions"] is None else f"{row['questions']:g}", "n")) for row in data["published"])  # fmt: skip
    yield table(["published", "on", "right disease first", "questions"], rows)


def _robustness(data: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>The same case told differently</h2>"
    rows = (((kind, ""), (str(part["retellings"]), "n"), (figure_text(part["changed"]), "n"), (figure_text(part["fell"]), "n"),
             (str(len(part["unsafe"])), "n")) for kind, part in data["kinds"].items())  # fmt: skip
    yield table(["one answer", "retellings", "level changed", "level fell", "unsafe"], rows)
    falls = data["emergency_falls_from_one_missing"]
    cells = (
        tuple((row[key].replace("_", " "), "") for key in ("id", "title", "finding", "before", "after"))
        for row in falls
    )
    yield "<h3>Emergencies whose level falls when one answer is missing</h3>"
    yield table(["case", "what it was", "missing", "before", "after"], cells) if falls else "<p>None.</p>"


def render_whole_html(data: Mapping[str, Any], levels: list[str]) -> str:
    """One page with everything; ``levels`` are the triage levels from the least to the most urgent."""
    body = render_run_parts(data["cases"], levels) + "".join(
        [*_robustness(data["robustness"]), *_simulated(data["simulated"]), *_policies(data["policies"]),
         *_ddxplus(data["ddxplus"])]
    )  # fmt: skip
    return page("Midback: the whole evaluation", body)
