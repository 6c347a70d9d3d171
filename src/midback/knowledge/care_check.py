"""Care, prevention, exercise, measure and pathway files checked: their shape, their references and their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from midback.errors import Problem
from midback.knowledge.care_schema import (
    CareFile,
    CareWords,
    ExerciseFile,
    ExerciseWords,
    For,
    MeasureFile,
    MeasureWords,
    PreventionFile,
    findings_of,
    sources_of,
)
from midback.knowledge.conditions import condition_leaves, read_condition
from midback.knowledge.pathway_schema import BranchesFile, PathwayFile, PrognosisFile
from midback.knowledge.shape_problems import shape_problems
from midback.knowledge.tree import KnowledgeTree

__all__ = ["check_care"]

FOLDERS: Mapping[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "care": (CareFile, CareWords),
    "prevention": (PreventionFile, CareWords),
    "care/exercises": (ExerciseFile, ExerciseWords),
    "measures": (MeasureFile, MeasureWords),
}
PATHWAY: Mapping[str, type[BaseModel]] = {
    "steps": PathwayFile,
    "branches": BranchesFile,
    "prognosis": PrognosisFile,
}
SUBFOLDERS = {"exercises", "pathway"}


def _at(content: Mapping[str, Any], folder: str) -> Mapping[str, Any]:
    place: Any = content
    for step in folder.split("/"):
        place = place.get(step, {}) if isinstance(place, Mapping) else {}
    return place if isinstance(place, Mapping) else {}


def _shape(model: type[BaseModel], data: Any, file: str) -> tuple[Any, list[Problem]]:
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, list(shape_problems(error, file, "see docs/care_format.md"))


def _rules(item: Any) -> Iterator[dict[str, Any]]:
    for_ = getattr(item, "for_", None)
    if isinstance(for_, For) and for_.when is not None:
        yield for_.when
    yield from (caution.when for caution in getattr(item, "cautions", ()))


def _check_rules(tree: KnowledgeTree, rules: Iterable[dict[str, Any]], file: str) -> Iterator[Problem]:
    findings = tree.parsed.get("findings", {})
    for rule in rules:
        for leaf in condition_leaves(read_condition(rule)):
            if leaf.subject in ("age", "sex"):
                continue
            finding = findings.get(leaf.subject)
            if finding is None:
                yield Problem(file, "when", f"no finding '{leaf.subject}'", "see the files in findings/")
            elif leaf.test in ("yes", "no") and finding.kind != "binary":
                yield Problem(file, "when", f"'{leaf.subject}' is {finding.kind}, not yes or no", "name a level")
            elif leaf.test not in ("yes", "no"):
                states = list(finding.levels) or finding.options
                for value in sorted(set(map(str, leaf.values)) - set(states)):
                    yield Problem(file, "when", f"'{leaf.subject}' has no '{value}'", ", ".join(states))


def _check_targets(tree: KnowledgeTree, for_: For, file: str) -> Iterator[Problem]:
    for family in for_.families:
        if family not in tree.single.get("families", {}):
            yield Problem(file, "for.families", f"no family '{family}'", "see families.yaml")
    for cause in for_.causes:
        if cause not in tree.parsed.get("causes", {}):
            yield Problem(file, "for.causes", f"no cause '{cause}'", "see the files in causes/")


def _check_item(tree: KnowledgeTree, item: Any, file: str) -> Iterator[Problem]:
    for source in sorted(sources_of(item) - set(tree.parsed.get("sources", {}))):
        yield Problem(file, "source", f"no source '{source}'", "write sources/, or a judgement with its reason")
    if isinstance(item, MeasureFile):
        return
    yield from _check_rules(tree, _rules(item), file)
    yield from _check_targets(tree, item.for_, file)
    for name in sorted(findings_of(item) - set(tree.parsed.get("findings", {}))):
        yield Problem(file, "cautions", f"no finding '{name}'", "see the files in findings/")
    for rule in getattr(item, "unless_chance", ()):
        yield from _check_targets(
            tree, For(families=[rule.family] if rule.family else [], causes=[rule.cause] if rule.cause else []), file
        )
    if isinstance(item, ExerciseFile) and not (tree.root / "care" / "exercises" / item.picture).is_file():
        yield Problem(file, "picture", f"no picture '{item.picture}'", "draw it beside the file")


def _check_words(
    tree: KnowledgeTree, folder: str, item_id: str, item: Any, model: type[BaseModel]
) -> Iterator[Problem]:
    for language, words in tree.first_words.items():
        file = f"words/{language}/{folder}/{item_id}.yaml"
        data = _at(words, folder).get(item_id)
        if data is None:
            yield Problem(file, "", "these words are missing", "write the file")
            continue
        read, problems = _shape(model, data, file)
        yield from problems
        if read is None:
            continue
        if isinstance(item, MeasureFile):
            wanted, have = {one.id for one in item.items}, set(read.items)
        else:
            wanted = {one.text for one in (*item.cautions, *getattr(item, "unless_chance", ()))}
            have = set(read.cautions)
        for key in sorted(wanted ^ have):
            yield Problem(file, key, "a sentence is missing, or has nothing to say", "make words and file agree")


def _check_pathway(tree: KnowledgeTree) -> Iterator[Problem]:
    content = _at(tree.content, "care/pathway")
    items = set(_at(tree.content, "care")) - SUBFOLDERS
    measures = set(_at(tree.content, "measures"))
    for name, model in PATHWAY.items():
        file = f"care/pathway/{name}.yaml"
        if name not in content:
            yield Problem(file, "", "this file is missing", "restore it")
            continue
        read, problems = _shape(model, content[name], file)
        yield from problems
        parts: list[Any] = []
        if isinstance(read, PathwayFile):
            parts = [*read.steps.values(), *read.enter]
            yield from _check_rules(tree, (rule.when for rule in read.enter if rule.when), file)
            named = {finding for level in read.safety_net.values() for finding in level}
            for finding in sorted(named - set(tree.parsed.get("findings", {}))):
                yield Problem(file, "safety_net", f"no finding '{finding}'", "see the files in findings/")
            for measure in sorted({m for review in read.reviews for m in review.measures} - measures):
                yield Problem(file, "reviews", f"no measure '{measure}'", "see the files in measures/")
        elif isinstance(read, BranchesFile | PrognosisFile):
            parts = list(read.branches.values() if isinstance(read, BranchesFile) else read.facts.values())
            for part in parts:
                yield from _check_targets(tree, part.for_, file)
                yield from _check_rules(tree, _rules(part), file)
                for item in sorted(set(getattr(part, "items", ())) - items):
                    yield Problem(file, "items", f"no care item '{item}'", "see the files in care/")
        for source in sorted({part.source for part in parts if part.source} - set(tree.parsed.get("sources", {}))):
            yield Problem(file, "source", f"no source '{source}'", "write sources/, or a judgement with its reason")


def check_care(tree: KnowledgeTree) -> Iterator[Problem]:
    """Every problem in the care, prevention, exercise, measure and pathway files of ``tree``."""
    for folder, (model, words_model) in FOLDERS.items():
        for item_id, data in _at(tree.content, folder).items():
            if folder == "care" and item_id in SUBFOLDERS:
                continue
            file = f"{folder}/{item_id}.yaml"
            item, problems = _shape(model, data, file)
            yield from problems
            if item is not None:
                yield from _check_item(tree, item, file)
                yield from _check_words(tree, folder, item_id, item, words_model)
    yield from _check_pathway(tree)
