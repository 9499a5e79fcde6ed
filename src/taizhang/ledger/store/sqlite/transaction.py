"""A writing transaction: what is appended, with its leaves and the tree's nodes.

Owns the inserts. Must not know how a transaction begins or ends: it works on a cursor inside one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from eventsourcing.persistence import ProgrammingError

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.store.contract import Head, NewEvent, Row
from taizhang.ledger.store.recording import new_rows, stamp

from . import reading
from .edge import BLOCK, Edge

if TYPE_CHECKING:
    import sqlite3

    from taizhang.ledger.seal.frontier import Frontier

    from .pool import LedgerConnection

INSERT_EVENT = (
    "INSERT INTO events (position, stream, version, topic, recorded_at, clock, command, state, salt, leaf) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?)"
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
    """What can be done while nobody else writes.

    Args:
        cursor: of the open transaction.
        clock: gives the present moment.
        known: the end of the ledger when this process last knew it.
        connection: whose transaction it is.

    Raises:
        Unreachable: ``store.damaged`` where the ledger ends before what this process has seen of it, has another
            event in that place than then, or lacks hashes of its tree.
    """

    __slots__ = (
        "_broken",
        "_clock",
        "_clock_said",
        "_connection",
        "_edge",
        "_folded",
        "_leaves",
        "_position",
        "_recorded_at",
        "cursor",
    )

    def __init__(
        self, cursor: sqlite3.Cursor, clock: Callable[[], datetime], known: Known, connection: LedgerConnection
    ) -> None:
        self.cursor = cursor
        self._clock = clock
        self._connection = connection
        self._recorded_at = ""
        self._clock_said: str | None = None
        self._leaves: list[bytes] = []
        self._folded: tuple[Frontier, list[bytes]] | None = None
        self._broken = False
        # the connection's number changes whenever another connection commits
        (version,) = cursor.execute("PRAGMA data_version").fetchone()
        if known.version != version or known.connection is not connection:
            known.edge = self._catch_up(known.edge)
            known.version, known.connection = version, connection
        self._edge = known.edge
        self._position = known.edge.position

    def finish(self) -> None:
        """Write the nodes of the tree that the appended leaves complete; the transaction can then be committed.

        Raises:
            ProgrammingError: an append has failed.
        """
        self._refuse_if_broken()
        if self._position // BLOCK != self._edge.position // BLOCK:
            frontier, tail, completed = self._edge.fold(self._leaves)
            self.cursor.executemany(INSERT_NODE, completed)
            self._folded = frontier, tail

    def committed(self) -> None:
        """Move the known end of the ledger behind what was appended, now that it is committed."""
        edge, leaves = self._edge, self._leaves
        if leaves:
            edge.position, edge.recorded_at, edge.leaf = self._position, self._recorded_at, leaves[-1]
            if self._folded is None:
                edge.tail.extend(leaves)
            else:
                edge.frontier, edge.tail = self._folded

    @property
    def head(self) -> Head | None:
        """The last event, those appended here included; None for an empty ledger."""
        if self._leaves:
            return Head(self._position, self._recorded_at)
        return Head(self._position, self._edge.recorded_at) if self._position else None

    @property
    def recorded_at(self) -> str:
        """When everything that is appended here is recorded: now, but never before the last event."""
        if not self._recorded_at:
            now, last = stamp(self._clock()), self._edge.recorded_at
            self._recorded_at, self._clock_said = (now, None) if now >= last else (last, now)
        return self._recorded_at

    def stream(self, stream: str, gt: int = 0) -> list[Row]:
        """Return the events of a stream after version `gt`."""
        with self._connection.errors:
            return reading.stream(self.cursor, stream, gt, None)

    def command(self, command_id: str) -> Row | None:
        """Return the event that was recorded under a command id."""
        with self._connection.errors:
            return reading.command(self.cursor, command_id)

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
        self._refuse_if_broken()
        before = self._position
        if not events:
            return range(before + 1, before + 1)
        self._broken = True
        rows = new_rows(events, before, self.recorded_at, self._clock_said)
        with self._connection.errors:
            if len(rows) == 1:
                self.cursor.execute(INSERT_EVENT, rows[0])
            else:
                self.cursor.executemany(INSERT_EVENT, rows)
        self._leaves.extend([row[-1] for row in rows])
        self._position += len(rows)
        self._broken = False
        return range(before + 1, self._position + 1)

    def _refuse_if_broken(self) -> None:
        if self._broken:
            raise ProgrammingError("an append in this transaction has failed")

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
