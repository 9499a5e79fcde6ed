"""Owns the processes that share the reading of a log. Must not know what they look for.

Plain child processes that speak pickle over their pipes: nothing of the program's main module is run again in them, as
multiprocessing would, and the terminal's event loop is not held up by their work.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import IO, Any

from taizhang.ledger.domain.errors import Refusal, Unreachable
from taizhang.ledger.store.contract import AuditLog, OpenAudit

MANY = 20_000
"""Below so many events a process costs more than it saves."""

MOST = 8
_BOOT = (
    "import sys, pickle; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from taizhang.ledger.checks.workers import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"
)


def processes_for(events: int) -> int:
    """Return how many processes are worth while; 0 where this one does it alone."""
    if events < MANY or not sys.executable:
        return 0
    return min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


Task = Callable[[AuditLog], Any]
"""Reads something of a log. It can be pickled, and so can what it returns."""


def share(open_log: OpenAudit, tasks: Sequence[Task], processes: int, take: Callable[[Any], None]) -> None:
    """Do every task, in this process or shared among several.

    Args:
        open_log: opens the log; it is pickled for the other processes.
        tasks: what to read; the longest should stand first.
        processes: how many others; 0 for none.
        take: told what each task returned, in any order, one at a time.

    Raises:
        Unreachable: the file cannot be read; ``verify.interrupted`` where a process ended before its answer.
    """
    children = _started(processes, open_log)
    if not children:
        log = open_log(False)
        try:
            for task in tasks:
                take(task(log))
        finally:
            log.close()
        return
    todo: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for task in tasks:
        todo.put(task)
    for _ in children:
        todo.put(None)
    with _ended(children), ThreadPoolExecutor(len(children)) as threads:
        for child in children:
            threads.submit(_feed, child, todo, done)
        try:
            for _ in tasks:
                answer = done.get()
                if isinstance(answer, Exception):
                    raise answer
                take(answer)
        except BaseException:
            for child in children:
                child.kill()  # whoever feeds it then finds the pipe closed
            raise


def _feed(child: Child, todo: queue.SimpleQueue[Task | None], done: queue.SimpleQueue[Any]) -> None:
    """Give one process a task after another."""
    while (task := todo.get()) is not None:
        try:
            child.say(task)
            done.put(child.hear())
        except (OSError, EOFError, pickle.UnpicklingError):
            done.put(Unreachable("verify.interrupted", status=child.process.poll() or 0))
        except Exception as error:  # noqa: BLE001 - whoever waits for the answer must hear of it, whatever it is
            done.put(error)


class Child:
    """One other process.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _BOOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # on Windows no console window of its own; elsewhere the flag does not exist
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def say(self, message: Any) -> None:
        """Send a message."""
        if self.process.stdin is not None:
            pickle.dump(message, self.process.stdin)
            self.process.stdin.flush()

    def hear(self) -> Any:
        """Wait for a message."""
        if self.process.stdout is None:
            raise EOFError
        return pickle.load(self.process.stdout)  # noqa: S301 - our own process, over its own pipe

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()


def _started(count: int, open_log: OpenAudit) -> list[Child]:
    """Return the processes that could be started; this one can do without them."""
    children: list[Child] = []
    try:
        for _ in range(count):
            children.append(Child())
            children[-1].say(sys.path)
            children[-1].say(open_log)
    except OSError:
        for child in children:
            child.kill()
        with _ended(children):
            return []
    return children


@contextmanager
def _ended(children: list[Child]) -> Iterator[None]:
    try:
        yield
    finally:
        for child in children:
            with suppress(BrokenPipeError), child.process:  # closes the pipes, which ends it, and waits
                pass


def serve(stdin: IO[bytes], stdout: IO[bytes]) -> None:
    """Answer tasks until the pipe is closed: the whole life of a child process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the one that waits; it closes the pipe
    gc.disable()  # nothing here is cyclic, and looking for cycles among a million events takes longer than all else
    open_log: OpenAudit = pickle.load(stdin)  # noqa: S301 - from the process that started this one
    log = None
    while True:
        try:
            task: Task = pickle.load(stdin)  # noqa: S301
        except EOFError:
            return
        try:
            log = log or open_log(True)
            answer = task(log)
        except Refusal as refusal:
            answer = refusal
        except Exception:  # noqa: BLE001 - our own mistake: told where somebody listens, with what led to it
            answer = RuntimeError(traceback.format_exc())
        pickle.dump(answer, stdout)
        stdout.flush()
