"""Owns what stands in a cell though it was typed elsewhere: merged downwards, 同上, ticked under a status; and what holds an error.

A filled row is a copy; the row as it stands is kept beside it, for the raw cells. Nothing is filled that the sheet does not say.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from .cells import Cell, Merge, Row, cell_name, is_blank, squeezed, text_of
from .lines import Doubt
from .names import Field
from .vocabulary import NOTHING

DITTO = frozenset({"同上", "同前", "〃", "″", '"', "''", "“", "”", "ditto", "Ditto", "同上。"})
ERRORS = frozenset(
    {
        "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA",
        "#UNCALCULATED!",
    }
)  # fmt: skip
TICKS = frozenset({"√", "✓", "✔", "☑", "v", "是", "1", "●", "■", "★"})
_MARKS = DITTO | ERRORS
_NOT_FILLED = frozenset({Field.ORDINAL, Field.NUMBER, Field.IGNORE})
_UNSEEN = frozenset({Field.ORDINAL, Field.LIGHT, Field.IGNORE})


class Filled(Struct):
    """The rows of a table with what stands in them.

    Args:
        rows: all rows of the sheet; those that were filled are copies, and so is the list then.
        as_typed: of a filled row, the row as it stands.
        sources: of a filled row, the cells that it was filled from.
        told: of a row, what a person should know; a ``row.…`` among it refuses the row.
    """

    rows: list[Row]
    as_typed: dict[int, Row]
    sources: dict[int, list[tuple[int, int]]]
    told: dict[int, list[Doubt]]

    def put(self, row: int, column: int, source: tuple[int, int] | None, value: Cell) -> None:
        """Put a value into a cell."""
        if row not in self.as_typed:
            if not self.as_typed:
                self.rows = list(self.rows)
            self.as_typed[row] = self.rows[row]
            self.rows[row] = list(self.rows[row])
        cells = self.rows[row]
        cells += [None] * (column + 1 - len(cells))
        cells[column] = value
        if source is not None:
            self.sources.setdefault(row, []).append(source)


def filled(
    rows: Sequence[Row],
    span: tuple[int, int],
    fields: dict[int, Field],
    merges: Sequence[Merge],
    parents: dict[int, int],
    *,
    sideways: bool = False,
) -> Filled:
    """Return the rows with what stands in them.

    Args:
        span: the first row of findings, and the row after the last.
        fields: of each column that is taken as something, what.
        merges: the merged ranges of the sheet.
        parents: rows that belong to the finding of a row above.
    """
    found = Filled(rows if isinstance(rows, list) else list(rows), {}, {}, {})
    _merged(found, span, fields, merges, parents)
    _marked(found, span, fields, sideways=sideways)
    return found


def _merged(
    found: Filled,
    span: tuple[int, int],
    fields: dict[int, Field],
    merges: Sequence[Merge],
    parents: dict[int, int],
) -> None:
    title = next((column for column, field in fields.items() if field is Field.TITLE), None)
    for top, column, bottom, _ in merges:
        field = fields.get(column)
        if field is None or field in _NOT_FILLED or field is Field.TITLE or bottom == top or top < span[0]:
            continue
        value = _at(found.rows, top, column)
        if is_blank(value):
            continue
        for row in range(top + 1, min(bottom + 1, span[1])):
            other = row not in parents and title is not None and not is_blank(_at(found.rows, row, title))
            if other and is_blank(_at(found.rows, row, column)):
                found.put(row, column, (top, column), value)


def _marked(found: Filled, span: tuple[int, int], fields: dict[int, Field], *, sideways: bool) -> None:
    above: int | None = None
    for at in range(*span):
        row = found.rows[at]
        if not [cell for cell in row if cell.__class__ is str and cell.strip() in _MARKS]:
            above = at
            continue
        for column, field in fields.items():
            text = text_of(_at(found.rows, at, column))
            name = cell_name(column, at) if sideways else cell_name(at, column)
            if text in ERRORS and field not in _UNSEEN:
                found.told.setdefault(at, []).append(Doubt("row.error-cell", name, {"value": text}))
            elif text in DITTO and field is not Field.IGNORE:
                value = None if above is None else _at(found.rows, above, column)
                if is_blank(value):
                    found.told.setdefault(at, []).append(Doubt("row.ditto", name, {"value": text}))
                    continue
                found.put(at, column, (above, column) if above is not None else None, value)
                found.told.setdefault(at, []).append(Doubt("note.ditto", name, {"value": text_of(value)[:40]}))
        above = at


def ticked(found: Filled, span: tuple[int, int], status: int, words: dict[int, str]) -> None:
    """Put into the column of the status the word whose column is ticked.

    Args:
        status: the column of the status.
        words: of each column that may be ticked, its heading.
    """
    for at in range(*span):
        ticks = [column for column in words if squeezed(text_of(_at(found.rows, at, column))) in TICKS]
        odd = [
            column
            for column in words
            if column not in ticks and squeezed(text_of(_at(found.rows, at, column))) not in NOTHING
        ]
        if len(ticks) == 1 and not odd:
            found.put(at, status, None, words[ticks[0]])
        elif ticks or odd:
            names = [cell_name(at, column) for column in (*ticks, *odd)]
            found.told.setdefault(at, []).append(Doubt("row.ticks", names[0], {"cells": names}))
            found.put(at, status, None, None)


def _at(rows: Sequence[Row], row: int, column: int) -> Cell:
    cells = rows[row]
    return cells[column] if column < len(cells) else None
