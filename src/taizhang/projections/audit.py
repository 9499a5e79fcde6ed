"""Owns the audit trail of the whole ledger: one row for every event of every stream, drawn newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from msgspec import Struct

from taizhang.ledger.domain.catalogue import stream_of
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.values import Via

from .log import Connection

AuditRow = tuple[int, int | None, int | None, int, int, int, int, int, int, str, str, int]


class TrailRow(Struct, frozen=True):
    """One event of the ledger: where it stands, what it was, who did it and through what.

    `number` is the finding's, `place` its place in the list in the order of logging, from 1; empty and 0 for an event of
    another stream.
    """

    index: int
    stream: str
    number: str
    version: int
    topic: str
    actor: str
    os_user: str
    host: str
    via: Via
    recorded_at: str
    happened_on: date
    same_account: bool = False
    place: int = 0


class Terms(dict[str, int]):
    """The words that repeat from event to event, each kept once; numbered in the order of the log.

    Args:
        connection: the file of read models.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__((text, id_) for id_, text in connection.execute("SELECT id, text FROM terms"))
        self._written = len(self)

    def __missing__(self, text: str) -> int:
        fresh = self[text] = len(self) + 1
        return fresh

    def save(self, connection: Connection) -> None:
        """Write the new words."""
        if len(self) > self._written:
            fresh = islice(self.items(), self._written, None)
            connection.executemany("INSERT INTO terms VALUES (?, ?)", [(id_, text) for text, id_ in fresh])
            self._written = len(self)


def row(entry: Entry[Any], problem: int | None, terms: Terms) -> AuditRow:
    """Return the row of one event; `problem` is the id of its finding, None for another stream."""
    who = entry.envelope
    return (
        entry.index,
        problem,
        terms[entry.stream] if problem is None else None,
        entry.version,
        terms[entry.topic],
        terms[who.actor],
        terms[who.os_user],
        terms[who.host],
        terms[who.via.value],  # the plain text: an enum's hash is slow
        entry.recorded_at,
        who.happened_on.isoformat(),
        int(getattr(who.data, "same_account", False)),
    )


def save(connection: Connection, rows: Iterable[AuditRow]) -> None:
    """Append rows; an event's row never changes."""
    connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


class Part(Struct, frozen=True):
    """Which events are wanted.

    Args:
        actor: only what this person did; empty for everyone.
        number: only the events of this finding; empty for every stream.
        last: only up to this event; None for all.
    """

    actor: str = ""
    number: str = ""
    last: int | None = None


def trail(connection: Connection, part: Part, *, offset: int = 0, limit: int = 100) -> list[TrailRow]:
    """Return some rows of a part of the trail, newest first."""
    where, parameters = _where(part)
    if where:
        page = f"SELECT * FROM audit {where} ORDER BY idx DESC LIMIT ? OFFSET ?"
        parameters += (limit, offset)
    else:  # indexes have no gaps: a page of the whole trail is a range
        page = "SELECT * FROM audit WHERE idx <= ? ORDER BY idx DESC LIMIT ?"
        parameters = (_last(connection, part) - offset, limit)
    found = connection.execute(
        f"""SELECT a.idx, t1.text, p.programme, p.ordinal, p.number, a.version, t2.text, t3.text, t4.text, t5.text,
          t6.text, a.recorded_at, a.happened_on, a.same_account, coalesce(a.problem, 0)
        FROM ({page}) a LEFT JOIN problems p ON p.id = a.problem LEFT JOIN terms t1 ON t1.id = a.stream
        JOIN terms t2 ON t2.id = a.topic JOIN terms t3 ON t3.id = a.actor JOIN terms t4 ON t4.id = a.os_user
        JOIN terms t5 ON t5.id = a.host JOIN terms t6 ON t6.id = a.via ORDER BY a.idx DESC""",
        parameters,
    )
    return [_trail_row(*columns) for columns in found]


def count(connection: Connection, part: Part) -> int:
    """Return how many rows `trail` has in all."""
    where, parameters = _where(part)
    if not where:
        return _last(connection, part) + 1
    (total,) = connection.execute(f"SELECT count(*) FROM audit {where}", parameters).fetchone()
    return int(total)


def _last(connection: Connection, part: Part) -> int:
    (last,) = connection.execute("SELECT coalesce(max(idx), -1) FROM audit").fetchone()
    return int(last) if part.last is None else min(int(last), part.last)


def _where(part: Part) -> tuple[str, tuple[Any, ...]]:
    """Return the condition that a filter says; empty for the whole trail, which is a range."""
    conditions: list[str] = []
    parameters: tuple[Any, ...] = ()
    if part.actor:
        conditions.append("actor = (SELECT id FROM terms WHERE text = ?)")
        parameters += (part.actor,)
    if part.number:
        conditions.append("problem = (SELECT id FROM problems WHERE number = ?)")
        parameters += (part.number,)
    if conditions and part.last is not None:
        conditions.append("idx <= ?")
        parameters += (part.last,)
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), parameters


def _trail_row(
    index: int,
    stream: str | None,
    programme: str,
    ordinal: int,
    number: str | None,
    version: int,
    topic: str,
    actor: str,
    os_user: str,
    host: str,
    via: str,
    recorded_at: str,
    happened_on: str,
    same_account: int,
    place: int,
) -> TrailRow:
    return TrailRow(
        index,
        stream or stream_of(programme, ordinal),
        number or "",
        version,
        topic,
        actor,
        os_user,
        host,
        Via(via),
        recorded_at,
        date.fromisoformat(happened_on),
        bool(same_account),
        place,
    )
