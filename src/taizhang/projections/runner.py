"""Owns the life of the read models: opening, following the log, building beside and swapping, reading.

The position is written in the transaction of its rows; one process folds at a time. The file is disposable: damaged,
missing, of another version, or ahead of a log that was restored, it is built afresh. Knows no store.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from taizhang.ledger.domain.errors import Unreachable

from . import schema
from .files import Files
from .lock import held
from .log import Connect, Connection, Log

if TYPE_CHECKING:
    from .fold import Fold

T = TypeVar("T")
Progress = Callable[[int, int], None]

BATCH = 2_000
FAR_BEHIND = 20_000
"""So many events behind, and more than half the log: building beside is quicker than following."""

MAPPED_BYTES = 1 << 30
LOCK_TIMEOUT_S = 60.0
BUILD_TIMEOUT_S = 3_600.0
_DAMAGED = {11, 26}  # SQLITE_CORRUPT, SQLITE_NOTADB
_UNWRITABLE = {8: "views.unwritable", 10: "views.unwritable", 13: "views.disk-full", 14: "views.unwritable"}


class _MustBuildError(Exception):
    """The file in force is missing, of other versions, far behind, or not of this log."""


class _Any:
    """Whichever file is in force."""


_ANY = _Any()


class Views:
    """The read models of one ledger. Safe to share between threads.

    Args:
        folder: where the files belong.
        connect: opens an SQLite file; see `log.Connect`.
        error: the base class of that driver's errors.
        fallback: where the files go if `folder` cannot be written.
        mapped: whether the file is read as memory: a scan of the spans takes a quarter less.

    Raises:
        Unreachable: ``views.unwritable``.
    """

    def __init__(
        self,
        folder: Path,
        connect: Connect,
        error: type[Exception],
        *,
        fallback: Path | None = None,
        mapped: bool = True,
    ) -> None:
        self._files = Files(folder, fallback)
        self._connect = connect
        self._error = error
        self._mapped = mapped
        self._writing = threading.Lock()
        self._writer: _Writer | None = None
        self._idle: list[tuple[Path, Connection]] = []
        self._pool = threading.Lock()
        self._checked: Path | None = None  # the file whose versions and place in the log were looked at
        self._reached = -1

    @property
    def folder(self) -> Path:
        """Where the files are: the ledger's folder, or the fallback."""
        return self._files.folder

    def index(self) -> int:
        """Return the index of the last event in the read models; -1 for none."""
        path = self._files.current()
        if path is None:
            return -1
        with self._opened(path) as connection:
            return position(connection)

    def catch_up(self, log: Log, progress: Progress | None = None) -> int:
        """Fold what is new in the log; return the index of the last event in the read models.

        Args:
            progress: told how many events of how many are done, where there is much to do.

        Raises:
            Unreachable: ``views.unwritable``, ``views.disk-full`` or ``views.busy``.
        """
        head = log.head()
        path = self._files.current()
        if path is not None and path == self._checked and self._reached == head:
            return head
        with self._writing, self._translated():
            return self._caught_up(log, progress)

    def rebuild(self, log: Log, progress: Progress | None = None) -> int:
        """Build everything afresh beside the file in force and swap; return the index of the last event in it."""
        with self._writing, self._translated():
            self._build(log, progress)
            return self._caught_up(log, progress)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose queries all see the same moment. `catch_up` must have been called.

        Raises:
            Unreachable: ``views.missing`` where there is no file.
        """
        path = self._files.current()
        if path is None:
            raise Unreachable("views.missing", folder=str(self._files.folder))
        with self._opened(path) as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    def view(self, log: Log, work: Callable[[Connection], T]) -> T:
        """Catch up, then let `work` query; a file that proves damaged or gone is built afresh, and `work` called again."""
        for last_try in (False, False, True):
            self.catch_up(log)
            path = self._files.current()
            try:
                with self.reading() as connection:
                    return work(connection)
            except Unreachable as error:
                if last_try or error.code != "views.missing":
                    raise
            except self._error as error:
                if last_try or not (_is_damage(error) or _is_gone(error)):
                    raise
                if path is not None:
                    self._files.condemn(path)
                self._forget()
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Give every connection back."""
        with self._writing:
            self._forget()

    # -- following

    def _caught_up(self, log: Log, progress: Progress | None) -> int:
        """Follow the file in force to the end of the log, building one as often as it is missing, wrong or swapped away."""
        while True:
            path = self._files.current()
            try:
                return self._follow(path, log, progress)
            except _MustBuildError:
                self._build(log, progress, instead_of=path)
            except self._error as error:
                if not _is_damage(error):
                    raise
                self._forget()
                self._build(log, progress, instead_of=path)

    def _follow(self, path: Path | None, log: Log, progress: Progress | None) -> int:
        """Fold what is new into the file in force, or say that one must be built first."""
        first = True
        while True:
            with held(self._files.follow_lock, LOCK_TIMEOUT_S):
                current = self._files.current()
                if current is None or not current.is_file():
                    raise _MustBuildError
                if current != path:  # another process has just built one
                    path, first = current, True
                writer = self._opened_writer(path)
                if path != self._checked and not _belongs(writer.connection, log):
                    raise _MustBuildError
                reached, head = writer.position(), log.head()  # in this order: a log does not grow shorter
                if reached > head or (first and head - reached > FAR_BEHIND and head > 2 * reached):
                    raise _MustBuildError
                if reached < head:
                    reached = writer.fold(log, reached)
                self._checked, self._reached = path, reached
            if progress and (not first or reached < head):
                progress(reached + 1, head + 1)
            if reached >= head:
                return reached
            first = False

    def _opened_writer(self, path: Path) -> _Writer:
        if self._writer is not None and self._writer.path == path:
            return self._writer
        self._close_writer()
        connection = self._connect(path, False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # a damaged file would be built afresh, a lying one not
            connection.execute("PRAGMA temp_store = MEMORY")
            current = schema.is_current(connection)
        except self._error:
            connection.close()
            raise
        if not current:
            connection.close()
            raise _MustBuildError
        self._writer = _Writer(path, connection)
        return self._writer

    # -- building

    def _build(self, log: Log, progress: Progress | None, *, instead_of: Path | _Any | None = _ANY) -> None:
        """Build a file and put it in force.

        Args:
            instead_of: the file that was found wanting; where another is in force by now, nothing is built.
        """
        files = self._files
        with held(files.build_lock, BUILD_TIMEOUT_S):
            if not isinstance(instead_of, _Any) and files.current() not in (None, instead_of):
                return
            path = files.next()
            connection = self._connect(path, False)
            try:
                reached = self._filled(connection, log, progress)
            finally:
                connection.close()
            _to_disk(path)
            with held(files.follow_lock, LOCK_TIMEOUT_S):
                self._close_writer()
                self._finish_following(path, log, reached)
                files.put_in_force(path)
            self._close_idle()

    def _filled(self, connection: Connection, log: Log, progress: Progress | None) -> int:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute(f"PRAGMA cache_size = -{schema.BULK_CACHE_KIB}")
        connection.execute("BEGIN")
        schema.create_tables(connection)
        from .fold import Build  # a start that has nothing to fold loads neither the fold nor the search index

        build = Build(connection)
        reached, head = -1, log.head()
        while reached < head and (batch := log.after(reached, BATCH)):
            build.take(batch)
            reached = batch[-1][0]
            if progress:
                progress(min(reached, head) + 1, head + 1)
        build.finish()
        schema.create_indexes(connection)
        connection.execute("COMMIT")
        return reached

    def _finish_following(self, path: Path, log: Log, reached: int) -> None:
        """Fold what was recorded while the file was being built, and leave it in WAL mode."""
        writer = self._opened_writer(path)
        while reached < log.head():
            reached = writer.fold(log, reached)

    # -- connections

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Connection]:
        with self._pool:
            while self._idle and self._idle[-1][0] != path:
                self._idle.pop()[1].close()
            connection = self._idle.pop()[1] if self._idle else None
        if connection is None:
            connection = self._connect(path, True)
            if self._mapped:
                connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._pool:
            self._idle.append((path, connection))

    def _forget(self) -> None:
        self._checked = None
        self._close_writer()
        self._close_idle()

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.connection.close()
            self._writer = None

    def _close_idle(self) -> None:
        with self._pool:
            while self._idle:
                self._idle.pop()[1].close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            code = _UNWRITABLE.get(_code(error))
            if code is None:
                raise
            self._forget()
            raise Unreachable(code, folder=str(self._files.folder), detail=str(error)) from error


