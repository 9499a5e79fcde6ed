"""Owns "as it stood then" for the local desk: the register and a finding after an event, folded from the log itself.

What is kept of a moment (lists, figures) is the read models'; knows no table of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Protocol

from msgspec import Struct

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.catalogue import LEDGER_STREAM, REGISTER_STREAM
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.lights import Yardstick, yardstick
from taizhang.ledger.domain.register import Register
from taizhang.projections import registry
from taizhang.projections.log import LogRow

from .moments import Moment, moment_of

KEPT_REGISTERS = 8


class ReadableLog(Protocol):
    """The log as the desk reads it."""

    def head(self) -> int:
        """Index of the last event."""

    def after(self, index: int, limit: int) -> list[LogRow]:
        """Events after an index."""

    def stream(self, stream: str, gt: int = 0) -> list[Any]:
        """The stored rows of a stream."""

    def told(self, stream: str, gt: int = 0) -> list[Any]:
        """The rows of a stream, what is sealed of a person opened."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""

    def wait(self, index: int, timeout: float) -> int:
        """Wait for an event after an index."""

    def close(self) -> None:
        """Give it back."""


class Scene(Struct, frozen=True):
    """What a question is asked of.

    Args:
        index: the last event that counts.
        register: units, people, programmes, policy and calendars as they stood then.
        by: what colours are judged by.
        past: whether a moment was named; otherwise the read models say how everything stands.
    """

    index: int
    register: Register
    by: Yardstick
    past: bool


class Past:
    """Reads the log up to a moment. Safe to share between threads: what is kept is replaced, never changed.

    Args:
        log: the log.
        clock: gives the time in UTC.
    """

    def __init__(self, log: ReadableLog, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock
        self._entries: tuple[Entry[Any], ...] = ()
        self._registers: OrderedDict[int, Register] = OrderedDict()

    def moment(self, when: str, timezone: str) -> Moment:
        """Return the moment that people mean; see `moments.moment_of`."""
        return moment_of(
            when, head=self._log.head(), timezone=timezone, now=self._clock(), recorded_at=self._recorded_at
        )

    def scene(self, when: str, timezone: str, today: date | None = None) -> Scene:
        """Return what a question as of WHEN is asked of; `today` judges by another day than that of the moment."""
        moment = self.moment(when, timezone)
        register = self.register(moment.index)
        by = yardstick(today or moment.today, register.policy, register.calendar())
        return Scene(moment.index, register, by, past=True)

    def register(self, index: int) -> Register:
        """Return the register as it stood after an event."""
        count = len(self.register_events(index))
        known = self._registers.get(count)
        if known is None:
            known = registry.grown(Register(), self._entries[:count])
            kept = OrderedDict(self._registers)
            kept[count] = known
            while len(kept) > KEPT_REGISTERS:
                kept.popitem(last=False)
            self._registers = kept
        return known

    def register_events(self, index: int) -> tuple[Entry[Any], ...]:
        """Return the events of the register, its policy and its calendars, up to an event."""
        entries = self._of_register(index)
        return entries[: bisect_right(entries, index, key=lambda entry: entry.index)]

    def history(self, number: str, index: int | None = None) -> Iterator[Entry[Any]]:
        """Yield the events of a finding up to an event; None for all.

        Raises:
            Rejected: ``finding.unknown`` where there was none of that number.
        """
        stream = catalogue.stream_of_number(number)
        found = False
        for entry in self._stream(stream) if stream else ():
            if index is not None and entry.index > index:
                break
            found = True
            yield entry
        if not found:
            raise Rejected("finding.unknown", number=number)

    def event(self, index: int) -> Entry[Any]:
        """Return one event, of whatever stream, what is sealed of a person opened.

        Raises:
            Rejected: ``when.no-event``.
        """
        last = self._log.head()
        if not 0 <= index <= last:
            raise Rejected("when.no-event", index=index, last=last)
        _, stream, version, *_ = self._log.after(index - 1, 1)[0]
        return next(self._stream(stream, version - 1))

    def finding(self, number: str, index: int) -> Finding | None:
        """Return the finding as it stood after an event; None where it was not yet logged.

        Raises:
            Rejected: ``finding.unknown`` where it never was.
        """
        finding: Finding | None = None
        for entry in self.history(number):
            if entry.index > index:
                break
            finding = evolve(finding, entry)
        return finding

    def _of_register(self, index: int) -> tuple[Entry[Any], ...]:
        """Return the events of the register's streams, up to that index at least."""
        entries = self._entries
        if not entries or entries[-1].index < index:
            version = sum(entry.stream == REGISTER_STREAM for entry in entries)
            opening = len(entries) - version
            fresh = [*self._stream(LEDGER_STREAM, opening), *self._stream(REGISTER_STREAM, version)]
            entries = self._entries = (*entries, *sorted(fresh, key=lambda entry: entry.index))
        return entries

    def _stream(self, stream: str, gt: int = 0) -> Iterator[Entry[Any]]:
        for row in self._log.told(stream, gt):
            yield catalogue.entry(row.position - 1, row.stream, row.version, row.topic, row.recorded_at, row.state)

    def _recorded_at(self, index: int) -> str:
        return self._log.after(index - 1, 1)[0][4]
