"""Owns the problem list: the columns drawn from a finding's state, and the queries for pages, counts and references.

What a filter means is `filter`'s; this module takes it as a `Where`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from taizhang.ledger.domain.catalogue import number_of
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, light_of
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import OPEN_STATES, FindingClass, Severity, State

from .log import Connection

STAGES: dict[State, int] = {state: place for place, state in enumerate(State)}
"""The order of a finding's life, for sorting by status."""

BY_STAGE = {place: state for state, place in STAGES.items()}

COLUMNS = 29
_SAVE = f"INSERT OR REPLACE INTO problems VALUES ({', '.join('?' * COLUMNS)})"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Finding).decode


class ProblemRow(Struct, frozen=True):
    """One line of the problem list. Days in ISO; `light` is judged by the day that the page was asked for."""

    id: int
    number: str
    programme: str
    title: str
    source: str
    category: str
    severity: Severity | None
    status: State
    class_: FindingClass | None
    round: int
    unit: str
    unit_name: str
    responsible_person: str
    due: date | None
    original_due: date | None
    found_on: date
    logged_at: str
    closed_at: str | None
    version: int
    light: Light


class Where(Struct, frozen=True):
    """Which findings: a condition on `problems p`, and a full-text expression that must match too.

    Args:
        sql: a condition; empty for every finding.
        parameters: its values.
        match: an FTS5 expression for `search`; empty for none.
    """

    sql: str = ""
    parameters: tuple[Any, ...] = ()
    match: str = ""


EVERYTHING = Where()


class Order(StrEnum):
    """The orders of the list; what is equal in one comes in the order of the log."""

    LOGGED = "logged"
    NUMBER = "number"
    DUE = "due"
    CHANGED = "changed"
    UNIT = "unit"
    STATUS = "status"
    TITLE = "title"


_ORDERED_BY = {
    Order.LOGGED: "p.id {0}",
    Order.NUMBER: "p.programme {0}, p.ordinal {0}",
    Order.DUE: "p.due {0} NULLS LAST, p.id {0}",
    Order.CHANGED: "p.changed_at {0}, p.id {0}",
    Order.UNIT: "p.lead_unit {0}, p.id {0}",
    Order.STATUS: "p.stage {0}, p.id {0}",
    Order.TITLE: "p.title {0}, p.id {0}",
}

_LISTED = """p.id, p.number, p.programme, p.title, p.source, p.category, p.severity, p.status, p.class, p.round,
  p.lead_unit, coalesce((SELECT name FROM units WHERE id = p.lead_unit), ''), p.person, p.due, p.original_due,
  p.found_on, p.logged_at, p.closed_at, p.version"""


def packed(finding: Finding) -> bytes:
    """Return the state as the file keeps it."""
    return _encode(finding)


def unpacked(state: bytes) -> Finding:
    """Return the finding from the state that the file keeps."""
    return _decode(state)


def row(id_: int, programme: str, ordinal: int, f: Finding, day_of: Callable[[str], str]) -> tuple[Any, ...]:
    """Return the columns of `problems` for one finding.

    Args:
        day_of: gives the day (ISO) of a recorded time, in the ledger's time zone.
    """
    due = _iso(f.due)
    runs = f.state in OPEN_STATES and f.class_ is not FindingClass.SUSTAINED
    return (
        id_,
        number_of(programme, ordinal),
        programme,
        ordinal,
        f.title,
        f.source,
        f.category,
        f.severity or "",
        f.state,
        STAGES[f.state],
        f.class_ or "",
        f.round,
        f.lead_unit,
        f.responsible_person,
        due if runs else None,
        due,
        _iso(f.original_due),
        f.found_on.isoformat(),
        f.logged_at,
        day_of(f.logged_at),
        _iso(f.assigned_on),
        f.closed_at or None,
        _iso(f.closed_on),
        f.changed_at,
        day_of(f.changed_at),
        f.version,
        f.returns,
        f.objections,
        len(f.evidence),
    )


