"""Owns the way from rows to a file: the table, its title and stamp, the writer of the format, one whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from taizhang.ledger.domain.lights import yardstick
from taizhang.ledger.domain.register import Register
from taizhang.locale.words import Words

from . import target as files
from .labels import Labels
from .page import Page
from .pages import page_of
from .tables import TABLES, Column, Kind, Stamp

TOLD_EVERY = 200
"""After so many rows whoever watches is told how far it is."""


class Format(StrEnum):
    """The formats that a table can be written in."""

    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"
    CSV = "csv"
    JSON = "json"
    MD = "md"


def labels_of(register: Register, words: Words, stamp: Stamp, names: tuple[str, ...] = ()) -> Labels:
    """Return what turns ids into what people read, as of a stamp; `names` are masked beside those of the register."""
    by = yardstick(stamp.today, register.policy, register.calendar())
    return Labels(register, words, by, masked=stamp.masked, names=names)


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """Return the columns of a table."""
    if kind is Kind.HISTORY:
        from .history import HISTORY

        return HISTORY
    return TABLES[kind]


def write_table(
    kind: Kind | str,
    format: Format | str,  # noqa: A002 - the word of the command line
    target: Path,
    rows: Iterable[Any],
    register: Register,
    words: Words,
    stamp: Stamp,
    *,
    title: str = "",
    names: tuple[str, ...] = (),
    template: Path | None = None,
    most: int = 0,
    told: Callable[[int], None] | None = None,
) -> int:
    """Write a table to a file, in one go or not at all.

    Args:
        kind: which table.
        format: in which format.
        target: the file; one that is there is replaced when the new one is whole.
        rows: findings (of a history: its entries), in their order; read once, never kept.
        register: units, people and programmes, for their names.
        words: the catalogue of the language that the table is in.
        stamp: as of what it is drawn.
        title: its title; empty for that of the kind.
        names: persons to be masked beside those of the register, where names are.
        template: a team's own file to be filled instead (`templates`).
        most: how many rows at most; 0 for all.
        told: told now and then how many rows are done.

    Returns:
        How many rows were written.

    Raises:
        Rejected: ``export.cannot-write``, ``export.not-a-file``, and what the writer of the format refuses.
    """
    kind = Kind(kind)
    columns = columns_of(kind)
    labels = labels_of(register, words, stamp, names)
    counted = _Counted(islice(rows, most) if most else rows, told)
    with files.whole(target) as path:
        if Format(format) is Format.JSON and template is None:
            from . import json_out

            json_out.write(path, kind, columns, counted, labels, stamp)
        else:
            write_page(Format(format), path, page_of(kind, columns, counted, labels, stamp, title=title), template)
    return counted.count


def write_page(
    format: Format,  # noqa: A002 - the word of the command line
    path: Path,
    page: Page,
    template: Path | None = None,
) -> None:
    """Write a page in a format that shows it, or by a template; the writer, and what it needs, is loaded here."""
    if template is not None:
        from . import templates

        templates.fill(template, format, path, page)
        return
    match format:
        case Format.CSV:
            from . import csv_out

            csv_out.write(path, page)
        case Format.XLSX:
            from . import xlsx_out

            xlsx_out.write(path, page)
        case Format.DOCX:
            from . import docx_out

            docx_out.write(path, page)
        case Format.PDF:
            from . import pdf_out

            pdf_out.write(path, page)
        case Format.MD:
            from . import md_out

            md_out.write(path, page)
        case Format.JSON:
            raise ValueError("JSON says facts, not a page")


class _Counted:
    """An iterable that knows how many it has given."""

    def __init__(self, rows: Iterable[Any], told: Callable[[int], None] | None) -> None:
        self._rows = rows
        self._told = told
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self.count += 1
            if self._told and not self.count % TOLD_EVERY:
                self._told(self.count)
            yield row
        if self._told:
            self._told(self.count)
