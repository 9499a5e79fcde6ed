"""Owns what opens a terminal: the program alone, `tui`, and `demo`. It must not know how the terminal is drawn."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from taizhang.cli import places
from taizhang.cli.app import App
from taizhang.cli.options import Misused, actor_of, whole
from taizhang.cli.parser import build
from taizhang.ledger.domain.errors import Rejected

from .config import refuse_faults
from .finding import print_list

PORT = 8637
MOST_PORT = 65_535


def alone(app: App) -> int:
    """Open the terminal on the default ledger; where there is no terminal, or no ledger yet, print the help."""
    if _at_terminal(app) and app.path.is_dir():
        return _terminal(app)
    app.console.lines(build(app.words).format_help().splitlines())
    return 0


def tui(app: App) -> int:
    """Open the terminal, or serve it to a browser on this computer.

    Raises:
        Misused: ``usage.no-terminal`` where there is none to draw on.
    """
    if app.args.web:
        return _web(app)
    if not _at_terminal(app):
        raise Misused("usage.no-terminal")
    return _terminal(app)


def demo(app: App) -> int:
    """Make the demo ledger, or open the one that is there; then the terminal, or the problem list."""
    said = app.args.dir or app.args.ledger
    app.path = Path(said).expanduser() if said else places.demo_ledger()
    told = "cli.demo"
    try:
        app.doors.make_demo(app.path)
    except Rejected as refusal:
        if refusal.code != "ledger.exists":
            raise
        told = "cli.demo-again"
    app.console.say(app.words(told, path=str(app.path)))
    if _at_terminal(app):
        return _terminal(app)
    return print_list(app, filter="", limit=None)


def _web(app: App) -> int:
    """Serve the terminal on 127.0.0.1 until it is interrupted; each window of the browser is a terminal of its own."""
    port = whole("--port", app.args.port, least=1) if app.args.port else PORT
    if port > MOST_PORT:
        raise Misused("usage.port", value=port, most=MOST_PORT)
    app.desk.register()  # a ledger that cannot be read is told here, not in the browser
    actor = actor_of(app.args, app.config)

    def told(address: str) -> None:
        app.console.line(address)
        app.console.say(app.words("cli.web"))
        app.console.flush()

    return app.doors.web(app.path, actor=actor, lang=app.words.lang, port=port, told=told)


def _at_terminal(app: App) -> bool:
    if os.environ.get("TEXTUAL_DRIVER", "").endswith("web_driver:WebDriver"):  # a browser draws it
        return True
    return not app.wants_json and app.console.interactive and sys.stdin is not None and sys.stdin.isatty()


def _terminal(app: App) -> int:
    refuse_faults(app)
    return app.doors.terminal(
        app.path,
        actor=actor_of(app.args, app.config),
        lang=app.words.lang,
        settings=app.config.values,
        state=places.state_folder(),
    )
