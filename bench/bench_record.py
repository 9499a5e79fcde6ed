"""Recording: one durable command, and many at once, against bare inserts of the same bytes with the same indexes."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpus import title
from bench.measure import Report, percentile, seconds
from taizhang.composition import init_ledger, open_ledger
from taizhang.ledger.domain.commands import CommentOnFinding, LogFinding
from taizhang.ledger.domain.register import AddPerson
from taizhang.ledger.domain.values import Role, Via
from taizhang.ledger.ledger import Instruction, Ledger
from taizhang.ledger.store.contract import NewEvent
from taizhang.ledger.store.sqlite.driver import choose_driver

ONE_BY_ONE = 3_000
WARM_UP = 200
BLOCK = 50
MANY = 50_000

TABLE = """CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL,
  topic TEXT NOT NULL, recorded_at TEXT NOT NULL, command TEXT, state TEXT NOT NULL, salt BLOB NOT NULL,
  leaf BLOB NOT NULL, UNIQUE (stream, version)) STRICT"""
INDEX = "CREATE UNIQUE INDEX events_command ON events (command) WHERE command IS NOT NULL"
INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?)"


def main() -> None:
    report = Report()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        ledger = _ledger(Path(folder) / "ledger")
        _one_by_one(report, ledger, Path(folder))
        _many(report, ledger, Path(folder))
        ledger.close()
    report.close()


def _ledger(path: Path) -> Ledger:
    init_ledger(path, programme="B-2026")
    ledger = open_ledger(path)
    ledger.record(Instruction(AddPerson("li", "督导员", (Role.INSPECTOR,)), "admin", Via.CLI))
    for _ in range(100):
        ledger.record(_log("现场检查发现台账登记不全"))
    return ledger


def _log(text: str) -> Instruction:
    return Instruction(
        LogFinding("B-2026", text, "实地督导", date(2026, 1, 5), "第一督导组", "", "财务管理"), "li", Via.CLI
    )


def _bare(path: Path) -> Any:
    """Open a database set up as the ledger's is, but with nothing between the caller and the insert."""
    connection = choose_driver().connect(path.as_uri(), 60.0)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        connection.execute(f"PRAGMA {setting}").fetchall()
    connection.execute(TABLE)
    connection.execute(INDEX)
    return connection


def _one_by_one(report: Report, ledger: Ledger, folder: Path) -> None:
    """A block of commands through the ledger, one by one, then the very rows that they wrote through bare SQLite, likewise.

    In blocks, because whoever comes after the other begins with caches that the other has warmed or emptied.
    """
    bare = _bare(folder / "one.db")
    bare.executemany(INSERT, ledger.store.scan())
    ours: list[float] = []
    theirs: list[float] = []
    for first in range(0, WARM_UP + ONE_BY_ONE, BLOCK):
        before = ledger.store.count()
        for turn in range(first, first + BLOCK):
            number = f"B-2026-{turn % 100 + 1:03d}"
            command = CommentOnFinding(number, f"第{turn}次督促：请按期完成整改并报送佐证材料。")
            instruction = Instruction(command, "li", Via.CLI)
            ours.append(seconds(lambda one=instruction: ledger.record(one)))
        rows = list(ledger.store.scan(after=before))
        theirs.extend([seconds(lambda row=row: _insert(bare, row)) for row in rows])
    ours, theirs = ours[WARM_UP:], theirs[WARM_UP:]
    bare.close()
    report.ratio("one durable command, median", median(ours) * 1e6, median(theirs) * 1e6, "µs", at_most=1.5)
    report.note(f"90 in 100 within {percentile(ours, 0.9) * 1e6:.0f} µs against {percentile(theirs, 0.9) * 1e6:.0f} µs")


def _insert(connection: Any, row: Any) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(INSERT, row)
    connection.execute("COMMIT")


def _many(report: Report, ledger: Ledger, folder: Path) -> None:
    import random

    rng = random.Random(7)
    commands = [_log(title(rng)) for _ in range(MANY)]
    commanded: list[float] = []
    appended: list[float] = []
    bare_s: list[float] = []
    for round_ in range(3):
        before = ledger.store.count()
        commanded.append(seconds(lambda: ledger.record_all(commands)))
        rows = list(ledger.store.scan(after=before))
        bare = _bare(folder / f"many-{round_}.db")
        moved = [row._replace(position=at) for at, row in enumerate(rows, 1)]
        bare_s.append(seconds(lambda rows=moved, bare=bare: _insert_all(bare, rows)))
        bare.close()
        copy = open_copy(folder / f"copy-{round_}")
        events = [NewEvent(row.stream, row.version, row.topic, row.state, row.command) for row in rows]
        appended.append(seconds(lambda copy=copy, events=events: _append(copy, events)))
        copy.close()
    rate, peer = MANY / min(appended), MANY / min(bare_s)
    report.ratio("bulk recording of events", rate, peer, "events/s", at_least=0.35)
    report.note(
        f"the same as commands, every one decided: {MANY / min(commanded):.0f}/s = {min(bare_s) / min(commanded):.2f} ×"
    )


def open_copy(path: Path) -> Ledger:
    """Return the write side of an empty ledger."""
    path.mkdir()
    return open_ledger(path, create=True)


def _append(ledger: Ledger, events: list[NewEvent]) -> None:
    with ledger.store.writing() as tx:
        tx.append(events)


def _insert_all(connection: Any, rows: list[Any]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT, rows)
    connection.execute("COMMIT")


if __name__ == "__main__":
    main()
