"""Owns how one finding of a table is read: its row, and the rows below it that bring further measures.

What a sheet does not say stays empty. What is wrong is a doubt with its cell, and the row is not taken.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from taizhang.ledger.domain.carrying import TITLE_LIMIT, CarriedMeasure, Claim
from taizhang.ledger.domain.values import Deadline, FindingClass, Progress, State

from .cells import BLANKS, TITLE_SHOWN, column_name, is_blank, one_line, raw_text, shortened, squeezed, text_of
from .lines import Kind, Line, Units
from .mapping import Mapping
from .names import Field
from .rowcells import NO_DAY, CellReader
from .tables import Table
from .values import Day, Status, carried_measures, class_of, measures_of, progress_of, status_of
from .vocabulary import NOTHING

UNIT_LIMIT = 100
NAME_PARTS = 4
"""So many parts of a list may be the name of one unit."""

_NAMES = re.compile(r"[^、,，;；\n/]+")
_MEASURED = (Field.MEASURES, Field.DEADLINE, Field.PROGRESS, Field.STATUS, Field.DONE, Field.CLOSED)
_HELD_BY_UNIT = frozenset({State.ASSIGNED, State.RECTIFYING, State.AWAITING})


class RowReader(CellReader):
    """Reads the findings of one table.

    Args:
        table: the table.
        mapping: what was said by hand.
        units: who knows the units.
        today: the day of the import.
        year: the year of days without one.
    """

    def __init__(self, table: Table, mapping: Mapping, units: Units, today: date, year: int | None) -> None:
        super().__init__(table, year)
        self._more = [column for column in table.columns if column.field in (Field.NOTES, Field.DETAIL)]
        self._units = units
        self._today = today
        self._statuses = {squeezed(word): Status(state) for word, state in mapping.statuses.items()}
        self._by_hand = {squeezed(name): unit for name, unit in mapping.units.items()}
        self._by_measure = bool(table.parents)
        self._asked = [(field, question) for field, question in _STATUS_FIELDS if field in self.at]
        self._lines = [field for field in _LINES if field in self.at]
        self._plain_units: set[str] = set()  # names of one unit each
        self._ordinals: dict[str, int] = {}
        self._letters = [column_name(at) for at in range(max((len(row) for row in table.rows), default=0))]

    def continues(self, row: int, group: list[int]) -> bool:
        """Say whether a row brings but a further measure of the finding above it."""
        if row in self.table.parents:
            return self.table.parents[row] == group[0]
        if row - 1 != group[-1] or Field.MEASURES not in self.at:
            return False
        cells = self.table.rows[row]
        if not self._blank(cells, Field.TITLE):
            return False
        own = (Field.TITLE, Field.ORDINAL, Field.NUMBER)
        alone = all(self._blank(cells, field) for field in own) and not self._blank(cells, Field.MEASURES)
        others = set(self.at) - set(_MEASURED)
        return alone and all(self._blank(cells, field) for field in others)

    def line(self, group: list[int]) -> Line:
        """Return the line of the finding whose rows these are."""
        self._begin(group[0])
        claim = self._claim(group)
        title = claim.title if claim else self._text(Field.TITLE)
        shown = title if len(title) <= TITLE_SHOWN and title.isprintable() else shortened(title)
        taken = claim is not None and not self._wrong
        return Line(
            self.table.sheet,
            group[0] + 1,
            Kind.CLAIM if taken else Kind.REFUSED,
            shown,
            claim if taken else None,
            tuple(self._doubts),
            self._raw(group) if taken else {},
            tuple([row + 1 for row in group[1:]]),
        )

    # -- the finding

    def _claim(self, group: list[int]) -> Claim | None:
        title = self._checked(Field.TITLE, many=True, limit=TITLE_LIMIT)
        if not title and not self._wrong:
            self._doubt("row.missing", Field.TITLE, what="title")
        self._count_ordinal()
        said = self._said  # most rows leave most fields blank, and those need not be asked for
        assigned = self._day(Field.ASSIGNED_ON) if Field.ASSIGNED_ON in said else NO_DAY
        found = self._day(Field.FOUND_ON) if Field.FOUND_ON in said else NO_DAY
        closed = self._day(Field.CLOSED_ON) if Field.CLOSED_ON in said else NO_DAY
        first, dues, class_ = self._deadline(group)
        by_measure = self._by_measure or len(group) > 1
        status = self._status(group)
        sustained = status is not None and status.sustained
        class_ = class_ or (FindingClass.SUSTAINED if sustained else None)
        measures = self._measures(group, dues, by_measure=by_measure)
        unit, cooperating = self._unit()
        state = self._state(status, closed.day, unit, has_measures=bool(measures))
        if measures and state in (State.CLOSED, State.AWAITING) and not by_measure:
            measures = tuple([CarriedMeasure(measure.text, Progress.DONE) for measure in measures])
        closed_on = self._closed_on(state, closed.day)
        self._check_order(found.day, assigned.day, closed_on)
        extensions = self._count(Field.EXTENSIONS, 0) if Field.EXTENSIONS in said else 0
        deadline, original = self._dates(first, class_)
        extensions = extensions or int(original is not None or (status is not None and status.extended))
        round_ = status.round if status else 1
        if Field.ROUND in said:
            round_ = self._count(Field.ROUND, round_)
        progress = "" if by_measure or Field.PROGRESS not in said else self._checked(Field.PROGRESS, many=True)
        notes = self._notes() if self._more else ""
        values = {field: self._checked(field) for field in self._lines if field in said}
        severity = self._severity() if Field.SEVERITY in said else None
        if self._wrong or state is None:
            return None
        lead, together, words = self._registered(unit, cooperating)
        return Claim(  # by place: thirty names would cost seven times as much
            title,
            state,
            self._status_text(group),
            values.get(Field.NUMBER, ""),
            values.get(Field.SOURCE, ""),
            self._checked(Field.CRITERIA, many=True) if Field.CRITERIA in said else "",
            values.get(Field.CATEGORY, ""),
            values.get(Field.TEAM, ""),
            severity,
            found.day,
            assigned.day,
            closed_on,
            lead,
            together,
            words,
            values.get(Field.LEADER, ""),
            values.get(Field.PERSON, ""),
            class_,
            deadline,
            original,
            first.words,
            self._checked(Field.CRITERION, many=True) if Field.CRITERION in said else "",
            measures,
            progress,
            values.get(Field.CLOSED_BY, ""),
            status.late if status and state is State.CLOSED else None,
            max(round_, 1),
            extensions,
            self._checked(Field.FOLLOW_UP, many=True) if Field.FOLLOW_UP in said else "",
            notes,
        )

    def _count_ordinal(self) -> None:
        text = self._text(Field.ORDINAL)
        ordinal = text if text.isascii() and text.isdecimal() else squeezed(text)
        if not ordinal:
            return
        if (first := self._ordinals.setdefault(ordinal, self._row + 1)) != self._row + 1:
            self._note("note.ordinal-again", Field.ORDINAL, ordinal=ordinal, row=first)

    # -- deadlines

    def _deadline(self, group: list[int]) -> tuple[Day, list[Day], FindingClass | None]:
        """Return the deadline of the finding, that of each row, and the class, if the row says one."""
        dues = [self._day(Field.DEADLINE, row) for row in group]
        first = dues[0]
        days = [due.day for due in dues if due.day is not None]
        if len(days) > 1 and max(days) != first.day:
            self._note("note.last-deadline", Field.DEADLINE, day=max(days).isoformat())
            first = Day(max(days), words=first.words, class_=first.class_)
        class_ = None
        if words := self._text(Field.CLASS):
            class_ = class_of(words)
            if class_ is None and squeezed(words) not in NOTHING:
                self._note("note.class-unknown", Field.CLASS, value=words[:40])
        if class_ is None and first.class_ is not None:
            class_ = first.class_
            self._note("note.class-of-deadline", Field.DEADLINE, finding_class=class_)
        return first, dues, class_

    def _dates(self, first: Day, class_: FindingClass | None) -> tuple[Deadline | None, Deadline | None]:
        if Field.REVISED in self._said or Field.ORIGINAL in self._said:
            revised, stated = self._day(Field.REVISED).day, self._day(Field.ORIGINAL).day
            days = [day for day in (stated, first.original, first.day, revised) if day is not None]
        else:
            days = [day for day in (first.original, first.day) if day is not None]
        if not days:
            return None, None
        day, original = days[-1], days[0]
        if original == day:
            return _deadline_on(day, class_), None
        return _deadline_on(day, class_), _deadline_on(original, class_)

    # -- where it stands

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
        for field, question in self._asked:
            if len(group) == 1 and field not in self._said:
                continue
            found = [self._status_in(field, question, row) for row in group if not self._is_nothing(field, row)]
            if len(found) == 1:
                return found[0]
            if found:
                states = {status.state for status in found}
                if len(states) == 1:
                    return found[0]
                self._note("note.mixed-status", field)
                return Status(None)
        return None

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
        if unit or state not in _HELD_BY_UNIT:
            return state
        if state is State.ASSIGNED or not plainly_running:
            self._note("note.no-unit", Field.LEAD_UNIT)
            return State.LOGGED
        self._doubt("row.no-unit", Field.LEAD_UNIT, state=state)
        return None

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

    # -- measures

    def _measures(self, group: list[int], dues: list[Day], *, by_measure: bool) -> tuple[CarriedMeasure, ...]:
        if Field.MEASURES not in self.at:
            return ()
        if not by_measure:
            text = self._checked(Field.MEASURES, many=True)
            return carried_measures(text)
        found = []
        for row, due in zip(group, dues, strict=True):
            text = self._checked(Field.MEASURES, row, many=True)
            if squeezed(text) in NOTHING:
                continue
            parts = measures_of(text)
            progress, report = self._progress(row)
            found += [CarriedMeasure(part, progress, due.day, report) for part in parts]
        return tuple(found)

    def _progress(self, row: int) -> tuple[Progress, str]:
        """Return how far the measure of a row is, and what is reported of it."""
        words = self._checked(Field.PROGRESS, row, many=True) or self._checked(Field.STATUS, row, many=True)
        done = self._text(Field.DONE, row)
        progress = progress_of(words) if words else None
        if progress is None and done:
            progress = progress_of(done)
        plain = progress in (Progress.DONE, Progress.MOSTLY) and progress_of(words) is progress
        return progress or Progress.NONE, "" if plain else words

    # -- who

    def _unit(self) -> tuple[str, list[str]]:
        """Return the lead unit's name, and the names of those beside it."""
        name = self._checked(Field.LEAD_UNIT, limit=UNIT_LIMIT)
        beside = self._text(Field.COOPERATING)
        others = [] if not beside or squeezed(beside) in NOTHING else self._parted(beside)
        if squeezed(name) in NOTHING:
            return "", others
        if name in self._plain_units:
            return name, others
        if not self._is_unit(name):
            parts = self._parted(self._text(Field.LEAD_UNIT))
            if len(parts) > 1:
                self._note("note.first-unit", Field.LEAD_UNIT, unit=parts[0], others=parts[1:])
                return parts[0], [*parts[1:], *others]
        if squeezed(name) not in self._by_hand and len(same := self._units.namesakes(name)) > 1:
            self._doubt("row.unit-ambiguous", Field.LEAD_UNIT, unit=name, ids=list(same))
        else:
            self._plain_units.add(name)
        return name, others

    def _is_unit(self, name: str) -> bool:
        """Say whether a name is a unit's as it stands, be it that of several."""
        return squeezed(name) in self._by_hand or bool(self._units.namesakes(name))

    def _parted(self, text: str) -> list[str]:
        """Return the names that a text lists; what parts names may also stand in the name of a registered unit."""
        spans = [match.span() for match in _NAMES.finditer(text)]
        found: list[str] = []
        at = 0
        while at < len(spans):
            begin = spans[at][0]
            ends = range(min(len(spans), at + NAME_PARTS), at + 1, -1)
            whole = next((end for end in ends if self._is_unit(one_line(text[begin : spans[end - 1][1]]))), at + 1)
            name = one_line(text[begin : spans[whole - 1][1]].strip(BLANKS))
            found += [name] if name else []
            at = whole
        return found

    def _registered(self, unit: str, others: list[str]) -> tuple[str, tuple[str, ...], str]:
        """Return the lead unit's id, the ids of the cooperating units that are registered, and the words of all."""
        lead = ""
        if unit:
            lead = self._by_hand.get(squeezed(unit)) or self._units.lead(unit)
        ids = [self._by_hand.get(squeezed(name)) or self._units.known(name) for name in others]
        together = tuple(dict.fromkeys(id_ for id_ in ids if id_ and id_ != lead))
        return lead, together, "、".join(others)

    # -- cells

    def _notes(self) -> str:
        parts = []
        row = self.table.rows[self._row]
        for column in self._more:
            cell = row[column.index] if column.index < len(row) else None
            if is_blank(cell):
                continue
            text = self._cleaned(text_of(cell), column.index, self._row, "notes", many=True, limit=0)
            alone = column.field is Field.NOTES and len(self._more) == 1
            heading = one_line(column.heading)
            parts.append(text if alone else f"{heading}{': ' if heading.isascii() else '：'}{text}")
        return "\n".join(parts)

    def _raw(self, group: list[int]) -> dict[str, str]:
        table, letters = self.table, self._letters
        if table.sideways:
            return {
                table.cell(row, at): raw_text(cell)
                for row in group
                for at, cell in enumerate(table.rows[row])
                if cell is not None and cell != ""
            }
        found: dict[str, str] = {}
        for row in group:
            number = str(row + 1)
            cells: list[Any] = self.table.rows[row]
            words = "".join([cell for cell in cells if cell.__class__ is str])
            plain = (
                str if words.replace("\n", "").isprintable() else None
            )  # one look at all of them: nothing to write out
            for letter, cell in zip(letters, cells, strict=False):
                if cell is not None and cell != "":
                    found[letter + number] = cell if cell.__class__ is plain else raw_text(cell)
        return found


_STATUS_FIELDS = ((Field.STATUS, ""), (Field.CLOSED, "closed"), (Field.DONE, "done"), (Field.LIGHT, ""))
"""Where a status may stand, the surest first; and what the heading asks where the answer is yes or no."""

_LINES = (Field.NUMBER, Field.SOURCE, Field.CATEGORY, Field.TEAM, Field.LEADER, Field.PERSON, Field.CLOSED_BY)


@lru_cache(maxsize=4096)
def _deadline_on(day: date | None, class_: FindingClass | None) -> Deadline | None:
    if day is None:
        return None
    return Deadline(day, f"review:{day.isoformat()}" if class_ is FindingClass.SUSTAINED else "date")
