"""infer: answers in, chances of every cause out, with ranges and a certificate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from midback.inference.answered import Answered, answered, check_evidence
from midback.inference.certificate import Certificate, certify
from midback.inference.evidence import Evidence
from midback.inference.network import FloatArray, Network, Real
from midback.inference.point import Point, exact_point
from midback.inference.ranges import Drawn, draw_sets

__all__ = ["Posterior", "infer", "range_of"]

WORK_LIMIT = 6e8  # elementary steps; about two seconds
DRAWN_LIMIT = 2e8  # numbers drawn at once; less than a gigabyte


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Chances given the answers. Headlines are at the printed numbers; ``lo95`` and ``hi95`` hold each headline.

    ``chance`` (n,) are the chances that each cause is present (several can be); ``other`` that none of them is.
    ``draws`` (S, n + 1) are the same at each draw of the answered numbers (last column `other`), or None.
    P(no cause) + the sum over all sets of causes is 1; only with ``max_causes`` 1 do chance and other sum to 1.
    """

    network: Network
    evidence: Evidence
    causes: tuple[str, ...]
    chance: FloatArray
    lo95: FloatArray
    hi95: FloatArray
    other: float
    other_lo95: float
    other_hi95: float
    draws: FloatArray | None
    log_evidence: float
    max_causes: int
    certificate: Certificate
    point: Point
    items: tuple[Answered, ...]
    drawn: Drawn | None
    seed: int

    def chance_of(self, name: str) -> tuple[float, float, float]:
        """Chance of one cause with its 95 % range; KeyError for a name that is not a cause."""
        index = self._index(name)
        return float(self.chance[index]), float(self.lo95[index]), float(self.hi95[index])

    def sets(self, count: int) -> tuple[tuple[tuple[str, ...], float], ...]:
        """The ``count`` most probable sets of causes with their chances; () is "none of the causes"."""
        point = self.point
        every = point.subsets
        chances = np.concatenate([[point.chance_empty], point.chance_single, point.chance_pair, point.chance_triple])
        singles, pairs = len(point.chance_single), len(point.chance_pair)
        found = []
        for place in np.argsort(-chances, kind="stable")[: max(count, 0)]:
            if place == 0:
                members: tuple[int, ...] = ()
            elif place <= singles:
                members = (int(place) - 1,)
            elif place <= singles + pairs:
                members = tuple(int(cause) for cause in every.pairs[:, place - 1 - singles])
            else:
                members = tuple(int(cause) for cause in every.triples[:, place - 1 - singles - pairs])
            found.append((tuple(self.causes[cause] for cause in members), float(chances[place])))
        return tuple(found)

    def any(self, names: Iterable[str]) -> tuple[float, float, float]:
        """Chance that at least one of the named causes is present, with its 95 % range: exact over the sets."""
        wanted = np.array(sorted({self._index(name) for name in names}), dtype=np.int64)
        if not len(wanted):
            return 0.0, 0.0, 0.0
        hit = np.zeros(len(self.causes), dtype=bool)
        hit[wanted] = True
        point = self.point
        headline = float(point.chance_single[hit].sum())
        if len(point.chance_pair):
            low, high = point.subsets.pairs
            pair_hit = hit[low] | hit[high]
            headline += float(point.chance_pair[pair_hit].sum())
            if len(point.chance_triple):
                triple_hit = pair_hit[point.subsets.sides[0]] | hit[point.subsets.triples[2]]
                headline += float(point.chance_triple[triple_hit].sum())
        headline = min(headline, 1.0)
        if self.drawn is None:
            return headline, headline, headline
        low, high = range_of(np.clip(1 - self.drawn.avoiding(wanted), 0, 1), headline)
        return headline, float(low), float(high)

    def _index(self, name: str) -> int:
        try:
            return self.causes.index(name)
        except ValueError:
            raise KeyError(f"no cause is called {name}") from None


def range_of(draws: Real, headline: FloatArray | float) -> tuple[FloatArray, FloatArray]:
    """The 2.5 and 97.5 % points over the first axis, widened to hold the headline."""
    # Draws are put last and side by side; sorting such rows is several times faster than selecting from them.
    ordered = np.sort(np.ascontiguousarray(np.moveaxis(np.asarray(draws), 0, -1)), axis=-1)
    size = ordered.shape[-1]
    low, high = int(0.025 * (size - 1)), int(np.ceil(0.975 * (size - 1)))
    return np.minimum(ordered[..., low], headline), np.maximum(ordered[..., high], headline)


