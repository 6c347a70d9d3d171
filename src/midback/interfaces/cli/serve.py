"""`midback serve`: the self-check in a browser, on this machine unless told otherwise."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import socket
import sys

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from midback.errors import MidbackError
from midback.knowledge import load_knowledge

__all__ = ["PromptProtocol", "run"]

APPLICATION = "midback.interfaces.web:create_app"  # by name: interfaces never import each other


class PromptProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """HTTP whose answers leave at once.

    With several workers the connections are made without TCP_NODELAY, and every page waits 40 ms for the reader to
    confirm its headers.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:
        """A reader came."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise MidbackError(f"cannot listen on {host} port {port}: {error} (fix: another --port)") from error


def run(options: argparse.Namespace) -> int:
    """0 after the server was stopped; 1 when the address is taken."""
    load_knowledge(options.knowledge)  # says what is wrong with it before any worker starts
    _check_port(options.host, options.port)
    if options.knowledge:
        os.environ["MIDBACK_KNOWLEDGE"] = str(options.knowledge)
    if not os.environ.get("MIDBACK_SECRET"):
        # One key for all workers of this run; whoever runs several machines sets it for all of them.
        os.environ["MIDBACK_SECRET"] = secrets.token_urlsafe(32)
        print("MIDBACK_SECRET is not set: a key was made for this run, and checks in progress end with it.",
              file=sys.stderr)  # fmt: skip
    print(f"Midback: http://{options.host}:{options.port}/  (stop with Ctrl-C)", flush=True)
    uvicorn.run(
        APPLICATION, factory=True, host=options.host, port=options.port, workers=options.workers,
        access_log=False, server_header=False, log_level="warning", timeout_keep_alive=20, http=PromptProtocol,
    )  # fmt: skip
    return 0
