"""Which safety questions apply to this person, and which of them are still open."""

from __future__ import annotations

from dataclasses import dataclass

from midback.answers import Answers, Reply
from midback.knowledge import Knowledge
from midback.knowledge.conditions import Leaf
from midback.safety.rules import Truth, Truths

__all__ = ["Screen", "safety_screen"]


@dataclass(frozen=True, slots=True)
class Screen:
    """The safety questions that apply, and the state of each.

    ``open`` were not asked; ``not_sure`` were answered so. Only when both are empty is the screen complete.
    """

    applicable: tuple[str, ...]
    open: tuple[str, ...]
    not_sure: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every question that applies was answered yes or no (or a level, or options)."""
        return not self.open and not self.not_sure


def safety_screen(answers: Answers, knowledge: Knowledge) -> Screen:
    """The safety screen for this person: age, and every finding on the opening and safety pages that applies to them.

    A question that another answer already settles (not pregnant: not over 20 weeks pregnant) does not stay open.
    """
    pages = knowledge.interview.opening + knowledge.interview.safety
    names = dict.fromkeys(name for page in pages for name in page.findings)
    applicable = tuple(name for name in names if knowledge.findings[name].applies_to(answers.age, answers.sex))
    truths = Truths(answers, knowledge)
    unasked, unsure = [], []
    for name in applicable:
        answer = answers.reply(name)
        if answer is Reply.NOT_SURE:
            unsure.append(name)
        elif answer is None:
            binary = knowledge.findings[name].kind == "binary"
            if not binary or truths.of(Leaf(name, "yes", ())) is Truth.OPEN:
                unasked.append(name)
    if answers.age is None:  # many rules hang on it
        unasked.append("age")
    return Screen(applicable, tuple(unasked), tuple(unsure))
