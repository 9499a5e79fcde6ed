"""Owns how the cells of one row are asked for: as text, as a day, as a count; and the doubts that this raises."""

from __future__ import annotations

import re
from typing import Any

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.values import LINE_LIMIT, TEXT_LIMIT, checked_line, checked_text

from .cells import BLANKS, Cell, is_blank, one_line, raw_text, squeezed, text_of
from .lines import Doubt
from .names import MANY, Field
from .tables import Table
from .values import Day, day_of, severity_of
from .vocabulary import NOTHING

_NUMBER = re.compile(r"第?(\d{1,3})(?:次|轮)?")
NO_DAY = Day()


class CellReader:
    """Asks for the cells of one row after the other; what it cannot take is a doubt, and the row is wrong.

    Args:
        table: the table.
        year: the year of days without one.
    """

    def __init__(self, table: Table, year: int | None) -> None:
        self.table = table
        self.at: dict[Field, int] = {
            column.field: column.index
            for column in table.columns
            if column.field is not None and column.field not in MANY
        }
        self._year = year
        self._doubts: list[Doubt] = []
        self._wrong = False
        self._row = 0
        self._looked_at: tuple[tuple[int, list[str]], ...] = ()  # the last two rows, so that no cell is looked at twice
        self._said: dict[Field, str] = {}  # what the row that is being read says; nothing of its blank cells

    def _begin(self, row: int) -> None:
        """Turn to a row."""
        self._row, self._doubts, self._wrong = row, [], False
        texts = self.texts(row)
        width = len(texts)
        self._said = {field: texts[index] for field, index in self.at.items() if index < width and texts[index]}

    def texts(self, row: int) -> list[str]:
        """Return the texts of all cells of a row; that of a blank cell is empty."""
        for at, texts in self._looked_at:
            if at == row:
                return texts
        texts = [
            cell.strip(BLANKS) if cell.__class__ is str else "" if cell is None else text_of(cell)
            for cell in self.table.rows[row]
        ]
        self._looked_at = (*self._looked_at[-1:], (row, texts))
        return texts

    def _severity(self) -> Any:
        words = self._text(Field.SEVERITY)
        if not words or squeezed(words) in NOTHING:
            return None
        found = severity_of(words)
        if found is None:
            self._note("note.severity-unknown", Field.SEVERITY, value=one_line(words)[:40])
        return found

    def _count(self, field: Field, default: int) -> int:
        words = self._text(field)
        if not words or squeezed(words) in NOTHING:
            return default
        match = _NUMBER.fullmatch(squeezed(words))
        if match is None:
            self._doubt("row.count", field, value=one_line(words)[:40])
            return default
        return int(match[1])

    def _day(self, field: Field, row: int | None = None) -> Day:
        index = self.at.get(field)
        if index is None:
            return NO_DAY
        at = self._row if row is None else row
        cells = self.table.rows[at]
        cell: Cell = cells[index] if index < len(cells) else None
        if cell is None or cell == "":
            return NO_DAY
        found = day_of(cell, self._year)
        if found.wrong:
            self._doubt(found.wrong, field, at, value=one_line(raw_text(cell))[:40])
        elif found.note:
            day = found.day.isoformat() if found.day else ""
            self._note(found.note, field, at, day=day, value=one_line(raw_text(cell))[:40])
        return found

    def _checked(self, field: Field, row: int | None = None, *, many: bool = False, limit: int = 0) -> str:
        """Return the text of a field as the ledger would take it; what it would refuse is a doubt."""
        text = self._said.get(field, "") if row is None else self._text(field, row)
        if not text or (len(text) <= (limit or LINE_LIMIT) and text.isprintable()):
            return text
        at = self._row if row is None else row
        return self._cleaned(text, self.at[field], at, field.value, many=many, limit=limit)

    def _cleaned(self, text: str, index: int, row: int, field: str, *, many: bool, limit: int) -> str:
        most = limit or (TEXT_LIMIT if many else LINE_LIMIT)
        if len(text) <= most and text.isprintable():
            return text
        if many and len(text) <= most and text.replace("\n", "").isprintable() and text == text.strip():
            return text  # but for its line breaks as plain as the others: what `checked_text` would return
        try:
            if many:
                return checked_text(field, text.replace("\r", "\n").replace("\x0b", "\n"), required=False, limit=most)
            return checked_line(field, one_line(text), required=False, limit=most)
        except Rejected as refusal:
            self._doubts.append(Doubt(refusal.code, self.table.cell(row, index), refusal.params))
            self._wrong = True
            return ""

    def _text(self, field: Field, row: int | None = None) -> str:
        if row is None or row == self._row:
            return self._said.get(field, "")
        index = self.at.get(field)
        if index is None:
            return ""
        cells = self.table.rows[row]
        return text_of(cells[index]) if index < len(cells) else ""

    def _blank(self, cells: list[Cell], field: Field) -> bool:
        index = self.at.get(field)
        return index is None or index >= len(cells) or is_blank(cells[index])

    def _is_nothing(self, field: Field, row: int) -> bool:
        words = self._text(field, row)
        return (squeezed(words) in NOTHING and field not in (Field.DONE, Field.CLOSED)) or not words

    # -- doubts

    def _cell_of(self, field: Field, row: int | None) -> str:
        index = self.at.get(field)
        return "" if index is None else self.table.cell(self._row if row is None else row, index)

    def _note(self, code: str, field: Field, at: int | None = None, **params: Any) -> None:
        self._doubts.append(Doubt(code, self._cell_of(field, at), params))

    def _doubt(self, code: str, field: Field, at: int | None = None, **params: Any) -> None:
        self._doubts.append(Doubt(code, self._cell_of(field, at), params))
        self._wrong = True
