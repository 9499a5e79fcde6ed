"""Owns where a finding stands by the words, the ticks and the days of its row, of several columns held against each other.

What they contradict is a doubt, and the row is not taken. Knows no measures and no units.
"""

from __future__ import annotations

import re
from datetime import date

from msgspec.structs import replace

from taizhang.ledger.domain.values import State

from .cells import one_line, squeezed
from .mapping import Mapping
from .names import Field
from .rowcells import CellReader
from .tables import Table
from .values import Status, contradict, status_of

_STATUS_FIELDS = ((Field.STATUS, ""), (Field.CLOSED, "closed"), (Field.DONE, "done"), (Field.LIGHT, ""))
"""Where a status may stand, the surest first; and what the heading asks where the answer is yes or no."""


_HELD_BY_UNIT = frozenset({State.ASSIGNED, State.RECTIFYING, State.AWAITING})


class StandingReader(CellReader):
    """Reads where the finding of a row stands.

    Args:
        table: the table.
        year: the year of days without one.
        mapping: what was said by hand.
        today: the day of the import.
    """

    def __init__(self, table: Table, year: int | None, mapping: Mapping, today: date) -> None:
        super().__init__(table, year)
        self._today = today
        self._statuses = {squeezed(word): Status(state) for word, state in mapping.statuses.items()}
        self._asked = [(field, self._asks(field) or question) for field, question in _STATUS_FIELDS if field in self.at]

    def _status_text(self, group: list[int]) -> str:
        """Return the words of the status as they stand, of several rows one behind the other."""
        for field, _ in self._asked:
            if len(group) == 1:
                if word := self._text(field, group[0]):
                    return one_line(word)
                continue
            words = [self._text(field, row) for row in group]
            if any(words):
                return "、".join(dict.fromkeys(one_line(word) for word in words if word))
        return ""

    def _status(self, group: list[int]) -> Status | None:
        """Return what the status means: of several rows together, finished only where each of them is."""
        first: Status | None = None
        said_by: Field | None = None
        for field, question in self._asked:
            if field is Field.LIGHT and first is not None:
                break
            if len(group) == 1 and field not in self._said:
                continue
            found = [self._status_in(field, question, row) for row in group if not self._is_nothing(field, row)]
            if not found:
                continue
            together = found[0]
            if len(found) > 1 and len({status.state for status in found}) > 1:
                self._note("note.mixed-status", field)
                together = Status(None)
            if first is None or said_by is None:
                first, said_by = together, field
            elif contradict(first, together):
                self._doubt(
                    "row.status-conflict",
                    field,
                    value=one_line(self._text(field))[:40],
                    other=self._cell_of(said_by, None),
                    said=one_line(self._text(said_by))[:40],
                )
            elif together.state is State.CLOSED and first.state is State.AWAITING:
                first = replace(first, state=State.CLOSED)
        return first

    def _asks(self, field: Field) -> str:
        """Return what the heading of a status asks, so that √ and 是 answer it."""
        column = self.table.column_of(field)
        if field is not Field.STATUS or column is None:
            return ""
        heading = squeezed(column.heading)
        return (
            "closed"
            if re.search("销号|办结|闭环|结案", heading)
            else "done"
            if re.search("完成|整改|落实|进度", heading)
            else ""
        )

    def _status_in(self, field: Field, question: str, row: int) -> Status:
        words = self._text(field, row)
        found = self._statuses.get(squeezed(words)) or status_of(words, question)
        if found is None:
            self._doubt("row.status", field, row, value=one_line(words)[:40])
            return Status(None)
        return found

    def _state(self, status: Status | None, closed_on: date | None, unit: str, *, has_measures: bool) -> State | None:
        state = status.state if status else None
        if status is None and closed_on is not None:
            self._note("note.closed-by-date", Field.CLOSED_ON)
            state = State.CLOSED
        elif status is None:
            self._note("note.no-status", Field.STATUS)
        plainly_running = state is not None
        if state is None:
            state = State.RECTIFYING if has_measures else State.ASSIGNED
            if status is not None and not self._wrong and (unit or state not in _HELD_BY_UNIT):
                self._unfinished(state)
        if unit or state not in _HELD_BY_UNIT:
            return state
        if state is State.ASSIGNED or not plainly_running:
            self._note("note.no-unit", Field.LEAD_UNIT)
            return State.LOGGED
        self._doubt("row.no-unit", Field.LEAD_UNIT, state=state)
        return None

    def _unfinished(self, state: State) -> None:
        field = next((field for field, _ in self._asked if self._text(field)), None)
        if field is not None and not any(doubt.code == "note.mixed-status" for doubt in self._doubts):
            self._note("note.unfinished", field, value=one_line(self._text(field))[:40], state=state)

    def _closed_on(self, state: State | None, day: date | None) -> date | None:
        if state is State.CLOSED:
            return day
        if day is None or state is None:
            return None
        if state in (State.AWAITING, State.WITHDRAWN, State.TRANSFERRED):
            self._note("note.completed-on", Field.CLOSED_ON, day=day.isoformat())
        else:
            self._doubt("row.closed-on-open", Field.CLOSED_ON, state=state, day=day.isoformat())
        return None

    def _check_order(self, *days: date | None) -> None:
        last: date | None = None
        for field, day in zip((Field.FOUND_ON, Field.ASSIGNED_ON, Field.CLOSED_ON), days, strict=True):
            if day is None:
                continue
            if day > self._today:
                self._doubt("row.future", field, day=day.isoformat(), today=self._today.isoformat())
            elif last is not None and day < last:
                self._doubt("row.order", field, day=day.isoformat(), earliest=last.isoformat())
            else:
                last = day
