"""What a clinician found about raised rules, as a diary file for the person: the same entry the terminal writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from midback.follow_up import Diary, EntryRefused, check_outcomes, diary_to_raw, read_entry
from midback.follow_up.entry import CLOCK_SLACK, LONGEST_BY, LONGEST_FOUND
from midback.interfaces.web.clinician_form import answers_of_case, fits_cookie, given_of
from midback.interfaces.web.state import Draft, State
from midback.interfaces.web.visit import Reply, Visit, go_to, send_file
from midback.safety import Truth, flag_states

__all__ = ["outcome_file", "outcome_values"]

FIELDS = {"at": "day", "outcomes.by": "by", "outcomes.found": "found"}  # what an entry refuses -> the field to mend


def _raised(state: State, visit: Visit) -> list[str]:
    answers = answers_of_case(given_of(state, visit.knowledge), visit.knowledge)
    return [row.flag.id for row in flag_states(answers, visit.knowledge) if row.truth is Truth.TRUE]


def outcome_values(place: str, visit: Visit) -> dict[str, Any]:
    """What the form shows on the page ``place``: what was written, what is to mend, today, the longest texts."""
    draft = visit.state.draft if visit.state else None
    values: Mapping[str, Any] = {}
    errors: tuple[tuple[str, str], ...] = ()
    if draft is not None and draft.where == place:
        values, errors = draft.values, draft.errors
    words = visit.all_words["clinician"]["outcome"]["errors"]
    return {
        "outcome": {"flags": [], "by": "", "found": "", "day": datetime.now(UTC).date().isoformat(), **values},
        "errors": [{"where": where, "text": words[key]} for key, where in errors],
        "longest": {"by": LONGEST_BY, "found": LONGEST_FOUND},
    }


def outcome_file(place: str, visit: Visit) -> Reply:
    """A diary file with the outcome in the sent form; or back to ``place`` with what is to mend.

    Only rules that the case raises can be named: what is merely not sure is answered again instead.
    """
    state = visit.state or State()
    if not given_of(state, visit.knowledge):
        return go_to(place)
    now = datetime.now(UTC).replace(microsecond=0)
    named = [flag for flag in _raised(state, visit) if flag in visit.form.get("flag", ())]
    day, by, found = visit.first("day", 20), visit.first("by", 2 * LONGEST_BY), visit.first("found", 2 * LONGEST_FOUND)
    # Of today it is as late as can be: everything the person answered before it counts as seen.
    moment = now.isoformat() if day == now.date().isoformat() else day
    raw = {"at": moment, "outcomes": [{"flag": flag, "by": by, "found": found} for flag in named]}
    try:
        entry, _ = read_entry(raw, zone=UTC, latest=now + CLOCK_SLACK)
        check_outcomes((entry,), visit.knowledge, place)
    except EntryRefused as refused:
        where = FIELDS.get(str(refused).partition(":")[0], "flag")
        values = {"flags": named, "day": day, "by": by[:LONGEST_BY], "found": found[:LONGEST_FOUND]}
        after = replace(state, draft=Draft(place, values, ((where, where),)))
        if not fits_cookie(after, visit.configuration.key):
            after = replace(state, draft=Draft(place, {}, ((where, where),)))
        return go_to(f"{place}#outcome", state=after)
    content = json.dumps(diary_to_raw(Diary((entry,))), ensure_ascii=False, indent=1).encode()
    reply = send_file(content, "application/json", f"midback-outcome-{entry.day.isoformat()}.json")
    return replace(reply, state=replace(state, draft=None))
