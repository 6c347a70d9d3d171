"""Which scale of judgement words a number stands on, and how wide its word is."""

from __future__ import annotations

from midback.knowledge.model import Knowledge, Number, WordWidth

__all__ = ["word_scale", "word_width"]


def word_scale(number_id: str) -> str:
    """``finding``, ``prior`` or ``odds_ratio``: the row of words in settings.yaml that the number's place reads.

    >>> word_scale("myeloma.prior.age.60_to_74"), word_scale("myeloma.prior.self_check"), word_scale("fever.background")
    ('odds_ratio', 'prior', 'finding')
    """
    place = number_id.partition(".")[2]
    if place.startswith(("prior.age.", "prior.sex.", "risks.")):
        return "odds_ratio"
    return "prior" if place.startswith("prior.") or number_id.startswith("settings.") else "finding"


def word_width(number: Number, knowledge: Knowledge) -> WordWidth | None:
    """The point and 95 % range of a judgement word (0-1, or a ratio); None for a printed figure.

    >>> from midback.knowledge import load_knowledge
    >>> knowledge = load_knowledge()
    >>> width = word_width(knowledge.findings["hurt_by_someone"].background, knowledge)
    >>> width.value, width.low, width.high
    (0.03, 0.005, 0.1)
    """
    return knowledge.word_widths[word_scale(number.id)][number.word] if number.word else None
