"""Owns `ledger init`, `rebuild` and `info`. It must not know how a ledger is stored."""

from __future__ import annotations

from pathlib import Path

from taizhang.cli.app import App
from taizhang.cli.output import padded, width_of
from taizhang.ledger.domain.register import Register
from taizhang.service.desk import Query


def init(app: App) -> int:
    """Make a ledger in a folder; its first person is `admin`."""
    args = app.args
    if args.dir:
        app.path = Path(args.dir).expanduser()
    app.doors.init_ledger(
        app.path,
        origin=args.origin or "",
        timezone=args.timezone or Register().timezone,
        admin_name=app.words("cli.first.person"),
        programme_name=app.words("cli.first.programme"),
    )
    register = app.register
    if app.wants_json:
        people = sorted(register.people)
        programmes = [programme.code for programme in register.open_programmes()]
        app.data({"path": app.path, "origin": register.origin, "people": people, "programmes": programmes})
        return 0
    app.console.line(str(app.path))
    app.console.say(app.words("cli.initialised", origin=register.origin, people=sorted(register.people)))
    return 0


def rebuild(app: App) -> int:
    """Build the read models afresh."""
    index = app.desk.rebuild(app.counting("cli.rebuilding"))
    app.console.progress("")
    if app.wants_json:
        app.data({"index": index})
    else:
        app.console.say(app.words("cli.rebuilt", index=index))
    return 0


def info(app: App) -> int:
    """Say what the ledger is and how much it holds."""
    desk = app.desk
    register = desk.register()
    facts = {
        "path": str(desk.path),
        "origin": register.origin,
        "timezone": register.timezone,
        "read_only": desk.read_only,
        "events": desk.index() + 1,
        "findings": desk.findings(Query(limit=0)).total,
        "units": len(register.units),
        "people": len(register.people),
        "programmes": len(register.programmes),
    }
    if app.wants_json:
        app.data(facts)
        return 0
    labels = {key: app.words(f"cli.info.{key}") for key in facts}
    left = max(width_of(label) for label in labels.values()) + 2
    for key, value in facts.items():
        shown = app.words("yes" if value else "no") if isinstance(value, bool) else str(value)
        app.console.line(padded(labels[key], left) + shown)
    return 0
