"""Being told that something was recorded, by this process or by another.

Owns the bells and the look at the file that rings them. Must not know what was recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription, PersistenceError, ShutDown

from taizhang.ledger.domain.errors import Unreachable

if TYPE_CHECKING:
    from .pool import LedgerConnection

POLL_S = 0.025
"""How often the file is looked at while somebody listens: one PRAGMA, a few microseconds."""

RETRY_S = 0.5

R_co = TypeVar("R_co", bound=ApplicationRecorder, covariant=True)


class Watcher:
    """Rings the bells of all who listen when a transaction was committed to the database.

    This process's own commits ring at once; another's are seen by ``PRAGMA data_version``, which changes whenever
    another connection has committed.

    Args:
        connect: opens a connection to look through; None where no other process can commit.
    """

    def __init__(self, connect: Callable[[], LedgerConnection] | None) -> None:
        self._connect = connect
        self._change = threading.Condition()
        self.bells: list[threading.Event] = []  # only looked at from outside
        self._thread: threading.Thread | None = None
        self._closed = False

    def ring(self) -> None:
        """Ring every bell."""
        if self.bells:
            with self._change:
                for bell in self.bells:
                    bell.set()

    def listen(self, bell: threading.Event) -> None:
        """Ring `bell` from now on."""
        with self._change:
            self.bells.append(bell)
            if self._thread is None and self._connect is not None and not self._closed:
                self._thread = threading.Thread(target=self._watch, name="ledger-watcher", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def leave(self, bell: threading.Event) -> None:
        """Ring `bell` no more."""
        with self._change:
            if bell in self.bells:
                self.bells.remove(bell)

    @contextmanager
    def listening(self) -> Iterator[threading.Event]:
        """Give a bell for the block."""
        bell = threading.Event()
        self.listen(bell)
        try:
            yield bell
        finally:
            self.leave(bell)

    def close(self) -> None:
        """Stop looking. Bells can still be rung."""
        with self._change:
            self._closed = True
            thread, self._thread = self._thread, None
            self._change.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _watch(self) -> None:
        connection: LedgerConnection | None = None
        seen = None
        while self._wait(POLL_S if connection is not None else 0.0):
            try:
                if connection is None and self._connect is not None:
                    connection = self._connect()
                version = None if connection is None else connection.data_version()
            except (Unreachable, PersistenceError):
                # not swallowed: whoever is woken reads, and meets the same trouble where it can be told to somebody
                if connection is not None:
                    connection.close()
                connection = None
                self.ring()
                self._pause(RETRY_S)
                continue
            if version != seen:
                seen = version
                self.ring()
        if connection is not None:
            connection.close()

    def _wait(self, seconds: float) -> bool:
        """Wait, for longer while nobody listens; False where it is over."""
        with self._change:
            self._change.wait_for(lambda: self._closed, seconds)
            self._change.wait_for(lambda: self._closed or self.bells)
            return not self._closed

    def _pause(self, seconds: float) -> None:
        with self._change:
            self._change.wait_for(lambda: self._closed, seconds)


class LedgerSubscription(ListenNotifySubscription[R_co]):
    """The library's subscription, woken by a `Watcher`.

    Args:
        recorder: whose notifications.
        watcher: what wakes it.
        gt: only events after this position.
        topics: only events of these topics; empty for all.
    """

    def __init__(self, recorder: R_co, watcher: Watcher, gt: int | None, topics: Sequence[str]) -> None:
        self._watcher = watcher
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        watcher.listen(self._has_been_notified)
        if self._has_been_stopped:  # the first pull failed before the bell was there
            watcher.leave(self._has_been_notified)
        # what was recorded between the first pull and the bell
        self._has_been_notified.set()

    def stop(self) -> None:
        """Stop the subscription."""
        self._watcher.leave(self._has_been_notified)
        super().stop()

    def _pull(self) -> None:
        """Fetch what is new. The library's would read again, at every ring, all that has other topics."""
        while not self._has_been_stopped:
            self._has_been_notified.clear()
            head = self._recorder.max_notification_id() or 0
            notifications: Any = self._recorder.select_notifications(
                start=self._last_notification_id or 0,
                stop=head,
                limit=self._select_limit,
                topics=self._topics,
                inclusive_of_start=False,
            )
            if notifications:
                try:
                    self._notifications_queue.put(notifications)
                except ShutDown:
                    return
            if len(notifications) < self._select_limit:
                self._last_notification_id = max(head, self._last_notification_id or 0)
                return
            self._last_notification_id = notifications[-1].id
