"""One sent diary form being worked on: the diary as it becomes, and everything that is to be said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from midback.answers import Answers, read_answers
from midback.errors import AnswersRefused, ContradictoryEvidence, DiaryRefused, Problem
from midback.follow_up import CheckIn, Diary, check_in, check_outcomes, looked_at, merge, read_imported, warning_signs
from midback.follow_up.entry import CLOCK_SLACK
from midback.interfaces.web.diary_form import clock_of, read_begun, read_entry_form, zones_of
from midback.interfaces.web.journey import Page, answers_of, page_of
from midback.interfaces.web.state import State
from midback.interfaces.web.visit import Visit
from midback.interview import Question
from midback.report.figures import day_text

__all__ = ["Turn", "checked_in", "signs_to_ask", "take_entry", "take_file"]

SHOWN_PROBLEMS = 10
MOST_ENTRIES = 50_000  # ten years with a dozen entries a day; so that nobody's file keeps the others waiting


@dataclass(slots=True)
class Turn:
    """One sent form: ``held`` is the diary as it becomes; ``errors`` are texts with the id of the field to mend,
    ``said`` what was done, ``values`` what was written."""

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
        """The sentences of these pages."""
        part: Mapping[str, Any] = self.visit.all_words["diary"]
        return part

    @property
    def zone(self) -> tzinfo:
        """The time zone of the person."""
        return clock_of(self.visit, self.held)

    @property
    def now(self) -> datetime:
        """This moment, aware."""
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        """The day on the person's clock; an entry of tomorrow by theirs counts as well."""
        day = self.now.astimezone(self.zone).date()
        newest = max((entry.day for entry in self.held.entries), default=day) if self.held else day
        return max(day, min(newest, (self.now + CLOCK_SLACK).astimezone(self.zone).date()))

    @property
    def usual_begun(self) -> date:
        """The day of the first answers: told by their file, or today for a check in this browser; else unknown, and
        then that of the first entry."""
        state = self.state or self.visit.state
        if state is not None and state.answered_on:
            return min(date.fromisoformat(state.answered_on), self.today)
        first = self.held.entries[0].day if self.held and self.held.entries else self.today
        return min(first, self.today) if state is None or state.made_with else self.today

    def mend(self, key: str, where: str, **fill: Any) -> None:
        """Say what is wrong: ``key`` names the sentence, ``where`` the field."""
        self.errors.append({"text": str(self.words["errors"][key]).format(**fill), "where": where})

    def first_answers(self) -> Answers | None:
        """The answers of the check in this browser, or of the file that came with the form."""
        state = self.state or self.visit.state
        if state is None or not state.steps:
            return None
        return answers_of(state.steps, self.visit.knowledge)[0]


def take_file(turn: Turn) -> None:
    """Join the entries of a sent file; what in it is no entry is listed, and nothing else is lost."""
    sent = turn.visit.files.get("file")
    if sent is None:
        turn.mend("no_file", "file")
        return
    words, mine = turn.words, turn.held or Diary()
    try:
        more, problems = read_imported(sent.content, sent.name, zones_of(turn.visit), turn.zone, turn.now + CLOCK_SLACK,
                                       MOST_ENTRIES)  # fmt: skip
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
    _left_out(turn, problems[len(more.set_aside) :], sent.name)  # what is set aside stays with the diary, and is shown


def _left_out(turn: Turn, problems: tuple[Problem, ...], name: str) -> None:
    if problems:
        turn.said.append(turn.words["left_out"].format(count=len(problems), name=name[:80]))
        turn.quoted += [str(problem)[:300] for problem in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        turn.said.append(turn.words["left_out_more"].format(count=len(problems) - SHOWN_PROBLEMS))


def signs_to_ask(turn: Turn, first: Answers) -> tuple[Page | None, list[str]]:
    """The warning signs to ask, and those that were said yes to before and still count."""
    knowledge, entries = turn.visit.knowledge, turn.held.entries if turn.held else ()
    yes = {name for name in knowledge.findings if first.said_yes(name)}
    for entry in entries:
        for name, answer in (entry.answers or {}).items():
            (yes.add if answer == "yes" else yes.discard)(name)
    implied = {other for name in yes if name in knowledge.findings for other in knowledge.findings[name].implies}
    every = warning_signs(first, knowledge)
    still = (yes | implied) - looked_at(entries, knowledge)
    asked = tuple(name for name in every if name not in still)
    raised = [turn.visit.say("findings", name, "label") for name in every if name in still]
    if not asked:
        return None, raised
    return page_of(Question("warning_signs", "checklist", asked, "again"), knowledge, turn.visit.language), raised


def take_entry(turn: Turn, signs: Page | None, must_look: bool) -> bool:
    """Add the entry in the form; whether it was taken."""
    form = read_entry_form(turn.visit, signs, turn.zone, turn.now)
    errors = list(form.errors)
    if must_look and signs is not None and not form.touched:
        plain = turn.visit.words
        text = plain["errors"]["list_empty"].format(question=turn.words["signs_lead"], none=plain["question"]["none"])
        # What was missing are the signs: that nothing else was written is no mistake here.
        errors = [row for row in errors if row.get("key") != "empty"]
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


def checked_in(turn: Turn) -> CheckIn | None:
    """The look again, or None with what stands in its way among the errors."""
    first = turn.first_answers()
    if first is None:
        turn.mend("first", "answers")
        return None
    held = turn.held or Diary()
    begun, error = read_begun(turn.visit, turn.usual_begun, turn.today)
    if error is not None:
        turn.errors.append(error)
        return None
    try:
        check_outcomes(held.entries, turn.visit.knowledge, "diary")
    except DiaryRefused as refused:
        turn.mend("outcome", "file")
        turn.quoted += [str(problem)[:300] for problem in refused.problems[:SHOWN_PROBLEMS]]
        return None
    try:
        return check_in(first, held, turn.visit.knowledge, turn.today, begun=begun)
    except DiaryRefused:
        turn.mend("counted", "file")
    except (AnswersRefused, ContradictoryEvidence):
        turn.mend("unfit", "none")
    return None
