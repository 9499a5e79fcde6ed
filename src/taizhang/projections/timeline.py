"""Owns how the whole ledger stood after every event: a handful of counts, answered in microseconds for any event.

A span is an interval of events, and so is the part of it in which it was red or yellow, because the day never goes back.
So a count after an event is how many intervals began by then, less how many had ended: two look-ups in sorted arrays.
Counting 200,000 findings along an index takes 100 to 400 ms instead, which is no scrubbing. Equal to the figures: a test.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .log import Connection
from .spans import OPEN

COUNTS = ("open", "ended", "awaiting", "closed", "overdue", "due_soon")


class Break(NamedTuple):
    """From this event on (to the next break) colours are judged by that day, and are yellow up to the other."""

    first: int
    today: str
    soon: str


class _Intervals:
    """Intervals of events, as their sorted beginnings and ends."""

    def __init__(self) -> None:
        self._starts, self._ends = array("q"), array("q")

    def add(self, starts: Iterable[int], ends: Iterable[int]) -> None:
        self._starts.extend(starts)
        self._ends.extend(end for end in ends if end < OPEN)

    def settle(self) -> None:
        self._starts, self._ends = (array("I", sorted(each)) for each in (self._starts, self._ends))

    def at(self, index: int) -> int:
        return bisect_right(self._starts, index) - bisect_right(self._ends, index)


class Timeline:
    """The counts after every event up to one.

    Args:
        connection: the read models.
        breaks: how colours were judged, from the first event on.
        last: the last event that the rows know.
    """

    def __init__(self, connection: Connection, breaks: Sequence[Break], last: int) -> None:
        self.last = last
        self._counts = {name: _Intervals() for name in COUNTS}
        judge = _Judge(breaks)
        for stage, sustained, runs_to, missed, starts, ends in _groups(connection):
            self._of("open" if stage < 4 else "ended").add(starts, ends)
            if stage == 3:
                self._of("awaiting").add(starts, ends)
            elif stage == 4 and not sustained:
                self._of("closed").add(starts, ends)
            if runs_to is not None:
                red, yellows = judge.red_from(runs_to), judge.yellow(runs_to, missed=missed)
                self._clipped("overdue", starts, ends, red, OPEN)
                for begin, end in yellows:
                    self._clipped("due_soon", starts, ends, begin, end)
        for intervals in self._counts.values():
            intervals.settle()

    def _of(self, name: str) -> _Intervals:
        return self._counts[name]

    def _clipped(self, name: str, starts: Sequence[int], ends: Sequence[int], begin: int, end: int) -> None:
        parts = [(max(start, begin), min(stop, end)) for start, stop in zip(starts, ends, strict=True)]
        parts = [(start, stop) for start, stop in parts if start < stop]
        self._of(name).add((start for start, _ in parts), (stop for _, stop in parts))

    def at(self, index: int) -> dict[str, int]:
        """Return the counts after an event: those of the figures, by their names."""
        found = {name: intervals.at(index) for name, intervals in self._counts.items()}
        found["total"] = found["open"] + found.pop("ended")
        return found


def days(connection: Connection) -> list[tuple[int, str]]:
    """Return the first event of each day that had any, with the day."""
    return [(int(first), day) for first, day in connection.execute("SELECT first, day FROM days ORDER BY first")]


def _groups(connection: Connection) -> Iterator[tuple[int, bool, str | None, bool, list[int], list[int]]]:
    """Yield the spans that count alike: SQLite puts them together, which takes a third of the time that a loop would."""
    found = connection.execute(
        """SELECT stage, class = 'sustained', runs_to, missed, group_concat(since), group_concat(until)
        FROM spans GROUP BY 1, 2, 3, 4"""
    )
    for stage, sustained, runs_to, missed, starts, ends in found:
        yield stage, bool(sustained), runs_to, bool(missed), _numbers(starts), _numbers(ends)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


class _Judge:
    """From which event on a deadline is red, and in which intervals it is yellow."""

    def __init__(self, breaks: Sequence[Break]) -> None:
        self._indexes = [each.first for each in breaks]
        self._todays = [each.today for each in breaks]
        self._soons = [each.soon for each in breaks]
        self._steady = all(a <= b for a, b in zip(self._soons, self._soons[1:], strict=False))

    def red_from(self, due: str) -> int:
        """Return the first event on a day after the deadline."""
        return self._index(bisect_right(self._todays, due))

    def yellow(self, due: str, *, missed: bool) -> list[tuple[int, int]]:
        """Return where it is yellow: near its day, or made up after one was missed; a stricter policy may end that."""
        end = self.red_from(due)
        if missed:
            return [(0, end)]
        if self._steady:
            return [(self._index(bisect_left(self._soons, due)), end)]
        near = [(at, soon >= due) for at, soon in zip(self._indexes, self._soons, strict=True) if at < end]
        changes = [pair for at, pair in enumerate(near) if not at or near[at - 1][1] != pair[1]]
        ends = [*(at for at, _ in changes[1:]), end]
        return [(at, stop) for (at, yellow), stop in zip(changes, ends, strict=True) if yellow]

    def _index(self, place: int) -> int:
        return self._indexes[place] if place < len(self._indexes) else OPEN
