"""A kept result beside the same answers worked out anew, as plain data and as sentences: level, why, chances, plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from midback.follow_up import Moved, Reworked, Said
from midback.knowledge import EMERGENCY, Knowledge
from midback.knowledge.changes import LogEntry
from midback.report.figures import in_100, within_text
from midback.report.telling import Telling, ToldPart

__all__ = ["LEAST_MOVE", "render_saved", "saved_json", "saved_parts"]

SCHEMA_VERSION = 1
SHOWN_MOVES = 8
LEAST_MOVE = 0.01  # of a chance; less is no news
WORD_FOLDERS = ("care", "prevention")


def _said_json(said: Said | None) -> dict[str, Any] | None:
    if said is None:
        return None
    chances = {name: dict(zip(("chance", "lo95", "hi95"), (round(value, 4) for value in row), strict=True))
               for name, row in (said.chances or {}).items()}  # fmt: skip
    return {"level": said.level, "within_hours": said.within_hours, "certain": said.certain, "chances": chances or None,
            "plan": None if said.items is None else list(said.items)}  # fmt: skip


def saved_json(found: Reworked, knowledge: Knowledge, language: str = "en") -> dict[str, Any]:
    """Everything the comparison says, ready for ``json.dumps``: chances 0-1 with four decimals."""
    words = knowledge.words[language]
    saved, day = found.saved, found.saved.answered_on
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "saved_result",
        "notice": words["interface"]["preview"],
        "answered_on": day.isoformat() if day else None,
        "made_with": {"version": saved.version, "dated": saved.dated, "hashes": dict(saved.hashes)},
        "knowledge": {"version": found.assessment.knowledge_version, "dated": knowledge.dated,
                      "hashes": dict(found.assessment.knowledge_hashes)},
        "same_knowledge": found.same_knowledge,
        "level_changed": found.level_changed,
        "before": _said_json(saved.said),
        "now": _said_json(found.now),
        "moved": None if found.moved is None else [
            {"family": row.family, "before": round(row.before, 4), "now": round(row.now, 4),
             "dangerous": row.dangerous} for row in found.moved
        ],
        "plan": {"new": list(found.items_new), "gone": list(found.items_gone)},
        "log": [{"id": row.id, "version": row.version, "dated": row.dated, "text": words["changes"][row.id],
                 **{kind: list(names) for kind, names in row.touched.items()}} for row in found.log],
        "left_out": list(saved.left_out),
        "answers": saved.answers.to_raw(),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Telling(Telling):
    found: Reworked


def _level(t: _Telling) -> Iterator[str]:
    found, said, levels = t.found, t.said, t.words["levels"]
    before, now = found.saved.said, found.now
    if found.saved.answered_on is not None:
        yield said["answered_on"].format(day=t.say_day(found.saved.answered_on))
    if before is None:
        yield said["no_result"]
    if before is None or not found.level_changed:
        yield said["level_same"].format(level=levels[now.level]["label"]) if before else levels[now.level]["lay"]
    else:
        yield said["level_changed"].format(before=levels[before.level]["label"], now=levels[now.level]["label"])
    yield levels[now.level]["advice"]
    if before is not None and before.within_hours != now.within_hours:
        hours = [within_text(value, t.words["interface"]) or said["no_time"]
                 for value in (before.within_hours, now.within_hours)]  # fmt: skip
        yield said["within"].format(before=hours[0], now=hours[1])
    if found.saved.left_out:
        names = ", ".join(t.label("findings", name) for name in found.saved.left_out)
        yield said["left_out"].format(names=names)
    yield said["older"]


def _entry(row: LogEntry, t: _Telling) -> str:
    text = str(t.words["changes"][row.id])
    given = t.found.saved.answers.given
    yours = [name for name in row.touched["findings"] if name in given]
    every = [(kind, name) for kind, names in row.touched.items() for name in names]
    if yours:
        return str(t.said["log_yours"]).format(said=text, names=", ".join(t.label("findings", n) for n in yours))
    if every:
        return str(t.said["log_touched"]).format(said=text, names=", ".join(t.label(*row) for row in every))
    return text


def _why(t: _Telling) -> Iterator[str]:
    found, said = t.found, t.said
    now = f"{found.assessment.knowledge_version} {found.assessment.knowledge_hashes['network']}"
    if found.same_knowledge:
        yield said["same_knowledge"].format(version=found.assessment.knowledge_version)
        return
    if found.saved.version is None:
        yield said["unknown_knowledge"]
        return
    before = f"{found.saved.version} {found.saved.hashes.get('network', '')}".strip()
    yield said["other_knowledge"].format(before=before, now=now)
    if not found.log:
        yield said["log_empty"]
        return
    yield said["log_lead"]
    yield from (f"- {_entry(row, t)}" for row in found.log)


def _move(row: Moved, t: _Telling) -> str:
    interface = t.words["interface"]
    label = t.label("families", row.family) if row.family != "other" else str(interface["headings"]["other"])
    before = t.found.saved.said
    if before is None or not (before.figures and t.found.now.figures):  # mostly judgement: which way, no figures
        return str(t.said["chance_up" if row.now > row.before else "chance_down"]).format(label=label)
    then, now = in_100(row.before, interface), in_100(row.now, interface)
    return str(t.said["chance"]).format(label=label, before=then, now=now)


def _chances(t: _Telling) -> Iterator[str]:
    moved = t.found.moved
    if moved is None:
        yield t.said["chances_none"]
        return
    rows = [row for row in moved if abs(row.now - row.before) >= LEAST_MOVE][:SHOWN_MOVES]
    yield from (_move(row, t) for row in rows)
    if not rows:
        yield t.said["chances_same"]


def _item(name: str, t: _Telling) -> str:
    folder = next((folder for folder in WORD_FOLDERS if name in t.words[folder]), WORD_FOLDERS[0])
    return t.label(folder, name)


def _plan(t: _Telling) -> Iterator[str]:
    before = t.found.saved.said
    if before is None or before.items is None:
        yield t.said["items_unknown"]
        return
    for key, names in (("items_new", t.found.items_new), ("items_gone", t.found.items_gone)):
        if names:
            yield t.said[key].format(names=", ".join(_item(name, t) for name in names))
    if not (t.found.items_new or t.found.items_gone):
        yield t.said["items_same"]


PARTS: Mapping[str, Callable[[_Telling], Iterator[str]]] = {
    "level": _level, "why": _why, "chances": _chances, "plan": _plan,
}  # fmt: skip


def saved_parts(
    found: Reworked, knowledge: Knowledge, language: str = "en", say_day: Callable[[date], str] = str
) -> tuple[ToldPart, ...]:
    """The comparison in words; where nothing was said then, or in an emergency, the first part alone.

    ``say_day`` writes a day; by default 2026-11-22. A line that begins with "- " belongs to the one before.
    """
    telling = _Telling(knowledge, language, "saved", say_day, found)
    alone = found.saved.said is None or found.now.level == EMERGENCY
    keys = ["level"] if alone else list(PARTS)
    headings = telling.said["headings"]
    return tuple(ToldPart(key, str(headings[key]), tuple(PARTS[key](telling))) for key in keys)


def render_saved(found: Reworked, knowledge: Knowledge, language: str = "en") -> str:
    """The comparison as plain text."""
    words = knowledge.words[language]
    lines = [words["saved"]["title"], words["interface"]["preview"]]
    for part in saved_parts(found, knowledge, language):
        lines += ["", part.heading, *(f"  {line}" for line in part.lines)]
    return "\n".join(lines)