class _Writer:
    """The connection that folds, with what it knows of the file as long as nobody else wrote to it."""

    def __init__(self, path: Path, connection: Connection) -> None:
        self.path = path
        self.connection = connection
        self._fold: Fold | None = None
        self._version = -1

    def position(self) -> int:
        return position(self.connection)

    def fold(self, log: Log, reached: int) -> int:
        """Fold one batch after `reached`; return the last event folded."""
        from .fold import Fold

        connection = self.connection
        batch = log.after(reached, BATCH)
        if not batch:
            return reached
        connection.execute("BEGIN IMMEDIATE")
        try:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if self._fold is None or version != self._version:
                self._fold, self._version = Fold(connection), version
            self._fold.follow(batch)
            connection.execute("COMMIT")
        except BaseException:
            self._fold = None  # what it holds was not written
            if connection.in_transaction:  # a full disk has rolled it back already
                connection.execute("ROLLBACK")
            raise
        return batch[-1][0]


def position(connection: Connection) -> int:
    """Return the index of the last event that the rows of this connection know; -1 for none."""
    (last,) = connection.execute("SELECT last FROM position").fetchone()
    return int(last)


def _belongs(connection: Connection, log: Log) -> bool:
    """Say whether the last event of the file is the one that the log has there (a backup may have been restored)."""
    last, stream, version, recorded_at = connection.execute(
        "SELECT last, stream, version, recorded_at FROM position"
    ).fetchone()
    if last < 0:
        return True
    rows = log.after(last - 1, 1)
    return bool(rows) and (*rows[0][:3], rows[0][4]) == (last, stream, version, recorded_at)


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _is_damage(error: Exception) -> bool:
    return _code(error) in _DAMAGED


def _is_gone(error: Exception) -> bool:
    return _code(error) == 14  # SQLITE_CANTOPEN: swept away between the pointer and the opening


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
