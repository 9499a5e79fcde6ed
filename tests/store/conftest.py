"""Fixtures of the store: an empty ledger, and a way to open it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import open_store


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Return where the ledger's database is, or will be."""
    return tmp_path / "ledger.db"


@pytest.fixture
def reopen(ledger: Path) -> Iterator[Callable[..., LedgerRecorder]]:
    """Return what opens the ledger, once or several times; all are closed at the end."""
    opened: list[LedgerRecorder] = []

    def again(**options: float) -> LedgerRecorder:
        opened.append(open_store(ledger, **options))
        return opened[-1]

    yield again
    for recorder in opened:
        recorder.datastore.close()


@pytest.fixture
def recorder(reopen: Callable[..., LedgerRecorder]) -> LedgerRecorder:
    """Return the recorder of an empty ledger."""
    return reopen()
