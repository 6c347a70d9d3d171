"""Care: from an assessment to a dated plan, with every contraindication applied and every stance shown."""

from midback.care.benefit import Benefit, expected_benefit
from midback.care.gate import Because, Verdict, weigh
from midback.care.items import CareItem, CareKnowledge, care_knowledge
from midback.care.plan_model import Plan, ReviewDate, plan_to_raw
from midback.care.planning import plan
from midback.care.prognosis import (
    Outlook,
    Prognosis,
    if_not_better,
    prognosis_of,
    stays_in_pain,
    weeks_so_far,
)

__all__ = [
    "Because",
    "Benefit",
    "CareItem",
    "CareKnowledge",
    "Outlook",
    "Plan",
    "Prognosis",
    "ReviewDate",
    "Verdict",
    "care_knowledge",
    "expected_benefit",
    "if_not_better",
    "plan",
    "plan_to_raw",
    "prognosis_of",
    "stays_in_pain",
    "weeks_so_far",
    "weigh",
]
