"""Owns the Excel form: tables that can be printed and handed in as they are, one sheet each.

It must not know which columns there are. Written row by row (`constant_memory`), so cells come in their order. A sheet
that is not shown says how the book was drawn and what each column is, so that an edited copy can be compared.
"""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from taizhang.ledger.domain.values import visible

from .page import FILLS, Grid, Page, Paper, Part, Text, fitted, groups_of, lines_in
from .xlsx_rows import RowSheet, fitting, style_of

PAPERS = {Paper.A3: 8, Paper.A4: 9}
LINE_HEIGHT, LOWEST, HIGHEST = 13.5, 20.0, 408.75  # points; no program shows a higher row
FONT, BODY_FONT = "宋体", "仿宋_GB2312"
HIDDEN = "_taizhang"
"""The sheet that is not shown: rows of a word and what it says (`drawn`, `sheet`, `headings`, `rows`, `column`)."""
SHEET_NAME_LIMIT = 31
TEXT_WIDTH = 76
_FORBIDDEN_IN_NAMES = str.maketrans("[]:*?/\\", "（）：＊？／、")


def write(path: Path, page: Page) -> None:
    """Write the workbook.

    Raises:
        OSError: the file cannot be written.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties(
        {
            "title": visible(page.title),
            "comments": "\n".join(page.foot),
            "created": page.moment.astimezone(UTC).replace(tzinfo=None),
        }
    )
    styles = _Styles(book)
    try:
        if page.is_report:
            _write_texts(book.add_worksheet(_sheet_name(page.title)), page, styles)
        told: list[tuple[str, ...]] = [("drawn", page.token)] if page.token else []
        for grid in page.grids:
            title = grid.caption if page.is_report else page.title
            sheet = _Sheet(book.add_worksheet(_sheet_name(grid.caption), RowSheet), title, page, grid, styles)
            told += sheet.write()
        _write_hidden(book.add_worksheet(HIDDEN), told)
    finally:
        _close(book)  # after a failure as well: the rows wait in a temporary file, which goes with it


def _close(book: Any) -> None:
    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else None
        raise cause or OSError(str(error)) from error


def _sheet_name(title: str) -> str:
    return visible(title).translate(_FORBIDDEN_IN_NAMES).strip("'")[:SHEET_NAME_LIMIT] or "1"


def _write_hidden(sheet: Any, told: list[tuple[str, ...]]) -> None:
    for at, row in enumerate(told):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text)
    sheet.very_hidden()


class _Styles:
    """The formats of a book."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
        cell = base | {"border": 1, "text_wrap": True}
        centred = cell | {"align": "center"}
        heading = centred | {"bold": True, "bg_color": "#DDEBF7"}
        body = base | {"font_name": BODY_FONT, "font_size": 12, "text_wrap": True, "valign": "top"}
        self.title = book.add_format(base | {"font_size": 18, "bold": True, "align": "center"})
        self.subtitle = book.add_format(base | {"font_size": 12, "align": "center"})
        self.plain = book.add_format(base)
        self.wrapped = book.add_format(base | {"text_wrap": True, "valign": "top", "font_size": 9})
        self.faint = book.add_format(base | {"font_size": 8, "font_color": "#A6A6A6"})
        self.right = book.add_format(base | {"align": "right"})
        self.heading = book.add_format(heading)
        self.upper = book.add_format(heading | {"bottom": 0})
        self.lower = book.add_format(heading | {"top": 0})
        self.cell = book.add_format(cell)
        self.centred = book.add_format(centred)
        self.date = book.add_format(centred | {"num_format": "yyyy-mm-dd"})
        self.lights = {colour: book.add_format(centred | {"bg_color": f"#{fill}"}) for colour, fill in FILLS.items()}
        self.texts = {
            Part.SUBTITLE: self.subtitle,
            Part.HEADING: book.add_format(body | {"font_name": "黑体"}),
            Part.BODY: book.add_format(body),
            Part.NOTE: self.wrapped,
        }


def _write_texts(sheet: Any, page: Page, styles: _Styles) -> None:
    """Write the texts of a report, a paragraph a row, upright on A4."""
    sheet.set_paper(PAPERS[Paper.A4])
    sheet.set_margins(left=0.9, right=0.9, top=1.2, bottom=1.1)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C— &P —")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, TEXT_WIDTH)
    sheet.set_row(0, 40)
    sheet.write_string(0, 0, fitting(page.title), styles.title)
    texts = [block for block in page.blocks if isinstance(block, Text)]
    rows = [(block.part, f"{'　　' if block.part is Part.BODY else ''}{block.lead}{block.text}") for block in texts]
    rows += [(Part.NOTE, line) for line in page.foot]
    for at, (part, text) in enumerate(rows, 1):
        sheet.set_row(at, min(HIGHEST, lines_in(text, TEXT_WIDTH - 8) * 17.0 + 5))
        sheet.write_string(at, 0, fitting(text), styles.texts[part])
    sheet.print_area(0, 0, len(rows), 0)


