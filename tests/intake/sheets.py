"""Owns what the tests of intake stand on: the sample files, units that are called by their names, and golden results.

`python -m tests.intake.sheets` writes the golden results anew; look at every difference before it is kept.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from taizhang.intake.book import Book, book
from taizhang.intake.cells import Cell, Sheet
from taizhang.intake.drafts import lines
from taizhang.intake.lines import Line
from taizhang.intake.mapping import NOTHING_SAID, Mapping
from taizhang.intake.tables import tables

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
GOLDEN = Path(__file__).resolve().parent / "golden"
TODAY = date(2026, 11, 20)


class ByName:
    """Units whose id is their name; those that are given are registered."""

    def __init__(self, *registered: str) -> None:
        self._registered = set(registered)

    def lead(self, name: str) -> str:
        return name

    def known(self, name: str) -> str:
        return name if name in self._registered else ""

    def namesakes(self, name: str) -> tuple[str, ...]:
        return (name,) if name in self._registered else ()


def read(rows: list[list[Cell]], *, name: str = "台账", mapping: Mapping = NOTHING_SAID, **more: Any) -> list[Line]:
    """Return the lines of one sheet."""
    found: list[Line] = []
    for table in tables(Sheet(name, rows, **more), mapping):
        found += lines(table, mapping, ByName(), TODAY)
    return found


def read_file(path: Path) -> tuple[Book, list[Line]]:
    """Return what is in a file, and a line for every row."""
    found = book(path.read_bytes(), path.name)
    return found, list(found.lines(NOTHING_SAID, ByName(), TODAY))


def told(path: Path) -> str:
    """Return all that was read of a file, as text that a person can compare with the file."""
    found, read_lines = read_file(path)
    document = {
        "tables": [
            {
                "sheet": table.sheet,
                "header": [row + 1 for row in table.header],
                "year": table.year,
                "columns": {column.heading: column.field for column in table.columns},
            }
            for table in found.tables
        ],
        "rows": read_lines,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


if __name__ == "__main__":
    for sample in sorted(SAMPLES.iterdir()):
        (GOLDEN / f"{sample.stem}.json").write_text(told(sample), encoding="utf-8")
