"""Owns the way from findings to a file: the table, its title and stamp, the writer of the format, one whole file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import yardstick
from taizhang.ledger.domain.register import Register
from taizhang.locale.words import Words

from . import target as files
from .tables import TABLES, Kind, Labels, Stamp


class Format(StrEnum):
    """The formats that a table can be written in."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def write_table(
    kind: Kind | str,
    format: Format | str,  # noqa: A002 - the word of cli.md
    target: Path,
    findings: Iterable[Finding],
    register: Register,
    words: Words,
    stamp: Stamp,
) -> int:
    """Write a table of findings to a file, in one go or not at all.

    Args:
        kind: which table.
        format: in which format.
        target: the file; one that is there is replaced when the new one is whole.
        findings: the rows, in their order; read once, never kept.
        register: units, people and programmes, for their names.
        words: the catalogue of the language that the table is in.
        stamp: as of what it is drawn.

    Returns:
        How many rows were written.

    Raises:
        Rejected: ``export.cannot-write``, ``export.not-a-file``.
    """
    columns = TABLES[Kind(kind)]
    labels = Labels(register, words, yardstick(stamp.today, register.policy, register.calendar()))
    counted = _Counted(findings)
    with files.whole(target) as path:
        match Format(format):
            case Format.CSV:
                from . import csv_out

                csv_out.write(path, Kind(kind), columns, counted, labels, stamp)
            case Format.JSON:
                from . import json_out

                json_out.write(path, Kind(kind), columns, counted, labels, stamp)
            case Format.XLSX:
                from . import xlsx_out

                xlsx_out.write(path, Kind(kind), columns, counted, labels, stamp)
    return counted.count


class _Counted:
    """An iterable that knows how many it has given."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = findings
        self.count = 0

    def __iter__(self) -> Iterator[Finding]:
        for finding in self._findings:
            self.count += 1
            yield finding
