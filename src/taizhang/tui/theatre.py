"""Owns where one stands when the whole ledger is scrubbed along time: by event, by day, by month. Asks the desk, draws nothing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from taizhang.ledger.domain.lights import Yardstick
from taizhang.service.desk import Desk, FindingRow, Query, TrailRow

MOST_EVENTS = 200
MOST_STEPS = 60
"""Of days or months in one go: a key that is held down asks again."""


class Stride(StrEnum):
    """How far one key goes."""

    EVENT = "event"
    DAY = "day"
    MONTH = "month"


class Scene(Struct, frozen=True):
    """The ledger at one moment, and what the last step up to it did.

    Args:
        index: the last event of the moment.
        before: the last event of the moment before it, a stride earlier; -1 for none.
        head: the last event of all.
        by: what colours are judged by.
        total: how many findings there are.
        offset: where the rows begin.
        rows: findings as they stood, in the order of logging.
        earlier: the same places a stride earlier, by number.
        events: what was recorded in between, newest first, `MOST_EVENTS` at most.
        follow: the place of the finding that was touched last, from 0; None for none.
    """

    index: int
    before: int
    head: int
    by: Yardstick
    total: int
    offset: int
    rows: tuple[FindingRow, ...]
    earlier: dict[str, FindingRow]
    events: tuple[TrailRow, ...]
    follow: int | None

    @property
    def count(self) -> int:
        """How many events lie in the step."""
        return self.index - self.before


class Walk:
    """Finds the moments before and after one.

    Args:
        desk: the ledger.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.head = desk.index()
        self._today = desk.today()
        self._ends: dict[date, int] = {}

    def steps(self, index: int, stride: Stride, steps: int) -> int:
        """Return the event that lies so many strides after one, or before it where the number is negative."""
        index = max(0, min(index, self.head))
        if stride is Stride.EVENT:
            return max(0, min(index + steps, self.head))
        move: Callable[[int, Stride], int] = self._after if steps > 0 else self.before
        for _ in range(min(abs(steps), MOST_STEPS)):
            index = max(move(index, stride), 0)
        return index

    def before(self, index: int, stride: Stride) -> int:
        """Return the last event of the stride before; -1 for none."""
        if stride is Stride.EVENT:
            return index - 1
        day = self._day(index)
        first = day.replace(day=1) if stride is Stride.MONTH else day
        return self._end(first - timedelta(days=1))

    def _after(self, index: int, stride: Stride) -> int:
        here = self._end(self._last(self._day(index), stride))
        if here > index or index >= self.head:
            return here
        return self._end(self._last(self._day(index + 1), stride))

    def _last(self, day: date, stride: Stride) -> date:
        return day.replace(day=monthrange(day.year, day.month)[1]) if stride is Stride.MONTH else day

    def _day(self, index: int) -> date:
        return self._desk.moment(f"#{index}").today

    def _end(self, day: date) -> int:
        """Return the last event up to the end of a day; a day that is not over ends with the last of all."""
        if day >= self._today:
            return self.head
        if day not in self._ends:
            self._ends[day] = self._desk.moment(day.isoformat()).index
        return self._ends[day]


def scene(desk: Desk, index: int, stride: Stride, steps: int, offset: int, height: int, *, follow: bool) -> Scene:
    """Return the scene so many strides from an event.

    Args:
        offset: where the rows begin.
        height: how many rows there are.
        follow: whether the rows begin where the finding that was touched last can be seen.
    """
    walk = Walk(desk)
    index = walk.steps(index, stride, steps)
    before = walk.before(index, stride)
    when = f"#{index}"
    events = desk.trail(limit=min(index - before, MOST_EVENTS), when=when).rows
    touched = next((event.place - 1 for event in events if event.place), None)
    total = desk.count("", when=when)
    if follow and touched is not None and not offset <= touched < offset + height:
        offset = touched - height // 2
    offset = max(0, min(offset, total - height))
    rows = desk.findings(Query(when=when, offset=offset, limit=height, uncounted=True)).rows
    earlier: tuple[FindingRow, ...] = ()
    if before >= 0:
        earlier = desk.findings(Query(when=f"#{before}", offset=offset, limit=height, uncounted=True)).rows
    return Scene(
        index,
        before,
        walk.head,
        desk.yardstick(when=when),
        total,
        offset,
        rows,
        {row.number: row for row in earlier},
        events,
        touched,
    )
