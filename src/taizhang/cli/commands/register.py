"""Owns the commands about units, people and programmes. It must not know the register's rules."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.cli import json_out
from taizhang.cli.app import App
from taizhang.cli.options import Misused, choice
from taizhang.cli.output import Column, one_line, table
from taizhang.ledger.domain.register import (
    AddPerson,
    AddUnit,
    AmendPerson,
    AmendUnit,
    CloseProgramme,
    ErasePerson,
    OpenProgramme,
    RegisterCommand,
)
from taizhang.ledger.domain.values import Role


def unit_add(app: App) -> int:
    """Register a unit."""
    args = app.args
    return _record(app, AddUnit(args.id, args.name, args.parent or None), args.id)


def unit_amend(app: App) -> int:
    """Rename or move a unit; an empty parent moves it to the root."""
    args = app.args
    return _record(app, AmendUnit(args.id, args.name, args.parent), args.id)


def unit_list(app: App) -> int:
    """List the units."""
    units = sorted(app.register.units.values(), key=lambda unit: unit.id)
    if app.wants_json:
        app.data_list([json_out.unit(unit) for unit in units])
        return 0
    return _print(app, ("id", "name", "parent"), [(unit.id, unit.name, unit.parent or "") for unit in units])


def person_add(app: App) -> int:
    """Register a person."""
    args = app.args
    return _record(app, AddPerson(args.id, args.name, _roles(app) or (), args.unit or None), args.id)


def person_amend(app: App) -> int:
    """Change a person; an empty unit takes the person out of any."""
    args = app.args
    active = None if args.active is None else _truth(app)
    return _record(app, AmendPerson(args.id, args.name, _roles(app), args.unit, active), args.id)


def person_erase(app: App) -> int:
    """Erase a person's data."""
    args = app.args
    return app.acknowledge(app.record(ErasePerson(args.id, args.grounds)), args.id)


def person_list(app: App) -> int:
    """List the people."""
    people = sorted(app.register.people.values(), key=lambda person: person.id)
    if app.wants_json:
        app.data_list([json_out.person(person) for person in people])
        return 0
    words = app.words
    rows = [
        (
            person.id,
            person.name,
            person.unit or "",
            words.joined(words.term("role", role) for role in sorted(person.roles)),
            words("yes" if person.active else "no"),
        )
        for person in people
    ]
    return _print(app, ("id", "person", "unit", "roles", "active"), rows)


def programme_open(app: App) -> int:
    """Open a programme."""
    code = _code(app)
    return _record(app, OpenProgramme(code, app.args.name or code, tuple(app.args.phase or ())), code)


def programme_close(app: App) -> int:
    """Close a programme to new findings."""
    code = _code(app)
    return _record(app, CloseProgramme(code), code)


def _code(app: App) -> str:
    """Return the code of the programme, which may stand alone or behind ``--code``.

    Raises:
        Misused: ``usage.required``.
    """
    code = app.args.given_code or app.args.code
    if not code:
        command = f"taizhang {' '.join(app.args.command.path)}"
        raise Misused("usage.required", names=[app.words("cli.meta.given_code")], command=command)
    return str(code)


def programme_list(app: App) -> int:
    """List the programmes."""
    programmes = list(app.register.programmes.values())
    if app.wants_json:
        app.data_list([json_out.programme(programme) for programme in programmes])
        return 0
    rows = [
        (p.code, p.name, app.words.joined(p.phases), str(p.opened_on or ""), str(p.closed_on or "")) for p in programmes
    ]
    return _print(app, ("code", "name", "phases", "opened_on", "closed_on"), rows)


def _record(app: App, command: RegisterCommand, subject: str) -> int:
    return app.acknowledge(app.record(command), subject)


def _roles(app: App) -> tuple[Role, ...] | None:
    if app.args.role is None:
        return None
    return tuple(choice(Role, "role", "--role", text, app.words) for text in app.args.role)


def _truth(app: App) -> bool:
    from enum import StrEnum

    class Truth(StrEnum):
        YES = "yes"
        NO = "no"

    return choice(Truth, "", "--active", app.args.active, app.words) is Truth.YES


def _print(app: App, fields: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    if not rows:
        app.console.say(app.words("cli.empty"))
        return 0
    headings = [Column(app.words.term("field", field), flexible=field == "name") for field in fields]
    safe = [[one_line(cell) for cell in row] for row in rows]
    app.console.lines(table(headings, safe, width=app.console.width, coloured=app.console.coloured))
    return 0