class _Sheet:
    """One table, written downwards."""

    def __init__(self, sheet: Any, title: str, page: Page, grid: Grid, styles: _Styles) -> None:
        self._sheet = sheet
        self._title = title
        self._page = page
        self._grid = grid
        self._styles = styles
        self._widths, self._rows = fitted(grid, page)
        self._row = 0
        self._last = len(grid.heads) - 1

    def write(self) -> list[tuple[str, ...]]:
        """Write the sheet; return what the sheet that is not shown says of it."""
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(PAPERS[self._page.paper])
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        for at, width in enumerate(self._widths):
            sheet.set_column(at, at, width)
        self._head()
        headings = self._row
        self._body()
        rows = self._row - headings
        sheet.autofilter(headings - 1, 0, max(headings, self._row - 1), self._last)
        sheet.print_area(0, 0, self._foot(), self._last)
        keys = (("column", str(at), head.key) for at, head in enumerate(self._grid.heads))
        return [("sheet", sheet.get_name()), ("headings", str(headings)), ("rows", str(rows)), *keys]

    def _head(self) -> None:
        """Write the title, the reporting line and the headings, which stay in sight and on every page."""
        sheet, styles = self._sheet, self._styles
        sheet.set_row(0, 32)
        self._merged(0, self._last, self._title, styles.title)
        self._row = 1
        if self._page.reporting:
            left, right = self._page.reporting
            middle = max(1, self._last // 2)
            self._merged(0, middle, left, styles.plain)
            self._merged(middle + 1, self._last, right, styles.right)
            self._row = 2
        first = self._row
        grouped = self._grid.grouped
        if grouped:
            self._groups()
        top = styles.lower if grouped else styles.heading
        lines = 1
        for at, head in enumerate(self._grid.heads):
            sheet.write_string(self._row, at, head.text, styles.heading if head.group else top)
            lines = max(lines, lines_in(head.text, self._widths[at] - 1))
        sheet.set_row(self._row, max(LOWEST, lines * LINE_HEIGHT + 4))
        sheet.repeat_rows(first, self._row)
        self._row += 1
        sheet.freeze_panes(self._row, 2)

    def _groups(self) -> None:
        """Write the row of group headings; a column without one shares its two cells by having no line between them."""
        self._sheet.set_row(self._row, LOWEST)
        for text, at, count in groups_of(self._grid.heads):
            if text:
                self._merged(at, at + count - 1, text, self._styles.heading)
            else:
                self._sheet.write_blank(self._row, at, None, self._styles.upper)
        self._row += 1

    def _merged(self, first: int, last: int, text: str, style: Any) -> None:
        if last > first:
            self._sheet.merge_range(self._row, first, self._row, last, fitting(text), style)
        elif last == first:
            self._sheet.write_string(self._row, first, fitting(text), style)

    def _body(self) -> None:
        """Write the rows, each as high as its longest text needs: not every program finds that out by itself."""
        sheet, styles, tinted, last = self._sheet, self._styles, self._grid.tinted, self._last
        text, centred, day = style_of(styles.cell), style_of(styles.centred), style_of(styles.date)
        lights = {light: style_of(style) for light, style in styles.lights.items()}
        letters = [xl_col_to_name(at) for at in range(last + 1)]
        lines_of = [max(1, width - 1) for width in self._widths]
        half = [width // 2 for width in lines_of]
        row = self._row
        for cells, light in self._rows:
            lines = 1
            kinds = []
            for at, value in enumerate(cells):
                if isinstance(value, str):
                    kinds.append(text)
                    if len(value) > half[at] or "\n" in value:
                        lines = max(lines, lines_in(value, lines_of[at]))
                elif value is None:
                    kinds.append(text)
                else:
                    kinds.append(day if isinstance(value, date) else centred)
            if tinted is not None and light is not None:
                kinds[tinted] = lights[light]
            sheet.put_row(row, min(HIGHEST, max(LOWEST, lines * LINE_HEIGHT + 4)), cells, kinds, letters)
            row += 1
        self._row = row

    def _foot(self) -> int:
        """Write who signs, and as of what the table was drawn; return the last row that is printed."""
        self._row += 1
        wide = sum(self._widths)
        lines = [
            (self._page.signatures, self._styles.plain),
            *((line, self._styles.wrapped) for line in self._page.foot),
        ]
        for line, style in lines:
            if line:
                self._sheet.set_row(self._row, lines_in(line, wide) * LINE_HEIGHT + 4)
                self._merged(0, self._last, line, style)
                self._row += 1
        if self._page.token:
            self._merged(0, self._last, self._page.token, self._styles.faint)
        return self._row - 1
