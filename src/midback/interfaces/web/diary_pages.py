"""The diary and looking again: a file that the person opens, adds to and takes away. Nothing of it stays here.

The whole diary travels inside the page, as the person's file or out of the browser's own storage; every answer of the
server is made from what was sent alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from midback.answers import Answers, read_answers
from midback.care import plan_to_raw
from midback.errors import AnswersRefused, ContradictoryEvidence, DiaryRefused, Problem
from midback.follow_up import CheckIn, Diary, check_in, diary_csv, diary_to_raw, merge, read_imported, warning_signs
from midback.interfaces.web.diary_form import (
    CLOCK_SLACK,
    DiaryLost,
    carried_diary,
    clock_of,
    pack_diary,
    read_begun,
    read_entry_form,
    zones_of,
)
from midback.interfaces.web.diary_view import diary_values
from midback.interfaces.web.journey import Page, answers_of, page_of
from midback.interfaces.web.result_view import alarm_reasons, help_needed, plan_values
from midback.interfaces.web.saved_pages import SavedRefused, state_from_file
from midback.interfaces.web.state import State
from midback.interfaces.web.visit import Reply, Visit, send_file, show
from midback.interfaces.web.work import work_out
from midback.interview import Question
from midback.report.as_json import answer_label
from midback.report.figures import day_text
from midback.report.follow_up_text import follow_up_parts

__all__ = ["diary", "look_again"]

HERE, LOOK = "/diary", "/check-in"
SHOWN_PROBLEMS = 10
TICKS = ("yes", "unsure", "none", "some_unsure")
FOLDED = {"sites": ("site",), "peg": ("peg",), "activities": ("activity", "level")}  # folded until one is to mend
EMERGENCY = "emergency_now"
Row = dict[str, Any]


@dataclass(slots=True)
class _Turn:
    """One sent form being worked on: the diary as it becomes, and what is to be said about it."""

    visit: Visit
    here: str
    held: Diary | None = None
    errors: list[dict[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)  # what only the reader of files says, in its own language
    values: Mapping[str, str] = field(default_factory=dict)
    state: State | None = None  # when the first answers, or another language, came with this form
    tongue: Mapping[str, Any] = field(default_factory=dict)  # the words of that other language

    @property
    def words(self) -> Mapping[str, Any]:
        part: Mapping[str, Any] = self.visit.all_words["diary"]
        return part

    @property
    def zone(self) -> tzinfo:
        return clock_of(self.visit, self.held)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        """The day on the person's clock; an entry of tomorrow by theirs counts as well."""
        day = self.now.astimezone(self.zone).date()
        newest = max((entry.day for entry in self.held.entries), default=day) if self.held else day
        return max(day, min(newest, (self.now + CLOCK_SLACK).astimezone(self.zone).date()))

    def mend(self, key: str, where: str, **fill: Any) -> None:
        self.errors.append({"text": str(self.words["errors"][key]).format(**fill), "where": where})

    def first_answers(self) -> Answers | None:
        """The answers of the check in this browser, or of the file that came with the form."""
        state = self.state or self.visit.state
        if state is None or not state.steps:
            return None
        return answers_of(state.steps, self.visit.knowledge)[0]


def _take_file(turn: _Turn) -> None:
    """Join the entries of a sent file; what in it is no entry is listed, and nothing else is lost."""
    sent = turn.visit.files.get("file")
    if sent is None:
        turn.mend("no_file", "file")
        return
    words, mine = turn.words, turn.held or Diary()
    try:
        more, problems = read_imported(sent.content, sent.name, zones_of(turn.visit), turn.zone, turn.now + CLOCK_SLACK)
    except DiaryRefused as error:
        turn.errors.append({"text": words["unread"].format(name=sent.name[:80]), "where": "file"})
        turn.quoted += [str(problem) for problem in error.problems]
        return
    both = merge(mine, more)
    new = len(both.entries) - len(mine.entries)
    twice = len(both.conflicts) - len(mine.conflicts)
    turn.held = replace(both, notices=())
    same = len(more.entries) + len(more.conflicts) - new - twice
    key = "joined" if same or twice else "read"
    turn.said.append(words[key].format(new=new, same=same, conflicts=twice))
    turn.quoted += more.notices
    _left_out(turn, problems, sent.name)


