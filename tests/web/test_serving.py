"""Starting the server: what it needs, what it refuses, and how it says so."""

from __future__ import annotations

import socket
from pathlib import Path
from unittest.mock import Mock

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from midback.interfaces.cli import main
from midback.interfaces.cli.serve import PromptProtocol
from midback.interfaces.web.configuration import ConfigurationRefused, read_configuration

SECRET = {"MIDBACK_SECRET": "sixteen letters!"}


def test_a_port_that_is_taken_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 1
    assert "another --port" in capsys.readouterr().err


def test_answers_leave_at_once_on_every_connection() -> None:
    config = Config(lambda *_: None, http=PromptProtocol)
    config.load()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                transport = Mock(get_extra_info=lambda name: accepted if name == "socket" else None)
                PromptProtocol(config, ServerState(), {}, Mock()).connection_made(transport)
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_key_is_made_with_a_warning_and_a_short_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert read_configuration({}).key != read_configuration({}).key
    assert "MIDBACK_SECRET" in capsys.readouterr().err
    assert read_configuration(SECRET).key == read_configuration(SECRET).key
    with pytest.raises(ConfigurationRefused, match="shorter than 16"):
        read_configuration({"MIDBACK_SECRET": "short"})


@pytest.mark.parametrize("text", ["", "- a list", "phone: 1", "name: [x]", "name: x\nfax: 1", "name: x\nname: y"])
def test_a_practice_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "practice.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationRefused, match="MIDBACK_PRACTICE"):
        read_configuration({**SECRET, "MIDBACK_PRACTICE": str(path)})


def test_a_practice_is_read(tmp_path: Path) -> None:
    path = tmp_path / "practice.yaml"
    path.write_text("name: Spine\nhours: [Mon 9 to 17, Tue 9 to 12]\n", encoding="utf-8")
    practice = read_configuration({**SECRET, "MIDBACK_PRACTICE": str(path)}).practice
    assert practice
    assert practice.hours == ("Mon 9 to 17", "Tue 9 to 12")
