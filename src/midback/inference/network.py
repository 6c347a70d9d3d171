"""The network: causes, risks and findings as immutable arrays, checked once when it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midback.errors import NetworkRefused

__all__ = [
    "BoolArray",
    "Finding",
    "FloatArray",
    "Group",
    "IntArray",
    "Network",
    "Numbers",
    "ObjectArray",
    "Real",
    "Risk",
    "Short",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ObjectArray = NDArray[np.object_]
Short = NDArray[np.float32]  # seven digits: for draws, never for a headline
Real = NDArray[np.floating[Any]]

# Nearer to 0 or 1 than this is a certainty, and a certainty cannot be argued with by any answer.
CERTAIN = 1e-9
WIDEST_SD = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Uncertain numbers of any shape, each with the id of the parameter it comes from.

    ``mean`` is a probability (0 to 1) or, in a `Risk`, a shift of log odds; ``sd`` is the standard deviation on
    the logit scale (of the log odds in a `Risk`). Entries with the same ``key`` are the same draw everywhere.

    >>> Numbers.of(0.2, 0.5, "fever:background").mean.shape
    ()
    """

    mean: FloatArray
    sd: FloatArray
    key: ObjectArray

    def __post_init__(self) -> None:
        for name, kind in (("mean", np.float64), ("sd", np.float64), ("key", object)):
            array = np.array(getattr(self, name), dtype=kind)
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def of(cls, mean: Any, sd: Any, key: Any) -> Numbers:
        """Numbers from anything array-like; ``sd`` and ``key`` are broadcast to the shape of ``mean``."""
        values = np.asarray(mean, dtype=np.float64)
        return cls(
            values,
            np.broadcast_to(np.asarray(sd, dtype=np.float64), values.shape),
            np.broadcast_to(np.asarray(key, dtype=object), values.shape),
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the numbers."""
        return self.mean.shape


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Risk:
    """A fact that was true before: each level moves the log odds of each cause.

    ``share`` (L,) is how common each level is; ``log_odds`` is (L, causes). The shifts are centred so that the
    average odds over the shares stay the prior odds; an unknown risk shifts nothing.
    """

    name: str
    levels: tuple[str, ...]
    share: FloatArray
    log_odds: Numbers

    def __post_init__(self) -> None:
        _freeze(self, share=np.float64)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Finding:
    """A finding with ordered levels, level 0 being "no" or the lowest.

    ``background`` (L-1,) holds the shares of levels 1..L-1 when no linked cause is present, ``given`` (m, L-1) the
    same when only cause ``causes[j]`` is; level 0 is the remainder. ``lowers`` (m,) marks the causes that make the
    finding less common than the background. ``sensitivity`` and ``specificity`` are those of the *answer*
    (binary findings only).
    """

    name: str
    levels: tuple[str, ...]
    background: Numbers
    causes: IntArray
    given: Numbers
    lowers: BoolArray
    group: str | None = None
    sensitivity: float = 1.0
    specificity: float = 1.0

    def __post_init__(self) -> None:
        _freeze(self, causes=np.int64, lowers=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Findings that travel together, by a shared random effect of correlation ``rho`` (a share of 0 to 1)."""

    name: str
    rho: Numbers


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Network:
    """All the engine knows. Raises `NetworkRefused` with every problem at once.

    ``prior`` (n,) are shares among presenters, ``other`` () the share with none of the causes, ``several`` the
    share with two causes or more among those with any.
    """

    causes: tuple[str, ...]
    prior: Numbers
    other: Numbers
    several: float
    risks: tuple[Risk, ...] = ()
    findings: tuple[Finding, ...] = ()
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise NetworkRefused(problems)

    def finding(self, name: str) -> Finding:
        """The finding of that name; KeyError if there is none."""
        for finding in self.findings:
            if finding.name == name:
                return finding
        raise KeyError(name)


def _freeze(item: Any, **kinds: Any) -> None:
    for name, kind in kinds.items():
        array = np.array(getattr(item, name), dtype=kind)
        array.flags.writeable = False
        object.__setattr__(item, name, array)


def _problems(network: Network) -> Iterator[str]:
    count = len(network.causes)
    if not count:
        yield "causes: there are none"
    for what, names in (
        ("cause", network.causes),
        ("risk or finding", [risk.name for risk in network.risks] + [found.name for found in network.findings]),
        ("group", [group.name for group in network.groups]),
    ):
        for name, times in Counter(names).items():
            if times > 1:
                yield f"{what} {name}: named {times} times"
    yield from _probabilities("prior", network.prior, (count,), network.causes)
    yield from _probabilities("other", network.other, ())
    if network.prior.shape == (count,) and network.other.shape == ():
        for name, share in zip(network.causes, network.prior.mean, strict=True):
            if share + network.other.mean > 1 + CERTAIN:
                none = float(network.other.mean)
                yield f"prior {name}: {share:.4g} leaves no room for {none:.4g} with no cause at all"
    if not 0 <= network.several < 1:
        yield f"several: {network.several} is no share of 0 to below 1"
    groups = {group.name for group in network.groups}
    for group in network.groups:
        yield from _probabilities(f"group {group.name}: rho", group.rho, ())
    for risk in network.risks:
        yield from _risk_problems(risk, count)
    for finding in network.findings:
        yield from _finding_problems(finding, network, groups)


def _risk_problems(risk: Risk, count: int) -> Iterator[str]:
    where = f"risk {risk.name}"
    size = len(risk.levels)
    if size < 2 or len(set(risk.levels)) < size:
        yield f"{where}: needs two levels or more, each named once"
    if risk.share.shape != (size,):
        yield f"{where}: share has shape {risk.share.shape}, not {(size,)}"
    elif not (np.all(risk.share >= 0) and abs(risk.share.sum() - 1) < 1e-6):
        yield f"{where}: the shares are not shares that sum to 1"
    shifts = risk.log_odds
    if shifts.shape != (size, count):
        yield f"{where}: log_odds has shape {shifts.shape}, not {(size, count)}"
    elif not np.all(np.isfinite(shifts.mean) & (np.abs(shifts.mean) < 30)):
        yield f"{where}: a shift is not a log odds within -30 and 30"
    yield from _spread(where, shifts)


def _finding_problems(finding: Finding, network: Network, groups: set[str]) -> Iterator[str]:
    where = f"finding {finding.name}"
    high, links = len(finding.levels) - 1, len(finding.causes)
    if high < 1 or len(set(finding.levels)) < len(finding.levels):
        yield f"{where}: needs two levels or more, each named once"
        return
    if finding.group is not None and finding.group not in groups:
        yield f"{where}: group {finding.group} is not in the network"
    for name, value in (("sensitivity", finding.sensitivity), ("specificity", finding.specificity)):
        if not 0 < value <= 1:
            yield f"{where}: {name} {value} is no share above 0 and up to 1"
    if not finding.sensitivity + finding.specificity > 1:
        yield f"{where}: an answer of this sensitivity and specificity tells nothing or the opposite"
    if high > 1 and (finding.sensitivity, finding.specificity) != (1.0, 1.0):
        yield f"{where}: only answers of two levels can be unreliable"
    if finding.causes.ndim != 1 or finding.lowers.shape != (links,):
        yield f"{where}: causes and lowers need one entry per link"
        return
    if np.any((finding.causes < 0) | (finding.causes >= len(network.causes))):
        yield f"{where}: a link to a cause that is not there"
        return
    if len(set(finding.causes.tolist())) < links:
        yield f"{where}: a cause is linked twice"
    names = [network.causes[cause] for cause in finding.causes]
    found = [*_probabilities(f"{where}: background", finding.background, (high,))]
    found += _probabilities(f"{where}: given", finding.given, (links, high), names)
    yield from found
    if found:
        return
    if finding.background.mean.sum() >= 1 - CERTAIN:
        yield f"{where}: the background shares leave nothing for {finding.levels[0]}"
    full = finding.given.mean.sum(1) >= 1 - CERTAIN
    for name in np.array(names)[full]:
        yield f"{where}: the shares given {name} leave nothing for {finding.levels[0]}"
    if high > 1:
        return
    shares, usual = finding.given.mean[:, 0], float(finding.background.mean[0])
    for link in np.flatnonzero((shares < usual * (1 - 1e-9)) & ~finding.lowers):
        given = f"{names[link]} {shares[link]:.4g}"
        yield f"{where}: given {given} is below the background {usual:.4g} but not marked lowers"
    for link in np.flatnonzero((shares > usual * (1 + 1e-9)) & finding.lowers):
        given = f"{names[link]} {shares[link]:.4g}"
        yield f"{where}: given {given} is above the background {usual:.4g} but marked lowers"


def _probabilities(where: str, numbers: Numbers, shape: tuple[int, ...], names: Any = None) -> Iterator[str]:
    if numbers.shape != shape:
        yield f"{where}: has shape {numbers.shape}, not {shape}"
        return
    wrong = ~((numbers.mean > CERTAIN) & (numbers.mean < 1 - CERTAIN))
    for index in np.argwhere(wrong) if wrong.any() else ():
        name = f" {names[index[0]]}" if names is not None and len(index) else ""
        yield f"{where}{name}: {numbers.mean[tuple(index)]} is no probability between 0 and 1"
    yield from _spread(where, numbers)


def _spread(where: str, numbers: Numbers) -> Iterator[str]:
    if numbers.sd.shape != numbers.shape or numbers.key.shape != numbers.shape:
        yield f"{where}: mean, sd and key differ in shape"
        return
    if not np.all((numbers.sd >= 0) & (numbers.sd <= WIDEST_SD)):
        yield f"{where}: an sd is not between 0 and {WIDEST_SD:g}"
    if not all(isinstance(key, str) for key in numbers.key.flat):
        yield f"{where}: a key is not text"
