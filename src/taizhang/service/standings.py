"""Owns how the whole ledger stood after any event, for scrubbing along time: the counts, kept in memory once asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from taizhang.ledger.domain.lights import yardstick
from taizhang.ledger.domain.policy import CalendarAdopted, PolicySet
from taizhang.projections.log import Connection

if TYPE_CHECKING:
    from taizhang.projections.timeline import Timeline

    from .past import Past

FAR_BEHIND = 5_000
"""So many events after the counts that are kept: counting anew is worth its second."""


class Standing(Struct, frozen=True):
    """How the whole ledger stood after an event; each count is that of the figures of the same name, as of ``#index``.

    Args:
        index: the event.
        today: the day that colours were judged by: that of the event.
    """

    index: int
    today: date
    total: int
    open: int
    overdue: int
    due_soon: int
    awaiting: int
    closed: int


class Standings:
    """The counts after every event.

    Args:
        past: the log up to a moment.
        view: lets a function read the read models.
        counted: counts the figures as of an event by the read models, for what was recorded just now.
    """

    def __init__(
        self, past: Past, view: Callable[[Callable[[Connection], Any]], Any], counted: Callable[[int], Standing]
    ) -> None:
        self._past, self._view, self._counted = past, view, counted
        self._timeline: Timeline | None = None
        self._days: list[tuple[int, str]] = []
        self._making = threading.Lock()

    def at(self, index: int) -> Standing:
        """Return how the ledger stood after an event."""
        timeline = self._timeline
        if timeline is None or index > timeline.last + FAR_BEHIND:
            timeline = self._made(index)
        if index > timeline.last:
            return self._counted(index)
        return self._standing(timeline, index)

    def _standing(self, timeline: Timeline, index: int) -> Standing:
        from bisect import bisect_right

        place = bisect_right(self._days, index, key=lambda each: each[0])
        today = self._days[place - 1][1] if place else self._days[0][1]
        return Standing(index, date.fromisoformat(today), **timeline.at(index))

    def trend(self) -> tuple[Standing, ...]:
        """Return how the ledger stood at the end of every month, and stands."""
        timeline = self._timeline or self._made(0)
        months: dict[str, int] = {}
        for at, (_, day) in enumerate(self._days):
            months[day[:7]] = self._days[at + 1][0] - 1 if at + 1 < len(self._days) else timeline.last
        return tuple(self._standing(timeline, last) for last in months.values())

    def _made(self, index: int) -> Timeline:
        from taizhang.projections.runner import position
        from taizhang.projections.timeline import Timeline, days

        def work(connection: Connection) -> Timeline:
            self._days = days(connection)
            return Timeline(connection, self._breaks(), position(connection))

        with self._making:
            timeline = self._timeline
            if timeline is None or index > timeline.last + FAR_BEHIND:
                timeline = self._timeline = self._view(work)
            return timeline

    def _breaks(self) -> list[Any]:
        """Return from which event on colours were judged how: a new day, a new policy, a new calendar."""
        from taizhang.projections.timeline import Break

        indexes = [first for first, _ in self._days]
        last = indexes[-1] if indexes else -1
        changed = [
            entry.index
            for entry in self._past.register_events(last)
            if isinstance(entry.data, (PolicySet, CalendarAdopted))
        ]
        breaks, place = [], -1
        for index in sorted({*indexes, *changed}):
            if place + 1 < len(indexes) and indexes[place + 1] <= index:
                place += 1
            today = date.fromisoformat(self._days[max(place, 0)][1])
            register = self._past.register(index)
            by = yardstick(today, register.policy, register.calendar())
            breaks.append(Break(index, by.today.isoformat(), by.soon_until.isoformat()))
        return breaks
