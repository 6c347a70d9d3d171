"""The web: the self-check as pages made on the server, and the same engine for programs.

Served by ``midback serve``, or by any ASGI server with the factory ``midback.interfaces.web:create_app``.
"""

from midback.interfaces.web.app import create_app

__all__ = ["create_app"]
