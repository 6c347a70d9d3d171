"""docs/evaluation.md: method, figures and limits for a sceptical clinician, written from one whole evaluation."""

# ruff: noqa: E501 - sentences are easier to read and to edit whole

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from midback.evaluation.as_text import calibration_text, figure_text
from midback.evaluation.document_simulated import policy_part, simulated_part, stopped_part
from midback.evaluation.markdown import STAMP_START, md_table, words
from midback.knowledge import Knowledge

__all__ = ["read_stamp", "render_document"]

MARGIN = 0.02  # a difference this small would change nothing for anybody
WELL_CALIBRATED = 0.02  # largest expected calibration error on simulated people
TOP = ("top_1", "top_3", "top_5")


def read_stamp(text: str) -> dict[str, str]:
    """The stamp written into a rendered document; empty when there is none."""
    for line in text.splitlines():
        if line.startswith(STAMP_START):
            return dict(json.loads(line.removeprefix(STAMP_START).removesuffix(" -->")))
    return {}


def _met(value: float | None, bound: float, least: bool) -> str:
    if value is None:
        return "not measured"
    return "met" if (value >= bound if least else value <= bound) else "**missed**"


def _calibrated(part: Mapping[str, Any]) -> str:
    """Whether the target is met, or missed by more than so few people would miss it by chance alone."""
    error = part["expected_calibration_error"]["value"]
    if error is None or error <= WELL_CALIBRATED:
        return _met(error, WELL_CALIBRATED, False)
    return "too few people to tell" if error <= part["by_chance_hi95"] else "**missed**"


def _summary(data: Mapping[str, Any]) -> Iterator[str]:
    figures, simulated = data["cases"]["figures"], data["simulated"]["groups"]
    triage, ranking = figures["triage"], figures["ranking"]["as_setting"]["by_family"]
    every = simulated["shared_effect: everybody"]
    truth = every["truth"]["calibration_of_first_family"]
    covered = every["coverage"]["every_cause_above_1_percent"]
    pages = every["pages_when_not_cut_short"]["p50"]
    rows = [
        ("Worked cases, under-triage", figure_text(triage["under"]), "none", _met(triage["under"]["value"], 0, False)),
        ("Worked cases, over-triage", figure_text(triage["over"]), "15 % at most", _met(triage["over"]["value"], 0.15, False)),
        ("Worked cases, right family in the top three", figure_text(ranking["top_3"]), "90 %",
         _met(ranking["top_3"]["value"], 0.90, True)),
        ("Worked cases, right family first", figure_text(ranking["top_1"]), "70 %", _met(ranking["top_1"]["value"], 0.70, True)),
        ("Simulated people, expected calibration error", calibration_text(truth), f"{WELL_CALIBRATED} at most",
         _calibrated(truth)),
        ("Simulated people, 95 % ranges that hold the truth", figure_text({**covered, "hits": None}), "93-97 %",
         "met" if 0.93 <= (covered["value"] or 0) <= 0.97 else "**missed**"),
        ("Simulated people, median pages of an interview not cut short", f"{pages:.0f}" if pages else "-", "15 at most",
         _met(pages, 15, False)),
    ]  # fmt: skip
    safety, danger = every["safety"], simulated["shared_effect: with a dangerous cause"]["safety"]
    stopped = data["stopped"]["with_a_dangerous_cause"]
    falls = data["robustness"]["emergency_falls_from_one_missing"]
    rows += [
        ("Simulated people with a dangerous cause, triaged safely", figure_text(danger["serious_triaged_safely"]), "-", ""),
        ("Simulated emergencies missed by a check stopped after 15 pages", figure_text(stopped["missed_emergencies"]),
         "1 % at most", _met(stopped["missed_emergencies"]["value"], 0.01, False)),
        ("Simulated people with a dangerous cause under-triaged by a check stopped after 15 pages",
         figure_text(stopped["under_triaged"]), "4 % at most", _met(stopped["under_triaged"]["value"], 0.04, False)),
        ("Simulated people without a dangerous cause, sent the same day or faster",
         figure_text(safety["harmless_seen_same_day_or_faster"]), "-", ""),
        ("Simulated people without a dangerous cause, sent as an emergency", figure_text(safety["harmless_sent_as_emergency"]), "-", ""),
        ("Emergency cases whose level falls when one answer is missing", f"{len(falls)} of "
         f"{data['robustness']['emergency_retellings']} retellings", "-", ""),
    ]  # fmt: skip
    if data["ddxplus"]:
        at_ten = next(row for row in data["ddxplus"]["engine"] if row["questions"] == 10)
        rows.append(("DDXPlus, right disease first after 10 questions", figure_text(at_ten["top_1"]), "97 %",
                     _met(at_ten["top_1"]["value"], 0.97, True)))  # fmt: skip
        rows.append(("DDXPlus, severe disease in the list after 10 questions", figure_text(at_ten["severe_listed"]), "99 %",
                     _met(at_ten["severe_listed"]["value"], 0.99, True)))  # fmt: skip
    yield "## In short\n"
    yield md_table(["", "measured (95 % interval)", "target", ""], rows)
    yield (
        "\nNo patient has been assessed with Midback. The worked cases are few and were read by the people who wrote the "
        "knowledge; the simulated people are drawn from the knowledge itself; DDXPlus is about other diseases. None of "
        "these figures says how Midback does with real people.\n"
    )


