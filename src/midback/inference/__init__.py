"""Exact Bayes over arrays: which sets of causes explain a set of answers, how sure, and what to ask next.

Knows no medicine and no words: causes, findings and risks are names the caller gives. Everything is immutable, every
function pure, and NumPy is all it needs.
"""

from midback.inference.batch import Batch, infer_batch
from midback.inference.certificate import Certificate
from midback.inference.decide import Decision, decide
from midback.inference.evidence import NO, YES, Answer, Evidence, NotSure, Observed
from midback.inference.explain import Weights, disablement, gaps, weights
from midback.inference.network import (
    BoolArray,
    Finding,
    FloatArray,
    Group,
    IntArray,
    Network,
    Numbers,
    ObjectArray,
    Risk,
)
from midback.inference.posterior import Posterior, infer, range_of
from midback.inference.questions import QuestionValues, predictive, question_values

__all__ = [
    "NO",
    "YES",
    "Answer",
    "Batch",
    "BoolArray",
    "Certificate",
    "Decision",
    "Evidence",
    "Finding",
    "FloatArray",
    "Group",
    "IntArray",
    "Network",
    "NotSure",
    "Numbers",
    "ObjectArray",
    "Observed",
    "Posterior",
    "QuestionValues",
    "Risk",
    "Weights",
    "decide",
    "disablement",
    "gaps",
    "infer",
    "infer_batch",
    "predictive",
    "question_values",
    "range_of",
    "weights",
]
