"""A ledger that can be added to, and its backups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from taizhang import composition
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.values import Via
from taizhang.ledger.ledger import Instruction
from taizhang.service.backup import BackupReceipt, RestoreReceipt
from tests.case import cases

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


class Keeper:
    """Keeps ledgers in a folder of the test, backs them up and restores them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = folder / "台账"

    def make(self, ledger: Path | None = None) -> Path:
        cases.make_ledger(ledger or self.ledger)
        return ledger or self.ledger

    def grow(self, count: int = 1, ledger: Path | None = None, title: str = "后来的问题") -> None:
        with composition.open_ledger(ledger or self.ledger, clock=lambda: NOW) as opened:
            for _ in range(count):
                command = c.LogFinding("JZ-2026", title, "现场督导", date(2026, 3, 1))
                opened.record(Instruction(command, "li", Via.CLI))

    def backup(self, name: str = "备份.tar", ledger: Path | None = None, *, with_key: bool = False) -> BackupReceipt:
        return composition.backup_ledger(
            ledger or self.ledger, self.folder / name, with_key=with_key, clock=lambda: NOW
        )

    def restore(self, name: str = "备份.tar", ledger: Path | None = None, *, older: bool = False) -> RestoreReceipt:
        return composition.restore_ledger(self.folder / name, ledger or self.ledger, older=older, clock=lambda: NOW)

    def refused(self, work: Callable[[], object]) -> Refusal:
        """Return the refusal, having seen that it left everything as it was and nothing lying about."""
        before = self.everything()
        with pytest.raises(Refusal) as refused:
            work()
        assert self.everything() == before
        return refused.value

    def everything(self) -> dict[str, bytes]:
        """Return every file that matters: read models and the queue's files may come and go."""
        passing = ("views", "writer.", "-wal", "-shm")
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not any(part in str(path.relative_to(self.folder)) for part in passing)
        }

    def titles(self, ledger: Path | None = None) -> list[str]:
        desk = composition.open_desk(ledger or self.ledger)
        try:
            from taizhang.service.desk import Query

            return [row.title for row in desk.findings(Query()).rows]
        finally:
            desk.close()


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    """Return a keeper with a ledger."""
    keeper = Keeper(tmp_path)
    keeper.make()
    return keeper
