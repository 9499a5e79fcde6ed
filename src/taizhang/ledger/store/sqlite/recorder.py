"""The recorders: the library's classes over the ledger's tables, and what the Ledger asks of a store beyond them.

Owns recording and reading events in SQLite. Must not know what a state means.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProcessRecorder,
    ProgrammingError,
    StoredEvent,
    Subscription,
)
from eventsourcing.sqlite import (
    SQLiteAggregateRecorder,
    SQLiteApplicationRecorder,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTrackingRecorder,
)

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.outside import APPLICATION_ID
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.frontier import Frontier
from taizhang.ledger.store.contract import Head, NewEvent, OpenAudit, Row

from . import reading
from .audit import SqliteAudit
from .datastore import LedgerDatastore
from .schema import MAKE, SCHEMA_VERSION, is_companion, schema_differences
from .subscription import LedgerSubscription
from .transaction import WriteTransaction

if TYPE_CHECKING:
    import sqlite3

EVENTS = "events"
CHUNK = 1000
"""Rows that a scan holds in memory at a time."""


def utc_now() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


class LedgerAggregateRecorder(SQLiteAggregateRecorder):
    """The library's recorder for snapshots, in a table of the library's own; nothing in it is sealed."""

    datastore: LedgerDatastore

    def create_table(self) -> None:
        """Make the file and the table where they are missing."""
        self.datastore.make_file()
        super().create_table()


class LedgerTrackingRecorder(SQLiteTrackingRecorder):
    """The library's recorder for how far a projection has come, in the library's own table."""

    datastore: LedgerDatastore

    def create_table(self) -> None:
        """Make the file and the table where they are missing."""
        self.datastore.make_file()
        try:
            super().create_table()
        except IntegrityError:
            # another process has made the table between the library's look and its insert: look again
            super().create_table()


class LedgerRecorder(SQLiteApplicationRecorder):
    """Records events with their leaves, and reads them.

    Args:
        datastore: the connections.
        events_table_name: of no choice here: the schema is one text, and it says ``events``.
        clock: gives the present moment.
    """

    datastore: LedgerDatastore

    def __init__(
        self,
        datastore: SQLiteDatastore,
        events_table_name: str = EVENTS,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        if not isinstance(datastore, LedgerDatastore) or events_table_name != EVENTS:
            raise ProgrammingError("the ledger's events stand in the table 'events' of a LedgerDatastore")
        super().__init__(datastore, events_table_name=events_table_name)
        self.clock = clock
        self._is_checked = False

    # -- the schema

    def construct_create_table_statements(self) -> list[str]:
        """Return no statement of our own: `_create_table` makes the schema, and only where there is none."""
        return []

    def create_table(self) -> None:
        """Make the file and the schema where they are missing; a ledger that is complete is left alone, unwritten.

        Raises:
            Unreachable: ``store.not-a-ledger`` for another program's database, ``store.newer-schema``,
                ``store.read-only``, ``store.disk-full``.
        """
        self.datastore.make_file()
        with self.datastore.get_connection(commit=False) as connection, self.datastore.pool.errors:
            is_made = self._is_ledger(connection.raw.cursor())
        if not is_made or self.create_table_statements:
            super().create_table()
        self._is_checked = True

    def _create_table(self, c: SQLiteCursor) -> None:
        if not self._is_ledger(c.sqlite_cursor):
            for statement in MAKE:
                c.execute(statement)
        super()._create_table(c)

    def check(self) -> None:
        """Refuse a database that is not a ledger which this version can read and write.

        Raises:
            Unreachable: ``store.not-a-ledger``, ``store.newer-schema`` (`found`, `known`), and what keeps it from
                being opened.
        """
        if not self._is_checked:
            with self._reading():
                pass  # the first look at the file is what checks it

    def schema_differences(self) -> list[str]:
        """Return where the schema is not what it must be (see `schema.schema_differences`)."""
        with self._reading() as cursor:
            return schema_differences(cursor.connection)

    def damage(self) -> list[str]:
        """Return what SQLite's own integrity check finds; empty where the file is sound."""
        with self._reading() as cursor:
            found = [line for (line,) in cursor.execute("PRAGMA integrity_check(5)")]
        return [] if found == ["ok"] else found

    def auditor(self) -> OpenAudit:
        """Return what opens this log for the deep check.

        Raises:
            ProgrammingError: the database is in memory, where no second connection can reach it.
        """
        path = self.datastore.location.path
        if path is None:
            raise ProgrammingError("a database in memory cannot be checked from outside")
        return partial(SqliteAudit, path)

    def _is_ledger(self, cursor: sqlite3.Cursor) -> bool:
        """Say whether the schema is there; refuse another program's database, and a newer version's."""
        mark = cursor.execute("PRAGMA application_id").fetchone()[0]
        if mark == APPLICATION_ID:
            found = cursor.execute("PRAGMA user_version").fetchone()[0]
            if found > SCHEMA_VERSION:
                raise Unreachable(
                    "store.newer-schema", ledger=str(self.datastore.location), found=found, known=SCHEMA_VERSION
                )
            return True
        tables = cursor.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'").fetchall()
        if mark != 0 or not all(is_companion(name) for (name,) in tables):
            raise self._not_a_ledger()
        return False

    def _not_a_ledger(self) -> Unreachable:
        return Unreachable("store.not-a-ledger", ledger=str(self.datastore.location))

    # -- writing

    def writing(self) -> WriteTransaction:
        """Open a writing transaction with a ``with`` block, queueing fairly behind the writers of every process.

        It commits on leaving, durably, or rolls back where an error passes.

        Raises:
            Unreachable: ``store.busy``, ``store.read-only``, ``store.disk-full``, ``store.damaged``, …: nothing was
                recorded.
        """
        if not self._is_checked:
            self.check()
        return WriteTransaction(self.datastore, self.clock)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Record the library's events in one transaction; return their positions.

        Args:
            stored_events: in order, of any streams.
            kwargs: ``command_id``: under which the first of them is recorded, once.

        Raises:
            IntegrityError: a version or the command id is recorded already.
        """
        command_id: str | None = kwargs.get("command_id")
        events = []
        for stored in stored_events:
            name = stored.originator_id.hex if isinstance(stored.originator_id, UUID) else stored.originator_id
            events.append(NewEvent(name, stored.originator_version, stored.topic, stored.state, command_id))
            command_id = None
        with self.writing() as tx:
            positions = tx.append(events)
            self._insert_beside(tx, **kwargs)
        return list(positions)

    def _insert_beside(self, tx: WriteTransaction, **kwargs: Any) -> None:
        """Write what belongs into the transaction of the events."""

    # -- reading

    def read_stream(self, stream: str, gt: int = 0, lte: int | None = None) -> list[Row]:
        """Return the events of a stream with versions after `gt`, up to `lte`."""
        with self._reading() as cursor:
            return reading.stream(cursor, stream, gt, lte)

    def read_after(self, position: int, limit: int) -> list[Row]:
        """Return at most `limit` events after `position`."""
        with self._reading() as cursor:
            return reading.after(cursor, position, reading.LAST, limit)

    def scan(self, after: int = 0, upto: int | None = None, chunk: int = CHUNK) -> Iterator[Row]:
        """Give every event after one position, up to another (None: to the end as it is now), `chunk` rows at a time.

        No connection is held between chunks, so the consumer may write, and may take its time.
        """
        if upto is None:
            upto = self.count()
        while after < upto:
            with self._reading() as cursor:
                rows = reading.after(cursor, after, upto, chunk)
            if not rows:
                return
            yield from rows
            after = rows[-1].position

    def read_command(self, command_id: str) -> Row | None:
        """Return the event that was recorded under a command id."""
        with self._reading() as cursor:
            return reading.command(cursor, command_id)

    def head(self) -> Head | None:
        """Return place and time of the last event; None for an empty ledger."""
        with self._reading() as cursor:
            edge = reading.edge(cursor)
        return None if edge is None else edge[0]

    def count(self) -> int:
        """Return how many events are recorded."""
        head = self.head()
        return 0 if head is None else head.position

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Return hashes of complete subtrees of 256**level leaves (level 0: the leaves), as `seal.tree.Hashes` asks."""
        with self._reading() as cursor:
            return reading.hashes(cursor, level, start, stop)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the tree over the first `size` events (None: all of them), from the stored hashes.

        Raises:
            Unreachable: ``store.damaged`` where hashes are missing.
        """
        try:
            return Frontier.at(self.count() if size is None else size, self.hashes).root()
        except SealError as error:
            raise Unreachable("store.damaged", ledger=str(self.datastore.location), detail=repr(error)) from error

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Cursor]:
        """Give a cursor for one statement, or for several of which none must see what another saw."""
        with self.datastore.get_connection(commit=False) as connection, self.datastore.pool.errors:
            cursor = connection.raw.cursor()
            if not self._is_checked:
                if not self._is_ledger(cursor):
                    raise self._not_a_ledger()
                self._is_checked = True
            yield cursor

    # -- reading, in the library's terms

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of a stream."""
        name = originator_id.hex if isinstance(originator_id, UUID) else originator_id
        statement = (
            "SELECT version, topic, CAST(state AS BLOB) FROM events WHERE stream = ? AND version > ? AND version <= ? "
            f"ORDER BY version {'DESC' if desc else 'ASC'} LIMIT ?"
        )
        bounds = (-1 if gt is None else gt, reading.LAST if lte is None else lte, -1 if limit is None else limit)
        with self._reading() as cursor:
            rows = cursor.execute(statement, (name, *bounds)).fetchall()
        return [StoredEvent(originator_id, version, topic, state) for version, topic, state in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return at most `limit` events from the position `start` (or after it) to `stop`, of these topics."""
        after = 0 if start is None else start - inclusive_of_start
        among = f"AND topic IN ({','.join('?' * len(topics))}) " if topics else ""
        statement = (
            "SELECT stream, version, topic, CAST(state AS BLOB), position FROM events "
            f"WHERE position > ? AND position <= ? {among}ORDER BY position LIMIT ?"
        )
        with self._reading() as cursor:
            rows = cursor.execute(statement, (after, reading.LAST if stop is None else stop, *topics, limit)).fetchall()
        convert = self.convert_originator_id
        return [Notification(convert(name), *rest) for name, *rest in rows]

    def max_notification_id(self) -> int | None:  # type: ignore[override]  # the library's SQLite class says int, and returns None
        """Return the last position; None for an empty ledger."""
        head = self.head()
        return None if head is None else head.position

    # -- following

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Return an iterator of events after `gt`, of these topics, that waits for what this or any process records."""
        self.check()
        return LedgerSubscription[ApplicationRecorder](self, self.datastore.watcher, gt, topics)

    def wait_for_change(self, last_position: int, timeout: float) -> int:
        """Return the last position as soon as it is beyond `last_position`, or as it is after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self.datastore.watcher.listening() as bell:
            while True:
                bell.clear()
                position = self.count()
                remaining = deadline - time.monotonic()
                if position > last_position or remaining <= 0:
                    return position
                bell.wait(remaining)


class LedgerProcessRecorder(LedgerTrackingRecorder, LedgerRecorder, ProcessRecorder):
    """Records events together with how far an upstream application has been followed."""

    def _insert_beside(self, tx: WriteTransaction, **kwargs: Any) -> None:
        tracking = kwargs.get("tracking")
        if tracking is not None:
            self._insert_tracking(SQLiteCursor(tx.cursor), tracking)
