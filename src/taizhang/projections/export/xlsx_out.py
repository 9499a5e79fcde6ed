"""Owns the Excel form: a table that can be printed and handed in as it is.

It must not know which columns there are. Written row by row (`constant_memory`), so cells come in their order.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light
from taizhang.ledger.domain.values import visible

from .provenance import Provenance, token
from .tables import Column, Kind, Labels, Shown, Stamp, light_on

CELL_LIMIT = 32_767
A3, A4 = 8, 9
PAPER = {Kind.PROBLEMS: A4, Kind.CLOSURE: A3}
FILLS = {Light.RED: "#FFC7CE", Light.YELLOW: "#FFEB9C", Light.GREEN: "#C6EFCE", Light.GREY: "#D9D9D9"}
ORDINAL_WIDTH = 5
LINE_HEIGHT, LOWEST, HIGHEST = 13.5, 20.0, 408.75  # points; no program shows a higher row
FONT = "宋体"


def write(
    path: Path, kind: Kind, columns: tuple[Column, ...], findings: Iterable[Finding], labels: Labels, stamp: Stamp
) -> None:
    """Write the workbook.

    Raises:
        OSError: the file cannot be written.
    """
    words = labels.words
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    book = xlsxwriter.Workbook(str(path), options)
    title = words(f"export.title.{kind}")
    book.set_properties(
        {
            "title": title,
            "comments": words("export.as-of", index=stamp.index, moment=labels.local(stamp.moment), root=stamp.root),
            "created": stamp.moment.astimezone(UTC).replace(tzinfo=None),
        }
    )
    try:
        sheet = _Sheet(book, book.add_worksheet(title), kind, columns, labels, stamp)
        sheet.head(title)
        for ordinal, finding in enumerate(findings, 1):
            sheet.finding(ordinal, finding)
        sheet.foot()
    finally:
        _close(book)  # after a failure as well: the rows wait in a temporary file, which goes with it


def _close(book: Any) -> None:
    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else None
        raise cause or OSError(str(error)) from error


class _Sheet:
    """The one sheet of the workbook, written downwards."""

    def __init__(
        self, book: Any, sheet: Any, kind: Kind, columns: tuple[Column, ...], labels: Labels, stamp: Stamp
    ) -> None:
        self._sheet = sheet
        self._columns = columns
        self._labels = labels
        self._stamp = stamp
        self._drawn = token(Provenance(kind, labels.words.lang, labels.register.origin, stamp))
        self._row = 0
        self._grouped = kind is Kind.CLOSURE
        base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
        cell = base | {"border": 1, "text_wrap": True}
        centred = cell | {"align": "center"}
        heading = centred | {"bold": True, "bg_color": "#DDEBF7"}
        self._title = book.add_format(base | {"font_size": 18, "bold": True, "align": "center"})
        self._plain = book.add_format(base)
        self._right = book.add_format(base | {"align": "right"})
        self._heading = book.add_format(heading)
        self._upper = book.add_format(heading | {"bottom": 0})
        self._lower = book.add_format(heading | {"top": 0})
        self._cell = book.add_format(cell)
        self._centred = book.add_format(centred)
        self._date = book.add_format(centred | {"num_format": "yyyy-mm-dd"})
        self._lights = {colour: book.add_format(centred | {"bg_color": fill}) for colour, fill in FILLS.items()}
        sheet.set_landscape()
        sheet.set_paper(PAPER[kind])
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        sheet.set_column(0, 0, ORDINAL_WIDTH)
        for at, column in enumerate(columns, 1):
            sheet.set_column(at, at, column.width)

    @property
    def _last(self) -> int:
        return len(self._columns)

    def head(self, title: str) -> None:
        """Write the title, the reporting line and the headings, which stay in sight and on every page."""
        words, sheet = self._labels.words, self._sheet
        sheet.set_row(0, 32)
        sheet.merge_range(0, 0, 0, self._last, title, self._title)
        middle = max(1, self._last // 2)
        unit = words("export.reporting-unit", unit=self._labels.register.origin or "—")
        sheet.merge_range(1, 0, 1, middle, visible(unit), self._plain)
        day = words("export.cut-off", day=self._stamp.today.isoformat())
        sheet.merge_range(1, middle + 1, 1, self._last, day, self._right)
        self._row = first = 2
        if self._grouped:
            self._groups()
        top = self._lower if self._grouped else self._heading
        sheet.write_string(self._row, 0, words("export.column.ordinal"), top)
        for at, column in enumerate(self._columns, 1):
            style = self._heading if column.group else top
            sheet.write_string(self._row, at, words(f"export.column.{column.key}"), style)
        sheet.repeat_rows(first, self._row)
        self._row += 1
        sheet.freeze_panes(self._row, 2)

    def _groups(self) -> None:
        """Write the row of group headings; a column without one shares its two cells by having no line between them."""
        self._sheet.write_blank(self._row, 0, None, self._upper)
        at = 1
        for group, members in groupby(self._columns, key=lambda column: column.group):
            count = len(list(members))
            if not group:
                for place in range(at, at + count):
                    self._sheet.write_blank(self._row, place, None, self._upper)
            else:
                text = self._labels.words(f"export.group.{group}")
                self._sheet.merge_range(self._row, at, self._row, at + count - 1, text, self._heading)
            at += count
        self._row += 1

    def finding(self, ordinal: int, finding: Finding) -> None:
        """Write one row, as high as its longest text needs: not every program finds that out by itself."""
        values = [column.text(finding, self._labels) for column in self._columns]
        lines = max(_lines(value, column.width) for value, column in zip(values, self._columns, strict=True))
        self._sheet.set_row(self._row, min(HIGHEST, max(LOWEST, lines * LINE_HEIGHT + 4)))
        self._sheet.write_number(self._row, 0, ordinal, self._centred)
        for at, (column, value) in enumerate(zip(self._columns, values, strict=True), 1):
            style = self._lights[light_on(finding, self._labels)] if column.key == "light" else None
            self._write(at, value, style)
        self._row += 1

    def _write(self, at: int, value: Shown, style: Any) -> None:
        match value:
            case None | "":
                self._sheet.write_blank(self._row, at, None, style or self._cell)
            case int():
                self._sheet.write_number(self._row, at, value, style or self._centred)
            case date():
                self._sheet.write_datetime(self._row, at, datetime(value.year, value.month, value.day), self._date)  # noqa: DTZ001 - a day
            case _:
                self._sheet.write_string(self._row, at, _fitting(value), style or self._cell)

    def foot(self) -> None:
        """Write who signs, and as of what the table was drawn."""
        words, stamp, sheet = self._labels.words, self._stamp, self._sheet
        self._row += 1
        lines = [words("export.signatures")]
        lines.append(words("export.as-of", index=stamp.index, moment=self._labels.local(stamp.moment), root=stamp.root))
        if stamp.filter:
            lines.append(words("export.filter", filter=stamp.filter))
        lines.append(self._drawn)
        for line in lines:
            sheet.merge_range(self._row, 0, self._row, self._last, _fitting(line), self._plain)
            self._row += 1


def _lines(value: Shown, width: int) -> int:
    """Return how many lines a text takes in a column; a Chinese character is two wide."""
    if not isinstance(value, str) or not value:
        return 1
    cells = (sum(2 if east_asian_width(c) in "WFA" else 1 for c in part) for part in value.split("\n"))
    return sum(max(1, -(-count // max(1, width - 2))) for count in cells)


def _fitting(text: str) -> str:
    """Return the text as a cell can hold it: 32,767 characters, nothing invisible."""
    shown = visible(text, keep="\n")
    return shown if len(shown) <= CELL_LIMIT else shown[: CELL_LIMIT - 1] + "…"
