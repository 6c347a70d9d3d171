"""The paper twin: questions to tick, the warning rules over them, and the steps of care, from the same files.

Nothing here decides anything: questions, rules, levels and steps are those of the knowledge, so that a clinic without
screens reaches the level that the rules alone would give. There is no score, because none was ever measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from midback.care import care_knowledge
from midback.knowledge import Finding, Knowledge, RedFlag
from midback.knowledge.conditions import condition_findings
from midback.report.figures import within_text
from midback.report.pdf import compiled_pdf
from midback.report.plan_lines import safety_net_rows
from midback.report.site import Edition, rule_lines

__all__ = ["Paper", "PaperPart", "PaperQuestion", "PaperRule", "PaperSheet", "paper_form", "render_paper"]


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question: with ``choices`` to tick, or without them as a row with yes, no and not sure."""

    number: int
    finding: str
    text: str
    choose: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperRule:
    """One warning rule: what it is called, how soon, its parts with the numbers of the questions, what to do."""

    flag: str
    title: str
    within: str
    lines: tuple[str, ...]
    do: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What stands together under one small heading."""

    heading: str = ""
    intro: str = ""
    questions: tuple[PaperQuestion, ...] = ()
    rules: tuple[PaperRule, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperPart:
    """One numbered part of the form."""

    heading: str
    intro: str
    sheets: tuple[PaperSheet, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole form."""

    title: str
    notice: str
    foot: str
    language: str
    how_heading: str
    how: tuple[str, ...]
    person: str
    columns: tuple[str, ...]
    parts: tuple[PaperPart, ...]


class _Numbering:
    """Questions in the order in which they are first put, each with a number of its own."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.words: Mapping[str, Any] = edition.words["paper"]
        self.number: dict[str, int] = {}

    def ask(self, names: Iterable[str]) -> tuple[PaperQuestion, ...]:
        """The questions of ``names`` that were not put before; those with choices stand above the rows of boxes."""
        new = [self.edition.knowledge.findings[name] for name in names if name not in self.number]
        return tuple(self._question(finding) for finding in sorted(new, key=lambda one: one.kind == "binary"))

    def _question(self, finding: Finding) -> PaperQuestion:
        number = self.number[finding.id] = len(self.number) + 1
        said = self.edition.words["findings"][finding.id]
        if finding.kind == "binary":
            return PaperQuestion(number, finding.id, said["question"])
        choices = tuple(said["options"][state] for state in finding.states)
        if finding.unit == "points" and finding.largest:
            choices = tuple(str(value) for value in range(int(finding.largest) + 1))
        choose = self.words["choose_any" if finding.kind == "many_of" else "choose_one"]
        return PaperQuestion(number, finding.id, said["question"], choose, choices)

    def named(self) -> dict[str, str]:
        """finding -> its number and clinical name, as rules call it."""
        return {
            name: self.words["number_and_name"].format(
                number=number, name=self.edition.say("findings", name, "clinical"))
            for name, number in self.number.items()
        }  # fmt: skip


def _asked_in_rules(knowledge: Knowledge, answered_by: Iterable[str]) -> dict[str, list[str]]:
    """section -> findings that a rule looks at and that one of ``answered_by`` can answer, in the files' order."""
    used = {name for flag in knowledge.red_flags.values() for name in condition_findings(flag.when)}
    found: dict[str, list[str]] = {}
    for finding in knowledge.findings.values():
        if finding.id in used and finding.answered_by in answered_by:
            found.setdefault(finding.section, []).append(finding.id)
    return found


