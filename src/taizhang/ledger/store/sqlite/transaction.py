"""A writing transaction: the turn to write, what is appended with its leaves and the tree's nodes, the commit.

Owns the inserts. Must not know what a state means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from eventsourcing.persistence import ConnectionUnavailableError, ProgrammingError

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.store.contract import NewEvent, Row
from taizhang.ledger.store.recording import new_rows, stamp

from . import reading
from .edge import BLOCK, Edge

if TYPE_CHECKING:
    import sqlite3
    from types import TracebackType

    from taizhang.ledger.seal.frontier import Frontier

    from .datastore import LedgerDatastore
    from .pool import LedgerConnection

INSERT_EVENT = (
    "INSERT INTO events (position, stream, version, topic, recorded_at, command, state, salt, leaf) "
    "VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?)"
)
INSERT_NODE = "INSERT INTO nodes (level, idx, hash) VALUES (?, ?, ?)"

CATCH_UP_LIMIT = 1024
"""So many leaves of other writers are appended to the kept edge; beyond, reading the edge anew costs less."""


class Known:
    """The end of the ledger as the last transaction left it, and how to tell that nobody has written since.

    It is changed by nobody but the writer, when it has committed.
    """

    __slots__ = ("connection", "edge", "version")

    def __init__(self) -> None:
        self.edge = Edge.empty()
        self.connection: LedgerConnection | None = None
        self.version = 0

    def doubt(self) -> None:
        """Have the edge compared with the file before it is relied on."""
        self.connection = None


class WriteTransaction:
    """A ``with`` block in which nobody else writes: it commits on leaving, durably, or rolls back on an error.

    It is the hot path, so it is one flat object: every call costs, most of all right after a disk write.

    Args:
        datastore: whose ledger is written.
        clock: gives the present moment.
    """

    __slots__ = (
        "_broken",
        "_clock",
        "_connection",
        "_datastore",
        "_edge",
        "_folded",
        "_leaves",
        "clock_said",
        "cursor",
        "position",
        "recorded_at",
    )

    cursor: sqlite3.Cursor
    """For what else belongs into the transaction."""

    position: int
    """Of the last event, those appended here included; 0 for an empty ledger."""

    clock_said: str
    """What the clock said, where that lay before the last event; else empty."""

    recorded_at: str
    """When everything that is appended here is recorded: now, but never before the last event."""

    def __init__(self, datastore: LedgerDatastore, clock: Callable[[], datetime]) -> None:
        self._datastore = datastore
        self._clock = clock
        self.clock_said = ""
        self._leaves: list[bytes] = []
        self._folded: tuple[Frontier, list[bytes]] | None = None
        self._broken = False

    def __enter__(self) -> Self:
        """Wait for the turn to write; begin.

        Raises:
            Unreachable: ``store.busy``, ``store.read-only``, …; ``store.damaged`` where the ledger ends before what
                this process has seen of it, has another event in that place than then, or lacks hashes of its tree.
        """
        datastore = self._datastore
        pool, known = datastore.pool, datastore.known
        try:
            connection = self._connection = pool.lend_writer(pool.busy_timeout)
        except ConnectionUnavailableError as error:
            raise datastore.busy(error) from error
        cursor = self.cursor = connection.own_cursor
        try:
            cursor.execute("BEGIN IMMEDIATE")
            # the connection's number changes whenever another connection commits
            (version,) = cursor.execute("PRAGMA data_version").fetchone()
            if known.version != version or known.connection is not connection:
                known.edge = self._catch_up(known.edge)
                known.version, known.connection = version, connection
        except BaseException as error:
            self._give_up(error)
            raise
        edge = self._edge = known.edge
        self.position = edge.position
        now, last = stamp(self._clock()), edge.recorded_at
        if now >= last:
            self.recorded_at = now
        else:
            self.recorded_at, self.clock_said = last, now
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit and wake who waits; or roll back."""
        if error is not None:
            self._give_up(error)
            return
        edge, leaves, cursor = self._edge, self._leaves, self.cursor
        try:
            if self._broken:
                raise ProgrammingError("an append in this transaction has failed")
            if self.position // BLOCK != edge.position // BLOCK:
                frontier, tail, completed = edge.fold(leaves)
                cursor.executemany(INSERT_NODE, completed)
                self._folded = frontier, tail
            cursor.execute("COMMIT")
        except BaseException as trouble:
            self._give_up(trouble)
            raise
        if leaves:  # committed: the known end moves behind them
            edge.position, edge.recorded_at, edge.leaf = self.position, self.recorded_at, leaves[-1]
            if self._folded is None:
                edge.tail.extend(leaves)
            else:
                edge.frontier, edge.tail = self._folded
        datastore = self._datastore
        datastore.pool.put_writer()
        if datastore.watcher.bells:
            datastore.watcher.ring()

    def _give_up(self, error: BaseException) -> None:
        """Roll back and let the next one write; raise the ledger's error in place of the driver's."""
        try:
            self._connection.abandon()
        finally:
            self._datastore.pool.put_writer()
        errors = self._connection.errors
        if isinstance(error, errors.error):
            self._datastore.known.doubt()  # whether a commit that failed reached the file, the file says
            raise errors.translated(error) from error

    def stream(self, stream: str, gt: int = 0) -> list[Row]:
        """Return the events of a stream after version `gt`."""
        with self._connection.errors:
            return reading.stream(self.cursor, stream, gt, None)

    def command(self, command_id: str) -> Row | None:
        """Return the event that was recorded under a command id."""
        with self._connection.errors:
            return reading.command(self.cursor, command_id)

    def commands(self, command_ids: Sequence[str]) -> dict[str, Row]:
        """Return the events that were recorded under any of these command ids, by id."""
        with self._connection.errors:
            return reading.commands(self.cursor, command_ids)

    def last_stream(self, prefix: str) -> str | None:
        """Return the largest stream id that begins with `prefix`."""
        with self._connection.errors:
            return reading.last_stream(self.cursor, prefix)

    def append(self, events: Sequence[NewEvent]) -> range:
        """Append the events and their leaves; return their positions.

        After an error nothing more can be appended, and leaving the transaction records nothing.

        Raises:
            IntegrityError: a version or a command id is recorded already.
            Rejected: ``store.control-character``, ``store.leaf-too-long``.
        """
        before = self.position
        if not events:
            return range(before + 1, before + 1)
        if self._broken:
            raise ProgrammingError("an append in this transaction has failed")
        self._broken = True
        rows = new_rows(events, before, self.recorded_at)
        try:
            if len(rows) == 1:
                self.cursor.execute(INSERT_EVENT, rows[0])
            else:
                self.cursor.executemany(INSERT_EVENT, rows)
        except self._connection.errors.error as error:
            raise self._connection.errors.translated(error) from error
        leaves = self._leaves
        for row in rows:
            leaves.append(row[-1])
        self.position = last = before + len(rows)
        self._broken = False
        return range(before + 1, last + 1)

    def _catch_up(self, known: Edge) -> Edge:
        """Return the end of the ledger, and refuse to go on where what this process has seen has changed."""
        kept = known.position
        if kept and reading.hashes(self.cursor, 0, kept - 1, kept) != [known.leaf]:
            raise self._damaged(f"position {kept} has changed")
        found = reading.edge(self.cursor)
        if found is None or found[0].position == kept:
            return known
        (position, recorded_at), leaf = found
        if not kept or position - kept > CATCH_UP_LIMIT:
            try:
                return Edge.at(position, recorded_at, leaf, partial(reading.hashes, self.cursor))
            except SealError as error:
                raise self._damaged(repr(error)) from error
        since = reading.hashes(self.cursor, 0, kept, position)
        if len(since) != position - kept:
            raise self._damaged(f"positions before {position} are missing")
        frontier, tail, _ = known.fold(since)
        return Edge(position, recorded_at, leaf, frontier, tail)

    def _damaged(self, detail: str) -> Unreachable:
        """The past is not what it was: whoever changed it must not get a valid seal over it from us."""
        return Unreachable("store.damaged", ledger=self._connection.errors.ledger, detail=detail)
