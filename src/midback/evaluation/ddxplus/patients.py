"""DDXPlus patients as tables of levels: one row a person, one column a node of the engine's network.

Data: Fansi Tchango and others, DDXPlus, NeurIPS 2022 Datasets and Benchmarks (CC-BY 4.0), not part of this repository.
"""

from __future__ import annotations

import csv
import json
import os
from ast import literal_eval
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FOLDER_VARIABLE", "Benchmark", "Node", "find_benchmark", "read_benchmark"]

FOLDER_VARIABLE = "MIDBACK_DDXPLUS"
PATIENTS, CONDITIONS, EVIDENCES = "patients_mini2611_en.csv", "release_conditions.json", "release_evidences.json"
TRAIN_SHARE = 0.8
AGES = (0, 5, 15, 30, 45, 60, 75)
BINARY, CATEGORICAL, MULTI = "B", "C", "M"


@dataclass(frozen=True, slots=True)
class Node:
    """One finding of the network: ``question`` is the evidence that reveals it, ``levels`` its values, lowest first."""

    name: str
    question: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Benchmark:
    """Everything read: ``values`` (people, nodes) are levels, ``disease`` (people,) places in ``diseases``."""

    diseases: tuple[str, ...]
    severity: NDArray[np.int64]
    nodes: tuple[Node, ...]
    values: NDArray[np.int64]
    disease: NDArray[np.int64]
    initial: tuple[str, ...]
    train: NDArray[np.bool_]

    def nodes_of(self) -> Mapping[str, list[int]]:
        """Question -> places of the nodes that its answer reveals."""
        found: dict[str, list[int]] = {}
        for place, node in enumerate(self.nodes):
            found.setdefault(node.question, []).append(place)
        return found


def find_benchmark(named: Path | None = None) -> Path | None:
    """The folder with the DDXPlus files: the one named, else the environment's, else beside the checkout; or None."""
    checkout = Path(__file__).resolve().parents[4]
    given = named or (Path(os.environ[FOLDER_VARIABLE]) if os.environ.get(FOLDER_VARIABLE) else None)
    folder = given or checkout.parent / "shared" / "benchmarks" / "ddxplus"
    return folder if all((folder / name).is_file() for name in (PATIENTS, CONDITIONS, EVIDENCES)) else None


def _in_train(row: Mapping[str, str]) -> bool:
    """The split, by the hash of the row's own content: the same rows whatever the order of the file."""
    key = "\x1f".join(row[name] for name in ("AGE", "SEX", "PATHOLOGY", "EVIDENCES", "INITIAL_EVIDENCE"))
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") / 2**64 < TRAIN_SHARE


def _nodes(evidences: Mapping[str, Any], seen: set[str]) -> Iterator[Node]:
    yield Node("age", "age", tuple(f"from_{age}" for age in AGES))
    yield Node("sex", "sex", ("M", "F"))
    for name, item in evidences.items():
        kind = item["data_type"]
        if kind == BINARY:
            yield Node(name, name, ("no", "yes"))
        elif kind == CATEGORICAL:
            default = str(item["default_value"])
            rest = [str(value) for value in item["possible-values"] if str(value) != default]
            yield Node(name, name, (default, *rest))
        elif kind == MULTI:
            # Options that no training patient has would be columns of nothing.
            for value in map(str, item["possible-values"]):
                if f"{name}_@_{value}" in seen:
                    yield Node(f"{name}_@_{value}", name, ("no", "yes"))


def _levels_of(row: Mapping[str, str], nodes: tuple[Node, ...], index: Mapping[str, int]) -> NDArray[np.int64]:
    values = np.zeros(len(nodes), dtype=np.int64)
    values[index["age"]] = sum(int(row["AGE"]) >= age for age in AGES) - 1
    values[index["sex"]] = nodes[index["sex"]].levels.index(row["SEX"])
    for said in literal_eval(row["EVIDENCES"]):
        name, _, value = said.partition("_@_")
        if said in index:
            values[index[said]] = 1
        elif name in index and value:
            values[index[name]] = nodes[index[name]].levels.index(value)
    return values


def read_benchmark(folder: Path) -> Benchmark:
    """The whole sample with its split; nothing is fitted here. Raises OSError or ValueError for other files."""
    evidences = json.loads((folder / EVIDENCES).read_text(encoding="utf-8"))
    conditions = json.loads((folder / CONDITIONS).read_text(encoding="utf-8"))
    with (folder / PATIENTS).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    train = np.array([_in_train(row) for row in rows])
    seen = {said for row, used in zip(rows, train, strict=True) if used for said in literal_eval(row["EVIDENCES"])}
    nodes = tuple(_nodes(evidences, seen))
    index = {node.name: place for place, node in enumerate(nodes)}
    diseases = tuple(sorted(conditions))
    place = {name: number for number, name in enumerate(diseases)}
    return Benchmark(
        diseases=diseases, severity=np.array([int(conditions[name]["severity"]) for name in diseases]), nodes=nodes,
        values=np.array([_levels_of(row, nodes, index) for row in rows]),
        disease=np.array([place[row["PATHOLOGY"]] for row in rows]),
        initial=tuple(row["INITIAL_EVIDENCE"] for row in rows), train=train,
    )  # fmt: skip
