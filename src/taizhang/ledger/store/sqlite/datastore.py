"""What the recorders of one database share: its connections, and the bell that rings when something was recorded.

Owns lending connections in the library's way. Must not know a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, cast

from eventsourcing.persistence import ConnectionUnavailableError
from eventsourcing.sqlite import SQLiteCursor, SQLiteDatastore

from taizhang.ledger.domain.errors import Unreachable

from .driver import Driver, choose_driver
from .location import Location
from .pool import BUSY_TIMEOUT_S, POOL_TIMEOUT_S, LedgerConnection, LedgerPool
from .subscription import Watcher
from .transaction import Known


class LedgerDatastore(SQLiteDatastore):
    """The library's datastore over `LedgerPool`.

    Args:
        db_name: a path, an SQLite URI or ``:memory:``. Nothing is opened or made yet.
        lock_timeout: seconds to wait for other writers; None for a minute.
        pool_size, max_overflow: how many reading connections are kept, and how many more may be lent.
        pool_timeout: seconds to wait for a reading connection.
        single_row_tracking: keep one row an upstream application (the library's option).
        originator_id_type: whether streams are UUIDs or text to the library.
        driver: what opens the database; None for the first that is new enough.

    Raises:
        Unreachable: ``store.sqlite-too-old``.
    """

    def __init__(
        self,
        db_name: str,
        *,
        lock_timeout: float | None = None,
        pool_size: int = 5,
        max_overflow: int = 10,
        pool_timeout: float = POOL_TIMEOUT_S,
        single_row_tracking: bool = True,
        originator_id_type: Literal["uuid", "text"] = "uuid",
        driver: Driver | None = None,
    ) -> None:
        # not the library's __init__: it would build the library's pool
        self.location = Location(db_name)
        self.pool: LedgerPool = LedgerPool(
            self.location,
            driver or choose_driver(),
            busy_timeout=BUSY_TIMEOUT_S if lock_timeout is None else lock_timeout,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=pool_timeout,
        )
        self.watcher = Watcher(None if self.location.path is None else self.pool.connect)
        self.known = Known()
        self.single_row_tracking = single_row_tracking
        self.originator_id_type = originator_id_type

    def busy(self, error: ConnectionUnavailableError) -> Unreachable:
        """Return the refusal for a connection that did not come free in time."""
        return Unreachable("store.busy", ledger=str(self.location), detail=str(error))

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[LedgerConnection]:
        """Lend a connection for the block; the only one that can write where `commit` is true.

        Raises:
            Unreachable: ``store.busy`` where none came free in time; what else keeps it from being opened.
        """
        try:
            connection = self.pool.get_connection(is_writer=commit)
        except ConnectionUnavailableError as error:
            raise self.busy(error) from error
        try:
            yield connection
        finally:
            self.pool.put_connection(connection)

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Open a transaction for the block; afterwards wake whoever waits for something to be recorded."""
        with self.get_connection(commit=commit) as connection, connection.transaction(commit=commit) as cursor:
            if commit:
                self.known.doubt()  # who knows what the block writes
            yield cursor
        if commit:
            self.watcher.ring()

    def make_file(self) -> None:
        """Make an empty file where there is none, as a writer; its folder must exist.

        Raises:
            Unreachable: ``store.not-a-ledger`` where there is no such folder, ``store.read-only``, ``store.disk-full``.
        """
        self.pool.make_file()

    def close(self) -> None:
        """Close every connection and stop watching; who waits for something to be recorded is told."""
        # __del__ comes here too, also where __init__ was refused half-way
        watcher, pool = cast("Watcher | None", vars(self).get("watcher")), vars(self).get("pool")
        if watcher is not None:
            watcher.close()
        if pool is not None:
            pool.close()
        if watcher is not None:
            watcher.ring()  # they look, and meet a closed pool