def _ranking(figures: Mapping[str, Any]) -> Iterator[str]:
    rows = []
    for mix, name in (("as_setting", "own setting"), ("case_set", "case_set prior")):
        part = figures["ranking"][mix]
        for by in ("by_family", "by_reported_family", "by_cause"):
            rows.append((f"{words(by)}, {name}", *(figure_text(part[by][top]) for top in TOP)))
    yield md_table(["ranking", "first", "in the top three", "in the top five"], rows)
    rows = []
    for mix, name in (("as_setting", "own setting"), ("case_set", "case_set prior")):
        part = figures["ranking"][mix]
        rows.append((
            name, figure_text(part["brier"], percent=False), figure_text(part["log_score"], percent=False),
            *(calibration_text(part[f"calibration_of_{which}_family"]) for which in ("first", "every")),
        ))  # fmt: skip
    yield ""
    yield md_table(
        ["", "Brier score (0-2)", "log score", "calibration error, first family", "calibration error, every family"],
        rows,
    )


def _named(rows: Sequence[Mapping[str, Any]], none: str) -> Iterator[str]:
    if not rows:
        yield none
    for row in rows:
        yield f"- {row['id']}, {row['title']}: given {words(row['given'])}, accepted {words(' or '.join(row['accepted']))}"


def _triage(figures: Mapping[str, Any]) -> Iterator[str]:
    names = ("exact", "under", "over", "emergency_sensitivity", "same_day_or_faster_sensitivity")
    both = figures["triage"], figures["triage_if_rest_no"]
    rows = [(words(name), *(figure_text(part[name]) for part in both)) for name in names]
    yield md_table(["triage", "as given", "if every open safety question were answered no"], rows)
    upper = both[0]["under"]["hi95"]
    for part, title in zip(both, ("as given", "if the rest were no"), strict=True):
        yield f"\n**Under-triaged, {title}** (every one):\n"
        bound = part["under"]["hi95"] if part["under"]["hi95"] is not None else upper
        yield from _named(part["under_triaged"], f"None; the 95 % interval still allows {100 * (bound or 0):.0f} %.")
        yield f"\n**Over-triaged, {title}**:\n"
        yield from _named(part["over_triaged"], "None.")


