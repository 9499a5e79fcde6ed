"""Owns reading the text of a Word document, paragraph by paragraph and table row by table row, and the line by which it was drawn.

Reads with the standard library alone, as a stream, under the caps of `xlsx_in`. Must not know a table.
"""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from .reading import letters
from .xlsx_in import Part, Rows, capped, parse

DOCUMENT, PROPERTIES = "word/document.xml", "docProps/core.xml"


def read(data: bytes) -> Rows:
    """Return the rows: row 0 the line by which it was drawn, then a paragraph or the row of a table each.

    Raises:
        ValueError: it is no document, or goes beyond a cap.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            capped(archive, len(data))
            properties, body = _Properties(), _Body()
            if PROPERTIES in archive.namelist():
                parse(archive, PROPERTIES, properties)
            parse(archive, DOCUMENT, body)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, expat.ExpatError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
    token = properties.held.get("keywords", "") + properties.held.get("category", "")
    return {0: {"A": token}, **body.rows} if token else body.rows


class _Properties(Part):
    """The properties of the document."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self._name = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - `Part` names it
        self._name = name

    def end(self, name: str) -> None:  # noqa: ARG002
        self._name = ""

    def text(self, data: str) -> None:
        if self._name:
            self.held[self._name] = self.held.get(self._name, "") + data


class _Body(Part):
    """The body: what is deleted by tracked changes is not shown, and counts as gone."""

    def __init__(self) -> None:
        self.rows: Rows = {}
        self._at = 0
        self._in_table = 0
        self._column = self._span = 0
        self._parts: list[str] = []
        self._reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "tbl":
            self._in_table += 1
        elif name == "tr":
            self._at += 1
            self._column = 0
        elif name == "tc":
            self._parts, self._span = [], 1
        elif name == "gridSpan":
            self._span = int(next((text for key, text in attributes.items() if key.rpartition(" ")[2] == "val"), "1"))
        elif name == "p":
            if not self._in_table:
                self._at += 1
                self._parts = []
            elif self._parts:
                self._parts.append("\n")
        elif name in ("br", "cr"):
            self._parts.append("\n")
        elif name == "tab":
            self._parts.append("\t")
        self._reading = name == "t"

    def end(self, name: str) -> None:
        self._reading = False
        if name == "tbl":
            self._in_table -= 1
        elif name == "tc":
            self._keep(letters(self._column))
            self._column += self._span
        elif name == "p" and not self._in_table:
            self._keep("A")

    def text(self, data: str) -> None:
        if self._reading:
            self._parts.append(data)

    def _keep(self, column: str) -> None:
        if text := "".join(self._parts):
            self.rows.setdefault(self._at, {})[column] = text
        self._parts = []
