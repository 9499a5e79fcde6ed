"""Owns finding the tables in a sheet: the header row or rows, what each column is, and which way round the table lies.

Knows no value: it looks at headings, and at what stands above and beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from .cells import Cell, Merge, Row, Sheet, cell_name, is_blank, squeezed, text_of
from .columns import Column, by_content, column_of, without_rivals
from .filling import filled, ticked
from .lines import Doubt
from .mapping import Mapping
from .names import Field, recognised
from .ticks import are_ticked_words, tick_columns, with_status

LOOKED_AT = 200
"""So many rows of a sheet are looked at for its header."""

SIDEWAYS_ROWS = 80
LEAST_SCORE = 2.0
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*[年./-]|\s*$|[^\d])")


class Table(Struct, frozen=True):
    """A table that was found.

    Args:
        sheet: the name of its sheet.
        rows: the rows of the sheet; of a sideways table, its columns.
        header: the header's rows, from 0.
        end: the row after its last one.
        columns: its columns.
        sideways: whether each finding is a column of the sheet.
        year: the year that the sheet is about, where it says just one.
        above: what stands above it.
        parents: of a row that belongs to a merged one above it, the row that it belongs to.
        as_typed: of a row whose cells were filled from elsewhere (merged, 同上, ticked), the row as it stands.
        sources: the cells that it was filled from.
        top: the first row that is its own, where other tables stand above it.
        told: what a person should know of a row before it is read; a ``row.…`` refuses it.
    """

    sheet: str
    rows: Sequence[Row]
    header: tuple[int, ...]
    end: int
    columns: tuple[Column, ...]
    sideways: bool
    year: int | None
    parents: dict[int, int] = {}
    as_typed: dict[int, Row] = {}
    sources: dict[int, list[tuple[int, int]]] = {}
    told: dict[int, list[Doubt]] = {}
    top: int = 0

    @property
    def first(self) -> int:
        """The row after the header."""
        return self.header[-1] + 1

    def cell(self, row: int, column: int) -> str:
        """Return the name of a cell of the table as its sheet names it."""
        return cell_name(column, row) if self.sideways else cell_name(row, column)

    def column_of(self, field: Field) -> Column | None:
        """Return the column of a field."""
        return next((column for column in self.columns if column.field is field), None)


class _Found(Struct, frozen=True):
    score: float
    header: tuple[int, ...]
    columns: tuple[Column, ...]


def tables(sheet: Sheet, mapping: Mapping, file: str = "") -> list[Table]:
    """Return the tables of a sheet, from above; none where it holds no ledger.

    Args:
        mapping: what was said by hand.
        file: the file's name, which may name the year.
    """
    rows: Sequence[Row] = sheet.rows
    best = _best(rows, sheet.merges, mapping)
    sideways = False
    if len(rows) <= SIDEWAYS_ROWS and mapping.header is None:
        turned = _turned(rows)
        merges = tuple((left, top, right, bottom) for top, left, bottom, right in sheet.merges)
        other = _best(turned[:10], merges, mapping)
        if other is not None and other.score > (best.score if best else 0) + 0.5:
            best, rows, sideways = other, turned, True
    if best is None:
        return []
    if _is_form(rows, best, sideways=sideways):
        raise NotRead("skip.form")
    if _is_twofold(best):
        raise NotRead("skip.side-by-side")
    merged: tuple[Merge, ...] = () if sideways else sheet.merges
    alone = sideways or mapping.header is not None
    best = best if alone else _next(rows, 0, best, sheet, mapping, before=best.header[0]) or best
    year = mapping.year or _year(rows, best.header[0], sheet.name, file)
    found: list[Table] = []
    while best is not None:
        start = best.header[-1] + 1
        following = None if alone else _next(rows, start, best, sheet, mapping)
        end = following.header[0] if following else len(rows)
        table = _table(sheet, rows, best, end, merged, year, sideways=sideways)
        found.append(replace(table, top=best.header[0]) if found else table)
        best = following
    return found


class NotRead(Exception):
    """A sheet that holds findings, but laid out so that they cannot be read; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _table(
    sheet: Sheet,
    rows: Sequence[Row],
    best: _Found,
    end: int,
    merged: tuple[Merge, ...],
    year: int | None,
    *,
    sideways: bool,
) -> Table:
    header, columns = best.header, best.columns
    start = header[-1] + 1
    ticks = {} if sideways else tick_columns(rows, header, columns)
    if ticks and start < end and are_ticked_words(rows[start], ticks):
        header, start = (*header, start), start + 1
    columns = by_content(rows, start, end, columns)
    parents = _parents(merged, start, end, columns)
    fields = {column.index: column.field for column in columns if column.field is not None}
    held = filled(rows, (start, end), fields, merged, parents, sideways=sideways)
    if ticks:
        status = min(ticks)
        ticked(held, (start, end), status, ticks)
        columns = with_status(columns, status, "、".join(ticks.values()))
    return Table(
        sheet.name, held.rows, header, end, columns, sideways, year, parents, held.as_typed, held.sources, held.told
    )


