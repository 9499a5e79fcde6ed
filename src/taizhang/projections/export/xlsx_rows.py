"""Owns the rows of a long table in a workbook: written whole, where xlsxwriter writes them cell by cell.

A cell costs xlsxwriter 4 µs, of which most goes into what a table never has (rich text, formulas, spans, dispatch by type); written
so it costs 1 µs. It must not know which columns there are. What it leans on in xlsxwriter: `_write_single_row` ends the row that is
being written, `_check_dimensions` notes what is used, and `fh` takes the XML of rows. A test reads the result with two other readers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from taizhang.ledger.domain.values import visible

from .labels import Shown

CELL_LIMIT = 32_767
_EPOCH = date(1899, 12, 30).toordinal()
_SPECIAL = re.compile(
    "[&<>\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff\U000e0000-\U000e0fff]|_x"
)
_ESCAPE_LIKE = re.compile(r"_x[0-9A-Fa-f]{4}_")


class RowSheet(Worksheet):  # type: ignore[misc]
    """A worksheet of a workbook with `constant_memory` that also takes whole rows, downwards."""

    def put_row(
        self, row: int, height: float, cells: Sequence[Shown], styles: Sequence[int], letters: Sequence[str]
    ) -> None:
        """Write a row below all that was written.

        Args:
            row: its number, from 0.
            height: in points.
            cells: what stands in it.
            styles: of each cell, the index of its format.
            letters: the name of each column.
        """
        self._write_single_row(row)
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(cells) - 1)
        number = row + 1
        parts = [f'<row r="{number}" ht="{int(height * 4 / 3 + 0.5) * 0.75:.16g}" customHeight="1">']
        for letter, style, value in zip(letters, styles, cells, strict=True):
            if isinstance(value, str) and value:
                text = value if not _SPECIAL.search(value) and len(value) <= CELL_LIMIT else _escaped(value)
                parts.append(
                    f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
                )
            elif value is None or value == "":
                parts.append(f'<c r="{letter}{number}" s="{style}"/>')
            elif isinstance(value, date):
                parts.append(f'<c r="{letter}{number}" s="{style}"><v>{value.toordinal() - _EPOCH}</v></c>')
            else:
                parts.append(f'<c r="{letter}{number}" s="{style}"><v>{value}</v></c>')
        parts.append("</row>")
        self.fh.write("".join(parts))


def fitting(text: str) -> str:
    """Return the text as a cell can hold it: 32,767 characters, nothing invisible."""
    shown = visible(text, keep="\n").replace("\ufffe", "⟨U+FFFE⟩").replace("\uffff", "⟨U+FFFF⟩")
    return shown if len(shown) <= CELL_LIMIT else shown[: CELL_LIMIT - 1] + "…"


def _escaped(text: str) -> str:
    shown = _ESCAPE_LIKE.sub(lambda match: f"_x005F{match[0]}", fitting(text))
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def style_of(style: Any) -> int:
    """Return the index of a format in its workbook."""
    index: int = style._get_xf_index()
    return index
