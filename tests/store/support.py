"""What the tests of the store share: a ledger in a folder, events for it, and Python processes that use it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from taizhang.ledger.store.contract import NewEvent
from taizhang.ledger.store.sqlite.datastore import LedgerDatastore
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder

STATE = '{"actor":"admin","data":{"title":"未按规定公示"}}'.encode()
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def event(
    stream: str = "finding/JYZD-2023/00000001",
    version: int = 1,
    topic: str = "finding.logged.v1",
    state: bytes = STATE,
    command: str | None = None,
) -> NewEvent:
    """Return a new event, the same one unless told otherwise."""
    return NewEvent(stream, version, topic, state, command)


def record(recorder: LedgerRecorder, *events: NewEvent) -> range:
    """Record events in one transaction."""
    with recorder.writing() as tx:
        return tx.append(events)


def open_store(path: Path, clock: Callable[[], datetime] | None = None, **options: float) -> LedgerRecorder:
    """Open the ledger at `path` and make it where there is none; close its datastore afterwards."""
    recorder = LedgerRecorder(LedgerDatastore(str(path), **options))  # type: ignore[arg-type]
    if clock is not None:
        recorder.clock = clock
    recorder.create_table()
    return recorder


class Ticking:
    """A clock that moves on by a step whenever it is read, and can be set."""

    def __init__(self, now: datetime = NOON, step: timedelta = timedelta(seconds=1)) -> None:
        self.now = now
        self.step = step

    def __call__(self) -> datetime:
        now = self.now
        self.now += self.step
        return now


def rfc6962(leaves: Sequence[bytes]) -> bytes:
    """Return the root as RFC 6962, section 2.1 defines it, by its recursion."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + rfc6962(leaves[:half]) + rfc6962(leaves[half:])).digest()


def library_cases() -> ModuleType:
    """Return the eventsourcing library's own test cases.

    The library has its cipher twice; its tests name the one over a package that nothing else here needs.
    """
    import eventsourcing.cryptography

    sys.modules.setdefault("eventsourcing.cipher", eventsourcing.cryptography)
    return importlib.import_module("eventsourcing.tests.persistence")


def start_python(code: str, *arguments: str | Path, **options: object) -> subprocess.Popen[str]:
    """Start a Python process that runs `code`; what it prints can be read line by line."""
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run_python(code: str, *arguments: str | Path, timeout: float = 120, **options: object) -> str:
    """Run `code` in a Python process and return what it printed; fail with its errors."""
    process = start_python(code, *arguments, **options)
    out, err = process.communicate(timeout=timeout)
    assert process.returncode == 0, err
    return out
