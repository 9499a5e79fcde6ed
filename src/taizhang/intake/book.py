"""Owns reading a whole file: bytes in; the tables that were found, and a line for every row, out. Knows no ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from msgspec import Struct

from taizhang.ledger.domain.errors import Rejected

from .cells import Sheet
from .drafts import lines
from .lines import Line, Units
from .mapping import NOTHING_SAID, Mapping
from .tables import NotRead, Table, tables
from .workbook import sheets


class Book(Struct, frozen=True):
    """What was found in a file.

    Args:
        tables: every table, in the order of the file.
        passed: the sheets that were passed over, and why (``skip.hidden``, ``skip.no-table``, ``skip.not-asked``).
    """

    tables: tuple[Table, ...]
    passed: tuple[tuple[str, str], ...]

    def lines(self, mapping: Mapping, units: Units, today: date) -> Iterator[Line]:
        """Yield a line for every row of every table."""
        for table in self.tables:
            yield from lines(table, mapping, units, today)


def book(
    data: bytes, file: str, mapping: Mapping = NOTHING_SAID, progress: Callable[[int, int], None] | None = None
) -> Book:
    """Return what a file holds.

    Args:
        data: its bytes.
        file: what it is called; it may name the year.
        mapping: what was said by hand.
        progress: told how many rows of how many are read.

    Raises:
        Rejected: as `workbook.sheets`; ``intake.no-table`` where it holds no ledger, ``intake.form`` and
            ``intake.side-by-side`` where it is laid out so that it cannot be read, ``intake.no-sheet``.
    """
    held = sheets(data, progress)
    found: list[Table] = []
    passed: list[tuple[str, str]] = []
    names = [sheet.name for sheet in held]
    if mapping.sheet and mapping.sheet not in names:
        raise Rejected("intake.no-sheet", sheet=mapping.sheet, sheets=names)
    for sheet in held:
        reason = _reason(sheet, mapping)
        try:
            here = [] if reason else tables(sheet, mapping, file)
        except NotRead as laid_out:
            here, reason = [], laid_out.code
        found += here
        if not here:
            passed.append((sheet.name, reason or "skip.no-table"))
    if not found:
        unread = [(name, reason) for name, reason in passed if reason in ("skip.form", "skip.side-by-side")]
        if unread:
            raise Rejected(f"intake.{unread[0][1].removeprefix('skip.')}", sheet=unread[0][0])
        raise Rejected("intake.no-table", sheets=names)
    return Book(tuple(found), tuple(passed))


def _reason(sheet: Sheet, mapping: Mapping) -> str:
    if mapping.sheet:
        return "" if sheet.name == mapping.sheet else "skip.not-asked"
    return "skip.hidden" if sheet.hidden else ""
