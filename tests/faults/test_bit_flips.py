"""One bit of the database file is another: the deep check reports it, or nothing that the ledger says has changed."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from taizhang.composition import open_proofs
from taizhang.ledger.domain.errors import Refusal
from tests.proofs.conftest import furnish

ROWS = "SELECT position, stream, version, topic, recorded_at, command, CAST(state AS BLOB), salt, leaf FROM events"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a ledger that lies in its database file alone."""
    folder = tmp_path_factory.mktemp("flips") / "ledger"
    furnish(folder, findings=5)
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA journal_mode=WAL")
    return folder


def rows(database: Path) -> Any:
    with closing(sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)) as connection:
        connection.text_factory = bytes
        return sorted(connection.execute(ROWS).fetchall())


def reported(folder: Path) -> bool:
    """Say whether the deep check, which never ends in anything but a verdict or a refusal, finds something wrong."""
    proofs = open_proofs(folder)
    try:
        return not proofs.verify(log_only=True).ok
    except Refusal:
        return True
    finally:
        proofs.close()


@pytest.mark.parametrize("flips", [150, pytest.param(20_000, marks=pytest.mark.torture)])
def test_every_flip_is_reported_or_changes_nothing(
    original: Path, tmp_path: Path, flips: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(original, tmp_path / "ledger"))
    database, chance = folder / "ledger.db", random.Random(20_000)
    sound, before = database.read_bytes(), rows(database)
    assert not reported(folder)
    outcome: Counter[str] = Counter()
    for _ in range(flips):
        at, bit = chance.randrange(len(sound)), 1 << chance.randrange(8)
        data = bytearray(sound)
        data[at] ^= bit
        for beside in ("ledger.db-wal", "ledger.db-shm"):
            (folder / beside).unlink(missing_ok=True)
        database.write_bytes(data)
        if reported(folder):
            outcome["reported"] += 1
        else:
            assert rows(database) == before, f"byte {at}, bit {bit}: changed, and not reported"
            outcome["identical"] += 1
    with capsys.disabled():
        print(f"\nbit flips of {len(sound)} bytes: {dict(outcome)}")
    assert outcome.total() == flips