def infer(
    network: Network,
    evidence: Evidence,
    *,
    max_causes: int = 3,
    draws: int = 2000,
    seed: int = 0,
    simulated: int = 200,
) -> Posterior:
    """The posterior over sets of at most ``max_causes`` (1 to 3) causes.

    Exact at the printed numbers; ranges from ``draws`` draws of the answered numbers (0: none, ranges are the
    headline); a certificate, whose surprise is seen against ``simulated`` made-up people (0: None). Pure: the same
    network, evidence and seed give the same answer. Raises ValueError for answers the network does not know and
    ContradictoryEvidence for answers that cannot all be true. Work is predicted first; above a fixed limit
    ``max_causes`` or ``draws`` is lowered and the certificate's notes say so.

    >>> from midback.inference import YES, Finding, Network, Numbers
    >>> usual, given = Numbers.of([0.02], 0.4, "b"), Numbers.of([[0.6]], 0.4, "s")
    >>> fever = Finding("fever", ("no", "yes"), usual, [0], given, [False])
    >>> network = Network(("flu", "sprain"), Numbers.of([0.3, 0.6], 0.2, ["f", "s"]), Numbers.of(0.1, 0.2, "o"), 0.05,
    ...     findings=(fever,))
    >>> chance, low, high = infer(network, Evidence({"fever": YES})).chance_of("flu")
    >>> round(chance, 2), low < chance < high
    (0.94, True)
    """
    if not 1 <= max_causes <= 3:
        raise ValueError(f"max_causes is {max_causes}; it can be 1, 2 or 3")
    if not 0 <= draws <= 100_000:
        raise ValueError(f"draws is {draws}; it can be 0 to 100,000")
    check_evidence(network, evidence)
    items = answered(network, evidence)
    largest, notes = _affordable(network, items, max_causes)
    draws = _affordable_draws(network, items, draws, notes)
    point = exact_point(network, evidence, largest, items)
    drawn = draw_sets(network, evidence, point, items, draws, seed) if draws else None
    if drawn is None:
        low = high = np.append(point.chance, point.chance_empty)
        table = None
    else:
        table = np.asarray(drawn.chance.T, dtype=np.float64)
        low, high = range_of(drawn.chance.T, np.append(point.chance, point.chance_empty))
        if drawn.kept_interaction > 1e-2:
            notes.append(f"ranges keep printed interactions on which {drawn.kept_interaction:.2%} of the chance hangs")
    return Posterior(
        network,
        evidence,
        network.causes,
        point.chance,
        low[:-1],
        high[:-1],
        point.chance_empty,
        float(low[-1]),
        float(high[-1]),
        table,
        point.log_total,
        point.largest,
        certify(network, evidence, point, items, notes, simulated, seed),
        point,
        tuple(items),
        drawn,
        seed,
    )


def _predicted_work(network: Network, items: list[Answered], largest: int) -> float:
    """Elementary steps of the exact point: sets of linked causes, over the answers, times the group's nodes."""
    work = 0.0
    for item in items:
        size = len(item.site.causes)
        work += _subset_count(size, largest) * len(item.answer) * (1 if item.joined is None else 60)
    return work + _subset_count(len(network.causes), largest) * 100


def _subset_count(size: int, largest: int) -> float:
    count = 1.0 + size
    if largest >= 2:
        count += size * (size - 1) / 2
    if largest >= 3:
        count += size * (size - 1) * (size - 2) / 6
    return count


def _affordable(network: Network, items: list[Answered], largest: int) -> tuple[int, list[str]]:
    notes: list[str] = []
    while largest > 1 and _predicted_work(network, items, largest) > WORK_LIMIT:
        largest -= 1
        notes = [f"at most {largest} causes at once: more would take longer than the work limit allows"]
    return largest, notes


def _affordable_draws(network: Network, items: list[Answered], draws: int, notes: list[str]) -> int:
    numbers = len(network.causes) + sum((len(item.site.causes) + 1) * (len(item.answer) - 1) for item in items)
    most = max(int(DRAWN_LIMIT / numbers), 100)
    if draws > most:
        notes.append(f"{most} draws: more would take more memory than the limit allows")
    return min(draws, most)
