"""Simulated people: worlds are worlds, people are as the world says, interviews are the interview."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from midback import inference as engine
from midback.answers import Answers
from midback.evaluation.simulated.interviews import Noise, interview, replies
from midback.evaluation.simulated.outcomes import Block, run_block
from midback.evaluation.simulated.people import WORLDS, Person, _Shared, draw_person
from midback.evaluation.simulated.worlds import draw_worlds
from midback.inference.ranges import draw_sets
from midback.interview import Done, next_question
from midback.knowledge import Knowledge, load_knowledge
from midback.network import BuiltNetwork, build_network


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def built(knowledge: Knowledge) -> BuiltNetwork:
    return build_network(knowledge, "self_check")


@pytest.fixture(scope="module")
def worlds(built: BuiltNetwork) -> list[engine.Network]:
    return list(draw_worlds(built.network, 3, seed=4))


def people(built: BuiltNetwork, worlds: list[engine.Network], knowledge: Knowledge, count: int) -> list[Person]:
    random = np.random.default_rng(8)
    return [draw_person(worlds[n % 3], built, knowledge, WORLDS[n % 2], random) for n in range(count)]


def test_a_world_is_what_the_engine_draws(built: BuiltNetwork) -> None:
    # One answer and one cause at a time: nothing in a draw is approximate, so both ways must agree.
    name = next(f.name for f in built.network.findings if len(f.levels) == 2)
    evidence = engine.Evidence({name: engine.YES})
    posterior = engine.infer(built.network, evidence, max_causes=1, draws=3, seed=4, simulated=0)
    drawn = draw_sets(built.network, evidence, posterior.point, list(posterior.items), 3, 4)
    for place, world in enumerate(draw_worlds(built.network, 3, seed=4)):
        own = engine.infer(world, evidence, max_causes=1, draws=0, simulated=0)
        np.testing.assert_allclose(own.chance, drawn.chance[:-1, place], rtol=2e-3, atol=1e-6)


@pytest.mark.parametrize("law", WORLDS)
def test_findings_stay_as_common_as_the_knowledge_says(law: str, worlds: list[engine.Network]) -> None:
    random = np.random.default_rng(2)
    group = worlds[0].groups[0].name
    held = np.zeros(3)
    for _ in range(4000):
        shared = _Shared(worlds[0], law, random)
        shared.highest[group] = 0.6
        held += [shared.holds(chance, group) for chance in (0.6, 0.3, 0.05)]
    np.testing.assert_allclose(held / 4000, [0.6, 0.3, 0.05], atol=0.025)


def test_people_are_possible(built: BuiltNetwork, worlds: list[engine.Network], knowledge: Knowledge) -> None:
    for person in people(built, worlds, knowledge, 12):
        assert set(person.truth) == set(knowledge.findings)
        for cause in (knowledge.causes[name] for name in person.causes):
            assert cause.age_from <= person.age <= cause.age_to
            assert cause.sex in (None, person.sex)
        for name, answer in person.truth.items():
            assert str(answer) != "yes" or knowledge.findings[name].applies_to(person.age, person.sex) or any(
                name in other.implies for other in knowledge.findings.values()
            )  # fmt: skip


@pytest.mark.slow
def test_the_short_way_through_the_screen_is_the_interview(
    built: BuiltNetwork, worlds: list[engine.Network], knowledge: Knowledge
) -> None:
    """A slow twin that asks every page must end with the same pages and answers."""
    for number, person in enumerate(people(built, worlds, knowledge, 6)):
        said = replies(person, Noise(), knowledge, np.random.default_rng(number))
        quick = interview(person, said, knowledge)
        answers, pages = Answers(setting=person.setting), 0
        while not isinstance(question := next_question(answers, knowledge), Done):
            pages += 1
            for name in question.items:
                if name in ("age", "sex"):
                    answers = replace(answers, age=person.age) if name == "age" else replace(answers, sex=person.sex)
                else:
                    given = {**answers.given, name: said[name]}
                    answers = replace(answers, given=MappingProxyType(given))
        assert (quick.pages, quick.why) == (pages, question.why)
        assert dict(quick.answers.given) == dict(answers.given)


def test_noise_is_what_it_says(built: BuiltNetwork, worlds: list[engine.Network], knowledge: Knowledge) -> None:
    person = people(built, worlds, knowledge, 1)[0]
    random = np.random.default_rng(3)
    assert replies(person, Noise(slips=False), knowledge, random) == person.truth
    told = replies(person, Noise(0.5, 0.0, slips=False), knowledge, random).values()
    assert 0.4 < np.mean([str(answer) == "not_sure" for answer in told]) < 0.6


@pytest.mark.slow
def test_equal_blocks_give_equal_outcomes() -> None:
    block = Block(seed=3, people=2, worlds=2)
    assert run_block(block) == run_block(block)
