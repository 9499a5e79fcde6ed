"""The pool: what the library's leaks, ours gives back; who may read and who may write."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import (
    ConnectionNotFromPoolError,
    ConnectionPoolClosedError,
    ConnectionUnavailableError,
    OperationalError,
)
from eventsourcing.sqlite import SQLiteConnectionPool

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.sqlite.datastore import LedgerDatastore
from taizhang.ledger.store.sqlite.driver import choose_driver
from taizhang.ledger.store.sqlite.location import Location
from taizhang.ledger.store.sqlite.pool import LedgerConnection, LedgerPool
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import event, open_store, record, rfc6962


@pytest.fixture
def pool(ledger: Path) -> Iterator[LedgerPool]:
    """Return a small pool over a ledger that exists."""
    open_store(ledger).datastore.close()
    with closing(LedgerPool(Location(str(ledger)), choose_driver(), pool_size=1, max_overflow=1)) as pool:
        yield pool


def fail_once(monkeypatch: pytest.MonkeyPatch, pool: object, method: str) -> None:
    """Have the next connection fail to open."""
    with_luck = getattr(pool, method)

    def fail() -> Any:
        monkeypatch.setattr(pool, method, with_luck)
        raise OperationalError("no file handle left")

    monkeypatch.setattr(pool, method, fail)


def test_the_library_keeps_its_writer_lock_when_opening_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trap that ours mends; where this fails, the library has mended it, and ours can go."""
    with closing(SQLiteConnectionPool(db_name=f"file:{tmp_path}/library.db")) as library:
        fail_once(monkeypatch, library, "_create_connection")
        with pytest.raises(OperationalError, match="no file handle"):
            library.get_connection(is_writer=True)
        with pytest.raises(ConnectionUnavailableError, match="return of writer"):
            library.get_connection(timeout=0.05, is_writer=True)


def test_ours_writes_again_after_opening_failed(pool: LedgerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_once(monkeypatch, pool, "_open_writer")
    with pytest.raises(OperationalError, match="no file handle"):
        pool.get_connection(is_writer=True)
    pool.put_connection(pool.get_connection(timeout=0.05, is_writer=True))
    assert pool.num_in_use == 0


def test_the_library_keeps_its_writer_lock_when_the_pool_runs_dry(tmp_path: Path) -> None:
    name = f"file:{tmp_path}/library.db"
    with closing(SQLiteConnectionPool(db_name=name, pool_size=1, max_overflow=0)) as library:
        reader = library.get_connection(is_writer=False)
        with pytest.raises(ConnectionUnavailableError, match="return of connection"):
            library.get_connection(timeout=0.05, is_writer=True)
        library.put_connection(reader)
        with pytest.raises(ConnectionUnavailableError, match="return of writer"):
            library.get_connection(timeout=0.05, is_writer=True)


def test_ours_writes_however_many_read(pool: LedgerPool) -> None:
    readers = [pool.get_connection(is_writer=False) for _ in range(2)]
    with pytest.raises(ConnectionUnavailableError):
        pool.get_connection(timeout=0.05, is_writer=False)
    pool.put_connection(pool.get_connection(timeout=0.05, is_writer=True))
    for reader in readers:
        pool.put_connection(reader)
    assert pool.num_in_use == 0
    assert pool.num_in_pool == 1
    pool.put_connection(pool.get_connection(timeout=0.05, is_writer=False))


def test_ours_reads_again_after_opening_failed(pool: LedgerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        fail_once(monkeypatch, pool, "_create_connection")
        with pytest.raises(OperationalError, match="no file handle"):
            pool.get_connection(is_writer=False)
    assert pool.num_in_use == 0
    readers = [pool.get_connection(timeout=0.05, is_writer=False) for _ in range(2)]
    for reader in readers:
        pool.put_connection(reader)


def test_there_is_one_writer(pool: LedgerPool) -> None:
    writer = pool.get_connection(is_writer=True)
    with pytest.raises(ConnectionUnavailableError):
        pool.get_connection(timeout=0.05, is_writer=True)
    pool.put_connection(writer)
    with pytest.raises(ConnectionNotFromPoolError):
        pool.put_connection(writer)
    assert pool.get_connection(timeout=0.05, is_writer=True) is writer
    pool.put_connection(writer)


def test_who_waits_for_a_reader_gets_the_next(pool: LedgerPool) -> None:
    readers = [pool.get_connection(is_writer=False) for _ in range(2)]
    got = []
    waiting = threading.Thread(target=lambda: got.append(pool.get_connection(timeout=5, is_writer=False)))
    waiting.start()
    pool.put_connection(readers[0])
    waiting.join()
    assert got == [readers[0]]
    for reader in (readers[1], got[0]):
        pool.put_connection(reader)
    with pytest.raises(ConnectionNotFromPoolError):
        pool.put_connection(got[0])


def test_a_reader_cannot_write(recorder: LedgerRecorder) -> None:
    with recorder.datastore.get_connection(commit=False) as connection, connection.errors:
        with pytest.raises(Unreachable) as refused, connection.errors:
            connection.raw.execute("CREATE TABLE t (x)")
        assert refused.value.code == "store.read-only"
        assert connection.raw.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)


def test_the_writer_is_careful(recorder: LedgerRecorder) -> None:
    with recorder.datastore.get_connection(commit=True) as connection:
        settings = {
            name: connection.raw.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "recursive_triggers", "trusted_schema", "foreign_keys")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "foreign_keys": 1,
    }


