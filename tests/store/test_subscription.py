"""Following the ledger: what this process or another records comes by itself, once and in order."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from eventsourcing.persistence import (
    ApplicationRecorder,
    ConnectionPoolClosedError,
    IntegrityError,
    Notification,
    Subscription,
)

from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import event, record, start_python

RECORD_ON_REQUEST = """
import sys
from pathlib import Path
from tests.store.support import event, open_store, record
recorder = open_store(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    record(recorder, event("from-outside", int(line)))
    print("recorded", flush=True)
recorder.datastore.close()
"""

Following = Subscription[ApplicationRecorder]


def take(subscription: Following, count: int) -> list[Notification]:
    taken = []
    for notification in subscription:
        taken.append(notification)
        if len(taken) == count:
            break
    return taken


@pytest.fixture
def text_ids(recorder: LedgerRecorder) -> LedgerRecorder:
    recorder.datastore.originator_id_type = "text"
    return recorder


def test_what_another_process_records_comes_within_a_tenth_of_a_second(
    text_ids: LedgerRecorder, ledger: Path, repository: Path
) -> None:
    delays = []
    with start_python(RECORD_ON_REQUEST, ledger, cwd=repository) as other, text_ids.subscribe() as subscription:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        for version in range(1, 8):
            other.stdin.write(f"{version}\n")
            other.stdin.flush()
            assert other.stdout.readline() == "recorded\n"
            started = time.monotonic()
            assert take(subscription, 1)[0].originator_version == version
            delays.append(time.monotonic() - started)
        other.stdin.close()
        assert other.wait(30) == 0
    assert sorted(delays)[len(delays) // 2] < 0.1


def test_two_subscriptions_each_get_everything(text_ids: LedgerRecorder) -> None:
    got: list[list[int]] = [[], []]

    def follow(number: int) -> None:
        with text_ids.subscribe() as subscription:
            got[number].extend(notification.id for notification in take(subscription, 1200))

    threads = [threading.Thread(target=follow, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for start in range(0, 1200, 60):
        record(text_ids, *(event("s", start + more) for more in range(60)))
    for thread in threads:
        thread.join(30)
    assert got == [list(range(1, 1201))] * 2


def test_only_what_was_asked_for(text_ids: LedgerRecorder) -> None:
    for version in range(1, 7):
        record(text_ids, event("s", version, topic=f"t{version % 2}"))
    with text_ids.subscribe(gt=2, topics=["t0"]) as subscription:
        assert [notification.id for notification in take(subscription, 2)] == [4, 6]
        record(text_ids, event("s", 7, topic="t1"))
        record(text_ids, event("s", 8, topic="t0"))
        assert [notification.id for notification in take(subscription, 1)] == [8]


def test_other_topics_are_not_read_again_at_every_ring(
    text_ids: LedgerRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(text_ids, *(event("s", version, topic="t1") for version in range(1, 50)))
    select, starts = text_ids.select_notifications, []

    def watch(start: int | None, limit: int, **options: object) -> object:
        starts.append(start)
        return select(start, limit, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(text_ids, "select_notifications", watch)
    with text_ids.subscribe(topics=["t0"]) as subscription:
        record(text_ids, event("s", 50, topic="t0"))
        assert take(subscription, 1)[0].id == 50
    assert starts[0] == 0
    assert max(start or 0 for start in starts) >= 49


def test_a_subscription_to_a_closed_store(recorder: LedgerRecorder) -> None:
    recorder.datastore.close()
    again = LedgerRecorder(recorder.datastore)
    with pytest.raises(ConnectionPoolClosedError):
        again.subscribe()


def test_closing_the_store_ends_a_subscription(recorder: LedgerRecorder) -> None:
    subscription = recorder.subscribe()
    closing = threading.Timer(0.1, recorder.datastore.close)
    closing.start()
    with pytest.raises(ConnectionPoolClosedError), subscription:
        next(subscription)
    closing.join()


def test_waiting_for_a_change(recorder: LedgerRecorder) -> None:
    assert recorder.wait_for_change(0, timeout=0.0) == 0
    started = time.monotonic()
    assert recorder.wait_for_change(0, timeout=0.15) == 0
    assert time.monotonic() - started >= 0.15
    recording = threading.Timer(0.1, record, (recorder, event()))
    recording.start()
    started = time.monotonic()
    assert recorder.wait_for_change(0, timeout=20) == 1
    assert time.monotonic() - started < 10
    recording.join()
    assert recorder.wait_for_change(0, timeout=20) == 1


def test_waiting_for_a_change_by_another_process(recorder: LedgerRecorder, ledger: Path, repository: Path) -> None:
    with start_python(RECORD_ON_REQUEST, ledger, cwd=repository) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdout.readline()
        threading.Timer(0.05, lambda: print(1, file=other.stdin, flush=True)).start()
        assert recorder.wait_for_change(0, timeout=20) == 1
        other.stdin.close()
        other.wait(30)


def test_a_rollback_wakes_nobody(recorder: LedgerRecorder) -> None:
    with recorder.datastore.watcher.listening() as bell:
        assert bell.wait(1)  # the first look at the file
        bell.clear()
        with pytest.raises(IntegrityError):
            record(recorder, event(), event())
        assert not bell.wait(0.1)
        record(recorder, event())
        assert bell.wait(1)
