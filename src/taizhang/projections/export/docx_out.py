"""Owns the Word form, laid out after GB/T 9704: real styles, page-number fields, tables whose headings repeat.

It must not know which columns there are. The frame is made by python-docx; rows are written as they come, straight into
the document's XML: a table of ten thousand rows costs seconds and no memory.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from taizhang.ledger.domain.values import visible

from .docx_frame import MARK, Frame, layout_of
from .page import FILLS, Grid, Head, Page, fitted, groups_of, plain

_BLOCK = 1 << 16
SPARE = 0.85  # another font than the one that is named may be wider
_ORDINALS = ("ordinal",)


def write(path: Path, page: Page) -> None:
    """Write the document.

    Raises:
        OSError: the file cannot be written.
    """
    frame = Frame(page)
    whole = io.BytesIO()
    frame.document.save(whole)
    tables = {MARK.format(at): grid for at, grid in enumerate(page.grids)}
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            fresh = zipfile.ZipInfo(part.filename, date_time=(1980, 1, 1, 0, 0, 0))
            fresh.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(part)
            if part.filename != "word/document.xml":
                target.writestr(fresh, content)
                continue
            with target.open(fresh, "w", force_zip64=True) as out:
                _spliced(out, content.decode(), tables, page)


def _spliced(out: Any, document: str, tables: dict[str, Grid], page: Page) -> None:
    """Write the document with each table in the place of the paragraph that marks it."""
    rest = document
    for mark, grid in tables.items():
        at = rest.index(mark)
        begin, end = rest.rindex("<w:p>", 0, at), rest.index("</w:p>", at) + len("</w:p>")
        out.write(rest[:begin].encode())
        kept: list[str] = []
        size = 0
        for piece in _table(grid, page):
            kept.append(piece)
            size += len(piece)
            if size > _BLOCK:
                out.write("".join(kept).encode())
                kept, size = [], 0
        out.write("".join(kept).encode())
        rest = rest[end:]
    out.write(rest.encode())


def _table(grid: Grid, page: Page) -> Iterator[str]:
    """Yield the XML of a table."""
    layout = layout_of(page)
    widths, rows = fitted(grid, page)
    total = sum(widths)
    twips = [layout.table_width * width // total for width in widths]
    style = _text_style(layout.table_width, total)
    yield '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
    yield f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
    yield '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="40" w:type="dxa"/>'
    yield '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    yield "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in twips) + "</w:tblGrid>"
    yield from _headings(grid, twips, style)
    pieces = [_cell_frame(width, style) for width in twips]
    middle = {at for at, head in enumerate(grid.heads) if head.key in _ORDINALS}
    row_begin = "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
    for cells, light in rows:
        parts = [row_begin]
        for at, value in enumerate(cells):
            head, after, tail = pieces[at]
            parts.append(head)
            if at == grid.tinted and light is not None:
                parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{FILLS[light]}"/>')
            parts.append(after)
            if at in middle or not isinstance(value, str) or at == grid.tinted:
                parts.append('<w:jc w:val="center"/>')
            parts.append("</w:pPr>")
            if text := plain(value):
                parts.append(f"<w:r>{_text(text)}</w:r>")
            parts.append(tail)
        parts.append("</w:tr>")
        yield "".join(parts)
    yield "</w:tbl>"


def _cell_frame(width: int, style: str) -> tuple[str, str, str]:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>',
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>',
        "</w:p></w:tc>",
    )


def _headings(grid: Grid, twips: list[int], style: str) -> Iterator[str]:
    """Yield the rows of headings, which every page repeats."""
    row = "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    if grid.grouped:
        yield row
        for text, at, count in groups_of(grid.heads):
            if text:
                yield _heading(sum(twips[at : at + count]), style, text, f'<w:gridSpan w:val="{count}"/>')
            else:
                yield _heading(twips[at], style, grid.heads[at].text, '<w:vMerge w:val="restart"/>')
        yield "</w:tr>"
    yield row
    for at, head in enumerate(grid.heads):
        yield _lower_heading(twips[at], style, head, grouped=grid.grouped)
    yield "</w:tr>"


def _lower_heading(width: int, style: str, head: Head, *, grouped: bool) -> str:
    merged = grouped and not head.group
    return _heading(width, style, "" if merged else head.text, "<w:vMerge/>" if merged else "")


def _heading(width: int, style: str, text: str, merge: str) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="DDEBF7"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merge}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="center"/></w:pPr>'
        f"<w:r><w:rPr><w:b/></w:rPr>{_text(text)}</w:r></w:p></w:tc>"
    )


def _text(text: str) -> str:
    """Return the runs' content: text with its line breaks."""
    return "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in visible(text, keep="\n").split("\n")
    )


def _text_style(width: int, cells: int) -> str:
    """Return the style of a table's texts: as large as its columns allow, six points at least."""
    points = width / 20 / cells * 2 * SPARE
    return next(f"TableText{size}" for size in (10, 9, 8, 7, 6) if size <= max(points, 6))