def test_a_closed_pool_lends_nothing_and_takes_back_what_is_out(ledger: Path) -> None:
    recorder = open_store(ledger)
    record(recorder, event())
    pool = recorder.datastore.pool
    reader, writer = pool.get_connection(is_writer=False), pool.get_connection(is_writer=True)
    recorder.datastore.close()
    recorder.datastore.close()
    for is_writer in (False, True):
        with pytest.raises(ConnectionPoolClosedError):
            pool.get_connection(timeout=0.0, is_writer=is_writer)
    # what is being read or written when the pool is closed comes to its end
    assert reader.raw.execute("SELECT count(*) FROM events").fetchone() == (1,)
    assert not writer.closed
    pool.put_connection(reader)
    pool.put_connection(writer)
    assert reader.closed
    assert writer.closed


def test_a_commit_counts_though_the_store_is_closed_meanwhile(
    ledger: Path, reopen: Callable[[], LedgerRecorder]
) -> None:
    recorder = open_store(ledger)
    with recorder.writing() as tx:
        tx.append([event()])
        recorder.datastore.close()
    assert reopen().count() == 1


def test_too_many_readers_are_told_so(ledger: Path) -> None:
    open_store(ledger).datastore.close()
    with closing(LedgerDatastore(str(ledger), pool_size=1, max_overflow=0, pool_timeout=0.05)) as datastore:
        recorder = LedgerRecorder(datastore)
        with datastore.get_connection(commit=False), pytest.raises(Unreachable) as refused:
            recorder.count()
        assert refused.value.code == "store.busy"
        assert recorder.count() == 0


def test_memory_has_one_connection_for_all() -> None:
    with closing(LedgerDatastore(":memory:")) as datastore:
        recorder = LedgerRecorder(datastore)
        recorder.create_table()
        record(recorder, event())
        threads = [threading.Thread(target=recorder.count) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert recorder.count() == 1


class Stuck:
    """A DB-API connection that cannot even roll back."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error
        self.closed = False

    def cursor(self) -> Any: ...

    def rollback(self) -> None:
        raise self.error("disk I/O error")

    def close(self) -> None:
        self.closed = True


def test_a_writer_that_cannot_roll_back_is_closed_and_another_opened(recorder: LedgerRecorder) -> None:
    record(recorder, event())
    pool = recorder.datastore.pool
    stuck = Stuck(pool.driver.error)
    connection = LedgerConnection(stuck, pool.driver, pool.errors, None)  # type: ignore[arg-type]
    connection.abandon()
    assert stuck.closed
    assert connection.closed
    with recorder.datastore.get_connection(commit=True) as writer:
        writer.close()
    assert record(recorder, event(version=2)) == range(2, 3)
    assert recorder.root() == rfc6962([row.leaf for row in recorder.scan()])