def _questions(numbering: _Numbering) -> Iterator[PaperPart]:
    edition, words = numbering.edition, numbering.words
    knowledge, pages = edition.knowledge, edition.words["pages"]

    def sheet(page: Any) -> PaperSheet:
        return PaperSheet(pages[page.id]["title"], pages[page.id]["intro"], numbering.ask(page.findings))

    emergency = knowledge.interview.emergency
    pain = [page for page in knowledge.interview.opening if page not in emergency]
    yield PaperPart(words["parts"]["emergency"], "", tuple(sheet(page) for page in emergency))
    yield PaperPart(
        words["parts"]["pain"], "", tuple(PaperSheet(questions=numbering.ask(page.findings)) for page in pain)
    )
    yield PaperPart(words["parts"]["safety"], "", tuple(sheet(page) for page in knowledge.interview.safety))
    for part, answered_by in (("further", ("person",)), ("examination", ("examiner", "test"))):
        sheets = []
        for section, names in _asked_in_rules(knowledge, answered_by).items():
            if questions := numbering.ask(names):
                sheets.append(PaperSheet(pages["section"][section]["title"], "", questions))
        yield PaperPart(words["parts"][part], words[f"{part}_intro"], tuple(sheets))


def _rules(numbering: _Numbering) -> PaperPart:
    edition, words = numbering.edition, numbering.words
    knowledge, interface = edition.knowledge, edition.words["interface"]
    names = numbering.named()

    def rule(flag: RedFlag) -> PaperRule:
        return PaperRule(flag.id, edition.say("red_flags", flag.id, "title"), within_text(flag.within_hours, interface),
                         rule_lines(flag.when, edition, names), edition.say("red_flags", flag.id, "do"))  # fmt: skip

    sheets = []
    for level in reversed(knowledge.triage.levels):
        flags = tuple(rule(flag) for flag in knowledge.red_flags.values() if flag.level == level.name)
        if flags:
            sheets.append(PaperSheet(edition.say("levels", level.name, "label"),
                                     edition.say("levels", level.name, "advice"), rules=flags))  # fmt: skip
    triage = knowledge.triage
    fill = {"incomplete": edition.say("levels", triage.incomplete_level, "label"),
            "not_sure": edition.say("levels", triage.not_sure_level, "label")}  # fmt: skip
    sheets.append(PaperSheet(words["result_heading"], items=tuple(line.format(**fill) for line in words["result"])))
    return PaperPart(words["parts"]["rules"], words["rules_intro"], tuple(sheets))


def _care(edition: Edition) -> PaperPart:
    words, said = edition.words["paper"], edition.words["plan"]
    care = care_knowledge(edition.knowledge)
    sheets = []
    for step in care.pathway.steps:
        intro = said["step_says"][step.name]
        if step.days:
            intro = words["step_days"].format(says=intro, days=step.days)
        items = []
        for item in care.care.values():
            if item.step == step.name and item.stance in ("offered", "consider"):
                own = edition.words["care"][item.id]
                blocked = dict.fromkeys(own["cautions"][c.text] for c in item.cautions if c.action == "block")
                left_out = [words["left_out"].format(reasons=" ".join(blocked))] if blocked else []
                items.append(" ".join([f"{own['label']}: {own['how']}", *left_out]))
        sheets.append(PaperSheet(said["steps"][step.name], intro, items=tuple(items)))
    sheets += [PaperSheet(says, items=signs) for says, signs in safety_net_rows(care.pathway.safety_net, edition.words)]
    return PaperPart(words["parts"]["care"], words["care_intro"], tuple(sheets))


def paper_form(knowledge: Knowledge, language: str = "en") -> Paper:
    """The form in one language: questions numbered in the order of the interview, then rules, then steps of care.

    >>> from midback.knowledge import load_knowledge
    >>> paper_form(load_knowledge()).parts[0].sheets[0].questions[0].number
    1
    """
    edition = Edition(knowledge, language)
    words = edition.words["paper"]
    numbering = _Numbering(edition)
    parts = (*_questions(numbering), _rules(numbering), _care(edition))
    foot = words["foot"].format(version=knowledge.version, hash=knowledge.hashes.rules[:8], dated=knowledge.dated)
    columns = tuple(words["columns"][name] for name in ("number", "question", "yes", "no", "not_sure"))
    return Paper(words["title"], words["notice"], foot, language, words["how_heading"], tuple(words["how"]),
                 words["person"], columns, parts)  # fmt: skip


def render_paper(paper: Paper) -> bytes:
    """The bytes of a PDF/UA-1 file of the form; nothing in it is read as markup."""
    return compiled_pdf("paper.typ", asdict(paper))
