"""What things are called on a page: findings with their option, age bands, levels, rules in words."""

from __future__ import annotations

from midback.knowledge import Knowledge
from midback.knowledge.conditions import AtLeast, Condition, Leaf
from midback.report.site.figures import plain, site_words
from midback.report.site.model import Link

__all__ = ["cause_link", "finding_link", "hours_text", "level_label", "rule_lines", "state_label"]


def state_label(finding: str, state: str, knowledge: Knowledge) -> str:
    """The label of one level or option of ``finding``."""
    labels = knowledge.words["en"]["findings"][finding].get("options") or {}
    return str(labels.get(state, plain(state)))


def finding_link(node: str, knowledge: Knowledge, *, state: str = "") -> Link:
    """A link to a finding, called by its clinical name, with the option of ``node`` and a level if there are any."""
    finding, _, option = node.partition(".")
    parts = [knowledge.say("findings", finding, "clinical")]
    parts += [state_label(finding, part, knowledge) for part in (option, state) if part]
    return Link(": ".join(parts), "findings", finding)


def cause_link(cause: str, knowledge: Knowledge) -> Link:
    """A link to a cause, called by its clinical name."""
    return Link(knowledge.say("causes", cause, "clinical"), "causes", cause)


def level_label(level: str, knowledge: Knowledge) -> str:
    """What a triage level is called."""
    return knowledge.say("levels", level, "label")


def hours_text(hours: float) -> str:
    """How long that is.

    >>> hours_text(1), hours_text(24), hours_text(336)
    ('1 hour', '24 hours', '14 days')
    """
    if hours <= 72:
        return f"{hours:g} hour{'' if hours == 1 else 's'}"
    return f"{hours / 24:g} days"


def _leaf(leaf: Leaf, knowledge: Knowledge) -> str:
    words = site_words(knowledge)["red_flag"]
    if leaf.subject in ("age", "sex"):
        shown = [f"{value:g}" if isinstance(value, float) else str(value) for value in leaf.values]
        return str(words["tests"][leaf.test]).format(values=shown[0])
    name = knowledge.say("findings", leaf.subject, "clinical")
    values = words["states_or"].join(state_label(leaf.subject, str(value), knowledge) for value in leaf.values)
    return str(words["tests"][leaf.test]).format(name=name, values=values)


def _joined(condition: Condition, knowledge: Knowledge) -> str:
    if isinstance(condition, Leaf):
        return _leaf(condition, knowledge)
    parts = "; ".join(_joined(part, knowledge) for part in condition.parts)
    return f"{_head(condition, knowledge)} ({parts})"


def _head(condition: AtLeast, knowledge: Knowledge) -> str:
    words = site_words(knowledge)["red_flag"]
    if condition.count == len(condition.parts):
        return str(words["all"])
    return str(words["any"] if condition.count == 1 else words["count"].format(count=condition.count))


def rule_lines(condition: Condition, knowledge: Knowledge) -> tuple[str, ...]:
    """A rule in words: how many must hold, then one line for each part."""
    if isinstance(condition, Leaf):
        return (_leaf(condition, knowledge),)
    return (f"{_head(condition, knowledge)}:", *(_joined(part, knowledge) for part in condition.parts))
