"""Reading a ledger without its write side: what lists, pages and audits need, and nothing that costs a start.

Owns one reading connection a thread-safe handle. Must not know eventsourcing: a command that only reads loads none of it.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.contract import SEALED_MARK, Row
from taizhang.ledger.store.trouble import refusal_of

from . import reading
from .driver import Driver, Opening, Translating, choose_driver
from .location import DATABASE, Location, Stamp
from .schema import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    import sqlite3

POLL_S = 0.02
SETTINGS = ("trusted_schema=OFF", "recursive_triggers=ON", "foreign_keys=ON", "temp_store=MEMORY")
READER_SETTINGS = (*SETTINGS, "cache_size=-16384", "wal_autocheckpoint=0", "query_only=ON")
_AFTER = (
    "SELECT position - 1, stream, version, topic, recorded_at, CAST(state AS BLOB) FROM events "
    "WHERE position > ? ORDER BY position LIMIT ?"
)

LogRow = tuple[int, str, int, str, str, bytes]
"""index, stream, version, topic, recorded_at, state: what a projection folds."""


def open_reader(
    location: Location, driver: Driver, errors: Translating, timeout: float
) -> tuple[sqlite3.Connection, Stamp | None]:
    """Open a connection that can only read, and never checkpoints.

    Raises:
        Unreachable: ``store.not-a-ledger``, ``store.unfinished``, ``store.journal``, or whatever keeps the file from being opened.
    """
    path = location.path
    try:
        if path is not None and not path.is_file():
            raise Unreachable("store.not-a-ledger", ledger=str(location))
        frozen = location.frozen()
    except OSError as error:
        raise refusal_of(error, str(location)) from error
    raw: sqlite3.Connection | None = None
    try:
        with Opening(driver, errors.ledger):
            raw = driver.connect(location.uri("mode=ro&immutable=1" if frozen else "mode=ro"), timeout)
            for setting in READER_SETTINGS:
                raw.execute(f"PRAGMA {setting}")
            raw.execute("PRAGMA schema_version").fetchone()  # the first look at the file: here, not in mid-use
    except BaseException as error:
        if raw is not None:
            raw.close()
        if isinstance(error, Unreachable) and error.code == "store.read-only" and _has_journal(path):
            raise Unreachable(
                "store.journal", ledger=str(location)
            ) from error  # whoever only reads must not play it back
        if not isinstance(error, Unreachable) or error.code != "store.cannot-open" or path is None:
            raise
        if os.access(path.parent, os.W_OK):
            raise
        # a log is beside the file, and SQLite may not make the index that it reads a log by
        raise Unreachable("store.unfinished", **error.params) from error
    return raw, frozen


def _has_journal(path: Path | None) -> bool:
    return path is not None and path.with_name(f"{path.name}-journal").exists()


class LogReader:
    """The log of one ledger's folder, read-only. Safe to share between threads.

    Args:
        folder: the ledger's folder.

    Raises:
        Unreachable: ``store.not-a-ledger``, ``store.newer-schema``, or whatever keeps the file from being read.
    """

    def __init__(self, folder: Path) -> None:
        self._location = Location(str(folder / DATABASE))
        self._folder = folder
        self._driver = choose_driver()
        self._errors = Translating(self._driver, str(self._location))
        self._lock = threading.Lock()
        self._raw = self._open()
        with self._lock, self._errors:
            (application,) = self._raw.execute("PRAGMA application_id").fetchone()
            (version,) = self._raw.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            self.close()
            raise Unreachable("store.not-a-ledger", ledger=str(self._location))
        if version > SCHEMA_VERSION:
            self.close()
            raise Unreachable("store.newer-schema", ledger=str(self._location), found=version, known=SCHEMA_VERSION)

    def head(self) -> int:
        """Return the index of the last event; -1 for none."""
        with self._lock, self._errors:
            return _head(self._raw)

    def after(self, index: int, limit: int) -> list[LogRow]:
        """Return at most `limit` events after `index`; what is sealed of a person is opened where that key is here."""
        with self._lock, self._errors:
            rows: list[LogRow] = self._raw.execute(_AFTER, (index + 1, limit)).fetchall()
        return [self._opened(row) if SEALED_MARK in row[5] else row for row in rows]

    def _opened(self, row: LogRow) -> LogRow:
        index, stream, version, topic, recorded_at, state = row
        return index, stream, version, topic, recorded_at, self._unsealed(state, stream, version, topic)

    def _unsealed(self, state: bytes, stream: str, version: int, topic: str) -> bytes:
        # loaded with the first sealed text that is met: most commands meet none
        from taizhang.ledger.store.person_keys import FOLDER, PersonKeys
        from taizhang.ledger.store.personal import opened

        return opened(state, PersonKeys(self._folder / FOLDER).get, stream, version, topic)

    def stream(self, stream: str, gt: int = 0) -> list[Row]:
        """Return the events of a stream after version `gt`, as they are stored."""
        with self._lock, self._errors:
            return reading.stream(self._raw.cursor(), stream, gt, None)

    def told(self, stream: str, gt: int = 0) -> list[Row]:
        """Return the events of a stream after version `gt`; what is sealed of a person is opened, as in `after`."""
        return [
            row._replace(state=self._unsealed(row.state, stream, row.version, row.topic))
            if SEALED_MARK in row.state
            else row
            for row in self.stream(stream, gt)
        ]

    def rows(self, start: int, stop: int) -> list[Row]:
        """Return the events from index `start` to `stop` - 1, as they are stored."""
        with self._lock, self._errors:
            return reading.after(self._raw.cursor(), start, stop, max(0, stop - start))

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Return the hashes of the complete subtrees of 256**level leaves, `start` to before `stop`; level 0: leaves."""
        with self._lock, self._errors:
            return reading.hashes(self._raw.cursor(), level, start, stop)

    def wait(self, index: int, timeout: float) -> int:
        """Wait until an event after `index` is recorded, at most `timeout` seconds; return the last index.

        Looks through a connection of its own, so that nobody else waits with it.
        """
        deadline = monotonic() + timeout
        raw = self._open()
        try:
            seen = last = -1
            while True:
                with self._errors:
                    (version,) = raw.execute("PRAGMA data_version").fetchone()
                    if version != seen:
                        seen = version
                        last = _head(raw)
                if last > index or monotonic() >= deadline:
                    return last
                sleep(POLL_S)
        finally:
            raw.close()

    @property
    def error(self) -> type[Exception]:
        """The base class of the driver's errors."""
        return self._driver.error

    def connect(self, path: Path, read_only: bool) -> sqlite3.Connection:
        """Open another SQLite file (of read models) with the same driver: two SQLites in a process lose locks."""
        return self._driver.connect(f"{path.as_uri()}?mode={'ro' if read_only else 'rwc'}", 60.0)

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._raw.close()

    def _open(self) -> sqlite3.Connection:
        raw, _ = open_reader(self._location, self._driver, self._errors, 60.0)
        return raw


def _head(raw: sqlite3.Connection) -> int:
    (last,) = raw.execute("SELECT coalesce(max(position), 0) - 1 FROM events").fetchone()
    return int(last)
