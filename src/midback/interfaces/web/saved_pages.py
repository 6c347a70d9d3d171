"""Keep the answers as a file, and open it again: worked out with the knowledge of today, beside what was said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from midback.assessment import assess
from midback.care import plan
from midback.errors import AnswersRefused, ContradictoryEvidence
from midback.follow_up import Reworked, Saved, compare_saved, read_saved, saved_to_raw
from midback.interfaces.web.journey import SETTING, answers_of, steps_from_answers
from midback.interfaces.web.state import State
from midback.interfaces.web.visit import Reply, SentFile, Visit, go_to, send_file, show
from midback.interfaces.web.work import work_out
from midback.knowledge import EMERGENCY
from midback.knowledge.strict_yaml import StrictYamlError, read_yaml
from midback.report.figures import day_text
from midback.report.saved_text import saved_parts

__all__ = ["OpenedFile", "SavedRefused", "kept_result", "saved", "state_from_file"]

SHOWN_PROBLEMS = 5


class SavedRefused(Exception):
    """A file that is no kept result: ``text`` for the person, ``problems`` as the reader of files says them."""

    def __init__(self, text: str, problems: list[str]) -> None:
        self.text, self.problems = text, problems
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A kept result that was read: the state it gives, and the setting it was made for when that was another one."""

    saved: Saved
    state: State
    setting: str


def _said(visit: Visit, key: str, **fill: Any) -> str:
    return visit.say("diary", "kept", key).format(**fill)


def state_from_file(sent: SentFile, visit: Visit) -> OpenedFile:
    """The kept result in a sent file. Raises SavedRefused."""
    name = sent.name[:80]
    try:
        raw = read_yaml(sent.content, name)
        if isinstance(raw, dict) and raw.get("kind") == "assessment" and isinstance(raw.get("answers"), dict):
            was = str(raw["answers"].get("setting", ""))
            raw = {**raw, "answers": {**raw["answers"], "setting": SETTING}}
        elif isinstance(raw, dict):
            was = str(raw.get("setting", ""))
            raw = {**raw, "setting": SETTING}
        kept = read_saved(raw, visit.knowledge, name)
    except StrictYamlError as error:
        raise SavedRefused(_said(visit, "wrong", name=name, what=error.problem.what), []) from error
    except AnswersRefused as error:
        rows = [str(problem)[:300] for problem in error.problems]
        left = len(rows) - SHOWN_PROBLEMS
        more = [_said(visit, "left", count=left)] if left > 0 else []
        what = error.problems[0].what[:120]
        raise SavedRefused(_said(visit, "wrong", name=name, what=what), [*rows[:SHOWN_PROBLEMS], *more]) from error
    before = visit.state or State()
    made_with = " ".join(filter(None, (kept.version, kept.hashes.get("network"))))
    state = State(
        steps_from_answers(kept.answers, visit.knowledge), country=before.country, private=before.private,
        made_with=made_with[:80], language=before.language,
        answered_on=kept.answered_on.isoformat() if kept.answered_on else "",
    )  # fmt: skip
    return OpenedFile(kept, state, was if was not in ("", SETTING) else "")


def _file(visit: Visit, state: State) -> bytes:
    answers, _ = answers_of(state.steps, visit.knowledge)
    assessment = assess(answers, visit.knowledge)
    today = date.today()
    raw = saved_to_raw(assessment, plan(assessment, visit.knowledge, today), visit.knowledge, today)
    return json.dumps(raw, ensure_ascii=False, indent=1).encode()


async def kept_result(visit: Visit) -> Reply:
    """The answers with what they say today, as a file to look again with later."""
    if visit.state is None or not visit.state.steps:
        return go_to("/")
    content = await work_out(_file, visit, visit.state)
    return send_file(content, "application/json", f"midback-result-{date.today().isoformat()}.json")


def _opened(visit: Visit, sent: SentFile) -> tuple[OpenedFile, Reworked]:
    opened = state_from_file(sent, visit)
    return opened, compare_saved(opened.saved, visit.knowledge, date.today())


async def saved(visit: Visit) -> Reply:
    """Open a kept result: what it says today, what has changed since, and why."""
    if not visit.sent:
        return show("saved.html", errors=[], problems=[])
    sent = visit.files.get("file")
    if sent is None:
        return show("saved.html", errors=[{"text": _said(visit, "no_file"), "where": "file"}], problems=[])
    try:
        opened, found = await work_out(_opened, visit, sent)
    except SavedRefused as error:
        return show("saved.html", errors=[{"text": error.text, "where": "file"}], problems=error.problems)
    except ContradictoryEvidence:
        text = visit.words["failed"]["impossible"]["text"]
        return show("saved.html", errors=[{"text": text, "where": "file"}], problems=[])
    if found.now.level == EMERGENCY:
        return go_to("/result", state=opened.state)
    interface = visit.all_words["interface"]
    parts = saved_parts(found, visit.knowledge, visit.language, lambda day: day_text(day, interface))
    setting = interface["settings"].get(opened.setting, opened.setting) if opened.setting else ""
    return show(
        "saved_again.html", state=opened.state, parts=parts, found=found, setting=setting, level=found.now.level
    )
