"""The network of one setting: every printed number of the knowledge placed in the engine's arrays.

Two passes over each finding. The first turns every link that stands on its own into a frequency; from these and the
priors comes f_m, the model's own frequency among people without a cause; the second pass uses it for ratios.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from midback import inference as engine
from midback.errors import NetworkRefused
from midback.knowledge import Cause, Finding, Knowledge, Number
from midback.knowledge.intervals import Z95
from midback.network.printed import Share, needs_comparator, printed_odds_ratio, printed_share

__all__ = ["AGE", "RISK", "SEX", "BuiltNetwork", "build_network"]

AGE, SEX = "age_band", "sex"
IMPOSSIBLE = -25.0  # log odds of a cause outside its hard limits of age or sex
RISK = "risk:"  # the same fact may move one cause's prior and be a finding of another; the engine needs two names
MIN_SHARE = 0.0005  # a level nobody has yet been seen at stays possible


@dataclass(frozen=True, slots=True, eq=False)
class BuiltNetwork:
    """The engine's network for one setting, and what is needed to read its results back into medicine."""

    setting: str
    network: engine.Network
    causes: tuple[Cause, ...]
    dangerous: np.ndarray
    harm: np.ndarray  # (levels, causes + 1): loss of meeting each cause, and `other`, at each level
    cost: np.ndarray  # (levels,): cost of asking for each level
    numbers: Mapping[str, Number]  # parameter id -> the printed number it came from
    rates: Mapping[tuple[str, str], float]  # (node, cause) -> f_m used for that link
    prior_numbers: Mapping[str, Number]  # cause id -> the number its prior rests on


def _nodes(finding: Finding) -> tuple[tuple[str, str], ...]:
    """(node name, option) pairs of ``finding``; options of many_of and one_of are nodes of their own."""
    if finding.kind in ("one_of", "many_of"):
        return tuple((f"{finding.id}.{option}", option) for option in finding.states)
    return ((finding.id, ""),)


def _key(number: Number, node: str) -> str:
    """One number = one draw. A number measured on a family is shared by the family's members."""
    return f"{number.of}:{node}:{number.source}:{number.quantity}:{number.subgroup}" if number.of else number.id


