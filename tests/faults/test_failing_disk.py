"""The disk is full, or fails, at any call: a command is recorded or refused by name, and nothing acknowledged is lost.

The same work is done again and again; each time another call fails, once or from there on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import apsw
import pytest

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.sqlite.datastore import LedgerDatastore
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import STATE, event, open_store, record

from .disk import Disk, DiskDriver
from .whole import events_in

COMMANDS = 14
KINDS = {
    "disk full": (apsw.FullError, "write", "store.disk-full"),
    "write fails": (apsw.IOError, "write", "store.io"),
    "fsync fails": (apsw.IOError, "sync", "store.io"),
    "read fails": (apsw.IOError, "read", "store.io"),
    "truncate fails": (apsw.IOError, "truncate", "store.io"),
}


class Trouble:
    """Fails at the n-th call of a kind, once or for so many calls; counts the calls."""

    def __init__(self, error: type[Exception], kind: str, at: int, times: float) -> None:
        self._error, self._kind, self._at, self._times = error, kind, at, times
        self.calls = 0

    def __call__(self, kind: str) -> None:
        if kind != self._kind:
            return
        self.calls += 1
        if 0 <= self.calls - self._at < self._times:
            raise self._error(f"the {kind} fails")


def work(folder: Path, disk: Disk, trouble: Callable[[str], None]) -> tuple[set[str], Counter[str]]:
    """Record some commands while the disk is in trouble, then one more when it is well; return which were taken."""
    taken: set[str] = set()
    refused: Counter[str] = Counter()
    with closing(LedgerDatastore(str(folder / "ledger.db"), driver=DiskDriver(disk))) as datastore:
        recorder = LedgerRecorder(datastore)
        with datastore.get_connection(commit=True) as connection:
            raw = connection.raw
            raw.execute("PRAGMA wal_autocheckpoint=0")
        disk.before = trouble
        for number in range(COMMANDS):
            if number == COMMANDS - 1:
                disk.before = lambda _: None
            name, burst = f"c-{number}", 30 if number % 3 == 2 else 1
            try:
                record(recorder, *(event(f"s-{number}", at + 1, state=STATE * 5, command=name if at == 0 else None)
                                   for at in range(burst)))  # fmt: skip
            except Unreachable as refusal:
                refused[refusal.code] += 1
            else:
                taken.add(name)
            with suppress(apsw.FullError, apsw.IOError):  # SQLite itself keeps it from whoever commits
                raw.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return taken, refused


EVERY = pytest.mark.parametrize(
    ("times", "step"),
    [
        pytest.param(1, 6, id="once, at every sixth call"),
        pytest.param(float("inf"), 6, id="from there on, at every sixth call"),
        *(
            pytest.param(times, 1, marks=pytest.mark.torture, id=f"{times} times, at every call")
            for times in (1, 3, 1e9)
        ),
    ],
)


@EVERY
@pytest.mark.parametrize("kind", KINDS)
def test_trouble_at_every_call(tmp_path: Path, kind: str, times: float, step: int) -> None:
    error, call, code = KINDS[kind]
    disk = Disk(f"failing-{kind}-{times}-{step}")
    met = 0
    for at in count(1, step):
        folder = tmp_path / str(at)
        folder.mkdir()
        open_store(folder / "ledger.db").datastore.close()
        trouble = Trouble(error, call, at, times)
        taken, refused = work(folder, disk, trouble)
        assert set(refused) <= {code}, (at, refused)
        assert f"c-{COMMANDS - 1}" in taken, "when the disk is well again, so is the ledger"
        found = events_in(folder / "ledger.db")
        assert isinstance(found, int), (at, found)
        with closing(LedgerDatastore(str(folder / "ledger.db"))) as datastore:
            kept = {row.command for row in LedgerRecorder(datastore).scan() if row.command}
        assert kept == taken, (at, "what was acknowledged, and nothing else, is there")
        met += sum(refused.values())
        if trouble.calls < at:
            break
    assert met or call == "truncate"  # nobody is told of one that fails
    assert at > (0 if call == "truncate" else 10)
