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
from .lines import Doubt, Kind, Line, Units
from .mapping import Mapping
from .names import Field
from .rowcells import NO_DAY
from .standing import StandingReader
from .tables import Table
from .values import (
    Day,
    carried_measures,
    class_of,
    looks_like_unit,
    measures_of,
    progress_of,
)
from .vocabulary import NOTHING

UNIT_LIMIT = 100
NAME_PARTS = 4
"""So many parts of a list may be the name of one unit."""

_NUMBERING = re.compile(r"^[（(]?[0-9一二三四五六七八九十]{1,3}[)）]?[、.．\s]+")
_NAMES = re.compile(r"[^、,，;；\n/]+")
_MEASURED = (Field.MEASURES, Field.DEADLINE, Field.PROGRESS, Field.STATUS, Field.DONE, Field.CLOSED)
_OF_MEASURE = frozenset(
    {
        *_MEASURED, Field.PERSON, Field.LEADER, Field.LEAD_UNIT, Field.COOPERATING, Field.NOTES, Field.DETAIL,
        Field.CLOSED_ON, Field.REVISED, Field.LIGHT, Field.CLOSED_BY, Field.IGNORE,
    }
)  # fmt: skip
"""What a further row may hold beside its measure; where it holds more it is a finding without its problem."""


class RowReader(StandingReader):
    """Reads the findings of one table.

    Args:
        table: the table.
        mapping: what was said by hand.
        units: who knows the units.
        today: the day of the import.
        year: the year of days without one.
    """

    def __init__(self, table: Table, mapping: Mapping, units: Units, today: date, year: int | None) -> None:
        super().__init__(table, year, mapping, today)
        self._more = [column for column in table.columns if column.field in (Field.NOTES, Field.DETAIL)]
        self._units = units
        self._by_hand = {squeezed(name): unit for name, unit in mapping.units.items()}
        self._by_measure = bool(table.parents)
        self._lines = [field for field in _LINES if field in self.at]
        self._plain_units: set[str] = set()  # names of one unit each
        self._ordinals: dict[str, int] = {}
        self._heading = table.sheet  # what the rows stand under, where they name no unit
        self._letters = [column_name(at) for at in range(max((len(row) for row in table.rows), default=0))]

    def continues(self, row: int, group: list[int]) -> bool:
        """Say whether a row brings but a further measure of the finding above it."""
        if row in self.table.parents:
            return self.table.parents[row] == group[0]
        if row - 1 != group[-1] or Field.MEASURES not in self.at:
            return False
        cells = self.table.rows[row]
        own = (Field.TITLE, Field.ORDINAL, Field.NUMBER)
        if self._blank(cells, Field.MEASURES) or not all(self._blank(cells, field) for field in own):
            return False
        return all(self._blank(cells, field) for field in self.at if field not in _OF_MEASURE)

    def under(self, heading: str) -> None:
        """Take note of a heading between the rows: it may name the unit of those below."""
        self._heading = heading

    def line(self, group: list[int]) -> Line:
        """Return the line of the finding whose rows these are."""
        self._begin(group[0])
        if self.table.told:
            for row in group:
                self._told(self.table.told.get(row, ()))
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
        if len(group) > 1:
            self._only_raw(group)
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
        if Field.LEAD_UNIT not in self.at:
            return self._unit_of_heading(), []
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

    def _unit_of_heading(self) -> str:
        """Return the unit that a heading above the rows, or the sheet's name, names; said of every row."""
        name = _NUMBERING.sub("", one_line(self._heading)).strip(BLANKS)
        if not name or not (self._is_unit(name) or looks_like_unit(name)):
            return ""
        of_sheet = self._heading == self.table.sheet
        self._doubts.append(Doubt("note.unit-of-sheet" if of_sheet else "note.unit-of-heading", "", {"unit": name}))
        return name

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
        if table.as_typed and not table.as_typed.keys().isdisjoint(group):
            return self._raw_as_typed(group)
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

    def _raw_as_typed(self, group: list[int]) -> dict[str, str]:
        """Return the raw cells of rows that were filled: as they stand, and those that they were filled from."""
        table = self.table
        places = [place for row in group for place in table.sources.get(row, ())]
        places += [(row, at) for row in group for at in range(len(table.as_typed.get(row, table.rows[row])))]
        found: dict[str, str] = {}
        for row, at in places:
            cells = table.as_typed.get(row, table.rows[row])
            if at < len(cells) and (text := raw_text(cells[at])):
                found[table.cell(row, at)] = text
        return found

    def _only_raw(self, group: list[int]) -> None:
        """Say what further rows hold beside their measures: it is kept in the raw cells alone."""
        for row in group[1:]:
            for column in self.table.columns:
                field = column.field
                if field is None or field in _MEASURED or field in (Field.ORDINAL, Field.IGNORE):
                    continue
                cells = self.table.rows[row]
                text = text_of(cells[column.index]) if column.index < len(cells) else ""
                if text and text != (self.texts(group[0])[column.index : column.index + 1] or [""])[0]:
                    cell = self.table.cell(row, column.index)
                    self._doubts.append(Doubt("note.only-raw", cell, {"value": one_line(text)[:40]}))


_LINES = (Field.NUMBER, Field.SOURCE, Field.CATEGORY, Field.TEAM, Field.LEADER, Field.PERSON, Field.CLOSED_BY)


@lru_cache(maxsize=4096)
def _deadline_on(day: date | None, class_: FindingClass | None) -> Deadline | None:
    if day is None:
        return None
    return Deadline(day, f"review:{day.isoformat()}" if class_ is FindingClass.SUSTAINED else "date")
