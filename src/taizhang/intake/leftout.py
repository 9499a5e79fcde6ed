"""Owns what the reader of workbooks leaves out: cells that hold an error, formulas that were never worked out, and what is
merged in an ods file. It reads the file's own parts, and only where a quick look says that there is something.

Like `child`, which loads it by its path, it must not import anything of `taizhang`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

Found = tuple[dict[tuple[int, int], str], list[tuple[int, int, int, int]]]
"""Of one sheet: texts by row and column from 0, and merged ranges (of an ods file alone)."""

NOT_WORKED_OUT = "#UNCALCULATED!"
"""Stands for a formula whose value the file does not hold."""

MOST = 100_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_WORTH = (b't="e"', b"<f>", b"<f ", b"<f/")
_CELL = re.compile(rb'<c (?=[^>]*?\br="([A-Z]{1,3})(\d{1,7})")([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_SHEET = re.compile(rb"<sheet\b[^>]*>")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def left_out(data: bytes) -> dict[str, Found]:
    """Return what the reader leaves out of each sheet, by its name; what cannot be found out is not in it."""
    if data.startswith(_OLE):
        try:
            return dict(_xls(data))
        except (struct.error, IndexError):  # laid out otherwise than described; what the reader found stands
            return {}
    with ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            return dict(_ods(archive.read("content.xml")))
        if "xl/workbook.xml" in names:
            return dict(_xlsx(archive, names))
    return {}


# -- xlsx


def _xlsx(archive: ZipFile, names: set[str]) -> Iterator[tuple[str, Found]]:
    targets = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
            said = _attributes(tag)
            targets[said.get("Id", "")] = said.get("Target", "")
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        said = _attributes(tag)
        target = targets.get(next((said[key] for key in said if key.endswith(":id")), ""), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in names:
            xml = archive.read(path)
            if any(sign in xml for sign in _WORTH):
                yield said.get("name", ""), (dict(_of_sheet(xml)), [])


def _of_sheet(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _CELL.finditer(xml):
        letters, number, attributes, body = match.groups()
        if body is None:
            continue
        value = _VALUE.search(body)
        if b't="e"' in attributes:
            yield (int(number) - 1, _column(letters)), value[1].decode("utf-8", "replace") if value else "#VALUE!"
        elif b"<f" in body and not (value and value[1]) and b't="str"' not in attributes and b"<is>" not in body:
            yield (int(number) - 1, _column(letters)), NOT_WORKED_OUT


def _attributes(tag: bytes) -> dict[str, str]:
    from html import unescape

    return {key.decode(): unescape(value.decode("utf-8", "replace")) for key, value in _ATTRIBUTE.findall(tag)}


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


# -- ods


def _ods(xml: bytes) -> Iterator[tuple[str, Found]]:
    if not any(sign in xml for sign in (b"-spanned=", b'value-type="error"')):
        return
    from xml.parsers import expat

    reader = _Content()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.Parse(xml, True)
    yield from reader.sheets.items()


class _Content:
    """Follows the rows and cells of an ods file's content."""

    def __init__(self) -> None:
        self.sheets: dict[str, Found] = {}
        self._here: Found = ({}, [])
        self._row = self._column = self._rows = self._columns = 0
        self._error = ""
        self._is_error = False

    def begin(self, name: str, said: dict[str, str]) -> None:
        if name == "table:table":
            self._here = self.sheets.setdefault(said.get("table:name", ""), ({}, []))
            self._row = 0
        elif name == "table:table-row":
            self._rows, self._column = int(said.get("table:number-rows-repeated", 1)), 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._columns = int(said.get("table:number-columns-repeated", 1))
            down = int(said.get("table:number-rows-spanned", 1))
            right = int(said.get("table:number-columns-spanned", 1))
            if (down > 1 or right > 1) and len(self._here[1]) < MOST:
                bounds = (self._row, self._column, self._row + down - 1, self._column + right - 1)
                self._here[1].append(bounds)
            self._is_error, self._error = said.get("calcext:value-type") == "error", ""

    def text(self, text: str) -> None:
        if self._is_error:
            self._error += text

    def end(self, name: str) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            if self._is_error and self._rows * self._columns < MOST:
                for row in range(self._row, self._row + self._rows):
                    for column in range(self._column, self._column + self._columns):
                        self._here[0][row, column] = self._error or "#VALUE!"
            self._is_error = False
            self._column += self._columns
        elif name == "table:table-row":
            self._row += self._rows


# -- xls: [MS-CFB] for the stream, [MS-XLS] for its records

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOUNDSHEET, _FORMULA, _BOOLERR, _EOF, _FILEPASS = 0x85, 0x06, 0x205, 0x0A, 0x2F
_FREE = 0xFFFFFFF0
"""Sector numbers from here on mean something else than a sector."""


def _xls(data: bytes) -> Iterator[tuple[str, Found]]:
    stream = _book_stream(data)
    sheets: list[tuple[int, str]] = []
    for kind, body, _ in _records(stream, 0):
        if kind == _BOUNDSHEET:
            start, length, wide = struct.unpack_from("<I", body)[0], body[6], body[7] & 1
            name = body[8:].decode("utf-16-le", "replace") if wide else body[8:].decode("latin-1")
            sheets.append((start, name[:length]))
    for start, name in sheets:
        faults: dict[tuple[int, int], str] = {}
        for kind, body, _ in _records(stream, start):
            error = None
            if kind == _BOOLERR and len(body) >= 8 and body[7]:
                error = body[6]
            elif kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
                error = body[8]
            if error is not None:
                faults[struct.unpack_from("<HH", body)] = _ERRORS.get(error, "#VALUE!")
        yield name, (faults, [])


def is_locked(data: bytes) -> bool:
    """Say whether an xls file asks for a password; its records are scrambled then, but not what kind they are of."""
    try:
        return any(kind == _FILEPASS for kind, _, _ in _records(_book_stream(data), 0))
    except (struct.error, IndexError):
        return False


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes, int]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length], at
        if kind == _EOF:
            return
        at += 4 + length


def _book_stream(data: bytes) -> bytes:
    """Return the stream of the workbook, one sector behind the other; nothing where there is none."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return b""
    size = 1 << shift
    first_directory, cutoff = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0]
    table_sectors = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < _FREE]
    more = struct.unpack_from("<I", data, 68)[0]
    while more < _FREE and len(table_sectors) < MOST:
        *sectors, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        table_sectors += [sector for sector in sectors if sector < _FREE]
    table: list[int] = []
    for sector in table_sectors:
        table += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)

    def chain(sector: int) -> bytes:
        return _chained(data, table, sector, size, 1)

    directory = chain(first_directory)
    inside = b""
    for at in range(0, len(directory) - 127, 128):
        entry = directory[at : at + 128]
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:  # the root: small streams lie in its own
            inside = chain(start)
        if name in ("Workbook", "Book"):
            if length >= cutoff:
                return chain(start)[:length]
            small = chain(struct.unpack_from("<I", data, 60)[0])
            return _chained(inside, list(struct.unpack(f"<{len(small) // 4}I", small)), start, 64, 0)[:length]
    return b""


def _chained(data: bytes, table: list[int], sector: int, size: int, before: int) -> bytes:
    parts: list[bytes] = []
    while sector < len(table) and len(parts) <= len(table):
        parts.append(data[(sector + before) * size : (sector + before + 1) * size])
        sector = table[sector]
    return b"".join(parts)
