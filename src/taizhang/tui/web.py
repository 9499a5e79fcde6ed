"""Owns the terminal in a browser: textual-serve on this computer alone, behind a secret in the address. Knows no screen.

Whoever holds the address acts as the person who started it; so nobody else may guess it, no other site may use it, and
nothing comes from outside: the page is ours, and the browser is told to load nothing from anywhere else.
"""

from __future__ import annotations

import hmac
import secrets
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from taizhang.ledger.domain.errors import Unreachable

HOST = "127.0.0.1"
PAGES = Path(__file__).resolve().parent / "page"
COOKIE = "taizhang"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self' ws://{place}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def serve(command: Sequence[str], port: int, title: str, told: Callable[[str], object]) -> None:
    """Serve the terminal until it is interrupted.

    Args:
        command: starts one terminal; each browser window has its own.
        port: on 127.0.0.1, which no other computer reaches.
        title: the name of the page.
        told: is given the address once it can be opened.

    Raises:
        Unreachable: ``web.not-installed``, ``web.port``.
    """
    if find_spec("textual_serve") is None:
        raise Unreachable("web.not-installed")
    secret = secrets.token_urlsafe(24)
    server = _server(_line(command), port, title, secret, lambda: told(f"http://{HOST}:{port}/?key={secret}"))
    try:
        server.serve()
    except OSError as error:
        raise Unreachable("web.port", port=port, detail=error.strerror or str(error)) from error


def _line(command: Sequence[str]) -> str:
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


def _server(line: str, port: int, title: str, secret: str, ready: Callable[[], object]) -> Any:
    from aiohttp import web
    from textual_serve.server import Server

    place = f"{HOST}:{port}"
    headers = {
        "Content-Security-Policy": POLICY.format(place=place),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }

    @web.middleware
    async def guard(request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]) -> Any:
        """Let in whoever holds the secret, under the name that was given out and from no other site."""
        given = request.query.get("key", "") or request.cookies.get(COOKIE, "")
        foreign = request.headers.get("Origin", f"http://{place}") != f"http://{place}"
        if request.host != place or foreign or not hmac.compare_digest(given.encode(), secret.encode()):
            raise web.HTTPForbidden
        response = await handler(request)
        if not response.prepared:
            response.headers.update(headers)
            response.set_cookie(COOKIE, secret, httponly=True, samesite="Strict")
        return response

    class Loopback(Server):
        """textual-serve, without its logo, its log and its page, which asks another site for a font."""

        def initialize_logging(self) -> None:
            """Log nothing: an address that is a secret stands in no log."""

        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            app.middlewares.append(guard)
            return app

        async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002
            """Say that it can be opened; called before the port is taken."""
            ready()

    return Loopback(line, host=HOST, port=port, title=title, templates_path=PAGES)
