"""The fast way of moving one judgement equals moving it in the network and asking the engine again."""

import json
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from midback import inference as engine
from midback.interfaces.cli import main
from midback.knowledge import load_knowledge
from midback.knowledge.scales import word_width
from midback.network import build_network, evidence_of, judgement_influence
from people import person

KNOWLEDGE = load_knowledge()
PEOPLE = [
    person(age=70, fever="yes", duration="1_to_6_weeks", diabetes="yes"),
    person(age=30, sex="male", fever="no", duration="under_1_day"),
    person(age=50, worse_deep_breath="yes"),
]


def asked_again(network: engine.Network) -> np.ndarray:
    built = build_network(KNOWLEDGE, "primary_care")
    rows = []
    for answers in PEOPLE:
        evidence = evidence_of(answers, built, KNOWLEDGE)
        rows.append(engine.infer(network, evidence, max_causes=1, draws=0, simulated=0).chance)
    return np.array(rows)


def family_of(chances: np.ndarray, family: str) -> np.ndarray:
    built = build_network(KNOWLEDGE, "primary_care")
    return chances[:, [cause.family == family for cause in built.causes]].sum(axis=1)


def moved_prior(cause: str, share: float) -> engine.Network:
    network = build_network(KNOWLEDGE, "primary_care").network
    mean = network.prior.mean.copy()
    mean[network.causes.index(cause)] = share
    return replace(network, prior=engine.Numbers(mean, network.prior.sd, network.prior.key))


def moved_link(cause: str, node: str, share: float) -> engine.Network:
    network = build_network(KNOWLEDGE, "primary_care").network
    findings = []
    for finding in network.findings:
        if finding.name == node:
            mean = finding.given.mean.copy()
            mean[list(finding.causes).index(network.causes.index(cause)), 0] = share
            lowers = mean[:, 0] < finding.background.mean[0]
            finding = replace(finding, lowers=lowers, given=engine.Numbers(mean, finding.given.sd, finding.given.key))
        findings.append(finding)
    return replace(network, findings=tuple(findings))


def a_judged_link(node: str) -> str:
    """A cause whose link to ``node`` is a judgement word."""
    return next(cause.id for cause in KNOWLEDGE.causes.values()
                if node in cause.links and getattr(cause.links[node], "word", None))  # fmt: skip


@lru_cache(maxsize=1)
def everything() -> dict[tuple[str, str], float]:
    found = judgement_influence(PEOPLE, KNOWLEDGE, count=10_000)
    return {(family, row.number.id): row.moves for family, rows in found.items() for row in rows}


def influence(number_id: str, family: str) -> float:
    return everything()[family, number_id]


@pytest.mark.slow
@pytest.mark.parametrize("node", ["fever", "worse_deep_breath"])
def test_a_link_moved_in_the_network_moves_its_family_as_far(node):
    cause = KNOWLEDGE.causes[a_judged_link(node)]
    width = word_width(cause.links[node], KNOWLEDGE)
    ends = [family_of(asked_again(moved_link(cause.id, node, end)), cause.family) for end in (width.low, width.high)]
    expected = np.abs(ends[1] - ends[0]).mean()
    assert influence(cause.links[node].id, cause.family) == pytest.approx(expected, rel=0.02, abs=1e-9)


@pytest.mark.slow
def test_a_prior_moved_in_the_network_moves_its_family_as_far():
    cause = KNOWLEDGE.causes["muscle_strain"]
    number = cause.prior["primary_care"]
    width = word_width(number, KNOWLEDGE)
    assert width is not None
    ends = [family_of(asked_again(moved_prior(cause.id, end)), cause.family) for end in (width.low, width.high)]
    expected = np.abs(ends[1] - ends[0]).mean()
    assert influence(number.id, cause.family) == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
def test_ten_judgements_for_each_family_strongest_first_and_progress_told():
    told = []
    found = judgement_influence(PEOPLE, KNOWLEDGE, progress=lambda done, total: told.append((done, total)))
    assert list(found) == list(KNOWLEDGE.families)
    assert told == [(1, 1)]
    for rows in found.values():
        assert len(rows) == 10
        assert [row.moves for row in rows] == sorted((row.moves for row in rows), reverse=True)
        assert all(row.number.word and 0 <= row.moves <= 1 and 0 <= row.at_low <= 1 for row in rows)


@pytest.mark.slow
def test_the_terminal_names_the_people_and_the_family(tmp_path, capsys):
    (tmp_path / "one.yaml").write_text("setting: primary_care\nage: 60\nanswers: {fever: yes}\n", encoding="utf-8")
    order = ["knowledge", "sensitivity", "--family", "infection", "--count", "3", "--cases", str(tmp_path)]
    assert main([*order, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["people"] == 1
    assert list(found["families"]) == ["infection"]
    assert len(found["families"]["infection"]) == 3


@pytest.mark.slow
def test_no_people_and_no_family_are_said_plainly(tmp_path, capsys):
    assert main(["knowledge", "sensitivity", "--cases", str(tmp_path)]) == 3
    assert "no worked people" in capsys.readouterr().err
    assert main(["knowledge", "sensitivity", "--family", "nonsense"]) == 1
    assert "no family 'nonsense'" in capsys.readouterr().err