def _cases_part(run: Mapping[str, Any]) -> Iterator[str]:
    figures = run["figures"]
    unlisted = ", ".join(run["unlisted"]) or "none"
    yield "## Worked cases\n"
    yield (
        f"{run['n']} published or teaching cases of thoracic pain (`knowledge/cases`), each with the levels a reader of the "
        f"whole case would accept and the cause that was found. Unlisted (a cause outside the model, counted as a miss): "
        f"{unlisted}. Skipped: {run['skipped']}. What a case does not state was *not asked*. Ranks are given twice: with the "
        "priors of the case's own setting, and under the declared `case_set` prior (settings.yaml), fixed before any case "
        "was scored, because published cases over-represent what is rare. Levels are only ever those of the own setting. "
        "`reported` families join benign mechanical sources that no sign separates.\n"
    )
    yield from _ranking(figures)
    yield ""
    yield (
        "Under-triaged: less urgent than every accepted level. A level in between two accepted ones counts as over. Written "
        "cases leave most safety questions open, and an incomplete screen is never called routine "
        "([decision 0004](decisions/0004-incomplete-screen-is-never-routine.md)), so benign cases are over-triaged on "
        "purpose; the second column shows the level that would hold once the open questions were answered no.\n"
    )
    yield from _triage(figures)
    spread = figures["open_safety_questions"]
    yield (
        f"\nThe result said that it cannot tell in {figure_text(figures['not_certain'])}; the safety screen was incomplete "
        f"in {figure_text(figures['incomplete_screen'])}, with a median of {spread['p50']:.0f} questions open. Median number "
        f"of answers {figures['answers']['p50']:.0f}.\n"
    )
    for kind, groups in run["groups"].items():
        keys = ("top_1_as_setting", "top_3_as_setting", "exact", "under", "over")
        rows = [(words(name), str(own["n"]), *(figure_text(own[key]) for key in keys)) for name, own in groups.items()]
        yield md_table([f"by {words(kind)}", "n", "first", "top three", "exact", "under", "over"], rows)
        yield ""


