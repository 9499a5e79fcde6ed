"""Owns how the rows of a table become claims: which rows are findings, and what each of their cells says.

A row is taken whole or not at all; every doubt names its cell. Knows no ledger: units are asked for by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from .cells import Row, is_blank, raw_text, shortened, squeezed, text_of
from .lines import Doubt, Kind, Line, Units
from .mapping import Mapping
from .names import Field
from .reading import RowReader
from .tables import Table
from .values import day_of

YEARS_LOOKED_AT = 5_000
_SUM = re.compile(r"(小计|合计|总计|共计|累计|总数|subtotal|grandtotal|total|sum)($|[:：(（\d共])")
_SUM_ALONE = re.compile(r"(小计|合计|总计|共计|累计|总数|subtotal|grandtotal|total|sum)[:：]?")
_SUM_OF = re.compile(r".{1,20}(小计|合计|总计)[:：]?")
_MAY_BE_SUM = frozenset("小合总共累sStTgG")
_FOOT = re.compile(
    r"(填表人|制表人?|审核人?|负责人|填报人|填报单位|填报时间|填报日期|联系人|联系电话|单位负责人|主要负责人|分管领导|审批人|盖章|"
    r"注|说明|填表说明|备注|preparedby|reviewedby|approvedby|notes?|legend)([:：(（]|$)"
)
_SIGNED = re.compile(r"[^:：]{1,8}[:：]")
_HEADING = re.compile(r"[（(]?[一二三四五六七八九十]+[)）]?[、.．]|第[一二三四五六七八九十]+[部分类章节]")
_DATES = (Field.FOUND_ON, Field.ASSIGNED_ON, Field.DEADLINE, Field.REVISED, Field.ORIGINAL, Field.CLOSED_ON)


def lines(table: Table, mapping: Mapping, units: Units, today: date) -> Iterator[Line]:
    """Yield a line for every row of a table, its header included.

    Args:
        today: the day of the import: nothing can have happened after it.
    """
    yield from _above(table)
    reader = RowReader(table, mapping, units, today, table.year or _year_of_dates(table))
    group: list[int] = []
    for row, passed in _rows(table, reader):
        if passed is not None:
            yield from _flushed(reader, group)
            group = []
            if passed.doubts[0].code == "skip.heading":
                reader.under(passed.title)
            yield passed
        elif group and reader.continues(row, group):
            group.append(row)
        else:
            yield from _flushed(reader, group)
            group = [row]
    yield from _flushed(reader, group)


def _flushed(reader: RowReader, group: list[int]) -> Iterator[Line]:
    if not group:
        return
    line = reader.line(group)
    yield line
    for row in group[1:]:
        doubt = Doubt("skip.joined", params={"row": group[0] + 1})
        yield Line(line.sheet, row + 1, Kind.JOINED if line.claim else Kind.REFUSED, doubts=(doubt,))


def _above(table: Table) -> Iterator[Line]:
    """Yield the lines of what stands above the rows: titles, the reporting line, the header."""
    for row in range(table.top, table.header[0]):
        yield _skipped(table, row, "skip.blank" if _blank(table.rows[row]) else "skip.above")
    for row in table.header:
        yield _skipped(table, row, "skip.header")


def _rows(table: Table, reader: RowReader) -> Iterator[tuple[int, Line | None]]:
    """Yield every row after the header, and why it is passed over, if so."""
    headings = {squeezed(text_of(cell)) for at in table.header for cell in table.rows[at]} - {""}
    wide = sum(column.field is not None for column in table.columns)
    title, ordinal = reader.at.get(Field.TITLE, -1), reader.at.get(Field.ORDINAL, -1)
    foot = False
    for at in range(table.first, table.end):
        row = table.rows[at]
        texts = reader.texts(at)
        if (
            0 <= title < len(texts)
            and texts[title]
            and not foot
            and texts[title] not in headings
            and len(texts) - texts.count("") > wide // 2
            and not _may_be_passed(texts, title)
        ):
            yield at, None  # the quick way: an ordinary row
            continue
        held = [index for index, text in enumerate(texts) if text]
        if not held:
            yield at, _skipped(table, at, "skip.blank")
            continue
        code = _passed(row, held, title, ordinal, headings, wide)
        if code == "skip.foot":
            foot = True
        elif foot and title not in held:
            code = "skip.foot"
        if code == "row.only-title":
            cell = table.cell(at, held[0])
            yield at, _refused(table, at, Doubt(code, cell), text_of(row[held[0]]))
        else:
            yield at, _skipped(table, at, code) if code else None


def _passed(row: Row, held: list[int], title: int, ordinal: int, headings: set[str], wide: int) -> str:
    first = squeezed(text_of(row[held[0]]))
    texts = {squeezed(text_of(row[index])) for index in held}
    if texts <= headings and len(texts) > 1:
        return "skip.header"
    ordinary = title in held and len(held) > wide // 2
    if _SUM_ALONE.fullmatch(first) or (held[0] != title and _SUM_OF.fullmatch(first)):
        return "skip.sum"
    if title not in held and (_SUM.match(first) or any(_SUM.fullmatch(text) for text in texts)):
        return "skip.sum"
    if held[0] == title and not ordinary and _SUM.match(first):
        return "skip.sum"
    if _FOOT.match(first) and (title not in held or len(held) <= 2 or _SIGNED.match(squeezed(text_of(row[title])))):
        return "skip.foot"
    if held == [ordinal]:
        return "skip.heading" if _HEADING.match(first) or not first.isdecimal() else "skip.number-alone"
    if len(held) == 1 and wide >= 3:
        if held[0] != title or _HEADING.match(first):
            return "skip.heading"
        return "row.only-title"
    return ""


def _may_be_passed(texts: list[str], title: int) -> bool:
    """Say whether a row that looks ordinary needs a closer look: it may be a sum, or a line to be signed."""
    first = texts[0] or next(filter(None, texts))
    return first[0] in _MAY_BE_SUM or first.endswith(("小计", "合计")) or "：" in texts[title][:8]


def _blank(row: Row) -> bool:
    return all(is_blank(cell) for cell in row)


def _skipped(table: Table, row: int, code: str) -> Line:
    shown = next((raw_text(cell) for cell in table.rows[row] if not is_blank(cell)), "")
    return Line(table.sheet, row + 1, Kind.SKIPPED, shortened(shown), doubts=(Doubt(code),))


def _refused(table: Table, row: int, doubt: Doubt, title: str) -> Line:
    return Line(table.sheet, row + 1, Kind.REFUSED, shortened(title), doubts=(doubt,))


def _year_of_dates(table: Table) -> int | None:
    """Return the year of all whole dates in the table; None where there are several, or none."""
    columns = [column.index for column in table.columns if column.field in _DATES]
    years: set[int] = set()
    rows: Sequence[Row] = table.rows[table.first : min(table.end, table.first + YEARS_LOOKED_AT)]
    for row in rows:
        for index in columns:
            if index < len(row) and row[index] is not None:
                found = day_of(row[index])
                years.update(day.year for day in (found.day, found.original) if day)
    return years.pop() if len(years) == 1 else None