def _is_form(rows: Sequence[Row], best: _Found, *, sideways: bool) -> bool:
    """Say whether names of columns stand among the values: a form of one finding, name beside value beside name."""
    columns = [column.index for column in best.columns if column.field is not None]
    start = best.header[-1] + 1
    found = 0
    for row in rows[start : start + 6] if sideways else rows[start : start + 2]:
        texts = [text_of(row[at]) for at in columns if at < len(row)]
        known = [text for text in texts if (guess := recognised(text)) is not None and guess.confidence >= 0.95]
        found = max(found, len(set(known) - {column.heading for column in best.columns}))
    return sideways and found >= 2


def _is_twofold(best: _Found) -> bool:
    """Say whether the same headings, the problem among them, stand twice side by side."""
    headings = [squeezed(column.heading) for column in best.columns]
    title = next((squeezed(column.heading) for column in best.columns if column.field is Field.TITLE), "")
    twice = {heading for heading in headings if headings.count(heading) > 1}
    return title in twice and len(twice) >= 3


def _turned(rows: Sequence[Row]) -> list[Row]:
    width = max((len(row) for row in rows), default=0)
    return [[row[at] if at < len(row) else None for row in rows] for at in range(min(width, 2_000))]


def _best(rows: Sequence[Row], merges: Sequence[tuple[int, int, int, int]], mapping: Mapping) -> _Found | None:
    """Return the likeliest header: the one that names most fields; of equals the first, and one row rather than two."""
    best: _Found | None = None
    candidates = range(min(len(rows), LOOKED_AT)) if mapping.header is None else [mapping.header - 1]
    for at in candidates:
        if at >= len(rows) or all(is_blank(cell) for cell in rows[at]):
            continue
        for found in _headers(rows, at, merges, mapping):
            if best is None or found.score > best.score + 0.01:
                best = found
    if best is None or mapping.header is not None:
        return best
    return best if best.score >= LEAST_SCORE and _is_ledger(best.columns) else None


def _is_ledger(columns: Sequence[Column]) -> bool:
    fields = {column.field for column in columns if column.field}
    return Field.TITLE in fields and len(fields) >= 2


def _headers(
    rows: Sequence[Row], at: int, merges: Sequence[tuple[int, int, int, int]], mapping: Mapping
) -> list[_Found]:
    one = [text_of(cell) for cell in rows[at]]
    found = [_found((at,), [(text,) if text else () for text in one], mapping)]
    if at + 1 < len(rows) and _may_be_below(rows[at + 1]):
        below = [text_of(cell) for cell in rows[at + 1]]
        both = _found((at, at + 1), _two_rows(one, below, at, merges), mapping)
        alone = _found((at + 1,), [(text,) if text else () for text in below], mapping)
        if both.score > alone.score + 0.3:  # what stands above brings headings of its own, and is no reporting line
            found.append(both)
    return found


