"""Owns the lock between processes: whoever holds the file's lock is the one that folds. Knows no table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from taizhang.ledger.domain.errors import Unreachable

FIRST_WAIT_S = 0.0005
LONGEST_WAIT_S = 0.05

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _give(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def held(path: Path, timeout: float) -> Iterator[None]:
    """Hold the lock of `path` (made where it is missing); a process that dies lets go of it.

    Args:
        timeout: how many seconds to wait for another holder.

    Raises:
        Unreachable: ``views.busy`` where the other did not let go in time.
        OSError: the file cannot be opened.
    """
    with path.open("ab") as file:
        until, wait = monotonic() + timeout, FIRST_WAIT_S
        while True:
            try:
                _take(file)
                break
            except (BlockingIOError, PermissionError):  # held by another; Windows says so with the latter
                if monotonic() > until:
                    raise Unreachable("views.busy", file=str(path), seconds=round(timeout)) from None
                sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_S)
        try:
            yield
        finally:
            _give(file)
