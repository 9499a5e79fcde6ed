"""Trouble with the file: each has its code, and leaves the ledger as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from eventsourcing.persistence import OperationalError

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.sqlite.datastore import LedgerDatastore
from taizhang.ledger.store.sqlite.driver import NEEDED, choose_driver
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import event, open_store, record, run_python


def refused(action: Callable[[], object]) -> Unreachable:
    """Return the refusal that the action meets."""
    with pytest.raises(Unreachable) as caught:
        action()
    return caught.value


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


# -- the driver


def test_the_driver_is_new_enough() -> None:
    assert tuple(map(int, choose_driver().version.split("."))) >= NEEDED


def test_an_old_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, version in (("old_one", (3, 40, 1)), ("old_two", (3, 51, 2))):
        monkeypatch.setitem(sys.modules, name, SimpleNamespace(sqlite_version_info=version))
    refusal = refused(lambda: choose_driver(("old_one", "old_two", "not_installed")))
    assert refusal.code == "store.sqlite-too-old"
    assert refusal.params == {"found": "3.51.2", "needed": "3.51.3"}


def test_the_standard_module_does_where_it_is_new_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    new = SimpleNamespace(sqlite_version_info=(3, 51, 3), sqlite_version="3.51.3", Error=sqlite3.Error, Row=sqlite3.Row)
    monkeypatch.setitem(sys.modules, "new_one", new)
    assert choose_driver(("not_installed", "new_one")).version == "3.51.3"


# -- not a ledger


def test_a_missing_ledger_is_not_made_by_looking(ledger: Path) -> None:
    with closing(LedgerDatastore(str(ledger))) as datastore:
        recorder = LedgerRecorder(datastore)
        for action in (recorder.check, recorder.count, lambda: record(recorder, event()), recorder.subscribe):
            assert refused(action).code == "store.not-a-ledger"
    assert list(ledger.parent.iterdir()) == []


def test_a_missing_folder(tmp_path: Path) -> None:
    place = tmp_path / "missing" / "ledger.db"
    refusal = refused(lambda: open_store(place))
    assert refusal.code == "store.not-a-ledger"
    assert refusal.params["ledger"] == str(place.parent)


FOREIGN = {
    "a text": b"this is no database, but it is long enough to have a header" * 20,
    "a truncated header": b"SQLite format 3\x00\x10\x00",
    "a folder of another kind": None,
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN.keys())
def test_another_kind_of_file(ledger: Path, content: bytes | None) -> None:
    if content is None:
        ledger.mkdir()
    else:
        ledger.write_bytes(content)
    before = content
    assert refused(lambda: open_store(ledger)).code == "store.not-a-ledger"
    if content is not None:
        assert ledger.read_bytes() == before


@pytest.mark.parametrize("mark", [0, 1234])
def test_another_programs_database(ledger: Path, mark: int) -> None:
    with closing(sqlite3.connect(ledger)) as tool:
        tool.execute("CREATE TABLE events (position)")
        tool.execute(f"PRAGMA application_id = {mark}")
    before = ledger.read_bytes()
    assert refused(lambda: open_store(ledger)).code == "store.not-a-ledger"
    with closing(LedgerDatastore(str(ledger))) as datastore:
        recorder = LedgerRecorder(datastore)
        assert refused(lambda: record(recorder, event())).code == "store.not-a-ledger"
    assert ledger.read_bytes() == before


def test_a_newer_ledger(ledger: Path) -> None:
    open_store(ledger).datastore.close()
    with closing(sqlite3.connect(ledger)) as tool:
        tool.execute("PRAGMA user_version = 2")
    refusal = refused(lambda: open_store(ledger))
    assert refusal.code == "store.newer-schema"
    assert refusal.params == {"ledger": str(ledger.parent), "found": 2, "known": 1}


def test_a_damaged_ledger(ledger: Path) -> None:
    recorder = open_store(ledger)
    record(recorder, *(event(version=version) for version in range(1, 500)))
    recorder.datastore.close()
    content = bytearray(ledger.read_bytes())
    content[4096 * 3 :] = b"\xa5" * (len(content) - 4096 * 3)
    ledger.write_bytes(content)
    again = open_store(ledger)
    assert refused(lambda: list(again.scan())).code == "store.damaged"
    again.datastore.close()


# -- no room


def test_a_full_disk_leaves_the_ledger_as_it_was(recorder: LedgerRecorder) -> None:
    record(recorder, event())
    with recorder.datastore.get_connection(commit=True) as connection:
        (pages,) = connection.raw.execute("PRAGMA page_count").fetchone()
        connection.raw.execute(f"PRAGMA max_page_count = {pages + 2}")
    big = event(version=2, state=b'"' + b"x" * 100_000 + b'"')
    for _ in range(3):
        assert refused(lambda: record(recorder, big)).code == "store.disk-full"
    many = [event(version=version) for version in range(2, 2000)]
    assert refused(lambda: record(recorder, *many)).code == "store.disk-full"
    assert recorder.count() == 1
    with recorder.datastore.get_connection(commit=True) as connection:
        connection.raw.execute("PRAGMA max_page_count = 1000000")
    record(recorder, big, *(event(version=version) for version in range(3, 300)))
    assert recorder.count() == 299
    assert recorder.schema_differences() == []


FILL = """
import sys
from pathlib import Path
from taizhang.ledger.domain.errors import Unreachable
from tests.store.support import event, open_store, record, rfc6962