def _falls(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    for row in rows:
        yield (f"- {row['id']}, {row['title']}: without `{row['finding']}` ({row['answer']}), "
               f"{words(row['before'])} falls to {words(row['after'])}")  # fmt: skip


def _robustness_part(data: Mapping[str, Any]) -> Iterator[str]:
    yield "## The same case told differently\n"
    yield (
        "Each case again with its answers in another order (three orders), with one answer left out (each in turn, age and "
        "sex too), and with one answer turned round (each in turn; levels to the other end). A fall is a less urgent level "
        "than before; unsafe is a fall below every accepted level.\n"
    )
    rows = [
        (
            kind,
            str(part["retellings"]),
            figure_text(part["changed"]),
            figure_text(part["fell"]),
            str(len(part["unsafe"])),
        )
        for kind, part in data["kinds"].items()
    ]
    yield md_table(["one answer", "retellings", "level changed", "level fell", "unsafe"], rows)
    falls = data["emergency_falls_from_one_missing"]
    yield (
        f"\n**Falls from one missing answer in a case accepted only as an emergency** ({len(falls)} of "
        f"{data['emergency_retellings']} retellings):\n"
    )
    yield from _falls(falls) if falls else iter(["None."])
    yield ""


def _ddxplus_part(data: Mapping[str, Any] | None) -> Iterator[str]:
    yield "## DDXPlus: the engine on data nobody here wrote\n"
    if data is None:
        yield "Skipped: the files of the benchmark were not there when this page was written.\n"
        return
    yield (
        f"Synthetic patients with 49 diseases (Fansi Tchango and others, NeurIPS 2022 Datasets and Benchmarks; CC-BY 4.0). A "
        f"network of the same engine was fitted from counts in {data['trained_on']:,} patients and asked questions of "
        f"{data['tested']} of the {data['unseen']} it never saw (split by a hash of the row). Target fitted: "
        f"{data['target_fitted']}; systems trained to reproduce the benchmark's differential are held near 75 %, because "
        "that ranks the true disease first in only 74.1 %. Age, sex and the initial complaint are known at 0 questions. "
        "Losses are those of naming the wrong disease, doubled for severity 1-2; the two dials of the policy were set on "
        "training patients. A question with several options is worth the sum over its options; the interview, which has "
        "one such question, takes the largest, and that rule did worse on training patients. The baseline is a greedy naive Bayes on the same counts and the same patients. **This proves "
        "the engine and the question policy, not the medicine.**\n"
    )
    keys = ("top_1", "top_3", "top_5", "severe_in_top_5", "severe_listed")
    for name, title in (("engine", "Midback's engine and policy"), ("naive_bayes", "greedy naive Bayes")):
        rows = [(str(row["questions"]), *(figure_text(row[key]) for key in keys)) for row in data[name]]
        head = [
            f"questions ({title})",
            "first",
            "top three",
            "top five",
            "severe disease in top five",
            "severe given 1 % or more",
        ]
        yield md_table(head, rows)
        yield ""
    gap = data["difference_at_10"]
    yield (
        f"First after 10 questions, engine minus naive Bayes: {100 * gap['value']:+.1f} points ({100 * gap['lo95']:+.1f} to "
        f"{100 * gap['hi95']:+.1f}), McNemar exact p = {gap['mcnemar_p']:.2f}: "
        f"{'not' if gap['lo95'] >= -MARGIN else '**possibly**'} worse by {100 * MARGIN:.0f} points or more.\n"
    )
    rows = [(row["name"], row["on"], f"{100 * row['top_1']:.2f} %", "-" if row["questions"] is None else f"{row['questions']:g}")
            for row in data["published"]]  # fmt: skip
    yield "Published, on other test patients and with more training data, so for orientation only:\n"
    yield md_table(["system", "on", "right disease first", "questions"], rows)
    yield ""


LIMITS = """## Limits

- **The authors of the knowledge have read the worked cases.** No number was fitted to them, but they are not a blind test.
- **A few dozen cases.** Zero misses among six emergencies is compatible with missing four in ten. Read the intervals.
- **The accepted levels are our reading** of published cases, and published cases are picked for being instructive.
- **Simulated people cannot disagree with the knowledge.** They show whether the arithmetic and the question policy keep
  their promises if the knowledge is right within its ranges. Missing causes, wrong priors and wrong structure stay invisible.
- **Most numbers of the knowledge are judgement words** with wide ranges; every result says what share rests on them.
- **Ranges are about parameters only**, never about causes that are not in the list.
- **Nothing here measures** what people understand, whether they follow the advice, or what becomes of them.
- **Groups with no or almost no cases:** children, pregnancy, people over 75, languages other than English.

## Case files

One case is a mapping with `id`, `title`, `setting`, `age`, `sex`, `answers` (as in [the answers format](answers_format.md)),
`accepted_levels` (a list), `family` (or `unlisted`) and, where known, `cause`; optionally `category`, `population`, `source`
and `notes`. A file is YAML or JSON (one case or a list) or JSONL (one case a line). What cannot be read is reported with
its place, skipped, counted, and makes the exit code 1.

```
midback evaluate cases/                                    # text
midback evaluate cases.jsonl --output report.html          # one self-contained page
midback evaluate cases.jsonl --output run.json             # to compare with later
midback evaluate cases.jsonl --against run.json            # paired: McNemar, bootstrap
midback evaluate cases.jsonl --against predictions.jsonl   # {"id": ..., "families": [...], "level": ...} a line
make evaluate                                              # this page again
```
"""


def render_document(data: Mapping[str, Any], knowledge: Knowledge, size: str) -> str:
    """The whole page in Markdown, with the stamp that tells which knowledge and model it belongs to."""
    mark = data["stamp"]
    parts = [
        f"{STAMP_START}{json.dumps(mark, sort_keys=True)} -->",
        "# Evaluation\n",
        f"Written by `make evaluate` ({size} size) for knowledge {mark['knowledge_version']} (network "
        f"`{mark['network_hash'][:12]}`, rules `{mark['rules_hash'][:12]}`, cases `{mark['cases_hash'][:12]}`) and model "
        f"{mark['model_version']} (`{mark['model_hash'][:12]}`); a test fails when these are not the present ones. "
        f"Intervals are 95 % throughout (Wilson for shares, bootstrap for means). {knowledge.status}\n",
        *_summary(data),
        *_cases_part(data["cases"]),
        *_robustness_part(data["robustness"]),
        *simulated_part(data["simulated"]),
        *stopped_part(data["stopped"]),
        *policy_part(data["policies"]),
        *_ddxplus_part(data["ddxplus"]),
        LIMITS,
    ]
    return "\n".join(parts).rstrip() + "\n"
