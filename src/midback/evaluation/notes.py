"""`python -m midback.evaluation.notes TEXTS`: what the reading of notes finds, against cases coded by hand.

TEXTS is JSONL, one object a line with ``id`` and ``presentation_core`` (the text). The coded answers are those of the
worked cases of the same id.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

from midback.answers import Answers, Reply, read_answers
from midback.evaluation.cases import read_cases
from midback.evaluation.intervals import share
from midback.evaluation.markdown import md_table
from midback.evaluation.stamping import cases_folder
from midback.knowledge import Knowledge, load_knowledge
from midback.notes import Proposal, Reading, read_note

__all__ = ["NoteScore", "main", "phrases_hash", "render_notes", "score_note"]

TEXT = "presentation_core"
MOST_LISTED = 6
METHOD = (
    "A pasted note is compared with a list of phrases (`knowledge/notes/en`) and with words that deny, doubt, or speak "
    "of relatives, of what is feared or of the past. What is recognised is *proposed* with the words it came from; "
    "nothing becomes an answer until a clinician ticks it. There is no machine learning, and nothing in a note is ever "
    "an instruction (decision 0019, which also keeps the figures of the first reading)."
)
NOT_HELD_OUT = (
    "**These {count} texts are not held out.** The phrases are what clinicians write in general, but their author had "
    "read these texts and improved the phrases on them, so the figures flatter. Twelve short notes in the "
    "abbreviations of clinics and eight letters and sheets (`tests/notes`) were written before the code read them; "
    "decision 0019 says what it made of them then. They are tests now, and no measure any more. A stranger's notes "
    "will fare worse."
)
CODING = (
    'A coded case also holds what its coder concluded ("no red flags" as no fever, no weight loss, no cancer); the '
    "reader proposes only what words say, and the rest counts as missed. What is beyond the coding is often right and "
    "was only not needed."
)
LIMITS = (
    "English only. Words that are not on the list are missed, and spelling mistakes are not corrected.",
    'A denial reaches over commas to the end of its list ("no fever, cough, sweats"); it ends where a degree or a new '
    'verb begins ("no fever, severe cough"), so "no fever, productive cough" is read as no cough. The page shows which '
    "word denied each.",
    "Of two durations or readings the one nearest the pain, or the first, is taken; of two pain scores the higher.",
    '"History of" before a symptom is taken as past, and shown among what was passed over.',
    "At most 20,000 characters are read at once.",
)


@dataclass(frozen=True, slots=True)
class NoteScore:
    """One text against its coded answers, as finding ids. ``beyond`` was proposed and is not coded: some of it is
    right, and was only not needed; ``denial_missed`` is coded no and was proposed yes."""

    id: str
    found: tuple[str, ...]
    missed: tuple[str, ...]
    other_value: tuple[str, ...]
    denial_missed: tuple[str, ...]
    beyond: tuple[str, ...]
    denied_coded: int
    person_right: bool


def _value(proposal: Proposal, knowledge: Knowledge) -> object:
    raw = list(proposal.value) if isinstance(proposal.value, tuple) else proposal.value
    return read_answers({"answers": {proposal.finding: raw}}, knowledge).given[proposal.finding]


def _agrees(coded: object, proposed: object) -> bool:
    """Equal, or, of places, at least one in common: a text seldom says which of two zones a place belongs to."""
    if isinstance(coded, frozenset) and isinstance(proposed, frozenset):
        return bool(coded & proposed) or coded == proposed
    return coded == proposed


def score_note(case_id: str, reading: Reading, coded: Answers, knowledge: Knowledge) -> NoteScore:
    """How one reading compares with the answers somebody coded from the same text."""
    proposed = {row.finding: row for row in reading.proposals}
    values = {name: _value(row, knowledge) for name, row in proposed.items() if name in knowledge.findings}
    right = [name for name, value in coded.given.items() if name in values and _agrees(value, values[name])]
    other = [name for name in coded.given if name in values and name not in right]
    age, sex = proposed.get("age"), proposed.get("sex")
    return NoteScore(
        id=case_id,
        found=tuple(right),
        missed=tuple(name for name in coded.given if name not in values),
        other_value=tuple(other),
        denial_missed=tuple(
            name for name in other if coded.given[name] is Reply.NO and values[name] is Reply.YES
        ),
        beyond=tuple(name for name in values if name not in coded.given),
        denied_coded=sum(value is Reply.NO for value in coded.given.values()),
        person_right=(age.value if age else None) == coded.age and (sex.value if sex else None) == coded.sex,
    )  # fmt: skip


def _texts(path: Path) -> dict[str, str]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {str(row["id"]): str(row[TEXT]) for row in rows}


def _names(rows: Iterable[str]) -> str:
    listed = list(rows)
    more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
    return ", ".join(f"`{name}`" for name in listed[:MOST_LISTED]) + more or "-"


def _share(hits: int, n: int) -> str:
    figure = share(hits, n)
    if figure.value is None or figure.lo95 is None or figure.hi95 is None:
        return "-"
    low, high = figure.lo95 * 100, figure.hi95 * 100
    return f"{figure.value * 100:.0f} % ({hits}/{n}; {low:.0f}-{high:.0f})"


def phrases_hash(knowledge: Knowledge) -> str:
    """A hash of all phrases that notes are read by: figures of other phrases are recognised as such."""
    text = json.dumps(knowledge.content["notes"], sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def render_notes(scores: Sequence[NoteScore], knowledge: Knowledge, slowest_seconds: float) -> str:
    """docs/notes.md: how notes are read, what that finds, case by case."""
    coded = sum(len(row.found) + len(row.missed) + len(row.other_value) for row in scores)
    found, other = sum(len(row.found) for row in scores), sum(len(row.other_value) for row in scores)
    denials = sum(row.denied_coded for row in scores)
    wrong_denials = [f"{row.id} {name}" for row in scores for name in row.denial_missed]
    beyond = sum(len(row.beyond) for row in scores)
    head = md_table(
        ["", "measured (95 % interval)"],
        [
            ["Coded findings found with the coded value", _share(found, coded)],
            ["Coded findings found with another value", _share(other, coded)],
            ["Coded findings missed", _share(coded - found - other, coded)],
            ["Coded denials proposed as present", f"{_share(len(wrong_denials), denials)}: {_names(wrong_denials)}"],
            ["Age and sex both right", _share(sum(row.person_right for row in scores), len(scores))],
            ["Proposed beyond the coded findings", f"{beyond} in {len(scores)} texts"],
            ["Slowest text", f"{slowest_seconds * 1000:.0f} ms"],
        ],
    )
    table = md_table(
        ["case", "found", "missed", "another value", "beyond the coding"],
        [
            [row.id, f"{len(row.found)}", _names(row.missed), _names(row.other_value), _names(row.beyond)]
            for row in scores
        ],
    )
    written = f"for knowledge {knowledge.version} (phrases `{phrases_hash(knowledge)}`)"
    parts = [
        "# Reading notes",
        f"Written by `python -m midback.evaluation.notes TEXTS --output docs/notes.md` {written}. Do not edit.",
        METHOD,
        "## What it finds",
        head,
        NOT_HELD_OUT.format(count=len(scores)),
        CODING,
        "## Known limits",
        "\n".join(f"- {line}" for line in LIMITS),
        "## Case by case",
        "Findings of each text, by id.",
        table,
    ]
    return "\n\n".join(parts) + "\n"


def _score_all(texts: Mapping[str, str], knowledge: Knowledge) -> tuple[list[NoteScore], float]:
    coded = {case.id: case.answers for case in read_cases([cases_folder()], knowledge).cases}
    scores, slowest = [], 0.0
    read_note("", knowledge)  # the vocabulary is made ready once
    for case_id, text in texts.items():
        if case_id in coded:
            before = perf_counter()
            reading = read_note(text, knowledge)
            slowest = max(slowest, perf_counter() - before)
            scores.append(score_note(case_id, reading, coded[case_id], knowledge))
    return scores, slowest


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 written or printed, 1 no text belongs to a worked case."""
    parser = argparse.ArgumentParser(prog="python -m midback.evaluation.notes", description=__doc__)
    parser.add_argument("texts", type=Path, metavar="TEXTS", help="JSONL with id and presentation_core")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of printing")
    options = parser.parse_args(arguments)
    knowledge = load_knowledge()
    scores, slowest = _score_all(_texts(options.texts), knowledge)
    if not scores:
        print("no text has the id of a worked case", file=sys.stderr)
        return 1
    text = render_notes(scores, knowledge, slowest)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
