"""The diary and looking again: a file that the person opens, adds to and takes away. Nothing of it stays here.

The whole diary travels inside the page, as the person's file or out of the browser's own storage; every answer of the
server is made from what was sent alone.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from midback.answers import Answers, help_needed
from midback.care import plan_to_raw
from midback.errors import AnswersRefused
from midback.follow_up import CheckIn, Diary, diary_csv, diary_to_raw
from midback.interfaces.web.diary_form import DiaryLost, carried_diary, pack_diary, zones_of
from midback.interfaces.web.diary_turn import Turn, checked_in, signs_to_ask, take_entry, take_file
from midback.interfaces.web.diary_view import diary_values
from midback.interfaces.web.result_view import alarm_reasons, plan_values
from midback.interfaces.web.saved_pages import SavedRefused, state_from_file
from midback.interfaces.web.state import State
from midback.interfaces.web.visit import Reply, Visit, send_file, show
from midback.interfaces.web.work import work_out
from midback.knowledge import EMERGENCY
from midback.report.as_json import answer_label
from midback.report.figures import day_text
from midback.report.follow_up_text import follow_up_parts

__all__ = ["diary", "look_again"]

HERE, LOOK = "/diary", "/check-in"
TICKS = ("yes", "unsure", "none", "some_unsure")
FOLDED = {"sites": ("site",), "peg": ("peg",), "activities": ("activity", "level")}  # folded until one is to mend
Row = dict[str, Any]


def _file_of(turn: Turn, kind: str) -> Reply | None:
    held, stamp = turn.held or Diary(), turn.today.isoformat()
    if kind == "csv":
        return send_file(diary_csv(held).encode("utf-8", "replace"), "text/csv; charset=utf-8",
                         f"midback-diary-{stamp}.csv")  # fmt: skip
    if kind == "json":
        content = json.dumps(diary_to_raw(held), ensure_ascii=False, indent=1).encode("utf-8", "replace")
        return send_file(content, "application/json", f"midback-diary-{stamp}.json")
    found = checked_in(turn)
    if found is None:
        return None
    from midback.report.calendar import plan_calendar

    content = plan_calendar(plan_to_raw(found.plan), turn.visit.knowledge, turn.visit.language)
    return send_file(content, "text/calendar; charset=utf-8", "midback-next.ics")


def _alone(turn: Turn) -> bool:
    """Whether the first answers are of today while the diary is older: then nothing lies between to compare."""
    entries = turn.held.entries if turn.held else ()
    return bool(entries) and turn.usual_begun == turn.today and entries[0].day < turn.today


def _shown(turn: Turn, first: Answers | None) -> Reply:
    """The page of the diary, or the form to look again."""
    look = turn.here == LOOK
    signs, raised = signs_to_ask(turn, first) if look and first is not None else (None, [])
    visit, held = turn.visit, turn.held
    own = (name for entry in reversed(held.entries if held else ()) for name, _ in entry.own_activities)
    local = turn.now.astimezone(turn.zone)
    written = "" if "answers" in visit.files else visit.first("begun", 40)  # another file has another day
    values = {"day": local.date().isoformat(), "time": f"{local:%H:%M}",
              "begun": written or turn.usual_begun.isoformat(),
              **{f"activity-{place}": name for place, name in enumerate(dict.fromkeys(own), 1)},
              **turn.values}  # fmt: skip
    ticked = {name: list(visit.form.get(name, ())) if turn.errors else [] for name in TICKS}
    wrong = " ".join(error["where"] for error in turn.errors)
    open_parts = {f"{part}_open": any(f"{key}-" in wrong for key in keys) for part, keys in FOLDED.items()}
    return show(
        "check_in.html" if look else "diary.html", state=turn.state, here=turn.here, errors=turn.errors,
        said=turn.said, quoted_lines=turn.quoted, values=values, ticked=ticked, signs=signs, raised=raised,
        has_first=first is not None, first_day=turn.usual_begun, alone=_alone(turn),
        packed=pack_diary(held) if held is not None else "", zone=visit.first("zone", 6),
        diary=diary_values(held, visit) if held is not None else None,
        places=visit.all_words["findings"]["pain_zone"]["options"], **open_parts, **turn.tongue,
    )  # fmt: skip


def _alarm(turn: Turn, found: CheckIn) -> list[Row]:
    """The raised emergency rules with the answers behind them, the newest ones included."""
    visit, given = turn.visit, found.now.answers.given
    raised = {reason.flag: reason.findings for reason in found.now.triage.reasons
              if reason.flag is not None and reason.level == EMERGENCY}  # fmt: skip
    rows = alarm_reasons(list(raised)[:3], raised, State(), visit.knowledge, visit.language)
    for row, names in zip(rows, raised.values(), strict=False):
        row["answers"] = [{"label": answer_label(name, str(given[name]), visit.knowledge, visit.language),
                           "number": None} for name in names if isinstance(given.get(name), str)]  # fmt: skip
    advice = visit.say("levels", EMERGENCY, "advice")
    return rows or [{"title": "", "do": advice, "why": "", "text": advice, "answers": []}]


def _result(turn: Turn, found: CheckIn) -> Reply:
    """What the look again says; in an emergency only that, with the diary still to take away."""
    visit, knowledge, language = turn.visit, turn.visit.knowledge, turn.visit.language
    shared: Row = {
        "here": LOOK, "packed": pack_diary(turn.held or Diary()), "zone": visit.first("zone", 6), "errors": [],
        "begun": found.begun.isoformat(), "said": turn.said, "quoted_lines": turn.quoted,
        "help": help_needed(found.now.answers, visit.knowledge),
    }  # fmt: skip
    if found.level == EMERGENCY:
        return show("check_in_alarm.html", state=turn.state, reasons=_alarm(turn, found), **shared)
    interface = visit.all_words["interface"]
    parts = follow_up_parts(found, knowledge, language, lambda day: day_text(day, interface))
    likeliest = [row.id for row in found.now.causes]
    return show(
        "check_in_result.html", state=turn.state, found=found, level=found.level,
        parts={part.key: part for part in parts},
        plan=plan_values(plan_to_raw(found.plan), knowledge, likeliest, language),
        diary=diary_values(turn.held or Diary(), visit), **shared,
    )  # fmt: skip


def _work(visit: Visit, here: str) -> Reply:
    """One sent form, from the diary it carries to the page that answers it. Takes a second for ten years."""
    turn, do = Turn(visit, here), visit.first("do", 90)
    try:
        turn.held = carried_diary(visit.first("diary", 2**25), visit.first("stored", 2**25), zones_of(visit))
    except DiaryLost:
        turn.mend("broken", "file")
        return _shown(turn, turn.first_answers())
    if "answers" in visit.files:
        try:
            turn.state = state_from_file(visit.files["answers"], visit).state
        except SavedRefused as error:
            turn.errors.append({"text": error.text, "where": "answers"})
            turn.quoted += error.problems
    if do in ("open", "join") or "file" in visit.files:
        take_file(turn)
    elif do == "new":
        turn.held = turn.held or Diary()
    elif do.startswith("remove:") and turn.held is not None:
        gone = do.partition(":")[2]
        kept = tuple(entry for entry in turn.held.entries if entry.id != gone)
        others = tuple(entry for entry in turn.held.conflicts if entry.id != gone)
        turn.held = replace(turn.held, entries=kept, conflicts=others)
        turn.said.append(turn.words["removed"])
    elif do in ("to_look", "back"):
        turn.here = LOOK if do == "to_look" else HERE
    elif do.startswith("language:") and do.partition(":")[2] in visit.knowledge.languages:
        language = do.partition(":")[2]
        turn.state = replace(turn.state or visit.state or State(), language=language)
        turn.visit = visit = replace(visit, language=language)
        turn.tongue = {"language": language, "all_words": visit.all_words, "w": visit.words,
                       "i": visit.all_words["interface"]}  # fmt: skip
    if turn.errors:
        return _shown(turn, turn.first_answers())
    return _done(turn, do)


def _done(turn: Turn, do: str) -> Reply:
    """Entries, files and looking again, once the diary is whole."""
    first = turn.first_answers()
    if do in ("json", "csv", "ics"):
        return _file_of(turn, do) or _shown(turn, first)
    if do in ("add", "look"):
        signs = signs_to_ask(turn, first)[0] if turn.here == LOOK and first is not None else None
        before = turn.held
        try:
            taken = take_entry(turn, signs, must_look=do == "look")
        except AnswersRefused:
            turn.mend("unfit", "none")
            return _shown(turn, first)
        if taken and do == "look":
            found = checked_in(turn)
            if found is not None:
                return _result(turn, found)
            turn.held, turn.said = before, []  # the form is shown again with what was written
            turn.values = {name: cells[0][:400] for name, cells in turn.visit.form.items() if cells}
    return _shown(turn, first)


async def _page(visit: Visit, here: str) -> Reply:
    if visit.sent:
        return await work_out(_work, visit, here)
    turn = Turn(visit, here)
    return _shown(turn, turn.first_answers())


async def diary(visit: Visit) -> Reply:
    """The diary: open a file or begin one, see how the pain goes, add entries, take the file away."""
    return await _page(visit, HERE)


async def look_again(visit: Visit) -> Reply:
    """Look again: the warning signs, how it is now, and whether the plan changes."""
    return await _page(visit, LOOK)
