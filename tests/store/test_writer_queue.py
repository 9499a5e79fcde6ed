"""Writers queue: in the order in which they ask, over threads and processes, and nobody waits for the dead."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from taizhang.ledger.store.sqlite.writer_queue import FileTurn, TurnLock, WriterQueue
from tests.store.support import start_python

HOLD = """
import sys
from pathlib import Path
from taizhang.ledger.store.sqlite.writer_queue import FileTurn
turn = FileTurn(Path(sys.argv[1]), Path(sys.argv[2]))
assert turn.acquire(10)
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "turn", tmp_path / "hold"


@pytest.fixture
def turns(files: tuple[Path, Path]) -> Iterator[list[FileTurn]]:
    """Return four that queue at the same files, as four processes would."""
    queue = [FileTurn(*files) for _ in range(4)]
    yield queue
    for turn in queue:
        turn.close()


def in_order(locks: list[FileTurn] | list[TurnLock]) -> list[int]:
    """Hold the first lock, have the others ask one after another, and return in which order they get it."""
    order: list[int] = []

    def wait(number: int) -> None:
        if locks[number].acquire(10):
            order.append(number)
            locks[number].release()

    assert locks[0].acquire(1)
    threads = []
    for number in range(1, len(locks)):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        time.sleep(0.05)
    locks[0].release()
    for thread in threads:
        thread.join()
    return order


def test_threads_get_it_in_the_order_of_asking() -> None:
    assert in_order([TurnLock()] * 5) == [1, 2, 3, 4]


def test_processes_get_it_one_at_a_time(turns: list[FileTurn]) -> None:
    assert sorted(in_order(turns)) == [1, 2, 3]


def test_who_has_just_written_does_not_slip_in_again(turns: list[FileTurn]) -> None:
    """With a single lock the one that holds it takes it again before the one that waits has woken."""
    first, second = turns[:2]
    got = threading.Event()

    def wait() -> None:
        if second.acquire(10):
            got.set()
            second.release()

    assert first.acquire(1)
    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.1)
    first.release()
    assert first.acquire(10)
    assert got.is_set()
    first.release()
    waiting.join()


@pytest.mark.parametrize("lock", ["threads", "files"])
def test_waiting_has_an_end(lock: str, turns: list[FileTurn]) -> None:
    held, other = [TurnLock()] * 2 if lock == "threads" else turns[:2]
    assert held.acquire(1)
    for _ in range(3):
        started = time.monotonic()
        assert not other.acquire(0.1)
        assert 0.1 <= time.monotonic() - started < 2
    held.release()
    assert other.acquire(5)
    assert not held.acquire(0)
    other.release()
    assert held.acquire(5)
    held.release()


def test_who_gave_up_keeps_nobody_waiting(turns: list[FileTurn]) -> None:
    held, impatient, other = turns[:3]
    assert held.acquire(1)
    assert not impatient.acquire(0.05)
    held.release()
    assert other.acquire(5)
    other.release()


def test_the_dead_hold_nothing(files: tuple[Path, Path]) -> None:
    process = start_python(HOLD, *files)
    with closing(FileTurn(*files)) as turn, process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert not turn.acquire(0.05)
        process.kill()
        assert turn.acquire(5)
        turn.release()


def test_closing_wakes_who_waits(turns: list[FileTurn]) -> None:
    held, other = turns[:2]
    assert held.acquire(1)
    got: list[bool] = []
    waiting = threading.Thread(target=lambda: got.append(other.acquire(30)))
    waiting.start()
    time.sleep(0.05)
    other.close()
    waiting.join(5)
    assert got == [False]


def test_the_queue_goes_back_when_the_files_cannot_be_made(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with closing(WriterQueue((missing / "turn", missing / "hold"))) as queue:
        for _ in range(2):
            with pytest.raises(FileNotFoundError):
                queue.acquire(0.1)
        missing.mkdir()
        assert queue.acquire(0.1)
        queue.release()


def test_many_threads_over_many_queues(files: tuple[Path, Path]) -> None:
    queues = [WriterQueue(files) for _ in range(3)]
    inside: list[int] = []
    most = 0

    def work(queue: WriterQueue) -> None:
        nonlocal most
        for _ in range(30):
            assert queue.acquire(30)
            inside.append(1)
            most = max(most, len(inside))
            inside.pop()
            queue.release()

    threads = [threading.Thread(target=work, args=(queues[number % 3],)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for queue in queues:
        queue.close()
    assert most == 1
