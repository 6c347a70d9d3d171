"""One application for the quick tests, one real server and one real browser for the others."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from midback.interfaces.web import create_app
from midback.interfaces.web.configuration import Configuration, Practice, read_configuration

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SECRET = "a secret of the tests, long enough"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]  # fmt: skip
PRACTICE = "name: Spine Practice\nemail: desk@example.org\nphone: '+44 20 7946 0000'\nhours: [Mon to Fri 9 to 17]\n"


@pytest.fixture(scope="session")
def configuration() -> Configuration:
    given = read_configuration({"MIDBACK_SECRET": SECRET})
    return Configuration(given.key, Practice("Spine Practice", "desk@example.org", "020 7946 0000", ("Mon 9 to 17",)))


@pytest.fixture(scope="session")
def app(configuration: Configuration) -> FastAPI:
    return create_app(configuration)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1", headers={"accept-language": "en-GB"}) as client:
        yield client


@dataclass
class Server:
    """A running server: where it is, what it printed, where it could write."""

    address: str
    log: Path
    home: Path


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Server]:
    """A real server, started in ``home`` with these options of `midback serve`, until the block ends."""
    practice = home / "practice.yaml"
    practice.write_text(PRACTICE, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    source = Path(__file__).resolve().parents[2] / "src"
    environment = os.environ | {
        "PYTHONPATH": str(source), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "TMPDIR": str(home),
        "MIDBACK_SECRET": SECRET, "MIDBACK_PRACTICE": str(practice), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    log = home / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "midback.interfaces.cli", "serve", "--port", str(port), *options],
            cwd=home, env=environment, stdout=stream, stderr=stream,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(address, timeout=2).close()  # loopback only
                    break
                except OSError:
                    assert process.poll() is None, log.read_text(encoding="utf-8")
                    time.sleep(0.1)
            yield Server(address, log, home)
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests that need one: two of them cannot be driven from the same thread."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
