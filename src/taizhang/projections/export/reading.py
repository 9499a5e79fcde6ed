"""Owns reading an exported table back, of any format, as texts at places. It must not know what the table should say.

What comes from outside is capped: bytes, cells, entries, inflated bytes. A formula, a DOCTYPE or what is none of our
formats is refused or shown, never run.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from taizhang.ledger.domain.errors import Rejected

from .provenance import TOKEN, Provenance, parse
from .write import Format

MAX_BYTES = 1 << 30
MAX_FIELD = 1 << 24
_SLASHED = re.compile(r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})", re.ASCII)


class Cells(Struct):
    """A table as it stands in a file: row → column → text; empty cells are left out.

    Rows count from 1 as a spreadsheet counts them (JSON: the document's own fields are row 0); columns are letters
    (JSON: the names of fields; Word: a paragraph is a row, Markdown: a line). `others` is what the file holds besides:
    further sheets by their titles, and whatever a workbook hides or shows beside its cells, without any.
    """

    format: Format
    rows: dict[int, dict[str, str]]
    others: dict[str, dict[int, dict[str, str]]] = {}

    def provenance(self, path: str) -> Provenance:
        """Return how the table says that it was drawn.

        Raises:
            Rejected: ``export.no-stamp`` (`path`), ``export.stamp-malformed`` (`found`).
        """
        sheets = (self.rows, *self.others.values())
        found = {text for rows in sheets for row in rows.values() for text in row.values() if TOKEN.fullmatch(text)}
        if len(found) != 1:
            raise Rejected("export.no-stamp", path=path)
        return parse(found.pop())


def read(path: Path, named: Path | None = None) -> Cells:
    """Return the table in a file; its format is told by its first bytes.

    Args:
        named: what a refusal calls the file; None for its path.

    Raises:
        Rejected: ``export.unreadable`` (`path`, `detail`), ``export.format-unchecked`` (`path`, `allowed`).
    """
    name = str(named or path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Rejected("export.unreadable", path=name, detail=error.strerror or str(error)) from error
    if len(data) > MAX_BYTES:
        raise Rejected("export.unreadable", path=name, detail=f"> {MAX_BYTES}")
    try:
        if data.startswith(b"%PDF"):
            raise Rejected(
                "export.format-unchecked", path=name, allowed=[form for form in Format if form != Format.PDF]
            )
        if data.startswith(b"PK") and b"word/document.xml" in data:
            from . import docx_in

            return Cells(Format.DOCX, docx_in.read(data))
        if data.startswith(b"PK"):
            from . import xlsx_in

            rows, others = xlsx_in.read(data)
            return Cells(Format.XLSX, rows, others)
        if data.lstrip().startswith(b"{"):
            return Cells(Format.JSON, dict(_json_rows(data)))
        if data.removeprefix(b"\xef\xbb\xbf").startswith(b"# "):
            from . import md_in

            return Cells(Format.MD, dict(md_in.rows(data)))
        return Cells(Format.CSV, dict(_csv_rows(data)))
    except (ValueError, RecursionError, csv.Error) as error:
        raise Rejected("export.unreadable", path=name, detail=str(error)[:200]) from error


def letters(column: int) -> str:
    """Return the name of a column as spreadsheets have it: 0 is A."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number(value: float) -> str:
    """Return a number as both sides spell it, whatever program wrote it."""
    return str(int(value)) if value == int(value) else repr(value)


def _csv_rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows; spreadsheet programs save in the machine's own encoding, and days in their own way."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    limit = csv.field_size_limit(MAX_FIELD)
    try:
        for at, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            yield at, {letters(column): _day(cell) for column, cell in enumerate(row) if cell}
    finally:
        csv.field_size_limit(limit)


def _day(text: str) -> str:
    match = _SLASHED.fullmatch(text)
    return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}" if match else text


def _json_rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    document = json.loads(data, object_pairs_hook=_once)
    if not isinstance(document, dict) or not isinstance(rows := document.pop("rows", None), list):
        raise ValueError("no rows")  # noqa: TRY004 - the file is wrong, not a type
    yield 0, dict(_fields(document))
    for at, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise ValueError(f"row {at}")  # noqa: TRY004
        yield at, {name: _json(value) for name, value in row.items()}


def _fields(document: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _fields(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", _json(value)


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field twice")
    return found
