"""Owns the CSV form: UTF-8 with a byte order mark, for Excel; nothing in it can become a formula.

It must not know which columns there are.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from taizhang.ledger.domain.values import visible

from .labels import Shown
from .page import Page

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula."""


def write(path: Path, page: Page) -> None:
    """Write the first table. What it is as of stands in the headings of two last, empty columns (for people, for
    `verify-export`), so that every line is a row of the table.
    """
    grid = page.grids[0]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(head.text for head in grid.heads), page.foot[0], page.token])
        for cells, _ in grid.rows:
            writer.writerow([*map(defused, cells), "", ""])


def defused(value: Shown) -> str | int:
    """Return a value as CSV may hold it: a text that could become a formula begins with an apostrophe."""
    match value:
        case None:
            return ""
        case int():
            return value
        case date():
            return value.isoformat()
        case _:
            text = visible(value, keep="\n\t\r")
            return f"'{text}" if text.startswith(DANGEROUS) else text
