"""Owns reading the cells of a workbook: the values that stand in it, and whatever could show others in their place.

Reads with the standard library alone, as a stream, under caps; an XML document type is refused. Must not know a table.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from .reading import number

MAX_PARTS = 1_000
MAX_INFLATED = 1 << 30
ALWAYS_FINE, MAX_RATIO = 1 << 24, 200
MAX_CELLS = 20_000_000
_BLOCK = 1 << 16
MAX_SHEETS = 50
LEAST = 1.0
"""Points of a row, characters of a column: less cannot be seen."""
_VISIBLE = "visible"
_BESIDE = re.compile(r"xl/(drawings|media|charts|chartsheets|comments|threadedComments|embeddings|externalLinks)")
_PAGE = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
_CODE = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&[0-9]+|&[A-Za-z]')
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Rows = dict[int, dict[str, str]]


def read(data: bytes) -> tuple[Rows, dict[str, Rows]]:
    """Return the cells of the first sheet as the workbook shows them, and what else the file holds that can be seen.

    That is: further sheets by their titles, and, without cells, pictures and notes, rows and columns that are hidden,
    words in headers and footers of the page. How a cell looks is not read.

    Raises:
        ValueError: it is no workbook, or goes beyond a cap.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {part.filename for part in capped(archive, len(data))}
            strings = _Strings()
            if "xl/sharedStrings.xml" in names:
                parse(archive, "xl/sharedStrings.xml", strings)
            others: dict[str, Rows] = {name: {} for name in sorted(names) if _BESIDE.match(name)}
            table: Rows | None = None
            for title, state, path in _Book(archive).sheets():
                sheet = _Sheet(strings.found)
                parse(archive, path, sheet)
                others.update((f"{title}: {told}", {}) for told in sheet.strange())
                shown = f"{title} ({state})"
                if shown in others:
                    raise ValueError("two sheets of one title")
                if table is None:
                    table = sheet.rows
                    if state != _VISIBLE:
                        others[shown] = {}
                else:
                    others[shown] = sheet.rows
            return table or {}, others
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, expat.ExpatError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


def capped(archive: zipfile.ZipFile, size: int) -> list[zipfile.ZipInfo]:
    """Return the parts of an archive of so many bytes; one that goes beyond a cap is refused with a ValueError."""
    parts = archive.infolist()
    inflated = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or inflated > min(MAX_INFLATED, max(ALWAYS_FINE, MAX_RATIO * size)):
        raise ValueError("the file is too large")
    return parts


class Part:
    """What a parser tells about one XML part: elements by their local names, and the text within."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text stands here."""


def parse(archive: zipfile.ZipFile, name: str, part: Part) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: Any) -> None:
        raise ValueError("a document type")

    local: Callable[[str], str] = lambda full: full.rpartition(" ")[2]  # noqa: E731 - names come as "uri local"
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda full, attributes: part.start(local(full), attributes)
    parser.EndElementHandler = lambda full: part.end(local(full))
    parser.CharacterDataHandler = part.text
    with archive.open(name) as file:
        for block in _blocks(file):
            parser.Parse(block, False)
    parser.Parse(b"", True)


def _blocks(file: Any) -> Iterator[bytes]:
    left = MAX_INFLATED
    while block := file.read(_BLOCK):
        left -= len(block)
        if left < 0:  # the directory of the archive had lied
            raise ValueError("the workbook is too large")
        yield block


class _Relations(Part):
    """Which part of the archive an id stands for."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            self.targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"


class _Book(Part):
    """The sheets in the order in which the workbook shows them: whatever their files are called.

    Raises:
        ValueError: it has none.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._found: list[tuple[str, str, str]] = []
        self._relations = _Relations()
        parse(archive, "xl/_rels/workbook.xml.rels", self._relations)
        parse(archive, "xl/workbook.xml", self)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            id_ = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            state = _VISIBLE if attributes.get("state", _VISIBLE) == _VISIBLE else "hidden"
            self._found.append((attributes.get("name", ""), state, self._relations.targets.get(id_, "")))

    def sheets(self) -> list[tuple[str, str, str]]:
        """Return name, state and path of every sheet."""
        if not self._found or len(self._found) > MAX_SHEETS:
            raise ValueError("no sheet, or too many")
        return self._found


class _Strings(Part):
    """The shared strings; what is only there to be read aloud (rPh) is passed over."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text: list[str] = []
        self._reading = False
        self._aloud = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - `Part` names it
        if name == "si":
            self._text = []
        self._aloud += name == "rPh"
        self._reading = name == "t" and not self._aloud

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append(_unescaped("".join(self._text)))
        self._aloud -= name == "rPh"
        self._reading = False

    def text(self, data: str) -> None:
        if self._reading:
            self._text.append(data)


class _Sheet(Part):
    """The cells of a sheet: numbers in one spelling, texts as they are, a formula as a formula."""

    def __init__(self, strings: list[str]) -> None:
        self.rows: Rows = {}
        self._strings = strings
        self._cells = 0
        self._place: re.Match[str] | None = None
        self._type = ""
        self._held: dict[str, list[str]] = {}
        self._inside = ""
        self._aloud = 0
        self._strange: list[str] = []
        self._page: list[str] = []

    def strange(self) -> Iterator[str]:
        """Yield what is hidden, and the words beside the number of the page above and below it."""
        yield from self._strange
        words = _CODE.sub("", "".join(self._page))
        if any(char.isalnum() for char in words):
            yield words.strip()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("row", "col") and (
            attributes.get("hidden", "0") not in ("0", "false")
            or _is_nothing(attributes.get("ht" if name == "row" else "width", ""))
        ):
            self._strange.append(f"{name} {attributes.get('r' if name == 'row' else 'min', '')} hidden")
        if name == "c":
            self._cells += 1
            self._place = _PLACE.fullmatch(attributes.get("r", ""))
            if self._place is None or self._cells > MAX_CELLS:
                raise ValueError("a cell without its place, or too many of them")
            self._type = attributes.get("t", "n")
            self._held = {}
        self._aloud += name == "rPh"
        self._inside = name if name in ("v", "t", "f", *_PAGE) and not self._aloud else ""
        if name == "f":
            self._held.setdefault("f", [])

    def end(self, name: str) -> None:
        self._aloud -= name == "rPh"
        self._inside = ""
        if name == "c" and self._place is not None:
            if value := self._value():
                row = self.rows.setdefault(int(self._place[2]), {})
                if self._place[1] in row:
                    raise ValueError("a cell twice")
                row[self._place[1]] = value
            self._place = None

    def text(self, data: str) -> None:
        if self._inside in _PAGE:
            self._page.append(data)
        elif self._inside:
            self._held.setdefault(self._inside, []).append(data)

    def _value(self) -> str:
        held = {name: "".join(parts) for name, parts in self._held.items()}
        if "f" in held:  # whatever it shows now, it could show something else tomorrow
            return f"={held['f']}"
        text = held.get("v", "")
        match self._type:
            case "s":
                return self._strings[int(text)] if text.isascii() and text.isdigit() else text
            case "inlineStr":
                return _unescaped(held.get("t", ""))
            case "n" if text:
                return number(float(text))
            case _:
                return _unescaped(text)


def _is_nothing(size: str) -> bool:
    try:
        return float(size or LEAST) < LEAST
    except ValueError:
        return True


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).replace("\r\n", "\n")