class _Builder:
    """Gathers every problem while the arrays are filled, so that an editor sees all of them at once."""

    def __init__(self, knowledge: Knowledge, setting: str) -> None:
        self.knowledge, self.setting = knowledge, setting
        self.causes = tuple(cause for cause in knowledge.causes.values() if cause.role == "cause")
        self.index = {cause.id: place for place, cause in enumerate(self.causes)}
        self.finding_words = knowledge.word_widths["finding"]
        self.problems: list[str] = []
        self.numbers: dict[str, Number] = {}
        self.rates: dict[tuple[str, str], float] = {}
        self.prior, self.other = self._priors(setting)
        self._weights: dict[str, tuple[dict[str, float], float]] = {}

    def _priors(self, setting: str) -> tuple[list[Share], Share]:
        words = self.knowledge.word_widths["prior"]
        place = self.knowledge.settings[setting]
        written = [self.prior_number(cause, setting) for cause in self.causes]
        self.numbers.update({number.id: number for number in (*written, place.other)})
        shares = [printed_share(number, words) for number in written]
        if place.tempered_from:
            shares = self._tempered(shares, place.tempering)
        return shares, printed_share(place.other, words)

    def prior_number(self, cause: Cause, setting: str) -> Number:
        """The printed share of presenters that a cause's prior rests on in ``setting``."""
        return cause.prior[self.knowledge.settings[setting].tempered_from or setting]

    def _tempered(self, shares: list[Share], power: float) -> list[Share]:
        """The same shares with each family's total raised to ``power``: a flatter mix of families."""
        total: dict[str, float] = {}
        for cause, share in zip(self.causes, shares, strict=True):
            total[cause.family] = total.get(cause.family, 0.0) + share.mean
        return [
            Share(share.mean * total[cause.family] ** (power - 1), share.sd)
            for cause, share in zip(self.causes, shares, strict=True)
        ]

    def _share(self, number: Number, f_m: float | None = None) -> Share | None:
        try:
            return printed_share(number, self.finding_words, f_m)
        except ValueError as error:
            self.problems.append(str(error))
            return None

    def _f_m(self, links: Mapping[str, Share], background: float, setting: str) -> dict[str, float]:
        """The model's own P(yes | not this cause) for each cause, from the links that stand on their own."""
        weight, other = self._main_causes(setting)
        rate = {cause.id: links[cause.id].mean if cause.id in links else background for cause in self.causes}
        mean = other * background + sum(weight[name] * rate[name] for name in weight)
        return {name: (mean - weight[name] * rate[name]) / (1 - weight[name]) for name in weight}

    def _main_causes(self, setting: str) -> tuple[dict[str, float], float]:
        """(share of presenters of each cause, of none of them) in ``setting``; they sum to 1."""
        if setting not in self._weights:
            prior, other = (self.prior, self.other) if setting == self.setting else self._priors(setting)
            scale = (1 - other.mean) / sum(share.mean for share in prior)
            weight = {cause.id: share.mean * scale for cause, share in zip(self.causes, prior, strict=True)}
            self._weights[setting] = weight, other.mean
        return self._weights[setting]

    def binary(self, finding: Finding, node: str, option: str, groups: set[str]) -> engine.Finding:
        background = finding.background[option] if isinstance(finding.background, Mapping) else finding.background
        base = self._share(background) or Share(0.01, 1.0)
        self.numbers[_key(background, node)] = background
        alone: dict[str, Share] = {}
        waiting: dict[str, Number] = {}
        written: dict[str, Number] = {}
        for cause in self.causes:
            number = cause.links.get(node)
            if not isinstance(number, Number) or number.quantity == "same_as_background":
                continue
            written[cause.id] = number
            if needs_comparator(number):
                waiting[cause.id] = number
            elif share := self._share(number):
                alone[cause.id] = share
        standing = dict(alone)
        for name, number in waiting.items():
            # a ratio measured in one setting fixes the frequency there; it does not grow where the finding is commoner
            measured = number.setting if number.setting in self.knowledge.settings else self.setting
            self.rates[node, name] = self._f_m(standing, base.mean, measured or self.setting)[name]
            if share := self._share(number, self.rates[node, name]):
                alone[name] = share
        kept = [name for name in written if name in alone]
        for name in kept:
            self.numbers[_key(written[name], node)] = written[name]
        means = np.array([[alone[name].mean] for name in kept]).reshape(len(kept), 1)
        # decided by the numbers; `knowledge check` lists links whose written `effect` says otherwise
        lowers = np.array([alone[name].mean < base.mean for name in kept], dtype=bool)
        yes_yes, no_no = self.knowledge.reliability[finding.answered_by]
        return engine.Finding(
            name=node, levels=("no", "yes"),
            background=engine.Numbers(
                np.array([base.mean]), np.array([base.sd]), np.array([_key(background, node)], dtype=object)
            ),
            causes=np.array([self.index[name] for name in kept], dtype=np.int64),
            given=engine.Numbers(
                means,
                np.array([[alone[name].sd] for name in kept]).reshape(len(kept), 1),
                np.array([[_key(written[name], node)] for name in kept], dtype=object).reshape(len(kept), 1),
            ),
            lowers=lowers, group=finding.group if not option and finding.group in groups else None,
            sensitivity=yes_yes, specificity=no_no,
        )  # fmt: skip

    def _levels(self, numbers: Mapping[str, Number], states: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        """(mean, sd, key) of the shares of levels 1.. ; shares are normalised to 1 over all levels."""
        shares = [self._share(numbers[state]) if state in numbers else None for state in states]
        raw = np.array([max(share.mean, MIN_SHARE) if share else MIN_SHARE for share in shares])
        keys = [numbers[state].id if state in numbers else f"unwritten.{states[0]}.{state}" for state in states]
        for state in numbers:
            self.numbers[numbers[state].id] = numbers[state]
        sds = np.array([share.sd if share else 1.0 for share in shares])
        return (raw / raw.sum())[1:], sds[1:], np.array(keys[1:], dtype=object)

    def ordinal(self, finding: Finding) -> engine.Finding:
        assert isinstance(finding.background, Mapping)
        links = {
            cause.id: link for cause in self.causes if isinstance(link := cause.links.get(finding.id), Mapping)
        }  # fmt: skip
        rows = [self._levels(link, finding.states) for link in links.values()]
        width = len(finding.states) - 1
        columns = [np.array([row[part] for row in rows]).reshape(len(rows), width) for part in range(3)]
        base = self._levels(finding.background, finding.states)
        lowers = np.zeros(len(rows), dtype=bool)
        if width == 1:
            lowers = np.asarray(columns[0][:, 0].astype(float) < base[0][0], dtype=bool)
        return engine.Finding(
            name=finding.id, levels=finding.states, background=engine.Numbers(*base),
            causes=np.array([self.index[name] for name in links], dtype=np.int64),
            given=engine.Numbers(columns[0].astype(float), columns[1].astype(float), columns[2].astype(object)),
            lowers=lowers, group=None, sensitivity=1.0, specificity=1.0,
        )  # fmt: skip

    def _risk(self, name: str, levels: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        shape = (len(levels), len(self.causes))
        keys = np.full(shape, f"none:{name}", dtype=object)
        return np.zeros(shape), np.zeros(shape), keys

    def _place_odds(self, number: Number, prevalence: float) -> tuple[float, float]:
        self.numbers[number.id] = number
        try:
            words = self.knowledge.word_widths["odds_ratio"]
            return printed_odds_ratio(number, words, prevalence, self.finding_words)
        except ValueError as error:
            self.problems.append(str(error))
            return 0.0, 0.0

    def risks(self) -> Iterator[engine.Risk]:
        setting = self.knowledge.settings[self.setting]
        for name, shares, attribute in (
            (AGE, setting.age_share, "age_odds"),
            (SEX, setting.sex_share, "sex_odds"),
        ):
            levels = tuple(shares)
            mean, sd, key = self._risk(name, levels)
            for place, cause in enumerate(self.causes):
                for level, number in getattr(cause, attribute).items():
                    row = levels.index(level)
                    mean[row, place], sd[row, place] = self._place_odds(number, shares[level])
                    key[row, place] = number.id
            yield engine.Risk(name, levels, np.array(list(shares.values())), engine.Numbers(mean, sd, key))
        for finding in self.knowledge.findings.values():
            for node, option in _nodes(finding):
                holders = [(place, cause.risks[node]) for place, cause in enumerate(self.causes) if node in cause.risks]
                if holders:
                    yield self._binary_risk(finding, node, option, holders)
        for place, cause in enumerate(self.causes):
            if cause.age_from > 0 or cause.age_to < 120 or cause.sex:
                mean, sd, key = self._risk(f"limit.{cause.id}", ("inside", "outside"))
                mean[1, place] = IMPOSSIBLE
                numbers = engine.Numbers(mean, sd, key)
                yield engine.Risk(f"limit.{cause.id}", ("inside", "outside"), np.array([1.0, 0.0]), numbers)

    def _binary_risk(self, finding: Finding, node: str, option: str, holders: list[tuple[int, Number]]) -> engine.Risk:
        background = finding.background[option] if isinstance(finding.background, Mapping) else finding.background
        share = self._share(background) or Share(0.1, 1.0)
        mean, sd, key = self._risk(node, ("no", "yes"))
        for place, number in holders:
            mean[1, place], sd[1, place] = self._place_odds(number, share.mean)
            key[1, place] = number.id
        numbers = engine.Numbers(mean, sd, key)
        return engine.Risk(RISK + node, ("no", "yes"), np.array([1 - share.mean, share.mean]), numbers)

    def findings(self) -> Iterator[engine.Finding]:
        linked = {key for cause in self.causes for key in cause.links}
        binary = [f for f in self.knowledge.findings.values() if f.kind == "binary" and f.id in linked]
        counts: dict[str, int] = {}
        for finding in binary:
            counts[finding.group] = counts.get(finding.group, 0) + 1
        groups = {group for group, count in counts.items() if count > 1}
        self.groups = tuple(sorted(groups))
        for finding in self.knowledge.findings.values():
            if finding.kind == "ordinal" and finding.id in linked:
                yield self.ordinal(finding)
            elif finding.kind != "ordinal":
                for node, option in _nodes(finding):
                    if node in linked:
                        yield self.binary(finding, node, option, groups)

    def groups_of(self) -> tuple[engine.Group, ...]:
        rho = self.knowledge.group_rho
        sd = (math.log(rho.high / (1 - rho.high)) - math.log(rho.low / (1 - rho.low))) / (2 * Z95)
        return tuple(
            engine.Group(
                group,
                engine.Numbers(np.array(rho.value), np.array(sd), np.array(f"rho.{group}", dtype=object)),
            )
            for group in self.groups
        )


def _losses(knowledge: Knowledge, causes: tuple[Cause, ...]) -> tuple[np.ndarray, np.ndarray]:
    levels = [level.name for level in knowledge.triage.levels]
    harm = [[knowledge.triage.harm[cause.harm][level] for cause in causes] for level in levels]
    other = [[knowledge.triage.other_harm[level]] for level in levels]
    return np.hstack([np.array(harm), np.array(other)]), np.array([level.cost for level in knowledge.triage.levels])


@lru_cache(maxsize=16)
def build_network(knowledge: Knowledge, setting: str) -> BuiltNetwork:
    """The engine's network for people seen in ``setting``, with harm and cost arrays for triage.

    Raises NetworkRefused, with all problems at once, when printed figures cannot be together.
    """
    builder = _Builder(knowledge, setting)
    findings = tuple(builder.findings())
    risks = tuple(builder.risks())
    if builder.problems:
        raise NetworkRefused(tuple(sorted(set(builder.problems))))
    ids = tuple(cause.id for cause in builder.causes)
    several = knowledge.settings[setting].several
    share = knowledge.settings[setting].age_share
    network = engine.Network(
        causes=ids,
        prior=engine.Numbers(
            np.array([item.mean for item in builder.prior]),
            np.array([item.sd for item in builder.prior]),
            np.array([builder.prior_number(cause, setting).id for cause in builder.causes], dtype=object),
        ),
        other=engine.Numbers(
            np.array(builder.other.mean), np.array(builder.other.sd),
            np.array(knowledge.settings[setting].other.id, dtype=object),
        ),
        several=sum(several[band] * share[band] for band in share),
        risks=risks, findings=findings, groups=builder.groups_of(),
    )  # fmt: skip
    harm, cost = _losses(knowledge, builder.causes)
    return BuiltNetwork(
        setting=setting, network=network, causes=builder.causes,
        dangerous=np.array([cause.dangerous for cause in builder.causes]),
        harm=harm, cost=cost, numbers=MappingProxyType(builder.numbers), rates=MappingProxyType(builder.rates),
        prior_numbers=MappingProxyType({cause.id: builder.prior_number(cause, setting) for cause in builder.causes}),
    )  # fmt: skip
