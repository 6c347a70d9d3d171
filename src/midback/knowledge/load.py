"""The Knowledge a run works with, from the compiled file.

In a wheel the compiled file ships beside the YAML. In a checkout it is kept in the user's cache folder, outside the
tree, and made anew whenever a file changed. Pydantic is imported only when something must be compiled.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from midback.errors import KnowledgeError, KnowledgeMissing
from midback.knowledge.conditions import read_condition
from midback.knowledge.model import (
    AgeBand,
    Cause,
    Finding,
    Hashes,
    Interview,
    Knowledge,
    Language,
    Level,
    Number,
    Page,
    Printed,
    RedFlag,
    Setting,
    Source,
    Triage,
    WordWidth,
)

__all__ = ["knowledge_from_json", "load_knowledge"]


KEPT_COMPILATIONS = 6


def _printed(value: list[Any] | None) -> Printed | None:
    return Printed(*value) if value else None


def _number(data: Mapping[str, Any]) -> Number:
    fields = {key: value for key, value in data.items() if key not in ("value", "second", "table")}
    table = data.get("table")
    return Number(
        value=_printed(data.get("value")),
        second=_printed(data.get("second")),
        table=(table[0], table[1], table[2], table[3]) if table else None,
        **fields,
    )


def _numbers(data: Mapping[str, Any]) -> dict[str, Number]:
    return {key: _number(value) for key, value in data.items()}


def _cause(cause_id: str, data: Mapping[str, Any]) -> Cause:
    links = {
        key: _numbers(link["levels"]) if "levels" in link else _number(link) for key, link in data["links"].items()
    }
    return Cause(
        id=cause_id, family=data["family"], role=data["role"], urgency=data["urgency"], harm=data["harm"],
        dangerous=data["dangerous"], icd10=tuple(data["icd10"]), age_from=data["age_from"], age_to=data["age_to"],
        sex=data["sex"], prior=_numbers(data["prior"]), age_odds=_numbers(data["age_odds"]),
        sex_odds=_numbers(data["sex_odds"]), risks=_numbers(data["risks"]), links=links,
        audit=_numbers(data["audit"]), course={int(week): _number(n) for week, n in data["course"].items()},
    )  # fmt: skip


def _finding(finding_id: str, data: Mapping[str, Any]) -> Finding:
    background = data["background"]
    fields = {key: value for key, value in data.items() if key not in ("background", "states", "starts", "implies")}
    return Finding(
        id=finding_id,
        background=_numbers(background["states"]) if "states" in background else _number(background),
        states=tuple(data["states"]),
        starts=tuple(data["starts"]),
        implies=tuple(data["implies"]),
        **fields,
    )


def _red_flag(flag_id: str, data: Mapping[str, Any]) -> RedFlag:
    kept = {key: data.get(key) for key in ("level", "within_hours", "screen", "status", "source", "where", "reason")}
    return RedFlag(id=flag_id, when=read_condition(data["when"]), **kept)  # type: ignore[arg-type]


def _interview(data: Mapping[str, Any]) -> Interview:
    pages = {
        part: tuple(Page(key, page["kind"], tuple(page["findings"])) for key, page in data[part].items())
        for part in ("opening", "safety")
    }
    dials = {key: value for key, value in data.items() if key not in ("opening", "safety", "reason", "usual_questions")}
    low, high = data["usual_questions"]
    return Interview(usual_questions=(low, high), opening=pages["opening"], safety=pages["safety"], **dials)


def _settings(data: Mapping[str, Any]) -> dict[str, Setting]:
    def shares(percents: Mapping[str, float]) -> dict[str, float]:
        whole = sum(percents.values())
        return {key: value / whole for key, value in percents.items()}

    return {
        name: Setting(
            name=name,
            other=_number(entry["other"]),
            several={band: percent / 100 for band, percent in entry["several_causes"].items()},
            age_share=shares(entry["age_share"]),
            sex_share=shares(entry["sex_share"]),
            tempered_from=entry["tempered_from"],
            tempering=entry["tempering"],
        )
        for name, entry in data.items()
    }


def _triage(data: Mapping[str, Any]) -> Triage:
    levels = tuple(Level(name, entry["within_hours"], entry["cost"]) for name, entry in data["levels"].items())
    return Triage(levels=levels, **{key: value for key, value in data.items() if key != "levels"})


def knowledge_from_json(text: str) -> Knowledge:
    """The Knowledge in the compiled JSON ``text``.

    Raises KnowledgeError when the text is no compiled knowledge of this version.
    """
    try:
        data = json.loads(text)
        settings = data["settings"]
        words = {
            scale: {word: WordWidth(**width) for word, width in widths.items()}
            for scale, widths in settings["words"].items()
        }
        return Knowledge(
            version=settings["knowledge_version"], dated=settings["dated"], status=settings["status"],
            hashes=Hashes(**data["hashes"]), max_causes=settings["max_causes"],
            age_bands=tuple(AgeBand(name, b["from"], b["to"]) for name, b in settings["age_bands"].items()),
            settings=_settings(settings["settings"]),
            reliability={k: (r["yes_when_yes"] / 100, r["no_when_no"] / 100)
                         for k, r in settings["reliability"].items()},
            word_widths=words, group_rho=WordWidth(**settings["group_rho"]), families=data["families"],
            sources={key: Source(id=key, **source) for key, source in data["sources"].items()},
            causes={key: _cause(key, cause) for key, cause in data["causes"].items()},
            findings={key: _finding(key, finding) for key, finding in data["findings"].items()},
            red_flags={key: _red_flag(key, flag) for key, flag in data["red_flags"].items()},
            triage=_triage(data["triage"]), interview=_interview(data["interview"]),
            languages={code: Language(code, **entry) for code, entry in data["languages"].items()},
            words=data["words"], content=data["content"], drawings=data["drawings"],
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"this is not a compiled knowledge file of this version of Midback ({error!r})") from error


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "midback"


def _write_whole(path: Path, text: str) -> None:
    """Write so that a reader sees the old file or the new one, never half of one; a read-only place is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(path)
    except OSError:
        return


def _forget_old() -> None:
    """Keep the newest compilations only: a few, because several checkouts may be in use at once."""
    try:
        kept = sorted(_cache_folder().glob("knowledge-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[KEPT_COMPILATIONS:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _compiled_text(root: Path) -> str:
    shipped = root / "compiled.json"
    if shipped.is_file():
        return shipped.read_text(encoding="utf-8")
    from midback.knowledge.root import COMPILED_VERSION, tree_signature

    cached = _cache_folder() / f"knowledge-{COMPILED_VERSION}-{tree_signature(root)}.json"
    if cached.is_file():
        return cached.read_text(encoding="utf-8")
    from midback.knowledge.compile import compile_tree  # brings the schema library, which a run never needs
    from midback.knowledge.tree import read_tree

    text = compile_tree(read_tree(root))
    _write_whole(cached, text)
    _forget_old()
    return text


@lru_cache(maxsize=4)
def load_knowledge(root: Path | None = None) -> Knowledge:
    """The knowledge below ``root``, or the one that came with this installation.

    Raises KnowledgeMissing when there is none and KnowledgeProblems when its files do not stand.

    >>> load_knowledge().max_causes
    3
    """
    from midback.knowledge.root import find_knowledge_root

    place = root or find_knowledge_root()
    if not place.is_dir():
        raise KnowledgeMissing(f"there is no knowledge folder at {place} (fix: one holds settings.yaml and causes/)")
    return knowledge_from_json(_compiled_text(place))