recorder = open_store(Path(sys.argv[1]) / "ledger.db")
version = 0
try:
    while True:
        record(recorder, event(version=version + 1, state=b'"' + b"x" * 20_000 + b'"'))
        version += 1
except Unreachable as refusal:
    print(refusal.code)
assert recorder.count() == version > 5
assert recorder.root() == rfc6962([row.leaf for row in recorder.scan()])
recorder.datastore.close()
"""


@pytest.mark.skipif(not Path("/proc/mounts").exists() or os.geteuid() != 0, reason="needs to mount a small disk")
def test_a_disk_that_is_really_full(tmp_path: Path, repository: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("may not mount a small disk here")
    try:
        assert run_python(FILL, disk, cwd=repository) == "store.disk-full\n"
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


# -- no leave to write


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder that another user can look into, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


READ_ONLY = """
import os, sys
from contextlib import closing
from pathlib import Path
from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.sqlite.datastore import LedgerDatastore
from taizhang.ledger.store.sqlite.log import LogReader
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import event, record

folder = Path(sys.argv[1])
import pysqlite3  # while root may still look where it is installed
from eventsourcing import persistence
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)  # root may write anywhere
with closing(LedgerDatastore(str(folder / "ledger.db"))) as datastore:
    recorder = LedgerRecorder(datastore)
    for action in (recorder.create_table, recorder.count, lambda: LogReader(folder).close(), lambda: record(recorder, event("x"))):
        try:
            print(action())
        except Unreachable as refusal:
            print(refusal.code)
"""

needs_permissions = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")


def read_only(folder: Path, repository: Path) -> list[str]:
    """Make the folder read-only and return what comes of opening it, reading, listing and recording."""
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    before = snapshot(folder)
    printed = run_python(READ_ONLY, folder, cwd=repository).split()
    assert snapshot(folder) == before
    return printed


@needs_permissions
def test_a_read_only_folder_can_be_read(shared: Path, repository: Path) -> None:
    recorder = open_store(shared / "ledger.db")
    record(recorder, event())
    recorder.datastore.close()
    assert read_only(shared, repository) == ["None", "1", "None", "store.read-only"]


@needs_permissions
def test_a_read_only_folder_without_lock_files(shared: Path, repository: Path) -> None:
    recorder = open_store(shared / "ledger.db")
    record(recorder, event())
    recorder.datastore.close()
    for name in ("writer.lock", "writer.turn"):
        (shared / name).unlink()
    assert read_only(shared, repository) == ["None", "1", "None", "store.read-only"]


@needs_permissions
def test_a_read_only_folder_with_a_log_beside_the_file(shared: Path, repository: Path, tmp_path: Path) -> None:
    """To read the file alone would be to miss the events in its log; the log cannot be read without its index."""
    recorder = open_store(tmp_path / "ledger.db")
    record(recorder, event())
    for name in ("ledger.db", "ledger.db-wal"):
        shutil.copy(tmp_path / name, shared / name)
    recorder.datastore.close()
    assert read_only(shared, repository) == ["store.unfinished"] * 4


@needs_permissions
def test_a_frozen_ledger_that_thaws_is_read_anew(
    ledger: Path, reopen: Callable[[], LedgerRecorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_store(ledger)
    record(writer, event())
    writer.datastore.close()
    may_write = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and may_write(path, mode))
    reader = reopen()
    assert reader.count() == 1
    with reader.datastore.get_connection(commit=False) as connection:
        assert connection.frozen is not None
    writer = open_store(ledger)
    record(writer, event(version=2))
    assert reader.count() == 2
    with reader.datastore.get_connection(commit=False) as connection:
        assert connection.frozen is None  # somebody writes after all
    writer.datastore.close()
    assert reader.count() == 2


# -- no turn


def test_a_foreign_writer_is_waited_for_and_then_refused(ledger: Path) -> None:
    recorder = open_store(ledger, lock_timeout=0.2)
    record(recorder, event())
    other = choose_driver().connect(ledger.as_uri(), 1.0)
    other.execute("BEGIN IMMEDIATE")
    refusal = refused(lambda: record(recorder, event(version=2)))
    assert refusal.code == "store.busy"
    other.execute("ROLLBACK")
    other.close()
    record(recorder, event(version=2))
    recorder.datastore.close()


def test_a_writer_that_takes_too_long(recorder: LedgerRecorder, ledger: Path) -> None:
    impatient = open_store(ledger, lock_timeout=0.1)
    with recorder.writing() as tx:
        assert refused(lambda: record(impatient, event())).code == "store.busy"
        assert impatient.count() == 0  # reading waits for nobody
        tx.append([event()])
    record(impatient, event(version=2))
    impatient.datastore.close()


# -- what is no trouble with the file keeps the library's names


def test_other_errors_are_the_librarys(recorder: LedgerRecorder) -> None:
    with (
        pytest.raises(OperationalError, match="no such table"),
        recorder.datastore.transaction(commit=False) as cursor,
    ):
        cursor.execute("SELECT * FROM missing")
