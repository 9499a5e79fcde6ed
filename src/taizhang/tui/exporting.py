"""Owns what the page of an export asks the desk for, and how the Markdown that it gives is drawn. Knows no widget."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len

from taizhang.ledger.domain.errors import Rejected
from taizhang.locale.words import Words
from taizhang.service.desk import Desk, ExportKind, ExportOptions, Query

from .cells import fit, shown
from .draw import Sheet
from .pickers import path_of

FORMATS = ("xlsx", "docx", "pdf", "csv", "json", "md")

LOOKED_AT = 30
"""So many rows are drawn before the whole is written."""

MOST_LINES = 300
MOST_WIDE = 24
_HELD = re.compile(r"\\(.)")

Progress = Callable[[int, int], None]


class Wanted(Struct, frozen=True):
    """What is to be handed in, and how.

    Args:
        kind: which table.
        format: in which format.
        masked: whether names of persons are masked.
        query: the list.
        number: the finding whose history it is.
    """

    kind: ExportKind
    format: str
    masked: bool
    query: Query
    number: str = ""

    @property
    def options(self) -> ExportOptions:
        """As the desk wants it."""
        return ExportOptions(masked=self.masked, number=self.number if self.kind is ExportKind.HISTORY else "")


class Look(Struct, frozen=True):
    """How a table begins. `total`: how many rows all of it has."""

    total: int
    text: str


class Written(Struct, frozen=True):
    """A file that was written, whole."""

    path: Path
    rows: int


def default_name(wanted: Wanted, today: date, words: Words) -> str:
    """Return what the file is called unless somebody says otherwise."""
    number = f"-{wanted.number.replace('/', '-')}" if wanted.kind is ExportKind.HISTORY else ""
    return f"{words.term('export.title', wanted.kind)}{number}-{today}.{wanted.format}"


def look(desk: Desk, wanted: Wanted, lang: str, progress: Progress | None = None) -> Look:
    """Draw the beginning of the table as Markdown; a thread calls it.

    Raises:
        Rejected, Unreachable: as the export itself.
    """
    from tempfile import TemporaryDirectory

    kind, query = wanted.kind, wanted.query
    options = replace(wanted.options, most=LOOKED_AT if kind in (ExportKind.PROBLEMS, ExportKind.CLOSURE) else 0)
    with TemporaryDirectory(prefix="taizhang-") as folder:
        target = Path(folder) / "look.md"
        total = desk.export(kind, "md", target, query, lang, options=options, progress=progress)
        if options.most and total == options.most:
            total = desk.count(query.filter, when=query.when, cell=query.cell)
        with target.open(encoding="utf-8") as file:
            return Look(total, "".join(line for line, _ in zip(file, range(MOST_LINES), strict=False)))


def write(desk: Desk, wanted: Wanted, name: str, lang: str, *, over: bool, progress: Progress) -> Written:
    """Write the file; a thread calls it.

    Args:
        name: what it is called, as it was typed.
        over: whether a file that is there may be replaced.

    Raises:
        Rejected: ``tui.export.nameless``, ``tui.export.exists``, and what the desk refuses.
    """
    if not name.strip():
        raise Rejected("tui.export.nameless")
    path = path_of(name.strip())
    if path.is_file() and not over:
        raise Rejected("tui.export.exists", path=str(path))
    rows = desk.export(wanted.kind, wanted.format, path, wanted.query, lang, options=wanted.options, progress=progress)
    return Written(path.absolute(), rows)


def draw(sheet: Sheet, text: str) -> None:
    """Write Markdown that an export gave: headings, paragraphs, and as many columns of a table as there is room for."""
    pen, table = sheet.pen, list[list[str]]()
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            cells = line[2:-2].split(" | ")
            if not table:  # of a heading below its group, the heading
                table = [[_plain(cell.rpartition("<br>")[2]) for cell in cells]]
            elif not line.startswith("| ---"):
                table.append([_plain(cell) for cell in cells])
            continue
        if table:
            _grid(sheet, table)
            table = []
        if line.startswith("#"):
            sheet.heading(_plain(line.lstrip("# ")))
        elif line.strip() and line != "---" and not line.startswith("<!--"):
            sheet.text(_plain(line).strip(), pen.muted, indent=1)


def _plain(text: str) -> str:
    """Return what Markdown shows; what is held back by a backslash is data."""
    return _HELD.sub(r"\1", re.sub(r"(?<!\\)(\*\*?|<br>)", lambda mark: " " if mark[1] == "<br>" else "", text))


def _grid(sheet: Sheet, table: list[list[str]]) -> None:
    pen = sheet.pen
    widths = [
        min(max(cell_len(shown(row[at])) for row in table if at < len(row)), MOST_WIDE) for at in range(len(table[0]))
    ]
    for row in table:
        style = pen.strong if row is table[0] else pen.plain
        sheet.spans(
            (" ", pen.plain),
            *((f"{fit(shown(cell), width)}  ", style) for cell, width in zip(row, widths, strict=False)),
        )
