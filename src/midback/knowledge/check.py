"""Rules that hold across files: references exist, kinds fit, dangerous causes are covered, words are complete.

Each check yields Problems and never stops at the first, so an editor sees everything at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlparse

from midback.errors import Problem, did_you_mean
from midback.knowledge.care_check import check_care
from midback.knowledge.changes_check import check_changes
from midback.knowledge.conditions import ConditionError, condition_leaves, read_condition
from midback.knowledge.notes_check import check_notes
from midback.knowledge.number_schema import LevelledNumber, PrintedNumber
from midback.knowledge.review_check import check_review
from midback.knowledge.schema import CauseFile, FindingFile
from midback.knowledge.tree import KnowledgeTree
from midback.knowledge.words_check import check_languages

__all__ = ["check_tree"]

FINDING_WORDS = ("label", "question", "help", "why", "clinical")
BINARY_WORDS = ("yes", "no")
CAUSE_WORDS = ("label", "clinical", "what", "signs", "outlook", "done")
RED_FLAG_WORDS = ("title", "reason", "do")
COMPARATORS = {"other_back_pain", "suspected_cases", "general_population", "healthy", "mixed"}


def _nearest(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, known, "see docs/knowledge_format.md")


def _numbers(cause: CauseFile) -> Iterator[tuple[str, PrintedNumber]]:
    """Every number of one cause file with its path."""
    if cause.prior:
        for setting in ("self_check", "primary_care", "emergency_department", "spine_clinic"):
            yield f"prior.{setting}", getattr(cause.prior, setting)
        yield from ((f"prior.age.{band}", number) for band, number in cause.prior.age.items())
        yield from ((f"prior.sex.{sex}", number) for sex, number in cause.prior.sex.items())
    yield from ((f"risks.{key}", number) for key, number in cause.risks.items())
    yield from ((f"audit.{key}", number) for key, number in cause.audit.items())
    for key, link in cause.findings.items():
        if isinstance(link, LevelledNumber):
            yield from ((f"findings.{key}.levels.{level}", number) for level, number in link.levels.items())
        else:
            yield f"findings.{key}", link
    if cause.course:
        yield from ((f"course.still_in_pain.{week}", number) for week, number in cause.course.still_in_pain.items())


def _scale_of(path: str) -> str:
    if path.startswith(("prior.age", "prior.sex", "risks.")):
        return "odds_ratio"
    return "prior" if path.startswith("prior.") else "finding"


def _check_numbers(tree: KnowledgeTree, cause_id: str, cause: CauseFile) -> Iterator[Problem]:
    file = f"causes/{cause_id}.yaml"
    words = tree.single["settings"].words
    for path, number in _numbers(cause):
        if number.source and number.source not in tree.parsed.get("sources", {}):
            yield Problem(file, path, f"no source '{number.source}'", _nearest(number.source, tree.parsed["sources"]))
        scale = _scale_of(path)
        if number.word and number.word not in words[scale]:
            yield Problem(file, path, f"'{number.word}' is no {scale} word", ", ".join(words[scale]))
        if number.compared_with and number.compared_with not in COMPARATORS | set(tree.parsed["causes"]):
            yield Problem(file, path, f"compared_with '{number.compared_with}' is unknown", ", ".join(COMPARATORS))
        if number.of and number.of not in tree.single["families"]:
            yield Problem(file, path, f"no family '{number.of}'", _nearest(number.of, tree.single["families"]))
        if path.startswith("prior.") and scale == "prior" and number.quantity not in ("percent", "count", "word"):
            yield Problem(file, path, "a share of presenters is percent, count or a word", "rewrite it")
        if scale == "odds_ratio" and number.quantity == "same_as_background":
            yield Problem(file, path, "a risk that moves nothing", "leave it out")


def _silent(link: object) -> bool:
    return isinstance(link, PrintedNumber) and link.quantity == "same_as_background"


def _check_keys(tree: KnowledgeTree, cause_id: str, cause: CauseFile) -> Iterator[Problem]:
    file = f"causes/{cause_id}.yaml"
    findings: dict[str, FindingFile] = tree.parsed["findings"]
    for part, mapping in (("findings", cause.findings), ("risks", cause.risks), ("audit", cause.audit)):
        for key, link in mapping.items():
            name, _, state = key.partition(".")
            finding = findings.get(name)
            if finding is None:
                yield Problem(file, f"{part}.{key}", f"no finding '{name}'", _nearest(name, findings))
                continue
            states = list(finding.levels) or finding.options
            if state and state not in states:
                yield Problem(file, f"{part}.{key}", f"'{name}' has no '{state}'", _nearest(state, states))
            if part == "findings" and isinstance(link, LevelledNumber):
                if finding.kind != "ordinal":
                    yield Problem(file, f"{part}.{key}", "levels on a finding that is not ordinal", "give one number")
                for level in set(link.levels) - set(states):
                    yield Problem(file, f"{part}.{key}.levels", f"'{name}' has no level '{level}'", ", ".join(states))
            elif part == "findings" and finding.kind == "ordinal" and not _silent(link):
                yield Problem(file, f"{part}.{key}", "an ordinal finding needs `levels:`", ", ".join(states))
            elif part == "findings" and finding.kind in ("one_of", "many_of") and not state and not _silent(link):
                yield Problem(file, f"{part}.{key}", "name the option: `finding.option`", ", ".join(states))
    bands = set(tree.single["settings"].age_bands)
    for band in set(cause.prior.age if cause.prior else ()) - bands:
        yield Problem(file, "prior.age", f"no age band '{band}'", ", ".join(sorted(bands)))
    if cause.family not in tree.single["families"]:
        yield Problem(file, "family", f"no family '{cause.family}'", _nearest(cause.family, tree.single["families"]))


def _check_red_flags(tree: KnowledgeTree) -> Iterator[Problem]:
    findings: dict[str, FindingFile] = tree.parsed["findings"]
    for flag_id, flag in tree.parsed.get("red_flags", {}).items():
        file = f"red_flags/{flag_id}.yaml"
        if flag.source and flag.source not in tree.parsed["sources"]:
            yield Problem(file, "source", f"no source '{flag.source}'", _nearest(flag.source, tree.parsed["sources"]))
        try:
            condition = read_condition(flag.when)
        except ConditionError as error:
            yield Problem(file, "when", str(error), "see docs/knowledge_format.md")
            continue
        for leaf in condition_leaves(condition):
            if leaf.subject in ("age", "sex"):
                continue
            finding = findings.get(leaf.subject)
            if finding is None:
                yield Problem(file, "when", f"no finding '{leaf.subject}'", _nearest(leaf.subject, findings))
            elif leaf.test in ("yes", "no") and finding.kind != "binary":
                yield Problem(file, "when", f"'{leaf.subject}' is {finding.kind}, not yes or no", "name a level")
            elif leaf.test not in ("yes", "no"):
                states = list(finding.levels) or finding.options
                for value in set(map(str, leaf.values)) - set(states):
                    yield Problem(file, "when", f"'{leaf.subject}' has no '{value}'", _nearest(value, states))


def _check_sources(tree: KnowledgeTree) -> Iterator[Problem]:
    refused = tuple(tree.single["settings"].refused_hosts)
    for source_id, source in tree.parsed.get("sources", {}).items():
        host = urlparse(source.url).hostname or ""
        if any(host == name or host.endswith("." + name) for name in refused):
            what = f"{host} is a copy or a machine-written page, never a source"
            yield Problem(f"sources/{source_id}.yaml", "url", what, "find the original or write a judgement word")


def _check_words(tree: KnowledgeTree) -> Iterator[Problem]:
    wanted = (("findings", FINDING_WORDS), ("causes", CAUSE_WORDS), ("red_flags", RED_FLAG_WORDS))
    for language, words in tree.first_words.items():
        for kind, keys in wanted:
            have = words.get(kind, {})
            for name in tree.parsed.get(kind, {}):
                file = f"words/{language}/{kind}/{name}.yaml"
                if name not in have:
                    yield Problem(file, "", "these words are missing", "write the file")
                    continue
                binary = kind == "findings" and tree.parsed[kind][name].kind == "binary"
                for key in keys + (BINARY_WORDS if binary else ()):
                    if not isinstance(have[name].get(key), str):
                        yield Problem(file, key, "this sentence is missing", "write it")
            for name in set(have) - set(tree.parsed.get(kind, {})):
                yield Problem(f"words/{language}/{kind}/{name}.yaml", "", "words for nothing", "remove the file")
        for name, finding in tree.parsed["findings"].items():
            states = set(finding.levels) or set(finding.options)
            labelled = set((words.get("findings", {}).get(name) or {}).get("options") or ())
            if states != labelled:
                missing = ", ".join(sorted(states ^ labelled))
                yield Problem(f"words/{language}/findings/{name}.yaml", "options", f"labels do not fit: {missing}")


def _check_interview(tree: KnowledgeTree) -> Iterator[Problem]:
    interview = tree.single["interview"]
    for part in ("opening", "safety"):
        for page_id, page in getattr(interview, part).items():
            for name in page.findings:
                if name not in tree.parsed["findings"]:
                    fix = _nearest(name, tree.parsed["findings"])
                    yield Problem("interview.yaml", f"{part}.{page_id}", f"no finding '{name}'", fix)


def _check_background(tree: KnowledgeTree) -> Iterator[Problem]:
    words = tree.single["settings"].words["finding"]
    for name, finding in tree.parsed["findings"].items():
        for implied in finding.implies:
            if implied not in tree.parsed["findings"] or tree.parsed["findings"][implied].kind != "binary":
                what = f"implies '{implied}', which is no yes-or-no finding"
                yield Problem(f"findings/{name}.yaml", "implies", what, _nearest(implied, tree.parsed["findings"]))
        given = finding.background if isinstance(finding.background, dict) else {"": finding.background}
        for state, number in given.items():
            path = f"background.{state}".rstrip(".")
            if number.word and number.word not in words:
                yield Problem(f"findings/{name}.yaml", path, f"'{number.word}' is no finding word", ", ".join(words))
            if number.source and number.source not in tree.parsed["sources"]:
                fix = _nearest(number.source, tree.parsed["sources"])
                yield Problem(f"findings/{name}.yaml", path, f"no source '{number.source}'", fix)
            if number.quantity not in ("word", "percent", "count"):
                yield Problem(f"findings/{name}.yaml", path, "a background is percent, count or a word", "rewrite it")


def check_tree(tree: KnowledgeTree, *, translations: bool = True) -> tuple[Problem, ...]:
    """Every problem in ``tree``: those of shape, and then those across files; sorted, each once.

    Without ``translations`` the words of the first language alone have to stand: a language with a gap is then not
    offered, and stops nobody.
    """
    problems = list(tree.problems)
    for kind in ("sources", "causes", "findings", "red_flags"):
        tree.parsed.setdefault(kind, {})
    if {"settings", "families", "interview", "triage_levels", "languages"} <= set(tree.single):
        for cause_id, cause in tree.parsed["causes"].items():
            problems.extend(_check_numbers(tree, cause_id, cause))
            problems.extend(_check_keys(tree, cause_id, cause))
        for check in (
            _check_background, _check_red_flags, _check_sources, _check_interview, _check_words,
        ):  # fmt: skip
            problems.extend(check(tree))
        problems.extend(check_care(tree))
        problems.extend(check_review(tree))
        problems.extend(check_notes(tree))
        problems.extend(check_changes(tree))
        problems.extend(check_languages(tree))
    if not translations:
        others = tuple(f"words/{code}/" for code in [*tree.languages][1:])
        problems = [problem for problem in problems if not problem.file.startswith(others)]
    return tuple(sorted(set(problems)))
