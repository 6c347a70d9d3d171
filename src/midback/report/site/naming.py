"""What things are called on a page: findings with their option, age bands, levels, rules in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from midback.knowledge.conditions import AtLeast, Condition, Leaf
from midback.report.site.edition import Edition
from midback.report.site.figures import plain
from midback.report.site.model import Link

__all__ = ["band_text", "cause_link", "finding_link", "hours_text", "level_label", "rule_lines", "state_label"]

NO_NAMES: Mapping[str, str] = MappingProxyType({})


def state_label(finding: str, state: str, edition: Edition) -> str:
    """The label of one level or option of ``finding``."""
    labels = edition.words["findings"][finding].get("options") or {}
    return str(labels.get(state, plain(state)))


def finding_link(node: str, edition: Edition, *, state: str = "") -> Link:
    """A link to a finding, called by its clinical name, with the option of ``node`` and a level if there are any."""
    finding, _, option = node.partition(".")
    parts = [edition.say("findings", finding, "clinical")]
    parts += [state_label(finding, part, edition) for part in (option, state) if part]
    return Link(": ".join(parts), "findings", finding)


def cause_link(cause: str, edition: Edition) -> Link:
    """A link to a cause, called by its clinical name."""
    return Link(edition.say("causes", cause, "clinical"), "causes", cause)


def level_label(level: str, edition: Edition) -> str:
    """What a triage level is called."""
    return edition.say("levels", level, "label")


def hours_text(hours: float, edition: Edition) -> str:
    """How long that is: 1 hour, 24 hours, 14 days."""
    words = edition.site["spans"]
    if hours <= 72:
        return str(words["hour" if hours == 1 else "hours"]).format(value=edition.figure(hours))
    return str(words["days"]).format(value=edition.figure(hours / 24))


def band_text(band: str, edition: Edition) -> str:
    """The name of an age band in words: ages 16 to 39 years."""
    found, words = next(row for row in edition.knowledge.age_bands if row.name == band), edition.site["cause"]
    said = words["ages_from"] if found.last >= 120 else words["ages_between"]
    return str(said).format(low=found.first, high=found.last)


def _leaf(leaf: Leaf, edition: Edition, names: Mapping[str, str]) -> str:
    words = edition.site["red_flag"]
    if leaf.subject in ("age", "sex"):
        sexes = edition.site["cause"]["sexes"]
        shown = [edition.figure(value) if isinstance(value, float) else str(sexes.get(value, value))
                 for value in leaf.values]  # fmt: skip
        return str(words["tests"][leaf.test]).format(values=shown[0])
    name = names.get(leaf.subject) or edition.say("findings", leaf.subject, "clinical")
    values = words["states_or"].join(state_label(leaf.subject, str(value), edition) for value in leaf.values)
    return str(words["tests"][leaf.test]).format(name=name, values=values)


def _joined(condition: Condition, edition: Edition, names: Mapping[str, str]) -> str:
    if isinstance(condition, Leaf):
        return _leaf(condition, edition, names)
    parts = "; ".join(_joined(part, edition, names) for part in condition.parts)
    return f"{_head(condition, edition)} ({parts})"


def _head(condition: AtLeast, edition: Edition) -> str:
    words = edition.site["red_flag"]
    if condition.count == len(condition.parts):
        return str(words["all"])
    return str(words["any"] if condition.count == 1 else words["count"].format(count=condition.count))


def rule_lines(condition: Condition, edition: Edition, names: Mapping[str, str] = NO_NAMES) -> tuple[str, ...]:
    """A rule in words: how many must hold, then one line for each part; ``names`` are other names of findings."""
    if isinstance(condition, Leaf):
        return (_leaf(condition, edition, names),)
    return (f"{_head(condition, edition)}:", *(_joined(part, edition, names) for part in condition.parts))
