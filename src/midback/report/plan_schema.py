"""The JSON schema of a plan, made from the plan itself: `python -m midback.report.plan_schema` prints it.

The file beside this one, `plan.schema.json`, is that print; a test holds them together.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic import TypeAdapter

from midback.care import Plan
from midback.knowledge import load_knowledge
from midback.report.plan_text import SCHEMA_VERSION

__all__ = ["plan_schema"]

NOT_WRITTEN = "target"  # plan_to_raw leaves out which causes an item is for
KINDS = ["emergency", "too_young", "incomplete", "see_first", "full"]


def _closed(schema: Any) -> Any:
    """The schema with every record closed: all of its fields are there, and no others."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items() if key not in ("default", "title", "description")}
    if isinstance(schema.get("properties"), dict):
        fields = {name: _closed(part) for name, part in schema["properties"].items() if name != NOT_WRITTEN}
        closed |= {"properties": fields, "required": list(fields), "additionalProperties": False}
    return closed


def _used(name: str, every: dict[str, Any], found: set[str]) -> set[str]:
    """The definitions that ``name`` needs, itself among them."""
    if name not in found:
        found.add(name)
        text = json.dumps(every[name])
        for other in every:
            if f'"#/$defs/{other}"' in text:
                _used(other, every, found)
    return found


def plan_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what `midback plan --format json` prints; dates as ISO text, chances 0-1.

    >>> plan_schema()["properties"]["kind"]
    {'const': 'plan'}
    """
    made = TypeAdapter(Plan).json_schema(mode="serialization")
    every = _closed(made.pop("$defs")) | {"Plan": _closed(made)}
    plan = every["Plan"]["properties"]
    plan["kind"] = {"enum": KINDS}
    plan["level"] = {"enum": [level.name for level in load_knowledge().triage.levels]}
    kept = _used("Plan", every, set())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Midback plan",
        "description": f"What `midback plan --format json` prints. schema_version {SCHEMA_VERSION}.",
        "type": "object",
        "properties": {
            "schema_version": {"const": SCHEMA_VERSION},
            "kind": {"const": "plan"},
            "notice": {"type": "string"},
            "plan": {"$ref": "#/$defs/Plan"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "required": ["schema_version", "kind", "notice", "plan", "labels"],
        "additionalProperties": False,
        "$defs": {name: part for name, part in sorted(every.items()) if name in kept},
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(plan_schema(), indent=1, ensure_ascii=False) + "\n")
