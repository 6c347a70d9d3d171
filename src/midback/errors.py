"""Every error Midback raises on purpose.

    MidbackError                       exit code 1
    ├── KnowledgeError                 exit code 3
    │   ├── KnowledgeMissing           no knowledge found where it should be
    │   ├── KnowledgeProblems          knowledge files that cannot stand; all problems at once
    │   └── NetworkRefused             numbers that cannot be a network; all problems at once
    ├── AnswersError                   exit code 4
    │   ├── AnswersUnreadable          a file that is no text, too large, not YAML or JSON
    │   ├── AnswersRefused             answers that cannot be: unknown finding, pain 14, age -3
    │   ├── ContradictoryEvidence      answers that cannot all be true under the knowledge
    │   └── DiaryRefused               diary entries that cannot be; all problems at once
    └── DiaryBusy                      exit code 1: another program is writing to the diary

Three readers are kept in mind: a knowledge editor (``what @ file:path``, all at once, then the fix), a developer
(the class says what happened), and a person (what to change, in the words of the question).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = [
    "AnswersError",
    "AnswersRefused",
    "AnswersUnreadable",
    "ContradictoryEvidence",
    "DiaryBusy",
    "DiaryRefused",
    "KnowledgeError",
    "KnowledgeMissing",
    "KnowledgeProblems",
    "MidbackError",
    "NetworkRefused",
    "Problem",
    "did_you_mean",
]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, where it stands, and how to mend it.

    >>> str(Problem("causes/x.yaml", "prior.self_check", "percent 140 is over 100", "write a share of 0-100"))
    'percent 140 is over 100 @ causes/x.yaml:prior.self_check (fix: write a share of 0-100)'
    """

    file: str
    path: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.path}" if self.path else self.file
        return f"{self.what} @ {place}" + (f" (fix: {self.fix})" if self.fix else "")


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """How to mend an unknown ``name``: the (at most three) nearest of ``known``, or ``otherwise`` where none is near.

    >>> did_you_mean("fevr", ["fever", "rigors"])
    'did you mean fever?'
    """
    import difflib  # needed only when something is wrong

    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else otherwise


class MidbackError(Exception):
    """The root of every error raised on purpose; ``exit_code`` is what the terminal returns for it."""

    exit_code = 1

    def __reduce__(self) -> str | tuple[Any, ...]:
        # Between processes an error is made anew: from its problems where it has them, never from its text.
        problems = getattr(self, "problems", None)
        return super().__reduce__() if problems is None else (type(self), (problems,))


class KnowledgeError(MidbackError):
    """The knowledge cannot be used."""

    exit_code = 3


class KnowledgeMissing(KnowledgeError):
    """No knowledge was found, neither in the installed package nor in a checkout."""


class KnowledgeProblems(KnowledgeError):
    """Knowledge files that cannot stand; ``problems`` holds every one of them, sorted by file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        super().__init__(
            f"{count} problem{'s' if count != 1 else ''} in the knowledge:\n"
            + "\n".join(f"  {problem}" for problem in self.problems)
        )


class NetworkRefused(KnowledgeError):
    """Numbers that cannot be a network; ``problems`` names all of them at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("this network cannot be:\n" + "\n".join(f"  {problem}" for problem in problems))


class AnswersError(MidbackError):
    """Answers that cannot be used."""

    exit_code = 4


class AnswersUnreadable(AnswersError):
    """A file of answers that cannot be read at all."""


class AnswersRefused(AnswersError):
    """Answers that cannot be; ``problems`` names every one with the way out."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ContradictoryEvidence(AnswersError):
    """Answers that cannot all be true under the knowledge."""


class DiaryRefused(AnswersError):
    """A diary, or entries for one, that cannot be; ``problems`` names every one with the way out."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DiaryBusy(MidbackError):
    """Another program was writing to the diary for longer than one is willing to wait; nothing was changed."""
