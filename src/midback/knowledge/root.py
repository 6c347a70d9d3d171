"""Where the knowledge lies and which files it is made of; knows nothing of what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from midback.errors import KnowledgeMissing

__all__ = ["find_knowledge_root", "knowledge_files", "tree_signature"]


def find_knowledge_root() -> Path:
    """The folder that holds the knowledge: shipped inside the package, else the checkout's ``knowledge/``.

    Raises KnowledgeMissing when neither is there.
    """
    shipped = Path(str(files("midback"))) / "_knowledge"
    if shipped.is_dir():
        return shipped
    checkout = Path(__file__).resolve().parents[3] / "knowledge"
    if (checkout / "settings.yaml").is_file():
        return checkout
    raise KnowledgeMissing(
        "no knowledge found: the package was built without it, and there is no `knowledge` folder beside `src`. "
        "Install Midback from its wheel, or run it from a checkout."
    )


def knowledge_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Every knowledge file below ``root`` with its name relative to it, sorted."""
    for path in sorted(root.rglob("*.yaml")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(("cases/", ".")):  # worked people are read by the evaluation room
            yield name, path


def tree_signature(root: Path) -> str:
    """A fast fingerprint of the folder (names, sizes, times): tells whether a cached compilation still stands."""
    digest = hashlib.blake2b(digest_size=16)
    for name, path in knowledge_files(root):
        stat = path.stat()
        digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
