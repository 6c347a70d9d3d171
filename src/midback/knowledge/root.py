"""Where the knowledge lies and which files it is made of; knows nothing of what they say."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from midback.errors import KnowledgeMissing

__all__ = ["COMPILED_VERSION", "find_knowledge_root", "knowledge_files", "tree_signature"]

COMPILED_VERSION = 3  # raised whenever the compiled layout changes, so that an old cache is never read


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


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir():
                if name != "cases":  # worked people are read by the evaluation room
                    yield from _walk(entry.path, name + "/")
            elif entry.name.endswith((".yaml", ".svg")) and not entry.name.startswith("."):
                yield name, entry


def knowledge_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Every knowledge file below ``root`` with its name relative to it, sorted."""
    for name, entry in sorted(_walk(str(root), ""), key=lambda item: item[0]):
        yield name, Path(entry.path)


def tree_signature(root: Path) -> str:
    """A fast fingerprint of the folder (names, sizes, times): tells whether a cached compilation still stands."""
    digest = hashlib.blake2b(digest_size=16)
    for name, entry in sorted(_walk(str(root), ""), key=lambda item: item[0]):
        stat = entry.stat()  # the directory entry keeps it: a thousand Path objects would cost a tenth of a second
        digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
