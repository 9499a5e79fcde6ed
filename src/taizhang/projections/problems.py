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
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, Yardstick, light_of
from taizhang.ledger.domain.values import FindingClass, Severity, State

from . import spans
from .log import Connection

COLUMNS = 36
LISTED_AT_ONCE = 1_000
_SAVE = f"INSERT OR REPLACE INTO problems VALUES ({', '.join('?' * COLUMNS)})"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Finding).decode


class ProblemRow(Struct, frozen=True):
    """One line of the problem list; `light` is judged by the yardstick that the page was asked for.

    `missed`, `returns` and `extensions` are those of the current round.
    """

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
    found_on: date | None
    logged_at: str
    closed_at: str | None
    version: int
    light: Light
    missed: bool
    closed_late: bool
    returns: int
    extensions: int
    alias: str = ""


class Where(Struct, frozen=True):
    """Which findings: a condition on `problems p`, and a full-text expression that must match too.

    Args:
        sql: a condition; empty for every finding.
        parameters: its values.
        match: an FTS5 expression for `search`; empty for none.
        misses: FTS5 expressions that must not match.
    """

    sql: str = ""
    parameters: tuple[Any, ...] = ()
    match: str = ""
    misses: tuple[str, ...] = ()


EVERYTHING = Where()

MATCHING = "p.id IN (SELECT rowid FROM search WHERE search MATCH ?)"
MATCHING_THEN = """p.id IN (SELECT rowid FROM search WHERE search MATCH ?) AND p.id NOT IN (SELECT id FROM temp.said_ids)
  OR p.id IN (SELECT rowid FROM temp.said WHERE said MATCH ?)"""
"""The condition that a word matches: as it stands, and as it stood where `search.stand_in` was told; the word once, twice."""


class Then(Struct, frozen=True):
    """A moment that the list is drawn as of.

    Args:
        index: the last event that counts.
        unit_names: what the units were called then.
    """

    index: int
    unit_names: dict[str, str]


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
    Order.TITLE: "substr(p.title, 1, 8) {0}, p.id {0}",  # as indexed: whole titles would double the list
}


_LISTED = """p.id, p.number, p.programme, p.title, p.source, p.category, p.severity, p.status, p.class, p.round,
  p.lead_unit, {unit_name}, p.person, p.due, p.original_due, p.found_on, p.logged_at, p.closed_at, p.version, p.missed,
  p.closed_late, p.returns, p.extensions, p.alias"""
_UNIT_NAME = "coalesce((SELECT name FROM units WHERE id = p.lead_unit), '')"


def ordered_by(order: Order, *, descending: bool) -> str:
    """Return what an order is in SQL."""
    return _ORDERED_BY[order].format("DESC" if descending else "ASC")


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
    return (
        id_,
        number_of(programme, ordinal),
        ordinal,
        f.title,
        f.state,
        f.logged_at,
        f.changed_at,
        day_of(f.changed_at),
        f.version,
        len(f.evidence),
        int(f.extension is not None),
        f.follow_up.result if f.follow_up else "",
        f.carried.alias if f.carried else "",
        *spans.narrow(programme, f, day_of),
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
    by: Yardstick,
    then: Then | None = None,
) -> list[ProblemRow]:
    """Return a part of the list.

    Args:
        limit: how many at most; None for all.
        offset: how many to pass over.
        by: what colours are judged by.
        then: as it stood at a moment; None for as it stands. Where `where` asks the full-text index, it must have been
            told what was said then: `search.stand_in`.
    """
    found = rows(connection, where, order=order, descending=descending, limit=limit, offset=offset, by=by, then=then)
    return list(found)


def rows(
    connection: Connection,
    where: Where = EVERYTHING,
    *,
    order: Order = Order.LOGGED,
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
    by: Yardstick,
    then: Then | None = None,
) -> Iterator[ProblemRow]:
    """As `page`, one by one, for a list too long to hold."""
    ordered = ordered_by(order, descending=descending)
    most = -1 if limit is None else limit
    if then is not None:
        sql, parameters = _selected_then(connection, where, order, ordered, most, offset, then)
    else:
        sql, parameters = _selected(where, order, ordered, most, offset)
    for columns in connection.execute(sql, parameters):
        yield _problem(columns, by, None if then is None else then.unit_names)


def values(connection: Connection, column: str, limit: int = 200) -> tuple[tuple[str, int], ...]:
    """Return the values of a column with how many findings have each, the most frequent first; what is empty is left out.

    Args:
        column: a column's name, of the schema and not of a person.
    """
    query = f"SELECT {column}, count(*) FROM problems WHERE {column} <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"
    return tuple((str(value), int(found)) for value, found in connection.execute(query, (limit,)))


def count(connection: Connection, where: Where = EVERYTHING, then: Then | None = None) -> int:
    """Return how many findings there are."""
    sql, parameters = condition(where, then)
    if then is not None:
        if where == EVERYTHING:
            return spans.total(connection, then.index)
        query = f"SELECT count(*) FROM {spans.source(then.index)} WHERE {sql}"
    elif where.sql or where.misses:
        query = f"SELECT count(*) FROM problems p WHERE {sql}"
    elif where.match:
        query = "SELECT count(*) FROM search WHERE search MATCH ?"
    else:
        query = "SELECT coalesce(max(id), 0) FROM problems"
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
    ordered = ordered_by(order, descending=descending)
    query = f"SELECT s.state FROM problems p CROSS JOIN states s ON s.id = p.id WHERE {sql} ORDER BY {ordered}"
    for (state,) in connection.execute(query, parameters):
        yield unpacked(state)


