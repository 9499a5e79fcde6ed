"""The power is cut at any moment: nothing that was acknowledged is lost, and the file is whole.

The real store records on a disk that keeps a log of every write and fsync. A state is a prefix of that log, with what was
not fsynced there, not there, or there in part: sector by sector, in any order. That the test can see is shown by a store
that is set to synchronous NORMAL (which loses) and to OFF (which corrupts).
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from taizhang.ledger.store.sqlite.datastore import LedgerDatastore
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import STATE, event, open_store

from .disk import Disk, DiskDriver, Files, Op
from .whole import events_in

FEW, MANY = 400, 20_000
COMMITS = 60


def recorded(folder: Path, synchronous: str, seed: int) -> tuple[Files, list[Op]]:
    """Record on a disk that remembers; return what it held at the beginning, and every call since."""
    chance = random.Random(seed)
    open_store(folder / "ledger.db").datastore.close()
    disk = Disk(f"cut-{synchronous}-{seed}")
    driver = DiskDriver(disk)
    with closing(LedgerDatastore(str(folder / "ledger.db"), driver=driver)) as datastore:
        recorder = LedgerRecorder(datastore)
        with datastore.get_connection(commit=True) as connection:
            connection.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.raw.execute(f"PRAGMA synchronous={synchronous}")
            connection.raw.execute("PRAGMA wal_autocheckpoint=12")  # so that the log is written back, again and again
        start, disk.log[:] = Files(folder), []
        count = 0
        for number in range(COMMITS):
            burst = chance.choice((1, 1, 1, 2, 9, 40))
            with recorder.writing() as tx:
                tx.append([event(f"finding/{number}", at + 1, state=STATE * chance.choice((1, 1, 30)))
                           for at in range(burst)])  # fmt: skip
            count += burst
            disk.log.append(Op("ack", "", count))
        return start, list(disk.log)


def judged(folder: Path, synchronous: str, states: int, seed: int = 1) -> Counter[str]:
    """Cut the power so many times; count what came of it: ``whole``, ``lost``, ``corrupt``."""
    (folder / "live").mkdir(parents=True)
    start, log = recorded(folder / "live", synchronous, seed)
    chance = random.Random(seed)
    every = states / len(log)
    outcome: Counter[str] = Counter(calls=len(log), syncs=sum(op.kind == "sync" for op in log))
    files, acknowledged, due, ahead = start, 0, 0.0, folder / "after"
    ahead.mkdir()
    for op in log:
        files.do(op)
        if op.kind == "ack":
            acknowledged = op.offset
        due += every
        while due >= 1 - 1e-6:
            due -= 1
            for path in ahead.iterdir():
                path.unlink()
            for name, content in files.cut(chance if chance.random() < 0.9 else None).items():
                (ahead / name).write_bytes(content)
            found = events_in(ahead / "ledger.db")
            if isinstance(found, str):
                outcome["corrupt"] += 1
            else:
                outcome["whole" if found >= acknowledged else "lost"] += 1
            outcome["states"] += 1
    return outcome


@pytest.mark.parametrize("states", [FEW, pytest.param(MANY, marks=pytest.mark.torture)])
def test_nothing_that_was_acknowledged_is_lost(tmp_path: Path, states: int, capsys: pytest.CaptureFixture[str]) -> None:
    total: Counter[str] = Counter()
    parts = max(1, states // 2_000)
    for seed in range(parts):
        total += judged(tmp_path / str(seed), "FULL", states // parts, seed)
    with capsys.disabled():
        print(f"\npower cuts at FULL: {dict(total)}")
    assert total["states"] == states
    assert (total["lost"], total["corrupt"]) == (0, 0)


def test_that_it_can_see(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    normal, off = (judged(tmp_path / mode, mode, FEW) for mode in ("NORMAL", "OFF"))
    with capsys.disabled():
        print(f"\npower cuts at NORMAL: {dict(normal)}, at OFF: {dict(off)}")
    assert normal["lost"] > 0
    assert normal["corrupt"] == 0
    assert off["corrupt"] > 0
