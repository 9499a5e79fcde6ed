"""Who may write next: a queue for the threads of a process, and before it one for all processes.

Owns fairness among writers. Must not know what is written: SQLite's own lock is what keeps the file right, but its
waiters poll, and with a slow disk some of them wait for ever.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _RETRY_S = 0.005

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _lock(handle: int) -> None:
        while not _try_lock(handle):
            time.sleep(_RETRY_S)

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _pass_through(turn: int, hold: int) -> tuple[bool, bool]:
    """Lock `turn`, then `hold`, then unlock `turn`, without waiting; return which of the two is locked now."""
    if not _try_lock(turn):
        return False, False
    if not _try_lock(hold):
        return True, False
    _unlock(turn)
    return False, True


class TurnLock:
    """A lock for threads that is handed over in the order in which it was asked for."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire_now(self) -> bool:
        """Take it if nobody has it; say whether it is ours now."""
        with self._mutex:
            if self._held:
                return False
            self._held = True
            return True

    def acquire(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds; say whether it is ours now."""
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            got = turn.acquire(timeout=timeout)
        except BaseException:
            if not self._withdraw(turn):
                self.release()
            raise
        # a turn that came in the very last moment is taken, not lost
        return got or not self._withdraw(turn)

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False

    def _withdraw(self, turn: threading.Lock) -> bool:
        """Leave the queue; False where the lock has been handed to us already."""
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return True
            return False


class FileTurn:
    """A lock for processes that is handed over roughly in the order in which it was asked for.

    It is two locked files: who holds `turn` is next, who holds `hold` writes. Whoever has just written must take `turn`
    again, so it cannot slip in before the one that waits. The operating system lets go of both when a process dies.
    Waiting is done by a thread of its own, because a blocking lock can be neither timed nor given up.

    Args:
        turn, hold: paths of the two files; they are made where they are missing and never removed.
    """

    def __init__(self, turn: Path, hold: Path) -> None:
        self._paths = (turn, hold)
        self._handles: tuple[int, int] | None = None
        self._change = threading.Condition()
        self._keeper: threading.Thread | None = None
        self._has_turn = False
        self._asked = False  # the keeper has been asked, and has not answered yet
        self._wanted = False  # somebody still waits for the answer
        self._granted = False
        self._error: OSError | None = None
        self._closed = False

    def acquire(self, timeout: float, since: float | None = None) -> bool:
        """Wait up to `timeout` seconds; say whether it is ours now. One thread at a time.

        Args:
            since: the monotonic time that the timeout counts from; None for now.

        Raises:
            OSError: the files cannot be made or locked.
        """
        turn, hold = handles = self._handles or self._open()
        # nobody waits as a rule: take both at once, and let go of the first
        if not self._asked and not self._has_turn:
            self._has_turn, ours = _pass_through(turn, hold)
            if ours:
                return True
        with self._change:
            self._ask(handles)
            try:
                left = timeout if since is None else since + timeout - time.monotonic()
                self._change.wait_for(self._is_answered, max(0.0, left))
            except BaseException:
                if self._granted:
                    _unlock(hold)
                raise
            finally:
                granted, self._granted, self._wanted = self._granted, False, False
            if self._error is not None:
                error, self._error = self._error, None
                raise error
            return granted

    def release(self) -> None:
        """Let the next one write."""
        handles = self._handles
        if handles is not None:
            _unlock(handles[1])

    def close(self) -> None:
        """Leave the queue for good, and let go of everything."""
        with self._change:
            if self._closed:
                return
            self._closed = True
            if not self._asked:
                self._close_handles()
            self._change.notify_all()

    def _open(self) -> tuple[int, int]:
        turn = os.open(self._paths[0], os.O_RDWR | os.O_CREAT, 0o666)
        try:
            self._handles = (turn, os.open(self._paths[1], os.O_RDWR | os.O_CREAT, 0o666))
        except OSError:
            os.close(turn)
            raise
        return self._handles

    def _close_handles(self) -> None:
        if self._handles is not None:
            for handle in self._handles:
                os.close(handle)
            self._handles = None

    def _is_answered(self) -> bool:
        return self._granted or self._closed or self._error is not None

    def _ask(self, handles: tuple[int, int]) -> None:
        self._wanted = True
        if not self._asked:
            self._asked = True
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, args=handles, name="writer-queue", daemon=True)
                self._keeper.start()
            self._change.notify_all()

    def _keep(self, turn: int, hold: int) -> None:
        """Stand in the queue for whoever asks, until closed."""
        while True:
            with self._change:
                self._change.wait_for(lambda: self._asked or self._closed)
                if not self._asked:
                    return
            error = None
            try:
                if not self._has_turn:
                    _lock(turn)
                    self._has_turn = True
                _lock(hold)
                _unlock(turn)
                self._has_turn = False
            except OSError as trouble:
                error = trouble
            with self._change:
                self._asked = False
                if self._closed:
                    self._close_handles()
                    return
                if self._wanted:
                    self._granted, self._error = error is None, error
                    self._change.notify_all()
                elif error is None:
                    _unlock(hold)  # whoever asked has given up


class WriterQueue:
    """The one way to become the writer: threads first, then processes.

    Args:
        files: the two lock files; None for a database in memory, which no other process can reach.
    """

    def __init__(self, files: tuple[Path, Path] | None) -> None:
        self._threads = TurnLock()
        self._processes = None if files is None else FileTurn(*files)

    def acquire(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds; say whether this thread is the writer now.

        Raises:
            OSError: the lock files cannot be made or locked.
        """
        started = None
        if not self._threads.acquire_now():
            started = time.monotonic()
            if not self._threads.acquire(timeout):
                return False
        if self._processes is None:
            return True
        got = False
        try:
            got = self._processes.acquire(timeout, started)
        finally:
            if not got:
                self._threads.release()
        return got

    def release(self) -> None:
        """Stop being the writer."""
        try:
            if self._processes is not None:
                self._processes.release()
        finally:
            self._threads.release()

    def close(self) -> None:
        """Let go of the lock files."""
        if self._processes is not None:
            self._processes.close()