def _selected(where: Where, order: Order, ordered: str, most: int, offset: int) -> tuple[str, tuple[Any, ...]]:
    listed = _LISTED.format(unit_name=_UNIT_NAME)
    if where.match and not where.misses and order is Order.LOGGED:  # the index itself gives this order, and stops early
        further = f"AND ({where.sql})" if where.sql else ""
        sql = f"""SELECT {listed} FROM search CROSS JOIN problems p ON p.id = search.rowid
          WHERE search MATCH ? {further} ORDER BY {ordered.replace("p.id", "search.rowid")} LIMIT ? OFFSET ?"""
        return sql, (where.match, *where.parameters, most, offset)
    if where == EVERYTHING and order is Order.LOGGED:  # ids have no gaps: a page of the whole list is a range
        if ordered.endswith("DESC"):
            offset_sql = "p.id <= (SELECT max(id) FROM problems) - ?"
        else:
            offset_sql = "p.id > ?"
        return f"SELECT {listed} FROM problems p WHERE {offset_sql} ORDER BY {ordered} LIMIT ?", (offset, most)
    sql, parameters = condition(where)
    # ids alone are sorted and passed over; only what is shown is read whole
    inner = f"SELECT p.id FROM problems p WHERE {sql} ORDER BY {ordered} LIMIT ? OFFSET ?"
    return f"SELECT {listed} FROM problems p WHERE p.id IN ({inner}) ORDER BY {ordered}", (*parameters, most, offset)


def _selected_then(
    connection: Connection, where: Where, order: Order, ordered: str, most: int, offset: int, then: Then
) -> tuple[str, tuple[Any, ...]]:
    listed, source = _LISTED.format(unit_name="''"), spans.source(then.index)
    if where == EVERYTHING and order is Order.LOGGED:
        if ordered.endswith("DESC"):
            within, edge = "p.id <= ?", spans.total(connection, then.index) - offset
        else:
            within, edge = "p.id > ?", offset
        return f"SELECT {listed} FROM {source} WHERE {within} ORDER BY {ordered} LIMIT ?", (edge, most)
    sql, parameters = condition(where, then)
    inner = f"SELECT p.id FROM {source} WHERE {sql} ORDER BY {ordered} LIMIT ? OFFSET ?"
    return f"SELECT {listed} FROM {source} WHERE p.id IN ({inner}) ORDER BY {ordered}", (*parameters, most, offset)


def page_then(
    connection: Connection,
    where: Where,
    *,
    order: Order = Order.LOGGED,
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
    by: Yardstick,
    then: Then,
) -> tuple[list[ProblemRow], int]:
    """Return a part of the list as it stood at a moment, and how long the whole list was, from one look at the spans."""
    if where == EVERYTHING or limit is None or limit > LISTED_AT_ONCE:
        part = page(connection, where, order=order, descending=descending, limit=limit, offset=offset, by=by, then=then)
        return part, count(connection, where, then)
    ordered = ordered_by(order, descending=descending)
    sql, parameters = condition(where, then)
    query = f"SELECT p.id FROM {spans.source(then.index)} WHERE {sql}"
    if order is Order.LOGGED:  # sorted here, so that no index is scanned for its order
        found = sorted(connection.execute(query, parameters), reverse=descending)
    else:
        found = connection.execute(f"{query} ORDER BY {ordered}", parameters).fetchall()
    ids = ", ".join(str(id_) for (id_,) in found[offset : offset + limit])
    part = page(connection, Where(f"p.id IN ({ids})"), order=order, descending=descending, by=by, then=then)
    return part, len(found)


def condition(where: Where, then: Then | None = None) -> tuple[str, tuple[Any, ...]]:
    """Return the whole condition on `problems p`, full text included, and its parameters."""
    conditions, parameters = [], where.parameters
    if where.sql:
        conditions.append(f"({where.sql})")
    matching, times = (MATCHING, 1) if then is None else (MATCHING_THEN, 2)
    if where.match:
        conditions.append(f"({matching})")
        parameters += (where.match,) * times
    for miss in where.misses:
        conditions.append(f"NOT ({matching})")
        parameters += (miss,) * times
    return " AND ".join(conditions) or "TRUE", parameters


def _problem(columns: tuple[Any, ...], by: Yardstick, unit_names: dict[str, str] | None) -> ProblemRow:
    (
        id_, number, programme, title, source, category, severity, status, class_, round_, unit, unit_name, person, due,
        original_due, found_on, logged_at, closed_at, version, missed, closed_late, returns, extensions,
        alias,
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
        unit_name if unit_names is None else unit_names.get(unit, ""),
        person,
        due_on,
        _day(original_due),
        _day(found_on),
        logged_at,
        closed_at,
        version,
        light_of(state, of_class, due_on, by, missed=bool(missed)),
        bool(missed),
        bool(closed_late),
        returns,
        extensions,
        alias,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
