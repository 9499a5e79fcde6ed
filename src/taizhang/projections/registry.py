"""Owns the register's tables: units, people and programmes as they stand, for a process that only reads.

Folded by the domain's own `evolve_register`; the order of each table is the order in which things were registered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from taizhang.ledger.domain.calendar import Calendar
from taizhang.ledger.domain.calendars.table import calendar_from_rows, rows_of
from taizhang.ledger.domain.catalogue import REGISTER_STREAM
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.policy import Policy
from taizhang.ledger.domain.register import LedgerOpened, Person, Programme, Register, Unit, evolve_register
from taizhang.ledger.domain.values import Role

from .log import Connection

_SEPARATOR = "\n"  # neither a role nor the name of a phase can hold one


def load(connection: Connection) -> Register:
    """Return the register as the file has it."""
    origin, timezone, version, policy = connection.execute(
        "SELECT origin, timezone, version, policy FROM register"
    ).fetchone()
    units = connection.execute("SELECT id, name, parent FROM units ORDER BY place")
    people = connection.execute("SELECT id, name, roles, unit, active FROM people ORDER BY place")
    programmes = connection.execute("SELECT code, name, phases, opened_on, closed_on FROM programmes ORDER BY place")
    return Register(
        origin=origin,
        timezone=timezone,
        units={row[0]: Unit(*row) for row in units},
        people={
            id_: Person(id_, name, frozenset(map(Role, _split(roles))), unit, bool(active))
            for id_, name, roles, unit, active in people
        },
        programmes={
            code: Programme(code, name, _split(phases), _day(opened_on), _day(closed_on))
            for code, name, phases, opened_on, closed_on in programmes
        },
        version=version,
        policy=msgspec.json.decode(policy, type=Policy),
        calendars={calendar.id: calendar for calendar in _calendars(connection)},
    )


def _calendars(connection: Connection) -> Iterator[Calendar]:
    for (rows,) in connection.execute("SELECT rows FROM calendars ORDER BY place"):
        yield calendar_from_rows(msgspec.json.decode(rows, type=list[str]))


def grown(register: Register, entries: Sequence[Entry[Any]]) -> Register:
    """Return the register after the entries of the `ledger` and `register` streams, in their order."""
    for entry in entries:
        if isinstance(entry.data, LedgerOpened):
            register = replace(register, origin=entry.data.origin, timezone=entry.data.timezone)
    return evolve_register(register, (entry.envelope for entry in entries if entry.stream == REGISTER_STREAM))


def save(connection: Connection, old: Register, new: Register) -> None:
    """Write what differs between two registers, of which the second grew from the first."""
    connection.execute("UPDATE register SET (origin, timezone, version, policy) = (?, ?, ?, ?)", _head(new))
    connection.executemany(
        "INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?)",
        [(place, u.id, u.name, u.parent) for place, u in enumerate(new.units.values(), 1) if old.units.get(u.id) != u],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?)",
        [
            (place, p.id, p.name, _SEPARATOR.join(sorted(p.roles)), p.unit, int(p.active))
            for place, p in enumerate(new.people.values(), 1)
            if old.people.get(p.id) != p
        ],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO programmes VALUES (?, ?, ?, ?, ?, ?)",
        [
            (place, p.code, p.name, _SEPARATOR.join(p.phases), _iso(p.opened_on), _iso(p.closed_on))
            for place, p in enumerate(new.programmes.values(), 1)
            if old.programmes.get(p.code) != p
        ],
    )

    connection.executemany(
        "INSERT OR REPLACE INTO calendars VALUES (?, ?, ?)",
        [
            (place, calendar.id, msgspec.json.encode(rows_of(calendar)).decode())
            for place, calendar in enumerate(new.calendars.values(), 1)
            if old.calendars.get(calendar.id) != calendar
        ],
    )


def renamed_units(old: Register, new: Register) -> list[str]:
    """Return the units that were known by another name before."""
    return [u.id for u in new.units.values() if u.id in old.units and old.units[u.id].name != u.name]


def _head(register: Register) -> tuple[str, str, int, str]:
    return register.origin, register.timezone, register.version, msgspec.json.encode(register.policy).decode()


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(_SEPARATOR)) if text else ()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
