"""Owns filling a team's own Word or Excel file: which names it may use, and what is refused before it is opened.

It must not know a column nor where rows come from. A template is a file from outside: its size is capped, a DOCTYPE is refused,
and what stands in it can read the page's own values and nothing else.
"""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Any

from taizhang.ledger.domain.errors import Rejected

from .page import Grid, Page, Part, Text, plain

MOST_BYTES = 64 << 20
MOST_PARTS = 2_000
MOST_ROWS = 20_000
"""A template is filled in memory; a longer table takes the built-in layout, which is not."""


class Fillable(StrEnum):
    """The formats that a template can be of."""

    DOCX = "docx"
    XLSX = "xlsx"


def fill(template: Path, format: str, path: Path, page: Page) -> None:  # noqa: A002 - the word of the command line
    """Write the page by a template.

    Raises:
        Rejected: ``export.template-format`` (`format`, `allowed`), ``export.template-unreadable`` (`path`, `detail`),
            ``export.template-name`` (`path`, `detail`, `allowed`), ``export.too-long`` (`rows`, `most`).
    """
    if format not in set(Fillable):
        raise Rejected("export.template-format", format=format, allowed=list(Fillable))
    _checked(template, "word/document.xml" if format == Fillable.DOCX else "xl/workbook.xml")
    if format == Fillable.DOCX:
        from . import template_docx

        template_docx.fill(template, path, values_of(page))
    else:
        from . import template_xlsx

        template_xlsx.fill(template, path, values_of(page))


def values_of(page: Page) -> dict[str, Any]:
    """Return what a template may name: docs/export.md has the list."""
    tables = [_table(grid) for grid in page.grids]
    unit, day = page.reporting or ("", "")
    return {
        "title": page.title,
        "subtitle": next((b.text for b in page.blocks if isinstance(b, Text) and b.part is Part.SUBTITLE), ""),
        "unit": unit,
        "day": day,
        "paragraphs": [
            {"part": block.part.value, "lead": block.lead, "text": block.text}
            for block in page.blocks
            if isinstance(block, Text)
        ],
        "tables": tables,
        "rows": tables[0]["rows"],
        "signatures": page.signatures,
        "as_of": page.foot[0],
        "foot": list(page.foot),
    }


def _table(grid: Grid) -> dict[str, Any]:
    keys = [head.key for head in grid.heads]
    rows: list[dict[str, Any]] = []
    for cells, _ in grid.rows:
        if len(rows) == MOST_ROWS:
            raise Rejected("export.too-long", rows=len(rows), most=MOST_ROWS)
        rows.append(
            {key: value if isinstance(value, int) else plain(value) for key, value in zip(keys, cells, strict=True)}
        )
    return {"caption": grid.caption, "heads": [head.text for head in grid.heads], "rows": rows}


def _checked(template: Path, main: str) -> None:
    """Refuse what is no file of its format, what would grow too large, and what declares a document type."""
    try:
        with zipfile.ZipFile(template) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Rejected("export.template-unreadable", path=str(template), detail=f"> {MOST_BYTES >> 20} MB")
            if main not in {part.filename for part in parts}:
                raise Rejected("export.template-unreadable", path=str(template), detail=main)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        if b"<!DOCTYPE" in file.read(part.file_size + 1)[: 1 << 16]:
                            raise Rejected("export.template-unreadable", path=str(template), detail="DOCTYPE")
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise Rejected("export.template-unreadable", path=str(template), detail=detail) from error
