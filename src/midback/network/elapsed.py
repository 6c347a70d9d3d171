"""Time that passed since the first assessment, as one more piece of evidence about each cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from midback import inference as engine
from midback.network.build import BuiltNetwork

__all__ = ["StillThere", "with_elapsed_time"]

NODE = "still_in_pain_since_start"
LEVELS = ("at_start", "still")
LEAST = 0.001


@dataclass(frozen=True, slots=True)
class StillThere:
    """P(still in pain now | in pain at the start, this cause), 0-1, with the standard deviation of its logarithm."""

    share: float
    log_sd: float = 0.0


def with_elapsed_time(
    built: BuiltNetwork, evidence: engine.Evidence, stays: Mapping[str, StillThere]
) -> tuple[BuiltNetwork, engine.Evidence]:
    """The same network and evidence with "still in pain after this time" observed.

    ``stays`` maps cause ids to S(t2)/S(t1). A cause that is not named, and `other`, keep the factor 1. For a set of
    causes the factors multiply: none of them has settled. The factor acts on the weight of a set after the prior is
    normalised, so that `other` rises when everything that settles by itself has had its time.

    >>> from midback.knowledge import load_knowledge
    >>> from midback.network import build_network
    >>> built, _ = with_elapsed_time(
    ...     build_network(load_knowledge(), "primary_care"), engine.Evidence(), {"muscle_strain": StillThere(0.5)}
    ... )
    >>> built.network.risks[-1].levels
    ('at_start', 'still')
    """
    shape = (len(LEVELS), len(built.causes))
    mean, sd = np.zeros(shape), np.zeros(shape)
    key = np.full(shape, f"none:{NODE}", dtype=object)
    for place, cause in enumerate(built.causes):
        factor = stays.get(cause.id)
        if factor is not None:
            mean[1, place], sd[1, place] = np.log(max(factor.share, LEAST)), factor.log_sd
            key[1, place] = f"{cause.id}.course"
    # Nobody is "still" at the start: with all the share on the first level nothing is centred away.
    observed = engine.Risk(NODE, LEVELS, np.array([1.0, 0.0]), engine.Numbers(mean, sd, key))
    network = replace(built.network, risks=(*built.network.risks, observed))
    return replace(built, network=network), engine.Evidence(evidence.findings, {**evidence.risks, NODE: "still"})
