"""What an exported file says, as text: the same for every run, so that it can be kept as a golden file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

WAS_MISSING = "was missing; read what was just written, and commit it"


ROOT = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def same_as_golden(path: Path, folder: Path, *, any_root: bool = False) -> None:
    """Hold what a file says against its golden file, which is written where it is missing.

    Args:
        any_root: whether root hashes count as equal: every ledger has its own salts.
    """
    got = contents(path)
    if any_root:
        got = ROOT.sub(b"(root)", got)
    golden = folder / (path.name if path.suffix in (".csv", ".json", ".md") else f"{path.name}.txt")
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(got)
        pytest.fail(f"{golden.name} {WAS_MISSING}")
    assert got.decode() == golden.read_bytes().decode()


def contents(path: Path) -> bytes:
    """Return what a file says: a text file its bytes, another one its text."""
    match path.suffix:
        case ".xlsx":
            return xlsx_text(path).encode()
        case ".docx":
            return docx_text(path).encode()
        case ".pdf":
            return pdf_text(path).encode()
        case _:
            return path.read_bytes()


def xlsx_text(path: Path) -> str:
    """Return every cell that holds something, sheet by sheet."""
    lines = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        lines.append(f"== {sheet.title} ({sheet.sheet_state})")
        lines += [
            f"{cell.coordinate}\t{cell.value!r}" for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
    return "\n".join(lines) + "\n"


def docx_text(path: Path) -> str:
    """Return paragraphs with their styles, and tables a row a line; a cell that spans several stands once."""
    document = Document(str(path))
    lines = []
    for block in document.iter_inner_content():
        match block:
            case Paragraph():
                assert block.style is not None
                lines.append(f"[{block.style.name}] {block.text}")
            case Table():
                lines += [" | ".join(_once(row.cells)) for row in block.rows]
    return "\n".join(lines) + "\n"


def _once(cells: Any) -> list[str]:
    seen: list[Any] = []
    for cell in cells:
        if not any(cell._tc is other._tc for other in seen):
            seen.append(cell)
    return [cell.text.replace("\n", " / ") for cell in seen]


def pdf_text(path: Path) -> str:
    """Return the characters in their order; where lines and pages break is the fonts' business."""
    from pypdf import PdfReader

    pages = [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(path).pages]
    for at, page in enumerate(pages, 1):
        assert page.endswith(f"—{at}—")
    return "".join(re.sub(r"—[0-9]+—$", "", page) for page in pages) + "\n"


@cache
def has_chinese_font() -> bool:
    """Say whether this machine has a font that a Chinese PDF can be set in."""
    import typst

    from taizhang.projections.export.fonts import chosen, missing

    fonts = typst.Fonts()
    families = set(fonts.families())
    faces = [(info.family, info.path, info.index) for info in fonts.fonts()]
    return bool(chosen("body", families)) and not missing("督导台账", faces, families)
