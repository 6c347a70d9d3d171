"""What the person who runs the server can set: the environment and one small file about the practice."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from midback.errors import MidbackError
from midback.knowledge.strict_yaml import StrictYamlError, read_yaml_file

__all__ = ["Configuration", "ConfigurationRefused", "Practice", "read_configuration"]

SHORTEST_SECRET = 16
LEAVE_TO = "https://www.wikipedia.org/"
PRACTICE_KEYS = ("name", "email", "phone", "hours", "address")


class ConfigurationRefused(MidbackError):
    """The server cannot start with these settings; the message says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class Practice:
    """Whom to ask for a consultation. Everything but the name may be empty."""

    name: str
    email: str = ""
    phone: str = ""
    hours: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings of one server process. ``key`` seals the answers on their way through the browser."""

    key: bytes
    practice: Practice | None = None
    knowledge: Path | None = None
    leave_to: str = LEAVE_TO


def _key(secret: str | None) -> bytes:
    if secret is None or not secret.strip():
        sys.stderr.write(
            "midback: MIDBACK_SECRET is not set, so a key was made for this process: answers in progress are lost "
            "when it restarts, and several workers cannot share them.\n"
        )
        secret = secrets.token_urlsafe(32)
    if len(secret) < SHORTEST_SECRET:
        raise ConfigurationRefused(
            f"MIDBACK_SECRET is shorter than {SHORTEST_SECRET} characters "
            "(fix: python -c 'import secrets; print(secrets.token_urlsafe(32))')"
        )
    digest = hashlib.blake2b(secret.encode(), digest_size=32, person=b"midback web").digest()
    return base64.urlsafe_b64encode(digest)


def _practice(path: str | None) -> Practice | None:
    if not path:
        return None
    try:
        raw = read_yaml_file(Path(path), Path(path).name)
    except StrictYamlError as error:
        raise ConfigurationRefused(f"MIDBACK_PRACTICE cannot be read: {error.problem}") from error
    if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
        raise ConfigurationRefused("MIDBACK_PRACTICE needs a `name` (and may have email, phone, hours, address)")
    unknown = sorted(set(map(str, raw)) - set(PRACTICE_KEYS))
    if unknown:
        raise ConfigurationRefused(f"MIDBACK_PRACTICE has an unknown key `{unknown[0]}` ({', '.join(PRACTICE_KEYS)})")
    hours = raw.get("hours") or ()
    lines = tuple(map(str, hours)) if isinstance(hours, list) else (str(hours),) if hours else ()
    return Practice(
        raw["name"], str(raw.get("email") or ""), str(raw.get("phone") or ""), lines, str(raw.get("address") or "")
    )


def read_configuration(environment: Mapping[str, str] | None = None) -> Configuration:
    """The settings in ``environment`` (the process's own by default).

    MIDBACK_SECRET: at least 16 characters, shared by all workers. MIDBACK_PRACTICE: path of a YAML file with name,
    email, phone, hours, address. MIDBACK_KNOWLEDGE: another knowledge folder. MIDBACK_LEAVE_TO: where "leave now"
    goes. Raises ConfigurationRefused.

    >>> read_configuration({"MIDBACK_SECRET": "sixteen letters!"}).practice is None
    True
    """
    given = os.environ if environment is None else environment
    folder = given.get("MIDBACK_KNOWLEDGE")
    return Configuration(
        key=_key(given.get("MIDBACK_SECRET")),
        practice=_practice(given.get("MIDBACK_PRACTICE")),
        knowledge=Path(folder) if folder else None,
        leave_to=given.get("MIDBACK_LEAVE_TO") or LEAVE_TO,
    )