def _may_be_below(row: Row) -> bool:
    """Say whether a row can be the second of a header: words alone, and several that the dictionary knows."""
    texts = [text_of(cell) for cell in row if not is_blank(cell)]
    if not texts or any(type(cell) not in (str, type(None)) for cell in row):
        return False
    sure = sum((guess := recognised(text)) is not None and guess.confidence >= 0.9 for text in texts)
    return sure >= 2 and sure * 2 >= len(texts)


def _two_rows(
    above: list[str], below: list[str], at: int, merges: Sequence[tuple[int, int, int, int]]
) -> list[tuple[str, ...]]:
    """Return of each column what it may be called: its own heading, then group and heading together."""
    width = max(len(above), len(below))
    above, below = above + [""] * (width - len(above)), below + [""] * (width - len(below))
    spans = {column: left for top, left, bottom, right in merges if top == at for column in range(left, right + 1)}
    names: list[tuple[str, ...]] = []
    group = ""
    for column in range(width):
        if above[column]:
            group = above[column]
        elif spans and spans.get(column) is None:
            group = ""
        if below[column]:
            names.append((below[column], group + below[column]) if group else (below[column],))
        else:
            names.append((above[column],) if above[column] else ())
    return names


def _found(header: tuple[int, ...], names: list[tuple[str, ...]], mapping: Mapping) -> _Found:
    columns = [column_of(index, texts, mapping) for index, texts in enumerate(names)]
    columns = without_rivals(columns)
    fields = [column for column in columns if column.field is not None and column.field is not Field.IGNORE]
    score = sum(column.confidence for column in fields)
    named = sum(bool(texts) for texts in names)
    score *= 0.5 + 0.5 * (len(fields) / named if named else 0)  # a sentence that names two fields is no header
    return _Found(score, header, tuple(column for column in columns if column.heading))


def _next(
    rows: Sequence[Row], start: int, known: _Found, sheet: Sheet, mapping: Mapping, *, before: int | None = None
) -> _Found | None:
    """Return the header of another table further down; the same header again belongs to this one.

    Args:
        before: look above this row instead, where the same header belongs to a table too.
    """
    headings = {squeezed(column.heading) for column in known.columns} if before is None else set()
    for at in range(start, len(rows) if before is None else min(before, LOOKED_AT)):
        row = rows[at]
        first = next((cell for cell in row if not is_blank(cell)), None)
        if type(first) is not str or recognised(first) is None:
            continue
        texts = [text_of(cell) for cell in row if not is_blank(cell)]
        sure = sum((guess := recognised(text)) is not None and guess.confidence >= 0.95 for text in texts)
        if len(texts) < 3 or sure < 3 or sure * 3 < len(texts) * 2 or {squeezed(text) for text in texts} <= headings:
            continue
        found = max(_headers(rows, at, sheet.merges, mapping), key=lambda found: found.score)
        if found.score >= LEAST_SCORE and _is_ledger(found.columns) and (before is None or found.header[-1] < before):
            return found
    return None


def _year(rows: Sequence[Row], header: int, sheet: str, file: str) -> int | None:
    """Return the one year that title, reporting line, sheet and file name speak of; None where it is none, or several."""
    cells: list[Cell] = [*chain.from_iterable(rows[:header]), sheet]
    for texts in (cells, [file]):
        years = {int(year) for cell in texts for year in _YEAR.findall(f"{text_of(cell)} ")}
        if years:
            return years.pop() if len(years) == 1 else None
    return None


def _parents(
    merges: Sequence[tuple[int, int, int, int]], start: int, end: int, columns: Sequence[Column]
) -> dict[int, int]:
    """Return which rows belong to the row above that the problem is merged from."""
    titles = {column.index for column in columns if column.field is Field.TITLE}
    return {
        row: top
        for top, left, bottom, right in merges
        if top >= start and bottom < end and titles & set(range(left, right + 1))
        for row in range(top + 1, bottom + 1)
    }
