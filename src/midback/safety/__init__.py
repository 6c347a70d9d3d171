"""Red flags and triage: how urgent, decided by rules and by expected harm, whichever is more urgent."""

from midback.safety.chances import answer_chances, chance_of
from midback.safety.changes import Change, changes_that_matter, danger_values
from midback.safety.rules import FlagState, Truth, Truths, evaluate, flag_states, open_findings
from midback.safety.screen import Screen, safety_screen
from midback.safety.triage import Reason, Settled, TriageResult, choose_level, implied_thresholds

__all__ = [
    "Change",
    "FlagState",
    "Reason",
    "Screen",
    "Settled",
    "TriageResult",
    "Truth",
    "Truths",
    "answer_chances",
    "chance_of",
    "changes_that_matter",
    "choose_level",
    "danger_values",
    "evaluate",
    "flag_states",
    "implied_thresholds",
    "open_findings",
    "safety_screen",
]
