"""Owns the register as it stood before any event, for the part of the deep check that asks who was allowed to do what.

Knows no store, and nothing of findings.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Envelope
from taizhang.ledger.domain.register import Register, RegisterEvent, evolve_register
from taizhang.ledger.store.contract import StoredRow

MILESTONE = 256
KEPT = 64
_END = 1 << 62
_WRONG = (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError)


class Registers:
    """The register at every event that changed it. Built as it is asked for: few events do, and many are judged by one.

    Args:
        rows: the register's own stream, as it is stored; what comes after an event that cannot be read is not taken in.
    """

    def __init__(self, rows: Iterable[StoredRow]) -> None:
        self._indexes: list[int] = []
        self._events: list[Envelope[RegisterEvent]] = []
        for row in rows:
            try:
                envelope: Envelope[RegisterEvent] = catalogue.DECODE[row[3].decode()](row[6])
            except _WRONG:
                break
            self._indexes.append(row[2] - 1)
            self._events.append(envelope)
        self._milestones = [Register()]
        self._kept: OrderedDict[int, Register] = OrderedDict()

    def before(self, index: int) -> Register:
        """Return the register as it stood before an event."""
        return self.at(index)[0]

    def at(self, index: int) -> tuple[Register, int, int]:
        """Return the register as it stood before an event, and the first and the last index that it stood before."""
        count = bisect_left(self._indexes, index)
        found = self._kept.get(count)
        if found is None:
            found = self._kept[count] = self._after(count)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        since = self._indexes[count - 1] + 1 if count else 0
        return found, since, self._indexes[count] if count < len(self._indexes) else _END

    def _after(self, count: int) -> Register:
        at = count // MILESTONE
        while len(self._milestones) <= at:
            self._milestones.append(self._grown(len(self._milestones) - 1, MILESTONE))
        return self._grown(at, count - at * MILESTONE)

    def _grown(self, milestone: int, count: int) -> Register:
        start = milestone * MILESTONE
        register = self._milestones[milestone]
        try:
            return evolve_register(register, self._events[start : start + count])
        except _WRONG:  # `streams` blames the event
            return register
