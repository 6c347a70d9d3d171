"""What an answer's exactness rests on: chance beyond the sets looked at, findings nobody explains, surprise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from midback.inference.evidence import Evidence
from midback.inference.network import Network
from midback.inference.point import Answered, Point

__all__ = ["Certificate", "certify"]


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """``beyond``: chance held by sets larger than those looked at. ``unexplained``: finding -> chance that only the
    background explains it. ``surprise``: percentile (0-100) of this picture among simulated people, or None.
    """

    beyond: float
    unexplained: Mapping[str, float]
    surprise: float | None
    notes: tuple[str, ...]


def certify(
    network: Network, evidence: Evidence, point: Point, items: list[Answered], notes: list[str], seed: int
) -> Certificate:
    """The certificate of one point posterior."""
    return Certificate(0.0, MappingProxyType({}), None, tuple(notes))
