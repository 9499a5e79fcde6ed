"""The connections of one process to one database: one that writes, and some that can only read.

Owns opening, settings, lending and taking back. Must not know a table.

Nobody but the writer checkpoints: readers open the file read-only, and cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, cast

from eventsourcing.persistence import (
    ConnectionNotFromPoolError,
    ConnectionPoolClosedError,
    ConnectionUnavailableError,
)
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteCursor

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.trouble import refusal_of

from .driver import Driver, Opening, Translating
from .location import Location, Stamp
from .log import SETTINGS, open_reader
from .writer_queue import WriterQueue

if TYPE_CHECKING:
    import sqlite3

BUSY_TIMEOUT_S = 60.0
POOL_TIMEOUT_S = 30.0

WRITER_SETTINGS = (
    *SETTINGS,
    "cache_size=-65536",
    "synchronous=FULL",
    "fullfsync=ON",  # only macOS has it: there a plain fsync leaves data in the drive's cache
    "checkpoint_fullfsync=ON",
    "journal_size_limit=67108864",
)


class LedgerConnection(SQLiteConnection):
    """A connection of the library's kind that opens writing transactions for writing and speaks the ledger's errors.

    Args:
        raw: the DB-API connection; its cursors give plain tuples.
        driver: the module that it comes from.
        errors: turns the module's errors into the ledger's.
        frozen: the file's stamp, where it was opened as one that never changes.
    """

    def __init__(self, raw: sqlite3.Connection, driver: Driver, errors: Translating, frozen: Stamp | None) -> None:
        super().__init__(raw, max_age=None)
        self.raw = raw
        self.frozen = frozen
        self._named_row = driver.named_row
        self.errors = errors
        self.own_cursor = raw.cursor()

    def cursor(self) -> SQLiteCursor:
        """Return a cursor as the library's recorders use it: rows answer to column names."""
        cursor = self.raw.cursor()
        cursor.row_factory = self._named_row
        return SQLiteCursor(cursor)

    def abandon(self) -> None:
        """Roll back what is open; a connection that cannot is closed, which does the same.

        Only called while an error passes, which says more than what a failing rollback would.
        """
        try:
            self.raw.rollback()
        except self.errors.error:
            self.close()

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Open a transaction in the library's way: it commits on leaving only where `commit` is true."""
        with self.errors:
            cursor = self.cursor()
            cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
            try:
                yield cursor
                cursor.execute("COMMIT" if commit else "ROLLBACK")
            except BaseException:
                self.abandon()
                raise

    def data_version(self) -> int:
        """Return a number that changes whenever another connection has committed."""
        with self.errors:
            version: int = self.raw.execute("PRAGMA data_version").fetchone()[0]
        return version


