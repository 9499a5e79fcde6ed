"""Owns what a cell is once a file has been read: text, number, truth or day; its name, and its raw text."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from unicodedata import normalize

from msgspec import Struct

from taizhang.ledger.domain.values import visible

Cell = str | float | int | bool | list[str] | None
"""As the reader hands it over; a list of one text is a day or a moment, ISO 8601."""

Row = list[Cell]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


class Sheet(Struct):
    """One sheet of a file.

    Args:
        name: its name; empty for a text file.
        rows: its cells from the first row and column on.
        merges: ranges that are merged, as far as the format says.
        hidden: whether it is hidden.
    """

    name: str
    rows: list[Row]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False


@lru_cache(maxsize=1024)
def column_name(index: int) -> str:
    """Return the letters of a column, from 0: ``A``, ``Z``, ``AA``."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, both from 0: ``F12``."""
    return f"{column_name(column)}{row + 1}"


def raw_text(cell: Cell) -> str:
    """Return a cell as an auditor reads it: nothing is left out, and what cannot be shown is written out."""
    kind = type(cell)
    if kind is str:
        text = cell
    elif cell is None:
        return ""
    elif kind is list:
        text = cell[0]  # type: ignore[index]
    elif kind is bool:
        return "TRUE" if cell else "FALSE"
    else:
        return number_text(cell)  # type: ignore[arg-type]
    return text if text.replace("\n", "").isprintable() else visible(text, keep="\n")  # type: ignore[union-attr,arg-type,return-value]


def number_text(number: float) -> str:
    """Return a number as it was typed: whole ones without a point."""
    if number == int(number) if abs(number) < 1e15 else False:
        return str(int(number))
    return repr(number)


def is_blank(cell: Cell) -> bool:
    """Say whether a cell holds nothing that anybody could see."""
    return cell is None or (type(cell) is str and not cell.strip(BLANKS))


BLANKS = " \t\r\n\x0b\x0c\u00a0\u3000\u200b\ufeff"


def text_of(cell: Cell) -> str:
    """Return a cell as text without outer blanks; a moment at midnight is its day."""
    kind = type(cell)
    if kind is str:
        return cell.strip(BLANKS)  # type: ignore[union-attr]
    if cell is None:
        return ""
    if kind is list:
        moment: str = cell[0]  # type: ignore[index]
        return moment[:10] if moment.endswith("T00:00:00") else moment
    return raw_text(cell)


@lru_cache(maxsize=8192)
def squeezed(text: str) -> str:
    """Return a text as words are compared: full-width forms, case and blanks taken away."""
    return "".join(normalize("NFKC", text).casefold().split()).replace("\u200b", "")


TITLE_SHOWN = 60
_BREAK = re.compile(r"(?<=[\u3000-\u9fff])\s*[\r\n]+\s*(?=[\u3000-\u9fff])")


def one_line(text: str) -> str:
    """Return a cell's text on one line: a break between Chinese characters was none."""
    return text if text.isprintable() else " ".join(_BREAK.sub("", text).split())


def shortened(text: str) -> str:
    """Return the beginning of a text on one safe line."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= TITLE_SHOWN else line[: TITLE_SHOWN - 1] + "…"


def iso_day(moment: str) -> date | None:
    """Return the day of ISO text; None where it is none."""
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None
