"""A run of cases as one self-contained page: no script, no request, charts as SVG, fit for print and for the dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from midback.evaluation.as_text import MIX_NAMES, calibration_text, figure_text
from midback.evaluation.charts import bars, reliability
from midback.evaluation.page_style import STYLE

__all__ = ["page", "render_run_html", "render_run_parts", "table"]

TARGETS = {"top 1": 0.70, "top 3": 0.90}


def _words(name: str) -> str:
    return name.replace("_", " ")


def page(title: str, body: str) -> str:
    """A whole page around ``body``; everything it needs is inside it."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def table(head: Iterable[str], rows: Iterable[Iterable[tuple[str, str]]], caption: str = "") -> str:
    """A table; every cell is (text, class), and class "n" is a number."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        "<tr>" + "".join(f'<td class="{kind}">{escape(text)}</td>' for text, kind in row) + "</tr>" for row in rows
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="scroll"><table>{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _tiles(run: Mapping[str, Any]) -> str:
    figures = run["figures"]
    ranking, triage = figures["ranking"]["as_setting"]["by_family"], figures["triage"]
    under = triage["under"]["hits"]
    shown = (
        ("under-triaged", triage["under"], "bad" if under else "good", str(under)),
        ("over-triaged", triage["over"], "warn" if (triage["over"]["value"] or 0) > 0.15 else "good", ""),
        ("emergencies sent at once", triage["emergency_sensitivity"], "", ""),
        ("right family first", ranking["top_1"], "", ""),
        ("right family in the top three", ranking["top_3"], "", ""),
        ("result says it cannot tell", figures["not_certain"], "", ""),
    )
    tiles = []
    for name, figure, kind, big in shown:
        value = "-" if figure["value"] is None else f"{100 * figure['value']:.0f} %"
        between = "" if figure["value"] is None else (
            f" {figure['hits']} of {figure['n']}; "
            f"95 % interval {100 * figure['lo95']:.0f} to {100 * figure['hi95']:.0f} %"
        )  # fmt: skip
        tiles.append(f'<div class="tile {kind}"><b>{big or value}</b>{escape(name)}<br><span>{between}</span></div>')
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _given_by_accepted(triage: Mapping[str, Any], levels: list[str]) -> str:
    def cells(accepted: str, given: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        fine = accepted.split(" or ")
        yield _words(accepted), ""
        for level in levels:
            kind = "hit" if level in fine else "miss" if levels.index(level) < min(map(levels.index, fine)) else "extra"
            count = given.get(level, 0)
            yield (str(count) if count else "", f"n {kind}" if count else "n")

    ordered = sorted(
        triage["given_by_accepted"].items(), key=lambda item: [levels.index(name) for name in item[0].split(" or ")]
    )
    rows = (cells(accepted, given) for accepted, given in ordered)
    return table(["accepted", *map(_words, levels)], rows, "Cases by accepted level (rows) and level given (columns)")


def _list_of(rows: list[Mapping[str, Any]], kind: str, none: str) -> str:
    if not rows:
        return f"<p>{escape(none)}</p>"
    cells = (
        ((row["id"], ""), (row["title"], ""), (_words(row["given"]), kind), (_words(" or ".join(row["accepted"])), ""))
        for row in rows
    )
    return table(["case", "what it was", "level given", "accepted"], cells)


def _triage(run: Mapping[str, Any], levels: list[str]) -> str:
    parts = []
    for key, title, note in (
        ("triage", "Triage", "The level as a person would have been given it, floor of an incomplete screen included."),
        ("triage_if_rest_no", "Triage if every open safety question were answered no",
         "Written cases leave most safety questions open, which holds the level at two weeks or faster on purpose."),
    ):  # fmt: skip
        part = run["figures"][key]
        rows = [(_words(name), part[name]) for name in
                ("exact", "under", "over", "emergency_sensitivity", "same_day_or_faster_sensitivity")]  # fmt: skip
        upper = part["under"]["hi95"]
        none = (
            f"No case was under-triaged; the interval still allows {100 * upper:.0f} %."
            if upper is not None
            else "No case."
        )
        parts.append(
            f"<h2>{title}</h2><p class=soft>{note}</p>{bars(title, rows)}{_given_by_accepted(part, levels)}"
            f"<h3>Every under-triaged case</h3>{_list_of(part['under_triaged'], 'under', none)}"
            f"<h3>Every over-triaged case</h3>{_list_of(part['over_triaged'], 'over', 'No case was over-triaged.')}"
        )
    return "".join(parts)


def _ranking(run: Mapping[str, Any]) -> str:
    parts = ["<h2>What it was</h2>"]
    for mix, name in MIX_NAMES.items():
        part = run["figures"]["ranking"][mix]
        parts.append(f"<h3>Ranked {escape(name)}</h3>")
        for by in ("by_family", "by_reported_family", "by_cause"):
            rows = [(f"top {top[-1]}", figure) for top, figure in part[by].items()]
            marks = TARGETS if by == "by_family" else None
            parts.append(f"<p class=soft>{_words(by)}</p>{bars(_words(by), rows, marks)}")
        plots = "".join(
            f"<figure><figcaption class=soft>{which} family; calibration error "
            f"{calibration_text(part[key])}</figcaption>"
            f"{reliability(f'{which} family', part[key]['bins'])}</figure>"
            for which, key in (("first", "calibration_of_first_family"), ("every", "calibration_of_every_family"))
        )
        parts.append(f'<div class="side">{plots}</div><p>Brier score {figure_text(part["brier"], percent=False)}, '
                     f"log score {figure_text(part['log_score'], percent=False)} (0 is best).</p>")  # fmt: skip
    return "".join(parts)


def _groups(run: Mapping[str, Any]) -> str:
    def cells(name: str, brief: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        yield _words(name), ""
        yield str(brief["n"]), "n"
        for key in (
            "top_1_as_setting",
            "top_3_as_setting",
            "top_1_case_set",
            "top_3_case_set",
            "exact",
            "under",
            "over",
        ):
            yield figure_text(brief[key]), "n under" if key == "under" and brief[key]["hits"] else "n"

    head = ["", "n", "top 1", "top 3", "top 1 (case set)", "top 3 (case set)", "exact", "under", "over"]
    parts = (
        f"<h3>By {_words(kind)}</h3>{table(head, (cells(name, brief) for name, brief in rows.items()))}"
        for kind, rows in run["groups"].items()
    )
    return "<h2>Groups</h2>" + "".join(parts)


def _points(figure: Mapping[str, Any]) -> dict[str, float]:
    return {key: 100 * figure[key] for key in ("value", "lo95", "hi95")}


def _comparison(part: Mapping[str, Any]) -> str:
    rows = (
        ((test["what"], ""), (f"{test['ours']} of {test['n']}", "n"), (f"{test['theirs']} of {test['n']}", "n"),
         (f"{test['only_ours']} / {test['only_theirs']}", "n"),
         ("{value:+.0f} ({lo95:+.0f} to {hi95:+.0f})".format(**_points(test["difference"])), "n"),
         (f"{test['mcnemar_p']:.3f}", "n"))
        for test in part["tests"]
    )  # fmt: skip
    head = ["", "here", "there", "only here / only there", "difference, points (95 %)", "McNemar exact p"]
    title = f"{part['paired']} cases in both; {part['only_here']} only here, {part['only_there']} only there"
    return f"<h2>Paired with {escape(part['against'])}</h2>{table(head, rows, title)}"


def _cases(run: Mapping[str, Any]) -> str:
    def cells(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        own = row["ranked"]["as_setting"]
        yield row["id"], ""
        yield row["title"], ""
        yield _words(row["family"]), ""
        yield (str(own["family_rank"]) if own["family_rank"] else "-"), "n"
        yield (str(row["ranked"]["case_set"]["family_rank"] or "-")), "n"
        yield (
            ", ".join(f"{_words(name)} {100 * chance:.0f}\N{NO-BREAK SPACE}%" for name, chance in own["families"][:3]),
            "",
        )
        yield _words(row["level"]), row["triage"] if row["triage"] != "exact" else ""
        yield _words(row["level_if_rest_no"]), row["triage_if_rest_no"] if row["triage_if_rest_no"] != "exact" else ""
        yield _words(" or ".join(row["accepted"])), ""

    head = [
        "case",
        "what it was",
        "family",
        "rank",
        "rank (case set)",
        "first three",
        "level",
        "if rest no",
        "accepted",
    ]
    return "<h2>Every case</h2>" + table(head, (cells(row) for row in run["cases"]))


def render_run_parts(run: Mapping[str, Any], levels: list[str]) -> str:
    """Everything about a run that stands inside a page."""
    mark = run["stamp"]
    about = (
        f"{run['n']} cases; {len(run['unlisted'])} with a cause outside the model (counted as misses); "
        f"{run['skipped']} skipped. Knowledge {mark['knowledge_version']}, network {mark['network_hash'][:12]}, rules "
        f"{mark['rules_hash'][:12]}, model {mark['model_version']}. Intervals are 95 %; dashed lines are targets."
    )
    skipped = ""
    if run["problems"]:
        rows = "".join(f"<li>{escape(problem)}</li>" for problem in run["problems"])
        skipped = f"<h2>Skipped: {run['skipped']}</h2><ul>{rows}</ul>"
    return (
        f"<h1>Midback on {run['n']} cases</h1><p class=soft>{escape(about)}</p>"
        "<p>Preview: not for care decisions. Cases are chosen for being instructive; they are not a population.</p>"
        + _tiles(run) + skipped + _triage(run, levels) + _ranking(run) + _groups(run)
        + (_comparison(run["comparison"]) if "comparison" in run else "") + _cases(run)
    )  # fmt: skip


def render_run_html(run: Mapping[str, Any], levels: list[str]) -> str:
    """The whole run as one HTML page; ``levels`` are the triage levels from the least to the most urgent."""
    return page("Midback: evaluation", render_run_parts(run, levels))
