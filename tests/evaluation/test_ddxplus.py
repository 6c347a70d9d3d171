"""The engine on the DDXPlus sample: split, fit and the first questions. Skipped aloud where the files are not."""

from pathlib import Path

import numpy as np
import pytest

from midback import inference as engine
from midback.evaluation.ddxplus.asking import evaluate_ddxplus
from midback.evaluation.ddxplus.fitting import fit_network, frequencies
from midback.evaluation.ddxplus.patients import FOLDER_VARIABLE, find_benchmark, read_benchmark

FOLDER = find_benchmark()
pytestmark = pytest.mark.skipif(FOLDER is None, reason=f"NO DDXPLUS: name its folder in {FOLDER_VARIABLE}")


def test_the_split_is_by_row_and_about_a_fifth() -> None:
    assert FOLDER is not None
    data = read_benchmark(FOLDER)
    assert 0.17 < 1 - data.train.mean() < 0.23
    assert len(data.diseases) == 49
    assert set(data.disease[data.train]) == set(range(49))


def test_the_engine_equals_naive_bayes_when_all_is_told() -> None:
    """One cause at a time and no groups: the engine's exact answer has a closed form."""
    assert FOLDER is not None
    data = read_benchmark(FOLDER)
    network = fit_network(data)
    prior, tables = frequencies(data)
    for person in np.flatnonzero(~data.train)[:5]:
        seen = {
            node.name: engine.Observed(int(v), int(v)) for node, v in zip(data.nodes, data.values[person], strict=True)
        }
        chance = engine.infer(network, engine.Evidence(seen), max_causes=1, draws=0, simulated=0).chance
        log = np.log(prior) + sum(
            np.log(table[:, level]) for table, level in zip(tables, data.values[person], strict=True)
        )
        own = np.exp(log - log.max())
        np.testing.assert_allclose(chance / chance.sum(), own / own.sum(), atol=1e-4)


@pytest.mark.slow
def test_a_few_unseen_people() -> None:
    assert FOLDER is not None
    result = evaluate_ddxplus(Path(FOLDER), most_people=6)
    assert result["tested"] == 6
    at_ten = next(row for row in result["engine"] if row["questions"] == 10)
    assert at_ten["top_3"]["hits"] >= 5
