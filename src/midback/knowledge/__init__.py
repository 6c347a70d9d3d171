"""The only room that reads the knowledge files: strict loader, checker, compiler, and what a run holds."""

from midback.knowledge.load import knowledge_from_json, load_knowledge
from midback.knowledge.model import (
    EMERGENCY,
    Cause,
    Finding,
    Hashes,
    Knowledge,
    Number,
    Page,
    RedFlag,
    Setting,
    Source,
    Triage,
)

__all__ = [
    "EMERGENCY",
    "Cause",
    "Finding",
    "Hashes",
    "Knowledge",
    "Number",
    "Page",
    "RedFlag",
    "Setting",
    "Source",
    "Triage",
    "knowledge_from_json",
    "load_knowledge",
]
