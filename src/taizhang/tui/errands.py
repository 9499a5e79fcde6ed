"""Owns the threads that speak to the desk, so that a key never waits for it. Knows no screen and no word."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from taizhang.ledger.domain.errors import Refusal
from taizhang.service.desk import Desk

from .messages import LedgerLost, LedgerMoved

T = TypeVar("T")
Slot = tuple[int, str]
_Errand = tuple[MessagePump, Callable[[], Any], Callable[[Any], object], Callable[[Refusal], object]]


class Errands:
    """One thread that runs errands one after the other; in a slot only the latest counts.

    Typing fast asks many questions: those still waiting are replaced, and the answer to one that was asked anew
    meanwhile is dropped. So nothing piles up and nothing old is drawn.
    """

    def __init__(self, name: str) -> None:
        self._waiting: dict[Slot, _Errand] = {}
        self._bell = threading.Condition()
        self._stopped = threading.Event()
        self._running = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def ask(
        self,
        asker: MessagePump,
        slot: str,
        question: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Refusal], object],
    ) -> None:
        """Run `question` in the thread; `then` or `failed` is called in the asker's own turn.

        Args:
            asker: who asks; once it is gone, so is the answer.
            slot: a newer question of the same asker and slot replaces this one.
        """
        with self._bell:
            self._waiting[id(asker), slot] = (asker, question, then, failed)
            self._bell.notify()

    @property
    def busy(self) -> bool:
        """Whether an errand waits or runs."""
        with self._bell:
            return self._running or bool(self._waiting)

    def stop(self) -> None:
        """Run nothing further; what runs is left to end."""
        with self._bell:
            self._stopped.set()
            self._waiting.clear()
            self._bell.notify()

    def finish(self, timeout: float) -> None:
        """Run what waits, then stop; at most `timeout` seconds."""
        end = time.monotonic() + timeout
        while self.busy and time.monotonic() < end:
            time.sleep(0.005)
        self.stop()
        self.join(max(end - time.monotonic(), 0.0))

    def join(self, timeout: float) -> None:
        """Wait for the thread to end, at most `timeout` seconds."""
        self._thread.join(timeout)

    def _work(self) -> None:
        while True:
            with self._bell:
                while not self._waiting and not self._stopped.is_set():
                    self._bell.wait()
                if self._stopped.is_set():
                    return
                slot = next(iter(self._waiting))
                asker, question, then, failed = self._waiting.pop(slot)
                self._running = True
            report: Callable[..., object]
            try:
                answer = question()
                report = then
            except Refusal as refusal:
                report, answer = failed, refusal
            except Exception as error:  # noqa: BLE001 - handed over whole: a mistake of ours must end the app, not a thread
                report, answer = _raise, error
            if not self._stopped.is_set() and slot not in self._waiting:
                asker.call_later(report, answer)
            self._running = False


def _raise(error: Exception) -> None:
    raise error


class Watch:
    """The thread that waits for news of the ledger.

    Args:
        desk: the ledger.
        post: takes the messages; may be called from another thread.
        index: the last event known so far.
    """

    PAUSE = 0.1
    """Seconds between two news: ten repaints a second at most, and still well within a quarter of a second."""

    def __init__(self, desk: Desk, post: Callable[[Message], object], index: int, today: date) -> None:
        self._desk, self._post = desk, post
        self._index, self._today = index, today
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="desk-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stop.set()

    def join(self, timeout: float) -> None:
        """Wait for the thread to end, at most `timeout` seconds."""
        self._thread.join(timeout)

    def _work(self) -> None:
        lost = False
        while not self._stop.is_set():
            try:
                index, today = self._desk.wait(self._index, 0.4), self._desk.today()
            except Refusal as refusal:
                lost = True
                self._post(LedgerLost(refusal))
                self._stop.wait(1.0)
                continue
            if self._stop.is_set():
                return
            if lost or (index, today) != (self._index, self._today):
                lost, self._index, self._today = False, index, today
                self._post(LedgerMoved(index, today))
                self._stop.wait(self.PAUSE)
