"""What was answered: levels seen, "not sure", or nothing at all (a finding that is absent was not asked)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["NO", "YES", "Answer", "Evidence", "NotSure", "Observed"]


@dataclass(frozen=True, slots=True)
class Observed:
    """The finding lies at one of the levels ``low`` to ``high``, both included; 0 is "no" or the lowest.

    >>> Observed(1, 1) == YES
    True
    """

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class NotSure:
    """The person cannot tell. ``if_yes`` and ``if_no`` are P(cannot tell | present) and P(cannot tell | absent).

    Equal numbers (the default) say nothing about the finding, so the answer is ignored.
    """

    if_yes: float = 1.0
    if_no: float = 1.0


Answer = Observed | NotSure

YES = Observed(1, 1)
NO = Observed(0, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answers of one person: finding name -> answer, risk name -> level name. Copies what it is given.

    >>> Evidence({"fever": YES}, {"steroids": "long term"}).findings["fever"]
    Observed(low=1, high=1)
    """

    findings: Mapping[str, Answer] = field(default_factory=dict)
    risks: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", MappingProxyType(dict(self.findings)))
        object.__setattr__(self, "risks", MappingProxyType(dict(self.risks)))

    def without(self, name: str) -> Evidence:
        """The same evidence with the answer to one finding or risk taken back."""
        return Evidence(
            {key: value for key, value in self.findings.items() if key != name},
            {key: value for key, value in self.risks.items() if key != name},
        )
