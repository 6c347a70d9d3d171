"""Plain data from YAML text that leaves nothing to chance: the only YAML reader in the project.

YAML 1.2 scalars (only ``true`` and ``false`` are booleans, so ``no`` stays a word and dates stay text); duplicate
keys, anchors, aliases, tags and several documents are refused; nesting and size are bounded. People's own files go
through it too, so it must be safe on hostile input.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from midback.errors import Problem

__all__ = ["MAX_BYTES", "MAX_DEPTH", "StrictYamlError", "read_yaml", "read_yaml_file"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 40


class StrictYamlError(Exception):
    """Text that is not strict YAML; ``problem`` says what, where and how to mend it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader where PyYAML was built with it


class _Loader(_Base):  # type: ignore[misc]
    """PyYAML's safe loader with YAML 1.2 core scalars and duplicate keys refused."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = True) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a plain word", key_node.start_mark)
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' stands twice", key_node.start_mark
                )
            seen.add(key)
        return {
            self.construct_object(key_node, deep=deep): self.construct_object(value_node, deep=deep)
            for key_node, value_node in node.value
        }


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


# a point or an exponent is needed, so that 012 stays text instead of turning into twelve
_FLOAT = r"^[-+]?(?:(?:[0-9]{1,16}\.[0-9]{0,16}|\.[0-9]{1,16})(?:[eE][-+]?[0-9]{1,3})?|[0-9]{1,16}[eE][-+]?[0-9]{1,3})$"
_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]{0,15})$", "-+0123456789"),
    ("float", _FLOAT, "-+0123456789."),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _refuse_risky_events(text: str, name: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise StrictYamlError(Problem(name, f"line {line}", "anchors and aliases are refused", "write it out"))
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise StrictYamlError(Problem(name, f"line {line}", f"the tag {tag} is refused", "leave it out"))
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent))
        depth -= isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent))
        if depth > MAX_DEPTH:
            raise StrictYamlError(Problem(name, f"line {line}", f"nested deeper than {MAX_DEPTH}", "flatten it"))
        if documents > 1:
            raise StrictYamlError(Problem(name, f"line {line}", "a second document begins", "one document a file"))


def read_yaml(data: bytes, name: str = "input") -> Any:
    """The plain data (dict, list, str, int, float, bool, None) in ``data``; JSON is read too, being YAML.

    Raises StrictYamlError on anything strict YAML refuses, with file, line and fix.

    >>> read_yaml(b"fever: no\\nseen: 2026-11-22")
    {'fever': 'no', 'seen': '2026-11-22'}
    """
    if len(data) > MAX_BYTES:
        raise StrictYamlError(Problem(name, "", f"{len(data):,} bytes, over the limit of {MAX_BYTES:,}", "split it"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StrictYamlError(
            Problem(name, f"byte {error.start}", "not UTF-8 text", "save it as UTF-8 text")
        ) from error
    try:
        _refuse_risky_events(text, name)
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise StrictYamlError(Problem(name, where, str(what), "see docs/knowledge_format.md")) from error
    except (ValueError, OverflowError, RecursionError) as error:
        raise StrictYamlError(Problem(name, "", f"a value that cannot be read ({error})", "check it")) from error


def read_yaml_file(path: Path, name: str | None = None) -> Any:
    """The plain data in the file at ``path``, as read_yaml does, called ``name`` in messages."""
    shown = name or path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise StrictYamlError(Problem(shown, "", f"{size:,} bytes, over the limit of {MAX_BYTES:,}", "split it"))
        data = path.read_bytes()
    except OSError as error:
        raise StrictYamlError(Problem(shown, "", f"cannot be read ({error.strerror})", "check the path")) from error
    return read_yaml(data, shown)