def _left_out(turn: _Turn, problems: tuple[Problem, ...], name: str) -> None:
    if problems:
        turn.said.append(turn.words["left_out"].format(count=len(problems), name=name[:80]))
        turn.quoted += [str(problem)[:300] for problem in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        turn.said.append(turn.words["left_out_more"].format(count=len(problems) - SHOWN_PROBLEMS))


def _signs(turn: _Turn, first: Answers) -> tuple[Page | None, list[str]]:
    """The warning signs to ask, and those that were said yes to before and still count."""
    knowledge, entries = turn.visit.knowledge, turn.held.entries if turn.held else ()
    yes = {name for name in knowledge.findings if first.said_yes(name)}
    for entry in entries:
        for name, answer in (entry.answers or {}).items():
            (yes.add if answer == "yes" else yes.discard)(name)
    implied = {other for name in yes if name in knowledge.findings for other in knowledge.findings[name].implies}
    every = warning_signs(first, knowledge)
    asked = tuple(name for name in every if name not in yes | implied)
    raised = [turn.visit.say("findings", name, "label") for name in every if name in yes | implied]
    if not asked:
        return None, raised
    return page_of(Question("warning_signs", "checklist", asked, "again"), knowledge, turn.visit.language), raised


def _take_entry(turn: _Turn, signs: Page | None, must_look: bool) -> bool:
    """Add the entry in the form; whether it was taken."""
    form = read_entry_form(turn.visit, signs, turn.zone, turn.now)
    errors = list(form.errors)
    if must_look and signs is not None and not form.touched:
        plain = turn.visit.words
        text = plain["errors"]["list_empty"].format(question=turn.words["signs_lead"], none=plain["question"]["none"])
        # What was missing are the signs: that nothing else was written is no mistake here.
        errors = [row for row in errors if row["text"] != turn.words["errors"]["empty"]]
        errors.insert(0, {"text": text, "where": f"y-{signs.items[0]}"})
    if errors or form.entry is None:
        turn.errors += errors
        turn.values = form.values
        return False
    if form.entry.answers:
        read_answers({"answers": dict(form.entry.answers)}, turn.visit.knowledge)  # refuses what cannot be
    turn.held = merge(turn.held or Diary(), Diary((form.entry,)))
    turn.said.append(turn.words["added"].format(day=day_text(form.entry.day, turn.visit.all_words["interface"])))
    return True


def _checked_in(turn: _Turn) -> CheckIn | None:
    """The look again, or None with what stands in its way among the errors."""
    first = turn.first_answers()
    if first is None:
        turn.mend("first", "answers")
        return None
    held = turn.held or Diary()
    begun, error = read_begun(turn.visit, held.entries, turn.today)
    if error is not None or begun is None:
        turn.errors.append(error or {"text": turn.words["errors"]["before"], "where": "begun"})
        return None
    try:
        return check_in(first, held, turn.visit.knowledge, turn.today, begun=begun)
    except DiaryRefused:
        turn.mend("before", "begun")
    except (AnswersRefused, ContradictoryEvidence):
        turn.mend("unfit", "none")
    return None


def _file_of(turn: _Turn, kind: str) -> Reply | None:
    held, stamp = turn.held or Diary(), turn.today.isoformat()
    if kind == "csv":
        return send_file(diary_csv(held).encode("utf-8", "replace"), "text/csv; charset=utf-8",
                         f"midback-diary-{stamp}.csv")  # fmt: skip
    if kind == "json":
        content = json.dumps(diary_to_raw(held), ensure_ascii=False, indent=1).encode("utf-8", "replace")
        return send_file(content, "application/json", f"midback-diary-{stamp}.json")
    found = _checked_in(turn)
    if found is None:
        return None
    from midback.report.calendar import plan_calendar

    content = plan_calendar(plan_to_raw(found.plan), turn.visit.knowledge, turn.visit.language)
    return send_file(content, "text/calendar; charset=utf-8", "midback-next.ics")


def _shown(turn: _Turn, first: Answers | None) -> Reply:
    """The page of the diary, or the form to look again."""
    look = turn.here == LOOK
    signs, raised = _signs(turn, first) if look and first is not None else (None, [])
    visit, held = turn.visit, turn.held
    own = (name for entry in reversed(held.entries if held else ()) for name, _ in entry.own_activities)
    local = turn.now.astimezone(turn.zone)
    values = {"day": local.date().isoformat(), "time": f"{local:%H:%M}", "begun": visit.first("begun", 40),
              **{f"activity-{place}": name for place, name in enumerate(dict.fromkeys(own), 1)},
              **turn.values}  # fmt: skip
    ticked = {name: list(visit.form.get(name, ())) if turn.errors else [] for name in TICKS}
    wrong = " ".join(error["where"] for error in turn.errors)
    open_parts = {f"{part}_open": any(f"{key}-" in wrong for key in keys) for part, keys in FOLDED.items()}
    return show(
        "check_in.html" if look else "diary.html", state=turn.state, here=turn.here, errors=turn.errors,
        said=turn.said, quoted_lines=turn.quoted, values=values, ticked=ticked, signs=signs, raised=raised,
        has_first=first is not None, packed=pack_diary(held) if held is not None else "", zone=visit.first("zone", 6),
        diary=diary_values(held, visit) if held is not None else None,
        places=visit.all_words["findings"]["pain_zone"]["options"], **open_parts, **turn.tongue,
    )  # fmt: skip


def _alarm(turn: _Turn, found: CheckIn) -> list[Row]:
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


def _result(turn: _Turn, found: CheckIn) -> Reply:
    """What the look again says; in an emergency only that, with the diary still to take away."""
    visit, knowledge, language = turn.visit, turn.visit.knowledge, turn.visit.language
    shared: Row = {
        "here": LOOK, "packed": pack_diary(turn.held or Diary()), "zone": visit.first("zone", 6), "errors": [],
        "begun": found.begun.isoformat(), "said": turn.said, "quoted_lines": turn.quoted,
        "help": help_needed(found.now.answers),
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
    turn, do = _Turn(visit, here), visit.first("do", 90)
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
        _take_file(turn)
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


def _done(turn: _Turn, do: str) -> Reply:
    """Entries, files and looking again, once the diary is whole."""
    first = turn.first_answers()
    if do in ("json", "csv", "ics"):
        return _file_of(turn, do) or _shown(turn, first)
    if do in ("add", "look"):
        signs = _signs(turn, first)[0] if turn.here == LOOK and first is not None else None
        before = turn.held
        try:
            taken = _take_entry(turn, signs, must_look=do == "look")
        except AnswersRefused:
            turn.mend("unfit", "none")
            return _shown(turn, first)
        if taken and do == "look":
            found = _checked_in(turn)
            if found is not None:
                return _result(turn, found)
            turn.held, turn.said = before, []  # the form is shown again with what was written
            turn.values = {name: cells[0][:400] for name, cells in turn.visit.form.items() if cells}
    return _shown(turn, first)


async def _page(visit: Visit, here: str) -> Reply:
    if visit.sent:
        return await work_out(_work, visit, here)
    turn = _Turn(visit, here)
    return _shown(turn, turn.first_answers())


async def diary(visit: Visit) -> Reply:
    """The diary: open a file or begin one, see how the pain goes, add entries, take the file away."""
    return await _page(visit, HERE)


async def look_again(visit: Visit) -> Reply:
    """Look again: the warning signs, how it is now, and whether the plan changes."""
    return await _page(visit, LOOK)
