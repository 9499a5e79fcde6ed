"""Owns filling a team's Excel file: ``{{title}}`` in any cell, and one row with ``{{row.number}}`` … that is repeated.

It must not know a column. The repeated row keeps its formats, height and merged cells; what stands below it moves down. A text is
written as text, whatever it begins with.
"""

from __future__ import annotations

import re
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.values import visible

_NAME = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
_ROW = "row."


def fill(template: Path, path: Path, values: dict[str, Any]) -> None:
    """Write the filled workbook.

    Raises:
        Rejected: ``export.template-name``, ``export.template-unreadable``.
    """
    try:
        book = load_workbook(template)
    except (InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise Rejected("export.template-unreadable", path=str(template), detail=str(error)[:200]) from error
    rows: list[dict[str, Any]] = values["rows"]
    single = {name: value for name, value in values.items() if isinstance(value, str)}
    filler = _Filler(str(template), single, rows)
    for sheet in book.worksheets:
        filler.sheet(sheet)
    with path.open("wb") as file:
        book.save(file)
    book.close()


class _Filler:
    """Puts values in the place of names.

    Args:
        path: the template, for refusals.
        single: the values that stand once.
        rows: those of the repeated row.
    """

    def __init__(self, path: str, single: dict[str, str], rows: list[dict[str, Any]]) -> None:
        self._path = path
        self._single = single
        self._rows = rows

    def sheet(self, sheet: Any) -> None:
        """Fill one sheet."""
        pattern = next((at for at in range(1, sheet.max_row + 1) if self._repeats(sheet, at)), None)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.row != pattern:
                    _put(cell, self._filled(cell.value, self._single))
        if pattern is not None:
            self._repeat(sheet, pattern)

    def _repeats(self, sheet: Any, at: int) -> bool:
        return any(
            _ROW in name for cell in sheet[at] if isinstance(cell.value, str) for name in _NAME.findall(cell.value)
        )

    def _repeat(self, sheet: Any, pattern: int) -> None:
        """Write the repeated row as often as there are rows, and move what stands below it."""
        cells = [(cell.column, cell.value, copy(cell._style)) for cell in sheet[pattern]]
        height = sheet.row_dimensions[pattern].height
        merged = [copy(area) for area in sheet.merged_cells.ranges]
        more = len(self._rows) - 1
        if more > 0:
            self._move_down(sheet, pattern, more, merged)
        spans = [(area.min_col, area.max_col) for area in merged if area.min_row == area.max_row == pattern]
        for place, row in enumerate(self._rows or [{}]):
            at = pattern + place
            known = {**self._single, **{f"{_ROW}{key}": value for key, value in row.items()}}
            if height is not None:
                sheet.row_dimensions[at].height = height
            for column, value, style in cells:
                cell = sheet.cell(at, column)
                if place and any(first < column <= last for first, last in spans):
                    continue
                cell._style = copy(style)
                _put(cell, (self._filled(value, known) if row else "") if isinstance(value, str) else value)
            if place:
                for first, last in spans:
                    sheet.merge_cells(start_row=at, end_row=at, start_column=first, end_column=last)

    def _move_down(self, sheet: Any, pattern: int, more: int, merged: list[Any]) -> None:
        below = [area for area in merged if area.min_row > pattern]
        for area in below:
            sheet.unmerge_cells(area.coord)
        heights = {at: sheet.row_dimensions[at].height for at in range(pattern + 1, sheet.max_row + 1)}
        if sheet.max_row > pattern:
            last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
            sheet.move_range(f"A{pattern + 1}:{last}", rows=more, translate=True)
        for at in heights:
            sheet.row_dimensions[at].height = None
        for at, height in heights.items():
            sheet.row_dimensions[at + more].height = height
        for area in below:
            area.shift(row_shift=more)
            sheet.merge_cells(area.coord)

    def _filled(self, text: str, known: dict[str, Any]) -> Any:
        """Return the text with its names replaced; a cell that is one name alone keeps a number a number."""
        if (whole := _NAME.fullmatch(text.strip())) is not None:
            return self._value(whole[1], known)
        return _NAME.sub(lambda match: str(self._value(match[1], known)), text)

    def _value(self, name: str, known: dict[str, Any]) -> Any:
        if name not in known:
            raise Rejected("export.template-name", path=self._path, detail=name, allowed=sorted(known))
        return known[name]


def _put(cell: Any, value: Any) -> None:
    """Write a value; a text that could be taken for a formula stays a text, one of the template's own stays what it is."""
    if cell.value == value:
        return
    cell.value = visible(value, keep="\n") if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