def save(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows, in the place of those with the same id."""
    connection.executemany(_SAVE, rows)


def save_states(connection: Connection, states: Iterable[tuple[int, bytes]]) -> None:
    """Write packed states, in the place of those with the same id."""
    connection.executemany("INSERT OR REPLACE INTO states VALUES (?, ?)", states)


def days_in(timezone: str) -> Callable[[str], str]:
    """Return the function that gives the day (ISO) of a recorded time (UTC, ISO 8601) in a time zone."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(timezone)

    @lru_cache(maxsize=4096)
    def day_of_minute(minute: str) -> str:
        return datetime.fromisoformat(minute + "+00:00").astimezone(zone).date().isoformat()

    return lambda recorded_at: day_of_minute(recorded_at[:16])


def page(
    connection: Connection,
    where: Where = EVERYTHING,
    *,
    order: Order = Order.LOGGED,
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
    today: date,
) -> list[ProblemRow]:
    """Return a part of the list.

    Args:
        limit: how many at most; None for all.
        offset: how many to pass over.
        today: the day that colours are judged by.
    """
    return list(rows(connection, where, order=order, descending=descending, limit=limit, offset=offset, today=today))


def rows(
    connection: Connection,
    where: Where = EVERYTHING,
    *,
    order: Order = Order.LOGGED,
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
    today: date,
) -> Iterator[ProblemRow]:
    """As `page`, one by one, for a list too long to hold."""
    sql, parameters = _selected(where, order, descending=descending, limit=limit, offset=offset)
    for columns in connection.execute(sql, parameters):
        yield _problem(columns, today)


def count(connection: Connection, where: Where = EVERYTHING) -> int:
    """Return how many findings there are."""
    sql, parameters = condition(where)
    query = f"SELECT count(*) FROM problems p WHERE {sql}"
    if not where.sql:
        query = "SELECT coalesce(max(id), 0) FROM problems"
        if where.match:
            query = "SELECT count(*) FROM search WHERE search MATCH ?"
    (total,) = connection.execute(query, parameters).fetchone()
    return int(total)


def finding(connection: Connection, number: str) -> Finding | None:
    """Return one finding as it stands, or None where there is none of that number."""
    found = connection.execute(
        "SELECT state FROM states WHERE id = (SELECT id FROM problems WHERE number = ?)", (number,)
    ).fetchone()
    return None if found is None else unpacked(found[0])


def findings(
    connection: Connection, where: Where = EVERYTHING, *, order: Order = Order.LOGGED, descending: bool = False
) -> Iterator[Finding]:
    """Yield whole findings, for tables that need more than the list has."""
    sql, parameters = condition(where)
    ordered = _ORDERED_BY[order].format("DESC" if descending else "ASC")
    query = f"SELECT s.state FROM problems p CROSS JOIN states s ON s.id = p.id WHERE {sql} ORDER BY {ordered}"
    for (state,) in connection.execute(query, parameters):
        yield unpacked(state)


def resolve(connection: Connection, reference: str, register: Register) -> str:
    """Return the number of the finding that people mean.

    A number in any case, or the ordinal alone: within the programme that is open where exactly one is, otherwise
    where exactly one finding has it.

    Raises:
        Rejected: ``finding.unknown``, or ``finding.ambiguous`` with the numbers that it could be.
    """
    wanted = reference.strip()
    exact = connection.execute("SELECT number FROM problems WHERE number = ?", (wanted,)).fetchone()
    if exact:
        return str(exact[0])
    candidates = [wanted.upper(), wanted.lower()]
    if wanted.isascii() and wanted.isdigit() and 0 < len(wanted) <= 8:
        ordinal = int(wanted)
        open_codes = [programme.code for programme in register.open_programmes()]
        if len(open_codes) == 1 and (there := _existing(connection, [number_of(open_codes[0], ordinal)])):
            return there[0]
        candidates = [number_of(code, ordinal) for code in register.programmes]
    found = _existing(connection, candidates)
    if len(found) > 1:
        raise Rejected("finding.ambiguous", reference=reference[:64], numbers=found[:10])
    if not found:
        raise Rejected("finding.unknown", number=reference[:64])
    return found[0]


def _existing(connection: Connection, numbers: list[str]) -> list[str]:
    marks = ", ".join("?" * len(numbers))
    found = connection.execute(f"SELECT number FROM problems WHERE number IN ({marks}) ORDER BY id", tuple(numbers))
    return [number for (number,) in found]


def _selected(
    where: Where, order: Order, *, descending: bool, limit: int | None, offset: int
) -> tuple[str, tuple[Any, ...]]:
    ordered = _ORDERED_BY[order].format("DESC" if descending else "ASC")
    most = -1 if limit is None else limit
    if where.match and order is Order.LOGGED:  # the index itself gives this order, and stops early
        further = f"AND ({where.sql})" if where.sql else ""
        direction = "DESC" if descending else "ASC"
        sql = f"""SELECT {_LISTED} FROM search CROSS JOIN problems p ON p.id = search.rowid
          WHERE search MATCH ? {further} ORDER BY search.rowid {direction} LIMIT ? OFFSET ?"""
        return sql, (where.match, *where.parameters, most, offset)
    if where == EVERYTHING and order is Order.LOGGED:  # ids have no gaps: a page of the whole list is a range
        if descending:
            offset_sql = "p.id <= (SELECT max(id) FROM problems) - ?"
        else:
            offset_sql = "p.id > ?"
        return f"SELECT {_LISTED} FROM problems p WHERE {offset_sql} ORDER BY {ordered} LIMIT ?", (offset, most)
    sql, parameters = condition(where)
    # ids alone are sorted and passed over; only what is shown is read whole
    inner = f"SELECT p.id FROM problems p WHERE {sql} ORDER BY {ordered} LIMIT ? OFFSET ?"
    return f"SELECT {_LISTED} FROM problems p WHERE p.id IN ({inner}) ORDER BY {ordered}", (*parameters, most, offset)


def condition(where: Where) -> tuple[str, tuple[Any, ...]]:
    """Return the whole condition on `problems p`, full text included, and its parameters."""
    conditions, parameters = [], where.parameters
    if where.sql:
        conditions.append(f"({where.sql})")
    if where.match:
        conditions.append("p.id IN (SELECT rowid FROM search WHERE search MATCH ?)")
        parameters += (where.match,)
    return " AND ".join(conditions) or "TRUE", parameters


def _problem(columns: tuple[Any, ...], today: date) -> ProblemRow:
    (
        id_, number, programme, title, source, category, severity, status, class_, round_, unit, unit_name, person, due,
        original_due, found_on, logged_at, closed_at, version,
    ) = columns  # fmt: skip
    state, of_class, due_on = State(status), FindingClass(class_) if class_ else None, _day(due)
    return ProblemRow(
        id_,
        number,
        programme,
        title,
        source,
        category,
        Severity(severity) if severity else None,
        state,
        of_class,
        round_,
        unit,
        unit_name,
        person,
        due_on,
        _day(original_due),
        date.fromisoformat(found_on),
        logged_at,
        closed_at,
        version,
        light_of(state, of_class, due_on, today),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
