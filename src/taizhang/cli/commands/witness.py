"""Owns `witness`: a second party that cosigns what extends what it saw. It must not know what is decided, or any ledger."""

from __future__ import annotations

from pathlib import Path

from taizhang.cli import files
from taizhang.cli.app import App
from taizhang.cli.options import whole

HOST = "127.0.0.1"


def init(app: App) -> int:
    """Make a witness in a folder and print its public key."""
    made = app.doors.init_witness(_folder(app), app.args.name)
    if app.wants_json:
        app.data({"path": str(_folder(app)), "vkey": made.vkey()})
    else:
        app.console.line(made.vkey())
        app.console.say(app.words("cli.witness-made", path=str(_folder(app))))
    return 0


def add_log(app: App) -> int:
    """Serve a log from now on."""
    log = app.doors.open_witness(_folder(app)).add_log(files.key(app.args.vkey))
    if app.wants_json:
        app.data(log)
    else:
        app.console.say(app.words("cli.witness-serves", origin=log.origin, count=len(log.vkeys)))
    return 0


def info(app: App) -> int:
    """Print the witness's public key, and how much of each log it has seen."""
    witness = app.doors.open_witness(_folder(app))
    logs = witness.logs()
    if app.wants_json:
        app.data({"vkey": witness.vkey(), "logs": logs})
        return 0
    app.console.line(witness.vkey())
    for log in logs:
        app.console.line(app.words("cli.witness-log", origin=log.origin, size=log.size))
    return 0


def sign(app: App) -> int:
    """Answer a request that came in a file."""
    args = app.args
    target = files.target(args.output)
    lines = app.doors.open_witness(_folder(app)).sign(files.read(args.request))
    files.write(target, lines)
    if app.wants_json:
        app.data({"path": args.output})
    else:
        app.console.say(app.words("cli.witness-signed", path=args.output))
    return 0


def serve(app: App) -> int:
    """Answer requests over HTTP until interrupted."""
    args = app.args
    port = whole("--port", args.port)
    witness = app.doors.open_witness(_folder(app))

    def ready(address: str) -> None:
        if app.wants_json:
            app.data({"address": address, "vkey": witness.vkey()})
        else:
            app.console.line(address)
            app.console.say(app.words("cli.witness-listens", address=address))
        app.console.flush()

    witness.serve(args.host or HOST, port, ready)
    return 0


def _folder(app: App) -> Path:
    return Path(app.args.dir).expanduser()