class LedgerPool(SQLiteConnectionPool):
    """Lends connections; at most one that writes, and only to whoever the writers' queue lets through.

    The library's pool keeps its writer lock for ever where opening a connection fails or no connection comes free in
    time. Here everything that was taken for a connection goes back where the connection is not handed out.

    A database in memory has one connection, which everybody shares in turn.

    Args:
        location: where the database is.
        driver: what opens it.
        busy_timeout: seconds to wait for other writers.
        pool_size, max_overflow: how many reading connections are kept, and how many more may be lent.
        pool_timeout: seconds to wait for a reading connection.
    """

    def __init__(
        self,
        location: Location,
        driver: Driver,
        *,
        busy_timeout: float = BUSY_TIMEOUT_S,
        pool_size: int = 5,
        max_overflow: int = 10,
        pool_timeout: float = POOL_TIMEOUT_S,
    ) -> None:
        super().__init__(
            db_name=location.name, pool_size=pool_size, max_overflow=max_overflow, pool_timeout=pool_timeout
        )
        self.location = location
        self.driver = driver
        self.busy_timeout = busy_timeout
        self.errors = Translating(driver, str(location))
        self.queue = WriterQueue(location.lock_files())
        self._writer: LedgerConnection | None = None
        self._writing = False

    def get_connection(self, timeout: float | None = None, *, is_writer: bool | None = None) -> LedgerConnection:
        """Lend a connection; one that can only read unless `is_writer` is true.

        Args:
            timeout: seconds to wait; None for `busy_timeout` to write, or `pool_timeout` to read.

        Raises:
            ConnectionUnavailableError: none came free in time.
            ConnectionPoolClosedError: the pool is closed.
            Unreachable: the database cannot be opened.
        """
        if is_writer or self.location.path is None:
            return self.lend_writer(self.busy_timeout if timeout is None else timeout)
        return self._lend_reader(self.pool_timeout if timeout is None else timeout)

    def lend_writer(self, timeout: float) -> LedgerConnection:
        """Lend the writing connection, as `get_connection` does; it goes back by `put_writer`."""
        if self._closed:
            raise ConnectionPoolClosedError
        try:
            got = self.queue.acquire(timeout)
        except OSError as error:
            raise self._refusal(error) from error
        if not got:
            raise ConnectionUnavailableError("Timed out waiting for return of writer")
        # from here on nobody else touches the writer
        self._writing = True
        conn = self._writer
        # closed meanwhile? `close` sets this and then looks who is writing, so one of us sees the other
        if conn is None or conn.closed or self._closed:
            try:
                conn = self._writer = self._open_writer()
                conn.is_writer = True
            except BaseException:
                self.put_writer()
                raise
        return conn

    def put_writer(self) -> None:
        """Take the writing connection back, and let the next one write."""
        self._writing = False
        if self._closed:
            self._close_writer()
        self.queue.release()

    def _lend_reader(self, timeout: float) -> LedgerConnection:
        deadline = monotonic() + timeout
        with self._put_condition:
            self._refuse_if_closed()
            while not self._pool and self._is_use_full:
                if not self._put_condition.wait(deadline - monotonic()):
                    raise ConnectionUnavailableError("Timed out waiting for return of connection")
                self._refuse_if_closed()
            conn = self._take_from_pool() or self._create_connection()
            conn.is_writer = False
            self._in_use[id(conn)] = conn
            return conn

    def _take_from_pool(self) -> LedgerConnection | None:
        """Return the connection that was used last, whose cache is the warmest, if it is still of use."""
        while self._pool:
            conn = cast("LedgerConnection", self._pool.pop())
            if not conn.closed and (conn.frozen is None or conn.frozen == self.location.frozen()):
                conn.in_use.acquire()
                return conn
            conn.close()
        return None

    @property
    def _num_in_use(self) -> int:
        return len(self._in_use) + self._writing

    @property
    def _is_use_full(self) -> bool:
        return len(self._in_use) >= self.pool_size + self.max_overflow

    def put_connection(self, conn: SQLiteConnection) -> None:
        """Take a connection back; where the pool has been closed meanwhile, close it.

        Raises:
            ConnectionNotFromPoolError: it is not lent by this pool.
        """
        if conn is not self._writer:
            self._put_reader(conn)
        elif self._writing:
            self.put_writer()
        else:
            raise ConnectionNotFromPoolError("Connection not in use in this pool")

    def _put_reader(self, conn: SQLiteConnection) -> None:
        with self._put_condition:
            if self._in_use.pop(id(conn), None) is None:
                raise ConnectionNotFromPoolError("Connection not in use in this pool")
            if self._closed or self._is_pool_full:
                conn.close()
            elif not conn.closed:
                self._pool.append(conn)
            conn.in_use.release()
            self._put_condition.notify()

    def close(self) -> None:
        """Close every connection that nobody uses, and leave the others to be closed when they come back.

        The library's closes them all; SQLite crashes where another thread is in the middle of a statement. The writer
        is closed last, so that it can leave a file without a log beside it.
        """
        with self._put_condition:
            if self._closed:
                return
            self._closed = True
            while self._pool:
                self._pool.pop().close()
            self._put_condition.notify_all()
        if not self._writing:
            self._close_writer()

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self.queue.close()

    def make_file(self) -> None:
        """Make an empty file where there is none, as a writer.

        Raises:
            Unreachable: ``store.not-a-ledger`` where its folder is missing, ``store.read-only``, ``store.disk-full``,
                ``store.busy``.
        """
        path = self.location.path
        if path is None or path.exists():
            return
        try:
            if not self.queue.acquire(self.busy_timeout):
                raise Unreachable("store.busy", ledger=str(self.location))
            try:
                path.touch()
            finally:
                self.queue.release()
        except OSError as error:
            raise self._refusal(error) from error

    def connect(self) -> LedgerConnection:
        """Open one more reading connection, which is the caller's own to close."""
        return self._create_connection()

    def _create_connection(self) -> LedgerConnection:
        """Open a reading connection (the library's name for it)."""
        raw, frozen = open_reader(self.location, self.driver, self.errors, self.busy_timeout)
        return LedgerConnection(raw, self.driver, self.errors, frozen)

    def _open_writer(self) -> LedgerConnection:
        self._refuse_if_closed()
        path = self.location.path
        if path is not None and not path.is_file():
            raise Unreachable("store.not-a-ledger", ledger=str(self.location))
        raw: sqlite3.Connection | None = None
        try:
            with Opening(self.driver, self.errors.ledger):
                raw = self.driver.connect(self.location.uri("mode=rw"), self.busy_timeout)
                for setting in WRITER_SETTINGS:
                    raw.execute(f"PRAGMA {setting}")
                if path is not None:
                    self._use_log(raw)
        except BaseException:
            if raw is not None:
                raw.close()
            raise
        return LedgerConnection(raw, self.driver, self.errors, None)

    def _use_log(self, raw: sqlite3.Connection) -> None:
        """Put the file into WAL mode if it is not; only the writer comes here, so no two do it at once."""
        if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            mode = raw.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            if mode != "wal":
                raise Unreachable("store.no-wal", ledger=str(self.location), detail=mode)

    def _refusal(self, error: OSError) -> Unreachable:
        return refusal_of(error, str(self.location))

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise ConnectionPoolClosedError
