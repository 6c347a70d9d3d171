"""What came of each simulated person: how safe the level, how true the chances, how many pages it took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from midback import inference as engine
from midback.answers import Answers
from midback.assessment import network_for
from midback.evaluation.simulated.interviews import Noise, interview, replies
from midback.evaluation.simulated.people import MAX_CAUSES, Person, draw_person
from midback.evaluation.simulated.worlds import draw_worlds
from midback.knowledge import Knowledge, load_knowledge
from midback.network import BuiltNetwork, build_network, evidence_of
from midback.safety import choose_level

__all__ = ["DRAWS", "Block", "Outcome", "Reached", "drawn_people", "read_chances", "run_block"]

DRAWS = 500
NO_NOISE = Noise()
WORTH_COVERING = 0.01  # ranges of causes less likely than this are near zero whatever happens


@dataclass(frozen=True, slots=True)
class Block:
    """A share of the work that one process can do alone; equal blocks give equal outcomes."""

    seed: int
    people: int
    worlds: int
    setting: str = "self_check"
    law: str = "shared_effect"
    noise: Noise = NO_NOISE
    dangerous: bool = False
    knowledge: Path | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """Chances at the end of an interview as a person is shown them: each family and other as the main cause."""

    families: tuple[tuple[str, float], ...]
    other: float
    danger: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One person: what was so, what was said, what was done.

    ``flags`` are the red flags raised at the level given.
    ``main`` is the family of one of the true causes (drawn when there are several) or "other"; ``due`` the level the
    most urgent true cause needs, None when no modelled cause is there; ``covered`` counts chances of this person's
    own world inside the 95 % range, out of ``ranges``; ``first_covered`` is the same for the likeliest cause alone.
    """

    main: str
    causes: tuple[str, ...]
    dangerous: bool
    due: str | None
    level: str
    level_if_rest_no: str
    decided_by: str
    flags: tuple[str, ...]
    certain: bool
    pages: int
    why: str
    reached: Reached
    covered: int
    ranges: int
    first_covered: bool
    danger_covered: bool


def read_chances(posterior: engine.Posterior, built: BuiltNetwork) -> Reached:
    """The chances people are shown, from one posterior."""
    chance, total = posterior.chance, float(posterior.chance.sum())
    main = chance / total * (1 - posterior.other) if total > 0 else chance
    families: dict[str, float] = {}
    for cause, own in zip(built.causes, main, strict=True):
        families[cause.family] = families.get(cause.family, 0.0) + float(own)
    ranked = tuple(sorted(families.items(), key=lambda item: (-item[1], item[0])))
    danger = posterior.any([cause.id for cause in built.causes if cause.dangerous])[0]
    return Reached(ranked, posterior.other, danger)


def _outcome(
    person: Person, world: engine.Network, answers: Answers, pages: int, why: str, knowledge: Knowledge,
    random: np.random.Generator,
) -> Outcome:  # fmt: skip
    built = network_for(answers, knowledge)
    evidence = evidence_of(answers, built, knowledge)
    posterior = engine.infer(built.network, evidence, max_causes=MAX_CAUSES, draws=DRAWS)
    triage = choose_level(answers, knowledge, built, posterior)
    # The world knows the share with several causes at this age too: that number is not an uncertain one.
    own = engine.Network(
        causes=world.causes, prior=world.prior, other=world.other, several=built.network.several, risks=world.risks,
        findings=world.findings, groups=world.groups,
    )  # fmt: skip
    truth = engine.infer(own, evidence, max_causes=MAX_CAUSES, draws=0, simulated=0)
    inside = (truth.chance >= posterior.lo95 - 1e-9) & (truth.chance <= posterior.hi95 + 1e-9)
    counted = posterior.chance >= WORTH_COVERING
    names = [cause.id for cause in built.causes if cause.dangerous]
    _, low, high = posterior.any(names)
    causes = [knowledge.causes[name] for name in person.causes]
    order = [level.name for level in knowledge.triage.levels]
    return Outcome(
        main=causes[int(random.integers(len(causes)))].family if causes else "other",
        causes=person.causes, dangerous=any(cause.dangerous for cause in causes),
        due=max((cause.urgency for cause in causes), key=order.index, default=None),
        level=triage.level, level_if_rest_no=triage.level_if_rest_no, decided_by=triage.decided_by,
        flags=tuple(reason.flag for reason in triage.reasons if reason.flag and reason.level == triage.level),
        certain=triage.certain, pages=pages, why=why, reached=read_chances(posterior, built),
        covered=int((inside & counted).sum()), ranges=int(counted.sum()),
        first_covered=bool(inside[int(np.argmax(posterior.chance))]),
        danger_covered=bool(low - 1e-9 <= truth.any(names)[0] <= high + 1e-9),
    )  # fmt: skip


@lru_cache(maxsize=2)
def _knowledge(root: Path | None) -> Knowledge:
    return load_knowledge(root)


def drawn_people(block: Block, knowledge: Knowledge) -> Iterator[tuple[Person, engine.Network, np.random.Generator]]:
    """The people of a block, each with the world they live in and chances of their own, whatever is asked of others."""
    built = build_network(knowledge, block.setting)
    worlds = list(draw_worlds(built.network, block.worlds, seed=block.seed + 1))
    for number in range(block.people):
        world, random = worlds[number % block.worlds], np.random.default_rng([block.seed, number])
        yield draw_person(world, built, knowledge, block.law, random, dangerous=block.dangerous), world, random


def run_block(block: Block) -> list[Outcome]:
    """The outcomes of one block of people, each interviewed from the first page to the last."""
    knowledge = _knowledge(block.knowledge)
    done = []
    for person, world, random in drawn_people(block, knowledge):
        talk = interview(person, replies(person, block.noise, knowledge, random), knowledge)
        done.append(_outcome(person, world, talk.answers, talk.pages, talk.why, knowledge, random))
    return done
