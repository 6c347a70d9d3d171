"""What a set of figures rests on, as hashes: figures of another knowledge or model are recognised as such."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from midback import __version__
from midback.assessment import MODEL_VERSION
from midback.knowledge import Knowledge
from midback.knowledge.root import find_knowledge_root

__all__ = ["cases_folder", "cases_hash", "model_hash", "stamp"]

# The rooms an answer passes through on its way to a level, a list and a next question; words and pages change nothing.
ROOMS = ("answers.py", "assessment.py", "inference", "network", "safety", "interview")


def _sources() -> Iterator[tuple[str, Path]]:
    package = Path(__file__).resolve().parents[1]
    for room in ROOMS:
        place = package / room
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            yield path.relative_to(package).as_posix(), path


@lru_cache(maxsize=1)
def model_hash() -> str:
    """A hash of the code that turns answers into levels and questions, blind to blank lines and comment lines."""
    digest = blake2b(digest_size=16)
    for name, path in _sources():
        lines = (line.rstrip() for line in path.read_text(encoding="utf-8").splitlines())
        code = "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))
        digest.update(f"{name}\0{code}\0".encode())
    return digest.hexdigest()


def cases_folder(root: Path | None = None) -> Path:
    """Where the worked cases of the knowledge lie."""
    return (root or find_knowledge_root()) / "cases"


def cases_hash(folder: Path) -> str:
    """A hash of the worked cases, names and bytes."""
    digest = blake2b(digest_size=16)
    for path in sorted(folder.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def stamp(knowledge: Knowledge) -> dict[str, str]:
    """Versions and content hashes of the knowledge and the model that a result rests on."""
    return {
        "midback_version": __version__, "model_version": MODEL_VERSION, "model_hash": model_hash(),
        "knowledge_version": knowledge.version, "network_hash": knowledge.hashes.network,
        "rules_hash": knowledge.hashes.rules,
    }  # fmt: skip
